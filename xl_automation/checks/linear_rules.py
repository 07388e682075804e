"""What the rules of a form demand of some cells of one workbook, while all others stay.

Each rule becomes alternatives, of which one must hold: linear inequalities between the cells that
are free to change. What no inequality says (a product of two free cells, a percentage computed of
them) is taken as something that they can satisfy.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from fractions import Fraction
from functools import lru_cache
from itertools import product
from math import floor

from xl_automation.checks.elimination import Exact, Inequality
from xl_automation.forms.expression import COMPARISONS, Apply, Node, Number, Ref, is_truth, leaves
from xl_automation.forms.form import Form
from xl_automation.forms.percentage import AGREES_WITHIN
from xl_automation.forms.rule import META, RuleInstance
from xl_automation.forms.vocabulary import Source
from xl_automation.reading.figures import FigureRow

Alternatives = list[list[Inequality]]  # one of them must hold whole; none: it cannot hold
Sum = dict[str, Exact]  # cells with their factors; what is added to them is under ""
CONSTANT = ""
HOLDS: Alternatives = [[]]
NUMBERS: tuple[Source, ...] = ("number", "nz", "codes")  # how a rule takes the number of a figure
_TINY = Fraction(1, 10**6)  # what two figures differ by that are not equal
_MIRRORED = {"<=": ">", ">": "<=", ">=": "<", "<": ">=", "==": "!=", "!=": "=="}


class LinearRules:
    """The rules over one workbook.

    Args:
        row: The figures of the workbook.
    """

    def __init__(self, row: FigureRow):
        self._row, self._form = row, row.form
        self._numbers: dict[str, Exact | None] = {}
        self._cells: dict[str, frozenset[str]] = {}
        self._below: dict[str, tuple[str, ...]] = {}
        self._demands: dict[tuple[str, frozenset[str]], Alternatives] = {}

    def cells(self, instance: RuleInstance) -> frozenset[str]:
        """Return the cells to fill on which a rule rests, by id.

        Of a supporting table only those that have a number.
        """
        cells = self._cells.get(instance.key)
        if cells is None:
            cells = frozenset(cell for id in instance.figures for cell in self._cells_of(id))
            self._cells[instance.key] = cells
        return cells

    def demands(self, instance: RuleInstance, free: Collection[str]) -> Alternatives:
        """Return what a rule demands of the cells in *free*; undecided, it demands nothing."""
        own = self.cells(instance).intersection(free)
        key = instance.key, own
        if key not in self._demands:
            decided = all(self._is_decided(leaf, own) for leaf in leaves(instance.holds))
            self._demands[key] = self._truth(instance.holds, own) if decided else HOLDS
        return self._demands[key]

    def _cells_of(self, id: str) -> tuple[str, ...]:
        if id not in self._below:
            self._below[id] = tuple(self._cells_found(id))
        return self._below[id]

    def _cells_found(self, id: str) -> Iterable[str]:
        form, item = self._form, self._form.by_id.get(id)
        if id in form.table_cells:
            return [cell for cell in _summed(form)[id] if self._number(cell) is not None]
        if item is None or item.percent is None:
            return [] if id in META else [id]
        if self._row.reading(id) is None:  # as issued: it follows its parts
            return [cell for part in item.percent.refs for cell in self._cells_of(part)]
        parts = () if item.is_input else item.percent.refs
        return [id, *(cell for part in parts for cell in self._cells_of(part))]

    def _number(self, id: str) -> Exact | None:
        if id not in self._numbers:
            number = self._row.number(id)
            self._numbers[id] = None if number is None else exact(number)
        return self._numbers[id]

    def _is_touched(self, id: str, free: Collection[str]) -> bool:
        return any(cell in free for cell in self._cells_of(id))

    def _is_decided(self, leaf: Ref, free: Collection[str]) -> bool:
        if leaf.source not in NUMBERS or self._is_touched(leaf.id, free):
            return True
        if leaf.source != "nz":
            return self._number(leaf.id) is not None
        reading = self._row.reading(leaf.id)
        if self._number(leaf.id) is not None or reading is None or reading.blank:
            return True
        is_to_come = self._state(leaf.id, "later") or self._state(leaf.id, "elsewhere")
        return self._state(leaf.id, "readable") and not is_to_come

    def _state(self, id: str, source: Source) -> bool:
        return self._row.figures.state(id, source, self._row.position)

    # --- conditions ----------------------------------------------------------------------------

    def _truth(self, node: Node, free: Collection[str], wanted: bool = True) -> Alternatives:
        """Return what makes a condition true, or false."""
        match node:
            case Ref(id, source):
                return self._state_truth(id, source, free, wanted)
            case Apply("not", (operand,)):
                return self._truth(operand, free, not wanted)
            case Apply("and" | "or" as op, (left, right)):
                both = [self._truth(side, free, wanted) for side in (left, right)]
                return _all(*both) if (op == "and") == wanted else both[0] + both[1]
            case Apply("==" | "!=" as op, (left, right)) if is_truth(left):
                same = (op == "==") == wanted
                yes, no = (
                    _all(self._truth(left, free, truth), self._truth(right, free, truth == same))
                    for truth in (True, False)
                )
                return yes + no
            case Apply(op, (left, right)) if op in COMPARISONS:
                return self._comparison(op if wanted else _MIRRORED[op], left, right, free)
        raise AssertionError(node)

    def _state_truth(
        self, id: str, source: Source, free: Collection[str], wanted: bool
    ) -> Alternatives:
        """Return likewise of a state: a cell that is changed is filled, with what fits."""
        if source == "agrees":
            return self._agreement(id, free)
        if self._is_touched(id, free):
            item = self._form.by_id.get(id)
            is_heading = item is not None and not item.is_figure  # right when it is emptied
            holds = source in ("readable", "codes", "blank" if is_heading else "filled")
        else:
            holds = self._state(id, source)
        return HOLDS if holds == wanted else []

    def _agreement(self, id: str, free: Collection[str]) -> Alternatives:
        """Return what makes a percentage, typed over its formula, agree with its parts."""
        item, reading = self._form.by_id[id], self._row.reading(id)
        assert item.percent is not None
        if id in free or reading is None or not self._touches(item.percent.refs, free):
            return HOLDS if id in free or self._state(id, "agrees") else []
        part, whole = (self._sum(node, free) for node in (item.percent.part, item.percent.whole))
        if reading.number is None or part is None or whole is None:
            return HOLDS if reading.number is not None else []
        stated, margin = exact(reading.number), exact(AGREES_WITHIN)
        hundred = _times(part, 100)
        return [
            [
                *_at_most(_less(hundred, _times(whole, stated + margin))),
                *_at_most(_less(_times(whole, stated - margin), hundred)),
                *_at_most(_less({CONSTANT: _TINY}, whole)),
            ]
        ]

    def _touches(self, ids: Iterable[str], free: Collection[str]) -> bool:
        return any(self._is_touched(id, free) for id in ids)

    def _comparison(self, op: str, left: Node, right: Node, free: Collection[str]) -> Alternatives:
        if isinstance(left, Apply) and left.op == "abs" and op in ("<=", "<", ">", ">="):
            (inner,) = left.args
            turned = Apply("-", (Number(0.0), inner))
            sides = [self._comparison(op, side, right, free) for side in (inner, turned)]
            return _all(*sides) if op[0] == "<" else sides[0] + sides[1]
        first, second = self._sum(left, free), self._sum(right, free)
        if first is None or second is None:
            return HOLDS
        more, less = _less(first, second), _less(second, first)
        strictly = {CONSTANT: _TINY}
        match op:
            case "<=":
                return _one(_at_most(more))
            case ">=":
                return _one(_at_most(less))
            case "<":
                return _one(_at_most(_plus(more, strictly)))
            case ">":
                return _one(_at_most(_plus(less, strictly)))
            case "==":
                return _one([*_at_most(more), *_at_most(less)])
        return [*_one(_at_most(_plus(more, strictly))), *_one(_at_most(_plus(less, strictly)))]

    # --- sums ----------------------------------------------------------------------------------

    def _sum(self, node: Node, free: Collection[str]) -> Sum | None:
        """Return a number as a sum over free cells, None where it is none."""
        match node:
            case Number(value):
                return {CONSTANT: exact(value)}
            case Ref(id):
                return self._figure(id, free)
            case Apply(op, args):
                sides = [self._sum(arg, free) for arg in args]
                return None if None in sides else _combined(op, [side for side in sides if side])
        raise AssertionError(node)

    def _figure(self, id: str, free: Collection[str]) -> Sum | None:
        if not self._is_touched(id, free):
            return {CONSTANT: self._number(id) or 0}
        if id in self._form.table_cells:
            cells = self._cells_of(id)
            fixed = sum(self._number(cell) or 0 for cell in cells if cell not in free)
            return {CONSTANT: fixed} | {cell: 1 for cell in cells if cell in free}
        item = self._form.by_id.get(id)
        if item and item.percent and (item.is_computed or id not in free):
            return None  # follows its parts, not in a line
        return {CONSTANT: 0, id: 1}


def exact(number: float) -> Exact:
    """Return a number as it is written: 0.1 is a tenth."""
    return int(number) if number.is_integer() else Fraction(repr(number))


def _combined(op: str, sides: list[Sum]) -> Sum | None:
    """Return what an operator makes of sums, None where that is none."""
    first, second = sides[0], sides[-1]
    if op == "+":
        return _plus(first, second)
    if op == "-":
        return _less(first, second)
    constants = [side[CONSTANT] for side in sides if len(side) == 1]
    if op == "*" and constants:
        return _times(second if len(first) == 1 else first, constants[0])
    if op == "/" and len(second) == 1 and second[CONSTANT]:
        return _times(first, Fraction(1) / second[CONSTANT])
    if len(constants) < len(sides):
        return None
    if op == "abs":
        return {CONSTANT: abs(first[CONSTANT])}
    return {CONSTANT: floor(first[CONSTANT])} if op == "int" else None


def _plus(first: Mapping[str, Exact], second: Mapping[str, Exact]) -> Sum:
    return {cell: first.get(cell, 0) + second.get(cell, 0) for cell in {**first, **second}}


def _times(sum_: Mapping[str, Exact], factor: Exact) -> Sum:
    return {cell: factor * value for cell, value in sum_.items()}


def _less(first: Mapping[str, Exact], second: Mapping[str, Exact]) -> Sum:
    return _plus(first, _times(second, -1))


def _at_most(sum_: Mapping[str, Exact]) -> list[Inequality]:
    """Return that a sum is at most 0."""
    factors = {cell: factor for cell, factor in sum_.items() if cell != CONSTANT}
    return [Inequality(factors, -sum_.get(CONSTANT, 0))]


def _one(inequalities: list[Inequality]) -> Alternatives:
    """Return inequalities as the one way, without those that say nothing of a cell."""
    told = [one for one in inequalities if any(one.factors.values())]
    is_possible = all(one.bound >= 0 for one in inequalities if one not in told)
    return [told] if is_possible else []


def _all(*demands: Alternatives) -> Alternatives:
    """Return the ways in which all *demands* hold."""
    return [[one for part in parts for one in part] for parts in product(*demands)]


def cells_below(form: Form, id: str) -> tuple[str, ...]:
    """Return the cells to fill, or typed over, from which a figure may come."""
    if id in form.table_cells:
        return _summed(form)[id]
    item = form.by_id.get(id)
    if item is None or item.percent is None:
        return () if id in META else (id,)
    return (id, *(cell for part in item.percent.refs for cell in cells_below(form, part)))


@lru_cache(8)
def _summed(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the cells to fill that a cell, or a total, of a supporting table is the sum of."""
    summed: dict[str, tuple[str, ...]] = {}
    for id, (table, column, row) in form.table_cells.items():
        rows = [f"{table.id}.{row}"] if row else list(table.row_ids())
        parts = column.sum or (column.id,)
        summed[id] = tuple(f"{row_id}.{part}" for row_id in rows for part in parts)
    return summed
