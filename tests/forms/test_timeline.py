"""Requirements of periods on the line of time.

L1 The year so far is added from the fewest known periods that follow each other without a gap.
L2 What is missing is named: of the kinds in use, else of any, else the shortest around the gap.
"""

from __future__ import annotations

from datetime import date

import pytest

from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.period import Period, PeriodKind
from xl_automation.forms.timeline import covering, missing, missing_to_date, year_to_date


def kind(code: str, start: tuple[int, int], end: tuple[int, int]) -> PeriodKind:
    """Return a kind of period; one that begins in December begins the year before."""
    return PeriodKind(code, code + " {year}", start, -1 if start[0] == 12 else 0, end, ())


KINDS = (
    kind("T01", (12, 15), (1, 14)),
    kind("T02", (1, 15), (2, 14)),
    kind("T03", (2, 15), (3, 14)),
    kind("Q1", (12, 15), (3, 14)),
    kind("Q2", (3, 15), (6, 14)),
    kind("Q3", (6, 15), (9, 14)),
    kind("6T", (12, 15), (6, 14)),
    kind("N", (12, 15), (12, 14)),
)
CODES = {one.code: one for one in KINDS}


@pytest.fixture(scope="module")
def form() -> Form:
    """A form of months, quarters, half a year and a year."""
    shipped = load_form()
    values = {name: getattr(shipped, name) for name in Form.__dataclass_fields__}
    return Form(**{**values, "period_kinds": KINDS, "rules": ()})


def period(code: str) -> Period:
    """Return the period that a code such as ``2022-Q1`` says."""
    year, _, name = code.partition("-")
    return Period(int(year), CODES[name])


def codes(periods: tuple[Period, ...] | None) -> list[str] | None:
    """Return the codes of periods."""
    return None if periods is None else [one.code for one in periods]


@pytest.mark.parametrize(
    ("now", "known", "tiles"),
    [
        ("2022-Q1", [], ["2022-Q1"]),
        ("2022-6T", ["2022-Q1"], ["2022-6T"]),
        ("2022-Q2", ["2022-Q1"], ["2022-Q1", "2022-Q2"]),
        ("2022-Q2", ["2022-T01", "2022-T02", "2022-T03", "2022-Q1"], ["2022-Q1", "2022-Q2"]),
        ("2022-Q3", ["2022-6T", "2022-Q1", "2022-Q2"], ["2022-6T", "2022-Q3"]),
        ("2022-Q3", ["2022-Q1"], None),
        ("2022-Q2", ["2021-Q1"], None),
        ("2022-Q2", ["2022-6T"], ["2022-6T"]),
    ],
)
def test_year_to_date(form: Form, now: str, known: list[str], tiles: list[str] | None) -> None:
    """L1: the longest periods; of another year, or over each other, they do not count."""
    assert codes(year_to_date(form, period(now), map(period, known))) == tiles


@pytest.mark.parametrize(
    ("first", "last", "known", "named"),
    [
        ("2022-Q1", "2022-Q3", ["2022-Q1", "2022-Q3"], ["2022-Q2"]),
        ("2022-Q1", "2022-Q3", ["2022-6T", "2022-Q3"], []),
        ("2022-T01", "2022-Q2", ["2022-T01", "2022-Q2"], ["2022-T02", "2022-T03"]),
        ("2021-6T", "2022-6T", ["2021-6T", "2022-6T"], ["2021-N"]),
        ("2022-Q1", "2022-Q1", ["2022-Q1"], []),
    ],
)
def test_missing_periods(
    form: Form, first: str, last: str, known: list[str], named: list[str]
) -> None:
    """L2: between the known ones."""
    window = period(first).window[0], period(last).window[1]
    assert codes(missing(form, window, [*map(period, known)])) == named


def test_missing_for_the_year_to_date(form: Form) -> None:
    """L2: from the year's beginning, though nothing before is known."""
    assert codes(missing_to_date(form, period("2022-Q3"), [period("2022-Q1")])) == ["2022-Q2"]
    assert codes(missing_to_date(form, period("2022-Q2"), [])) == ["2022-Q1"]


def test_overlapping_periods_cover_nothing() -> None:
    """L1: days that two of them have would be added twice."""
    window = date(2021, 12, 15), date(2022, 9, 14)
    overlapping = [period("2022-6T"), period("2022-Q2"), period("2022-N")]
    assert covering(*window, overlapping) is None
