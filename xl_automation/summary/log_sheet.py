"""The sheet ``Nhật ký``: every file received as it was, and what was passed over."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.reading.submission import Submission
from xl_automation.summary.list_sheet import write_list
from xl_automation.summary.summary_workbook import SummaryWorkbook, height
from xl_automation.wording import printable, quoted
from xl_automation.xlsx.long_rows import LongRow

LOG = "Nhật ký"
COLUMNS = {  # caption -> width
    "Tệp": 42,
    "Đơn vị": 20,
    "Tình trạng": 22,
    "SHA-256": 38,
    "Cỡ (byte)": 11,
    "Lưu lúc": 18,
    "Biểu mẫu": 12,
    "Phiên bản": 10,
    "Dấu kiểm tra": 36,
}
WRAPPED = ("Tệp", "Đơn vị", "Tình trạng", "SHA-256", "Dấu kiểm tra")


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
    cell = summary.format(border=1, text_wrap=True, valign="top")
    time = summary.format(border=1, num_format="dd/mm/yyyy hh:mm:ss", valign="top", align="center")
    size = summary.format(border=1, num_format="#,##0", valign="top")
    entries = list(_entries(summary.result))
    write_list(
        summary, sheet, "NHẬT KÝ", COLUMNS, entries, lambda entry: _row(entry, cell, time, size)
    )


def _row(entry: _Entry, cell: Format, time: Format, size: Format) -> LongRow:
    path, unit = printable(str(entry.path)), quoted(entry.unit)
    texts = (path, unit, entry.status, entry.sha256, entry.seal)
    return LongRow(
        [
            (path, cell),
            (unit, cell),
            (entry.status, cell),
            (entry.sha256, cell),
            None if entry.size is None else (entry.size, size),
            None if entry.saved is None else (datetime.fromtimestamp(entry.saved), time),
            (entry.form_id, cell),
            (entry.form_version, cell),
            (entry.seal, cell),
        ],
        height(zip(texts, (COLUMNS[caption] for caption in WRAPPED), strict=True)),
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
