"""The table of the sheet ``Tổng quan`` of what changed in the city's totals, and its chart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.past_gaps import OTHER_AREA, OTHER_UNITS
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import PLACES
from xl_automation.forms.ratios import percentage
from xl_automation.summary.cell import SummaryCell
from xl_automation.summary.charts import MAX_BARS, Charted, Series, bar_label, ends_of
from xl_automation.summary.city_changes import Change, CityChanges
from xl_automation.summary.grid import HIDDEN, WHOLE, Grid, Span
from xl_automation.summary.live import Live, either, held, is_zero, joined, words
from xl_automation.summary.overview_tables import SHARE_SAID, Written, looks_of
from xl_automation.summary.places import TRENDS, TotalsColumn
from xl_automation.summary.summary_workbook import BLUE, GREY
from xl_automation.summary.trends import Trends, names
from xl_automation.xlsx.address import Address

CHANGES = {
    "Chỉ tiêu": Span(1, 6),
    "Kỳ này": Span(7),
    "Kỳ trước": Span(8),
    "Tăng, giảm": Span(9),
    "Tăng, giảm (%)": Span(10),
    "Đơn vị có số": Span(11),
    "So với kỳ": Span(12),
}
RATES = {
    "Chỉ tiêu": Span(1, 9),
    "Kỳ này (%)": Span(10),
    "Đơn vị có số": Span(11, 2),
}
LARGE = 10_000
SHOWN: tuple[TotalsColumn, ...] = ("total", "filled")
POINTS = "+0.0#;-0.0#;0"  # of a difference of rates
NO_PAST = (
    "Chưa có kỳ trước để so sánh. Lập lại sổ và đưa thêm sổ tổng hợp kỳ trước (trên dòng lệnh:"
    " --previous, rồi tên tệp) thì ở đây có số kỳ này, kỳ trước và mức tăng, giảm."
)


def write_changes_table(grid: Grid, row: int) -> Written:
    """Write what changed since the last period; without one the rates as they are.

    Args:
        grid: The sheet.
        row: The row of what is said first; the table begins below it.
    """
    changes = CityChanges(grid.summary.result)
    result = grid.summary.result
    said = changes_told(changes) + _missing_told(result) if result.past else _why_no_changes(grid)
    grid.write(row, WHOLE, (said, grid.summary.format(text_wrap=True, font_color=GREY)))
    grid.fit(row, [(said, WHOLE)])
    if not result.past:
        return _write_rates(grid, row + 1, changes)
    rows = [*changes.rates, *changes.numbers]
    grid.head(row + 1, CHANGES)
    for at, change in enumerate(rows, start=row + 2):
        _write_change(grid, at, change)
    last = row + 1 + len(rows)
    return Written(last, _chart(changes.rates[:MAX_BARS], changes, row + 2))


def _why_no_changes(grid: Grid) -> str:
    """Return why there is nothing to compare with: no earlier period, or none of this area."""
    findings = grid.summary.result.findings
    areas = [
        one.finding.sentence
        for one in findings
        if one.finding.rule == OTHER_UNITS and one.finding.message == OTHER_AREA
    ]
    return "Không so tổng với kỳ trước. " + " ".join(areas) if areas else NO_PAST


def _missing_told(result: Consolidation) -> str:
    """Return which periods are missing between those that are known."""
    periods = Trends(result, result.period).missing if result.period else ()
    return f" Thiếu sổ của {names(periods)}: xem sheet {TRENDS}." if periods else ""


def changes_told(changes: CityChanges) -> str:
    """Return what the table has, and what it leaves out and why."""
    text = (
        f"Tổng hợp các xã, phường (A) so với kỳ trước: {len(changes.rates)} tỷ lệ và"
        f" {len(changes.numbers)} số liệu thay đổi, {changes.unchanged} không đổi. Tỷ lệ so bằng"
        " điểm phần trăm; số có đến cuối kỳ so thẳng."
    )
    if changes.without_equal:
        text += (
            f" {changes.without_equal} số phát sinh trong kỳ không so: các kỳ trước đã đưa vào dài,"
            " ngắn khác kỳ này. Đưa thêm sổ của kỳ cùng độ dài (như cùng kỳ năm trước) thì so được."
        )
    return text


def _write_change(grid: Grid, row: int, change: Change) -> None:
    summary, looks, item = grid.summary, looks_of(grid.summary), change.item
    label, now, before, *others = CHANGES.values()
    place = summary.places.totals_cell("total", item.id)
    own: dict[str, Any] = {"border": 1, "align": "right", "shrink": True}
    number = summary.format(**own, num_format=_number_format(change))
    signed = summary.format(**own, num_format=_difference_format(change))
    now_column, then_column = (Address.of("", span.first, row).cell for span in (now, before))
    then = Live(then_column, change.then.value)
    difference = Live(f"ROUND({now_column}-{then_column},6)", change.difference)
    growth = Live(
        f"ROUND(100*({now_column}-{then_column})/{then_column},{PLACES})",
        percentage(change.difference, change.then.value or 0),
    )
    share = words("") if item.kind == "percent" else either(is_zero(then), words(""), growth)
    filled = joined(
        held(summary.places.totals_cell("filled", item.id), change.now.filled),
        words(f" / {change.then.filled}"),
    )
    _write_label(grid, row, label, item)
    grid.link(row, now, (held(place, change.now.value).cell, number), place.link)
    grid.write(row, before, (change.then.value, number))
    cells: tuple[SummaryCell, ...] = (
        (difference.cell, signed),
        (share.cell, summary.format(**own, num_format=POINTS)),
        (filled.cell, looks.count),
        (change.past.period.code, looks.count),
    )
    for span, cell in zip(others, cells, strict=True):
        grid.write(row, span, cell)


def _write_label(grid: Grid, row: int, span: Span, item: Indicator) -> None:
    """Write which row it is, and in short for a chart."""
    looks, label = looks_of(grid.summary), f"{item.id} {item.label}"
    grid.write(row, span, (label, looks.text))
    grid.fit(row, [(label, span)])
    grid.write(row, HIDDEN, (bar_label(label), looks.hidden))


def _number_format(change: Change) -> str:
    """Return the format of both totals: of large ones the decimals say nothing."""
    totals = [float(total.value or 0) for total in (change.now, change.then)]
    is_whole = all(total.is_integer() for total in totals) or max(map(abs, totals)) >= LARGE
    return "#,##0" if is_whole else "#,##0.00"


def _difference_format(change: Change) -> str:
    if change.item.kind == "percent":
        return POINTS
    plain = _number_format(change)
    return f"+{plain};-{plain};0"


def _chart(rates: Sequence[Change], changes: CityChanges, first_row: int) -> Charted | None:
    if not rates:
        return None
    up = sum(change.difference > 0 for change in changes.rates)
    title = f"So với kỳ trước: {up} tỷ lệ tăng, {len(changes.rates) - up} giảm (điểm %)"
    colors = tuple(BLUE if change.difference > 0 else GREY for change in rates)
    bars = [(f"{change.item.id} {change.item.label}", show(change.difference)) for change in rates]
    column = CHANGES["Tăng, giảm"].first
    series = Series("Tăng, giảm", column, BLUE, colors, POINTS)
    ends = ends_of([change.difference for change in rates])
    return Charted(title, bars, first_row, HIDDEN.first, (series,), ends)


# --- without an earlier period -----------------------------------------------------------------


def _write_rates(grid: Grid, row: int, changes: CityChanges) -> Written:
    summary, looks = grid.summary, looks_of(grid.summary)
    label, now, filled = RATES.values()
    grid.head(row, RATES)
    for at, (item, total) in enumerate(changes.rates_now, start=row + 1):
        places = [summary.places.totals_cell(column, item.id) for column in SHOWN]
        _write_label(grid, at, label, item)
        grid.link(at, now, (held(places[0], total.value).cell, looks.share), places[0].link)
        grid.write(at, filled, (held(places[1], total.filled).cell, looks.count))
    shown = changes.rates_now[:MAX_BARS]
    last = row + len(changes.rates_now)
    if not shown:
        return Written(last, None)
    (lowest, total), *_ = shown
    title = f"Tỷ lệ thấp nhất: {lowest.id}, {show(total.value or 0)} %"
    bars = [(f"{item.id} {item.label}", f"{show(total.value or 0)} %") for item, total in shown]
    series = Series("Kỳ này (%)", now.first, BLUE, (), SHARE_SAID)
    ends = ends_of([total.value or 0 for _, total in shown])
    chart = Charted(title, bars, row + 1, HIDDEN.first, (series,), ends)
    return Written(last, chart)
