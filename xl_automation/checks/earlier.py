"""Figures of earlier periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.submission import Submission


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """Figures of an earlier period: one row per unit code, one column per indicator."""

    period: Period
    numbers: pd.DataFrame
    names: Mapping[str, str]  # of the units by code: codes have been used again for other units


def past_periods(form: Form, submissions: Sequence[Submission]) -> list[PastPeriod]:
    """Return the tabulate of old workbooks by period; of a unit's files the last saved counts."""
    by_period: dict[Period, dict[str, Submission]] = {}
    for one in sorted(submissions, key=lambda one: one.saved):
        if one.period and one.unit_code:
            by_period.setdefault(one.period, {})[one.unit_code] = one
    found = []
    for period, units in by_period.items():
        ids = [item.id for item in form.figures]
        numbers = tabulate(form, list(units.values())).numbers[ids]
        numbers.index = pd.Index(list(units))
        names = {code: one.unit_name or "" for code, one in units.items()}
        found.append(PastPeriod(period, numbers, names))
    return found


def latest(form: Form, period: Period, previous: Sequence[PastPeriod]) -> PastPeriod | None:
    """Return the last of *previous* that is earlier than *period*."""
    earlier = [past for past in previous if age(form, past.period) < age(form, period)]
    return max(earlier, key=lambda past: age(form, past.period), default=None)


def age(form: Form, period: Period) -> tuple[int, int]:
    """Return what sorts periods by time."""
    return period.year, [kind.code for kind in form.period_kinds].index(period.kind.code)


def check_previous(form: Form, period: Period | None, previous: Sequence[PastPeriod]) -> None:
    """Raise a ``ValueError``, in Vietnamese, unless *previous* are distinct earlier periods."""
    seen = set()
    for past in previous:
        if period is not None and age(form, past.period) >= age(form, period):
            raise ValueError(
                f"Sổ tổng hợp {past.period.label} không phải của kỳ trước {period.label}."
            )
        if past.period.code in seen:
            raise ValueError(f"Có hai sổ tổng hợp của cùng kỳ {past.period.label}.")
        seen.add(past.period.code)


def figures_of_unit(past: PastPeriod, unit: ReportingUnit) -> pd.Series | None:
    """Return the earlier figures of *unit*, None where it has none or its code was another's."""
    name = past.names.get(unit.code, unit.name)
    if unit.code not in past.numbers.index or not unit.is_named(name):
        return None
    mine = past.numbers.T[unit.code]
    return mine if mine.notna().any() else None
