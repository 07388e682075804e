"""Percentages of a form open in Excel: computed anew, formulas typed over put back, told apart.

What a clerk may enter stays: a percentage without parts, as long as its optional numerator and
denominator are not both there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xlwings as xw

from xl_automation.excel.buttons.open_workbook import OpenForm, read_open, unlocked
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.reading.cells import same_formula
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.number_format import shows_percent
from xl_automation.xlsx.sheet_editor import split_address

_TOLERANCE = 1e-6
_TEXT_FORMAT = "@"
Shown = str | float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that was not what its formula gives, and is now.

    ``before`` is what it showed; ``typed`` is the foreign formula that stood there. ``computed``
    is the percentage by Python; where ``now`` still differs, ``agrees`` is False.
    """

    item: Indicator
    cell: str
    before: Shown
    typed: str
    now: Shown
    computed: float | None
    restored: bool

    @property
    def agrees(self) -> bool:
        """Whether the workbook shows what Python computes."""
        return self.cell[0] != positions.VALUE or _alike(self.now, self.computed)


def restore(opened: OpenForm) -> list[Difference]:
    """Put back every formula of the form's sheet that was typed over; return what changed."""
    form, page = opened.form, opened.page
    before, typed = _values(page, form), _formulas(page, form)
    expected = _expected(form, opened)
    wrong = {
        address: formula
        for address, formula in expected.items()
        if not (
            _is_formula(typed[address], before[address]) and same_formula(typed[address], formula)
        )
    }
    if wrong:
        with unlocked(page):
            for address, formula in wrong.items():
                cell = page.range(address)
                look = cell.number_format
                # Excel would keep the formula as text, or show a percentage times a hundred.
                if look == _TEXT_FORMAT or shows_percent(look):
                    cell.number_format = "General"
                cell.formula = formula
    opened.book.app.calculate()
    stood = {address: typed[address] for address in wrong}
    after = _values(page, form)
    submission = read_open(opened.book, form).submission if wrong else opened.submission
    return _differences(form, stood, before, after, tabulate(form, [submission]))


def _expected(form: Form, opened: OpenForm) -> dict[str, str]:
    """Return the formulas that have to stand on the form's sheet, by address."""
    layout, table = Layout(form), tabulate(form, [opened.submission])
    expected: dict[str, str] = {}
    for item in form.indicators:
        expected |= layout.formulas(item)
        reading = opened.submission.readings.get(item.id)
        entered = reading is not None and not reading.blank
        if item.helper and entered and np.isnan(table.recomputed(item.id)).all():
            del expected[layout.cell(item.id)]
    return expected


def _values(page: xw.Sheet, form: Form) -> dict[str, Shown]:
    """Return what the cells that hold formulas show, by address."""
    areas = (area.options(ndim=2, err_to_str=True) for area in _areas(page, form))
    return _addressed((area.row, area.column, area.value) for area in areas)


def _formulas(page: xw.Sheet, form: Form) -> dict[str, str]:
    """Return the formulas, or what was typed over them, by address."""
    return _addressed((area.row, area.column, area.formula) for area in _areas(page, form))


def _areas(page: xw.Sheet, form: Form) -> list[xw.Range]:
    last = Layout(form).last_row
    columns = ((positions.VALUE, positions.VALUE), (positions.COMPUTED, positions.LAST_COLUMN))
    return [page.range(f"{one}{positions.FIRST_ROW}:{other}{last}") for one, other in columns]


def _addressed(areas: Iterable[tuple[int, int, Sequence[Sequence[Any]]]]) -> dict[str, Any]:
    return {
        f"{chr(ord('@') + left + column)}{top + row}": value  # A is 1
        for top, left, lines in areas
        for row, line in enumerate(lines)
        for column, value in enumerate(line)
    }


def _is_formula(typed: str, shown: Shown) -> bool:
    """Whether a cell holds a formula, not the text of one."""
    return typed.startswith("=") and typed != shown


def _differences(
    form: Form,
    stood: Mapping[str, str],
    before: Mapping[str, Shown],
    after: Mapping[str, Shown],
    table: Figures,
) -> list[Difference]:
    """Return the cells that changed, those in *stood* since their formula was put back."""
    items = {row: form.by_id[id] for id, row in Layout(form).rows.items()}
    shown = {Layout(form).cell(item.id): item for item in form.indicators if item.percent}
    found = []
    for address in sorted({*stood, *shown}, key=lambda cell: (split_address(cell)[1], cell)):
        item = items[split_address(address)[1]]
        was, now, typed = before[address], after[address], stood.get(address, "")
        one = Difference(
            item=item,
            cell=address,
            before=was,
            typed=typed if _is_formula(typed, was) else "",
            now=now,
            computed=table.number(0, item.id) if item.percent else None,
            restored=address in stood,
        )
        if one.restored or not _alike(was, now) or not one.agrees:
            found.append(one)
    return found


def _alike(one: Shown, other: Shown) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= _TOLERANCE
    return one == other
