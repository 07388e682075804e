"""Suspicious figures of a city: each with the likeliest explanation, none of them twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from itertools import pairwise

import numpy as np

from xl_automation.checks.deviation import THRESHOLD, expect
from xl_automation.checks.slips import undone_doubles, undone_powers, undone_swaps
from xl_automation.consolidation.evidence import (
    LEAST_OF_QUOTIENTS,
    Evidence,
    EvidenceOfCity,
    parts_and_wholes,
    strongest,
)
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import Floats
from xl_automation.forms.vocabulary import CityCheck

TIMES_MEDIAN = 20  # a figure that many times the median is unusual whatever the spread
MIN_PEERS = 3  # fewer figures than this have no median worth comparing with
FITS = 2.0  # modified z up to which a figure is taken to be what was meant
# A slip that explains a figure very well is told of a figure that is only somewhat unusual, too.
FITS_WELL = 1.0
SOMEWHAT: Mapping[CityCheck, float] = {"outlier": 3.0, "swapped-digits": 2.5}
# What a less common slip must fit better by, in modified z.
_RARER = 0.5

Checks = Mapping[CityCheck, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A figure that is suspicious.

    Attributes:
        check: What explains it best; ``outlier`` where nothing else does.
        position: The unit, by its place among the communes.
        indicators: The row, and others that the explanation names, by id.
        expected: What the figure should rather be.
        seen: What stands there and why that is suspicious, in words.
    """

    check: CityCheck
    position: int
    indicators: tuple[str, ...]
    expected: float
    seen: str


@dataclass(frozen=True, slots=True)
class _Meant:
    """What may have been meant instead of a figure."""

    check: CityCheck
    value: float
    unlikelihood: float
    neighbour: str = ""


def suspicions(city: EvidenceOfCity, checks: Checks) -> list[Suspicion]:
    """Return the suspicious figures, in the order of the form, then of the units.

    Args:
        city: The evidence.
        checks: The rows that each check looks at, by id.
    """
    return _Search(city, checks).found()


