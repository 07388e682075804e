"""The Excel face of an expression: the native formula."""

from __future__ import annotations

from typing import Protocol

from xl_automation.forms.expression import (
    EPSILON,
    Apply,
    Codes,
    Node,
    Number,
    Ref,
    is_truth,
    leaves,
)

# --- the Excel face ----------------------------------------------------------------------------


class CellSource(Protocol):
    """Where the figures of an expression stand in a worksheet."""

    def take(self, id: str, source: str) -> str:
        """Return the cell or formula that holds the figure's number or state."""

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for the figure."""


def excel(node: Node, cells: CellSource) -> str:
    """Return *node* as an Excel formula without ``=``; meaningful where :func:`excel_decided`."""
    match node:
        case Number(value):
            return repr(int(value) if value.is_integer() else value)
        case Ref(id, "blank"):
            return f"NOT({cells.take(id, 'filled')})"
        case Ref(id, source):
            return cells.take(id, source)
        case Codes(id):
            cell = cells.take(id, "number")
            return "OR(" + ",".join(f"{cell}={code}" for code in cells.codes(id)) + ")"
        case Apply("not" | "abs" | "int" as op, (one,)):
            return f"{op.upper()}({excel(one, cells)})"
        case Apply("and" | "or" as op, (one, two)):
            return f"{op.upper()}({excel(one, cells)},{excel(two, cells)})"
        case Apply("+" | "-" | "*" | "/" as op, (one, two)):
            return f"({excel(one, cells)}{op}{excel(two, cells)})"
        case Apply(op, (one, two)):
            left, right = excel(one, cells), excel(two, cells)
            if is_truth(one):
                return f"(({left}){'=' if op == '==' else '<>'}({right}))"
            return _EXCEL_COMPARE[op].format(left, right, f"{EPSILON:f}")
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
        source = "number" if isinstance(leaf, Codes) else leaf.source
        if source in ("number", "previous"):
            known[f"ISNUMBER({cells.take(leaf.id, source)})"] = None
        elif source == "nz":
            known[cells.take(leaf.id, "readable")] = None
    return f"AND({','.join(known)})" if known else "TRUE"
