"""A consolidation → the register that its summary keeps."""

from __future__ import annotations

from dataclasses import replace

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import KeptFinding, Register
from xl_automation.consolidation.unit_findings import UnitFinding


def register_of(result: Consolidation) -> Register:
    """Return what a summary of *result* says, as it is read back from it."""
    city = result.city
    return Register(
        period=result.period.code if result.period else "",
        due=result.due,
        is_locked=result.is_locked,
        city=(city.unit_code or "", city.unit_name or "") if city else None,
        units=result.records,
        decisions=tuple(judged.decision for judged in result.decisions),
        findings=tuple(kept_finding(result, finding) for finding in result.findings),
        left_out=result.left_out,
        totals={id: total.value for id, total in result.totals.items()},
        filled={id: total.filled for id, total in result.totals.items()},
        absent={id: total.absent for id, total in result.totals.items() if total.absent},
        expected=result.expected,
        appendix=result.appendix,
        events=result.events,
        owed=tuple(unit.code for unit in result.units),
        inherited=result.inherited,
        past={past.period.code: past.values for past in result.past},
    )


def kept_finding(result: Consolidation, located: UnitFinding) -> KeptFinding:
    """Return a finding as the summary lists it, with the answer that an officer gave before."""
    finding = located.finding
    kept = KeptFinding(
        unit=located.code,
        name=located.unit,
        rule=finding.rule,
        severity=finding.severity,
        indicators=finding.indicators,
        cells=tuple(map(str, finding.cells)),
        seen=finding.seen,
        message=finding.message,
        settled=finding.settled.reason if finding.settled else "",
    )
    owner, answer = result.answers.get(kept.key, ("", ""))
    return replace(kept, owner=owner, answer=answer)
