"""The sheet ``Quyết định``: what the city decided, in open cells, kept from run to run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.decisions import (
    KIND_WORDS,
    STATE_WORDS,
    Decision,
    DecisionState,
    JudgedDecision,
)
from xl_automation.summary.cell import SummaryCell
from xl_automation.summary.choices_sheet import choice_source, unit_labels
from xl_automation.summary.places import DECISIONS_NAME, FIRST_ROW, HEADER_ROW
from xl_automation.summary.summary_workbook import (
    AMBER,
    GREEN,
    GREY,
    OPEN_COLOR,
    RED,
    SummaryWorkbook,
    caption_height,
    height,
    set_widths,
)
from xl_automation.xlsx.address import Address

DECISIONS = "Quyết định"
OPEN_ROWS = 200  # below those in use
PRINTED_ROWS = 12  # of them: decisions of one run, and no empty pages
STATE_COLORS: Mapping[DecisionState, str] = {
    "applied": GREEN,
    "unmatched": AMBER,
    "expired": GREY,
    "unclear": RED,
}
STATE_WIDTH = 40


@dataclass(frozen=True, slots=True)
class _Column:
    """An open column: the field of a decision in it, its width, and what to write there."""

    field: str
    width: int
    advice: str


COLUMNS: Mapping[str, _Column] = {
    "Đơn vị": _Column("unit", 29, "Chọn đơn vị; * là mọi đơn vị."),
    "Chỉ tiêu": _Column("indicator", 11, "Chọn mã chỉ tiêu; * hoặc trống là mọi chỉ tiêu."),
    "Quy tắc": _Column(
        "rule",
        13,
        "Với “Chấp nhận”: quy tắc được bỏ qua, như ở cột Quy tắc của sheet Điểm cần xem lại. "
        "Với “Loại khỏi tổng”: để trống.",
    ),
    "Quyết định": _Column(
        "decision",
        17,
        "Loại khỏi tổng: số không vào tổng nhưng vẫn hiện. Chấp nhận: điểm cần xem lại coi như "
        "đã giải trình.",
    ),
    "Lý do": _Column("reason", 40, "Bắt buộc ghi. Lý do hiện cạnh tổng và trong báo cáo."),
    "Người quyết định": _Column("by", 22, "Họ tên, chức vụ người quyết định."),
    "Đến hết kỳ": _Column(
        "until", 12, "Kỳ cuối cùng còn áp dụng, ví dụ 2022-N. Trống: chỉ kỳ này."
    ),
    "Tệp": _Column(
        "file",
        25,
        "Khi một đơn vị gửi nhiều tệp, với “Chấp nhận” quy tắc gửi trùng: tên tệp được tính.",
    ),
}
STATE = "Tình trạng"
_KINDS: Mapping[str, str] = {kind: words for kind, words in KIND_WORDS.items()}


def write_decisions(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the decisions, a row each, and open rows below them."""
    summary.title(sheet, f"QUYẾT ĐỊNH CỦA {summary.form.city.upper()}")
    sheet.write_string(
        2,
        0,
        "Ghi mỗi quyết định một dòng rồi lập lại sổ tổng hợp vào chính tệp này: mọi chữ ở đây được "
        "giữ nguyên, cột Tình trạng do chương trình ghi.",
        summary.format(italic=True),
    )
    columns = {caption: column.width for caption, column in COLUMNS.items()} | {STATE: STATE_WIDTH}
    set_widths(sheet, columns.values())
    summary.head(sheet, columns)
    sheet.set_row(HEADER_ROW - 1, caption_height(columns.items()))
    sheet.freeze_panes(HEADER_ROW, 1)
    sheet.repeat_rows(HEADER_ROW - 1)
    summary.name(DECISIONS_NAME, Address.of(DECISIONS, 1, HEADER_ROW))
    decisions = summary.result.decisions
    labels = unit_labels(summary)
    for row, judged in enumerate(decisions, start=FIRST_ROW):
        texts = list(_texts(judged.decision, labels))
        told = _told(judged)
        sheet.set_row(row - 1, height(zip([*texts, told], columns.values(), strict=True)))
        summary.row(sheet, row, _cells(summary, texts, told, STATE_COLORS[judged.state]))
    last = FIRST_ROW + len(decisions) + OPEN_ROWS - 1
    blank = [""] * len(COLUMNS)
    for row in range(FIRST_ROW + len(decisions), last + 1):
        summary.row(sheet, row, _cells(summary, blank, "", GREY))
    sheet.autofilter(HEADER_ROW - 1, 0, last - 1, len(COLUMNS))
    sheet.print_area(0, 0, last - OPEN_ROWS + PRINTED_ROWS - 1, len(COLUMNS))
    _write_lists(summary, sheet, last)
    # A cell that is locked could not be sorted with its row: a list that refuses every word
    # keeps people out of the last column instead.
    sheet.protect("", _ALLOWED)
    sheet.set_tab_color(AMBER)


_ALLOWED = {
    "sort": True,
    "autofilter": True,
    "format_cells": True,
    "format_columns": True,
    "format_rows": True,
}


def _texts(decision: Decision, labels: Mapping[str, str]) -> Iterator[str]:
    """Yield the text of each open cell: units and decisions as the lists have them."""
    for column in COLUMNS.values():
        text: str = getattr(decision, column.field)
        if column.field == "unit":
            text = labels.get(text, text)
        elif column.field == "decision":
            text = _KINDS.get(text, text)
        yield text


def _told(judged: JudgedDecision) -> str:
    words = STATE_WORDS[judged.state]
    return f"{words}: {judged.told}" if judged.told else words


def _cells(
    summary: SummaryWorkbook, texts: list[str], told: str, color: str
) -> Iterator[SummaryCell]:
    # As text, so that 1.1 stays no number and no date.
    open_look = summary.format(
        border=1, text_wrap=True, valign="top", num_format="@", locked=False, bg_color=OPEN_COLOR
    )
    state = summary.format(
        border=1, text_wrap=True, valign="top", font_color=color, locked=False, bg_color="#F2F2F2"
    )
    for text in texts:
        yield text or None, open_look
    yield told or None, state


def _write_lists(summary: SummaryWorkbook, sheet: Worksheet, last: int) -> None:
    """Write what can be chosen in each column, and what to write there."""
    sources: Mapping[str, Any] = {
        "unit": choice_source(summary, "unit"),
        "indicator": choice_source(summary, "indicator"),
        "rule": choice_source(summary, "rule"),
        "decision": list(KIND_WORDS.values()),
        "until": choice_source(summary, "until"),
    }
    for number, (caption, column) in enumerate(COLUMNS.items()):
        source = sources.get(column.field)
        sheet.data_validation(
            FIRST_ROW - 1,
            number,
            last - 1,
            number,
            {
                **({"validate": "list", "source": source} if source else {"validate": "any"}),
                "input_title": caption,
                "input_message": column.advice,
                # A code that is typed is never barred: what is not understood is said later.
                "error_type": "information",
                "error_title": caption,
                "error_message": "Không có trong danh sách. Nếu đúng là như vậy thì bấm OK.",
            },
        )
    sheet.data_validation(
        FIRST_ROW - 1,
        len(COLUMNS),
        last - 1,
        len(COLUMNS),
        {
            "validate": "custom",
            "value": "=FALSE",
            "input_title": STATE,
            "input_message": "Do chương trình ghi mỗi lần lập sổ.",
            "error_title": STATE,
            "error_message": "Cột này do chương trình ghi; hãy ghi ở các cột bên trái.",
        },
    )
