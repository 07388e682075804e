"""Decisions applied: what they take out of the totals, what they waive, what became of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from xl_automation.checks.finding import Finding, Settled
from xl_automation.consolidation.choice import Sender, is_called
from xl_automation.consolidation.decisions import (
    ALL,
    KIND_WORDS,
    STATE_WORDS,
    Decision,
    DecisionState,
    JudgedDecision,
)
from xl_automation.consolidation.intake import Intake, sender
from xl_automation.consolidation.left_out import Excluded
from xl_automation.consolidation.rulings import Rulebook, Ruling
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.vocabulary import Severity
from xl_automation.reading.figures import Figures
from xl_automation.wording import quoted, sentence

RULE = "decision"  # of what is to be said of a decision itself
_SEVERITIES: Mapping[DecisionState, Severity] = {
    "unclear": "warning",
    "unmatched": "warning",
    "expired": "info",
}
_ADVICE: Mapping[DecisionState, str] = {
    "unclear": "quyết định chưa rõ nên chưa áp dụng. Sửa lại dòng đó.",
    "unmatched": "quyết định không khớp với số liệu, tệp hay điểm nào. Sửa lại hoặc bỏ dòng đó.",
    "expired": "quyết định đã hết hạn nên không áp dụng. Ghi kỳ sau vào cột hạn nếu còn cần.",
}


def excluded(rulings: Iterable[Ruling]) -> Excluded:
    """Return what decisions take out of the totals; of two reasons the first one counts."""
    rows: dict[Sender, dict[str, str]] = {}
    for ruling in rulings:
        if ruling.holds and ruling.kind == "exclude":
            reason = ruling.meant.reason
            rows.setdefault(ruling.sender, {}).setdefault(ruling.indicator or ALL, reason)
    return rows


def named_files(rulings: Iterable[Ruling]) -> Mapping[Sender, str]:
    """Return the files that decisions name, by whose they are; of two the last one counts."""
    return {
        ruling.sender: ruling.meant.file for ruling in rulings if ruling.holds and ruling.meant.file
    }


def waive(
    rulebook: Rulebook, rulings: Sequence[Ruling], findings: Sequence[UnitFinding]
) -> tuple[tuple[UnitFinding, ...], Counter[Ruling]]:
    """Return *findings*, those settled that a decision accepts, and how many each of them does."""
    accepting = [ruling for ruling in rulings if ruling.holds and ruling.kind == "accept"]
    counts: Counter[Ruling] = Counter()
    if not accepting:
        return tuple(findings), counts
    settled = []
    for located in findings:
        waiving = [ruling for ruling in accepting if _is_about(rulebook, ruling, located)]
        counts.update(waiving)
        if waiving:
            reason = Settled("decision", waiving[0].decision.reason)
            located = replace(located, finding=replace(located.finding, settled=reason))
        settled.append(located)
    return tuple(settled), counts


def _is_about(rulebook: Rulebook, ruling: Ruling, located: UnitFinding) -> bool:
    finding = located.finding
    return (
        ruling.rule in (None, finding.rule, rulebook.family(finding.rule))
        and (ruling.unit is None or located.code == ruling.unit.code)
        and (ruling.indicator is None or ruling.indicator in finding.indicators)
    )


def judge(
    rulings: Sequence[Ruling], intake: Intake, figures: Figures, waived: Mapping[Ruling, int]
) -> tuple[JudgedDecision, ...]:
    """Return what became of each decision.

    Args:
        rulings: What the decisions mean.
        intake: Which files count.
        figures: What they report.
        waived: How many findings each decision accepts.
    """
    return tuple(_judged(ruling, intake, figures, waived.get(ruling, 0)) for ruling in rulings)


def _judged(ruling: Ruling, intake: Intake, figures: Figures, waived: int) -> JudgedDecision:
    decision = ruling.decision
    if ruling.problem:
        return JudgedDecision(decision, "unclear", sentence(ruling.problem))
    if ruling.is_expired:
        return JudgedDecision(decision, "expired", f"chỉ đến hết kỳ {quoted(ruling.meant.until)}")
    if ruling.kind == "exclude":
        return _judged_exclusion(ruling, figures)
    told = [f"chấp nhận {waived} điểm"] if waived else []
    if ruling.meant.file:
        if told_of_file := _not_counted(ruling, intake):
            return JudgedDecision(decision, "unmatched", told_of_file)
        told.insert(0, f"tính tệp {quoted(ruling.meant.file)}")
    if not told:
        return JudgedDecision(decision, "unmatched", "không có điểm nào như vậy")
    return JudgedDecision(decision, "applied", "; ".join(told))


def _judged_exclusion(ruling: Ruling, figures: Figures) -> JudgedDecision:
    assert ruling.unit is not None
    unit, item = quoted(ruling.unit.name), figures.form.by_id.get(ruling.indicator or "")
    rows = [row for row in figures.rows() if sender(row.submission) == ruling.sender]
    if not rows:
        return JudgedDecision(ruling.decision, "unmatched", f"{unit} không có tệp nào được tính")
    if item and aggregate_of(item).is_city and ruling.unit.level == "commune":
        told = f"{item.id} chỉ lấy từ sổ của {figures.form.city}"
        return JudgedDecision(ruling.decision, "unmatched", told)
    count = sum(
        rows[0].number(row.id) is not None for row in ([item] if item else figures.form.figures)
    )
    if not count:
        told = f"{unit} không có số nào" + (f" ở {item.id}" if item else "")
        return JudgedDecision(ruling.decision, "unmatched", told)
    return JudgedDecision(ruling.decision, "applied", f"loại {count} số liệu của {unit}")


def _not_counted(ruling: Ruling, intake: Intake) -> str:
    """Return why the file that a decision names does not count; empty where it does."""
    name, counted = quoted(ruling.meant.file), intake.counted
    chosen = [one.path for one in counted if sender(one) == ruling.sender]
    if any(is_called(path, ruling.meant.file) for path in chosen):
        return ""
    paths = [path for one in intake.duplicates if one.chosen in chosen for path in one.paths]
    fitting = sum(is_called(path, ruling.meant.file) for path in paths)
    if not fitting:
        return f"không có tệp {name} trong các tệp của đơn vị"
    if fitting > 1:
        return f"có {fitting} tệp tên {name}; ghi cả thư mục"
    return f"không tính được tệp {name}: đơn vị đã khóa, hoặc quyết định sau ghi tệp khác"


def decision_findings(judged: Iterable[JudgedDecision]) -> Iterator[UnitFinding]:
    """Yield what is to be said of decisions that were not applied."""
    for one in judged:
        if one.state in _SEVERITIES:
            seen = f"{_spelled(one.decision)}: {STATE_WORDS[one.state].lower()}, {one.told}"
            finding = Finding(
                RULE, _SEVERITIES[one.state], (), (), sentence(seen), _ADVICE[one.state]
            )
            yield UnitFinding(finding)


def _spelled(decision: Decision) -> str:
    """Return a decision in one line, as far as it goes: ``Loại khỏi tổng · 05431 · 1.1.a``."""
    kinds = {str(kind): words for kind, words in KIND_WORDS.items()}
    texts = (kinds.get(decision.decision, decision.decision), decision.unit)
    return " · ".join(quoted(text) for text in (*texts, decision.indicator, decision.rule) if text)
