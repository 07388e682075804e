"""The cells of a file's sheets, on two ways that give the same.

python-calamine is fast but blind to error values, to which cells hold formulas and which show
percentages; openpyxl is exact. The fast one is taken where a look at the sheet's XML shows no
error value and formulas only where they were issued, and the styles have no percentage.
"""

from __future__ import annotations

import html
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, cast

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter

from xl_automation import guard
from xl_automation import layout as at
from xl_automation.form_in_file import Found, parts_of
from xl_automation.layout import Layout
from xl_automation.model import Form, SupportTable
from xl_automation.numbers import CellError, CellValue, Share
from xl_automation.refusal import damaged
from xl_automation.styles import number_formats

_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f')
_FORMULA_TEXT = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*))')
_ERROR_CELL = re.compile(rb"""<c [^>]*t=["']e["']""")
_NEAR_CELL = re.compile(rb'<c r="[A-Z][0-9]{1,3}"[\s/>]')
_NEAR_ROW = re.compile(rb'<row r="[0-9]{1,3}"[\s/>]')
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
FAR_COLUMN, FAR_ROW = 26, 999  # nothing is read beyond: a cell at XFD1048576 costs no memory


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula; its text is not known on the fast way."""

    text: str | None = None


Cell = CellValue | Formula

WINDOW_CELLS = {at.info_cell(name) for name in ("TT_TU_NGAY", "TT_DEN_NGAY")}


@dataclass(frozen=True)
class Sheets:
    """The cells of the sheets that are read, by address; blank cells are left out."""

    page: Mapping[str, Cell]
    info: Mapping[str, Cell]
    tables: Mapping[str, Mapping[str, Cell]]  # supporting tables by id
    # Value of a formula as last computed by the program that saved the file.
    cached: Callable[[str, str], CellValue] = field(
        repr=False, compare=False, default=lambda _sheet, _address: None
    )


def read_fast(opened: guard.Package, found: Found, form: Form) -> Sheets | None:
    """Return the cells by python-calamine, or None where it would be blind."""
    contents = {name: opened.parts[part] for name, part in parts_of(opened, found).items()}
    layout = Layout(form)
    issued = {layout.cell(id): text for id, text in issued_formulas(layout).items()}
    rows, printed = set(layout.rows.values()), re.compile(f"([{at.STT}-{at.NOTE}])([0-9]+)")
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


def issued_formulas(layout: Layout) -> dict[str, str]:
    """Return the formula that each percentage's cell was issued with, by id."""
    return {
        item.id: layout.formulas(item)[layout.cell(item.id)]
        for item in layout.form.figures
        if item.percent is not None
    }


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas are the same as programs write them: ``=IF($A$1="","",1)``."""
    plain = (re.sub(r"[$\s]", "", text).removeprefix("=").upper() for text in (one, other))
    return next(plain) == next(plain)


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


def shows_percent(number_format: str) -> bool:
    """Whether a number format shows 0.95 as 95 %; quoted signs show nothing.

    >>> shows_percent("0.0%"), shows_percent('0 "%"')
    (True, False)
    """
    return "%" in _QUOTED.sub("", number_format)


def _typed_helpers(content: bytes, layout: Layout) -> bool:
    """Whether a clerk typed a formula into a helper's cell."""
    cells = {layout.cell(id) for id in layout.form.helper_ids}
    return not cells.isdisjoint(formula_cells(content))


def _typed_table(content: bytes, table: SupportTable) -> bool:
    """Whether a clerk typed a formula into a cell of a supporting table."""
    cells = {
        at.table_cell(table, column, row)
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


def read_exactly(opened: guard.Package, found: Found) -> Sheets:
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
