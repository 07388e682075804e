"""The sheet ``Theo đơn vị``: a row per unit, a column per figure; the totals count over it."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from xl_automation.checks.rules import values
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.totals import weights
from xl_automation.forms.indicator import Indicator
from xl_automation.reading.submission import Submission
from xl_automation.summary.places import FIRST_UNIT_ROW, ID_ROW, LABEL_ROW, MATRIX_COLUMNS
from xl_automation.summary.summary_workbook import BLUE, MAX_TEXT, RED, SummaryWorkbook


def write_matrix(draft: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the figures of every unit, and below them those of the city's own workbook."""
    draft.title(sheet, "THEO ĐƠN VỊ")
    places, result = draft.places, draft.result
    last = len(MATRIX_COLUMNS) + len(places.columns) + len(places.weight_columns)
    _set_sizes(sheet, last)
    draft.head(sheet, LABEL_ROW - 1, MATRIX_COLUMNS)
    _write_heads(draft, sheet)
    sheet.freeze_panes(FIRST_UNIT_ROW - 1, 2)
    if draft.units:
        sheet.autofilter(LABEL_ROW - 1, 0, places.last_unit_row - 1, last - 1)
    at_of = {one.unit_code: at for at, one in enumerate(result.communes)}
    severities = _severities(result)
    for row, (code, name) in enumerate(draft.units, start=FIRST_UNIT_ROW - 1):
        if code in at_of:
            _write_unit(draft, sheet, row, (code, name), at_of[code], severities)
        else:
            _write_missing(draft, sheet, row, (code, name))
    if result.city:
        unit = (result.city.unit_code or "", result.city.unit_name or "Thành phố")
        _write_unit(draft, sheet, places.city_row - 1, unit, len(result.communes), severities)
    _write_weights(draft, sheet, at_of)


def _set_sizes(sheet: Worksheet, last: int) -> None:
    sheet.set_column("A:A", 9)
    sheet.set_column("B:B", 24)
    sheet.set_column("C:C", 12)
    sheet.set_column("D:E", 9)
    sheet.set_column(len(MATRIX_COLUMNS), last, 13)
    sheet.set_row(LABEL_ROW - 1, 110)


def _write_heads(draft: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the id and the label of each column of figures."""
    ids = draft.format(bold=True, align="center", border=1)
    label = draft.format(font_size=9, text_wrap=True, border=1, valign="top", bg_color="#DDEBF7")
    for id, column in draft.places.columns.items():
        sheet.write_string(f"{column}{ID_ROW}", id, ids)
        helped = draft.form.helper_ids.get(id)
        text = draft.form.by_id[id].label if helped is None else _helper_label(helped, id)
        sheet.write_string(f"{column}{LABEL_ROW}", text, label)
    for id, column in draft.places.weight_columns.items():
        sheet.write_string(f"{column}{LABEL_ROW}", f"Quyền số của {id}", label)


def _helper_label(item: Indicator, id: str) -> str:
    assert item.helper is not None
    return item.helper.part if id.endswith(".tu") else item.helper.whole


def _severities(result: Consolidation) -> Mapping[int, Counter[str]]:
    """Return how many findings of each severity the cells of a submission have, by its identity."""
    severities: dict[int, Counter[str]] = defaultdict(Counter)
    for located in result.findings:
        if located.submission is not None and located.finding.cells:
            severities[id(located.submission)][located.finding.severity] += 1
    return severities


# --- rows --------------------------------------------------------------------------------------


def _write_missing(
    draft: SummaryWorkbook, sheet: Worksheet, row: int, unit: tuple[str, str]
) -> None:
    code, name = unit
    missing = draft.format(border=1, font_color=RED)
    sheet.write_string(row, 0, code, draft.format(border=1))
    sheet.write_string(row, 1, name, missing)
    sheet.write_string(row, 2, "Chưa có", missing)


def _write_unit(
    draft: SummaryWorkbook,
    sheet: Worksheet,
    row: int,
    unit: tuple[str, str],
    at: int,
    severities: Mapping[int, Counter[str]],
) -> None:
    """Write the row of the submission that stands at *at* among those counted."""
    code, name = unit
    one = draft.result.counted[at]
    cell = draft.format(border=1)
    link = draft.format(border=1, font_color=BLUE, underline=1)
    sheet.write_string(row, 0, code, cell)
    draft.link(sheet, (row, 1), one.path, name, f"{draft.form.sheet}!A1", link)
    sheet.write_string(row, 2, "Đã gửi", cell)
    for column, severity in ((3, "error"), (4, "warning")):
        sheet.write_number(row, column, severities[id(one)][severity], cell)
    _write_figures(draft, sheet, row, one, at)


def _write_figures(
    draft: SummaryWorkbook, sheet: Worksheet, row: int, one: Submission, at: int
) -> None:
    number = draft.format(border=1, num_format="General")
    text = draft.format(border=1, font_color=RED)
    found = values(draft.form, one, draft.result.table, at)
    for id, column in draft.places.columns.items():
        value = found[id] if id in found else draft.result.table.number(at, id)
        if isinstance(value, str):
            sheet.write_string(f"{column}{row + 1}", value[:MAX_TEXT], text)
        elif value is None:
            sheet.write_blank(f"{column}{row + 1}", None, number)
        else:
            sheet.write_number(f"{column}{row + 1}", value, number)


def _write_weights(
    draft: SummaryWorkbook, sheet: Worksheet, at_of: Mapping[str | None, int]
) -> None:
    """Write the weights of the communes, a column for each weighted row."""
    number = draft.format(border=1, num_format="General")
    for id, column in draft.places.weight_columns.items():
        mine = weights(draft.result, draft.form.by_id[id]).to_list()
        for row, (code, _) in enumerate(draft.units, start=FIRST_UNIT_ROW):
            if code in at_of and not math.isnan(mine[at_of[code]]):
                sheet.write_number(f"{column}{row}", mine[at_of[code]], number)
