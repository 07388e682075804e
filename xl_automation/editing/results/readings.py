"""What the workbook understands of each figure: the percentage, the number, the text, its shape."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from xl_automation.editing.results.state import Content, Results, WorkbookState
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import CellError, Share, clean, read_number
from xl_automation.template import positions
from xl_automation.xlsx.sheet_editor import Result

_SHARE_PLACES = Decimal("1e-10")
_LONGEST_BODY = 99  # characters after a minus that are looked at
_AS_ZERO = str.maketrans("123456789", "0" * 9)


def reading_results(state: WorkbookState) -> Results:
    """Return the results on the form's sheet that read and compute figures.

    How a cell shows numbers is left out: each program calls that by a name of its own.
    """
    page: dict[str, Result] = {}
    for item in state.form.indicators:
        row, cell = state.layout.rows[item.id], state.layout.cell(item.id)
        if item.is_computed:
            page[cell] = page[f"{positions.NUMBER}{row}"] = _or_empty(state.percentage(item.id))
            continue
        if item.helper:
            page[cell] = page[f"{positions.COMPUTED}{row}"] = _or_empty(state.percentage(item.id))
        value = figure_value(state, item)
        text = clean(value) if isinstance(value, str) else ""
        page[f"{positions.TEXT}{row}"] = text
        page[f"{positions.SHAPE}{row}"] = _shape(text, item)
        page[f"{positions.NUMBER}{row}"] = _number(state, value, item)
    return {state.form.sheet: page}


def _or_empty(number: float | None) -> Result:
    return "" if number is None else number


def figure_value(state: WorkbookState, item: Indicator) -> Content:
    """Return what stands in the cell of a figure; of an issued formula what it gives."""
    cell = state.layout.cell(item.id)
    if cell in state.formulas[state.form.sheet]:
        return state.percentage(item.id)
    value = state.page(cell)
    # A locked percentage is read as it stands, whatever its format.
    return value.number if item.is_computed and isinstance(value, Share) else value


def _shape(text: str, item: Indicator) -> str:
    """Return the shape of a text: ``Layout.shape_formula``."""
    body = text[1 : 1 + _LONGEST_BODY] if text.startswith("-") else text
    if item.kind == "percent" and text.endswith("%"):
        body = clean(body[:-1])
    return body.translate(_AS_ZERO)


def _number(state: WorkbookState, value: Content, item: Indicator) -> Result:
    """Return a figure as read: ``Layout.number_formula``."""
    match value:
        case Share(number) if item.kind == "percent":
            shown = 100 * Decimal(repr(number))
            return float(shown.quantize(_SHARE_PLACES, ROUND_HALF_UP))
        case bool() | Share() | CellError():
            return positions.UNREADABLE
        case float():
            return value
    reading = read_number(value, item.kind, state.form.codes_in(item))
    if reading.blank:
        return ""
    unread = reading.absence or positions.UNREADABLE
    return unread if reading.number is None else reading.number
