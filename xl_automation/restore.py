"""Percentages of a form open in Excel: computed anew, formulas typed over put back, told apart.

What a clerk may enter stays: a percentage without parts, as long as its optional numerator and
denominator are not both there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import xlwings as xw

from xl_automation import layout as at
from xl_automation.book import OpenForm, read_open, unlocked
from xl_automation.layout import Layout
from xl_automation.model import Form, Indicator
from xl_automation.package import split
from xl_automation.submission import Figures, figures

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
        return self.cell[0] != at.VALUE or _alike(self.now, self.computed)


def restore(opened: OpenForm) -> list[Difference]:
    """Put back every formula of the form's sheet that was typed over; return what changed."""
    form, page = opened.form, opened.page
    before = _grid(page, form)
    expected = _expected(form, opened)
    wrong = {
        address: formula
        for address, formula in expected.items()
        if not _same_formula(before[address][1], formula)
    }
    if wrong:
        with unlocked(page):
            for address, formula in wrong.items():
                cell = page.range(address)
                if cell.number_format == _TEXT_FORMAT:  # Excel would keep the formula as text
                    cell.number_format = "General"
                cell.formula = formula
    opened.book.app.calculate()
    after = _grid(page, form)
    submission = read_open(opened.book, form).submission
    return _differences(form, wrong, before, after, figures(form, [submission]))


def _expected(form: Form, opened: OpenForm) -> dict[str, str]:
    """Return the formulas that have to stand on the form's sheet, by address."""
    layout, table = Layout(form), figures(form, [opened.submission])
    expected = {}
    for item in form.indicators:
        expected |= layout.formulas(item)
        reading = opened.submission.readings.get(item.id)
        entered = reading is not None and not reading.blank
        if item.helper and entered and table.recomputed(item.id).isna().all():
            del expected[layout.cell(item.id)]
    return expected


def _grid(page: xw.Sheet, form: Form) -> dict[str, tuple[Shown, str]]:
    """Return what each cell of the form shows, and its formula or text, by address."""
    area = page.range(f"{at.STT}{at.FIRST_ROW}:{at.LAST_COLUMN}{Layout(form).last_row}")
    values = area.options(ndim=2, err_to_str=True).value
    return {
        f"{chr(ord(at.STT) + column)}{at.FIRST_ROW + row}": (values[row][column], str(formula))
        for row, line in enumerate(area.formula)
        for column, formula in enumerate(line)
    }


def _same_formula(one: str, other: str) -> bool:
    """Whether two formulas are the same but for spaces and capitals, as Excel may write them."""
    return "".join(one.split()).casefold() == "".join(other.split()).casefold()


def _differences(
    form: Form,
    wrong: Mapping[str, str],
    before: Mapping[str, tuple[Shown, str]],
    after: Mapping[str, tuple[Shown, str]],
    table: Figures,
) -> list[Difference]:
    items = {row: form.by_id[id] for id, row in Layout(form).rows.items()}
    shown = {Layout(form).cell(item.id): item for item in form.indicators if item.percent}
    found = []
    for address in sorted({*wrong, *shown}, key=lambda cell: (split(cell)[1], cell)):
        item = items[split(address)[1]]
        (was, typed), now = before[address], after[address][0]
        one = Difference(
            item=item,
            cell=address,
            before=was,
            typed=typed if address in wrong and typed.startswith("=") else "",
            now=now,
            computed=table.number(0, item.id) if item.percent else None,
            restored=address in wrong,
        )
        if one.restored or not _alike(was, now) or not one.agrees:
            found.append(one)
    return found


def _alike(one: Shown, other: Shown) -> bool:
    if isinstance(one, (int, float)) and isinstance(other, (int, float)):
        return abs(one - other) <= _TOLERANCE
    return one == other
