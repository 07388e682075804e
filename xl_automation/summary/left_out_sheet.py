"""The sheet ``Không tính``: each figure that a unit reported and that is in no total, and why."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.register import LeftOut
from xl_automation.forms.words import shown_id
from xl_automation.summary.left_out import CAUSE_WORDS
from xl_automation.summary.list_sheet import InnerLinks, write_list
from xl_automation.summary.places import FIRST_ROW, MATRIX, matrix_column
from xl_automation.summary.summary_workbook import BLUE, SummaryWorkbook, height
from xl_automation.wording import quoted, sentence
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongRow

LABEL_WIDTH, REASON_WIDTH = 60, 60
COLUMNS = {  # caption -> width; formulas look into the third, the fifth and the sixth
    "Mã": 10,
    "Đơn vị": 26,
    "Chỉ tiêu": 10,
    "Tên chỉ tiêu": LABEL_WIDTH,
    "Số không tính": 18,
    "Vì sao": 18,
    "Lý do": REASON_WIDTH,
}


def write_left_out(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the figures, a row each."""
    text = summary.format(border=1, text_wrap=True, valign="top")
    link = summary.format(border=1, font_color=BLUE, underline=1, valign="top")
    number = summary.format(border=1, num_format="#,##0.######", valign="top")
    links = InnerLinks()
    rows = {code: row for row, (code, _) in enumerate(summary.units, start=FIRST_ROW)}
    form = summary.form

    def row(left: LeftOut) -> LongRow:
        unit_row = rows.get(left.unit)
        helped = form.helper_ids.get(left.indicator)
        id = helped.id if helped else left.indicator
        label = form.by_id[id].label if id in form.by_id else shown_id(form, id)
        unit = unit_row and Address.of(MATRIX, matrix_column("unit"), unit_row)
        figure = summary.places.totals_cell("stt", id) if id in form.by_id else None
        reason = sentence(left.reason)
        return LongRow(
            [
                (left.unit, text),
                (links.link(quoted(left.name), unit or None), link),
                (links.link(left.indicator, figure), link),
                (label, text),
                (left.value, number),
                (CAUSE_WORDS[left.cause], text),
                (reason, text),
            ],
            height(((label, LABEL_WIDTH), (reason, REASON_WIDTH))),
        )

    write_list(summary, sheet, "SỐ LIỆU KHÔNG TÍNH VÀO TỔNG", COLUMNS, summary.result.left_out, row)
