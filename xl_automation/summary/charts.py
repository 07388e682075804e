"""The charts of the sheet ``Tổng quan``: bars over its own small tables, one message each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import shorten
from typing import Any, NamedTuple

from xl_automation.summary.places import OVERVIEW
from xl_automation.summary.summary_workbook import GREY, INK, LINE, SummaryWorkbook
from xl_automation.wording import printable
from xl_automation.xlsx.row_height import FONT, Text, text_width

TITLE_SIZE, LABEL_SIZE, SMALL_SIZE = 11, 9, 8  # points
MANY_BARS, MAX_BARS = 8, 10  # from so many on labels are small; more could not be read
TITLE, LEGEND, MARGIN, MOST_LABELS = 0.14, 0.1, 0.04, 0.5  # parts of the chart that are for these
LABEL_LENGTH = 36  # characters of a label at most
GAP = 45  # between bars, in per cent of one


class Series(NamedTuple):
    """Numbers below each other that are shown as bars.

    Attributes:
        name: What they count.
        column: The number of their column.
        color: Of the bars.
        colors: Of each bar, where they differ; else empty.
        num_format: Of the numbers beside the bars, or in them.
        number_color: Of these numbers.
    """

    name: str
    column: int
    color: str
    colors: tuple[str, ...] = ()
    num_format: str = "General"
    number_color: str = INK


class Charted(NamedTuple):
    """What a chart shows: a table of the sheet ``Tổng quan``.

    Attributes:
        title: The one thing it says.
        bars: The label of each bar, and in words what it shows.
        first_row: The table's first row, from 1.
        labels: The number of the column of labels.
        series: What is shown of it; several are stacked and explained below.
        ends: The ends of the axis, with room for the numbers; None for what the bars need.
    """

    title: str
    bars: Sequence[tuple[str, str]]
    first_row: int
    labels: int
    series: tuple[Series, ...]
    ends: tuple[float, float] | None = None

    @property
    def alternative(self) -> str:
        """The chart for who does not see it: what it says, and each bar."""
        return printable(f"{self.title}. {'; '.join(map(': '.join, self.bars))}.")


def bar_label(text: str) -> str:
    """Return *text*, or as many whole words of it as have room beside a bar.

    >>> bar_label("1.1.b Số nhiệm vụ đã hoàn thành trong kỳ")
    '1.1.b Số nhiệm vụ đã hoàn thành…'
    """
    return shorten(text, LABEL_LENGTH, placeholder="…")


def bar_chart(summary: SummaryWorkbook, charted: Charted, width: int, height: int) -> Any:
    """Return the chart, *width* × *height* pixels; XlsxWriter states no types."""
    is_stacked = len(charted.series) > 1
    kind = {"type": "bar", "subtype": "stacked"} if is_stacked else {"type": "bar"}
    chart = summary.workbook.add_chart(kind)
    size = SMALL_SIZE if len(charted.bars) >= MANY_BARS else LABEL_SIZE
    font: dict[str, Any] = {"name": FONT, "size": size, "color": INK}
    for series in charted.series:
        chart.add_series(_series(charted, series, font))
    title_font = {**font, "size": TITLE_SIZE, "bold": True}
    chart.set_title({"name": printable(charted.title), "name_font": title_font})
    chart.set_legend({"position": "bottom", "font": font} if is_stacked else {"none": True})
    axis = {"reverse": True, "interval_unit": 1, "num_font": font, "label_position": "low"}
    chart.set_y_axis(axis | {"major_tick_mark": "none", "line": {"color": GREY}})
    # The numbers stand beside the bars: neither a scale nor lines are needed.
    scale: dict[str, Any] = {"visible": False, "major_gridlines": {"visible": False}}
    if charted.ends:
        scale["min"], scale["max"] = charted.ends
    chart.set_x_axis(scale)
    tall = 1 - TITLE - MARGIN - (LEGEND if is_stacked else 0)
    longest = max(text_width(Text(bar_label(label), 0, size=size)) for label, _ in charted.bars)
    labels = min(MOST_LABELS, longest / width + 2 * MARGIN)
    chart.show_hidden_data()  # labels that are too long for it stand short in a hidden column
    inner = {"x": labels, "y": TITLE, "width": 1 - labels - MARGIN, "height": tall}
    chart.set_plotarea({"layout": inner})
    chart.set_chartarea({"border": {"color": LINE}})
    chart.set_size({"width": width, "height": height})
    return chart


def _series(charted: Charted, series: Series, font: Mapping[str, Any]) -> dict[str, Any]:
    first, last = charted.first_row - 1, charted.first_row + len(charted.bars) - 2
    labels, column = charted.labels - 1, series.column - 1
    drawn: dict[str, Any] = {
        "name": series.name,
        "categories": [OVERVIEW, first, labels, last, labels],
        "values": [OVERVIEW, first, column, last, column],
        "fill": {"color": series.color},
        "gap": GAP,
        "overlap": 100,
        "data_labels": {
            "value": True,
            "num_format": series.num_format,
            "font": {**font, "color": series.number_color},
        },
    }
    if series.colors:
        drawn["points"] = [{"fill": {"color": color}} for color in series.colors]
    return drawn
