"""Consolidation → the city's summary workbook, and back as an earlier period.

Every figure of ``Tổng hợp`` is a live formula over ``Theo đơn vị``, written with its value, so
that an officer can follow it and a program that does not calculate still shows it. Text that came
from clerks is always written as text. Each sheet is a module of :mod:`summary_sheets`.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd

from xl_automation import guard, package
from xl_automation.consolidation import Consolidation
from xl_automation.history import PastPeriod
from xl_automation.model import Form
from xl_automation.refusal import Refusal
from xl_automation.summary_sheets.draft import Draft
from xl_automation.summary_sheets.findings import write_findings
from xl_automation.summary_sheets.log import write_log
from xl_automation.summary_sheets.matrix import write_matrix
from xl_automation.summary_sheets.overview import write_overview
from xl_automation.summary_sheets.places import (
    FINDINGS,
    FORM_CELL,
    ID_ROW,
    LOG,
    MATRIX,
    OVERVIEW,
    PERIOD_CELL,
    PERIOD_NAME,
    TOTALS,
)
from xl_automation.summary_sheets.totals import write_totals
from xl_automation.writing import workbook_bytes

__all__ = [
    "FINDINGS",
    "LOG",
    "MATRIX",
    "OVERVIEW",
    "TOTALS",
    "is_summary",
    "read_summary",
    "summary_bytes",
    "write_summary",
]


def write_summary(result: Consolidation, out: Path) -> None:
    """Write the summary workbook, whole or not at all; only an earlier summary is replaced.

    Raises:
        FileExistsError: If *out* exists and is not a summary.
    """
    if out.exists() and not is_summary(out):
        raise FileExistsError(out)
    package.write_whole(out, summary_bytes(result, out.parent))


def summary_bytes(result: Consolidation, folder: Path) -> bytes:
    """Return the summary workbook; links to the files are relative to *folder*."""
    return workbook_bytes(lambda book: _write(Draft(book, result, folder)), font_size=11)


def _write(draft: Draft) -> None:
    draft.book.set_properties({"title": f"Tổng hợp {draft.form.name}"})
    overview = draft.sheet(OVERVIEW)
    totals = draft.sheet(TOTALS)
    matrix = draft.sheet(MATRIX)
    findings = draft.sheet(FINDINGS)
    log = draft.sheet(LOG)
    write_overview(draft, overview)
    write_totals(draft, totals)
    write_matrix(draft, matrix)
    write_findings(draft, findings)
    write_log(draft, log)


# --- a summary as an earlier period ------------------------------------------------------------


def is_summary(path: Path) -> bool:
    """Return whether the file is a summary that this program wrote."""
    try:
        opened = guard.open_package(path)
    except Refusal:
        return False
    return PERIOD_NAME.encode() in opened.parts.get(package.WORKBOOK, b"")


def read_summary(path: Path, form: Form) -> PastPeriod:
    """Return the figures of each unit in an earlier summary.

    Raises:
        Refusal: If the file is not a summary of *form*.
    """
    opened = guard.open_package(path)
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
