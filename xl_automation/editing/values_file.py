"""A file of values to type into a workbook: rows of ``id,value[,note]``."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from xl_automation.errors import UserError
from xl_automation.forms.csv_rows import csv_rows


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of a values file."""

    line: int
    id: str
    value: str
    note: str = ""


def read_entries(path: Path) -> list[Entry]:
    """Return the rows of a values file.

    Raises:
        UserError: If it is not a UTF-8 CSV with the columns ``id,value``.
    """
    rows = csv_rows(path, path.name)
    if not rows or not {"id", "value"} <= rows[0].keys():
        raise UserError(f"{path.name}: phải có dòng tiêu đề với các cột id, value (và note).")
    return [
        Entry(line, _clean(row["id"]), _clean(row["value"]), _clean(row.get("note")))
        for line, row in enumerate(rows, start=2)
    ]


def _clean(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "").strip()
