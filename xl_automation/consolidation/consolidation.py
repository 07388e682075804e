"""What a city has of one period, as data: files that count, totals, who is missing, findings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pandas as pd

from xl_automation.checks.finding import Finding
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import Figures
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A unit that sent several files for the period; only ``chosen`` is counted."""

    unit: str
    name: str
    paths: tuple[Path, ...]
    chosen: Path
    replaced: tuple[Submission, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Total:
    """The combined figure of one row: None where there is none, and how many units filled it."""

    value: float | int | None
    filled: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """A finding with the file it is about, or none when it is about all of them."""

    finding: Finding
    submission: Submission | None = None
    path: Path | None = None
    unit: str = ""


@dataclass(frozen=True)
class Consolidation:
    """What a city has of one period."""

    form: Form
    period: Period | None
    units: tuple[ReportingUnit, ...]
    communes: tuple[Submission, ...]
    city: Submission | None
    refused: tuple[RefusedFile, ...]
    duplicates: tuple[Duplicate, ...]
    table: Figures
    totals: Mapping[str, Total]
    code_counts: Mapping[str, Mapping[str, int]]
    findings: tuple[UnitFinding, ...]

    @property
    def counted(self) -> tuple[Submission, ...]:
        """The submissions in the totals: communes, then the city's own workbook."""
        return (*self.communes, *((self.city,) if self.city else ()))

    @property
    def superseded(self) -> int:
        """How many files a later one of the same unit replaced."""
        return sum(len(one.paths) - 1 for one in self.duplicates)

    @property
    def received(self) -> int:
        """How many files came: counted + refused + superseded."""
        return len(self.counted) + len(self.refused) + self.superseded

    @cached_property
    def missing(self) -> tuple[ReportingUnit, ...]:
        """The units that owe a report and have none counted."""
        sent = {one.unit_code for one in self.communes}
        return tuple(unit for unit in self.units if unit.code not in sent)

    @cached_property
    def commune_numbers(self) -> pd.DataFrame:
        """The figures of the communes, one row each in their order; NaN where there is none."""
        return self.table.numbers.iloc[: len(self.communes)]

    @property
    def expected(self) -> int:
        """How many units a total can have at most."""
        return len(self.units) or len(self.communes)
