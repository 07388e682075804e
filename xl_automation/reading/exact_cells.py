"""The cells of a file by openpyxl: error values and formulas are told apart from the rest."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from functools import cache
from typing import Any, cast

import openpyxl
from openpyxl.utils import get_column_letter

from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.reading.cells import FAR_COLUMN, FAR_ROW, Cell, Formula, Sheets
from xl_automation.reading.locate import FormSheets, parts_of
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.number_format import shows_percent
from xl_automation.xlsx.refusal import damaged


def read_exactly(opened: Package, found: FormSheets) -> Sheets:
    """Return the cells by openpyxl: error values and formulas are told apart from the rest."""
    parts_of(opened, found)  # refuses sheets that are not there

    @cache
    def load(data_only: bool) -> openpyxl.Workbook:
        return openpyxl.load_workbook(opened.stored(), read_only=True, data_only=data_only)

    try:
        book = load(data_only=False)
        page, info = (_exact_cells(book[name]) for name in (found.page, found.info))
        tables = {id: _exact_cells(book[name]) for id, name in found.table_sheets.items()}
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # What openpyxl raises on parts that are well-formed but not what the format says.
        raise damaged("nội dung các ô không đúng định dạng Excel") from error

    @cache
    def results(sheet: str) -> Mapping[str, Cell]:
        return _exact_cells(load(data_only=True)[sheet])

    def cached(sheet: str, address: str) -> CellValue:
        return cast(CellValue, results(sheet).get(address))

    return Sheets(page, info, tables, cached)


def _exact_cells(sheet: Any) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    with warnings.catch_warnings():
        # A number beyond the calendar in a cell that shows dates comes as an error value.
        warnings.filterwarnings("ignore", "Cell .* is marked as a date", UserWarning)
        sheet.reset_dimensions()  # what the file says of its own size need not be so
        lines = list(sheet.iter_rows(max_row=FAR_ROW, max_col=FAR_COLUMN))
    for line in lines:
        for cell in line:
            value = cell.value
            if value is None or value == "":
                continue
            if cell.data_type == "f":
                value = Formula(str(value))
            elif cell.data_type == "e":
                value = CellError(str(value))
            elif cell.data_type == "n" and _shows_percent(cell):
                value = Share(value)
            found[f"{get_column_letter(cell.column)}{cell.row}"] = value
    return found


def _shows_percent(cell: Any) -> bool:
    try:
        return shows_percent(cell.number_format)
    except IndexError:  # a style that the file does not have: a plain one
        return False
