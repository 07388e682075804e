"""The cells of a file by python-calamine: fast, but blind to some things."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any

import python_calamine
from openpyxl.utils import get_column_letter

from xl_automation.forms.form import Form
from xl_automation.forms.support_table import SupportTable
from xl_automation.reading.cells import (
    WINDOW_CELLS,
    Cell,
    FormCells,
    Formula,
    issued_formulas,
    same_formula,
)
from xl_automation.reading.locate import SheetNames, parts_of
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.number_format import shows_percent
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.styles import number_formats

_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f')
_FORMULA_TEXT = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*))')
_ERROR_CELL = re.compile(rb"""<c [^>]*t=["']e["']""")
_NEAR_CELL = re.compile(rb'<c r="[AB]?[A-Z][0-9]{1,3}"[\s/>]')  # as FAR_COLUMN, FAR_ROW
_NEAR_ROW = re.compile(rb'<row r="[0-9]{1,3}"[\s/>]')


def read_fast(package: Package, sheets: SheetNames, form: Form) -> FormCells | None:
    """Return the cells by python-calamine, or None where it would be blind.

    Raises:
        Refusal: If a sheet is missing, or python-calamine cannot read the package.
    """
    contents = {name: package.parts[part] for name, part in parts_of(package, sheets).items()}
    layout = Layout(form)
    issued = {layout.cell(id): text for id, text in issued_formulas(layout).items()}
    printed = {f"{column}{row}" for row in layout.rows.values() for column in positions.PRINTED}
    # A percentage that was typed over holds no formula any more: a value like any other.
    foreign = (formula_cells(contents[sheets.page]) & printed) - issued.keys()
    foreign |= formula_cells(contents[sheets.info]) - WINDOW_CELLS
    for address, text in formula_texts(contents[sheets.page]):
        if address in issued and not same_formula(text, issued[address]):
            foreign.add(address)
    if foreign or any(_unclear(content) for content in contents.values()):
        return None
    if any(map(shows_percent, number_formats(package.parts))):
        return None
    if _holds_helper_formula(contents[sheets.page], layout):
        return None
    if any(_holds_formula(contents[name], table) for table, name in sheets.tables(form)):
        return None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(package.stored())
        cells = {name: _addressed(book, name) for name in contents}
    except python_calamine.CalamineError as error:
        raise damaged("không đọc được nội dung các ô") from error
    for name, addresses in ((sheets.page, issued.keys()), (sheets.info, WINDOW_CELLS)):
        for address in addresses & formula_cells(contents[name]):
            cells[name][address] = Formula()
    tables = {table.id: cells[name] for table, name in sheets.tables(form)}
    return FormCells(cells[sheets.page], cells[sheets.info], tables)


def formula_texts(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield address and formula of the cells of a worksheet's XML that hold formulas."""
    for match in _FORMULA_TEXT.finditer(content):
        yield match[1].decode(), html.unescape((match[2] or b"").decode("utf-8", "replace"))


def formula_cells(content: bytes) -> set[str]:
    """Return the addresses of the cells of a worksheet's XML that hold formulas."""
    return {match.group(1).decode() for match in _FORMULA_CELL.finditer(content)}


def _unclear(content: bytes) -> bool:
    """Whether a worksheet's XML has an error value, far cells, or is written in another way."""
    plain = {b"c": _NEAR_CELL, b"row": _NEAR_ROW, b"f": _FORMULA_CELL}
    return bool(_ERROR_CELL.search(content)) or any(
        len(re.findall(rb"<(?:[^\s<>/:]+:)?%s[\s/>]" % tag, content))
        != len(pattern.findall(content))
        for tag, pattern in plain.items()
    )


def _holds_helper_formula(content: bytes, layout: Layout) -> bool:
    """Whether a clerk typed a formula into a helper's cell."""
    cells = {layout.cell(id) for id in layout.form.helper_ids}
    return not cells.isdisjoint(formula_cells(content))


def _holds_formula(content: bytes, table: SupportTable) -> bool:
    """Whether a clerk typed a formula into a cell of a supporting table."""
    cells = {
        positions.table_cell(table, column, row)
        for column in table.inputs
        for row in range(1, table.size + 1)
    }
    return not cells.isdisjoint(formula_cells(content))


def _addressed(book: python_calamine.CalamineWorkbook, name: str) -> dict[str, Cell]:
    grid: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return {
        f"{get_column_letter(column)}{row}": value
        for row, line in enumerate(grid, start=1)
        for column, value in enumerate(line, start=1)
        if value != ""
    }
