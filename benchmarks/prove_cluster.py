"""A country on a Dask cluster, one worker killed in mid-run: nothing lost, nothing counted twice.

    python -m benchmarks.prove_cluster [FILES] [WORKERS]      10500 and 3 by default

Makes one workbook for each of FILES invented communes (there were about 10,500 before 2025),
starts a real scheduler and WORKERS processes on this computer, reads all on them and kills one
(SIGKILL) after a third. Then one process reads them too: the results must be equal, in the same
order, and so must all that is consolidated from them.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from tests.support.builders import FORM, PERIOD
from tests.support.communes import workbook
from tests.support.dask import Cluster, cluster
from xl_automation.cli.dask_cluster import dask_executor
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.outputs.json_report import consolidation_report
from xl_automation.reading.folder import read_files
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.shipped import WORKBOOK
from xl_automation.template import positions
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts
from xl_automation.xlsx.sheet_editor import SheetEditor

Results = list[Submission | RefusedFile]


def main(files: int, workers: int) -> None:
    """Print what was read and how long it took; fail where anything differs."""
    units = [ReportingUnit(f"{place:05}", f"Xã giả định {place}") for place in range(files)]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths, seconds = timed(lambda: list(_send(folder / "sent", units)))
        print(f"{files} workbooks made in {seconds:.0f} s", flush=True)
        with cluster(folder, workers) as made:
            results, seconds = timed(lambda: _read_and_kill(made, paths))
        print(f"on {workers} workers, one killed: {seconds:.0f} s", flush=True)
        alone, seconds = timed(lambda: read_files(paths, FORM))
        print(f"in one process: {seconds:.0f} s", flush=True)
    times = Counter(result.path for result in results)
    assert [result.path for result in results] == paths, "another order"
    assert set(times.values()) == {1}, "a file is lost or counted twice"
    assert results == alone, "another result"
    whole, whole_alone = (consolidate(FORM, some, units, PERIOD) for some in (results, alone))
    assert len(whole.counted) == files, "not all are counted"
    one, two = (json.dumps(consolidation_report(some)) for some in (whole, whole_alone))
    assert one == two, "another consolidation"
    print(f"received {whole.received}, counted {len(whole.counted)}, each once; equal in all")


def _read_and_kill(made: Cluster, paths: Sequence[Path]) -> Results:
    done = 0

    def step() -> None:
        nonlocal done
        done += 1
        if done == len(paths) // 3:
            made.workers[0].kill()
            print(f"worker killed after {done} files", flush=True)

    with dask_executor(made.address) as executor:
        return read_files(paths, FORM, executor, step, print)


def _send(folder: Path, units: Sequence[ReportingUnit]) -> Iterator[Path]:
    """Write the workbook of each unit, with one of the examples' sets of figures."""
    folder.mkdir()
    filled = [
        read_parts(workbook(folder / "example.xlsx", units[0], fill).read_bytes())
        for fill in _examples()
    ]
    (folder / "example.xlsx").unlink()
    row = positions.INFO_ROWS["TT_DON_VI"][0]
    for place, unit in enumerate(units):
        parts = dict(filled[place % len(filled)])

        def identify(sheet: SheetEditor, unit: ReportingUnit = unit) -> None:
            sheet.set(f"{positions.INFO_VALUE}{row}", positions.unit_text(unit))

        edit_sheet(parts, positions.INFO_SHEET, identify)
        path = folder / f"{unit.code}.xlsx"
        path.write_bytes(zip_parts(parts))
        yield path


def _examples() -> Iterator[dict[str, str]]:
    by_unit: dict[str, dict[str, str]] = {}
    with (WORKBOOK / "examples" / "invented-2022-6T.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            if row["id"] in FORM.by_id:
                by_unit.setdefault(row["unit"], {})[row["id"]] = row["value"]
    return (fill for unit, fill in by_unit.items() if unit != "164")  # the city's own


def timed(work):  # type: ignore[no-untyped-def]
    """Return what *work* returns and how many seconds it took."""
    start = time.perf_counter()
    return work(), time.perf_counter() - start


if __name__ == "__main__":
    files, workers, *_ = [int(text) for text in sys.argv[1:]] + [10_500, 3][len(sys.argv) - 1 :]
    main(files, workers)
