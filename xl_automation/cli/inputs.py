"""What the command line names, read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xl_automation.cli.console import note, progress
from xl_automation.cli.executors import Workers
from xl_automation.cli.fault import log_faults
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.vocabulary import DEFAULT_FORM
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.wording import quoted
from xl_automation.xlsx.files import obstacles_told

if TYPE_CHECKING:
    from xl_automation.checks.earlier import PastPeriod
    from xl_automation.reading.folder import FoundFiles
    from xl_automation.reading.submission_cache import SubmissionCache

ASKED = 5  # files that say which form the others are; each is held to it when it is read
AS_NEEDED = Workers()  # as many processes as the files are worth


def read_form(given: str | None, paths: Sequence[Path] = ()) -> Form:
    """Return the form *given*, an id or the path of a TOML file; else the one that *paths* name.

    Args:
        given: What stands behind ``--form``, None where it is not given.
        paths: Workbooks and summaries. The form that most of the first ones name is meant, the
            default one where no other that ships is named more often.

    Raises:
        UserError: If there is no such form, or it cannot be read.
    """
    from xl_automation.forms.loader import default_form, load_form
    from xl_automation.reading.own_form import form_in, form_named_most

    if given is not None:
        with obstacles_told(Path(given)):
            return load_form(given)
    named = (form_in(path) or _form_of_summary(path) for path in paths[:ASKED])
    form = form_named_most(named, default_form())
    if form.id != DEFAULT_FORM:
        note(f"Theo biểu mẫu “{form.id}”, như tệp ghi. Muốn theo biểu mẫu khác thì thêm --form.")
    return form


def _form_of_summary(path: Path) -> Form | None:
    from xl_automation.summary.summary_file import form_of_summary

    return form_of_summary(path)


def form_file(given: str | None) -> list[Path]:
    """Return the file that ``--form`` names, which nothing may be written onto; none if an id."""
    return [] if given is None else [Path(given)]


def read_due(text: str | None) -> date | None:
    """Return the day that ``--due`` names, None where it is not given.

    Raises:
        UserError: If it is no day written as ``2022-06-20``.
    """
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").date()
    except ValueError:
        raise UserError(
            f"--due: “{quoted(text)}” không phải là ngày. Ghi năm-tháng-ngày, ví dụ 2022-06-20."
        ) from None


def find_reports(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> FoundFiles:
    """Return the workbooks that *paths* name, in folders too.

    Raises:
        UserError: If there is none.
    """
    from xl_automation.reading.folder import find_workbooks
    from xl_automation.reading.passed_over import counted, unread

    named = ", ".join(map(str, paths))
    if not any(map(os.path.exists, paths)):
        with obstacles_told(paths[0]):
            any(path.exists() for path in paths)  # raises where the system knows more
        raise UserError(f"Không tìm thấy {named}. Kiểm tra lại đường dẫn.")
    files = find_workbooks(paths, leave_out)
    if not files.paths:
        for line in (*unread(files.passed_over), *counted(files.passed_over)):
            note(line)
        raise UserError(f"Không có sổ làm việc Excel nào trong {named}.")
    return files


def read_reports(
    files: FoundFiles,
    form: Form,
    title: str,
    workers: Workers = AS_NEEDED,
    cache: SubmissionCache | None = None,
) -> list[Submission | RefusedFile]:
    """Return each file as read or refused, and show under *title* how far it is.

    Args:
        files: The files.
        form: Their form.
        title: What the progress bar is called.
        workers: Who reads.
        cache: What was read before; by default nothing is remembered.

    Raises:
        UserError: If there is no such Dask cluster, or it runs another version of the program.
    """
    from xl_automation.reading.folder import read_files

    with progress(title, len(files.paths)) as step:

        def read(paths: Sequence[Path]) -> list[Submission | RefusedFile]:
            with workers.executor(len(paths)) as executor:
                return read_files(paths, form, executor, step, note)

        results = cache.results(files.paths, read, step) if cache else read(files.paths)
    if told := log_faults(results):
        note(told)
    return results


def read_earlier_periods(
    paths: Sequence[Path],
    form: Form,
    workers: Workers = AS_NEEDED,
    cache: SubmissionCache | None = None,
) -> list[PastPeriod]:
    """Return the figures of earlier periods: in summaries, or in old workbooks and folders.

    Raises:
        UserError: If one of *paths* has none.
    """
    periods: list[PastPeriod] = []
    for path in paths:
        of_summary = _periods_of_summary(path, form)
        periods += of_summary or _periods_of_reports(path, form, workers, cache)
    return periods


def _periods_of_summary(path: Path, form: Form) -> list[PastPeriod]:
    """Return the period of a summary; none where *path* is no summary."""
    from xl_automation.summary.read_back import read_if_summary, read_summary

    past = read_if_summary(path, form, read_summary)
    return [past] if past else []


def _periods_of_reports(
    path: Path, form: Form, workers: Workers, cache: SubmissionCache | None
) -> list[PastPeriod]:
    from xl_automation.checks.earlier import past_periods
    from xl_automation.reading.passed_over import unread

    files = find_reports([path])
    for line in unread(files.passed_over):
        note(f"! {line}")
    results = read_reports(files, form, "Đọc kỳ trước", workers, cache)
    for result in results:
        if isinstance(result, RefusedFile):
            note(f"✗ {result.path}: bị từ chối – {result.cause}. {result.message}")
    periods = past_periods(form, [result for result in results if isinstance(result, Submission)])
    if not periods:
        raise UserError(f"Không đọc được số liệu kỳ trước nào trong {path}.")
    return periods


def files_inside(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Return *folder*, to be left out, where *paths* name it only by a folder around it."""
    with obstacles_told(folder), suppress(FileNotFoundError):
        here = os.path.realpath(folder, strict=True)
        named = map(Path, map(os.path.realpath, paths))
        return [] if any(path.is_relative_to(here) for path in named) else [folder]
    return []
