"""One sentence about a percentage that has parts: where it comes from, what went wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from xl_automation.excel.functions.description import how
from xl_automation.excel.functions.form_range import FormRange
from xl_automation.excel.functions.guesses import and_then, count_typed, counts
from xl_automation.forms.expression import EPSILON, Ref, spell
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import AGREES_BELOW, AGREES_WITHIN, PLACES, percent
from xl_automation.forms.python_face import evaluate


class PercentageExplanation:
    """The sentence about one percentage that has parts."""

    def __init__(self, figures: FormRange, item: Indicator):
        assert item.percent is not None
        self._figures, self._item, self._formula = figures, item, item.percent
        self._reading = figures.row.reading(item.id)
        self._computed = _or_nan(figures.row.recomputed(item.id))
        self._part, self._whole = (
            float(evaluate(node, figures.row.figures)[0])
            for node in (item.percent.part, item.percent.whole)
        )

    @property
    def _is_known(self) -> bool:
        return not math.isnan(self._computed)

    def sentence(self) -> str:
        """Return where the percentage comes from, or what is likely to have gone wrong."""
        id, reading = self._item.id, self._reading
        if self._item.helper and not self._is_known and (reading is None or reading.blank):
            entry = how(self._figures.form, self._item)
            return f"{id} để trống; {entry[0].lower()}{entry[1:]}."
        if reading is None or (reading.blank and not self._is_known):
            start = f"{id} = " if self._is_known else f"{id} để trống: "
            return f"{start}{self._result()}."
        if reading.number is None:
            said = self._figures.typed(reading) or "để trống"
            return f"{id} {said}; {self._recomputed()}."
        return self._of_number(reading.number)

    def _of_number(self, stated: float) -> str:
        id = self._item.id
        if self._is_known and abs(stated - self._computed) < EPSILON:
            return f"{id} = {self._result()}."
        if self._is_known and _rounds(self._computed, stated):
            return f"{id} ghi {show(stated)}, là {show(self._computed)} làm tròn; {self._result()}."
        guess = next(self._guesses(stated), "")
        if self._item.helper and not self._is_known:
            entered = "nhập trực tiếp, không có tử số và mẫu số để tính lại"
            return f"{id} = {show(stated)} %, {entered}{and_then(guess)}."
        if not guess and self._is_known and abs(stated - self._computed) < AGREES_BELOW:
            guess = f"lệch không quá {show(AGREES_WITHIN)} điểm phần trăm"
        return f"{id} ghi {show(stated)}; {self._recomputed()}{and_then(guess)}."

    def _recomputed(self) -> str:
        return f"tính lại là {self._result()}" if self._is_known else self._result()

    def _result(self) -> str:
        """Return the percentage with its parts, or why there is none."""
        if not self._is_known:
            return self._why_none()
        row = self._figures.row
        numbers, names = (
            " / ".join(spell(node, leaf) for node in (self._formula.part, self._formula.whole))
            for leaf in (lambda id: show(row.number(id)), self._figures.named)
        )
        return f"{show(self._computed)} = 100 × {numbers}, tức là {names}"

    def _why_none(self) -> str:
        for id in self._formula.refs:
            reading = self._figures.reading(id)
            if reading.blank:
                return f"chưa tính được vì {self._figures.named(id)} còn trống"
            if reading.number is None:
                return f"chưa tính được vì {self._figures.named(id)} {self._figures.typed(reading)}"
        if self._whole == 0:
            whole = spell(self._formula.whole, self._figures.named)
            return f"không phát sinh, vì mẫu số {whole} bằng 0; ô tỷ lệ để trống"
        return "chưa tính được vì có số quá lớn"

    def _guesses(self, stated: float) -> Iterator[str]:
        """Yield what may have happened, the likeliest first."""
        yield from self._own_parts(stated)
        if stated not in (0, 100) and abs(stated) <= 100:
            yield from self._swapped(stated)
            yield from self._other_rows(stated)
        if text := count_typed(self._figures, self._item, stated):
            yield text

    def _own_parts(self, stated: float) -> Iterator[str]:
        for id in self._formula.refs:
            value = self._figures.row.number(id)
            if value and value == stated:
                yield f"{show(stated)} là {self._figures.named(id)}: đã ghi số lượng vào ô tỷ lệ"
        if self._is_known and 0 < stated <= 1 and abs(100 * stated - self._computed) < AGREES_BELOW:
            percentage = show(self._computed)
            yield f"{show(stated)} là phần của 1; ô này ghi phần trăm, tức là {percentage}"
        if _gives(self._whole, self._part, stated):
            yield (
                f"{show(stated)} = 100 × {show(self._whole)} / {show(self._part)}: "
                "có thể đã đảo tử số và mẫu số"
            )

    def _swapped(self, stated: float) -> Iterator[str]:
        """Yield each figure that gives *stated* in place of the denominator or the numerator."""
        form = self._figures.form
        for node, what in ((self._formula.whole, "mẫu số"), (self._formula.part, "tử số")):
            own = form.by_id.get(node.id) if isinstance(node, Ref) else None
            if own is None:
                continue
            for id, value in counts(self._figures, self._item, own.unit):
                is_whole = node is self._formula.whole
                part, whole = (self._part, value) if is_whole else (value, self._whole)
                if id not in self._formula.refs and _gives(part, whole, stated):
                    yield (
                        f"{show(stated)} = 100 × {show(part)} / {show(whole)} nếu {what} là "
                        f"{self._figures.named(id)} thay cho {self._figures.named(own.id)}: "
                        f"có thể đã lấy nhầm {what}"
                    )

    def _other_rows(self, stated: float) -> Iterator[str]:
        """Yield each other percentage of the same section that *stated* is."""
        for other in self._figures.form.in_order_of_computation:
            same_section = other.id.split(".")[0] == self._item.id.split(".")[0]
            is_other = same_section and other is not self._item
            if is_other and self._figures.row.recomputed(other.id) == stated:
                name = self._figures.named(other.id)
                yield f"{show(stated)} bằng đúng {name}: có thể đã ghi nhầm dòng"


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number


def _places(stated: float) -> int:
    """Return how many decimals a number is written with."""
    exponent = Decimal(repr(stated)).normalize().as_tuple().exponent
    return max(0, -int(exponent))


def _gives(part: float, whole: float, stated: float) -> bool:
    """Return whether *stated* is 100 × part / whole to as many decimals as it has."""
    places = _places(stated)
    return places <= 2 * PLACES and float(percent(part, whole, places)) == stated


def _rounds(computed: float, stated: float) -> bool:
    """Return whether *stated* is *computed* to fewer decimals."""
    places = _places(stated)
    return places < PLACES and float(percent(computed, 100.0, places)) == stated
