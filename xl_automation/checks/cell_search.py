"""The smallest set of cells in which other numbers satisfy some broken rules, and break no other.

The search is exact: sets are tried by size, and each one that does not do grows only by a cell
that every set that does must have one of.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import islice, product

from xl_automation.checks.elimination import have_solution
from xl_automation.checks.linear_rules import HOLDS, LinearRules
from xl_automation.forms.rule import RuleInstance

MOST_CELLS = 4
MOST_TRIED = 400  # sets of cells; what needs more is left alone
MOST_WAYS = 32  # in which rules that can be satisfied in several are combined

Cells = frozenset[str]


class CellSearch:
    """The search for one web of broken rules.

    Args:
        rules: The rules over the workbook.
        web: The broken rules.
        others: The rules that hold and rest on a cell, by its id.
        whole: Whether a figure is a whole number.
    """

    def __init__(
        self,
        rules: LinearRules,
        web: Sequence[RuleInstance],
        others: Callable[[str], Collection[RuleInstance]],
        whole: Collection[str],
    ):
        self._rules, self._web, self._others, self._whole = rules, web, others, whole

    def smallest(self, enough: int | None = None) -> list[Cells]:
        """Return the sets of the least size; none where it has more cells than are tried.

        Args:
            enough: How many of them will do; None for every one.
        """
        sets, tried = {Cells(): None}, 0
        for size in range(MOST_CELLS + 1):
            found: list[Cells] = []
            larger: dict[Cells, None] = {}
            for cells in sets:
                tried += 1
                if tried > MOST_TRIED:
                    return []
                wanted = self.lacking(cells)
                if wanted is None:
                    found.append(cells)
                    if len(found) == enough:
                        return found
                elif size < MOST_CELLS:
                    larger |= dict.fromkeys(cells | {cell} for cell in sorted(wanted))
            if found:
                return found
            sets = larger
        return []

    def lacking(self, free: Cells) -> Cells | None:
        """Return cells of which at least one more must change, None where *free* will do."""
        for instance in self._web:
            if not self._rules.demands(instance, free):
                return self._rules.cells(instance) - free
        touching = {
            instance.key: instance
            for instance in (*self._web, *(one for cell in free for one in self._others(cell)))
        }
        demands = []
        for instance in touching.values():
            demand = self._rules.demands(instance, free)
            if not demand:
                return self._rules.cells(instance) - free
            if demand != HOLDS:
                demands.append(demand)
        for ways in islice(product(*demands), MOST_WAYS):
            if have_solution((one for way in ways for one in way), self._whole):
                return None
        near = (self._rules.cells(instance) for instance in touching.values())
        return Cells().union(*near) - free
