"""What units that were merged reported before, as one unit's figures.

What is added stays added, a percentage is recomputed from what it is made of, and of everything
else there is one figure only where all of them say the same. A figure that one of them lacks, the
new unit lacks too.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from xl_automation.checks.past_figures import PastFigures
from xl_automation.forms.aggregate import Reports
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.expression import leaves
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import percent
from xl_automation.forms.python_face import evaluate


def merged_figures(form: Form, numbers: pd.DataFrame, groups: Sequence[str]) -> pd.DataFrame:
    """Return the figures of each new unit.

    Args:
        form: The form.
        numbers: float64, a row per older unit and a column per figure; NaN where there is none.
        groups: The code of the new unit that each of these came into.

    Returns:
        The same columns, a row per new unit, by its code.
    """
    labels = pd.Index(groups)
    added, agreed = _added(numbers, labels), _agreed(numbers, labels)
    ids = [id for id in _added_ids(form) if id in numbers.columns]
    merged = agreed.assign(**{id: added[id] for id in ids})
    for item in form.in_order_of_computation:
        if item.id in merged.columns:
            computed = _recomputed(item, merged)
            merged[item.id] = computed.fillna(merged[item.id]) if item.is_input else computed
    for item in form.figures:
        if item.id in merged.columns and has_known_weights(item):
            merged[item.id] = merged[item.id].fillna(_weighted(item, numbers, labels))
    return merged


def has_known_weights(item: Indicator) -> bool:
    """Return whether a row is combined by weights, and these come from figures alone."""
    if item.weight is None or not aggregate_of(item).is_weighted:
        return False
    return all(leaf.source in ("number", "nz") for leaf in leaves(item.weight))


def _added_ids(form: Form) -> Iterable[str]:
    """Yield the ids of the figures that units together have the sum of."""
    for item in form.figures:
        if aggregate_of(item).is_added:
            yield item.id
    yield from form.helper_ids
    for table in form.tables:
        if not table.is_shared:
            yield from table.total_ids


def _added(numbers: pd.DataFrame, labels: pd.Index) -> pd.DataFrame:
    """Return the sum of each group; NaN where one of it has no number."""
    added = numbers.fillna(0.0).groupby(labels).sum().round(6)
    return added.where(~_lacking(numbers, labels))


def _agreed(numbers: pd.DataFrame, labels: pd.Index) -> pd.DataFrame:
    """Return the number that all of a group have; NaN where they have no such."""
    least, most = numbers.groupby(labels).min(), numbers.groupby(labels).max()
    return least.where((least == most) & ~_lacking(numbers, labels))


def _lacking(numbers: pd.DataFrame, labels: pd.Index) -> pd.DataFrame:
    return numbers.isna().groupby(labels).any()


def _recomputed(item: Indicator, merged: pd.DataFrame) -> pd.Series:
    assert item.percent is not None
    figures = PastFigures(merged)
    part, whole = (evaluate(node, figures) for node in (item.percent.part, item.percent.whole))
    return pd.Series(percent(part, whole), index=merged.index)


def _weighted(item: Indicator, numbers: pd.DataFrame, labels: pd.Index) -> pd.Series:
    """Return the weighted mean of each group; NaN where one has no number or no weight."""
    figures = PastFigures(numbers)
    weights = Reports(figures, ("",) * len(numbers), None).weights(item)
    parts = pd.DataFrame({"part": weights * figures.take(item.id, "number"), "whole": weights})
    parts.index = numbers.index
    sums = parts.fillna(0.0).groupby(labels).sum().where(~_lacking(parts, labels))
    means = percent(sums["part"].to_numpy() / 100, sums["whole"].to_numpy())
    return pd.Series(np.asarray(means), index=sums.index)
