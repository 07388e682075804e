"""A warning that its unit has answered: the note beside one of its rows gives the reason."""

from __future__ import annotations

from dataclasses import replace

from xl_automation.checks.finding import Finding, Settled
from xl_automation.forms.reason import is_reason
from xl_automation.reading.submission import Submission


def with_reason(finding: Finding, submission: Submission) -> Finding:
    """Return what a rule finds in *submission*, settled where a note explains it.

    Only warnings can be explained: an error stays one whatever is said of it, and a hint asks
    nobody to do anything.
    """
    if finding.severity != "warning":
        return finding
    notes = (submission.notes.get(id, "") for id in finding.indicators)
    reason = next(filter(is_reason, notes), None)
    return finding if reason is None else replace(finding, settled=Settled("note", reason))
