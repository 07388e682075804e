"""Which formulas of a workbook are those that this program issues, and which a clerk typed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from xl_automation.editing.results.state import WorkbookState
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.cells import as_programs_write
from xl_automation.template import positions
from xl_automation.template.build import template_formulas
from xl_automation.xlsx.address import Address

_NUMBER = re.compile(r"(?<![A-Z0-9_.])\d+(?:\.\d+)?(?:E[-+]?\d+)?")
Formulas = Mapping[str, Mapping[str, str]]  # by sheet, then by cell


def typed_formulas(state: WorkbookState) -> frozenset[Address]:
    """Return the cells whose formulas are nobody's but the clerk's."""
    issued = _issued(state)
    return frozenset(
        Address(f"{sheet}!{cell}")
        for sheet, cells in state.formulas.items()
        for cell in cells.keys() - issued.get(sheet, {}).keys()
    )


def compute_as_issued(state: WorkbookState) -> bool:
    """Whether each cell that is issued with a formula holds it, and no other cell holds one.

    A percentage and a day of the period may have been typed over: both are read as they stand.
    """
    may_be_typed = {
        *(state.layout.place(item.id) for item in state.form.figures if item.percent),
        *map(positions.info_place, positions.INFO_COMPUTED),
    }
    for sheet, cells in _issued(state).items():
        held = state.formulas.get(sheet, {})
        for cell, formula in cells.items():
            if cell not in held:
                if f"{sheet}!{cell}" not in may_be_typed:
                    return False
            elif not _is_same(held[cell], formula):
                return False
    return not typed_formulas(state)


def _issued(state: WorkbookState) -> Formulas:
    said = state.submission
    past = said.previous[0] if said.previous else None
    # Without an earlier period, the formulas do not depend on the period.
    return _issued_formulas(state.form, said.level, said.period if past else None, past)


@lru_cache(8)
def _issued_formulas(
    form: Form, level: UnitLevel, period: Period | None, past: Period | None
) -> Formulas:
    return template_formulas(form, level, period, past)


def _is_same(formula: str, issued: str) -> bool:
    """Whether a formula is the issued one, whatever program wrote it."""
    return formula == issued or _plainly(formula) == _plainly(issued)


def _plainly(formula: str) -> str:
    """Return a formula without what programs write in their own ways, numbers too: 1E-06."""
    return _NUMBER.sub(lambda number: repr(float(number[0])), as_programs_write(formula))
