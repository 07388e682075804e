"""Results as JSON-ready data, for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from xl_automation.checks.finding import Finding
from xl_automation.checks.look_first import LookFirst
from xl_automation.checks.seal import JudgedSeal, judge_seal
from xl_automation.forms.rule import RuleInstance
from xl_automation.reading.figures import FigureRow
from xl_automation.reading.own_time import in_vietnam
from xl_automation.reading.passed_over import PassedOver
from xl_automation.reading.refused_file import RefusedFile

if TYPE_CHECKING:
    from xl_automation.consolidation.consolidation import Consolidation
    from xl_automation.consolidation.register import UnitRecord
    from xl_automation.consolidation.tables import CombinedTable

Json = dict[str, Any]
# What each kind of report has had from its first version on.
_CHECKED = {"path", "status", "refusal", "unit", "period", "values", "findings"}
_CONSOLIDATED = {"period", "received", "counted", "refused", "duplicates", "missing", "totals"}


@dataclass(frozen=True, slots=True)
class CheckedReport:
    """A workbook that was read, and what the rules say of it.

    Attributes:
        row: Its figures.
        findings: What the rules find.
        undecided: The rules that it leaves undecided.
        look_first: The cells to look at before all others, None where the findings say it all.
    """

    row: FigureRow
    findings: Sequence[Finding]
    undecided: Sequence[RuleInstance] = ()
    look_first: LookFirst | None = None

    @property
    def seal(self) -> JudgedSeal:
        """What the seal in the workbook is worth."""
        return judge_seal(self.row.form, self.row.submission)


def is_report(data: object) -> bool:
    """Return whether JSON is what one of the functions below returned."""
    if not isinstance(data, dict):
        return False
    files = data.get("files")
    if files and isinstance(files, list):
        return all(isinstance(file, dict) and file.keys() >= _CHECKED for file in files)
    return data.keys() >= _CONSOLIDATED


def check_report(
    reports: Sequence[CheckedReport | RefusedFile], passed_over: Sequence[PassedOver] = ()
) -> Json:
    """Return the findings and values of each workbook, in the order of *reports*.

    Args:
        reports: The workbooks.
        passed_over: What lay beside them and was not read.
    """
    return {
        "files": [
            _refused(report) if isinstance(report, RefusedFile) else _checked(report)
            for report in reports
        ],
        "passed_over": _passed_over(passed_over),
    }


def _passed_over(passed_over: Sequence[PassedOver]) -> list[Json]:
    return [{"path": str(passed.path), "reason": passed.words} for passed in passed_over]


def _refused(file: RefusedFile) -> Json:
    return {
        "path": str(file.path),
        "status": "refused",
        "refusal": {"code": file.code, "message": file.message},
        "unit": {"code": None, "name": None},
        "period": None,
        "values": {},
        "findings": [],
        "seal": None,
        "undecided": 0,
        "look_first": None,
    }


def _checked(report: CheckedReport) -> Json:
    submission = report.row.submission
    return {
        "path": str(submission.path),
        "status": "findings" if report.findings else "clean",
        "refusal": None,
        "unit": {"code": submission.unit_code, "name": submission.unit_name},
        "period": submission.period.code if submission.period else None,
        "values": report.row.values(),
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "indicators": list(finding.indicators),
                "cells": list(finding.cells),
                "message": finding.sentence,
                "settled": _settled(finding),
                "folds": list(finding.folds),
            }
            for finding in report.findings
        ],
        "seal": _seal(report.seal),
        "undecided": len(report.undecided),
        "look_first": _look_first(report.look_first),
    }


def _look_first(cells: LookFirst | None) -> Json | None:
    if cells is None:
        return None
    return {
        "indicators": list(cells.ids),
        "cells": list(cells.cells),
        "findings": [
            {"rule": finding.rule, "indicators": list(finding.indicators)}
            for finding in cells.findings
        ],
    }


def _settled(finding: Finding) -> Json | None:
    settled = finding.settled
    return {"how": settled.how, "reason": settled.reason} if settled else None


def _seal(seal: JudgedSeal) -> Json:
    return {"state": seal.state, "text": seal.text}


def _table(combined: CombinedTable) -> Json:
    return {
        "filled": combined.total.filled,
        "missing": [unit.code for unit in combined.missing],
        "rows": [
            {"label": row.label, "filled": row.filled, "values": dict(row.values)}
            for row in combined.rows
        ],
        "totals": dict(combined.total.values),
    }


def consolidation_report(consolidation: Consolidation) -> Json:
    """Return a consolidation: what was received, the totals, and every finding."""
    period, totals = consolidation.period, consolidation.totals
    return {
        "period": period.code if period else None,
        "received": consolidation.received,
        "counted": len(consolidation.counted),
        "refused": [
            {"path": str(file.path), "code": file.code, "message": file.message}
            for file in consolidation.refused
        ],
        "duplicates": [
            {
                "unit": duplicate.unit,
                "paths": [str(path) for path in duplicate.paths],
                "chosen": str(duplicate.chosen),
                "changes": [
                    {"path": str(path), "indicator": id, "old": old, "new": new}
                    for path, id, old, new in duplicate.changes
                ],
            }
            for duplicate in consolidation.duplicates
        ],
        "missing": [{"code": unit.code, "name": unit.name} for unit in consolidation.missing],
        "totals": {id: total.value for id, total in totals.items()},
        "filled": {id: total.filled for id, total in totals.items()},
        "absent": {id: dict(total.absent) for id, total in totals.items() if total.absent},
        "code_counts": {id: dict(counts) for id, counts in consolidation.code_counts.items()},
        "findings": [
            {
                "path": str(located.path) if located.path else None,
                "rule": located.finding.rule,
                "severity": located.finding.severity,
                "indicators": list(located.finding.indicators),
                "message": located.finding.sentence,
                "settled": _settled(located.finding),
                "folds": list(located.finding.folds),
            }
            for located in consolidation.findings
        ],
        "left_out": [
            {"unit": one.unit, "indicator": one.indicator, "cause": one.cause, "reason": one.reason}
            for one in consolidation.left_out
        ],
        "due": consolidation.due.isoformat() if consolidation.due else None,
        "on_time": consolidation.on_time,
        "late": [
            {"code": one.code, "name": one.name, "saved": _saved(one.written)}
            for one in consolidation.late
        ],
        "states": [_state(record) for record in consolidation.records.values()],
        "decisions": [
            {**asdict(judged.decision), "state": judged.state, "told": judged.told}
            for judged in consolidation.decisions
        ],
        "passed_over": _passed_over(consolidation.passed_over),
        "seals": [
            {
                "path": str(submission.path),
                "unit": submission.unit_code,
                **_seal(consolidation.seals[submission.path]),
            }
            for submission in consolidation.counted
        ],
        "tables": {id: _table(combined) for id, combined in consolidation.tables.items()},
        "lower": [
            {
                "path": str(lower.path),
                "name": lower.name,
                "counted": len(lower.submissions),
                "missing": [{"code": unit.code, "name": unit.name} for unit in lower.missing],
            }
            for lower in consolidation.lower
        ],
    }


def _saved(time: datetime | None) -> str | None:
    """Return when a file was saved, as the clocks of Vietnam show it."""
    return None if time is None else in_vietnam(time).isoformat()


def _state(record: UnitRecord) -> Json:
    return {
        "code": record.code,
        "name": record.name,
        "state": record.state,
        "history": [{"state": state, "day": day.isoformat()} for state, day in record.history],
        "file": record.file or None,
        "via": list(record.via),
        "saved": _saved(record.written),
        "timeliness": record.timeliness,
    }
