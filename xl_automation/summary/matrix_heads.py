"""The top of the sheet ``Theo đơn vị``: what each column is, sections, folds and printed pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.summary.matrix_columns import (
    FIRST_FIGURE,
    LABEL_SIZE,
    PRINT_SCALE,
    REPEATED,
    WIDTHS,
    MatrixColumns,
)
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
WAYS_ROW, SECTION_ROW = 1, 2  # links to the sections beside each; its name, printed on every page


class _HeadLink(NamedTuple):
    """A link above the figures: the column and row of its cell, where it leads, what it shows."""

    column: int
    row: int
    target: Address
    text: str


def write_heads(summary: SummaryWorkbook, sheet: Worksheet) -> int:
    """Write what each column is, and return how many links are above the figures."""
    columns = MatrixColumns(summary.places)
    _write_captions(summary, sheet, columns)
    _set_up_pages(summary, sheet, columns)
    summary.name(ID_NAME, Address.of(MATRIX, FIRST_FIGURE, ID_ROW))
    summary.name(CODE_NAME, Address.of(MATRIX, matrix_column("code"), FIRST_ROW))
    summary.name(UNIT_NAME, Address.of(MATRIX, matrix_column("unit"), FIRST_ROW))
    looks = {
        ID_ROW: summary.format(bold=True, align="center", border=1, font_color=BLUE, underline=1),
        SECTION_ROW: summary.format(bold=True, font_color=BLUE, underline=1),
        WAYS_ROW: summary.format(font_color=BLUE, underline=1),
    }
    links = [*_links(summary, columns)]
    for link in links:
        cell = Address.of("", link.column, link.row).cell
        sheet.write_url(cell, f"internal:{link.target.link}", looks[link.row], link.text)
    return len(links)


def _write_captions(summary: SummaryWorkbook, sheet: Worksheet, columns: MatrixColumns) -> None:
    """Write the label of each column, and the ids of those that have no row in the totals."""
    look = summary.format(
        font_size=LABEL_SIZE,
        text_wrap=True,
        border=1,
        bottom=5,
        bottom_color=BLUE,
        valign="top",
        bg_color=PALE,
    )
    set_widths(sheet, (WIDTHS[column] for column in MATRIX_COLUMNS))
    sheet.set_row(HEADER_ROW - 1, columns.height)
    sheet.outline_settings(symbols_right=False)
    summary.head(sheet, (CAPTIONS[column] for column in MATRIX_COLUMNS))
    firsts = {section.first for section in summary.places.sections}
    for column, label in columns.labels.items():
        fold = {} if column in firsts else {"level": 1}
        sheet.set_column(column - 1, column - 1, columns.widths[column], None, fold)
        summary.row(sheet, HEADER_ROW, [(label, look)], column)
    id_look = summary.format(bold=True, align="center", border=1)
    for id, column in summary.places.table_columns.items():
        summary.row(sheet, ID_ROW, [(id, id_look)], column)


def _links(summary: SummaryWorkbook, columns: MatrixColumns) -> Iterator[_HeadLink]:
    """Yield the links from figures and sections to the totals, and to the sections beside each."""
    places, sections = summary.places, summary.places.sections
    for id, column in places.figure_columns.items():
        row = summary.form.row_of(id)
        assert row is not None
        yield _HeadLink(column, ID_ROW, places.totals_cell("total", row.id), id)
    for section in sections:
        if section.heading is not None:
            target = places.totals_cell("label", section.heading)
            yield _HeadLink(section.first, SECTION_ROW, target, columns.names[section.first])
    for before, after in pairwise(sections):
        back, on = (Address.of(MATRIX, one.first, HEADER_ROW) for one in (before, after))
        yield _HeadLink(before.last, WAYS_ROW, on, f"{after.short} ►")
        if after.last > after.first:
            yield _HeadLink(after.first, WAYS_ROW, back, f"◄ {before.short}")


def _set_up_pages(summary: SummaryWorkbook, sheet: Worksheet, columns: MatrixColumns) -> None:
    """Let each section begin on a page of its own; on each are its name and those of the units."""
    look = summary.format(bold=True, font_color=BLUE)
    for column, name in columns.names.items():
        summary.row(sheet, SECTION_ROW, [(name, look)], column)
    sheet.set_v_pagebreaks([column - 1 for column in columns.names if column > FIRST_FIGURE])
    sheet.set_print_scale(PRINT_SCALE)
    sheet.repeat_rows(SECTION_ROW - 1, HEADER_ROW - 1)
    sheet.repeat_columns(0, len(REPEATED) - 1)
