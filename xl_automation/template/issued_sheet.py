"""What the sheets that are read look like when they are issued, and the codes of their rows.

The template writes by it, and the reader finds by it again what was moved: a hidden column says
of each row which it is, and the columns are known by a hidden row of codes or, on the printed page,
by their headings.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xl_automation.forms.form import Form
from xl_automation.forms.support_table import HELPER, TABLE, SupportTable
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address

TOTAL = "Tổng số"
# Those of two lines stand in the first.
_PAGE_HEADINGS = (
    *(f"{column}{positions.HEADER_ROW}" for column in (positions.STT, positions.LABEL)),
    *(f"{column}{positions.HEADER_ROW + 1}" for column in (positions.UNIT, positions.VALUE)),
    f"{positions.NOTE}{positions.HEADER_ROW}",
    *(
        f"{column}{positions.HEADER_ROW + 1}"
        for column in (positions.PREVIOUS, positions.PART, positions.WHOLE)
    ),
)
_CODED_INFO = "TT"  # how the codes of the information sheet's columns begin


@dataclass(frozen=True)
class IssuedSheet:
    """A sheet as it is issued. Addresses are those within the sheet.

    Attributes:
        name: Its name.
        code_column: The hidden column that holds the codes of the rows.
        code_row: The hidden row that holds the codes of the columns; None where headings do.
        rows: The row of each code.
        columns: By what each column is known: its code, or its heading.
        needed: The columns without which no row can be told from another.
        texts: What is printed in the rows that have codes.
        headings: What is printed above the columns that are read; more may follow behind a colon.
        names: The cell of each defined name.
        figures: The cells that are read, by the ids of what stands in them.
        computed: The ids of those that are issued with a formula.
    """

    name: str
    code_column: str
    code_row: int | None
    rows: Mapping[str, int]
    columns: Mapping[str, str]
    needed: frozenset[str]
    texts: Mapping[str, str]
    headings: Mapping[str, str]
    names: Mapping[str, str]
    figures: Mapping[str, str]
    computed: frozenset[str] = frozenset()


@lru_cache(8)
def issued_sheets(form: Form) -> tuple[IssuedSheet, ...]:
    """Return the sheets that are read: the form's own, the information, the supporting tables."""
    return (issued_page(Layout(form)), issued_info(), *map(issued_table, form.tables))


def issued_page(layout: Layout) -> IssuedSheet:
    """Return the form's own sheet; the code of a row is the name that its figure has or had."""
    form, rows = layout.form, layout.rows
    printed = zip(positions.PRINTED, ("stt", "label", "unit", "value", "note"), strict=True)
    columns = {**{column: form.header[key] for column, key in printed}, **positions.captions(form)}
    return IssuedSheet(
        name=form.sheet,
        code_column=positions.CODE,
        code_row=None,
        rows={item.name: rows[item.id] for item in form.indicators},
        columns=columns,
        needed=frozenset(positions.PRINTED) - {positions.NOTE},
        texts={
            f"{column}{rows[item.id]}": printed
            for item in form.indicators
            for column, printed in (
                (positions.STT, item.stt),
                (positions.LABEL, item.label),
                (positions.UNIT, item.unit),
            )
        },
        headings={cell: columns[Address(cell).column] for cell in _PAGE_HEADINGS},
        names={
            **{item.name: layout.cell(item.id) for item in form.figures},
            **{f"{HELPER}{id}": layout.cell(id) for id in form.helper_ids},
        },
        figures={id: layout.cell(id) for id in (*form.by_id, *form.helper_ids)},
        computed=frozenset(item.id for item in form.indicators if item.percent),
    )


def issued_info(later: Collection[str] = positions.LATER_CELLS) -> IssuedSheet:
    """Return the information sheet; the code of a row is the name of its cell.

    Args:
        later: Which of the cells that came later it was issued with.
    """
    absent = set(positions.LATER_CELLS) - set(later)
    rows = {name: row for name, row in positions.INFO_ROWS.items() if name not in absent}
    columns = positions.INFO_LABEL, positions.INFO_VALUE
    cells = {name: positions.info_cell(name) for name in rows}
    return IssuedSheet(
        name=positions.INFO_SHEET,
        code_column=positions.INFO_CODE,
        code_row=positions.INFO_CODE_ROW,
        rows={name: row for name, (row, _) in rows.items()},
        columns={column: f"{_CODED_INFO}:{column}" for column in columns},
        needed=frozenset(columns),
        texts={f"{positions.INFO_LABEL}{row}": label for row, label in rows.values()},
        headings={},
        names=cells,
        figures={name: cells[name] for name in rows if rows[name][0] < positions.INFO_FIXED_ROW},
        computed=frozenset(positions.INFO_COMPUTED),
    )


def issued_table(table: SupportTable) -> IssuedSheet:
    """Return the sheet of a supporting table."""
    first = positions.TABLE_FIRST_ROW
    totals = {positions.table_last_row(table): TOTAL} if table.has_totals else {}
    header = range(positions.TABLE_HEADER_ROW, first)
    sides = positions.TABLE_NUMBER, positions.TABLE_LABEL
    letters = {column.id: positions.table_column(table, column) for column in table.columns}
    return IssuedSheet(
        name=table.sheet,
        code_column=positions.table_code(table),
        code_row=positions.TABLE_CODE_ROW,
        rows={
            **{f"{table.name}:{row}": row for row in header},
            **{f"{TABLE}{id}": row for row, id in enumerate(table.row_ids(), start=first)},
            **dict.fromkeys([table.name] if totals else [], positions.table_last_row(table)),
        },
        columns={
            **{side: f"{table.name}:{side}" for side in sides},
            **{column: f"{table.name}.{id}" for id, column in letters.items()},
        },
        needed=frozenset(sides),
        texts={
            **{area.partition(":")[0]: text for area, text in table_headings(table)},
            **{f"{positions.TABLE_NUMBER}{first + at}": str(at + 1) for at in range(table.size)},
            **{f"{positions.TABLE_LABEL}{row}": text for row, text in enumerate(table.rows, first)},
            **{f"{positions.TABLE_LABEL}{row}": text for row, text in totals.items()},
        },
        headings={},
        names={table.name: positions.table_cell(table, table.columns[0], 1)},
        figures={
            f"{id}.{column.id}": f"{letters[column.id]}{row}"
            for row, id in enumerate(table.row_ids(), start=first)
            for column in table.inputs
        },
    )


def table_headings(table: SupportTable) -> Iterator[tuple[str, str]]:
    """Yield each heading of a supporting table: its cell, or the range that is merged, and it."""
    top, bottom = positions.TABLE_HEADER_ROW, positions.TABLE_FIRST_ROW - 1
    yield f"{positions.TABLE_NUMBER}{top}:{positions.TABLE_NUMBER}{bottom}", "TT"
    yield f"{positions.TABLE_LABEL}{top}:{positions.TABLE_LABEL}{bottom}", table.row_label
    groups: dict[str, list[str]] = {}
    for column in table.columns:
        letters = positions.table_column(table, column)
        groups.setdefault(column.group, []).append(letters)
        if column.group:
            yield f"{letters}{top + 1}", column.label
            yield f"{letters}{bottom}", column.number
        else:
            yield f"{letters}{top}:{letters}{bottom}", column.label
    for group, (first, *others) in groups.items():
        if group:
            yield f"{first}{top}:{others[-1]}{top}" if others else f"{first}{top}", group
