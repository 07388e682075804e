"""A summary read back: as an earlier period."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd

from xl_automation.checks.earlier import PastPeriod
from xl_automation.forms.form import Form
from xl_automation.summary.places import (
    FORM_CELL,
    ID_ROW,
    MATRIX,
    OVERVIEW,
    PERIOD_CELL,
    PERIOD_NAME,
)
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import WORKBOOK
from xl_automation.xlsx.refusal import Refusal

# --- a summary as an earlier period ------------------------------------------------------------


def is_summary(path: Path) -> bool:
    """Return whether the file is a summary that this program wrote."""
    try:
        opened = open_package(path)
    except Refusal:
        return False
    return PERIOD_NAME.encode() in opened.parts.get(WORKBOOK, b"")


def read_summary(path: Path, form: Form) -> PastPeriod:
    """Return the figures of each unit in an earlier summary.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    opened = open_package(path)
    try:
        book = openpyxl.load_workbook(opened.stored(), read_only=True, data_only=True)
        period = form.period(str(book[OVERVIEW][PERIOD_CELL].value))
        form_id = str(book[OVERVIEW][FORM_CELL].value).partition(" ")[0]
        head, _, *rows = book[MATRIX].iter_rows(min_row=ID_ROW, values_only=True)
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # What openpyxl raises on parts that are well-formed but not what the format says.
        raise Refusal(
            "wrong-form",
            expected="sổ tổng hợp",
            reason="không phải sổ tổng hợp do chương trình này lập",
        ) from error
    if form_id != form.id:
        raise Refusal("wrong-form", expected=form.name, reason=f"sổ tổng hợp biểu {form_id}")
    ids = {at: str(id) for at, id in enumerate(head) if id}
    figures = {
        str(row[0]): [row[at] if isinstance(row[at], (int, float)) else None for at in ids]
        for row in rows
        if row[0]
    }
    names = {str(row[0]): str(row[1] or "") for row in rows if row[0]}
    numbers = pd.DataFrame.from_dict(
        figures, orient="index", columns=list(ids.values()), dtype="float64"
    )
    return PastPeriod(period, numbers, names)
