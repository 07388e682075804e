"""Small formulas with what they give: each is put together once, as text and as value."""

from __future__ import annotations

from typing import NamedTuple

from xl_automation.summary.cell import LiveFormula
from xl_automation.summary.progress_tallies import share
from xl_automation.xlsx.address import Address


class Live(NamedTuple):
    """A part of a formula, and the value that it has now; None and "" are a blank text."""

    formula: str
    value: float | int | str | bool | None

    @property
    def cell(self) -> LiveFormula:
        """The formula as a cell holds it."""
        value = self.value
        return LiveFormula(f"={self.formula}", int(value) if isinstance(value, bool) else value)


def held(place: Address, value: float | int | str | None, sheet: str = "") -> Live:
    """Return what stands in a cell, as a formula on *sheet* refers to it."""
    return Live(place.cell if place.sheet == sheet else place.reference, value)


def words(text: str) -> Live:
    """Return a constant text.

    >>> words('Xã "A" ở').formula
    '"Xã ""A"" ở"'
    """
    escaped = text.replace('"', '""')
    return Live(f'"{escaped}"', text)


def joined(*parts: Live) -> Live:
    """Return texts and whole numbers one behind the other.

    >>> joined(Live("A1", 3), words(" đơn vị"))
    Live(formula='A1&" đơn vị"', value='3 đơn vị')
    """
    text = "".join("" if part.value is None else str(part.value) for part in parts)
    return Live("&".join(part.formula for part in parts), text)


def either(condition: Live, yes: Live, no: Live) -> Live:
    """Return one of two.

    >>> either(Live("A1>0", False), words("có"), words(""))
    Live(formula='IF(A1>0,"có","")', value='')
    """
    formula = f"IF({condition.formula},{yes.formula},{no.formula})"
    return Live(formula, yes.value if condition.value else no.value)


def positive(number: Live) -> Live:
    """Return whether a number, or a text that stands for none, is a number above 0."""
    is_positive = isinstance(number.value, (int, float)) and number.value > 0
    return Live(f"N({number.formula})>0", is_positive)


def is_zero(number: Live) -> Live:
    """Return whether a number is 0."""
    return Live(f"{number.formula}=0", number.value == 0)


def is_number(value: Live) -> Live:
    """Return whether something is a number."""
    return Live(f"ISNUMBER({value.formula})", isinstance(value.value, (int, float)))


def both(left: Live, right: Live) -> Live:
    """Return whether two conditions hold."""
    return Live(f"AND({left.formula},{right.formula})", bool(left.value and right.value))


def same(left: Live, right: Live) -> Live:
    """Return whether two texts are equal."""
    return Live(f"{left.formula}={right.formula}", left.value == right.value)


def rate(part: Live, whole: Live) -> Live:
    """Return which part of *whole* that is, in per cent with one decimal; blank where it is 0."""
    counts = part.value, whole.value
    known = isinstance(counts[0], int) and isinstance(counts[1], int) and counts[1] > 0
    percent = share(int(counts[0] or 0), int(counts[1] or 0)) if known else None
    quotient = Live(f"ROUND(100*{part.formula}/{whole.formula},1)", percent)
    return either(positive(whole), quotient, words(""))
