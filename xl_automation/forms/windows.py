"""Windows of time on the calendar: what fills one without overlap, and what is missing in it.

Two windows are disjoint where no day is in both; some tile another where each of its days is in
exactly one of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import Generic, NamedTuple, Protocol, TypeVar

_DAY = timedelta(days=1)
Window = tuple[date, date]  # first and last day, both included


class Spanning(Protocol):
    """What takes a time."""

    @property
    def window(self) -> Window:
        """First and last day, both included."""


Span = TypeVar("Span", bound=Spanning)


class _Cover(NamedTuple, Generic[Span]):
    """Disjoint spans in order; the more days, then the fewer spans, the better."""

    days: int
    spans: tuple[Span, ...]

    @property
    def rank(self) -> tuple[int, int]:
        return self.days, -len(self.spans)


def covering(window: Window, known: Iterable[Span]) -> tuple[Span, ...]:
    """Return the disjoint ones of *known* that fill the most days of a window, in order.

    Of those that fill as many, the fewest.
    """
    first, last = window
    inside = sorted(
        (one for one in known if first <= one.window[0] and one.window[1] <= last),
        key=lambda one: one.window[::-1],
    )
    best: list[_Cover[Span]] = [_Cover(0, ())]  # of the first none, one, two, … of them
    for number, span in enumerate(inside):
        start, end = span.window
        before = sum(other.window[1] < start for other in inside[:number])
        days, spans = best[before]
        taken = _Cover(days + (end - start + _DAY).days, (*spans, span))
        best.append(max(best[-1], taken, key=lambda cover: cover.rank))
    return best[-1].spans


def tiling(window: Window, known: Iterable[Span]) -> tuple[Span, ...]:
    """Return the fewest of *known* that tile a window, in order; none where they cannot."""
    spans = covering(window, known)
    return () if gaps(window, spans) else spans


def fullest(known: Iterable[Span], after: date = date.min) -> Iterator[tuple[Span, ...]]:
    """Yield each way to put disjoint ones of *known* together that leaves room for no other.

    Args:
        known: What is put together.
        after: Only those that begin later are.
    """
    later = sorted((one for one in known if one.window[0] > after), key=lambda one: one.window)
    if not later:
        yield ()
    first_end = min((one.window[1] for one in later), default=date.min)
    for one in later:
        if one.window[0] <= first_end:  # beginning later, it would leave room before it
            yield from ((one, *rest) for rest in fullest(later, one.window[1]))


def gaps(window: Window, spans: Sequence[Spanning]) -> tuple[Window, ...]:
    """Return the times of a window in none of *spans*, which are disjoint and in order."""
    first, last = window
    found = []
    for start, end in (one.window for one in spans):
        if first < start:
            found.append((first, start - _DAY))
        first = end + _DAY
    return (*found, (first, last)) if first <= last else tuple(found)
