"""The buttons with a form that extends another: each takes it by the name in the workbook."""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings as xw

from tests.support.open_books import rows
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.excel.buttons import result_sheets
from xl_automation.excel.buttons.figures_buttons import check
from xl_automation.excel.buttons.form_buttons import new_form
from xl_automation.excel.buttons.open_form import read_open
from xl_automation.forms.loader import load_form
from xl_automation.template.layout import Layout

pytestmark = pytest.mark.office


def test_check_and_new_form_are_of_the_draft(excel: xw.App, folder: Path) -> None:
    """A blank form of the draft is filled in front and checked by the draft's own rules."""
    form = load_form("cchc-2025-du-thao")
    (folder / "xã.xlsx").write_bytes(blank_workbook(form))
    book = xw.Book(folder / "xã.xlsx")
    for id, value in {"6.2.1": 9, "6.2.5": 5, "5.3": 1}.items():
        book.sheets[form.sheet].range(Layout(form).cell(id)).value = value
    check(book)
    found = {row[6] for row in rows(book.sheets[result_sheets.FINDINGS])}
    assert {"C-6.2", "L01"} <= found
    assert not found & {"L02", "C-3.4.1"}
    new_form(book, folder / "mới.xlsx")
    assert read_open(book.app.books.active).form.id == form.id
