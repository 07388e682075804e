"""What a stated percentage may be that its parts do not give: another quotient, a count.

A quotient is tried to as many decimals as were typed. 0 and 100, which many give, say nothing.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Sequence
from decimal import Decimal
from functools import cached_property
from itertools import combinations, product

from xl_automation.checks.amounts import Amount, amounts
from xl_automation.forms.expression import EPSILON, Node, Ref
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import AGREES_BELOW, PLACES, percent
from xl_automation.forms.python_face import evaluate
from xl_automation.forms.words import with_label
from xl_automation.reading.figures import FigureRow

COUNT_TYPED = "có thể đã ghi số lượng vào ô tỷ lệ"
MANY = 10  # a count from here on is hardly equal to a percentage, or gives one, by chance
_TELLING = 2  # decimals from which on a quotient of any two counts is hardly one by chance
_SHIFTS = (-2, -1, 1, 2)  # places by which a decimal mark slips


class StatedPercentage:
    """A number in the cell of a percentage, beside all that the workbook has.

    Args:
        row: The figures of the workbook.
        item: The percentage.
        stated: What its cell states.
    """

    def __init__(self, row: FigureRow, item: Indicator, stated: float):
        self._row, self._item, self._stated = row, item, stated
        self._said = show(stated)

    def guesses(self, told: Collection[str] = ()) -> Iterator[str]:
        """Yield in words what the number may be, the likeliest first.

        Args:
            told: The figures that whoever reads it sees already: they are not named once more.
        """
        if self._item.percent is not None:
            yield from self._own_parts()
            yield from self._slips()
            yield from self._with_one_other_part()
        yield from self._other_rows()
        if self._item.percent is not None:
            yield from self._with_other_parts()
        if not any(self._row.number(id) == self._stated for id in told):
            for amount in self.equal_counts():
                yield f"{self._said} bằng đúng {amount.name}: {COUNT_TYPED}"
        if self._stated > 100 and len(sums := list(self._sums())) == 1:
            yield from sums  # of several, each is likely to be one by chance

    @property
    def _is_telling(self) -> bool:
        """Whether few numbers give this one: 0, 100 and small whole ones many do."""
        return (abs(self._stated) >= MANY and self._stated != 100) or not self._stated.is_integer()

    # --- of a percentage that has parts ------------------------------------------------------

    def _value(self, node: Node) -> float:
        return float(evaluate(node, self._row.figures)[self._row.position])

    def _parts(self) -> tuple[tuple[Node, float], tuple[Node, float]]:
        """Return numerator and denominator, NaN where there is none."""
        assert self._item.percent is not None
        part, whole = self._item.percent.part, self._item.percent.whole
        return (part, self._value(part)), (whole, self._value(whole))

    @property
    def _computed(self) -> float:
        (_, part), (_, whole) = self._parts()
        return float(percent(part, whole))

    @cached_property
    def _amounts(self) -> Sequence[Amount]:
        return tuple(amounts(self._row, self._item))

    def _named(self, id: str) -> str:
        return with_label(self._row.form, id)

    def _own_parts(self) -> Iterator[str]:
        """Yield what its own parts say: one of them was typed, or they were swapped."""
        assert self._item.percent is not None
        stated, computed = self._stated, self._computed
        for id in self._item.percent.refs:
            if stated and self._row.number(id) == stated:
                yield f"{self._said} là {self._named(id)}: đã ghi số lượng vào ô tỷ lệ"
        if 0 < stated <= 1 and abs(100 * stated - computed) < AGREES_BELOW:
            yield f"{self._said} là phần của 1; ô này ghi phần trăm, tức là {show(computed)}"
        (_, part), (_, whole) = self._parts()
        if gives(whole, part, stated):
            yield f"{self._quotient(whole, part)}: có thể đã đảo tử số và mẫu số"
        if whole - part >= MANY and gives(part, whole - part, stated):
            left = f"{show(whole)} − {show(part)}"
            yield f"{self._said} = 100 × {show(part)} / ({left}): có thể đã chia cho phần còn lại"

    def _quotient(self, part: float, whole: float) -> str:
        return f"{self._said} = 100 × {show(part)} / {show(whole)}"

    def other_quotients(self) -> Iterator[str]:
        """Yield each quotient that the number is, with figures of the same unit for its parts."""
        yield from self._with_one_other_part()
        yield from self._with_other_parts()

    def _with_one_other_part(self) -> Iterator[str]:
        (own_part, parts), (own_whole, wholes) = self._instead()
        (_, part), (_, whole) = self._parts()
        for other in wholes:
            if gives(part, other.value, self._stated):
                yield self._swapped(part, other.value, "mẫu số", other, own_whole)
        for other in parts:
            if whole >= MANY and gives(other.value, whole, self._stated):
                yield self._swapped(other.value, whole, "tử số", other, own_part)

    def _with_other_parts(self) -> Iterator[str]:
        if places(self._stated) < _TELLING:
            return
        (_, parts), (_, wholes) = self._instead()
        for part, whole in product(parts, wholes):
            if gives(part.value, whole.value, self._stated):
                yield (
                    f"{self._quotient(part.value, whole.value)}, tức là {part.name} / "
                    f"{whole.name}: có thể đã lấy nhầm cả tử số và mẫu số"
                )

    def _instead(self) -> tuple[tuple[Indicator | None, list[Amount]], ...]:
        """Return numerator and denominator, each with what counts the same as its row."""
        if not self._is_telling:
            return (None, []), (None, [])
        (part, _), (whole, _) = self._parts()
        own_part, own_whole = self._row_at(part), self._row_at(whole)
        wholes = [amount for amount in _like(self._amounts, own_whole) if amount.value >= MANY]
        return (own_part, _like(self._amounts, own_part)), (own_whole, wholes)

    def _row_at(self, node: Node) -> Indicator | None:
        """Return the row that a part of the percentage is, None where it is anything else."""
        return self._row.form.by_id.get(node.id) if isinstance(node, Ref) else None

    def _swapped(
        self, part: float, whole: float, what: str, other: Amount, own: Indicator | None
    ) -> str:
        assert own is not None
        return (
            f"{self._quotient(part, whole)} nếu {what} là {other.name} thay cho "
            f"{self._named(own.id)}: có thể đã lấy nhầm {what}"
        )

    def _slips(self) -> Iterator[str]:
        """Yield what slip of the pen makes the number of what the parts give."""
        computed = self._computed
        if math.isnan(computed) or not computed or not self._is_telling:
            return
        if abs(100 - computed - self._stated) < EPSILON:
            yield f"{self._said} = 100 − {show(computed)}: có thể đã ghi phần còn lại"
        for shift in _SHIFTS:
            if gives(computed, 10.0 ** (2 - shift), self._stated):
                yield f"{self._said} là {show(computed)} với dấu phẩy đặt sai chỗ"

    def _other_rows(self) -> Iterator[str]:
        """Yield each other percentage of the same section that the number is."""
        if not self._is_telling:
            return
        for other in self._section():
            is_other = other.kind == "percent" and other is not self._item
            if is_other and self._row.number(other.id) == self._stated:
                yield f"{self._said} bằng đúng {self._named(other.id)}: có thể đã ghi nhầm dòng"

    def _section(self) -> tuple[Indicator, ...]:
        """Return the rows of the part of the form in which the percentage stands."""
        return next(part for part in self._row.form.parts if self._item in part)

    # --- counts ------------------------------------------------------------------------------

    def equal_counts(self) -> Iterator[Amount]:
        """Yield each count that the number is, the nearest first; up to 100 only of the section."""
        if self._stated.is_integer() and self._stated >= MANY and self._stated != 100:
            rows = {other.id for other in self._section()}
            for amount in self._amounts:
                is_near = self._stated > 100 or rows.issuperset(amount.ids)
                if is_near and amount.value == self._stated:
                    yield amount

    def _sums(self) -> Iterator[str]:
        """Yield each sum or difference of two counts of the section that the number is."""
        rows = {other.id for other in self._section()}
        of_section = [amount for amount in self._amounts if rows.issuperset(amount.ids)]
        for first, second in combinations(of_section, 2):
            if first.unit != second.unit:
                continue
            more, less = sorted((first, second), key=lambda amount: -amount.value)
            for sign, value in (("−", more.value - less.value), ("+", more.value + less.value)):
                if value == self._stated:
                    yield f"{self._said} = {more.name} {sign} {less.name}: {COUNT_TYPED}"


def _like(known: Sequence[Amount], own: Indicator | None) -> list[Amount]:
    """Return what may stand in place of a part of a percentage: what counts the same."""
    if own is None:
        return []
    return [amount for amount in known if amount.unit == own.unit and amount.ids != (own.id,)]


def places(stated: float) -> int:
    """Return how many decimals a number is written with."""
    exponent = Decimal(repr(stated)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def gives(part: float, whole: float, stated: float) -> bool:
    """Return whether *stated* is 100 × part / whole to as many decimals as it has."""
    decimals = places(stated)
    if not whole or decimals > 2 * PLACES or abs(100 * part / whole - stated) > 10.0**-decimals:
        return False  # most are far off: percent() is exact, and slower
    return float(percent(part, whole, decimals)) == stated


def is_rounded(computed: float, stated: float) -> bool:
    """Return whether *stated* is *computed* to fewer decimals."""
    decimals = places(stated)
    return decimals < PLACES and float(percent(computed, 100.0, decimals)) == stated


def is_shortened(computed: float, stated: float) -> bool:
    """Return whether *stated* is *computed* rounded, or cut off, to the decimals it has."""
    decimals = places(stated)
    cut = math.floor(abs(computed) * 10**decimals + EPSILON) / 10**decimals
    rounded = float(percent(computed, 100.0, decimals))
    return stated in (rounded, math.copysign(cut, computed))
