"""The rules of a form applied to the figures of submissions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

import numpy as np

from xl_automation.checks.finding import Finding, named, sorted_findings
from xl_automation.checks.seen import seen
from xl_automation.checks.settled_by_note import with_reason
from xl_automation.forms.compared import FOLLOWS, told, told_aside
from xl_automation.forms.form import Form
from xl_automation.forms.python_face import Values, decided, evaluate
from xl_automation.forms.rule import Rule, RuleInstance
from xl_automation.forms.vocabulary import Scope
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
    broken: dict[str, tuple[RuleInstance, Values]] = {}
    for instance in figures.form.instances(None, scope):
        concerned = of_level.get(instance.rule.level) if instance.rule.level else everyone
        if concerned is None or not applies(instance.rule):
            continue
        where = violated(instance, figures) & concerned
        if where.any():
            broken[instance.key] = instance, where
    followers = _fold(figures.form, broken)
    for key, (instance, where) in broken.items():
        positions = np.flatnonzero(where).tolist()
        findings = _findings(instance, figures, positions, followers.get(key, ()))
        for position, finding in zip(positions, findings, strict=True):
            by_submission[position].append(with_reason(finding, figures.submissions[position]))
    return [sorted_findings(figures.form, findings) for findings in by_submission]


def _fold(
    form: Form, broken: dict[str, tuple[RuleInstance, Values]]
) -> dict[str, list[tuple[RuleInstance, Values]]]:
    """Take out of *broken* what only follows from other broken rules.

    Returns:
        By the key of each such other: what follows from it, and for which submissions.
    """
    followers: dict[str, list[tuple[RuleInstance, Values]]] = {}
    for key, causes in form.folds.items():
        if key not in broken:
            continue
        instance, where = broken[key]
        folded = np.zeros_like(where)
        for cause in causes:
            if cause.key in broken:
                both = where & broken[cause.key][1]
                followers.setdefault(cause.key, []).append((instance, both))
                folded |= both
        broken[key] = instance, where & ~folded
    return followers


def violated(instance: RuleInstance, figures: Figures) -> Values:
    """Return True for each submission that breaks the rule; undecided is not broken."""
    known = decided(instance.holds, figures)
    broken: Values = known & ~evaluate(instance.holds, figures).astype(bool)
    return broken


def _findings(
    instance: RuleInstance,
    figures: Figures,
    positions: Sequence[int],
    followers: Sequence[tuple[RuleInstance, Values]],
) -> list[Finding]:
    """Return the finding of a rule for each submission that breaks it.

    What they have in common is made once and shared by them: there may be one of each unit.

    Args:
        instance: The rule.
        figures: The figures of all submissions.
        positions: Which of them break it.
        followers: The rules that are broken only because it is, and by whom.
    """
    if not positions:
        return []
    form, rule = figures.form, instance.rule
    cells = tuple(map(figures.layout.place, instance.shown))
    rows = map(form.row_of, instance.figures)
    finding = partial(
        Finding,
        rule=instance.id,
        severity=rule.severity,
        indicators=tuple(dict.fromkeys(item.id for item in rows if item)),
        cells=cells,
        where=named(form, cells),
        message=rule.words,
    )
    texts = seen(told(form, instance), figures, positions)
    folded: list[tuple[str, ...]] = [()] * len(positions)
    for follower, where in followers:
        at = [place for place, position in enumerate(positions) if where[position]]
        words = told_aside(form, follower)
        asides = seen(words, figures, [positions[place] for place in at])
        for place, aside in zip(at, asides, strict=True):
            texts[place] += f" ({FOLLOWS}{aside})"
            folded[place] += (follower.id,)
    return [finding(seen=text, folds=ids) for text, ids in zip(texts, folded, strict=True)]
