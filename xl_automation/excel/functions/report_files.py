"""Closed workbooks for custom functions: each is read once, by the form that it names.

A recalculation asks hundreds of cells at once. What was read is kept by path, size and time of
change, so that a file is read again only when it was saved again. A refusal that may pass without
that, such as a lock, is never kept: it leaves a kept function as an exception.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named
from xl_automation.reading.figures import FigureRow, tabulate
from xl_automation.reading.folder import read_file
from xl_automation.reading.own_form import form_of_most
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.wording import quoted
from xl_automation.xlsx.refusal import Refusal

MAX_FILES = 4096
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Version:
    """What tells one saved version of a file from another."""

    path: Path
    size: int
    changed: int  # nanoseconds since 1970


class PassingRefusal(Exception):
    """A refusal that may go away without the file being saved again."""

    def __init__(self, refused: RefusedFile):
        super().__init__(refused.message)
        self.refused = refused


def version_of(path: Path) -> Version:
    """Return the version of a file that is there now.

    Raises:
        Refusal: If it does not exist.
    """
    try:
        status = path.stat()
    except (OSError, ValueError):
        raise Refusal("not-found") from None
    return Version(path, status.st_size, status.st_mtime_ns)


@lru_cache(MAX_FILES)
def read_version(version: Version, form_id: str) -> Submission | RefusedFile:
    """Return a workbook as read or refused by a form that ships; once for each version.

    Raises:
        PassingRefusal: If it cannot be read now.
    """
    form = form_named(form_id)
    assert form is not None
    result = read_file(form, version.path)
    if isinstance(result, RefusedFile) and result.fault:
        log.error("%s", result.fault)
    if isinstance(result, RefusedFile) and result.is_passing:
        raise PassingRefusal(result)
    return result


def read_workbook(path: Path, expected: Form) -> FigureRow:
    """Return the figures of a closed workbook, of the form that it names.

    Args:
        path: The workbook.
        expected: The form that it is likely to be of.

    Raises:
        UserError: If it is refused, with the reason, or does not exist.
    """
    try:
        report = _report(version_of(path), expected.id)
    except PassingRefusal as passing:
        report = passing.refused
    if isinstance(report, RefusedFile):
        raise UserError(report.message)
    return report


@lru_cache(MAX_FILES)
def _report(version: Version, expected_id: str) -> FigureRow | RefusedFile:
    expected = form_named(expected_id)
    assert expected is not None
    result = read_version(version, expected.id)
    form = form_of_most([result], expected)
    if form.id != expected.id:
        result = read_version(version, form.id)
    return result if isinstance(result, RefusedFile) else tabulate(form, [result]).row(0)


def figure(row: FigureRow, id: str) -> float | str:
    """Return a figure of a workbook: a number, the text in its place as quoted, "" if blank."""
    number, reading = row.number(id), row.reading(id)
    if number is not None:
        return number
    return quoted(reading.absence or reading.text or "") if reading else ""
