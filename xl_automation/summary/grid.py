"""The columns of the first sheet: many, narrow and alike, so that all it shows stands in line.

What stands there takes several of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from xl_automation.summary.cell import SummaryCell, write_cell
from xl_automation.summary.print_setup import pixels
from xl_automation.summary.summary_workbook import SummaryWorkbook, height, one_line, set_widths

COLUMNS, COLUMN_WIDTH = 12, 11  # the width in characters
ROW_POINTS, PAGE_POINTS = 15.0, 495.0  # of an ordinary row; of all that are sure to fit on a page
COLUMN_PIXELS = pixels(COLUMN_WIDTH)


@dataclass(frozen=True, slots=True)
class Span:
    """Columns beside each other: the number of the first, from 1, and how many."""

    first: int
    count: int = 1


WHOLE, LEFT = Span(1, COLUMNS), Span(1, COLUMNS // 2)
HIDDEN = Span(COLUMNS + 2)  # what only charts read


class Grid:
    """A sheet that is cut into these columns. Rows count from 1.

    Attributes:
        summary: The summary.
        sheet: The sheet.
    """

    def __init__(self, summary: SummaryWorkbook, sheet: Worksheet):
        self.summary, self.sheet = summary, sheet
        self._heights: dict[int, float] = {}

    def lay_out(self) -> None:
        """Set the widths of the columns."""
        set_widths(self.sheet, [COLUMN_WIDTH] * COLUMNS)
        column = HIDDEN.first - 1
        self.sheet.set_column(column, column, COLUMN_WIDTH, None, {"hidden": True})

    def write(self, row: int, span: Span, cell: SummaryCell) -> None:
        """Write one cell that takes the columns of *span*."""
        first, look = span.first - 1, cell[1]
        if span.count > 1:
            self.sheet.merge_range(row - 1, first, row - 1, first + span.count - 1, "", look)
        write_cell(self.sheet, row - 1, first, cell)

    def link(self, row: int, span: Span, cell: SummaryCell, target: str) -> None:
        """Write a cell that leads to a place in the workbook, as ``'Sheet'!A1``.

        Its text is in one line: not every program wraps what is a link.
        """
        if isinstance(cell[0], str):
            cell = one_line(cell[0], span.count * COLUMN_WIDTH), cell[1]
        self.write(row, span, cell)
        self.sheet.write_url(row - 1, span.first - 1, f"internal:{target}", cell[1], "")
        write_cell(self.sheet, row - 1, span.first - 1, cell)

    def head(self, row: int, columns: Mapping[str, Span]) -> None:
        """Write the captions of a table."""
        for caption, span in columns.items():
            self.write(row, span, (caption, self.summary.head_look))
        self.fit(row, columns.items())

    def fit(self, row: int, texts: Iterable[tuple[str, Span]]) -> None:
        """Make a row as high as its wrapped texts need, beside what it has already."""
        wide = ((text, span.count * COLUMN_WIDTH) for text, span in texts)
        self.set_height(row, max(height(wide), self._heights.get(row, 0)))

    def set_height(self, row: int, points: float) -> None:
        """Set the height of a row."""
        self._heights[row] = points
        self.sheet.set_row(row - 1, points)

    def breaks(self, first: int, heads: Iterable[int]) -> Iterator[int]:
        """Yield the rows after which a page must end so that no head of a list is the last on it.

        Args:
            first: The first row of a page.
            heads: The rows of the heads below it.
        """
        used = 0.0
        for head in heads:
            used = (used + self._points(first, head - 1)) % PAGE_POINTS
            if used + self._points(head, head + 1) > PAGE_POINTS:
                yield head - 1
                used = 0.0
            first = head

    def _points(self, first: int, last: int) -> float:
        return sum(self._heights.get(row, ROW_POINTS) for row in range(first, last + 1))
