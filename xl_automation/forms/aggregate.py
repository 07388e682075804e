"""How a city combines a row: what each aggregate says of itself, and what it works on.

An aggregate has two faces, as an expression has: the total in Python over :class:`Reports`, and
the live formula of the summary over :class:`SummaryCells`. They stand in :mod:`aggregates`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import Floats
from xl_automation.forms.python_face import Values, ValueSource, decided, evaluate
from xl_automation.wording import quoted

MANY_UNITS = 3  # more than these that say the same are counted, not named
MANY_VALUES = 4  # of more than these, the least common are counted, not told


@dataclass(frozen=True, slots=True)
class Total:
    """The combined figure of one row.

    Attributes:
        value: The figure, None where there is none.
        filled: How many units it comes from.
        note: How it came about, in the words of the summary.
        absent: How many units have a code in place of what it needs, by code.
    """

    value: float | int | None
    filled: int
    note: str = ""
    absent: Mapping[str, int] = field(default_factory=dict)


class UnitFigures(ValueSource, Protocol):
    """The figures of units, and why some are not there."""

    def absences(self, id: str) -> Values:
        """Return the code in each cell of a figure: its place among the form's from 1, or 0."""


@dataclass(frozen=True, slots=True)
class Reports:
    """The figures that are combined.

    Attributes:
        communes: The communes' figures, one value for each of them.
        names: The communes' names, in the same order.
        city: The figures of the city's own workbook, one value each; None without it.
        pairs: The rows that belong together in a ratio, by each of them and by the ratio
            (:func:`xl_automation.forms.pairs.pairs`).
        codes: The codes of the form that say why there is no figure.
        city_word: What the city is called.
    """

    communes: UnitFigures
    names: tuple[str, ...]
    city: UnitFigures | None
    pairs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    codes: tuple[str, ...] = ()
    city_word: str = ""

    def numbers(self, id: str) -> Floats:
        """Return the number of each commune, NaN where it has none."""
        numbers: Floats = self.communes.take(id, "number")
        return numbers

    def known(self, id: str) -> Floats:
        """Return the numbers of the communes that have one."""
        numbers = self.numbers(id)
        return numbers[~np.isnan(numbers)]

    def differ(self, id: str) -> bool:
        """Return whether two communes state different numbers."""
        return len(np.unique(self.known(id))) > 1

    def complete(self, ids: Iterable[str]) -> npt.NDArray[np.bool_]:
        """Return True for each commune that has a number of every one of *ids*."""
        every = np.ones(len(self.names), dtype=bool)
        for id in ids:
            every &= ~np.isnan(self.numbers(id))
        return every

    def pair(self, id: str) -> tuple[str, ...]:
        """Return the rows that a unit must all have to count in this one; empty for most."""
        return self.pairs.get(id, ())

    def added(self, id: str) -> Floats:
        """Return the numbers that are added in a row: of the communes that have all of its pair."""
        numbers = self.numbers(id)
        return numbers[self.complete((id, *self.pair(id)))]

    def absent(self, ids: Iterable[str], of_city: bool = False) -> dict[str, int]:
        """Return how many communes, or whether the city, have a code in place of a number.

        Of several rows, what stands in the first one without a number counts; others have none.
        """
        units = self.city if of_city else self.communes
        if units is None or not self.codes:
            return {}
        places: Values = np.zeros(1, dtype=np.int8)
        is_whole: Values = np.ones(1, dtype=bool)
        for id in ids:
            lacks = np.isnan(units.take(id, "number"))
            places = np.where(is_whole & lacks, units.absences(id), places)
            is_whole = is_whole & ~lacks
        counts = np.bincount(places, minlength=len(self.codes) + 1).tolist()
        numbered = zip(self.codes, counts[1:], strict=True)
        return {code: count for code, count in numbered if count}

    def weights(self, item: Indicator) -> Floats:
        """Return the weight of each commune in a weighted row, NaN where it has none above 0."""
        assert item.weight is not None
        weight = evaluate(item.weight, self.communes)
        usable = decided(item.weight, self.communes) & (weight > 0)
        return np.where(usable, weight, np.nan)

    def city_number(self, id: str) -> float | None:
        """Return the number in the city's own workbook, None where it has none."""
        if self.city is None:
            return None
        number = float(self.city.take(id, "number")[0])
        return None if np.isnan(number) else number

    def who_says_what(self, id: str) -> str:
        """Return the commonest values with the units that say them, and how many others there are.

        Values that many units say come with their number only.
        """
        names: dict[float, list[str]] = {}
        for name, value in zip(self.names, self.numbers(id).tolist(), strict=True):
            if not np.isnan(value):
                names.setdefault(value, []).append(name)
        told = sorted(names.items(), key=lambda pair: -len(pair[1]))
        texts = []
        for value, units in told[:MANY_VALUES]:
            who = (
                f"{len(units)} đơn vị" if len(units) > MANY_UNITS else ", ".join(map(quoted, units))
            )
            texts.append(f"{show(value)} ({who})")
        if rest := told[MANY_VALUES:]:
            texts.append(f"{len(rest)} số khác ({sum(len(units) for _, units in rest)} đơn vị)")
        return "; ".join(texts)


