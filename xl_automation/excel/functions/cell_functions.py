"""Custom functions for cells: thin, and never raising.

Each docstring is Excel's own help, so it is Vietnamese and at most 255 characters. Every function
takes single values or ranges, of any shape, and answers with an array; what cannot be answered
comes back as a sentence in the cell. The add-in's build reads the ``@xw`` lines from this file's
text, so they hold plain literals only. What arrives from cells is in :mod:`cells`.
"""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable
from typing import Any, ParamSpec

import numpy as np
import xlwings as xw

from xl_automation.errors import UserError
from xl_automation.excel.functions import report_files
from xl_automation.excel.functions.arguments import (
    GivenError,
    Grid,
    choose,
    each,
    grid,
    is_blank,
    number,
    numbers,
    pass_error,
    read_id,
    read_path,
    size,
    the_form,
)
from xl_automation.excel.functions.description import ATTRIBUTES, describe
from xl_automation.excel.functions.explanation import explain
from xl_automation.excel.functions.form_range import read_range
from xl_automation.excel.functions.period_lookup import period_answer
from xl_automation.excel.functions.unit_list import missing
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import PLACES, percent
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.xlsx.refusal import Refusal

P = ParamSpec("P")
MAX_PLACES = 10
KINDS = {
    "": "amount",
    "amount": "amount",
    "so tien": "amount",
    "count": "count",
    "so dem": "count",
    "code": "code",
    "ma": "code",
    "percent": "percent",
    "ty le": "percent",
    "ti le": "percent",
    "%": "percent",
}
KIND_WORDS = "số tiền, số đếm, tỷ lệ hoặc mã"
ATTRIBUTE_WORDS = "ten, don_vi, cach_tinh, cap, tong_hop hoặc huong_dan"
METHOD_WORDS = "tong, trung_binh, trung_vi, nho_nhat, lon_nhat hoặc so_don_vi, hoặc bỏ trống"
EXACT = 1e9  # six decimals of a change below this are exact


def answers(function: Callable[P, Grid]) -> Callable[P, Grid]:
    """Return *function* with a sentence for the cell in place of any exception."""

    @functools.wraps(function)
    def in_cell(*args: P.args, **kwargs: P.kwargs) -> Grid:
        try:
            return function(*args, **kwargs)
        except GivenError as error:
            return [[str(error)]]
        except (UserError, Refusal) as reason:
            return [[f"Lỗi: {reason}"]]
        except Exception as error:
            logging.getLogger(__name__).exception("%s failed", function.__name__)
            return [
                [
                    f"Lỗi: hàm {function.__name__} gặp sự cố ({type(error).__name__}). "
                    "Bấm nút Chẩn đoán trên thẻ CCHC."
                ]
            ]

    in_cell.__annotations__ = {}  # xlwings would take the types for converters
    return in_cell


@xw.func(category="CCHC")
@xw.arg("tu_so", ndim=2, err_to_str=True, doc="Phần được đếm: một ô hoặc một vùng.")
@xw.arg("mau_so", ndim=2, err_to_str=True, doc="Tổng số: một ô, hoặc vùng cùng cỡ với tử số.")
@xw.arg("so_le", ndim=2, err_to_str=True, doc="Số chữ số thập phân, từ 0 đến 10; mặc định 2.")
@xw.ret()
@answers
def CCHC_TYLE(tu_so: Any, mau_so: Any, so_le: Any = None) -> Grid:
    """Tỷ lệ phần trăm của tử số trên mẫu số, làm tròn như ROUND.

    Ô trống hoặc mẫu số bằng 0 thì để trống. Vùng cho ra vùng.
    """
    (part, part_text), (whole, whole_text) = numbers(tu_so), numbers(mau_so)
    places = _places(so_le)
    try:
        np.broadcast_shapes(part.shape, whole.shape)
    except ValueError:
        raise UserError(
            f"tử số có {size(part)}, mẫu số có {size(whole)}; "
            "hai vùng phải cùng cỡ, hoặc một trong hai là một ô."
        ) from None
    percents = percent(part, whole, places)
    instead = np.where(part_text == "", whole_text, part_text)
    result: Grid = np.where(np.isnan(percents), instead, percents).tolist()
    return result


def _places(value: Any) -> int:
    pass_error(value)
    (places,), (text,) = (cells[0, :1] for cells in numbers(value))
    if not text and math.isnan(places):
        return PLACES
    if places not in range(MAX_PLACES + 1):
        raise UserError(f"số chữ số thập phân phải là số nguyên từ 0 đến {MAX_PLACES}.")
    return int(places)


