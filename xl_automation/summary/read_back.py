"""A summary read back: as an earlier period."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import pandas as pd

from xl_automation.checks.earlier import PastPeriod
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.percentage import Floats
from xl_automation.reading.locate import defined_names
from xl_automation.summary.places import (
    CODE_NAME,
    FORM_NAME,
    ID_NAME,
    PERIOD_NAME,
    UNIT_NAME,
)
from xl_automation.summary.summary_file import (
    check_form,
    no_summary,
    open_summary,
    refused_otherwise,
)
from xl_automation.xlsx.address import Address, column_number
from xl_automation.xlsx.files import refusals_told
from xl_automation.xlsx.guard import open_for_reading
from xl_automation.xlsx.limits import SUMMARY_LIMITS
from xl_automation.xlsx.refusal import Refusal

_Read = TypeVar("_Read")
NAMES = (PERIOD_NAME, FORM_NAME, ID_NAME, CODE_NAME, UNIT_NAME)


def is_summary(path: Path) -> bool:
    """Return whether the file is a summary that this program wrote."""
    try:
        return PERIOD_NAME in defined_names(open_for_reading(path, SUMMARY_LIMITS))
    except Refusal:
        return False


def read_if_summary(path: Path, form: Form, read: Callable[[Path, Form], _Read]) -> _Read | None:
    """Return what *read* makes of the summary at *path*, None where there is none.

    Raises:
        UserError: If there is one, but it cannot be read.
    """
    with refusals_told(path):
        return read(path, form) if path.is_file() and is_summary(path) else None


def read_summary(path: Path, form: Form) -> PastPeriod:
    """Return the figures of each unit in an earlier summary.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    contents = _contents(path, form)
    try:
        period = form.period(contents.period)
    except UserError as error:
        raise no_summary() from error
    numbers = pd.DataFrame(
        contents.figures, index=list(contents.units), columns=list(contents.ids), dtype="float64"
    )
    return PastPeriod(period, numbers, contents.units)


class _Contents(NamedTuple):
    """What a summary says: its period as written, units by code, and their figures.

    Figures are a row per unit and a column per id, NaN where there is no number.
    """

    period: str
    ids: Sequence[str]
    units: Mapping[str, str]
    figures: Floats


def _contents(path: Path, form: Form) -> _Contents:
    """Return what a summary of *form* says, by the names of its cells.

    Raises:
        Refusal: If it is not one.
    """
    # A name or sheet that is missing, and what openpyxl raises on parts that are well-formed but
    # not what the format says.
    with refused_otherwise(no_summary()):
        summary = open_summary(path, NAMES, SUMMARY_LIMITS)
        period, places = summary.value(PERIOD_NAME), [summary.names[name] for name in NAMES[2:]]
        rows = summary.workbook[places[0].sheet].iter_rows(values_only=True)
        ids, units, figures = _matrix(rows, *places)
        check_form(summary, form)
    return _Contents(str(period), ids, units, figures)


def _matrix(
    rows: Iterator[Sequence[object]], corner: Address, first_code: Address, first_name: Address
) -> tuple[Sequence[str], Mapping[str, str], Floats]:
    """Return the ids, the units and their figures; of rows with one code the last counts.

    Raises:
        IndexError: If the rows end before the ids.
    """
    first, code, name = (
        column_number(place.column) - 1 for place in (corner, first_code, first_name)
    )
    head = next(islice(rows, corner.row - 1, None), None)
    if head is None:
        raise IndexError(corner.row)
    ids = {column: str(id) for column, id in enumerate(head) if id and column >= first}
    units: dict[str, str] = {}
    figures: dict[str, Floats] = {}
    for row in islice(rows, max(0, first_code.row - corner.row - 1), None):
        if _at(row, code):
            unit = str(_at(row, code))
            units[unit] = str(_at(row, name) or "")
            figures[unit] = np.array([_number(_at(row, column)) for column in ids], dtype=float)
    return list(ids.values()), units, np.reshape([*figures.values()], (len(units), len(ids)))


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) else None
