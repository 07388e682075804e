"""The buttons that help: the state of this PC, the guide."""

from __future__ import annotations

import xlwings as xw

from xl_automation.excel.addin.doctor import doctor
from xl_automation.excel.addin.home import places
from xl_automation.excel.buttons import support_sheets
from xl_automation.excel.buttons.button import button
from xl_automation.excel.buttons.dialogs import listed
from xl_automation.excel.buttons.open_form import is_form
from xl_automation.excel.buttons.status_bar import working
from xl_automation.template import positions


@button
def diagnose(book: xw.Book) -> str:
    """Chẩn đoán: check the installation and list what to do."""
    with working(book.app, "đang chẩn đoán"):
        checks = doctor()
        support_sheets.show_diagnosis(book.app, checks, places().log_file)
    wrong = [check for check in checks if check.state != "ok"]
    if not wrong:
        return "✓ Mọi mục đều đạt."
    lines = [f"{check.name}: {check.found} {check.advice}" for check in wrong]
    return f"Có {len(wrong)} mục cần xem:\n{listed(lines)}"


@button
def guide(book: xw.Book) -> str:
    """Hướng dẫn: open the guide."""
    if is_form(book) and positions.GUIDE_SHEET in book.sheet_names:
        book.sheets[positions.GUIDE_SHEET].activate()
    else:
        support_sheets.show_buttons(book.app)
    return ""
