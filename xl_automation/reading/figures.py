"""The figures of many submissions in frames: a row per submission, a column per figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import pandas as pd

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import BLANK, Reading, plain
from xl_automation.forms.percentage import AGREES_BELOW, Floats, percent
from xl_automation.forms.python_face import Values, evaluate
from xl_automation.forms.rule import META
from xl_automation.forms.vocabulary import Source
from xl_automation.reading.submission import Submission
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import EXCEL_EPOCH


@dataclass(frozen=True)
class Figures:
    """The figures of many submissions, one row each, in the order given (``ValueSource``).

    All frames have the submissions as rows, numbered from 0. Percentages are recomputed here and
    nowhere else; ``stated`` keeps what their cells said.

    Attributes:
        form: The form of all of them.
        submissions: Whose figures these are.
        numbers: float64; NaN where there is no number, be the cell blank or unreadable. Columns:
            ids of rows, helpers and supporting cells, and the dates of ``META`` as Excel serials.
        filled: bool: whether anything stands in the cell. The columns of ``numbers`` but the dates.
        zero_led: bool: whether the number was typed as text with a needless 0 in front (``03``).
            Columns: ids of rows, helpers and supporting inputs.
        stated: As ``numbers``, percentages as their cells state them.
        stated_filled: As ``filled``, likewise.
        previous: As ``numbers``: the figures of an earlier period, for rules of that scope.
    """

    form: Form
    submissions: tuple[Submission, ...]
    numbers: pd.DataFrame
    filled: pd.DataFrame
    zero_led: pd.DataFrame
    stated: pd.DataFrame
    stated_filled: pd.DataFrame
    previous: pd.DataFrame | None = None

    def take(self, id: str, source: Source) -> Values:
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
            case "codes":
                return np.isin(numbers, tuple(self.form.by_id[id].codes))

    def _agrees(self, item: Indicator) -> Values:
        """Whether each stated percentage is what its parts give, blank for blank."""
        computed = self.recomputed(item.id)
        alike = np.abs(self.stated[item.id].to_numpy() - computed) < AGREES_BELOW
        if item.is_input:  # without parts, what was entered stands
            return alike | np.isnan(computed)
        return alike | (~self.stated_filled[item.id].to_numpy() & np.isnan(computed))

    def recomputed(self, id: str) -> Floats:
        """Return a percentage computed from its parts, whatever its cell says.

        Returns:
            One percentage per submission, NaN where the parts give none.
        """
        formula = self.form.by_id[id].percent
        assert formula is not None
        part, whole = (evaluate(node, self) for node in (formula.part, formula.whole))
        return percent(part, whole)

    def row(self, position: int) -> FigureRow:
        """Return the figures of one submission."""
        return FigureRow(self, position)

    def rows(self) -> Iterator[FigureRow]:
        """Yield the figures of each submission."""
        return map(self.row, range(len(self.submissions)))

    def subset(self, positions: Sequence[int]) -> Figures:
        """Return the figures of some of the submissions, numbered anew."""

        def some(frame: pd.DataFrame) -> pd.DataFrame:
            return frame.iloc[list(positions)].reset_index(drop=True)

        return replace(
            self,
            submissions=tuple(self.submissions[position] for position in positions),
            numbers=some(self.numbers),
            filled=some(self.filled),
            zero_led=some(self.zero_led),
            stated=some(self.stated),
            stated_filled=some(self.stated_filled),
            previous=None if self.previous is None else some(self.previous),
        )


@dataclass(frozen=True, slots=True)
class FigureRow:
    """The figures of one submission: one row of ``figures``."""

    figures: Figures
    position: int

    @property
    def form(self) -> Form:
        """The form."""
        return self.figures.form

    @property
    def submission(self) -> Submission:
        """Whose figures these are."""
        return self.figures.submissions[self.position]

    def number(self, id: str) -> float | None:
        """Return a figure, None where there is no number."""
        return _known(self.figures.numbers.at[self.position, id])

    def previous(self, id: str) -> float | None:
        """Return the figure of the earlier period, None where there is none."""
        frame = self.figures.previous
        return None if frame is None else _known(frame.at[self.position, id])

    def recomputed(self, id: str) -> float | None:
        """Return what a percentage's parts give, None where they give nothing."""
        return _known(self.figures.recomputed(id)[self.position])

    def reading(self, id: str) -> Reading | None:
        """Return what stands in a cell; None where it holds the formula that was issued."""
        return self.submission.readings.get(id)

    def values(self) -> dict[str, float | int | str | None]:
        """Return every figure by id: a number, the text where unreadable, None where blank."""
        return {item.id: self._value(item) for item in self.form.figures}

    def _value(self, item: Indicator) -> float | int | str | None:
        number, reading = self.number(item.id), self.reading(item.id)
        if number is not None:
            return plain(number)
        return reading.text if reading and item.is_input else None

    def place(self, id: str) -> Address:
        """Return where a figure, or a date of the information sheet, stands in the workbook."""
        return Layout(self.form).place(id)


def _known(value: object) -> float | None:
    number = float(cast(float, value))
    return None if math.isnan(number) else number


def tabulate(form: Form, submissions: Sequence[Submission]) -> Figures:
    """Return the figures of *submissions*, every percentage recomputed from its parts."""
    ids = [item.id for item in form.indicators] + [*form.helper_ids, *form.table_inputs]
    readings = [[submission.readings.get(id, BLANK) for id in ids] for submission in submissions]
    index = pd.RangeIndex(len(submissions))

    def frame(rows: list[list[object]], dtype: str) -> pd.DataFrame:
        return pd.DataFrame(rows, index=index, columns=ids, dtype=dtype)

    stated = frame([[reading.number for reading in row] for row in readings], "float64")
    filled = frame([[not reading.blank for reading in row] for row in readings], "bool")
    sums = _table_sums(form, stated)
    figures = Figures(
        form=form,
        submissions=tuple(submissions),
        numbers=pd.concat([stated, sums, _dates(submissions, index)], axis=1),
        filled=pd.concat([filled, sums.notna()], axis=1),
        zero_led=frame([[reading.leading_zero for reading in row] for row in readings], "bool"),
        stated=stated,
        stated_filled=filled,
    )
    for item in form.in_order_of_computation:
        computed = figures.recomputed(item.id)
        # A locked percentage is always recomputed, an entered one only where its cell was left
        # to the formula that the helpers feed.
        typed = np.array([item.id in submission.readings for submission in submissions], dtype=bool)
        counts = typed if item.is_input else np.zeros_like(typed)
        figures.numbers[item.id] = np.where(counts, stated[item.id], computed)
        figures.filled[item.id] = np.where(counts, filled[item.id], ~np.isnan(computed))
        figures.stated[item.id] = np.where(typed, stated[item.id], computed)
        figures.stated_filled[item.id] = np.where(typed, filled[item.id], ~np.isnan(computed))
        if item.is_computed:
            figures.zero_led[item.id] = False
    return figures


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
    for submission in submissions:
        first, last = submission.period.window if submission.period else (None, None)
        official = {"@period_from": first, "@period_to": last, "@from": first, "@to": last}
        days = official | dict(submission.dates)
        rows.append({id: (day - EXCEL_EPOCH).days if day else np.nan for id, day in days.items()})
    return pd.DataFrame(rows, index=index, columns=list(META), dtype="float64")
