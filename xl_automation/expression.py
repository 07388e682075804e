"""The small language in which a form states percentages and rules.

One text, two faces:
:func:`evaluate` gives the result for every submission at once,
:func:`excel` gives the native formula. Nothing is handed to Python's ``eval``.

    [1.1.b] <= [1.1.a]                       a figure per [id]; [*] is the row a rule is about
    [2.4.a] <= nz([2.2]) + nz([2.3])         nz: blank counts as 0
    filled([3.4.2.a]) == filled([3.4.2.b])   filled, blank, readable: about the cell itself
    ([1.4.1] > 0) == filled([1.4.2])

A bare [id] without a number makes the whole expression undecided; see :func:`decided`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from xl_automation.numbers import show

EPSILON = 1e-6  # two figures closer than this are equal, in both faces

# About the state of a cell, not its number: they take one [id] and never leave a rule undecided.
STATE_FUNCTIONS = ("filled", "blank", "readable", "leading_zero", "agrees")


@dataclass(frozen=True, slots=True)
class Number:
    """A constant."""

    value: float


@dataclass(frozen=True, slots=True)
class Ref:
    """A figure: ``source`` says how it is taken (number, nz, previous or a state function)."""

    id: str
    source: str = "number"


@dataclass(frozen=True, slots=True)
class Codes:
    """Whether the figure is one of the codes printed beside it."""

    id: str


@dataclass(frozen=True, slots=True)
class Apply:
    """An operator or function over other nodes."""

    op: str
    args: tuple[Node, ...]


Node: TypeAlias = Number | Ref | Codes | Apply


class ExpressionError(ValueError):
    """An expression that does not follow the grammar."""


# --- reading -----------------------------------------------------------------------------------

_TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?)|\[([^\]]+)\]|([A-Za-z_]+)|(<=|>=|==|!=|[-+*/<>(),]))")
_COMPARE = ("<=", ">=", "==", "!=", "<", ">")


def parse(text: str) -> Node:
    """Return the expression in *text* as a tree.

    Raises:
        ExpressionError: Where the text breaks the grammar.

    >>> parse("[1.1.b] <= 8")
    Apply(op='<=', args=(Ref(id='1.1.b', source='number'), Number(value=8.0)))
    """
    parser = _Parser(text)
    node = parser.either()
    if parser.token is not None:
        raise ExpressionError(f"unexpected {parser.token!r} in {text!r}")
    return node


class _Parser:
    """Recursive descent; each method reads one level of precedence."""

    def __init__(self, text: str):
        self.text = text
        self.tokens = self._split()
        self.token = next(self.tokens, None)

    def _split(self) -> Iterator[str]:
        at, end = 0, len(self.text.rstrip())
        while at < end:
            match = _TOKEN.match(self.text, at)
            if match is None:
                raise ExpressionError(f"cannot read {self.text[at:]!r} in {self.text!r}")
            at = match.end()
            number, ref, word, sign = match.groups()
            yield f"[{ref}" if ref else number or word or sign

    def take(self, *expected: str) -> str | None:
        token = self.token
        if token is None or (expected and token not in expected):
            return None
        self.token = next(self.tokens, None)
        return token

    def need(self, expected: str) -> None:
        if self.take(expected) is None:
            raise ExpressionError(f"{expected!r} expected before {self.token!r} in {self.text!r}")

    def _chain(self, part: Callable[[], Node], *signs: str) -> Node:
        node = part()
        while sign := self.take(*signs):
            node = Apply(sign, (node, part()))
        return node

    def either(self) -> Node:
        return self._chain(self.both, "or")

    def both(self) -> Node:
        return self._chain(self.negation, "and")

    def negation(self) -> Node:
        return Apply("not", (self.negation(),)) if self.take("not") else self.comparison()

    def comparison(self) -> Node:
        node = self.sum()
        if sign := self.take(*_COMPARE):
            return Apply(sign, (node, self.sum()))
        if self.take("in"):
            return self._membership(node)
        return node

    def _membership(self, node: Node) -> Node:
        if self.take("codes"):
            if not isinstance(node, Ref):
                raise ExpressionError(f"'in codes' follows one [id] in {self.text!r}")
            return Codes(node.id)
        self.need("(")
        options = [Apply("==", (node, self.sum()))]
        while self.take(","):
            options.append(Apply("==", (node, self.sum())))
        self.need(")")
        tree: Node = options[0]
        for option in options[1:]:
            tree = Apply("or", (tree, option))
        return tree

    def sum(self) -> Node:
        return self._chain(self.product, "+", "-")

    def product(self) -> Node:
        return self._chain(self.factor, "*", "/")

    def factor(self) -> Node:
        if self.take("-"):
            return Apply("-", (Number(0.0), self.factor()))
        if self.take("("):
            node = self.either()
            self.need(")")
            return node
        token = self.take()
        if token is None:
            raise ExpressionError(f"{self.text!r} ends too soon")
        if token[0] == "[":
            return Ref(token[1:].strip())
        if token[0].isdigit():
            return Number(float(token))
        if token in (*STATE_FUNCTIONS, "nz", "previous"):
            self.need("(")
            ref = self.factor()
            self.need(")")
            if not isinstance(ref, Ref):
                raise ExpressionError(f"{token}() takes one [id] in {self.text!r}")
            return Ref(ref.id, token)
        if token in ("abs", "int"):
            self.need("(")
            node = self.sum()
            self.need(")")
            return Apply(token, (node,))
        raise ExpressionError(f"unknown word {token!r} in {self.text!r}")


# --- looking into a tree -----------------------------------------------------------------------


def leaves(node: Node) -> Iterator[Ref | Codes]:
    """Yield every figure that *node* mentions, in order."""
    if isinstance(node, Apply):
        for arg in node.args:
            yield from leaves(arg)
    elif not isinstance(node, Number):
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
    if isinstance(node, Codes) and node.id == "*":
        return Codes(target)
    return node


def _is_truth(node: Node) -> bool:
    if isinstance(node, Apply):
        return node.op in (*_COMPARE, "and", "or", "not")
    return isinstance(node, Codes) or (isinstance(node, Ref) and node.source in STATE_FUNCTIONS)


def is_condition(node: Node) -> bool:
    """Return whether *node* is a condition, not a number.

    Raises:
        ExpressionError: Where an operator in it gets a number for a condition, or the reverse.
    """
    if isinstance(node, Apply):
        kinds = {is_condition(arg) for arg in node.args}
        wanted = {node.op in ("and", "or", "not")}
        if kinds != wanted and not (node.op in ("==", "!=") and len(kinds) == 1):
            raise ExpressionError(f"{node.op!r} between a condition and a number")
    return _is_truth(node)


# --- the Python face ---------------------------------------------------------------------------

Column = npt.NDArray[Any]  # numbers or truths, one per submission


class Figures(Protocol):
    """What an expression is evaluated over: one value per submission for each figure."""

    def take(self, id: str, source: str) -> Column:
        """Return the figure's numbers (NaN without one) or, for a state, its truths."""

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for the figure."""


def decided(node: Node, figures: Figures) -> Column:
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


def evaluate(node: Node, figures: Figures) -> Column:
    """Return the value of *node* for each submission; meaningful only where :func:`decided`."""
    with np.errstate(all="ignore"):  # a number beyond reason has no result, not a warning
        result: Column = np.asarray(_evaluate(node, figures))
    return result


def _evaluate(node: Node, figures: Figures) -> Any:
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
        case Apply("==" | "!=" as op, (one, two)) if _is_truth(one):
            same = _evaluate(one, figures) == _evaluate(two, figures)
            return same if op == "==" else ~same
        case Apply(op, (one, two)):
            return _NUMERIC[op](_evaluate(one, figures), _evaluate(two, figures))
    raise AssertionError(node)


# --- the Excel face ----------------------------------------------------------------------------


class Cells(Protocol):
    """Where the figures of an expression stand in a worksheet."""

    def take(self, id: str, source: str) -> str:
        """Return the cell or formula that holds the figure's number or state."""

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for the figure."""


def excel(node: Node, cells: Cells) -> str:
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
            if _is_truth(one):
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


def excel_decided(node: Node, cells: Cells) -> str:
    """Return the formula that is TRUE where *node* has a result; as :func:`decided`."""
    known: dict[str, None] = {}
    for leaf in leaves(node):
        source = "number" if isinstance(leaf, Codes) else leaf.source
        if source in ("number", "previous"):
            known[f"ISNUMBER({cells.take(leaf.id, source)})"] = None
        elif source == "nz":
            known[cells.take(leaf.id, "readable")] = None
    return f"AND({','.join(known)})" if known else "TRUE"


# --- as people read it -------------------------------------------------------------------------

_SIGNS = {"+": "+", "-": "−", "*": "×", "/": "/"}


def spell(node: Node, leaf: Callable[[str], str] = str) -> str:
    """Return an expression as people write it; *leaf* words a figure, by its id.

    >>> spell(parse("[1.1.b] - 2 * [1.1.a]"))
    '(1.1.b − (2 × 1.1.a))'
    """
    match node:
        case Ref(id):
            return leaf(id)
        case Number(value):
            return show(value)
        case Apply(op, (one, two)) if op in _SIGNS:
            return f"({spell(one, leaf)} {_SIGNS[op]} {spell(two, leaf)})"
        case Apply(op, args):
            return f"{op}({'; '.join(spell(arg, leaf) for arg in args)})"
    raise AssertionError(node)
