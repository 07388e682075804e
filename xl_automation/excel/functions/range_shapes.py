"""The shapes in which a range may hold the figures of a form: three are understood.

* the printed block, from the column of labels (or STT) to the figures, or beyond: rows are found by
  their labels, so that part of the form is enough;
* the column of figures alone, every row of the form;
* two columns, id and figure, of any length and order.

Each function returns the cells by id, or None where the range has another shape.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import quote
from xl_automation.excel.functions.form_ids import read_id
from xl_automation.excel.functions.grid import Grid, is_blank
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import PART_END, WHOLE_END, Indicator
from xl_automation.forms.words import plain_text
from xl_automation.template import positions
from xl_automation.xlsx.address import column_number

# From the column of labels.
_VALUE, _PART, _WHOLE = (
    column_number(column) - column_number(positions.LABEL)
    for column in (positions.VALUE, positions.PART, positions.WHOLE)
)


def by_label(form: Form, rows: Grid) -> Mapping[str, Any] | None:
    """Return the cells of a block that has the labels.

    Raises:
        UserError: Where the rows are not those of the form, or the figures are not in the range.
    """
    place = _first_label(form, rows)
    if place is None:
        return None
    top, column = place
    labels = [plain_text(row[column]) for row in rows[top:]]
    while not labels[-1]:
        labels.pop()
    items = _items_from(form, labels)
    agreeing = _agreeing(items, labels)
    if agreeing < len(items):
        raise UserError(
            f"dòng thứ {top + agreeing + 1} của vùng phải là "
            f"“{plain_text(items[agreeing].label)}” nhưng đang là {quote(labels[agreeing])}."
        )
    if column + _VALUE >= len(rows[0]):
        raise UserError("vùng chưa có cột Số liệu; chọn vùng đến hết cột Số liệu.")
    values = {}
    for item, row in zip(items, rows[top:], strict=False):
        values[item.id] = row[column + _VALUE]
        for end, offset in ((PART_END, _PART), (WHOLE_END, _WHOLE)):
            if item.helper and column + offset < len(row):
                values[item.id + end] = row[column + offset]
    return values


def _first_label(form: Form, rows: Grid) -> tuple[int, int] | None:
    """Return row and column of the first label of the form in a range, from 0."""
    known = {plain_text(item.label) for item in form.indicators}
    for top, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and plain_text(cell) in known:
                return top, column
    return None


def _items_from(form: Form, labels: Sequence[str]) -> Sequence[Indicator]:
    """Return the rows of the form that begin with the first label and agree with most of them.

    The same label may stand in several rows.
    """
    items, length = form.indicators, len(labels)
    parts = [
        items[start : start + length]
        for start, item in enumerate(items)
        if plain_text(item.label) == labels[0]
    ]
    return max(parts, key=lambda part: _agreeing(part, labels))


def _agreeing(items: Sequence[Indicator], labels: Sequence[str]) -> int:
    """Return how many of *labels* are those of *items*, up to the first that is not."""
    pairs = zip(labels, items, strict=False)
    differing = (i for i, (label, item) in enumerate(pairs) if label != plain_text(item.label))
    return next(differing, len(items))


def by_position(form: Form, rows: Grid) -> Mapping[str, Any] | None:
    """Return the cells of the whole column of figures, alone or with the notes."""
    items = form.indicators
    if len(rows) != len(items) or len(rows[0]) > 2:
        return None
    if len(rows[0]) == 2 and not any(is_blank(row[0]) for row in rows):
        return None  # the form has headings, so its column of figures has blanks
    return {item.id: row[0] for item, row in zip(items, rows, strict=True)}


def by_id(form: Form, rows: Grid) -> Mapping[str, Any] | None:
    """Return the cells of two columns, id and figure.

    Raises:
        UserError: Where an id is not the form's, or stands twice.
    """
    if len(rows[0]) != 2:
        return None
    values: dict[str, Any] = {}
    for position, (name, cell) in enumerate(rows):
        if is_blank(name):
            continue
        try:
            id = read_id(form, name)
        except UserError:
            if position == 0:  # a heading
                continue
            raise
        if id in values:
            raise UserError(f"mã {id} có hai lần trong vùng.")
        values[id] = cell
    return values or None
