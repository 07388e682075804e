"""Summaries of lower levels among the files of a run: taken apart into their reports."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xl_automation.consolidation.intake import common_period
from xl_automation.consolidation.lower import LowerSummary
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.reading.refused_file import RefusedFile, refused_file
from xl_automation.reading.submission import Submission
from xl_automation.summary.read_back import is_summary
from xl_automation.summary.read_round import Round, read_round
from xl_automation.xlsx.refusal import Refusal

Result = Submission | RefusedFile


class TakenApart(NamedTuple):
    """The files of a run once the summaries among them are taken apart.

    Attributes:
        results: The reports, those in summaries too, and what is refused.
        period: The period of the run, None where no report says one.
        lower: The summaries of which the reports count.
    """

    results: list[Result]
    period: Period | None
    lower: tuple[LowerSummary, ...]


def take_apart(form: Form, results: Sequence[Result], period: Period | None) -> TakenApart:
    """Return *results* with the reports of each summary among them in its place.

    A summary of another period is refused as one file, and so is one that was made of files which
    are here too: it is an earlier summary of this very run.

    Raises:
        UserError: If *period* is left open and the reports do not settle it.
    """
    rounds: list[Round] = []
    others: list[Result] = []
    for result in results:
        found = _round(form, result)
        if isinstance(found, Round):
            rounds.append(found)
        else:
            others.append(found)
    own = [one for one in others if isinstance(one, Submission)]
    inside = [one for found in rounds for one in found.communes]
    period = period or common_period([*own, *inside])
    here, lower = {one.sha256 for one in own}, []
    for found in rounds:
        if found.period != period:
            expected = period.label if period else "chưa rõ"
            refusal = Refusal("wrong-period", found=found.period.label, expected=expected)
            others.append(refused_file(found.path, refusal))
        elif any(one.sha256 in here for one in found.communes):
            others.append(refused_file(found.path, Refusal("own-summary")))
        else:
            lower.append(_lower(found))
            others += found.communes
    return TakenApart(others, period, tuple(lower))


def _round(form: Form, result: Result) -> Result | Round:
    """Return what a summary holds; anything else as it is."""
    if isinstance(result, Submission) or not is_summary(result.path):
        return result
    try:
        return read_round(result.path, form)
    except Refusal as refusal:
        return refused_file(result.path, refusal)
    except UserError as error:  # an officer wrote in it what cannot be understood
        return refused_file(result.path, Refusal("unreadable", reason=str(error)))


def _lower(found: Round) -> LowerSummary:
    return LowerSummary(
        path=found.path,
        period=found.period,
        units=tuple(unit for unit in found.units if unit.level == "commune"),
        city=found.register.city,
        submissions=found.communes,
        totals=found.register.totals,
        decisions=(*found.register.decisions, *found.register.inherited),
        changed=found.changed,
    )
