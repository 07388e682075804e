"""Submissions → one consolidation: intake, totals, findings, states. Pure; no file is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime

from xl_automation.checks.earlier import PastPeriod, check_previous
from xl_automation.checks.undecided import count_undecided
from xl_automation.consolidation.appendix import appendix_figures
from xl_automation.consolidation.city_checks import CityEvidence, city_findings
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.events import events_between
from xl_automation.consolidation.intake import common_period, take_in
from xl_automation.consolidation.judgement import (
    decision_findings,
    excluded,
    judge,
    named_files,
    waive,
)
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.lower import LowerSummary, changed_findings
from xl_automation.consolidation.past_gaps import past_gaps
from xl_automation.consolidation.past_totals import past_totals, unit_past
from xl_automation.consolidation.register import Register
from xl_automation.consolidation.rulings import Rulebook, still_valid, told_apart
from xl_automation.consolidation.snapshots import frozen_in, lost_findings
from xl_automation.consolidation.states import Run, due_day, records
from xl_automation.consolidation.tables import combine_tables, table_totals
from xl_automation.consolidation.total_checks import total_findings
from xl_automation.consolidation.totals import combine
from xl_automation.consolidation.trial_findings import trial_findings
from xl_automation.consolidation.unit_findings import most_harmful_first, unit_findings
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.passed_over import PassedOver
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission

BLANK = Register()


def consolidate(
    form: Form,
    results: Iterable[Submission | RefusedFile],
    units: Sequence[ReportingUnit] | None = None,
    period: Period | None = None,
    previous: Sequence[PastPeriod] = (),
    passed_over: Sequence[PassedOver] = (),
    register: Register = BLANK,
    decisions: Sequence[Decision] = (),
    due: date | None = None,
    now: datetime | None = None,
    lower: Sequence[LowerSummary] = (),
    inherited: Sequence[Decision] = (),
) -> Consolidation:
    """Return the consolidation of *results*, the files as read or refused.

    Args:
        form: The form of all of them.
        results: One entry per file received.
        units: Who owes a report, a list of all times; the form's own by default.
        period: The period; by default the one that most files are for.
        previous: Earlier periods to compare with.
        passed_over: What lay beside the files and was not read.
        register: What the run before left. Of that of another period only the decisions hold
            that reach to this one: a new round begins.
        decisions: Decisions beside those of the register.
        due: The day by which reports are due; by default as kept, or as the files say.
        now: The time of this run, local; without one, no days and no events are kept.
        lower: The summaries of lower levels that some of *results* came in.
        inherited: What lower levels decided of their units: it holds, and is kept apart.

    Raises:
        UserError: If *period* is left open and the files do not settle it, or if *previous* are
            not distinct earlier periods.
    """
    results = list(results)
    submissions = [result for result in results if isinstance(result, Submission)]
    period = period or common_period(submissions)
    check_previous(period, previous)
    owed = form.units_at(period, units)
    known = owed or _senders(submissions)
    register = _of_round(form, register, period, known)
    rulebook = Rulebook(form, known, period)
    rulings = rulebook.rulings([*register.decisions, *decisions])
    all_rulings = (*rulings, *rulebook.rulings(inherited))
    choices = replace(frozen_in(form, register, period), named=named_files(rulings))
    intake = take_in(form, results, owed, period, choices)
    combined = combine(intake, excluded(all_rulings))
    tables = combine_tables(intake, combined.figures, combined.reports)
    appendix = appendix_figures(form, combined.reports, combined.totals)
    own = unit_findings(intake, combined.figures, previous)
    by_unit, waived_of_units = waive(rulebook, all_rulings, own)
    of_all = (
        *city_findings(CityEvidence(intake, combined, by_unit, previous)),
        *trial_findings(form, by_unit),
        *total_findings(intake, combined, appendix, table_totals(tables)),
        *lost_findings(register, intake),
        *changed_findings(lower, intake.counted),
        *past_gaps(intake, known, previous),
    )
    of_city, waived_of_city = waive(rulebook, all_rulings, of_all)
    judged = judge(rulings, intake, combined.figures, waived_of_units + waived_of_city)
    run = Run(register, now and now.date(), due_day(due, register, intake.counted))
    result = Consolidation(
        form=form,
        period=intake.period,
        units=intake.units,
        communes=intake.communes,
        city=intake.city,
        refused=intake.refused,
        duplicates=intake.duplicates,
        from_register=intake.from_register,
        figures=combined.figures,
        reports=combined.reports,
        totals=combined.totals,
        code_counts=combined.code_counts,
        findings=most_harmful_first((*decision_findings(judged), *of_city, *by_unit)),
        passed_over=tuple(passed_over),
        appendix=appendix,
        left_out=combined.left_out,
        decisions=judged,
        records=records(form, intake, run),
        due=run.due,
        is_locked=register.is_locked,
        answers={
            one.key: (one.owner, one.answer) for one in register.findings if one.owner or one.answer
        },
        events=register.events,
        undecided=count_undecided(combined.figures),
        tables=tables,
        past=past_totals(form, period, previous, known),
        unit_past=unit_past(form, period, previous, known),
        lower=tuple(lower),
        inherited=tuple(inherited),
    )
    if now is None:
        return result
    return replace(result, events=events_between(form, register, register_of(result), now))


def _of_round(
    form: Form, register: Register, period: Period | None, units: Sequence[ReportingUnit]
) -> Register:
    """Return what a register says of *period*; of another round only the decisions that reach."""
    if period is None or register.period in ("", period.code):
        return register
    names = {code: record.name for code, record in register.units.items()}
    reaching = still_valid(form, register.decisions, period)
    return Register(decisions=told_apart(reaching, names, units))


def _senders(submissions: Iterable[Submission]) -> Sequence[ReportingUnit]:
    """Return who reports where there is no list."""
    return [
        ReportingUnit(submission.unit_code, submission.unit_name or "", submission.level)
        for submission in submissions
        if submission.unit_code
    ]
