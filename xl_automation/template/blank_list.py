"""The list of blanks on the sheet ``Kiểm tra``, below the findings: each with its row and link."""

from __future__ import annotations

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
from xl_automation.template.form_workbook import BLUE, PALE, FormWorkbook

TITLE = "CÁC Ô CÒN PHẢI ĐIỀN"
HEADINGS = {"A": "TT", "B": "Kiểm tra", "C": "Chỉ tiêu", "D": "Ô", "E": "Tên dòng"}
INDEX = "I"  # hidden: which row of the form a line shows, from 1
ABOVE = 2  # lines of the list before the first blank


def blank_list_link(book: FormWorkbook, row: int) -> str:
    """Return the formula of a link to the list that begins in a *row*; it says how long it is."""
    target = f"#'{positions.REVIEW_SHEET}'!A{row}"
    return f'HYPERLINK("{target}","Xem danh sách "&{blanks(book)}&" ô còn phải điền")'


def write_blank_list(book: FormWorkbook, sheet: Worksheet, row: int) -> None:
    """Write the list from a *row* on: as many lines as there can be blanks, each one line high.

    The name of a row runs on over the cells to its right, which are empty.
    """
    sheet.write_string(f"A{row}", TITLE, book.format(bold=True))
    head = book.format(bold=True, bg_color=PALE, border=1, align="center")
    for column, heading in HEADINGS.items():
        sheet.write_string(f"{column}{row + 1}", heading, head)
    plain, centred = book.format(font_size=11), book.format(font_size=11, align="center")
    link = book.format(font_size=11, font_color=BLUE, underline=1)
    for number in range(1, len(owed_rows(book)) + 1):
        line = row + ABOVE + number - 1
        place = f"${INDEX}{line}"
        found = f'=IFERROR({blank_place(book, str(number))},"")'
        sheet.write_formula(f"{INDEX}{line}", found, None, "")
        said = f"INDEX({on_page(book, positions.CHECK)},{place})"
        label = f"INDEX({on_page(book, positions.LABEL)},{place})"
        cells = {
            "A": (f"{number}", centred),
            "B": (f'LEFT({said},FIND(":",{said}&":")-1)', plain),
            "C": (id_at(book, place), centred),
            "D": (
                figure_link(book, place, f'"{positions.VALUE}"&{place}+{positions.FIRST_ROW - 1}'),
                link,
            ),
            "E": (f"LEFT({label},FIND(CHAR(10),{label}&CHAR(10))-1)", plain),
        }
        for column, (formula, look) in cells.items():
            sheet.write_formula(f"{column}{line}", f'=IF({place}="","",{formula})', look, "")
