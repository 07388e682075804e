"""A summary being written: what every sheet of it needs to know and share."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.form import Form
from xl_automation.reading.refused_file import printable
from xl_automation.summary.places import Places
from xl_automation.xlsx.new_workbook import NewWorkbook
from xl_automation.xlsx.row_height import Text, row_height

HEAD, GREEN, RED, AMBER, BLUE, GREY = (
    "#1F4E79",
    "#548235",
    "#C00000",
    "#BF8F00",
    "#2E75B6",
    "#7F7F7F",
)
MAX_TEXT = 32_000  # a cell holds 32,767 characters
MAX_LINKED_ROWS = 32_000  # a sheet holds 65,530 links, a row has up to two
MAX_LINK = 2000  # characters; Excel takes 2,079
_LINE, _PADDING = 15.0, 3.0  # points


@dataclass(frozen=True)
class SummaryWorkbook:
    """One summary being written; links to the files are relative to ``folder``."""

    book: NewWorkbook
    result: Consolidation
    folder: Path

    @property
    def form(self) -> Form:
        """The form of all submissions."""
        return self.result.form

    @cached_property
    def units(self) -> tuple[tuple[str, str], ...]:
        """Code and name of each unit that has a row: who owes a report, or else who sent one."""
        return tuple((unit.code, unit.name) for unit in self.result.units) or tuple(
            (one.unit_code or "", one.unit_name or "") for one in self.result.communes
        )

    @cached_property
    def places(self) -> Places:
        """Where everything stands."""
        return Places(self.form, len(self.units))

    def sheet(self, name: str) -> Worksheet:
        """Return a new sheet, printed across the page."""
        sheet = self.book.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        return sheet

    def format(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        return self.book.look(**properties)

    def title(self, sheet: Worksheet, text: str) -> None:
        """Write what the sheet is, of which form and period."""
        sheet.write_string("A1", text, self.format(bold=True, font_size=15, font_color=HEAD))
        period = self.result.period.label if self.result.period else "chưa rõ kỳ"
        sheet.write_string("A2", f"{self.form.name} – {period}", self.format(italic=True))

    def head(self, sheet: Worksheet, row: int, captions: Iterable[str]) -> None:
        """Write the captions of columns."""
        look = self.format(
            bold=True, font_color="#FFFFFF", bg_color=HEAD, border=1, text_wrap=True, align="center"
        )
        for column, caption in enumerate(captions):
            sheet.write_string(row, column, caption, look)

    def link(
        self, sheet: Worksheet, at: tuple[int, int], path: Path, text: str, place: str, look: Format
    ) -> None:
        """Write a link to a place of a file, or plain text where a sheet is full of links."""
        row, column = at
        name, _, cell = place.rpartition("!")
        target = f"external:{link_target(path, self.folder)}"
        target += f"#'{name}'!{cell}" if name else ""
        if row > MAX_LINKED_ROWS or len(target) > MAX_LINK or target != printable(target):
            sheet.write_string(row, column, printable(text), look)
        else:
            sheet.write_url(row, column, target, look, text)


def link_target(path: Path, folder: Path) -> str:
    """Return the address of a file as Excel writes it in a workbook that lies in *folder*."""
    try:
        target = os.path.relpath(path.resolve(), folder.resolve())
    except ValueError:  # on another drive of Windows
        target = str(path.resolve())
    for character in '%#" <>[]`{}^':  # percent first: what is escaped must stay so
        target = target.replace(character, f"%{ord(character):02x}")
    return target


def set_widths(sheet: Worksheet, widths: Iterable[int]) -> None:
    """Set the widths of the first columns, in characters."""
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)


def height(texts: Iterable[tuple[str, int]]) -> float:
    """Return the height of a row of texts, each with the width of its column in characters."""
    wrapped = (Text(text, width * 7 + 5, size=11) for text, width in texts)
    return row_height(wrapped, _LINE, _PADDING)
