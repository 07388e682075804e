"""Consolidation → the city's summary workbook.

Every figure of ``Tổng hợp`` is a live formula over ``Theo đơn vị``, written with its value, so
that an officer can follow it and a program that does not calculate still shows it. Text that came
from clerks is always written as text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from pathlib import Path

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.summary.changes_sheet import CHANGES, write_changes
from xl_automation.summary.choices_sheet import CHOICES, write_choices
from xl_automation.summary.decisions_sheet import DECISIONS, write_decisions
from xl_automation.summary.events_sheet import write_events
from xl_automation.summary.findings_sheet import FINDINGS, write_findings
from xl_automation.summary.left_out_sheet import write_left_out
from xl_automation.summary.log_sheet import LOG, write_log
from xl_automation.summary.lower_sheet import write_lower
from xl_automation.summary.matrix_sheet import write_matrix
from xl_automation.summary.overview_sheet import write_overview
from xl_automation.summary.places import (
    EVENTS,
    LEFT_OUT,
    LOWER,
    MATRIX,
    ONE_UNIT,
    OVERVIEW,
    PAST_FIGURES,
    PROGRESS,
    RANKING,
    TOTALS,
    TRENDS,
)
from xl_automation.summary.print_setup import FONT_SIZE
from xl_automation.summary.progress_sheet import write_progress
from xl_automation.summary.ranking_sheet import write_ranking
from xl_automation.summary.read_back import is_summary
from xl_automation.summary.record_sheet import RECORD, write_record
from xl_automation.summary.summary_workbook import SummaryWorkbook
from xl_automation.summary.table_sheets import write_table_sheet
from xl_automation.summary.totals_sheet import write_totals
from xl_automation.summary.trends_sheet import write_trends
from xl_automation.summary.unit_trends import has_unit_trends, write_one_unit, write_past_figures
from xl_automation.xlsx.files import refuse_foreign, whole_file
from xl_automation.xlsx.new_workbook import NewWorkbook, write_workbook

SheetWriter = Callable[[SummaryWorkbook, Worksheet], None]
CREATED = datetime(2022, 1, 1)  # fixed, so that the same summary is the same bytes
# The sheets in their order; each is a module with what writes it. Behind the matrix stand those
# of the supporting tables, by the names that the form gives them.
CONTENTS: Mapping[str, SheetWriter] = {
    OVERVIEW: write_overview,
    RANKING: write_ranking,
    TRENDS: write_trends,
    ONE_UNIT: write_one_unit,
    TOTALS: write_totals,
    MATRIX: write_matrix,
    LOWER: write_lower,
    LEFT_OUT: write_left_out,
    FINDINGS: write_findings,
    DECISIONS: write_decisions,
    PROGRESS: write_progress,
    EVENTS: write_events,
    CHANGES: write_changes,
    PAST_FIGURES: write_past_figures,
    CHOICES: write_choices,
    RECORD: write_record,
    LOG: write_log,
}
HIDDEN = (PAST_FIGURES, CHOICES, RECORD)  # what only the program reads


def write_summary(result: Consolidation, out: Path) -> None:
    """Write the summary workbook, whole or not at all; only an earlier summary is replaced.

    Raises:
        UserError: If *out* exists and is not a summary, or cannot be written.
    """
    refuse_other_than_summary(out)

    def write(workbook: NewWorkbook) -> None:
        contents = dict(_contents(result))
        visible = tuple(name for name in contents if name not in HIDDEN)
        summary = SummaryWorkbook(workbook, result, out.parent, visible)
        title = f"Tổng hợp {summary.form.name}"
        workbook.set_properties({"title": title, "created": CREATED})
        for name, write_sheet in contents.items():
            sheet = summary.sheet(name)
            if name in HIDDEN:
                sheet.hide()
            write_sheet(summary, sheet)

    with whole_file(out) as file:
        write_workbook(file, write, font_size=FONT_SIZE)


def _contents(result: Consolidation) -> Iterator[tuple[str, SheetWriter]]:
    """Yield each sheet with what writes it; some are there only with something to show."""
    absent = set() if result.lower else {LOWER}
    absent |= set() if has_unit_trends(result) else {ONE_UNIT, PAST_FIGURES}
    for name, write_sheet in CONTENTS.items():
        if name in absent:
            continue
        yield name, write_sheet
        if name == MATRIX:
            for combined in result.tables.values():
                write_table = partial(write_table_sheet, combined=combined)
                yield _beside(combined.table.sheet), write_table


def refuse_other_than_summary(out: Path) -> None:
    """Make sure that a summary may be written to *out*: nothing is there, or an earlier one.

    Raises:
        UserError: If anything else is there.
    """
    refuse_foreign(
        out,
        is_summary,
        "đã có và không phải sổ tổng hợp do chương trình này lập, nên không ghi đè. Chọn tên khác.",
    )


def _beside(name: str) -> str:
    """Return what the sheet of a supporting table is called beside the summary's own."""
    taken = {own.casefold() for own in CONTENTS}
    return name if name.casefold() not in taken else f"{name} (biểu)"
