"""Reporting periods (kỳ báo cáo) and their official data windows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from xl_automation.forms.vocabulary import Against


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

    def follows(self, other: Period) -> bool:
        """Whether this period is later than *other*: the one whose data end later."""
        return self._end > other._end

    def is_as_long_as(self, other: Period) -> bool:
        """Whether the data of both are of as many months and days."""
        return self._length == other._length

    @property
    def _length(self) -> tuple[int, int]:
        """How long the data are: months, and the days beyond them."""
        first, last = self.window
        after = last + timedelta(days=1)
        return 12 * (after.year - first.year) + after.month - first.month, after.day - first.day

    @property
    def _end(self) -> tuple[date, date]:
        first, last = self.window
        return last, first  # of two that end on one day, the longer one comes first

    def _ends(self, day: date) -> bool:
        """Whether its data end on *day*."""
        return self.window[1] == day

    def comparisons(self, known: Iterable[Period]) -> list[tuple[Against, tuple[Period, ...]]]:
        """Return which of the *known* earlier periods each kind of rule compares this one with.

        Where it is several, their figures are added.
        """
        earlier = sorted(known, key=lambda period: period._end)
        same_year = {period.kind.code: period for period in earlier if period.year == self.year}
        pairs: list[tuple[Against, tuple[Period, ...]]] = []
        if earlier:
            pairs.append(("any", (earlier[-1],)))
        if same_year:
            pairs.append(("same-year", (list(same_year.values())[-1],)))
        opening = self.window[0] - timedelta(days=1)
        pairs += [("preceding", (period,)) for period in earlier[::-1] if period._ends(opening)][:1]
        for codes in self.kind.within:
            if all(code in same_year for code in codes):
                parts = tuple(same_year[code] for code in codes)
                pairs.append(("within", parts))
                if len(parts) == 1:
                    pairs.append(("within-each", parts))
        return pairs
