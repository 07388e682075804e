"""The process that computes for the Calc add-in: ``python calc_answers.py``.

Each line in is ``[module, function, arguments]``, each line out its rows of cells, both JSON. A
date is ``{"date": "2022-06-14T00:00:00"}``, a blank is ``null`` in and ``""`` out.
"""

from __future__ import annotations

import datetime as dt
import importlib
import json
import math
import os
import sys
from typing import Any


def answer(module: str, name: str, arguments: list[Any]) -> str:
    """Return a function's rows of cells, or a sentence in place of them."""
    try:
        rows = getattr(importlib.import_module(module), name)(*map(_from_calc, arguments))
        return json.dumps([[_plain(cell) for cell in row] for row in rows])
    except Exception as error:
        return json.dumps([[f"Lỗi: hàm {name} gặp sự cố ({type(error).__name__})."]])


def _from_calc(rows: Any) -> Any:
    if rows is None:
        return None
    return [
        [
            dt.datetime.fromisoformat(cell["date"]) if isinstance(cell, dict) else cell
            for cell in row
        ]
        for row in rows
    ]


def _plain(cell: Any) -> Any:
    """Return a cell as JSON and Calc have it; a number that is none is a blank, as in xlwings."""
    if isinstance(cell, dt.datetime):
        return {"date": cell.isoformat()}
    if cell is None or (isinstance(cell, float) and not math.isfinite(cell)):
        return ""
    return cell if isinstance(cell, str) else float(cell)


def main() -> None:
    """Answer each line of the input until it ends."""
    out = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a function prints is no answer
    for line in sys.stdin:
        print(answer(*json.loads(line)), file=out, flush=True)


if __name__ == "__main__":
    main()
