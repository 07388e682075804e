"""Files written whole or not at all, and what stands in the way as a sentence.

A link at the place of a file is followed: what it leads to is judged and written, and it stays.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from xl_automation.errors import UserError
from xl_automation.xlsx.passing_file import (
    flush_folder,
    is_passing,
    passing_file,
    remove_abandoned,
)
from xl_automation.xlsx.refusal import Refusal

FULL = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))  # what a full disk says
_AGAIN = "Tệp đã có trước đó vẫn còn nguyên."
# What the system says -> what to do; the name of the file comes first.
_OBSTACLES = {
    errno.ENOSPC: "{}: ổ đĩa đã đầy nên không ghi được. Xoá bớt tệp trên ổ đó hoặc chọn ổ khác, "
    f"rồi chạy lại. {_AGAIN}",
    errno.EDQUOT: "{}: bạn đã dùng hết dung lượng được cấp ở đó nên không ghi được. Xoá bớt tệp "
    f"của mình, xin thêm dung lượng hoặc chọn ổ khác, rồi chạy lại. {_AGAIN}",
    errno.EFBIG: "{}: tệp lớn hơn mức mà ổ đĩa hoặc hệ thống cho phép nên không ghi được. Chọn ổ "
    f"khác hoặc xin người quản trị nâng mức đó, rồi chạy lại. {_AGAIN}",
    errno.EROFS: "{}: ổ đĩa chỉ cho đọc nên không ghi được. Chọn ổ khác rồi chạy lại.",
    errno.ENAMETOOLONG: "{}: tên hoặc đường dẫn dài quá mức của ổ đĩa. Rút ngắn tên, hoặc chọn "
    "thư mục có đường dẫn ngắn hơn.",
    errno.ELOOP: "{}: liên kết dẫn vòng quanh, không tới tệp nào. Xoá liên kết đó hoặc chọn tên "
    "khác.",
}


class Put(Enum):
    """What became of a new file."""

    WRITTEN = "written"
    THERE = "there"  # exactly the same file was there already
    TAKEN = "taken"  # something else is there, and stays


class SeveralFiles:
    """New files, written one after the other; never one over what is there.

    A run that was stopped can so be repeated: what it had written is there already. To be used as
    a context, at whose end the disk has all of their names.
    """

    def __init__(self, total: int):
        """Begin with *total* files to be written, none of which is yet."""
        self._total = total
        self._became: list[tuple[Path, Put]] = []
        self._folders: dict[Path, None] = {}

    def __enter__(self) -> SeveralFiles:
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        for folder in self._folders:
            flush_folder(folder)

    def put(self, path: Path, content: bytes) -> Put:
        """Write a file whole or not at all, and return whether it was or something is there.

        Raises:
            UserError: If it cannot be written; the sentence says how many were before.
        """
        try:
            with obstacles_told(path):
                put = self._written(followed(path), content)
        except UserError as error:
            if self._total == 1:
                raise
            raise UserError(f"{error} {self._said()}") from error
        self._became.append((path, put))
        return put

    def all(self, put: Put) -> tuple[Path, ...]:
        """Return the files of which that became, in the order of their writing."""
        return tuple(path for path, became in self._became if became is put)

    def _written(self, path: Path, content: bytes) -> Put:
        if path.parent not in self._folders:
            path.parent.mkdir(parents=True, exist_ok=True)
            remove_abandoned(path.parent)
            self._folders[path.parent] = None
        if not path.exists():
            try:
                with passing_file(path.parent) as passing:
                    passing.file.write(content)
                    passing.put_new(path)
                return Put.WRITTEN
            except FileExistsError:  # another run was faster
                pass
        return Put.THERE if _holds(path, content) else Put.TAKEN

    def _said(self) -> str:
        """Return how far it went, for whoever has to go on."""
        done = len(self.all(Put.WRITTEN)) + len(self.all(Put.THERE))
        return (
            f"Đã xong {done} trong {self._total} tệp. Khi đã xử lý, chạy lại đúng lệnh này: tệp đã "
            "xong được giữ nguyên, phần còn lại được ghi tiếp."
        )


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, never over another one.

    Raises:
        UserError: If anything but the same file is at *path*, or it cannot be written.
    """
    with SeveralFiles(1) as files:
        if files.put(path, content) is Put.TAKEN:
            raise UserError(_taken(path))


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
    with obstacles_told(path):
        place = followed(path)
        place.parent.mkdir(parents=True, exist_ok=True)
        remove_abandoned(place.parent)
        with passing_file(place.parent) as passing:
            yield passing.file
            passing.replace(place)
        flush_folder(place.parent)


