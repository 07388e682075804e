"""Submissions → one consolidation: totals, who is missing, what is wrong. Pure; no file is read.

Which files count is decided here; :mod:`aggregate` combines their figures, :mod:`city_checks`
looks at all of them together, and :mod:`consolidation` is the result as data.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from xl_automation.aggregate import code_counts, totals
from xl_automation.city_checks import city_findings
from xl_automation.consolidation import Consolidation, Duplicate, Located, RefusedFile, Total
from xl_automation.findings import find, sorted_findings
from xl_automation.history import (
    PastPeriod,
    check_previous,
    findings_against,
    findings_against_own_past,
)
from xl_automation.model import Form, Period, ReportingUnit
from xl_automation.refusal import Refusal
from xl_automation.submission import Submission, figures

__all__ = [
    "Consolidation",
    "Duplicate",
    "RefusedFile",
    "Total",
    "common_period",
    "consolidate",
]


def consolidate(
    form: Form,
    results: Iterable[Submission | RefusedFile],
    units: Sequence[ReportingUnit] | None = None,
    period: Period | None = None,
    previous: Sequence[PastPeriod] = (),
) -> Consolidation:
    """Return the consolidation of *results*, the files as read or refused.

    Args:
        form: The form of all of them.
        results: One entry per file received.
        units: Who owes a report; the form's own list by default.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.

    Raises:
        ValueError: In Vietnamese, when *period* is left open and the files do not settle it, or
            when *previous* are not distinct earlier periods.
    """
    results = list(results)
    owed = tuple(one for one in (form.units if units is None else units))
    refused = [one for one in results if isinstance(one, RefusedFile)]
    submissions = [one for one in results if isinstance(one, Submission)]
    period = period or common_period(submissions)
    check_previous(form, period, previous)
    accepted, unfit = _admitted(form, submissions, owed, period)
    chosen, duplicates = _latest(accepted)
    order = {unit.code: at for at, unit in enumerate(owed)}
    communes = sorted(
        (one for one in chosen if one.level == "commune"),
        key=lambda one: (order.get(one.unit_code or "", len(order)), str(one.path)),
    )
    city, others = _one_city([one for one in chosen if one.level != "commune"], order)
    refused += [*unfit, *others]
    result = Consolidation(
        form=form,
        period=period,
        units=tuple(unit for unit in owed if unit.level == "commune"),
        communes=tuple(communes),
        city=city,
        refused=tuple(sorted(refused, key=lambda one: str(one.path))),
        duplicates=tuple(duplicates),
        table=figures(form, (*communes, *((city,) if city else ()))),
        totals={},
        code_counts={},
        findings=(),
    )
    result = replace(result, code_counts=code_counts(result))
    result = replace(result, totals=totals(result))
    result = replace(result, findings=tuple(_unit_findings(result, previous)))
    return replace(result, findings=(*city_findings(result), *result.findings))


# --- which files count -------------------------------------------------------------------------


def common_period(submissions: Sequence[Submission]) -> Period | None:
    """Return the period that most submissions are for, None where none says one."""
    counts = Counter(one.period for one in submissions if one.period is not None)
    if not counts:
        return None
    (first, times), *rest = counts.most_common()
    if rest and rest[0][1] == times:
        codes = ", ".join(sorted(p.code for p in counts))
        raise ValueError(f"Các tệp thuộc nhiều kỳ ({codes}); chọn kỳ bằng --period.")
    return first


def _admitted(
    form: Form,
    submissions: Iterable[Submission],
    owed: Sequence[ReportingUnit],
    period: Period | None,
) -> tuple[list[Submission], list[RefusedFile]]:
    """Return the submissions of the period by units that owe one, and the refusals of others."""
    accepted, refused = [], []
    for one in submissions:
        try:
            _admit(form, one, owed, period)
            accepted.append(one)
        except Refusal as refusal:
            refused.append(RefusedFile.of(one, refusal))
    return accepted, refused


def _admit(
    form: Form, one: Submission, owed: Sequence[ReportingUnit], period: Period | None
) -> None:
    """Raise the refusal of a submission of another period or of an unknown unit."""
    if period is not None and one.period != period:
        found = one.period.label if one.period else "chưa chọn"
        raise Refusal("wrong-period", found=found, expected=period.label)
    listed = [unit for unit in owed if unit.level == one.level]
    found = " – ".join(text for text in (one.unit_code, one.unit_name) if text) or "chưa chọn"
    if one.level != "commune" and not listed:
        return
    for unit in listed:
        if unit.code == one.unit_code and one.unit_name and unit.is_named(one.unit_name):
            return
    if listed or one.unit_code is None:
        raise Refusal("unknown-unit", found=found)


def _latest(accepted: Sequence[Submission]) -> tuple[list[Submission], list[Duplicate]]:
    """Return one submission per unit, the last saved, and what it replaced."""
    by_unit: dict[tuple[str, str | None], list[Submission]] = {}
    for one in accepted:
        by_unit.setdefault((one.level, one.unit_code), []).append(one)
    chosen, duplicates = [], []
    for same in by_unit.values():
        last = max(same, key=lambda one: (one.saved, str(one.path)))
        chosen.append(last)
        if len(same) > 1:
            paths = tuple(sorted(one.path for one in same))
            replaced = tuple(one for one in same if one is not last)
            duplicates.append(
                Duplicate(last.unit_code or "", last.unit_name or "", paths, last.path, replaced)
            )
    return chosen, duplicates


def _one_city(
    cities: Sequence[Submission], order: Mapping[str, int]
) -> tuple[Submission | None, list[RefusedFile]]:
    """Return the city whose communes these are, and the refusals of any other city's workbook."""
    if not cities:
        return None, []
    first, *others = sorted(
        cities, key=lambda one: (order.get(one.unit_code or "", len(order)), str(one.path))
    )
    refusals = []
    for one in others:
        found, expected = (city.unit_name or "chưa chọn" for city in (one, first))
        refusal = Refusal("second-city", found=found, expected=expected)
        refusals.append(RefusedFile.of(one, refusal))
    return first, refusals


# --- findings ----------------------------------------------------------------------------------


def _unit_findings(result: Consolidation, previous: Sequence[PastPeriod]) -> Iterator[Located]:
    """Yield what is wrong with each unit by itself, in the order of the list."""
    own = find(result.form, result.counted, result.table)
    if previous and result.period:
        past = findings_against(
            result.form, result.period, result.counted, result.table, previous, result.units
        )
    else:
        past = findings_against_own_past(result.form, result.counted, result.table)
    for submission, mine, earlier in zip(result.counted, own, past, strict=True):
        for one in sorted_findings(result.form, [*mine, *earlier]):
            yield Located(one, submission, submission.path, submission.unit_name or "")
