"""The sheet ``Tiến độ``: where each unit stands, and what of it is in time.

The day that is due, whether the round is frozen, and each state stand in open cells. What else the
next run needs of a unit is found by its code, wherever its row was sorted to.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Set
from datetime import date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import STATE_LABELS, TIMELINESS_LABELS, UnitRecord
from xl_automation.reading.own_time import in_vietnam
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.places import DUE_NAME, LOCKED_NAME, PROGRESS, PROGRESS_NAME
from xl_automation.summary.progress_tallies import (
    DUE_CELL,
    FIRST_ROW,
    HEADER_ROW,
    LOCKED_CELL,
    LOCKED_WORDS,
    OWES,
    TallyRow,
    owing_codes,
    tallies,
    unit_count,
)
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    OPEN_COLOR,
    SummaryWorkbook,
    caption_height,
    height,
    one_line,
    set_widths,
)
from xl_automation.wording import printable, quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongCell, LongRow

CODE, STATE = "Mã", "Tình trạng"  # the columns that are read back
OWING = "Phải gửi"  # hidden: the tallies count over it
UNIT_WIDTH, HISTORY_WIDTH, FILE_WIDTH = 22, 28, 47
COLUMNS = {  # caption -> width
    CODE: 10,
    "Đơn vị": UNIT_WIDTH,
    STATE: 16,
    "Từ ngày": 12,
    "Lịch sử": HISTORY_WIDTH,
    "Tệp": FILE_WIDTH,
    "Tệp lưu lúc": 17,
    "Đúng hạn": 12,
    "Lỗi": 9,
    "Cảnh báo chưa giải trình": 12,
    "Đã giải trình": 11,
    "Không xét được": 11,
    OWING: 10,
}
_DAY, _MINUTE = "dd/mm/yyyy", "dd/mm/yyyy hh:mm"
_ALLOWED = {
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}


class _Counts(NamedTuple):
    """What is to be seen to in a unit's figures."""

    errors: int
    warnings: int
    settled: int
    undecided: int | None


