"""What a mistake makes of a report: a function for each way in which clerks go wrong.

Each returns what the cells of its rows hold afterwards, None where the mistake changes nothing
(10 × 0) or cannot be made there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from tests.planted.city import LAST, NOW, City
from tests.support.builders import FORM, Fill
from xl_automation.forms.percentage import percent

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Desk:
    """Where a mistake is made.

    Attributes:
        fill: What the unit would fill in.
        last: What it filled in for the last period.
        chance: Where everything that is random comes from.
    """

    fill: Fill
    last: Fill
    chance: np.random.Generator

    @classmethod
    def of(cls, city: City, code: str, chance: np.random.Generator) -> Desk:
        """Return the desk of the clerk of a unit."""
        return cls(city.fills[NOW][code], city.fills[LAST][code], chance)

    def number(self, id: str) -> float:
        """Return a figure, 0 where there is none."""
        value = self.fill.get(id)
        return value if isinstance(value, (int, float)) else 0

    def picked(self, options: Sequence[float]) -> float | None:
        """Return one of *options*, None where there are none."""
        return options[int(self.chance.integers(len(options)))] if options else None


Make = Callable[[Desk, Place], Fill | None]


@dataclass(frozen=True, slots=True)
class Quotient:
    """What is divided by what instead of what the form divides.

    Attributes:
        parts: The figures that are divided, a minus before those that are taken away.
        wholes: What by, likewise.
        says: What a finding must say to call it by its name.
    """

    parts: Place
    wholes: Place
    says: tuple[str, ...]


# A percentage of the form and how people take it, with the quotient that is typed over it.
OTHER_QUOTIENTS: Mapping[tuple[str, str], Quotient] = {
    ("3.4.2", "on time by received"): Quotient(("3.4.2.b",), ("3.2.4.a",), ("3.2.4.a",)),
    ("3.4.2", "on time by due"): Quotient(("3.4.2.b",), ("3.4.2.a", "II06.c13"), ("đến hạn",)),
    ("3.4.2", "solved by received"): Quotient(("3.4.2.a",), ("3.2.4.a",), ("3.2.4.a",)),
    ("3.2.4", "online by solved"): Quotient(("3.2.4.b",), ("3.4.2.a",), ("3.4.2.a",)),
    ("3.2.1", "provided by all"): Quotient(("3.2.1.b",), ("3.1.3",), ("3.1.3",)),
    ("3.2.2", "provided by all"): Quotient(("3.2.2.b",), ("3.1.3",), ("3.1.3",)),
    ("3.2.3", "published by suitable"): Quotient(
        ("3.2.3.b",), ("3.2.1.a", "3.2.2.a"), ("3.2.1.a", "3.2.2.a")
    ),
    ("3.2.5", "payable by all"): Quotient(("3.2.5.b",), ("3.1.3",), ("3.1.3",)),
    ("2.4", "settled by reviewed"): Quotient(("2.4.b",), ("2.3",), ("2.3",)),
    ("1.2.3", "upside down"): Quotient(("1.2.3.a",), ("1.2.3.b",), ("đảo",)),
    ("6.1", "upside down"): Quotient(("6.1.a",), ("6.1.b",), ("đảo",)),
    ("1.1", "done by what is left"): Quotient(("1.1.b",), ("1.1.a", "-1.1.b"), ("1.1.a − 1.1.b",)),
}
# A percentage, and the count that is written into it.
COUNTS: Mapping[str, str] = {
    "1.1": "1.1.b", "1.2.3": "1.2.3.b", "3.2.1": "3.2.1.b", "3.2.2": "3.2.2.b",
    "3.2.4": "3.2.4.b", "3.4.2": "3.4.2.b", "3.3.4": "3.1.3.b", "3.3.5": "3.2.2.b",
    "7.5.2": "7.5.2.tu", "7.5.2.a": "7.5.2.a.tu", "7.5.2.b": "7.5.2.b.tu",
}  # fmt: skip


# --- what is made of a figure ------------------------------------------------------------------


def times(factor: int) -> Make:
    """Return the mistake of a figure *factor* times too large."""
    return lambda desk, place: _changed(desk, place, lambda value: value * factor)


def _changed(desk: Desk, place: Place, wrong: Callable[[float], float | None]) -> Fill | None:
    """Return what stands in the rows of *place*, None where one of them stays as it is."""
    made = {id: wrong(desk.number(id)) for id in place}
    if any(value is None or value == desk.number(id) for id, value in made.items()):
        return None
    return made


def a_tenth(desk: Desk, place: Place) -> Fill | None:
    """The last digit is lost."""
    return _changed(desk, place, lambda value: value // 10 if value >= 10 else None)


def nothing(desk: Desk, place: Place) -> Fill | None:
    """0 for a figure."""
    return _changed(desk, place, lambda _: 0)


def negative(desk: Desk, place: Place) -> Fill | None:
    """A sign before it."""
    return _changed(desk, place, lambda value: -value)


def swapped(desk: Desk, place: Place) -> Fill | None:
    """Two digits beside each other change places."""
    return _changed(desk, place, lambda value: desk.picked(list(_swaps(value))))


def _swaps(value: float) -> list[float]:
    text = f"{value:g}" if value < 1e6 else str(int(value))
    results = []
    for spot in range(len(text) - 1):
        one, other = text[spot : spot + 2]
        if one.isdigit() and other.isdigit() and one != other and not (spot == 0 and other == "0"):
            results.append(float(text[:spot] + other + one + text[spot + 2 :]))
    return [int(result) if result == int(result) else result for result in results]


def lost_digit(desk: Desk, place: Place) -> Fill | None:
    """One digit of at least three is not typed; not the last, which is a tenth."""

    def lose(value: float) -> float | None:
        text = str(int(value))
        options = [
            int(text[:spot] + text[spot + 1 :])
            for spot in range(len(text) - 1)
            if (text[:spot] + text[spot + 1 :])[0] != "0"
        ]
        return desk.picked(options) if len(text) >= 3 else None

    return _changed(desk, place, lose)


def doubled_digit(desk: Desk, place: Place) -> Fill | None:
    """One digit is typed twice."""

    def double(value: float) -> float | None:
        text = str(int(value))
        return desk.picked([int(text[:n] + text[n:][:1] + text[n:]) for n in range(len(text))])

    return _changed(desk, place, lambda value: double(value) if value else None)


def point_as_comma(desk: Desk, place: Place) -> Fill | None:
    """4.860, typed where the point is the decimal mark, is 4,86."""
    return _changed(desk, place, lambda value: value / 1000 if value >= 1000 else None)


def lost_comma(desk: Desk, place: Place) -> Fill | None:
    """The decimal mark is not typed: 58,85 is 5885."""
    return _changed(
        desk,
        place,
        lambda value: (
            float(f"{value:.2f}".rstrip("0").replace(".", "")) if value != int(value) else None
        ),
    )


def as_fraction(desk: Desk, place: Place) -> Fill | None:
    """0,85 for 85 per cent."""
    return _changed(desk, place, lambda value: round(value / 100, 4))


# --- what is made of several rows --------------------------------------------------------------


def exchanged(desk: Desk, place: Place) -> Fill | None:
    """Two figures stand in each other's row."""
    one, other = place
    if desk.number(one) == desk.number(other):
        return None
    return {one: desk.number(other), other: desk.number(one)}


