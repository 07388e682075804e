"""The figures of a report in Word: those of a city from its summary, or of one unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from xl_automation.consolidation.appendix import takes_total
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.past_totals import is_comparable
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_label
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain, show
from xl_automation.reading.figures import FigureRow
from xl_automation.summary.city_changes import Change, CityChanges
from xl_automation.summary.places import SummaryPlaces
from xl_automation.wording import uncapitalized
from xl_automation.xlsx.address import Address

Value = float | int | str | None


@dataclass(frozen=True)
class CityFigures:
    """The figures (B) of a city: those of its appendix, with the units behind the totals.

    Where its appendix has none, the text gives what the units make together (A), and says so.
    """

    result: Consolidation

    @property
    def form(self) -> Form:
        """The form."""
        return self.result.form

    def value(self, id: str) -> Value:
        """Return a figure of the city's appendix."""
        return self.result.appendix.get(id)

    def told(self, id: str) -> Value:
        """Return the figure that the text gives."""
        return self.result.totals[id].value if self.common(id) else self.value(id)

    def common(self, id: str) -> str:
        """Return how the units make a figure together that the appendix does not have."""
        total = self.result.totals[id]
        if self.value(id) is not None or total.value is None:
            return ""
        return f"tính chung các đơn vị: {uncapitalized(total.note)}"

    def past(self, item: Indicator) -> tuple[str, float] | None:
        """Return the total of the last earlier period that compares."""
        change = self._changes.get(item.id)
        if change is None or change.then.value is None or not self._is_total(item):
            return None
        return change.past.period.label, float(change.then.value)

    def behind(self, item: Indicator) -> str:
        """Return who reports most, or stands lowest, and of how many units the figure is."""
        aggregate = aggregate_of(item)
        if not self._is_total(item) or not (aggregate.is_added or aggregate.is_rate):
            return ""
        numbers = self.result.figures.take(item.id, "number")[: len(self.result.communes)]
        known = np.flatnonzero(~np.isnan(numbers))
        if len(known) < 2:
            return ""
        said = []
        lowest, most = known[np.argmin(numbers[known])], known[np.argmax(numbers[known])]
        if aggregate.is_rate and numbers[lowest] < numbers[most]:
            said.append(f"thấp nhất {self._unit(lowest)} ({show(plain(float(numbers[lowest])))}%)")
        elif not aggregate.is_rate and numbers[most]:
            said.append(f"nhiều nhất {self._unit(most)} ({show(plain(float(numbers[most])))})")
        filled, expected = self.result.totals[item.id].filled, self.result.expected
        if filled < expected:
            said.append(f"của {filled}/{expected} đơn vị có số")
        return "; ".join(said)

    def choices(self, item: Indicator) -> str:
        """Return how many units chose each code; of the city itself what it chose."""
        own = self.result.appendix.get(item.id)
        if isinstance(own, (int, float)):
            return code_label(item, str(plain(float(own))))
        counts = self.result.code_counts.get(item.id, {})
        chosen = ((code_label(item, code), count) for code, count in counts.items() if count)
        return ", ".join(f"{words} {count} đơn vị" for words, count in chosen)

    def place(self, id: str) -> Address:
        """Return the cell of a figure in the summary, or of what is said in its place."""
        if self.common(id):
            return self._places.totals_cell("total", id)
        is_counted = self.value(id) is None and id in self.result.code_counts
        return self._places.totals_cell("note" if is_counted else "appendix", id)

    def _unit(self, number: int) -> str:
        return self.result.communes[number].unit_name or ""

    def _is_total(self, item: Indicator) -> bool:
        return takes_total(item) or bool(self.common(item.id))

    @cached_property
    def _places(self) -> SummaryPlaces:
        return SummaryPlaces(self.form, len(self.result.units))

    @cached_property
    def _changes(self) -> Mapping[str, Change]:
        return {change.item.id: change for change in CityChanges(self.result).all}


@dataclass(frozen=True)
class UnitFigures:
    """The figures of one workbook, beside the earlier ones that it was issued with."""

    row: FigureRow

    @property
    def form(self) -> Form:
        """The form."""
        return self.row.form

    def value(self, id: str) -> Value:
        """Return a figure, or the code or text that stands in its place."""
        return self._values.get(id)

    def told(self, id: str) -> Value:
        """Return the same: a unit has no other."""
        return self.value(id)

    def common(self, id: str) -> str:
        """Return nothing: there are no units that make one."""
        return ""

    def past(self, item: Indicator) -> tuple[str, float] | None:
        """Return the figure that the workbook was issued with, where it compares."""
        now, earlier = self.row.submission.period, self.row.submission.previous
        if earlier is None or now is None or item.id not in earlier[1]:
            return None
        then, numbers = earlier
        return (then.label, numbers[item.id]) if is_comparable(item, now, then) else None

    def behind(self, item: Indicator) -> str:
        """Return nothing: there are no units behind one."""
        return ""

    def choices(self, item: Indicator) -> str:
        """Return what the unit chose."""
        own = self._values.get(item.id)
        return code_label(item, str(own)) if isinstance(own, (int, float)) else ""

    def place(self, id: str) -> Address:
        """Return the cell of a figure in the workbook."""
        return self.row.place(id)

    @cached_property
    def _values(self) -> Mapping[str, Value]:
        return self.row.values()
