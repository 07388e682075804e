"""The command line ``cchc``: the same verbs for people without Excel.

Exit status: 0 clean; 1 done, with findings or with files refused; 2 nothing could be done.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from xl_automation import batch, package
from xl_automation.addin import commands as addin_commands
from xl_automation.addin.home import InstallError
from xl_automation.checks import check_all
from xl_automation.cli_grammar import build_parser
from xl_automation.console import (
    CLEAN,
    FAILED,
    FINDINGS,
    fail,
    note,
    print_consolidation,
    print_file,
    print_given_back,
    print_passed_over,
    print_upgrade,
    progress,
    say,
    write_json,
)
from xl_automation.consolidate import RefusedFile, consolidate
from xl_automation.demo import demo
from xl_automation.fill import fill, read_entries
from xl_automation.form import load_form, read_units
from xl_automation.giveback import give_back
from xl_automation.history import PastPeriod, figures_of_unit, latest, past_periods
from xl_automation.model import Form, FormError, Period, ReportingUnit
from xl_automation.refusal import Refusal
from xl_automation.report import check_report, consolidation_report
from xl_automation.submission import Submission
from xl_automation.summary import is_summary, read_summary, write_summary
from xl_automation.template import build_template
from xl_automation.upgrade import upgrade

MANY_FILES = 64  # from here on, reading in several processes pays


class UsageError(Exception):
    """Something in the call stands in the way; the message says what, in Vietnamese."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = build_parser(VERBS).parse_args(arguments)
    try:
        status: int = options.run(options)
        return status
    except FileExistsError as error:
        name = error.filename or error.args[0]
        return fail(f"{name} đã có. Chọn tên khác; chương trình không ghi đè tệp đã có.")
    except (UsageError, FormError, Refusal, InstallError) as error:
        return fail(str(error))
    except OSError as error:
        # What could not be put in place is known by its name there, not by a passing one.
        name = error.filename2 or error.filename or ""
        return fail(f"Không đọc hoặc ghi được {name} ({error.strerror or error}).")


# --- the verbs ---------------------------------------------------------------------------------


def _template(options: argparse.Namespace) -> int:
    form = _form(options)
    unit = _unit(form.units, options.unit) if options.unit else None
    level = options.level or (unit.level if unit else "commune")
    if unit and unit.level != level:
        raise UsageError(f"{unit.name} không thuộc cấp “{form.levels[level]}”.")
    period = _period(form, options.period)
    package.write_new(options.out, build_template(form, level, unit, period))
    say(f"✓ Đã lập biểu mẫu {options.out}")
    return CLEAN


def _issue(options: argparse.Namespace) -> int:
    form = _form(options)
    units, period = _units(options.units), _period(form, options.period)
    assert period is not None
    past = latest(form, period, _previous(options.previous, form))
    if options.previous and past is None:
        raise UsageError(f"Không có số liệu của kỳ nào trước {period.label} trong --previous.")
    with progress("Phát hành", len(units)) as step:
        paths = batch.issue(form, units, period, options.out, past, step)
    say(f"✓ Đã phát hành {len(paths)} biểu mẫu, {period.label}, vào {options.out}")
    if past:
        new = [unit.name for unit in units if figures_of_unit(past, unit) is None]
        if new:
            say(f"Chưa có số liệu {past.period.label}: {', '.join(new)}", "yellow")
    return CLEAN


def _fill(options: argparse.Namespace) -> int:
    form = _form(options)
    try:
        entries = read_entries(options.values)
    except ValueError as error:
        raise UsageError(str(error)) from error
    report = fill(options.workbook, entries, options.out, form)
    say(f"✓ Đã ghi {report.placed} ô vào {options.out}")
    if report.unplaced:
        say(f"Không ghi được {len(report.unplaced)} dòng:", "yellow")
        for line in report.unplaced:
            say(f"  {line}")
    if report.findings:
        say(f"{len(report.findings)} tỷ lệ ghi khác tỷ lệ tính từ thành phần:", "yellow")
        for finding in report.findings:
            say(f"  {finding.sentence}")
    return FINDINGS if report.unplaced or report.findings else CLEAN


def _check(options: argparse.Namespace) -> int:
    form = _form(options)
    gathered = _gather(options.paths)
    results = _read(gathered, form, "Kiểm tra")
    report = check_report(form, results)
    if options.json:
        write_json(report, options.json)
    if options.json != "-":
        print_passed_over(gathered)
        submissions = [one for one in results if isinstance(one, Submission)]
        found = iter(check_all(form, submissions))
        for one in results:
            print_file(one, [] if isinstance(one, RefusedFile) else next(found))
    clean = all(file["status"] == "clean" for file in report["files"])
    return CLEAN if clean else FINDINGS


def _consolidate(options: argparse.Namespace) -> int:
    form = _form(options)
    units = _units(options.units) if options.units else None
    period = _period(form, options.period)
    previous = _previous(options.previous, form)
    gathered = _gather(options.paths, leave_out=[options.out, *options.previous])
    with _executor(options, len(gathered.paths)) as executor:
        results = _read(gathered, form, "Đọc tệp", executor)
    try:
        result = consolidate(form, results, units, period, previous)
    except ValueError as error:
        raise UsageError(str(error)) from error
    write_summary(result, options.out)
    if options.report:
        write_json(consolidation_report(result), options.report)
    if options.report != "-":
        print_passed_over(gathered)
        print_consolidation(result, options.out)
    clean = not (result.findings or result.refused)
    return CLEAN if clean else FINDINGS


