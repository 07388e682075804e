"""The sheet ``Nhật ký``: every file received as it was, and what was passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.excel_limits import MAX_ROWS
from xl_automation.forms.numbers import show
from xl_automation.reading.submission import Submission
from xl_automation.summary.places import HEADER_ROW
from xl_automation.summary.summary_workbook import SummaryWorkbook, set_widths
from xl_automation.wording import printable, quoted
from xl_automation.xlsx.long_rows import LongRow

LOG = "Nhật ký"
COLUMNS = {  # caption -> width
    "Tệp": 60,
    "Đơn vị": 26,
    "Tình trạng": 22,
    "SHA-256": 68,
    "Cỡ (byte)": 12,
    "Lưu lúc": 20,
    "Biểu mẫu": 14,
    "Phiên bản": 11,
    "Dấu kiểm tra": 60,
}

MAX_ENTRIES = MAX_ROWS - HEADER_ROW


class _Entry(NamedTuple):
    """One line of the log."""

    path: Path
    unit: str
    status: str
    sha256: str = ""
    size: int | None = None
    saved: float | None = None
    form_id: str = ""
    form_version: str = ""
    seal: str = ""


def write_log(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the files, a row each."""
    summary.title(sheet, "NHẬT KÝ")
    set_widths(sheet, COLUMNS.values())
    summary.head(sheet, COLUMNS)
    cell = summary.format(border=1)
    time = summary.format(border=1, num_format="dd/mm/yyyy hh:mm:ss")
    entries = list(_entries(summary.result))
    if len(entries) > MAX_ENTRIES:
        summary.note(
            sheet, f"Sheet này ghi được {show(MAX_ENTRIES)} trong {show(len(entries))} mục."
        )
    shown = entries[:MAX_ENTRIES]
    summary.rows(sheet, len(shown), (_row(entry, cell, time) for entry in shown))


def _row(entry: _Entry, cell: Format, time: Format) -> LongRow:
    return LongRow(
        [
            (printable(str(entry.path)), cell),
            (quoted(entry.unit), cell),
            (entry.status, cell),
            (entry.sha256, cell),
            None if entry.size is None else (entry.size, cell),
            None if entry.saved is None else (datetime.fromtimestamp(entry.saved), time),
            (entry.form_id, cell),
            (entry.form_version, cell),
            (entry.seal, cell),
        ]
    )


def _entries(result: Consolidation) -> Iterator[_Entry]:
    """Yield every file received: counted, refused, replaced; then what was not read."""
    for submission in result.counted:
        yield _entry(result, submission, "Được tính")
    for refused in result.refused:
        status = f"Từ chối: {refused.cause}"
        yield _Entry(refused.path, "", status, refused.sha256, refused.size, refused.saved)
    for duplicate in result.duplicates:
        for submission in duplicate.replaced:
            yield _entry(result, submission, "Bị thay bằng bản sau")
    for passed in result.passed_over:
        yield _Entry(passed.path, "", f"Không đọc: {passed.words}")


def _entry(result: Consolidation, submission: Submission, status: str) -> _Entry:
    return _Entry(
        submission.path,
        submission.unit_name or "",
        status,
        submission.sha256,
        submission.size,
        submission.saved,
        submission.form_id,
        submission.form_version,
        result.seals[submission.path].sentence,
    )
