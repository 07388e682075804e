"""Requirements of the totals of earlier periods.

P1 They are combined as those of now, over the communes that reported then.
P2 What says something else of another period is not compared with it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.builders import FORM
from tests.support.communes import CITY, A, B, C, good
from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.past_totals import is_comparable

THEN = [
    good(A, c1_1_a=10, c1_1_b=4, c7_5_2=50, c7_5_2_mau=100),
    good(B, c1_1_a=30, c1_1_b=6, c7_5_2=100, c7_5_2_mau=300),
    good(CITY, c1_1_a=1000, c1_1_b=1000),
]


def earlier(code: str) -> PastPeriod:
    """Return the reports of then as of a period."""
    (period,) = past_periods(FORM, [replace(one, period=FORM.period(code)) for one in THEN])
    return period


def test_totals_of_then_are_those_of_its_own_summary():
    """Sums and rates over the communes of then, without the city, the latest period first."""
    periods = [earlier(code) for code in ("2021-6T", "2022-Q1")]
    result = consolidate(FORM, [good(A)], (A, B, C, CITY), previous=periods)
    assert [one.period.code for one in result.past] == ["2022-Q1", "2021-6T"]
    totals = result.past[0].totals
    assert [totals[id].value for id in ("1.1.a", "1.1.b", "1.1")] == [40, 10, 25]
    assert totals["1.1.a"].filled == 2
    assert totals["7.5.2"].value == 87.5  # by its weights
    own = consolidate(FORM, THEN, (A, B, CITY)).totals
    assert {id: total.value for id, total in totals.items()} == {id: own[id].value for id in totals}
    assert not any(FORM.by_id[id].aggregate == "city" for id in totals)
    assert len(totals) > 40


def test_row_that_the_form_had_not_then_has_no_total():
    """A column that an older summary lacks is no figure, and the others are there."""
    period = earlier("2022-Q1")
    older = replace(period, numbers=period.numbers.drop(columns=["1.1.a"]))
    result = consolidate(FORM, [good(A)], (A, B, CITY), previous=[older])
    assert {"1.1.a", "1.1", "1.1.b"} & set(result.past[0].totals) == set()
    assert result.past[0].totals["2.1"].filled == 2


def test_without_earlier_periods_there_are_none():
    """Nothing is compared with nothing."""
    assert consolidate(FORM, [good(A)], (A,)).past == ()


@pytest.mark.parametrize(
    ("id", "then", "comparable"),
    [
        ("1.1", "2022-Q1", True),  # a rate, in points
        ("3.2.4", "2021-N", True),
        ("4.2.2", "2022-Q1", True),  # what there is at one time
        ("1.1.a", "2021-N", True),  # a plan
        ("1.1.b", "2022-Q1", True),  # added up from the start of the same year
        ("1.1.b", "2021-Q1", False),
        ("1.1.b", "2021-6T", True),
        ("3.2.4.a", "2022-Q1", False),  # three months beside six
        ("3.2.4.a", "2021-6T", True),
        ("3.2.4.a", "2021-N", False),
    ],
)
def test_what_compares(id, then, comparable):
    """Of a period of six months, by what a row counts."""
    now = FORM.period("2022-6T")
    assert is_comparable(FORM.by_id[id], now, FORM.period(then)) == comparable


def test_length_of_a_period_is_in_months():
    """The first and the third quarter are as long, though one has two days more."""
    first, third, half = (FORM.period(f"2022-{kind}") for kind in ("Q1", "Q3", "6T"))
    assert first.is_as_long_as(third)
    assert first.is_as_long_as(FORM.period("2024-Q1"))  # of a leap year
    assert not first.is_as_long_as(half)
