"""A file that was not read, and what is known of it all the same."""

from __future__ import annotations

import hashlib
import traceback
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from xl_automation.reading.submission import Submission
from xl_automation.wording import printable
from xl_automation.xlsx.limits import FORM_LIMITS
from xl_automation.xlsx.refusal import NAMES, Refusal

MAX_FRAMES = 40  # of a traceback


@dataclass(frozen=True, slots=True)
class RefusedFile:
    """A file that was not counted, and why; what is known of it, for the log.

    Attributes:
        path: The file.
        code: The cause, one of ``refusal.MESSAGES``.
        message: The sentence for the user.
        sha256: The hash of its bytes; empty where they could not be read, or are too many.
        size: Its length in bytes.
        saved: When it was last written, seconds since 1970.
        is_passing: Whether the refusal may go away without the file being saved again.
        fault: The traceback where it is the program that failed; empty otherwise.
    """

    path: Path
    code: str
    message: str
    sha256: str = ""
    size: int | None = None
    saved: float | None = None
    is_passing: bool = False
    fault: str = field(default="", repr=False, compare=False)

    @property
    def cause(self) -> str:
        """Why, in a few words: ``có mật khẩu mở [encrypted]``."""
        return f"{NAMES[self.code]} [{self.code}]"

    @classmethod
    def of(cls, submission: Submission, refusal: Refusal) -> RefusedFile:
        """Return the refusal of a file that was read."""
        facts = (submission.sha256, submission.size, submission.saved)
        return cls(submission.path, refusal.code, str(refusal), *facts)


def file_name(path: Path) -> str:
    """Return a file's name as text that can be shown, whatever a disk had for it."""
    return printable(path.name)


def file_of_fault(path: Path, error: Exception) -> RefusedFile:
    """Return the refusal of a file over which the program itself failed.

    It is never remembered: the next run, or the next version, may read the file.
    """
    refusal = Refusal("program-fault", kind=type(error).__name__, is_passing=True)
    # The last frames say what failed; a recursion has a thousand of them.
    fault = "".join(traceback.format_exception(error, limit=-MAX_FRAMES))
    return replace(refused_file(path, refusal), fault=f"{printable(str(path))}\n{fault}")


def refused_file(path: Path, refusal: Refusal) -> RefusedFile:
    """Return the refusal with what can be known of the file all the same.

    A file that is larger than a form may be has no hash: it could take minutes.
    """
    sha256, size, saved = "", None, None
    with suppress(OSError, ValueError):
        if path.is_file():
            facts = path.stat()
            size, saved = facts.st_size, facts.st_mtime
            with path.open("rb") as file:
                data = file.read(FORM_LIMITS.file + 1)
            if len(data) <= FORM_LIMITS.file:
                sha256 = hashlib.sha256(data).hexdigest()
    return RefusedFile(path, refusal.code, str(refusal), sha256, size, saved, refusal.is_passing)
