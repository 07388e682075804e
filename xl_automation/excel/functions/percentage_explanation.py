"""One sentence about a percentage that has parts: where it comes from, what went wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from xl_automation.excel.functions.arguments import the_form
from xl_automation.excel.functions.description import how, named
from xl_automation.excel.functions.form_range import FormRange
from xl_automation.excel.functions.guesses import and_then, count_typed, counts
from xl_automation.forms.expression import EPSILON, Ref, spell
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import BLANK, show
from xl_automation.forms.percentage import AGREES_BELOW, AGREES_WITHIN, PLACES, percent
from xl_automation.forms.python_face import evaluate


class PercentageExplanation:
    """The sentence about one percentage that has parts."""

    def __init__(self, typed: FormRange, item: Indicator):
        assert item.percent is not None
        self.typed, self.item, self.formula = typed, item, item.percent
        self.reading = typed.submission.readings.get(item.id)
        self.computed = float(typed.figures.recomputed(item.id)[0])
        self.part, self.whole = (
            float(evaluate(node, typed.figures)[0])
            for node in (item.percent.part, item.percent.whole)
        )

    @property
    def is_known(self) -> bool:
        return not math.isnan(self.computed)

    def sentence(self) -> str:
        id, reading = self.item.id, self.reading
        if self.item.helper and not self.is_known and (reading is None or reading.blank):
            entry = how(self.item)
            return f"{id} để trống; {entry[0].lower()}{entry[1:]}."
        if reading is None or (reading.blank and not self.is_known):
            start = f"{id} = " if self.is_known else f"{id} để trống: "
            return f"{start}{self.result()}."
        if reading.number is None:
            said = "để trống" if reading.blank else f"ghi {show(reading.text)}, không phải là số"
            return f"{id} {said}; {self.recomputed()}."
        return self.of_number(reading.number)

    def of_number(self, stated: float) -> str:
        id = self.item.id
        if self.is_known and abs(stated - self.computed) < EPSILON:
            return f"{id} = {self.result()}."
        if self.is_known and _rounds(self.computed, stated):
            return f"{id} ghi {show(stated)}, là {show(self.computed)} làm tròn; {self.result()}."
        guess = next(self.guesses(stated), "")
        if self.item.helper and not self.is_known:
            entered = "nhập trực tiếp, không có tử số và mẫu số để tính lại"
            return f"{id} = {show(stated)} %, {entered}{and_then(guess)}."
        if not guess and self.is_known and abs(stated - self.computed) < AGREES_BELOW:
            guess = f"lệch không quá {show(AGREES_WITHIN)} điểm phần trăm"
        return f"{id} ghi {show(stated)}; {self.recomputed()}{and_then(guess)}."

    def recomputed(self) -> str:
        return f"tính lại là {self.result()}" if self.is_known else self.result()

    def result(self) -> str:
        """Return the percentage with its parts, or why there is none."""
        if not self.is_known:
            return self.why_none()
        figures = self.typed.figures
        numbers, names = (
            " / ".join(spell(node, leaf) for node in (self.formula.part, self.formula.whole))
            for leaf in (lambda id: show(figures.number(0, id)), named)
        )
        return f"{show(self.computed)} = 100 × {numbers}, tức là {names}"

    def why_none(self) -> str:
        for id in self.formula.refs:
            reading = self.typed.submission.readings.get(id, BLANK)
            if reading.blank:
                return f"chưa tính được vì {named(id)} còn trống"
            if reading.number is None:
                return f"chưa tính được vì {named(id)} ghi {show(reading.text)}"
        if self.whole == 0:
            whole = spell(self.formula.whole, named)
            return f"không phát sinh, vì mẫu số {whole} bằng 0; ô tỷ lệ để trống"
        return "chưa tính được vì có số quá lớn"

    def guesses(self, stated: float) -> Iterator[str]:
        """Yield what may have happened, the likeliest first."""
        yield from self.own_parts(stated)
        if stated not in (0, 100) and abs(stated) <= 100:
            yield from self.swapped(stated)
            yield from self.other_rows(stated)
        if text := count_typed(self.typed, self.item, stated):
            yield text

    def own_parts(self, stated: float) -> Iterator[str]:
        for id in self.formula.refs:
            value = self.typed.figures.number(0, id)
            if value and value == stated:
                yield f"{show(stated)} là {named(id)}: đã ghi số lượng vào ô tỷ lệ"
        if self.is_known and 0 < stated <= 1 and abs(100 * stated - self.computed) < AGREES_BELOW:
            yield f"{show(stated)} là phần của 1; ô này ghi phần trăm, tức là {show(self.computed)}"
        if _gives(self.whole, self.part, stated):
            yield (
                f"{show(stated)} = 100 × {show(self.whole)} / {show(self.part)}: "
                "có thể đã đảo tử số và mẫu số"
            )

    def swapped(self, stated: float) -> Iterator[str]:
        """Yield each figure that gives *stated* in place of the denominator or the numerator."""
        form = the_form()
        for node, what in ((self.formula.whole, "mẫu số"), (self.formula.part, "tử số")):
            own = form.by_id.get(node.id) if isinstance(node, Ref) else None
            if own is None:
                continue
            for id, value in counts(self.typed, self.item, own.unit):
                is_whole = node is self.formula.whole
                part, whole = (self.part, value) if is_whole else (value, self.whole)
                if id not in self.formula.refs and _gives(part, whole, stated):
                    yield (
                        f"{show(stated)} = 100 × {show(part)} / {show(whole)} nếu {what} là "
                        f"{named(id)} thay cho {named(own.id)}: có thể đã lấy nhầm {what}"
                    )

    def other_rows(self, stated: float) -> Iterator[str]:
        """Yield each other percentage of the same section that *stated* is."""
        for other in the_form().in_order_of_computation:
            same_section = other.id.split(".")[0] == self.item.id.split(".")[0]
            if same_section and other is not self.item:
                value = float(self.typed.figures.recomputed(other.id)[0])
                if value == stated:
                    yield f"{show(stated)} bằng đúng {named(other.id)}: có thể đã ghi nhầm dòng"


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
