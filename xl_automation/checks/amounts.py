"""The counts and amounts of one workbook, from which a percentage may have been taken."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from xl_automation.forms.compared import comparisons
from xl_automation.forms.expression import Ref, refs, spell_alone
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.python_face import decided, evaluate
from xl_automation.forms.quantity import Quantity
from xl_automation.forms.words import with_label
from xl_automation.reading.figures import FigureRow


@dataclass(frozen=True, slots=True)
class Amount:
    """A number that is not 0, and what it is.

    Attributes:
        form: The form that it is of.
        ids: The figures that it is, or is the sum of.
        unit: What it counts.
        value: The number.
        quantity: The quantity that it is, where no figure is it.
    """

    form: Form
    ids: tuple[str, ...]
    unit: str
    value: float
    quantity: Quantity | None = None

    @property
    def name(self) -> str:
        """What people call it, with where it stands."""
        if self.quantity is None:
            return with_label(self.form, self.ids[0])
        parts = spell_alone(self.quantity.of, lambda id: with_label(self.form, id))
        return f"{self.quantity.name} ({parts})"


def amounts(row: FigureRow, item: Indicator) -> Iterator[Amount]:
    """Yield the counts and amounts of a workbook, those printed nearest to *item* first.

    After the rows come the totals of the supporting tables and the quantities of the form.
    """
    form = row.form
    for id, unit in _units_nearest_first(form, item.id):
        if value := row.number(id):
            yield Amount(form, (id,), unit, value)
    for quantity in form.quantities:
        # Without any of its figures, not looked at: that takes time where there are many reports.
        ids = refs(quantity.of)
        if any(map(row.number, ids)) and decided(quantity.of, row.figures)[row.position]:
            value = float(evaluate(quantity.of, row.figures)[row.position])
            if value:
                yield Amount(form, ids, quantity.unit, value, quantity)


@lru_cache(256)
def _units_nearest_first(form: Form, id: str) -> tuple[tuple[str, str], ...]:
    """Return what each count, amount and total counts, in the order of :func:`amounts`."""
    place = form.printed_order[id]
    rows = sorted(form.indicators, key=lambda other: abs(form.printed_order[other.id] - place))
    counted = ((other.id, other.unit) for other in rows if other.kind in ("count", "amount"))
    return (*counted, *_units_of_totals(form).items())


def _units_of_totals(form: Form) -> Mapping[str, str]:
    """Return what each total of a supporting table counts.

    A table counts what the rows count to which the form's rules say that its totals are equal.
    """
    units = {table.id: table.unit for table in form.tables}
    for instance in form.instances(None):
        for comparison in comparisons(instance.holds):
            match comparison and (comparison.op, comparison.left, comparison.right):
                case ("==", Ref(id), Ref(total)) if id in form.by_id and total in form.table_cells:
                    units[form.table_cells[total][0].id] = form.by_id[id].unit
                case ("==", Ref(total), Ref(id)) if id in form.by_id and total in form.table_cells:
                    units[form.table_cells[total][0].id] = form.by_id[id].unit
    return {id: units[form.table_cells[id][0].id] for id in form.table_totals}
