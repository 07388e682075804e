"""The Python face of an expression: its result for every submission at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from xl_automation.forms.expression import (
    EPSILON,
    NOT_ZERO,
    Apply,
    Node,
    Number,
    Ref,
    is_truth,
    leaves,
    refs,
)
from xl_automation.forms.vocabulary import Source

Values = npt.NDArray[Any]  # numbers or truths, one per submission


class ValueSource(Protocol):
    """What an expression is evaluated over: one value per submission for each figure."""

    def take(self, id: str, source: Source) -> Values:
        """Return the figure's numbers (NaN without one) or, for a state, its truths."""


def decided(node: Node, figures: ValueSource) -> Values:
    """Return True for each submission in which *node* has a result.

    A bare figure, and the previous one, must be a number; under ``nz`` it may also be blank, or
    not there because there is nothing to count.
    """
    known = np.ones(len(figures.take(refs(node)[0], "number")), dtype=bool)
    for leaf in leaves(node):
        if leaf.source in ("number", "codes"):
            known &= ~np.isnan(figures.take(leaf.id, "number"))
        elif leaf.source == "previous":
            known &= ~np.isnan(figures.take(leaf.id, "previous"))
        elif leaf.source == "nz":
            known &= figures.take(leaf.id, "readable")
            for state in NOT_ZERO:
                known &= ~figures.take(leaf.id, state)
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
        case Apply("not", (operand,)):
            return ~_evaluate(operand, figures)
        case Apply("abs", (operand,)):
            return np.abs(_evaluate(operand, figures))
        case Apply("int", (operand,)):
            return np.floor(_evaluate(operand, figures))
        case Apply("and", (left, right)):
            return _evaluate(left, figures) & _evaluate(right, figures)
        case Apply("or", (left, right)):
            return _evaluate(left, figures) | _evaluate(right, figures)
        case Apply("==" | "!=" as op, (left, right)) if is_truth(left):
            same = _evaluate(left, figures) == _evaluate(right, figures)
            return same if op == "==" else ~same
        case Apply(op, (left, right)):
            return _NUMERIC[op](_evaluate(left, figures), _evaluate(right, figures))
    raise AssertionError(node)
