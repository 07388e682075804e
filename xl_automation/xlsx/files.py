"""Files written whole or not at all, and what stands in the way as a sentence."""

from __future__ import annotations

import errno
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from xl_automation.errors import UserError


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, never over an existing one.

    Raises:
        UserError: If *path* exists or cannot be written.
    """
    refuse_existing(path)
    write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, replacing an earlier one.

    Raises:
        UserError: If *path* cannot be written.
    """
    with whole_file(path) as file:
        file.write(content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """Give an open file that comes to *path* when it is whole, in place of an earlier one.

    Raises:
        UserError: If *path* cannot be written; nothing is then changed.
    """
    with obstacles_told(path), _passing_file(path) as file:
        yield file


@contextmanager
def _passing_file(path: Path) -> Iterator[BinaryIO]:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            yield file
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def refuse_existing(path: Path) -> None:
    """Make sure that nothing is at *path* yet.

    Raises:
        UserError: If something is, or if that cannot be seen.
    """
    with obstacles_told(path):
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path))


@contextmanager
def obstacles_told(path: Path) -> Iterator[None]:
    """Make a sentence of whatever the system says against reading or writing at *path*.

    Raises:
        UserError: In place of an `OSError`.
    """
    try:
        yield
    except OSError as error:
        # A file that could not be put in place is known by its name there, not by a passing one.
        name = error.filename2 or (path if error.filename is None else error.filename)
        if isinstance(error, FileExistsError):
            raise UserError(
                f"{name} đã có. Chọn tên khác; chương trình không ghi đè tệp đã có."
            ) from error
        raise UserError(
            f"Không đọc hoặc ghi được {name} ({error.strerror or type(error).__name__}). Đóng tệp "
            "đó nếu đang mở ở nơi khác, hoặc chọn thư mục mà bạn có quyền ghi."
        ) from error
