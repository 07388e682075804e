"""How far a figure stands from what is expected of it: the modified z of median and MAD.

Counts and amounts are compared on a log scale, where ten times too much and ten times too little
are equally far; percentages as they are. What is expected is a *basis* times a factor common to
all units (of percentages: plus a difference), such as the figure of the period before times the
units' common growth. Because median and MAD hardly notice a few wrong figures, the wrong ones stand
out instead of hiding themselves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from xl_automation.forms.percentage import Floats

THRESHOLD = 3.5  # modified z from which a figure is unusual
MIN_UNITS = 8  # fewer than this have no spread worth measuring
_FACTOR = 0.6745  # MAD of a normal distribution, in its standard deviations
_MEAN_FACTOR = 0.7979  # its mean absolute deviation, likewise: where the MAD is 0
_FEW = 0.1  # a share of zeros from which 0 is nothing unusual
_MIN_EXPECTED = 5.0  # where less is expected, 0 is nothing unusual
_LEAST_OF_RARE = 0.7  # the spread that is assumed of what hardly ever happens, on the log scale
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Expectation:
    """What one kind of evidence expects of one row, a value per unit.

    Attributes:
        center: The expected figure of each unit; NaN where the evidence has none.
        below: One robust standard deviation of smaller figures, a value per unit, on the scale of
            the comparison.
        above: Likewise of larger figures.
        count: How many units it rests on.
        is_log: Whether figures are compared on a log scale.
        zero_is_usual: Whether a 0 is nothing unusual whatever is expected.
    """

    center: Floats
    below: Floats
    above: Floats
    count: int
    is_log: bool
    zero_is_usual: bool

    def of_all(self, values: Floats) -> Floats:
        """Return the modified z of every unit's figure, with its sign; NaN if unknown."""
        return self._deviation(values, slice(None))

    def of_one(self, values: Sequence[float], position: int) -> Floats:
        """Return the modified z that a unit's figure would have, were it each of *values*."""
        return self._deviation(np.asarray(values, dtype=float), slice(position, position + 1))

    def _deviation(self, values: Floats, units: slice) -> Floats:
        center = self.center[units]
        if self.is_log:
            off = np.log1p(np.maximum(values, 0)) - np.log1p(center)
            is_usual = (values == 0) & (self.zero_is_usual | (center < _MIN_EXPECTED))
            off = np.where(is_usual, 0, off)
        else:
            off = values - center
        deviation: Floats = off / np.where(off < 0, self.below[units], self.above[units])
        return deviation

    def range(self, position: int) -> tuple[float, float]:
        """Return the smallest and largest figure of a unit that are not unusual."""
        center = self.center[position]
        reach = THRESHOLD * np.array([-self.below[position], self.above[position]])
        low, high = np.expm1(np.log1p(center) + reach) if self.is_log else center + reach
        return max(0.0, float(low)) if self.is_log else float(low), float(high)

    def only(self, units: Mask) -> Expectation:
        """Return what it expects of some of the *units* alone."""
        return replace(self, center=np.where(units, self.center, np.nan))


def expect(values: Floats, basis: Floats, is_log: bool, least_spread: float) -> Expectation | None:
    """Return what is expected of *values* where they go with *basis*; None of too few units.

    Args:
        values: The figure of each unit, NaN where it has none.
        basis: What it is compared with, likewise; equal numbers where units are compared as such.
        is_log: Whether on a log scale, of figures above 0.
        least_spread: The standard deviation that is assumed where the units differ by less.
    """
    return (
        _by_factor(values, basis, least_spread)
        if is_log
        else _by_difference(values, basis, least_spread)
    )


def _by_difference(values: Floats, basis: Floats, least_spread: float) -> Expectation | None:
    differences = values - basis
    known = ~np.isnan(differences)
    if known.sum() < MIN_UNITS:
        return None
    usual = float(np.median(differences[known]))
    below, above = _sides(differences[known] - usual, least_spread)
    return Expectation(
        center=basis + usual,
        below=np.full(len(values), below),
        above=np.full(len(values), above),
        count=int(known.sum()),
        is_log=False,
        zero_is_usual=False,
    )


def _by_factor(values: Floats, basis: Floats, least_spread: float) -> Expectation | None:
    with np.errstate(invalid="ignore"):
        with_basis = (basis > 0) & (values >= 0)
        known = with_basis & (values > 0)
    if known.sum() < MIN_UNITS:
        return None
    factor = float(np.exp(np.median(np.log(values[known] / basis[known]))))
    with np.errstate(invalid="ignore"):
        center = np.where(basis > 0, basis * factor, np.nan)
    deviations = np.log1p(values[known]) - np.log1p(center[known])
    below, above = _sides(deviations, least_spread)
    zeros = float(np.mean(values[with_basis] == 0))
    # A count of n is uncertain by its square root; on this scale by so much.
    chance = np.sqrt(np.maximum(center, 1)) / (np.maximum(center, 1) + 1)
    return Expectation(
        center=center,
        below=np.maximum(below, chance),
        above=np.maximum(above, chance),
        count=int(known.sum()),
        is_log=True,
        zero_is_usual=zeros > _FEW,
    )


def expect_nothing(values: Floats) -> Expectation | None:
    """Return what is expected where most units have 0; None of too few units, or where they do not.

    Args:
        values: The figure of each unit, NaN where it has none.
    """
    known = values[~np.isnan(values)]
    if len(known) < MIN_UNITS or np.median(known) > 0:
        return None
    spread = max(_LEAST_OF_RARE, robust_spread(np.log1p(np.maximum(known, 0))))
    center, alike = np.zeros(len(values)), np.full(len(values), spread)
    return Expectation(center, alike, alike, len(known), is_log=True, zero_is_usual=True)


def _sides(deviations: Floats, least: float) -> tuple[float, float]:
    """Return the standard deviations below and above the median.

    Figures that trail off to one side (many small communes, few large ones) spread more there.
    """
    whole = max(robust_spread(deviations), least)
    below, above = deviations[deviations <= 0], deviations[deviations >= 0]
    sides = (
        float(np.median(np.abs(side))) / _FACTOR if len(side) else 0.0 for side in (below, above)
    )
    low, high = (max(whole, (whole + side) / 2) for side in sides)
    return low, high


def robust_spread(deviations: Floats) -> float:
    """Return the standard deviation that the median of absolute deviations stands for.

    Where more than half are equal that is 0, and the mean of absolute deviations takes its place.

    >>> round(robust_spread(np.array([-1.0, 0.0, 1.0, 50.0])), 2)
    1.48
    """
    sizes = np.abs(deviations - np.median(deviations))
    middle = float(np.median(sizes))
    return middle / _FACTOR if middle > 0 else float(np.mean(sizes)) / _MEAN_FACTOR
