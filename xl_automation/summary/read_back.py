"""A summary read back: as an earlier period."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import openpyxl
import pandas as pd

from xl_automation.checks.earlier import PastPeriod
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading.locate import defined_names
from xl_automation.summary.places import (
    CODE_NAME,
    FORM_NAME,
    ID_NAME,
    PERIOD_NAME,
    UNIT_NAME,
)
from xl_automation.xlsx.address import Address, column_number
from xl_automation.xlsx.guard import Package, open_package
from xl_automation.xlsx.refusal import Refusal


def is_summary(path: Path) -> bool:
    """Return whether the file is a summary that this program wrote."""
    try:
        return PERIOD_NAME in defined_names(open_package(path))
    except Refusal:
        return False


def read_summary(path: Path, form: Form) -> PastPeriod:
    """Return the figures of each unit in an earlier summary.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    package = open_package(path)
    contents = _contents(package, defined_names(package))
    form_id = contents.form.partition(" ")[0]
    if form_id != form.id:
        raise Refusal("wrong-form", expected=form.name, reason=f"sổ tổng hợp biểu {form_id}")
    try:
        period = form.period(contents.period)
    except UserError as error:
        raise _no_summary() from error
    numbers = pd.DataFrame.from_dict(
        contents.figures, orient="index", columns=list(contents.ids), dtype="float64"
    )
    return PastPeriod(period, numbers, contents.units)


class _Contents(NamedTuple):
    """What a summary says: its period and form as written, and by unit's code name and figures."""

    period: str
    form: str
    ids: Sequence[str]
    units: Mapping[str, str]
    figures: dict[str, list[float | None]]


def _contents(package: Package, names: Mapping[str, Address]) -> _Contents:
    """Return what a summary says, by the names of its cells.

    Raises:
        Refusal: If it is not a summary.
    """
    try:
        book = openpyxl.load_workbook(package.stored(), read_only=True, data_only=True)
        period, form = (
            str(book[place.sheet][place.cell].value)
            for place in (names[PERIOD_NAME], names[FORM_NAME])
        )
        rows = list(book[names[ID_NAME].sheet].iter_rows(values_only=True))
        head = rows[names[ID_NAME].row - 1]
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # A name or sheet that is missing, and what openpyxl raises on parts that are well-formed
        # but not what the format says.
        raise _no_summary() from error
    first, code, name = (
        column_number(names[corner].column) - 1 for corner in (ID_NAME, CODE_NAME, UNIT_NAME)
    )
    ids = {column: str(id) for column, id in enumerate(head) if id and column >= first}
    units = {str(row[code]): row for row in rows[names[CODE_NAME].row - 1 :] if _at(row, code)}
    return _Contents(
        period,
        form,
        list(ids.values()),
        {unit: str(_at(row, name) or "") for unit, row in units.items()},
        {unit: [_number(_at(row, column)) for column in ids] for unit, row in units.items()},
    )


def _at(row: Sequence[object], column: int) -> object:
    return row[column] if column < len(row) else None


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) else None


def _no_summary() -> Refusal:
    reason = "không phải sổ tổng hợp do chương trình này lập"
    return Refusal("wrong-form", expected="sổ tổng hợp", reason=reason)
