"""A file that was not read, and what is known of it all the same."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not counted, and why; what is known of it, for the log."""

    path: Path
    code: str
    message: str
    sha256: str = ""
    size: int | None = None
    saved: float | None = None

    @classmethod
    def of(cls, one: Submission, refusal: Refusal) -> RefusedFile:
        """Return the refusal of a file that was read."""
        return cls(one.path, refusal.code, str(refusal), one.sha256, one.size, one.saved)


def file_name(path: Path) -> str:
    """Return a file's name as text that can be written, whatever bytes a disk had for it."""
    return printable(path.name)


def printable(text: str) -> str:
    """Return *text* with ``?`` for what is no character."""
    return text.encode("utf-8", "replace").decode("utf-8")


def refused_file(path: Path, refusal: Refusal) -> RefusedFile:
    """Return the refusal with what can be known of the file all the same."""
    sha256, size, saved = "", None, None
    with suppress(OSError):
        if path.is_file():
            facts = path.stat()
            size, saved = facts.st_size, facts.st_mtime
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return RefusedFile(path, refusal.code, str(refusal), sha256, size, saved)
