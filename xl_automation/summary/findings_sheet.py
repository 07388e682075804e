"""The sheet ``Điểm cần xem lại``: every finding, with links to its file and cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.register import KeptFinding
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.excel_limits import MAX_LINKS, MAX_ROWS
from xl_automation.forms.numbers import show
from xl_automation.forms.vocabulary import Severity
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.hidden_data import to_hidden
from xl_automation.summary.places import FINDINGS_NAME, HEADER_ROW
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    GREY,
    OPEN_COLOR,
    RED,
    SummaryWorkbook,
    caption_height,
    height,
    set_widths,
)
from xl_automation.wording import quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongCell, LongRow, OwnText

FINDINGS = "Điểm cần xem lại"
SEVERITY_COLORS: Mapping[Severity, str] = {"error": RED, "warning": AMBER, "info": BLUE}
# In characters; all columns together are one printed page wide.
UNIT_WIDTH, LABEL_WIDTH, SEEN_WIDTH, MESSAGE_WIDTH = 17, 24, 31, 33
FILE_WIDTH, SETTLED_WIDTH, OWNER_WIDTH, ANSWER_WIDTH = 17, 14, 11, 12
# The columns that are read back; in the hidden one stands by what a finding is known again.
SEEN, MESSAGE, SETTLED = "Thấy", "Việc cần làm", "Đã giải trình"
FIRST = "Xem trước"  # the cell of a web of rules where one change may settle all
OWNER, ANSWER, HIDDEN = "Người phụ trách", "Trả lời", "Khóa tra cứu"
COLUMNS = {  # caption -> width
    "Mức độ": 9,
    "Đơn vị": UNIT_WIDTH,
    "STT": 8,
    "Chỉ tiêu": LABEL_WIDTH,
    "Ô": 6,
    "Ảnh hưởng": 9,
    FIRST: 6,
    SEEN: SEEN_WIDTH,
    MESSAGE: MESSAGE_WIDTH,
    "Quy tắc": 9,
    "Tệp": FILE_WIDTH,
    SETTLED: SETTLED_WIDTH,
    OWNER: OWNER_WIDTH,
    ANSWER: ANSWER_WIDTH,
    HIDDEN: 12,
}


# Rows and links that a sheet of Excel holds; a row has one link, and the title another.
MAX_FINDINGS = MAX_ROWS - HEADER_ROW
MAX_LINKED = MAX_LINKS - 1
OPEN = "mở"  # the link to a file, where no cell can be named


class _Looks(NamedTuple):
    """The formats of the list."""

    text: Format
    link: Format
    harm: Format
    severities: Mapping[Severity, Format]
    settled: Format
    answer: Format
    hidden: Format


def write_findings(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the findings, a row each."""
    summary.title(sheet, "ĐIỂM CẦN XEM LẠI")
    set_widths(sheet, COLUMNS.values())
    summary.head(sheet, COLUMNS)
    sheet.set_row(HEADER_ROW - 1, caption_height(COLUMNS.items()))
    sheet.repeat_rows(HEADER_ROW - 1)
    hidden = [*COLUMNS].index(HIDDEN)
    sheet.set_column(hidden, hidden, COLUMNS[HIDDEN], None, {"hidden": True})
    summary.name(FINDINGS_NAME, Address.of(FINDINGS, 1, HEADER_ROW))
    sheet.freeze_panes(HEADER_ROW, 2)
    count = len(summary.result.findings)
    shown = min(count, MAX_FINDINGS)
    if notes := _notes(count, shown):
        summary.note(sheet, " ".join(notes))
    summary.rows(sheet, shown, _rows(summary, shown))
    last_row = HEADER_ROW + max(1, shown)
    sheet.autofilter(HEADER_ROW - 1, 0, last_row - 1, len(COLUMNS) - 1)
    sheet.print_area(0, 0, last_row - 1, hidden - 1)


