"""The sheet ``Theo đơn vị``: a row per unit, a column per figure; the totals count over it."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.intake import Sender, sender
from xl_automation.consolidation.unit_findings import count_severities
from xl_automation.forms.form import Form
from xl_automation.forms.vocabulary import Severity
from xl_automation.reading.figures import FigureRow
from xl_automation.summary.cell import FileLink, SummaryCell
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
from xl_automation.summary.summary_workbook import BLUE, RED, SummaryWorkbook, set_widths
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
HEADER_HEIGHT = 110  # points: labels run over many lines
FIRST_FIGURE = len(MATRIX_COLUMNS) + 1


def write_matrix(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the figures of every unit, and below them those of the city's own workbook."""
    summary.title(sheet, "THEO ĐƠN VỊ")
    places, result = summary.places, summary.result
    set_widths(sheet, (WIDTHS[column] for column in MATRIX_COLUMNS))
    sheet.set_column(len(MATRIX_COLUMNS), places.matrix_width - 1, FIGURE_WIDTH)
    _write_heads(summary, sheet)
    sheet.freeze_panes(HEADER_ROW, matrix_column("unit"))
    if summary.units:
        sheet.autofilter(HEADER_ROW - 1, 0, places.last_unit_row - 1, places.matrix_width - 1)
    figures = {row.submission.unit_code: row for row in result.commune_rows}
    severities = count_severities(
        unit_finding for unit_finding in result.findings if unit_finding.finding.cells
    )
    for row, (code, name) in enumerate(summary.units, start=FIRST_ROW):
        if code in figures:
            summary.row(sheet, row, _unit_cells(summary, code, name, figures[code], severities))
        else:
            summary.row(sheet, row, _missing_cells(summary, code, name))
    if city := result.city_row:
        code, name = city.submission.unit_code or "", city.submission.unit_name or "Thành phố"
        cells = _unit_cells(summary, code, name, city, severities)
        summary.row(sheet, places.city_row, cells)
    _write_weights(summary, sheet, figures)


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
    summary.row(sheet, HEADER_ROW, ((label, label_look) for label in labels), FIRST_FIGURE)
    summary.row(sheet, ID_ROW, ((id, id_look) for id in places.figure_columns), FIRST_FIGURE)
    sheet.set_row(HEADER_ROW - 1, HEADER_HEIGHT)
    summary.name(ID_NAME, Address.of(MATRIX, FIRST_FIGURE, ID_ROW))
    summary.name(CODE_NAME, Address.of(MATRIX, matrix_column("code"), FIRST_ROW))
    summary.name(UNIT_NAME, Address.of(MATRIX, matrix_column("unit"), FIRST_ROW))


def _label(form: Form, id: str) -> str:
    """Return the label of a figure, or of the numerator or denominator of one."""
    helped = form.helper_ids.get(id)
    return helped.helper.label(id) if helped and helped.helper else form.by_id[id].label


# --- cells of a row ----------------------------------------------------------------------------


def _missing_cells(summary: SummaryWorkbook, code: str, name: str) -> list[SummaryCell]:
    missing = summary.format(border=1, font_color=RED)
    return [(code, summary.format(border=1)), (name, missing), ("Chưa có", missing)]


def _unit_cells(
    summary: SummaryWorkbook,
    code: str,
    name: str,
    figures: FigureRow,
    severities: Counter[tuple[Sender, Severity]],
) -> list[SummaryCell]:
    """Return the row of a submission: whose, in what state, its figures as they were read."""
    submission = figures.submission
    look = summary.format(border=1)
    link = summary.format(border=1, font_color=BLUE, underline=1)
    cells: Mapping[MatrixColumn, SummaryCell] = {
        "code": (code, look),
        "unit": (FileLink(submission.path, name, Address.of(summary.form.sheet, "A", 1)), link),
        "status": ("Đã gửi", look),
        "error": (severities[sender(submission), "error"], look),
        "warning": (severities[sender(submission), "warning"], look),
    }
    number = summary.format(border=1, num_format="General")
    text = summary.format(border=1, font_color=RED)
    values = figures.values()
    shown = (
        values[id] if id in values else figures.number(id) for id in summary.places.figure_columns
    )
    return [
        *(cells[column] for column in MATRIX_COLUMNS),
        *((value, text if isinstance(value, str) else number) for value in shown),
    ]


def _write_weights(
    summary: SummaryWorkbook, sheet: Worksheet, figures: Mapping[str | None, FigureRow]
) -> None:
    """Write the weights of the communes, a column for each weighted row."""
    look = summary.format(border=1, num_format="General")
    for id, column in summary.places.weight_columns.items():
        weights = summary.result.reports.weights(summary.form.by_id[id])
        for row, (code, _) in enumerate(summary.units, start=FIRST_ROW):
            if code in figures and not math.isnan(weights[figures[code].position]):
                weight = float(weights[figures[code].position])
                summary.row(sheet, row, [(weight, look)], column)
