"""One attribute of an indicator, in words."""

from __future__ import annotations

from functools import partial

from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.expression import spell
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import PLACES
from xl_automation.forms.words import concerned, with_label

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


def describe(form: Form, item: Indicator, attribute: str) -> str:
    """Return one attribute (see ``ATTRIBUTES``) of an indicator; "" where it has none."""
    match attribute:
        case "label":
            return " ".join(item.label.split())
        case "unit":
            return item.unit
        case "level":
            return concerned(form, item.level) if item.is_figure else ""
        case "aggregate":
            return aggregate_of(item).words.format(city=form.city)
        case "help":
            return item.help
        case "how":
            return how(form, item)
    raise AssertionError(attribute)


def how(form: Form, item: Indicator) -> str:
    """Return how an indicator's figure comes about."""
    if not item.is_figure:
        return "Dòng tiêu đề, không có số liệu"
    if item.helper:
        helper = item.helper
        return f"Nhập tỷ lệ, hoặc 100 × {helper.part} / {helper.whole} nếu ghi hai số bên phải"
    if item.percent:
        part, whole = (
            spell(node, partial(with_label, form))
            for node in (item.percent.part, item.percent.whole)
        )
        return f"100 × {part} / {whole}, làm tròn {PLACES} chữ số thập phân"
    if item.codes:
        return "Chọn mã: " + "; ".join(f"{code} = {text}" for code, text in item.codes.items())
    return "Nhập số liệu"
