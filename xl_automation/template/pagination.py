"""Widths, heights and page breaks of the printed form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.row_height import Text, row_height

# Widths in pixels: A:E fill A4 between margins of 30 and 15 mm at 100 %.
WIDTHS = {
    positions.STT: 74,
    positions.LABEL: 282,
    positions.UNIT: 112,
    positions.VALUE: 78,
    positions.NOTE: 74,
    positions.PREVIOUS: 100,
    positions.CHECK: 420,
    positions.RETURNED: 260,
    positions.PART: 110,
    positions.WHOLE: 110,
    positions.COMPUTED: 80,
}
LINE, PADDING = 15.75, 3.0  # points, for Times New Roman 12
NOTE_SIZE = 10  # points
_NONE: Mapping[str, str] = MappingProxyType({})
PAGE_HEIGHT = (297 - 40) / 25.4 * 72  # points between the margins of an A4 page
TITLE_HEIGHTS = (20, 36, 36, 10, 6)
HEADER_HEIGHTS = (20, 48)
SIGNATURE_HEIGHTS = (20, 20, 36, 20, 20, 24, 24, 20)


def form_row_height(item: Indicator, note: str = "") -> float:
    """Return the height in points that shows all texts of a row whole, and the *note* on it."""
    bold = item.kind == "section" or item.style == "bold"
    texts = ((positions.STT, item.stt), (positions.LABEL, item.label), (positions.UNIT, item.unit))
    wrapped = (Text(text, WIDTHS[column], bold) for column, text in texts)
    noted = Text(note, WIDTHS[positions.NOTE], bold, NOTE_SIZE)
    return row_height((*wrapped, noted), LINE, PADDING)


def page_breaks(form: Form, notes: Mapping[str, str] = _NONE) -> list[int]:
    """Return the rows that start a new page; *notes* on rows, by id, make them taller.

    A row stays with its “Trong đó” rows, a heading with the row after it, and the signatures
    with the last rows.
    """
    rows = Layout(form).rows
    breaks: list[int] = []
    used: float = sum(TITLE_HEIGHTS) + sum(HEADER_HEIGHTS)
    groups = _groups(form)
    for group in groups:
        height = sum(form_row_height(item, notes.get(item.id, "")) for item in group)
        ending = sum(SIGNATURE_HEIGHTS) + LINE if group is groups[-1] else 0
        if used + height + ending > PAGE_HEIGHT:
            breaks.append(rows[group[0].id])
            used = sum(HEADER_HEIGHTS)
        used += height
    return breaks


def _groups(form: Form) -> list[list[Indicator]]:
    groups: list[list[Indicator]] = []
    for item in form.indicators:
        last = groups[-1] if groups else []
        is_part = bool(last) and item.stt in ("", "Trong đó")
        after_heading = bool(last) and not last[-1].is_figure
        if is_part or after_heading:
            last.append(item)
        else:
            groups.append([item])
    return groups
