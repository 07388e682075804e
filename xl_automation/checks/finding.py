"""A finding (điểm cần xem lại): one thing to look at, as data and as a sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xl_automation.forms.form import Form
from xl_automation.forms.rule import Rule
from xl_automation.forms.vocabulary import Severity
from xl_automation.forms.words import SEVERITY_LABELS, UNDECIDED
from xl_automation.reading.remark import REMARKS, Remark
from xl_automation.wording import sentence
from xl_automation.xlsx.address import Address

SettledHow = Literal["note", "decision"]
SETTLED_WORDS: Mapping[SettledHow, str] = {"note": "đã giải trình", "decision": "đã chấp nhận"}
GRAVITY = {severity: position for position, severity in enumerate(SEVERITY_LABELS)}


@dataclass(frozen=True, slots=True)
class Settled:
    """Why nobody has to act on a finding any more.

    Attributes:
        how: ``note``: the unit gave its reason in *Ghi chú*. ``decision``: the city waived it.
        reason: The reason.
    """

    how: SettledHow
    reason: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to look at.

    Attributes:
        rule: The rule that is broken, by its id.
        severity: How bad that is.
        indicators: The rows it is about, by id; the first is the one it is named for.
        cells: Where to look.
        seen: What stands there, in words that can be shown anywhere.
        message: What is allowed and what to do.
        where: The cells as the sentence names them.
        settled: Why nobody has to act on it any more, None while somebody has.
        folds: What follows from it and is therefore no finding of its own: rules, by id.
        harm: By which share of the city's total the figure may be wrong, 0 to 1; 0 where nobody
            can say.
    """

    rule: str
    severity: Severity
    indicators: tuple[str, ...]
    cells: tuple[Address, ...]
    seen: str
    message: str
    where: str = ""
    settled: Settled | None = None
    folds: tuple[str, ...] = ()
    harm: float = 0.0

    @classmethod
    def of(cls, rule: Rule, seen: str, indicators: tuple[str, ...] = ()) -> Finding:
        """Return the finding of a rule that is about no cell of one workbook."""
        return cls(rule.id, rule.severity, indicators, (), sentence(seen), rule.words)

    @classmethod
    def of_remark(cls, form: Form, remark: Remark) -> Finding:
        """Return what the reader noticed as a finding."""
        severity, message, _ = REMARKS[remark.rule]
        where = named(form, remark.cells)
        facts = (remark.indicators, remark.cells, sentence(remark.seen))
        return cls(remark.rule, severity, *facts, message, where)

    @property
    def sentence(self) -> str:
        """The whole finding in one line: where, what was found, what is allowed, what to do."""
        where = f"Ô {self.where} · " if self.where else ""
        return f"{where}{self._seen_and_message}"

    @property
    def label(self) -> str:
        """How bad it is, and whether it is settled: ``Cảnh báo (đã giải trình)``."""
        settled = f" ({SETTLED_WORDS[self.settled.how]})" if self.settled else ""
        return f"{SEVERITY_LABELS[self.severity]}{settled}"

    @property
    def reason(self) -> str:
        """The finding as it stands beside its cell: how bad, what was found, what to do."""
        return f"{self.label}: {self._seen_and_message}"

    @property
    def _seen_and_message(self) -> str:
        seen = f"{self.seen} – " if self.seen else ""
        return f"{seen}{self.message} [{self.rule}]"


def named(form: Form, cells: Iterable[Address]) -> str:
    """Return *cells* as sentences name them: those of the form's own sheet without it."""
    return ", ".join(cell.removeprefix(f"{form.sheet}!") for cell in cells)


def sorted_findings(form: Form, findings: Sequence[Finding]) -> list[Finding]:
    """Return *findings* with errors first, then warnings, each in printed order."""
    order = form.printed_order

    def key(finding: Finding) -> tuple[int, int]:
        first = order.get(finding.indicators[0], -1) if finding.indicators else -1
        return GRAVITY[finding.severity], first

    return sorted(findings, key=key)


def tally(findings: Sequence[Finding], undecided: int = 0) -> str:
    """Return how many findings there are of each severity, and how many of them are settled.

    ``2 lỗi, 3 cảnh báo (1 đã giải trình), 4 quy tắc không xét được``

    Args:
        findings: The findings.
        undecided: How many rules could not be decided.
    """
    counts = []
    for severity, label in SEVERITY_LABELS.items():
        alike = [finding for finding in findings if finding.severity == severity]
        hows = Counter(finding.settled.how for finding in alike if finding.settled)
        settled = ", ".join(
            f"{hows[how]} {word}" for how, word in SETTLED_WORDS.items() if hows[how]
        )
        if alike:
            counts.append(f"{len(alike)} {label.lower()}" + (f" ({settled})" if settled else ""))
    if undecided:
        counts.append(f"{undecided} quy tắc {UNDECIDED}")
    return ", ".join(counts)
