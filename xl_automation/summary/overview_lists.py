"""The lists at the end of the sheet ``Tổng quan``: what changed last, who is missing, what came."""

from __future__ import annotations

from collections.abc import Iterator

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import Duplicate
from xl_automation.forms.numbers import show
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.changes_sheet import CHANGES
from xl_automation.summary.events_sheet import TIME_FORMAT
from xl_automation.summary.grid import WHOLE, Grid, Span
from xl_automation.summary.places import EVENTS, FIRST_ROW
from xl_automation.summary.summary_workbook import BLUE
from xl_automation.wording import quoted, sentence
from xl_automation.xlsx.address import Address

SPANS = (Span(1, 4), Span(5, 2), Span(7, 6))  # of the three columns of every list
LATEST = 12  # changes that are shown here
NONE = "(không có)"
Line = tuple[str, str, str]


def write_lists(grid: Grid, row: int) -> tuple[list[int], int]:
    """Write all lists from *row* on; return the rows of their heads, and the last row."""
    heads, row = [row], _write_events(grid, row)
    look = grid.summary.format(border=1, text_wrap=True, valign="top")
    for captions, lines in _lists(grid.summary.result):
        row += 2
        heads.append(row)
        grid.head(row, dict(zip(captions, SPANS, strict=True)))
        for line in lines:
            row += 1
            texts = list(zip(line, SPANS, strict=True))
            for text, span in texts:
                grid.write(row, span, (text, look))
            grid.fit(row, texts)
        if not lines:
            row += 1
            grid.write(row, WHOLE, (NONE, look))
    return heads, row


def _write_events(grid: Grid, row: int) -> int:
    """Write what changed last, from *row* on, and a link to the rest; return the last row."""
    text = grid.summary.format(border=1, text_wrap=True, valign="top")
    time = grid.summary.format(border=1, num_format=TIME_FORMAT, align="left", valign="top")
    events = grid.summary.result.events
    captions = ("Thay đổi gần đây: đơn vị", "Lúc", "Thay đổi")
    grid.head(row, dict(zip(captions, SPANS, strict=True)))
    for event in events[:LATEST]:
        row += 1
        unit, what = quoted(event.unit), sentence(event.what)
        grid.write(row, SPANS[0], (unit, text))
        grid.write(row, SPANS[1], (event.time, time))
        grid.write(row, SPANS[2], (what, text))
        grid.fit(row, [(unit, SPANS[0]), (what, SPANS[2])])
    if not events:
        row += 1
        grid.write(row, WHOLE, (NONE, text))
    elif len(events) > LATEST:
        row += 1
        link = grid.summary.format(font_color=BLUE, underline=1)
        words = f"Xem đủ {show(len(events))} thay đổi ở sheet {EVENTS}"
        grid.link(row, WHOLE, (words, link), Address.of(EVENTS, "A", FIRST_ROW).link)
    return row


def _lists(result: Consolidation) -> Iterator[tuple[Line, list[Line]]]:
    """Yield the captions and the lines of each list."""
    yield (
        ("Đơn vị chưa gửi", "Mã", "Việc cần làm"),
        [
            (quoted(unit.name), quoted(unit.code), "Đôn đốc đơn vị gửi tệp")
            for unit in result.missing
        ],
    )
    yield (
        ("Tệp bị từ chối", "Mã lý do", "Lý do và cách xử lý"),
        [(file_name(refused.path), refused.cause, refused.message) for refused in result.refused],
    )
    sent_twice = [
        (
            quoted(duplicate.name),
            quoted(duplicate.unit),
            f"{duplicate.file(duplicate.chosen)} trong: "
            + ", ".join(map(duplicate.file, duplicate.paths))
            + _changed(duplicate),
        )
        for duplicate in result.duplicates
    ]
    yield ("Đơn vị gửi nhiều tệp", "Mã", "Tệp được tính trong các tệp"), sent_twice


def _changed(duplicate: Duplicate) -> str:
    """Return in how many figures the files differ, and where that is seen."""
    count = len({change.id for change in duplicate.changes})
    return f"; khác nhau {count} chỉ tiêu, xem sheet {CHANGES}" if count else ""
