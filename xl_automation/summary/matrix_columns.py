"""How wide the matrix's columns are, how high their labels, and how they go onto printed pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from xl_automation.forms.form import Form
from xl_automation.forms.words import shown_id
from xl_automation.summary.places import MATRIX_COLUMNS, MatrixColumn, MatrixSection, SummaryPlaces
from xl_automation.summary.print_setup import MAX_PRINTED, SCALE, pixels
from xl_automation.summary.summary_workbook import one_line
from xl_automation.xlsx.row_height import Text, lines

WIDTHS: Mapping[MatrixColumn, int] = {"code": 9, "unit": 24, "status": 12, "error": 9, "warning": 9}
REPEATED: Sequence[MatrixColumn] = ("code", "unit")  # on each printed page
FIRST_FIGURE = len(MATRIX_COLUMNS) + 1
LABEL_SIZE = 10  # points
PRINT_SCALE = 70  # per cent: at it labels are as small as may be
_LABEL_LINE, _LABEL_PADDING = 13.5, 4.0  # points
_LABEL_LINES = 7  # a column is as wide as its label needs for so many, within its bounds
_NARROWEST, _WIDEST = 13, 28  # characters of a column of figures
_ALONE = 22  # and of one that is a section by itself, which has to hold its name
CONTINUED = " (tiếp)"  # how the name of a section ends where it goes on
_BOLD = 0.9  # of a column's characters that it has room for in bold
_ROOM = 0.92  # of a column: letters with accents come from a wider font in some programs
_PRINTED = MAX_PRINTED * SCALE // PRINT_SCALE  # pixels across a page
_BESIDE = sum(pixels(WIDTHS[name]) for name in REPEATED)
_STATE = sum(pixels(width) for name, width in WIDTHS.items() if name not in REPEATED)


@dataclass(frozen=True)
class MatrixColumns:
    """The columns of figures of one matrix, by their numbers."""

    places: SummaryPlaces

    @cached_property
    def labels(self) -> Mapping[int, str]:
        """What each column says that it is."""
        places, form = self.places, self.places.form
        figures = {column: _label(form, id) for id, column in places.figure_columns.items()}
        weights = {column: f"Quyền số của {id}" for id, column in places.weight_columns.items()}
        tables = {column: shown_id(form, id) for id, column in places.table_columns.items()}
        return figures | weights | tables

    @cached_property
    def widths(self) -> Mapping[int, int]:
        """How wide each column is, in characters."""
        alone = {one.first for one in self.places.sections if one.first == one.last}
        return {
            column: max(_width(label), _ALONE if column in alone else 0)
            for column, label in self.labels.items()
        }

    @property
    def height(self) -> float:
        """How high the row of labels is, in points."""
        needed = (_lines(label, self.widths[column]) for column, label in self.labels.items())
        return max(needed, default=1) * _LABEL_LINE + _LABEL_PADDING

    @cached_property
    def names(self) -> Mapping[int, str]:
        """The name of the section of each printed page, by the column in which the page begins."""
        names = {}
        for section in self.places.sections:
            for page in self.pages(section):
                more = "" if page[0] == section.first else CONTINUED
                room = int(_BOLD * sum(self.widths[column] for column in page)) - len(more)
                names[page[0]] = one_line(section.label, room) + more
        return names

    def pages(self, section: MatrixSection) -> Sequence[Sequence[int]]:
        """Return the columns of a section that stand on each printed page, about as wide on all.

        On the first page of all stands beside them how each unit does.
        """
        columns = range(section.first, section.last + 1)
        beside = _BESIDE + (_STATE if section.first == FIRST_FIGURE else 0)
        pages = self._filled(columns, _PRINTED, beside)
        for room in range(_BESIDE, _PRINTED, _NARROWEST):
            narrower = self._filled(columns, room, beside)
            if len(narrower) == len(pages):
                return narrower
        return pages

    def _filled(self, columns: Iterable[int], room: int, beside: int) -> list[list[int]]:
        """Return *columns* by page, each of *room* pixels, of which the first has some *beside*."""
        pages: list[list[int]] = [[]]
        used = beside
        for column in columns:
            width = pixels(self.widths[column])
            if pages[-1] and used + width > room:
                pages.append([])
                used = _BESIDE
            pages[-1].append(column)
            used += width
        return pages


def _label(form: Form, id: str) -> str:
    """Return the label of a figure, or of the numerator or denominator of one."""
    helped = form.helper_ids.get(id)
    return helped.helper.label(id) if helped and helped.helper else form.by_id[id].label


def _width(label: str) -> int:
    fitting = (
        width for width in range(_NARROWEST, _WIDEST) if _lines(label, width) <= _LABEL_LINES
    )
    return next(fitting, _WIDEST)


def _lines(label: str, width: int) -> int:
    return lines(Text(label, int(pixels(width) * _ROOM), size=LABEL_SIZE))
