"""What a rule that cannot be decided was asked all the same: not passed, but not looked at.

A blank that is as it should be leaves nothing undecided: a heading, a row of another level, an
optional helper or table that nobody filled, a rule none of whose figures is there. Neither does a
code that says that there is no figure, unless the figure is still to come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import reduce

from xl_automation.forms.expression import Apply, Node, Ref, leaves
from xl_automation.forms.form import Form
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.vocabulary import Source, UnitLevel

_NUMBERS: tuple[Source, ...] = ("number", "codes", "nz")


def asked(form: Form, instance: RuleInstance, level: UnitLevel) -> Node:
    """Return the condition under which a rule asks something of a workbook of *level*.

    Where it holds and the rule is not decided, the rule could not be looked at (không xét được).
    """
    needed = {leaf.id for leaf in leaves(instance.holds) if leaf.source in ("number", "codes")}
    optional = (id for id in instance.figures if id in needed and _is_optional(form, id, level))
    counted = {leaf.id for leaf in leaves(instance.holds) if leaf.source in _NUMBERS}
    inputs = (other for id in instance.figures if id in counted for other in _inputs(form, id))
    return reduce(
        lambda left, right: Apply("and", (left, right)),
        [
            _any(instance.refs),
            *(Ref(id, "filled") for id in optional),
            *map(_not_settled, dict.fromkeys(inputs if form.absences else ())),
            *(_any(totals) for totals in _tables_beside(form, instance)),
        ],
    )


def _tables_beside(form: Form, instance: RuleInstance) -> Iterator[tuple[str, ...]]:
    """Yield what shows that a table, with which a rule compares other figures, was filled.

    The ids of its totals; of a table without totals that of each cell that the rule looks at.
    """
    cells = {id: form.table_cells[id] for id in instance.figures if id in form.table_cells}
    yield from ((id,) for id, (table, _, _) in cells.items() if not table.has_totals)
    if len(cells) == len(instance.figures):
        return
    for table in {table.id: table for table, _, _ in cells.values() if table.has_totals}.values():
        yield table.total_ids


def _any(ids: Iterable[str]) -> Node:
    """Return the condition that something stands in one of the cells at least."""
    states: list[Node] = [Ref(id, "filled") for id in ids]
    return reduce(lambda left, right: Apply("or", (left, right)), states)


def _inputs(form: Form, id: str) -> Iterator[str]:
    """Yield the rows that a clerk fills and from which the number of a figure comes."""
    item = form.by_id.get(id)
    if item is None:  # helpers, tables and dates take no codes
        return
    if item.is_input:
        yield id
    elif item.percent is not None:
        for part in item.percent.refs:
            yield from _inputs(form, part)


def _not_settled(id: str) -> Node:
    """Return the condition that no code says of a figure that there is none."""
    return Apply("or", (Apply("not", (Ref(id, "absent"),)), Ref(id, "later")))


def _is_optional(form: Form, id: str, level: UnitLevel) -> bool:
    """Return whether a workbook of *level* may well have no figure there."""
    if id in form.helper_ids:
        return True
    item = form.by_id.get(id)
    return item is not None and not (item.is_figure and item.concerns(level))
