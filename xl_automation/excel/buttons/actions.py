"""What the ribbon buttons do, given the workbook in front of the user.

One function per button, of the same name as the button's id in ``ribbon.xml``. It returns the
sentences for the user, and gets as arguments what it would otherwise ask for. `run` is what the
add-in calls: it stands between a function and Excel, so that the user always gets a sentence.
"""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import xlwings as xw

from xl_automation.checks.check import check as findings_of
from xl_automation.checks.comparison import changes, findings_against
from xl_automation.checks.earlier import check_previous, figures_of_unit
from xl_automation.checks.finding import tally
from xl_automation.consolidation.consolidate import consolidate as combine
from xl_automation.consolidation.intake import common_period
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.errors import UserError
from xl_automation.excel.addin.doctor import doctor
from xl_automation.excel.addin.home import places
from xl_automation.excel.buttons import dialogs, result_sheets
from xl_automation.excel.buttons.dialogs import Cancelled, about, listed, tell
from xl_automation.excel.buttons.open_workbook import (
    explained,
    is_form,
    path_of,
    read_open,
    unlocked,
    working,
)
from xl_automation.excel.buttons.report_paths import free_path, past_in, saved_path, summary_path
from xl_automation.excel.buttons.restore import restore
from xl_automation.excel.functions.period_lookup import period_answer
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit, read_units
from xl_automation.reading.figures import tabulate
from xl_automation.reading.folder import find_workbooks, read_files
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.read_back import is_summary
from xl_automation.summary.write import write_summary
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.xlsx.files import write_new
from xl_automation.xlsx.refusal import Refusal

log = logging.getLogger(__name__)
OPEN_LOG = "Chạy lại cai-dat-addin.cmd, hoặc đóng chương trình đang mở tệp ấy, rồi bấm lại nút này."


# --- the form ----------------------------------------------------------------------------------


def new_form(book: xw.Book, out: Path | None = None, level: str = "commune") -> str:
    """Biểu mẫu mới: make a blank, locked form and open it."""
    out = out or dialogs.pick_new_file(book.app, "Lưu biểu mẫu mới", "Biểu mẫu CCHC.xlsx")
    if out.suffix.lower() != ".xlsx":
        out = out.with_name(f"{out.name}.xlsx")
    with working(book.app, "đang lập biểu mẫu"):
        write_new(out, build_template(load_form(), level))
    book.app.books.open(out)
    return ""


def issue(
    book: xw.Book, units: Path | None = None, period: str = "", folder: Path | None = None
) -> str:
    """Phát hành cho đơn vị: make one prefilled form per unit of a list."""
    form = load_form()
    units = units or dialogs.pick_file(book.app, "Chọn danh sách đơn vị", dialogs.UNITS)
    with explained():
        listed_units = read_units(units)
        when = form.period(period or _ask_period(book.app, form))
    folder = folder or dialogs.pick_folder(book.app, "Chọn thư mục nhận các biểu mẫu")
    with working(book.app, "đã phát hành", len(listed_units)) as step:
        paths = issue_workbooks(form, listed_units, when, folder, progress=step)
    return f"Đã phát hành {len(paths)} biểu mẫu, {when.label}, vào thư mục:\n{folder}"


def _ask_period(app: xw.App, form: Form) -> str:
    codes = ", ".join(f"{date.today().year}-{kind.code}" for kind in form.period_kinds)
    return dialogs.ask_text(app, f"Kỳ báo cáo ({codes}):", str(period_answer(date.today(), None)))


# --- figures of the open form ------------------------------------------------------------------


def check(book: xw.Book) -> str:
    """Kiểm tra: write the findings beside the figures and list them."""
    form = load_form()
    with working(book.app, "đang kiểm tra"):
        opened = read_open(book, form)
        findings = findings_of(form, opened.submission)
        result_sheets.show_findings(opened, findings)
    if not findings:
        return "✓ Không có điểm nào cần xem lại."
    return (
        f"Có {tally(findings)}. Sheet “{result_sheets.FINDINGS}” liệt kê từng điểm, bấm vào địa chỉ để "
        "đến ô; lý do cũng ghi ở ghi chú của ô. Sửa xong, bấm lại nút này."
    )


