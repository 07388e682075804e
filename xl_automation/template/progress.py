"""How far a form is filled: a bar, and a link to the next cell that is still blank."""

from __future__ import annotations

from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.template import positions
from xl_automation.template.blanks import (
    blank_place,
    blanks,
    figure_link,
    id_at,
    on_page,
    owed_rows,
)
from xl_automation.template.form_workbook import BLUE, FormWorkbook

BAR = "#9DC3E6"


def write_bar(
    book: FormWorkbook, sheet: Worksheet, cell: str, before: str = "", **look: Any
) -> None:
    """Write how many figures are filled, of all that the unit owes, as ``12/57`` on a bar.

    Args:
        book: The workbook.
        sheet: The sheet.
        cell: Where.
        before: What is said before the numbers.
        look: The cell's other properties.
    """
    total = len(owed_rows(book))
    said = book.format(**look, num_format=f'"{before}"0"/{total}"')
    filled = f"=SUM({on_page(book, positions.OWED)})-{blanks(book)}"
    sheet.write_formula(cell, filled, said, "")
    bar = {"type": "data_bar", "bar_color": BAR, "min_length": 0, "max_length": 100}
    ends = {"min_type": "num", "max_type": "num", "min_value": 0, "max_value": max(total, 1)}
    sheet.conditional_format(cell, bar | ends)


def next_blank(book: FormWorkbook, before: str) -> str:
    """Return the formula of a link to the first blank, which says *before* and its id.

    It has a result only while there is one.
    """
    place = blank_place(book, "1")
    return figure_link(book, place, f'"{before}"&{id_at(book, place)}')


def write_progress(book: FormWorkbook, sheet: Worksheet, look: Format) -> None:
    """Write the bar and the link above the checks beside the rows, where nothing is printed.

    The link is the caption of the checks: its name, then what a caption may add to it.
    """
    column, row = positions.CHECK, positions.HEADER_ROW
    write_bar(book, sheet, f"{column}{row}", "Đã điền ", align="left", font_size=10)
    name = positions.CAPTIONS[column]
    link = next_blank(book, f"{name}{positions.CAPTION_END} ô trống tiếp theo ")
    caption = f'=IF({blanks(book)}=0,"{name}",{link})'
    sheet.write_formula(f"{column}{row + 1}", caption, look, "")
    is_left = {"type": "formula", "criteria": f"=${column}${row}<{len(owed_rows(book))}"}
    linked = book.target.add_format({"font_color": BLUE, "underline": 1})
    sheet.conditional_format(f"{column}{row + 1}", is_left | {"format": linked})
