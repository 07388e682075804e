"""What a cell of the summary holds, and its writing. Text from clerks is always text."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.reading.refused_file import printable
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.limits import MAX_TEXT

MAX_LINKED_ROWS = 32_000  # a sheet holds 65,530 links, a row has up to two
MAX_LINK = 2000  # characters; Excel takes 2,079


@dataclass(frozen=True, slots=True)
class LiveFormula:
    """A live formula, with ``=``, and the value that it gives now; None for a blank text."""

    text: str
    value: float | int | str | None


@dataclass(frozen=True, slots=True)
class FileLink:
    """A text that leads to a file, and there to a cell."""

    path: Path
    text: str
    place: Address | None = None


SummaryContent = str | float | datetime | LiveFormula | FileLink | None  # None is a blank cell
SummaryCell = tuple[SummaryContent, Format]


def write_cell(sheet: Worksheet, row: int, column: int, cell: SummaryCell, folder: Path) -> None:
    """Write one cell; rows and columns count from 0 here, and links are relative to *folder*."""
    content, look = cell
    match content:
        case None:
            sheet.write_blank(row, column, None, look)
        case str():
            sheet.write_string(row, column, content[:MAX_TEXT], look)
        case int() | float():
            sheet.write_number(row, column, content, look)
        case datetime():
            sheet.write_datetime(row, column, content, look)
        case LiveFormula(text, value):
            sheet.write_formula(row, column, text, look, "" if value is None else value)
        case FileLink():
            target = _target(content, folder)
            # Plain text where a sheet is full of links or Excel would not take this one.
            if row > MAX_LINKED_ROWS or len(target) > MAX_LINK or target != printable(target):
                sheet.write_string(row, column, printable(content.text), look)
            else:
                sheet.write_url(row, column, target, look, content.text)


def _target(link: FileLink, folder: Path) -> str:
    """Return where a link leads, as XlsxWriter takes it."""
    target = f"external:{link_target(link.path, folder)}"
    return f"{target}#'{link.place.sheet}'!{link.place.cell}" if link.place else target


def link_target(path: Path, folder: Path) -> str:
    """Return the address of a file as Excel writes it in a workbook that lies in *folder*."""
    try:
        target = os.path.relpath(path.resolve(), folder.resolve())
    except ValueError:  # on another drive of Windows
        target = str(path.resolve())
    for character in '%#" <>[]`{}^':  # percent first: what is escaped must stay so
        target = target.replace(character, f"%{ord(character):02x}")
    return target
