"""Submissions → one consolidation: intake, totals, findings. Pure; no file is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from xl_automation.checks.earlier import PastPeriod, check_previous
from xl_automation.consolidation.appendix import appendix_figures
from xl_automation.consolidation.city_checks import CityEvidence, city_findings
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import common_period, take_in
from xl_automation.consolidation.totals import combine
from xl_automation.consolidation.unit_findings import unit_findings
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.passed_over import PassedOver
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission


def consolidate(
    form: Form,
    results: Iterable[Submission | RefusedFile],
    units: Sequence[ReportingUnit] | None = None,
    period: Period | None = None,
    previous: Sequence[PastPeriod] = (),
    passed_over: Sequence[PassedOver] = (),
) -> Consolidation:
    """Return the consolidation of *results*, the files as read or refused.

    Args:
        form: The form of all of them.
        results: One entry per file received.
        units: Who owes a report; the form's own list by default.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.
        passed_over: What lay beside the files and was not read.

    Raises:
        UserError: If *period* is left open and the files do not settle it, or if *previous* are
            not distinct earlier periods.
    """
    results = list(results)
    submissions = [result for result in results if isinstance(result, Submission)]
    period = period or common_period(submissions)
    check_previous(period, previous)
    intake = take_in(form, results, form.units if units is None else units, period)
    combined = combine(intake)
    by_unit = unit_findings(intake, combined.figures, previous)
    of_city = city_findings(CityEvidence(intake, combined, by_unit))
    return Consolidation(
        form=form,
        period=intake.period,
        units=intake.units,
        communes=intake.communes,
        city=intake.city,
        refused=intake.refused,
        duplicates=intake.duplicates,
        figures=combined.figures,
        reports=combined.reports,
        totals=combined.totals,
        code_counts=combined.code_counts,
        findings=(*of_city, *by_unit),
        passed_over=tuple(passed_over),
        appendix=appendix_figures(form, combined.reports, combined.totals),
        left_out=combined.left_out,
    )
