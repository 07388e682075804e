"""A count without a row of its own, of which a percentage is taken by mistake."""

from __future__ import annotations

from dataclasses import dataclass

from xl_automation.forms.expression import Node


@dataclass(frozen=True, slots=True)
class Quantity:
    """A sum of figures that people have a name for.

    Attributes:
        name: What they call it.
        unit: What it counts: the unit of the rows in whose place it may have been taken.
        of: The figures that it is the sum of.
    """

    name: str
    unit: str
    of: Node