class _Search:
    """The search for suspicious figures in one city."""

    def __init__(self, city: EvidenceOfCity, checks: Checks) -> None:
        self.city, self.form, self.checks = city, city.form, checks
        self.numbers = city.numbers
        self.strengths = {
            id: strongest(city.by_row[id], numbers) for id, numbers in self.numbers.items()
        }
        self.explained: set[tuple[str, int]] = set()

    def found(self) -> list[Suspicion]:
        suspicions = [*self._swapped_parts()]
        for id in self.numbers:
            if any(id in ids for ids in self.checks.values()):
                suspicions += self._of_row(self.form.by_id[id])
        order = self.form.printed_order
        return sorted(suspicions, key=lambda one: (order[one.indicators[0]], one.position))

    # --- one row -------------------------------------------------------------------------------

    def _of_row(self, item: Indicator) -> Iterator[Suspicion]:
        numbers, strengths = self.numbers[item.id], self.strengths[item.id]
        median = self._median(numbers)
        with np.errstate(invalid="ignore"):
            far = (numbers > TIMES_MEDIAN * median) & (median > 0)
            unusual = ((strengths >= THRESHOLD) | far) & (numbers >= 0)
            somewhat = (strengths >= min(SOMEWHAT.values())) & (numbers > 0)
        for position in np.flatnonzero(unusual | somewhat).tolist():
            if (item.id, position) in self.explained:
                continue
            meant = self._meant(item, position, bool(unusual[position]))
            if meant or (unusual[position] and item.id in self.checks.get("outlier", ())):
                yield self._suspicion(item, position, meant)

    @staticmethod
    def _median(numbers: Floats) -> float:
        known = numbers[~np.isnan(numbers)]
        return float(np.median(known)) if len(known) >= MIN_PEERS else 0.0

    def _meant(self, item: Indicator, position: int, is_unusual: bool) -> _Meant | None:
        """Return what was most likely meant instead of a figure; None where nothing fits."""
        strength = self.strengths[item.id][position]
        if not strength:
            return None
        fitting = [
            meant
            for meant in self._candidates(item, position)
            if meant.unlikelihood <= FITS
            and (
                is_unusual
                or (meant.unlikelihood <= FITS_WELL and strength >= SOMEWHAT.get(meant.check, 9))
            )
        ]
        return min(fitting, key=lambda meant: meant.unlikelihood, default=None)

    def _candidates(self, item: Indicator, position: int) -> Iterator[_Meant]:
        number = float(self.numbers[item.id][position])
        # A quotient with a figure that is wrong as well says nothing of what was meant.
        evidence = [
            one
            for one in self.city.by_row[item.id]
            if not one.beside or self.city.own_strength[one.beside][position] < THRESHOLD
        ]
        slips: tuple[tuple[CityCheck, Iterator[float], float], ...] = (
            ("outlier", undone_powers(number), 0.0),
            ("outlier", undone_doubles(number), _RARER),
            ("swapped-digits", undone_swaps(number), _RARER),
        )
        for check, values, rarity in slips:
            if item.id in self.checks.get(check, ()):
                for value in filter(partial(self._may_be, item), values):
                    misfit = self._misfit(evidence, value, position)
                    yield _Meant(check, value, misfit + rarity)
        if item.id in self.checks.get("neighbour-row", ()):
            yield from self._of_neighbours(item, position, number)

    def _may_be(self, item: Indicator, value: float) -> bool:
        is_whole = item.kind != "count" or value == int(value)
        return is_whole and self.form.range_rule(item.id)[1].allow(value)

    @staticmethod
    def _misfit(evidence: Sequence[Evidence], value: float, position: int) -> float:
        """Return the largest modified z that a value would have; infinite without evidence."""
        sizes = [abs(one.expectation.at(value, position)) for one in evidence]
        known = [size for size in sizes if size == size]
        return max(known, default=np.inf)

    def _of_neighbours(self, item: Indicator, position: int, number: float) -> Iterator[_Meant]:
        """Yield the rows beside it that the figure fits, where their own figure does not."""
        for other in self._neighbours.get(item.id, ()):
            theirs = float(np.nan_to_num(self.numbers[other][position]))
            misfit = self._misfit(self.city.own[other], number, position)
            back = self._misfit(self.city.own[item.id], theirs, position)
            is_wrong = self.city.own_strength[other][position] >= THRESHOLD
            if theirs != number and (not theirs or is_wrong or back <= FITS):
                yield _Meant("neighbour-row", theirs, misfit + _RARER, other)

    @cached_property
    def _neighbours(self) -> Mapping[str, tuple[str, ...]]:
        """The rows that a clerk may mistake for each: above and below it in its part."""
        neighbours: dict[str, tuple[str, ...]] = {}
        for part in self.form.parts:
            ids = [item.id for item in part if item.id in self.checks.get("neighbour-row", ())]
            for above, below in pairwise(ids):
                neighbours[above] = (*neighbours.get(above, ()), below)
                neighbours[below] = (*neighbours.get(below, ()), above)
        return neighbours

    def _suspicion(self, item: Indicator, position: int, meant: _Meant | None) -> Suspicion:
        number = float(self.numbers[item.id][position])
        evidence = self._best_evidence(item.id, position)
        told = f"{item.id} = {show(number)}"
        others: tuple[str, ...] = (evidence.beside,) if evidence and evidence.beside else ()
        check: CityCheck = meant.check if meant else "outlier"
        if meant and meant.neighbour:
            self.explained.add((meant.neighbour, position))
            others = (meant.neighbour, *others)
            theirs = float(self.numbers[meant.neighbour][position])
            stated = show(None if theirs != theirs else theirs)
            told += f", vừa với dòng {meant.neighbour} (đang ghi {stated})"
        elif meant:
            told += f"; có phải {show(meant.value)}?"
        if evidence:
            expected = float(evidence.expectation.center[position])
            told += f"; {evidence.told(position, item.kind == 'count')}"
        else:
            expected = self._median(self.numbers[item.id])
            count = int((~np.isnan(self.numbers[item.id])).sum())
            told += f"; trung vị {show(expected)} của {count} đơn vị"
        value = meant.value if meant else expected
        return Suspicion(check, position, tuple(dict.fromkeys((item.id, *others))), value, told)

    def _best_evidence(self, id: str, position: int) -> Evidence | None:
        """Return the evidence that speaks most against a figure."""
        number = float(self.numbers[id][position])
        known = [
            (abs(size), one)
            for one in self.city.by_row[id]
            if (size := one.expectation.at(number, position)) == size
        ]
        return max(known, key=lambda pair: pair[0])[1] if known else None

    # --- two rows of one percentage ------------------------------------------------------------

    def _swapped_parts(self) -> Iterator[Suspicion]:
        """Yield where numerator and denominator stand in the row of the other."""
        rows = self.checks.get("swapped-parts", frozenset())
        for part, whole in parts_and_wholes(self.form):
            if {part, whole} <= rows:
                parts, wholes = self.numbers[part], self.numbers[whole]
                usual = expect(parts, wholes, True, LEAST_OF_QUOTIENTS)
                if usual is None:
                    continue
                for position in np.flatnonzero((parts > wholes) & (wholes > 0)).tolist():
                    here, there = float(parts[position]), float(wholes[position])
                    # What is expected of the numerator beside the denominator in its row.
                    turned = replace(usual, center=usual.center * here / there)
                    fits = (
                        abs(turned.at(there, position)) <= THRESHOLD
                        and self._misfit(self.city.own[part], there, position) <= FITS
                        and self._misfit(self.city.own[whole], here, position) <= FITS
                    )
                    if fits:
                        self.explained |= {(part, position), (whole, position)}
                        yield self._swapped(part, whole, position, here, there)

    @staticmethod
    def _swapped(part: str, whole: str, position: int, here: float, there: float) -> Suspicion:
        first, second = show(here), show(there)
        seen = (
            f"{part} = {first}, {whole} = {second}; có phải {part} = {second}, {whole} = {first}?"
        )
        return Suspicion("swapped-parts", position, (part, whole), there, seen)
