"""The sentences of a report: a figure in words, what changed, and the units behind it.

They follow from the figures alone: the same figures make the same sentences. Each ends with the id
of its row, by which the list of sources names the cell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from xl_automation.forms.expression import Ref
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.wording import uncapitalized

_UP, _DOWN = "tăng", "giảm"


class ReportFigures(Protocol):
    """Whose report it is: a city with its communes, or one unit."""

    @property
    def form(self) -> Form:
        """The form."""

    def told(self, id: str) -> float | int | str | None:
        """Return the figure that the text gives, the code for none, or None."""

    def common(self, id: str) -> str:
        """Return how the units make that figure together; empty where it is its own."""

    def past(self, item: Indicator) -> tuple[str, float] | None:
        """Return what an earlier period is called that compares, and the figure then."""

    def behind(self, item: Indicator) -> str:
        """Return the units behind a figure, in words; empty where there is nothing to say."""

    def choices(self, item: Indicator) -> str:
        """Return what was chosen in a coded row, in words; empty where nothing was."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and the rows whose figures are in it, the one that it is about first."""

    text: str
    ids: tuple[str, ...]


def sentences(figures: ReportFigures, items: Sequence[Indicator]) -> Iterator[Sentence]:
    """Yield a sentence for each of *items* with a figure; parts stand with their percentage."""
    told: set[str] = set()
    for item in items:
        if item.is_figure and item.id not in told:
            sentence = _sentence(figures, item)
            if sentence:
                told.update(sentence.ids)
                yield sentence


def without_figure(figures: ReportFigures, items: Sequence[Indicator]) -> list[Indicator]:
    """Return the rows of *items* of which there is nothing to say."""
    return [
        item
        for item in items
        if item.is_figure
        and (_number(figures.told(item.id)) is None or item.codes)
        and not (item.codes and figures.choices(item))
    ]


def _sentence(figures: ReportFigures, item: Indicator) -> Sentence | None:
    name = " ".join(item.label.split()).rstrip(".")
    if item.codes:
        chosen = figures.choices(item)
        return Sentence(f"{name}: {chosen} [{item.id}].", (item.id,)) if chosen else None
    number = _number(figures.told(item.id))
    if number is None:
        return None
    ids: tuple[str, ...] = (item.id,)
    if item.kind == "percent":
        said = f"{name}: {show(number)}%"
        if parts := _parts(figures, item):
            said += f" ({parts[0]})"
            ids += parts[1]
    else:
        said = f"{name}: {show(number)} {_unit(item)}".rstrip()
    change = _change(figures, item, number)
    pieces = [said, figures.common(item.id), change, figures.behind(item)]
    return Sentence(f"{'; '.join(filter(None, pieces))} [{item.id}].", ids)


def _number(value: float | int | str | None) -> float | None:
    return None if value is None or isinstance(value, str) else value


def _unit(item: Indicator) -> str:
    return uncapitalized(" ".join((item.unit_means or item.unit or "").split()))


def _parts(figures: ReportFigures, item: Indicator) -> tuple[str, tuple[str, ...]] | None:
    """Return ``6.690/6.692 hồ sơ`` and the rows that it is of, where each part is a row."""
    if item.percent is None or not item.is_computed:
        return None
    part, whole = item.percent.part, item.percent.whole
    if not (isinstance(part, Ref) and isinstance(whole, Ref)):
        return None
    numbers = [_number(figures.told(ref.id)) for ref in (part, whole)]
    origins = {bool(figures.common(id)) for id in (item.id, part.id, whole.id)}
    if None in numbers or len(origins) > 1:
        return None
    shown = "/".join(show(number) for number in numbers)
    return f"{shown} {_unit(figures.form.by_id[whole.id])}".rstrip(), (part.id, whole.id)


def _change(figures: ReportFigures, item: Indicator, now: float) -> str:
    past = figures.past(item)
    if past is None:
        return ""
    label, then = past
    difference = round(now - then, 6)
    sign = "%" if item.kind == "percent" else ""
    since = f"so với {uncapitalized(label)} ({show(then)}{sign})"
    if not difference:
        return f"không đổi {since}"
    way, by = (_UP if difference > 0 else _DOWN), show(abs(difference))
    if item.kind == "percent":
        return f"{way} {by} điểm phần trăm {since}"
    rate = f", {show(round(100 * abs(difference) / abs(then), 1))}%" if then else ""
    return f"{way} {by}{rate} {since}"