def followed(path: Path) -> Path:
    """Return where a file really is, or will be.

    Raises:
        OSError: If links lead around in a circle.
    """
    place = Path(os.path.realpath(path))
    if place.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return place


def refuse_foreign(out: Path, is_ours: Callable[[Path], bool], words: str) -> None:
    """Make sure that *out* may be written: nothing is there, or an earlier one of ours.

    Args:
        out: Where something is to go.
        is_ours: Says of a file whether it is one of ours.
        words: What is said of any other file, after its name.

    Raises:
        UserError: If any other file is there.
    """
    with obstacles_told(out):
        followed(out)
        if out.exists() and not is_ours(out):
            raise UserError(f"{out} {words}")


def keep_apart(written: Iterable[Path], read: Iterable[Path]) -> None:
    """Make sure that nothing is written onto what is read, and no two things onto one file.

    Files are compared as what they are, whatever they are called: by links, by a second name, by
    letter case where that does not tell them apart.

    Args:
        written: The files that a command writes.
        read: The files that it reads.

    Raises:
        UserError: If that is not so; it names the files.
    """
    targets: dict[object, Path] = {}
    for path in written:
        with obstacles_told(path):
            other = targets.setdefault(_identity(path), path)
        if other is not path:
            both = f"{path}" if str(path) == str(other) else f"{other} và {path} là một tệp:"
            raise UserError(
                f"{both} hai kết quả không ghi chung một tệp được. Chọn hai tên khác nhau."
            )
    if not any(map(os.path.exists, targets.values())):
        return  # nothing there that could be read
    for path in read:
        target = targets.get(_identity(path))
        if target is not None:
            known = "" if str(path) == str(target) else f" (đó là {path})"
            raise UserError(
                f"{target}{known} là tệp mà lệnh này đọc, nên không ghi kết quả đè lên. Chọn tên "
                "khác cho kết quả."
            )


def _identity(path: Path) -> object:
    """Return what is equal for two paths of one file, whether it is there yet or not."""
    try:
        status = os.stat(path)
    except (OSError, ValueError):
        place = os.path.realpath(path)
        return os.path.dirname(place), os.path.basename(place).casefold()
    return status.st_dev, status.st_ino


def _holds(path: Path, content: bytes) -> bool:
    """Return whether exactly *content* is in the file at *path*."""
    if not path.is_file() or path.stat().st_size != len(content):
        return False
    try:
        return path.read_bytes() == content
    except PermissionError:
        return False


def refuse_existing(path: Path) -> None:
    """Make sure that nothing is at *path* yet.

    Raises:
        UserError: If something is, or if that cannot be seen.
    """
    with obstacles_told(path):
        if path.exists():
            raise UserError(_taken(path))


def _taken(path: Path) -> str:
    return f"{path} đã có. Chọn tên khác; chương trình không ghi đè tệp đã có."


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
        if is_passing(Path(os.fsdecode(name))):
            name = path
        if isinstance(error, FileExistsError):
            raise UserError(_taken(name)) from error
        if error.errno in _OBSTACLES:
            raise UserError(_OBSTACLES[error.errno].format(name)) from error
        raise UserError(
            f"Không đọc hoặc ghi được {name} ({error.strerror or type(error).__name__}). Đóng tệp "
            "đó nếu đang mở ở nơi khác, hoặc chọn thư mục mà bạn có quyền ghi."
        ) from error


@contextmanager
def refusals_told(path: Path) -> Iterator[None]:
    """Make a sentence of what stands against using the file at *path*.

    Raises:
        UserError: In place of a `Refusal`, or of what the system says.
    """
    with obstacles_told(path):
        try:
            yield
        except Refusal as refusal:
            raise UserError(f"{path}: {refusal}") from refusal
