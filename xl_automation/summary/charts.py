"""The charts of the sheet ``Tổng quan``."""

from __future__ import annotations

from typing import Any

from xl_automation.summary.places import FIRST_UNIT_ROW, MATRIX, MATRIX_COLUMNS, OVERVIEW, TOTALS
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    HEAD,
    RED,
    SummaryWorkbook,
)

# --- charts ------------------------------------------------------------------------------------


def files_chart(draft: SummaryWorkbook) -> Any:
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


def rates_chart(draft: SummaryWorkbook) -> Any:
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


def findings_chart(draft: SummaryWorkbook) -> Any:
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
