"""The sheet ``Bản thay thế``: the figures in which the files of one unit differ, old and new."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import Duplicate, FigureChange
from xl_automation.forms.words import shown_id
from xl_automation.summary.list_sheet import write_list
from xl_automation.summary.summary_workbook import BLUE, SummaryWorkbook, height, one_line
from xl_automation.wording import quoted
from xl_automation.xlsx.long_rows import LongRow

CHANGES = "Bản thay thế"
LABEL_WIDTH, FIGURE_WIDTH, FILE_WIDTH = 40, 16, 48
COLUMNS = {  # caption -> width
    "Mã": 10,
    "Đơn vị": 22,
    "Chỉ tiêu": 10,
    "Tên chỉ tiêu": LABEL_WIDTH,
    "Bản cũ": FIGURE_WIDTH,
    "Bản được tính": FIGURE_WIDTH,
    "Tệp bản cũ": FILE_WIDTH,
    "Tệp được tính": FILE_WIDTH,
}


class _Change(NamedTuple):
    duplicate: Duplicate
    change: FigureChange


def changed_figures(result: Consolidation) -> Sequence[_Change]:
    """Return every figure in which a replaced file differs, with the unit that sent both."""
    return [
        _Change(duplicate, change)
        for duplicate in result.duplicates
        for change in duplicate.changes
    ]


def write_changes(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the figures, a row each."""
    text = summary.format(border=1, text_wrap=True, valign="top")
    link = summary.format(border=1, font_color=BLUE, underline=1, valign="top")
    figure = summary.format(
        border=1, num_format="General", text_wrap=True, valign="top", align="right"
    )
    form = summary.form

    def row(entry: _Change) -> LongRow:
        duplicate, (path, id, old, new) = entry
        label = form.by_id[id].label if id in form.by_id else shown_id(form, id)
        names = (
            (file, one_line(duplicate.file(file), FILE_WIDTH)) for file in (path, duplicate.chosen)
        )
        wrapped = [(label, LABEL_WIDTH)]
        wrapped += [(value, FIGURE_WIDTH) for value in (old, new) if isinstance(value, str)]
        return LongRow(
            [
                (quoted(duplicate.unit), text),
                (quoted(duplicate.name), text),
                (id, text),
                (label, text),
                (old, figure),
                (new, figure),
                *((summary.links.link(file, name), link) for file, name in names),
            ],
            height(wrapped),
        )

    write_list(
        summary, sheet, "BẢN CŨ VÀ BẢN ĐƯỢC TÍNH", COLUMNS, changed_figures(summary.result), row
    )
