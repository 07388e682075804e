"""The sheet ``Theo đơn vị``: a row per unit, a column per figure; the totals count over it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import repeat
from typing import NamedTuple

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.intake import sender
from xl_automation.consolidation.register import LeftOut
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import show
from xl_automation.forms.words import shown_id
from xl_automation.reading.figures import FigureRow
from xl_automation.summary.left_out import EXCLUDED, Figure, shown_figure
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
from xl_automation.summary.summary_workbook import (
    AMBER,
    BLUE,
    GREY,
    RED,
    SummaryWorkbook,
    set_widths,
)
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.long_rows import LongCell, LongRow

CAPTIONS: Mapping[MatrixColumn, str] = {
    "code": "Mã",
    "unit": "Đơn vị",
    "status": "Tình trạng",
    "error": "Lỗi",
    "warning": "Cảnh báo",
}
WIDTHS: Mapping[MatrixColumn, int] = {"code": 9, "unit": 24, "status": 12, "error": 9, "warning": 9}
FIGURE_WIDTH = 13
TAKEN_OUT = " (loại)"  # how the code of a figure that is excluded ends
HEADER_HEIGHT = 110  # points: labels run over many lines
FIRST_FIGURE = len(MATRIX_COLUMNS) + 1


def write_matrix(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the figures of every unit, and below them those of the city's own workbook."""
    summary.title(sheet, "THEO ĐƠN VỊ")
    places = summary.places
    set_widths(sheet, (WIDTHS[column] for column in MATRIX_COLUMNS))
    sheet.set_column(len(MATRIX_COLUMNS), places.matrix_width - 1, FIGURE_WIDTH)
    _write_heads(summary, sheet)
    sheet.freeze_panes(HEADER_ROW, matrix_column("unit"))
    if summary.units:
        sheet.autofilter(HEADER_ROW - 1, 0, places.last_unit_row - 1, places.matrix_width - 1)
    last = places.city_row if summary.result.city else FIRST_ROW + len(summary.units) - 1
    summary.rows(sheet, last - FIRST_ROW + 1, _rows(summary))


