"""Where a figure stands that came in the summary of a lower level: in the matrix of that."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from pathlib import Path

from xl_automation.forms.form import Form
from xl_automation.reading.submission import Submission, Way
from xl_automation.summary.places import MATRIX, SummaryPlaces, matrix_column
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address


class LowerPlaces:
    """The places of the figures of reports that are no files of their own."""

    def __init__(self, form: Form, submissions: Iterable[Submission]):
        self._form = form
        self._ways: Mapping[Path, Way] = {one.path: one.way for one in submissions if one.way}

    def found(self, path: Path, place: Address | None) -> tuple[Path, Address | None]:
        """Return where a cell of a report is to be looked up; that of a file is where it is.

        A place that the matrix has not, or none, is the unit's name there.
        """
        way = self._ways.get(path)
        if way is None:
            return path, place
        column = self._columns.get(place) if place else None
        return way.summary, Address.of(MATRIX, column or matrix_column("unit"), way.row)

    @cached_property
    def _columns(self) -> Mapping[Address, int]:
        """The matrix's column of each figure, by its cell in the form."""
        places, layout = SummaryPlaces(self._form, 0), Layout(self._form)
        columns = {**places.figure_columns, **places.table_columns}
        return {layout.place(id): column for id, column in columns.items()}
