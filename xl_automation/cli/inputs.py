"""What the command line names, read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from xl_automation.cli.console import note, progress
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.files import obstacles_told
from xl_automation.xlsx.refusal import Refusal

if TYPE_CHECKING:
    from xl_automation.checks.earlier import PastPeriod
    from xl_automation.reading.folder import FoundFiles

MANY_FILES = 64  # from here on, reading in several processes pays


def read_form(source: str) -> Form:
    """Return the form in *source*, an id or the path of a TOML file.

    Raises:
        UserError: If there is none, or it cannot be read.
    """
    from xl_automation.forms.loader import load_form

    with obstacles_told(Path(source)):
        return load_form(source)


def find_reports(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> FoundFiles:
    """Return the workbooks that *paths* name, in folders too.

    Raises:
        UserError: If there is none.
    """
    from xl_automation.reading.folder import find_workbooks

    named = ", ".join(map(str, paths))
    with obstacles_told(paths[0]):
        if not any(path.exists() for path in paths):
            raise UserError(f"Không tìm thấy {named}. Kiểm tra lại đường dẫn.")
        files = find_workbooks(paths, leave_out)
    if not files.paths:
        raise UserError(f"Không có sổ làm việc Excel nào trong {named}.")
    return files


def read_reports(
    files: FoundFiles, form: Form, title: str, executor: Executor | None = None
) -> list[Submission | RefusedFile]:
    """Return each file as read or refused, and show under *title* how far it is."""
    from xl_automation.reading.folder import read_files

    with progress(title, len(files.paths)) as step:
        return read_files(files.paths, form, executor, step)


def read_earlier_periods(paths: Sequence[Path], form: Form) -> list[PastPeriod]:
    """Return the figures of earlier periods: in summaries, or in old workbooks and folders.

    Raises:
        UserError: If one of *paths* has none.
    """
    periods: list[PastPeriod] = []
    for path in paths:
        periods += _periods_of_summary(path, form) or _periods_of_reports(path, form)
    return periods


def _periods_of_summary(path: Path, form: Form) -> list[PastPeriod]:
    """Return the period of a summary; none where *path* is no summary."""
    from xl_automation.summary.read_back import is_summary, read_summary

    with obstacles_told(path):
        if not (path.is_file() and is_summary(path)):
            return []
    try:
        return [read_summary(path, form)]
    except Refusal as refusal:
        raise UserError(f"{path}: {refusal}") from refusal


def _periods_of_reports(path: Path, form: Form) -> list[PastPeriod]:
    from xl_automation.checks.earlier import past_periods
    from xl_automation.reading.folder import read_files

    results = read_files(find_reports([path]).paths, form)
    for result in results:
        if isinstance(result, RefusedFile):
            note(f"✗ {result.path}: bị từ chối [{result.code}] {result.message}")
    periods = past_periods(form, [result for result in results if isinstance(result, Submission)])
    if not periods:
        raise UserError(f"Không đọc được số liệu kỳ trước nào trong {path}.")
    return periods


def files_inside(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Return the files in *folder* that *paths* name only by a folder around it."""
    with obstacles_told(folder):
        if any(path.resolve().is_relative_to(folder.resolve()) for path in paths):
            return []
        return [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def reading_executor(
    workers: int | None, dask: str | None, files: int
) -> Iterator[Executor | None]:
    """Give what reads the files: a Dask cluster, several processes, or this one (None).

    Args:
        workers: How many processes; by default what *files* are worth.
        dask: The address of a Dask cluster, before which *workers* do not count.
        files: How many files there are to read.

    Raises:
        UserError: If there is no such cluster, or no such number of processes.
    """
    if dask:
        with _dask_cluster(dask) as executor:
            yield executor
        return
    if workers is not None and workers < 1:
        raise UserError("Số tiến trình (--workers) phải từ 1 trở lên.")
    workers = workers or (os.cpu_count() or 1 if files >= MANY_FILES else 1)
    if workers == 1:
        yield None
        return
    # A new process, not a copy of this one with its threads (the progress bar has one).
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        yield executor


@contextmanager
def _dask_cluster(address: str) -> Iterator[Executor]:
    try:
        from dask.distributed import Client
    except ImportError as error:
        raise UserError("Chưa cài Dask. Cài bằng: pip install distributed") from error
    try:
        client = Client(address)
    except (OSError, ValueError) as error:
        raise UserError(f"Không nối được cụm Dask ở {address} ({error}).") from error
    with client:
        yield client.get_executor()
