"""The cells of a workbook that the program has in memory: it made it, or has checked it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from xl_automation.forms.form import Form
from xl_automation.reading.cells import FormCells
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.locate import locate
from xl_automation.xlsx import guard


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


def cells_of_parts(parts: Mapping[str, bytes], form: Form) -> FormCells:
    """Return the cells of the sheets that are read.

    Raises:
        Refusal: If the form is not there.
    """
    place = locate(guard.Package(Path(), 0, 0.0, "", OwnParts(parts)), form)
    return read_fast(place) or read_exactly(place)
