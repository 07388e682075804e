"""The buttons that help, on real xlwings code in a real spreadsheet program."""

from __future__ import annotations

import pytest
import xlwings as xw

from tests.support.open_books import Open, rows
from xl_automation.excel.buttons import support_sheets
from xl_automation.excel.buttons.support_buttons import diagnose, guide
from xl_automation.template import positions

pytestmark = pytest.mark.office


def test_diagnose_lists_the_checks(excel: xw.App, told: list[str]) -> None:
    """What the doctor finds stands in a new workbook, with what to do about it."""
    message = diagnose(excel.books.add())
    sheet = excel.books.active.sheets[support_sheets.DIAGNOSIS]
    lines = rows(sheet, 5)
    assert lines[0][0] == "Python"
    assert {row[1] for row in lines} <= set(support_sheets.STATES.values())
    assert message.startswith("Có ")  # this is no Windows PC


def test_guide_is_the_forms_own_or_the_list_of_buttons(form_book: Open, excel: xw.App) -> None:
    """In a form its guide comes to the front; elsewhere a list of the buttons opens."""
    book = form_book()
    guide(book)
    assert book.sheets.active.name == positions.GUIDE_SHEET
    guide(excel.books.add())
    sheet = excel.books.active.sheets[support_sheets.BUTTON_LIST]
    assert [row[0] for row in rows(sheet, 5)][3] == "Tính lại tỷ lệ"
