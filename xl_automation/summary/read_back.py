"""A summary read back: as an earlier period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import numpy as np
import openpyxl
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
from xl_automation.xlsx.address import Address, column_number
from xl_automation.xlsx.guard import open_for_reading, stored_zip
from xl_automation.xlsx.limits import SUMMARY_LIMITS
from xl_automation.xlsx.package import read_book
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.xml_part import MAIN

NAMES = (PERIOD_NAME, FORM_NAME, ID_NAME, CODE_NAME, UNIT_NAME)
_EMPTY_SHEET = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()


def is_summary(path: Path) -> bool:
    """Return whether the file is a summary that this program wrote."""
    try:
        return PERIOD_NAME in defined_names(open_for_reading(path, SUMMARY_LIMITS))
    except Refusal:
        return False


def read_summary(path: Path, form: Form) -> PastPeriod:
    """Return the figures of each unit in an earlier summary.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    contents = _contents(path)
    form_id = contents.form.partition(" ")[0]
    if form_id != form.id:
        raise Refusal("wrong-form", expected=form.name, reason=f"sổ tổng hợp biểu {form_id}")
    try:
        period = form.period(contents.period)
    except UserError as error:
        raise _no_summary() from error
    numbers = pd.DataFrame(
        contents.figures, index=list(contents.units), columns=list(contents.ids), dtype="float64"
    )
    return PastPeriod(period, numbers, contents.units)


class _Contents(NamedTuple):
    """What a summary says: its period and form as written, units by code, and their figures.

    Figures are a row per unit and a column per id, NaN where there is no number.
    """

    period: str
    form: str
    ids: Sequence[str]
    units: Mapping[str, str]
    figures: Floats


def _contents(path: Path) -> _Contents:
    """Return what a summary says, by the names of its cells.

    Raises:
        Refusal: If it is not a summary.
    """
    try:
        names, stored = _read_sheets(path)
        places = [names[name] for name in NAMES]
        workbook = openpyxl.load_workbook(stored, read_only=True, data_only=True)
        period, form = (str(workbook[place.sheet][place.cell].value) for place in places[:2])
        rows = workbook[places[2].sheet].iter_rows(values_only=True)
        ids, units, figures = _matrix(rows, *places[2:])
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # A name or sheet that is missing, and what openpyxl raises on parts that are well-formed
        # but not what the format says.
        raise _no_summary() from error
    return _Contents(period, form, ids, units, figures)


def _read_sheets(path: Path) -> tuple[Mapping[str, Address], BytesIO]:
    """Return the names of a summary's cells, and a file in which only their sheets hold any.

    The list of findings may be longer than all that is read.

    Raises:
        KeyError: If a name or a sheet is missing.
    """
    parts = open_for_reading(path, SUMMARY_LIMITS).parts
    book = read_book(parts)
    read = {book.sheets[book.names[name].sheet] for name in NAMES}
    unread = set(book.sheets.values()) - read
    contents = {name: _EMPTY_SHEET if name in unread else parts[name] for name in parts}
    return book.names, stored_zip(contents)


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


def _no_summary() -> Refusal:
    reason = "không phải sổ tổng hợp do chương trình này lập"
    return Refusal("wrong-form", expected="sổ tổng hợp", reason=reason)
