"""Links from the summary to the files that it was made of."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from xl_automation.excel_limits import MAX_TARGET
from xl_automation.summary.lower_places import LowerPlaces
from xl_automation.wording import printable
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.limits import NO_TEXT
from xl_automation.xlsx.long_rows import CellLink

Content = TypeVar("Content", str, float, str | float)
_ESCAPES = {ord(character): f"%{ord(character):02x}" for character in '%#" <>[]`{}^'}


class FileLinks:
    """Links as Excel writes them in a workbook that lies in *folder*; what is known is kept.

    A report that came in the summary of a lower level is no file: its links lead to its row there.
    """

    def __init__(self, folder: Path, lower: LowerPlaces | None = None):
        self._folder, self._lower = folder, lower
        self._targets: dict[Path, str | None] = {}
        self._folders: dict[Path, str] = {}

    def link(
        self, path: Path, content: Content, place: Address | None = None
    ) -> CellLink | Content:
        """Return *content* as a link to a file, and there to a cell; alone where none can be.

        Excel takes no link that is too long, and no text that is none.
        """
        if self._lower is not None:
            path, place = self._lower.found(path, place)
        if path not in self._targets:
            self._targets[path] = _as_excel_writes(self.target(path))
        target, location = self._targets[path], f"'{place.sheet}'!{place.cell}" if place else ""
        content = printable(content) if isinstance(content, str) else content
        if target is None or len(target) + len(location) > MAX_TARGET:
            return content
        return CellLink(content, target, location)

    def target(self, path: Path) -> str:
        """Return the address of a file: relative to the folder where there is a way, escaped."""
        # A folder is resolved once for all of its files; a file may be a link of its own.
        path = Path(os.path.realpath(path)) if os.path.islink(path) else path
        if path.parent not in self._folders:
            self._folders[path.parent] = self._way_to(path.parent)
        return os.path.join(self._folders[path.parent], path.name).translate(_ESCAPES)

    @cached_property
    def _start(self) -> Path:
        return self._folder.resolve()

    def _way_to(self, folder: Path) -> str:
        """Return the relative path of a folder, the absolute one on another drive of Windows."""
        try:
            way = os.path.relpath(folder.resolve(), self._start)
        except ValueError:
            return str(folder.resolve())
        return "" if way == os.curdir else way


def _as_excel_writes(target: str) -> str | None:
    """Return a target with Excel's slashes, and with a scheme where it names a drive or server.

    Returns:
        None for one that is no text, whatever the disk had for it: no escape makes it a link.
    """
    if NO_TEXT.search(target):
        return None
    target = target.replace("/", "\\")
    is_absolute = target.startswith("\\\\") or target[1:2] == ":"
    return f"file:///{target}" if is_absolute else target
