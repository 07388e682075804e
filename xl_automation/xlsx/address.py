"""The address of one cell."""

from __future__ import annotations

import re

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_CELL = re.compile(r"\$?([A-Z]+)\$?([0-9]+)")
_ONE_CELL = re.compile(r"(?:'((?:[^']|'')+)'|([^'!,]+))!\$([A-Z]{1,3})\$([1-9][0-9]{0,6})")

_LONGEST = 300  # an address has 80 characters at most, where a sheet's name has 31


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
        letters = column if isinstance(column, str) else column_letters(column)
        return cls(f"{sheet}!{letters}{row}" if sheet else f"{letters}{row}")

    @classmethod
    def parse(cls, reference: str) -> Address | None:
        """Return the cell that a name stands for, None where that is not one cell.

        >>> Address.parse("'Phụ lục'!$D$12"), Address.parse("Phụ_lục!$A$1:$B$2")
        ('Phụ lục!D12', None)
        """
        match = _ONE_CELL.fullmatch(reference) if len(reference) <= _LONGEST else None
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
        return self._column_and_row[0]

    @property
    def row(self) -> int:
        """The number of the row, from 1."""
        return int(self._column_and_row[1])

    @property
    def _column_and_row(self) -> tuple[str, str]:
        match = _CELL.fullmatch(self.cell)
        if match is None:
            raise ValueError(f"{self!r} is no cell")
        return match[1], match[2]

    @property
    def link(self) -> str:
        """The cell as links lead to it: ``'Phụ lục'!D12``."""
        return f"{self._quoted_sheet}!{self.cell}"

    @property
    def reference(self) -> str:
        """The cell as formulas and defined names refer to it: ``'Phụ lục'!$D$12``."""
        column, row = self._column_and_row
        cell = f"${column}${row}"
        return f"{self._quoted_sheet}!{cell}" if self.sheet else cell

    @property
    def _quoted_sheet(self) -> str:
        return "'{}'".format(self.sheet.replace("'", "''"))


def column_number(letters: str) -> int:
    """Return the number of a column, A being 1.

    Raises:
        ValueError: Where *letters* are not all from A to Z.
    """
    number = 0
    for letter in letters:
        number = len(_LETTERS) * number + _LETTERS.index(letter) + 1
    return number


def column_letters(number: int) -> str:
    """Return the letters of a column, A being 1.

    >>> column_letters(26), column_letters(27), column_letters(16384)
    ('Z', 'AA', 'XFD')
    """
    letters = ""
    while number > 0:
        number, place = divmod(number - 1, len(_LETTERS))
        letters = _LETTERS[place] + letters
    return letters


def column_after(letters: str, steps: int) -> str:
    """Return the column that stands *steps* to the right.

    >>> column_after("Y", 2)
    'AA'
    """
    return column_letters(column_number(letters) + steps)
