"""Invented cities without a mistake: 32 communes, the present period and three earlier ones.

Sizes are log-normal, ratios have noise, rare things are mostly 0, and the periods of a unit fit
together: what flows is added up from quarters, files that wait at the end of one period are the
next one's, plans stand for a year. So no rule about one workbook, nor about earlier periods, is
broken, except where a few people more or less are over a fifth of a small number.

Every figure here is INVENTED, and so are the spreads: they are made to look like communes'
reports; nobody measured them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from tests.planted.commune import Commune
from tests.support.builders import FORM, Fill
from tests.support.communes import COMMUNES, report
from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.submission import Submission

NOW, LAST = "2022-6T", "2022-Q1"
# The quarters of each period, from the first of 2021; those of 2022 begin at the fifth.
PERIODS: Mapping[str, tuple[int, ...]] = {
    "2021-6T": (0, 1),
    "2021-N": (0, 1, 2, 3),
    LAST: (4,),
    NOW: (4, 5),
}
EARLIER = tuple(period for period in PERIODS if period != NOW)


@dataclass(frozen=True)
class City:
    """An invented city.

    Attributes:
        units: Its communes.
        fills: What each of them fills in, by period and code of the unit.
        earlier: The periods before the present one, as they come back from summaries.
    """

    units: tuple[ReportingUnit, ...]
    fills: Mapping[str, Mapping[str, Fill]]
    earlier: tuple[PastPeriod, ...]

    @property
    def now(self) -> Mapping[str, Fill]:
        """What each unit fills in for the present period, by code."""
        return self.fills[NOW]

    def submissions(self, wrong: Mapping[str, Fill] | None = None) -> list[Submission]:
        """Return the reports of the present period, those of *wrong* in place of the clean ones."""
        fills = {**self.now, **(wrong or {})}
        return [report(unit, fills[unit.code]) for unit in self.units]


def invented(seed: int, size: int = len(COMMUNES), rough: float = 1.0) -> City:
    """Return an invented city; the same one for the same arguments.

    Args:
        seed: Which one.
        size: How many communes it has.
        rough: How many times the usual things vary from quarter to quarter and year to year.
    """
    chance = np.random.default_rng(seed)
    more = range(len(COMMUNES), size)
    units = (*COMMUNES[:size], *(ReportingUnit(f"x{n}", f"Xã giả định {n}") for n in more))
    fills: dict[str, dict[str, Fill]] = {period: {} for period in PERIODS}
    for unit in units:
        commune = Commune(chance, rough)
        for period, quarters in PERIODS.items():
            fills[period][unit.code] = {**catalogue(quarters), **commune.report(quarters)}
    earlier = [
        replace(report(unit, fills[period][unit.code]), period=FORM.period(period))
        for period in EARLIER
        for unit in units
    ]
    return City(units, fills, tuple(past_periods(FORM, earlier)))


def catalogue(quarters: tuple[int, ...]) -> Fill:
    """Return what is the same for all communes in a period: procedures, and the province's."""
    length, last = len(quarters), quarters[-1]
    level3, level4 = 31 + last // 4, 36
    return {
        "3.1.1": 6 * length, "3.1.2": 4 * length, "3.1.3": 118 + 2 * last,
        "3.1.3.b": 118 + 2 * last, "3.2.1.a": 40, "3.2.1.b": level3, "3.2.1.c": 3 + length,
        "3.2.2.a": 40, "3.2.2.b": level4, "3.2.2.c": 4 + length, "3.2.3.a": level3 + level4,
        "3.2.3.b": 58 + last // 4, "3.2.5.a": 100, "3.2.5.b": 50 + last, "3.3.1": 18, "3.3.2": 13,
        "3.3.3": 90, "7.1": 0, "7.2": 2, "7.4": 1, "7.5.1": 100, "7.6.2": 100,
    }  # fmt: skip
