"""A sheet per supporting table: by field, live over a list of what each unit says of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.tables import CombinedTable, TableLine, TableRow
from xl_automation.forms.numbers import show
from xl_automation.forms.support_table import TableColumn
from xl_automation.summary.cell import LiveFormula, SummaryCell
from xl_automation.summary.left_out import EXCLUDED
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW
from xl_automation.summary.print_setup import print_over_pages
from xl_automation.summary.summary_workbook import (
    RED,
    SummaryWorkbook,
    caption_height,
    height,
    set_widths,
)
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address, column_letters
from xl_automation.xlsx.long_rows import LongCell, LongRow

LISTED = "Từng đơn vị"
DIFFERENT = "Các đơn vị ghi khác nhau, không tự cộng"
MAX_NAMED = 1_500  # characters: no row holds the names of thousands of units
CODE_WIDTH, LABEL_WIDTH, UNIT_WIDTH, FIGURE_WIDTH, NOTE_WIDTH = 9, 33, 22, 11, 20
WHOLE, FRACTION, UNITS = "#,##0", "#,##0.00", '0" đơn vị"'  # how numbers are shown
_SIDE = 3  # columns before those of the table


class _Looks(NamedTuple):
    """The formats of the list of units."""

    text: Format
    number: Format
    fraction: Format
    wrong: Format


@dataclass(frozen=True)
class _Sheet:
    """The sheet of one table, and where everything stands on it."""

    summary: SummaryWorkbook
    combined: CombinedTable

    @property
    def columns(self) -> Sequence[TableColumn]:
        return self.combined.table.columns

    @property
    def total_row(self) -> int:
        """The row of the totals, below the fields."""
        return FIRST_ROW + len(self.combined.rows)

    @property
    def missing_row(self) -> int:
        """The row that names who did not fill the table."""
        return self.total_row + 2

    @property
    def list_head(self) -> int:
        """The row over the list of units."""
        return self.missing_row + 1

    @property
    def last_row(self) -> int:
        """The last row of that list, which has one at least."""
        return self.list_head + max(len(self.combined.lines), 1)

    def listed(self, column: int) -> str:
        """Return the cells of the list in a column, counted from 1."""
        letters = column_letters(column)
        return f"${letters}${self.list_head + 1}:${letters}${self.last_row}"

    def field_cells(self, row: int, item: TableRow) -> Iterator[LiveFormula]:
        """Yield how many units filled a field, and its figure in each column."""
        is_field = f"({self.listed(2)}=$B{row})"
        inputs = [at for at, column in enumerate(self.columns) if not column.sum]
        numbers = _numbers(self.listed(_SIDE + 1 + at) for at in inputs)
        yield LiveFormula(f"=SUMPRODUCT({is_field}*(({numbers})>0))", item.filled)
        for at, column in enumerate(self.columns, start=_SIDE + 1):
            cells = self.listed(at)
            some = f"{is_field}*ISNUMBER({cells})"
            if self.combined.table.is_shared:
                last = f"LOOKUP(2,1/({some}),{cells})"
                figure = f'IF(SUMPRODUCT({some}*({cells}<>{last}))=0,{last},"")'
            else:
                figure = f"SUMPRODUCT({some},{cells})"
            formula = f'=IF(SUMPRODUCT({some})=0,"",{figure})'
            yield LiveFormula(formula, item.values[column.id])

    def total_cells(self) -> Iterator[LiveFormula]:
        """Yield the same of the totals, over the totals of the units in the matrix."""
        item, table = self.combined.total, self.combined.table
        by_column = {id: self.summary.places.table_units(id) for id in table.total_ids}
        numbers = _numbers(by_column.values())
        yield LiveFormula(f"=SUMPRODUCT((({numbers})>0)*1)", item.filled)
        for column, cells in zip(self.columns, by_column.values(), strict=True):
            figure = f"SUM({cells})"
            if table.is_shared:
                figure = f'IF(MAX({cells})=MIN({cells}),MAX({cells}),"")'
            yield LiveFormula(f'=IF(COUNT({cells})=0,"",{figure})', item.values[column.id])


def field_place(combined: CombinedTable, field: int, column: int) -> Address:
    """Return the cell of a figure of a table, fields and columns counted from 0.

    The totals follow the last field.
    """
    return Address.of(combined.table.sheet, _SIDE + 1 + column, FIRST_ROW + field)


def _numbers(areas: Iterable[str]) -> str:
    """Return how many numbers stand in each row of some areas, by formula.

    The 0 makes it a number where there is one area: to Excel ``FALSE > 0`` is true.
    """
    return "+".join(("0", *(f"ISNUMBER({cells})" for cells in areas)))


def write_table_sheet(summary: SummaryWorkbook, sheet: Worksheet, combined: CombinedTable) -> None:
    """Write a supporting table of all units: its fields, its totals, who says what."""
    own, table = _Sheet(summary, combined), combined.table
    summary.title(sheet, table.title)
    count = combined.total.filled + len(combined.missing)
    how = "số chung, không cộng" if table.is_shared else "cộng các đơn vị"
    text = f"{combined.total.filled} trên {count} đơn vị có số ({how})."
    bold = summary.format(bold=True)
    sheet.write_string(2, 0, text, bold)
    columns = _columns(combined)
    captions, widths = zip(*columns, strict=True)
    set_widths(sheet, widths)
    print_over_pages(sheet, widths, repeated=_SIDE)
    summary.head(sheet, captions)
    sheet.set_row(HEADER_ROW - 1, caption_height(columns))
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.repeat_rows(HEADER_ROW - 1)
    for number, item in enumerate(combined.rows, start=1):
        row = FIRST_ROW + number - 1
        sheet.set_row(row - 1, _line_height(item))
        summary.row(sheet, row, _line(summary, number, item, own.field_cells(row, item), {}))
    sheet.set_row(own.total_row - 1, _line_height(combined.total))
    cells = _line(summary, None, combined.total, own.total_cells(), {"bold": True})
    summary.row(sheet, own.total_row, cells)
    if combined.missing:
        _write_missing(summary, sheet, own, widths)
    sheet.write_string(own.list_head - 1, 0, LISTED, bold)
    looks = _Looks(
        text=summary.format(border=1, text_wrap=True, valign="top"),
        number=summary.format(border=1, num_format=WHOLE, valign="top"),
        fraction=summary.format(border=1, num_format=FRACTION, valign="top"),
        wrong=summary.format(border=1, font_color=RED, text_wrap=True, valign="top"),
    )
    rows = len(combined.lines)
    summary.workbook.long_rows(sheet, own.list_head + 1, rows, _listed(own, looks))


def _columns(combined: CombinedTable) -> Sequence[tuple[str, int]]:
    """Return the captions of the fields, which are those of the list too, with their widths."""
    return (
        ("TT / Mã", CODE_WIDTH),
        (combined.table.row_label, LABEL_WIDTH),
        ("Đơn vị", UNIT_WIDTH),
        *((_caption(column), FIGURE_WIDTH) for column in combined.table.columns),
        ("Ghi chú", NOTE_WIDTH),
    )


def _write_missing(
    summary: SummaryWorkbook, sheet: Worksheet, own: _Sheet, widths: Sequence[int]
) -> None:
    """Name who did not fill the table, in one line across it."""
    text = not_filled([unit.name for unit in own.combined.missing])
    row, last = own.missing_row - 1, len(widths) - 1
    sheet.merge_range(row, 0, row, last, "", summary.format(text_wrap=True, valign="top"))
    sheet.write_string(row, 0, text, summary.format(text_wrap=True, valign="top"))
    sheet.set_row(row, height([(text, sum(widths))]))


def not_filled(names: Sequence[str]) -> str:
    """Return who did not fill a table: as many names as a row has room for, and how many more."""
    shown, room = [], MAX_NAMED
    for name in map(quoted, names):
        room -= len(name) + 2
        if room < 0:
            break
        shown.append(name)
    more = f" và {show(len(names) - len(shown))} đơn vị khác" if len(shown) < len(names) else ""
    return f"{show(len(names))} đơn vị chưa điền: {', '.join(shown)}{more}."


def _caption(column: TableColumn) -> str:
    group = f"{column.group}: " if column.group else ""
    return f"{group}{column.label} {column.number}".strip()


def _line(
    summary: SummaryWorkbook,
    number: int | None,
    item: TableRow,
    formulas: Iterable[LiveFormula],
    style: Mapping[str, bool],
) -> list[SummaryCell]:
    """Return the cells of a field, or of the totals."""
    text = summary.format(border=1, text_wrap=True, **style)
    filled, *figures = formulas
    shown = (
        (formula, summary.format(border=1, num_format=_number_format(formula.value), **style))
        for formula in figures
    )
    count = (filled, summary.format(border=1, num_format=UNITS, align="left", **style))
    position = (number, summary.format(border=1, align="center", **style))
    return [position, (item.label, text), count, *shown, (_note(item), text)]


def _line_height(item: TableRow) -> float:
    return height([(item.label, LABEL_WIDTH), (_note(item), NOTE_WIDTH)])


def _note(item: TableRow) -> str:
    return DIFFERENT if item.differing else ""


def _number_format(value: object) -> str:
    return FRACTION if isinstance(value, float) else WHOLE


def _listed(own: _Sheet, looks: _Looks) -> Iterator[LongRow]:
    """Yield a row for each field of each unit."""
    communes = own.summary.result.communes
    for line in own.combined.lines:
        unit = communes[line.position]
        figures = (_figure(line, column.id, looks) for column in own.columns)
        name = unit.unit_name or ""
        names = ((text, looks.text) for text in (unit.unit_code or "", line.label, name))
        wrapped = ((line.label, LABEL_WIDTH), (name, UNIT_WIDTH))
        yield LongRow([*names, *figures], height(wrapped))


def _figure(line: TableLine, column: str, looks: _Looks) -> LongCell:
    """Return what a unit says in a column; what is in no total is a text there."""
    shown = line.numbers[column]
    if shown is None:
        return line.texts.get(column), looks.wrong
    if line.counted[column] is None:
        return f"{EXCLUDED}{show(shown)}", looks.wrong
    return shown, looks.fraction if isinstance(shown, float) else looks.number
