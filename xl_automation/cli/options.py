"""What the options of the command line name."""

from __future__ import annotations

import argparse
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.cli.console import note, progress
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit, read_units
from xl_automation.reading.folder import FoundFiles, find_workbooks, read_files
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.read_back import is_summary, read_summary
from xl_automation.xlsx.refusal import Refusal

MANY_FILES = 64  # from here on, reading in several processes pays


# --- what the options name ---------------------------------------------------------------------


def form_of(options: argparse.Namespace) -> Form:
    return load_form(options.form)


def units_in(path: Path) -> tuple[ReportingUnit, ...]:
    try:
        return read_units(path)
    except ValueError as error:
        raise UserError(str(error)) from error


def unit_of(units: Sequence[ReportingUnit], code: str) -> ReportingUnit:
    for unit in units:
        if unit.code == code:
            return unit
    raise UserError(f"Mã đơn vị “{code}” không có trong danh sách đơn vị của biểu mẫu.")


def period_of(form: Form, code: str | None) -> Period | None:
    if code is None:
        return None
    try:
        return form.period(code)
    except ValueError as error:
        raise UserError(str(error)) from error


def earlier_periods(paths: Sequence[Path], form: Form) -> list[PastPeriod]:
    """Return the figures of earlier periods: in summaries, or in old workbooks and folders."""
    found: list[PastPeriod] = []
    for path in paths:
        if path.is_file() and is_summary(path):
            try:
                found.append(read_summary(path, form))
            except Refusal as refusal:
                raise UserError(f"{path}: {refusal}") from refusal
            continue
        results = read_files(workbooks_in([path]).paths, form)
        for one in results:
            if isinstance(one, RefusedFile):
                note(f"✗ {one.path}: bị từ chối [{one.code}] {one.message}")
        past = past_periods(form, [one for one in results if isinstance(one, Submission)])
        if not past:
            raise UserError(f"Không đọc được số liệu kỳ trước nào trong {path}.")
        found += past
    return found


def workbooks_in(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> FoundFiles:
    if not any(path.exists() for path in paths):
        raise UserError(f"Không tìm thấy {', '.join(map(str, paths))}. Kiểm tra lại đường dẫn.")
    gathered = find_workbooks(paths, leave_out)
    if not gathered.paths:
        raise UserError(f"Không có sổ làm việc Excel nào trong {', '.join(map(str, paths))}.")
    return gathered


def read_with_progress(
    gathered: FoundFiles, form: Form, title: str, executor: Executor | None = None
) -> list[Submission | RefusedFile]:
    with progress(title, len(gathered.paths)) as step:
        return read_files(gathered.paths, form, executor, step)


def files_below(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Return the files in *folder* that *paths* name only by a folder around it."""
    inside = any(path.resolve().is_relative_to(folder.resolve()) for path in paths)
    return [] if inside else [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def executor_for(options: argparse.Namespace, files: int) -> Iterator[Executor | None]:
    """Give what reads the files: a Dask cluster, several processes, or this one (None)."""
    if options.dask:
        try:
            from dask.distributed import Client
        except ImportError as error:
            raise UserError("Chưa cài Dask. Cài bằng: pip install distributed") from error
        try:
            client = Client(options.dask)
        except (OSError, ValueError) as error:
            reason = f"Không nối được cụm Dask ở {options.dask} ({error})."
            raise UserError(reason) from error
        with client:
            yield client.get_executor()
        return
    if options.workers is not None and options.workers < 1:
        raise UserError("Số tiến trình (--workers) phải từ 1 trở lên.")
    workers = options.workers or (os.cpu_count() or 1 if files >= MANY_FILES else 1)
    if workers == 1:
        yield None
        return
    # A new process, not a copy of this one with its threads (the progress bar has one).
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        yield executor
