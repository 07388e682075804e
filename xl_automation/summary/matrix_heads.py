"""The top of the sheet ``Theo đơn vị``: what each column is, sections, folds and printed pages."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.form import Form
from xl_automation.forms.words import shown_id
from xl_automation.summary.places import (
    CODE_NAME,
    FIRST_ROW,
    HEADER_ROW,
    ID_NAME,
    ID_ROW,
    MATRIX,
    MATRIX_COLUMNS,
    UNIT_NAME,
    MatrixColumn,
    MatrixSection,
    matrix_column,
)
from xl_automation.summary.summary_workbook import BLUE, PALE, SummaryWorkbook, set_widths
from xl_automation.xlsx.address import Address

CAPTIONS: Mapping[MatrixColumn, str] = {
    "code": "Mã",
    "unit": "Đơn vị",
    "status": "Tình trạng",
    "error": "Lỗi",
    "warning": "Cảnh báo",
}
WIDTHS: Mapping[MatrixColumn, int] = {"code": 9, "unit": 24, "status": 12, "error": 9, "warning": 9}
FIGURE_WIDTH = 13
HEADER_HEIGHT = 122  # points: labels run over many lines
WAYS_ROW, SECTION_ROW = 1, 2  # links to the sections beside each; its name, printed on every page
FIRST_FIGURE = len(MATRIX_COLUMNS) + 1
CONTINUED = " (tiếp)"  # how the name of a section ends where it goes on
# A page has as many columns of figures as fit beside the units' names, the first one fewer: there
# stands how each unit does.
PRINT_SCALE, PAGE_COLUMNS, FIRST_PAGE_COLUMNS = 70, 12, 9  # per cent; columns


class _HeadLink(NamedTuple):
    """A link above the figures: the column and row of its cell, where it leads, what it shows."""

    column: int
    row: int
    target: Address
    text: str


def write_heads(summary: SummaryWorkbook, sheet: Worksheet) -> int:
    """Write what each column is, and return how many links are above the figures."""
    set_widths(sheet, (WIDTHS[column] for column in MATRIX_COLUMNS))
    sheet.set_column(len(MATRIX_COLUMNS), summary.places.matrix_width - 1, FIGURE_WIDTH)
    sheet.set_row(HEADER_ROW - 1, HEADER_HEIGHT)
    _write_captions(summary, sheet)
    _write_sections(summary, sheet)
    summary.name(ID_NAME, Address.of(MATRIX, FIRST_FIGURE, ID_ROW))
    summary.name(CODE_NAME, Address.of(MATRIX, matrix_column("code"), FIRST_ROW))
    summary.name(UNIT_NAME, Address.of(MATRIX, matrix_column("unit"), FIRST_ROW))
    looks = {
        ID_ROW: summary.format(bold=True, align="center", border=1, font_color=BLUE, underline=1),
        SECTION_ROW: summary.format(bold=True, font_color=BLUE, underline=1),
        WAYS_ROW: summary.format(font_color=BLUE, underline=1),
    }
    links = [*_links(summary)]
    for link in links:
        cell = Address.of("", link.column, link.row).cell
        sheet.write_url(cell, f"internal:{link.target.link}", looks[link.row], link.text)
    return len(links)


def _write_captions(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the label of each column, and the ids of those that have no row in the totals."""
    places, form = summary.places, summary.form
    look = summary.format(font_size=10, text_wrap=True, border=1, valign="top", bg_color=PALE)
    summary.head(sheet, (CAPTIONS[column] for column in MATRIX_COLUMNS))
    labels = [_label(form, id) for id in places.figure_columns]
    labels += [f"Quyền số của {id}" for id in places.weight_columns]
    labels += [shown_id(form, id) for id in places.table_columns]
    summary.row(sheet, HEADER_ROW, ((label, look) for label in labels), FIRST_FIGURE)
    id_look = summary.format(bold=True, align="center", border=1)
    for id, column in places.table_columns.items():
        summary.row(sheet, ID_ROW, [(id, id_look)], column)


def _label(form: Form, id: str) -> str:
    """Return the label of a figure, or of the numerator or denominator of one."""
    helped = form.helper_ids.get(id)
    return helped.helper.label(id) if helped and helped.helper else form.by_id[id].label


def _write_sections(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the name of each section on all its pages, and let its columns be folded."""
    look = summary.format(bold=True, font_color=BLUE)
    sheet.outline_settings(symbols_right=False)
    for section in summary.places.sections:
        first, *others = _pages(section)
        names = {first: section.label, **dict.fromkeys(others, section.label + CONTINUED)}
        for column, name in names.items():
            summary.row(sheet, SECTION_ROW, [(name, look)], column)
        if section.last > section.first:
            sheet.set_column(section.first, section.last - 1, FIGURE_WIDTH, None, {"level": 1})


def _links(summary: SummaryWorkbook) -> Iterator[_HeadLink]:
    """Yield the links from figures and sections to the totals, and to the sections beside each."""
    places, sections = summary.places, summary.places.sections
    for id, column in places.figure_columns.items():
        row = summary.form.row_of(id)
        assert row is not None
        yield _HeadLink(column, ID_ROW, places.totals_cell("total", row.id), id)
    for section in sections:
        if section.heading is not None:
            target = places.totals_cell("label", section.heading)
            yield _HeadLink(section.first, SECTION_ROW, target, section.label)
    for before, after in pairwise(sections):
        back, on = (Address.of(MATRIX, one.first, HEADER_ROW) for one in (before, after))
        yield _HeadLink(before.last, WAYS_ROW, on, f"{after.short} ►")
        if after.last > after.first:
            yield _HeadLink(after.first, WAYS_ROW, back, f"◄ {before.short}")


# --- on paper ----------------------------------------------------------------------------------


def set_up_pages(summary: SummaryWorkbook, sheet: Worksheet, last_row: int) -> None:
    """Let each section begin on a page of its own, with the names of the units on each page."""
    places = summary.places
    starts = [start for section in places.sections for start in _pages(section)]
    sheet.set_v_pagebreaks([start - 1 for start in starts[1:]])
    sheet.set_print_scale(PRINT_SCALE)
    sheet.print_area(SECTION_ROW - 1, 0, last_row - 1, places.matrix_width - 1)
    sheet.repeat_rows(SECTION_ROW - 1, HEADER_ROW - 1)
    sheet.repeat_columns(0, matrix_column("unit") - 1)


def _pages(section: MatrixSection) -> Sequence[int]:
    """Return the column in which each printed page of a section begins, about as many on each."""
    beside = PAGE_COLUMNS - FIRST_PAGE_COLUMNS if section.first == FIRST_FIGURE else 0
    count = section.last - section.first + 1 + beside
    share = math.ceil(count / math.ceil(count / PAGE_COLUMNS))
    starts = range(section.first - beside, section.last + 1, share)
    return [max(start, section.first) for start in starts]
