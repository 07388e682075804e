"""The sheet ``Xếp hạng``: the units in their order, and a heat map of them by section."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, Literal, NamedTuple, get_args

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.register import STATE_LABELS, TIMELINESS_LABELS
from xl_automation.forms.indicator import Indicator
from xl_automation.summary.list_sheet import InnerLinks
from xl_automation.summary.places import FIRST_ROW as FIRST_MATRIX_ROW
from xl_automation.summary.places import MATRIX, RANKING, matrix_column
from xl_automation.summary.print_setup import MAX_PRINTED, pixels, print_over_pages
from xl_automation.summary.standings import Standing, Tally
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    GREY,
    INK,
    PALE_AMBER,
    PALE_RED,
    RED,
    SummaryWorkbook,
    caption_height,
    height,
    one_line,
    set_widths,
)
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongCell, LongRow

Measure = Literal["share", "errors", "warnings"]
MEASURES: tuple[Measure, ...] = get_args(Measure)
MEASURE_CAPTIONS: Mapping[Measure, str] = {
    "share": "Đã điền (%)",
    "errors": "Lỗi chưa giải trình",
    "warnings": "Cảnh báo chưa giải trình",
}
OWN = {"Hạng": 7, "Mã": 8, "Đơn vị": 24, "Gửi báo cáo": 10}  # caption -> width in characters
WHOLE = "Cả biểu"  # the first column of each measure; those of the sections follow
WIDTHS: Mapping[Measure, tuple[int, int]] = {  # of the first column, of the others
    "share": (7, 6),
    "errors": (6, 4),
    "warnings": (6, 4),
}
RULE_ROW, LEGEND_ROW, MEASURE_ROW, CAPTION_ROW = 3, 4, 5, 6
FIRST_ROW = CAPTION_ROW + 1
RULE = (
    "Hạng: ít lỗi chưa giải trình hơn thì đứng trước; bằng nhau thì ít cảnh báo chưa giải trình"
    " hơn, rồi điền đủ hơn; bằng cả ba thì cùng hạng. Điểm không thuộc riêng phần nào chỉ có ở"
    f" cột {WHOLE}. Màu đậm hơn là cần xem hơn."
)
UNRANKED = "–"


def ranking_column(measure: Measure, section: int | None, sections: int) -> int:
    """Return the number of a column: of a section, counted from 0, or of the whole form."""
    place = 0 if section is None else section + 1
    return len(OWN) + MEASURES.index(measure) * (sections + 1) + place + 1


def city_cell(summary: SummaryWorkbook, measure: Measure, section: int | None) -> Address:
    """Return where the sheet says a measure of all units together."""
    column = ranking_column(measure, section, len(summary.standings.sections))
    return Address.of(RANKING, column, FIRST_ROW + len(summary.units) + 1)


def unit_cell(summary: SummaryWorkbook, standing: Standing) -> Address:
    """Return where the sheet has a unit when it is written."""
    return Address.of(RANKING, 1, FIRST_ROW + summary.standings.ranked.index(standing))


def write_ranking(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write a row for each unit, the best first, and below them all units together."""
    summary.title(sheet, "XẾP HẠNG")
    sections = summary.standings.sections
    set_widths(sheet, _widths(len(sections)))
    _write_heads(summary, sheet, sections)
    sheet.freeze_panes(CAPTION_ROW, [*OWN].index("Đơn vị") + 1)
    sheet.repeat_rows(LEGEND_ROW - 1, CAPTION_ROW - 1)
    _set_pages(sheet, len(sections))
    last = FIRST_ROW + max(1, len(summary.units)) - 1
    sheet.autofilter(CAPTION_ROW - 1, 0, last - 1, len(_widths(len(sections))) - 1)
    _color(sheet, len(sections), last)
    count = len(summary.units) + 2 if summary.units else 0
    summary.rows(sheet, count, _rows(summary), FIRST_ROW)


def _widths(sections: int) -> list[int]:
    """Return the widths of all columns, in characters."""
    by_measure = ((first, *[other] * sections) for first, other in WIDTHS.values())
    return [*OWN.values(), *chain.from_iterable(by_measure)]


def _is_wide(sections: int) -> bool:
    """Return whether the columns are too many for one page across."""
    return sum(map(pixels, _widths(sections))) > MAX_PRINTED


def _set_pages(sheet: Worksheet, sections: int) -> None:
    """Let all columns be on one page, or each measure on one of its own."""
    print_over_pages(sheet, _widths(sections), len(OWN))
    if _is_wide(sections):
        breaks = [ranking_column(measure, None, sections) - 1 for measure in MEASURES[1:]]
        sheet.set_v_pagebreaks(breaks)


