"""The charts of the sheet ``Xu hướng``: a small one for each rate or count that has a trend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.summary.charts import bar_label
from xl_automation.summary.places import HEADER_ROW, TRENDS
from xl_automation.summary.print_setup import FONT_SIZE
from xl_automation.summary.summary_workbook import BLUE, GREY, INK, LINE, SummaryWorkbook
from xl_automation.summary.trends import Trends, names
from xl_automation.wording import printable
from xl_automation.xlsx.row_height import FONT

IN_A_LINE, LINES = 3, 2  # charts beside and below each other, on one page
CHART_ROWS, ROW_PIXELS, GAP = 15, 20, 8
MOST_RATES, MOST_COUNTS = 4, 2
MOST_LABELLED = 6  # points with a number each; of more only the ends have one
BLANK_SHOWN = "không có"


def insert_charts(
    summary: SummaryWorkbook,
    sheet: Worksheet,
    trends: Trends,
    rows: Mapping[str, int],
    first_column: int,
    last_row: int,
    width: int,
) -> int:
    """Put the charts below the table, beside and below each other; return the sheet's last row.

    Args:
        summary: The summary.
        sheet: The sheet.
        trends: What it shows.
        rows: The number of the row of each figure.
        first_column: The number of the column of the first period.
        last_row: The number of the last row of the table.
        width: Of all that stand beside each other, in pixels.
    """
    charted = _charted(trends)
    if not charted:
        return last_row
    size = {"width": width // IN_A_LINE - GAP, "height": CHART_ROWS * ROW_PIXELS - GAP}
    for place, item in enumerate(charted):
        line, column = divmod(place, IN_A_LINE)
        chart = _chart(summary, trends, item, rows[item.id], first_column)
        chart.set_size(size)
        options = {
            "description": _described(trends, item),
            "object_position": 3,  # it neither moves nor grows: its place is in pixels
            "x_offset": column * (width // IN_A_LINE) + GAP // 2,
            "y_offset": GAP // 2,
        }
        sheet.insert_chart(last_row + line * CHART_ROWS, 0, chart, options)
    return last_row + CHART_ROWS * (1 + (len(charted) - 1) // IN_A_LINE)


def _charted(trends: Trends) -> list[Indicator]:
    """Return the rates that changed most, and the greatest counts, of those with a trend."""
    items = [item for item in trends.result.form.figures if trends.has_trend(item)]

    def change(item: Indicator) -> float:
        return abs(trends.changes[item.id].difference) if item.id in trends.changes else 0.0

    rates = sorted((one for one in items if one.kind == "percent"), key=lambda one: -change(one))
    flows = (one for one in items if one.kind == "count" and one.nature == "flow")
    counts = sorted(flows, key=lambda one: -(trends.value(one, trends.now) or 0))
    return [*rates[:MOST_RATES], *counts[:MOST_COUNTS]]


def _chart(
    summary: SummaryWorkbook, trends: Trends, item: Indicator, row: int, first_column: int
) -> Any:
    """Return the line of a figure over the periods, with a gap where one is missing."""
    first, last = first_column - 1, first_column + len(trends.line) - 2
    font: dict[str, Any] = {"name": FONT, "size": FONT_SIZE, "color": INK}
    number = "0.0#" if item.kind == "percent" else "#,##0"
    labels = {"value": True, "position": "above", "num_format": number, "font": font}
    chart = summary.workbook.add_chart({"type": "line"})
    chart.add_series(
        {
            "name": bar_label(f"{item.id} {item.label}"),
            "categories": [TRENDS, HEADER_ROW - 1, first, HEADER_ROW - 1, last],
            "values": [TRENDS, row - 1, first, row - 1, last],
            "line": {"color": BLUE, "width": 1.75},
            "marker": {
                "type": "circle",
                "size": 6,
                "fill": {"color": BLUE},
                "border": {"color": BLUE},
            },
            "data_labels": labels | _unlabelled(trends, item),
        }
    )
    chart.show_blanks_as("gap")
    title = {**font, "size": FONT_SIZE + 1, "bold": True}
    chart.set_title({"name": printable(_title(trends, item)), "name_font": title})
    chart.set_legend({"none": True})
    chart.set_x_axis({"num_font": font, "line": {"color": GREY}, "major_tick_mark": "none"})
    low, high = _ends(trends, item)
    gridlines = {"visible": True, "line": {"color": LINE, "width": 0.5}}
    axis = {"min": low, "max": high, "num_font": font, "num_format": number}
    chart.set_y_axis(axis | {"major_gridlines": gridlines, "line": {"none": True}})
    chart.set_chartarea({"border": {"color": LINE}})
    return chart


def _unlabelled(trends: Trends, item: Indicator) -> dict[str, Any]:
    """Return which points get no number, so that numbers do not lie over each other."""
    places = [n for n, one in enumerate(trends.line) if trends.value(item, one) is not None]
    if len(places) <= MOST_LABELLED:
        return {}
    kept = places[0], places[-1]
    return {"custom": [None if n in kept else {"delete": True} for n in range(len(trends.line))]}


def _ends(trends: Trends, item: Indicator) -> tuple[float, float]:
    """Return the ends of the axis: from nought, or below it, with room for the numbers."""
    values = [value for one in trends.known if (value := trends.value(item, one)) is not None]
    least, most = min(0.0, *values), max(0.0, *values)
    return round(least * 1.2, 6), round(most * 1.2 or 1, 6)


def _title(trends: Trends, item: Indicator) -> str:
    """Return the one thing that a chart says."""
    name, change = bar_label(f"{item.id} {item.label}"), trends.changes.get(item.id)
    now = show(trends.value(item, trends.now)) + ("%" if item.kind == "percent" else "")
    if change is None:
        return f"{name}: {now}"
    measure = " điểm" if item.kind == "percent" else ""
    moved = show(abs(change.difference)) + measure
    verb = "không đổi" if not change.difference else f"{_way(change.difference)} {moved}"
    return f"{name}: {now}, {verb} so với {names((change.past.period,))}"


def _way(difference: float) -> str:
    return "tăng" if difference > 0 else "giảm"


def _described(trends: Trends, item: Indicator) -> str:
    """Return the chart for who does not see it."""
    points = (
        f"{period.label}: {BLANK_SHOWN if value is None else show(value)}"
        for period in trends.line
        for value in [trends.value(item, period)]
    )
    return printable(f"{_title(trends, item)}. {'; '.join(points)}.")
