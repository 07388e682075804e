"""Where each unit stands from run to run (trạng thái), and whether it was in time."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from xl_automation.consolidation.intake import Intake
from xl_automation.consolidation.register import (
    SET_BY_OFFICERS,
    Register,
    Timeliness,
    UnitRecord,
    UnitState,
)
from xl_automation.consolidation.snapshots import snapshot_of
from xl_automation.forms.form import Form
from xl_automation.reading.own_time import in_vietnam
from xl_automation.reading.refused_file import file_name
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_record import Records


@dataclass(frozen=True, slots=True)
class Run:
    """One run over a round.

    Attributes:
        register: What the run before left; blank in the first one.
        today: The day of the run; None keeps no days.
        due: The day by which reports are due.
    """

    register: Register
    today: date | None
    due: date | None

    @property
    def due_moved_forward(self) -> bool:
        """Whether reports are due earlier than the run before thought."""
        before = self.register.due
        return self.due is not None and before is not None and self.due < before


def due_day(stated: date | None, register: Register, counted: Iterable[Submission]) -> date | None:
    """Return by when reports are due: as stated, as kept, or as all files agree that say it."""
    if stated or register.due:
        return stated or register.due
    days = {submission.due for submission in counted if submission.due}
    return days.pop() if len(days) == 1 else None


def records(form: Form, intake: Intake, run: Run) -> Mapping[str, UnitRecord]:
    """Return where each unit stands now, by code: the list, then others, the city last."""
    sent = {submission.unit_code or "": submission for submission in intake.communes}
    names = {unit.code: unit.name for unit in intake.units}
    names |= {code: one.unit_name or "" for code, one in sent.items() if code not in names}
    city = run.register.city
    if intake.city:
        city = intake.city.unit_code or "", intake.city.unit_name or ""
    kept = {code: one.name for code, one in run.register.units.items() if code not in names}
    names |= {code: name for code, name in kept.items() if not city or code != city[0]}
    of_form = Records(form)
    found = {
        code: _record(of_form, _before(run, code, name), sent.get(code), run)
        for code, name in names.items()
    }
    if city and city[0] not in found:
        own = _record(of_form, _before(run, *city), intake.city, run)
        found[city[0]] = replace(own, timeliness=None)  # no day is due for the city itself
    return found


def _before(run: Run, code: str, name: str) -> UnitRecord:
    """Return the record of the run before, under the name of now."""
    known = run.register.units.get(code)
    return replace(known, name=name) if known else UnitRecord(code, name)


def _record(
    of_form: Records, before: UnitRecord, submission: Submission | None, run: Run
) -> UnitRecord:
    states = _states(before, submission)
    now = replace(before, state=states[-1], history=_noted(before.history, states, run.today))
    if submission is not None:
        now = replace(
            now,
            file=file_name(submission.path),
            sha256=submission.sha256,
            written=submission.written,
            snapshot=snapshot_of(of_form, submission),
            via=submission.way.names if submission.way else (),
        )
    elif now.state == "missing":
        now = replace(now, file="", sha256="", written=None, snapshot="", via=())
    return replace(now, timeliness=_timeliness(before, submission, run))


def _states(before: UnitRecord, submission: Submission | None) -> Sequence[UnitState]:
    """Return the state that a unit was left in, or came to, and the one it came to from there."""
    state = before.state
    if submission is None:
        return [state if state in SET_BY_OFFICERS else "missing"]
    if state == "locked" or submission.sha256 == before.sha256:
        return ["received" if state == "missing" else state]
    if not before.sha256 and state != "returned":
        return ["received"]
    return [state, "resent"]


def _noted(
    history: tuple[tuple[UnitState, date], ...], states: Sequence[UnitState], today: date | None
) -> tuple[tuple[UnitState, date], ...]:
    """Return the history with the states that are new."""
    if today is None:
        return history
    (first, *later), last = states, history[-1][0] if history else "missing"
    new = [*([first] if first != last else []), *later]
    return (*history, *((state, today) for state in new))


def _timeliness(before: UnitRecord, submission: Submission | None, run: Run) -> Timeliness | None:
    if run.due is None:
        return None
    if submission is None:
        return "missing"
    if before.timeliness == "on-time" and not run.due_moved_forward:
        return "on-time"  # a file that was corrected later is not late
    if submission.written is None:
        return "unknown"
    return "on-time" if in_vietnam(submission.written).date() <= run.due else "late"
