"""What the city's totals were in earlier periods, and which of them a total now compares with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from xl_automation.checks.earlier import PastPeriod, scope_gap, unit_pasts
from xl_automation.checks.merged_figures import has_known_weights
from xl_automation.checks.past_figures import PastFigures
from xl_automation.forms.aggregate import Reports, Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.pairs import pairs
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit


@dataclass(frozen=True, slots=True)
class PastTotals:
    """The totals of the communes in an earlier period.

    Attributes:
        period: The period.
        totals: The total of each row that has one, by id; combined as those of now.
    """

    period: Period
    totals: Mapping[str, Total]

    @property
    def values(self) -> Mapping[str, tuple[float, int]]:
        """Each total, and how many units it comes from."""
        return {
            id: (float(total.value), total.filled)
            for id, total in self.totals.items()
            if total.value is not None
        }

    @classmethod
    def of(cls, period: Period, values: Mapping[str, tuple[float, int]]) -> PastTotals:
        """Return what has these *values*."""
        return cls(period, {id: Total(value, filled) for id, (value, filled) in values.items()})


def past_totals(
    form: Form,
    period: Period | None,
    previous: Iterable[PastPeriod],
    units: Sequence[ReportingUnit],
) -> tuple[PastTotals, ...]:
    """Return the communes' totals of each earlier period of the same area, the latest first.

    Args:
        form: The form.
        period: The period now.
        previous: The earlier periods.
        units: The units that are known; those of the district level are in no total.
    """
    district = {unit.code for unit in (*form.units, *units) if unit.level == "district"}
    comparable = (
        past for past in previous if not (period and scope_gap(form, period, units, past))
    )
    latest_first = sorted(comparable, key=lambda past: past.period.order, reverse=True)
    return tuple(PastTotals(past.period, _totals(form, past, district)) for past in latest_first)


def unit_past(
    form: Form,
    period: Period | None,
    previous: Iterable[PastPeriod],
    units: Sequence[ReportingUnit],
) -> tuple[PastPeriod, ...]:
    """Return what the communes of now reported in each earlier period, the latest first.

    Those of merged units are combined; where that cannot be, a unit has no figures.
    """
    if period is None:
        return ()
    communes = {unit.code: unit for unit in units if unit.level == "commune"}
    names = {code: unit.name for code, unit in communes.items()}
    latest_first = sorted(previous, key=lambda past: past.period.order, reverse=True)
    return tuple(
        replace(
            past, numbers=unit_pasts(form, period, communes.values(), past).numbers, names=names
        )
        for past in latest_first
    )


def _totals(form: Form, past: PastPeriod, district: set[str]) -> Mapping[str, Total]:
    numbers = past.numbers.loc[~past.numbers.index.isin(district)]
    names = tuple(past.names.get(code, "") for code in numbers.index)
    reports = Reports(PastFigures(numbers), names, None, pairs(form))
    combined = {
        item.id: aggregate_of(item).combine(reports, item)
        for item in form.figures
        if is_compared(item, reports)
    }
    return {id: total for id, total in combined.items() if total.value is not None}


def is_compared(item: Indicator, reports: Reports) -> bool:
    """Return whether the communes' total of a row says the same whenever it is combined.

    What the city alone knows is no total of theirs; a weighted mean needs its weights, and these
    must come from figures alone.
    """
    if item.weight is None or not aggregate_of(item).is_weighted:
        return not aggregate_of(item).is_city
    return has_known_weights(item) and bool((reports.weights(item) > 0).any())


def is_comparable(item: Indicator, now: Period, then: Period) -> bool:
    """Return whether a total of a row says the same of two periods.

    A rate does always, in percentage points, and so does what there is at one time. What comes
    about within a period takes one as long; what is added up from the start of a year, as long a
    time or the same year.
    """
    if item.kind == "percent" or item.nature in ("stock", "annual_constant"):
        return True
    is_one_year = item.nature == "cumulative" and now.year == then.year
    return is_one_year or now.is_as_long_as(then)
