"""Rows of a sheet that may be many: made into XML one by one, while the file is packed.

XlsxWriter makes the workbook but for these rows: it would keep every cell of them until the end,
and its ``constant_memory`` spares the memory but not the time.
"""

from __future__ import annotations

import math
import re
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


@dataclass(frozen=True, slots=True)
class CellLink:
    """A text that leads to a place in another workbook, or in its own.

    Attributes:
        text: What the cell shows.
        target: The file, as a relation of the sheet names it; empty for the workbook itself.
        location: The place in it, as ``'Phụ lục'!D12``; empty for none.
    """

    text: str
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
        # CT_Worksheet: sheetData … hyperlinks, printOptions, pageMargins.
        margins = re.compile("<printOptions|<pageMargins").search(skeleton, end)
        assert margins is not None
        self._between, self._after = skeleton[end : margins.start()], skeleton[margins.start() :]
        self._first, self._strings = row, strings
        self._links: list[str] = []
        self._targets: list[str] = []

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
        if self._links:
            yield f"<hyperlinks>{''.join(self._links)}</hyperlinks>"
        yield self._after

    @property
    def has_relations(self) -> bool:
        """Whether there are links; known after the pieces."""
        return bool(self._targets)

    def relations(self) -> Iterator[str]:
        """Yield the XML of the sheet's relations, one for each link, piece by piece."""
        yield '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        yield f'<Relationships xmlns="{PACKAGE_RELATION}">'
        for number, target in enumerate(self._targets, start=1):
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
        styles, place = self._styles, self._strings.place
        for letters, cell in zip(_LETTERS, row.cells, strict=False):
            if cell is None:
                continue
            content, look = cell
            start = f'<c r="{letters}{number}" s="{styles[look]}"'
            match content:
                case None:
                    pieces.append(f"{start}/>")
                case int() | float():
                    pieces.append(f"{start}><v>{_finite(content)!r}</v></c>")
                case str():
                    pieces.append(f'{start} t="s"><v>{place(content)}</v></c>')
                case datetime():
                    pieces.append(f"{start}><v>{(content - _EPOCH) / _DAY:.16G}</v></c>")
                case OwnText(text):
                    inline = f"<is><t>{escape(text)}</t></is>"
                    pieces.append(f'{start} t="inlineStr">{inline}</c>')
                case CellLink():
                    self._link(f"{letters}{number}", content)
                    pieces.append(f'{start} t="s"><v>{place(content.text)}</v></c>')
        pieces.append("</row>")
        return "".join(pieces)

    def _link(self, cell: str, link: CellLink) -> None:
        target = ""
        if link.target:
            self._targets.append(link.target)
            target = f' r:id="rId{len(self._targets)}"'
        location = f" location={quoteattr(link.location)}" if link.location else ""
        self._links.append(f'<hyperlink ref="{cell}"{target}{location}/>')


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(f"no cell can hold {number}")
    return number
