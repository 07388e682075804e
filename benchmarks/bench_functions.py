"""Custom functions: what a cell costs, against what a user would do without them.

    python benchmarks/bench_functions.py [ROWS] [FILES]      10,000 and 30 by default

Each line has our time, the time of the usual way, and their ratio: percentages and number text
against a function that works cell by cell; closed files and folders against one that opens every
workbook again for every cell. The transfer between Excel and Python is not in it.
"""

from __future__ import annotations

import re
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pandas as pd

from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.values_file import read_entries
from xl_automation.excel.functions.file_functions import CCHC_DOC, CCHC_TONGHOP
from xl_automation.excel.functions.form_functions import CCHC_CHITIEU, CCHC_GIAITHICH, CCHC_KIEMTRA
from xl_automation.excel.functions.number_functions import CCHC_SO, CCHC_SOSANH, CCHC_TYLE
from xl_automation.excel.functions.report_files import read_version
from xl_automation.forms.loader import load_form
from xl_automation.shipped import WORKBOOK
from xl_automation.template.layout import Layout

REPEATS = 7
CELLS = 300  # of a recalculation that asks about one folder


def main(rows: int, files: int) -> None:
    """Print the times and the ratios."""
    parts = [[float(row)] for row in range(rows)]
    wholes = [[float(rows - row % 7)] for row in range(rows)]
    line(
        f"CCHC_TYLE, one range of {rows:,} rows",
        lambda: CCHC_TYLE(parts, wholes),
        lambda: [[_percent(a, b)] for (a,), (b,) in zip(parts, wholes, strict=True)],
    )
    texts = [[f"{row:,}".replace(",", ".") + ",5"] for row in range(rows)]
    line(
        f"CCHC_SO, one range of {rows:,} rows",
        lambda: CCHC_SO(texts),
        lambda: [[float(re.sub(r"\.", "", text).replace(",", "."))] for (text,) in texts],
    )
    line(
        f"CCHC_SOSANH, one range of {rows:,} rows",
        lambda: CCHC_SOSANH(parts, wholes),
        lambda: [[a - b, _percent(a - b, b)] for (a,), (b,) in zip(parts, wholes, strict=True)],
    )
    with tempfile.TemporaryDirectory() as name:
        folder = _filled(Path(name), files)
        _folders(folder, files)


def _folders(folder: Path, files: int) -> None:
    form = load_form()
    ids = [item.id for item in form.inputs if item.kind == "count"]
    asked = [ids[cell % len(ids)] for cell in range(CELLS)]
    path, place = next(folder.iterdir()), Layout(form).place

    def total() -> None:
        for id in asked:
            CCHC_TONGHOP(str(folder), id)

    def one_file() -> None:
        for id in asked:
            CCHC_DOC(str(path), id)

    def opened(paths: list[Path], id: str) -> list[object]:
        row = place(id).row - 1
        return [
            pd.read_excel(path, form.sheet, header=None, engine="openpyxl").iat[row, 3]
            for path in paths
        ]

    paths = sorted(folder.iterdir())
    once = seconds(lambda: opened(paths, asked[0]), 1)
    again = f"{CELLS} cells"
    read_version.cache_clear()
    show(f"CCHC_TONGHOP of {files} files, first cell", seconds(lambda: total_of(folder), 1), once)
    show(f"CCHC_TONGHOP, {again} after that", seconds(total, 1), once * CELLS)
    column = [[id] for id in asked]
    ranged = seconds(lambda: CCHC_TONGHOP(str(folder), column), 1)
    show("CCHC_TONGHOP, the same as one range", ranged, once * CELLS)
    show(f"CCHC_DOC, {again} of one file", seconds(one_file, 1), once / files * CELLS)
    print(f"  (the script's {again}: one cell measured, times {CELLS})")
    typed = [[item.id, 1.0] for item in form.inputs]
    times = []
    for repeat in range(REPEATS):
        typed[0][1] = float(repeat)  # else the answer is the one kept
        times.append(seconds(lambda: CCHC_KIEMTRA(typed), 1))
    print(f"CCHC_KIEMTRA of a whole form {1000 * min(times):.1f} ms")
    rows = [[item.id] for item in form.indicators]
    described = seconds(lambda: CCHC_CHITIEU(rows, "cach_tinh"), REPEATS)
    print(f"CCHC_CHITIEU of every row    {1000 * described:.1f} ms")
    explained = seconds(lambda: CCHC_GIAITHICH(rows, typed), REPEATS)
    print(f"CCHC_GIAITHICH of every row  {1000 * explained:.1f} ms")


def total_of(folder: Path) -> Any:
    """Return the first total of a folder."""
    return CCHC_TONGHOP(str(folder), "1.1.a")


def _filled(folder: Path, files: int) -> Path:
    form = load_form()
    period = form.period("2022-6T")
    units = [unit for unit in form.units_at(period) if unit.level == "commune"][:files]
    entries = read_entries(WORKBOOK / "examples" / "thinh-duc-2022-6T.csv")
    for path in issue_workbooks(form, units, period, folder / "issued").written:
        fill(path, entries, folder / "sent" / path.name, form)
    return folder / "sent"


def _percent(part: float, whole: float) -> float:
    """Return a percentage rounded as Excel does, one by one: what the usual function does."""
    exact = 100 * Decimal(repr(part)) / Decimal(repr(whole))
    return float(exact.quantize(Decimal("0.01"), ROUND_HALF_UP))


def seconds(work: Callable[[], Any], repeats: int = REPEATS) -> float:
    """Return the shortest time of *work*: what the machine's other work did not lengthen."""
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times)


def line(what: str, ours: Callable[[], Any], usual: Callable[[], Any]) -> None:
    """Measure and print both ways."""
    show(what, seconds(ours), seconds(usual))


def show(what: str, ours: float, usual: float) -> None:
    """Print both times and the ratio."""
    print(
        f"{what:42} {1000 * ours:9.1f} ms   the usual way {1000 * usual:10.1f} ms   "
        f"ratio {usual / ours:7.1f}"
    )


if __name__ == "__main__":
    numbers = [int(text) for text in sys.argv[1:]] + [10_000, 30][len(sys.argv) - 1 :]
    main(*numbers)
