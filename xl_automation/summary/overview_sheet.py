"""The sheet ``Tổng quan``: how many files came, who is missing, what was refused, and charts."""

from __future__ import annotations

from collections.abc import Iterator

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.numbers import show
from xl_automation.reading.refused_file import file_name
from xl_automation.summary.charts import MAX_CHARTED, files_chart, findings_chart, rates_chart
from xl_automation.summary.facts import FIRST_FACT_ROW, fact_cells, facts
from xl_automation.summary.matrix_sheet import CAPTIONS
from xl_automation.summary.places import FORM_NAME, MATRIX, PERIOD_NAME
from xl_automation.summary.summary_workbook import SummaryWorkbook, height, set_widths
from xl_automation.wording import quoted

WIDTHS = (44, 16, 70)
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
    lines = facts(summary.result)
    cells = fact_cells(lines)
    for name, fact in lines.items():
        summary.row(sheet, cells[name].row, [(fact.label, name_look), (fact.value, value_look)])
    summary.name(PERIOD_NAME, cells["period"])
    summary.name(FORM_NAME, cells["form"])
    return cells["reconciled"].row


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
            f"{file_name(duplicate.chosen)} trong: " + ", ".join(map(file_name, duplicate.paths)),
        )
        for duplicate in result.duplicates
    ]
    yield ("Đơn vị gửi nhiều tệp", "Mã", "Tệp được tính (lưu sau cùng) trong các tệp"), sent_twice
