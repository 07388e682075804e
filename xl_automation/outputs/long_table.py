"""A consolidation as one long table: a row for each figure of each unit, and for each total.

What other programs read: nothing is laid out, nothing is merged, every row says where it is from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import pandas as pd

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import LeftOut
from xl_automation.consolidation.tables import TOTAL, CombinedTable, TableRow
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_label
from xl_automation.reading.figures import FigureRow
from xl_automation.summary.places import SummaryPlaces
from xl_automation.summary.table_sheets import field_place

TOTAL_SCOPE, UNIT_SCOPE = "total", "unit"
# What a figure of a unit is. The code of one that is absent follows: ``absent:KAD``.
REPORTED, COMPUTED, BLANK, UNREADABLE = "reported", "computed", "blank", "unreadable"
ABSENT, LEFT_OUT, MISSING = "absent", "left-out", "missing"
# And a total: of all units that owe a report, of some of them, of none.
COMPLETE, INCOMPLETE, NONE = "complete", "incomplete", "none"
FIGURE, SUM, APPENDIX, FILLED, CODE = "figure", "total", "appendix", "filled", "code"
_BETWEEN = " · "


class LongRow(NamedTuple):
    """One row of the long table; its fields are the columns, in this order.

    Attributes:
        form: The id of the form.
        period: The code of the period.
        scope: ``unit`` or ``total``.
        unit_code: The code of the unit; empty for a total.
        unit_name: Its name.
        id: The row of the form, a helper, or a cell of a supporting table.
        stt: Its number as printed.
        label: What it is called.
        measure: ``figure`` of a unit; of a total ``total`` (A), ``appendix`` (B), ``filled``: of
            how many units it is; ``code:1``: how many chose a code.
        value: The number; None where there is none.
        state: What it is, see above.
        note: What the unit notes, or how the total came about.
        file: The file that it stands in.
        sha256: The hash of that file.
        cell: The cell there.
    """

    form: str
    period: str
    scope: str
    unit_code: str
    unit_name: str
    id: str
    stt: str
    label: str
    measure: str
    value: float | None
    state: str
    note: str
    file: str
    sha256: str
    cell: str


COLUMNS = LongRow._fields


@dataclass(frozen=True, slots=True)
class SourceFile:
    """The summary that a consolidation was read from."""

    name: str
    sha256: str


def long_table(result: Consolidation, source: SourceFile) -> pd.DataFrame:
    """Return all figures of *result*, those of the units first.

    Args:
        result: The consolidation that a summary holds.
        source: The summary, where the totals stand.

    Returns:
        The columns of :class:`LongRow`; ``value`` is float64, the others are texts.
    """
    table = _LongTable(result, source)
    frame = pd.DataFrame([*table.unit_rows(), *table.total_rows()], columns=list(COLUMNS))
    return frame.astype({"value": "float64"})


class _Named(NamedTuple):
    """What a figure is called."""

    id: str
    stt: str
    label: str


@dataclass(frozen=True)
class _LongTable:
    """The rows of one consolidation."""

    result: Consolidation
    source: SourceFile

    @cached_property
    def _rows(self) -> Mapping[str, _Named]:
        """The figures of the form, its helpers and the cells of its supporting tables."""
        form = self.result.form
        named = {item.id: _Named(item.id, item.stt, item.label) for item in form.figures}
        for id, item in form.helper_ids.items():
            assert item.helper is not None
            named[id] = _Named(id, item.stt, _joined(item.label, item.helper.label(id)))
        for id, (table, column, row) in form.table_cells.items():
            if row:
                label = table.rows[row - 1] if row <= len(table.rows) else f"Dòng {row}"
                named[id] = _Named(id, "", _joined(table.title, label, column.title))
        return named

    @cached_property
    def _open_cells(self) -> Mapping[str, str]:
        """The row that a clerk labels, of each cell in one."""
        cells = self.result.form.table_cells.items()
        return {id: f"{table.id}.{row}" for id, (table, _, row) in cells if row > len(table.rows)}

    @cached_property
    def _left_out(self) -> Mapping[tuple[str, str], LeftOut]:
        return {(left.unit, left.indicator): left for left in self.result.left_out}

    def _row(self, scope: str, unit: tuple[str, str], named: _Named, *rest: object) -> LongRow:
        period = self.result.period.code if self.result.period else ""
        return LongRow(self.result.form.id, period, scope, *unit, *named, *rest)  # type: ignore[arg-type]

    # --- units -------------------------------------------------------------------------------

    def unit_rows(self) -> Iterator[LongRow]:
        """Yield the figures of each unit that sent a report, then those that did not."""
        for row in self.result.figures.rows():
            yield from self._figures(row)
        figures = [self._rows[item.id] for item in self.result.form.figures]
        for unit in self.result.missing:
            for named in figures:
                yield self._row(
                    UNIT_SCOPE, (unit.code, unit.name), named, FIGURE, None, MISSING, "", "", "", ""
                )

    def _figures(self, row: FigureRow) -> Iterator[LongRow]:
        submission, form = row.submission, self.result.form
        unit = submission.unit_code or "", submission.unit_name or ""
        below = submission.way.names[1:] if submission.way else ()  # than the summary itself
        file = "/".join((*below, submission.path.name))
        for id, named in self._rows.items():
            state, note = self._state(row, id, unit[0])
            if id not in form.by_id and state == BLANK:
                continue  # helpers and supporting tables are optional: only what is there
            own = submission.row_labels.get(self._open_cells.get(id, ""))
            yield self._row(
                UNIT_SCOPE,
                unit,
                named._replace(label=_joined(named.label, own)) if own else named,
                FIGURE,
                row.number(id),
                state,
                note,
                file,
                submission.sha256,
                str(row.place(id)),
            )

    def _state(self, row: FigureRow, id: str, code: str) -> tuple[str, str]:
        """Return what a figure of a unit is, and what is noted of it."""
        reading, note = row.reading(id), row.submission.notes.get(id, "")
        if left := self._left_out.get((code, id)):
            return LEFT_OUT, _joined(left.reason, note)
        if row.number(id) is not None:
            return (COMPUTED if reading is None else REPORTED), note
        if reading is None or reading.blank:
            return BLANK, note
        if reading.absence:
            return f"{ABSENT}:{reading.absence}", note
        return UNREADABLE, _joined(reading.text, note)

    # --- totals ------------------------------------------------------------------------------

    def total_rows(self) -> Iterator[LongRow]:
        """Yield the totals of each row of the form, then those of the supporting tables."""
        result, places = self.result, SummaryPlaces(self.result.form, len(self.result.units))
        for item in result.form.figures:
            total, named = result.totals[item.id], self._rows[item.id]
            expected = 1 if aggregate_of(item).is_city else result.expected
            state = self._completeness(total.filled, total.absent, expected)
            cell = str(places.totals_cell("total", item.id))
            yield self._total(named, SUM, total.value, state, total.note, cell)
            own = result.appendix[item.id]
            at = str(places.totals_cell("appendix", item.id))
            if isinstance(own, str):
                yield self._total(named, APPENDIX, None, f"{ABSENT}:{own}", "", at)
            else:
                yield self._total(named, APPENDIX, own, BLANK if own is None else COMPUTED, "", at)
            at = str(places.totals_cell("filled", item.id))
            yield self._total(named, FILLED, total.filled, state, "", at)
            for code, count in result.code_counts.get(item.id, {}).items():
                words = code_label(item, code)
                yield self._total(named, f"{CODE}:{code}", count, state, words, cell)
        for combined in result.tables.values():
            yield from self._table(combined)

    def _total(
        self, named: _Named, measure: str, value: float | None, state: str, note: str, cell: str
    ) -> LongRow:
        said = named, measure, value, state, note
        return self._row(TOTAL_SCOPE, ("", ""), *said, self.source.name, self.source.sha256, cell)

    def _completeness(self, filled: int, absent: Mapping[str, int], expected: int) -> str:
        if not filled:
            return NONE
        whole = self.result.form.is_whole(filled, absent, expected)
        return COMPLETE if whole else INCOMPLETE

    def _table(self, combined: CombinedTable) -> Iterator[LongRow]:
        lines: list[tuple[str, TableRow]] = [
            (f"{combined.table.id}.{number}", row) for number, row in enumerate(combined.rows, 1)
        ]
        for line, (prefix, row) in enumerate([*lines, (combined.table.id, combined.total)]):
            for place, column in enumerate(combined.table.columns):
                label = TOTAL if row is combined.total else row.label
                text = _joined(combined.table.title, label, column.title)
                named = _Named(f"{prefix}.{column.id}", "", text)
                state = self._completeness(row.filled, {}, self.result.expected)
                cell = str(field_place(combined, line, place))
                yield self._total(named, SUM, row.values[column.id], state, "", cell)


def _joined(*texts: str | None) -> str:
    return _BETWEEN.join(filter(None, texts))
