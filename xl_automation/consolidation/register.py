"""What a summary keeps from run to run (sổ theo dõi): states, decisions, answers, what was found.

The summary workbook is its own register: a run reads it first, and writes it again with what
changed. Pure data; the summary's sheets hold it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

from xl_automation.consolidation.decisions import Decision
from xl_automation.forms.vocabulary import Severity
from xl_automation.reading.submission import came_as

UnitState = Literal["missing", "received", "returned", "resent", "accepted", "locked"]
STATE_LABELS: Mapping[UnitState, str] = {
    "missing": "Chưa gửi",
    "received": "Đã nhận",
    "returned": "Trả lại",
    "resent": "Nhận lại",
    "accepted": "Đạt",
    "locked": "Khóa",
}
SET_BY_OFFICERS: tuple[UnitState, ...] = ("returned", "accepted", "locked")  # by no file
Timeliness = Literal["on-time", "late", "missing", "unknown"]
TIMELINESS_LABELS: Mapping[Timeliness, str] = {
    "on-time": "Đúng hạn",
    "late": "Muộn",
    "missing": "Chưa gửi",
    "unknown": "Không rõ",
}
LeftOutCause = Literal["pair", "decision"]
FindingKey = tuple[str, str, str]  # code of the unit, rule, cells or else rows


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """One unit in the register.

    Attributes:
        code: Its code.
        name: Its name.
        state: Where it stands.
        history: The states it came to and the days, the first one first.
        file: The name of the file that counts; empty without one.
        sha256: The hash of that file.
        written: When the file says that it was last saved; None where it says nothing.
        timeliness: Whether it came in time; None where no day is due.
        snapshot: The submission as a record, as text, so that a locked round stays what it was.
        via: The names of the summaries of lower levels that the file came through, the last first.
    """

    code: str
    name: str
    state: UnitState = "missing"
    history: tuple[tuple[UnitState, date], ...] = ()
    file: str = ""
    sha256: str = ""
    written: datetime | None = None
    timeliness: Timeliness | None = None
    snapshot: str = field(default="", repr=False)
    via: tuple[str, ...] = ()

    @property
    def came(self) -> str:
        """The name of the file with the way that it came: ``05497.xlsx (qua thành phố.xlsx)``."""
        return came_as(self.file, self.via)


@dataclass(frozen=True, slots=True)
class KeptFinding:
    """One finding as the summary lists it.

    Attributes:
        unit: The code of the unit; empty where it is about none.
        name: Its name.
        rule: The rule.
        severity: How bad it is.
        indicators: The rows, by id.
        cells: The cells as the finding names them (``Phụ lục!D12``).
        seen: What was found.
        message: What is allowed and what to do.
        settled: Why it is settled, in words; empty while it is open.
        owner: Who looks after it (typed by an officer).
        answer: What came of it (typed by an officer).
    """

    unit: str
    name: str
    rule: str
    severity: Severity
    indicators: tuple[str, ...]
    cells: tuple[str, ...]
    seen: str
    message: str
    settled: str = ""
    owner: str = ""
    answer: str = ""

    @property
    def key(self) -> FindingKey:
        """By which an answer is found again in the next run."""
        return self.unit, self.rule, ", ".join(self.cells or self.indicators)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that changed from a run to the next.

    Attributes:
        time: When it was seen, local time, to the minute.
        unit: The name of the unit; empty where it is about none.
        what: What changed, in words, old → new.
    """

    time: datetime
    unit: str
    what: str


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A figure that a unit reported and that is in no total.

    Attributes:
        unit: The code of the unit.
        name: Its name.
        indicator: The row, by id.
        cause: ``pair``: the other part of a ratio is missing. ``decision``: the city decided so.
        reason: Why, in words.
        value: The figure; None where the cell holds no number.
    """

    unit: str
    name: str
    indicator: str
    cause: LeftOutCause
    reason: str
    value: float | None


@dataclass(frozen=True, slots=True)
class Register:
    """All that a summary says of its round; blank before the first run.

    Attributes:
        period: The code of the period; empty in a blank one.
        due: The day by which reports are due, None where nobody set one.
        is_locked: Whether the whole round is frozen.
        city: Code and name of the city, None where none is known.
        units: The units by code, in the order of the list.
        decisions: The decisions, in the order in which they stand.
        findings: The findings of the last run.
        left_out: The figures that are in no total.
        totals: The totals (A) by id.
        filled: How many units each total comes from.
        absent: How many have a code in place of what it needs, by code.
        expected: How many it could come from.
        appendix: The city's own figures (B) by id; a code where the city has one instead.
        events: What changed, the latest first.
        owed: The codes of the communes that owed a report; None in a summary that does not say.
        past: The totals (A) of earlier periods and of how many units, by the period's code and by
            id, the latest first.
        inherited: What lower levels decided of their units.
    """

    period: str = ""
    due: date | None = None
    is_locked: bool = False
    city: tuple[str, str] | None = None
    units: Mapping[str, UnitRecord] = field(default_factory=dict)
    decisions: tuple[Decision, ...] = ()
    findings: tuple[KeptFinding, ...] = ()
    left_out: tuple[LeftOut, ...] = ()
    totals: Mapping[str, float | None] = field(default_factory=dict)
    filled: Mapping[str, int] = field(default_factory=dict)
    absent: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    expected: int = 0
    appendix: Mapping[str, float | str | None] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    owed: tuple[str, ...] | None = None
    past: Mapping[str, Mapping[str, tuple[float, int]]] = field(default_factory=dict)
    inherited: tuple[Decision, ...] = ()

    @property
    def holds_words(self) -> bool:
        """Whether officers wrote anything in it that is nowhere else."""
        return bool(
            self.decisions
            or self.is_locked
            or any(record.state in SET_BY_OFFICERS for record in self.units.values())
            or any(finding.owner or finding.answer for finding in self.findings)
        )
