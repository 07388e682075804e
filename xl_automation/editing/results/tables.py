"""The computed columns and the totals of the supporting tables."""

from __future__ import annotations

from xl_automation.editing.results.state import Results, WorkbookState, plain_value
from xl_automation.reading.cells import Cell


def _refuse_beyond_reason(value: Cell) -> None:
    """Make sure that programs add a value alike."""
    if isinstance(value, (int, float)):
        plain_value(value)


def table_results(state: WorkbookState) -> Results:
    """Return the results of the sums on the supporting tables' sheets."""
    results: Results = {}
    for id, (table, column, row) in state.form.table_cells.items():
        if column.sum or not row:
            total, cell = state.figures.row(0).number(id), state.layout.cell(id)
            results.setdefault(table.sheet, {})[cell] = "" if total is None else total
        else:
            _refuse_beyond_reason(state.cells.tables.get(table.id, {}).get(state.layout.cell(id)))
    return results
