"""The figures of many submissions in frames: a row per submission, a column per figure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import Reading, plain
from xl_automation.forms.percentage import AGREES_BELOW, Floats, percent
from xl_automation.forms.python_face import Values, evaluate
from xl_automation.forms.rule import META
from xl_automation.forms.vocabulary import Source
from xl_automation.reading.cell_arrays import cell_arrays, meta_numbers, table_sums
from xl_automation.reading.submission import Submission
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address


@dataclass(frozen=True)
class Figures:
    """The figures of many submissions, one row each, in the order given (``ValueSource``).

    All frames have the submissions as rows, numbered from 0. Percentages are recomputed here and
    nowhere else; ``stated`` keeps what their cells said.

    Attributes:
        form: The form of all of them.
        submissions: Whose figures these are.
        numbers: float64; NaN where there is no number, be the cell blank or unreadable. Columns:
            ids of rows, helpers and supporting cells, and ``META``, dates as Excel serials.
        filled: bool: whether anything stands in the cell. The columns of ``numbers`` but ``META``.
        zero_led: bool: whether the number was typed as text with a needless 0 in front (``03``).
            Columns: ids of rows, helpers and supporting inputs.
        absent: int8: the code that says why there is no number, by its place among the codes of the
            form from 1; 0 for none. Columns: those of ``zero_led``.
        stated: As ``numbers``, percentages as their cells state them. Columns: the ids of rows with
            a percentage formula.
        stated_filled: As ``filled``, likewise.
        previous: As ``numbers``: the figures of an earlier period, for rules of that scope.
    """

    form: Form
    submissions: tuple[Submission, ...]
    numbers: pd.DataFrame
    filled: pd.DataFrame
    zero_led: pd.DataFrame
    absent: pd.DataFrame
    stated: pd.DataFrame
    stated_filled: pd.DataFrame
    previous: pd.DataFrame | None = None

    # A column of a frame costs pandas more than most rules cost numpy: each is taken out once.

    @cached_property
    def _numbers(self) -> Mapping[str, Floats]:
        return _columns(self.numbers)

    @cached_property
    def _filled(self) -> Mapping[str, Values]:
        return _columns(self.filled)

    @cached_property
    def _absent(self) -> Mapping[str, Values]:
        return _columns(self.absent)

    @cached_property
    def _previous(self) -> Mapping[str, Floats]:
        assert self.previous is not None, "rule of scope period without a previous period"
        return _columns(self.previous)

    @cached_property
    def _states(self) -> dict[tuple[str, Source], Values]:
        return {}

    def take(self, id: str, source: Source) -> Values:
        """Return the figure's numbers or the truths of its state, one per submission."""
        numbers = self._numbers[id]
        match source:
            case "number":
                return numbers
            case "nz":
                return np.nan_to_num(numbers, nan=0.0)
            case "previous":
                return self._previous[id]
            case "filled":
                return self._is_filled(id)
            case "blank":
                return ~self._is_filled(id)
            case "readable":
                return ~self._is_filled(id) | ~np.isnan(numbers) | (self.absences(id) > 0)
            case "leading_zero":
                return self.zero_led[id].to_numpy()
            case "agrees":
                return self._agrees(self.form.by_id[id])
            case "codes":
                return np.isin(numbers, tuple(self.form.by_id[id].codes))
            case "absent":
                return self.absences(id) > 0
            case "later" | "elsewhere":
                places = self.form.places_of_absences(source)
                return np.isin(self.absences(id), places)

    def state(self, id: str, source: Source, position: int) -> bool:
        """Return whether a state holds of one submission; who asks for one asks for the next."""
        states = self._states.get((id, source))
        if states is None:
            states = self._states[id, source] = self.take(id, source)
        return bool(states[position])

    def absences(self, id: str) -> Values:
        """Return the code in each cell of a figure: its place among the form's from 1, or 0."""
        places = self._absent.get(id)
        # Of dates, and of what is computed from supporting cells, there are none.
        return np.zeros(len(self.submissions), dtype=np.int8) if places is None else places

    def _is_filled(self, id: str) -> Values:
        filled = self._filled.get(id)
        return ~np.isnan(self._numbers[id]) if filled is None else filled

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

    @cached_property
    def layout(self) -> Layout:
        """Where the figures stand in a workbook."""
        return Layout(self.form)

    @cached_property
    def by_submission(self) -> Floats:
        """The numbers of ``form.figures``, a row per submission and a column per figure."""
        ids = [item.id for item in self.form.figures]
        return np.ascontiguousarray(self.numbers[ids].to_numpy())

    def subset(self, positions: Sequence[int]) -> Figures:
        """Return the figures of some of the submissions, numbered anew."""
        # A run of them needs no copy.
        chosen: slice | list[int] = list(positions)
        if isinstance(positions, range) and positions.step == 1:
            chosen = slice(positions.start, positions.stop)

        def some(frame: pd.DataFrame) -> pd.DataFrame:
            return frame.iloc[chosen].reset_index(drop=True)

        return replace(
            self,
            submissions=tuple(self.submissions[position] for position in positions),
            numbers=some(self.numbers),
            filled=some(self.filled),
            zero_led=some(self.zero_led),
            absent=some(self.absent),
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
        return _known(self.figures.take(id, "number")[self.position])

    def recomputed(self, id: str) -> float | None:
        """Return what a percentage's parts give, None where they give nothing."""
        return _known(self.figures.recomputed(id)[self.position])

    def reading(self, id: str) -> Reading | None:
        """Return what stands in a cell; None where it holds the formula that was issued."""
        return self.submission.readings.get(id)

    def values(self) -> dict[str, float | int | str | None]:
        """Return every figure by id: a number, None where blank, else the code or text there."""
        numbers = self.figures.by_submission[self.position].tolist()
        return {
            item.id: self._text(item) if number != number else plain(number)  # NaN alone is unequal
            for item, number in zip(self.form.figures, numbers, strict=True)
        }

    def _text(self, item: Indicator) -> str | None:
        """Return what stands in the cell of a row instead of a number."""
        reading = self.reading(item.id)
        return (reading.absence or reading.text) if reading and item.is_input else None

    def place(self, id: str) -> Address:
        """Return where a figure, or a date of the information sheet, stands in the workbook."""
        return self.figures.layout.place(id)


def _known(value: float) -> float | None:
    number = float(value)
    return None if math.isnan(number) else number


def _columns(frame: pd.DataFrame) -> Mapping[str, Values]:
    """Return the columns of a frame of one type."""
    return dict(zip(frame.columns, frame.to_numpy().T, strict=True))


def _frame(columns: Values, names: Sequence[str]) -> pd.DataFrame:
    """Return *columns*, a row of the array each, as a frame that looks at the same memory."""
    return pd.DataFrame(columns.T, columns=list(names), copy=False)


def tabulate(form: Form, submissions: Sequence[Submission]) -> Figures:
    """Return the figures of *submissions*, every percentage recomputed from its parts."""
    ids = [item.id for item in form.indicators] + [*form.helper_ids, *form.table_inputs]
    cells = cell_arrays(ids, submissions, form.absence_codes)
    sums = table_sums(form, dict(zip(ids, cells.numbers, strict=True)))
    summed = np.reshape([*sums.values()], (len(sums), len(submissions)))
    # In memory a column's numbers stand together: rules go by columns.
    numbers = np.vstack([cells.numbers, summed, meta_numbers(submissions)])
    filled = np.vstack([cells.filled, ~np.isnan(summed)])
    rows = {id: row for row, id in enumerate(ids)}
    computed_rows = [rows[item.id] for item in form.in_order_of_computation]
    stated, stated_filled = cells.numbers[computed_rows], cells.filled[computed_rows]
    percentages = [item.id for item in form.in_order_of_computation]
    figures = Figures(
        form=form,
        submissions=tuple(submissions),
        numbers=_frame(numbers, [*ids, *sums, *META]),
        filled=_frame(filled, [*ids, *sums]),
        zero_led=_frame(cells.zero_led, ids),
        absent=_frame(cells.absent, ids),
        stated=_frame(stated, percentages),
        stated_filled=_frame(stated_filled, percentages),
    )
    # The frames look at these arrays, so that each percentage can rest on those before it.
    for place, item in enumerate(form.in_order_of_computation):
        row = rows[item.id]
        computed = figures.recomputed(item.id)
        # A locked percentage is always recomputed, an entered one only where its cell was left
        # to the formula that the helpers feed.
        typed = cells.typed[row]
        counts = typed if item.is_input else np.zeros_like(typed)
        numbers[row] = np.where(counts, stated[place], computed)
        filled[row] = np.where(counts, stated_filled[place], ~np.isnan(computed))
        stated[place] = np.where(typed, stated[place], computed)
        stated_filled[place] = np.where(typed, stated_filled[place], ~np.isnan(computed))
        if item.is_computed:
            cells.zero_led[row] = False
    return figures
