"""The cells of a workbook that the program has in memory: it made it, or has checked it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from xl_automation.forms.form import Form
from xl_automation.reading.cells import FormCells
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.locate import find_sheets, located
from xl_automation.xlsx import guard
from xl_automation.xlsx.package import read_book


class OwnParts(guard.Parts):
    """Parts of which nothing has to be checked any more."""

    def __init__(self, contents: Mapping[str, bytes]):
        self._own = contents

    def __getitem__(self, name: str) -> bytes:
        return self._own[name]

    def unchecked(self, name: str) -> bytes:
        """Return a part."""
        return self._own[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._own)

    def __len__(self) -> int:
        return len(self._own)

    def __contains__(self, name: object) -> bool:
        return name in self._own


def cells_of_parts(parts: Mapping[str, bytes], form: Form, *others: str) -> FormCells:
    """Return the cells of the sheets that are read.

    Args:
        parts: The workbook.
        form: The form.
        others: The names of other sheets to read: their cells are among the tables, by name.

    Raises:
        Refusal: If the form is not there.
    """
    package = guard.Package(Path(), 0, 0.0, "", OwnParts(parts))
    book = read_book(parts)
    sheets = find_sheets(book.names, form)
    tables = dict(sheets.table_sheets) | {name: name for name in others}
    place = located(package, book, replace(sheets, table_sheets=tables))
    return read_fast(place) or read_exactly(place)
