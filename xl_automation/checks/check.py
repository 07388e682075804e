"""Every rule that one workbook can decide, applied to submissions."""

from __future__ import annotations

from collections.abc import Sequence

from xl_automation.checks.comparison import findings_against_own_past
from xl_automation.checks.finding import Finding, sorted_findings
from xl_automation.checks.rules import find
from xl_automation.forms.form import Form
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.submission import Submission


def check(form: Form, submission: Submission) -> list[Finding]:
    """Return the findings of one workbook, errors first, then in printed order."""
    return check_all(form, [submission])[0]


def check_all(
    form: Form, submissions: Sequence[Submission], table: Figures | None = None
) -> list[list[Finding]]:
    """Return the findings of each workbook; every rule is evaluated once for all of them.

    Args:
        form: Their form.
        submissions: The workbooks as read.
        table: Their tabulate, if they are known already.
    """
    table = table or tabulate(form, submissions)
    own = find(form, submissions, table)
    past = findings_against_own_past(form, submissions, table)
    return [sorted_findings(form, [*one, *earlier]) for one, earlier in zip(own, past, strict=True)]
