"""Reporting periods on the calendar: the year so far, and what is missing between known ones."""

from __future__ import annotations

from collections.abc import Iterable

from xl_automation.forms.period import Period, PeriodKind
from xl_automation.forms.windows import Window, covering, gaps, tiling


def year_so_far(period: Period, kinds: Iterable[PeriodKind]) -> Window:
    """Return the time from the start of a period's year to its end.

    A year is the longest period of that year that the period lies in.
    """
    whole = (Period(period.year, kind).window for kind in kinds)
    first, last = period.window
    return min(
        (start for start, end in whole if start <= first and last <= end), default=first
    ), last


def year_to_date(
    period: Period, known: Iterable[Period], kinds: Iterable[PeriodKind]
) -> tuple[Period, ...]:
    """Return what of *period* and *known* tiles its year so far; none where a part is missing."""
    return tiling(year_so_far(period, kinds), (*known, period))


def missing(
    period: Period, known: Iterable[Period], kinds: Iterable[PeriodKind]
) -> tuple[Period, ...]:
    """Return the periods that are missing from the first of *known* to *period*, in order.

    A time in which nothing is known is named by the fewest periods of *kinds* that tile it; what
    no period tiles is named by those that lie in it.
    """
    some = (*known, period)
    return _missing((min(one.window[0] for one in some), period.window[1]), some, kinds)


def missing_to_date(
    period: Period, known: Iterable[Period], kinds: Iterable[PeriodKind]
) -> tuple[Period, ...]:
    """Return the periods that the year so far lacks, in order; they are named likewise."""
    kinds = tuple(kinds)
    return _missing(year_so_far(period, kinds), (*known, period), kinds)


def _missing(
    window: Window, known: Iterable[Period], kinds: Iterable[PeriodKind]
) -> tuple[Period, ...]:
    kinds = tuple(kinds)
    found: list[Period] = []
    for gap in gaps(window, covering(window, known)):
        years = range(gap[0].year, gap[1].year + 2)
        found += covering(gap, (Period(year, kind) for year in years for kind in kinds))
    return tuple(found)
