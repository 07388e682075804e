"""The Excel face of an expression: the native formula."""

from __future__ import annotations

from typing import Protocol

from xl_automation.forms.expression import (
    EPSILON,
    NOT_ZERO,
    Apply,
    Node,
    Number,
    Ref,
    is_truth,
    leaves,
)
from xl_automation.forms.vocabulary import Source

NEVER = "FALSE"  # of a state that no cell of its kind can have
ALWAYS = "TRUE"  # of a node that has a result whatever stands in the cells


class CellSource(Protocol):
    """Where the figures of an expression stand in a worksheet."""

    def take(self, id: str, source: Source) -> str:
        """Return the cell or formula that holds the figure's number or state."""


def excel(node: Node, cells: CellSource) -> str:
    """Return *node* as an Excel formula without ``=``; meaningful where :func:`excel_decided`."""
    match node:
        case Number(value):
            return repr(int(value) if value.is_integer() else value)
        case Ref(id, "blank"):
            return f"NOT({cells.take(id, 'filled')})"
        case Ref(id, source):
            return cells.take(id, source)
        case Apply("not" | "abs" | "int" as op, (operand,)):
            return f"{op.upper()}({excel(operand, cells)})"
        case Apply("and" | "or" as op, (left, right)):
            return f"{op.upper()}({excel(left, cells)},{excel(right, cells)})"
        case Apply("+" | "-" | "*" | "/" as op, (left, right)):
            return f"({excel(left, cells)}{op}{excel(right, cells)})"
        case Apply(op, (left, right)):
            formulas = excel(left, cells), excel(right, cells)
            if is_truth(left):
                # Not every program compares two comparisons.
                same, other = formulas[1], f"NOT({formulas[1]})"
                if op == "!=":
                    same, other = other, same
                return f"IF({formulas[0]},{same},{other})"
            return _EXCEL_COMPARE[op].format(*formulas, f"{EPSILON:f}")
    raise AssertionError(node)


_EXCEL_COMPARE = {
    "<=": "({0}-{1}<{2})",
    ">=": "({1}-{0}<{2})",
    "<": "({1}-{0}>={2})",
    ">": "({0}-{1}>={2})",
    "==": "(ABS({0}-{1})<{2})",
    "!=": "(ABS({0}-{1})>={2})",
}


def excel_decided(node: Node, cells: CellSource) -> str:
    """Return the formula that is TRUE where *node* has a result; as :func:`decided`."""
    known: dict[str, None] = {}
    for leaf in leaves(node):
        if leaf.source in ("number", "codes"):
            known[f"ISNUMBER({cells.take(leaf.id, 'number')})"] = None
        elif leaf.source == "previous":
            known[f"ISNUMBER({cells.take(leaf.id, 'previous')})"] = None
        elif leaf.source == "nz":
            known[cells.take(leaf.id, "readable")] = None
            unknown = (cells.take(leaf.id, state) for state in NOT_ZERO)
            known |= {f"NOT({state})": None for state in unknown if state != NEVER}
    return f"AND({','.join(known)})" if known else ALWAYS
