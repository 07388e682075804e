"""The sheet ``Tổng hợp``: the form once more, each row with its combined figure, live."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.checks.rules import values
from xl_automation.forms.indicator import Indicator
from xl_automation.summary import formulas
from xl_automation.summary.places import TOTALS_HEADER
from xl_automation.summary.summary_workbook import MAX_TEXT, SummaryWorkbook, height, set_widths

LABEL_WIDTH, UNIT_WIDTH, NOTE_WIDTH = 60, 16, 60
Number = float | int | None


def write_totals(draft: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write every row of the form with its totals and how they came about."""
    draft.title(sheet, "TỔNG HỢP")
    set_widths(sheet, (9, LABEL_WIDTH, UNIT_WIDTH, 17, 11, 11, 15, 15, NOTE_WIDTH))
    header = draft.form.header
    captions = (
        header["stt"],
        header["label"],
        header["unit"],
        "(A) Tổng hợp các xã, phường",
        "Đơn vị có số",
        "Trên tổng số",
        "Sổ của thành phố",
        "(B) Phụ lục của thành phố",
        "Cách tổng hợp",
    )
    draft.head(sheet, TOTALS_HEADER - 1, captions)
    sheet.set_row(TOTALS_HEADER - 1, 64)
    sheet.freeze_panes(TOTALS_HEADER, 2)
    sheet.repeat_rows(TOTALS_HEADER - 1)
    own = _city_values(draft)
    for item in draft.form.indicators:
        row = draft.places.rows[item.id] - 1
        _write_label(draft, sheet, item, row)
        if item.is_figure:
            _write_figures(draft, sheet, item, row, own.get(item.id))


def _write_label(draft: SummaryWorkbook, sheet: Worksheet, item: Indicator, row: int) -> None:
    """Write what the form prints of a row; where it has no figure, the rest is empty."""
    bold = _bold(item)
    text = draft.format(border=1, text_wrap=True, **bold)
    middle = draft.format(border=1, align="center", text_wrap=True, **bold)
    note = draft.result.totals[item.id].note if item.is_figure else ""
    wrapped = ((item.label, LABEL_WIDTH), (item.unit, UNIT_WIDTH), (note, NOTE_WIDTH))
    sheet.set_row(row, height(wrapped))
    sheet.write_string(row, 0, item.stt, middle)
    sheet.write_string(row, 1, item.label, text)
    sheet.write_string(row, 2, item.unit, middle)
    if not item.is_figure:
        for column in range(3, 9):
            sheet.write_blank(row, column, None, text)


def _write_figures(
    draft: SummaryWorkbook, sheet: Worksheet, item: Indicator, row: int, own: Number
) -> None:
    """Write the live totals of a row; *own* is the figure in the city's own workbook."""
    places, total = draft.places, draft.result.totals[item.id]
    shown = _number_format(item, total.value)
    number = draft.format(border=1, align="right", bold=True, num_format=shown)
    count = draft.format(border=1, align="center")
    sheet.write_formula(row, 3, formulas.total(places, item), number, _cached(total.value))
    sheet.write_formula(row, 4, formulas.filled(places, item), count, total.filled)
    expected = 1 if item.aggregate == "city" else draft.result.expected
    sheet.write_number(row, 5, expected, count)
    sheet.write_formula(row, 6, formulas.city(places, item), number, _cached(own))
    source, value = ("D", total.value) if _from_communes(item) else ("G", own)
    sheet.write_formula(row, 7, f"={source}{row + 1}", number, _cached(value))
    text = draft.format(border=1, text_wrap=True, **_bold(item))
    codes = draft.result.code_counts.get(item.id)
    note = formulas.code_counts(places, item, codes) if codes is not None else None
    if note is None:
        sheet.write_string(row, 8, total.note[:MAX_TEXT], text)
    else:
        sheet.write_formula(row, 8, note, text, total.note)


def _city_values(draft: SummaryWorkbook) -> dict[str, Number]:
    """Return the numbers in the city's own workbook, by id; none without it."""
    result = draft.result
    if result.city is None:
        return {}
    found = values(draft.form, result.city, result.table, len(result.communes))
    return {id: value for id, value in found.items() if isinstance(value, (int, float))}


def _bold(item: Indicator) -> dict[str, bool]:
    return {"bold": True} if item.kind == "section" or item.style == "bold" else {}


def _number_format(item: Indicator, value: Number) -> str:
    """Return the format that shows a total whole: percentages as they are, grouped thousands."""
    if item.kind == "percent":
        return "General"
    return "#,##0.00" if isinstance(value, float) and value % 1 else "#,##0"


def _cached(value: Number) -> float | int | str:
    return "" if value is None else value


def _from_communes(item: Indicator) -> bool:
    """Whether the city's own appendix takes the row from the communes.

    For other rows the communes' sum is not the city's figure: both are true at once, and adding
    them would count twice.
    """
    return item.level == "commune" or item.aggregate == "share_units"
