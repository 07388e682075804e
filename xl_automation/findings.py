"""Findings (điểm cần xem lại): what rules say of the figures of submissions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xl_automation import expression
from xl_automation.expression import Column
from xl_automation.layout import INFO_ROWS, INFO_SHEET, META_CELLS, Layout, info_cell
from xl_automation.model import META, Form, RuleInstance
from xl_automation.numbers import plain, show
from xl_automation.submission import Figures, Submission

MAX_SEEN = 100  # letters of a text that a finding quotes
SEVERITY_LABELS = {"error": "Lỗi", "warning": "Cảnh báo", "info": "Lưu ý"}


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


def find(
    form: Form, submissions: Sequence[Submission], table: Figures, scope: str = "workbook"
) -> list[list[Finding]]:
    """Return the findings of each workbook under the rules of *scope*, given its figures."""
    found: list[list[Finding]] = [[] for _ in submissions]
    levels = np.array([s.level for s in submissions])
    for level in dict.fromkeys(levels.tolist()):
        here = levels == level
        for instance in form.instances(level, scope):
            for at in np.flatnonzero(violated(instance, table) & here).tolist():
                found[at].append(finding(form, instance, submissions[at], table, at))
    return [sorted_findings(form, some) for some in found]


def violated(instance: RuleInstance, table: Figures) -> Column:
    """Return True for each submission that breaks the rule; undecided is not broken."""
    decided = expression.decided(instance.holds, table)
    broken: Column = decided & ~expression.evaluate(instance.holds, table).astype(bool)
    return broken


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


def finding(
    form: Form, instance: RuleInstance, submission: Submission, table: Figures, at: int
) -> Finding:
    """Return the finding of a broken rule in one submission."""
    layout = Layout(form)
    ids = [id for id in instance.refs if id in form.by_id or id in form.table_cells]
    rule = instance.rule
    seen = [f"{shown_id(form, id)} = {_seen(id, submission, table, at)}" for id in ids]
    if any(
        leaf.source == "agrees"
        for leaf in expression.leaves(instance.holds)
        if isinstance(leaf, expression.Ref)
    ):
        seen += _recomputed(form, ids[0], submission, table, at)
    if rule.scope == "period" and table.previous is not None:
        past = replace(table, numbers=table.previous)
        seen += [f"{shown_id(form, id)} kỳ trước = {show(past.number(at, id))}" for id in ids]
    cells = tuple(layout.place(id) for id in ids) or meta_cells(instance)
    return Finding(
        rule=instance.id,
        severity=rule.severity,
        indicators=tuple(id for id in ids if id in form.by_id),
        cells=cells,
        where=", ".join(cell.removeprefix(f"{form.sheet}!") for cell in cells),
        seen="; ".join(seen),
        message=f"{rule.message} {rule.fix}",
    )


def _recomputed(form: Form, id: str, submission: Submission, table: Figures, at: int) -> list[str]:
    """Return what a percentage's parts give, and the parts."""
    percentage = form.by_id[id].percent
    assert percentage is not None
    parts = [
        f"{shown_id(form, ref)} = {_seen(ref, submission, table, at)}" for ref in percentage.refs
    ]
    computed = float(table.recomputed(id)[at])
    result = "không tính được" if math.isnan(computed) else show(computed)
    return [f"tính lại: {result} (từ {', '.join(parts)})"]


def shown_id(form: Form, id: str) -> str:
    """Return what people call a figure.

    ``1.1.a``, ``tử số của 3.3.4``, ``Biểu 06, dòng 1, cột (3)``, ``Biểu 06, tổng cột (3)``.
    """
    if helped := form.helper_ids.get(id):
        return f"{'tử số' if id.endswith('.tu') else 'mẫu số'} của {helped.id}"
    if id not in form.table_cells:
        return id
    table, column, row = form.table_cells[id]
    line = f"dòng {row}, cột" if row else "tổng cột"
    return f"{table.sheet}, {line} {column.number or f'“{column.label}”'}"


def meta_cells(instance: RuleInstance) -> tuple[str, ...]:
    """Return the cells of the information sheet that a rule looks at."""
    names = [META_CELLS[id] for id in instance.refs if id in META]
    return tuple(f"{INFO_SHEET}!{info_cell(name)}" for name in names if name in INFO_ROWS)


def _seen(id: str, submission: Submission, table: Figures, at: int) -> str:
    """Return what stands in a figure's cell, as typed where it is not a plain number."""
    reading = submission.readings.get(id)
    if reading is None:
        return show(table.number(at, id))
    if reading.text is None:
        return show(reading.number)
    return show(reading.text if len(reading.text) <= MAX_SEEN else reading.text[:MAX_SEEN] + "…")


def values(form: Form, submission: Submission, table: Figures, at: int) -> dict[str, object]:
    """Return a submission's figures by id: number, text where unreadable, None where blank."""
    result: dict[str, object] = {}
    for item in form.figures:
        number = table.number(at, item.id)
        if number is not None:
            result[item.id] = plain(number)
        else:
            reading = submission.readings.get(item.id)
            result[item.id] = reading.text if reading and item.is_input else None
    return result
