"""The rules that compare figures with those of earlier periods."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import reduce

import pandas as pd

from xl_automation.checks.copied import copied_figures
from xl_automation.checks.earlier import PastPeriod, unit_pasts
from xl_automation.checks.finding import Finding
from xl_automation.checks.rules import find
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import Against
from xl_automation.reading.figures import Figures
from xl_automation.reading.submission import Submission


def findings_against(
    figures: Figures,
    period: Period,
    previous: Sequence[PastPeriod],
    units: Sequence[ReportingUnit] = (),
) -> list[list[Finding]]:
    """Return the findings of each submission of *period* against earlier periods.

    Args:
        figures: The figures of the submissions.
        period: Their period.
        previous: What is known of earlier ones.
        units: Who owes a report now: codes have been used again for other units.

    Returns:
        One list per submission, in their order.
    """
    by_submission: list[dict[tuple[str, tuple[str, ...]], Finding]] = [
        {} for _ in figures.submissions
    ]
    now, codes = _senders(figures.submissions, units), _codes(figures.submissions)
    same_units = {
        past.period: unit_pasts(figures.form, period, now.values(), past).numbers
        for past in previous
    }
    for against, numbers in _comparisons(period, same_units):
        aligned = numbers.reindex(codes)
        aligned = aligned.reindex(columns=figures.numbers.columns)
        aligned.index = figures.numbers.index
        beside = replace(figures, previous=aligned)
        rules = [rule for rule in figures.form.rules if rule.against == against]
        copied = copied_figures(beside, rules)
        for position, findings in enumerate(find(beside, "period", rules.__contains__)):
            findings += copied.get(position, [])
            by_submission[position].update(
                {(finding.rule, finding.indicators): finding for finding in findings}
            )
    return [list(findings.values()) for findings in by_submission]


def findings_against_own_past(figures: Figures) -> list[list[Finding]]:
    """Return the findings of each submission against the figures it was issued with."""
    by_submission: list[list[Finding]] = [[] for _ in figures.submissions]
    groups: dict[tuple[Period, Period], list[int]] = {}
    for position, submission in enumerate(figures.submissions):
        if submission.period and submission.previous:
            earlier = submission.previous[0]
            groups.setdefault((submission.period, earlier), []).append(position)
    for (period, earlier), positions in groups.items():
        same = figures.subset(positions)
        past = PastPeriod(earlier, _issued_figures(same.submissions), {})
        for position, findings in zip(
            positions, findings_against(same, period, [past]), strict=True
        ):
            by_submission[position] = findings
    return by_submission


def earlier_figures(
    form: Form,
    period: Period | None,
    submissions: Sequence[Submission],
    previous: Sequence[PastPeriod],
    units: Sequence[ReportingUnit] = (),
) -> list[tuple[Period, pd.DataFrame]]:
    """Return what the units of *submissions* reported before, by period.

    Args:
        form: The form of all of them.
        period: Their period.
        submissions: One of each unit.
        previous: Earlier periods; without any, the figures that the submissions were issued with.
        units: Who owes a report now: codes have been used again for other units.

    Returns:
        The figures of the form by id, float64, a row per submission in their order; NaN where
        there is none.
    """
    ids = [item.id for item in form.figures]
    senders = _senders(submissions, units).values()
    pasts = {past.period: past.numbers for past in _as_issued(submissions)}
    if previous and period:
        pasts = {then.period: unit_pasts(form, period, senders, then).numbers for then in previous}
    codes = _codes(submissions)
    return [(then, numbers.reindex(index=codes, columns=ids)) for then, numbers in pasts.items()]


def _as_issued(submissions: Sequence[Submission]) -> list[PastPeriod]:
    """Return the earlier periods whose figures stand in the workbooks."""
    by_period: dict[Period, list[Submission]] = {}
    for submission in submissions:
        if submission.previous:
            by_period.setdefault(submission.previous[0], []).append(submission)
    return [PastPeriod(period, _issued_figures(some), {}) for period, some in by_period.items()]


def _issued_figures(submissions: Sequence[Submission]) -> pd.DataFrame:
    """Return the earlier figures that stand in the workbooks, a row per unit code."""
    rows = [submission.previous[1] for submission in submissions if submission.previous]
    numbers = pd.DataFrame(rows, index=_codes(submissions), dtype="float64")
    return numbers[~numbers.index.duplicated()]


def _codes(submissions: Sequence[Submission]) -> list[str]:
    return [submission.unit_code or "" for submission in submissions]


def _senders(
    submissions: Sequence[Submission], units: Sequence[ReportingUnit]
) -> dict[str, ReportingUnit]:
    """Return whose *submissions* are, by code: units of the list where they are in it."""
    listed = {unit.code: unit for unit in units}
    senders: dict[str, ReportingUnit] = {}
    for submission in submissions:
        code, name = submission.unit_code or "", submission.unit_name or ""
        senders[code] = listed.get(code) or ReportingUnit(code, name, submission.level)
    return senders


def _comparisons(
    period: Period, numbers: Mapping[Period, pd.DataFrame]
) -> Iterator[tuple[Against, pd.DataFrame]]:
    """Yield what each kind of rule compares with: the kind, and figures per unit."""
    for against, periods in period.comparisons(numbers):
        yield against, reduce(pd.DataFrame.add, (numbers[earlier] for earlier in periods))
