"""The small language in which a form states percentages and rules.

One text, two faces: :mod:`python_face` gives the result for every submission at once,
:mod:`excel_face` gives the native formula. Nothing is handed to Python's ``eval``.

    [1.1.b] <= [1.1.a]                       a figure per [id]; [*] is the row a rule is about
    [2.4.a] <= nz([2.2]) + nz([2.3])         nz: blank counts as 0
    filled([3.4.2.a]) == filled([3.4.2.b])   filled, blank, readable: about the cell itself
    ([1.4.1] > 0) == filled([1.4.2])

A bare [id] without a number makes the whole expression undecided; see :func:`python_face.decided`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from xl_automation.errors import FormError
from xl_automation.forms.numbers import show
from xl_automation.forms.vocabulary import Source

EPSILON = 1e-6  # two figures closer than this are equal, in both faces
# About the state of a cell, not its number: they take one [id] and never leave a rule undecided.
ABSENCE_FUNCTIONS: tuple[Source, ...] = ("absent", "later", "elsewhere")  # of a code without one
STATE_FUNCTIONS: tuple[Source, ...] = (
    *("filled", "blank", "readable", "leading_zero", "agrees"),
    *ABSENCE_FUNCTIONS,
)
NOT_ZERO: tuple[Source, ...] = ("later", "elsewhere")  # without a number, and yet not 0 under nz
NUMBER_FUNCTIONS: tuple[Source, ...] = ("nz", "previous")  # they take one [id] for a number


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Ref:
    """A figure, and how it is taken: its number, or something about the state of its cell."""

    id: str
    source: Source = "number"


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or function over other nodes."""

    op: str
    args: tuple[Node, ...]


Node: TypeAlias = Number | Ref | Apply
COMPARISONS = ("<=", ">=", "==", "!=", "<", ">")


# --- looking into a tree -----------------------------------------------------------------------


def leaves(node: Node) -> Iterator[Ref]:
    """Yield every figure that *node* mentions, in order."""
    if isinstance(node, Apply):
        for arg in node.args:
            yield from leaves(arg)
    elif isinstance(node, Ref):
        yield node


def refs(node: Node) -> tuple[str, ...]:
    """Return the ids that *node* mentions, each once, in order."""
    return tuple(dict.fromkeys(leaf.id for leaf in leaves(node)))


def bind(node: Node, target: str) -> Node:
    """Return *node* with ``*`` replaced by *target* in every ``[*]`` and ``[*.column]``."""
    if isinstance(node, Apply):
        return Apply(node.op, tuple(bind(arg, target) for arg in node.args))
    if isinstance(node, Ref) and node.id.startswith("*"):
        return Ref(target + node.id[1:], node.source)
    return node


def asks(node: Node, source: Source) -> bool:
    """Return whether *node* takes any figure this way."""
    return any(leaf.source == source for leaf in leaves(node))


def is_truth(node: Node) -> bool:
    """Return whether *node* gives a truth by its outermost part; see :func:`is_condition`."""
    if isinstance(node, Apply):
        return node.op in (*COMPARISONS, "and", "or", "not")
    return isinstance(node, Ref) and node.source in (*STATE_FUNCTIONS, "codes")


def is_condition(node: Node) -> bool:
    """Return whether *node* is a condition, not a number.

    Raises:
        FormError: Where an operator in it gets a number for a condition, or the reverse.
    """
    if isinstance(node, Apply):
        kinds = {is_condition(arg) for arg in node.args}
        wanted = {node.op in ("and", "or", "not")}
        if kinds != wanted and not (node.op in ("==", "!=") and len(kinds) == 1):
            raise FormError(f"{node.op!r} between a condition and a number")
    return is_truth(node)


# --- as people read it -------------------------------------------------------------------------

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "/"}
_BINDS = {"+": 1, "-": 1, "*": 2, "/": 2}  # the tighter, the higher


def spell(node: Node, leaf: Callable[[str], str] = str) -> str:
    """Return an expression as people write it within another; *leaf* words a figure, by its id.

    >>> from xl_automation.forms.grammar import parse
    >>> spell(parse("[1.1.b] - 2 * [1.1.a]"))
    '(1.1.b − 2 × 1.1.a)'
    """
    text = spell_alone(node, leaf)
    return f"({text})" if _binding(node) else text


def spell_alone(node: Node, leaf: Callable[[str], str] = str) -> str:
    """Return an expression as people write it by itself; *leaf* words a figure, by its id.

    >>> from xl_automation.forms.grammar import parse
    >>> spell_alone(parse("abs([7.5.2] - ([7.5.2.a] - nz([7.5.2.b])))"))
    '|7.5.2 − (7.5.2.a − 7.5.2.b)|'
    """
    match node:
        case Ref(id, "previous"):
            return f"{leaf(id)} kỳ trước"
        case Ref(id):
            return leaf(id)
        case Number(value):
            return show(value)
        case Apply("-", (Number(0.0), Number(value))):
            return show(-value)
        case Apply("-", (Number(0.0), operand)):
            return f"−{spell(operand, leaf)}"
        case Apply("abs", (operand,)):
            return f"|{spell_alone(operand, leaf)}|"
        case Apply("int", (operand,)):
            return f"phần nguyên của {spell(operand, leaf)}"
        case Apply(op, (left, right)) if op in _SIGNS:
            # From the left: only what binds less tightly needs brackets there.
            first = spell if 0 < _binding(left) < _binding(node) else spell_alone
            second = spell if 0 < _binding(right) <= _binding(node) else spell_alone
            return f"{first(left, leaf)} {_SIGNS[op]} {second(right, leaf)}"
    raise AssertionError(node)


def _binding(node: Node) -> int:
    """Return how tightly the outermost sign of *node* binds, 0 where it has none."""
    return _BINDS.get(node.op, 0) if isinstance(node, Apply) else 0
