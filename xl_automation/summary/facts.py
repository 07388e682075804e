"""The facts at the top of the sheet ``Tổng quan``: what came and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from xl_automation.checks.seal import SEAL_WORDS
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.vocabulary import Severity
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.summary.cell import LiveFormula
from xl_automation.summary.places import OVERVIEW
from xl_automation.xlsx.address import Address

FIRST_FACT_ROW, VALUE_COLUMN = 4, 2
FactName = (
    Literal[
        "period",
        "form",
        "owed",
        "communes",
        "city",
        "received",
        "counted",
        "refused",
        "superseded",
        "missing",
        "seals",
        "reconciled",
    ]
    | Severity
)


class Fact(NamedTuple):
    """One line: what is said, and what it is."""

    label: str
    value: int | str | LiveFormula


def facts(result: Consolidation) -> Mapping[FactName, Fact]:
    """Return the facts in the order in which they are written, a row each."""
    period = result.period.code if result.period else ""
    severities = [unit_finding.finding.severity for unit_finding in result.findings]
    counts: dict[FactName, Fact] = {
        "period": Fact("Kỳ báo cáo", period),
        "form": Fact("Biểu mẫu", f"{result.form.id} ({result.form.version})"),
        "owed": Fact("Số xã, phường phải gửi", len(result.units)),
        "communes": Fact("Số xã, phường được tính", len(result.communes)),
        "city": Fact("Sổ của thành phố", 1 if result.city else 0),
        "received": Fact("Tệp nhận được", result.received),
        "counted": Fact("  Tệp được tính", len(result.counted)),
        "refused": Fact("  Tệp bị từ chối", len(result.refused)),
        "superseded": Fact("  Tệp bị thay bằng bản sau", result.superseded),
        "missing": Fact("Đơn vị chưa gửi", len(result.missing)),
        "seals": Fact("Dấu kiểm tra của các tệp được tính", seal_tally(result)),
    }
    for severity, label in SEVERITY_LABELS.items():
        counts[severity] = Fact(f"Số {label.lower()}", severities.count(severity))
    counts["reconciled"] = Fact(
        "Đối soát: nhận = tính + từ chối + thay thế", _reconciliation(result, fact_cells(counts))
    )
    return counts


def seal_tally(result: Consolidation) -> str:
    """Return how many files have a seal of each state: ``đã kiểm tra: 3; chưa kiểm tra: 1``."""
    return "; ".join(f"{SEAL_WORDS[state]}: {n}" for state, n in result.seal_counts.items())


def fact_cells(facts: Mapping[FactName, Fact]) -> Mapping[FactName, Address]:
    """Return where the value of each fact stands."""
    rows = enumerate(facts, start=FIRST_FACT_ROW)
    return {name: Address.of(OVERVIEW, VALUE_COLUMN, row) for row, name in rows}


def _reconciliation(result: Consolidation, cells: Mapping[FactName, Address]) -> LiveFormula:
    """Return the formula that says whether the numbers of files agree."""
    whole = cells["received"].cell
    parts = "+".join(cells[name].cell for name in ("counted", "refused", "superseded"))
    agree = result.received == len(result.counted) + len(result.refused) + result.superseded
    verdict = "✓ Khớp" if agree else "✗ Lệch"
    return LiveFormula(f'=IF({whole}={parts},"✓ Khớp","✗ Lệch")', verdict)
