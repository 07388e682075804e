"""One sentence about an indicator, or about a figure of one: where it comes from, what went wrong.

A percentage that its parts do not give is tried against the other figures of the form: a count
typed in its place, a swapped denominator, a wrong row.
"""

from __future__ import annotations

from collections.abc import Iterator

from xl_automation.excel.functions.arguments import the_form
from xl_automation.excel.functions.description import named
from xl_automation.excel.functions.form_range import FormRange
from xl_automation.excel.functions.guesses import and_then, count_typed
from xl_automation.excel.functions.percentage_explanation import PercentageExplanation
from xl_automation.forms.expression import refs
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import BLANK, show


def _uses(id: str) -> Iterator[str]:
    for item in the_form().figures:
        if item.percent and not item.helper:
            for node, what in ((item.percent.part, "tử số"), (item.percent.whole, "mẫu số")):
                if id in refs(node):
                    yield f"dùng làm {what} của {item.id}"


def _first_finding(typed: FormRange, item: Indicator) -> str:
    for finding in typed.findings:
        if finding.indicators[:1] == (item.id,):
            return f"cần xem lại: {finding.message.partition('. ')[0].rstrip('.')} [{finding.rule}]"
    return ""


def _plain_figure(typed: FormRange, item: Indicator) -> str:
    reading = typed.submission.readings.get(item.id, BLANK)
    if reading.blank:
        text = f"{named(item.id)} để trống"
    elif reading.number is None:
        text = f"{named(item.id)} ghi {show(reading.text)}, không phải là số"
    elif item.codes:
        meaning = item.codes.get(int(reading.number)) if reading.number.is_integer() else None
        meaning = meaning or "mã không có trong danh sách"
        text = f"{named(item.id)} = {show(reading.number)}: {meaning}"
    else:
        unit = (item.unit_means or item.unit).lower()
        text = f"{named(item.id)} = {show(reading.number)} {unit}, nhập trực tiếp"
        text += "".join(f", {use}" for use in _uses(item.id))
    if item.kind == "percent" and reading.number is not None:
        text += and_then(count_typed(typed, item, reading.number))
    else:
        text += and_then(_first_finding(typed, item))
    return f"{text}."


# --- a figure ----------------------------------------------------------------------------------


def explain(typed: FormRange, id: str) -> str:
    """Return the sentence that explains the figure of *id* in a range."""
    item = the_form().by_id[id]
    if not item.is_figure:
        return f"{named(id)} là dòng tiêu đề, không có số liệu."
    if item.percent is not None:
        return PercentageExplanation(typed, item).sentence()
    return _plain_figure(typed, item)
