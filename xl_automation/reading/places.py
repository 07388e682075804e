"""Where the reader looks in a workbook of a form, worked out once for each form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.reading.cells import issued_formulas
from xl_automation.template import positions
from xl_automation.template.issued_sheet import IssuedSheet, issued_page, issued_table
from xl_automation.template.layout import Layout


@dataclass(frozen=True, slots=True)
class Places:
    """The cells that are read, by their addresses within their sheets.

    Attributes:
        page: The form's own sheet as it was issued.
        issued_tables: Each supporting table's, by the table's id.
        rows: Each row of the form, with the cell of its figure.
        notes: The cell of the note of each figure, by id.
        previous: The cell of the earlier figure of each figure, by id.
        helpers: The cell of each helper, by id.
        tables: Of each supporting input: id, id and name of its table, and its cell.
        row_labels: Of each open row of a supporting table: id, id and name of its table, and the
            cell of its label.
        issued: The formula that each percentage's cell was issued with, by id.
    """

    page: IssuedSheet
    issued_tables: Mapping[str, IssuedSheet]
    rows: tuple[tuple[Indicator, str], ...]
    notes: Mapping[str, str]
    previous: Mapping[str, str]
    helpers: Mapping[str, str]
    tables: tuple[tuple[str, str, str, str], ...]
    row_labels: tuple[tuple[str, str, str, str], ...]
    issued: Mapping[str, str]


@lru_cache(8)
def places_of(form: Form) -> Places:
    """Return where the reader looks in a workbook of *form*."""
    layout = Layout(form)
    figures = {item.id: layout.rows[item.id] for item in form.figures}
    return Places(
        page=issued_page(layout),
        issued_tables={table.id: issued_table(table) for table in form.tables},
        rows=tuple((item, layout.cell(item.id)) for item in form.indicators),
        notes={id: f"{positions.NOTE}{row}" for id, row in figures.items()},
        previous={id: f"{positions.PREVIOUS}{row}" for id, row in figures.items()},
        helpers={id: layout.cell(id) for id in form.helper_ids},
        tables=tuple(
            (id, table.id, table.name, positions.table_cell(table, column, row))
            for id in form.table_inputs
            for table, column, row in [form.table_cells[id]]
        ),
        row_labels=tuple(
            (id, table.id, table.name, positions.table_label(row))
            for table in form.tables
            for row, id in enumerate(table.open_row_ids(), start=len(table.rows) + 1)
        ),
        issued=issued_formulas(layout),
    )
