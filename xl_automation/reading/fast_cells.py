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
    Formula,
    Sheets,
    issued_formulas,
    same_formula,
)
from xl_automation.reading.locate import FormSheets, parts_of
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.number_format import shows_percent
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.styles import number_formats

_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f')
_FORMULA_TEXT = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*))')
_ERROR_CELL = re.compile(rb"""<c [^>]*t=["']e["']""")
_NEAR_CELL = re.compile(rb'<c r="[A-Z][0-9]{1,3}"[\s/>]')
_NEAR_ROW = re.compile(rb'<row r="[0-9]{1,3}"[\s/>]')


def read_fast(opened: Package, found: FormSheets, form: Form) -> Sheets | None:
    """Return the cells by python-calamine, or None where it would be blind."""
    contents = {name: opened.parts[part] for name, part in parts_of(opened, found).items()}
    layout = Layout(form)
    issued = {layout.cell(id): text for id, text in issued_formulas(layout).items()}
    rows, printed = (
        set(layout.rows.values()),
        re.compile(f"([{positions.STT}-{positions.NOTE}])([0-9]+)"),
    )
    figures = {
        one
        for one in formula_cells(contents[found.page])
        if (match := printed.fullmatch(one)) and int(match[2]) in rows
    }
    # A percentage that was typed over holds no formula any more: a value like any other.
    typed = (figures - issued.keys()) | (formula_cells(contents[found.info]) - WINDOW_CELLS)
    for address, text in formula_texts(contents[found.page]):
        if address in issued and not same_formula(text, issued[address]):
            typed.add(address)
    if typed or any(_unclear(content) for content in contents.values()):
        return None
    if any(map(shows_percent, number_formats(opened.parts))):
        return None
    if _typed_helpers(contents[found.page], layout):
        return None
    if any(_typed_table(contents[sheet], table) for table, sheet in found.tables(form)):
        return None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(opened.stored())
        cells = {name: _addressed(book, name) for name in contents}
    except python_calamine.CalamineError as error:
        raise damaged("không đọc được nội dung các ô") from error
    for sheet, addresses in ((found.page, issued.keys()), (found.info, WINDOW_CELLS)):
        for address in addresses & formula_cells(contents[sheet]):
            cells[sheet][address] = Formula()
    tables = {table.id: cells[sheet] for table, sheet in found.tables(form)}
    return Sheets(cells[found.page], cells[found.info], tables)


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


def _typed_helpers(content: bytes, layout: Layout) -> bool:
    """Whether a clerk typed a formula into a helper's cell."""
    cells = {layout.cell(id) for id in layout.form.helper_ids}
    return not cells.isdisjoint(formula_cells(content))


def _typed_table(content: bytes, table: SupportTable) -> bool:
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
