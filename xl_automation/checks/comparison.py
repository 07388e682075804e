"""Figures compared with those of earlier periods."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xl_automation.checks.earlier import PastPeriod, age
from xl_automation.checks.finding import Finding
from xl_automation.checks.rules import find
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import percent
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.rule import Rule
from xl_automation.reading.figures import Figures
from xl_automation.reading.submission import Submission

COPIED_SHARE = 0.9
MIN_COPIED = 10  # figures both periods must have before they can look copied


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside the same figure of an earlier period; None where there is none."""

    item: Indicator
    before: float | None
    now: float | None

    @property
    def difference(self) -> float | None:
        """How much more it is now; of percentages in points, of codes nothing."""
        if self.before is None or self.now is None or self.item.kind == "code":
            return None
        return round(self.now - self.before, 6)  # 0.3 - 0.1 is not 0.2 to a float

    @property
    def rate(self) -> float | None:
        """The difference as a percentage of the earlier figure; none of percentages."""
        if self.difference is None or self.item.kind == "percent":
            return None
        found = float(percent(self.difference, abs(self.before or 0)))
        return None if math.isnan(found) else found


def changes(form: Form, now: pd.Series, before: pd.Series) -> list[Change]:
    """Return each figure with that of the earlier period, where one of both is there."""

    def number(row: pd.Series, id: str) -> float | None:
        value = float(row.get(id, math.nan))
        return None if math.isnan(value) else value

    every = [Change(item, number(before, item.id), number(now, item.id)) for item in form.figures]
    return [one for one in every if one.before is not None or one.now is not None]


def findings_against(
    form: Form,
    period: Period,
    submissions: Sequence[Submission],
    table: Figures,
    previous: Sequence[PastPeriod],
    units: Sequence[ReportingUnit] = (),
) -> list[list[Finding]]:
    """Return the findings of each submission of *period* against earlier periods."""
    found: list[dict[tuple[str, tuple[str, ...]], Finding]] = [{} for _ in submissions]
    same = [_of_same_units(units, submissions, past) for past in previous]
    for against, numbers in _comparisons(form, period, same):
        aligned = numbers.reindex([one.unit_code for one in submissions])
        aligned = aligned.reindex(columns=table.numbers.columns)
        aligned.index = table.numbers.index
        then = replace(table, previous=aligned)
        rules = tuple(rule for rule in form.rules if rule.against == against)
        some = replace(form, rules=rules)
        for at, mine in enumerate(find(some, submissions, then, scope="period")):
            mine += _copied(form, then, at, rules)
            found[at].update({(one.rule, one.indicators): one for one in mine})
    return [list(mine.values()) for mine in found]


def findings_against_own_past(
    form: Form, submissions: Sequence[Submission], table: Figures
) -> list[list[Finding]]:
    """Return the findings of each submission against the figures it was issued with."""
    found: list[list[Finding]] = [[] for _ in submissions]
    groups: dict[tuple[Period, Period], list[int]] = {}
    for at, one in enumerate(submissions):
        if one.period and one.previous:
            groups.setdefault((one.period, one.previous[0]), []).append(at)
    for (period, earlier), places in groups.items():
        some = [submissions[at] for at in places]
        rows = [one.previous[1] for one in some if one.previous]
        codes = [one.unit_code or "" for one in some]
        numbers = pd.DataFrame(rows, index=codes, dtype="float64")
        numbers = numbers[~numbers.index.duplicated()]
        past = PastPeriod(earlier, numbers, {})
        part = table.rows(places)
        for at, mine in zip(
            places, findings_against(form, period, some, part, [past]), strict=True
        ):
            found[at] = mine
    return found


def _of_same_units(
    units: Sequence[ReportingUnit], submissions: Sequence[Submission], past: PastPeriod
) -> PastPeriod:
    """Return *past* without the units whose code is another unit's now."""
    listed = {unit.code: unit for unit in units}
    others = []
    for one in submissions:
        code, name = one.unit_code or "", one.unit_name or ""
        now, then = listed.get(code, ReportingUnit(code, name)), past.names.get(code)
        if then is not None and not now.is_named(then):
            others.append(code)
    return replace(past, numbers=past.numbers.drop(index=others))


def _comparisons(
    form: Form, period: Period, previous: Sequence[PastPeriod]
) -> list[tuple[str, pd.DataFrame]]:
    """Return what each kind of rule compares with: (against, figures per unit)."""
    earlier = sorted(previous, key=lambda past: age(form, past.period))
    found = [("any", earlier[-1].numbers)] if earlier else []
    same_year = {past.period.kind.code: past for past in earlier if past.period.year == period.year}
    if same_year:
        found.append(("same-year", list(same_year.values())[-1].numbers))
    for codes in period.kind.within:
        if all(code in same_year for code in codes):
            frames = [same_year[code].numbers for code in codes]
            total = frames[0]
            for more in frames[1:]:
                total = total.add(more)
            found.append(("within", total))
            if len(codes) == 1:
                found.append(("within-each", total))
    return found


def _copied(form: Form, table: Figures, at: int, rules: Sequence[Rule]) -> list[Finding]:
    """Return the finding that nearly all figures are those of the earlier period."""
    rule = next((rule for rule in rules if rule.check == "copied"), None)
    if rule is None or table.previous is None:
        return []
    ids = [item.id for item in form.inputs if item.kind != "code"]
    now, then = (
        frame[ids].iloc[at].to_numpy(dtype=float) for frame in (table.numbers, table.previous)
    )
    both = int(np.sum(~np.isnan(now) & ~np.isnan(then)))
    same = int(np.sum(now == then))
    if both < MIN_COPIED or same <= COPIED_SHARE * both:
        return []
    seen = f"{same}/{both} số liệu giống kỳ trước"
    return [Finding(rule.id, rule.severity, (), (), seen, f"{rule.message} {rule.fix}")]
