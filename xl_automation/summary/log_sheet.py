"""The sheet ``Nhật ký``: every file received, as it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.reading.refused_file import printable
from xl_automation.reading.submission import Submission
from xl_automation.summary.summary_workbook import SummaryWorkbook, set_widths

COLUMNS = {  # caption -> width
    "Tệp": 60,
    "Đơn vị": 26,
    "Tình trạng": 22,
    "SHA-256": 68,
    "Cỡ (byte)": 12,
    "Lưu lúc": 20,
    "Biểu mẫu": 14,
    "Phiên bản": 11,
}


class _Entry(NamedTuple):
    """One line of the log."""

    path: Path
    unit: str
    status: str
    sha256: str
    size: int | None
    saved: float | None
    form_id: str = ""
    form_version: str = ""


def write_log(draft: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the files, a row each."""
    draft.title(sheet, "NHẬT KÝ")
    set_widths(sheet, COLUMNS.values())
    draft.head(sheet, 3, COLUMNS)
    cell = draft.format(border=1)
    when = draft.format(border=1, num_format="dd/mm/yyyy hh:mm:ss")
    for row, entry in enumerate(_entries(draft.result), start=4):
        texts = (printable(str(entry.path)), entry.unit, entry.status, entry.sha256)
        for at, text in enumerate(texts):
            sheet.write_string(row, at, text, cell)
        if entry.size is not None:
            sheet.write_number(row, 4, entry.size, cell)
        if entry.saved is not None:
            sheet.write_datetime(row, 5, datetime.fromtimestamp(entry.saved), when)
        sheet.write_string(row, 6, entry.form_id, cell)
        sheet.write_string(row, 7, entry.form_version, cell)


def _entries(result: Consolidation) -> Iterator[_Entry]:
    """Yield every file received: counted, refused, replaced."""
    replaced = [one for duplicate in result.duplicates for one in duplicate.replaced]
    yield from (_entry(one, "Được tính") for one in result.counted)
    for left in result.refused:
        status = f"Từ chối: {left.code}"
        yield _Entry(left.path, "", status, left.sha256, left.size, left.saved)
    yield from (_entry(one, "Bị thay bằng bản sau") for one in replaced)


def _entry(one: Submission, status: str) -> _Entry:
    name, facts = one.unit_name or "", (one.sha256, one.size, one.saved)
    return _Entry(one.path, name, status, *facts, one.form_id, one.form_version)
