"""The rules of a form applied to the figures of submissions."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from xl_automation.checks.finding import Finding, sorted_findings
from xl_automation.forms.expression import Ref, leaves
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import plain, show
from xl_automation.forms.python_face import Values, decided, evaluate
from xl_automation.forms.rule import META, RuleInstance
from xl_automation.forms.words import shown_id
from xl_automation.reading.figures import Figures
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout

MAX_SEEN = 100  # letters of a text that a finding quotes


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


def violated(instance: RuleInstance, table: Figures) -> Values:
    """Return True for each submission that breaks the rule; undecided is not broken."""
    known = decided(instance.holds, table)
    broken: Values = known & ~evaluate(instance.holds, table).astype(bool)
    return broken


def finding(
    form: Form, instance: RuleInstance, submission: Submission, table: Figures, at: int
) -> Finding:
    """Return the finding of a broken rule in one submission."""
    layout = Layout(form)
    ids = [id for id in instance.refs if id in form.by_id or id in form.table_cells]
    rule = instance.rule
    seen = [f"{shown_id(form, id)} = {_seen(id, submission, table, at)}" for id in ids]
    if any(leaf.source == "agrees" for leaf in leaves(instance.holds) if isinstance(leaf, Ref)):
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


def meta_cells(instance: RuleInstance) -> tuple[str, ...]:
    """Return the cells of the information sheet that a rule looks at."""
    names = [positions.META_CELLS[id] for id in instance.refs if id in META]
    return tuple(
        f"{positions.INFO_SHEET}!{positions.info_cell(name)}"
        for name in names
        if name in positions.INFO_ROWS
    )


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