def write_progress(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the day that is due, what came in time, and a row for each unit."""
    summary.title(sheet, "TIẾN ĐỘ")
    set_widths(sheet, COLUMNS.values())
    hidden = [*COLUMNS].index(OWING)
    sheet.set_column(hidden, hidden, COLUMNS[OWING], None, {"hidden": True})
    _write_round(summary, sheet)
    for row, tally in tallies(summary.result).items():
        _write_tally(summary, sheet, row, tally)
    of_all = (unit_count(summary.result), summary.format(italic=True))
    summary.row(sheet, min(tallies(summary.result)), [of_all], 5)
    summary.head(sheet, COLUMNS, HEADER_ROW)
    sheet.set_row(HEADER_ROW - 1, caption_height(COLUMNS.items()))
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.repeat_rows(HEADER_ROW - 1)
    records = summary.result.records
    last = FIRST_ROW + max(1, len(records)) - 1
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(COLUMNS) - 1)
    sheet.print_area(0, 0, last - 1, hidden - 1)
    state = [*COLUMNS].index(STATE)
    sheet.data_validation(
        *(FIRST_ROW - 1, state, last - 1, state),
        {
            "validate": "list",
            "source": list(STATE_LABELS.values()),
            "input_title": STATE,
            "input_message": "Chọn Trả lại, Đạt hoặc Khóa khi đã làm việc ấy; lần lập sổ sau ghi "
            "ngày vào Lịch sử. Khóa: tệp gửi sau được nêu, không được tính.",
            "error_title": STATE,
            "error_message": "Chọn một tình trạng trong danh sách.",
        },
    )
    summary.name(PROGRESS_NAME, Address.of(PROGRESS, 1, HEADER_ROW))
    summary.rows(sheet, len(records), _rows(summary), FIRST_ROW)
    sheet.set_tab_color(AMBER)  # as all sheets that officers write in
    sheet.protect("", _ALLOWED)


def _write_round(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the two open cells about the whole round."""
    name = summary.format(border=1, bold=True)
    look: dict[str, Any] = {"border": 1, "locked": False, "bg_color": OPEN_COLOR, "align": "center"}
    text, day = summary.format(**look), summary.format(**look, num_format=_DAY)
    hint = summary.format(italic=True)
    due = summary.result.due
    when = None if due is None else datetime.combine(due, time())
    summary.row(sheet, DUE_CELL.row, [("Hạn gửi", name), (when, day)], 2)
    sheet.write_string(
        DUE_CELL.row - 1, 3, "Ngày cuối cùng được gửi. Trống thì không nói đơn vị nào muộn.", hint
    )
    locked = LOCKED_WORDS[summary.result.is_locked]
    summary.row(sheet, LOCKED_CELL.row, [("Khóa cả kỳ", name), (locked, text)], 2)
    sheet.write_string(
        LOCKED_CELL.row - 1,
        3,
        "Có: tệp gửi sau được nêu ở sheet Nhật ký nhưng không được tính.",
        hint,
    )
    sheet.data_validation(
        DUE_CELL.cell,
        {
            "validate": "date",
            "criteria": ">=",
            "value": date(2000, 1, 1),
            "input_title": "Hạn gửi",
            "input_message": "Ghi ngày/tháng/năm rồi lập lại sổ để tính đúng hạn, muộn.",
            "error_title": "Hạn gửi",
            "error_message": "Ghi một ngày, ví dụ 15/06/2022.",
        },
    )
    sheet.data_validation(
        LOCKED_CELL.cell,
        {
            "validate": "list",
            "source": list(LOCKED_WORDS.values()),
            "error_title": "Khóa cả kỳ",
            "error_message": "Chọn Có hoặc Không.",
        },
    )
    summary.name(DUE_NAME, DUE_CELL)
    summary.name(LOCKED_NAME, LOCKED_CELL)


def _write_tally(summary: SummaryWorkbook, sheet: Worksheet, row: int, tally: TallyRow) -> None:
    name = summary.format(border=1)
    number = summary.format(border=1, bold=True, align="center")
    rate = summary.format(border=1, align="center", num_format='0.0" %"')
    summary.row(sheet, row, [(tally.label, name), (tally.number, number), (tally.rate, rate)], 2)


# --- units -------------------------------------------------------------------------------------


def _rows(summary: SummaryWorkbook) -> map[LongRow]:
    """Return the rows of the units, in the order of the list."""
    open_cell: dict[str, Any] = {"border": 1, "locked": False, "valign": "top"}
    plain = summary.format(**open_cell, text_wrap=True)
    looks = {
        "text": plain,
        "state": summary.format(**open_cell, bold=True, bg_color=OPEN_COLOR),
        "link": summary.format(**open_cell, font_color=BLUE, underline=1),
        "day": summary.format(**open_cell, num_format=_DAY, align="center"),
        "minute": summary.format(**open_cell, num_format=_MINUTE, align="center"),
        "count": summary.format(**open_cell, align="center"),
    }
    counts = _counts(summary.result)
    paths = {submission.unit_code: submission.path for submission in summary.result.counted}
    make = partial(_row, summary, looks, counts, paths, owing_codes(summary.result))
    return map(make, summary.result.records.values())


def _row(
    summary: SummaryWorkbook,
    looks: Mapping[str, Any],
    counts: Mapping[str, _Counts],
    paths: Mapping[str | None, Path],
    owing: Set[str | None],
    record: UnitRecord,
) -> LongRow:
    count, name, history = counts.get(record.code), quoted(record.name), history_words(record)
    since = record.history[-1][1] if record.history else None
    path = paths.get(record.code)
    came = printable(record.came)
    file: LongCell = (came, looks["text"])
    wrapped = [(name, UNIT_WIDTH), (history, HISTORY_WIDTH)]
    if path is not None and file_name(path) == printable(record.file):
        file = (summary.links.link(path, one_line(came, FILE_WIDTH)), looks["link"])
    else:
        wrapped.append((came, FILE_WIDTH))
    timeliness = TIMELINESS_LABELS[record.timeliness] if record.timeliness else None
    numbers: list[LongCell] = [(number, looks["count"]) for number in count or (None,) * 4]
    return LongRow(
        [
            (record.code, looks["text"]),
            (name, looks["text"]),
            (STATE_LABELS[record.state], looks["state"]),
            (None if since is None else datetime.combine(since, time()), looks["day"]),
            (history, looks["text"]),
            file,
            (_local(record.written), looks["minute"]),
            (timeliness, looks["count"]),
            *numbers,
            (OWES if record.code in owing else None, looks["text"]),
        ],
        height(wrapped),
    )


def history_words(record: UnitRecord) -> str:
    """Return the states that a unit came to with their days: ``Đã nhận 27/11/2026; …``."""
    return "; ".join(f"{STATE_LABELS[state]} {day:%d/%m/%Y}" for state, day in record.history)


def _local(written: datetime | None) -> datetime | None:
    """Return a time in UTC as it is in Vietnam, without its zone."""
    return None if written is None else in_vietnam(written).replace(tzinfo=None)


def _counts(result: Consolidation) -> Mapping[str, _Counts]:
    """Return what there is to see to in the cells of each unit that counts, by its code."""
    findings: Counter[tuple[str, str]] = Counter()
    for located in result.findings:
        if located.submission is not None and located.finding.cells:
            finding = located.finding
            kind = "settled" if finding.settled else finding.severity
            findings[located.code, kind] += 1
    undecided = dict(zip((one.unit_code for one in result.counted), result.undecided, strict=False))
    return {
        code: _Counts(
            findings[code, "error"],
            findings[code, "warning"],
            findings[code, "settled"],
            undecided.get(code),
        )
        for code in (submission.unit_code or "" for submission in result.counted)
    }
