"""Which broken rules only follow from others that are broken too.

A percentage that is computed can be out of bounds only because of its parts: where a rule about
those parts says what is wrong, one about the percentage has nothing to add.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from xl_automation.forms.expression import Ref, leaves
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.vocabulary import Severity

# How bad a rule may be, and what can be its cause: no mere warning is that of an error.
_CAUSES: Mapping[Severity, tuple[Severity, ...]] = {
    "error": ("error",),
    "warning": ("error", "warning"),
    "info": ("error", "warning"),
}


def folds(
    instances: Sequence[RuleInstance], rows: Mapping[str, Indicator]
) -> Mapping[str, tuple[RuleInstance, ...]]:
    """Return by the key of each rule that can follow from others those that it follows from.

    It is about the number of one computed percentage, they are about nothing but its parts.

    Args:
        instances: The rules of one scope.
        rows: The rows of the form, by id.
    """
    followed = {}
    for instance in instances:
        parts = _parts(instance, rows)
        severities = _CAUSES[instance.rule.severity]
        causes = tuple(
            cause
            for cause in instances
            if parts.issuperset(cause.refs) and cause.rule.severity in severities
        )
        if causes:
            followed[instance.key] = causes
    return followed


def followers(
    instances: Iterable[RuleInstance], folds: Mapping[str, Iterable[RuleInstance]]
) -> Mapping[str, tuple[RuleInstance, ...]]:
    """Return the same the other way round: those of *instances* that may follow from each rule."""
    found: dict[str, tuple[RuleInstance, ...]] = {}
    for instance in instances:
        for cause in folds.get(instance.key, ()):
            found[cause.key] = (*found.get(cause.key, ()), instance)
    return found


def _parts(instance: RuleInstance, rows: Mapping[str, Indicator]) -> frozenset[str]:
    """Return the parts of the one computed percentage that a rule is about; else none."""
    item = rows.get(instance.refs[0])
    if item is None or not item.is_computed or item.percent is None:
        return frozenset()
    is_about_it = all(leaf == Ref(item.id) for leaf in leaves(instance.holds))
    return frozenset(item.percent.refs) if is_about_it else frozenset()
