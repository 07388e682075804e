"""Every rule that one workbook can decide, applied to submissions."""

from __future__ import annotations

from functools import partial

from xl_automation.checks.comparison import findings_against_own_past
from xl_automation.checks.finding import Finding, sorted_findings
from xl_automation.checks.percentages import with_percentages
from xl_automation.checks.rules import find
from xl_automation.forms.form import Form
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.submission import Submission


def check(form: Form, submission: Submission) -> list[Finding]:
    """Return the findings of one workbook, errors first, then in printed order."""
    return check_all(tabulate(form, [submission]))[0]


def check_all(figures: Figures) -> list[list[Finding]]:
    """Return the findings of each workbook; every rule is evaluated once for all of them."""
    by_rules, by_past = own_findings(figures), findings_against_own_past(figures)
    return [
        sorted_findings(figures.form, [*own, *past])
        for own, past in zip(by_rules, by_past, strict=True)
    ]


def own_findings(figures: Figures) -> list[list[Finding]]:
    """Return what is to be said of each workbook by itself: what was noticed, what rules find."""
    by_rules = with_percentages(figures, find(figures))
    return [
        [*map(partial(Finding.of_remark, figures.form), submission.remarks), *found]
        for submission, found in zip(figures.submissions, by_rules, strict=True)
    ]
