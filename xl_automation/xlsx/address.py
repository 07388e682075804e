"""The address of one cell."""

from __future__ import annotations

import re

from openpyxl.utils import (
    absolute_coordinate,
    column_index_from_string,
    get_column_letter,
    quote_sheetname,
)
from openpyxl.utils.cell import coordinate_from_string

_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,]+))!\$([A-Z]+)\$([0-9]+)")


class Address(str):
    """One cell as people and findings name it: ``Phụ lục!D12``; ``D12`` where the sheet is known.

    >>> place = Address("Phụ lục!D12")
    >>> place.sheet, place.cell, place.column, place.row
    ('Phụ lục', 'D12', 'D', 12)
    >>> place.reference, place.link
    ("'Phụ lục'!$D$12", "'Phụ lục'!D12")
    """

    __slots__ = ()

    @classmethod
    def of(cls, sheet: str, column: str | int, row: int) -> Address:
        """Return the address of a cell, its column given as letters or by number (A is 1)."""
        letters = column if isinstance(column, str) else get_column_letter(column)
        return cls(f"{sheet}!{letters}{row}" if sheet else f"{letters}{row}")

    @classmethod
    def parse(cls, reference: str) -> Address | None:
        """Return the cell that a name stands for, None where that is not one cell.

        >>> Address.parse("'Phụ lục'!$D$12"), Address.parse("Phụ_lục!$A$1:$B$2")
        ('Phụ lục!D12', None)
        """
        match = _ONE_CELL.fullmatch(reference)
        if match is None:
            return None
        quoted, plain, column, row = match.groups(default="")
        return cls.of(quoted.replace("''", "'") or plain, column, int(row))

    @property
    def sheet(self) -> str:
        """The name of the sheet; empty where it is not said."""
        return self.rpartition("!")[0]

    @property
    def cell(self) -> str:
        """The cell without its sheet: ``D12``."""
        return self.rpartition("!")[2]

    @property
    def column(self) -> str:
        """The letters of the column."""
        return coordinate_from_string(self.cell)[0]

    @property
    def row(self) -> int:
        """The number of the row, from 1."""
        return coordinate_from_string(self.cell)[1]

    @property
    def link(self) -> str:
        """The cell as links lead to it: ``'Phụ lục'!D12``."""
        return f"{quote_sheetname(self.sheet)}!{self.cell}"

    @property
    def reference(self) -> str:
        """The cell as formulas and defined names refer to it: ``'Phụ lục'!$D$12``."""
        cell = absolute_coordinate(self.cell)
        return f"{quote_sheetname(self.sheet)}!{cell}" if self.sheet else cell


def column_number(letters: str) -> int:
    """Return the number of a column, A being 1."""
    return column_index_from_string(letters)


def column_letters(number: int) -> str:
    """Return the letters of the column with this number, A being 1."""
    return get_column_letter(number)


def column_after(letters: str, steps: int) -> str:
    """Return the column that stands *steps* to the right.

    >>> column_after("Y", 2)
    'AA'
    """
    return get_column_letter(column_index_from_string(letters) + steps)
