"""What a figure's cell says before and after it is typed into."""

from __future__ import annotations

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.rule import Rule
from xl_automation.forms.validity import MAX_PROMPT
from xl_automation.template import positions
from xl_automation.template.form_workbook import FormWorkbook
from xl_automation.template.rules_sheet import NOT_OWED

# The rule that says what a cell of a kind may hold, for the message of its validation.
RANGE_RULES = ("F01", "F05", "F04", "F06", "F09")


def lowest(form: Form, item: Indicator) -> int:
    """Return the lowest figure of a row: changes in per cent may be negative."""
    rule = range_rule(form, item)
    return -100 if rule and rule.id == "F05" else 0


def range_rule(form: Form, item: Indicator) -> Rule | None:
    for id in RANGE_RULES:
        for rule in form.rules:
            if rule.id == id and item.id in rule.each:
                return rule
    return None


def as_sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def prompt(draft: FormWorkbook, item: Indicator) -> str:
    """Return the input message of a cell: what is entered, in which unit, with an example.

    What does not fit is left out from the end, a sentence at a time.
    """
    unit = item.unit_means or item.unit
    codes = "; ".join(f"{code} = {text}" for code, text in item.codes.items())
    kinds = {
        "count": f"Số nguyên, đơn vị: {unit}. Không phát sinh ghi 0.",
        "amount": f"Số tiền, đơn vị: {unit}, ví dụ 4860.",
        "percent": f"Tỷ lệ từ {lowest(draft.form, item)} đến 100, ví dụ 58,85.",
        "code": f"Chọn mã: {codes}.",
    }
    sentences = [
        "" if item.concerns(draft.level) else f"{NOT_OWED}.",
        kinds[item.kind] if item.concerns(draft.level) else "",
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
