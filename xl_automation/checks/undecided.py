"""The rules that could not be looked at (không xét được): what they need is blank or unreadable."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from xl_automation.forms.asked import asked
from xl_automation.forms.python_face import decided, evaluate
from xl_automation.forms.rule import RuleInstance
from xl_automation.reading.figures import Figures


def undecided_rules(figures: Figures) -> list[list[RuleInstance]]:
    """Return the rules about one workbook that each submission leaves undecided.

    What :mod:`asked` excuses is left out.

    Returns:
        One list per submission, in their order; in each the rules in the order of the form.
    """
    by_submission: list[list[RuleInstance]] = [[] for _ in figures.submissions]
    levels = np.array([submission.level for submission in figures.submissions])
    for level in dict.fromkeys(submission.level for submission in figures.submissions):
        concerned = levels == level
        for instance in figures.form.instances(level):
            undecided = concerned & ~decided(instance.holds, figures)
            if not undecided.any():
                continue
            undecided &= evaluate(asked(figures.form, instance, level), figures)
            for position in np.flatnonzero(undecided).tolist():
                by_submission[position].append(instance)
    return by_submission


def count_undecided(figures: Figures) -> tuple[int, ...]:
    """Return how many rules each submission leaves undecided, in their order."""
    return tuple(map(len, undecided_rules(figures)))


def named_rules(instances: Sequence[RuleInstance]) -> str:
    """Return rules as people tell them apart: ``C-1.1, F01 của 2.2``."""
    return ", ".join(
        f"{instance.id} của {instance.target}"
        if instance.target and "[*]" not in instance.rule.id
        else instance.id
        for instance in instances
    )
