"""The sheet ``Diễn biến``: what changed from run to run, the latest first."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.register import Event
from xl_automation.summary.list_sheet import write_list
from xl_automation.summary.summary_workbook import SummaryWorkbook, height
from xl_automation.wording import quoted, sentence
from xl_automation.xlsx.long_rows import LongCell, LongRow

TIME_FORMAT = "dd/mm/yyyy hh:mm"
UNIT_WIDTH, WHAT_WIDTH = 30, 120
COLUMNS = {"Lúc": 18, "Đơn vị": UNIT_WIDTH, "Thay đổi": WHAT_WIDTH}  # caption -> width


def write_events(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the events, a row each."""
    text = summary.format(border=1, text_wrap=True, valign="top")
    time = summary.format(border=1, num_format=TIME_FORMAT, valign="top", align="center")

    def row(event: Event) -> LongRow:
        unit, what = quoted(event.unit), sentence(event.what)
        cells: list[LongCell] = [(event.time, time), (unit, text), (what, text)]
        return LongRow(cells, height(((unit, UNIT_WIDTH), (what, WHAT_WIDTH))))

    write_list(summary, sheet, "DIỄN BIẾN", COLUMNS, summary.result.events, row)