def _return(options: argparse.Namespace) -> int:
    form = _form(options)
    units = _units(options.units) if options.units else None
    period = _period(form, options.period)
    previous = _previous(options.previous, form)
    gathered = _gather(options.paths, [*options.previous, *_below(options.out, options.paths)])
    results = _read(gathered, form, "Đọc tệp")
    try:
        result = give_back(form, results, options.out, units, period, previous)
    except ValueError as error:
        raise UsageError(str(error)) from error
    print_passed_over(gathered)
    for one in result.returned:
        print_given_back(one)
    for path in result.clean:
        say(f"✓ {path}: không có gì phải trả lại", "green")
    for path in result.superseded:
        say(f"Bỏ qua {path}: đơn vị đã gửi bản sau", "dim")
    for refused in result.refused:
        print_file(refused, [])
    for finding in result.unsettled:
        say(f"Chưa rõ đơn vị nào ghi sai, thành phố tự thống nhất: {finding.sentence}", "cyan")
    say(f"Trả lại {len(result.returned)} trong {len(gathered.paths)} tệp.", "bold")
    if not (result.returned or result.clean or result.superseded):
        return FAILED
    return FINDINGS if result.returned or result.refused else CLEAN


def _upgrade(options: argparse.Namespace) -> int:
    report = upgrade(options.old, options.new, _form(options))
    print_upgrade(report, options.new)
    return CLEAN if report.all_carried else FINDINGS


def _addin(options: argparse.Namespace) -> int:
    takes_out = options.task in ("build", "bundle")
    if takes_out != (options.out is not None):
        wanted = "cần tên tệp sẽ lập" if takes_out else "không nhận tên tệp"
        raise UsageError(f"Lệnh “addin {options.task}” {wanted}.")
    task = getattr(addin_commands, options.task)
    status: int = task(options.out) if takes_out else task()
    return status


def _demo(options: argparse.Namespace) -> int:
    return demo(options.folder, progress)


# --- what the options name ---------------------------------------------------------------------


def _form(options: argparse.Namespace) -> Form:
    return load_form(options.form)


def _units(path: Path) -> tuple[ReportingUnit, ...]:
    try:
        return read_units(path)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _unit(units: Sequence[ReportingUnit], code: str) -> ReportingUnit:
    for unit in units:
        if unit.code == code:
            return unit
    raise UsageError(f"Mã đơn vị “{code}” không có trong danh sách đơn vị của biểu mẫu.")


def _period(form: Form, code: str | None) -> Period | None:
    if code is None:
        return None
    try:
        return form.period(code)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _previous(paths: Sequence[Path], form: Form) -> list[PastPeriod]:
    """Return the figures of earlier periods: in summaries, or in old workbooks and folders."""
    found: list[PastPeriod] = []
    for path in paths:
        if path.is_file() and is_summary(path):
            try:
                found.append(read_summary(path, form))
            except Refusal as refusal:
                raise UsageError(f"{path}: {refusal}") from refusal
            continue
        results = batch.read_all(_gather([path]).paths, form)
        for one in results:
            if isinstance(one, RefusedFile):
                note(f"✗ {one.path}: bị từ chối [{one.code}] {one.message}")
        past = past_periods(form, [one for one in results if isinstance(one, Submission)])
        if not past:
            raise UsageError(f"Không đọc được số liệu kỳ trước nào trong {path}.")
        found += past
    return found


def _gather(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> batch.Gathered:
    if not any(path.exists() for path in paths):
        raise UsageError(f"Không tìm thấy {', '.join(map(str, paths))}. Kiểm tra lại đường dẫn.")
    gathered = batch.gather(paths, leave_out)
    if not gathered.paths:
        raise UsageError(f"Không có sổ làm việc Excel nào trong {', '.join(map(str, paths))}.")
    return gathered


def _read(
    gathered: batch.Gathered, form: Form, title: str, executor: Executor | None = None
) -> list[Submission | RefusedFile]:
    with progress(title, len(gathered.paths)) as step:
        return batch.read_all(gathered.paths, form, executor, step)


def _below(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Return the files in *folder* that *paths* name only by a folder around it."""
    inside = any(path.resolve().is_relative_to(folder.resolve()) for path in paths)
    return [] if inside else [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def _executor(options: argparse.Namespace, files: int) -> Iterator[Executor | None]:
    """Give what reads the files: a Dask cluster, several processes, or this one (None)."""
    if options.dask:
        try:
            from dask.distributed import Client
        except ImportError as error:
            raise UsageError("Chưa cài Dask. Cài bằng: pip install distributed") from error
        try:
            client = Client(options.dask)
        except (OSError, ValueError) as error:
            reason = f"Không nối được cụm Dask ở {options.dask} ({error})."
            raise UsageError(reason) from error
        with client:
            yield client.get_executor()
        return
    if options.workers is not None and options.workers < 1:
        raise UsageError("Số tiến trình (--workers) phải từ 1 trở lên.")
    workers = options.workers or (os.cpu_count() or 1 if files >= MANY_FILES else 1)
    if workers == 1:
        yield None
        return
    # A new process, not a copy of this one with its threads (the progress bar has one).
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        yield executor


VERBS = {
    "template": _template,
    "issue": _issue,
    "fill": _fill,
    "check": _check,
    "consolidate": _consolidate,
    "return": _return,
    "upgrade": _upgrade,
    "addin": _addin,
    "demo": _demo,
}
