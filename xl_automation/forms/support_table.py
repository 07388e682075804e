"""The optional tables on sheets of their own (biểu kèm theo), as the form declares them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from xl_automation.forms.vocabulary import TableAggregate

# How the defined names of cells begin: figures, helpers, first cells of supporting tables.
FIGURE, HELPER, TABLE = "CT_", "PT_", "BANG_"
SHARED: TableAggregate = "shared"
NONE: TableAggregate = "none"


@dataclass(frozen=True, slots=True)
class TableColumn:
    """One column of a supporting table; with ``sum`` it is computed from others of its row."""

    id: str
    label: str
    group: str = ""
    number: str = ""
    sum: tuple[str, ...] = ()

    @property
    def title(self) -> str:
        """How the messages of its cells are headed."""
        return f"{self.number} {self.label}".strip()


@dataclass(frozen=True, slots=True)
class SupportTable:
    """An optional table on a sheet of its own, whose totals are checked against the form.

    Its cells have the ids ``<table>.<row>.<column>``, rows counted from 1, and its totals
    ``<table>.<column>``. Where its rows count different things, it has none.

    Attributes:
        note: What the clerk should know; it stands below the table and is not printed.
        rows: The labels of its rows.
        open_rows: How many rows more the clerk labels.
        dates: The labels of those rows that hold a date: to formulas, a number of days.
        unit: What its figures count, as printed above it.
        aggregate: How a city combines it, field by field: ``sum`` adds the units, ``shared``
            takes the one figure that all of them report, ``none`` takes nothing: each row says
            something else of one unit, and nothing is added.
    """

    id: str
    sheet: str
    title: str
    note: str
    row_label: str
    columns: tuple[TableColumn, ...]
    rows: tuple[str, ...] = ()
    open_rows: int = 0
    dates: tuple[str, ...] = ()
    unit: str = ""
    aggregate: TableAggregate = "sum"

    @property
    def name(self) -> str:
        """The defined name of its first cell to fill."""
        return f"{TABLE}{self.id}"

    @property
    def is_shared(self) -> bool:
        """Whether all units report the same figures, so that they are never added."""
        return self.aggregate == SHARED

    @property
    def has_totals(self) -> bool:
        """Whether its rows are added, those of a unit and those of many units."""
        return self.aggregate != NONE

    def is_date(self, row: int) -> bool:
        """Whether a row holds a date; row 0 is the totals."""
        return 0 < row <= len(self.rows) and self.rows[row - 1] in self.dates

    @property
    def size(self) -> int:
        """How many rows it has; those without a label are labelled by the clerk."""
        return len(self.rows) + self.open_rows

    @property
    def inputs(self) -> tuple[TableColumn, ...]:
        """The columns that a clerk fills."""
        return tuple(column for column in self.columns if not column.sum)

    @property
    def total_ids(self) -> tuple[str, ...]:
        """The ids of its totals."""
        columns = self.columns if self.has_totals else ()
        return tuple(f"{self.id}.{column.id}" for column in columns)

    def row_ids(self) -> Iterator[str]:
        """Yield the id of each row."""
        return (f"{self.id}.{row}" for row in range(1, self.size + 1))

    def open_row_ids(self) -> Iterator[str]:
        """Yield the id of each row that the clerk labels."""
        return islice(self.row_ids(), len(self.rows), None)