@xw.func(category="CCHC")
@xw.arg("van_ban", ndim=2, err_to_str=True, doc="Chữ số kiểu Việt Nam, ví dụ 1.234,5.")
@xw.arg("loai", ndim=2, err_to_str=True, doc="so_tien (mặc định), so_dem, ma hoặc ty_le.")
@xw.ret()
@answers
def CCHC_SO(van_ban: Any, loai: Any = None) -> Grid:
    """Đổi số viết kiểu Việt Nam (chấm ngăn nghìn, phẩy thập phân) thành số của Excel.

    Ô trống thì để trống; chữ không phải số thì báo lỗi.
    """

    def read(text: Any, kind: Any) -> Any:
        found, why_not = number(text, choose(kind, KINDS, "loại", KIND_WORDS))
        return why_not if math.isnan(found) else found

    return each(read, van_ban, loai, optional=1)


@xw.func(category="CCHC")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu trong biểu mẫu, ví dụ 1.1.a.")
@xw.arg(
    "thuoc_tinh",
    ndim=2,
    err_to_str=True,
    doc="ten (mặc định), don_vi, cach_tinh, cap, tong_hop hoặc huong_dan.",
)
@xw.ret()
@answers
def CCHC_CHITIEU(ma: Any, thuoc_tinh: Any = None) -> Grid:
    """Tên, đơn vị tính, cách tính, cấp báo cáo, cách tổng hợp hoặc hướng dẫn ghi của chỉ tiêu."""

    def about(id: Any, attribute: Any) -> str:
        wanted = choose(attribute, ATTRIBUTES, "thuộc tính", ATTRIBUTE_WORDS)
        return describe(_row(id), wanted)

    return each(about, ma, thuoc_tinh, optional=1)


def _row(cell: Any) -> Indicator:
    """Return the row of the form that a cell names."""
    id = read_id(cell)
    if id not in the_form().by_id:
        raise UserError(f"{id} là ô phụ, không phải chỉ tiêu của biểu mẫu.")
    return the_form().by_id[id]


def _figure(cell: Any) -> str:
    """Return the id of the figure that a cell names: a row's, a helper's, a supporting table's."""
    id = read_id(cell)
    if id in the_form().by_id and not the_form().by_id[id].is_figure:
        raise UserError(f"{id} là dòng tiêu đề, không có số liệu.")
    return id


@xw.func(category="CCHC")
@xw.arg(
    "vung",
    ndim=2,
    err_to_str=True,
    doc="Vùng từ cột STT đến cột Số liệu, cả cột Số liệu, hoặc hai cột mã và số liệu.",
)
@xw.ret()
@answers
def CCHC_KIEMTRA(vung: Any) -> Grid:
    """Danh sách các điểm cần xem lại trong vùng số liệu của biểu mẫu, mỗi dòng một điểm."""
    pass_error(vung)
    found = [
        [one.rule, SEVERITY_LABELS[one.severity], ", ".join(one.indicators), one.seen, one.message]
        for one in read_range(vung).findings
    ]
    return found or [["Không có điểm cần xem lại."]]


@xw.func(category="CCHC")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu cần giải thích.")
@xw.arg(
    "vung",
    ndim=2,
    err_to_str=True,
    doc="Vùng từ cột STT đến cột Số liệu, cả cột Số liệu, hoặc hai cột mã và số liệu.",
)
@xw.ret()
@answers
def CCHC_GIAITHICH(ma: Any, vung: Any) -> Grid:
    """Một câu giải thích vì sao chỉ tiêu có số liệu như vậy, kể cả khi lấy nhầm mẫu số."""
    pass_error(vung)
    typed = read_range(vung)
    return each(lambda id: explain(typed, _row(id).id), ma)


@xw.func(category="CCHC")
@xw.arg("tep", ndim=2, err_to_str=True, doc="Đường dẫn đầy đủ của tệp báo cáo, một hoặc nhiều tệp.")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu, một hoặc nhiều mã.")
@xw.ret()
@answers
def CCHC_DOC(tep: Any, ma: Any) -> Grid:
    """Số liệu của chỉ tiêu trong tệp báo cáo đang đóng.

    Các tệp ghi dọc và các mã ghi ngang thì ra bảng: mỗi tệp một dòng, mỗi mã một cột.
    """
    opened = functools.cache(report_files.workbook)  # looked at once for all cells of this call

    def figure(path: Any, id: Any) -> Any:
        return report_files.figure(opened(read_path(path)), _figure(id))

    return each(figure, tep, ma)


