"""Consolidating a folder: this program against what people would otherwise do. One run, one table.

    python -m benchmarks.bench_consolidate [SIZE…]    32 1000 10000 by default; half an hour for all

For each size, workbooks of two kinds (:mod:`country`). For each, in turns with the rest:

* the floor: every part of a workbook unpacked, and nothing done with it;
* calamine: the values of one sheet, nothing checked;
* the script that people write: ``pandas.read_excel`` of one sheet, nothing checked;
* ours, reading and verifying; and the whole command, its summary written, with one worker and
  with as many as it takes by itself, and once more after one workbook in a hundred was changed.

Times of one workbook are processor time, medians with their quartiles over at most ``SAMPLE`` of
them; the whole command is timed from outside, and its largest process is its peak memory. What
counts are the ratios. Needs the extra ``bench``; writes ``docs/benchmarks.md`` and its picture.
"""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import python_calamine

from benchmarks.country import FORM, KINDS, communes, distinct, make, write_units
from benchmarks.report import write_report
from xl_automation.reading.reader import read_submission

ROOT = Path(__file__).parents[1]
SAMPLE = 200
CHANGED = 100  # one workbook in so many changes before the second run


@dataclass(frozen=True)
class Spread:
    """Milliseconds of processor time for one workbook: median and quartiles."""

    median: float
    lower: float
    upper: float


@dataclass(frozen=True)
class Command:
    """A run of the whole command: seconds by the clock, largest process in MB."""

    seconds: float
    peak: float


@dataclass(frozen=True)
class Measured:
    """All that was measured of one size and kind; ``script`` of the whole command is seconds."""

    size: int
    kind: str
    floor: Spread
    calamine: Spread
    script: Spread
    ours: Spread
    script_whole: float
    one: Command
    default: Command
    again: Command


def main(sizes: Sequence[int]) -> None:
    """Measure every size and kind, and write the table."""
    measured = []
    for kind in KINDS:
        with tempfile.TemporaryDirectory() as name:
            some = distinct(Path(name, "some"), kind, max(sizes))
            for size in sizes:
                with tempfile.TemporaryDirectory(dir=name) as folder:
                    measured.append(measure(Path(folder), size, kind, some))
                print(json.dumps(asdict(measured[-1])), flush=True)
    write_report(measured, os.cpu_count() or 1)


def measure(folder: Path, size: int, kind: str, some: Sequence[Path]) -> Measured:
    """Measure one size and kind; the workbooks are made from *some*."""
    paths = make(folder / "sent", size, some)
    step = max(1, len(paths) // SAMPLE)
    floor, calamine, script, ours = timed(
        paths[::step][:SAMPLE], (_floor, _calamine, _script, _ours)
    )
    units = write_units(folder / "units.csv", communes(size))
    out = folder / "summary.xlsx"
    command = ["consolidate", str(folder / "sent"), "--out", str(out), "--units", str(units)]
    one = run([*command, "--workers", "1", "--no-cache"])
    out.unlink()
    default = run(command)
    for path in paths[::CHANGED]:
        shutil.copyfile(paths[-1], path)
    again = run(command)
    whole = (script.median * size) / 1000 + _pandas_start()
    return Measured(size, kind, floor, calamine, script, ours, whole, one, default, again)


def timed(paths: Sequence[Path], works: Sequence[Callable[[Path], object]]) -> Iterator[Spread]:
    """Yield the time that each of *works* takes of one workbook, measured in turns."""
    times: list[list[float]] = [[] for _ in works]
    for work in works:
        work(paths[0])
    for path in paths:
        for work, own in zip(works, times, strict=True):
            start = time.process_time()
            work(path)
            own.append(1000 * (time.process_time() - start))
    for own in times:
        lower, median, upper = statistics.quantiles(own, n=4)
        yield Spread(median, lower, upper)


def run(arguments: Sequence[str]) -> Command:
    """Run a command of ours to its end."""
    command = [sys.executable, "-c", _LAUNCH, sys.executable, "-m", "xl_automation", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
    status, seconds, peak = done.stdout.split()
    assert status in ("0", "1"), arguments
    return Command(float(seconds), float(peak) / 1024)


# In a process of its own: a new process counts the memory of the one that starts it as its own.
_LAUNCH = """
import resource, subprocess, sys, time
start = time.perf_counter()
status = subprocess.call(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
seconds = time.perf_counter() - start
print(status, seconds, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


def _pandas_start() -> float:
    """Return the seconds that the script takes to begin."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import pandas, openpyxl"], check=True)
    return time.perf_counter() - start


def _floor(path: Path) -> None:
    with ZipFile(path) as archive:
        for name in archive.namelist():
            archive.read(name)


def _calamine(path: Path) -> None:
    python_calamine.CalamineWorkbook.from_path(path).get_sheet_by_name(FORM.sheet).to_python()


def _script(path: Path) -> None:
    pd.read_excel(
        path, sheet_name=FORM.sheet, header=None, skiprows=7, usecols="A:D", engine="openpyxl"
    )


def _ours(path: Path) -> None:
    read_submission(path, FORM)


if __name__ == "__main__":
    main([int(text) for text in sys.argv[1:]] or [32, 1_000, 10_000])
