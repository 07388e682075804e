"""One attribute of an indicator, in words."""

from __future__ import annotations

from xl_automation.excel.functions.arguments import the_form
from xl_automation.forms.expression import spell
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import PLACES
from xl_automation.forms.words import LEVELS

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
            return how(item)
    raise AssertionError(attribute)


def how(item: Indicator) -> str:
    if not item.is_figure:
        return "Dòng tiêu đề, không có số liệu"
    if item.helper:
        helper = item.helper
        return f"Nhập tỷ lệ, hoặc 100 × {helper.part} / {helper.whole} nếu ghi hai số bên phải"
    if item.percent:
        part, whole = (spell(node, named) for node in (item.percent.part, item.percent.whole))
        return f"100 × {part} / {whole}, làm tròn {PLACES} chữ số thập phân"
    if item.codes:
        return "Chọn mã: " + "; ".join(f"{code} = {text}" for code, text in item.codes.items())
    return "Nhập số liệu"


def named(id: str) -> str:
    """Return an id with its label."""
    form = the_form()
    if helped := form.helper_ids.get(id):
        assert helped.helper is not None
        return helped.helper.part if id.endswith(".tu") else helped.helper.whole
    return f"{id} ({describe(form.by_id[id], 'label').rstrip('.')})"
