"""The sheet ``Tổng hợp``: the form once more, each row with its combined figure, live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.appendix import AppendixFigure, takes_total
from xl_automation.forms.absence import told_counts
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_counts_formula
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import percent_formula
from xl_automation.forms.vocabulary import Source
from xl_automation.summary.cell import LiveFormula, SummaryCell
from xl_automation.summary.places import (
    HEADER_ROW,
    MATRIX,
    TOTALS_COLUMNS,
    SummaryPlaces,
    TotalsColumn,
)
from xl_automation.summary.summary_workbook import BLUE, SummaryWorkbook, height, set_widths
from xl_automation.xlsx.address import Address

WIDTHS: Mapping[TotalsColumn, int] = {
    "stt": 9,
    "label": 60,
    "unit": 16,
    "total": 17,
    "filled": 11,
    "expected": 11,
    "left_out": 15,
    "proof": 13,
    "city": 15,
    "appendix": 15,
    "note": 60,
    "absent": 24,
}
CityFigure = AppendixFigure


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
            _write_link(summary, sheet, item)
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
        "left_out": "Không tính vào tổng",
        "proof": "Đối soát: các đơn vị = tổng + không tính",
        "city": "Sổ của thành phố",
        "appendix": "(B) Phụ lục của thành phố",
        "note": "Cách tổng hợp",
        "absent": "Đơn vị ghi mã thay số",
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
    lefts, codes = summary.left_out_figures, summary.form.absence_codes
    absent = told_counts(total.absent) or None
    link = summary.format(border=1, align="center", font_color=BLUE, underline=1)
    return {
        "total": (LiveFormula(aggregate.formula(places, item), total.value), number),
        "filled": (LiveFormula(aggregate.filled(places, item), total.filled), link),
        "expected": (1 if aggregate.is_city else summary.result.expected, count),
        "city": (LiveFormula(_city_figure(summary, item), own), number),
        "left_out": (lefts.amount(item), number),
        "proof": (lefts.proof(item) if aggregate_of(item).is_added else None, count),
        "appendix": (_appendix(summary, item), number),
        "note": _note_cell(summary, item),
        "absent": (LiveFormula(aggregate.absent_formula(places, item, codes), absent), count),
    }


def _city_figure(summary: SummaryWorkbook, item: Indicator) -> str:
    """Return the formula of what the city's own workbook says: a number, or a code for none."""
    cell = summary.places.city(item.id)
    codes = (f'{cell}="{code}"' for code in summary.form.codes_in(item))
    return f'=IF(OR({",".join((f"ISNUMBER({cell})", *codes))}),{cell},"")'


def _appendix(summary: SummaryWorkbook, item: Indicator) -> LiveFormula:
    """Return the city's own figure: a percentage from the parts that are printed beside it."""
    value = summary.result.appendix.get(item.id)
    if item.percent is not None and item.is_computed:
        return LiveFormula(percent_formula(item.percent, _Printed(summary.places)), value)
    source = summary.places.totals_cell("total" if takes_total(item) else "city", item.id)
    return LiveFormula(f"={source.cell}", value)


@dataclass(frozen=True, slots=True)
class _Printed:
    """The figures of the city's own appendix (``CellSource``)."""

    places: SummaryPlaces

    def take(self, id: str, source: Source) -> str:
        cell = self.places.totals_cell("appendix", id).cell
        return f"N({cell})" if source == "nz" else cell


def _write_link(summary: SummaryWorkbook, sheet: Worksheet, item: Indicator) -> None:
    """Let the number of units that have a figure lead to the figures."""
    places = summary.places
    row = places.city_row if aggregate_of(item).is_city else HEADER_ROW
    if row == HEADER_ROW or summary.result.city:
        target = Address.of(MATRIX, places.figure_columns[item.id], row)
        cell = places.totals_cell("filled", item.id)
        sheet.write_url(cell.cell, f"internal:{target.link}", string="")


def _note_cell(summary: SummaryWorkbook, item: Indicator) -> SummaryCell:
    """Return how a total came about: the counts of its codes live, where a formula can say it."""
    note, codes = summary.result.totals[item.id].note, summary.result.code_counts.get(item.id)
    look = summary.format(border=1, text_wrap=True, **_bold(item))
    formula = None if codes is None else code_counts_formula(summary.places, item, codes)
    return (note if formula is None else LiveFormula(formula, note), look)


def _city_values(summary: SummaryWorkbook) -> dict[str, CityFigure]:
    """Return the numbers and codes in the city's own workbook, by id; none without it."""
    row, codes = summary.result.city_row, summary.form.absence
    values = row.values() if row else {}
    return {
        id: value
        for id, value in values.items()
        if isinstance(value, (int, float)) or value in codes
    }


def _bold(item: Indicator) -> dict[str, bool]:
    return {"bold": True} if item.kind == "section" or item.style == "bold" else {}


def _number_format(item: Indicator, value: CityFigure) -> str:
    """Return the format that shows a total whole: percentages as they are, grouped thousands."""
    if item.kind == "percent":
        return "General"
    return "#,##0.00" if isinstance(value, float) and value % 1 else "#,##0"
