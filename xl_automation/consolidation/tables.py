"""The supporting tables of many communes → one table by field, and who filled it.

Rows with a printed label are put together by their place, those that clerks label by what they
call the field: letter case, spaces and the place of tone marks aside.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from xl_automation.consolidation.intake import Intake
from xl_automation.forms.aggregate import Reports
from xl_automation.forms.numbers import plain
from xl_automation.forms.ratios import exact_sum
from xl_automation.forms.reporting_unit import ReportingUnit, folded
from xl_automation.forms.support_table import SupportTable
from xl_automation.reading.figures import Figures
from xl_automation.reading.submission import Submission

NO_LABEL, TOTAL = "(không ghi lĩnh vực)", "Tổng số"
TableValue = float | int | None
Numbers = Mapping[str, TableValue]  # by id of the column


@dataclass(frozen=True, slots=True)
class TableLine:
    """What one unit says of one field.

    Attributes:
        position: The unit, by its place among the communes that count.
        label: The field: in a combined table as that calls it, else as the unit does.
        numbers: What it reports, by column; None where there is no number.
        counted: What of it is in the totals: the same, unless the city left it out.
        texts: What stands in cells that hold no number, by column.
    """

    position: int
    label: str
    numbers: Numbers
    counted: Numbers
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class TableRow:
    """A field of a combined table, or its totals.

    Attributes:
        label: What it is called.
        filled: How many units have a number in it.
        values: The combined figure of each column, None where there is none.
        differing: The columns in which units differ that should all say the same.
    """

    label: str
    filled: int
    values: Numbers
    differing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CombinedTable:
    """A supporting table of many communes.

    Attributes:
        table: The table of the form.
        rows: Its fields: the printed ones, then those that clerks name, as they come up.
        total: Its totals.
        lines: What they are made of: a line for each field of each unit.
        missing: The units that owe a report and have no figure in it that counts.
        is_whole: Whether every unit whose report counts has one, so that the totals are of all.
    """

    table: SupportTable
    rows: tuple[TableRow, ...]
    total: TableRow
    lines: tuple[TableLine, ...]
    missing: tuple[ReportingUnit, ...]
    is_whole: bool


def combine_tables(
    intake: Intake, figures: Figures, reports: Reports
) -> Mapping[str, CombinedTable]:
    """Return each supporting table that has totals, of the communes that count, by its id.

    Args:
        intake: Whose submissions count.
        figures: The figures of the communes, in their order; the city's may follow.
        reports: The same as the totals combine them: without what the city left out.
    """
    return {
        table.id: _combined(table, intake, figures, reports)
        for table in intake.form.tables
        if table.has_totals
    }


def table_totals(tables: Mapping[str, CombinedTable]) -> Mapping[str, TableValue]:
    """Return the totals of the tables by id, for rules that hold them against other totals.

    Only those that can be compared: of a table that every unit filled, and on which those agree
    that should.
    """
    return {
        f"{id}.{column}": value
        for id, combined in tables.items()
        if combined.is_whole
        for column, value in combined.total.values.items()
        if column not in combined.total.differing
    }


def _combined(
    table: SupportTable, intake: Intake, figures: Figures, reports: Reports
) -> CombinedTable:
    lines = list(_lines(table, intake.communes, figures, reports))
    by_label: dict[str, list[Numbers]] = {label: [] for label in table.rows}
    for line in lines:
        by_label.setdefault(line.label, []).append(line.counted)
    totals = _columns(table, table.id, reports)
    of_units = [_at(totals, position) for position in range(len(intake.communes))]
    filled = {
        commune.unit_code
        for commune, numbers in zip(intake.communes, of_units, strict=True)
        if _is_any(numbers)
    }
    owing = intake.units or [
        ReportingUnit(commune.unit_code or "", commune.unit_name or "")
        for commune in intake.communes
    ]
    ids = [item.id for item in intake.form.figures]
    blank = np.isnan(np.array([reports.numbers(id) for id in ids]))
    is_left_out: list[bool] = np.all(blank, axis=0).tolist()
    return CombinedTable(
        table=table,
        rows=tuple(_row(table, label, numbers) for label, numbers in by_label.items()),
        total=_row(table, TOTAL, of_units),
        lines=tuple(sorted(lines, key=lambda line: line.position)),
        missing=tuple(unit for unit in owing if unit.code not in filled),
        is_whole=bool(filled)
        and all(
            out or commune.unit_code in filled
            for commune, out in zip(intake.communes, is_left_out, strict=True)
        ),
    )


def _row(table: SupportTable, label: str, units: Sequence[Numbers]) -> TableRow:
    """Return what units together say of one field."""
    values: dict[str, TableValue] = {}
    differing = []
    for column in table.columns:
        known = [value for value in (unit[column.id] for unit in units) if value is not None]
        values[column.id] = _sum(known)
        if table.is_shared:
            agree = len(set(known)) == 1
            values[column.id] = known[0] if agree else None
            differing += [column.id] if known and not agree else []
    return TableRow(label, sum(map(_is_any, units)), values, tuple(differing))


# --- lines -------------------------------------------------------------------------------------


def _lines(
    table: SupportTable, communes: Sequence[Submission], figures: Figures, reports: Reports
) -> Iterator[TableLine]:
    """Yield a line for each field of each unit, field by field."""
    fields: dict[str, list[TableLine]] = {folded(label): [] for label in table.rows}
    labels = dict(zip(fields, table.rows, strict=True))
    for line in _typed_lines(table, communes, figures, reports):
        fields.setdefault(folded(line.label), []).append(line)
    for key, typed in fields.items():
        names = Counter(line.label for line in typed)
        label = labels.get(key) or max(names, key=names.__getitem__) or NO_LABEL
        by_unit: dict[int, list[TableLine]] = {}
        for line in typed:
            by_unit.setdefault(line.position, []).append(line)
        for position, of_unit in by_unit.items():
            yield _together(position, label, of_unit)


def _typed_lines(
    table: SupportTable, communes: Sequence[Submission], figures: Figures, reports: Reports
) -> Iterator[TableLine]:
    """Yield each row in which a unit wrote a figure, with the unit's label."""
    printed = dict(zip(table.row_ids(), table.rows, strict=False))
    for row in table.row_ids():
        ids = [f"{row}.{column.id}" for column in table.inputs]
        is_filled = np.any([figures.take(id, "filled") for id in ids], axis=0)
        filled = np.flatnonzero(is_filled[: len(communes)]).tolist()
        if not filled:
            continue
        shown, counted = _columns(table, row, figures), _columns(table, row, reports)
        for position in filled:
            readings = communes[position].readings
            texts = {
                column.id: reading.text
                for column, id in zip(table.inputs, ids, strict=True)
                if (reading := readings.get(id)) and reading.number is None and reading.text
            }
            label = printed.get(row) or communes[position].row_labels.get(row, "")
            numbers = _at(shown, position), _at(counted, position)
            yield TableLine(position, label, *numbers, texts)


