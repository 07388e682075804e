"""Figures of earlier periods, also of units that were others then."""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from xl_automation.checks.merged_figures import merged_figures
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import Origin, ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.submission import Submission

MOST_NAMED = 5  # units that a sentence names


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

    def has(self, unit: ReportingUnit) -> bool:
        """Whether it says anything of *unit*: a code may have been another's."""
        name = self.names.get(unit.code)
        return name is not None and unit.code in self.numbers.index and unit.is_named(name)


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


@dataclass(frozen=True, slots=True)
class UnitPasts:
    """What units reported for an earlier period, those of merged units added.

    Attributes:
        numbers: float64, a row per unit code and a column per indicator; NaN where there is none.
        gaps: Why a unit that is a new one cannot be compared, by its code.
        merged: The older units whose figures a unit's are, combined, by its code.
    """

    numbers: pd.DataFrame
    gaps: Mapping[str, str]
    merged: Mapping[str, tuple[ReportingUnit, ...]]


def unit_pasts(
    form: Form, period: Period, units: Iterable[ReportingUnit], past: PastPeriod
) -> UnitPasts:
    """Return what *units* of *period* reported for an earlier one.

    A unit has its own figures, unless its code was another's then. One that there was not yet has
    those of the units that it was made of: together, and only if all of each of them came into it
    and every one has reported.

    Args:
        form: The form; its list says what a unit was made of where *units* do not.
        period: The period now.
        units: The units now, no code twice.
        past: The earlier period.
    """
    now = [form.dated(unit, period) for unit in units]
    is_filled = past.numbers.notna().any(axis=1)
    reported = frozenset(past.numbers.index[is_filled.to_numpy()])
    own: list[str] = []
    gaps: dict[str, str] = {}
    merged: dict[str, tuple[ReportingUnit, ...]] = {}
    for unit in now:
        origins = unit.at(past.period.window[1])
        if unit.code in past.numbers.index and unit.code not in past.names:
            own.append(unit.code)  # as its workbook was issued
        elif origins == (Origin(unit),):
            own += [unit.code] if past.has(unit) else []
        elif gap := _gap(origins, past, reported):
            gaps[unit.code] = gap
        else:
            merged[unit.code] = tuple(origin.unit for origin in origins)
    rows = [past.numbers.loc[past.numbers.index.isin(own)]]
    if merged:
        new_codes = {older.code: code for code, units in merged.items() for older in units}
        older_numbers = past.numbers.reindex([*new_codes])
        rows.append(merged_figures(form, older_numbers, [*new_codes.values()]))
    return UnitPasts(pd.concat(rows).reindex([unit.code for unit in now]), gaps, merged)


def _gap(origins: Sequence[Origin], past: PastPeriod, reported: Container[str]) -> str:
    """Return why nothing of *past* can be compared with a unit made of others; empty if it can."""
    if not origins:
        return "đơn vị mới, không rõ lập từ đơn vị nào"
    if split := [origin.unit for origin in origins if not origin.is_whole]:
        return f"{_named(split)} bị chia, không rõ phần số liệu nhập vào đơn vị này"
    lacking = [
        origin.unit
        for origin in origins
        if not (past.has(origin.unit) and origin.unit.code in reported)
    ]
    return f"thiếu số liệu của {_named(lacking)}" if lacking else ""


def _named(units: Iterable[ReportingUnit]) -> str:
    return ", ".join(f"{unit.name} ({unit.code})" for unit in units)


def scope_gap(form: Form, period: Period, units: Iterable[ReportingUnit], past: PastPeriod) -> str:
    """Return why the totals of *past* are of another area than those of *units*; empty if not.

    Where all the units are those of then, their area is the same, whoever has reported.
    """
    known = [form.dated(unit, period) for unit in units]
    now = [unit for unit in known if unit.level == "commune"]
    day = past.period.window[1]
    origins = {unit.code: unit.at(day) for unit in now}
    if all(origins[unit.code] == (Origin(unit),) for unit in now):
        return ""
    then = {origin.unit.code: origin for some in origins.values() for origin in some}
    if lacking := [origin.unit for origin in then.values() if not past.has(origin.unit)]:
        return f"sổ kỳ đó không có {_in_short(lacking)}"
    cities = {unit.code for unit in (*form.units, *known) if unit.level == "district"}
    others = [code for code in past.names if code not in then and code not in cities]
    if others:
        return f"sổ kỳ đó có cả {_in_short([ReportingUnit(c, past.names[c]) for c in others])}"
    split = {code for code, origin in then.items() if not origin.is_whole}
    outside = [
        unit
        for unit in form.units_at(period)
        if unit.code not in origins and split & {origin.unit.code for origin in unit.at(day)}
    ]
    return f"một phần đơn vị cũ thuộc {_in_short(outside)}" if outside else ""


def _in_short(units: Sequence[ReportingUnit]) -> str:
    rest = len(units) - MOST_NAMED
    return _named(units[:MOST_NAMED]) + (f" và {rest} đơn vị khác" if rest > 0 else "")
