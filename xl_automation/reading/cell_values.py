"""Values of the cells of a file, from what was scanned of its sheets."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.forms.rule import SHOWN_META
from xl_automation.reading.cells import FAR_ROW, Cell, FormCells, Formula
from xl_automation.reading.locate import Located
from xl_automation.template import positions
from xl_automation.xlsx.excel_days import DAYS_TO_1904, FIRST_DAY, LAST_DAY
from xl_automation.xlsx.sheet_scan import ScannedCell
from xl_automation.xlsx.styles import NumberFormat

_DAYS = frozenset(positions.info_cell(positions.META_CELLS[id]) for id in SHOWN_META)
_PLAIN = NumberFormat(0)


def without_escapes(strings: Iterable[str]) -> tuple[str, ...]:
    """Return shared strings with the sign for an escaped underscore taken out, and nothing more."""
    return tuple(text.replace("x005F_", "") for text in strings)


@dataclass
class CellValues:
    """Makes values of what was scanned.

    Attributes:
        place: Where the sheets stand.
        strings: The shared strings.
        days_are_numbers: Whether a plain day may come as its serial number, which says as much.
        cells: The cells of each sheet, by address; blank ones are left out.
        formulas: Those of them that hold a formula.
    """

    place: Located
    strings: Sequence[str]
    days_are_numbers: bool = False
    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    formulas: dict[tuple[str, str], ScannedCell] = field(default_factory=dict)

    def take(self, sheet: str, scanned: Iterable[ScannedCell], columns: frozenset[str]) -> None:
        """Keep the cells of a sheet that stand in some columns and hold anything."""
        cells = self.cells[sheet] = {}
        for cell in scanned:
            if cell.column not in columns or cell.row > FAR_ROW:
                continue
            if cell.formula is not None:
                self.formulas[sheet, cell.address] = cell
                cells[cell.address] = Formula("=" + cell.formula)
            elif cell.value is not None:
                known = self._value(sheet, cell)
                if known != "":
                    cells[cell.address] = known

    def form_cells(self) -> FormCells:
        """Return the cells of all sheets that were taken."""
        sheets = self.place.sheets
        tables = {id: self.cells[name] for id, name in sheets.table_sheets.items()}
        return FormCells(self.cells[sheets.page], self.cells[sheets.info], tables, self.result)

    def result(self, sheet: str, address: str) -> CellValue:
        """Return the result of a formula that was saved with it."""
        cell = self.formulas.get((sheet, address))
        return None if cell is None else self._value(sheet, cell)

    def _value(self, sheet: str, cell: ScannedCell) -> CellValue:
        value = cell.value
        match cell.type:
            case "s":
                return None if value is None else self.strings[cast(int, value)]
            case "n":
                return None if value is None else self._number(sheet, cell, cast(float, value))
            case "e":
                return None if value is None else CellError(cast(str, value))
            case _:
                return value

    def _number(self, sheet: str, cell: ScannedCell, number: float) -> CellValue:
        formats = self.place.formats
        form = formats[cell.style] if formats else _PLAIN
        is_day = sheet == self.place.sheets.info and cell.address in _DAYS
        if form.may_show_date:
            if is_day and self._is_day(number, form):
                return number
            from xl_automation.reading.date_cells import as_shown  # loads openpyxl

            shown = as_shown(number, form, self.place.book.counts_from_1904)
            if not isinstance(shown, (int, float)):
                return shown
        if is_day and self.place.book.counts_from_1904:
            return number + DAYS_TO_1904
        if form.shows_truth:
            return bool(number)
        return Share(number) if form.shows_percent else number

    def _is_day(self, number: float, form: NumberFormat) -> bool:
        """Whether a cell that shows a date holds a plain day: its serial number says which."""
        return (
            self.days_are_numbers
            and not self.place.book.counts_from_1904
            and isinstance(number, int)
            and FIRST_DAY <= number <= LAST_DAY
            and "[" not in (form.code or "")
        )
