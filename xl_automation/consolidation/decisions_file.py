"""A file of decisions: rows of ``unit,indicator,rule,decision,reason,by,until[,file]``."""

from __future__ import annotations

import unicodedata
from dataclasses import fields
from pathlib import Path

from xl_automation.consolidation.decisions import Decision
from xl_automation.errors import UserError
from xl_automation.forms.csv_rows import csv_rows

_COLUMNS = tuple(field.name for field in fields(Decision))
_OPTIONAL = "file"


def read_decisions(path: Path) -> tuple[Decision, ...]:
    """Return the decisions in a file, in its order; blank rows are none.

    Raises:
        UserError: If it is no UTF-8 CSV with these columns, or a row has more cells than they.
    """
    rows = csv_rows(path, f"tệp quyết định {path.name}")
    needed = [name for name in _COLUMNS if name != _OPTIONAL]
    if rows and (lacking := [name for name in needed if name not in rows[0]]):
        raise UserError(
            f"{path.name}: thiếu cột {', '.join(lacking)}. Tệp quyết định có dòng tiêu đề "
            f"{','.join(needed)} (và {_OPTIONAL} nếu cần)."
        )
    decisions = []
    for line, row in enumerate(rows, start=2):
        if None in row:
            raise UserError(
                f"{path.name}, dòng {line}: nhiều ô hơn dòng tiêu đề. Đặt ô có dấu phẩy trong "
                "ngoặc kép."
            )
        texts = {name: unicodedata.normalize("NFC", row.get(name) or "") for name in _COLUMNS}
        decision = Decision(**{name: text.strip() for name, text in texts.items()})
        if decision != _BLANK:
            decisions.append(decision)
    return tuple(decisions)


_BLANK = Decision("", "", "", "", "")
