"""What the ribbon buttons write into a workbook: lists on sheets of their own, notes on cells.

Both know what they wrote, so that a second press replaces it and touches nothing of the user's.
Text is written with the mark that makes it text, since much of it was typed by clerks.
"""

from __future__ import annotations

import itertools
import sys
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import xlwings as xw

from xl_automation.excel.buttons.protection import lock, unlocked
from xl_automation.forms.numbers import plain
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.limits import MAX_TEXT

NOTE_MARK = "CCHC – Kiểm tra:"  # the first line of a note that a later press may remove
NOTE_WIDTH = 60  # characters
_TITLE_ROW, _FIRST_REMARK_ROW = 1, 2
_BLUE, _PALE = (31, 78, 121), (242, 242, 242)


@dataclass(frozen=True, slots=True)
class Link:
    """A cell of a list that leads to another cell of the workbook."""

    sheet: str
    cell: str
    text: str

    @property
    def formula(self) -> str:
        """The formula of the link."""
        link = f"#{Address(f'{self.sheet}!{self.cell}').link}"
        target, text = (words.replace('"', '""') for words in (link, self.text))
        return f'=HYPERLINK("{target}","{text}")'


Value = str | float | int | Link | None


@dataclass(frozen=True, slots=True)
class Listing:
    """A list for a sheet: a title, remarks under it, and rows under captions.

    ``columns`` gives each caption the width of its column in characters.
    """

    title: str
    remarks: Sequence[str]
    columns: Mapping[str, int]
    rows: Sequence[Sequence[Value]]


def put_list(book: xw.Book, name: str, listing: Listing) -> xw.Sheet:
    """Write a list on the sheet *name*, in place of an earlier one, and show it; return the sheet.

    A sheet of that name which is not such a list is left alone: the list gets a name beside it.
    """
    sheet = _own(book, name, listing.title)
    if sheet is None:
        with unlocked(book):
            taken = {sheet.name.casefold() for sheet in book.sheets}
            free = next(free for free in _alternatives(name) if free.casefold() not in taken)
            sheet = book.sheets.add(free, after=book.sheets[-1])
    with unlocked(sheet):
        sheet.clear()
        fill_sheet(sheet, listing)
    if not sheet.api.ProtectContents:
        lock(sheet)
    sheet.activate()
    return sheet


def remove_list(book: xw.Book, name: str, title: str) -> None:
    """Remove an earlier list from the sheet *name*, if there is one."""
    sheet = _own(book, name, title)
    if sheet is not None:
        with unlocked(book):
            sheet.delete()


def _own(book: xw.Book, name: str, title: str) -> xw.Sheet | None:
    """Return the sheet that an earlier press wrote."""
    by_name = {sheet.name: sheet for sheet in book.sheets}
    for alternative in itertools.islice(_alternatives(name), len(by_name) + 1):
        sheet = by_name.get(alternative)
        if sheet is not None and sheet.range((_TITLE_ROW, 1)).value == title:
            return sheet
    return None


def _alternatives(name: str) -> Iterator[str]:
    return itertools.chain([name], (f"{name} ({n})" for n in itertools.count(2)))


def fill_sheet(sheet: xw.Sheet, listing: Listing) -> None:
    """Write a list on an empty sheet."""
    title = sheet.range((_TITLE_ROW, 1))
    title.value = _stored(listing.title)
    title.font.bold, title.font.size = True, 14
    for row, remark in enumerate(listing.remarks, start=_FIRST_REMARK_ROW):
        sheet.range((row, 1)).value = _stored(remark)
    if not listing.rows:
        return
    head = _FIRST_REMARK_ROW + len(listing.remarks) + 1
    width = len(listing.columns)
    captions = sheet.range((head, 1), (head, width))
    captions.value = [_stored(caption) for caption in listing.columns]
    captions.font.bold, captions.color = True, _PALE
    for column, characters in enumerate(listing.columns.values(), start=1):
        sheet.range((1, column)).column_width = characters
    body = sheet.range((head + 1, 1), (head + len(listing.rows), width))
    body.value = [[_stored(value) for value in row] for row in listing.rows]
    whole = sheet.range((head, 1), (head + len(listing.rows), width))
    whole.wrap_text, whole.vertical_alignment = True, "top"
    _shape(sheet, head + 1, listing.rows)
    whole.rows.autofit()


def _shape(sheet: xw.Sheet, first: int, rows: Sequence[Sequence[Value]]) -> None:
    """Make links look like links, and numbers readable."""
    for column in range(len(rows[0])):
        values = [row[column] for row in rows]
        cells = sheet.range((first, column + 1), (first + len(rows) - 1, column + 1))
        if any(isinstance(value, Link) for value in values):
            cells.font.color = _BLUE
        numbers = [value for value in values if isinstance(value, (int, float))]
        if numbers:
            cells.number_format = "#,##0"
        for row, value in enumerate(values):
            if isinstance(value, float) and not value.is_integer():
                sheet.range((first + row, column + 1)).number_format = "#,##0.00"


def _stored(value: Value) -> str | float | int | None:
    """Return what to write into a cell so that it holds *value*, text as text."""
    if isinstance(value, Link):
        return value.formula
    if isinstance(value, str):
        return f"'{value[:MAX_TEXT]}" if value else None
    return plain(value) if isinstance(value, float) else value


# --- notes -------------------------------------------------------------------------------------


def put_notes(sheet: xw.Sheet, reasons: Mapping[str, Sequence[str]]) -> None:
    """Put *reasons* on the cells of *sheet* as notes, in place of those of an earlier press.

    Notes of other people stay; their cells get none.
    """
    old = [note for note in sheet.notes if note.text.startswith(NOTE_MARK)]
    if not (old or reasons):
        return
    with unlocked(sheet):
        for note in old:
            note.delete()
        for address, lines in reasons.items():
            cell = sheet.range(address)
            if cell.note is None:
                wrapped = (textwrap.fill(line, NOTE_WIDTH) for line in lines)
                _show_whole(cell.add_note("\n".join([NOTE_MARK, *wrapped])))


def _show_whole(note: xw.main.Note) -> None:
    """Make the box of a note as large as its text; other programs do so by themselves."""
    if sys.platform == "win32":
        note.api.Shape.TextFrame.AutoSize = True
