"""Percentages of a form open in Excel: computed anew, formulas typed over put back, told apart.

What a clerk may enter stays: a percentage without parts, as long as its optional numerator and
denominator are not both there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import xlwings as xw

from xl_automation.excel.buttons.open_form import OpenForm, read_open
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.reading.cells import same_formula
from xl_automation.reading.figures import FigureRow, tabulate
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address, column_number
from xl_automation.xlsx.number_format import shows_percent

_TOLERANCE = 1e-6
_TEXT_FORMAT = "@"
Shown = str | float | None


@dataclass(frozen=True, slots=True)
class Difference:
    """One cell that was not what its formula gives, and is now.

    Attributes:
        item: The row.
        cell: Where it stands on the form's sheet.
        before: What it showed.
        typed: The foreign formula that stood there, "" if none did.
        now: What it shows now.
        computed: The percentage by Python, None where the parts give none.
        restored: Whether its formula was put back.
    """

    item: Indicator
    cell: Address
    before: Shown
    typed: str
    now: Shown
    computed: float | None
    restored: bool

    @property
    def agrees(self) -> bool:
        """Whether the workbook shows what Python computes."""
        return self.cell.column != positions.VALUE or _alike(self.now, self.computed)


def restore(open_form: OpenForm) -> list[Difference]:
    """Put back every formula of the form's sheet that was typed over; return what changed."""
    form, page = open_form.form, open_form.page
    before, typed = _values(page, form), _formulas(page, form)
    wrong = {
        address: formula
        for address, formula in _expected(open_form).items()
        if not (
            _is_formula(typed[address], before[address]) and same_formula(typed[address], formula)
        )
    }
    if wrong:
        with unlocked(page):
            for address, formula in wrong.items():
                _put_back(page.range(address), formula)
    open_form.book.app.calculate()
    stood = {address: typed[address] for address in wrong}
    after = _values(page, form)
    submission = read_open(open_form.book).submission if wrong else open_form.submission
    return _differences(stood, before, after, tabulate(form, [submission]).row(0))


def _put_back(cell: xw.Range, formula: str) -> None:
    look = cell.number_format
    # Excel would keep the formula as text, or show a percentage times a hundred.
    if look == _TEXT_FORMAT or shows_percent(look):
        cell.number_format = "General"
    cell.formula = formula


def _expected(open_form: OpenForm) -> dict[Address, str]:
    """Return the formulas that have to stand on the form's sheet, by address."""
    layout, form = open_form.layout, open_form.form
    figures = tabulate(form, [open_form.submission]).row(0)
    expected: dict[Address, str] = {}
    for item in form.indicators:
        formulas = layout.formulas(item)
        reading = figures.reading(item.id)
        entered = reading is not None and not reading.blank
        if item.helper and entered and figures.recomputed(item.id) is None:
            del formulas[layout.cell(item.id)]
        expected |= {Address(cell): formula for cell, formula in formulas.items()}
    return expected


def _values(page: xw.Sheet, form: Form) -> dict[Address, Shown]:
    """Return what the cells that hold formulas show, by address."""
    areas = (area.options(ndim=2, err_to_str=True) for area in _areas(page, form))
    return _addressed((area.row, area.column, area.value) for area in areas)


def _formulas(page: xw.Sheet, form: Form) -> dict[Address, str]:
    """Return the formulas, or what was typed over them, by address."""
    return _addressed((area.row, area.column, area.formula) for area in _areas(page, form))


def _areas(page: xw.Sheet, form: Form) -> list[xw.Range]:
    last = Layout(form).last_row
    columns = ((positions.VALUE, positions.VALUE), (positions.COMPUTED, positions.LAST_COLUMN))
    return [page.range(f"{left}{positions.FIRST_ROW}:{right}{last}") for left, right in columns]


def _addressed(areas: Iterable[tuple[int, int, Sequence[Sequence[Any]]]]) -> dict[Address, Any]:
    return {
        Address.of("", left + column, top + row): value
        for top, left, lines in areas
        for row, line in enumerate(lines)
        for column, value in enumerate(line)
    }


def _is_formula(typed: str, shown: Shown) -> bool:
    """Whether a cell holds a formula, not the text of one."""
    return typed.startswith("=") and typed != shown


def _differences(
    stood: Mapping[Address, str],
    before: Mapping[Address, Shown],
    after: Mapping[Address, Shown],
    figures: FigureRow,
) -> list[Difference]:
    """Return the cells that changed, those in *stood* since their formula was put back."""
    form = figures.form
    layout = Layout(form)
    items = {row: form.by_id[id] for id, row in layout.rows.items()}
    shown = [Address(layout.cell(item.id)) for item in form.indicators if item.percent]
    differences = []
    for address in sorted(
        {*stood, *shown}, key=lambda cell: (cell.row, column_number(cell.column))
    ):
        item = items[address.row]
        was, now, typed = before[address], after[address], stood.get(address, "")
        difference = Difference(
            item=item,
            cell=address,
            before=was,
            typed=typed if _is_formula(typed, was) else "",
            now=now,
            computed=figures.number(item.id) if item.percent else None,
            restored=address in stood,
        )
        if difference.restored or not _alike(was, now) or not difference.agrees:
            differences.append(difference)
    return differences


def _in_reading_order(cell: Address) -> tuple[int, int]:
    return cell.row, column_number(cell.column)


def _alike(shown: Shown, other: Shown) -> bool:
    if isinstance(shown, (int, float)) and isinstance(other, (int, float)):
        return abs(shown - other) <= _TOLERANCE
    return shown == other
