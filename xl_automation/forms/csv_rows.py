"""CSV files that people write: UTF-8, with or without Excel's byte order mark."""

from __future__ import annotations

import csv
from pathlib import Path

from xl_automation.errors import UserError


def csv_rows(path: Path, named: str) -> list[dict[str, str]]:
    """Return the rows of a CSV file below its header, by column.

    Args:
        path: The file.
        named: What a message calls it, in Vietnamese.

    Raises:
        UserError: If it cannot be read as UTF-8 CSV.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise UserError(f"Không đọc được {named} ({error}).") from error
