"""A file of values to type into a workbook: rows of ``id,value[,note]``."""

from __future__ import annotations

import csv
import json
import sys
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path


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
        ValueError: In Vietnamese, if it is not a UTF-8 CSV with the columns ``id,value``.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ValueError(f"Không đọc được {path.name} ({error}).") from error
    if not rows or not {"id", "value"} <= rows[0].keys():
        raise ValueError(f"{path.name}: phải có dòng tiêu đề với các cột id, value (và note).")
    return [
        Entry(line, _clean(row["id"]), _clean(row["value"]), _clean(row.get("note")))
        for line, row in enumerate(rows, start=2)
    ]


def _clean(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "").strip()


def cell_value(text: str) -> str | float | int | None:
    """Return what a value of the file is stored as: a JSON number as number, else text."""
    if not text:
        return None
    try:
        value = json.loads(text)
    except ValueError:
        return text
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return value if is_number and abs(value) <= sys.float_info.max else text


def read_date(text: str) -> date | None:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(text, pattern).date()
        except ValueError:
            continue
    return None
