"""Consolidating a folder: this program against the script that people write instead.

    python benchmarks/bench_consolidate.py [FILES]      200 by default

The script is ``pd.concat(pd.read_excel(...))`` over the folder: it checks nothing, and takes a
figure that LibreOffice or Excel has not computed for blank. Both run in one process, in one run;
what counts is the ratio.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.values_file import Entry
from xl_automation.excel.addin.shipped import WORKBOOK
from xl_automation.forms.loader import load_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_files
from xl_automation.summary.write import write_summary


def main(files: int) -> None:
    """Print the times of both and their ratio."""
    form = load_form()
    period = form.period("2022-6T")
    units = [ReportingUnit(f"{at:05d}", f"Xã giả định {at}") for at in range(1, files + 1)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        issued, ours = timed(lambda: issue_workbooks(form, units, period, folder / "issued"))
        print(f"issue              {ours:7.2f} s  {1000 * ours / files:6.1f} ms a file")
        sent = folder / "sent"
        for path, entries in zip(issued, _entries(files), strict=True):
            fill(path, entries, sent / path.name, form)
        paths = sorted(sent.iterdir())
        results, reading = timed(lambda: read_files(paths, form))
        result, combining = timed(lambda: consolidate(form, results, units, period))
        _, writing = timed(lambda: write_summary(result, folder / "summary.xlsx"))
        table, script = timed(lambda: _script(paths))
    assert len(result.counted) == files
    assert len(table) == files
    whole = reading + combining + writing
    print(f"read and verify    {reading:7.2f} s  {1000 * reading / files:6.1f} ms a file")
    print(f"check and combine  {combining:7.2f} s")
    print(f"write the summary  {writing:7.2f} s")
    print(f"the usual script   {script:7.2f} s  {1000 * script / files:6.1f} ms a file")
    print(f"ratio, reading only  {script / reading:4.1f}")
    print(f"ratio, all that we do against its reading  {script / whole:4.1f}")


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """Return what *work* returns and how many seconds it took."""
    start = time.perf_counter()
    result = work()
    return result, time.perf_counter() - start


def _entries(files: int) -> list[list[Entry]]:
    rows: dict[str, list[Entry]] = {}
    path = WORKBOOK / "examples" / "invented-2022-6T.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            rows.setdefault(row["unit"], []).append(Entry(line, row["id"], row["value"]))
    some = [rows[unit] for unit in rows if unit != "164"]
    return [some[at % len(some)] for at in range(files)]


def _script(paths: list[Path]) -> pd.DataFrame:
    rows = []
    for path in paths:
        sheet = pd.read_excel(
            path, sheet_name="Phụ lục", header=None, skiprows=7, usecols="A:D", engine="openpyxl"
        )
        rows.append(sheet[3].rename(path.stem))
    return pd.concat(rows, axis=1).T


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
