"""The Python face of an expression: its result for every submission at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from xl_automation.forms.expression import (
    EPSILON,
    Apply,
    Codes,
    Node,
    Number,
    Ref,
    is_truth,
    leaves,
    refs,
)

# --- the Python face ---------------------------------------------------------------------------

Values = npt.NDArray[Any]  # numbers or truths, one per submission


class ValueSource(Protocol):
    """What an expression is evaluated over: one value per submission for each figure."""

    def take(self, id: str, source: str) -> Values:
        """Return the figure's numbers (NaN without one) or, for a state, its truths."""

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for the figure."""


def decided(node: Node, figures: ValueSource) -> Values:
    """Return True for each submission in which *node* has a result.

    A bare figure, and the previous one, must be a number; under ``nz`` it may also be blank.
    """
    known = np.ones(len(figures.take(refs(node)[0], "number")), dtype=bool)
    for leaf in leaves(node):
        source = "number" if isinstance(leaf, Codes) else leaf.source
        if source in ("number", "previous"):
            known &= ~np.isnan(figures.take(leaf.id, source))
        elif source == "nz":
            known &= figures.take(leaf.id, "readable")
    return known


_NUMERIC: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "<=": lambda a, b: a - b < EPSILON,
    ">=": lambda a, b: b - a < EPSILON,
    "<": lambda a, b: b - a >= EPSILON,
    ">": lambda a, b: a - b >= EPSILON,
    "==": lambda a, b: np.abs(a - b) < EPSILON,
    "!=": lambda a, b: np.abs(a - b) >= EPSILON,
}


def evaluate(node: Node, figures: ValueSource) -> Values:
    """Return the value of *node* for each submission; meaningful only where :func:`decided`."""
    with np.errstate(all="ignore"):  # a number beyond reason has no result, not a warning
        result: Values = np.asarray(_evaluate(node, figures))
    return result


def _evaluate(node: Node, figures: ValueSource) -> Any:
    match node:
        case Number(value):
            return value
        case Ref(id, source):
            return figures.take(id, source)
        case Codes(id):
            return np.isin(figures.take(id, "number"), figures.codes(id))
        case Apply("not", (one,)):
            return ~_evaluate(one, figures)
        case Apply("abs", (one,)):
            return np.abs(_evaluate(one, figures))
        case Apply("int", (one,)):
            return np.floor(_evaluate(one, figures))
        case Apply("and", (one, two)):
            return _evaluate(one, figures) & _evaluate(two, figures)
        case Apply("or", (one, two)):
            return _evaluate(one, figures) | _evaluate(two, figures)
        case Apply("==" | "!=" as op, (one, two)) if is_truth(one):
            same = _evaluate(one, figures) == _evaluate(two, figures)
            return same if op == "==" else ~same
        case Apply(op, (one, two)):
            return _NUMERIC[op](_evaluate(one, figures), _evaluate(two, figures))
    raise AssertionError(node)
