"""The texts of a workbook, each kept once; cells refer to them by number."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape

from xl_automation.xlsx.cell_text import cell_text, escaped

STRINGS_PART = "xl/sharedStrings.xml"
_COUNTS = re.compile(r' count="(\d+)" uniqueCount="(\d+)"')
_END = "</sst>"
_OUTER_SPACE = re.compile(r"\A\s|\s\Z")


class SharedStrings:
    """The table of texts that XlsxWriter wrote, and what is added behind them."""

    def __init__(self, written: str):
        """Go on from *written*, the XML of the table so far.

        Raises:
            ValueError: If it is not as XlsxWriter writes it.
        """
        counts = _COUNTS.search(written)
        if counts is None or not written.endswith(_END):
            raise ValueError(f"no table of texts: {written[:200]!r}")
        self._start, self._written = written[: counts.start()], written[counts.end() :]
        self._references, self._first = int(counts[1]), int(counts[2])
        self._places: dict[str, int] = {}

    def place(self, text: str) -> int:
        """Return the number by which one more cell refers to *text*."""
        self._references += 1
        return self._places.setdefault(text, self._first + len(self._places))

    def xml(self) -> Iterator[str]:
        """Yield the XML of the whole table, piece by piece."""
        counts = f' count="{self._references}" uniqueCount="{self._first + len(self._places)}"'
        yield self._start + counts + self._written.removesuffix(_END)
        for text in self._places:
            text = escaped(cell_text(text))
            space = ' xml:space="preserve"' if _OUTER_SPACE.search(text) else ""
            yield f"<si><t{space}>{escape(text)}</t></si>"
        yield _END
