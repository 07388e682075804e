"""Writes the seal of a check into the workbook that was checked, in place (đóng dấu kiểm tra).

No other verb writes onto a file that it was given. Here that is what was asked for, and it changes
one cell: the other sheets and parts stay byte for byte, and so do the file's rights and the time
it was saved, since nothing was reported anew: the city counts the file that a unit saved last.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from xl_automation.checks.finding import Finding
from xl_automation.checks.seal import seal_of
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading.folder import Progress
from xl_automation.reading.folder_walk import LOCK_PREFIX, OFFICE_LOCK_PREFIX
from xl_automation.reading.locate import defined_names, seal_place
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.files import obstacles_told, write_whole
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import edit_sheet, zip_parts
from xl_automation.xlsx.sheet_editor import SheetEditor

# What Excel and LibreOffice leave beside an open file.
_LOCKS = (f"{LOCK_PREFIX}{{}}", f"{OFFICE_LOCK_PREFIX}{{}}#")


def seal_all(
    form: Form,
    submissions: Sequence[Submission],
    found: Sequence[tuple[Sequence[Finding], int]],
    time: datetime,
    progress: Progress = lambda: None,
) -> tuple[tuple[Submission, ...], dict[Path, str]]:
    """Seal the workbook of each submission with what was found in it at *time*.

    Args:
        form: The form of all of them.
        submissions: What the workbooks say.
        found: What was found in each, and how many rules it leaves undecided.
        time: When they were checked.
        progress: Called once after each file.

    Returns:
        What the workbooks say now, and of those that could not be sealed why, by path.
    """
    sealed: list[Submission] = []
    hindrances: dict[Path, str] = {}
    for submission, (findings, undecided) in zip(submissions, found, strict=True):
        text = seal_of(form, submission, findings, undecided, time).text
        try:
            seal_workbook(submission, text)
            sealed.append(replace(submission, seal=text))
        except UserError as hindrance:
            hindrances[submission.path] = str(hindrance)
            sealed.append(submission)
        progress()
    return tuple(sealed), hindrances


def seal_workbook(submission: Submission, text: str) -> None:
    """Put *text* into the cell for the seal of the workbook that *submission* was read from.

    Raises:
        Refusal: If the file cannot be read any more.
        UserError: If it was issued without such a cell, is open or read-only, changed since it
            was read, or cannot be written; it is then as it was.
    """
    path = submission.path.resolve()  # a link stays one
    with obstacles_told(path):
        status = path.stat()
        _refuse_if_in_use(path, status.st_mode)
    package = open_package(path)
    place = seal_place(defined_names(package))
    if place is None:
        raise UserError(
            "biểu mẫu phát hành khi chưa có ô “Đã kiểm tra”. Chuyển số liệu sang biểu mẫu mới "
            "bằng cchc upgrade rồi kiểm tra lại."
        )

    def put(info: SheetEditor) -> None:
        info.need(place.cell)
        info.set(place.cell, text)

    parts = dict(package.parts)
    edit_sheet(parts, place.sheet, put)
    content = zip_parts(parts)
    with obstacles_told(path):
        now = hashlib.sha256(path.read_bytes()).hexdigest()
        if not submission.sha256 == package.sha256 == now:
            raise UserError("tệp vừa được sửa trong khi kiểm tra. Kiểm tra lại.")
        write_whole(path, content)
        os.chmod(path, stat.S_IMODE(status.st_mode))
        os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _refuse_if_in_use(path: Path, mode: int) -> None:
    if any(path.with_name(lock.format(path.name)).exists() for lock in _LOCKS):
        raise UserError("tệp đang mở ở chương trình khác. Lưu và đóng tệp rồi kiểm tra lại.")
    if not mode & stat.S_IWUSR:
        raise UserError("tệp chỉ cho đọc. Bỏ thuộc tính chỉ đọc (Read-only) rồi kiểm tra lại.")
