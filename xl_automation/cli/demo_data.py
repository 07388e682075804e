"""The shipped example data, as the demonstration needs them.

Thịnh Đức's figures are real. Those of all others are invented, and so are the figures of the
earlier periods, the day by which the reports are due and the times at which they are saved.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.editing.values_file import Entry, read_entries
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK, Reading, read_number
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.own_time import VIETNAM
from xl_automation.reading.submission import Submission
from xl_automation.shipped import WORKBOOK
from xl_automation.xlsx.files import write_whole
from xl_automation.xlsx.package import read_parts, zip_parts

EXAMPLES = WORKBOOK / "examples"
PERIOD, EARLIER = "2022-6T", ("2022-Q1", "2021-6T")  # the latest first
REAL = "05497"
DUE = date(2022, 6, 20)
LATE = ("05470", "05701")  # who sends two days after that
_FIRST = datetime(2022, 6, 15, 8, 30, tzinfo=VIETNAM)  # when the first unit sends
_PROPERTIES = "docProps/core.xml"
_SAVED = re.compile(rb"(<dcterms:modified [^>]*>)[^<]*")


def entries_by_unit() -> Mapping[str, Sequence[Entry]]:
    """Return the rows that each unit types, by its code; none for a unit without."""
    return defaultdict(list, {**_invented(PERIOD), REAL: read_entries(_file("thinh-duc", PERIOD))})


def earlier_periods(form: Form) -> list[PastPeriod]:
    """Return what the units reported for earlier periods; of the real one nothing is known."""
    submissions = []
    for period in map(form.period, EARLIER):
        entries = _invented(period.code)
        units = [unit for unit in form.units_at(period) if unit.code != REAL]
        submissions += [_submission(form, unit, period, entries[unit.code]) for unit in units]
    return past_periods(form, submissions)


def save_at(path: Path, number: int, unit: ReportingUnit, before: timedelta = timedelta()) -> None:
    """Make a workbook say that it was saved when its unit, one of a number of them, sends it.

    Args:
        path: The workbook, which is written again.
        number: The place of the unit among all, from 0.
        unit: The unit.
        before: How long before that, for what a unit has sent already.
    """
    time = _FIRST + timedelta(days=number % 5, minutes=7 * number)
    if unit.code in LATE:
        time = datetime.combine(DUE + timedelta(days=2), time.timetz())
    parts = read_parts(path.read_bytes())
    said = (time - before).isoformat(timespec="seconds").encode()
    parts[_PROPERTIES] = _SAVED.sub(rb"\g<1>" + said, parts[_PROPERTIES])
    write_whole(path, zip_parts(parts))


def _file(whose: str, period: str) -> Path:
    return EXAMPLES / f"{whose}-{period}.csv"


def _invented(period: str) -> dict[str, list[Entry]]:
    """Return the invented rows of a period, by the code of the unit."""
    entries: dict[str, list[Entry]] = defaultdict(list)
    with _file("invented", period).open(encoding="utf-8", newline="") as file:
        for line, row in enumerate(csv.DictReader(file), start=2):
            entries[row["unit"]].append(Entry(line, row["id"], row["value"], row["note"]))
    return entries


def _submission(
    form: Form, unit: ReportingUnit, period: Period, entries: Sequence[Entry]
) -> Submission:
    """Return what a unit's workbook of an earlier period would say."""
    ids = (*(item.id for item in form.inputs), *form.helper_ids, *form.table_inputs)
    readings: dict[str, Reading] = dict.fromkeys(ids, BLANK)
    for entry in entries:
        if item := form.by_id.get(entry.id):
            readings[entry.id] = read_number(entry.value, item.kind, form.codes_in(item))
    return Submission(
        path=_file("invented", period.code),
        form_id=form.id,
        form_version=form.version,
        level=unit.level,
        unit_code=unit.code,
        unit_name=unit.name,
        period=period,
        readings=readings,
    )
