"""Results as JSON-ready data, for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xl_automation.checks.check import check_all
from xl_automation.checks.finding import Finding
from xl_automation.checks.rules import values
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.form import Form
from xl_automation.reading.figures import tabulate
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission

Json = dict[str, Any]


def check_report(form: Form, results: Sequence[Submission | RefusedFile]) -> Json:
    """Return the findings and values of each workbook, in the order of *results*."""
    submissions = [one for one in results if isinstance(one, Submission)]
    table = tabulate(form, submissions)
    found = check_all(form, submissions, table)
    order = {id(one): at for at, one in enumerate(submissions)}
    files = []
    for one in results:
        if isinstance(one, RefusedFile):
            files.append(_refused(one))
        else:
            at = order[id(one)]
            files.append(_read(one, found[at], values(form, one, table, at)))
    return {"files": files}


def _refused(one: RefusedFile) -> Json:
    return {
        "path": str(one.path),
        "status": "refused",
        "refusal": {"code": one.code, "message": one.message},
        "unit": {"code": None, "name": None},
        "period": None,
        "values": {},
        "findings": [],
    }


def _read(one: Submission, findings: Sequence[Finding], found: dict[str, object]) -> Json:
    return {
        "path": str(one.path),
        "status": "findings" if findings else "clean",
        "refusal": None,
        "unit": {"code": one.unit_code, "name": one.unit_name},
        "period": one.period.code if one.period else None,
        "values": found,
        "findings": [
            {
                "rule": finding.rule,
                "severity": finding.severity,
                "indicators": list(finding.indicators),
                "cells": list(finding.cells),
                "message": finding.sentence,
            }
            for finding in findings
        ],
    }


def consolidation_report(result: Consolidation) -> Json:
    """Return a consolidation: what was received, the totals, and every finding."""
    return {
        "period": result.period.code if result.period else None,
        "received": result.received,
        "counted": len(result.counted),
        "refused": [
            {"path": str(one.path), "code": one.code, "message": one.message}
            for one in result.refused
        ],
        "duplicates": [
            {
                "unit": one.unit,
                "paths": [str(path) for path in one.paths],
                "chosen": str(one.chosen),
            }
            for one in result.duplicates
        ],
        "missing": [{"code": unit.code, "name": unit.name} for unit in result.missing],
        "totals": {id: total.value for id, total in result.totals.items()},
        "filled": {id: total.filled for id, total in result.totals.items()},
        "code_counts": {id: dict(counts) for id, counts in result.code_counts.items()},
        "findings": [
            {
                "path": str(one.path) if one.path else None,
                "rule": one.finding.rule,
                "severity": one.finding.severity,
                "indicators": list(one.finding.indicators),
                "message": one.finding.sentence,
            }
            for one in result.findings
        ],
    }