def _notes(count: int, shown: int) -> list[str]:
    """Return what is to be said of findings that have no row or no links."""
    notes = []
    if shown < count:
        notes.append(
            f"Sheet này ghi được {show(shown)} trong {show(count)} điểm; xem đủ bằng cchc check."
        )
    if shown > MAX_LINKED:
        notes.append(
            f"Chỉ {show(MAX_LINKED)} dòng đầu có liên kết tới tệp: một sheet của Excel không giữ"
            " được nhiều liên kết hơn."
        )
    return notes


def _rows(summary: SummaryWorkbook, shown: int) -> Iterator[LongRow]:
    """Return the rows of the first *shown* findings."""
    looks = _Looks(
        text=summary.format(border=1, text_wrap=True, valign="top"),
        link=summary.format(border=1, font_color=BLUE, underline=1, valign="top"),
        # The share of the city's total that would be wrong.
        harm=summary.format(border=1, valign="top", num_format="0.0%"),
        severities={
            severity: summary.format(border=1, bold=True, valign="top", font_color=color)
            for severity, color in SEVERITY_COLORS.items()
        },
        settled=summary.format(border=1, valign="top", font_color=GREY),
        answer=summary.format(
            border=1, text_wrap=True, valign="top", num_format="@", bg_color=OPEN_COLOR
        ),
        hidden=summary.format(),  # in one line: it would make its row as high as it is long
    )
    findings = zip(summary.result.findings, summary.register.findings, strict=True)
    return (
        _row(summary, looks, located, kept, is_linked=position < MAX_LINKED)
        for position, (located, kept) in enumerate(islice(findings, shown))
    )


def _row(
    summary: SummaryWorkbook,
    looks: _Looks,
    unit_finding: UnitFinding,
    kept: KeptFinding,
    is_linked: bool,
) -> LongRow:
    finding, path = unit_finding.finding, unit_finding.path
    item = summary.form.by_id[finding.indicators[0]] if finding.indicators else None
    label = item.label if item else ""
    unit, file = quoted(unit_finding.unit), file_name(path) if path else ""
    wrapped = (
        (unit, UNIT_WIDTH),
        (label, LABEL_WIDTH),
        (finding.seen, SEEN_WIDTH),
        (finding.message, MESSAGE_WIDTH),
        (file, FILE_WIDTH),
        (kept.settled, SETTLED_WIDTH),
        (kept.owner, OWNER_WIDTH),
        (kept.answer, ANSWER_WIDTH),
    )
    severity = looks.settled if finding.settled else looks.severities[finding.severity]
    text = looks.text
    place = finding.cells[0] if finding.cells else None
    where: LongCell = (place.cell if place else "", text)
    if path is not None and is_linked:
        target = place if unit_finding.stands_as_issued else None
        where = (summary.links.link(path, place.cell if place else OPEN, target), looks.link)
    return LongRow(
        [
            (SEVERITY_LABELS[finding.severity], severity),
            (unit, text),
            (item.id if item else "", text),
            (label, text),
            where,
            (finding.harm or None, looks.harm),
            (_first_cell(summary, unit_finding), text),
            (finding.seen, text),
            (finding.message, text),
            (finding.rule, text),
            (file, text),
            (kept.settled, text),
            (kept.owner or None, looks.answer),
            (kept.answer or None, looks.answer),
            (OwnText(to_hidden(hidden_key(kept))), looks.hidden),
        ],
        height(wrapped),
    )


def _first_cell(summary: SummaryWorkbook, unit_finding: UnitFinding) -> str | None:
    """Return the cell of a finding that is to be looked at first: ``● D37``; None for none."""
    if unit_finding.submission is None:
        return None
    first = summary.result.look_first.get(unit_finding.submission.path)
    if first is None or unit_finding.finding not in first.findings:
        return None
    named = set(first.cells)
    return next((f"● {cell.cell}" for cell in unit_finding.finding.cells if cell in named), "●")


def hidden_key(kept: KeptFinding) -> tuple[object, ...]:
    """Return what the hidden column says of a finding."""
    return (kept.unit, kept.name, kept.rule, kept.severity, kept.indicators, kept.cells)
