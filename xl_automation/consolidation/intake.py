"""Which files count: of the period, of a unit that owes one, one of its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from xl_automation.consolidation.choice import LAST_SAVED, Choices, Sender
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import tabulate
from xl_automation.reading.refused_file import RefusedFile, file_name
from xl_automation.reading.submission import Submission, came_as
from xl_automation.xlsx.refusal import Refusal

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
        replaced: The others, as read, in the order in which they were saved.
        changes: The figures in which the others differ from it, by file and in printed order.
        ways: The summaries of lower levels that those of its files came through which did, by path.
    """

    unit: str
    name: str
    paths: tuple[Path, ...]
    chosen: Path
    replaced: tuple[Submission, ...] = field(default=(), compare=False, repr=False)
    changes: tuple[FigureChange, ...] = field(default=(), compare=False, repr=False)
    ways: Mapping[Path, tuple[str, ...]] = field(default_factory=dict, compare=False, repr=False)

    def file(self, path: Path) -> str:
        """Return what one of its files is called, with the way that it came."""
        return came_as(file_name(path), self.ways.get(path, ()))


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
        from_register: The codes of the locked units whose file is gone: what the register kept of
            it counts.
    """

    form: Form
    period: Period | None
    units: tuple[ReportingUnit, ...]
    communes: tuple[Submission, ...]
    city: Submission | None
    refused: tuple[RefusedFile, ...]
    duplicates: tuple[Duplicate, ...]
    from_register: tuple[str, ...] = field(default=(), kw_only=True)

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
        """How many files came: counted + refused + superseded; also what the register kept."""
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
    choices: Choices = LAST_SAVED,
) -> Intake:
    """Return which of *results* count for *period*.

    Args:
        form: The form of all of them.
        results: One entry per file received.
        owed: Who owes a report, communes and city, in the order in which they are shown.
        period: The period; None takes files of any.
        choices: Which of a unit's files counts, where that is settled.
    """
    submissions = [result for result in results if isinstance(result, Submission)]
    unread = [result for result in results if isinstance(result, RefusedFile)]
    admitted, strangers = _admitted(submissions, owed, period)
    chosen, duplicates, late = _one_of_each(form, admitted, choices)
    order = {unit.code: position for position, unit in enumerate(owed)}
    communes = [submission for submission in chosen if submission.level == "commune"]
    cities = [submission for submission in chosen if submission.level != "commune"]
    city, other_cities = _one_city(cities, order)
    refused = [*unread, *strangers, *late, *other_cities]
    sent = {submission.path for submission in submissions}
    return Intake(
        form=form,
        period=period,
        units=tuple(unit for unit in owed if unit.level == "commune"),
        communes=tuple(_in_order(communes, order)),
        city=city,
        refused=tuple(sorted(refused, key=lambda refusal: str(refusal.path))),
        duplicates=tuple(duplicates),
        from_register=tuple(one.unit_code or "" for one in chosen if one.path not in sent),
    )


def common_period(submissions: Sequence[Submission]) -> Period | None:
    """Return the period that most submissions are for, None where none says one.

    Raises:
        UserError: If as many are for one period as for another.
    """
    reports = (submission for submission in submissions if not submission.is_city_appendix)
    counts = Counter(report.period for report in reports if report.period)
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
    """Return why a submission does not count: no report, of another period, of an unknown unit."""
    if submission.is_city_appendix:
        return Refusal("city-appendix")
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


def _one_of_each(
    form: Form, admitted: Sequence[Submission], choices: Choices
) -> tuple[list[Submission], list[Duplicate], list[RefusedFile]]:
    """Return one submission per unit, what it replaced, and what came too late for any."""
    by_sender: dict[Sender, list[Submission]] = {who: [] for who in choices.frozen}
    for submission in admitted:
        by_sender.setdefault(sender(submission), []).append(submission)
    chosen, duplicates, late = [], [], []
    for who, versions in by_sender.items():
        counts = choices.of(who, versions)
        if counts is None:
            late += [RefusedFile.of(version, Refusal("locked-round")) for version in versions]
            continue
        chosen.append(counts)
        others = [version for version in versions if version is not counts]
        if others:
            duplicates.append(_duplicate(form, counts, others))
    return chosen, duplicates, late


def _duplicate(form: Form, chosen: Submission, others: Sequence[Submission]) -> Duplicate:
    replaced = sorted(others, key=lambda version: version.saving)
    return Duplicate(
        unit=chosen.unit_code or "",
        name=chosen.unit_name or "",
        paths=tuple(sorted(version.path for version in (chosen, *others))),
        chosen=chosen.path,
        replaced=tuple(replaced),
        changes=figure_changes(form, replaced, chosen),
        ways={one.path: one.way.names for one in (*replaced, chosen) if one.way},
    )


def figure_changes(
    form: Form, earlier: Sequence[Submission], chosen: Submission
) -> tuple[FigureChange, ...]:
    """Return the figures that clerks enter in which *earlier* files differ, by file, as printed."""
    *before, now = (row.values() for row in tabulate(form, [*earlier, chosen]).rows())
    return tuple(
        FigureChange(submission.path, item.id, values[item.id], now[item.id])
        for submission, values in zip(earlier, before, strict=True)
        for item in form.inputs
        if values[item.id] != now[item.id]
    )


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
