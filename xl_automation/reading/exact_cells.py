"""The cells of a file however it is written: slower than :mod:`fast_cells`, blind to nothing."""

from __future__ import annotations

from collections.abc import Mapping

from xl_automation.reading.cell_values import CellValues, without_escapes
from xl_automation.reading.cells import FAR_COLUMN, FAR_ROW, NEAR_COLUMNS, Cell, FormCells
from xl_automation.reading.locate import Located, SheetNames, located
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.package import read_book
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.sheet_parse import Area, parse_sheet
from xl_automation.xlsx.string_parse import parse_strings

_AREA = Area(FAR_COLUMN, FAR_ROW)


def read_exactly(place: Located) -> FormCells:
    """Return the cells of all sheets that are read.

    Raises:
        Refusal: If the cells are not what the format says, or could be read in two ways.
    """
    return _values(place).form_cells()


def read_sheet(package: Package, sheet: str) -> Mapping[str, Cell]:
    """Return the cells of one sheet.

    Raises:
        Refusal: If there is no such sheet or its cells are not what the format says.
    """
    sheets = SheetNames(page=sheet, info=sheet, table_sheets={})
    return _values(located(package, read_book(package.parts), sheets)).cells[sheet]


def _values(place: Located) -> CellValues:
    parts, part = place.package.parts, place.strings_part
    strings = () if part is None else without_escapes(parse_strings(parts[part]))
    values = CellValues(place, strings)
    for sheet in place.sheets.all:
        _take(values, sheet, parts[place.part(sheet)])
    return values


def _take(values: CellValues, sheet: str, content: bytes) -> None:
    scanned = parse_sheet(content, sheet, _AREA)
    if scanned.strings > len(values.strings):
        raise damaged(f"sheet “{sheet}” dùng chữ số {scanned.strings - 1}, tệp không có")
    if scanned.styles > values.place.last_style:
        raise damaged(f"sheet “{sheet}” dùng kiểu ô số {scanned.styles}, tệp không có")
    values.take(sheet, scanned.cells, NEAR_COLUMNS)
