"""Figures that units reported and that are in no total: each with its unit and the reason."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from xl_automation.consolidation.choice import Sender
from xl_automation.consolidation.decisions import ALL
from xl_automation.consolidation.intake import sender
from xl_automation.consolidation.register import LeftOut, LeftOutCause
from xl_automation.forms.aggregate import MANY_UNITS, Reports, Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import plain
from xl_automation.reading.figures import Figures
from xl_automation.reading.submission import Submission
from xl_automation.wording import quoted

Excluded = Mapping[Sender, Mapping[str, str]]  # of a unit: the row, ``*`` for all, to the reason
CAUSE_WORDS: Mapping[LeftOutCause, str] = {"pair": "không tính", "decision": "loại"}


def without(figures: Figures, excluded: Excluded) -> Figures:
    """Return *figures* without those that the city excluded, as if their cells were blank."""
    if not excluded:
        return figures
    numbers, filled, absent = (
        frame.copy() for frame in (figures.numbers, figures.filled, figures.absent)
    )
    for position, submission in enumerate(figures.submissions):
        ids = excluded.get(sender(submission), {})
        rows = list(filled.columns) if ALL in ids else [*ids]
        numbers.loc[position, rows] = math.nan
        filled.loc[position, rows] = False
        absent.loc[position, absent.columns.intersection(rows)] = 0
    return replace(figures, numbers=numbers, filled=filled, absent=absent)


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a figure that is left out stands: the submission, counted from 0, and the row."""

    position: int
    id: str
    cause: LeftOutCause
    reason: str


def left_out(figures: Figures, reports: Reports, excluded: Excluded) -> tuple[LeftOut, ...]:
    """Return the figures that are in no total, by unit in their order, then as printed.

    Args:
        figures: What was reported: communes, then the city.
        reports: The same without what the city excluded.
        excluded: What the city excluded.
    """
    form, submissions = figures.form, figures.submissions
    places = [*_by_decision(figures, excluded), *_by_pair(figures, reports)]
    places.sort(key=lambda place: (place.position, form.printed_order[place.id]))
    return tuple(_left_out(submissions[place.position], figures, place) for place in places)


def _left_out(submission: Submission, figures: Figures, place: _Place) -> LeftOut:
    return LeftOut(
        unit=submission.unit_code or "",
        name=submission.unit_name or "",
        indicator=place.id,
        cause=place.cause,
        reason=place.reason,
        value=plain(float(figures.take(place.id, "number")[place.position])),
    )


def _by_decision(figures: Figures, excluded: Excluded) -> Iterable[_Place]:
    for position, submission in enumerate(figures.submissions):
        ids = excluded.get(sender(submission), {})
        for item in figures.form.figures if ids else ():
            reason = ids.get(item.id, ids.get(ALL))
            if reason and not math.isnan(figures.take(item.id, "number")[position]):
                yield _Place(position, item.id, "decision", reason)


def _by_pair(figures: Figures, reports: Reports) -> Iterable[_Place]:
    for item in figures.form.figures:
        pair = reports.pair(item.id)
        if not (pair and aggregate_of(item).is_added):
            continue
        incomplete = reports.complete([item.id]) & ~reports.complete(pair)
        for position in incomplete.nonzero()[0].tolist():
            lacking = [id for id in pair if math.isnan(reports.numbers(id)[position])]
            yield _Place(position, item.id, "pair", _why(figures, position, lacking))


def _why(figures: Figures, position: int, lacking: Sequence[str]) -> str:
    """Return why a unit's figures of a pair are not added.

    ``thiếu 3.4.2.a; 3.4.2.b bị loại; 3.4.2.c không áp dụng (KAD)``
    """
    form = figures.form
    codes = {id: int(figures.absences(id)[position]) for id in lacking}
    missing = [id for id in lacking if math.isnan(figures.take(id, "number")[position])]
    blank = [id for id in missing if not codes[id]]
    taken = [id for id in lacking if id not in missing]
    reasons = [f"thiếu {', '.join(blank)}"] if blank else []
    reasons += [f"{', '.join(taken)} bị loại"] if taken else []
    return "; ".join(
        [*reasons, *(f"{id} {form.absences[codes[id] - 1].told}" for id in missing if codes[id])]
    )


def noted(
    form: Form, totals: Mapping[str, Total], figures: Iterable[LeftOut]
) -> Mapping[str, Total]:
    """Return *totals*, each with the figures that it leaves out named in its note."""
    of_row: dict[str, list[LeftOut]] = {}
    for figure in figures:
        of_row.setdefault(figure.indicator, []).append(figure)
    return {
        id: replace(total, note=f"{total.note}; {_told(of_row[id])}")
        # The note of a row of codes is a formula of its own.
        if id in of_row and not aggregate_of(form.by_id[id]).counts_codes
        else total
        for id, total in totals.items()
    }


def _told(figures: Iterable[LeftOut]) -> str:
    """Return which units a total leaves out and why; many with one reason by their number."""
    names: dict[tuple[LeftOutCause, str], list[str]] = {}
    for figure in figures:
        names.setdefault((figure.cause, figure.reason), []).append(figure.name)
    texts: dict[LeftOutCause, list[str]] = {}
    for (cause, reason), units in names.items():
        many = len(units) > MANY_UNITS
        who = f"{len(units)} đơn vị" if many else ", ".join(map(quoted, units))
        texts.setdefault(cause, []).append(f"{who} ({quoted(reason)})")
    return "; ".join(f"{CAUSE_WORDS[cause]}: {', '.join(told)}" for cause, told in texts.items())
