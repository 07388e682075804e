"""One sentence about a percentage that has parts: where it comes from, what went wrong."""

from __future__ import annotations

import math

from xl_automation.checks.quotients import COUNT_TYPED, StatedPercentage, is_rounded
from xl_automation.excel.functions.description import how
from xl_automation.excel.functions.form_range import FormRange
from xl_automation.forms.expression import EPSILON, spell
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import AGREES_BELOW, AGREES_WITHIN
from xl_automation.forms.python_face import evaluate
from xl_automation.wording import uncapitalized


class PercentageExplanation:
    """The sentence about one percentage that has parts."""

    def __init__(self, figures: FormRange, item: Indicator):
        assert item.percent is not None
        self._figures, self._item, self._formula = figures, item, item.percent
        self._reading = figures.row.reading(item.id)
        self._computed = _or_nan(figures.row.recomputed(item.id))
        self._whole = float(evaluate(item.percent.whole, figures.row.figures)[0])

    @property
    def _is_known(self) -> bool:
        return not math.isnan(self._computed)

    def sentence(self) -> str:
        """Return where the percentage comes from, or what is likely to have gone wrong."""
        id, reading = self._item.id, self._reading
        if self._item.helper and not self._is_known and (reading is None or reading.blank):
            entry = how(self._figures.form, self._item)
            return f"{id} để trống; {uncapitalized(entry)}."
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
        if self._is_known and is_rounded(self._computed, stated):
            return f"{id} ghi {show(stated)}, là {show(self._computed)} làm tròn; {self._result()}."
        guess = guessed(self._figures, self._item, stated)
        if self._item.helper and not self._is_known:
            entered = "nhập trực tiếp, không có tử số và mẫu số để tính lại"
            return f"{id} = {show(stated)} %, {entered}{guess}."
        if not guess and self._is_known and abs(stated - self._computed) < AGREES_BELOW:
            guess = f"; lệch không quá {show(AGREES_WITHIN)} điểm phần trăm"
        return f"{id} ghi {show(stated)}; {self._recomputed()}{guess}."

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


def guessed(figures: FormRange, item: Indicator, stated: float) -> str:
    """Return as the end of a sentence what a percentage may be, or ""."""
    guess = next(StatedPercentage(figures.row, item, stated).guesses(), "")
    if not guess and abs(stated) > 100:
        guess = f"tỷ lệ vượt quá 100: {COUNT_TYPED}"
    return f"; {guess}" if guess else ""


def _or_nan(number: float | None) -> float:
    return math.nan if number is None else number
