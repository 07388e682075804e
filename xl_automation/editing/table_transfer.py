"""The supporting tables: rows go by their labels, columns by their headings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_automation.editing.old_workbook import OldLine, OldWorkbook
from xl_automation.editing.transfer import Transfer, carried, dropped_if_typed, together
from xl_automation.forms.form import Form
from xl_automation.forms.support_table import TABLE, SupportTable, TableColumn
from xl_automation.forms.words import same_text
from xl_automation.template import positions
from xl_automation.xlsx.address import Address


def table_transfers(old: OldWorkbook, form: Form) -> Transfer:
    """Return what becomes of the supporting tables of the old workbook."""
    tables = {table.id: table for table in form.tables}
    ids = (name.removeprefix(TABLE) for name in old.names if name.startswith(TABLE))
    return together(
        transfer for id in ids for transfer in _table_transfers(old, id, tables.get(id))
    )


def _table_transfers(old: OldWorkbook, id: str, table: SupportTable | None) -> Iterator[Transfer]:
    lines = list(old.lines(id))
    rows = _rows_of(table, [old.text(line.label) for line in lines])
    for line, row in zip(lines, rows, strict=True):
        if table is None or row is None:
            yield from _dropped_line(old, line)
            continue
        if row > len(table.rows):  # a row that the clerk labelled
            target = positions.TABLE_FIRST_ROW + row - 1
            label = Address.of(table.sheet, positions.TABLE_LABEL, target)
            yield carried(old, line.label, label)
        yield from _carried_line(old, line, table, row)


def _rows_of(table: SupportTable | None, labels: Sequence[str]) -> list[int | None]:
    """Return the row of each label: the printed one, or a free one that takes any label.

    None where there is no such row, or an earlier line of the same label has it.
    """
    rows: list[int | None] = []
    free = list(range(len(table.rows) + 1, table.size + 1)) if table else []
    printed = table.rows if table else ()
    for label in labels:
        same = (row for row, text in enumerate(printed, start=1) if same_text(text, label))
        row = next(same, None)
        if row is None and free:
            row = free.pop(0)
        rows.append(None if row in rows else row)
    return rows


def _dropped_line(old: OldWorkbook, line: OldLine) -> Iterator[Transfer]:
    label, why = old.text(line.label), "biểu mới không có dòng này"
    if line.label in old.unlocked:
        yield dropped_if_typed(old, line.label, label, why)
    for place in line.cells:
        if place != line.label:
            yield dropped_if_typed(old, place, label, why)


def _carried_line(
    old: OldWorkbook, line: OldLine, table: SupportTable, row: int
) -> Iterator[Transfer]:
    label = old.text(line.label)
    for place, heading in line.cells.items():
        column = _column_of(table, heading)
        if column is None or column.sum:
            yield dropped_if_typed(old, place, label, "biểu mới không có cột này")
        else:
            cell = positions.table_cell(table, column, row)
            yield carried(old, place, Address(f"{table.sheet}!{cell}"))


def _column_of(table: SupportTable, heading: tuple[str, str]) -> TableColumn | None:
    """Return the one column with these label and number, None where none or several have them."""
    same = [
        column
        for column in table.columns
        if same_text(column.label, heading[0])
        and same_text(column.number if column.group else "", heading[1])
    ]
    return same[0] if len(same) == 1 else None
