"""A code that says why there is no figure (mã không có số): typed into the figure's own cell.

0 stays the number 0: it says that there was nothing, not that there is no figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from xl_automation.forms.vocabulary import AbsenceMeaning


@dataclass(frozen=True, slots=True)
class Absence:
    """One way of having no figure.

    Attributes:
        code: What is typed, in capitals; letter case and spaces around it do not matter there.
        words: What it says.
        help: When it is typed.
        means: ``nothing``: there is nothing to count, as in a blank. ``later``: the figure is still
            to come. ``elsewhere``: it is part of that of another row.
    """

    code: str
    words: str
    help: str
    means: AbsenceMeaning

    @property
    def told(self) -> str:
        """What it says, and the code: ``không áp dụng (KAD)``."""
        return f"{self.words} ({self.code})"


def told_counts(absent: Mapping[str, int]) -> str:
    """Return how many units have each code, as people read it.

    >>> told_counts({"KAD": 1, "CCS": 2})
    '1 KAD · 2 CCS'
    """
    return " · ".join(f"{count} {code}" for code, count in absent.items())


def codes_of(absences: Iterable[Absence], *meanings: AbsenceMeaning) -> tuple[str, ...]:
    """Return the codes of the absences that mean one of these."""
    return tuple(absence.code for absence in absences if absence.means in meanings)
