"""The sheet ``Cấp dưới``: the totals of each summary of a lower level beside those of all."""

from __future__ import annotations

import math

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.lower import LowerSummary
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain
from xl_automation.summary.cell import LiveFormula, SummaryCell
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW
from xl_automation.summary.print_setup import print_over_pages
from xl_automation.summary.summary_workbook import (
    BLUE,
    SummaryWorkbook,
    caption_height,
    height,
    set_widths,
)
from xl_automation.wording import printable, quoted
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import CellLink

LABEL_WIDTH, FIGURE_WIDTH = 46, 16
FIXED = {"STT": 9, "Các chỉ tiêu": LABEL_WIDTH}
ADDED, ALL, AGREES = "Cộng các sổ cấp dưới", "(A) Tổng hợp", "Khớp"
FILE, SENT = "Sổ tổng hợp", "Đơn vị được tính / phải gửi"
MATCH, DIFFERS = "✓", "≠"
HINT = (
    "Số của mỗi cột là số (A) của sổ cấp dưới ấy. ≠: có đơn vị gửi thẳng, hoặc ở hai sổ; hay cấp "
    "trên loại thêm số."
)
_FIRST = len(FIXED) + 1  # the column of the first summary
_NEAR = 0.000001


def write_lower(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write a column for each summary of a lower level, and how they add up."""
    lower = summary.result.lower
    summary.title(sheet, "CẤP DƯỚI")
    columns = {**FIXED, **{f"{n}": FIGURE_WIDTH for n in range(len(lower))}}
    widths = [*columns.values(), FIGURE_WIDTH, FIGURE_WIDTH, 9]
    captions = [*FIXED, *(quoted(one.name) for one in lower), ADDED, ALL, AGREES]
    set_widths(sheet, widths)
    print_over_pages(sheet, widths, repeated=len(FIXED))
    sheet.write_string(2, 0, HINT, summary.format(italic=True))
    summary.head(sheet, captions)
    sheet.set_row(HEADER_ROW - 1, caption_height(zip(captions, widths, strict=True)))
    sheet.freeze_panes(HEADER_ROW, len(FIXED))
    sheet.repeat_rows(HEADER_ROW - 1)
    _write_files(summary, sheet)
    items = [item for item in summary.form.indicators if item.kind == "section" or item.is_figure]
    for row, item in enumerate(items, start=FIRST_ROW + 2):
        sheet.set_row(row - 1, height([(item.label, LABEL_WIDTH)]))
        summary.row(sheet, row, _line(summary, item, row))
    sheet.print_area(0, 0, FIRST_ROW + len(items), len(widths) - 1)


def _write_files(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write which file each column is, and how many units count in it."""
    text, lower = summary.format(border=1), summary.result.lower
    link = summary.format(border=1, font_color=BLUE, underline=1, text_wrap=True, valign="top")
    count = summary.format(border=1, align="center")
    sheet.set_row(FIRST_ROW - 1, height([(one.path.name, FIGURE_WIDTH) for one in lower]))
    summary.row(sheet, FIRST_ROW, [(None, text), (FILE, text)])
    for column, one in enumerate(lower, start=_FIRST):
        shown = summary.links.link(one.path, printable(one.path.name))
        if isinstance(shown, CellLink):
            sheet.write_url(
                FIRST_ROW - 1, column - 1, f"external:{shown.target}", link, shown.content
            )
        else:
            sheet.write_string(FIRST_ROW - 1, column - 1, shown, link)
    counts = [(_counts(one), count) for one in lower]
    summary.row(sheet, FIRST_ROW + 1, [(None, text), (SENT, text), *counts])


def _counts(one: LowerSummary) -> str:
    return f"{len(one.submissions)} / {len(one.units)}"


def _line(summary: SummaryWorkbook, item: Indicator, row: int) -> list[SummaryCell]:
    """Return a row of the form with the totals of each summary, their sum, and the total of all."""
    lower, bold = summary.result.lower, item.kind == "section"
    text = summary.format(border=1, text_wrap=True, valign="top", bold=bold)
    label: list[SummaryCell] = [(item.stt, text), (item.label, text)]
    if not item.is_figure:
        return [*label, *[(None, text)] * (len(lower) + 3)]
    values = [one.totals.get(item.id) for one in lower]
    total = summary.result.totals[item.id].value
    place = summary.places.totals_cell("total", item.id)
    added, verdict = _added(item, row, values, total)
    shown = (*values, added, LiveFormula(f'=IF({place.reference}="","",{place.reference})', total))
    numbers = [(value, _number(summary, value)) for value in shown]
    return [*label, *numbers, (verdict, summary.format(border=1, align="center", valign="top"))]


def _added(
    item: Indicator, row: int, values: list[float | None], total: float | None
) -> tuple[LiveFormula | None, LiveFormula | None]:
    """Return the sum of a row that is added, and whether the total of all is that sum."""
    if not aggregate_of(item).is_added:
        return None, None
    first, last, sum_, all_ = (
        Address.of("", _FIRST + step, row).cell
        for step in (0, len(values) - 1, len(values), len(values) + 1)
    )
    known = [value for value in values if value is not None]
    value = plain(float(math.fsum(known))) if known else None
    is_same = abs((value or 0) - (total or 0)) <= _NEAR * max(1.0, abs(total or 0))
    formula = f"ABS(N({sum_})-N({all_}))<={_NEAR:f}*MAX(1,ABS(N({all_})))"
    return (
        LiveFormula(f'=IF(COUNT({first}:{last})=0,"",SUM({first}:{last}))', value),
        LiveFormula(f'=IF({formula},"{MATCH}","{DIFFERS}")', MATCH if is_same else DIFFERS),
    )


def _number(summary: SummaryWorkbook, value: object) -> Format:
    now = value.value if isinstance(value, LiveFormula) else value
    is_whole = not isinstance(now, float) or now.is_integer()
    return summary.format(border=1, valign="top", num_format="#,##0" if is_whole else "#,##0.00")
