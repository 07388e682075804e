"""The cells of a workbook's sheets as read, blank ones left out."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from xl_automation.forms.numbers import CellValue
from xl_automation.forms.words import plain_text
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import column_letters

FAR_COLUMN, FAR_ROW = 78, 999  # nothing is read beyond BZ999: a cell far out costs no memory
NEAR_COLUMNS = frozenset(map(column_letters, range(1, FAR_COLUMN + 1)))


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula, its text beginning with ``=``."""

    text: str


Cell = CellValue | Formula


@dataclass(frozen=True)
class FormCells:
    """The cells of the sheets that are read, by address; blank cells are left out."""

    page: Mapping[str, Cell]
    info: Mapping[str, Cell]
    tables: Mapping[str, Mapping[str, Cell]]  # supporting tables by id
    # Value of a formula as last computed by the program that saved the file.
    cached: Callable[[str, str], CellValue] = field(
        repr=False, compare=False, default=lambda _sheet, _address: None
    )


def printed_text(value: Cell) -> str:
    """Return what a cell says, as text; a whole number has no fraction."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return plain_text(value)


def prints(value: Cell, text: str) -> bool:
    """Whether a cell says what was printed there; of texts only the words count."""
    return printed_text(value) == plain_text(text)


def issued_formulas(layout: Layout) -> dict[str, str]:
    """Return the formula that each percentage's cell was issued with, by id."""
    return {
        item.id: layout.formulas(item)[layout.cell(item.id)]
        for item in layout.form.figures
        if item.percent is not None
    }


def same_formula(formula: str, other: str) -> bool:
    """Whether two formulas are the same as programs write them: ``=IF($A$1="","",1)``."""
    return as_programs_write(formula) == as_programs_write(other)


def as_programs_write(formula: str) -> str:
    """Return a formula without what programs write in their own ways: signs ``$``, white space."""
    return re.sub(r"[$\s]", "", formula).removeprefix("=").upper()