def _write_heads(summary: SummaryWorkbook, sheet: Worksheet, sections: Sequence[Indicator]) -> None:
    """Write what the order means, which section has which number, and the captions."""
    count, widths = len(sections), _widths(len(sections))
    told = summary.format(text_wrap=True, valign="top", font_color=GREY)
    legend = " · ".join(f"{_number(section)} {section.label}" for section in sections)
    # Where the columns are on several pages, these rows are on each of them with the first few.
    columns = len(OWN) if _is_wide(count) else len(widths)
    for row, text in ((RULE_ROW, RULE), (LEGEND_ROW, f"Các phần: {legend}")):
        sheet.merge_range(row - 1, 0, row - 1, columns - 1, "", told)
        sheet.write_string(row - 1, 0, text, told)
        sheet.set_row(row - 1, height(((text, sum(widths[:columns])),)))
    look = summary.format(bold=True, font_color=INK, align="center", bottom=1, bottom_color=BLUE)
    captions = list(OWN)
    for measure in MEASURES:
        first = ranking_column(measure, None, count) - 1
        text = MEASURE_CAPTIONS[measure]
        sheet.merge_range(MEASURE_ROW - 1, first, MEASURE_ROW - 1, first + count, text, look)
        captions += [WHOLE, *map(_number, sections)]
    summary.head(sheet, captions, CAPTION_ROW)
    sheet.set_row(CAPTION_ROW - 1, caption_height(zip(captions, widths, strict=True)))


def _number(section: Indicator) -> str:
    return section.stt or section.id


def _color(sheet: Worksheet, sections: int, last: int) -> None:
    """Color what is to be seen to by how much it is; the numbers stand in the cells."""
    for measure in MEASURES:
        first = ranking_column(measure, None, sections) - 1
        scale: dict[str, Any] = {"type": "2_color_scale", "min_type": "num", "min_value": 0}
        if measure == "share":
            low, high = PALE_AMBER, "#FFFFFF"
            scale |= {"max_type": "num", "max_value": 100}
        else:
            low, high = "#FFFFFF", PALE_RED if measure == "errors" else PALE_AMBER
            scale |= {"max_type": "max"}
        scale |= {"min_color": low, "max_color": high}
        # The numbers of the whole form are greater than those of a section: a scale of their own.
        for left, right in ((first, first), (first + 1, first + sections)):
            sheet.conditional_format(FIRST_ROW - 1, left, last - 1, right, scale)


# --- rows --------------------------------------------------------------------------------------


class _Looks(NamedTuple):
    """The formats of the cells of a row."""

    text: Format
    link: Format
    middle: Format
    share: Format
    count: Format


def _looks(summary: SummaryWorkbook, **more: Any) -> _Looks:
    own: dict[str, Any] = {"border": 1, **more}
    return _Looks(
        text=summary.format(**own),
        link=summary.format(**{"font_color": BLUE, "underline": 1, **own}),
        middle=summary.format(**own, align="center"),
        share=summary.format(**own, align="center", num_format="[=100]0;0.0"),
        count=summary.format(**own, align="center", num_format='0;-0;"·"'),
    )


def _rows(summary: SummaryWorkbook) -> Iterator[LongRow]:
    """Return the rows: their formats are asked for now, they themselves are made later."""
    looks, of_all = _looks(summary), _looks(summary, bold=True, top=2)
    standings = summary.standings
    wrong: Mapping[str, Format] = {
        TIMELINESS_LABELS["late"]: _looks(summary, font_color=AMBER).middle,
        STATE_LABELS["missing"]: _looks(summary, font_color=RED).middle,
    }
    rows = {code: FIRST_MATRIX_ROW + at for at, (code, _) in enumerate(summary.units)}
    links = InnerLinks()

    def made() -> Iterator[LongRow]:
        for standing in standings.ranked:
            place = Address.of(MATRIX, matrix_column("unit"), rows[standing.code])
            name = links.link(one_line(standing.name, OWN["Đơn vị"]), place)
            sent = (standing.sent, wrong.get(standing.sent, looks.middle))
            rank = UNRANKED if standing.rank is None else standing.rank
            own: list[LongCell] = [(rank, looks.middle), (standing.code, looks.text)]
            yield LongRow([*own, (name, looks.link), sent, *_measures(looks, standing)])
        yield LongRow([])
        blank = (None, of_all.text)
        city = standings.city
        yield LongRow([blank, blank, (city.name, of_all.text), blank, *_measures(of_all, city)])

    return made()


def _measures(looks: _Looks, standing: Standing) -> Iterator[LongCell]:
    whole = standing.whole
    tallies: Sequence[Tally] = () if whole is None else (whole, *standing.sections)
    for measure in MEASURES:
        look = looks.share if measure == "share" else looks.count
        for tally in tallies:
            yield getattr(tally, measure), look
