"""The rules of a form applied to the figures of submissions."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from itertools import repeat

import numpy as np

from xl_automation.checks.finding import Finding, named, sorted_findings
from xl_automation.checks.settled_by_note import with_reason
from xl_automation.forms.expression import asks
from xl_automation.forms.numbers import Reading, show
from xl_automation.forms.python_face import Values, decided, evaluate
from xl_automation.forms.rule import Rule, RuleInstance
from xl_automation.forms.vocabulary import Scope
from xl_automation.forms.words import shown_id
from xl_automation.reading.figures import Figures


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
    of_level = {level: levels == level for level in dict.fromkeys(levels.tolist())}
    everyone = np.ones(len(levels), dtype=bool)
    for instance in figures.form.instances(None, scope):
        concerned = of_level.get(instance.rule.level) if instance.rule.level else everyone
        if concerned is None or not applies(instance.rule):
            continue
        broken = np.flatnonzero(violated(instance, figures) & concerned).tolist()
        findings = _findings(instance, figures, broken) if broken else []
        for position, finding in zip(broken, findings, strict=True):
            by_submission[position].append(with_reason(finding, figures.submissions[position]))
    return [sorted_findings(figures.form, findings) for findings in by_submission]


def violated(instance: RuleInstance, figures: Figures) -> Values:
    """Return True for each submission that breaks the rule; undecided is not broken."""
    known = decided(instance.holds, figures)
    broken: Values = known & ~evaluate(instance.holds, figures).astype(bool)
    return broken


def _findings(instance: RuleInstance, figures: Figures, positions: Sequence[int]) -> list[Finding]:
    """Return the finding of a rule for each submission that breaks it.

    What they have in common is made once and shared by them: there may be one of each unit.
    """
    form, rule = figures.form, instance.rule
    cells = tuple(map(figures.layout.place, instance.shown))
    rows = (form.helper_ids.get(id) or form.by_id.get(id) for id in instance.figures)
    finding = partial(
        Finding,
        rule=instance.id,
        severity=rule.severity,
        indicators=tuple(dict.fromkeys(item.id for item in rows if item)),
        cells=cells,
        where=named(form, cells),
        message=f"{rule.message} {rule.fix}",
    )
    texts = _texts(instance, figures, positions)
    seen = map("; ".join, zip(*texts, strict=True)) if texts else repeat("", len(positions))
    return [finding(seen=text) for text in seen]


def _texts(instance: RuleInstance, figures: Figures, positions: Sequence[int]) -> list[list[str]]:
    """Return what was found, in pieces: for each piece its text for each submission."""
    form, ids = figures.form, instance.figures
    pieces = [(f"{shown_id(form, id)} = ", _seen(figures, id, positions)) for id in ids]
    if asks(instance.holds, "agrees"):
        pieces.append(("tính lại: ", _recomputed(figures, ids[0], positions)))
    if instance.rule.scope == "period":
        for id in ids:
            before = figures.take(id, "previous")[positions]
            pieces.append((f"{shown_id(form, id)} kỳ trước = ", [*map(_shown, before.tolist())]))
    return [[start + text for text in texts] for start, texts in pieces]


def _recomputed(figures: Figures, id: str, positions: Sequence[int]) -> list[str]:
    """Return what a percentage's parts give, and the parts."""
    form, percentage = figures.form, figures.form.by_id[id].percent
    assert percentage is not None
    parts = [
        [f"{shown_id(form, part)} = {text}" for text in _seen(figures, part, positions)]
        for part in percentage.refs
    ]
    computed = figures.recomputed(id)[positions].tolist()
    results = ["không tính được" if math.isnan(value) else show(value) for value in computed]
    return [
        f"{result} (từ {', '.join(texts)})" for result, *texts in zip(results, *parts, strict=True)
    ]


def _seen(figures: Figures, id: str, positions: Sequence[int]) -> list[str]:
    """Return what stands in a figure's cells, as typed where it is not a plain number."""
    numbers = figures.take(id, "number")[positions].tolist()
    readings = (figures.submissions[position].readings.get(id) for position in positions)
    return [
        _shown(number) if reading is None else _shown_reading(reading)
        for number, reading in zip(numbers, readings, strict=True)
    ]


def _shown_reading(reading: Reading) -> str:
    return show(reading.number if reading.text is None else reading.text)


def _shown(number: float) -> str:
    return show(None if math.isnan(number) else number)
