"""The sheet ``Tổng hợp``: the form once more, each row with its combined figure, live."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.appendix import AppendixFigure, takes_total
from xl_automation.forms.absence import told_counts
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_counts_formula
from xl_automation.forms.form import Form
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
from xl_automation.summary.summary_workbook import BLUE, GREY, SummaryWorkbook, height, set_widths
from xl_automation.xlsx.address import Address

WIDTHS: Mapping[TotalsColumn, int] = {
    "stt": 9,
    "label": 46,
    "unit": 14,
    "total": 17,
    "filled": 9,
    "expected": 9,
    "left_out": 14,
    "proof": 14,
    "city": 15,
    "appendix": 15,
    "note": 34,
    "absent": 12,
    "part": 11,
    "whole": 11,
    "mean": 11,
    "largest": 11,
    "largest_unit": 24,
    "share": 8,
    "missing": 32,
}
PRINT_SCALE = 65  # per cent: the figures fit one page across, what stands behind them another
TO_UNITS = "Từng đơn vị ►"
HINT = (
    "Bấm vào số gạch chân là tới số của từng đơn vị. Nút 1, 2 ở mép trái gập các dòng theo mục;"
    " bấm “Từng đơn vị ►” là tới cả mục."
)
FIXED = 2  # columns that stay beside the others, on the screen and on each page
_LED: tuple[TotalsColumn, ...] = ("total", "filled")
_LINKED = {"font_color": BLUE, "underline": 1}
CityFigure = AppendixFigure


def write_totals(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write every row of the form with its totals and how they came about."""
    summary.title(sheet, "TỔNG HỢP")
    set_widths(sheet, (WIDTHS[column] for column in TOTALS_COLUMNS))
    if not summary.form.absences:
        last = TOTALS_COLUMNS.index("absent")
        sheet.set_column(last, last, None, None, {"hidden": True})
    captions = _captions(summary.form)
    summary.head(sheet, (captions[column] for column in TOTALS_COLUMNS))
    sheet.write_string(2, FIXED, HINT, summary.format(italic=True, font_color=GREY))
    sheet.set_row(HEADER_ROW - 1, 80)
    sheet.freeze_panes(HEADER_ROW, FIXED)
    _set_up_pages(sheet, max(summary.places.totals_rows.values(), default=HEADER_ROW))
    sheet.outline_settings(symbols_below=False)
    own = _city_values(summary)
    for item in summary.form.indicators:
        row = summary.places.totals_rows[item.id]
        targets = _targets(summary, item, own.get(item.id))
        cells = _label_cells(summary, item)
        if item.is_figure:
            cells |= _figure_cells(summary, item, own.get(item.id), targets)
        elif targets:
            cells["unit"] = TO_UNITS, summary.format(border=1, align="center", **_LINKED)
        for name, target in targets.items():  # what the cells hold is yet to come
            place = summary.places.totals_cell(name, item.id)
            sheet.write_url(place.cell, f"internal:{target.link}", string="")
        fold = {} if item.kind == "section" else {"level": 1}
        sheet.set_row(row - 1, _height(cells), None, fold)
        summary.row(sheet, row, (cells[column] for column in TOTALS_COLUMNS))


def _set_up_pages(sheet: Worksheet, last_row: int) -> None:
    """Let two pages side by side hold the columns, each with the rows' numbers and labels."""
    sheet.print_area(HEADER_ROW - 1, 0, last_row - 1, len(TOTALS_COLUMNS) - 1)
    sheet.set_print_scale(PRINT_SCALE)
    sheet.repeat_rows(HEADER_ROW - 1)
    sheet.repeat_columns(0, FIXED - 1)
    sheet.set_v_pagebreaks([TOTALS_COLUMNS.index("note")])
    sheet.print_across()


def _height(cells: Mapping[TotalsColumn, SummaryCell]) -> float:
    """Return the height of a row in points, by its texts."""
    texts = []
    for column, (content, _) in cells.items():
        content = content.value if isinstance(content, LiveFormula) else content
        if isinstance(content, str):
            texts.append((content, WIDTHS[column]))
    return height(texts)


