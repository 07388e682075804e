"""Figures set beside those of an earlier period."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import percent


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside the same figure of an earlier period; None where there is none."""

    item: Indicator
    before: float | None
    now: float | None

    @property
    def difference(self) -> float | None:
        """How much more it is now; of percentages in points, of codes nothing."""
        if self.before is None or self.now is None or self.item.kind == "code":
            return None
        return round(self.now - self.before, 6)  # 0.3 - 0.1 is not 0.2 to a float

    @property
    def rate(self) -> float | None:
        """The difference as a percentage of the earlier figure; none of percentages."""
        if self.difference is None or self.item.kind == "percent":
            return None
        rate = float(percent(self.difference, abs(self.before or 0)))
        return None if math.isnan(rate) else rate


def changes(form: Form, now: pd.Series, before: pd.Series) -> list[Change]:
    """Return each figure with that of the earlier period, where one of both is there.

    Args:
        form: The form.
        now: A unit's figures by id, NaN where there is none.
        before: Its earlier figures, likewise.
    """

    def number(figures: pd.Series, id: str) -> float | None:
        value = float(figures.get(id, math.nan))
        return None if math.isnan(value) else value

    pairs = (Change(item, number(before, item.id), number(now, item.id)) for item in form.figures)
    return [change for change in pairs if change.before is not None or change.now is not None]
