"""Files that the ribbon buttons read and write: free names, saved forms, earlier figures."""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import xlwings as xw

from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.errors import UserError
from xl_automation.excel.buttons.open_form import OpenForm, expected_form, path_of, same_content
from xl_automation.excel.buttons.status_bar import working
from xl_automation.excel.functions.folder_content import FolderContent
from xl_automation.forms.form import Form
from xl_automation.reading.folder import read_file, read_files
from xl_automation.reading.folder_walk import LOCK_PREFIX
from xl_automation.reading.own_form import form_of_most
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_cache import SubmissionCache
from xl_automation.summary.read_back import is_summary, read_summary

log = logging.getLogger(__name__)


def summary_path(app: xw.App, folder: Path, name: str) -> Path:
    """Return where the summary goes: over the earlier one, whose register goes on in it.

    Where that is open in this Excel it is saved and closed: what officers wrote in it counts.

    Raises:
        UserError: If it is open elsewhere, cannot be saved, or another workbook of its name is
            open here.
    """
    open_books = {book.name.casefold(): book for book in app.books}
    path = next(
        path for path in _numbered(folder, name, ".xlsx") if not path.exists() or is_summary(path)
    )
    here = open_books.get(path.name.casefold())
    if here is not None:
        _put_away(here, path)
    elif path.with_name(f"{LOCK_PREFIX}{path.name}").exists():
        raise UserError(
            f"Sổ {path} đang mở ở máy khác hoặc chương trình khác. Lưu và đóng ở đó rồi bấm lại "
            "nút này."
        )
    return path


def _put_away(book: xw.Book, path: Path) -> None:
    """Save and close the summary at *path*, which is open.

    Raises:
        UserError: If *book* is another workbook of that name, or cannot be saved.
    """
    if not (path.exists() and os.path.samefile(path_of(book), path)):
        raise UserError(
            f"Excel không mở được hai sổ cùng tên. Đóng sổ “{book.name}” đang mở rồi bấm lại nút "
            "này."
        )
    try:
        book.save()
    except Exception as error:  # each Excel has errors of its own
        log.warning("summary not saved: %r", error)
        raise UserError(
            f"Không lưu được sổ “{book.name}” đang mở. Lưu và đóng sổ đó rồi bấm lại nút này."
        ) from error
    book.close()


def replaceable_path(app: xw.App, folder: Path, name: str, is_ours: Callable[[Path], bool]) -> Path:
    """Return where a workbook of ours goes: over an earlier one, unless somebody has that open.

    Args:
        app: The Excel that will open it.
        folder: Where it goes.
        name: What it is called, without its ending.
        is_ours: Says of a file whether it may be replaced.
    """
    open_books = {book.name.casefold() for book in app.books}  # Excel opens no two of one name
    for path in _numbered(folder, name, ".xlsx"):
        lock = path.with_name(f"{LOCK_PREFIX}{path.name}")
        in_use = path.name.casefold() in open_books or lock.exists()
        if not in_use and (not path.exists() or is_ours(path)):
            return path
    raise AssertionError("numbers never end")


def _numbered(folder: Path, name: str, ending: str = "") -> Iterator[Path]:
    """Yield the names that a new file or folder can have, the plain one first."""
    yield folder / f"{name}{ending}"
    yield from (folder / f"{name} ({number}){ending}" for number in itertools.count(2))


def free_path(folder: Path, name: str, ending: str = "") -> Path:
    """Return a name in *folder* that nothing has yet."""
    return next(path for path in _numbered(folder, name, ending) if not path.exists())


def saved_path(open_form: OpenForm) -> Path:
    """Return the file of an open form.

    Raises:
        UserError: If the file does not say what the user sees.
    """
    path = path_of(open_form.book)
    on_disk, now = read_file(open_form.form, path), open_form.submission
    _log_faults([on_disk])
    if isinstance(on_disk, RefusedFile) or not same_content(on_disk, now):
        raise UserError(
            f"Sổ “{open_form.book.name}” có thay đổi chưa lưu. Lưu lại (Ctrl+S) rồi bấm lại nút "
            "này."
        )
    return path


def past_in(path: Path, form: Form) -> PastPeriod:
    """Return the figures in an earlier summary or workbook.

    Raises:
        UserError: If the file is not of this form, or says nothing to compare with.
    """
    if is_summary(path):
        return read_summary(path, form)
    result = read_file(form, path)
    _log_faults([result])
    if isinstance(result, RefusedFile):
        raise UserError(f"{path.name}: {result.message}")
    past = past_periods(form, [result])
    if not past:
        raise UserError(f"{path.name}: báo cáo chưa ghi đơn vị hoặc kỳ, nên không đối chiếu được.")
    return past[0]


def read_reports(
    book: xw.Book, paths: Sequence[Path], remember_in: Path | None = None
) -> FolderContent:
    """Return workbooks as read by the form that most of them name.

    Args:
        book: What is in front of the user: its form is the likely one, its status bar tells of
            the progress.
        paths: The workbooks.
        remember_in: The folder that keeps what was read for the next time; None to keep nothing.
    """

    def read(form: Form) -> FolderContent:
        with working(book.app, "đã đọc", len(paths)) as step:

            def read_new(new: Sequence[Path]) -> list[Submission | RefusedFile]:
                results = read_files(new, form, progress=step)
                _log_faults(results)
                return results

            if remember_in is None:
                return FolderContent(form, tuple(read_new(paths)))
            cache = SubmissionCache(remember_in, form)
            results = cache.results(paths, read_new, step)
            cache.save()
            return FolderContent(form, tuple(results), cache.reused)

    expected = expected_form(book)
    content = read(expected)
    form = form_of_most(content.results, expected)
    return content if form.id == expected.id else read(form)


def _log_faults(results: Iterable[Submission | RefusedFile]) -> None:
    """Write the traceback of each file over which the program failed to the log."""
    for result in results:
        if isinstance(result, RefusedFile) and result.fault:
            log.error("%s", result.fault)
