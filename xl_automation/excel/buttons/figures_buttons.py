"""The buttons about the figures of the open form, and of those that go back to their units."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlwings as xw

from xl_automation.checks.check import check as findings_of
from xl_automation.checks.finding import tally
from xl_automation.checks.seal import Seal, seal_of
from xl_automation.checks.undecided import count_undecided
from xl_automation.editing.return_workbooks import ReturnRound, return_workbooks
from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs, result_sheets
from xl_automation.excel.buttons.button import button
from xl_automation.excel.buttons.dialogs import listed
from xl_automation.excel.buttons.open_form import OpenForm, is_form, read_open
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.excel.buttons.report_paths import read_reports, saved_path
from xl_automation.excel.buttons.restored_formulas import restore
from xl_automation.excel.buttons.status_bar import working
from xl_automation.reading.figures import tabulate
from xl_automation.reading.folder import find_workbooks
from xl_automation.reading.passed_over import unread
from xl_automation.wording import printable

log = logging.getLogger(__name__)


@button
def check(book: xw.Book) -> str:
    """Kiểm tra: write the findings beside the figures, list them, and seal what was checked."""
    with working(book.app, "đang kiểm tra"):
        open_form = read_open(book)
        findings = findings_of(open_form.form, open_form.submission)
        (undecided,) = count_undecided(tabulate(open_form.form, [open_form.submission]))
        result_sheets.show_findings(open_form, findings)
        seal = seal_of(open_form.form, open_form.submission, findings, undecided, datetime.now())
        said = _put(open_form, seal)
    if not findings:
        also = f" {tally([], undecided)}." if undecided else ""
        return f"✓ Không có điểm nào cần xem lại.{also}\n{said}"
    return (
        f"Có {tally(findings, undecided)}. Sheet “{result_sheets.FINDINGS}” liệt kê từng điểm, bấm "
        "vào địa chỉ để đến ô; lý do cũng ghi ở ghi chú của ô. Sửa xong, bấm lại nút này."
        f"\n{said}"
    )


def _put(open_form: OpenForm, seal: Seal) -> str:
    """Write the seal into its cell; return what the user reads of it."""
    place = open_form.seal_place
    if place is None:
        return (
            "Sổ này phát hành khi chưa có ô “Đã kiểm tra” nên không ghi dấu kiểm tra. Muốn có, "
            "chuyển số liệu sang biểu mẫu mới bằng cchc upgrade."
        )
    sheet = open_form.book.sheets[place.sheet]
    with unlocked(sheet):
        sheet.range(place.cell).value = seal.text
    return f"Đã ghi dấu kiểm tra vào sheet “{place.sheet}”; lưu sổ (Ctrl+S) để dấu đi theo tệp."


@button
def recalculate(book: xw.Book) -> str:
    """Tính lại tỷ lệ: recompute every percentage and restore formulas typed over."""
    with working(book.app, "đang tính lại tỷ lệ"):
        open_form = read_open(book)
        differences = restore(open_form)
        result_sheets.show_differences(open_form, differences)
    if not differences:
        return "✓ Mọi tỷ lệ đều đúng, không có công thức nào bị gõ đè."
    restored = sum(difference.restored for difference in differences)
    return (
        f"Đã khôi phục {restored} công thức; {len(differences)} ô có thay đổi "
        f"(xem sheet “{result_sheets.DIFFERENCES}”):\n"
        f"{listed(list(map(result_sheets.line_of, differences)))}"
    )


@button
def send_back(book: xw.Book, paths: Sequence[Path] = (), out: Path | None = None) -> str:
    """Trả lại đơn vị: make a copy that shows the unit what to correct."""
    if not paths and is_form(book):
        paths = [saved_path(read_open(book))]
    elif not paths:
        paths = dialogs.pick_files(book.app, "Chọn các báo cáo cần trả lại (có thể chọn nhiều)")
    files = find_workbooks(paths)
    if not files.paths:
        raise UserError("Không có sổ làm việc Excel nào trong những gì đã chọn.")
    out = out or dialogs.pick_folder(book.app, "Chọn thư mục nhận các bản trả lại")
    reports = read_reports(book, files.paths)
    with working(book.app, "đang lập các bản trả lại"):
        done = return_workbooks(reports.form, reports.results, out)
    for path, error in done.failed:
        log.error("send_back failed at %s", path, exc_info=error)
    where = f" Bản trả ở thư mục:\n{printable(str(out))}" if done.returned else ""
    count = f"Trả lại {len(done.returned)} trong {len(files.paths)} tệp."
    lines = [*_lines_of(done), *unread(files.passed_over)]
    return f"{count}{where}\n\n{listed(lines)}"


def _lines_of(done: ReturnRound) -> list[str]:
    """Return what became of each file, a line each."""
    return [
        *(f"↩ {given.copy.name}: {tally(given.findings)}" for given in done.returned),
        *(f"✓ {path.name}: không có gì phải trả lại" for path in done.clean),
        *(f"– {path.name}: bỏ qua, đơn vị đã gửi bản sau" for path in done.superseded),
        *(f"✗ {refused.path.name}: {refused.cause}. {refused.message}" for refused in done.refused),
        *(f"✗ {path.name}: {copy} đã có, khác nên giữ nguyên" for path, copy in done.taken),
        *(f"✗ {path.name}: lỗi của chương trình, đã ghi nhật ký" for path, _ in done.failed),
    ]
