"""The verbs about reports that units sent in: checked, consolidated, returned, upgraded.

What a verb works with is imported within it: help does not wait for pandas, nor a check for what
only a summary needs.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xl_automation.cli.console import (
    CLEAN,
    FAILED,
    FAULT,
    FINDINGS,
    note,
    print_checked,
    print_consolidation,
    print_passed_over,
    print_refused,
    print_returned,
    print_reused,
    print_seal,
    print_upgrade,
    print_upgrades,
    progress,
    say,
)
from xl_automation.cli.executors import Workers
from xl_automation.cli.fault import told_and_logged
from xl_automation.cli.inputs import (
    files_inside,
    find_reports,
    form_file,
    read_due,
    read_earlier_periods,
    read_form,
    read_reports,
)
from xl_automation.cli.parameters import (
    DASK,
    DECISIONS,
    DUE,
    NO_CACHE,
    PATHS,
    PERIOD,
    PREVIOUS,
    UNITS,
    WORKERS,
)
from xl_automation.cli.report_file import SCREEN, report_files, write_report
from xl_automation.cli.verb import argument, option, verb
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.unit_list import read_units
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.files import keep_apart

if TYPE_CHECKING:
    from xl_automation.editing.return_workbooks import ReturnRound
    from xl_automation.editing.upgrade_many import UpgradeRound
    from xl_automation.outputs.json_report import CheckedReport


@verb(
    "check",
    "Kiểm tra biểu mẫu đã điền.",
    PATHS,
    option("--json", "ghi kết quả dạng JSON; - là màn hình", metavar="FILE"),
    option(
        "--seal",
        "ghi dấu kiểm tra vào chính từng tệp, ô “Đã kiểm tra” ở sheet Thông tin; ngoài ô đó, tệp "
        "không đổi",
        action="store_true",
    ),
    WORKERS,
    DASK,
)
def check(options: argparse.Namespace) -> int:
    """Say what the rules find in each workbook."""
    from xl_automation.outputs.json_report import check_report

    workers = Workers(options.workers, options.dask)
    targets = report_files(options.json)
    files = find_reports(options.paths)
    form = read_form(options.form, files.paths)
    keep_apart(targets, [*files.paths, *form_file(options.form)])
    results = read_reports(files, form, "Kiểm tra", workers)
    reports, unsealed = _checked(form, results, options.seal)
    if options.json != SCREEN:
        print_passed_over(files)
        for report in reports:
            if isinstance(report, RefusedFile):
                print_refused(report)
            else:
                print_checked(report)
                print_seal(report.seal)
    for path, hindrance in unsealed.items():
        note(f"✗ {path}: chưa ghi dấu kiểm tra, vì {hindrance}")
    if options.json:  # last: what is said above is done, whatever comes of it
        write_report(check_report(reports, files.passed_over), options.json)
    is_clean = not any(isinstance(report, RefusedFile) or report.findings for report in reports)
    return _status(CLEAN if is_clean and not unsealed else FINDINGS, results)


def _status(status: int, results: Iterable[Submission | RefusedFile]) -> int:
    """Return the exit status of a verb; over a file at which the program failed, that it did."""
    has_fault = any(isinstance(result, RefusedFile) and result.fault for result in results)
    return FAULT if has_fault else status


def _checked(
    form: Form, results: Sequence[Submission | RefusedFile], seal: bool
) -> tuple[list[CheckedReport | RefusedFile], dict[Path, str]]:
    """Return *results* with what the rules find; each rule is evaluated once for all of them.

    Args:
        form: The form.
        results: The files as read or refused.
        seal: Whether each file that was read gets the seal of this check.

    Returns:
        The results, and why a file that was to be sealed could not be.
    """
    from xl_automation.checks.check import check_all
    from xl_automation.checks.look_first import look_first
    from xl_automation.checks.undecided import undecided_rules
    from xl_automation.outputs.json_report import CheckedReport
    from xl_automation.reading.figures import tabulate

    submissions = [result for result in results if isinstance(result, Submission)]
    figures = tabulate(form, submissions)
    findings, undecided = check_all(figures), undecided_rules(figures)
    unsealed: dict[Path, str] = {}
    if seal:
        from xl_automation.editing.sealing import seal_all

        with progress("Ghi dấu", len(submissions)) as step:
            found = list(zip(findings, map(len, undecided), strict=True))
            sealed, unsealed = seal_all(form, submissions, found, datetime.now(), step)
        figures = replace(figures, submissions=sealed)
    first = look_first(figures, findings)
    checked = map(CheckedReport, figures.rows(), findings, undecided, first)
    reports = [result if isinstance(result, RefusedFile) else next(checked) for result in results]
    return reports, unsealed


@verb(
    "consolidate",
    "Tổng hợp các biểu mẫu thành một sổ tổng hợp.",
    PATHS,
    option("--out", "sổ tổng hợp sẽ lập", type=Path, required=True, metavar="SUMMARY.xlsx"),
    UNITS,
    PERIOD,
    PREVIOUS,
    option(
        "--city-out",
        "phụ lục của thành phố với số (B) điền sẵn, để in và ký",
        type=Path,
        metavar="CITY.xlsx",
    ),
    DECISIONS,
    DUE,
    option("--report", "ghi kết quả dạng JSON; - là màn hình", metavar="FILE.json"),
    WORKERS,
    DASK,
    NO_CACHE,
)
def consolidate_reports(options: argparse.Namespace) -> int:
    """Write the summary of all reports."""
    from xl_automation.consolidation.decisions_file import read_decisions
    from xl_automation.consolidation.kept import register_of
    from xl_automation.outputs.city_appendix import refuse_other_than_appendix, write_city_appendix
    from xl_automation.outputs.json_report import consolidation_report
    from xl_automation.reading.submission_cache import SubmissionCache
    from xl_automation.summary.round import run_round
    from xl_automation.summary.write import refuse_other_than_summary

    workers = Workers(options.workers, options.dask)
    refuse_other_than_summary(options.out)
    of_city = [*filter(None, [options.city_out])]
    for path in of_city:
        refuse_other_than_appendix(path)
    targets = [options.out, *of_city, *report_files(options.report)]
    files = find_reports(options.paths, leave_out=[options.out, *of_city, *options.previous])
    form = read_form(options.form, files.paths)
    cache = None if options.no_cache else SubmissionCache(options.out.parent, form)
    lists = filter(None, [options.units, options.decisions])
    beside = [*options.previous, *lists, *form_file(options.form)]
    keep_apart([*targets, *([cache.file] if cache else [])], [*files.paths, *beside])
    units = read_units(options.units) if options.units else None
    period = form.period(options.period) if options.period else None
    decisions = read_decisions(options.decisions) if options.decisions else ()
    due = read_due(options.due)
    previous = read_earlier_periods(options.previous, form, workers, cache)
    results = read_reports(files, form, "Đọc tệp", workers, cache)
    consolidation = run_round(
        form,
        results,
        options.out,
        datetime.now(),
        units=units,
        period=period,
        previous=previous,
        earlier=options.previous,
        passed_over=files.passed_over,
        decisions=decisions,
        due=due,
    )
    for path in of_city:
        write_city_appendix(form, register_of(consolidation), options.out, path, units)
    if cache:
        cache.save()  # not before: a command that is refused writes nothing
    if options.report != SCREEN:
        print_passed_over(files)
        print_consolidation(consolidation, options.out)
        print_reused(cache)
        for path in of_city:
            say(f"✓ Phụ lục của {form.city}: {path}")
    if options.report:  # last: the summary is there, whatever comes of this
        write_report(consolidation_report(consolidation), options.report)
    is_clean = not (consolidation.findings or consolidation.refused)
    return _status(CLEAN if is_clean else FINDINGS, results)


@verb(
    "return",
    "Trả lại đơn vị: đánh dấu ô sai, ghi lý do, chỉ mở ô phải sửa.",
    PATHS,
    option("--out", "thư mục nhận bản trả", type=Path, required=True, metavar="DIR"),
    UNITS,
    PERIOD,
    PREVIOUS,
    WORKERS,
    DASK,
)
def return_reports(options: argparse.Namespace) -> int:
    """Write a copy of each report that its unit has to correct, only the wrong cells open."""
    from xl_automation.editing.return_workbooks import return_workbooks

    workers = Workers(options.workers, options.dask)
    earlier_copies = files_inside(options.out, options.paths)
    files = find_reports(options.paths, leave_out=[*options.previous, *earlier_copies])
    form = read_form(options.form, files.paths)
    units = read_units(options.units) if options.units else None
    period = form.period(options.period) if options.period else None
    previous = read_earlier_periods(options.previous, form, workers)
    results = read_reports(files, form, "Đọc tệp", workers)
    outcome = return_workbooks(form, results, options.out, units, period, previous)
    print_passed_over(files)
    for workbook in outcome.returned:
        print_returned(workbook)
    for path in outcome.clean:
        say(f"✓ {path}: không có gì phải trả lại", "green")
    for path in outcome.superseded:
        say(f"Bỏ qua {path}: đơn vị đã gửi bản sau", "dim")
    for refused in outcome.refused:
        print_refused(refused)
    _tell_undone("return", "trả lại", outcome)
    for finding in outcome.unsettled:
        say(f"Chưa rõ đơn vị nào ghi sai, {form.city} tự thống nhất: {finding.sentence}", "cyan")
    say(f"Trả lại {len(outcome.returned)} trong {len(files.paths)} tệp.", "bold")
    if outcome.failed:
        return FAULT
    if not (outcome.returned or outcome.clean or outcome.superseded):
        return _status(FAILED, results)
    has_more = outcome.returned or outcome.refused or outcome.taken
    return _status(FINDINGS if has_more else CLEAN, results)


def _tell_undone(name: str, words: str, outcome: ReturnRound | UpgradeRound) -> None:
    """Say which files have no new one: its place is taken, or the program failed at it.

    Args:
        name: The verb as it is typed.
        words: What it does, in Vietnamese.
        outcome: What became of the files.
    """
    for path, there in outcome.taken:
        say(f"✗ {path}: chưa {words}", "bold red")
        say(
            f"  {there} đã có, khác bản {words} lần này nên giữ nguyên. Dời tệp đó đi rồi chạy lại."
        )
    for path, error in outcome.failed:
        say(f"✗ {path}: chưa {words}", "bold red")
        say(f"  {told_and_logged(error, [name, str(path)])}")


@verb(
    "upgrade",
    "Chuyển số liệu sang phiên bản khác của biểu mẫu.",
    argument(
        "old",
        "biểu mẫu cũ đã điền: tệp, hoặc thư mục (tìm cả thư mục con)",
        type=Path,
        nargs="+",
        metavar="OLD",
    ),
    argument("new", "tệp mới sẽ lập; với nhiều tệp cũ là thư mục nhận các tệp mới", metavar="NEW"),
)
def upgrade_reports(options: argparse.Namespace) -> int:
    """Carry the figures of reports into another version of the form."""
    from xl_automation.editing.upgrade import upgrade

    form, new = read_form(options.form), Path(options.new)
    old, *others = options.old
    if others or os.path.isdir(old):
        return _upgrade_many(options, form, new)
    if os.path.isdir(new) or options.new.endswith(("/", os.sep)):
        new /= old.name
    keep_apart([new], [old, *form_file(options.form)])
    outcome = upgrade(old, new, form)
    print_upgrade(outcome, new)
    return CLEAN if outcome.all_carried else FINDINGS


def _upgrade_many(options: argparse.Namespace, form: Form, out: Path) -> int:
    from xl_automation.editing.upgrade_many import upgrade_many

    if os.path.isfile(out):
        raise UserError(f"{out} là một tệp. Nhiều tệp cũ cần một thư mục để nhận các tệp mới.")
    files = find_reports(options.old, leave_out=files_inside(out, options.old))
    with progress("Chuyển phiên bản", len(files.paths)) as step:
        outcome = upgrade_many(files.paths, out, form, step)
    print_passed_over(files)
    print_upgrades(outcome.upgraded)
    for refused in outcome.refused:
        print_refused(refused)
    _tell_undone("upgrade", "chuyển", outcome)
    say(f"Đã chuyển {len(outcome.upgraded)} trong {len(files.paths)} tệp vào {out}.", "bold")
    if outcome.failed:
        return FAULT
    if not outcome.upgraded:
        return FAILED
    is_whole = len(outcome.upgraded) == len(files.paths)
    all_carried = all(workbook.report.all_carried for workbook in outcome.upgraded)
    return CLEAN if is_whole and all_carried else FINDINGS
