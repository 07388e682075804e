"""The supporting tables (biểu kèm theo), optional to fill; their totals are checked live."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from math import log10
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.numbers import LARGEST
from xl_automation.forms.support_table import SupportTable
from xl_automation.template import positions
from xl_automation.template.form_workbook import (
    DAY,
    MAX_COUNT,
    NOTHING,
    PALE,
    WHITE,
    FormWorkbook,
    print_on_a4,
    validate,
    write_codes,
)
from xl_automation.template.issued_sheet import TOTAL, issued_table, table_headings
from xl_automation.template.lists_sheet import text_formula
from xl_automation.xlsx.address import Address

LABEL_WIDTH, FIGURE_WIDTH = 38, 10  # characters
# What the cell of a count accepts, and the words that say so.
_COUNT_ACCEPTED: dict[str, Any] = {
    "prompt": "Số nguyên; không có thì để trống.",
    "error": "Số liệu phải là số nguyên không âm.",
    "validate": "integer",
    "criteria": "between",
    "minimum": 0,
    "maximum": MAX_COUNT,
}
TITLE_HEIGHT, GROUPED_HEIGHT = 36, 66  # points: two lines, four lines
UPRIGHT_COLUMNS = 3  # more of them are printed across the page


def write_table(book: FormWorkbook, sheet: Worksheet, table: SupportTable) -> None:
    """Write one supporting table with its header, rows and totals."""
    sheet.set_column("A:A", 6)
    sheet.set_column("B:B", LABEL_WIDTH)
    last = positions.table_column(table, table.columns[-1])
    sheet.set_column(f"{positions.TABLE_FIRST_COLUMN}:{last}", FIGURE_WIDTH)
    _write_titles(book, sheet, table, last)
    sheet.write_string(positions.table_note(table), table.note, book.format(italic=True))
    _write_header(book, sheet, table)
    for row in range(1, table.size + 1):
        _write_row(book, sheet, table, row)
    if table.has_totals:
        _write_totals(book, sheet, table)
    first = positions.table_cell(table, table.columns[0], 1)
    book.name(table.name, Address(f"{table.sheet}!{first}"))
    write_codes(sheet, issued_table(table))
    header = positions.TABLE_FIRST_ROW - positions.TABLE_HEADER_ROW
    sheet.set_top_left_cell(f"{positions.TABLE_NUMBER}{positions.TABLE_HEADER_ROW}")
    sheet.freeze_panes(header, 2, positions.TABLE_FIRST_ROW - 1, 2)
    sheet.set_selection(positions.table_cell(table, table.inputs[0], 1))
    if book.origin is NOTHING:
        _set_up_page(book, sheet, table, last)
    else:  # nobody fills the tables of what is made of other workbooks
        sheet.hide()


def _set_up_page(book: FormWorkbook, sheet: Worksheet, table: SupportTable, last: str) -> None:
    """Let the table be printed as an annex: one page wide, its header on each."""
    print_on_a4(book, sheet)
    if len(table.columns) > UPRIGHT_COLUMNS:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(positions.TABLE_HEADER_ROW - 1, positions.TABLE_FIRST_ROW - 2)
    sheet.print_area(f"A1:{last}{positions.table_last_row(table)}")


def _write_titles(book: FormWorkbook, sheet: Worksheet, table: SupportTable, last: str) -> None:
    """Write what the table is, whose, of which period, and what it counts."""
    title = book.format(bold=True, font_size=13, align="center", text_wrap=True)
    row = positions.TABLE_TITLE_ROW
    sheet.merge_range(f"A{row}:{last}{row}", table.title, title)
    sheet.set_row(row - 1, TITLE_HEIGHT)
    look = book.format(italic=True, align="center", text_wrap=True)
    row = positions.TABLE_WHOSE_ROW
    sheet.merge_range(f"A{row}:{last}{row}", "", look)
    sheet.write_formula(f"A{row}", text_formula(whose(table)), look, "")
    sheet.set_row(row - 1, TITLE_HEIGHT)


def whose(table: SupportTable) -> str:
    """Return the line below a table's title, with placeholders."""
    return "{unit} – {period}" + (f". Đơn vị tính: {table.unit}" if table.unit else "")


