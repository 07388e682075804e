"""The sheet ``Xu hướng``: the totals of each known period beside each other, and their charts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import percent_formula
from xl_automation.forms.period import Period
from xl_automation.forms.vocabulary import Source
from xl_automation.forms.words import plain_text
from xl_automation.summary.cell import LiveFormula, SummaryCell
from xl_automation.summary.live import Live
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW, TRENDS
from xl_automation.summary.print_setup import MAX_PRINTED, SCALE, pixels
from xl_automation.summary.summary_workbook import GREY, SummaryWorkbook, height, set_widths
from xl_automation.summary.trend_charts import insert_charts
from xl_automation.summary.trends import Trends
from xl_automation.xlsx.address import Address

LABEL_WIDTH, FIGURE_WIDTH, BLANK_WIDTH, NOTE_WIDTH = 40, 13, 10, 31  # six periods fit a page
FIXED = {"STT": 9, "Các chỉ tiêu": LABEL_WIDTH, "Đơn vị tính": 11}
CHANGE, AGAINST, TO_DATE, NOTE = "Tăng, giảm", "So với", "Từ đầu năm", "Chú ý"
UNKNOWN, ELSEWHERE = "(chưa có sổ)", "(địa bàn khác)"
_FIRST = len(FIXED) + 1  # the column of the first period


def write_trends(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write each row of the form with a column for each period; without a period only why not."""
    summary.title(sheet, "XU HƯỚNG")
    now = summary.result.period
    if now is None:
        summary.note(sheet, "Chưa rõ kỳ báo cáo nên chưa so được với kỳ nào.")
        return
    trends = Trends(summary.result, now)
    columns = _columns(trends)
    widths = [width for _, width in columns]
    set_widths(sheet, widths)
    said = summary.format(text_wrap=True, valign="top", font_color=GREY)
    page = _of_one_page(widths)
    sheet.merge_range(2, 0, 2, len(page) - 1, trends.said(), said)
    sheet.set_row(2, height([(trends.said(), sum(page))]))
    summary.head(sheet, [caption for caption, _ in columns])
    sheet.set_row(HEADER_ROW - 1, height([(caption, width - 3) for caption, width in columns]))
    sheet.freeze_panes(HEADER_ROW, len(FIXED) - 1)
    items = [item for item in summary.form.indicators if item.kind == "section" or item.is_figure]
    rows = {item.id: row for row, item in enumerate(items, start=FIRST_ROW)}
    for item in items:
        cells = _cells(summary, trends, item, rows)
        texts = [(plain_text(item.label), LABEL_WIDTH), (_note(trends, item), NOTE_WIDTH)]
        sheet.set_row(rows[item.id] - 1, height(texts))
        summary.row(sheet, rows[item.id], cells)
    last = FIRST_ROW + len(items) - 1
    _set_up_pages(sheet, widths)
    end = insert_charts(summary, sheet, trends, rows, _FIRST, last, sum(map(pixels, page)))
    printed = [_area(1, last, len(columns))]
    if end > last:  # on a page of their own, however wide the table is
        printed.append(_area(last + 1, end, len(page)))
    summary.workbook.define_name(f"'{TRENDS}'!_xlnm.Print_Area", f"={','.join(printed)}")


def _columns(trends: Trends) -> list[tuple[str, int]]:
    """Return the caption and the width of each column."""
    return [
        *FIXED.items(),
        *(_period_column(trends, period) for period in trends.line),
        (CHANGE, 12),
        (AGAINST, 10),
        (f"{TO_DATE} {trends.now.year}", FIGURE_WIDTH),
        (NOTE, NOTE_WIDTH),
    ]


def _period_column(trends: Trends, period: Period) -> tuple[str, int]:
    """Return the caption of a period, why it is blank if it is, and its width."""
    if period in trends.known:
        return period.label, FIGURE_WIDTH
    return f"{period.label}\n{ELSEWHERE if period in trends.elsewhere else UNKNOWN}", BLANK_WIDTH


def _of_one_page(widths: list[int]) -> list[int]:
    """Return the first of *widths*: as many as one page has room for."""
    ends = accumulate(map(pixels, widths))
    return [width for width, end in zip(widths, ends, strict=True) if end <= MAX_PRINTED]


