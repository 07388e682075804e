"""Makes the workbooks of many communes, with invented figures: as filled, and saved again.

The kind *as filled* is what ``cchc fill`` writes; the kind *saved again* was loaded, computed and
saved by LibreOffice. Each commune has figures of its own, but since making them takes a while, only
``DISTINCT`` do: of more, each is one of so many with another unit in its cell.
"""

from __future__ import annotations

import csv
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from random import Random

from xl_automation.editing.fill_plan import plan_fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.values_file import Entry
from xl_automation.forms.loader import load_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.shipped import WORKBOOK
from xl_automation.template import positions
from xl_automation.xlsx.package import Parts, forget_results, read_parts, set_cells, zip_parts

KINDS = ("as filled", "saved again")
DISTINCT = dict(zip(KINDS, (1_000, 200), strict=True))
FORM = load_form()
PERIOD = FORM.period("2022-6T")


def communes(count: int) -> list[ReportingUnit]:
    """Return invented communes."""
    return [ReportingUnit(f"{at:05d}", f"Xã giả định {at}") for at in range(1, count + 1)]


def write_units(path: Path, units: Sequence[ReportingUnit]) -> Path:
    """Write the list of units."""
    lines = ["code,name", *(f"{unit.code},{unit.name}" for unit in units)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def distinct(folder: Path, kind: str, most: int) -> list[Path]:
    """Write workbooks of a kind that differ in their figures into *folder*; return their paths."""
    units = communes(min(most, DISTINCT[kind]))
    folder.mkdir(parents=True)
    if kind == KINDS[0]:
        return [_write(folder, unit, parts) for unit, parts in _filled(units)]
    with tempfile.TemporaryDirectory() as name:
        filled = distinct(Path(name, "filled"), KINDS[0], len(units))
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{name}/profile"]
        command += ["--convert-to", "xlsx", "--outdir", str(folder), *map(str, filled)]
        subprocess.run(command, check=True, capture_output=True)
        return [folder / path.name for path in filled]


def make(folder: Path, count: int, some: Sequence[Path]) -> list[Path]:
    """Write the workbooks of *count* communes into *folder*, made from *some*."""
    folder.mkdir(parents=True)
    return [
        _write(folder, unit, _of(unit, read_parts(some[place % len(some)].read_bytes())))
        for place, unit in enumerate(communes(count))
    ]


def _filled(units: Sequence[ReportingUnit]) -> Iterator[tuple[ReportingUnit, Parts]]:
    """Yield each unit with its workbook: those of the examples, but of another size."""
    examples, random = _examples(), Random(1)
    with tempfile.TemporaryDirectory() as name:
        (issued,) = issue_workbooks(FORM, units[:1], PERIOD, Path(name)).written
        blank = read_parts(issued.read_bytes())
    for place, unit in enumerate(units):
        size = random.uniform(0.3, 3)
        entries = [_scaled(entry, size) for entry in examples[place % len(examples)]]
        parts = _of(unit, blank)
        set_cells(parts, plan_fill(FORM, entries).cells)
        forget_results(parts)
        yield unit, parts


def _scaled(entry: Entry, size: float) -> Entry:
    """Return the count of a commune of another size; other figures stay."""
    item = FORM.by_id.get(entry.id)
    if item is None or item.kind != "count" or not entry.value.isdecimal():
        return entry
    return replace(entry, value=str(int(int(entry.value) * size)))


def _of(unit: ReportingUnit, parts: Parts) -> Parts:
    """Return a workbook of another unit."""
    changed = dict(parts)
    set_cells(changed, {positions.info_place("TT_DON_VI"): positions.unit_text(unit)})
    return changed


def _write(folder: Path, unit: ReportingUnit, parts: Parts) -> Path:
    path = folder / f"{unit.code}.xlsx"
    path.write_bytes(zip_parts(parts))
    return path


def _examples() -> list[list[Entry]]:
    rows: dict[str, list[Entry]] = {}
    path = WORKBOOK / "examples" / "invented-2022-6T.csv"
    with path.open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            rows.setdefault(row["unit"], []).append(Entry(line, row["id"], row["value"]))
    return [rows[unit] for unit in rows if unit != "164"]
