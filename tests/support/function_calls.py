"""Calls of custom functions as cells make them, and the ranges that they are given."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

from tests.support.builders import FORM, Fill
from xl_automation.excel.functions import folder_content, folder_figures, report_files
from xl_automation.excel.functions.catalogue import signatures
from xl_automation.excel.functions.cell_function import Signature
from xl_automation.excel.functions.grid import Grid
from xl_automation.excel.functions.number_functions import CCHC_TYLE
from xl_automation.forms.form import Form

# What keeps the workbooks and folders that were read.
KEPT = (
    report_files.read_version,
    report_files._report,
    folder_content.kept_content,
    folder_figures._kept_consolidation,
)
SIGNATURES = {signature.name: signature for signature in signatures()}


def function_of(signature: Signature) -> Callable[..., Grid]:
    """Return the function that a signature describes."""
    module = importlib.import_module(signature.module)
    function: Callable[..., Grid] = getattr(module, signature.name)
    return function


def call(name: str, *arguments: Any) -> Grid:
    """Return what the function of that name answers."""
    return function_of(SIGNATURES[name])(*arguments)


def ask(function: Callable[..., Grid], *arguments: Any) -> Any:
    """Return the only cell of an answer."""
    ((answer,),) = function(*arguments)
    return answer


def forget_files() -> None:
    """Forget every workbook and folder that custom functions have read."""
    for kept in KEPT:
        kept.cache_clear()


def column(fill: Fill, form: Form = FORM) -> Grid:
    """Return the column of figures as Excel hands it over, computed percentages included."""
    parts = {id: fill.get(id) for id in form.by_id}
    rows: Grid = []
    for item in form.indicators:
        value: Any = fill.get(item.id)
        if item.is_computed and item.id not in fill:
            assert item.percent is not None
            refs = item.percent.refs
            # A commune has nothing in 4.1.5, whose part is a difference.
            value = None if item.id == "4.1.5" else ask(CCHC_TYLE, *(parts[ref] for ref in refs))
        rows.append([float(value) if isinstance(value, int) else value])
    return rows


def block(fill: Fill, form: Form = FORM) -> Grid:
    """Return the printed block A:E."""
    return [
        [item.stt, item.label, item.unit, value, "ghi chú"]
        for item, (value,) in zip(form.indicators, column(fill, form), strict=True)
    ]