def moved_down(desk: Desk, place: Place) -> Fill | None:
    """Every figure but the first stands one row too low."""
    made = {below: desk.number(id) for id, below in pairwise(place)}
    return made if any(value != desk.number(id) for id, value in made.items()) else None


def as_last_time(desk: Desk, place: Place) -> Fill | None:
    """The figures are those of the last period."""
    kept = {id: desk.last.get(id) for id in place}
    changed = {id: value for id, value in kept.items() if value != desk.fill.get(id)}
    return changed or None


# --- what is typed into percentages -----------------------------------------------------------


def other_quotient(desk: Desk, place: Place) -> Fill | None:
    """The percentage is that of other figures than the form divides."""
    id, name = place
    quotient = OTHER_QUOTIENTS[id, name]
    part, whole = (
        sum(_total(desk, one) for one in ids) for ids in (quotient.parts, quotient.wholes)
    )
    if not part or whole <= 0:
        return None
    item = FORM.by_id[id]
    assert item.percent is not None
    own_part, own_whole = (desk.number(ref) for ref in item.percent.refs)
    if not own_whole:
        return None
    typed = float(percent(part, whole))
    return None if _is_short_for(typed, 100 * own_part / own_whole) else {id: typed}


def _is_short_for(typed: float, right: float) -> bool:
    """Return whether what is typed is the right percentage, rounded or cut off."""
    _, _, decimals = f"{typed:.2f}".rstrip("0").partition(".")
    step = 10.0 ** -len(decimals)
    return -step / 2 <= right - typed < step


def _total(desk: Desk, id: str) -> float:
    """Return a figure, a column's total in Biểu 06, or less a figure."""
    if id.startswith("-"):
        return -desk.number(id[1:])
    table, _, column = id.partition(".")
    if table != "II06":
        return desk.number(id)
    return sum(desk.number(f"{table}.{line}.{column}") for line in (1, 2, 3))


def count_in_rate(desk: Desk, place: Place) -> Fill | None:
    """The count stands in the cell of the percentage."""
    (id,) = place
    count, there = desk.number(COUNTS[id]), desk.fill.get(id)
    return None if not count or count == there or count == 100 else {id: count}


def over_100(desk: Desk, place: Place) -> Fill | None:
    """What was sent both ways is counted as wholly electronic too, and the shares added up."""
    all_electronic, _, both = (desk.number(id) for id in place)
    if not both or all_electronic + both <= 100:
        return None
    return {"7.5.2": round(all_electronic + both, 2), "7.5.2.a": all_electronic}
