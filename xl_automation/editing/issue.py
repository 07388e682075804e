"""Issues one workbook per unit, its identity and its earlier figures filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod, figures_of_unit
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import plain
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.folder import Progress
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.files import refuse_existing, write_new
from xl_automation.xlsx.series import WorkbookSeries
from xl_automation.xlsx.sheet_editor import CellContent


def issue_workbooks(
    form: Form,
    units: Sequence[ReportingUnit],
    period: Period,
    folder: Path,
    previous: PastPeriod | None = None,
    progress: Progress = lambda: None,
) -> list[Path]:
    """Write one locked workbook per unit, its identity filled in; return their paths.

    Args:
        form: The form.
        units: Who gets one.
        period: The period they report.
        folder: Where the workbooks go.
        previous: An earlier period, shown beside the form.
        progress: Called once after each file.

    Raises:
        UserError: If one of them exists; then none is written.
    """
    paths = [folder / issued_name(unit, period) for unit in units]
    for path in paths:
        refuse_existing(path)
    rows = Layout(form).rows
    places = {
        item.id: Address.of(form.sheet, positions.PREVIOUS, rows[item.id]) for item in form.figures
    }
    earlier: tuple[Period, dict[str, float]] | None = (previous.period, {}) if previous else None
    series: dict[UnitLevel, WorkbookSeries] = {}  # names and earlier figures differ, nothing else
    for unit, path in zip(units, paths, strict=True):
        if unit.level not in series:
            blank = build_template(form, unit.level, unit, period, tuple(units), earlier)
            series[unit.level] = WorkbookSeries(blank)
        contents = _earlier_cells(places, previous, unit) if previous else {}
        contents[positions.info_place("TT_DON_VI")] = positions.unit_text(unit)
        write_new(path, series[unit.level].workbook(contents))
        progress()
    return paths


def _earlier_cells(
    places: Mapping[str, Address], previous: PastPeriod, unit: ReportingUnit
) -> dict[Address, CellContent]:
    """Return the unit's earlier figures by where they stand; *places* are those of all, by id."""
    earlier = figures_of_unit(previous, unit)
    if earlier is None:
        return {}
    numbers = earlier.reindex(list(places)).dropna()
    return {places[str(id)]: plain(value) for id, value in numbers.items()}


def issued_name(unit: ReportingUnit, period: Period) -> str:
    """Return a file name that sorts and that every file system keeps as it is.

    >>> from xl_automation.forms.period import PeriodKind
    >>> half = Period(2022, PeriodKind("6T", "", (12, 15), -1, (6, 14), ()))
    >>> issued_name(ReportingUnit("05497", "Xã Thịnh Đức"), half)
    'CCHC_2022-6T_05497_xa-thinh-duc.xlsx'
    """
    decomposed = unicodedata.normalize("NFD", unit.name.replace("đ", "d").replace("Đ", "D"))
    ascii_name = decomposed.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")
    code = re.sub(r"[^0-9A-Za-z]+", "-", unit.code)
    return f"CCHC_{period.code}_{code}_{slug}"[:100] + ".xlsx"
