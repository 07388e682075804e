"""The charts of the sheet ``Tổng quan``: bars over its own small tables, one message each."""

from __future__ import annotations

from typing import Any, NamedTuple

from xl_automation.summary.places import OVERVIEW
from xl_automation.summary.summary_workbook import GREY, INK, LINE, SummaryWorkbook

TITLE_SIZE, LABEL_SIZE = 11, 9  # points
MAX_BARS = 10  # more could not be read at this height
GAP = 45  # between bars, in per cent of one
_NOTHING = {"none": True}


class Series(NamedTuple):
    """Numbers below each other that are shown as bars.

    Attributes:
        name: What they count.
        column: The number of their column.
        color: Of the bars.
        colors: Of each bar, where they differ; else empty.
        num_format: Of the numbers beside the bars.
    """

    name: str
    column: int
    color: str
    colors: tuple[str, ...] = ()
    num_format: str = "General"


class Charted(NamedTuple):
    """What a chart shows: a table of the sheet ``Tổng quan``.

    Attributes:
        title: The one thing it says.
        alternative: The same for who does not see it, with the numbers.
        first_row: The table's first row, from 1.
        last_row: The last one.
        labels: The number of the column of labels.
        series: What is shown of it; several are stacked and explained below.
        most: The end of the axis, None for what the numbers need.
    """

    title: str
    alternative: str
    first_row: int
    last_row: int
    labels: int
    series: tuple[Series, ...]
    most: float | None = None


def bar_chart(summary: SummaryWorkbook, charted: Charted, width: int, height: int) -> Any:
    """Return the chart, *width* × *height* pixels; XlsxWriter states no types."""
    kind = {"type": "bar", "subtype": "stacked"} if len(charted.series) > 1 else {"type": "bar"}
    chart = summary.workbook.add_chart(kind)
    for series in charted.series:
        chart.add_series(_series(charted, series))
    font = {"size": LABEL_SIZE, "color": INK}
    title_font = {"size": TITLE_SIZE, "bold": True, "color": INK}
    chart.set_title({"name": charted.title, "name_font": title_font, "overlay": False})
    chart.set_legend({"position": "bottom", "font": font} if len(charted.series) > 1 else _NOTHING)
    axis = {"reverse": True, "num_font": font, "line": {"color": GREY}, "label_position": "low"}
    chart.set_y_axis(axis | {"major_tick_mark": "none"})
    # The numbers stand beside the bars: neither a scale nor lines are needed.
    scale: dict[str, Any] = {"visible": False, "major_gridlines": {"visible": False}}
    chart.set_x_axis(scale if charted.most is None else scale | {"min": 0, "max": charted.most})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": width, "height": height})
    return chart


def _series(charted: Charted, series: Series) -> dict[str, Any]:
    first, last = charted.first_row - 1, charted.last_row - 1
    labels, column = charted.labels - 1, series.column - 1
    drawn: dict[str, Any] = {
        "name": series.name,
        "categories": [OVERVIEW, first, labels, last, labels],
        "values": [OVERVIEW, first, column, last, column],
        "fill": {"color": series.color},
        "gap": GAP,
        "data_labels": {
            "value": True,
            "num_format": series.num_format,
            "font": {"size": LABEL_SIZE, "color": INK},
        },
    }
    if series.colors:
        drawn["points"] = [{"fill": {"color": color}} for color in series.colors]
    return drawn
