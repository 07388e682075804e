"""What was read before, by what is in the file: a second run reads only what changed.

A result is found again by the hash of the workbook's bytes and by what read them
(:mod:`reader_version`); name, place and time of a file play no part. What is remembered only saves
time: where it cannot be had, or could not have come from a reader, the file is read.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

from xl_automation.forms.form import Form
from xl_automation.reading import cache_file
from xl_automation.reading.cache_file import MAX_RECORD, UnusableCache
from xl_automation.reading.folder_walk import CACHE_NAME
from xl_automation.reading.reader_version import reader_version
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_record import DamagedRecord, FileFacts, Records
from xl_automation.xlsx.limits import FORM_LIMITS

Result = Submission | RefusedFile
Read = Callable[[Sequence[Path]], Sequence[Result]]


class SubmissionCache:
    """The results of earlier runs for one form, and what this run adds to them.

    Attributes:
        file: Where they are kept.
        reused: How many files needed no reading, so far.
        read: How many had to be read, so far.
        problem: Why nothing is remembered, as a sentence; None while there is no reason.
    """

    def __init__(self, folder: Path, form: Form):
        self.file = folder / CACHE_NAME
        self.reused = self.read = 0
        self.problem: str | None = None
        self._records = Records(form)
        self._reader = reader_version(form)  # empty: nothing may be remembered
        self._rows: dict[str, bytes] | None = None  # record by hash, once loaded
        self._used: set[str] = set()
        self._new: dict[str, str] = {}

    def results(
        self, paths: Sequence[Path], read: Read, step: Callable[[], None] = lambda: None
    ) -> list[Result]:
        """Return each workbook as read or refused, in the order of *paths*.

        Args:
            paths: The workbooks.
            read: Reads those whose bytes are new, in the order given.
            step: Called once for each of the others.
        """
        hashes: list[str | None] = []
        known: dict[int, Result] = {}  # by place in *paths*
        for place, path in enumerate(paths):
            facts = file_facts(path)
            hashes.append(facts.sha256 if facts else None)
            result = self._recalled(facts) if facts else None
            if result is not None:
                known[place] = result
                step()
        new = [place for place in range(len(paths)) if place not in known]
        self.read += len(new)
        self.reused += len(known)
        for place, result in zip(new, read([paths[at] for at in new]) if new else (), strict=True):
            known[place] = result
            self._keep(result, hashes[place])
        return [known[place] for place in range(len(paths))]

    def _recalled(self, facts: FileFacts) -> Result | None:
        """Return what was read of these bytes before, None where that is not known."""
        if self._rows is None:
            self._rows = self._load()
        row = self._rows.get(facts.sha256)
        if row is None:
            return None
        try:
            result = self._records.read(json.loads(row), facts)
        except (DamagedRecord, ValueError, RecursionError):
            return None
        self._used.add(facts.sha256)
        return result

    def _keep(self, result: Result, hash_before: str | None) -> None:
        """Keep a result for `save`, unless it says nothing certain of these bytes."""
        # A refused file was hashed before and after: what was refused in between is what has
        # that hash. A submission has the hash of the very bytes that it was read from.
        if isinstance(result, RefusedFile) and (
            result.is_passing or not hash_before or result.sha256 != hash_before
        ):
            return
        with suppress(ValueError):  # a number that JSON does not have: read each time
            record = json.dumps(self._records.of(result), allow_nan=False, separators=(",", ":"))
            if len(record) <= MAX_RECORD:
                self._new[result.sha256] = record

    def _load(self) -> dict[str, bytes]:
        if self._reader:
            try:
                return cache_file.load(self.file, self._reader)
            except UnusableCache as error:
                self._tell(error)
        return {}

    def save(self) -> None:
        """Write what this run has read for the next one; nothing where it read nothing new."""
        if not (self._new and self._reader):
            return
        try:
            cache_file.save(self.file, self._reader, self._new, self._used)
            self.problem = None  # what was damaged is mended
        except UnusableCache as error:
            self._tell(error)

    def _tell(self, error: UnusableCache) -> None:
        self.problem = (
            f"Không dùng được tệp ghi nhớ {self.file} ({error}): kết quả vẫn đúng, chỉ lâu hơn. "
            "Có thể xoá tệp đó; lần sau chương trình lập lại."
        )


def file_facts(path: Path) -> FileFacts | None:
    """Return hash, size and time of a file; None where only its reader can say what is wrong."""
    try:
        if not path.is_file():  # a pipe could be waited for without end
            return None
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(FORM_LIMITS.file + 1) if status.st_size <= FORM_LIMITS.file else b""
    except (OSError, ValueError):
        return None
    if not data or len(data) > FORM_LIMITS.file:
        return None
    return FileFacts(path, hashlib.sha256(data).hexdigest(), len(data), status.st_mtime)
