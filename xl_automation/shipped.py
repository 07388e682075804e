"""The folders that ship with the code: inside an installed package, beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent


def _folder(name: str) -> Path:
    return next(
        (base / name for base in (_PACKAGE, _PACKAGE.parent) if (base / name).is_dir()),
        _PACKAGE / name,
    )


MACROS = _folder("macros")
WORKBOOK = _folder("workbook")
