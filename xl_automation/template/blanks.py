"""What is still to be filled: each blank in the order of the form, and when it is a finding.

A rule that waits (:class:`Rule`) finds nothing before its part of the form is begun, the clerk
says that the form is done, or the city gives the row back. The formulas stand on the hidden sheet
of rules; what is about a row of the form stands in the row of the same number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.indicator import Indicator
from xl_automation.forms.support_table import FIGURE
from xl_automation.template import positions
from xl_automation.template.form_workbook import FormWorkbook

TO_FILL = "Còn phải điền"  # what people see of a blank that no rule finds fault with
# Columns of the rules sheet.
IS_TO_FILL = "R"  # 1 where the unit owes a figure and its cell is blank
FILL_ORDER = "S"  # which of these it is; where it is none, how many there are above it
IS_DUE = "T"  # in the first row of a part of the form: 1 once its blanks are findings
CAPTIONS = {IS_TO_FILL: TO_FILL, FILL_ORDER: "Thứ tự ô trống", IS_DUE: "Phần đã làm"}


def owed_rows(book: FormWorkbook) -> tuple[Indicator, ...]:
    """Return the rows whose figures the unit owes."""
    return book.form.owed(book.level)


def of_rows(book: FormWorkbook, column: str) -> str:
    """Return the cells of a column of the rules sheet beside all rows of the form."""
    return _rows(book, positions.RULE_SHEET, column)


def on_page(book: FormWorkbook, column: str) -> str:
    """Return the cells of a column of the form's sheet in all its rows."""
    return _rows(book, book.form.sheet, column)


def _rows(book: FormWorkbook, sheet: str, column: str) -> str:
    return f"'{sheet}'!${column}${positions.FIRST_ROW}:${column}${book.layout.last_row}"


def blanks(book: FormWorkbook) -> str:
    """Return the cell that says how many figures are still to be filled."""
    return f"'{positions.RULE_SHEET}'!${FILL_ORDER}${book.layout.last_row}"


def blank_place(book: FormWorkbook, number: str) -> str:
    """Return the formula of which row of the form, from 1, the blank of a *number* is."""
    return f"MATCH({number},{of_rows(book, FILL_ORDER)},0)"


def id_at(book: FormWorkbook, place: str) -> str:
    """Return the formula of the id of the row at a *place*."""
    return f"MID(INDEX({on_page(book, positions.CODE)},{place}),{len(FIGURE) + 1},99)"


def figure_link(book: FormWorkbook, place: str, text: str) -> str:
    """Return the formula of a link to the figure of the row at a *place*."""
    target = f"\"#'{book.form.sheet}'!{positions.VALUE}\"&{place}+{positions.FIRST_ROW - 1}"
    return f"HYPERLINK({target},{text})"


def write_blanks(
    book: FormWorkbook, sheet: Worksheet, waiting: Mapping[str, Sequence[str]]
) -> None:
    """Write which figures are still to be filled, and which parts of the form are begun.

    Args:
        book: The workbook.
        sheet: The sheet of rules.
        waiting: The cells that say whether the rules hold that wait for a figure, by its id.
    """
    owed = {item.id for item in owed_rows(book)}
    for id, row in book.layout.rows.items():
        order = "=0" if row == positions.FIRST_ROW else f"={FILL_ORDER}{row - 1}"
        if id in owed:
            number = f"'{book.form.sheet}'!${positions.NUMBER}{row}"
            # A rule that waits may hold of a blank: then nobody waits for it.
            broken = ",".join(f"{cell}<>1" for cell in waiting.get(id, ()))
            asked = f"IF(OR({broken}),1,0)" if broken else "1"
            is_to_fill = f'=IF({number}="",{asked},0)'
            sheet.write_formula(f"{IS_TO_FILL}{row}", is_to_fill, None, "")
            order += f"+{IS_TO_FILL}{row}"
        sheet.write_formula(f"{FILL_ORDER}{row}", order, None, "")
    for part in book.form.parts:
        first, last = book.layout.rows[part[0].id], book.layout.rows[part[-1].id]
        page, number = f"'{book.form.sheet}'!", positions.NUMBER
        typed = f'SUMPRODUCT(--({page}{number}{first}:{number}{last}<>""))'
        helped = f"COUNTA({page}{positions.PART}{first}:{positions.WHOLE}{last})"
        due = f'=IF(OR({positions.DONE_CELL}<>"",{typed}+{helped}>0),1,0)'
        sheet.write_formula(f"{IS_DUE}{first}", due, None, "")


def waits_formula(book: FormWorkbook, id: str, holds: str, settled: str) -> str:
    """Return the formula that is 1 where a rule that waits would find a blank, and waits.

    Args:
        book: The workbook.
        id: The row.
        holds: The cell that says whether the rule holds.
        settled: The cell that is 1 where a note answers it.
    """
    row = book.layout.rows[id]
    part = next(part for part in book.form.parts if book.form.by_id[id] in part)
    due = f"${IS_DUE}${book.layout.rows[part[0].id]}"
    returned = f"'{book.form.sheet}'!${positions.RETURNED}${row}"
    return f'=IF({holds}=0,IF(AND({settled}<>1,{due}=0),IF({returned}="",1,""),""),"")'
