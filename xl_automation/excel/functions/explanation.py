"""One sentence about a figure: where it comes from, what went wrong.

A percentage that its parts do not give is tried against the other figures of the form: a count
typed in its place, a swapped denominator, a wrong row.
"""

from __future__ import annotations

from collections.abc import Iterator

from xl_automation.excel.functions.form_range import FormRange
from xl_automation.excel.functions.percentage_explanation import PercentageExplanation, guessed
from xl_automation.forms.expression import refs
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show


def explain(figures: FormRange, item: Indicator) -> str:
    """Return the sentence that explains one figure of a range."""
    if not item.is_figure:
        return f"{figures.named(item.id)} là dòng tiêu đề, không có số liệu."
    if item.percent is not None:
        return PercentageExplanation(figures, item).sentence()
    return _plain_figure(figures, item)


def _plain_figure(figures: FormRange, item: Indicator) -> str:
    reading, name = figures.reading(item.id), figures.named(item.id)
    if reading.blank:
        text = f"{name} để trống"
    elif reading.number is None:
        text = f"{name} {figures.typed(reading)}"
    elif item.codes:
        meaning = item.codes.get(int(reading.number)) if reading.number.is_integer() else None
        meaning = meaning or "mã không có trong danh sách"
        text = f"{name} = {show(reading.number)}: {meaning}"
    else:
        unit = (item.unit_means or item.unit).lower()
        text = f"{name} = {show(reading.number)} {unit}, nhập trực tiếp"
        text += "".join(f", {use}" for use in _uses(figures.form, item.id))
    if item.kind == "percent" and reading.number is not None:
        text += guessed(figures, item, reading.number)
    elif finding := _first_finding(figures, item):
        text += f"; {finding}"
    return f"{text}."


def _uses(form: Form, id: str) -> Iterator[str]:
    """Yield what a figure is part of."""
    for item in form.figures:
        if item.percent and not item.helper:
            for node, part in ((item.percent.part, "tử số"), (item.percent.whole, "mẫu số")):
                if id in refs(node):
                    yield f"dùng làm {part} của {item.id}"


def _first_finding(figures: FormRange, item: Indicator) -> str:
    for finding in figures.findings:
        if finding.indicators[:1] == (item.id,):
            return f"cần xem lại: {finding.message.partition('. ')[0].rstrip('.')} [{finding.rule}]"
    return ""
