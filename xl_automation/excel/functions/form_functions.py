"""Custom functions about a form: its rows and periods, and figures that stand in a range.

The form is the one whose labels a range holds, else the one that the workbook in front names.
"""

from __future__ import annotations

from typing import Any

from xl_automation.excel.functions.arguments import choose
from xl_automation.excel.functions.book_in_front import form_in_front
from xl_automation.excel.functions.cell_function import cell_function
from xl_automation.excel.functions.description import ATTRIBUTES, describe
from xl_automation.excel.functions.explanation import explain
from xl_automation.excel.functions.form_ids import row_named
from xl_automation.excel.functions.form_range import read_range
from xl_automation.excel.functions.grid import Grid, each, pass_error
from xl_automation.excel.functions.period_lookup import period_answer
from xl_automation.forms.words import SEVERITY_LABELS

ATTRIBUTE_WORDS = "ten, don_vi, cach_tinh, cap, tong_hop hoặc huong_dan"
RANGE_HELP = "Vùng từ cột STT đến cột Số liệu, cả cột Số liệu, hoặc hai cột mã và số liệu."


@cell_function(
    ma="Mã chỉ tiêu trong biểu mẫu, ví dụ 1.1.a.",
    thuoc_tinh="ten (mặc định), don_vi, cach_tinh, cap, tong_hop hoặc huong_dan.",
)
def CCHC_CHITIEU(ma: Any, thuoc_tinh: Any = None) -> Grid:
    """Tên, đơn vị tính, cách tính, cấp báo cáo, cách tổng hợp hoặc hướng dẫn ghi của chỉ tiêu."""
    form = form_in_front()

    def about(id: Any, attribute: Any) -> str:
        wanted = choose(attribute, ATTRIBUTES, "thuộc tính", ATTRIBUTE_WORDS)
        return describe(form, row_named(form, id), wanted)

    return each(about, ma, thuoc_tinh, optional=1)


@cell_function(vung=RANGE_HELP)
def CCHC_KIEMTRA(vung: Any) -> Grid:
    """Danh sách các điểm cần xem lại trong vùng số liệu của biểu mẫu, mỗi dòng một điểm."""
    pass_error(vung)
    lines = [
        [
            finding.rule,
            SEVERITY_LABELS[finding.severity],
            ", ".join(finding.indicators),
            finding.seen,
            finding.message,
        ]
        for finding in read_range(vung, form_in_front()).findings
    ]
    return lines or [["Không có điểm cần xem lại."]]


@cell_function(ma="Mã chỉ tiêu cần giải thích.", vung=RANGE_HELP)
def CCHC_GIAITHICH(ma: Any, vung: Any) -> Grid:
    """Một câu giải thích vì sao chỉ tiêu có số liệu như vậy, kể cả khi lấy nhầm mẫu số."""
    pass_error(vung)
    figures = read_range(vung, form_in_front())
    return each(lambda id: explain(figures, row_named(figures.form, id)), ma)


@cell_function(
    ngay="Một ngày, hoặc một vùng ngày; cũng có thể là kỳ, ví dụ 2022-6T.",
    moc="ky (mặc định), tu, den, ten, tat_ca; thêm Q1, 6T, Q3 hoặc N để chọn kỳ.",
)
def CCHC_KY(ngay: Any, moc: Any = None) -> Grid:
    """Kỳ báo cáo chứa một ngày (ví dụ 2022-6T), hoặc ngày đầu, ngày cuối lấy số liệu của kỳ đó.

    Ngày thuộc nhiều kỳ thì lấy kỳ biểu mẫu xếp trước: quý, rồi 6, 9 tháng, năm, tháng.
    """
    form = form_in_front()
    return each(lambda day, wanted: period_answer(form, day, wanted), ngay, moc, optional=1)
