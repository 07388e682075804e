"""What the tests of the form, the template, the reader and the checks build from.

A *fill* is a mapping of ids to what a clerk leaves in their cells. ``submission`` makes of it what
the reader would; ``workbook`` types it into a real template.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

from tests.support.paths import DATA
from xl_automation.checks.check import check_all
from xl_automation.checks.finding import Finding
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.numbers import BLANK, CellValue, Reading, read_number
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.strict_reading import read_strictly
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import edit_sheet, read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.sheet_editor import SheetEditor

FORM = load_form()
MINI = load_form(DATA / "mini.toml")
PERIOD = FORM.period("2022-6T")
UNIT = FORM.unit("05497")
LEVELS = ("commune", "district")
# The cells of the information sheet that stay open in an issued workbook.
OPEN_INFO = (
    *("TT_SO_BAO_CAO", "TT_NGAY_BAO_CAO", "TT_NGUOI_LAP", "TT_CHUC_VU", "TT_NGUOI_KY"),
    *("TT_TU_NGAY", "TT_DEN_NGAY"),
    positions.DONE_CELL,
)

Fill = Mapping[str, CellValue]


def _whole(fill: Fill, level: UnitLevel) -> Fill:
    """Return *fill* with 0, or the first code, in the rows that the form got after it was written.

    So a row added to the form is no blank in every consistent report of the tests.
    """
    rows = (item for item in FORM.inputs if item.concerns(level))
    return {item.id: next(iter(item.codes), 0) for item in rows} | dict(fill)


# A consistent report of a commune (invented): no rule has anything to say about it.
COMMUNE: Fill = _whole({
    "1.1.a": 8, "1.1.b": 4, "1.2.3.a": 2, "1.2.3.b": 1, "1.3.1": 5, "1.3.2": 3, "1.3.3": 1,
    "1.4.1": 100, "1.4.2": 1, "1.5": 0, "2.1": 1, "2.3": 10, "2.4.a": 3, "2.4.b": 2,
    "3.1.1": 24, "3.1.2": 32, "3.1.3": 126, "3.1.3.b": 126,
    "3.2.1.a": 40, "3.2.1.b": 31, "3.2.1.c": 5, "3.2.2.a": 40, "3.2.2.b": 36, "3.2.2.c": 7,
    "3.2.3.a": 67, "3.2.3.b": 60, "3.2.4.a": 6692, "3.2.4.b": 50, "3.2.5.a": 100, "3.2.5.b": 50,
    "3.3.1": 18, "3.3.2": 13, "3.3.3": 90, "3.3.4": 81.75, "3.3.5": 34.95,
    "3.4.2.a": 6692, "3.4.2.b": 6690, "4.2.1": 20, "4.2.2": 18, "4.2.3": 7, "4.2.4": 0, "4.2.5": 5,
    "5.2.1": 0, "5.2.2": 0, "5.2.3": 0, "5.4": 1, "6.1.a": 4860, "6.1.b": 2860,
    "7.1": 0, "7.2": 2, "7.3": 2, "7.4": 1, "7.5.1": 100, "7.5.2": 95, "7.5.2.a": 60,
    "7.5.2.b": 35, "7.6.2": 100,
}, "commune")  # fmt: skip

# What the city's own workbook adds to such a report (invented), as consistent.
DISTRICT: Fill = _whole({
    **COMMUNE, "1.2.1": 50, "1.2.2": 25, "2.2": 4, "3.1.3": 300, "3.1.3.a": 174,
    "3.4.1.a": 900, "3.4.1.b": 890, "4.1.1": 100, "4.1.5.a": 40, "4.1.5.b": 30,
    "4.3.1": 900, "4.3.2": 880, "4.3.3": 5, "4.3.4": 12.5, "5.1.1": 12, "5.1.2": 30,
    "5.2.4": 3, "5.2.5": 0, "5.3": 1, "5.4": 6, "5.4.a": 0, "5.4.b": 1, "5.4.c": 2,
    "6.2.1": 30, "6.2.2": 1, "6.2.3": 2, "6.2.4": 9, "6.2.4.a": 2, "6.2.4.b": 3, "6.2.4.c": 4,
    "6.2.5": 18, "6.2.6": 1, "7.6.1": 100,
}, "district")  # fmt: skip

BASELINES = {"commune": COMMUNE, "district": DISTRICT}
NOTHING: Mapping[str, str] = {}


def submission(fill: Fill, level: str = "commune", form: Form = FORM) -> Submission:
    """Return the submission that the reader makes of a workbook with *fill* in its cells.

    An id of a locked cell means that it was typed over; without it the formula stands.
    """
    readings = {item.id: BLANK for item in form.indicators if item.percent is None}
    readings |= dict.fromkeys((*form.helper_ids, *form.table_inputs), BLANK)
    for id, value in fill.items():
        item = form.by_id.get(id)
        readings[id] = (
            read_number(value, item.kind, form.codes_in(item))
            if item and item.is_input
            else read_strictly(value)
        )
    return Submission(
        path=Path("Báo cáo.xlsx"),
        form_id=form.id,
        form_version=form.version,
        level=level,
        unit_code=None,
        unit_name=None,
        period=PERIOD if form is FORM else None,
        readings=readings,
    )


def figures_of(
    fills: Iterable[Fill | Mapping[str, Reading]], form: Form = FORM, level: str = "commune"
) -> Figures:
    """Return the figures of each fill, or of what was read of one."""
    made = [
        replace(submission({}, level, form), readings=fill)
        if any(isinstance(value, Reading) for value in fill.values())
        else submission(fill, level, form)
        for fill in fills
    ]
    return tabulate(form, made)


def findings(fills: Iterable[Fill], level: str = "commune", form: Form = FORM) -> list[set[str]]:
    """Return what the checks say of each fill, as ``rule id`` and the row it is about."""
    submissions = [submission(fill, level, form) for fill in fills]
    return [pairs(found) for found in check_all(tabulate(form, submissions))]


def pairs(found: Sequence[Finding]) -> set[str]:
    """Return findings as texts such as ``L03 1.3.1``, none of them twice."""
    result = [" ".join((one.rule, *one.indicators[:1])) for one in found]
    assert len(result) == len(set(result)), f"a finding is given twice: {sorted(result)}"
    return set(result)


def blank(level: str = "commune", form: Form = FORM, prefilled: bool = True) -> bytes:
    """Return a template as issued to a unit, or for any unit with *prefilled* False."""
    return _blank(level, form is MINI, prefilled)


@cache
def _blank(level: str, mini: bool, prefilled: bool) -> bytes:
    if mini:
        return build_template(MINI, level)
    return build_template(FORM, level, *((UNIT, PERIOD) if prefilled else ()))


def workbook(
    path: Path,
    fill: Fill = NOTHING,
    level: str = "commune",
    form: Form = FORM,
    notes: Mapping[str, str] = NOTHING,
) -> Path:
    """Write to *path* a template with *fill* and *notes* in its cells; return *path*."""
    parts = read_parts(blank(level, form))
    layout = Layout(form)

    def type_all(sheet: SheetEditor) -> None:
        for id, value in fill.items():
            sheet.set(layout.cell(id), value)
        for id, note in notes.items():
            sheet.set(f"{positions.NOTE}{layout.rows[id]}", note)

    edit_sheet(parts, form.sheet, type_all)
    path.write_bytes(zip_parts(parts))
    return path


def sheet_files(path: Path) -> dict[str, str]:
    """Return the part of each sheet of a workbook, by the sheet's name."""
    return sheet_parts(read_parts(path.read_bytes()))


def unit(code: str, name: str) -> ReportingUnit:
    """Return a reporting unit that no list has."""
    return ReportingUnit(code, name)


def printed_rows(name: str = "cchc-2022.csv") -> list[dict[str, str]]:
    """Return the rows of the printed form as it was transcribed for the tests."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
