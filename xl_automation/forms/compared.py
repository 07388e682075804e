"""What a rule that compares numbers has to say where it is broken: both sides, the difference.

The text is stated once, in pieces; each face fills in the figures. A rule about the state of a
cell, or one of which any of several conditions would do, says what stands in its cells.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

from xl_automation.forms.expression import (
    COMPARISONS,
    Apply,
    Node,
    Ref,
    is_truth,
    leaves,
    refs,
    spell_alone,
)
from xl_automation.forms.form import Form
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.words import shown_id, shown_line

BLANK_SAID, ERROR_SAID = "(trống)", "(lỗi)"  # of what stands in a cell
NOT_COMPUTED = "không tính được"  # of a percentage whose parts give none
FOLLOWS = "kéo theo "  # how a rule names what only follows from it
MAX_PARTS = 8  # figures of a side that are shown one by one


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands in the cell of a figure."""

    figure: Ref


@dataclass(frozen=True, slots=True)
class Result:
    """What an expression gives."""

    node: Node


@dataclass(frozen=True, slots=True)
class Difference:
    """What an expression gives, with its sign."""

    node: Node


@dataclass(frozen=True, slots=True)
class Recomputed:
    """What the parts of a percentage give, beside what its cell states."""

    id: str


@dataclass(frozen=True, slots=True)
class Gap:
    """By how much a stated percentage differs from what its parts give; nothing where it cannot."""

    id: str


@dataclass(frozen=True, slots=True)
class Unfit:
    """That a row's cell shows its number as what it cannot be, and the way out; else nothing."""

    id: str


Piece: TypeAlias = str | Shown | Result | Difference | Recomputed | Gap | Unfit
Pieces: TypeAlias = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two numbers that a rule compares; where one of them is a constant, it is the right one."""

    op: str
    left: Node
    right: Node

    @property
    def holds(self) -> Node:
        """The condition."""
        return Apply(self.op, (self.left, self.right))


@dataclass(frozen=True, slots=True)
class Told:
    """What a broken rule says.

    Attributes:
        head: What its comparisons have in common, said once before those that are broken.
        cases: Each comparison, and what is said where it is broken.
        otherwise: What is said where none of them is; empty where one of them must be.
    """

    head: Pieces
    cases: tuple[tuple[Comparison, Pieces], ...]
    otherwise: Pieces


_MIRRORED = {"<=": ">=", ">=": "<=", "<": ">", ">": "<", "==": "==", "!=": "!="}
_EXPECTED = {
    "<=": "tối đa ",
    ">=": "tối thiểu ",
    "<": "nhỏ hơn ",
    ">": "lớn hơn ",
    "==": "",
    "!=": "phải khác ",
}


def comparisons(node: Node) -> Iterator[Comparison | None]:
    """Yield each condition that must hold for *node* to hold, None where it compares no numbers.

    >>> from xl_automation.forms.grammar import parse
    >>> conditions = comparisons(parse("0 <= [1.1] and [1.1] <= 100 and filled([1])"))
    >>> [condition and condition.op for condition in conditions]
    ['>=', '<=', None]
    """
    match node:
        case Apply("and", (left, right)):
            yield from comparisons(left)
            yield from comparisons(right)
        case Apply(op, (left, right)) if op in COMPARISONS and not is_truth(left):
            if refs(left):
                yield Comparison(op, left, right)
            else:
                yield Comparison(_MIRRORED[op], right, left)
        case _:
            yield None


def told(form: Form, instance: RuleInstance) -> Told:
    """Return what a rule says where it is broken."""
    return _told(form, instance, lambda comparison: _difference(form, comparison))


def told_aside(form: Form, instance: RuleInstance) -> Told:
    """Return likewise what is said of it in the words of another, of which it is a consequence."""
    return _told(form, instance, lambda _: ())


def _told(form: Form, instance: RuleInstance, end: Callable[[Comparison], Pieces]) -> Told:
    conditions = list(comparisons(instance.holds))
    found = [comparison for comparison in conditions if comparison]
    of_one = len({comparison.left for comparison in found}) == 1
    cases = []
    head = (*_side(form, found[0].left), "; ") if of_one else ()
    for comparison in found:
        first = () if of_one else (*_side(form, comparison.left), "; ")
        said = (*head, *first, *_expected(form, comparison), *end(comparison))
        cases.append((comparison, _short(form, instance, said)[len(head) :]))
    states = _states(form, instance) if None in conditions else ()
    return Told(head, tuple(cases), _short(form, instance, states))


def _short(form: Form, instance: RuleInstance, pieces: Pieces) -> Pieces:
    """Return *pieces* in which only the first cell of a table's line is named with the line."""
    lines = {shown_line(form, id) for id in instance.figures if id in form.table_cells}
    if len(lines) != 1:
        return pieces
    (line,) = lines
    short: list[Piece] = []
    is_named = False
    for piece in pieces:
        if isinstance(piece, str) and line in piece:
            start, _, rest = piece.partition(line)
            piece = f"{start}{'' if is_named else line}{rest.replace(line, '')}"
            is_named = True
        short.append(piece)
    return tuple(short)


def _side(form: Form, node: Node) -> Pieces:
    """Return a side of a comparison: what it is called, and its value."""
    if not refs(node):
        return (spell_alone(node),)
    value = Shown(_cell(node)) if isinstance(node, Ref) else Result(node)
    return f"{_named(form, node)} = ", value


def _expected(form: Form, comparison: Comparison) -> Pieces:
    is_constant = not refs(comparison.right)
    word = "phải là " if comparison.op == "==" and is_constant else _EXPECTED[comparison.op]
    return word, *_side(form, comparison.right)


def _difference(form: Form, comparison: Comparison) -> Pieces:
    """Return the left side less the right one, and the figures that were shown only together."""
    if comparison.op == "!=":
        return ()
    sides = comparison.left, comparison.right
    alone = [_cell(side) for side in sides if isinstance(side, Ref)]
    figures = dict.fromkeys(_cell(leaf) for side in sides for leaf in leaves(side))
    parts = tuple(figure for figure in figures if figure not in alone)
    listed = (" (", *_listed(form, parts, ", "), ")") if 0 < len(parts) <= MAX_PARTS else ()
    return "; lệch ", Difference(Apply("-", sides)), *listed


def _cell(figure: Ref) -> Ref:
    """Return a figure as its cell shows it, however an expression takes it."""
    return figure if figure.source == "previous" else Ref(figure.id)


def _states(form: Form, instance: RuleInstance) -> Pieces:
    """Return what stands in each cell that a rule looks at."""
    figures = [Ref(id) for id in instance.figures]
    if instance.rule.scope == "period":
        figures += [Ref(id, "previous") for id in instance.figures]
    pieces = _listed(form, tuple(figures), "; ")
    for leaf in leaves(instance.holds):
        percentage = form.by_id[leaf.id].percent if leaf.source == "agrees" else None
        if percentage:
            parts = _listed(form, tuple(map(Ref, percentage.refs)), ", ")
            pieces += ("; tính lại: ", Recomputed(leaf.id), " (từ ", *parts, ")", Gap(leaf.id))
        if leaf.source == "readable" and leaf.id in form.by_id:
            pieces += (Unfit(leaf.id),)
    return pieces


def _listed(form: Form, figures: tuple[Ref, ...], between: str) -> Pieces:
    pieces: list[Piece] = []
    for figure in figures:
        start = between if pieces else ""
        pieces += [f"{start}{_named(form, figure)} = ", Shown(figure)]
    return tuple(pieces)


def _named(form: Form, node: Node) -> str:
    return spell_alone(node, lambda id: shown_id(form, id))
