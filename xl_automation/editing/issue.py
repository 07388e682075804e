"""Issues one workbook per unit, its identity and its earlier figures filled in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod, unit_pasts
from xl_automation.editing.issued_series import IssuedSeries
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import plain
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.folder import Progress
from xl_automation.template.build import template_parts
from xl_automation.xlsx.files import Put, SeveralFiles


@dataclass(frozen=True, slots=True)
class Issued:
    """What became of each unit's workbook; each is in one list only.

    Attributes:
        written: The workbooks written now.
        there: Those that were there already, exactly as they would be written now.
        taken: The names at which something else is, such as one that a clerk has begun to fill;
            it stays as it is.
    """

    written: tuple[Path, ...]
    there: tuple[Path, ...]
    taken: tuple[Path, ...]

    @property
    def count(self) -> int:
        """How many units have their workbook now."""
        return len(self.written) + len(self.there)


def issue_workbooks(
    form: Form,
    units: Sequence[ReportingUnit],
    period: Period,
    folder: Path,
    previous: PastPeriod | None = None,
    progress: Progress = lambda: None,
    due: date | None = None,
) -> Issued:
    """Write one locked workbook per unit, its identity filled in; return what became of each.

    No file is ever replaced. What was stopped half-way can be called again, and goes on.

    Args:
        form: The form.
        units: Who gets one.
        period: The period they report.
        folder: Where the workbooks go.
        previous: An earlier period, shown beside the form.
        progress: Called once after each file.
        due: The day by which the reports are due.

    Raises:
        UserError: If one cannot be written; the sentence says how many were.
    """
    earlier: tuple[Period, dict[str, float]] | None = (previous.period, {}) if previous else None
    numbers = _earlier_figures(form, period, previous, units) if previous else {}
    series: dict[UnitLevel, IssuedSeries] = {}
    with SeveralFiles(len(units)) as files:
        for unit in units:
            if unit.level not in series:
                everyone = tuple(units)
                blank = template_parts(form, unit.level, unit, period, everyone, earlier, due)
                series[unit.level] = IssuedSeries(form, blank)
            name, earlier_numbers = issued_name(unit, period), numbers.get(unit.code, {})
            files.put(folder / name, series[unit.level].workbook(unit, earlier_numbers))
            progress()
    return Issued(files.all(Put.WRITTEN), files.all(Put.THERE), files.all(Put.TAKEN))


def _earlier_figures(
    form: Form, period: Period, previous: PastPeriod, units: Sequence[ReportingUnit]
) -> Mapping[str, dict[str, float]]:
    """Return what each unit reported for an earlier period, by its code, then by id."""
    pasts = unit_pasts(form, period, units, previous)
    numbers = pasts.numbers.reindex(columns=[item.id for item in form.figures])
    return {
        str(code): {str(id): plain(value) for id, value in row.dropna().items()}
        for code, row in numbers.iterrows()
    }


def issued_name(unit: ReportingUnit, period: Period) -> str:
    """Return a file name that sorts and that every file system keeps as it is.

    >>> from xl_automation.forms.period import PeriodKind
    >>> half = Period(2022, PeriodKind("6T", "", (12, 15), -1, (6, 14), ()))
    >>> issued_name(ReportingUnit("05497", "Xã Thịnh Đức"), half)
    'CCHC_2022-6T_05497_xa-thinh-duc.xlsx'
    """
    return f"CCHC_{period.code}_{unit.file_stem}"[:100] + ".xlsx"