def _captions(form: Form) -> Mapping[TotalsColumn, str]:
    header = form.header
    return {
        "stt": header["stt"],
        "label": header["label"],
        "unit": header["unit"],
        "total": "(A) Tổng hợp các xã, phường",
        "filled": "Đơn vị có số",
        "expected": "Trên tổng số",
        "left_out": "Không tính vào tổng",
        "proof": "Đối soát: các đơn vị = tổng + không tính",
        "city": f"Sổ của {form.city}",
        "appendix": f"(B) Phụ lục của {form.city}",
        "note": "Cách tổng hợp",
        "absent": "Đơn vị ghi mã thay số",
        "part": "Σ tử số",
        "whole": "Σ mẫu số",
        "mean": "Bình quân giản đơn (để tham khảo, không dùng)",
        "largest": "Số lớn nhất (của tỷ lệ: mẫu số)",
        "largest_unit": "là của",
        "share": "chiếm",
        "missing": "Đơn vị chưa có số",
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
    summary: SummaryWorkbook, item: Indicator, own: CityFigure, linked: Collection[TotalsColumn]
) -> dict[TotalsColumn, SummaryCell]:
    """Return the live totals of a row.

    Args:
        summary: The summary.
        item: The row.
        own: The figure in the city's own workbook.
        linked: The columns in which the row has links.
    """
    places, total, aggregate = summary.places, summary.result.totals[item.id], aggregate_of(item)
    lefts = summary.left_out_figures

    def look(column: TotalsColumn, **properties: Any) -> Format:
        return summary.format(border=1, **properties, **(_LINKED if column in linked else {}))

    number = {"align": "right", "bold": True, "num_format": _number_format(item, total.value)}
    count = {"align": "center"}
    formula, filled = aggregate.formula(places, item), aggregate.filled(places, item)
    expected = 1 if aggregate.is_city else summary.result.expected
    return {
        "total": (LiveFormula(formula, total.value), look("total", **number)),
        "filled": (LiveFormula(filled, total.filled), look("filled", **count)),
        "expected": (expected, look("expected", **count)),
        "city": (LiveFormula(_city_figure(summary, item), own), look("city", **number)),
        "left_out": (lefts.amount(item), look("left_out", **number)),
        "proof": (lefts.proof(item) if aggregate.is_added else None, look("proof", **count)),
        "appendix": (_appendix(summary, item), look("appendix", **number)),
        "note": _note_cell(summary, item),
        "absent": (_absent(summary, item), look("absent", **count)),
        **_fact_cells(summary, item),
    }


def _fact_cells(summary: SummaryWorkbook, item: Indicator) -> dict[TotalsColumn, SummaryCell]:
    """Return what stands behind a total; nothing in columns that have nothing to say of it."""
    facts = summary.row_facts
    text = summary.format(border=1, text_wrap=True, indent=1)
    cells: dict[TotalsColumn, SummaryCell] = {}
    if parts := facts.parts(item):
        numbers = (_grouped(summary, formula) for formula in parts)
        cells |= zip(("part", "whole"), numbers, strict=True)
    if mean := facts.mean(item):
        aside = summary.format(border=1, align="right", italic=True, font_color=GREY)
        cells["mean"] = mean, aside
    if largest := facts.largest(item):
        figure, unit, share = largest
        percent = summary.format(border=1, align="right", num_format="0.0%")
        cells["largest"] = _grouped(summary, figure)
        cells |= {"largest_unit": (unit, text), "share": (share, percent)}
    cells["missing"] = facts.missing(item) or None, text
    return cells


def _grouped(summary: SummaryWorkbook, formula: LiveFormula) -> SummaryCell:
    """Return the cell of a number with its thousands grouped."""
    shown = _grouping(formula.value)
    return formula, summary.format(border=1, align="right", num_format=shown)


def _absent(summary: SummaryWorkbook, item: Indicator) -> LiveFormula | None:
    """Return how many units have each code; None where the form has none."""
    codes, absent = summary.form.absence_codes, summary.result.totals[item.id].absent
    if not codes:
        return None
    formula = aggregate_of(item).absent_formula(summary.places, item, codes)
    return LiveFormula(formula, told_counts(absent) or None)


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


def _targets(
    summary: SummaryWorkbook, item: Indicator, own: CityFigure
) -> Mapping[TotalsColumn, Address]:
    """Return where the linked cells of a row lead in the matrix: to columns of units, or a cell.

    A figure that is not there is no link.
    """
    places = summary.places
    if not item.is_figure:
        section = next((one for one in places.sections if one.heading == item.id), None)
        return {"unit": Address.of(MATRIX, section.first, HEADER_ROW)} if section else {}
    column, total = places.figure_columns[item.id], summary.result.totals[item.id]
    of_units, of_city = (Address.of(MATRIX, column, row) for row in (HEADER_ROW, places.city_row))
    targets: dict[TotalsColumn, Address] = {} if own is None else {"city": of_city}
    is_city = aggregate_of(item).is_city
    if not is_city or summary.result.city:
        linked: tuple[TotalsColumn, ...] = ("filled",) if total.value is None else _LED
        targets |= dict.fromkeys(linked, of_city if is_city else of_units)
    return targets


def _note_cell(summary: SummaryWorkbook, item: Indicator) -> SummaryCell:
    """Return how a total came about: the counts of its codes live, where a formula can say it."""
    note, codes = summary.result.totals[item.id].note, summary.result.code_counts.get(item.id)
    look = summary.format(border=1, text_wrap=True, indent=1, **_bold(item))
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
    return "General" if item.kind == "percent" else _grouping(value)


def _grouping(value: object) -> str:
    return "#,##0.00" if isinstance(value, float) and value % 1 else "#,##0"
