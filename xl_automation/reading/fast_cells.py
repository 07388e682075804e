"""The cells of a file in one go, or None where they are written in an uncommon way.

What comes out is what :mod:`exact_cells` gives, for the columns that are read. Dates are the one
thing left to openpyxl, which is asked only where a cell that is read may show one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import cast

from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.forms.rule import SHOWN_META
from xl_automation.reading.cells import FAR_COLUMN, FAR_ROW, Cell, FormCells, Formula
from xl_automation.reading.locate import Located
from xl_automation.template import positions
from xl_automation.xlsx.address import column_letters
from xl_automation.xlsx.remembered import remembered
from xl_automation.xlsx.sheet_scan import ScannedCell, scan_sheet
from xl_automation.xlsx.string_scan import scan_strings
from xl_automation.xlsx.styles import NumberFormat
from xl_automation.xlsx.xml_words import resolved

# The columns of the form's sheet that are read; the others hold formulas and checks.
_PAGE_COLUMNS = frozenset((*positions.PRINTED, positions.PREVIOUS, positions.PART, positions.WHOLE))
_NEAR_COLUMNS = frozenset(map(column_letters, range(1, FAR_COLUMN + 1)))
_DAYS = frozenset(positions.info_cell(positions.META_CELLS[id]) for id in SHOWN_META)
_FIRST_DAY, _LAST_DAY = 61, 2_958_465  # before, programs disagree by a day; after, there is none
_PLAIN = NumberFormat(0)
_scanned = remembered(32)(scan_sheet)  # supporting tables are left alone by most


@remembered(8)
def _shared_strings(content: bytes) -> tuple[str, ...] | None:
    strings = scan_strings(content)
    # openpyxl takes the sign for an escaped underscore out, and nothing more.
    return None if strings is None else tuple(text.replace("x005F_", "") for text in strings)


def read_fast(place: Located) -> FormCells | None:
    """Return the cells, or None where only :func:`exact_cells.read_exactly` can tell.

    Raises:
        Refusal: If a part is missing or damaged.
    """
    parts = place.package.parts
    part = place.strings_part
    strings = () if part is None else _shared_strings(parts.unchecked(part))
    if strings is None:
        return None
    reader = _Reader(place, strings)
    for sheet in place.sheets.all:
        content = parts.unchecked(place.part(sheet))
        scanned = _scanned(content)
        if scanned is None or scanned.strings > len(strings):
            return None
        reader.take(sheet, scanned.cells)
    tables = {id: reader.cells[name] for id, name in place.sheets.table_sheets.items()}
    page, info = reader.cells[place.sheets.page], reader.cells[place.sheets.info]
    return FormCells(page, info, tables, reader.result)


@dataclass
class _Reader:
    """Makes values of what was scanned."""

    place: Located
    strings: Sequence[str]
    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    formulas: dict[tuple[str, str], ScannedCell] = field(default_factory=dict)

    def take(self, sheet: str, scanned: Iterable[ScannedCell]) -> None:
        """Keep the cells of a sheet that are read; blank ones are left out."""
        wanted = _PAGE_COLUMNS if sheet == self.place.sheets.page else _NEAR_COLUMNS
        cells = self.cells[sheet] = {}
        for cell in scanned:
            if cell.column not in wanted or cell.row > FAR_ROW:
                continue
            if cell.formula is not None:
                self.formulas[sheet, cell.address] = cell
                cells[cell.address] = Formula("=" + resolved(cell.formula))
            elif cell.value is not None:
                known = self._value(sheet, cell)
                if known != "":
                    cells[cell.address] = known

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
        form = formats[cell.style] if cell.style < len(formats) else _PLAIN
        if form.may_show_date:
            is_day = sheet == self.place.sheets.info and cell.address in _DAYS
            if is_day and self._is_day(number, form):
                return number
            from xl_automation.reading.date_cells import as_shown  # loads openpyxl

            shown = as_shown(number, form, self.place.book.counts_from_1904)
            if not isinstance(shown, (int, float)):
                return shown
        return Share(number) if form.shows_percent else number

    def _is_day(self, number: float, form: NumberFormat) -> bool:
        """Whether a cell that shows a date holds a plain day: its serial number says which."""
        return (
            not self.place.book.counts_from_1904
            and isinstance(number, int)
            and _FIRST_DAY <= number <= _LAST_DAY
            and "[" not in (form.code or "")
        )
