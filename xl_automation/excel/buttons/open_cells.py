"""The cells of a form open in Excel, as the reader takes those of a file."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import xlwings as xw

from xl_automation.excel.functions.excel_errors import com_error
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.reading.cells import Cell, FormCells, Formula
from xl_automation.reading.locate import SheetNames
from xl_automation.reading.old_letter_remarks import RunsOf
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.cell_fonts import Run
from xl_automation.xlsx.number_format import shows_percent, shows_truth


def read_cells(book: xw.Book, sheet_names: SheetNames, form: Form) -> FormCells:
    """Return the cells that the reader looks at; Excel is asked a range at a time."""
    cells: dict[str, dict[str, Cell]] = {}
    results: dict[tuple[str, str], CellValue] = {}
    for name, areas in _areas(sheet_names, form).items():
        cells[name] = {}
        sheet = book.sheets[name]
        for area in areas:
            for address, value, formula in range_cells(sheet.range(area)):
                if formula:
                    cells[name][address] = Formula(formula)
                    results[name, address] = value
                elif value is not None:
                    cells[name][address] = _as_shown(sheet, address, value)
    tables = {table.id: cells[name] for table, name in sheet_names.tables(form)}

    def result(sheet: str, address: str) -> CellValue:
        return _as_shown(book.sheets[sheet], address, results.get((sheet, address)))

    return FormCells(cells[sheet_names.page], cells[sheet_names.info], tables, result)


def fonts_of(book: xw.Book) -> RunsOf:
    """Return what tells the font of a cell; Excel names none where a text has several."""

    def runs(sheet: str, address: str) -> list[Run]:
        cell = book.sheets[sheet].range(address)
        return [Run(cell.font.name or "", str(cell.value))]

    return runs


def _areas(sheet_names: SheetNames, form: Form) -> dict[str, tuple[str, ...]]:
    """Return the ranges that are read, by sheet."""
    last = Layout(form).last_row
    areas: dict[str, tuple[str, ...]] = {}
    areas[sheet_names.page] = (
        f"{positions.STT}1:{positions.NOTE}{last}",
        f"{positions.PREVIOUS}1:{positions.WHOLE}{last}",
    )
    areas[sheet_names.info] = (
        f"A1:{positions.INFO_VALUE}{max(row for row, _ in positions.INFO_ROWS.values())}",
    )
    for table, name in sheet_names.tables(form):
        areas[name] = (f"A1:{positions.table_cell(table, table.columns[-1], 0)}",)
    return areas


def _as_shown(sheet: xw.Sheet, address: str, value: CellValue) -> CellValue:
    """Return a cell's value; a number is known as the percentage, or the truth, that it shows."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    number_format = sheet.range(address).number_format
    if shows_truth(number_format):
        return bool(value)
    return Share(value) if shows_percent(number_format) else value


def range_cells(area: xw.Range) -> Iterator[tuple[Address, CellValue, str]]:
    """Yield of each cell its address, its value, and its formula, "" where there is none."""
    shown = area.options(ndim=2).value
    coded = area.options(ndim=2, err_to_str=True).value
    for row, line in enumerate(area.formula):
        for column, formula in enumerate(line):
            value: Any = shown[row][column]
            if value is None and coded[row][column] is not None:
                value = CellError(coded[row][column])
            elif error := com_error(value):  # one that xlwings does not know
                value = CellError(error)
            elif isinstance(value, Decimal):  # a cell that shows money
                value = float(value)
            # A text such as “=x” reads the same as a formula: only the text is its own value.
            is_formula = str(formula).startswith("=") and formula != value
            address = Address.of("", area.column + column, area.row + row)
            yield address, value, formula if is_formula else ""
