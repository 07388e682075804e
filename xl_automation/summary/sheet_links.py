"""The list of the sheets on the first one: where to find what."""

from __future__ import annotations

from collections.abc import Mapping

from xl_automation.summary.changes_sheet import CHANGES
from xl_automation.summary.decisions_sheet import DECISIONS
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.grid import Grid, Span
from xl_automation.summary.log_sheet import LOG
from xl_automation.summary.overview_tables import looks_of
from xl_automation.summary.places import (
    EVENTS,
    LEFT_OUT,
    LOWER,
    MATRIX,
    ONE_UNIT,
    OVERVIEW,
    PROGRESS,
    RANKING,
    TOTALS,
    TRENDS,
)
from xl_automation.xlsx.address import Address

COLUMNS = {"Xem sheet": Span(9, 2), "Có gì": Span(11, 2)}
WHAT_IS_THERE: Mapping[str, str] = {
    RANKING: "đơn vị × phần",
    TRENDS: "các kỳ cạnh nhau",
    ONE_UNIT: "chọn đơn vị, xem các kỳ",
    TOTALS: "từng dòng của biểu",
    MATRIX: "số của từng đơn vị",
    LOWER: "từng sổ cấp dưới",
    LEFT_OUT: "số không vào tổng",
    FINDINGS: "lỗi, cảnh báo",
    DECISIONS: "{city} quyết định",
    PROGRESS: "gửi, trả lại, đạt",
    EVENTS: "mọi thay đổi",
    CHANGES: "bản cũ, bản mới",
    LOG: "mọi tệp nhận được",
}
TABLE = "biểu kèm theo"  # what stands on every other sheet


def write_sheet_links(grid: Grid, row: int) -> int:
    """Write a link to each other sheet that people see, and what is there; return the last row."""
    looks, city = looks_of(grid.summary), grid.summary.form.city
    name, what = COLUMNS.values()
    grid.head(row, COLUMNS)
    others = [sheet for sheet in grid.summary.sheets if sheet != OVERVIEW]
    for at, sheet in enumerate(others, start=row + 1):
        grid.link(at, name, (sheet, looks.link), Address.of(sheet, "A", 1).link)
        grid.write(at, what, (WHAT_IS_THERE.get(sheet, TABLE).format(city=city), looks.text))
    return row + len(others)
