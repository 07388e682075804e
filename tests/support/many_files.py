"""Folders of many small reports, for tests of reading them elsewhere, again, or in a cluster."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from xl_automation.forms.reporting_unit import ReportingUnit

FORM_OPTION = ("--form", str(DATA / "mini.toml"))
YEAR = MINI.period("2024-N")


def send(folder: Path, number: int) -> list[Path]:
    """Write to *folder* the reports of so many units, no two alike; return their paths."""
    return [
        workbook(
            folder / f"xã {place:04}.xlsx",
            ReportingUnit(f"{place}", f"Xã {place}"),
            {"I.2": 1000 + place, "I.3": place, "I.4": 12.5, "I.5": 1},
            YEAR,
            MINI,
        )
        for place in range(1, number + 1)
    ]


def parts_but_time(summary: Path) -> dict[str, bytes]:
    """Return the parts of a summary, but for the one that says when it was written."""
    with zipfile.ZipFile(summary) as archive:
        return {name: archive.read(name) for name in _names(archive)}


def _names(archive: zipfile.ZipFile) -> Iterator[str]:
    return (name for name in archive.namelist() if name != "docProps/core.xml")