def recalculate(book: xw.Book) -> str:
    """Tính lại tỷ lệ: recompute every percentage and restore formulas typed over."""
    with working(book.app, "đang tính lại tỷ lệ"):
        opened = read_open(book, load_form())
        differences = restore(opened)
        result_sheets.show_differences(opened, differences)
    if not differences:
        return "✓ Mọi tỷ lệ đều đúng, không có công thức nào bị gõ đè."
    restored = sum(one.restored for one in differences)
    lines = [result_sheets.line_of(one) for one in differences]
    return (
        f"Đã khôi phục {restored} công thức; {len(differences)} ô có thay đổi "
        f"(xem sheet “{result_sheets.DIFFERENCES}”):\n{listed(lines)}"
    )


def send_back(book: xw.Book, paths: Sequence[Path] = (), out: Path | None = None) -> str:
    """Trả lại đơn vị: make a copy that shows the unit what to correct."""
    form = load_form()
    if not paths and is_form(book):
        paths = [saved_path(read_open(book, form))]
    elif not paths:
        paths = dialogs.pick_files(book.app, "Chọn các báo cáo cần trả lại (có thể chọn nhiều)")
    files = find_workbooks(paths).paths
    if not files:
        raise UserError("Không có sổ làm việc Excel nào trong những gì đã chọn.")
    out = out or dialogs.pick_folder(book.app, "Chọn thư mục nhận các bản trả lại")
    with working(book.app, "đã đọc", len(files)) as step:
        read = read_files(files, form, progress=step)
        with explained():
            done = return_workbooks(form, read, out)
    lines = [f"↩ {one.copy.name}: {tally(one.findings)}" for one in done.returned]
    lines += [f"✓ {path.name}: không có gì phải trả lại" for path in done.clean]
    lines += [f"– {path.name}: bỏ qua, đơn vị đã gửi bản sau" for path in done.superseded]
    lines += [f"✗ {one.path.name}: {one.message}" for one in done.refused]
    where = f" Bản trả ở thư mục:\n{out}" if done.returned else ""
    return f"Trả lại {len(done.returned)} trong {len(files)} tệp.{where}\n\n{listed(lines)}"


# --- many workbooks ----------------------------------------------------------------------------


def consolidate(book: xw.Book, folder: Path | None = None, period: str = "") -> str:
    """Tổng hợp thư mục: consolidate the workbooks of a folder and open the summary."""
    form, app = load_form(), book.app
    folder = folder or dialogs.pick_folder(app, "Chọn thư mục chứa báo cáo của các đơn vị")
    files = find_workbooks([folder]).paths
    with working(app, "đã đọc", len(files)) as step:
        read = [
            one
            for one in read_files(files, form, progress=step)
            if not (isinstance(one, RefusedFile) and is_summary(one.path))
        ]
    if not read:
        raise UserError(f"Không có báo cáo Excel nào trong thư mục {folder}.")
    when = _period(app, form, read, period)
    with working(app, "đang lập sổ tổng hợp"):
        result = combine(form, read, period=when)
        out = summary_path(app, folder, f"Tổng hợp {when.code}" if when else "Tổng hợp")
        write_summary(result, out)
    app.books.open(out)
    lines = [f"✗ {one.path.name}: {one.message}" for one in result.refused]
    return "\n".join(
        [
            f"Đã tổng hợp {when.label if when else ''}: nhận {result.received} tệp, tính "
            f"{len(result.counted)}, từ chối {len(result.refused)}; "
            f"{len(result.missing)} đơn vị chưa gửi.",
            f"Sổ tổng hợp: {out}",
            listed(lines),
        ]
    ).strip()


def _period(
    app: xw.App, form: Form, read: Sequence[Submission | RefusedFile], period: str
) -> Period | None:
    """Return the period to combine: the one given, the commonest, or what the user says."""
    with explained():
        if period:
            return form.period(period)
        submissions = [one for one in read if isinstance(one, Submission)]
        try:
            return common_period(submissions)
        except ValueError:
            return form.period(_ask_period(app, form))


