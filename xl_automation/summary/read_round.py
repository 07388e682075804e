"""A summary read whole: the reports that it was made of, as if their files had been read again.

The register of a summary keeps the record of each report that counts. What its matrix says at its
face is held against them: a figure that somebody changed there is told, and never used.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd

from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.lower import ChangedFigure
from xl_automation.consolidation.past_totals import PastTotals
from xl_automation.consolidation.register import Register
from xl_automation.consolidation.snapshots import submission_from
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.submission import Submission, Way
from xl_automation.reading.submission_record import Records
from xl_automation.summary.places import FIRST_ROW
from xl_automation.summary.read_back import read_summary
from xl_automation.summary.read_register import read_register
from xl_automation.xlsx.refusal import damaged


@dataclass(frozen=True, slots=True)
class Round:
    """What a summary holds.

    Attributes:
        path: The summary.
        form: Its form.
        period: Its period.
        register: Its register.
        submissions: The reports that count in it, in the order of its list, the city's own last.
            Each says the way that it came.
        units: Who owed a report: the communes, then the city where one is known.
        past: The totals of earlier periods, the latest first.
        changed: The figures of its matrix that are not those of the reports.
    """

    path: Path
    form: Form
    period: Period
    register: Register
    submissions: tuple[Submission, ...]
    units: tuple[ReportingUnit, ...]
    past: tuple[PastTotals, ...]
    changed: tuple[ChangedFigure, ...]

    @property
    def communes(self) -> tuple[Submission, ...]:
        """The reports of the communes: what the city reports of itself is in no total."""
        return tuple(one for one in self.submissions if one.level == "commune")

    def consolidated(self) -> Consolidation:
        """Return the consolidation of its reports under its decisions, its totals to the digit.

        What was found beside earlier periods is not found again: of these it keeps totals only.
        """
        result = consolidate(
            self.form,
            self.submissions,
            self.units,
            self.period,
            register=self.register,
            inherited=self.register.inherited,
        )
        return replace(result, past=self.past)


def read_round(path: Path, form: Form) -> Round:
    """Return what a summary of *form* holds.

    Raises:
        Refusal: If the file is no summary of *form*, or the record of a report is damaged.
        UserError: If an officer wrote in it what cannot be understood; it names the cell.
    """
    register = read_register(path, form)
    face = read_summary(path, form)
    submissions = _submissions(path, form, register, face.names)
    return Round(
        path=path,
        form=form,
        period=face.period,
        register=register,
        submissions=submissions,
        units=_units(register),
        past=tuple(
            PastTotals.of(_period(form, code), values) for code, values in register.past.items()
        ),
        changed=_changed(form, submissions, face.numbers),
    )


def _submissions(
    path: Path, form: Form, register: Register, shown: Iterable[str]
) -> tuple[Submission, ...]:
    records, kept = Records(form), []
    rows = {code: row for row, code in enumerate(shown, start=FIRST_ROW)}
    for code, record in register.units.items():
        if record.sha256:
            submission = submission_from(records, record)
            if submission is None:
                raise damaged(f"bản lưu của {code} – {record.name} trong sổ tổng hợp")
            way = Way(path, rows.get(code, FIRST_ROW), (path.name, *record.via))
            # Files of two units may have one name.
            kept.append(replace(submission, path=path / code / record.file, way=way))
    return tuple(kept)


def _units(register: Register) -> tuple[ReportingUnit, ...]:
    """Return who owed a report; of a summary that does not say, all units in its register."""
    city = register.city
    codes = register.owed
    if codes is None:
        codes = tuple(code for code in register.units if not city or code != city[0])
    communes = (ReportingUnit(code, register.units[code].name) for code in codes)
    return (*communes, *((ReportingUnit(*city, level="district"),) if city else ()))


def _period(form: Form, code: str) -> Period:
    try:
        return form.period(code)
    except UserError as error:
        raise damaged(f"kỳ trước “{code}” trong sổ tổng hợp") from error


def _changed(
    form: Form, submissions: tuple[Submission, ...], shown: pd.DataFrame
) -> tuple[ChangedFigure, ...]:
    """Return where a number of the matrix is not the report's; texts stand for what is no number.

    A matrix shows a figure that is left out as a text.
    """
    kept = tabulate(form, submissions).numbers
    kept.index = pd.Index([submission.unit_code for submission in submissions])
    ids = [id for id in shown.columns if id in kept.columns]
    codes = [code for code in shown.index if code in kept.index]
    ours, theirs = (frame.loc[codes, ids].to_numpy() for frame in (kept, shown))
    return tuple(
        ChangedFigure(
            codes[row], ids[column], _number(ours[row, column]), float(theirs[row, column])
        )
        for row, column in np.argwhere(~np.isnan(theirs) & (ours != theirs))
    )


def _number(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
