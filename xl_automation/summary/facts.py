"""The facts at the top of the sheet ``Tổng quan``: what came and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

from xl_automation.checks.seal import SEAL_WORDS
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import Timeliness
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.vocabulary import Severity
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.summary.cell import LiveFormula
from xl_automation.summary.left_out import AGREES, DIFFERS, LeftOutFigures
from xl_automation.summary.live import Live, held
from xl_automation.summary.places import FIRST_ROW, LEFT_OUT, OVERVIEW, SummaryPlaces
from xl_automation.summary.progress_tallies import (
    DUE_CELL,
    LOCKED_WORDS,
    NOT_DUE,
    share,
    tally,
    tally_cell,
)
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import EXCEL_EPOCH

FIRST_FACT_ROW, VALUE_COLUMN = 37, 5  # below what the first page shows
AGREE = "✓ Khớp"
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
        "due",
        "on-time",
        "late",
        "unknown",
        "locked",
        "seals",
        "settled",
        "undecided",
        "left_out",
        "reconciled",
        "added",
    ]
    | Severity
)


class Fact(NamedTuple):
    """One line: what is said, and what it is.

    Attributes:
        label: What is said.
        value: What it is.
        share: Which part of all units that is, in per cent, where it is one.
        is_day: Whether the value is a day.
    """

    label: str
    value: int | str | LiveFormula
    share: LiveFormula | None = None
    is_day: bool = False

    @property
    def now(self) -> float | int | str | None:
        """The value as it is now."""
        return self.value.value if isinstance(self.value, LiveFormula) else self.value


def facts(result: Consolidation) -> Mapping[FactName, Fact]:
    """Return the facts in the order in which they are written, a row each."""
    period = result.period.code if result.period else ""
    severities = [unit_finding.finding.severity for unit_finding in result.findings]
    counts: dict[FactName, Fact] = {
        "period": Fact("Kỳ báo cáo", period),
        "form": Fact("Biểu mẫu", f"{result.form.id} ({result.form.version})"),
        "owed": Fact("Số xã, phường phải gửi", len(result.units)),
        "communes": Fact("Số xã, phường được tính", len(result.communes)),
        "city": Fact(f"Sổ của {result.form.city}", 1 if result.city else 0),
        "received": Fact("Tệp nhận được", result.received),
        "counted": Fact("  Tệp được tính", len(result.counted)),
        "refused": Fact("  Tệp bị từ chối", len(result.refused)),
        "superseded": Fact("  Tệp bị thay bằng bản sau", result.superseded),
        "missing": Fact("Đơn vị chưa gửi", len(result.missing)),
        "due": _due(result),
        "on-time": _in_time(result, "on-time", "  Đơn vị gửi đúng hạn"),
        "late": _in_time(result, "late", "  Đơn vị gửi muộn"),
        "unknown": _in_time(result, "unknown", "  Đơn vị không rõ lúc lưu tệp"),
        "locked": Fact("Khóa cả kỳ", LOCKED_WORDS[result.is_locked]),
        "seals": Fact("Dấu kiểm tra của các tệp được tính", seal_tally(result)),
    }
    for severity, label in SEVERITY_LABELS.items():
        counts[severity] = Fact(f"Số {label.lower()}", severities.count(severity))
    counts["settled"] = Fact("  Trong đó đã giải trình", result.settled)
    counts["undecided"] = Fact("Số quy tắc không xét được", sum(result.undecided))
    counts["left_out"] = Fact("Số liệu không tính vào tổng", _left_out(result))
    counts["reconciled"] = Fact(
        "Đối soát: nhận = tính + từ chối + thay thế", _reconciliation(result, fact_cells(counts))
    )
    counts["missing"] = counts["missing"]._replace(share=_missing(result, fact_cells(counts)))
    counts["added"] = Fact("Đối soát: các đơn vị = tổng + không tính", _added(result))
    return counts


def _missing(result: Consolidation, cells: Mapping[FactName, Address]) -> LiveFormula | None:
    """Return which part of those who owe a report are missing, None where nobody owes one."""
    if not result.units:
        return None
    formula = f"=ROUND(100*{cells['missing'].cell}/{cells['owed'].cell},1)"
    return LiveFormula(formula, share(len(result.missing), len(result.units)))


def _due(result: Consolidation) -> Fact:
    """Return the day that is due, as the sheet of progress says it."""
    cell = DUE_CELL.reference
    day = NOT_DUE if result.due is None else (result.due - EXCEL_EPOCH).days
    return Fact("Hạn gửi", LiveFormula(f'=IF({cell}="","{NOT_DUE}",{cell})', day), is_day=True)


def _in_time(result: Consolidation, kind: Timeliness, label: str) -> Fact:
    number = tally(result, kind).number.value
    return Fact(label, LiveFormula(f"={tally_cell(kind).reference}", number), _share(result, kind))


def _share(result: Consolidation, kind: Timeliness) -> LiveFormula:
    return LiveFormula(f"={tally_cell(kind, rate=True).reference}", tally(result, kind).rate.value)


def _left_out(result: Consolidation) -> LiveFormula:
    """Return how many figures their list has."""
    first, count = Address.of(LEFT_OUT, "A", FIRST_ROW), len(result.left_out)
    last = Address.of("", "A", FIRST_ROW + max(1, count) - 1)
    return LiveFormula(f"=COUNTA({first.reference}:{last.reference})", count)


def _added(result: Consolidation) -> LiveFormula:
    """Return the formula that says of how many rows the sum is not proved."""
    places = SummaryPlaces(result.form, 0)
    rows = [places.totals_cell("proof", item.id) for item in result.form.indicators]
    cells = f"{rows[0].reference}:{Address.of('', rows[-1].column, rows[-1].row).reference}"
    wrong = f'COUNTIF({cells},"{DIFFERS}*")'
    proofs = LeftOutFigures(result, places)
    count = sum(
        proofs.proof(item).value != AGREES
        for item in result.form.figures
        if aggregate_of(item).is_added
    )
    verdict = f"✗ {count} dòng lệch" if count else AGREE
    return LiveFormula(f'=IF({wrong}=0,"{AGREE}","✗ "&{wrong}&" dòng lệch")', verdict)


def seal_tally(result: Consolidation) -> str:
    """Return how many files have a seal of each state: ``đã kiểm tra: 3; chưa kiểm tra: 1``."""
    return "; ".join(f"{SEAL_WORDS[state]}: {n}" for state, n in result.seal_counts.items())


def fact_cells(facts: Mapping[FactName, Fact]) -> Mapping[FactName, Address]:
    """Return where the value of each fact stands."""
    rows = enumerate(facts, start=FIRST_FACT_ROW)
    return {name: Address.of(OVERVIEW, VALUE_COLUMN, row) for row, name in rows}


def live_facts(facts: Mapping[FactName, Fact]) -> Mapping[FactName, Live]:
    """Return the value of each fact as formulas of the same sheet refer to it."""
    return {name: held(cell, facts[name].now, OVERVIEW) for name, cell in fact_cells(facts).items()}


def _reconciliation(result: Consolidation, cells: Mapping[FactName, Address]) -> LiveFormula:
    """Return the formula that says whether the numbers of files agree."""
    whole = cells["received"].cell
    parts = "+".join(cells[name].cell for name in ("counted", "refused", "superseded"))
    agree = result.received == len(result.counted) + len(result.refused) + result.superseded
    verdict = AGREE if agree else "✗ Lệch"
    return LiveFormula(f'=IF({whole}={parts},"{AGREE}","✗ Lệch")', verdict)
