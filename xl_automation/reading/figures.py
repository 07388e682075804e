"""The figures of many submissions in frames: a row per submission, a column per figure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import BLANK
from xl_automation.forms.percentage import AGREES_BELOW, Floats, percent
from xl_automation.forms.python_face import Values, evaluate
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.sheet_editor import EXCEL_EPOCH


@dataclass(frozen=True)
class Figures:
    """The figures of many submissions, one row each, in the order given (``expression.Figures``).

    ``numbers`` is float with NaN where there is no number; columns are figure and helper ids and
    the dates of ``form.META``. Percentages are recomputed here and nowhere else; ``stated`` keeps
    what their cells said.
    """

    form: Form
    numbers: pd.DataFrame
    filled: pd.DataFrame
    zero_led: pd.DataFrame
    stated: pd.DataFrame
    stated_filled: pd.DataFrame
    previous: pd.DataFrame | None = None

    def take(self, id: str, source: str) -> Values:
        """Return the figure's numbers or the truths of its state, one per submission."""
        numbers: Values = self.numbers[id].to_numpy()
        filled: Values = self.filled[id].to_numpy() if id in self.filled else ~np.isnan(numbers)
        match source:
            case "number":
                return numbers
            case "nz":
                return np.nan_to_num(numbers, nan=0.0)
            case "previous":
                assert self.previous is not None, "rule of scope period without a previous period"
                return self.previous[id].to_numpy()
            case "filled":
                return filled
            case "blank":
                return ~filled
            case "readable":
                return ~filled | ~np.isnan(numbers)
            case "leading_zero":
                return self.zero_led[id].to_numpy()
            case "agrees":
                return self._agrees(self.form.by_id[id])
        raise AssertionError(source)

    def _agrees(self, item: Indicator) -> Values:
        """Whether each stated percentage is what its parts give, blank for blank."""
        computed = self.recomputed(item.id)
        alike = np.abs(self.stated[item.id].to_numpy() - computed) < AGREES_BELOW
        if item.is_input:  # without parts, what was entered stands
            return alike | np.isnan(computed)
        return alike | (~self.stated_filled[item.id].to_numpy() & np.isnan(computed))

    def recomputed(self, id: str) -> Floats:
        """Return a percentage computed from its parts, whatever its cell says."""
        formula = self.form.by_id[id].percent
        assert formula is not None
        part, whole = (evaluate(node, self) for node in (formula.part, formula.whole))
        return percent(part, whole)

    def rows(self, places: Sequence[int]) -> Figures:
        """Return the figures of some of the submissions, numbered anew."""

        def some(frame: pd.DataFrame) -> pd.DataFrame:
            return frame.iloc[list(places)].reset_index(drop=True)

        return replace(
            self,
            numbers=some(self.numbers),
            filled=some(self.filled),
            zero_led=some(self.zero_led),
            stated=some(self.stated),
            stated_filled=some(self.stated_filled),
        )

    def number(self, at: int, id: str) -> float | None:
        """Return one figure of one submission, None where there is no number."""
        value = float(cast(float, self.numbers.at[at, id]))
        return None if math.isnan(value) else value

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for the figure."""
        return tuple(self.form.by_id[id].codes)


def tabulate(form: Form, submissions: Sequence[Submission]) -> Figures:
    """Return the tabulate of *submissions*, every percentage recomputed from its parts."""
    ids = [item.id for item in form.indicators] + [*form.helper_ids, *form.table_inputs]
    readings = [[s.readings.get(id, BLANK) for id in ids] for s in submissions]
    index = pd.RangeIndex(len(submissions))

    def frame(rows: list[list[object]], dtype: str) -> pd.DataFrame:
        return pd.DataFrame(rows, index=index, columns=ids, dtype=dtype)

    stated = frame([[r.number for r in row] for row in readings], "float64")
    filled = frame([[not r.blank for r in row] for row in readings], "bool")
    sums = _table_sums(form, stated)
    result = Figures(
        form=form,
        numbers=pd.concat([stated, sums, _dates(submissions, index)], axis=1),
        filled=pd.concat([filled, sums.notna()], axis=1),
        zero_led=frame([[r.leading_zero for r in row] for row in readings], "bool"),
        stated=stated,
        stated_filled=filled,
    )
    for item in form.in_order_of_computation:
        computed = result.recomputed(item.id)
        # A locked percentage is always recomputed, an entered one only where its cell was left
        # to the formula that the helpers feed.
        typed = np.array([item.id in s.readings for s in submissions], dtype=bool)
        mine = typed if item.is_input else np.zeros_like(typed)
        result.numbers[item.id] = np.where(mine, stated[item.id], computed)
        result.filled[item.id] = np.where(mine, filled[item.id], ~np.isnan(computed))
        result.stated[item.id] = np.where(typed, stated[item.id], computed)
        result.stated_filled[item.id] = np.where(typed, filled[item.id], ~np.isnan(computed))
        if item.is_computed:
            result.zero_led[item.id] = False
    return result


def _table_sums(form: Form, stated: pd.DataFrame) -> pd.DataFrame:
    """Return the computed columns and the totals of the supporting tables, NaN where empty."""
    sums = {}
    for table in form.tables:
        for column in table.columns:
            parts = column.sum or (column.id,)
            by_row = [[f"{row}.{part}" for part in parts] for row in table.row_ids()]
            if column.sum:
                for row, ids in zip(table.row_ids(), by_row, strict=True):
                    sums[f"{row}.{column.id}"] = stated[ids].sum(axis=1, min_count=1)
            every = [id for ids in by_row for id in ids]
            sums[f"{table.id}.{column.id}"] = stated[every].sum(axis=1, min_count=1)
    return pd.DataFrame(sums, index=stated.index, dtype="float64")


def _dates(submissions: Sequence[Submission], index: pd.Index) -> pd.DataFrame:
    """Return the dates of each submission as Excel serials, NaN where there is none."""
    rows = []
    for s in submissions:
        official = s.period.window if s.period else (None, None)
        found = {
            "@period_from": official[0],
            "@period_to": official[1],
            "@from": official[0],
            "@to": official[1],
            **s.dates,
        }
        rows.append(
            {key: (day - EXCEL_EPOCH).days if day else np.nan for key, day in found.items()}
        )
    columns = ["@from", "@to", "@period_from", "@period_to", "@report_date"]
    return pd.DataFrame(rows, index=index, columns=columns, dtype="float64")
