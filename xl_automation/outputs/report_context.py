"""What a Word template is filled with: plain texts and lists, named in Vietnamese.

docs/bao-cao-word.md lists the names for whoever edits a template.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.period import Period
from xl_automation.outputs.report_figures import CityFigures, UnitFigures
from xl_automation.outputs.report_sentences import Sentence, sentences, without_figure
from xl_automation.reading.figures import FigureRow
from xl_automation.template.lists_sheet import place_name, signed_day

NOBODY, NO_NUMBER = "……", "……"
Context = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Source:
    """The file that the figures stand in: a summary, or a unit's workbook."""

    name: str
    sha256: str


def city_context(result: Consolidation, source: Source) -> Context:
    """Return the report of a city from its summary."""
    name = result.city.unit_name if result.city else None
    sent, owed = len(result.communes), result.expected
    missing = ", ".join(unit.name for unit in result.missing)
    told = f"{sent}/{owed} đơn vị có báo cáo được tính"
    about = f"{told}; chưa có: {missing}." if missing else f"{told}."
    figures = CityFigures(result)
    return _context(figures, name, result.period, source) | {"tinh_hinh_gui": about}


def unit_context(row: FigureRow, source: Source) -> Context:
    """Return the report of one unit from its workbook."""
    submission = row.submission
    context = _context(UnitFigures(row), submission.unit_name, submission.period, source)
    # The days of the data are those of the period, unless the unit wrote others.
    days = {"tu_ngay": "@from", "den_ngay": "@to"}
    said = {name: submission.dates[id] for name, id in days.items() if id in submission.dates}
    return {
        **context,
        **{name: _day(day) for name, day in said.items()},
        "so": submission.report_number or NO_NUMBER,
        "ngay": signed_day(submission.dates.get("@report_date")),
    }


def _context(
    figures: CityFigures | UnitFigures,
    name: str | None,
    period: Period | None,
    source: Source,
) -> Context:
    form, unit = figures.form, name or NOBODY
    told: list[Sentence] = []
    parts = [_part(figures, part, told) for part in form.parts]
    first, last = period.window if period else (None, None)
    return {
        "bieu": form.name,
        "luu_y": form.notice,
        "don_vi": unit,
        "dia_danh": place_name(unit),
        "ky": period.label if period else NOBODY,
        "ma_ky": period.code if period else "",
        "nam": str(period.year) if period else NOBODY,
        "tu_ngay": _day(first),
        "den_ngay": _day(last),
        "so": NO_NUMBER,
        "ngay": signed_day(None),
        "tinh_hinh_gui": "",
        "phan": parts,
        "phu_luc": [_appendix_row(figures, item) for item in form.indicators],
        "nguon": _sources(figures, told, source),
    }


def _part(
    figures: CityFigures | UnitFigures, part: Sequence[Indicator], told: list[Sentence]
) -> Context:
    """Return a part of the form: its groups in turn, each with its sentences."""
    head, *items = part
    groups: list[tuple[Indicator | None, list[Indicator]]] = [(None, [])]
    for item in [*([head] if head.is_figure else []), *items]:
        if item.kind == "group":
            groups.append((item, []))
        else:
            groups[-1][1].append(item)
    blocks = []
    for group, rows in groups:
        found = list(sentences(figures, rows))
        told += found
        blank = [item.id for item in without_figure(figures, rows)]
        if found or blank:
            blocks.append(
                {
                    "ten": _title(group) if group else "",
                    "cau": [sentence.text for sentence in found],
                    "thieu": ", ".join(blank),
                }
            )
    return {"so": head.stt.rstrip("."), "ten": _title(head), "muc": blocks}


def _title(item: Indicator) -> str:
    return " ".join(item.label.split())


def _appendix_row(figures: CityFigures | UnitFigures, item: Indicator) -> Context:
    value = figures.value(item.id) if item.is_figure else None
    return {
        "stt": item.stt,
        "ten": _title(item),
        "don_vi_tinh": item.unit_printed or item.unit,
        "so_lieu": "" if value is None else value if isinstance(value, str) else show(value),
    }


def _sources(
    figures: CityFigures | UnitFigures, told: Sequence[Sentence], source: Source
) -> list[Context]:
    """Return for each figure in the text where it stands, in the order of the text."""
    ids = dict.fromkeys(id for sentence in told for id in sentence.ids)
    return [
        {
            "ma": id,
            "so_lieu": show(value) if isinstance(value := figures.told(id), (int, float)) else "",
            "tep": source.name,
            "o": str(figures.place(id)),
            "sha256": source.sha256[:12],
        }
        for id in ids
    ]


def _day(day: date | None) -> str:
    return f"{day.day:02d}/{day.month:02d}/{day.year}" if day else NOBODY
