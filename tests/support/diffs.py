"""Diffs as the pages show them: read, and applied to a copy of the sources.

A hunk says ``@@ @@`` for where it belongs: its unchanged and removed lines stand only once there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

_BLOCK = re.compile(r"^```diff\n(.*?)^```", re.DOTALL | re.MULTILINE)
_FILE = re.compile(r"^--- (?:a/)?(.+)\n\+\+\+ b/(.+)\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Hunk:
    """A place in a file, before and after; a new file has nothing before."""

    path: str
    before: str
    after: str


def hunks_of(page: Path) -> list[Hunk]:
    """Return every hunk of every diff on a page, in their order."""
    hunks = []
    for block in _BLOCK.findall(page.read_text(encoding="utf-8")):
        _, *files = _FILE.split(block)
        for _, path, body in zip(files[::3], files[1::3], files[2::3], strict=True):
            for lines in body.split("@@ @@\n")[1:]:
                hunks.append(Hunk(path, _side(lines, " -"), _side(lines, " +")))
    return hunks


def _side(lines: str, marks: str) -> str:
    return "".join(line[1:] for line in lines.splitlines(keepends=True) if line[0] in marks)


def apply(hunk: Hunk, root: Path) -> None:
    """Change a file under *root*, or make it.

    Raises:
        ValueError: If the place is not there, or not the only one.
    """
    path = root / hunk.path
    if not hunk.before:
        if path.exists():
            raise ValueError(f"{hunk.path} is there already")
        path.write_text(hunk.after, encoding="utf-8")
        return
    text = path.read_text(encoding="utf-8")
    if (times := f"\n{text}".count(f"\n{hunk.before}")) != 1:
        raise ValueError(f"{hunk.path} has {times} places like this:\n{hunk.before}")
    changed = f"\n{text}".replace(f"\n{hunk.before}", f"\n{hunk.after}")
    path.write_text(changed.removeprefix("\n"), encoding="utf-8")
