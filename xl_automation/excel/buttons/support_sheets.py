"""What the ribbon buttons show of this PC and of themselves, in new workbooks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import xlwings as xw

from xl_automation.excel.addin.doctor import Check
from xl_automation.excel.buttons.sheet_list import Listing, fill_sheet
from xl_automation.shipped import MACROS
from xl_automation.xlsx.xml_part import parse_xml

DIAGNOSIS, BUTTON_LIST = "Chẩn đoán", "Hướng dẫn"
STATES = {"ok": "Đạt", "warning": "Cần chú ý", "error": "Lỗi"}


def show_diagnosis(app: xw.App, checks: Sequence[Check], log_file: Path) -> None:
    """List in a new workbook what was looked at on this PC."""
    columns = {"Mục": 24, "Tình trạng": 14, "Thấy": 70, "Việc cần làm": 70}
    rows = [(check.name, STATES[check.state], check.found, check.advice) for check in checks]
    remarks = (f"Tệp nhật ký, gửi kèm khi cần giúp đỡ: {log_file}",)
    _new_book(app, DIAGNOSIS, Listing("CHẨN ĐOÁN TIỆN ÍCH CCHC", remarks, columns, rows))


def show_buttons(app: xw.App) -> None:
    """Say in a new workbook what each button is for, in the words of the ribbon."""
    ribbon = parse_xml((MACROS / "ribbon.xml").read_bytes())
    rows = [
        (button.get("label"), button.get("supertip"))
        for button in ribbon.iter()
        if button.get("supertip")
    ]
    remarks = ("Hướng dẫn điền biểu mẫu: mở biểu mẫu rồi bấm lại nút Hướng dẫn.",)
    columns = {"Nút": 28, "Việc": 100}
    _new_book(app, BUTTON_LIST, Listing("CÁC NÚT CỦA THẺ CCHC", remarks, columns, rows))


def _new_book(app: xw.App, name: str, listing: Listing) -> None:
    sheet = app.books.add().sheets[0]
    sheet.name = name
    fill_sheet(sheet, listing)
