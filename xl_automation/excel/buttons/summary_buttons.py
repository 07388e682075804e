"""The buttons that bring figures together: of a folder, of two periods, on paper."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import xlwings as xw

from xl_automation.checks.change import changes
from xl_automation.checks.comparison import findings_against
from xl_automation.checks.earlier import check_previous, unit_pasts
from xl_automation.checks.finding import tally
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs, result_sheets
from xl_automation.excel.buttons.button import button
from xl_automation.excel.buttons.dialogs import listed
from xl_automation.excel.buttons.open_form import path_of, read_open
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.excel.buttons.report_paths import (
    free_path,
    past_in,
    read_reports,
    summary_path,
)
from xl_automation.excel.buttons.status_bar import working
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.folder import find_workbooks
from xl_automation.reading.passed_over import counted, unread
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.lower_levels import take_apart
from xl_automation.summary.read_back import is_summary
from xl_automation.summary.round import run_round
from xl_automation.template import positions
from xl_automation.wording import printable
from xl_automation.xlsx.files import write_new

SUMMARY = "Tổng hợp"  # how the name of a summary begins

# --- many workbooks ----------------------------------------------------------------------------


@button
def consolidate(book: xw.Book, folder: Path | None = None, period: str = "") -> str:
    """Tổng hợp thư mục: consolidate the workbooks of a folder and open the summary."""
    app = book.app
    folder = folder or dialogs.pick_folder(app, "Chọn thư mục chứa báo cáo của các đơn vị")
    files = find_workbooks([folder])
    reports = read_reports(book, _reports_among(files.paths, folder), remember_in=folder)
    form = reports.form
    results = [result for result in reports.results if not _is_ours(result)]
    if not results:  # a folder with the summaries of a lower level
        results = [result for result in reports.results if isinstance(result, RefusedFile)]
    if not results:
        none = f"Không có báo cáo Excel nào trong thư mục {folder}."
        raise UserError(" ".join([none, *(f"{line}." for line in unread(files.passed_over))]))
    when = form.period(period) if period else _common_period(app, form, results)
    with working(app, "đang lập sổ tổng hợp"):
        out = summary_path(app, folder, f"{SUMMARY} {when.code}" if when else SUMMARY)
        now, passed_over = datetime.now(), files.passed_over
        result = run_round(form, results, out, now, period=when, passed_over=passed_over)
    app.books.open(out)
    return _said_of(result, out, reports.reused)


def _is_ours(result: Submission | RefusedFile) -> bool:
    """Whether a file is one that the program made of reports."""
    if isinstance(result, RefusedFile):
        return is_summary(result.path)
    return result.is_city_appendix


def _reports_among(paths: Sequence[Path], folder: Path) -> list[Path]:
    """Return workbooks without this button's summaries of *folder*, which are new each time."""
    own = (path for path in paths if path.parent == folder and path.name.startswith(SUMMARY))
    left_out = set(filter(is_summary, own))
    return [path for path in paths if path not in left_out]


def _common_period(
    app: xw.App, form: Form, results: Sequence[Submission | RefusedFile]
) -> Period | None:
    """Return the period that most reports are for; where they do not settle it, the user does."""
    try:
        return take_apart(form, results, None).period
    except UserError:
        return form.period(dialogs.ask_period(app, form))


def _said_of(result: Consolidation, out: Path, reused: int) -> str:
    """Return what the user reads of a consolidation."""
    period = result.period.label if result.period else ""
    refused = [
        f"✗ {refused.path.name}: {refused.cause}. {refused.message}" for refused in result.refused
    ]
    passed_over = [*unread(result.passed_over), *counted(result.passed_over)]
    again = f" {reused} tệp không đổi từ lần trước nên không phải đọc lại." if reused else ""
    return "\n".join(
        [
            f"Đã tổng hợp {period}: nhận {result.received} tệp, tính "
            f"{len(result.counted)}, từ chối {len(result.refused)}; "
            f"{len(result.missing)} đơn vị chưa gửi.{again}",
            f"Sổ tổng hợp: {printable(str(out))}",
            listed([*refused, *passed_over]),
        ]
    ).strip()


# --- two periods -------------------------------------------------------------------------------


@button
def compare(book: xw.Book, earlier: Path | None = None) -> str:
    """Đối chiếu kỳ trước: set the figures beside those of an earlier period."""
    open_form = read_open(book)
    form, now = open_form.form, open_form.submission
    if now.period is None or now.unit_code is None:
        raise UserError(
            f"Chọn đơn vị và kỳ báo cáo ở sheet “{positions.INFO_SHEET}” rồi bấm lại nút này."
        )
    earlier = earlier or dialogs.pick_file(book.app, "Chọn sổ tổng hợp hoặc báo cáo của kỳ trước")
    with working(book.app, "đang đối chiếu"):
        past = past_in(earlier, form)
        check_previous(now.period, [past])
        figures = tabulate(form, [now])
        units = form.units_at(now.period)
        (findings,) = findings_against(figures, now.period, [past], units)
        unit = ReportingUnit(now.unit_code, now.unit_name or "")
        unit = next((listed for listed in units if listed.code == unit.code), unit)
        pasts = unit_pasts(form, now.period, [unit], past)
        then = pasts.numbers.iloc[0]
        if then.isna().all():
            gap = "".join(f" {gap}." for gap in pasts.gaps.values())
            raise UserError(f"{earlier.name} không có số liệu của {unit.name} ({unit.code}).{gap}")
        both = changes(form, figures.numbers.iloc[0], then)
        result_sheets.show_changes(open_form, past.period, both, findings)
    changed = sum(change.before != change.now for change in both)
    points = f"Điểm cần xem lại: {tally(findings)}." if findings else "Không có điểm cần xem lại."
    return (
        f"So với {past.period.label}: {changed} trong {len(both)} số liệu thay đổi. {points} "
        f"Xem sheet “{result_sheets.CHANGES}”."
    )


# --- paper -------------------------------------------------------------------------------------


@button
def export_pdf(book: xw.Book, out: Path | None = None) -> str:
    """Xuất PDF: save the form as PDF beside the workbook."""
    open_form = read_open(book)
    path = path_of(book)
    out = out or free_path(path.parent, path.stem, ".pdf")
    with working(book.app, "đang xuất PDF"), tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "form.pdf")
        with unlocked(book):  # xlwings hides the other sheets meanwhile
            open_form.page.to_pdf(made)
        write_new(out, made.read_bytes())
    dialogs.open_outside(out)
    return f"Đã xuất PDF: {out}"
