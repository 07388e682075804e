"""Summaries of lower levels (sổ tổng hợp cấp dưới): what each brings beside its reports.

Their reports count as if their files had been given. What the lower level decided of them holds
here too; a figure that somebody changed in a summary by hand is told, and never used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from xl_automation.checks.finding import Finding
from xl_automation.consolidation.choice import Sender
from xl_automation.consolidation.decisions import ALL, Decision
from xl_automation.consolidation.rulings import Rulebook
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import show
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.submission import Submission
from xl_automation.wording import quoted, sentence

CHANGED = "changed-below"  # the rule of what is said of a figure changed by hand
_CHANGED_MESSAGE = (
    "số ở sổ tổng hợp cấp dưới khác báo cáo của đơn vị; tổng lấy số của báo cáo. Hỏi lại cấp dưới: "
    "số đúng thì đơn vị gửi lại báo cáo."
)


@dataclass(frozen=True, slots=True)
class ChangedFigure:
    """A figure of which the matrix of a summary says something else than the report.

    Attributes:
        unit: The code of the unit.
        id: The row.
        kept: What the report says, None where it has no number.
        shown: What stands in the matrix.
    """

    unit: str
    id: str
    kept: float | None
    shown: float


@dataclass(frozen=True, slots=True)
class LowerSummary:
    """A summary of a lower level that is consolidated.

    Attributes:
        path: The file.
        period: Its period.
        units: The communes that owed it a report.
        city: Code and name of whose summary it is, None where it does not say.
        submissions: The reports of the communes that count in it.
        totals: Its totals (A) by id.
        decisions: What it decided, and the levels below it.
        changed: The figures of its matrix that are not those of the reports.
    """

    path: Path
    period: Period
    units: tuple[ReportingUnit, ...]
    city: tuple[str, str] | None
    submissions: tuple[Submission, ...]
    totals: Mapping[str, float | None]
    decisions: tuple[Decision, ...]
    changed: tuple[ChangedFigure, ...]

    @property
    def name(self) -> str:
        """Whose summary it is, or else the name of the file."""
        return self.city[1] if self.city else self.path.stem

    @property
    def missing(self) -> tuple[ReportingUnit, ...]:
        """The communes that owed it a report and have none in it that counts."""
        sent = {submission.unit_code for submission in self.submissions}
        return tuple(unit for unit in self.units if unit.code not in sent)


def units_of(
    lower: Iterable[LowerSummary], submissions: Iterable[Submission]
) -> Sequence[ReportingUnit]:
    """Return who owes a report where nobody says: the units of all summaries, and other senders."""
    listed = [unit for summary in lower for unit in summary.units]
    senders = [
        ReportingUnit(one.unit_code, one.unit_name or "", one.level)
        for one in submissions
        if one.unit_code
    ]
    units: dict[Sender, ReportingUnit] = {}
    for unit in (*listed, *senders):
        units.setdefault((unit.level, unit.code), unit)
    return tuple(units.values())


def inherited(form: Form, lower: Iterable[LowerSummary]) -> Iterator[Decision]:
    """Yield what the lower levels decided of their units, one by one, with whose decision it is."""
    for summary in lower:
        rulebook = Rulebook(form, summary.units, summary.period)
        for ruling in rulebook.rulings(summary.decisions):
            if ruling.holds and not ruling.meant.file:
                reason = f"{ruling.meant.reason} (theo sổ {summary.path.name})"
                for unit in [ruling.unit] if ruling.unit else summary.units:
                    meant = replace(ruling.meant, unit=unit.code, reason=reason, until="")
                    yield replace(meant, rule="" if meant.rule == ALL else meant.rule)


def changed_findings(
    lower: Iterable[LowerSummary], counted: Iterable[Submission]
) -> Iterator[UnitFinding]:
    """Yield the figures that were changed by hand in a summary of which the report counts."""
    by_code = {one.unit_code: one for one in counted if one.way}
    for summary in lower:
        for figure in summary.changed:
            report = by_code.get(figure.unit)
            if report and report.way and report.way.summary == summary.path:
                seen = (
                    f"{summary.path.name}: {figure.id} = {show(figure.shown)}; "
                    f"báo cáo ghi {show(figure.kept)}"
                )
                finding = Finding(
                    CHANGED, "warning", (figure.id,), (), sentence(quoted(seen)), _CHANGED_MESSAGE
                )
                yield UnitFinding(finding, unit=report.unit_name or "", code=figure.unit)
