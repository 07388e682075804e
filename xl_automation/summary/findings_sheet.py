"""The sheet ``Điểm cần xem lại``: every finding, with links to its file and cell."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import UnitFinding
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    MAX_TEXT,
    RED,
    SummaryWorkbook,
    height,
    set_widths,
)

SEVERITY_COLORS = {"error": RED, "warning": AMBER, "info": BLUE}
LABEL_WIDTH, SEEN_WIDTH, MESSAGE_WIDTH = 50, 42, 70
COLUMNS = {  # caption -> width
    "Mức độ": 11,
    "Đơn vị": 24,
    "STT": 10,
    "Chỉ tiêu": LABEL_WIDTH,
    "Ô": 10,
    "Thấy": SEEN_WIDTH,
    "Việc cần làm": MESSAGE_WIDTH,
    "Quy tắc": 10,
    "Tệp": 30,
}


def write_findings(draft: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the findings, a row each."""
    draft.title(sheet, "ĐIỂM CẦN XEM LẠI")
    set_widths(sheet, COLUMNS.values())
    draft.head(sheet, 3, COLUMNS)
    sheet.freeze_panes(4, 2)
    for row, located in enumerate(draft.result.findings, start=4):
        _write_finding(draft, sheet, row, located)
    sheet.autofilter(3, 0, max(4, 3 + len(draft.result.findings)), len(COLUMNS) - 1)


def _write_finding(
    draft: SummaryWorkbook, sheet: Worksheet, row: int, located: UnitFinding
) -> None:
    finding = located.finding
    cell = draft.format(border=1, text_wrap=True, valign="top")
    color = SEVERITY_COLORS[finding.severity]
    severity = draft.format(border=1, bold=True, valign="top", font_color=color)
    first = draft.form.by_id[finding.indicators[0]] if finding.indicators else None
    label = first.label if first else ""
    wrapped = (
        (label, LABEL_WIDTH),
        (finding.seen, SEEN_WIDTH),
        (finding.message, MESSAGE_WIDTH),
    )
    sheet.set_row(row, height(wrapped))
    sheet.write_string(row, 0, SEVERITY_LABELS[finding.severity], severity)
    texts = (
        located.unit,
        first.id if first else "",
        label,
        "",
        finding.seen,
        finding.message,
        finding.rule,
        "",
    )
    for column, text in enumerate(texts, start=1):
        sheet.write_string(row, column, text[:MAX_TEXT], cell)
    _write_links(draft, sheet, row, located)


def _write_links(draft: SummaryWorkbook, sheet: Worksheet, row: int, located: UnitFinding) -> None:
    """Write links to the first cell and to the file, where the finding is about one."""
    if located.path is None:
        return
    link = draft.format(border=1, font_color=BLUE, underline=1, valign="top")
    place = located.finding.cells[0] if located.finding.cells else ""
    if place:
        draft.link(sheet, (row, 4), located.path, place.rpartition("!")[2], place, link)
    draft.link(sheet, (row, 8), located.path, file_name(located.path), place, link)
