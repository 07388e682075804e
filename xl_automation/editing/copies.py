"""Where the copies of several files go, each under its own name."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path


def copies_in(out: Path, paths: Sequence[Path]) -> dict[Path, Path]:
    """Return where in *out* the copy of each file goes; equal names go into folders of their own.

    >>> copies = copies_in(Path("ra"), [Path("a/1.xlsx"), Path("b/1.xlsx")])
    >>> [path.as_posix() for path in copies.values()]
    ['ra/1.xlsx', 'ra/b/1.xlsx']
    """
    copies: dict[str, Path] = {}  # letter case does not tell files apart everywhere
    for path in paths:
        folders = (out, out / path.parent.name, *(out / str(n) for n in range(2, len(paths) + 2)))
        names = (folder / path.name for folder in folders)
        copy = next(name for name in names if str(name).casefold() not in copies)
        copies[str(copy).casefold()] = copy
    return dict(zip(paths, copies.values(), strict=True))
