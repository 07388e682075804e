"""The sheet ``Điểm cần xem lại``: every finding, with links to its file and cell."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.vocabulary import Severity
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.cell import FileLink, SummaryCell
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    RED,
    SummaryWorkbook,
    height,
    set_widths,
)

FINDINGS = "Điểm cần xem lại"
SEVERITY_COLORS: Mapping[Severity, str] = {"error": RED, "warning": AMBER, "info": BLUE}
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


def write_findings(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the findings, a row each."""
    summary.title(sheet, "ĐIỂM CẦN XEM LẠI")
    set_widths(sheet, COLUMNS.values())
    summary.head(sheet, COLUMNS)
    sheet.freeze_panes(HEADER_ROW, 2)
    findings = summary.result.findings
    for row, unit_finding in enumerate(findings, start=FIRST_ROW):
        _write_finding(summary, sheet, row, unit_finding)
    last_row = HEADER_ROW + max(1, len(findings))
    sheet.autofilter(HEADER_ROW - 1, 0, last_row - 1, len(COLUMNS) - 1)


def _write_finding(
    summary: SummaryWorkbook, sheet: Worksheet, row: int, unit_finding: UnitFinding
) -> None:
    finding = unit_finding.finding
    text = summary.format(border=1, text_wrap=True, valign="top")
    color = SEVERITY_COLORS[finding.severity]
    severity = summary.format(border=1, bold=True, valign="top", font_color=color)
    item = summary.form.by_id[finding.indicators[0]] if finding.indicators else None
    label = item.label if item else ""
    wrapped = (
        (label, LABEL_WIDTH),
        (finding.seen, SEEN_WIDTH),
        (finding.message, MESSAGE_WIDTH),
    )
    sheet.set_row(row - 1, height(wrapped))
    to_cell, to_file = _links(summary, unit_finding) or (("", text), ("", text))
    cells = [
        (SEVERITY_LABELS[finding.severity], severity),
        (unit_finding.unit, text),
        (item.id if item else "", text),
        (label, text),
        to_cell,
        (finding.seen, text),
        (finding.message, text),
        (finding.rule, text),
        to_file,
    ]
    summary.row(sheet, row, cells)


def _links(
    summary: SummaryWorkbook, unit_finding: UnitFinding
) -> tuple[SummaryCell, SummaryCell] | None:
    """Return links to the first cell and to the file, None where the finding is about no file."""
    path, cells = unit_finding.path, unit_finding.finding.cells
    if path is None:
        return None
    look = summary.format(border=1, font_color=BLUE, underline=1, valign="top")
    text = summary.format(border=1, text_wrap=True, valign="top")
    place = cells[0] if cells else None
    to_cell = (FileLink(path, place.cell, place), look) if place else ("", text)
    return to_cell, (FileLink(path, file_name(path), place), look)
