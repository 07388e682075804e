"""The sheet ``Tổng hợp``: the form once more, each row with its combined figure, live."""

from __future__ import annotations

from collections.abc import Mapping

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.aggregate import city_figure
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_counts_formula
from xl_automation.forms.indicator import Indicator
from xl_automation.summary.cell import LiveFormula, SummaryCell
from xl_automation.summary.places import HEADER_ROW, TOTALS_COLUMNS, TotalsColumn
from xl_automation.summary.summary_workbook import SummaryWorkbook, height, set_widths

WIDTHS: Mapping[TotalsColumn, int] = {
    "stt": 9,
    "label": 60,
    "unit": 16,
    "total": 17,
    "filled": 11,
    "expected": 11,
    "city": 15,
    "appendix": 15,
    "note": 60,
}
CityFigure = float | int | None


def write_totals(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write every row of the form with its totals and how they came about."""
    summary.title(sheet, "TỔNG HỢP")
    set_widths(sheet, (WIDTHS[column] for column in TOTALS_COLUMNS))
    captions = _captions(summary.form.header)
    summary.head(sheet, (captions[column] for column in TOTALS_COLUMNS))
    sheet.set_row(HEADER_ROW - 1, 64)
    sheet.freeze_panes(HEADER_ROW, 2)
    sheet.repeat_rows(HEADER_ROW - 1)
    own = _city_values(summary)
    for item in summary.form.indicators:
        row = summary.places.totals_rows[item.id]
        note = summary.result.totals[item.id].note if item.is_figure else ""
        texts: Mapping[TotalsColumn, str] = {"label": item.label, "unit": item.unit, "note": note}
        sheet.set_row(row - 1, height((text, WIDTHS[name]) for name, text in texts.items()))
        cells = _label_cells(summary, item)
        if item.is_figure:
            cells |= _figure_cells(summary, item, own.get(item.id))
        summary.row(sheet, row, (cells[column] for column in TOTALS_COLUMNS))


def _captions(header: Mapping[str, str]) -> Mapping[TotalsColumn, str]:
    return {
        "stt": header["stt"],
        "label": header["label"],
        "unit": header["unit"],
        "total": "(A) Tổng hợp các xã, phường",
        "filled": "Đơn vị có số",
        "expected": "Trên tổng số",
        "city": "Sổ của thành phố",
        "appendix": "(B) Phụ lục của thành phố",
        "note": "Cách tổng hợp",
    }


def _label_cells(summary: SummaryWorkbook, item: Indicator) -> dict[TotalsColumn, SummaryCell]:
    """Return what the form prints of a row, and nothing in the other columns."""
    text = summary.format(border=1, text_wrap=True, **_bold(item))
    middle = summary.format(border=1, align="center", text_wrap=True, **_bold(item))
    cells: dict[TotalsColumn, SummaryCell] = dict.fromkeys(TOTALS_COLUMNS, (None, text))
    return cells | {
        "stt": (item.stt, middle),
        "label": (item.label, text),
        "unit": (item.unit, middle),
    }


def _figure_cells(
    summary: SummaryWorkbook, item: Indicator, own: CityFigure
) -> dict[TotalsColumn, SummaryCell]:
    """Return the live totals of a row; *own* is the figure in the city's own workbook."""
    places, total, aggregate = summary.places, summary.result.totals[item.id], aggregate_of(item)
    shown = _number_format(item, total.value)
    number = summary.format(border=1, align="right", bold=True, num_format=shown)
    count = summary.format(border=1, align="center")
    # For other rows the communes' sum is not the city's figure: both are true at once, and adding
    # them would count twice.
    from_communes = item.level == "commune" or aggregate.appendix_takes_it
    source = places.totals_cell("total" if from_communes else "city", item.id)
    appendix = LiveFormula(f"={source.cell}", total.value if from_communes else own)
    return {
        "total": (LiveFormula(aggregate.formula(places, item), total.value), number),
        "filled": (LiveFormula(aggregate.filled(places, item), total.filled), count),
        "expected": (1 if aggregate.is_city else summary.result.expected, count),
        "city": (LiveFormula(city_figure(places, item), own), number),
        "appendix": (appendix, number),
        "note": _note_cell(summary, item),
    }


def _note_cell(summary: SummaryWorkbook, item: Indicator) -> SummaryCell:
    """Return how a total came about: the counts of its codes live, where a formula can say it."""
    note, codes = summary.result.totals[item.id].note, summary.result.code_counts.get(item.id)
    look = summary.format(border=1, text_wrap=True, **_bold(item))
    formula = None if codes is None else code_counts_formula(summary.places, item, codes)
    return (note if formula is None else LiveFormula(formula, note), look)


def _city_values(summary: SummaryWorkbook) -> dict[str, CityFigure]:
    """Return the numbers in the city's own workbook, by id; none without it."""
    row = summary.result.city_row
    values = row.values() if row else {}
    return {id: value for id, value in values.items() if isinstance(value, (int, float))}


def _bold(item: Indicator) -> dict[str, bool]:
    return {"bold": True} if item.kind == "section" or item.style == "bold" else {}


def _number_format(item: Indicator, value: CityFigure) -> str:
    """Return the format that shows a total whole: percentages as they are, grouped thousands."""
    if item.kind == "percent":
        return "General"
    return "#,##0.00" if isinstance(value, float) and value % 1 else "#,##0"
