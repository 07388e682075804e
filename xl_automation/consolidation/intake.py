"""Which files count: of the period, of a unit that owes one, the last one that it saved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal

Sender = tuple[str, str | None]  # level and code of a unit: of each, one submission counts
_Listed = dict[str, dict[str | None, list[ReportingUnit]]]  # who owes a report, by level and code


class FigureChange(NamedTuple):
    """A figure in which a replaced file differs from the one that counts.

    Attributes:
        path: The replaced file.
        id: The row.
        old: What the replaced file says: a number, a text, None for a blank.
        new: What the file that counts says.
    """

    path: Path
    id: str
    old: float | int | str | None
    new: float | int | str | None


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A unit that sent several files for the period; only ``chosen`` is counted.

    Attributes:
        unit: Its code.
        name: Its name.
        paths: All of its files, in the order of their paths.
        chosen: The one that counts.
        replaced: The others, as read.
        changes: The figures in which the others differ from it, by file and in printed order.
    """

    unit: str
    name: str
    paths: tuple[Path, ...]
    chosen: Path
    replaced: tuple[Submission, ...] = field(default=(), compare=False, repr=False)
    changes: tuple[FigureChange, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True)
class Intake:
    """What became of the files received.

    Attributes:
        form: The form of all of them.
        period: The period; None where no file says one.
        units: The communes that owe a report.
        communes: The communes' submissions that count, in the order of the list.
        city: The city's own submission, if it sent one.
        refused: The files that do not count, by path.
        duplicates: The units that sent several.
    """

    form: Form
    period: Period | None
    units: tuple[ReportingUnit, ...]
    communes: tuple[Submission, ...]
    city: Submission | None
    refused: tuple[RefusedFile, ...]
    duplicates: tuple[Duplicate, ...]

    @property
    def counted(self) -> tuple[Submission, ...]:
        """The submissions in the totals: communes, then the city's own workbook."""
        return (*self.communes, *((self.city,) if self.city else ()))

    @property
    def superseded(self) -> int:
        """How many files a later one of the same unit replaced."""
        return sum(len(duplicate.paths) - 1 for duplicate in self.duplicates)

    @property
    def received(self) -> int:
        """How many files came: counted + refused + superseded."""
        return len(self.counted) + len(self.refused) + self.superseded

    @property
    def missing(self) -> tuple[ReportingUnit, ...]:
        """The units that owe a report and have none counted."""
        sent = {submission.unit_code for submission in self.communes}
        return tuple(unit for unit in self.units if unit.code not in sent)

    @property
    def expected(self) -> int:
        """How many units a total can have at most."""
        return len(self.units) or len(self.communes)


def take_in(
    form: Form,
    results: Sequence[Submission | RefusedFile],
    owed: Sequence[ReportingUnit],
    period: Period | None,
) -> Intake:
    """Return which of *results* count for *period*.

    Args:
        form: The form of all of them.
        results: One entry per file received.
        owed: Who owes a report, communes and city, in the order in which they are shown.
        period: The period; None takes files of any.
    """
    submissions = [result for result in results if isinstance(result, Submission)]
    unread = [result for result in results if isinstance(result, RefusedFile)]
    admitted, strangers = _admitted(submissions, owed, period)
    latest, duplicates = _latest_of_each(admitted)
    order = {unit.code: position for position, unit in enumerate(owed)}
    communes = [submission for submission in latest if submission.level == "commune"]
    cities = [submission for submission in latest if submission.level != "commune"]
    city, other_cities = _one_city(cities, order)
    refused = [*unread, *strangers, *other_cities]
    return Intake(
        form=form,
        period=period,
        units=tuple(unit for unit in owed if unit.level == "commune"),
        communes=tuple(_in_order(communes, order)),
        city=city,
        refused=tuple(sorted(refused, key=lambda refusal: str(refusal.path))),
        duplicates=tuple(duplicates),
    )


def common_period(submissions: Sequence[Submission]) -> Period | None:
    """Return the period that most submissions are for, None where none says one.

    Raises:
        UserError: If as many are for one period as for another.
    """
    counts = Counter(submission.period for submission in submissions if submission.period)
    if not counts:
        return None
    (first, times), *rest = counts.most_common()
    if rest and rest[0][1] == times:
        codes = ", ".join(sorted(period.code for period in counts))
        raise UserError(f"Các tệp thuộc nhiều kỳ ({codes}); chọn kỳ bằng --period.")
    return first


def sender(submission: Submission) -> Sender:
    """Return whose submission it is."""
    return submission.level, submission.unit_code


# --- steps -------------------------------------------------------------------------------------


def _admitted(
    submissions: Iterable[Submission], owed: Sequence[ReportingUnit], period: Period | None
) -> tuple[list[Submission], list[RefusedFile]]:
    """Return the submissions of the period by units that owe one, and the refusals of others."""
    admitted, refused = [], []
    listed: _Listed = {}
    for unit in owed:
        listed.setdefault(unit.level, {}).setdefault(unit.code, []).append(unit)
    for submission in submissions:
        refusal = _refusal(submission, listed, period)
        if refusal is None:
            admitted.append(submission)
        else:
            refused.append(RefusedFile.of(submission, refusal))
    return admitted, refused


def _refusal(submission: Submission, owed: _Listed, period: Period | None) -> Refusal | None:
    """Return why a submission does not count: of another period, or of an unknown unit."""
    if period is not None and submission.period != period:
        stated = submission.period.label if submission.period else "chưa chọn"
        return Refusal("wrong-period", found=stated, expected=period.label)
    code, name = submission.unit_code, submission.unit_name
    listed = owed.get(submission.level, {})
    if name and any(unit.is_named(name) for unit in listed.get(code, ())):
        return None
    # Without a list whoever reports is taken, of communes those that say who they are.
    if not listed and (code is not None or submission.level != "commune"):
        return None
    stated = " – ".join(text for text in (code, name) if text) or "chưa chọn"
    return Refusal("unknown-unit", found=stated)


def _latest_of_each(
    admitted: Sequence[Submission],
) -> tuple[list[Submission], list[Duplicate]]:
    """Return one submission per unit, the last saved, and what it replaced."""
    by_sender: dict[Sender, list[Submission]] = {}
    for submission in admitted:
        by_sender.setdefault(sender(submission), []).append(submission)
    chosen, duplicates = [], []
    for versions in by_sender.values():
        last = max(versions, key=lambda version: (version.saved, str(version.path)))
        chosen.append(last)
        if len(versions) > 1:
            code, name = last.unit_code or "", last.unit_name or ""
            paths = tuple(sorted(version.path for version in versions))
            replaced = tuple(version for version in versions if version is not last)
            duplicates.append(Duplicate(code, name, paths, last.path, replaced))
    return chosen, duplicates


def _one_city(
    cities: Sequence[Submission], order: Mapping[str, int]
) -> tuple[Submission | None, list[RefusedFile]]:
    """Return the city whose communes these are, and the refusals of any other city's workbook."""
    if not cities:
        return None, []
    first, *others = _in_order(cities, order)
    refused = []
    for other in others:
        stated, expected = (city.unit_name or "chưa chọn" for city in (other, first))
        refusal = Refusal("second-city", found=stated, expected=expected)
        refused.append(RefusedFile.of(other, refusal))
    return first, refused


def _in_order(submissions: Sequence[Submission], order: Mapping[str, int]) -> list[Submission]:
    """Return submissions in the order of the list of units, those off it last, by path."""

    def key(submission: Submission) -> tuple[int, str]:
        return order.get(submission.unit_code or "", len(order)), str(submission.path)

    return sorted(submissions, key=key)