def _write_header(book: FormWorkbook, sheet: Worksheet, table: SupportTable) -> None:
    head = book.format(bold=True, border=1, bg_color=PALE, align="center", text_wrap=True)
    for area, text in table_headings(table):
        if ":" in area:
            sheet.merge_range(area, text, head)
        else:
            sheet.write_string(area, text, head)
    if any(column.group for column in table.columns):
        sheet.set_row(positions.TABLE_HEADER_ROW, GROUPED_HEIGHT)


def _write_row(book: FormWorkbook, sheet: Worksheet, table: SupportTable, row: int) -> None:
    line = positions.TABLE_FIRST_ROW + row - 1
    label = table.rows[row - 1] if row <= len(table.rows) else None
    middle = book.format(border=1, align="center", bg_color=PALE)
    sheet.write_number(f"A{line}", row, middle)
    if label is None:
        look = book.format(border=1, locked=False, bg_color=WHITE, text_wrap=True)
        sheet.write_blank(f"B{line}", None, look)
    else:
        sheet.write_string(f"B{line}", label, book.format(border=1, text_wrap=True, bg_color=PALE))
    unlocked = book.format(
        border=1, align="center", locked=False, bg_color=WHITE, num_format="#,##0"
    )
    dated = book.format(border=1, align="center", locked=False, bg_color=WHITE, num_format=DAY)
    summed = book.format(bold=True, border=1, align="center", bg_color=PALE, num_format="#,##0")
    for column in table.columns:
        cell = positions.table_cell(table, column, row)
        if column.sum:
            parts = [
                positions.table_cell(table, part, row)
                for part in table.inputs
                if part.id in column.sum
            ]
            sheet.write_formula(cell, _sum_formula(parts), summed, "")
            continue
        sheet.write_blank(cell, None, dated if table.is_date(row) else unlocked)
        accepted = _day_accepted(book) if table.is_date(row) else _COUNT_ACCEPTED
        validate(sheet, cell, column.title, **accepted)


def _day_accepted(book: FormWorkbook) -> dict[str, Any]:
    """Return what the cell of a date accepts, and the words that say so."""
    first, last = book.form.years
    return {
        "prompt": "Ngày, ví dụ 14/6/2022; không có thì để trống.",
        "error": f"Ghi một ngày từ năm {first - 1} đến năm {last + 1}, ví dụ 14/6/2022.",
        "validate": "date",
        "criteria": "between",
        "minimum": date(first - 1, 1, 1),
        "maximum": date(last + 1, 12, 31),
    }


def _write_totals(book: FormWorkbook, sheet: Worksheet, table: SupportTable) -> None:
    line = positions.TABLE_FIRST_ROW + table.size
    look = book.format(bold=True, border=1, bg_color=PALE, align="center", num_format="#,##0")
    sheet.write_blank(f"A{line}", None, look)
    sheet.write_string(f"B{line}", TOTAL, look)
    for column in table.columns:
        first, last = (positions.table_cell(table, column, row) for row in (1, table.size))
        total = _sum_formula([f"{first}:{last}"])
        sheet.write_formula(positions.table_cell(table, column, 0), total, look, "")


def _sum_formula(areas: Sequence[str]) -> str:
    """Return the formula of the sum of the numbers in *areas*; what is none is left out.

    ``SUM`` would be an error where one of the cells is; ``SUMIF`` adds only what it asks for, but
    not every program takes a single cell for an area.
    """
    total = "+".join(
        f'SUMIF({area},"<{LARGEST:.0E}")'
        if ":" in area
        else f"IF(ISNUMBER({area}),IF({area}<10^{log10(LARGEST):.0f},{area},0),0)"
        for area in areas
    )
    return f'=IF(COUNT({",".join(areas)})=0,"",{total})'