def _area(first_row: int, last_row: int, columns: int) -> str:
    """Return so many columns of some rows."""
    first, last = Address.of(TRENDS, 1, first_row), Address.of("", columns, last_row)
    return f"{first.reference}:${last.column}${last.row}"


def _set_up_pages(sheet: Worksheet, widths: list[int]) -> None:
    """Let it be printed one page wide where that can be read, else over several."""
    sheet.repeat_rows(HEADER_ROW - 1)
    wide = sum(map(pixels, widths))
    if wide > MAX_PRINTED:
        sheet.repeat_columns(0, 1)
    sheet.set_print_scale(max(SCALE, min(100, SCALE * MAX_PRINTED // wide)))


def _cells(
    summary: SummaryWorkbook, trends: Trends, item: Indicator, rows: Mapping[str, int]
) -> list[SummaryCell]:
    """Return the row of a row of the form."""
    look: dict[str, Any] = {"border": 1, "valign": "top", "bold": item.kind == "section"}
    text = summary.format(**look, text_wrap=True)
    cells: list[SummaryCell] = [(item.stt, text), (plain_text(item.label), text)]
    if not item.is_figure:
        return [*cells, *[(None, text)] * (len(trends.line) + 5)]
    unit = "" if item.codes else item.unit
    numbers = [_of_period(summary, trends, item, period) for period in trends.line]
    digits = _digits(trends, item)
    number = summary.format(**look, num_format=digits)
    shown = [(value, number) for value in numbers]
    change = trends.changes.get(item.id)
    signed = summary.format(**look, num_format=f"+{digits};-{digits};0")
    difference = _difference(trends, item, rows)
    return [
        *cells,
        (unit, text),
        *shown,
        (difference, signed),
        (change.past.period.code if change else None, summary.format(**look, align="center")),
        (_to_date(trends, item, rows), number),
        (_note(trends, item) or None, text),
    ]


def _of_period(
    summary: SummaryWorkbook, trends: Trends, item: Indicator, period: Period
) -> LiveFormula | float | None:
    """Return the total of a period: of this one as the totals say, of others as it was."""
    value = trends.value(item, period)
    if period != trends.now:
        return value
    place = summary.places.totals_cell("total", item.id).reference
    if value is None:
        return None
    return LiveFormula(f"={place}", value)


def _difference(trends: Trends, item: Indicator, rows: Mapping[str, int]) -> LiveFormula | None:
    change = trends.changes.get(item.id)
    if change is None:
        return None
    now, then = (
        _cell(trends, period, rows[item.id]) for period in (trends.now, change.past.period)
    )
    return Live(f"ROUND({now}-{then},6)", change.difference).cell


def _to_date(trends: Trends, item: Indicator, rows: Mapping[str, int]) -> LiveFormula | None:
    """Return the sum of the periods that are the year so far, or what there is now.

    Of a rate, what its parts in the same column give.
    """
    value = trends.to_date(item)
    if value is None:
        return None
    if item.percent is not None:
        return LiveFormula(percent_formula(item.percent, _ToDate(trends, rows)), value)
    added = trends.tiles if item.nature == "flow" else (trends.now,)
    cells = ",".join(_cell(trends, period, rows[item.id]) for period in added)
    return LiveFormula(f"=SUM({cells})", value)


@dataclass(frozen=True, slots=True)
class _ToDate:
    """The column of the year so far (``CellSource``)."""

    trends: Trends
    rows: Mapping[str, int]

    def take(self, id: str, source: Source) -> str:
        column = _FIRST + len(self.trends.line) + len((CHANGE, AGAINST))
        cell = Address.of("", column, self.rows[id]).cell
        return f"N({cell})" if source == "nz" else cell


def _cell(trends: Trends, period: Period, row: int) -> str:
    return Address.of("", _FIRST + trends.line.index(period), row).cell


def _note(trends: Trends, item: Indicator) -> str:
    """Return what is to be seen in a row: a fall of what only grows."""
    return " ".join(trends.falls(item))


def _digits(trends: Trends, item: Indicator) -> str:
    """Return how all numbers of a row are shown: alike, so that they are seen to differ."""
    values = (trends.value(item, period) for period in trends.known)
    is_whole = all(value is None or value.is_integer() for value in values)
    return "#,##0" if is_whole and item.kind != "percent" else "#,##0.00"
