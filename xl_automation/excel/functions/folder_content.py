"""The reports in folders for custom functions: read once, by the form that most of them name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.excel.functions.report_files import (
    PassingRefusal,
    Version,
    read_version,
    version_of,
)
from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named
from xl_automation.reading.folder import find_workbooks
from xl_automation.reading.own_form import form_of_most
from xl_automation.reading.passed_over import unread
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal

MAX_FOLDERS = 32


@dataclass(frozen=True, slots=True)
class FolderContent:
    """The workbooks of some folders as read or refused.

    Attributes:
        form: The form that most of them name.
        results: One entry per file.
        reused: How many of them an earlier run had read.
    """

    form: Form
    results: tuple[Submission | RefusedFile, ...]
    reused: int = 0


def versions_in(folders: Sequence[Path]) -> tuple[Version, ...]:
    """Return the workbooks in *folders* and all below them, as saved now.

    Raises:
        UserError: If a folder does not exist, is a whole disk, or what may hold its only reports
            cannot be read.
    """
    for folder in folders:
        if not _is_folder(folder):
            raise Refusal("not-found")
        if folder == folder.parent:  # searching it could take an hour, and Excel would wait
            raise UserError(f"{folder} là cả ổ đĩa; ghi thư mục chứa báo cáo.")
    files = find_workbooks(folders)
    if not files.paths and (lines := [*unread(files.passed_over)]):
        raise UserError(f"thư mục không có tệp báo cáo nào đọc được. {'; '.join(lines)}.")
    return tuple(map(_version_in_folder, files.paths))


def _version_in_folder(path: Path) -> Version:
    """Return the version of a file; of one that cannot be looked at, none: reading says why."""
    try:
        return version_of(path)
    except Refusal:
        return Version(path, 0, 0)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def content_of(versions: tuple[Version, ...], expected: Form) -> FolderContent:
    """Return workbooks as read by the form that most of them name.

    Args:
        versions: The workbooks.
        expected: The form that they are likely to be of.
    """
    try:
        return kept_content(versions, expected.id)
    except PassingRefusal:
        return _content(versions, expected.id, _read_now)


@lru_cache(MAX_FOLDERS)
def kept_content(versions: tuple[Version, ...], expected_id: str) -> FolderContent:
    """Return what `content_of` does, once for the same versions.

    Raises:
        PassingRefusal: If one cannot be read now.
    """
    return _content(versions, expected_id, read_version)


def _content(
    versions: tuple[Version, ...],
    expected_id: str,
    read: Callable[[Version, str], Submission | RefusedFile],
) -> FolderContent:
    expected = form_named(expected_id)
    assert expected is not None
    results = tuple(read(version, expected.id) for version in versions)
    form = form_of_most(results, expected)
    if form.id != expected.id:
        results = tuple(read(version, form.id) for version in versions)
    return FolderContent(form, results)


def _read_now(version: Version, form_id: str) -> Submission | RefusedFile:
    """Return a workbook as read or refused, also for a reason that may pass."""
    try:
        return read_version(version, form_id)
    except PassingRefusal as passing:
        return passing.refused
