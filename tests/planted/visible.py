"""Which mistakes can be seen at all: what an honest unit could have reported is no mistake to see.

A wrong figure is *visible* when it lies outside of what the honest units of the city report, the
span of theirs widened by half of its width on both sides: its size, its ratio to the row it is
part of, or its ratio to the unit's own figure of the last period or of a year ago. Figures up to
ten are small counts of which chance makes anything. This knows nothing of how the program judges.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from math import log

from tests.planted.city import LAST, NOW, City
from tests.planted.kinds import RATES
from tests.support.builders import FORM, Fill

YEAR_AGO = "2021-6T"
WIDER = 0.5  # of the span's width, on each side
SMALL = 10
MIN_REPEATED = 3
# What a row is part of, or goes with.
PER: Mapping[str, str] = {
    "1.1.b": "1.1.a", "1.2.3.b": "1.2.3.a", "1.3.2": "1.3.1", "1.3.3": "1.3.1", "2.4.a": "2.3",
    "2.4.b": "2.4.a", "3.2.4.b": "3.2.4.a", "3.4.2.a": "3.2.4.a", "3.4.2.b": "3.4.2.a",
    "4.2.2": "4.2.1", "4.2.3": "4.2.1", "6.1.b": "6.1.a",
}  # fmt: skip
GROWING = frozenset(item.id for item in FORM.inputs if item.nature in ("flow", "cumulative"))

View = Callable[[Fill, str], float | None]  # a unit's fill and code → how its figure looks


def is_visible(city: City, code: str, wrong: Fill, made: Fill) -> bool:
    """Return whether what a mistake made of a unit's rows is outside of what is honest.

    Args:
        city: The city before the mistake.
        code: The unit's code.
        wrong: What it fills in, with the mistake.
        made: The rows that the mistake changed.
    """
    clean = city.now[code]
    worth_a_look = {
        id
        for id in made
        if id in RATES
        or (id in FORM.by_id and FORM.by_id[id].percent)
        or max(_number(clean, id) or 0, _number(wrong, id) or 0) > SMALL
    }
    return any(_is_outside(view, city, code, wrong) for view in _views(city, worth_a_look))


def is_repeated(city: City, code: str, ids: Iterable[str]) -> bool:
    """Return whether a unit that reports its last figures in the rows *ids* can be told by it.

    That is so where some of them should have grown, and no honest unit's figures all stay.
    """
    growing = [id for id in ids if id in GROWING]

    def to_grow(code: str) -> list[str]:
        counted = [id for id in growing if city.fills[LAST][code].get(id)]
        return counted if len(counted) >= MIN_REPEATED else []

    def all_stay(code: str) -> bool:
        rows, fills = to_grow(code), city.fills
        return bool(rows) and all(fills[LAST][code][id] == fills[NOW][code].get(id) for id in rows)

    return bool(to_grow(code)) and not any(map(all_stay, city.now))


def _views(city: City, ids: set[str]) -> Iterator[View]:
    for id in sorted(ids):
        yield lambda fill, _, id=id: _scaled(id, _number(fill, id))
        for period in (LAST, YEAR_AGO):
            past = city.fills[period]
            yield lambda fill, code, id=id, past=past: _apart(
                id, _number(fill, id), _number(past[code], id)
            )
    for part, whole in PER.items():
        if ids & {part, whole}:
            yield lambda fill, _, part=part, whole=whole: _apart(
                part, _number(fill, part), _number(fill, whole)
            )


def _is_outside(view: View, city: City, code: str, wrong: Fill) -> bool:
    honest = [seen for unit, fill in city.now.items() if (seen := view(fill, unit)) is not None]
    mine = view(wrong, code)
    if mine is None or not honest:
        return False
    margin = WIDER * (max(honest) - min(honest)) + 1e-9
    return not min(honest) - margin <= mine <= max(honest) + margin


def _number(fill: Fill, id: str) -> float | None:
    value = fill.get(id)
    return value if isinstance(value, (int, float)) else None


def _scaled(id: str, value: float | None) -> float | None:
    """Return a count on a logarithmic scale, a percentage as it is; None for what has none."""
    if value is None or id in RATES:
        return value
    return log(1 + value) if value >= 0 else None


def _apart(id: str, one: float | None, other: float | None) -> float | None:
    first, second = _scaled(id, one), _scaled(id, other)
    return None if first is None or second is None else first - second
