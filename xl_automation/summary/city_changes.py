"""What changed in the city's totals since an earlier period, as data."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.past_totals import PastTotals, is_comparable, is_compared
from xl_automation.forms.aggregate import Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.indicator import Indicator

_DECIMALS = 6  # totals are rounded to so many


class Change(NamedTuple):
    """A total now, and then.

    Attributes:
        item: The row.
        now: Its total.
        then: What it was.
        past: The period of then.
    """

    item: Indicator
    now: Total
    then: Total
    past: PastTotals

    @property
    def difference(self) -> float:
        """By how much it is more now; of a rate in percentage points."""
        return round((self.now.value or 0) - (self.then.value or 0), _DECIMALS)


@dataclass(frozen=True)
class CityChanges:
    """The totals of the communes beside those of the last earlier period that compares."""

    result: Consolidation

    @cached_property
    def all(self) -> tuple[Change, ...]:
        """Every total that has one to compare with, in printed order."""
        return tuple(change for item in self._rows for change in self._change(item))

    @cached_property
    def rates(self) -> tuple[Change, ...]:
        """The rates that changed, the greatest change first."""
        changed = (change for change in self.all if change.item.kind == "percent")
        moved = (change for change in changed if change.difference)
        return tuple(sorted(moved, key=lambda change: -abs(change.difference)))

    @cached_property
    def numbers(self) -> tuple[Change, ...]:
        """The other totals that changed, in printed order."""
        others = (change for change in self.all if change.item.kind != "percent")
        return tuple(change for change in others if change.difference)

    @property
    def unchanged(self) -> int:
        """How many totals are what they were."""
        return len(self.all) - len(self.rates) - len(self.numbers)

    @property
    def without_equal(self) -> int:
        """How many totals have a past, but only in periods of which theirs says something else."""
        known = {id for past in self.result.past for id in past.totals}
        return sum(item.id in known for item in self._rows) - len(self.all)

    @cached_property
    def rates_now(self) -> tuple[tuple[Indicator, Total], ...]:
        """The rates that are recomputed from their parts, as they are now, the lowest first."""
        rates = [(item, self.result.totals[item.id]) for item in self._rows]
        shown = (pair for pair in rates if aggregate_of(pair[0]).is_rate)
        return tuple(sorted(shown, key=lambda pair: pair[1].value or 0))

    @cached_property
    def _rows(self) -> tuple[Indicator, ...]:
        totals, reports = self.result.totals, self.result.reports
        rows = (item for item in self.result.form.figures if is_compared(item, reports))
        return tuple(item for item in rows if totals[item.id].value is not None)

    def _change(self, item: Indicator) -> Iterator[Change]:
        now = self.result.period
        for past in self.result.past:
            then = past.totals.get(item.id)
            if then and now and is_comparable(item, now, past.period):
                yield Change(item, self.result.totals[item.id], then, past)
                return
