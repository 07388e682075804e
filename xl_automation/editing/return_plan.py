"""What is marked, opened and said in one workbook that is given back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from xl_automation.checks.finding import Finding
from xl_automation.forms.form import Form
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address


@dataclass(frozen=True, slots=True)
class ReturnPlan:
    """What is marked, opened and said; sheets have the names they were issued with.

    Attributes:
        marked: The cells that carry the mark.
        opened: The cells that accept typing; every other cell is locked.
        reasons: The text of every cell for reasons, None where its row goes back for nothing.
    """

    marked: tuple[Address, ...]
    opened: tuple[Address, ...]
    reasons: Mapping[Address, str | None]

    @property
    def touched(self) -> tuple[Address, ...]:
        """The cells that have to be there to be marked or opened."""
        return tuple(dict.fromkeys((*self.opened, *self.marked)))


def plan_return(
    layout: Layout,
    submission: Submission,
    findings: Sequence[Finding],
    computed: Set[Address] = frozenset(),
) -> ReturnPlan:
    """Return what is done to the workbook of *submission* for *findings*.

    Args:
        layout: Where everything stands.
        submission: What the workbook says.
        findings: Why it goes back.
        computed: The cells of the information sheet that hold formulas: they stay locked.
    """
    wants = _Wants(layout, submission, computed, _ids(layout), _typed_labels(layout))
    marked: dict[Address, None] = {}
    opened: dict[Address, None] = {}
    reasons: dict[tuple[str, int], list[str]] = {}
    for finding in findings:
        to_mark = list(wants.marked(finding))
        marked |= dict.fromkeys(to_mark)
        opened |= dict.fromkeys(wants.opened(finding))
        opened |= dict.fromkeys(_notes(layout, to_mark))
        for place in to_mark:
            reasons.setdefault((place.sheet, place.row), []).append(finding.reason)
    texts = {
        cell: " · ".join(dict.fromkeys(reasons.get((cell.sheet, cell.row), ()))) or None
        for cell in reason_cells(layout)
    }
    return ReturnPlan(tuple(marked), tuple(opened), texts)


def places_of(layout: Layout, finding: Finding) -> tuple[Address, ...]:
    """Return where to look: the cells that a finding names, or else those of its rows."""
    return finding.cells or tuple(map(layout.place, finding.indicators))


def reason_cells(layout: Layout) -> Iterator[Address]:
    """Yield the cell for reasons of each row that can have one."""
    form = layout.form
    for row in layout.rows.values():
        yield Address.of(form.sheet, positions.RETURNED, row)
    for row, _ in positions.INFO_ROWS.values():
        yield Address.of(positions.INFO_SHEET, positions.INFO_RETURNED, row)
    for table in form.tables:
        for row in range(positions.TABLE_FIRST_ROW, positions.table_last_row(table) + 1):
            yield Address.of(table.sheet, positions.table_returned(table), row)


def _ids(layout: Layout) -> dict[Address, str]:
    """Return the id of each cell that has one: figures, helpers, supporting cells."""
    form = layout.form
    return {layout.place(id): id for id in (*form.by_id, *form.helper_ids, *form.table_cells)}


def _typed_labels(layout: Layout) -> Set[Address]:
    """Return the cells in which clerks name rows of supporting tables."""
    return {
        Address(f"{table.sheet}!{positions.table_label(row)}")
        for table in layout.form.tables
        for row in range(len(table.rows) + 1, table.size + 1)
    }


def _notes(layout: Layout, places: Sequence[Address]) -> Iterator[Address]:
    """Yield the cells for notes beside *places*."""
    noted = {layout.rows[item.id] for item in layout.form.figures}
    for place in places:
        if place.sheet == layout.form.sheet and place.row in noted:
            yield Address.of(place.sheet, positions.NOTE, place.row)


@dataclass(frozen=True, slots=True)
class _Wants:
    """What the findings about one workbook want done to its cells."""

    layout: Layout
    submission: Submission
    computed: Set[Address]
    ids: Mapping[Address, str]
    labels: Set[Address]

    def marked(self, finding: Finding) -> Iterator[Address]:
        """Yield the cells that a finding names, and those that it wants changed.

        Optional helpers need no filling, so they are opened without a mark.
        """
        cells = places_of(self.layout, finding)
        yield from cells
        for id in self._inputs(cells):
            if id not in self.layout.form.helper_ids:
                yield self.layout.place(id)

    def opened(self, finding: Finding) -> Iterator[Address]:
        """Yield the cells that a clerk may change to settle a finding, but for the notes."""
        for cell in places_of(self.layout, finding):
            if cell in self.ids:
                yield from map(self.layout.place, self._inputs([cell]))
            elif cell in self.labels or self._is_open_info(cell):
                yield cell

    def _is_open_info(self, cell: Address) -> bool:
        return cell.sheet == positions.INFO_SHEET and cell not in self.computed

    def _inputs(self, cells: Sequence[Address]) -> Iterator[str]:
        for cell in cells:
            if cell in self.ids:
                yield from _inputs(self.layout.form, self.submission, self.ids[cell])


def _inputs(form: Form, submission: Submission, id: str) -> Iterator[str]:
    """Yield the cells that a clerk can change to settle a finding about a cell, by id.

    Of a computed cell these are what it is computed from; itself only where its formula was
    typed over. A heading's own cell opens, to be cleared.
    """
    if id in form.table_cells:
        table, column, row = form.table_cells[id]
        for part in table.inputs:
            if part is column or part.id in column.sum:
                for number in (row,) if row else range(1, table.size + 1):
                    yield f"{table.id}.{number}.{part.id}"
        return
    item = form.by_id.get(id)
    if item is None or not item.is_computed or id in submission.readings:
        yield id
    if item is not None and item.percent is not None:
        for ref in item.percent.refs:
            yield from _inputs(form, submission, ref)
