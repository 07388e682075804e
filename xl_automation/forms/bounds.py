"""What a rule allows one figure to be, read off the rule's own expression."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from xl_automation.forms.expression import Apply, Node, Number, Ref
from xl_automation.forms.rule import Rule


@dataclass(frozen=True, slots=True)
class Bounds:
    """The lowest and the highest value of a figure, None where nothing is said."""

    lowest: float | None = None
    highest: float | None = None

    def narrowed(self, other: Bounds) -> Bounds:
        """Return what both allow."""
        lowest = [bound for bound in (self.lowest, other.lowest) if bound is not None]
        highest = [bound for bound in (self.highest, other.highest) if bound is not None]
        return Bounds(max(lowest, default=None), min(highest, default=None))

    def allow(self, number: float) -> bool:
        """Return whether a figure may be *number*."""
        is_enough = self.lowest is None or number >= self.lowest
        return is_enough and (self.highest is None or number <= self.highest)

    def nearest(self, number: float) -> float:
        """Return the figure nearest to *number* that may be."""
        least = number if self.lowest is None else max(number, self.lowest)
        return least if self.highest is None else min(least, self.highest)


def bounds_in(node: Node, id: str) -> Bounds:
    """Return the bounds that *node* sets for the figure of *id* by comparing it with constants.

    >>> from xl_automation.forms.grammar import parse
    >>> bounds_in(parse("[4.2.5] >= -100 and [4.2.5] <= 100"), "4.2.5")
    Bounds(lowest=-100.0, highest=100.0)
    """
    match node:
        case Apply("and", (left, right)):
            return bounds_in(left, id).narrowed(bounds_in(right, id))
        case Apply("<=" | ">=" as op, (left, right)):
            if left == Ref(id) and (constant := _constant(right)) is not None:
                return Bounds(highest=constant) if op == "<=" else Bounds(lowest=constant)
            if right == Ref(id) and (constant := _constant(left)) is not None:
                return Bounds(lowest=constant) if op == "<=" else Bounds(highest=constant)
    return Bounds()


def _constant(node: Node) -> float | None:
    match node:
        case Number(value):
            return value
        case Apply("-", (Number(value), Number(less))):  # a negative one is 0 - 100
            return value - less
    return None


def range_rules(rules: Iterable[Rule]) -> dict[str, tuple[Rule, Bounds]]:
    """Return by figure the first rule that says by itself what it may be, and its bounds.

    Such a rule is an error in every workbook, and compares the figure with nothing but constants
    or the codes printed beside it.
    """
    found: dict[str, tuple[Rule, Bounds]] = {}
    for rule in rules:
        if rule.severity != "error" or rule.scope != "workbook" or rule.level:
            continue
        for instance in rule.instances():
            if len(instance.refs) == 1:
                (id,) = instance.refs
                bounds = bounds_in(instance.holds, id)
                if bounds != Bounds() or Ref(id, "codes") == instance.holds:
                    found.setdefault(id, (rule, bounds))
    return found
