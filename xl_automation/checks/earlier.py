"""Figures of earlier periods."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.submission import Submission


@dataclass(frozen=True, slots=True)
class PastPeriod:
    """What the units reported for an earlier period.

    Attributes:
        period: The period.
        numbers: float64, a row per unit code and a column per indicator; NaN where there is none.
        names: The units' names by code: codes have been used again for other units.
    """

    period: Period
    numbers: pd.DataFrame
    names: Mapping[str, str]


def past_periods(form: Form, submissions: Sequence[Submission]) -> list[PastPeriod]:
    """Return the figures of old workbooks by period; of a unit's files the last saved counts."""
    by_period: dict[Period, dict[str, Submission]] = {}
    for submission in sorted(submissions, key=lambda submission: submission.saving):
        if submission.period and submission.unit_code and not submission.is_city_appendix:
            by_period.setdefault(submission.period, {})[submission.unit_code] = submission
    ids = [*(item.id for item in form.figures), *form.helper_ids, *form.table_totals]
    periods = []
    for period, units in by_period.items():
        numbers = tabulate(form, list(units.values())).numbers[ids]
        numbers.index = pd.Index(list(units))
        names = {code: submission.unit_name or "" for code, submission in units.items()}
        periods.append(PastPeriod(period, numbers, names))
    return periods


def latest(period: Period, previous: Sequence[PastPeriod]) -> PastPeriod | None:
    """Return the last of *previous* that is earlier than *period*."""
    last: PastPeriod | None = None
    for past in previous:
        if period.follows(past.period) and (last is None or past.period.follows(last.period)):
            last = past
    return last


def check_previous(period: Period | None, previous: Sequence[PastPeriod]) -> None:
    """Make sure that *previous* are distinct periods, all earlier than *period*.

    Raises:
        UserError: If they are not.
    """
    seen = set()
    for past in previous:
        if period is not None and not period.follows(past.period):
            raise UserError(
                f"Sổ tổng hợp {past.period.label} không phải của kỳ trước {period.label}."
            )
        if past.period.code in seen:
            raise UserError(f"Có hai sổ tổng hợp của cùng kỳ {past.period.label}.")
        seen.add(past.period.code)


def figures_of_unit(past: PastPeriod, unit: ReportingUnit) -> pd.Series | None:
    """Return the earlier figures of *unit*, None where it has none or its code was another's."""
    name = past.names.get(unit.code, unit.name)
    if unit.code not in past.numbers.index or not unit.is_named(name):
        return None
    numbers = past.numbers.loc[[unit.code]].iloc[0]
    return numbers if numbers.notna().any() else None
