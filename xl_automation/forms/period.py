"""Reporting periods (kỳ báo cáo) and their official data windows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from xl_automation.forms.vocabulary import Against
from xl_automation.forms.windows import fullest, tiling


@dataclass(frozen=True, slots=True)
class PeriodKind:
    """A kind of reporting period (kỳ báo cáo) and its official data window.

    ``within`` are the sets of disjoint shorter periods that lie inside it; None where all that lie
    in its window do.
    """

    code: str
    label: str
    start: tuple[int, int]
    start_year: int
    end: tuple[int, int]
    within: tuple[tuple[str, ...], ...] | None = None


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
        return self.order > other.order

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
    def order(self) -> tuple[date, timedelta]:
        """Its place in time: by its end; of two that end on one day the shorter comes first."""
        first, last = self.window
        return last, last - first

    def _ends(self, day: date) -> bool:
        """Whether its data end on *day*."""
        return self.window[1] == day

    def comparisons(self, known: Iterable[Period]) -> list[tuple[Against, tuple[Period, ...]]]:
        """Return which of the *known* earlier periods each kind of rule compares this one with.

        Where it is several, their figures are added.
        """
        earlier = sorted(known, key=lambda period: period.order)
        same_year = {period.kind.code: period for period in earlier if period.year == self.year}
        pairs: list[tuple[Against, tuple[Period, ...]]] = []
        if earlier:
            pairs.append(("any", (earlier[-1],)))
        if same_year:
            pairs.append(("same-year", (list(same_year.values())[-1],)))
        opening = self.window[0] - timedelta(days=1)
        pairs += [("preceding", (period,)) for period in earlier[::-1] if period._ends(opening)][:1]
        pairs += self._inside(earlier)
        if parts := tiling(self.window, earlier):
            pairs.append(("parts", parts))
        return pairs

    def _inside(self, earlier: Iterable[Period]) -> Iterator[tuple[Against, tuple[Period, ...]]]:
        """Yield each of *earlier* that lies inside this one, and disjoint ones together."""
        if self.kind.within is None:
            first, last = self.window
            inside = [one for one in earlier if first <= one.window[0] and one.window[1] <= last]
            alone = [(one,) for one in inside]
            # Of a unit that lacks one of them, the figures of the others are compared.
            sets = [*alone, *(some for some in fullest(inside) if len(some) > 1)]
        else:
            known = {one.kind.code: one for one in earlier if one.year == self.year}
            stated = (codes for codes in self.kind.within if known.keys() >= set(codes))
            sets = [tuple(known[code] for code in codes) for codes in stated]
        for parts in sets:
            yield "within", parts
            if len(parts) == 1:
                yield "within-each", parts
