"""Rows of a sheet that may be many: made into XML one by one, while the file is packed.

XlsxWriter makes the workbook but for these rows: it would keep every cell of them until the end,
and its ``constant_memory`` spares the memory but not the time.
"""

from __future__ import annotations

import math
import re
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from xl_automation.xlsx.shared_strings import SharedStrings
from xl_automation.xlsx.xml_part import PACKAGE_RELATION, RELATION

_LETTERS = tuple(map(xl_col_to_name, range(16_384)))  # of all columns that a sheet can have
_EPOCH, _DAY = datetime(1899, 12, 30), timedelta(days=1)
_STYLE = re.compile(r' s="(\d+)"')
_CELL = re.compile(r'<c r="([A-Z]+)(\d+)"')
# The links of a sheet; where there are none, the place before what follows them.
_OWN_LINKS = re.compile("<hyperlinks>(.*)</hyperlinks>|(?=<printOptions|<pageMargins)")


@dataclass(frozen=True, slots=True)
class CellLink:
    """A text or number that leads to a place in another workbook, or in its own.

    Attributes:
        content: What the cell holds.
        target: The file, as a relation of the sheet names it; empty for the workbook itself.
        location: The place in it, as ``'Phụ lục'!D12``; empty for none.
    """

    content: str | float
    target: str
    location: str = ""


@dataclass(frozen=True, slots=True)
class OwnText:
    """A text that no other cell has, and that is long: it is not kept until the file is packed.

    Attributes:
        text: Letters that XML and a cell hold as they are.
    """

    text: str


LongCell = tuple[str | float | datetime | CellLink | OwnText | None, Format]  # None is a blank cell


class LongRow(NamedTuple):
    """One row: its cells from the first column on (None leaves a place as it is), its height.

    The height is in points, None for the ordinary one.
    """

    cells: Sequence[LongCell | None]
    height: float | None = None


class SheetXml:
    """The XML of a sheet in which one row stands for many, made anew with all of them."""

    def __init__(self, skeleton: str, row: int, looks: Sequence[Format], strings: SharedStrings):
        """Take apart *skeleton*, as XlsxWriter wrote it.

        Args:
            skeleton: The sheet with a blank cell of each look in its row *row*, and none below.
            row: The number of that row, and of the first of the many.
            looks: The formats that cells can have.
            strings: The workbook's texts.
        """
        start, end = skeleton.index(f'<row r="{row}"'), skeleton.index("</sheetData>")
        styles = _STYLE.findall(skeleton, start, end)
        self._styles = dict(zip(looks, styles, strict=True))
        self._before = skeleton[:start]
        # CT_Worksheet: sheetData … hyperlinks, printOptions, pageMargins. Links above the rows
        # lead to places in the workbook itself.
        links = _OWN_LINKS.search(skeleton, end)
        assert links is not None
        self._between, self._after = skeleton[end : links.start()], skeleton[links.end() :]
        self._first, self._strings = row, strings
        self._links = _Links(links[1] or "")

    def pieces(self, rows: Iterator[LongRow], count: int) -> Iterator[str]:
        """Yield the XML of the sheet with all of *rows*, piece by piece.

        Raises:
            ValueError: If there are not *count* of them.
        """
        yield self._before_with_size(count)
        number = self._first - 1
        for number, row in enumerate(rows, start=self._first):
            yield self._row(number, row)
        if number != self._first + count - 1:
            raise ValueError(f"{count} rows were said to come, the last came to row {number}")
        yield self._between
        yield from self._links.pieces()
        yield self._after

    @property
    def has_relations(self) -> bool:
        """Whether there are links to files; known after the pieces."""
        return bool(self._links.targets)

    def relations(self) -> Iterator[str]:
        """Yield the XML of the sheet's relations, one for each link, piece by piece."""
        yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        yield f'<Relationships xmlns="{PACKAGE_RELATION}">'
        for number, target in enumerate(self._links.targets, start=1):
            yield (
                f'<Relationship Id="rId{number}" Type="{RELATION}/hyperlink"'
                f' Target={quoteattr(target)} TargetMode="External"/>'
            )
        yield "</Relationships>"

    def _before_with_size(self, count: int) -> str:
        """Return what comes before the rows, in which the size of the sheet stands.

        A reader that finds none there may go through the whole sheet to learn it.
        """
        cells = _CELL.findall(self._before)
        width = max((_LETTERS.index(letters) for letters, _ in cells), default=0)
        last = max([self._first + count - 1 if count else 1, *(int(row) for _, row in cells)])
        size = f'<dimension ref="A1:{_LETTERS[width]}{last}"/>'
        return re.sub("<dimension [^>]*>", size, self._before, count=1)

    def _row(self, number: int, row: LongRow) -> str:
        height = "" if row.height is None else f' ht="{row.height:.16G}" customHeight="1"'
        pieces = [f'<row r="{number}"{height}>']
        for column, cell in enumerate(row.cells):
            if cell is None:
                continue
            content, look = cell
            if isinstance(content, CellLink):
                self._links.add(column, number, content)
                content = content.content
            start = f'<c r="{_LETTERS[column]}{number}" s="{self._styles[look]}"'
            pieces.append(self._cell(start, content))
        pieces.append("</row>")
        return "".join(pieces)

    def _cell(self, start: str, content: str | float | datetime | OwnText | None) -> str:
        match content:
            case None:
                return f"{start}/>"
            case int() | float():
                return f"{start}><v>{_finite(content)!r}</v></c>"
            case str():
                return f'{start} t="s"><v>{self._strings.place(content)}</v></c>'
            case datetime():
                return f"{start}><v>{(content - _EPOCH) / _DAY:.16G}</v></c>"
            case OwnText(text):
                return f'{start} t="inlineStr"><is><t>{escape(text)}</t></is></c>'


class _Links:
    """The links of a sheet. Of each of up to 65,530 that are kept until the end, a few bytes are.

    Attributes:
        targets: The file of each link that leads to one, in the order of their relations.
    """

    def __init__(self, own: str):
        """Begin with *own*, the XML of links that are there already.

        Raises:
            ValueError: If they lead to files, by relations of which nothing is known here.
        """
        if " r:id=" in own:
            raise ValueError("above rows that may be many no link can lead to a file")
        self._own = own
        self._numbers = array("I")  # of each its column, row, relation (0 is none) and location
        self._locations: dict[str, int] = {}
        self.targets: list[str] = []

    def add(self, column: int, row: int, link: CellLink) -> None:
        """Let a cell, its column counted from 0 and its row from 1, be a link."""
        if link.target:
            self.targets.append(link.target)
        relation = len(self.targets) if link.target else 0
        location = self._locations.setdefault(link.location, len(self._locations))
        self._numbers.extend((column, row, relation, location))

    def pieces(self) -> Iterator[str]:
        """Yield the XML of all links, nothing where there are none."""
        if not self._own and not self._numbers:
            return
        yield f"<hyperlinks>{self._own}"
        locations = [f" location={quoteattr(text)}" if text else "" for text in self._locations]
        numbers = iter(self._numbers)
        for column, row, relation, location in zip(numbers, numbers, numbers, numbers, strict=True):
            target = f' r:id="rId{relation}"' if relation else ""
            yield f'<hyperlink ref="{_LETTERS[column]}{row}"{target}{locations[location]}/>'
        yield "</hyperlinks>"


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"no cell can hold {number}")
    return number
