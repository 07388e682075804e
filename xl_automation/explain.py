"""One sentence about an indicator, or about a figure of one: where it comes from, what went wrong.

A percentage that its parts do not give is tried against the other figures of the form: a count
typed in its place, a swapped denominator, a wrong row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

from xl_automation import expression
from xl_automation.cells import the_form
from xl_automation.derive import PLACES, percent
from xl_automation.expression import EPSILON, Ref, spell
from xl_automation.layout import AGREES_BELOW, AGREES_WITHIN
from xl_automation.model import Indicator
from xl_automation.numbers import BLANK, show
from xl_automation.typed import Typed

AGGREGATES = {
    "sum": "cộng các đơn vị",
    "ratio": "tính lại từ tổng tử số và tổng mẫu số, không lấy bình quân tỷ lệ",
    "shared": "số chung của mọi đơn vị: lấy một số, không cộng",
    "ratio_shared": "tính từ hai số chung của mọi đơn vị",
    "code_count": "đếm số đơn vị chọn mỗi mã",
    "share_units": "tỷ lệ đơn vị đạt 100",
    "weighted": "bình quân có quyền số",
    "city": "chỉ sổ của thành phố có số này",
    "no_aggregate": "không gộp được",
    "none": "dòng tiêu đề, không có số liệu",
}
LEVELS = {
    "commune": "cấp xã",
    "district": "cấp huyện",
    "both": "cấp xã và cấp huyện",
    "shared": "số chung của cả tỉnh",
}
ATTRIBUTES = {
    "": "label",
    "ten": "label",
    "don vi": "unit",
    "don vi tinh": "unit",
    "cach tinh": "how",
    "cap": "level",
    "tong hop": "aggregate",
    "cach tong hop": "aggregate",
    "huong dan": "help",
}
_MANY = 10  # a count from here on is hardly equal to a percentage by chance


def describe(item: Indicator, attribute: str) -> str:
    """Return one attribute (see ``ATTRIBUTES``) of an indicator; "" where it has none."""
    match attribute:
        case "label":
            return " ".join(item.label.split())
        case "unit":
            return item.unit
        case "level":
            return LEVELS[item.level] if item.is_figure else ""
        case "aggregate":
            return AGGREGATES[item.aggregate]
        case "help":
            return item.help
        case "how":
            return _how(item)
    raise AssertionError(attribute)


def _how(item: Indicator) -> str:
    if not item.is_figure:
        return "Dòng tiêu đề, không có số liệu"
    if item.helper:
        helper = item.helper
        return f"Nhập tỷ lệ, hoặc 100 × {helper.part} / {helper.whole} nếu ghi hai số bên phải"
    if item.percent:
        part, whole = (spell(node, _named) for node in (item.percent.part, item.percent.whole))
        return f"100 × {part} / {whole}, làm tròn {PLACES} chữ số thập phân"
    if item.codes:
        return "Chọn mã: " + "; ".join(f"{code} = {text}" for code, text in item.codes.items())
    return "Nhập số liệu"


def _named(id: str) -> str:
    """Return an id with its label."""
    form = the_form()
    if helped := form.helper_ids.get(id):
        assert helped.helper is not None
        return helped.helper.part if id.endswith(".tu") else helped.helper.whole
    return f"{id} ({describe(form.by_id[id], 'label').rstrip('.')})"


# --- a figure ----------------------------------------------------------------------------------


def explain(typed: Typed, id: str) -> str:
    """Return the sentence that explains the figure of *id* in a range."""
    item = the_form().by_id[id]
    if not item.is_figure:
        return f"{_named(id)} là dòng tiêu đề, không có số liệu."
    if item.percent is not None:
        return _Percentage(typed, item).sentence()
    return _plain_figure(typed, item)


def _plain_figure(typed: Typed, item: Indicator) -> str:
    reading = typed.submission.readings.get(item.id, BLANK)
    if reading.blank:
        text = f"{_named(item.id)} để trống"
    elif reading.number is None:
        text = f"{_named(item.id)} ghi {show(reading.text)}, không phải là số"
    elif item.codes:
        meaning = item.codes.get(int(reading.number)) if reading.number.is_integer() else None
        meaning = meaning or "mã không có trong danh sách"
        text = f"{_named(item.id)} = {show(reading.number)}: {meaning}"
    else:
        unit = (item.unit_means or item.unit).lower()
        text = f"{_named(item.id)} = {show(reading.number)} {unit}, nhập trực tiếp"
        text += "".join(f", {use}" for use in _uses(item.id))
    if item.kind == "percent" and reading.number is not None:
        text += _dot_then(_count_typed(typed, item, reading.number))
    else:
        text += _dot_then(_first_finding(typed, item))
    return f"{text}."


def _dot_then(text: str) -> str:
    return f"; {text}" if text else ""


def _uses(id: str) -> Iterator[str]:
    for item in the_form().figures:
        if item.percent and not item.helper:
            for node, what in ((item.percent.part, "tử số"), (item.percent.whole, "mẫu số")):
                if id in expression.refs(node):
                    yield f"dùng làm {what} của {item.id}"


def _first_finding(typed: Typed, item: Indicator) -> str:
    for finding in typed.findings:
        if finding.indicators[:1] == (item.id,):
            return f"cần xem lại: {finding.message.partition('. ')[0].rstrip('.')} [{finding.rule}]"
    return ""


def _count_typed(typed: Typed, item: Indicator, stated: float) -> str:
    """Return what says that a count was typed where a percentage belongs, or ""."""
    if stated.is_integer() and stated >= _MANY and stated != 100:
        for id, value in _counts(typed, item):
            if value == stated:
                return f"{show(stated)} bằng đúng {_named(id)}: có thể đã ghi số lượng vào ô tỷ lệ"
    if abs(stated) > 100:
        return "tỷ lệ vượt quá 100: có thể đã ghi số lượng vào ô tỷ lệ"
    return ""


def _counts(typed: Typed, item: Indicator, unit: str | None = None) -> Iterator[tuple[str, float]]:
    """Yield the counts and amounts of the form, those printed nearest to *item* first."""
    items = the_form().indicators
    place = items.index(item)
    for other in sorted(items, key=lambda other: abs(items.index(other) - place)):
        value = typed.figures.number(0, other.id) if other.kind in ("count", "amount") else None
        if value and (unit is None or other.unit == unit):
            yield other.id, value


class _Percentage:
    """The sentence about one percentage that has parts."""

    def __init__(self, typed: Typed, item: Indicator):
        assert item.percent is not None
        self.typed, self.item, self.formula = typed, item, item.percent
        self.reading = typed.submission.readings.get(item.id)
        self.computed = float(typed.figures.recomputed(item.id)[0])
        self.part, self.whole = (
            float(expression.evaluate(node, typed.figures)[0])
            for node in (item.percent.part, item.percent.whole)
        )

    @property
    def is_known(self) -> bool:
        return not math.isnan(self.computed)

    def sentence(self) -> str:
        id, reading = self.item.id, self.reading
        if self.item.helper and not self.is_known and (reading is None or reading.blank):
            how = _how(self.item)
            return f"{id} để trống; {how[0].lower()}{how[1:]}."
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
            return f"{id} = {show(stated)} %, {entered}{_dot_then(guess)}."
        if not guess and self.is_known and abs(stated - self.computed) < AGREES_BELOW:
            guess = f"lệch không quá {show(AGREES_WITHIN)} điểm phần trăm"
        return f"{id} ghi {show(stated)}; {self.recomputed()}{_dot_then(guess)}."

    def recomputed(self) -> str:
        return f"tính lại là {self.result()}" if self.is_known else self.result()

    def result(self) -> str:
        """Return the percentage with its parts, or why there is none."""
        if not self.is_known:
            return self.why_none()
        figures = self.typed.figures
        numbers, names = (
            " / ".join(spell(node, leaf) for node in (self.formula.part, self.formula.whole))
            for leaf in (lambda id: show(figures.number(0, id)), _named)
        )
        return f"{show(self.computed)} = 100 × {numbers}, tức là {names}"

    def why_none(self) -> str:
        for id in self.formula.refs:
            reading = self.typed.submission.readings.get(id, BLANK)
            if reading.blank:
                return f"chưa tính được vì {_named(id)} còn trống"
            if reading.number is None:
                return f"chưa tính được vì {_named(id)} ghi {show(reading.text)}"
        if self.whole == 0:
            whole = spell(self.formula.whole, _named)
            return f"không phát sinh, vì mẫu số {whole} bằng 0; ô tỷ lệ để trống"
        return "chưa tính được vì có số quá lớn"

    def guesses(self, stated: float) -> Iterator[str]:
        """Yield what may have happened, the likeliest first."""
        yield from self.own_parts(stated)
        if stated not in (0, 100) and abs(stated) <= 100:
            yield from self.swapped(stated)
            yield from self.other_rows(stated)
        if text := _count_typed(self.typed, self.item, stated):
            yield text

    def own_parts(self, stated: float) -> Iterator[str]:
        for id in self.formula.refs:
            value = self.typed.figures.number(0, id)
            if value and value == stated:
                yield f"{show(stated)} là {_named(id)}: đã ghi số lượng vào ô tỷ lệ"
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
            for id, value in _counts(self.typed, self.item, own.unit):
                is_whole = node is self.formula.whole
                part, whole = (self.part, value) if is_whole else (value, self.whole)
                if id not in self.formula.refs and _gives(part, whole, stated):
                    yield (
                        f"{show(stated)} = 100 × {show(part)} / {show(whole)} nếu {what} là "
                        f"{_named(id)} thay cho {_named(own.id)}: có thể đã lấy nhầm {what}"
                    )

    def other_rows(self, stated: float) -> Iterator[str]:
        """Yield each other percentage of the same section that *stated* is."""
        for other in the_form().in_order_of_computation:
            same_section = other.id.split(".")[0] == self.item.id.split(".")[0]
            if same_section and other is not self.item:
                value = float(self.typed.figures.recomputed(other.id)[0])
                if value == stated:
                    yield f"{show(stated)} bằng đúng {_named(other.id)}: có thể đã ghi nhầm dòng"


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
