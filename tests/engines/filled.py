"""Random fills of the locked workbook: what clerks type, as their programs leave it in the file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from copy import deepcopy
from functools import cache
from itertools import islice
from pathlib import Path
from random import Random
from typing import NamedTuple

from lxml import etree

from tests.support.builders import FORM, LEVELS, PERIOD, UNIT
from tests.support.cells import typed
from tests.template.test_office_agreement import NOTES, random_fills
from xl_automation.forms.numbers import CellError
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import (
    forget_results,
    read_parts,
    sheet_parts,
    styles_part,
    zip_parts,
)

LAYOUT = Layout(FORM)
EARLIER = FORM.period("2022-Q1")
PERCENT, PERCENT_CENTS, DAY, TEXT, THOUSANDS = 9, 10, 14, 49, 3  # formats every program knows
FORMATTED: tuple[tuple[object, int], ...] = (
    (0.95, PERCENT), (0.5885, PERCENT_CENTS), (1.03, PERCENT), (95, PERCENT), (0, PERCENT),
    (44563, DAY), (44726, DAY), (44726.5, DAY), (0, DAY), (-3, DAY),
    ("12", TEXT), ("58,85", TEXT), (12, TEXT), (4860000, THOUSANDS), (0.5, THOUSANDS),
)  # fmt: skip
ERRORS = ("#DIV/0!", "#N/A", "#VALUE!", "#REF!", "#NAME?", "#NUM!")


class Fill(NamedTuple):
    """What is typed into a blank workbook of one level, by sheet and address.

    Attributes:
        level: Whose workbook it is.
        cells: The contents: numbers, texts, logical values, error values; None for none.
        formats: The number formats that cells got on the way.
    """

    level: str
    cells: Mapping[str, object]
    formats: Mapping[str, int]


def fills(seed: int, count: int) -> Iterator[Fill]:
    """Yield fills, the levels by turns; each third one is a report with nothing odd in it."""
    random = Random(f"{seed} fills")
    plain = {level: islice(random_fills(level, 10**6), seed, None) for level in LEVELS}
    for number in range(count):
        level = LEVELS[number % 2]
        cells: dict[str, object] = {
            LAYOUT.place(id): str(value) if isinstance(value, CellError) else value
            for id, value in next(plain[level]).items()
        }
        cells[str(positions.info_place(positions.DONE_CELL))] = positions.DONE  # no blank waits
        formats: dict[str, int] = {}
        if number % 3:
            _add_oddities(random, cells, formats)
        yield Fill(level, cells, formats)


def _add_oddities(random: Random, cells: dict[str, object], formats: dict[str, int]) -> None:
    """Add formats, logical and error values, notes and what is typed about the report."""
    figures = [LAYOUT.place(id) for id in (item.id for item in FORM.inputs)]
    tables = [LAYOUT.place(id) for id in FORM.table_inputs]
    for place in random.sample(figures, 12):
        cells[place], formats[place] = random.choice(FORMATTED)
    for place in random.sample(figures, 2):
        cells[place] = random.choice((True, False))
    cells[random.choice(figures)] = random.choice(ERRORS)
    for place in random.sample(tables, 3):
        cells[place] = random.choice(("abc", "1.234", *ERRORS))
    for row in random.sample(sorted(LAYOUT.rows.values()), 10):
        cells[f"{FORM.sheet}!{positions.NOTE}{row}"] = random.choice(NOTES)
    cells[str(positions.info_place("TT_NGUOI_LAP"))] = "Nguyễn Thị Ánh"
    cells[str(positions.info_place("TT_NGAY_BAO_CAO"))] = random.choice((44726, "14/6/2022", 44561))


def write_filled(path: Path, fill: Fill) -> Path:
    """Write the workbook of a fill to *path*; return the path."""
    typed(path, fill.cells, _issued(fill.level))
    parts = read_parts(path.read_bytes())
    _format(parts, fill.formats)
    forget_results(parts)
    path.write_bytes(zip_parts(parts))
    return path


def write_all(folder: Path, made: Iterable[Fill]) -> list[Path]:
    """Write the workbooks of fills into a folder; return their paths, in order."""
    return [write_filled(folder / f"{n:03}.xlsx", fill) for n, fill in enumerate(made)]


@cache
def _issued(level: str) -> bytes:
    """Return the workbook as issued to a unit, with the figures of an earlier period beside it."""
    previous = (EARLIER, {"1.1.a": 8.0, "1.1.b": 2.0, "3.1.3": 120.0, "3.3.4": 81.75})
    return build_template(FORM, level, UNIT, PERIOD, previous=previous)


def _format(parts: dict[str, bytes], formats: Mapping[str, int]) -> None:
    """Give cells a number format, as a program does when ``95%`` or ``1/2`` is typed."""
    styles = etree.fromstring(parts[styles_part(parts)])
    (looks,) = styles.iterfind("{*}cellXfs")
    sheets = sheet_parts(parts)
    for sheet in {place.rpartition("!")[0] for place in formats}:
        page = etree.fromstring(parts[sheets[sheet]])
        cells = {cell.get("r"): cell for cell in page.iter("{*}c")}
        for place, number in formats.items():
            if place.rpartition("!")[0] == sheet:
                cell = cells[place.rpartition("!")[2]]
                look = deepcopy(looks[int(cell.get("s", "0"))])
                look.set("numFmtId", str(number))
                look.set("applyNumberFormat", "1")
                looks.append(look)
                cell.set("s", str(len(looks) - 1))
        parts[sheets[sheet]] = etree.tostring(page, encoding="UTF-8", xml_declaration=True)
    looks.set("count", str(len(looks)))
    parts[styles_part(parts)] = etree.tostring(styles, encoding="UTF-8", xml_declaration=True)
