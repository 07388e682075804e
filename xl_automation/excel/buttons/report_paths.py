"""Files that the ribbon buttons read and write: free names, saved forms, earlier figures."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import xlwings as xw

from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.errors import UserError
from xl_automation.excel.buttons.open_workbook import OpenForm, path_of, same_content
from xl_automation.forms.form import Form
from xl_automation.reading.folder import LOCK_PREFIX, read_file
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.summary.read_back import is_summary, read_summary


def summary_path(app: xw.App, folder: Path, name: str) -> Path:
    """Return where the summary goes: over an earlier one, unless somebody has that open."""
    opened = {one.name.casefold() for one in app.books}  # Excel opens no two of one name
    for path in _numbered(folder, name, ".xlsx"):
        lock = path.with_name(f"{LOCK_PREFIX}{path.name}")
        in_use = path.name.casefold() in opened or lock.exists()
        if not in_use and (not path.exists() or is_summary(path)):
            return path
    raise AssertionError("numbers never end")


def _numbered(folder: Path, name: str, ending: str = "") -> Iterator[Path]:
    """Yield the names that a new file or folder can have, the plain one first."""
    yield folder / f"{name}{ending}"
    yield from (folder / f"{name} ({number}){ending}" for number in itertools.count(2))


def free_path(folder: Path, name: str, ending: str = "") -> Path:
    """Return a name in *folder* that nothing has yet."""
    return next(path for path in _numbered(folder, name, ending) if not path.exists())


def saved_path(opened: OpenForm) -> Path:
    """Return the file of an open form.

    Raises:
        UserError: If the file does not say what the user sees.
    """
    path = path_of(opened.book)
    on_disk, now = read_file(opened.form, path), opened.submission
    if isinstance(on_disk, RefusedFile) or not same_content(on_disk, now):
        raise UserError(
            f"Sổ “{opened.book.name}” có thay đổi chưa lưu. Lưu lại (Ctrl+S) rồi bấm lại nút này."
        )
    return path


def past_in(path: Path, form: Form) -> PastPeriod:
    """Return the figures in an earlier summary or workbook.

    Raises:
        UserError: If the file says nothing to compare with.
        Refusal: If it is not of this form.
    """
    if is_summary(path):
        return read_summary(path, form)
    one = read_file(form, path)
    if isinstance(one, RefusedFile):
        raise UserError(f"{path.name}: {one.message}")
    past = past_periods(form, [one])
    if not past:
        raise UserError(f"{path.name}: báo cáo chưa ghi đơn vị hoặc kỳ, nên không đối chiếu được.")
    return past[0]
