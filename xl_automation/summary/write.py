"""Consolidation → the city's summary workbook, and back as an earlier period.

Every figure of ``Tổng hợp`` is a live formula over ``Theo đơn vị``, written with its value, so
that an officer can follow it and a program that does not calculate still shows it. Text that came
from clerks is always written as text. Each sheet is a module of :mod:`summary_sheets`.
"""

from __future__ import annotations

from pathlib import Path

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.summary.findings_sheet import write_findings
from xl_automation.summary.log_sheet import write_log
from xl_automation.summary.matrix_sheet import write_matrix
from xl_automation.summary.overview_sheet import write_overview
from xl_automation.summary.places import FINDINGS, LOG, MATRIX, OVERVIEW, TOTALS
from xl_automation.summary.read_back import is_summary
from xl_automation.summary.summary_workbook import SummaryWorkbook
from xl_automation.summary.totals_sheet import write_totals
from xl_automation.xlsx.files import write_whole
from xl_automation.xlsx.new_workbook import workbook_bytes


def write_summary(result: Consolidation, out: Path) -> None:
    """Write the summary workbook, whole or not at all; only an earlier summary is replaced.

    Raises:
        FileExistsError: If *out* exists and is not a summary.
    """
    if out.exists() and not is_summary(out):
        raise FileExistsError(out)
    write_whole(out, summary_bytes(result, out.parent))


def summary_bytes(result: Consolidation, folder: Path) -> bytes:
    """Return the summary workbook; links to the files are relative to *folder*."""
    return workbook_bytes(lambda book: _write(SummaryWorkbook(book, result, folder)), font_size=11)


def _write(draft: SummaryWorkbook) -> None:
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
