"""The city's totals over the known periods, as data: their line of time, change, year to date."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import pandas as pd

from xl_automation.checks.past_figures import PastFigures
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.past_totals import is_comparable
from xl_automation.forms.aggregate import Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.calendar import missing, missing_to_date, year_to_date
from xl_automation.forms.indicator import Indicator, Percent
from xl_automation.forms.numbers import plain, show
from xl_automation.forms.percentage import percent
from xl_automation.forms.period import Period
from xl_automation.forms.python_face import evaluate
from xl_automation.summary.city_changes import Change, CityChanges
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.places import ONE_UNIT
from xl_automation.summary.unit_trends import has_too_many
from xl_automation.wording import uncapitalized

LEAST_OF_TREND = 3  # periods: two points are a change and no trend
_COUNTED = ("count", "amount")


@dataclass(frozen=True)
class Trends:
    """The totals (A) of each known period, of a consolidation that says its period."""

    result: Consolidation
    now: Period

    @cached_property
    def known(self) -> Mapping[Period, Mapping[str, Total]]:
        """The totals of each known period by row, in order of time, this period's the last."""
        past = {one.period: one.totals for one in reversed(self.result.past)}
        return past | {self.now: self.result.totals}

    @cached_property
    def elsewhere(self) -> tuple[Period, ...]:
        """The periods that are given, but whose totals are of another area, in order."""
        given = (past.period for past in reversed(self.result.unit_past))
        return tuple(period for period in given if period not in self.known)

    @cached_property
    def missing(self) -> tuple[Period, ...]:
        """The periods between the first given one and now that nothing is known of."""
        given = (*self.earlier, *self.elsewhere)
        return missing(self.now, given, self.result.form.period_kinds)

    @cached_property
    def line(self) -> tuple[Period, ...]:
        """All periods in order of time, those without totals in their places."""
        every = {*self.known, *self.missing, *self.elsewhere}
        return tuple(sorted(every, key=lambda period: period.order))

    @cached_property
    def changes(self) -> Mapping[str, Change]:
        """The change of each total since the last period that it compares with."""
        return {change.item.id: change for change in CityChanges(self.result).all}

    def value(self, item: Indicator, period: Period) -> float | None:
        """Return the communes' total of a known period, None where there is none."""
        total = self.known.get(period, {}).get(item.id)
        is_there = total is not None and not aggregate_of(item).is_city
        return float(total.value) if total and is_there and total.value is not None else None

    @cached_property
    def tiles(self) -> tuple[Period, ...]:
        """The known periods that together are the year so far; none where one is missing."""
        return year_to_date(self.now, self.earlier, self.result.form.period_kinds)

    @property
    def earlier(self) -> tuple[Period, ...]:
        """The known periods before this one."""
        return tuple(one.period for one in self.result.past)

    @property
    def lacking(self) -> tuple[Period, ...]:
        """The periods without which the year so far cannot be added up."""
        return missing_to_date(self.now, self.earlier, self.result.form.period_kinds)

    def to_date(self, item: Indicator) -> float | int | None:
        """Return what a row comes to from the year's beginning; None where that is unknown.

        What comes about in a period is added; what is counted from the year's beginning, or is
        there at a time, is taken at the end. A rate is that of its parts, never a mean of rates.
        """
        if item.percent is not None and aggregate_of(item).pairs_parts:
            return self._rate_to_date(item.percent)
        if item.kind not in _COUNTED or not aggregate_of(item).is_added:
            return None
        if item.nature != "flow":
            value = self.value(item, self.now)
            return None if value is None else plain(value)
        values = [self.value(item, period) for period in self.tiles]
        known = [value for value in values if value is not None]
        return plain(math.fsum(known)) if known and len(known) == len(values) else None

    def _rate_to_date(self, rate: Percent) -> float | int | None:
        rows = self.result.form.by_id
        parts = {id: self.to_date(rows[id]) if id in rows else None for id in rate.refs}
        figures = PastFigures(pd.DataFrame([parts], dtype="float64"))
        value = float(percent(evaluate(rate.part, figures), evaluate(rate.whole, figures))[0])
        return None if math.isnan(value) else plain(value)

    def falls(self, item: Indicator) -> Iterator[str]:
        """Yield in words where a total that only grows within a year is less than before."""
        if item.nature != "cumulative" or item.kind not in _COUNTED:
            return
        known = [period for period in self.known if self.value(item, period) is not None]
        for before, after in pairwise(known):
            then, total = (self.known[period][item.id] for period in (before, after))
            if before.year == after.year and (total.value or 0) < (then.value or 0):
                yield (
                    f"Lũy kế giảm: {show(then.value)} ({before.label}, {then.filled} đơn vị) còn"
                    f" {show(total.value)} ({after.label}, {total.filled} đơn vị)."
                )

    def has_trend(self, item: Indicator) -> bool:
        """Whether enough periods have a total of a row that says the same in each."""
        valued = [period for period in self.known if self.value(item, period) is not None]
        alike = all(is_comparable(item, self.now, period) for period in valued)
        return alike and len(valued) >= LEAST_OF_TREND and self.now in valued

    def said(self) -> str:
        """Return what is known and what is not, in one paragraph."""
        if len(self.line) == 1:
            return (
                "Chưa có kỳ trước. Lập lại sổ và đưa thêm một hay nhiều sổ tổng hợp kỳ trước (trên"
                " dòng lệnh: --previous, rồi tên tệp, mỗi sổ một lần) thì ở đây có số của từng kỳ,"
                " mức tăng, giảm và số từ đầu năm; từ ba kỳ trở lên có biểu đồ."
            )
        text = f"Tổng hợp các xã, phường (A) của {len(self.known)} kỳ."
        if has_too_many(self.result):
            text += f" Số kỳ trước của từng đơn vị quá nhiều nên sổ không có sheet {ONE_UNIT}."
        if self.elsewhere:
            text += (
                f" Sổ của {names(self.elsewhere)} là của địa bàn khác (xem sheet {FINDINGS}) nên"
                " không so tổng: cột để trống, biểu đồ ngắt ở đó."
            )
        if self.missing:
            text += f" Thiếu {names(self.missing)}: cột để trống, biểu đồ ngắt ở đó."
        if self.lacking:
            lack = "Không có tổng của" if self.elsewhere else "Thiếu"
            text += f" {lack} {names(self.lacking)}: chưa cộng được số phát sinh từ đầu năm."
            return text
        return text + f" Số phát sinh từ đầu năm là của {names(self.tiles)}."


def names(periods: tuple[Period, ...]) -> str:
    """Return the names of periods as a sentence says them."""
    return ", ".join(uncapitalized(period.label) for period in periods)
