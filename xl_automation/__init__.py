"""Excel workbooks for administrative-reform reports: template, checks, consolidation.

The verbs, over plain data (paths, forms, submissions, findings):

>>> from xl_automation import check, load_form, read_submission
>>> form = load_form("cchc-2022")
>>> form.name
'Phụ lục báo cáo công tác cải cách hành chính'
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from xl_automation.checks.check import check
    from xl_automation.consolidation.consolidate import consolidate
    from xl_automation.editing.blank_workbook import blank_workbook as build_template
    from xl_automation.forms.loader import load_form
    from xl_automation.reading.reader import read_submission
    from xl_automation.summary.write import write_summary

__version__ = "0.2.0"

__all__ = [
    "build_template",
    "check",
    "consolidate",
    "load_form",
    "read_submission",
    "write_summary",
]

# Each verb is loaded when it is first asked for: a command that needs one need not wait for all.
_PLACES = {
    "build_template": ("editing.blank_workbook", "blank_workbook"),
    "check": ("checks.check", "check"),
    "consolidate": ("consolidation.consolidate", "consolidate"),
    "load_form": ("forms.loader", "load_form"),
    "read_submission": ("reading.reader", "read_submission"),
    "write_summary": ("summary.write", "write_summary"),
}


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module, verb = _PLACES[name]
    return getattr(import_module(f"{__name__}.{module}"), verb)
