"""Known periods on the line of time: what they cover together, and which of them are missing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from xl_automation.forms.form import Form
from xl_automation.forms.period import Period

_DAY = timedelta(days=1)


def covering(first: date, last: date, known: Iterable[Period]) -> tuple[Period, ...] | None:
    """Return the fewest periods that follow each other from *first* to *last*, both included.

    None where those known leave a gap, or only overlap.
    """
    roads: dict[date, tuple[Period, ...]] = {first: ()}
    for period in sorted(known, key=lambda period: period.window):
        start, end = period.window
        if start in roads and end <= last:
            road, after = (*roads[start], period), end + _DAY
            if after not in roads or len(road) < len(roads[after]):
                roads[after] = road
    return roads.get(last + _DAY)


def year_to_date(form: Form, period: Period, known: Iterable[Period]) -> tuple[Period, ...] | None:
    """Return the fewest known periods, *period* among them, that together are the year so far."""
    return covering(year_start(form, period), period.window[1], [*known, period])


def year_start(form: Form, period: Period) -> date:
    """Return the first day of the data of the year of *period*."""
    return min(Period(period.year, kind).window[0] for kind in form.period_kinds)


def missing_to_date(form: Form, period: Period, known: Collection[Period]) -> tuple[Period, ...]:
    """Return the periods without which the year so far cannot be added up, in order of time."""
    return missing(form, (year_start(form, period), period.window[1]), [*known, period])


def missing(form: Form, window: tuple[date, date], known: Collection[Period]) -> tuple[Period, ...]:
    """Return the periods that nothing is known of within a window, in order of time.

    Of the kinds that are known where these fill the gap, else of any; where none do, the shortest
    period that the gap lies in.
    """
    return tuple(period for gap in _gaps(window, known) for period in _filling(form, gap, known))


def _gaps(window: tuple[date, date], known: Iterable[Period]) -> Iterator[tuple[date, date]]:
    """Yield the stretches of a window that no known period covers."""
    free, last = window
    for start, end in sorted(period.window for period in known):
        if start > free:
            yield free, min(start - _DAY, last)
        free = max(free, end + _DAY)
    if free <= last:
        yield free, last


def _filling(form: Form, gap: tuple[date, date], known: Collection[Period]) -> tuple[Period, ...]:
    first, last = gap
    years = range(first.year, last.year + 2)
    every = [Period(year, kind) for year in years for kind in form.period_kinds]
    used = {period.kind.code for period in known}
    alike = [period for period in every if period.kind.code in used]
    if (filling := covering(first, last, alike) or covering(first, last, every)) is not None:
        return filling
    around = [one for one in every if one.window[0] <= first and one.window[1] >= last]
    return tuple(sorted(around, key=lambda one: one.window[1] - one.window[0])[:1])
