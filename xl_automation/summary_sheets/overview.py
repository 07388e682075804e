"""The sheet ``Tổng quan``: how many files came, who is missing, what was refused, and charts."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation import Consolidation, file_name
from xl_automation.findings import SEVERITY_LABELS
from xl_automation.summary_sheets.draft import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    HEAD,
    MAX_TEXT,
    RED,
    Draft,
    height,
    set_widths,
)
from xl_automation.summary_sheets.places import (
    FIRST_UNIT_ROW,
    FORM_CELL,
    FORM_NAME,
    MATRIX,
    MATRIX_COLUMNS,
    OVERVIEW,
    PERIOD_CELL,
    PERIOD_NAME,
    TOTALS,
)

FIRST_FACT_ROW = 3  # 0-based
WIDTHS = (44, 16, 70)

Line = tuple[str, str, str]


def write_overview(draft: Draft, sheet: Worksheet) -> None:
    """Write the counts, the lists of units and files behind them, and the charts."""
    draft.title(sheet, "TỔNG QUAN")
    set_widths(sheet, WIDTHS)
    row = _write_facts(draft, sheet)
    _write_lists(draft, sheet, row + 2)
    # One below the other, however tall the rows beside them are.
    sheet.insert_chart("E4", _files_chart(draft))
    sheet.insert_chart("E4", _rates_chart(draft), {"y_offset": 275})
    if draft.result.communes:
        sheet.insert_chart("E4", _findings_chart(draft), {"y_offset": 710})


# --- facts -------------------------------------------------------------------------------------


def _write_facts(draft: Draft, sheet: Worksheet) -> int:
    """Write the counts and whether they agree; return the row of the last line."""
    result = draft.result
    name, value = draft.format(border=1), draft.format(border=1, bold=True, align="left")
    facts = _facts(result)
    for row, (label, fact) in enumerate(facts, start=FIRST_FACT_ROW):
        sheet.write_string(row, 0, label, name)
        write = sheet.write_number if isinstance(fact, int) else sheet.write_string
        write(row, 1, fact, value)
    for defined, cell in ((PERIOD_NAME, PERIOD_CELL), (FORM_NAME, FORM_CELL)):
        draft.book.define_name(defined, f"='{OVERVIEW}'!${cell[0]}${cell[1:]}")
    agrees = result.received == len(result.counted) + len(result.refused) + result.superseded
    row = FIRST_FACT_ROW + len(facts)
    sheet.write_string(row, 0, "Đối soát: nhận = tính + từ chối + thay thế", name)
    sheet.write_formula(
        row, 1, '=IF(B9=B10+B11+B12,"✓ Khớp","✗ Lệch")', value, "✓ Khớp" if agrees else "✗ Lệch"
    )
    return row


def _facts(result: Consolidation) -> list[tuple[str, int | str]]:
    severities = [located.finding.severity for located in result.findings]
    return [
        ("Kỳ báo cáo", result.period.code if result.period else ""),
        ("Biểu mẫu", f"{result.form.id} ({result.form.version})"),
        ("Số xã, phường phải gửi", len(result.units)),
        ("Số xã, phường được tính", len(result.communes)),
        ("Sổ của thành phố", 1 if result.city else 0),
        ("Tệp nhận được", result.received),
        ("  Tệp được tính", len(result.counted)),
        ("  Tệp bị từ chối", len(result.refused)),
        ("  Tệp bị thay bằng bản sau", result.superseded),
        ("Đơn vị chưa gửi", len(result.missing)),
        *((f"Số {label.lower()}", severities.count(one)) for one, label in SEVERITY_LABELS.items()),
    ]


# --- lists -------------------------------------------------------------------------------------


def _write_lists(draft: Draft, sheet: Worksheet, row: int) -> None:
    """Write who is missing, what was refused and what was replaced, from *row* on."""
    cell = draft.format(border=1, text_wrap=True)
    for captions, lines in _lists(draft.result):
        draft.head(sheet, row, captions)
        for line in lines or [("(không có)", "", "")]:
            row += 1
            sheet.set_row(row, height(zip(line, WIDTHS, strict=True)))
            for column, text in enumerate(line):
                sheet.write_string(row, column, text[:MAX_TEXT], cell)
        row += 2


def _lists(result: Consolidation) -> list[tuple[Line, list[Line]]]:
    """Return the captions and the lines of each list."""
    return [
        (
            ("Đơn vị chưa gửi", "Mã", "Việc cần làm"),
            [(unit.name, unit.code, "Đôn đốc đơn vị gửi tệp") for unit in result.missing],
        ),
        (
            ("Tệp bị từ chối", "Mã lý do", "Lý do và cách xử lý"),
            [(file_name(one.path), one.code, one.message) for one in result.refused],
        ),
        (
            ("Đơn vị gửi nhiều tệp", "Mã", "Tệp được tính (lưu sau cùng) trong các tệp"),
            [
                (
                    one.name,
                    one.unit,
                    f"{file_name(one.chosen)} trong: " + ", ".join(map(file_name, one.paths)),
                )
                for one in result.duplicates
            ],
        ),
    ]


# --- charts ------------------------------------------------------------------------------------


def _files_chart(draft: Draft) -> Any:
    chart = draft.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Số tệp",
            "categories": [OVERVIEW, 9, 0, 12, 0],
            "values": [OVERVIEW, 9, 1, 12, 1],
            "fill": {"color": BLUE},
            "data_labels": {"value": True},
            "points": [{"fill": {"color": c}} for c in (GREEN, RED, AMBER, GREY)],
        }
    )
    chart.set_title({"name": "Tình hình nhận tệp", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": 620, "height": 260})
    return chart


def _rates_chart(draft: Draft) -> Any:
    rates = [i for i in draft.form.figures if i.aggregate in ("ratio", "ratio_shared")]
    rows = [draft.places.rows[item.id] for item in rates]
    chart = draft.book.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Tỷ lệ (%)",
            "fill": {"color": HEAD},
            "gap": 60,
            "categories": f"=({','.join(f'{TOTALS!r}!$B${row}' for row in rows)})",
            "values": f"=({','.join(f'{TOTALS!r}!$D${row}' for row in rows)})",
            "data_labels": {"value": True},
        }
    )
    chart.set_title(
        {"name": "Tỷ lệ tính lại từ tổng các thành phần (%)", "name_font": {"size": 12}}
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_x_axis({"min": 0})
    chart.set_size({"width": 620, "height": 420})
    return chart


def _findings_chart(draft: Draft) -> Any:
    first, last = FIRST_UNIT_ROW - 1, draft.places.last_unit_row - 1
    chart = draft.book.add_chart({"type": "column", "subtype": "stacked"})
    for column, color in ((3, RED), (4, AMBER)):
        chart.add_series(
            {
                "name": MATRIX_COLUMNS[column],
                "fill": {"color": color},
                "gap": 40,
                "categories": [MATRIX, first, 1, last, 1],
                "values": [MATRIX, first, column, last, column],
            }
        )
    chart.set_title({"name": "Lỗi và cảnh báo theo đơn vị", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"num_font": {"size": 8, "rotation": -60}})
    chart.set_size({"width": 620, "height": 380})
    return chart
