"""A second form that ships, for tests that it needs no code: the schools' beside the communes'."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.support.builders import Fill
from tests.support.cells import filled
from tests.support.communes import SCHOOL, SCHOOL_YEAR, SCHOOLS
from tests.support.paths import DATA, PRODUCT
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.template.build import build_template

T1, T2, T3, OFFICE = SCHOOL.units


def forms_folder(folder: Path) -> Path:
    """Fill a folder with the forms that ship and the schools' form; return it."""
    folder.mkdir()
    shipped = PRODUCT / "forms"
    for path in (*shipped.glob("*.toml"), *shipped.glob("*.csv"), *DATA.glob(f"{SCHOOL.id}.*")):
        shutil.copy(path, folder)
    return folder


def figures_of_school(position: int) -> Fill:
    """Return what one of the schools fills in, by its place in the list."""
    figures = {id: row[position] for id, row in SCHOOLS.items()}
    return {id: figure for id, figure in figures.items() if figure is not None}


def school_workbook(
    path: Path, unit: ReportingUnit, fill: Fill, period: Period = SCHOOL_YEAR
) -> Path:
    """Write to *path* the workbook of a school with *fill* in its cells; return *path*."""
    return filled(path, SCHOOL, fill, content=build_template(SCHOOL, unit.level, unit, period))
