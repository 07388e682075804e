"""A sheet that is one list: captions, and below them a row for each thing that is listed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from xlsxwriter.worksheet import Worksheet

from xl_automation.excel_limits import MAX_LINKS, MAX_ROWS
from xl_automation.forms.numbers import show
from xl_automation.summary.places import HEADER_ROW
from xl_automation.summary.summary_workbook import SummaryWorkbook, caption_height, set_widths
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import CellLink, LongRow

MAX_ENTRIES = MAX_ROWS - HEADER_ROW
Entry = TypeVar("Entry")


def write_list(
    summary: SummaryWorkbook,
    sheet: Worksheet,
    title: str,
    columns: Mapping[str, int],
    entries: Sequence[Entry],
    row: Callable[[Entry], LongRow],
) -> None:
    """Write the rows of *entries*; what has no room on the sheet is counted under the title.

    Args:
        summary: The summary.
        sheet: The sheet.
        title: Its title.
        columns: The captions with the widths of their columns, in characters.
        entries: What is listed.
        row: Makes the row of one; its formats must have been asked for before.
    """
    summary.title(sheet, title)
    set_widths(sheet, columns.values())
    summary.head(sheet, columns)
    sheet.set_row(HEADER_ROW - 1, caption_height(columns.items()))
    sheet.freeze_panes(HEADER_ROW, 0)
    sheet.repeat_rows(HEADER_ROW - 1)
    shown = entries[:MAX_ENTRIES]
    if not entries:
        sheet.write_string(2, 0, "(không có)", summary.format(italic=True))
    if len(shown) < len(entries):
        summary.note(
            sheet, f"Sheet này ghi được {show(len(shown))} trong {show(len(entries))} mục."
        )
    summary.rows(sheet, len(shown), map(row, shown))
    last = HEADER_ROW - 1 + max(1, len(shown))
    sheet.autofilter(HEADER_ROW - 1, 0, last, len(columns) - 1)
    sheet.print_area(0, 0, last, len(columns) - 1)


class InnerLinks:
    """Links of one sheet to places in its own workbook, as many as a sheet of Excel holds."""

    def __init__(self) -> None:
        self._left = MAX_LINKS

    def link(self, text: str, place: Address | None) -> CellLink | str:
        """Return *text* as a link to a place; the text alone where there is none, or no room."""
        if place is None or not self._left:
            return text
        self._left -= 1
        return CellLink(text, "", place.link)
