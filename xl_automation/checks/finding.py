"""A finding (điểm cần xem lại): one thing to look at, as data and as a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from xl_automation.forms.form import Form
from xl_automation.forms.words import SEVERITY_LABELS


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at: which rule, where, and the sentence that says what to do."""

    rule: str
    severity: str
    indicators: tuple[str, ...]
    cells: tuple[str, ...]
    seen: str
    message: str
    where: str = ""

    @property
    def sentence(self) -> str:
        """The whole finding in one line: where, what was found, what is allowed, what to do."""
        start = f"Ô {self.where} · " if self.where else ""
        seen = f"{self.seen} – " if self.seen else ""
        return f"{start}{seen}{self.message} [{self.rule}]"


def sorted_findings(form: Form, findings: Sequence[Finding]) -> list[Finding]:
    """Return *findings* with errors first, then warnings, each in printed order."""
    severity = list(SEVERITY_LABELS)
    order = {item.id: at for at, item in enumerate(form.indicators)}

    def key(one: Finding) -> tuple[int, int]:
        first = order.get(one.indicators[0], -1) if one.indicators else -1
        return severity.index(one.severity), first

    return sorted(findings, key=key)


def tally(findings: Sequence[Finding]) -> str:
    """Return how many findings there are of each severity: ``2 lỗi, 1 cảnh báo``."""
    counts = [
        (label, sum(finding.severity == severity for finding in findings))
        for severity, label in SEVERITY_LABELS.items()
    ]
    return ", ".join(f"{n} {label.lower()}" for label, n in counts if n)