def compare(book: xw.Book, earlier: Path | None = None) -> str:
    """Đối chiếu kỳ trước: set the tabulate beside those of an earlier period."""
    form, app = load_form(), book.app
    opened = read_open(book, form)
    now = opened.submission
    if now.period is None or now.unit_code is None:
        raise UserError(
            f"Chọn đơn vị và kỳ báo cáo ở sheet “{positions.INFO_SHEET}” rồi bấm lại nút này."
        )
    earlier = earlier or dialogs.pick_file(app, "Chọn sổ tổng hợp hoặc báo cáo của kỳ trước")
    with working(app, "đang đối chiếu"):
        past = past_in(earlier, form)
        with explained():
            check_previous(form, now.period, [past])
        table = tabulate(form, [now])
        (findings,) = findings_against(form, now.period, [now], table, [past], form.units)
        unit = ReportingUnit(now.unit_code, now.unit_name or "")
        unit = next((one for one in form.units if one.code == unit.code), unit)
        then = figures_of_unit(past, unit)
        if then is None:
            raise UserError(f"{earlier.name} không có số liệu của {unit.name} ({unit.code}).")
        found = changes(form, table.numbers.iloc[0], then)
        result_sheets.show_changes(opened, past.period, found, findings)
    changed = sum(one.before != one.now for one in found)
    points = f"Điểm cần xem lại: {tally(findings)}." if findings else "Không có điểm cần xem lại."
    return (
        f"So với {past.period.label}: {changed} trong {len(found)} số liệu thay đổi. {points} "
        f"Xem sheet “{result_sheets.CHANGES}”."
    )


# --- paper and help ----------------------------------------------------------------------------


def export_pdf(book: xw.Book, out: Path | None = None) -> str:
    """Xuất PDF: save the form as PDF beside the workbook."""
    opened = read_open(book, load_form())
    path = path_of(book)
    out = out or free_path(path.parent, path.stem, ".pdf")
    with working(book.app, "đang xuất PDF"), tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "form.pdf")
        with unlocked(book):  # xlwings hides the other sheets meanwhile
            opened.page.to_pdf(made)
        write_new(out, made.read_bytes())
    dialogs.open_outside(out)
    return f"Đã xuất PDF: {out}"


def diagnose(book: xw.Book) -> str:
    """Chẩn đoán: check the installation and list what to do."""
    with working(book.app, "đang chẩn đoán"):
        checks = doctor()
        result_sheets.show_diagnosis(book.app, checks, places().log / "cchc.log")
    wrong = [one for one in checks if one.state != "ok"]
    if not wrong:
        return "✓ Mọi mục đều đạt."
    lines = [f"{one.name}: {one.found} {one.advice}" for one in wrong]
    return f"Có {len(wrong)} mục cần xem:\n{listed(lines)}"


def guide(book: xw.Book) -> str:
    """Hướng dẫn: open the guide."""
    if is_form(book) and positions.GUIDE_SHEET in book.sheet_names:
        book.sheets[positions.GUIDE_SHEET].activate()
    else:
        result_sheets.show_buttons(book.app)
    return ""


ACTIONS = {
    action.__name__: action
    for action in (
        new_form,
        issue,
        check,
        recalculate,
        consolidate,
        send_back,
        compare,
        export_pdf,
        diagnose,
        guide,
    )
}


# --- between Excel and the above ---------------------------------------------------------------


def run(name: str) -> None:
    """Run the action *name* on the calling workbook; called from the add-in's VBA.

    Nothing escapes as a traceback: what the user can put right is said as it is, a bug is logged
    and the user is told where.
    """
    log_file = places().log / "cchc.log"
    try:
        with _logged(log_file):
            _act(name, log_file)
    except OSError as error:  # the log itself
        tell(f"Không ghi được nhật ký {log_file} ({type(error).__name__}). {OPEN_LOG}")


def _act(name: str, log_file: Path) -> None:
    log.info("%s %s", name, " ".join(sys.argv[1:]))
    try:
        if said := ACTIONS[name](xw.Book.caller()):
            tell(said, is_good=True)
    except Cancelled:
        log.info("%s cancelled", name)
    except (Refusal, UserError) as hindrance:
        log.info("%s: %s", name, hindrance)
        tell(str(hindrance))
    except Exception as error:
        log.exception("%s failed", name)
        tell(f"{about(error)}\n{log_file}")


@contextmanager
def _logged(log_file: Path) -> Iterator[None]:
    """Write what this package logs to *log_file*."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    package = logging.getLogger("xl_automation")
    handler = logging.FileHandler(log_file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.removeHandler(handler)
        handler.close()
