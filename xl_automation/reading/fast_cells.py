"""The cells of a file in one go, or None where they are written in an uncommon way.

What comes out is what :mod:`exact_cells` gives, for the columns that are read. Dates are the one
thing left to openpyxl, which is asked only where a cell that is read may show one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.forms.rule import SHOWN_META
from xl_automation.reading.cells import FAR_COLUMN, FAR_ROW, Cell, FormCells, Formula
from xl_automation.reading.locate import Located
from xl_automation.template import positions
from xl_automation.xlsx.address import column_letters
from xl_automation.xlsx.sheet_scan import Token, resolved, scan_sheet, scan_strings
from xl_automation.xlsx.styles import NumberFormat
from xl_automation.xlsx.xml_guard import SMALL

# The columns of the form's sheet that are read; the others hold formulas and checks.
_PAGE_COLUMNS = frozenset((*positions.PRINTED, positions.PREVIOUS, positions.PART, positions.WHOLE))
_NEAR_COLUMNS = frozenset(map(column_letters, range(1, FAR_COLUMN + 1)))
_ROW_DIGITS = len(str(FAR_ROW))
_DAYS = frozenset(positions.info_cell(positions.META_CELLS[id]) for id in SHOWN_META)
_FIRST_DAY, _LAST_DAY = 61, 2_958_465  # before, programs disagree by a day; after, there is none
_PLAIN = NumberFormat(0)
# What most workbooks of one round have in common, byte for byte: supporting tables left alone,
# and the strings of those filled by a program.
_scan_small = lru_cache(32)(scan_sheet)


@lru_cache(8)
def _shared_strings(content: bytes) -> tuple[str, ...] | None:
    strings = scan_strings(content)
    # openpyxl takes the sign for an escaped underscore out, and nothing more.
    return (
        None if strings is None else tuple(resolved(text).replace("x005F_", "") for text in strings)
    )


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
        scanned = (scan_sheet if len(content) > SMALL else _scan_small)(content)
        if scanned is None or scanned.strings > len(strings):
            return None
        reader.take(sheet, scanned.tokens)
    tables = {id: reader.cells[name] for id, name in place.sheets.table_sheets.items()}
    page, info = reader.cells[place.sheets.page], reader.cells[place.sheets.info]
    return FormCells(page, info, tables, reader.result)


@dataclass
class _Reader:
    """Makes values of what was scanned."""

    place: Located
    strings: Sequence[str]
    cells: dict[str, dict[str, Cell]] = field(default_factory=dict)
    formulas: dict[tuple[str, str], Token] = field(default_factory=dict)

    def take(self, sheet: str, tokens: Iterable[Token]) -> None:
        """Keep the cells of a sheet that are read; blank ones are left out."""
        wanted = _PAGE_COLUMNS if sheet == self.place.sheets.page else _NEAR_COLUMNS
        cells = self.cells[sheet] = {}
        for token in tokens:
            _, column, row, _, type, formula_tag, formula, value, inline, _ = token
            if column not in wanted or len(row) > _ROW_DIGITS:
                continue
            if formula_tag:
                self.formulas[sheet, column + row] = token
                cells[column + row] = Formula("=" + resolved(formula))
            elif value and type == "s":  # most of them
                if text := self.strings[int(value)]:
                    cells[column + row] = text
            elif value or inline:
                known = self._value(sheet, token)
                if known != "":
                    cells[column + row] = known

    def result(self, sheet: str, address: str) -> CellValue:
        """Return the result of a formula that was saved with it."""
        token = self.formulas.get((sheet, address))
        return None if token is None else self._value(sheet, token)

    def _value(self, sheet: str, token: Token) -> CellValue:
        _, column, row, style, type, _, _, value, inline, _ = token
        text = value or inline
        if not text:
            return None
        if type in ("", "n"):
            is_day = sheet == self.place.sheets.info and column + row in _DAYS
            return self._number(text, style, is_day)
        if type == "s":
            return self.strings[int(text)]
        if type == "b":
            return text == "1"
        return CellError(resolved(text)) if type == "e" else resolved(text)

    def _number(self, value: str, style: str, is_day: bool) -> CellValue:
        number = int(value) if value.lstrip("-").isdecimal() else float(value)
        index, formats = int(style or 0), self.place.formats
        form = formats[index] if index < len(formats) else _PLAIN
        if form.may_show_date and not (is_day and self._is_day(number, form)):
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
