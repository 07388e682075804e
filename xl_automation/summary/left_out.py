"""Figures that units reported and that are in no total: where they are seen, and the proof.

What a decision excludes stands in the matrix as a text, so that no formula counts it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import LeftOut, LeftOutCause
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain, show
from xl_automation.summary.cell import LiveFormula
from xl_automation.summary.places import FIRST_ROW, LEFT_OUT, SummaryPlaces
from xl_automation.xlsx.address import Address

EXCLUDED = "loại: "  # how the text of an excluded figure begins
CAUSE_WORDS: Mapping[LeftOutCause, str] = {
    "pair": "Thiếu số đi cùng",
    "decision": "Theo quyết định",
}
AGREES, DIFFERS = "✓", "✗ lệch "
CODE, ID, VALUE, CAUSE = "A", "C", "E", "F"  # columns of their list that formulas look into
_NEAR = 0.000001  # totals are rounded to so much
Figure = float | int | str | None


def shown_figure(figure: Figure, left: LeftOut) -> Figure:
    """Return a figure that is left out as the matrix shows it: a text where a decision says so.

    Formulas see for themselves which figures have no other part.
    """
    return figure if left.cause == "pair" else f"{EXCLUDED}{show(left.value)}"


class LeftOutFigures:
    """What the totals say of the figures that are in none of them."""

    def __init__(self, result: Consolidation, places: SummaryPlaces):
        self._result, self._places = result, places
        self._city = result.city.unit_code or "" if result.city else None
        self._by_row: dict[str, list[LeftOut]] = {}
        for left in result.left_out:
            self._by_row.setdefault(left.indicator, []).append(left)
        last = FIRST_ROW + max(1, len(result.left_out)) - 1
        self._columns = {
            column: f"{Address.of(LEFT_OUT, column, FIRST_ROW).reference}:${column}${last}"
            for column in (CODE, ID, VALUE, CAUSE)
        }

    def _lefts(self, item: Indicator) -> list[LeftOut]:
        """Return what is left out of a row: of a sum, the communes' figures alone."""
        lefts = self._by_row.get(item.id, [])
        return [
            left for left in lefts if not aggregate_of(item).is_added or left.unit != self._city
        ]

    def _here(self, item: Indicator) -> str:
        """Return the formula that is 1 in each line of the list that is one of :meth:`_lefts`."""
        here = f'({self._columns[ID]}="{item.id}")'
        if self._city is None or not aggregate_of(item).is_added:
            return f"{here}*1"
        code = self._city.replace('"', '""')
        return f'{here}*({self._columns[CODE]}<>"{code}")'

    def amount(self, item: Indicator) -> LiveFormula:
        """Return what is left out of a row: the sum where it is added, else how many figures."""
        lefts, here = self._lefts(item), self._here(item)
        count = f"SUMPRODUCT({here})"
        if aggregate_of(item).is_added:
            amount: float | str = plain(_sum(lefts))
            formula = f"SUMPRODUCT({here},{self._columns[VALUE]})"
        else:
            amount, formula = f"{len(lefts)} số", f'{count}&" số"'
        return LiveFormula(f'=IF({count}=0,"",{formula})', amount if lefts else None)

    def proof(self, item: Indicator) -> LiveFormula:
        """Return the line that proves a sum: what the units report = the total + what is left out.

        The formula takes all of them from the sheets, what is written comes from the files.
        """
        units, total, here = (
            self._places.units(item.id),
            self._places.total(item.id),
            self._here(item),
        )
        values, decided = (
            self._columns[VALUE],
            f'({self._columns[CAUSE]}="{CAUSE_WORDS["decision"]}")',
        )
        excluded, left_out = (
            f"SUMPRODUCT({which},{values})" for which in (f"{here}*{decided}", here)
        )
        difference = f"SUM({units})+{excluded}-N({total})-{left_out}"
        as_text = f'SUMPRODUCT(--EXACT(LEFT({units},{len(EXCLUDED)}),"{EXCLUDED}"))'
        listed = f"SUMPRODUCT({here}*{decided}*ISNUMBER({values}))"
        formula = (
            f"=IF(AND(ABS({difference})<={_NEAR:f}*MAX(1,ABS(N({total}))),{as_text}={listed}),"
            f'"{AGREES}","{DIFFERS}"&ROUND({difference},6))'
        )
        return LiveFormula(formula, self._verdict(item))

    def _verdict(self, item: Indicator) -> str:
        result, id = self._result, item.id
        lefts = self._lefts(item)
        excluded = {
            left.unit: left.value
            for left in lefts
            if left.cause == "decision" and left.value is not None
        }
        communes = result.communes  # in the figures the city is the last
        numbers = result.figures.take(id, "number")[: len(communes)].copy()
        for position, commune in enumerate(communes) if excluded else ():
            numbers[position] = excluded.get(commune.unit_code or "", numbers[position])
        texts = len(excluded)
        for position in np.flatnonzero(np.isnan(numbers)).tolist():
            reading = communes[position].readings.get(id)
            texts += bool(reading and (reading.text or "").startswith(EXCLUDED))
        total = result.totals[id].value or 0
        difference = math.fsum([*numbers[~np.isnan(numbers)].tolist(), -total, -_sum(lefts)])
        if abs(difference) <= _NEAR * max(1.0, abs(total)) and texts == len(excluded):
            return AGREES
        return f"{DIFFERS}{plain(round(difference, 6))}"


def _sum(lefts: list[LeftOut]) -> float:
    return math.fsum(left.value for left in lefts if left.value is not None)
