"""A range of cells → the figures of a form, for custom functions: three shapes are understood.

* the printed block, from the column of labels (or STT) to the figures, or beyond: rows are found by
  their labels, so that part of the form is enough;
* two columns, id and figure, of any length and order;
* the column of figures alone, every row of the form.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from xl_automation.checks.check import check_all
from xl_automation.checks.finding import Finding
from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import (
    ERRORS,
    Grid,
    grid,
    is_blank,
    quote,
    read_id,
    the_form,
)
from xl_automation.forms.numbers import BLANK, CellError, Reading, read_number
from xl_automation.forms.words import plain_text
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout

# From the column of labels.
_VALUE, _PART, _WHOLE = (
    ord(column) - ord(positions.LABEL)
    for column in (positions.VALUE, positions.PART, positions.WHOLE)
)


@dataclass(frozen=True)
class FormRange:
    """A commune's tabulate as they stand in a range."""

    listed: frozenset[str]  # the indicators that the range has
    submission: Submission
    figures: Figures

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What the checks say, but for what is only about indicators that the range lacks."""
        found = check_all(the_form(), [self.submission], self.figures)[0]
        return tuple(
            one for one in found if not one.indicators or not self.listed.isdisjoint(one.indicators)
        )


def read_range(value: Any) -> FormRange:
    """Return the figures in a range.

    Raises:
        CannotAnswer: If the range has none of the shapes understood.
    """
    rows = grid(value)
    # The types too: to Python, True and 1 are the same key.
    return _read_range(tuple(tuple((type(cell), cell) for cell in row) for row in rows))


@lru_cache(16)
def _read_range(typed: tuple[tuple[tuple[type, Any], ...], ...]) -> FormRange:
    form = the_form()
    rows = [[cell for _, cell in row] for row in typed]
    values = _by_label(rows) or _by_position(rows) or _by_id(rows)
    if values is None:
        layout = Layout(form)
        first, last = (f"{positions.VALUE}{row}" for row in (positions.FIRST_ROW, layout.last_row))
        raise UserError(
            f"vùng phải là cột Số liệu đủ {len(form.indicators)} dòng ({first}:{last}), "
            "hoặc từ cột STT đến cột Số liệu, hoặc hai cột mã và số liệu; "
            f"vùng này có {len(rows)} dòng × {len(rows[0])} cột."
        )
    readings = dict.fromkeys((item.id for item in form.inputs if not item.percent), BLANK)
    readings |= {id: _reading(id, cell) for id, cell in values.items()}
    one = Submission(Path(), form.id, form.version, "commune", None, None, None, readings)
    return FormRange(frozenset(values), one, tabulate(form, [one]))


def _reading(id: str, cell: Any) -> Reading:
    item = the_form().by_id.get(id)
    error = isinstance(cell, str) and cell in ERRORS
    return read_number(CellError(cell) if error else cell, item.kind if item else "count")


def _by_label(rows: Grid) -> Mapping[str, Any] | None:
    """Return the cells of a block that has the labels, or None."""
    place = _first_label(rows)
    if place is None:
        return None
    top, column = place
    items = the_form().indicators
    labels = [plain_text(row[column]) for row in rows[top:]]
    while not labels[-1]:
        labels.pop()
    # The same label may stand in several rows: the start is where most rows agree.
    starts = [start for start, item in enumerate(items) if plain_text(item.label) == labels[0]]
    start = max(starts, key=lambda start: _agreeing(labels, start))
    here = items[start : start + len(labels)]
    agreeing = _agreeing(labels, start)
    if agreeing < len(here):
        raise UserError(
            f"dòng thứ {top + agreeing + 1} của vùng phải là “{plain_text(here[agreeing].label)}” "
            f"nhưng đang là {quote(labels[agreeing])}."
        )
    if column + _VALUE >= len(rows[0]):
        raise UserError("vùng chưa có cột Số liệu; chọn vùng đến hết cột Số liệu.")
    values = {}
    for item, row in zip(here, rows[top:], strict=False):
        values[item.id] = row[column + _VALUE]
        for end, offset in ((".tu", _PART), (".mau", _WHOLE)):
            if item.helper and column + offset < len(row):
                values[item.id + end] = row[column + offset]
    return values


def _first_label(rows: Grid) -> tuple[int, int] | None:
    known = {plain_text(item.label) for item in the_form().indicators}
    for top, row in enumerate(rows):
        for column, cell in enumerate(row):
            if isinstance(cell, str) and plain_text(cell) in known:
                return top, column
    return None


def _agreeing(labels: Sequence[str], start: int) -> int:
    """Return how many of *labels* are those of the rows from *start* on."""
    items = the_form().indicators[start : start + len(labels)]
    pairs = zip(labels, items, strict=False)
    differing = (i for i, (label, item) in enumerate(pairs) if label != plain_text(item.label))
    return next(differing, len(items))


def _by_position(rows: Grid) -> Mapping[str, Any] | None:
    """Return the cells of the whole column of figures, alone or with the notes, or None."""
    items = the_form().indicators
    if len(rows) != len(items) or len(rows[0]) > 2:
        return None
    if len(rows[0]) == 2 and not any(is_blank(row[0]) for row in rows):
        return None  # the form has headings, so its column of figures has blanks
    return {item.id: row[0] for item, row in zip(items, rows, strict=True)}


def _by_id(rows: Grid) -> Mapping[str, Any] | None:
    """Return the cells of two columns, id and figure, or None."""
    if len(rows[0]) != 2:
        return None
    values: dict[str, Any] = {}
    for at_row, (name, cell) in enumerate(rows):
        if is_blank(name):
            continue
        try:
            id = read_id(name)
        except UserError:
            if at_row == 0:  # a heading
                continue
            raise
        if id in values:
            raise UserError(f"mã {id} có hai lần trong vùng.")
        values[id] = cell
    return values or None