def _together(position: int, label: str, lines: Sequence[TableLine]) -> TableLine:
    """Return what one unit says of one field, be it in several rows."""
    texts: dict[str, str] = {}
    for line in lines:
        for column, text in line.texts.items():
            texts[column] = f"{texts[column]}; {text}" if column in texts else text
    shown, counted = (
        {column: _sum([numbers[column] for numbers in some]) for column in some[0]}
        for some in ([line.numbers for line in lines], [line.counted for line in lines])
    )
    return TableLine(position, label, shown, counted, texts)


# --- numbers -----------------------------------------------------------------------------------


def _columns(
    table: SupportTable, row: str, figures: Figures | Reports
) -> Mapping[str, Sequence[float]]:
    """Return the numbers of each column in a row, or in the totals; a number for each unit."""
    communes = figures.communes if isinstance(figures, Reports) else figures
    return {
        column.id: communes.take(f"{row}.{column.id}", "number").tolist()
        for column in table.columns
    }


def _at(columns: Mapping[str, Sequence[float]], position: int) -> Numbers:
    """Return the numbers of one unit."""
    numbers = {id: column[position] for id, column in columns.items()}
    return {id: None if math.isnan(number) else plain(number) for id, number in numbers.items()}


def _sum(values: Iterable[TableValue]) -> TableValue:
    """Return the sum of the numbers among *values*, None where there is none."""
    known = [float(value) for value in values if value is not None]
    total = exact_sum(np.array(known))
    return plain(round(total, 6)) if known and math.isfinite(total) else None


def _is_any(numbers: Numbers) -> bool:
    return any(value is not None for value in numbers.values())
