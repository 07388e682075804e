"""The buttons that make of a summary what leaves the house: the city's appendix, reminders."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import NamedTuple

import xlwings as xw

from xl_automation.consolidation.register import Register
from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs
from xl_automation.excel.buttons.button import button
from xl_automation.excel.buttons.dialogs import listed
from xl_automation.excel.buttons.open_form import path_of, read_open
from xl_automation.excel.buttons.report_paths import free_path, replaceable_path, saved_path
from xl_automation.excel.buttons.status_bar import working
from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named
from xl_automation.outputs.city_appendix import is_city_appendix, write_city_appendix
from xl_automation.outputs.exported import changed_words
from xl_automation.outputs.reminder_files import ALL, write_reminders
from xl_automation.outputs.reminders import WHY_WORDS, reminders
from xl_automation.outputs.report_source import report_of
from xl_automation.outputs.word_report import TEMPLATE, write_report
from xl_automation.reading.locate import DELETED
from xl_automation.summary.places import FORM_NAME
from xl_automation.summary.read_register import read_register
from xl_automation.summary.summary_file import form_id_in
from xl_automation.wording import capitalized, printable
from xl_automation.xlsx.files import refusals_told

# How the names of what is written begin.
APPENDIX, REMINDERS, REPORT = "phụ lục", "Lời nhắc", "Báo cáo"


class _OpenSummary(NamedTuple):
    """A summary open in Excel, as its file was saved."""

    form: Form
    path: Path
    register: Register

    def named(self, what: str) -> str:
        """Return the name of what is made of it."""
        return f"{what} {self.register.period}".strip()


@button
def city_appendix(book: xw.Book) -> str:
    """Phụ lục thành phố: write the city's appendix of the open summary beside it, and open it."""
    app, summary = book.app, _summary_of(book)
    what = f"{APPENDIX} {summary.form.city}"
    with working(app, f"đang lập {what}"):
        name = summary.named(capitalized(what))
        out = replaceable_path(app, summary.path.parent, name, is_city_appendix)
        write_city_appendix(summary.form, summary.register, summary.path, out)
    app.books.open(out)
    return f"Đã lập {what} theo bản đã lưu của “{book.name}”:\n{printable(str(out))}"


@button
def remind(book: xw.Book) -> str:
    """Nhắc đơn vị: write a text for each unit that owes something, and open all of them."""
    summary = _summary_of(book)
    folder = summary.path.parent / summary.named(REMINDERS)
    with working(book.app, "đang soạn lời nhắc"):
        owing = reminders(summary.form, summary.register)
        files = write_reminders(owing, folder)
    if not owing:
        return f"Không có đơn vị nào phải nhắc ({len(summary.register.units)} đơn vị)."
    dialogs.open_outside(folder / ALL)
    counts = Counter(why for reminder in owing for why in reminder.why)
    told = ", ".join(f"{counts[why]} {words}" for why, words in WHY_WORDS.items() if counts[why])
    done = (
        f"Đã soạn lời nhắc cho {len(owing)} đơn vị ({told}), vào thư mục:\n{printable(str(folder))}"
    )
    if not files.taken:
        return done
    taken = listed([printable(path.name) for path in files.taken])
    return f"{done}\n\nGiữ nguyên {len(files.taken)} tệp đã có người sửa:\n{taken}"


@button
def word_report(book: xw.Book) -> str:
    """Báo cáo Word: write the report of the open summary or form beside it, and open it."""
    is_summary = FORM_NAME in book.names
    opened = None if is_summary else read_open(book)
    path = saved_path(opened) if opened else _summary_of(book).path
    with working(book.app, "đang lập báo cáo"):
        context, changed = report_of(path, opened.form if opened else _summary_of(book).form)
        own = path.with_name(TEMPLATE.name)
        template = own if own.is_file() else TEMPLATE
        out = free_path(path.parent, f"{REPORT} {context['ma_ky']}".strip(), ".docx")
        with refusals_told(template):
            write_report(context, out, template)
    dialogs.open_outside(out)
    told = "\n".join(changed_words({path: changed} if changed else {}))
    done = f"Đã lập báo cáo theo bản đã lưu của “{book.name}”:\n{printable(str(out))}"
    return f"{done}\n\n{told}".strip()


def _summary_of(book: xw.Book) -> _OpenSummary:
    """Return the open summary as it was saved.

    Raises:
        UserError: If the workbook is no summary, was never saved, or is one of a form that does
            not ship.
    """
    names = book.names
    if FORM_NAME not in names or DELETED in (names[FORM_NAME].refers_to or ""):
        raise UserError(
            f"Sổ đang mở, “{book.name}”, không phải sổ tổng hợp. Mở sổ tổng hợp, do nút Tổng hợp "
            "thư mục hoặc lệnh cchc consolidate lập, rồi bấm lại nút này."
        )
    path = path_of(book)
    id = form_id_in(names[FORM_NAME].refers_to_range.raw_value)
    form = form_named(id)
    if form is None:
        raise UserError(
            f"Sổ đang mở, “{book.name}”, là sổ tổng hợp của biểu mẫu “{id}”; bộ CCHC trên máy này "
            "không có biểu mẫu ấy. Cài bản mới của bộ CCHC."
        )
    return _OpenSummary(form, path, read_register(path, form))
