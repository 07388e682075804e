"""The charts of the sheet ``Tổng quan``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from xl_automation.consolidation.intake import sender
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.summary.facts import VALUE_COLUMN, FactName, fact_cells, facts
from xl_automation.summary.matrix_heads import CAPTIONS
from xl_automation.summary.places import (
    FIRST_ROW,
    MATRIX,
    OVERVIEW,
    TotalsColumn,
    matrix_column,
)
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    RED,
    SummaryWorkbook,
)
from xl_automation.xlsx.cell_text import cell_text

WIDTH = 620  # pixels
MAX_CHARTED = 400  # units; of more no bar would be wider than a pixel
FILES: Mapping[FactName, str] = {  # facts that stand below each other -> color
    "counted": GREEN,
    "refused": RED,
    "superseded": AMBER,
    "missing": GREY,
}
SEVERITIES: Mapping[Literal["error", "warning"], str] = {"error": RED, "warning": AMBER}
Chart = Any  # XlsxWriter states no types


def files_chart(summary: SummaryWorkbook) -> Chart:
    """Return the chart of what became of the files."""
    cells = fact_cells(facts(summary.result))
    first, *_, last = (cells[name].row - 1 for name in FILES)
    values = VALUE_COLUMN - 1
    chart = summary.workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Số tệp",
            "categories": [OVERVIEW, first, values - 1, last, values - 1],
            "values": [OVERVIEW, first, values, last, values],
            "fill": {"color": BLUE},
            "data_labels": {"value": True},
            "points": [{"fill": {"color": color}} for color in FILES.values()],
        }
    )
    chart.set_title({"name": "Tình hình nhận tệp", "name_font": {"size": 12}})
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True})
    chart.set_size({"width": WIDTH, "height": 260})
    return chart


def rates_chart(summary: SummaryWorkbook) -> Chart | None:
    """Return the chart of the recomputed rates, None where the form has none."""
    ids = [item.id for item in summary.form.figures if aggregate_of(item).is_rate]
    if not ids:
        return None
    chart = summary.workbook.add_chart({"type": "bar"})
    chart.add_series(
        {
            "name": "Tỷ lệ (%)",
            "fill": {"color": BLUE},
            "gap": 60,
            "categories": _cells(summary, "label", ids),
            "values": _cells(summary, "total", ids),
            "data_labels": {"value": True},
        }
    )
    chart.set_title(
        {"name": "Tỷ lệ tính lại từ tổng các thành phần (%)", "name_font": {"size": 12}}
    )
    chart.set_legend({"none": True})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 8}})
    chart.set_x_axis({"min": 0})
    chart.set_size({"width": WIDTH, "height": 420})
    return chart


def _cells(summary: SummaryWorkbook, column: TotalsColumn, ids: Sequence[str]) -> str:
    """Return the cells of some rows of the totals, as a chart refers to them."""
    cells = (summary.places.totals_cell(column, id).reference for id in ids)
    return f"=({','.join(cells)})"


def findings_chart(summary: SummaryWorkbook) -> Chart | None:
    """Return the chart of the findings of each unit, None where there are none or too many."""
    if not summary.result.communes or len(summary.units) > MAX_CHARTED:
        return None
    sent = {commune.unit_code: sender(commune) for commune in summary.result.communes}
    # The cells are not there yet when XlsxWriter looks for what they hold.
    labels = [cell_text(name) for _, name in summary.units]
    first, last = FIRST_ROW - 1, summary.places.last_unit_row - 1
    names = matrix_column("unit") - 1
    chart = summary.workbook.add_chart({"type": "column", "subtype": "stacked"})
    for severity, color in SEVERITIES.items():
        column = matrix_column(severity) - 1
        counts = [
            summary.severities[sent[code], severity] if code in sent else None
            for code, _ in summary.units
        ]
        chart.add_series(
            {
                "name": CAPTIONS[severity],
                "fill": {"color": color},
                "gap": 40,
                "categories": [MATRIX, first, names, last, names],
                "values": [MATRIX, first, column, last, column],
                "categories_data": labels,
                "values_data": counts,
            }
        )
    chart.set_title({"name": "Lỗi và cảnh báo theo đơn vị", "name_font": {"size": 12}})
    chart.set_legend({"position": "bottom"})
    chart.set_x_axis({"num_font": {"size": 8, "rotation": -60}})
    chart.set_size({"width": WIDTH, "height": 380})
    return chart
