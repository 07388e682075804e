"""A summary on paper: the pages that LibreOffice prints, and what of the sheets has no room."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl
from lxml import etree
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.support.office import Book, pdf_text
from xl_automation.xlsx.row_height import Text, text_width

EM = 1.3  # how high poppler says a word in Liberation Serif is, in sizes of its font
HUNDREDTHS = 2540 / 72  # hundredths of a millimetre in a point
SAFETY = 1.08  # by which text_width is wider than a text is
DEFAULT_WIDTH = 9.14  # characters of a column of which the file says nothing
_FOOT = re.compile(r"Trang (\d+)/(\d+)")
_LETTERS = re.compile(r"\w")


class Page(NamedTuple):
    """One printed page.

    Attributes:
        head: Its first line: the sheet's name, the form and the period.
        body: What of the sheet it shows, line by line.
        number: Which page it says to be, and of how many; None if it does not.
        sizes: Its words with the sizes of their fonts in points.
    """

    head: str
    body: list[str]
    number: tuple[int, int] | None
    sizes: list[tuple[str, float]]

    @property
    def letters(self) -> str:
        """The body without its spaces: poppler puts some into words."""
        return squeezed(" ".join(self.body))


def squeezed(text: str) -> str:
    """Return a text without its spaces."""
    return "".join(text.split())


def printed(pdf: Path) -> list[Page]:
    """Return the pages of a PDF."""
    *texts, _ = pdf_text(pdf).split("\f")
    done = subprocess.run(["pdftotext", "-bbox", pdf, "-"], check=True, capture_output=True)
    root = etree.fromstring(done.stdout, etree.XMLParser(resolve_entities=False))
    sizes = [[_size(word) for word in page.iter("{*}word")] for page in root.iter("{*}page")]
    return [_page(text, page) for text, page in zip(texts, sizes, strict=True)]


def _page(text: str, sizes: list[tuple[str, float]]) -> Page:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    head, *body = (re.sub(r"\s+", " ", line) for line in lines)
    foot = _FOOT.fullmatch(body[-1]) if body else None
    number = (int(foot[1]), int(foot[2])) if foot else None
    return Page(head, body[:-1] if foot else body, number, sizes)


def _size(word: etree._Element) -> tuple[str, float]:
    return word.text or "", (float(word.get("yMax", 0)) - float(word.get("yMin", 0))) / EM


def unreadable(pages: list[Page], least: float) -> Iterator[str]:
    """Yield the words that are smaller than *least*, in points, or number signs for a number."""
    for number, page in enumerate(pages, start=1):
        for text, size in page.sizes:
            if "###" in text or (_LETTERS.search(text) and round(size, 1) < least):
                yield f"page {number}: {text} ({size:.1f} pt)"


# --- what has no room --------------------------------------------------------------------------


def low_rows(book: Book, path: Path) -> Iterator[str]:
    """Yield the rows that are lower than LibreOffice needs for their texts.

    Args:
        book: The summary, opened; its rows are made as high as they need to be.
        path: The same, as it was written.
    """
    for sheet in visible(path):
        stated = sheet.row_dimensions
        rows = book.sheet(sheet.title).getCellRangeByName(f"A1:A{sheet.max_row}").Rows
        rows.OptimalHeight = True
        for row in range(1, sheet.max_row + 1):
            height = stated[row].height or sheet.sheet_format.defaultRowHeight
            needed = rows.getByIndex(row - 1).Height / HUNDREDTHS
            is_seen = any(_is_seen(sheet, cell) for cell in sheet[row])
            if needed > height + 1 and is_seen:
                yield f"{sheet.title}!{row}: {height:g} of {needed:.1f} pt"


def narrow_cells(path: Path) -> Iterator[str]:
    """Yield the cells whose text is one line, and is wider than what is free for it."""
    for sheet in visible(path):
        merged = {area.coord.partition(":")[0]: area.max_col for area in sheet.merged_cells.ranges}
        for row in sheet.iter_rows():
            for cell in row:
                if (
                    _is_seen(sheet, cell)
                    and _is_one_line(cell)
                    and _needs(cell) > _room(sheet, row, cell, merged)
                ):
                    yield f"{sheet.title}!{cell.coordinate}: {cell.value}"


def visible(path: Path) -> Iterator[Worksheet]:
    """Yield the sheets of a workbook that are seen, with the values of their cells."""
    for sheet in openpyxl.load_workbook(path, data_only=True):
        if sheet.sheet_state == "visible":
            yield sheet


def _is_seen(sheet: Worksheet, cell: Cell) -> bool:
    """Return whether something stands in a cell, and its row and column are not hidden."""
    hidden = sheet.row_dimensions[cell.row].hidden or not _width(sheet, cell.column)
    return cell.value not in (None, "") and not hidden


def _is_one_line(cell: Cell) -> bool:
    """Return whether nothing breaks a cell's text over lines: in LibreOffice no link ever is."""
    if not isinstance(cell.value, str) or cell.alignment.textRotation:
        return False
    return bool(cell.hyperlink) or not cell.alignment.wrapText


def _needs(cell: Cell) -> float:
    text = Text(str(cell.value), 0, bool(cell.font.b), cell.font.sz or 11)
    return text_width(text) / SAFETY


def _room(sheet: Worksheet, row: tuple[Cell, ...], cell: Cell, merged: dict[str, int]) -> float:
    """Return how many pixels wide a cell is, with the blank ones that its text may run over."""
    last = merged.get(cell.coordinate, cell.column)
    room = sum(_width(sheet, column) for column in range(cell.column, last + 1))
    if cell.coordinate in merged or cell.alignment.horizontal not in (None, "general", "left"):
        return room
    for other in row[cell.column :]:
        if other.value not in (None, ""):
            return room
        room += _width(sheet, other.column)
    return room


def _width(sheet: Worksheet, column: int) -> float:
    for dimension in sheet.column_dimensions.values():
        if dimension.min <= column <= dimension.max:
            return 0.0 if dimension.hidden else dimension.width * 7
    return DEFAULT_WIDTH * 7
