"""The city's own appendix (B): the communes' part from the totals, the rest from its own books.

Adding both would count twice. Percentages with parts are computed from the parts printed beside
them, so that what is printed together agrees.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from xl_automation.forms.aggregate import Reports, Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain
from xl_automation.forms.percentage import percent
from xl_automation.forms.python_face import Values, evaluate
from xl_automation.forms.vocabulary import Source

# What the city prints in a row: a figure, its own code for none, or nothing.
AppendixFigure = float | int | str | None


def takes_total(item: Indicator) -> bool:
    """Return whether the city's appendix takes a row from the communes' total."""
    return item.level == "commune" or aggregate_of(item).appendix_takes_it


def appendix_figures(
    form: Form, reports: Reports, totals: Mapping[str, Total]
) -> Mapping[str, AppendixFigure]:
    """Return the figures of the city's own appendix by id, None where there is none."""
    figures: dict[str, AppendixFigure] = {}
    for item in form.figures:
        own = reports.city_number(item.id)
        if takes_total(item):
            figures[item.id] = totals[item.id].value
        else:
            codes = reports.absent((item.id,), of_city=True)
            figures[item.id] = next(iter(codes), None) if own is None else plain(own)
    for item in form.in_order_of_computation:
        if item.percent is not None and item.is_computed:
            printed = _Printed(figures)
            part, whole = (
                evaluate(item.percent.part, printed),
                evaluate(item.percent.whole, printed),
            )
            value = float(percent(part, whole)[0])
            figures[item.id] = None if math.isnan(value) else plain(value)
    return figures


@dataclass(frozen=True, slots=True)
class _Printed:
    """The figures of the appendix, one value each (``ValueSource``)."""

    figures: Mapping[str, AppendixFigure]

    def take(self, id: str, source: Source) -> Values:
        number = self.figures[id]
        if number is None or isinstance(number, str):
            number = 0.0 if source == "nz" else math.nan
        return np.array([number], dtype=float)
