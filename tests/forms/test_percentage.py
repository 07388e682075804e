"""Requirements of the percentages.

D1 A percentage is 100 × part / whole, rounded to two decimals with ties away from zero, exactly.
D2 Without a part, without a whole, or with a whole of 0, there is none.
D3 The result has the shape that was given.
"""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from xl_automation.forms.grammar import parse
from xl_automation.forms.indicator import Percent
from xl_automation.forms.percentage import PLACES, percent, percent_formula

NONE = math.nan


def exactly(part: int, whole: int, places: int = PLACES) -> float:
    """Return the percentage by whole numbers alone, ties away from zero."""
    value = Fraction(100 * part, whole) * 10**places
    rounded = int(abs(value) + Fraction(1, 2))
    return float(Fraction(-rounded if value < 0 else rounded, 10**places))


counts = st.integers(-(10**6), 10**6)
wholes = st.integers(1, 10**6)


@given(st.lists(st.tuples(counts, wholes), min_size=1, max_size=300))
def test_percent_of_counts_is_exact(pairs):
    """Every fraction of two counts is rounded as if computed without any error."""
    parts, totals = zip(*pairs, strict=True)
    expected = [exactly(part, whole) for part, whole in pairs]
    assert percent(parts, totals).tolist() == expected


def test_percent_of_every_tie_goes_away_from_zero():
    """All fractions that end in exactly half a hundredth, up to a thousand wholes."""
    ties = [
        (part, whole)
        for whole in range(1, 1001)
        for part in range(whole + 1)
        if 20000 * part % whole == 0 and 20000 * part // whole % 2
    ]
    assert len(ties) > 500
    assert percent(*zip(*ties, strict=True)).tolist() == [exactly(*tie) for tie in ties]


@given(st.integers(1, 10**12), st.integers(1, 40000))
@example(217068298966, 8000)
@example(934919415930, 40000)
@example(10**12 - 1, 32)
def test_percent_of_large_counts_is_exact(part, whole):
    """Figures of up to a million million keep their hundredths while a number has them."""
    expected = exactly(part, whole)
    assert percent([part], [whole])[0] == pytest.approx(expected, rel=3e-16, abs=0)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.integers(0, 3), st.integers(0, 4))
def test_percent_of_decimals_is_exact(part, whole, decimals, places):
    """Amounts with decimals are taken as written, not as binary fractions."""
    over, under = Decimal(part).scaleb(-decimals), Decimal(whole).scaleb(-decimals)
    quotient = (100 * over / under).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    assert percent([float(over)], [float(under)], places)[0] == float(quotient)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (4, 8, 50), (1, 8, 12.5), (1, 3, 33.33), (2, 3, 66.67), (0, 6692, 0), (6692, 6692, 100),
        (2860000, 4860000, 58.85), (1, 16, 6.25), (1, 32, 3.13), (-1, 32, -3.13), (5, 4, 125),
        (1.15, 1000, 0.12), (1.25, 1000, 0.13), (1.45, 1000, 0.15), (-1.45, 1000, -0.15),
        (0, 0, NONE), (12, 0, NONE), (NONE, 8, NONE), (4, NONE, NONE),
        (NONE, 0, NONE), (1, 10**9, 0), (-1, 10**9, 0), (1e300, 1e-300, NONE),
    ],
)  # fmt: skip
def test_percent_table(part, whole, expected):
    """Halves go up; blanks, a whole of 0 and what no number holds give none; never a negative 0."""
    (result,) = percent([part], [whole])
    assert math.isnan(result) if math.isnan(expected) else result == expected
    assert math.copysign(1, result) == 1 or result != 0


@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 3)])
def test_percent_keeps_the_shape(shape):
    """One figure, a column and a matrix of figures all come back in their shape."""
    assert percent(np.full(shape, 1.0), 16).shape == shape
    assert (percent(np.full(shape, 1.0), 32) == 3.13).all()


class Cells:
    """Figures in cells named after them."""

    def take(self, id: str, source: str) -> str:
        """Return the id itself."""
        assert source == "number"
        return id


@pytest.mark.parametrize(
    ("part", "whole", "formula"),
    [
        ("[B1]", "[A1]",
         '=IF(AND(ISNUMBER(B1),ISNUMBER(A1)),IF(A1=0,"",ROUND(100*B1/A1,2)),"")'),
        ("[A1] - [B1]", "[A1]",
         '=IF(AND(ISNUMBER(A1),ISNUMBER(B1)),IF(A1=0,"",ROUND(100*(A1-B1)/A1,2)),"")'),
    ],
)  # fmt: skip
def test_formula_is_empty_without_its_parts(part, whole, formula):
    """The native formula asks for every figure and for a whole that is not 0."""
    assert percent_formula(Percent(parse(part), parse(whole)), Cells()) == formula
