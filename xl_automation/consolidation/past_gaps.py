"""What is, and what cannot be, compared with an earlier period whose units were others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_automation.checks.earlier import PastPeriod, scope_gap, unit_pasts
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.intake import Intake
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.wording import quoted, sentence

OTHER_UNITS = "other-units"  # the rule of what is said of them
_MERGED_MESSAGE = (
    "số kỳ trước là của các đơn vị cũ nhập vào, gộp theo cách tổng hợp của từng chỉ tiêu."
)
_UNIT_MESSAGE = "không so được với kỳ trước; số liệu kỳ này vẫn được tính đủ."
OTHER_AREA = (
    "tổng kỳ đó là của địa bàn khác nên không so với tổng kỳ này. Muốn so, đưa vào sổ tổng hợp kỳ "
    "trước có đủ và chỉ có các đơn vị cũ."
)


def past_gaps(
    intake: Intake, units: Sequence[ReportingUnit], previous: Sequence[PastPeriod]
) -> Iterator[UnitFinding]:
    """Yield which earlier periods the totals, and then which units, cannot be compared with.

    Before these, how many units are compared with several older ones together.

    Args:
        intake: The submissions that count.
        units: The units of now, communes and city.
        previous: The earlier periods.
    """
    period = intake.period
    if period is None:
        return
    for past in previous:
        if gap := scope_gap(intake.form, period, units, past):
            yield UnitFinding(_finding(f"{past.period.label}: {gap}", OTHER_AREA))
    sent = {submission.unit_code for submission in intake.communes}
    communes = [unit for unit in units if unit.code in sent]
    names = {unit.code: unit.name for unit in communes}
    reasons: dict[str, dict[str, list[str]]] = {}  # by unit, then the periods by reason
    for past in previous:
        pasts = unit_pasts(intake.form, period, communes, past)
        if count := len(pasts.merged):
            yield UnitFinding(_finding(f"{past.period.label}: {count} đơn vị", _MERGED_MESSAGE))
        for code, gap in pasts.gaps.items():
            reasons.setdefault(code, {}).setdefault(gap, []).append(past.period.label)
    for code, said in reasons.items():
        told = "; ".join(f"{', '.join(labels)}: {gap}" for gap, labels in said.items())
        finding = _finding(f"{quoted(names[code])}: {told}", _UNIT_MESSAGE)
        yield UnitFinding(finding, unit=names[code], code=code)


def _finding(seen: str, message: str) -> Finding:
    return Finding(OTHER_UNITS, "info", (), (), sentence(seen), message)
