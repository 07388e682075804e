"""Reporting periods (kỳ báo cáo) and their official data windows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of reporting period (kỳ báo cáo) and its official data window."""

    code: str
    label: str
    start: tuple[int, int]
    start_year: int
    end: tuple[int, int]
    within: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Period:
    """A reporting period of one year, such as ``2022-6T``."""

    year: int
    kind: PeriodKind

    @property
    def code(self) -> str:
        """The period as written in files and on the command line."""
        return f"{self.year}-{self.kind.code}"

    @property
    def label(self) -> str:
        """The period as a Vietnamese reader says it."""
        return self.kind.label.format(year=self.year)

    @property
    def window(self) -> tuple[date, date]:
        """First and last day of the data, both included."""
        return (
            date(self.year + self.kind.start_year, *self.kind.start),
            date(self.year, *self.kind.end),
        )

    def compares(self, against: str | None, earlier: Period) -> bool:
        """Whether a rule *against* this kind of earlier period applies to this pair."""
        match against:
            case "same-year":
                return earlier.year == self.year
            case "within" | "within-each":
                inside = (earlier.kind.code,) in self.kind.within
                return earlier.year == self.year and inside
        return True
