"""What a figure's cell says before and after it is typed into."""

from __future__ import annotations

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain, show
from xl_automation.forms.validity import MAX_PROMPT
from xl_automation.template import positions
from xl_automation.template.form_workbook import MAX_COUNT, FormWorkbook
from xl_automation.template.rules_sheet import NOT_OWED


def limits(form: Form, item: Indicator) -> tuple[float, float]:
    """Return the lowest and the highest number that the cell of a row takes."""
    _, bounds = form.range_rule(item.id)
    lowest = -MAX_COUNT if bounds.lowest is None else plain(bounds.lowest)
    return lowest, MAX_COUNT if bounds.highest is None else plain(bounds.highest)


def refusal(book: FormWorkbook, item: Indicator) -> str:
    """Return what a cell says to a figure that it does not take: its rule, or else its prompt."""
    rule, _ = book.form.range_rule(item.id)
    if rule is None:
        return prompt(book, item)
    return rule.words[:1].upper() + rule.words[1:]


def prompt(book: FormWorkbook, item: Indicator) -> str:
    """Return the input message of a cell: what is entered, in which unit, with an example.

    What does not fit is left out from the end, a sentence at a time.
    """
    unit = item.unit_means or item.unit
    codes = "; ".join(f"{code} = {text}" for code, text in item.codes.items())
    kinds = {
        "count": f"Số nguyên, đơn vị: {unit}. Không phát sinh ghi 0.",
        "amount": f"Số tiền, đơn vị: {unit}, ví dụ 4860.",
        "percent": f"{_percentage(book.form, item)}, ví dụ 58,85.",
        "code": f"Chọn mã: {codes}.",
    }
    sentences = [
        "" if item.concerns(book.level) else f"{NOT_OWED}.",
        kinds[item.kind] if item.concerns(book.level) else "",
        item.help,
        "Không ghi số lượng." if item.kind == "percent" else "",
        f"Chưa có tỷ lệ: ghi tử số, mẫu số ở cột {positions.PART}, {positions.WHOLE}."
        if item.helper
        else "",
    ]
    text = ""
    for sentence in filter(None, sentences):
        longer = f"{text} {sentence}".strip()
        text = longer if len(longer) <= MAX_PROMPT else text
    return text


def _percentage(form: Form, item: Indicator) -> str:
    _, bounds = form.range_rule(item.id)
    if bounds.lowest is None or bounds.highest is None:
        return "Tỷ lệ phần trăm"
    return f"Tỷ lệ từ {show(bounds.lowest)} đến {show(bounds.highest)}"
