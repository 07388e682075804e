"""The sheet ``Tổng quan``: how many files came, who is missing, what was refused, and charts."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import Duplicate
from xl_automation.forms.numbers import show
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.changes_sheet import CHANGES
from xl_automation.summary.charts import MAX_CHARTED, files_chart, findings_chart, rates_chart
from xl_automation.summary.events_sheet import TIME_FORMAT
from xl_automation.summary.facts import FIRST_FACT_ROW, fact_cells, facts
from xl_automation.summary.matrix_heads import CAPTIONS
from xl_automation.summary.places import EVENTS, FIRST_ROW, FORM_NAME, MATRIX, PERIOD_NAME
from xl_automation.summary.summary_workbook import BLUE, SummaryWorkbook, height, set_widths
from xl_automation.wording import quoted, sentence
from xl_automation.xlsx.address import Address

WIDTHS = (44, 18, 70)
LATEST = 12  # changes that are shown here
CHART_GAP = 15  # pixels
Line = tuple[str, str, str]


def write_overview(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the counts, the lists of units and files behind them, and the charts."""
    summary.title(sheet, "TỔNG QUAN")
    set_widths(sheet, WIDTHS)
    if len(summary.units) > MAX_CHARTED:
        summary.note(
            sheet,
            f"Quá {show(MAX_CHARTED)} đơn vị nên không vẽ biểu đồ theo đơn vị; lọc hoặc sắp xếp"
            f" cột {CAPTIONS['error']} ở sheet {MATRIX}.",
        )
    last_row = _write_facts(summary, sheet)
    last_row = _write_events(summary, sheet, last_row + 2)
    _write_lists(summary, sheet, last_row + 2)
    offset = 0  # one chart below the other, however tall the rows beside them are
    for chart in filter(
        None, (files_chart(summary), rates_chart(summary), findings_chart(summary))
    ):
        sheet.insert_chart(FIRST_FACT_ROW - 1, len(WIDTHS) + 1, chart, {"y_offset": offset})
        offset += chart.height + CHART_GAP


def _write_facts(summary: SummaryWorkbook, sheet: Worksheet) -> int:
    """Write the counts and whether they agree; return the row of the last line."""
    name_look = summary.format(border=1)
    value_look = summary.format(border=1, bold=True, align="left")
    day_look = summary.format(border=1, bold=True, align="left", num_format="dd/mm/yyyy")
    share_look = summary.format(align="left", num_format='0.0" % số đơn vị"')
    lines = facts(summary.result)
    cells = fact_cells(lines)
    for name, fact in lines.items():
        value = (fact.value, day_look if fact.is_day else value_look)
        summary.row(sheet, cells[name].row, [(fact.label, name_look), value])
        if fact.share:
            summary.row(sheet, cells[name].row, [(fact.share, share_look)], 3)
    summary.name(PERIOD_NAME, cells["period"])
    summary.name(FORM_NAME, cells["form"])
    return max(cell.row for cell in cells.values())


def _write_events(summary: SummaryWorkbook, sheet: Worksheet, row: int) -> int:
    """Write what changed last, from *row* on, and a link to the rest; return the last row."""
    text = summary.format(border=1, text_wrap=True, valign="top")
    time = summary.format(border=1, num_format=TIME_FORMAT, align="left", valign="top")
    events = summary.result.events
    summary.head(sheet, ("Thay đổi gần đây: đơn vị", "Lúc", "Thay đổi"), row)
    for event in events[:LATEST]:
        row += 1
        unit, what = quoted(event.unit), sentence(event.what)
        sheet.set_row(row - 1, height(((unit, WIDTHS[0]), (what, WIDTHS[2]))))
        summary.row(sheet, row, [(unit, text), (event.time, time), (what, text)])
    if not events:
        row += 1
        summary.row(sheet, row, [("(không có)", text), ("", text), ("", text)])
    elif len(events) > LATEST:
        row += 1
        link = summary.format(font_color=BLUE, underline=1)
        place = Address.of(EVENTS, "A", FIRST_ROW)
        words = f"Xem đủ {show(len(events))} thay đổi ở sheet {EVENTS}"
        sheet.write_url(row - 1, 0, f"internal:{place.link}", link, words)
    return row


# --- lists -------------------------------------------------------------------------------------


def _write_lists(summary: SummaryWorkbook, sheet: Worksheet, row: int) -> None:
    """Write who is missing, what was refused and what was replaced, from *row* on."""
    look = summary.format(border=1, text_wrap=True)
    for captions, lines in _lists(summary.result):
        summary.head(sheet, captions, row)
        for line in lines or [("(không có)", "", "")]:
            row += 1
            sheet.set_row(row - 1, height(zip(line, WIDTHS, strict=True)))
            summary.row(sheet, row, ((text, look) for text in line))
        row += 2


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
            f"{file_name(duplicate.chosen)} trong: "
            + ", ".join(map(file_name, duplicate.paths))
            + _changed(duplicate),
        )
        for duplicate in result.duplicates
    ]
    yield ("Đơn vị gửi nhiều tệp", "Mã", "Tệp được tính trong các tệp"), sent_twice


def _changed(duplicate: Duplicate) -> str:
    """Return in how many figures the files differ, and where that is seen."""
    count = len({change.id for change in duplicate.changes})
    return f"; khác nhau {count} chỉ tiêu, xem sheet {CHANGES}" if count else ""
