"""The head of the sheet ``Tổng quan``: the round in a sentence or two, and in six numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from xl_automation.consolidation.intake import sender
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.summary.facts import AGREE, FactName
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.grid import COLUMNS, WHOLE, Grid, Span
from xl_automation.summary.live import (
    Live,
    both,
    either,
    is_number,
    is_zero,
    joined,
    positive,
    rate,
    same,
    words,
)
from xl_automation.summary.places import (
    FIRST_ROW,
    MATRIX,
    PROGRESS,
    RANKING,
    TOTALS,
    matrix_column,
)
from xl_automation.summary.standings import SEEN
from xl_automation.summary.summary_workbook import BLUE, GREY, INK, PALE, RED, SummaryWorkbook
from xl_automation.xlsx.address import Address

HEADLINE_ROW, TILE_ROW = 3, 5  # of a tile: what it counts, the number, what more there is to say
LAST_ROW = TILE_ROW + 3
HEIGHTS = {HEADLINE_ROW: 38, 4: 6, TILE_ROW: 17, TILE_ROW + 1: 33, TILE_ROW + 2: 17, LAST_ROW: 8}
LATER: Mapping[FactName, str] = {"late": " muộn", "unknown": " không rõ lúc gửi"}
RIGHT, WRONG, NONE = "✓", "✗", "–"
ERRORS, WARNINGS = (SEVERITY_LABELS[severity] for severity in SEEN)
Facts = Mapping[FactName, Live]


class Tile(NamedTuple):
    """A number that is seen first.

    Attributes:
        caption: What it counts.
        number: The number, or a sign.
        more: What is said below it.
        sheet: Where more of it stands.
        more_format: The number format of what is said below.
    """

    caption: str
    number: Live
    more: Live
    sheet: str
    more_format: str = "General"


def write_head(grid: Grid, facts: Facts) -> None:
    """Write the sentence and the numbers, all of them live over the facts further down."""
    for row, points in HEIGHTS.items():
        grid.set_height(row, points)
    look = grid.summary.format(font_size=13, font_color=INK, text_wrap=True)
    grid.write(HEADLINE_ROW, WHOLE, (headline(facts).cell, look))
    tiles = _tiles(grid.summary, facts)
    width = COLUMNS // len(tiles)
    for place, tile in enumerate(tiles):
        _write_tile(grid, Span(place * width + 1, width), tile)


def _write_tile(grid: Grid, span: Span, tile: Tile) -> None:
    look = grid.summary.format
    box: dict[str, Any] = {"bg_color": PALE, "align": "center", "left": 5, "right": 5}
    box |= {"left_color": "#FFFFFF", "right_color": "#FFFFFF"}
    caption = look(**box, font_color=BLUE, underline=1, top=2, top_color=BLUE)
    number = look(**box, font_size=24, bold=True, font_color=INK, num_format="#,##0")
    more = look(**box, font_size=10, font_color=GREY, num_format=tile.more_format)
    grid.link(TILE_ROW, span, (tile.caption, caption), Address.of(tile.sheet, "A", 1).link)
    grid.write(TILE_ROW + 1, span, (tile.number.cell, number))
    grid.write(TILE_ROW + 2, span, (tile.more.cell, more))
    red = {"format": grid.summary.workbook.add_format({"font_color": RED}), "type": "cell"}
    wrong = {"criteria": "==", "value": f'"{WRONG}"'}
    if tile.caption == ERRORS:
        wrong = {"criteria": ">", "value": "0"}
    place = (TILE_ROW, span.first - 1)
    grid.sheet.conditional_format(*place, *place, red | wrong)


# --- what they say -----------------------------------------------------------------------------


def headline(facts: Facts) -> Live:
    """Return the round in a sentence or two."""
    nothing, in_time = words(""), joined(words(", "), facts["on-time"], words(" đúng hạn"))
    late, unknown = (
        either(positive(facts[name]), joined(words(", "), facts[name], words(said)), nothing)
        for name, said in LATER.items()
    )
    missing = joined(words("; còn "), facts["missing"], words(" đơn vị chưa gửi"))
    wrong = joined(
        words("Có "), facts["error"], words(" lỗi, "), facts["warning"], words(" cảnh báo.")
    )
    is_right = both(is_zero(facts["error"]), is_zero(facts["warning"]))
    return joined(
        words("Đã nhận báo cáo của "),
        facts["communes"],
        either(positive(facts["owed"]), joined(words("/"), facts["owed"]), nothing),
        words(" đơn vị"),
        either(
            is_number(facts["on-time"]), joined(in_time, late, unknown), words(" (chưa có hạn gửi)")
        ),
        either(positive(facts["missing"]), missing, nothing),
        words(". "),
        either(is_right, words("Không có lỗi, cảnh báo nào."), wrong),
        either(_agree(facts), words(" Đối soát: mọi số khớp."), words(" Đối soát: có số lệch.")),
    )


def _agree(facts: Facts) -> Live:
    """Return whether the numbers of files agree, and the totals with the units."""
    right = words(AGREE)
    return both(same(facts["reconciled"], right), same(facts["added"], right))


def _tiles(summary: SummaryWorkbook, facts: Facts) -> Sequence[Tile]:
    owed, sent, in_time = facts["owed"], facts["communes"], facts["on-time"]
    others = joined(facts["late"], words(" muộn, "), facts["missing"], words(" chưa gửi"))
    agree = _agree(facts)
    return (
        Tile("Phải gửi", owed, words(summary.form.levels.get("commune", "đơn vị")), RANKING),
        Tile("Đã gửi", sent, rate(sent, owed), RANKING, '0.0" %"'),
        Tile(
            "Đúng hạn",
            either(is_number(in_time), in_time, words(NONE)),
            either(is_number(in_time), others, words("chưa có hạn gửi")),
            PROGRESS,
        ),
        Tile(ERRORS, facts["error"], _units_with(summary, "error"), FINDINGS),
        Tile(WARNINGS, facts["warning"], _units_with(summary, "warning"), FINDINGS),
        Tile(
            "Đối soát",
            either(agree, words(RIGHT), words(WRONG)),
            either(agree, words("mọi số khớp"), words("xem dòng Đối soát")),
            TOTALS,
        ),
    )


def _units_with(summary: SummaryWorkbook, severity: Literal["error", "warning"]) -> Live:
    """Return how many units have findings of a severity about their cells, in words."""
    column = matrix_column(severity)
    first = Address.of(MATRIX, column, FIRST_ROW)
    last = Address.of("", column, summary.places.last_unit_row)
    communes = map(sender, summary.result.communes)
    units = sum(summary.severities[commune, severity] > 0 for commune in communes)
    counted = Live(f'COUNTIF({first.reference}:{last.reference},">0")', units)
    return joined(words("ở "), counted, words(" đơn vị"))
