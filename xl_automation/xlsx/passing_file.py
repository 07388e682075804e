"""Files under a passing name, until they are whole and go where they belong.

A run that is killed leaves its passing file behind, and the next one that writes into the folder
removes it. Those in use are known by a lock, of which the system lets go with the process; on
Windows by being open, and for the moment between closing and renaming by being new.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO, cast

_START, _END = ".cchc-", ".tmp"  # hidden: a search of the folder passes it over
_NAME = re.compile(re.escape(_START) + "[a-z0-9_]{8}" + re.escape(_END))
_NEW_SECONDS = 60


def is_passing(path: Path) -> bool:
    """Return whether a file has a passing name."""
    return bool(_NAME.fullmatch(path.name))


class PassingFile:
    """A file that is being written.

    Attributes:
        file: The open file.
    """

    def __init__(self, folder: Path):
        self._path, self.file = _new_file(folder)

    def replace(self, path: Path) -> None:
        """Put the file, which is whole now, to *path*, in place of an earlier one.

        Raises:
            OSError: If that cannot be; then the earlier one stays.
        """
        self._make_lasting()
        os.replace(self._path, path)

    def put_new(self, path: Path) -> None:
        """Put the file, which is whole now, to *path*, where nothing is yet.

        Raises:
            FileExistsError: If something is, were it only for a moment.
            OSError: If it cannot be put there.
        """
        self._make_lasting()
        if sys.platform == "win32":
            os.rename(self._path, path)  # there it replaces nothing
            return
        try:
            os.link(self._path, path)
        except FileExistsError:
            raise
        except OSError:  # a file system without a second name for a file
            if os.path.lexists(path):
                raise FileExistsError(str(path)) from None
            os.replace(self._path, path)
            return
        os.unlink(self._path)

    def _make_lasting(self) -> None:
        """Give the file the rights of a new one, and wait until the disk has all of it."""
        self.file.flush()
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(self._path, 0o666 & ~umask)
        os.fsync(self.file.fileno())
        if sys.platform == "win32":
            self.file.close()  # an open file is not renamed there

    def discard(self) -> None:
        """Close the file, and remove it where it has not been put anywhere."""
        with suppress(OSError):  # what could not be written on a full disk cannot be now either
            self.file.close()
        with suppress(OSError):
            os.unlink(self._path)


@contextmanager
def passing_file(folder: Path) -> Iterator[PassingFile]:
    """Give a file in *folder* to be written and put to its place; else nothing of it stays.

    Raises:
        OSError: If there can be no file.
    """
    passing = PassingFile(folder)
    try:
        yield passing
    finally:
        passing.discard()


def remove_abandoned(folder: Path) -> None:
    """Remove what killed runs have left in *folder*; what cannot be removed stays."""
    with suppress(OSError):
        for entry in os.scandir(folder):
            path = Path(entry.path)
            if is_passing(path):
                with suppress(OSError):
                    _remove_unless_used(path)


def flush_folder(folder: Path) -> None:
    """Wait until the disk has the names of a folder's files, where the system can tell."""
    with suppress(OSError):  # Windows, and some network folders, have no such thing
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _new_file(folder: Path) -> tuple[Path, BinaryIO]:
    """Return a new file that no other run takes for abandoned, and its path."""
    while True:
        handle, name = tempfile.mkstemp(_END, _START, folder)
        if _is_held(handle, name):
            return Path(name), cast(BinaryIO, os.fdopen(handle, "w+b"))
        os.close(handle)


if sys.platform == "win32":

    def _is_held(handle: int, name: str) -> bool:
        return True

    def _remove_unless_used(path: Path) -> None:
        if time.time() - path.stat().st_mtime > _NEW_SECONDS:
            path.unlink()

else:
    import fcntl

    def _is_held(handle: int, name: str) -> bool:
        """Lock a new file; return False where another run has just taken it for abandoned."""
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: nobody removes anything there
            return True
        return os.path.exists(name)

    def _remove_unless_used(path: Path) -> None:
        handle = os.open(path, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            if S_ISREG(os.fstat(handle).st_mode):
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                path.unlink()
        finally:
            os.close(handle)
