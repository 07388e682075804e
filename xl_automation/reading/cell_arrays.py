"""What many submissions say, as arrays: a row per figure, a column per submission."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import NamedTuple

import numpy as np

from xl_automation.forms.form import Form
from xl_automation.forms.numbers import Reading
from xl_automation.forms.percentage import Floats
from xl_automation.forms.period import Period
from xl_automation.forms.python_face import Values
from xl_automation.forms.rule import DAYS, META, REPORT_NUMBER
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.excel_days import EXCEL_EPOCH

_UNTYPED = Reading()  # for a cell with the formula that was issued; no other reading is this one
# What stands before the first slash, if that is a number: ``template/lists_sheet`` says the same.
_DIGITS = re.compile(r" *([0-9]{1,9}) *(?:/|$)")
_NUMBER, _TEXT, _LEADING_ZERO, _ABSENCE = map(
    attrgetter, ("number", "text", "leading_zero", "absence")
)


class CellArrays(NamedTuple):
    """What stands in the cells: arrays with a row per id and a column per submission.

    Attributes:
        numbers: NaN where there is no number, be the cell blank or unreadable.
        filled: Whether anything stands in the cell.
        zero_led: Whether the number was typed as text with a needless 0 in front.
        typed: Whether the cell holds something else than the formula that was issued.
        absent: Which code says why there is no number: its place among *codes* from 1, 0 for none.
    """

    numbers: Floats
    filled: Values
    zero_led: Values
    typed: Values
    absent: Values


def cell_arrays(
    ids: Sequence[str], submissions: Sequence[Submission], codes: Sequence[str] = ()
) -> CellArrays:
    """Return what stands in the cells of *ids* in each submission.

    Args:
        ids: The figures.
        submissions: The submissions.
        codes: The codes that may say why there is no number.
    """
    shape = len(ids), len(submissions)
    filled, zero_led, typed = (np.zeros(shape, dtype=bool) for _ in range(3))
    absent = np.zeros(shape, dtype=np.int8)
    cells = CellArrays(np.full(shape, np.nan), filled, zero_led, typed, absent)
    places = {code: place for place, code in enumerate(codes, start=1)}
    for position, submission in enumerate(submissions):
        reading_of = submission.readings.get
        readings = [reading_of(id, _UNTYPED) for id in ids]
        typed[:, position] = [reading is not _UNTYPED for reading in readings]
        # As floats, in which None is NaN.
        cells.numbers[:, position] = np.array([*map(_NUMBER, readings)], dtype=float)
        filled[:, position] = [text is not None for text in map(_TEXT, readings)]
        zero_led[:, position] = [*map(_LEADING_ZERO, readings)]
        absences = [*map(_ABSENCE, readings)]
        if any(absences):
            absent[:, position] = [places.get(code, 0) for code in absences]
    filled |= ~np.isnan(cells.numbers)
    return cells


def table_sums(form: Form, numbers: Mapping[str, Floats]) -> dict[str, Floats]:
    """Return the computed columns and the totals of the supporting tables, NaN where empty."""

    def total(ids: Sequence[str]) -> Floats:
        parts = np.array([numbers[id] for id in ids])
        sums: Floats = np.where(np.isnan(parts).all(axis=0), np.nan, np.nansum(parts, axis=0))
        return sums

    sums = {}
    for table in form.tables:
        for column in table.columns:
            parts = column.sum or (column.id,)
            by_row = [[f"{row}.{part}" for part in parts] for row in table.row_ids()]
            if column.sum:
                for row, ids in zip(table.row_ids(), by_row, strict=True):
                    sums[f"{row}.{column.id}"] = total(ids)
            if table.has_totals:
                sums[f"{table.id}.{column.id}"] = total([id for ids in by_row for id in ids])
    return sums


def meta_numbers(submissions: Sequence[Submission]) -> Floats:
    """Return the number of each report and its dates as Excel serials, NaN where there is none.

    Returns:
        A row per id of ``META`` and a column per submission.
    """
    numbers = np.full((len(META), len(submissions)), np.nan)
    windows: dict[Period | None, tuple[date | None, date | None]] = {None: (None, None)}
    windows |= {period: period.window for period in {one.period for one in submissions} if period}
    for position, submission in enumerate(submissions):
        first, last = windows[submission.period]
        official = {"@period_from": first, "@period_to": last, "@from": first, "@to": last}
        days = official | dict(submission.dates)
        for row, id in enumerate(DAYS):
            if day := days.get(id):
                numbers[row, position] = (day - EXCEL_EPOCH).days
        number = _DIGITS.match(submission.report_number or "")
        if number:
            numbers[META.index(REPORT_NUMBER), position] = int(number[1])
    return numbers
