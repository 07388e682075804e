"""The small tables of the sheet ``Tổng quan`` that its charts show.

They are live references to where their numbers come from, but for the list of units: on their own
sheet those may be sorted anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from xlsxwriter.format import Format

from xl_automation.consolidation.register import STATE_LABELS, TIMELINESS_LABELS
from xl_automation.forms.numbers import show
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.summary.charts import Charted, Series, bar_label, ends_of
from xl_automation.summary.facts import FactName
from xl_automation.summary.grid import HIDDEN, Grid, Span
from xl_automation.summary.live import Live, held, rate
from xl_automation.summary.ranking_sheet import MEASURE_CAPTIONS, MEASURES, city_cell, unit_cell
from xl_automation.summary.standings import SEEN, Tally
from xl_automation.summary.standings import SENT as SENT_SAID
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    GREY,
    PALE_AMBER,
    RED,
    SummaryWorkbook,
)

FIRST_TO_SEE = 10  # units that are listed as those to look at first
SENT = {"Gửi báo cáo": Span(1, 4), "Số đơn vị": Span(5), "Tỷ lệ (%)": Span(6)}
ERRORS, WARNINGS = (SEVERITY_LABELS[severity] for severity in SEEN)
SECTIONS = {
    "Phần": Span(1, 3),
    MEASURE_CAPTIONS["share"]: Span(4),
    ERRORS: Span(5),
    WARNINGS: Span(6),
}
TO_SEE = {
    "Đơn vị cần xem trước": Span(8, 3),
    ERRORS: Span(11),
    WARNINGS: Span(12),
}
SENT_WORDS: Mapping[FactName, tuple[str, str]] = {  # what is said, and the color of the bar
    "on-time": (TIMELINESS_LABELS["on-time"], BLUE),
    "late": (TIMELINESS_LABELS["late"], AMBER),
    "unknown": ("Không rõ lúc lưu tệp", GREY),
    "missing": (STATE_LABELS["missing"], RED),
}
NOT_DUE_WORDS: Mapping[FactName, tuple[str, str]] = {
    "communes": (SENT_SAID, BLUE),
    "missing": (STATE_LABELS["missing"], RED),
}
SHARE, SHARE_SAID = "[=100]0;0.0", '[=100]0" %";0.0" %"'
HIDE_ZERO = "#,##0;-#,##0;"


class Written(NamedTuple):
    """A table that is written: its last row, and the chart of it, if there is something to show."""

    last_row: int
    chart: Charted | None


class Looks(NamedTuple):
    """The formats of these tables."""

    text: Format
    link: Format
    count: Format
    share: Format
    hidden: Format


def looks_of(summary: SummaryWorkbook) -> Looks:
    """Return the formats."""
    own: dict[str, Any] = {"border": 1}
    return Looks(
        text=summary.format(**own, text_wrap=True),
        link=summary.format(**own, text_wrap=True, font_color=BLUE, underline=1),
        count=summary.format(**own, align="center", num_format="#,##0"),
        share=summary.format(**own, align="center", num_format=SHARE),
        hidden=summary.format(),
    )


def write_sent(grid: Grid, row: int, facts: Mapping[FactName, Live]) -> Written:
    """Write how many units sent in time, how many late, how many not."""
    looks, is_due = looks_of(grid.summary), grid.summary.result.due is not None
    parts = SENT_WORDS if is_due else NOT_DUE_WORDS
    label, count, part = SENT.values()
    grid.head(row, SENT)
    for at, (name, (said, _)) in enumerate(parts.items(), start=row + 1):
        grid.write(at, label, (said, looks.text))
        grid.write(at, count, (facts[name].cell, looks.count))
        grid.write(at, part, (rate(facts[name], facts["owed"]).cell, looks.share))
    numbers = {name: facts[name].value for name in parts}
    sent = f"{numbers['on-time']} đúng hạn" if is_due else f"{facts['communes'].value} đã gửi"
    title = f"{numbers['missing']} đơn vị chưa gửi, {sent}"
    if numbers.get("unknown"):
        title += f", {numbers['unknown']} không rõ lúc gửi"
    colors = tuple(color for _, color in parts.values())
    bars = [(said, str(numbers[name])) for name, (said, _) in parts.items()]
    series = Series("Số đơn vị", count.first, BLUE, colors, "#,##0")
    chart = Charted(title, bars, row + 1, label.first, (series,))
    return Written(row + len(parts), chart)


def write_sections(grid: Grid, row: int) -> Written:
    """Write what all units together filled in, the least first, and what is to be seen to."""
    summary, looks = grid.summary, looks_of(grid.summary)
    headings, tallies = summary.standings.sections, summary.standings.city.sections
    order = sorted(range(len(tallies)), key=lambda at: (_share(tallies[at]), at))
    label, *columns = SECTIONS.values()
    bars: list[tuple[str, str]] = []
    grid.head(row, SECTIONS)
    for at, section in enumerate(order, start=row + 1):
        name = f"{headings[section].stt} {headings[section].label}".strip()
        grid.write(at, label, (name, looks.text))
        grid.write(at, HIDDEN, (bar_label(name), looks.hidden))
        bars.append((name, f"{show(_share(tallies[section]))} %"))
        for measure, column in zip(MEASURES, columns, strict=True):
            place, tally = city_cell(summary, measure, section), tallies[section]
            look = looks.share if measure == "share" else looks.count
            number = held(place, getattr(tally, measure))
            grid.link(at, column, (number.cell, look), place.link)
        grid.fit(at, [(name, label)])
    if not order:
        return Written(row, None)
    least = _share(tallies[order[0]])
    title = f"Phần {headings[order[0]].id} điền ít nhất: {show(least)} %"
    if all(_share(tally) == 100 for tally in tallies):
        title = "Mọi phần đều điền đủ"
    colors = (AMBER if _share(tallies[order[0]]) < 100 else BLUE, *[BLUE] * (len(order) - 1))
    series = Series(MEASURE_CAPTIONS["share"], columns[0].first, BLUE, colors, SHARE_SAID)
    chart = Charted(title, bars, row + 1, HIDDEN.first, (series,), ends_of([100]))
    return Written(row + len(order), chart)


def _share(tally: Tally) -> float:
    """Return the share that is filled; of a section of which nothing is owed, all."""
    return 100.0 if tally.share is None else tally.share


def write_to_see_first(grid: Grid, row: int) -> Written:
    """Write which units have the most to see to, each with a link to its row of the ranking."""
    looks, units = looks_of(grid.summary), grid.summary.standings.to_see_first[:FIRST_TO_SEE]
    name, errors, warnings = TO_SEE.values()
    grid.head(row, TO_SEE)
    for at, unit in enumerate(units, start=row + 1):
        assert unit.whole is not None
        grid.link(at, name, (unit.name, looks.link), unit_cell(grid.summary, unit).link)
        grid.write(at, errors, (unit.whole.errors, looks.count))
        grid.write(at, warnings, (unit.whole.warnings, looks.count))
    if not units:
        said = "(không đơn vị nào còn lỗi, cảnh báo)"
        grid.write(row + 1, Span(name.first, 5), (said, looks.text))
        return Written(row + 1, None)
    tallies = [(unit.name, unit.whole) for unit in units if unit.whole]
    first, most = tallies[0]
    title = f"Xem trước: {bar_label(first)} ({most.errors} lỗi, {most.warnings} cảnh báo)"
    bars = [(unit, f"{tally.errors} lỗi, {tally.warnings} cảnh báo") for unit, tally in tallies]
    series = (
        Series(MEASURE_CAPTIONS["errors"], errors.first, RED, (), HIDE_ZERO, "#FFFFFF"),
        Series(MEASURE_CAPTIONS["warnings"], warnings.first, PALE_AMBER, (), HIDE_ZERO),
    )
    chart = Charted(title, bars, row + 1, name.first, series)
    return Written(row + len(units), chart)
