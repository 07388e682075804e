"""Submissions → one consolidation: totals, who is missing, what is wrong. Pure; no file is read.

Which files count is decided here; :mod:`aggregate` combines their figures, :mod:`city_checks`
looks at all of them together, and :mod:`consolidation` is the result as data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from xl_automation.checks.comparison import findings_against, findings_against_own_past
from xl_automation.checks.earlier import PastPeriod, check_previous
from xl_automation.checks.finding import sorted_findings
from xl_automation.checks.rules import find
from xl_automation.consolidation.city_checks import city_findings
from xl_automation.consolidation.consolidation import Consolidation, UnitFinding
from xl_automation.consolidation.intake import admitted, common_period, latest_of_each, one_city
from xl_automation.consolidation.totals import code_counts, totals
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission


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
    accepted, unfit = admitted(form, submissions, owed, period)
    chosen, duplicates = latest_of_each(accepted)
    order = {unit.code: at for at, unit in enumerate(owed)}
    communes = sorted(
        (one for one in chosen if one.level == "commune"),
        key=lambda one: (order.get(one.unit_code or "", len(order)), str(one.path)),
    )
    city, others = one_city([one for one in chosen if one.level != "commune"], order)
    refused += [*unfit, *others]
    result = Consolidation(
        form=form,
        period=period,
        units=tuple(unit for unit in owed if unit.level == "commune"),
        communes=tuple(communes),
        city=city,
        refused=tuple(sorted(refused, key=lambda one: str(one.path))),
        duplicates=tuple(duplicates),
        table=tabulate(form, (*communes, *((city,) if city else ()))),
        totals={},
        code_counts={},
        findings=(),
    )
    result = replace(result, code_counts=code_counts(result))
    result = replace(result, totals=totals(result))
    result = replace(result, findings=tuple(_unit_findings(result, previous)))
    return replace(result, findings=(*city_findings(result), *result.findings))


# --- findings ----------------------------------------------------------------------------------


def _unit_findings(result: Consolidation, previous: Sequence[PastPeriod]) -> Iterator[UnitFinding]:
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
            yield UnitFinding(one, submission, submission.path, submission.unit_name or "")
