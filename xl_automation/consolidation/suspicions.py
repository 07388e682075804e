"""Suspicious figures of a city: each with the likeliest explanation, none of them twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from xl_automation.checks.deviation import THRESHOLD
from xl_automation.checks.slips import undone_doubles, undone_powers, undone_swaps
from xl_automation.consolidation.evidence import (
    Evidence,
    EvidenceOfCity,
    strongest,
)
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import Floats
from xl_automation.forms.vocabulary import CityCheck

TIMES_MEDIAN = 20  # a figure that many times the median is unusual whatever the spread
MIN_PEERS = 3  # fewer figures than this have no median worth comparing with
FITS = 2.0  # modified z up to which a figure is taken to be what was meant
FITS_ROW = 3.0  # the same of a figure in the row beside it: that it fits there at all says much
# A slip that explains a figure very well is told of a figure that is only somewhat unusual, too.
FITS_WELL = 1.0
SOMEWHAT: Mapping[CityCheck, float] = {"outlier": 3.0, "swapped-digits": 2.5}
SOME = 0.25  # a share of units with a part above its whole from which that is nothing unusual
MIN_SHIFTED = 5  # of smaller figures, any stands well in any row
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
    misfit: float  # the modified z that is left
    rarity: float = 0.0
    neighbour: str = ""

    @property
    def unlikelihood(self) -> float:
        return self.misfit + self.rarity


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
        neighbours = checks.get("neighbour-row", frozenset())
        self.in_order = [id for id in self.numbers if id in neighbours]
        self.explained: set[tuple[str, int]] = set()

    def found(self) -> list[Suspicion]:
        suspicions = [*self._swapped_parts()]
        odd = [
            (item, position, meant)
            for id in self.numbers
            if any(id in ids for ids in self.checks.values())
            for item, position, meant in self._of_row(self.form.by_id[id])
        ]
        of_neighbours: set[tuple[str, int]] = set()
        for item, position, meant in odd:
            cell = item.id, position
            if meant and meant.neighbour and cell not in self.explained:
                of_neighbours.add(cell)
                self.explained |= {(meant.neighbour, position)} - of_neighbours
        followers = self._followers(
            {(item.id, position) for item, position, meant in odd if meant is None}
        )
        suspicions += [
            self._suspicion(item, position, meant, followers.get((item.id, position), ()))
            for item, position, meant in odd
            if (item.id, position) not in self.explained
        ]
        order = self.form.printed_order
        return sorted(suspicions, key=lambda one: (order[one.indicators[0]], one.position))

    def _followers(self, unexplained: set[tuple[str, int]]) -> Mapping[tuple[str, int], list[str]]:
        """Return which unexplained figures only go with another one, by that other one.

        Where dossiers received and solved both grew, one finding says so; what goes with another
        figure as it does elsewhere counts as explained.
        """
        leaders: dict[tuple[str, int], tuple[str, int]] = {}
        for part, whole in self.city.pairs:
            if usual := self.city.quotients[part, whole]:
                sizes = np.abs(usual.of_all(self.numbers[part]))
                for position in np.flatnonzero(sizes <= FITS).tolist():
                    if unexplained >= {(part, position), (whole, position)}:
                        leaders[part, position] = (whole, position)
        followers: dict[tuple[str, int], list[str]] = {}
        for follower in leaders:
            leader = follower
            while leader in leaders:
                leader = leaders[leader]
            followers.setdefault(leader, []).append(follower[0])
        self.explained |= leaders.keys()
        return followers

    # --- one row -------------------------------------------------------------------------------

    def _of_row(self, item: Indicator) -> Iterator[tuple[Indicator, int, _Meant | None]]:
        """Yield the unusual figures of a row: the unit, and what was most likely meant."""
        numbers, strengths = self.numbers[item.id], self.strengths[item.id]
        median = self._median(numbers)
        far = (numbers > TIMES_MEDIAN * median) & (median > 0)
        unusual = (strengths >= THRESHOLD) | far
        somewhat = strengths >= min(SOMEWHAT.values())
        for position in np.flatnonzero(unusual | somewhat).tolist():
            if (item.id, position) in self.explained:
                continue
            meant = self._meant(item, position, bool(unusual[position]))
            if meant or (unusual[position] and item.id in self.checks.get("outlier", ())):
                yield item, position, meant

    @staticmethod
    def _median(numbers: Floats) -> float:
        known = numbers[~np.isnan(numbers)]
        return float(np.median(known)) if len(known) >= MIN_PEERS else 0.0

    def _meant(self, item: Indicator, position: int, is_unusual: bool) -> _Meant | None:
        """Return what was most likely meant instead of a figure; None where nothing fits."""
        strength = self.strengths[item.id][position]
        fitting = [
            meant
            for meant in self._candidates(item, position)
            if (is_unusual and meant.misfit <= (FITS_ROW if meant.neighbour else FITS))
            or (strength >= SOMEWHAT.get(meant.check, np.inf) and meant.misfit <= FITS_WELL)
        ]
        return min(fitting, key=lambda meant: meant.unlikelihood, default=None)

    def _candidates(self, item: Indicator, position: int) -> Iterator[_Meant]:
        number = float(self.numbers[item.id][position])
        # A quotient with a figure that is wrong as well says nothing of what was meant.
        right = [
            one
            for one in self.city.by_row[item.id]
            if not one.beside or self.city.own_strength[one.beside][position] < THRESHOLD
        ]
        slips: list[tuple[CityCheck, Iterator[float], float, Sequence[Evidence]]] = [
            ("outlier", undone_powers(number), 0.0, right),
            ("outlier", undone_doubles(number), _RARER, right),
            ("swapped-digits", undone_swaps(number), _RARER, right),
        ]
        # Nor does any, if both are in thousands that should be in millions.
        if self.city.own_strength[item.id][position] >= THRESHOLD:
            own = self.city.own[item.id]
            slips.append(("outlier", undone_powers(number), _RARER, own))
        for check, undone, rarity, evidence in slips:
            values = [*filter(partial(self._may_be, item), undone)]
            if item.id in self.checks.get(check, ()):
                for value, misfit in zip(values, _misfits(evidence, values, position), strict=True):
                    yield _Meant(check, value, misfit, rarity)
        if number and item.id in self.in_order:
            yield from self._of_neighbours(item, position, number)

    def _may_be(self, item: Indicator, value: float) -> bool:
        is_whole = item.kind != "count" or value == int(value)
        return is_whole and self.form.range_rule(item.id)[1].allow(value)

    def _misfit(self, id: str, value: float, position: int) -> float:
        """Return how unusual a value would be in a row, by the row's own evidence."""
        return _misfits(self.city.own[id], [value], position)[0]

    def _of_neighbours(self, item: Indicator, position: int, number: float) -> Iterator[_Meant]:
        """Yield the rows beside it that the figure fits, where their own figure fits elsewhere.

        That is in this row (both were exchanged), in the next row on the same side (several stand
        one row too low), or nowhere, because nothing or the same figure stands there.
        """
        rows = self.in_order
        place = rows.index(item.id)
        for other, next in ((place - 1, place - 2), (place + 1, place + 2)):
            if not 0 <= other < len(rows):
                continue
            theirs = float(np.nan_to_num(self.numbers[rows[other]][position]))
            misfit = self._misfit(rows[other], number, position)
            if misfit > FITS_ROW or max(number, theirs) < MIN_SHIFTED:
                continue
            is_elsewhere = theirs in (0, number) or any(
                self._misfit(rows[row], theirs, position) <= FITS_ROW
                for row in (place, next)
                if 0 <= row < len(rows)
            )
            if is_elsewhere:
                yield _Meant("neighbour-row", theirs, misfit, _RARER, rows[other])

    def _suspicion(
        self, item: Indicator, position: int, meant: _Meant | None, followers: Sequence[str]
    ) -> Suspicion:
        number = float(self.numbers[item.id][position])
        evidence = self._best_evidence(item.id, position)
        told = f"{item.id} = {show(number)}"
        others = [evidence.beside] if evidence and evidence.beside else []
        check: CityCheck = meant.check if meant else "outlier"
        if meant and meant.neighbour:
            others = [meant.neighbour, *others]
            theirs = float(self.numbers[meant.neighbour][position])
            stated = show(None if theirs != theirs else theirs)
            told += f", vừa với dòng {meant.neighbour} (đang ghi {stated})"
        elif meant:
            told += f"; có phải {show(meant.value)}?"
        if evidence:
            expected = float(evidence.expectation.center[position])
            bounds = self.form.range_rule(item.id)[1]
            told += f"; {evidence.told(position, item.kind == 'count', bounds)}"
        else:
            expected = self._median(self.numbers[item.id])
            count = int((~np.isnan(self.numbers[item.id])).sum())
            told += f"; trung vị {show(expected)} của {count} đơn vị"
        if followers:
            told += f"; {', '.join(followers)} cũng thế, theo cùng tỷ lệ như ở các đơn vị khác"
        is_repeated = meant and meant.value == number
        value = expected if is_repeated or not meant else meant.value
        return Suspicion(
            check, position, tuple(dict.fromkeys((item.id, *others, *followers))), value, told
        )

    def _best_evidence(self, id: str, position: int) -> Evidence | None:
        """Return the evidence that speaks most against a figure."""
        number = float(self.numbers[id][position])
        known = [
            (abs(size), one)
            for one in self.city.by_row[id]
            if (size := float(one.expectation.of_one([number], position)[0])) == size
        ]
        return max(known, key=lambda pair: pair[0])[1] if known else None

    # --- two rows that go together -------------------------------------------------------------

    def _swapped_parts(self) -> Iterator[Suspicion]:
        """Yield where a part is larger than its whole, and what was meant can be told.

        Either two digits of one of them changed places, and both were equal; or each figure
        stands in the row of the other.
        """
        rows = self.checks.get("swapped-parts", frozenset())
        for part, whole in self.city.pairs:
            usual = self.city.quotients[part, whole] if {part, whole} <= rows else None
            parts, wholes = self.numbers[part], self.numbers[whole]
            exceeding = (parts > wholes) & (wholes > 0)
            if usual is None or exceeding.sum() > SOME * usual.count:
                continue
            for position in np.flatnonzero(exceeding).tolist():
                here, there = float(parts[position]), float(wholes[position])
                # What is expected of the numerator beside the denominator in its row.
                turned = replace(usual, center=usual.center * here / there)
                fits = (
                    abs(turned.of_one([there], position)[0]) <= THRESHOLD
                    and self._misfit(part, there, position) <= THRESHOLD
                    and self._misfit(whole, here, position) <= THRESHOLD
                )
                if there in undone_swaps(here):
                    yield self._exceeding("swapped-digits", part, whole, position)
                elif fits:
                    yield self._exceeding("swapped-parts", part, whole, position)

    def _exceeding(self, check: CityCheck, part: str, whole: str, position: int) -> Suspicion:
        self.explained |= {(part, position), (whole, position)}
        here, there = (float(self.numbers[id][position]) for id in (part, whole))
        first, second = show(here), show(there)
        meant = f"{part} = {second}"
        if check == "swapped-parts":
            meant += f", {whole} = {first}"
        seen = f"{part} = {first}, {whole} = {second}; có phải {meant}?"
        return Suspicion(check, position, (part, whole), there, seen)


def _misfits(evidence: Sequence[Evidence], values: Sequence[float], position: int) -> list[float]:
    """Return the largest modified z that a unit's figure would have, were it each of *values*.

    It is infinite without any evidence about the unit.
    """
    sizes = np.array([np.abs(one.expectation.of_one(values, position)) for one in evidence])
    known = sizes[~np.isnan(sizes).all(axis=1)] if len(sizes) else sizes
    return known.max(axis=0).tolist() if len(known) else [np.inf] * len(values)
