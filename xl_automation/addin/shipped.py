"""Where the files beside the code are: in an installed package inside it, in a checkout above it."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parents[1]


def _folder(name: str) -> Path:
    return next(
        (base / name for base in (_PACKAGE, _PACKAGE.parent) if (base / name).is_dir()),
        _PACKAGE / name,
    )


MACROS = _folder("macros")
WORKBOOK = _folder("workbook")
