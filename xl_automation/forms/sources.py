"""What an expression may ask of which kind of id: one table, which both faces serve in full.

The loader refuses anything else by the name of the block, before a workbook is built from it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from xl_automation.forms.expression import ABSENCE_FUNCTIONS
from xl_automation.forms.form import Form
from xl_automation.forms.rule import META
from xl_automation.forms.vocabulary import Source

IdKind = Literal["row", "computed row", "coded row", "helper", "table cell", "table total", "date"]

_PLAIN: tuple[Source, ...] = ("number", "nz", "filled", "blank", "readable")
_ROW: tuple[Source, ...] = (*_PLAIN, "previous", "leading_zero", *ABSENCE_FUNCTIONS)
SOURCES: Mapping[IdKind, tuple[Source, ...]] = {
    "row": _ROW,
    "computed row": (*_ROW, "agrees"),  # by its parts, or by its helpers
    "coded row": (*_ROW, "codes"),
    "helper": _PLAIN,
    "table cell": _PLAIN,
    "table total": (*_PLAIN, "previous"),
    "date": ("number",),  # as a serial number
}


def kind_of(form: Form, id: str) -> IdKind | None:
    """Return the kind of an id, None where the form has no such id."""
    if id in META:
        return "date"
    if id in form.helper_ids:
        return "helper"
    if id in form.table_cells:
        return "table cell" if form.table_cells[id][2] else "table total"
    item = form.by_id.get(id)
    if item is None:
        return None
    return "computed row" if item.percent else "coded row" if item.codes else "row"
