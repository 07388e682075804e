"""The computed columns and the totals of the supporting tables."""

from __future__ import annotations

from xl_automation.editing.results.state import Results, WorkbookState


def table_results(state: WorkbookState) -> Results:
    """Return the results of the sums on the supporting tables' sheets."""
    results: Results = {}
    for id, (table, column, row) in state.form.table_cells.items():
        total = state.beside(id)  # an input that nobody can tell leaves all of them unknown
        if column.sum or not row:
            cell = state.layout.cell(id)
            results.setdefault(table.sheet, {})[cell] = "" if total is None else total
    return results
