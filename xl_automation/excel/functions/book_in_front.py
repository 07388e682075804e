"""The form that the workbook in front of the user names: functions are about it by default."""

from __future__ import annotations

import logging

import xlwings as xw

from xl_automation.forms.form import Form
from xl_automation.forms.loader import default_form, form_named
from xl_automation.forms.words import plain_text
from xl_automation.reading.locate import DELETED
from xl_automation.template import positions

log = logging.getLogger(__name__)


def form_in_front() -> Form:
    """Return the form that the calling workbook names; the default where it names none of ours.

    Asking Excel costs six calls; whatever comes of them, a function still answers.
    """
    form = None
    if _has_caller():
        try:
            id = named_form(xw.Book.caller())
            form = form_named(id) if id else None
        except Exception:  # of the COM library, which is there on Windows only
            log.warning("the workbook in front does not say its form", exc_info=True)
    return form or default_form()


def _has_caller() -> bool:
    """Whether Excel called, as xlwings notes it; in plain Python no workbook is in front."""
    windows = getattr(xw, "_xlwindows", None)
    return hasattr(xw.Book, "_mock_caller") or bool(windows and windows.BOOK_CALLER)


def named_form(book: xw.Book) -> str | None:
    """Return the id of the form that a workbook names, None where it names none."""
    names = book.names
    if positions.FORM_CELL not in names:
        return None
    name = names[positions.FORM_CELL]
    if DELETED in (name.refers_to or ""):
        return None
    return plain_text(name.refers_to_range.raw_value) or None
