"""Words that people read of a form, shared by all."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping

from xl_automation.forms.form import Form
from xl_automation.forms.indicator import PART_END
from xl_automation.forms.rule import DAYS
from xl_automation.forms.vocabulary import Level, Severity

SEVERITY_LABELS: Mapping[Severity, str] = {"error": "Lỗi", "warning": "Cảnh báo", "info": "Lưu ý"}
UNDECIDED = "không xét được"  # of rules: what they need is blank or unreadable

META_WORDS: Mapping[str, str] = {
    "@from": "từ ngày",
    "@to": "đến ngày",
    "@report_date": "ngày báo cáo",
    "@period_from": "ngày đầu kỳ",
    "@period_to": "ngày cuối kỳ",
    "@report_number": "số báo cáo",
}


def shown_id(form: Form, id: str) -> str:
    """Return what people call a figure, or a date or number of the information sheet.

    ``1.1.a``, ``tử số của 3.3.4``, ``Biểu 06, dòng 1, cột (3)``, ``Biểu 06, tổng cột (3)``.
    """
    if id in META_WORDS:
        return META_WORDS[id]
    if helped := form.helper_ids.get(id):
        return f"{'tử số' if id.endswith(PART_END) else 'mẫu số'} của {helped.id}"
    if id not in form.table_cells:
        return id
    table, column, _ = form.table_cells[id]
    if table.columns == (column,) and not table.has_totals:
        return shown_line(form, id).rstrip(", ")
    return f"{shown_line(form, id)}cột {column.number or f'“{column.label}”'}"


def with_label(form: Form, id: str) -> str:
    """Return a figure with its label: ``1.1.a (Số nhiệm vụ đề ra trong kế hoạch)``.

    Of a helper its label, which nothing else shows; of a table's cell where it stands.
    """
    if helped := form.helper_ids.get(id):
        assert helped.helper is not None
        return helped.helper.label(id)
    if id in form.table_cells:
        return shown_id(form, id)
    return f"{id} ({' '.join(form.by_id[id].label.split()).rstrip('.')})"


def row_name(form: Form, id: str) -> str:
    """Return the name of a figure's row, or of a date; of several lines the first.

    ``Số nhiệm vụ trong kế hoạch``, ``Biểu 06, dòng 1: Đất đai``, ``Biểu 06, tổng``, ``Từ ngày``.
    """
    if id in META_WORDS:
        return META_WORDS[id].capitalize()
    if id in form.table_cells:
        table, _, row = form.table_cells[id]
        printed = f": {table.rows[row - 1]}" if 0 < row <= len(table.rows) else ""
        return f"{shown_line(form, id).rstrip(', ')}{printed}"
    item = form.helper_ids.get(id) or form.by_id[id]
    return item.label.partition("\n")[0]


def is_date(form: Form, id: str) -> bool:
    """Whether a number is a date, which people read as day, month and year."""
    table, _, row = form.table_cells.get(id, (None, None, 0))
    return id in DAYS or (table is not None and table.is_date(row))


def shown_line(form: Form, id: str) -> str:
    """Return how the names of a table's cells begin: ``Biểu 06, dòng 1,``, ``Biểu 06, tổng``."""
    table, _, row = form.table_cells[id]
    return f"{table.sheet}, dòng {row}, " if row else f"{table.sheet}, tổng "


def concerned(form: Form, level: Level) -> str:
    """Return whom a row concerns: ``xã, phường``, ``số chung của cả tỉnh``."""
    if level == "shared":
        return "số chung của cả tỉnh"
    words = [label for name, label in form.levels.items() if level in (name, "both")]
    return "; ".join(words)


def same_text(text: object, other: str) -> bool:
    """Whether two labels are the same, white space and Unicode form aside."""
    return plain_text(text) == plain_text(other)


def plain_text(value: object) -> str:
    """Return *value* as text in which white space and Unicode form do not matter."""
    return " ".join(unicodedata.normalize("NFC", str(value if value is not None else "")).split())
