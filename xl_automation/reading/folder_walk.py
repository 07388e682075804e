"""A folder with all below it: its workbooks, and all else with the reason why it is passed over.

No link is followed out of the folder, nor round: what a link inside leads to is found where it
really is. Only a file that no search finds there (its own name is hidden, or no workbook's) is
taken by the name of its link. Folders may lie in each other as deep as the system can tell.
"""

from __future__ import annotations

import errno
import os
import stat
import sys
from collections.abc import Iterator, Set
from pathlib import Path
from typing import NamedTuple

from xl_automation.reading.passed_over import Reason, is_workbook_name

LOCK_PREFIX = "~$"  # what Excel leaves beside an open workbook
CACHE_NAME = ".cchc-cache.sqlite"  # our own file among the reports, and SQLite's beside it
OFFICE_LOCK_PREFIX = ".~lock."  # LibreOffice's
_WINDOWS_LOOP = 1921  # ERROR_CANT_RESOLVE_FILENAME
_REASONS: dict[int | None, Reason] = {
    errno.EACCES: "no-right",
    errno.EPERM: "no-right",
    errno.ENAMETOOLONG: "long-path",
    errno.ENOENT: "gone",
    errno.ENOTDIR: "gone",
    errno.ELOOP: "link-loop",
}


class Item(NamedTuple):
    """Something in a folder.

    Attributes:
        path: What it is called.
        place: Where it really is, links on the way to it aside.
        target: The same, of a link what it leads to.
        reason: Why it is passed over; None for a workbook.
    """

    path: str
    place: str
    target: str
    reason: Reason | None

    @property
    def is_link(self) -> bool:
        """Whether it is a link."""
        return self.place != self.target


class _Folder(NamedTuple):
    """A folder still to be listed."""

    path: str
    place: str


def walk(folder: Path, left_out: Set[str]) -> Iterator[Item]:
    """Yield what is in *folder* and all below it, in the order of the names.

    Args:
        folder: The folder, or a link to it.
        left_out: Real paths of files and folders of which nothing is said.
    """
    root = os.path.realpath(folder)
    pending: list[_Folder | Item] = [_Folder(str(folder), root)]
    while pending:
        item = pending.pop()
        if isinstance(item, Item):
            yield item
        else:
            pending += reversed(_listed(item, root, left_out))


def _listed(folder: _Folder, root: str, left_out: Set[str]) -> list[_Folder | Item]:
    """Return what is in a folder; of one that cannot be listed, why."""
    try:
        with os.scandir(folder.path) as entries:
            in_order = sorted(entries, key=lambda entry: entry.name)
    except OSError as error:
        return [Item(*folder, folder.place, _reason(error, "unlisted"))]
    items: list[_Folder | Item] = []
    start = os.path.join(folder.place, "")
    for entry in in_order:
        place = start + entry.name
        if place not in left_out and not entry.name.startswith(CACHE_NAME):
            items += _items(entry, place, root, left_out)
    return items


def _items(
    entry: os.DirEntry[str], place: str, root: str, left_out: Set[str]
) -> Iterator[_Folder | Item]:
    """Yield what an entry of a folder is."""
    if entry.name.startswith("."):
        is_lock = entry.name.startswith(OFFICE_LOCK_PREFIX)
        yield Item(entry.path, place, place, "lock" if is_lock else "hidden")
        return
    try:
        if _is_link(entry):
            link = _link(entry, place, root)
            if link.target not in left_out:
                yield link
        elif entry.is_dir(follow_symlinks=False):
            if is_workbook_name(entry.name):
                yield Item(entry.path, place, place, "folder")
            yield _Folder(entry.path, place)
        else:
            is_file = entry.is_file(follow_symlinks=False)
            yield Item(entry.path, place, place, _reason_by_name(entry) if is_file else "special")
    except OSError as error:
        yield Item(entry.path, place, place, _reason(error, "unlisted"))


def _is_link(entry: os.DirEntry[str]) -> bool:
    """Whether an entry is a link or, on Windows, a junction."""
    if sys.platform != "win32":
        return entry.is_symlink()
    # os.DirEntry.is_junction is there from Python 3.12 on.
    tag = entry.stat(follow_symlinks=False).st_reparse_tag
    return tag in (stat.IO_REPARSE_TAG_SYMLINK, stat.IO_REPARSE_TAG_MOUNT_POINT)


def _link(entry: os.DirEntry[str], place: str, root: str) -> Item:
    """Return a link with what it leads to."""
    try:
        target = os.path.realpath(entry.path, strict=True)
        mode = os.stat(target).st_mode
    except OSError as error:
        reason = _reason(error, "link-broken")
        return Item(entry.path, place, "", "link-broken" if reason == "gone" else reason)
    return Item(entry.path, place, target, _reason_of_link(entry, target, mode, place, root))


def _reason_of_link(
    entry: os.DirEntry[str], target: str, mode: int, place: str, root: str
) -> Reason | None:
    if not _inside(target, root):
        return "link-outside"
    if stat.S_ISDIR(mode):
        return "link-loop" if _inside(place, target) else "link-inside"
    return _reason_by_name(entry) if stat.S_ISREG(mode) else "special"


def _reason_by_name(entry: os.DirEntry[str]) -> Reason | None:
    if entry.name.startswith(LOCK_PREFIX):
        return "lock"
    return None if is_workbook_name(entry.name) else "other"


def _inside(place: str, folder: str) -> bool:
    return place == folder or place.startswith(os.path.join(folder, ""))


def _reason(error: OSError, otherwise: Reason) -> Reason:
    if getattr(error, "winerror", None) == _WINDOWS_LOOP:
        return "link-loop"
    return _REASONS.get(error.errno, otherwise)