class SummaryCells(Protocol):
    """Where the figures stand in a summary workbook, as a formula refers to them."""

    def units(self, id: str) -> str:
        """Return the cells of all units for a row or helper, one range."""

    def weights(self, id: str) -> str:
        """Return the cells of all units' weights in a weighted row, one range."""

    def city(self, id: str) -> str:
        """Return the cell of the city's own figure."""

    def total(self, id: str) -> str:
        """Return the cell of the combined figure."""

    def pair(self, id: str) -> tuple[str, ...]:
        """Return the rows that a unit must all have to count in this one; empty for most."""


def complete_units(cells: SummaryCells, ids: Iterable[str]) -> str:
    """Return what is 1 in a formula for each unit that has a number of every one of *ids*."""
    return "*".join(f"ISNUMBER({cells.units(id)})" for id in ids)


def count_of_units(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of how many units have a number in a row."""
    return f"=COUNT({cells.units(item.id)})"


def city_figure(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of what the city's own workbook says."""
    cell = cells.city(item.id)
    return f'=IF(ISNUMBER({cell}),{cell},"")'


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One way to combine a row.

    Attributes:
        name: What form files call it.
        words: What the custom function CCHC_CHITIEU says of it.
        total: The combined figure; without a note of its own it gets ``note``.
        formula: The same as a formula of the summary, with ``=``.
        note: How the figure comes about, as the summary says it beside the figure.
        filled: The formula of how many units the figure comes from.
        parts: The rows whose numbers it takes of a unit.
        lacks: What a row would still need for it, in English for who writes a form; "" if nothing.
        is_added: The figures of the units are added.
        pairs_parts: It is computed from sums of its parts, so that each unit in one of these sums
            must be in all of them.
        is_city: The figure is in the city's own workbook alone: one unit fills it, and no commune
            is missing from it.
        is_rate: It is a rate that the overview's chart shows.
        is_weighted: Each unit counts by its weight, which the matrix shows.
        counts_codes: The summary says how many units chose each code.
        appendix_takes_it: The city's own appendix takes the figure, whatever level fills the row:
            no city has it in its own books.
        blank_is_answer: Where there is no figure, nothing more is to be said than a blank.
    """

    name: str
    words: str
    total: Callable[[Reports, Indicator], Total]
    formula: Callable[[SummaryCells, Indicator], str]
    note: str = ""
    filled: Callable[[SummaryCells, Indicator], str] = count_of_units
    parts: Callable[[Indicator], tuple[str, ...]] = lambda item: (item.id,)
    lacks: Callable[[Form, Indicator], str] = lambda form, item: ""
    is_added: bool = False
    pairs_parts: bool = False
    is_city: bool = False
    is_rate: bool = False
    is_weighted: bool = False
    counts_codes: bool = False
    appendix_takes_it: bool = False
    blank_is_answer: bool = False

    def combine(self, reports: Reports, item: Indicator) -> Total:
        """Return the combined figure of a row, with how it came about."""
        total = self.total(reports, item)
        absent = reports.absent(self._needed(item, reports.pair(item.id)), self.is_city)
        note = total.note or self.note.format(city=reports.city_word)
        return replace(total, note=note, absent=absent)

    def _needed(self, item: Indicator, pair: Iterable[str]) -> tuple[str, ...]:
        """Return the rows of which a unit must have a number to count, the row itself first."""
        others = pair if self.is_added or self.pairs_parts else ()
        return tuple(dict.fromkeys((*self.parts(item), *others)))

    def absent_formula(self, cells: SummaryCells, item: Indicator, codes: Iterable[str]) -> str:
        """Return the formula of how many units have each code, in words: ``told_counts``."""
        ids = self._needed(item, cells.pair(item.id))
        ranges = [cells.city(id) if self.is_city else cells.units(id) for id in ids]
        numbers = [f"ISNUMBER({cells})" for cells in ranges]
        texts = []
        for code in codes:
            first = [
                "*".join((*numbers[:place], f'({cells}="{code}")*1'))
                for place, cells in enumerate(ranges)
            ]
            counted = "+".join(f"SUMPRODUCT({units})" for units in first)
            texts.append(f'SUBSTITUTE(" · "&{counted}&" {code}"," · 0 {code}","")')
        return f"=MID({'&'.join(texts)},4,99)"
