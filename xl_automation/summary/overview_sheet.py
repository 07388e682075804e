"""The sheet ``Tổng quan``: what an officer sees first, and what the chairman gets on paper.

On its first page stand the round in a sentence, six numbers and four charts; on the next ones all
facts with links to every sheet, the tables behind the charts, and what came or changed in lists.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter.worksheet import Worksheet

from xl_automation.summary.changes_table import write_changes_table
from xl_automation.summary.charts import Charted, bar_chart
from xl_automation.summary.facts import (
    FIRST_FACT_ROW,
    Fact,
    FactName,
    fact_cells,
    facts,
    live_facts,
)
from xl_automation.summary.grid import COLUMN_PIXELS, COLUMNS, LEFT, WHOLE, Grid, Span
from xl_automation.summary.overview_lists import write_lists
from xl_automation.summary.overview_tables import write_sections, write_sent, write_to_see_first
from xl_automation.summary.places import FORM_NAME, PERIOD_NAME
from xl_automation.summary.sheet_links import write_sheet_links
from xl_automation.summary.summary_workbook import BLUE, SummaryWorkbook
from xl_automation.summary.tiles import LAST_ROW as LAST_TILE_ROW
from xl_automation.summary.tiles import write_head

CHART_ROWS, CHART_ROW_POINTS = 12, 13.5  # of each of the two lines of charts
CHART_GAP = 8  # pixels between charts
PIXELS_PER_POINT = 96 / 72
LAST_ROW_OF_FIRST_PAGE = LAST_TILE_ROW + 2 * CHART_ROWS
LABEL, VALUE, LONG_VALUE, SHARE = Span(1, 4), Span(5, 2), Span(5, 3), Span(7)


def write_overview(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the sheet, page by page."""
    grid, known = Grid(summary, sheet), facts(summary.result)
    grid.lay_out()
    summary.title(sheet, "TỔNG QUAN")
    write_head(grid, live_facts(known))
    last_fact = _write_facts(grid, known)
    last_link = write_sheet_links(grid, FIRST_FACT_ROW - 1)
    pages = [LAST_ROW_OF_FIRST_PAGE, row := max(last_fact, last_link) + 1]
    _title(grid, row + 1, "SỐ LIỆU CỦA CÁC BIỂU ĐỒ")
    sent = write_sent(grid, row + 2, live_facts(known))
    sections = write_sections(grid, sent.last_row + 2)
    first = write_to_see_first(grid, row + 2)
    pages.append(row := max(sections.last_row, first.last_row) + 1)
    _title(grid, row + 1, "SO VỚI KỲ TRƯỚC")
    changes = write_changes_table(grid, row + 2)
    pages.append(row := changes.last_row + 1)
    _title(grid, row + 1, "DANH SÁCH")
    heads, last = write_lists(grid, row + 2)
    pages += grid.breaks(row + 1, heads)
    tables = (sent, sections, first, changes)
    _insert_charts(grid, [table.chart for table in tables if table.chart])
    sheet.set_print_scale(100)  # one page wide, and its breaks are kept
    sheet.set_h_pagebreaks(pages)
    sheet.print_area(0, 0, last - 1, COLUMNS - 1)


def _title(grid: Grid, row: int, text: str) -> None:
    """Write what a page is about."""
    look = grid.summary.format(bold=True, font_size=13, font_color=BLUE)
    grid.write(row, WHOLE, (text, look))
    grid.set_height(row, 22)


def _insert_charts(grid: Grid, charts: Sequence[Charted]) -> None:
    """Put the charts side by side, two in a line, over the rows that are there for them."""
    for row in range(LAST_TILE_ROW + 1, LAST_ROW_OF_FIRST_PAGE + 1):
        grid.set_height(row, CHART_ROW_POINTS)
    width = LEFT.count * COLUMN_PIXELS - CHART_GAP
    tall = int(CHART_ROWS * CHART_ROW_POINTS * PIXELS_PER_POINT) - CHART_GAP
    for place, charted in enumerate(charts):
        row = LAST_TILE_ROW + place // 2 * CHART_ROWS
        column = place % 2 * LEFT.count
        options = {
            "description": charted.alternative,
            "object_position": 1,  # it moves and grows with the cells
            "x_offset": CHART_GAP // 2,
            "y_offset": CHART_GAP // 2,
        }
        chart = bar_chart(grid.summary, charted, width, tall)
        grid.sheet.insert_chart(row, column, chart, options)


def _write_facts(grid: Grid, known: Mapping[FactName, Fact]) -> int:
    """Write the counts and whether they agree; return the row of the last line."""
    look = grid.summary.format
    name_look = look(border=1)
    value_look = look(border=1, bold=True, align="left", text_wrap=True)
    day_look = look(border=1, bold=True, align="left", num_format="dd/mm/yyyy")
    share_look = look(border=1, align="left", num_format="0.0")
    cells = fact_cells(known)
    _title(grid, FIRST_FACT_ROW - 2, "CÁC CON SỐ")
    grid.head(FIRST_FACT_ROW - 1, {"Nội dung": LABEL, "Số": VALUE, "Tỷ lệ (%)": SHARE})
    for name, fact in known.items():
        row, value = cells[name].row, (fact.value, day_look if fact.is_day else value_look)
        grid.write(row, LABEL, (fact.label, name_look))
        if fact.share:
            grid.write(row, VALUE, value)
            grid.write(row, SHARE, (fact.share, share_look))
        else:
            grid.write(row, LONG_VALUE, value)
            grid.fit(row, [(str(fact.now), LONG_VALUE)])
    grid.summary.name(PERIOD_NAME, cells["period"])
    grid.summary.name(FORM_NAME, cells["form"])
    return max(cell.row for cell in cells.values())
