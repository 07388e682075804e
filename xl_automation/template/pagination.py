"""Widths, heights and page breaks of the printed form."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.row_height import Text, row_height

SCALE = 91  # per cent, in print: 12 points are 10.9
# Widths in pixels. Printed, A:E are 141 mm of the 165 mm between the margins: they still fit where
# the right margin is 20 mm and a font whose digits are a ninth wider stands in for this one.
WIDTHS = {
    positions.STT: 72,
    positions.LABEL: 268,
    positions.UNIT: 104,
    positions.VALUE: 74,
    positions.NOTE: 68,
    positions.PREVIOUS: 96,
    positions.CHECK: 420,
    positions.RETURNED: 260,
    positions.PART: 110,
    positions.WHOLE: 110,
    positions.COMPUTED: 80,
}
ROW_SIZE, NOTE_SIZE, BESIDE_SIZE = 12, 10, 10  # points, of the rows, of notes, of captions beside
LINE, PADDING = 14.25, 2.25  # points, for Times New Roman 12
_NONE: Mapping[str, str] = MappingProxyType({})
# Points of an A4 page that are filled: between margins of 25 mm, though the sheet's are 20.
PAGE_HEIGHT = (297 - 50) / 25.4 * 72 / SCALE * 100
TITLE_HEIGHTS = (20, 36, 36, 10, 6)
SIGNATURE_HEIGHTS = (20, 20, 36, 20, 20, 24, 24, 20)


def form_row_height(item: Indicator, note: str = "") -> float:
    """Return the height in points that shows all texts of a row whole, and the *note* on it."""
    bold = item.kind == "section" or item.style == "bold"
    texts = ((positions.STT, item.stt), (positions.LABEL, item.label), (positions.UNIT, item.unit))
    wrapped = (Text(text, WIDTHS[column], bold, ROW_SIZE) for column, text in texts)
    noted = Text(note, WIDTHS[positions.NOTE], bold, NOTE_SIZE)
    return row_height((*wrapped, noted), LINE, PADDING)


def header_heights(form: Form) -> tuple[float, float]:
    """Return the heights in points of the two header lines: as low as their texts allow."""
    first = row_height([], LINE, PADDING)
    over_both = (
        Text(form.header[key], WIDTHS[column], True, ROW_SIZE)
        for column, key in (
            (positions.STT, "stt"),
            (positions.LABEL, "label"),
            (positions.NOTE, "note"),
        )
    )
    below = (
        Text(form.header[key], WIDTHS[column], True, ROW_SIZE)
        for column, key in ((positions.UNIT, "unit"), (positions.VALUE, "value"))
    )
    both = row_height(over_both, LINE, PADDING)
    return first, max(both - first, row_height(below, LINE, PADDING))


def page_breaks(form: Form, notes: Mapping[str, str] = _NONE) -> list[int]:
    """Return the rows that start a new page; *notes* on rows, by id, make them taller.

    A row stays with its “Trong đó” rows, a heading with the row after it, and the signatures
    with the last rows.
    """
    rows = Layout(form).rows
    breaks: list[int] = []
    header = sum(header_heights(form))
    used = sum(TITLE_HEIGHTS) + header
    groups = _groups(form)
    for group in groups:
        height = sum(form_row_height(item, notes.get(item.id, "")) for item in group)
        ending = sum(SIGNATURE_HEIGHTS) + LINE if group is groups[-1] else 0
        if used + height + ending > PAGE_HEIGHT:
            breaks.append(rows[group[0].id])
            used = header
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
