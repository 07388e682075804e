"""The whole story on the shipped example data: issue, fill, check, consolidate, print, hand on.

Thịnh Đức's figures are real, the others are invented and say so. As in life, one unit sends
nothing, one sends twice, one sends a damaged file, one a file of another period, and two are late.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from xl_automation.checks.check import check
from xl_automation.checks.finding import tally
from xl_automation.cli.console import FINDINGS, print_consolidation, progress, say
from xl_automation.cli.demo_data import (
    DUE,
    EARLIER,
    PERIOD,
    REAL,
    earlier_periods,
    entries_by_unit,
    save_at,
)
from xl_automation.cli.inputs import find_reports, read_reports
from xl_automation.consolidation.kept import register_of
from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.outputs.city_appendix import write_city_appendix
from xl_automation.outputs.export_files import write_export
from xl_automation.outputs.exported import exported
from xl_automation.outputs.report_source import report_of
from xl_automation.outputs.word_report import write_report
from xl_automation.reading.submission import Submission
from xl_automation.summary.round import run_round
from xl_automation.xlsx.files import obstacles_told, refuse_existing, write_whole
from xl_automation.xlsx.passing_file import is_passing

SENDS_NOTHING, SENDS_TWICE, SENDS_DAMAGED, SENDS_OTHER_PERIOD = "05488", "05446", "05914", "05653"
DEMO_MARK = "cchc-demo.txt"  # what tells an earlier demo's folder from anybody else's
ISSUED, SENT = "1-phat-hanh", "2-da-gui"
SUMMARY, APPENDIX = "tong-hop-2022-6T.xlsx", "phu-luc-thanh-pho-2022-6T.xlsx"
TABLE, REPORT = "so-lieu-2022-6T.csv", "bao-cao-2022-6T.docx"
OUTPUTS = (SUMMARY, APPENDIX, TABLE, REPORT)
_WORKBOOK = re.compile(r"CCHC_[\w-]+( \(ban dau\))?\.xlsx")  # as it is called in the two folders


def tell(folder: Path) -> int:
    """Issue, fill, check and consolidate all example workbooks in *folder*; return the status.

    Raises:
        UserError: If that folder holds anything but an earlier demo.
    """
    sent = folder / SENT
    form = load_form()
    period, earlier = form.period(PERIOD), earlier_periods(form)
    with obstacles_told(folder):
        _make_room(folder)
    units = form.units_at(period)
    with progress("1/4 Phát hành biểu mẫu", len(units)) as step:
        issued = issue_workbooks(
            form, units, period, folder / ISSUED, progress=step, due=DUE
        ).written
    with progress("2/4 Các đơn vị điền và gửi", len(issued)) as step, obstacles_told(sent):
        _fill_all(form, units, issued, sent, step)
    results = read_reports(find_reports([sent]), form, "3/4 Đọc và kiểm tra")
    out = folder / SUMMARY
    with progress("4/4 Lập sổ tổng hợp", 4) as step:
        consolidation = run_round(
            form, results, out, datetime.now(), period=period, previous=earlier, due=DUE
        )
        step()
        write_city_appendix(form, register_of(consolidation), out, folder / APPENDIX)
        step()
        table, _ = exported([out], form)
        write_export(table, folder / TABLE, semicolon=True)
        step()
        context, _ = report_of(out, form)
        write_report(context, folder / REPORT)
        step()
    submissions = [result for result in results if isinstance(result, Submission)]
    real = next(submission for submission in submissions if submission.unit_code == REAL)
    counts = tally(check(form, real))
    say(f"Báo cáo thật của xã Thịnh Đức: {counts}. Các đơn vị khác là số liệu giả định.")
    print_consolidation(consolidation, out)
    say(f"✓ Phụ lục của thành phố: {folder / APPENDIX}", "bold green")
    say(f"✓ Báo cáo bằng Word, còn chỗ phải viết: {folder / REPORT}", "bold green")
    say(f"✓ Bảng số liệu cho chương trình khác: {folder / TABLE}", "bold green")
    return FINDINGS


def _make_room(folder: Path) -> None:
    """Make *folder* empty but for the mark; what no demo has put there stops it.

    The mark stays to the last: what was stopped half-way can be called again.
    """
    if folder.exists() and any(folder.iterdir()):
        if not (folder / DEMO_MARK).is_file():
            refuse_existing(folder)
        foreign = next((path for path in folder.rglob("*") if not _is_ours(folder, path)), None)
        if foreign:
            raise UserError(
                f"{foreign} không phải do lệnh demo lập, nên thư mục {folder} được giữ nguyên. Dời "
                "tệp đó đi, hoặc chọn thư mục khác."
            )
        for name in (ISSUED, SENT):
            shutil.rmtree(folder / name, ignore_errors=not (folder / name).exists())
        for name in OUTPUTS:
            (folder / name).unlink(missing_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    text = "Thư mục này do lệnh “cchc demo” lập; lần chạy sau sẽ xoá đi lập lại.\n"
    (folder / DEMO_MARK).write_text(text, encoding="utf-8")


def _is_ours(folder: Path, path: Path) -> bool:
    """Return whether a demo in *folder* has put *path* there, whole or not yet."""
    *above, name = path.relative_to(folder).parts
    if path.is_symlink():
        return False
    if above in ([ISSUED], [SENT]):
        return path.is_file() and bool(_WORKBOOK.fullmatch(name) or is_passing(path))
    if name in (ISSUED, SENT):
        return not above and path.is_dir()
    return not above and path.is_file() and (name in (DEMO_MARK, *OUTPUTS) or is_passing(path))


def _fill_all(
    form: Form,
    units: Sequence[ReportingUnit],
    issued: Sequence[Path],
    sent: Path,
    step: Callable[[], None],
) -> None:
    """Write to *sent* what each unit sends of the workbook it was issued."""
    entries_of = entries_by_unit()
    for number, (unit, path) in enumerate(zip(units, issued, strict=True)):
        entries = entries_of[unit.code]
        if unit.code == SENDS_OTHER_PERIOD:
            (path,) = issue_workbooks(form, [unit], form.period(EARLIER[0]), path.parent).written
        if unit.code == SENDS_NOTHING:
            step()
            continue
        fill(path, entries, sent / path.name, form)
        save_at(sent / path.name, number, unit)
        if unit.code == SENDS_TWICE:
            first = sent / f"{path.stem} (ban dau).xlsx"
            fill(path, entries[: len(entries) // 2], first, form)
            save_at(first, number, unit, before=timedelta(days=1))
        if unit.code == SENDS_DAMAGED:
            whole = (sent / path.name).read_bytes()
            write_whole(sent / path.name, whole[: len(whole) // 2])
        step()