def _write_heads(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the captions, and the id and the label of each column of figures; name the corners."""
    places, form = summary.places, summary.form
    id_look = summary.format(bold=True, align="center", border=1)
    label_look = summary.format(
        font_size=9, text_wrap=True, border=1, valign="top", bg_color="#DDEBF7"
    )
    summary.head(sheet, (CAPTIONS[column] for column in MATRIX_COLUMNS))
    labels = [_label(form, id) for id in places.figure_columns]
    labels += [f"Quyền số của {id}" for id in places.weight_columns]
    labels += [shown_id(form, id) for id in places.table_columns]
    summary.row(sheet, HEADER_ROW, ((label, label_look) for label in labels), FIRST_FIGURE)
    for columns in (places.figure_columns, places.table_columns):
        for id, column in columns.items():
            summary.row(sheet, ID_ROW, [(id, id_look)], column)
    sheet.set_row(HEADER_ROW - 1, HEADER_HEIGHT)
    summary.name(ID_NAME, Address.of(MATRIX, FIRST_FIGURE, ID_ROW))
    summary.name(CODE_NAME, Address.of(MATRIX, matrix_column("code"), FIRST_ROW))
    summary.name(UNIT_NAME, Address.of(MATRIX, matrix_column("unit"), FIRST_ROW))


def _label(form: Form, id: str) -> str:
    """Return the label of a figure, or of the numerator or denominator of one."""
    helped = form.helper_ids.get(id)
    return helped.helper.label(id) if helped and helped.helper else form.by_id[id].label


# --- rows --------------------------------------------------------------------------------------


class _Looks(NamedTuple):
    """The formats of the rows."""

    plain: Format
    link: Format
    missing: Format
    number: Format
    text: Format
    left_out: Format
    code: Format


def _rows(summary: SummaryWorkbook) -> Iterator[LongRow]:
    """Return the rows of the units, and below them that of the city's own workbook."""
    looks = _Looks(
        plain=summary.format(border=1),
        link=summary.format(border=1, font_color=BLUE, underline=1),
        missing=summary.format(border=1, font_color=RED),
        number=summary.format(border=1, num_format="General"),
        text=summary.format(border=1, font_color=RED),
        left_out=summary.format(border=1, num_format="General", font_color=AMBER, italic=True),
        code=summary.format(border=1, font_color=GREY, align="center"),
    )
    return _made_rows(summary, looks)


def _made_rows(summary: SummaryWorkbook, looks: _Looks) -> Iterator[LongRow]:
    result, places = summary.result, summary.places
    figures = {row.submission.unit_code: row for row in result.commune_rows}
    weights = [
        result.reports.weights(summary.form.by_id[id]).tolist() for id in places.weight_columns
    ]
    for code, name in summary.units:
        row = figures.get(code)
        if row is None:
            cells = [(code, looks.plain), (name, looks.missing), ("Chưa có", looks.missing)]
            yield LongRow(cells)
        else:
            own = (column[row.position] for column in weights)
            known = (None if math.isnan(weight) else (weight, looks.number) for weight in own)
            figures_of_unit = _unit_cells(summary, looks, code, name, row)
            yield LongRow([*figures_of_unit, *known, *_table_cells(summary, looks, row)])
    if city := result.city_row:
        yield from repeat(LongRow([]), places.city_row - FIRST_ROW - len(summary.units))
        code, name = city.submission.unit_code or "", city.submission.unit_name or "Thành phố"
        no_weights: list[LongCell | None] = [None] * len(places.weight_columns)
        figures_of_city = _unit_cells(summary, looks, code, name, city)
        yield LongRow([*figures_of_city, *no_weights, *_table_cells(summary, looks, city)])


def _table_cells(summary: SummaryWorkbook, looks: _Looks, figures: FigureRow) -> Iterator[LongCell]:
    """Yield the totals of a submission's supporting tables; what is in no total is a text."""
    communes, position = summary.result.reports, figures.position
    for id in summary.places.table_columns:
        number = figures.number(id)
        is_commune = position < len(communes.names)
        if number is not None and is_commune and math.isnan(communes.numbers(id)[position]):
            yield f"{EXCLUDED}{show(number)}", looks.text
        else:
            yield number, looks.number


def _unit_cells(
    summary: SummaryWorkbook, looks: _Looks, code: str, name: str, figures: FigureRow
) -> list[LongCell]:
    """Return the row of a submission: whose, in what state, its figures as they were read."""
    submission, severities = figures.submission, summary.severities
    place = Address.of(summary.form.sheet, "A", 1)
    cells: Mapping[MatrixColumn, LongCell] = {
        "code": (code, looks.plain),
        "unit": (summary.links.link(submission.path, name, place), looks.link),
        "status": ("Đã gửi", looks.plain),
        "error": (severities[sender(submission), "error"], looks.plain),
        "warning": (severities[sender(submission), "warning"], looks.plain),
    }
    helpers = {id: figures.number(id) for id in summary.form.helper_ids}
    return [
        *(cells[column] for column in MATRIX_COLUMNS),
        *(
            _code_cell(summary, looks, figures, id)
            if value in summary.form.absence
            else _figure_cell(looks, value, summary.left_out.get((code, id)))
            for id, value in {**figures.values(), **helpers}.items()
        ),
    ]


def _code_cell(summary: SummaryWorkbook, looks: _Looks, figures: FigureRow, id: str) -> LongCell:
    """Return the cell of a code for no figure; one that a decision left out is told from others."""
    reports, position = summary.result.reports, figures.position
    counted = reports.communes if position < len(reports.names) else reports.city
    assert counted is not None
    at = position if counted is reports.communes else 0
    reading = figures.reading(id)
    assert reading is not None
    is_out = not counted.absences(id)[at]
    return f"{reading.absence}{TAKEN_OUT if is_out else ''}", looks.code


def _figure_cell(looks: _Looks, figure: Figure, left: LeftOut | None) -> LongCell:
    """Return the cell of a figure; what is in no total is told from the others."""
    if left is not None and left.value is not None:
        return shown_figure(figure, left), looks.left_out
    return figure, looks.text if isinstance(figure, str) else looks.number
