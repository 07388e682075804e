"""Percentages: one definition, as a number and as an Excel formula.

A percentage is 100 × part / whole, rounded to two decimals with ties away from zero, as Excel's
``ROUND`` does. Where either is blank or unreadable, or the whole is 0, there is none: blank, not
0 and not an error.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import numpy.typing as npt

from xl_automation.forms.excel_face import CellSource, excel
from xl_automation.forms.expression import EPSILON
from xl_automation.forms.indicator import Percent

PLACES = 2
_NEAR_TIE = 1e-6  # closer to a tie than this, or than the quotient is known, round exactly
_RELATIVE = 1e-15  # more than the error of the quotient
_WHOLE = 2.0**52  # from here on a float has no fraction
Floats = npt.NDArray[np.float64]


def percent(part: npt.ArrayLike, whole: npt.ArrayLike, places: int = PLACES) -> Floats:
    """Return *part* as a percentage of *whole*, elementwise, rounded as Excel does.

    Args:
        part: The counted part; NaN where blank. Any shape.
        whole: The total it is counted from; the same shape, or one that broadcasts.
        places: Decimals kept.

    Returns:
        Percentages in an array of the same shape, NaN where there is none.

    >>> percent([1.0, 2860000.0, 0.0], [8.0, 4860000.0, 0.0])
    array([12.5 , 58.85,   nan])
    """
    over, under = np.broadcast_arrays(np.asarray(part, dtype=float), np.asarray(whole, dtype=float))
    shape, over, under = over.shape, over.ravel(), under.ravel()
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        exact = np.where(under == 0, np.nan, 100 * over / under)
        scaled = np.abs(exact) * 10.0**places
        rounded = np.copysign(np.floor(scaled + 0.5) / 10.0**places, exact) + 0.0
        near = np.abs(scaled % 1 - 0.5) < _NEAR_TIE + _RELATIVE * scaled
        doubtful = near & (scaled < _WHOLE)
    at = np.flatnonzero(doubtful)
    if at.size:
        rounded[at] = _percent_exactly(over[at], under[at], places)
    rounded[np.isinf(rounded)] = np.nan  # Excel has no such number either
    return rounded.reshape(shape)


def _percent_exactly(part: Floats, whole: Floats, places: int) -> Floats:
    """As :func:`percent`, without rounding on the way: for quotients near a tie."""
    factor = 10 ** (places + 2)
    small = 2**62 // (2 * factor)
    result = np.empty(part.shape)
    counted = (part % 1 == 0) & (whole % 1 == 0) & (np.abs(part) < small) & (np.abs(whole) < small)
    up, down = np.abs(part[counted]).astype(np.int64), np.abs(whole[counted]).astype(np.int64)
    sign = np.sign(part[counted]) * np.sign(whole[counted])
    result[counted] = sign * ((2 * factor * up + down) // (2 * down)) / 10.0**places
    for at in np.flatnonzero(~counted):
        quotient = 100 * Decimal(repr(float(part[at]))) / Decimal(repr(float(whole[at])))
        result[at] = float(quotient.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
    return result


def percent_formula(percent: Percent, cells: CellSource) -> str:
    """Return the Excel formula, with ``=``, of a percentage over *cells*."""
    part, whole = excel(percent.part, cells), excel(percent.whole, cells)
    known = ",".join(f"ISNUMBER({cells.take(id, 'number')})" for id in percent.refs)
    return f'=IF(AND({known}),IF({whole}=0,"",ROUND(100*{part}/{whole},{PLACES})),"")'


AGREES_WITHIN = 0.5  # percentage points: communes print whole percentages
AGREES_BELOW = AGREES_WITHIN + EPSILON  # what a difference is compared with
