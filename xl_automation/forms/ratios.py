"""A ratio over several communes: recomputed from the sums of its parts, never averaged.

The parts are added over the communes that have both, and all that is paired with them.
"""

from __future__ import annotations

import math

from xl_automation.forms.aggregate import Reports, SummaryCells, Total, complete_units
from xl_automation.forms.expression import Ref
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain
from xl_automation.forms.percentage import PLACES, Floats, percent


def exact_sum(numbers: Floats) -> float:
    """Return the exact sum, NaN where no float can hold it."""
    try:
        return math.fsum(numbers.tolist())
    except (OverflowError, ValueError):
        return math.nan


def percentage(part: float, whole: float) -> float | int | None:
    """Return *part* as a percentage of *whole*, None where there is none."""
    value = float(percent(part, whole))
    return plain(value) if math.isfinite(value) else None


def part_and_whole(item: Indicator) -> tuple[str, str]:
    """Return the ids of the two rows that a ratio is computed from."""
    assert item.percent is not None
    part, whole = item.percent.part, item.percent.whole
    assert isinstance(part, Ref)
    assert isinstance(whole, Ref)
    return part.id, whole.id


def ratio(reports: Reports, item: Indicator) -> Total:
    """Return the ratio of the sums of the parts, over the communes that have both."""
    ids = part_and_whole(item)
    complete = reports.complete(reports.pair(item.id) or ids)
    part, whole = (exact_sum(reports.numbers(id)[complete]) for id in ids)
    return Total(percentage(part, whole), int(complete.sum()))


def bare_ratio(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of :func:`ratio`, without ``=``."""
    part, whole = map(cells.units, part_and_whole(item))
    complete = _complete(cells, item)
    under = f"SUMPRODUCT({complete},{whole})"
    return f'IF({under}=0,"",ROUND(100*SUMPRODUCT({complete},{part})/{under},{PLACES}))'


def ratio_formula(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of :func:`ratio`."""
    return f"={bare_ratio(cells, item)}"


def ratio_filled(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of how many communes the ratio comes from."""
    return f"=SUMPRODUCT({_complete(cells, item)})"


def _complete(cells: SummaryCells, item: Indicator) -> str:
    return complete_units(cells, cells.pair(item.id) or part_and_whole(item))


def ratio_lacks(form: Form, item: Indicator) -> str:
    """Return what a row lacks to be combined as a ratio; empty where it lacks nothing."""
    if item.percent is None or item.is_input:
        return f"{item.aggregate} needs percent parts"
    parts = (item.percent.part, item.percent.whole)
    if not all(isinstance(part, Ref) for part in parts):
        return f"{item.aggregate} needs one [id] as part and one as whole"
    rows = [form.by_id.get(id) for id in part_and_whole(item)]
    if not all(row is None or row.is_figure for row in rows):
        return f"{item.aggregate} needs parts that have a figure"
    return ""
