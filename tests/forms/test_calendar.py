"""Requirements of the calendar of a form.

D1 The shipped calendar has months, quarters, six and nine months and years, and the shorter ones
   tile the longer ones.
D2 What covers a time is disjoint, lies in it, and fills as much as can be, as trying all says.
D3 The year so far is tiled by known periods or not at all; what is missing is named by the fewest.
D4 A period is compared with all known ones inside it, alone and together; with those that tile it.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders import FORM
from xl_automation.forms.calendar import missing, year_to_date
from xl_automation.forms.period import Period
from xl_automation.forms.windows import covering, fullest, gaps, tiling

KINDS = FORM.period_kinds
PERIODS = st.builds(Period, st.integers(2022, 2023), st.sampled_from(KINDS))
SOME = st.sets(PERIODS, max_size=7)


def periods(codes: str) -> list[Period]:
    """Return periods written as ``2022-Q1 2022-6T``."""
    return [FORM.period(code) for code in codes.split()]


def codes(some: Iterable[Period]) -> str:
    """Return the codes of periods, of one year without it."""
    return " ".join(period.code.removeprefix("2022-") for period in some)


def are_disjoint(some: Iterable[Period]) -> bool:
    """Whether no day is in two of them."""
    windows = sorted(period.window for period in some)
    return all(one[1] < other[0] for one, other in pairwise(windows))


def days(some: Iterable[Period]) -> int:
    """Return how many days they have."""
    return sum((one.window[1] - one.window[0]).days + 1 for one in some)


@pytest.mark.parametrize(
    ("whole", "parts"),
    [
        ("N", "Q1 Q2 Q3 Q4"),
        ("N", "6T Q3 Q4"),
        ("N", "9T Q4"),
        ("6T", "Q1 Q2"),
        ("9T", "6T Q3"),
        ("Q1", "T01 T02 T03"),
        ("Q4", "T10 T11 T12"),
        ("N", " ".join(f"T{month:02d}" for month in range(1, 13))),
    ],
)
def test_shorter_periods_tile_the_longer(whole: str, parts: str) -> None:
    """D1, D4: exactly, so that their flows add up."""
    period = FORM.period(f"2022-{whole}")
    known = periods(" ".join(f"2022-{part}" for part in parts.split()))
    assert codes(tiling(period.window, known)) == parts
    assert dict(period.comparisons(known))["parts"] == tuple(known)
    assert "parts" not in dict(period.comparisons(known[1:]))


@given(PERIODS, SOME)
def test_covering_is_the_best_there_is(whole: Period, known: set[Period]) -> None:
    """D2: of all sets of disjoint ones inside, none fills more days, nor as many with fewer."""
    first, last = whole.window
    found = covering(whole.window, known)
    inside = [one for one in known if first <= one.window[0] and one.window[1] <= last]
    sets = [some for n in range(len(inside) + 1) for some in combinations(inside, n)]
    best = max((days(some), -len(some)) for some in sets if are_disjoint(some))
    assert are_disjoint(found)
    assert set(found) <= set(inside)
    assert (days(found), -len(found)) == best
    left = sum((end - start).days + 1 for start, end in gaps(whole.window, found))
    assert left + days(found) == (last - first).days + 1


@given(SOME)
def test_fullest_sets_are_all_those_with_no_room_left(known: set[Period]) -> None:
    """D4: as trying all says."""
    sets = [set(some) for n in range(len(known) + 1) for some in combinations(known, n)]
    disjoint = [some for some in sets if are_disjoint(some)]
    full = [some for some in disjoint if not any(some < other for other in disjoint)]
    found = [set(some) for some in fullest(known)]
    assert sorted(map(codes, map(sorted_, found))) == sorted(map(codes, map(sorted_, full)))


def sorted_(some: Iterable[Period]) -> list[Period]:
    """Return periods in one order."""
    return sorted(some, key=lambda period: period.code)


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        ("Q3", "Q1 Q2", "Q1 Q2 Q3"),
        ("Q3", "Q1 6T", "6T Q3"),
        ("Q3", "Q1", ""),
        ("6T", "Q1", "6T"),
        ("N", "", "N"),
        ("Q1", "", "Q1"),
        ("T02", "T01", "T01 T02"),
        ("Q2", "T01 T02 T03", "T01 T02 T03 Q2"),
    ],
)
def test_year_so_far(now: str, known: str, expected: str) -> None:
    """D3."""
    some = periods(" ".join(f"2022-{code}" for code in known.split()))
    assert codes(year_to_date(FORM.period(f"2022-{now}"), some, KINDS)) == expected


@pytest.mark.parametrize(
    ("now", "known", "expected"),
    [
        ("2022-Q3", "2022-Q1", "Q2"),
        ("2022-Q3", "2022-6T", ""),
        ("2022-6T", "2021-N", ""),
        ("2022-6T", "2021-6T", "2021-Q3 2021-Q4"),
        ("2022-N", "2022-Q1", ""),
        ("2022-Q1", "2021-Q1", "2021-Q2 2021-Q3 2021-Q4"),
        ("2022-T04", "2022-T01", "T02 T03"),
    ],
)
def test_missing_periods_are_named(now: str, known: str, expected: str) -> None:
    """D3: quarters, not months, where quarters will do."""
    assert codes(missing(FORM.period(now), periods(known), KINDS)) == expected


def test_of_two_that_end_together_the_shorter_is_earlier() -> None:
    """D4: quarter II can be compared with in the report of six months, not the other way round."""
    quarter, half = periods("2022-Q2 2022-6T")
    assert half.follows(quarter)
    assert not quarter.follows(half)
