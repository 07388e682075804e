"""The rules of a form applied to the figures of submissions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from xl_automation.checks.finding import Finding, sorted_findings
from xl_automation.forms.expression import asks
from xl_automation.forms.numbers import show
from xl_automation.forms.python_face import Values, decided, evaluate
from xl_automation.forms.rule import Rule, RuleInstance
from xl_automation.forms.vocabulary import Scope
from xl_automation.forms.words import shown_id
from xl_automation.reading.figures import FigureRow, Figures

MAX_SEEN = 100  # letters of a text that a finding quotes


def find(
    figures: Figures, scope: Scope = "workbook", applies: Callable[[Rule], bool] = lambda _: True
) -> list[list[Finding]]:
    """Return the findings of each submission under the rules of *scope*.

    Args:
        figures: The figures of the submissions; each rule is evaluated once for all of them.
        scope: Which rules.
        applies: Leaves rules out.

    Returns:
        One list per submission, in their order.
    """
    by_submission: list[list[Finding]] = [[] for _ in figures.submissions]
    levels = np.array([submission.level for submission in figures.submissions])
    for level in dict.fromkeys(levels.tolist()):
        for instance in figures.form.instances(level, scope):
            if applies(instance.rule):
                broken = violated(instance, figures) & (levels == level)
                for position in np.flatnonzero(broken).tolist():
                    by_submission[position].append(finding_of(instance, figures.row(position)))
    return [sorted_findings(figures.form, findings) for findings in by_submission]


def violated(instance: RuleInstance, figures: Figures) -> Values:
    """Return True for each submission that breaks the rule; undecided is not broken."""
    known = decided(instance.holds, figures)
    broken: Values = known & ~evaluate(instance.holds, figures).astype(bool)
    return broken


def finding_of(instance: RuleInstance, row: FigureRow) -> Finding:
    """Return the finding of a rule that one submission breaks."""
    form, rule = row.form, instance.rule
    seen = [f"{shown_id(form, id)} = {_seen(row, id)}" for id in instance.figures]
    if asks(instance.holds, "agrees"):
        seen.append(_recomputed(row, instance.figures[0]))
    if rule.scope == "period":
        seen += [
            f"{shown_id(form, id)} kỳ trước = {show(row.previous(id))}" for id in instance.figures
        ]
    cells = tuple(map(row.place, instance.shown))
    rows = (form.helper_ids.get(id) or form.by_id.get(id) for id in instance.figures)
    return Finding(
        rule=instance.id,
        severity=rule.severity,
        indicators=tuple(dict.fromkeys(item.id for item in rows if item)),
        cells=cells,
        where=", ".join(cell.removeprefix(f"{form.sheet}!") for cell in cells),
        seen="; ".join(seen),
        message=f"{rule.message} {rule.fix}",
    )


def _recomputed(row: FigureRow, id: str) -> str:
    """Return what a percentage's parts give, and the parts."""
    percentage = row.form.by_id[id].percent
    assert percentage is not None
    parts = [f"{shown_id(row.form, part)} = {_seen(row, part)}" for part in percentage.refs]
    computed = row.recomputed(id)
    result = "không tính được" if computed is None else show(computed)
    return f"tính lại: {result} (từ {', '.join(parts)})"


def _seen(row: FigureRow, id: str) -> str:
    """Return what stands in a figure's cell, as typed where it is not a plain number."""
    reading = row.reading(id)
    if reading is None:
        return show(row.number(id))
    if reading.text is None:
        return show(reading.number)
    return show(reading.text if len(reading.text) <= MAX_SEEN else reading.text[:MAX_SEEN] + "…")
