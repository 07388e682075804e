"""The buttons that make forms."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import xlwings as xw

from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.editing.issue import issue_workbooks
from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs
from xl_automation.excel.buttons.button import button
from xl_automation.excel.buttons.dialogs import listed
from xl_automation.excel.buttons.open_form import form_of
from xl_automation.excel.buttons.status_bar import working
from xl_automation.forms.unit_list import read_units
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.wording import printable
from xl_automation.xlsx.files import write_new


@button
def new_form(book: xw.Book, out: Path | None = None, level: UnitLevel = "commune") -> str:
    """Biểu mẫu mới: make a blank, locked form and open it."""
    form = form_of(book)
    out = out or dialogs.pick_new_file(book.app, "Lưu biểu mẫu mới", "Biểu mẫu CCHC.xlsx")
    if out.suffix.lower() != ".xlsx":
        out = out.with_name(f"{out.name}.xlsx")
    with working(book.app, "đang lập biểu mẫu"):
        write_new(out, blank_workbook(form, level))
    book.app.books.open(out)
    return ""


@button
def issue(
    book: xw.Book,
    units: Path | None = None,
    period: str = "",
    folder: Path | None = None,
    due: date | None = None,
) -> str:
    """Phát hành cho đơn vị: make one prefilled form per unit of a list."""
    form = form_of(book)
    units = units or dialogs.pick_file(book.app, "Chọn danh sách đơn vị", dialogs.UNITS)
    all_units = read_units(units)
    when = form.period(period or dialogs.ask_period(book.app, form))
    listed_units = form.units_at(when, all_units)
    if not listed_units:
        raise UserError(f"{units.name} không có đơn vị nào của {when.label}.")
    if not folder:
        due = dialogs.ask_day(book.app, "Hạn gửi, ví dụ 20/6/2022 (để trống nếu không có):")
    folder = folder or dialogs.pick_folder(book.app, "Chọn thư mục nhận các biểu mẫu")
    with working(book.app, "đã phát hành", len(listed_units)) as step:
        issued = issue_workbooks(form, listed_units, when, folder, progress=step, due=due)
    where = printable(str(folder))
    done = f"Đã phát hành {issued.count} biểu mẫu, {when.label}, vào thư mục:\n{where}"
    if not issued.taken:
        return done
    return (
        f"{done}\n\nGiữ nguyên {len(issued.taken)} tệp đã có vì khác bản phát hành lần này, có thể "
        f"đơn vị đã điền:\n{listed([printable(path.name) for path in issued.taken])}"
    )