@xw.func(category="CCHC")
@xw.arg("thu_muc", ndim=2, err_to_str=True, doc="Thư mục chứa báo cáo của các đơn vị.")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu, một hoặc nhiều mã.")
@xw.arg(
    "cach",
    ndim=2,
    err_to_str=True,
    doc="Trống: theo biểu mẫu; hoặc tong, trung_binh, trung_vi, nho_nhat, lon_nhat, so_don_vi.",
)
@xw.ret()
@answers
def CCHC_TONGHOP(thu_muc: Any, ma: Any, cach: Any = None) -> Grid:
    """Số liệu tổng hợp của chỉ tiêu từ mọi báo cáo trong một thư mục."""
    folders = functools.cache(lambda path: report_files.consolidation([path]))

    def total(folder: Any, id: Any, method: Any) -> Any:
        wanted = choose(method, report_files.METHODS, "cách tổng hợp", METHOD_WORDS)
        return report_files.combined(folders(read_path(folder)), _figure(_row(id).id), wanted)

    return each(total, thu_muc, ma, cach, optional=1)


@xw.func(category="CCHC")
@xw.arg("thu_muc", ndim=2, err_to_str=True, doc="Thư mục chứa báo cáo của các đơn vị.")
@xw.arg(
    "danh_sach",
    ndim=2,
    err_to_str=True,
    doc="Trống: theo biểu mẫu; hoặc vùng hai cột mã, tên; hoặc tệp CSV code,name.",
)
@xw.ret()
@answers
def CCHC_THIEU(thu_muc: Any, danh_sach: Any = None) -> Grid:
    """Các đơn vị chưa gửi báo cáo vào thư mục, mỗi dòng một đơn vị."""
    pass_error(thu_muc)
    folders = [read_path(cell) for row in grid(thu_muc) for cell in row if not is_blank(cell)]
    return missing(folders, grid(danh_sach)) if folders else [[""]]


@xw.func(category="CCHC")
@xw.arg("ky_nay", ndim=2, err_to_str=True, doc="Số liệu kỳ này: một ô hoặc một vùng.")
@xw.arg("ky_truoc", ndim=2, err_to_str=True, doc="Số liệu kỳ trước, cùng cỡ với kỳ này.")
@xw.ret()
@answers
def CCHC_SOSANH(ky_nay: Any, ky_truoc: Any) -> Grid:
    """Mức tăng giảm và tỷ lệ tăng giảm (%) của kỳ này so với kỳ trước: mỗi số cho hai ô."""
    (now, now_text), (then, then_text) = numbers(ky_nay), numbers(ky_truoc)
    try:
        now, then = np.broadcast_arrays(now, then)
    except ValueError:
        raise UserError(
            f"kỳ này có {size(now)}, kỳ trước có {size(then)}; "
            "hai vùng phải cùng cỡ, hoặc một trong hai là một ô."
        ) from None
    with np.errstate(over="ignore", invalid="ignore"):
        change = now - then
        # Whole decimals: 0.3 - 0.1 is not 0.2 to a float.
        change = np.where(np.abs(change) < EXACT, np.round(change, 6), change)
    change[np.isinf(change)] = np.nan
    instead = np.where(now_text == "", then_text, now_text)
    pairs = [
        np.where(np.isnan(answer), instead, answer)
        for answer in (change, percent(change, np.abs(then)))
    ]
    result: Grid = np.stack(pairs, axis=-1).reshape(len(now), -1).tolist()
    return result


@xw.func(category="CCHC")
@xw.arg(
    "ngay",
    ndim=2,
    err_to_str=True,
    doc="Một ngày, hoặc một vùng ngày; cũng có thể là kỳ, ví dụ 2022-6T.",
)
@xw.arg(
    "moc",
    ndim=2,
    err_to_str=True,
    doc="ky (mặc định), tu, den, ten, tat_ca; thêm Q1, 6T, Q3 hoặc N để chọn kỳ.",
)
@xw.ret()
@answers
def CCHC_KY(ngay: Any, moc: Any = None) -> Grid:
    """Kỳ báo cáo chứa một ngày (ví dụ 2022-6T), hoặc ngày đầu, ngày cuối lấy số liệu của kỳ đó.

    Ngày thuộc nhiều kỳ thì lấy kỳ chốt sớm nhất.
    """
    return each(period_answer, ngay, moc, optional=1)
