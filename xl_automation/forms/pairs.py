"""Rows that belong together in a ratio: figures printed together are of the same units."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.ratios import part_and_whole


@lru_cache(8)
def pairs(form: Form) -> Mapping[str, tuple[str, ...]]:
    """Return the rows that a unit must all have to count in any of them.

    Ratios that share a part make one group of all their parts.

    Returns:
        The ids of the group by the id of each row in it, and by the id of each ratio over it.
    """
    groups: dict[str, tuple[str, ...]] = {}
    ratios = [item for item in form.figures if aggregate_of(item).pairs_parts]
    for item in ratios:
        ids = part_and_whole(item)
        group = dict.fromkeys(other for id in ids for other in groups.get(id, (id,)))
        groups |= dict.fromkeys(group, tuple(group))
    return groups | {item.id: groups[part_and_whole(item)[0]] for item in ratios}
