"""Custom functions for cells: thin, and never raising.

Each docstring is Excel's own help, so it is Vietnamese and at most 255 characters. Every function
takes single values or ranges, of any shape, and answers with an array; what cannot be answered
comes back as a sentence in the cell. The add-in's build reads the ``@xw`` lines from this file's
text, so they hold plain literals only.

Cells arrive from xlwings as float, text, bool, datetime, Decimal (currency), None (blank), or, for
errors, text such as ``#N/A``.
"""

from __future__ import annotations

import functools
import logging
import math
from collections.abc import Callable
from decimal import Decimal
from types import NoneType
from typing import Any, ParamSpec

import numpy as np
import numpy.typing as npt
import xlwings as xw

from xl_automation.derive import PLACES, Floats, percent
from xl_automation.numbers import read_number
from xl_automation.refusal import Refusal

P = ParamSpec("P")
Grid = list[list[Any]]  # cells, row by row
Objects = npt.NDArray[np.object_]

MAX_PLACES = 10
ERRORS = frozenset(
    {"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A", "#GETTING_DATA", "#SPILL!"}
)


class CannotAnswer(Exception):
    """A question that makes no sense; the message is what the cell shows."""


def answers(function: Callable[P, Grid]) -> Callable[P, Grid]:
    """Return *function* with a sentence for the cell in place of any exception."""

    @functools.wraps(function)
    def in_cell(*args: P.args, **kwargs: P.kwargs) -> Grid:
        try:
            return function(*args, **kwargs)
        except (CannotAnswer, Refusal) as reason:
            return [[f"Lỗi: {reason}"]]
        except NotImplementedError:
            return [[f"Lỗi: hàm {function.__name__} chưa có trong phiên bản này."]]
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


def grid(value: Any) -> Grid:
    """Return *value* as rows of cells: a single value is one cell, a flat list one row."""
    if isinstance(value, Decimal):
        return [[float(value)]]
    if not isinstance(value, (list, tuple)):
        return [[value]]
    rows = value if value and isinstance(value[0], (list, tuple)) else [value]
    return [[float(cell) if type(cell) is Decimal else cell for cell in row] for row in rows]


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
    (part, part_text), (whole, whole_text) = _numbers(tu_so), _numbers(mau_so)
    places = _places(so_le)
    try:
        np.broadcast_shapes(part.shape, whole.shape)
    except ValueError:
        raise CannotAnswer(
            f"tử số có {_size(part)}, mẫu số có {_size(whole)}; "
            "hai vùng phải cùng cỡ, hoặc một trong hai là một ô."
        ) from None
    percents = percent(part, whole, places)
    instead = np.where(part_text == "", whole_text, part_text)
    result: Grid = np.where(np.isnan(percents), instead, percents).tolist()
    return result


def _numbers(value: Any) -> tuple[Floats, Objects]:
    """Return cells as floats, NaN where there is none, and the text that says why ("" if blank)."""
    cells = np.array(grid(value), dtype=object)
    if set(map(type, cells.flat)) <= {float, NoneType}:  # the usual range, quickly
        return cells.astype(float), np.full(cells.shape, "", dtype=object)
    numbers, texts = np.frompyfunc(_number, 1, 2)(cells)
    return numbers.astype(float), texts


def _number(cell: Any) -> tuple[float, str]:
    reading = read_number(cell, "amount")
    if reading.number is not None:
        return reading.number, ""
    if reading.text is None or reading.text in ERRORS:
        return math.nan, reading.text or ""
    return math.nan, f"Lỗi: “{reading.text}” không phải là số."


def _size(cells: Floats) -> str:
    rows, columns = cells.shape
    return f"{rows} dòng × {columns} cột"


def _places(value: Any) -> int:
    (places,), (text,) = (cells[0, :1] for cells in _numbers(value))
    if not text and math.isnan(places):
        return PLACES
    if places not in range(MAX_PLACES + 1):
        raise CannotAnswer(f"số chữ số thập phân phải là số nguyên từ 0 đến {MAX_PLACES}.")
    return int(places)


@xw.func(category="CCHC")
@xw.arg("van_ban", ndim=2, err_to_str=True, doc="Chữ số kiểu Việt Nam, ví dụ 1.234,5.")
@xw.arg("loai", ndim=2, err_to_str=True, doc="count, amount, code hoặc percent; mặc định amount.")
@xw.ret()
@answers
def CCHC_SO(van_ban: Any, loai: Any = None) -> Grid:
    """Đổi số viết kiểu Việt Nam (chấm ngăn nghìn, phẩy thập phân) thành số của Excel.

    Ô trống thì để trống; chữ không phải số thì báo lỗi.
    """
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu trong biểu mẫu, ví dụ 1.1.a.")
@xw.arg("thuoc_tinh", ndim=2, err_to_str=True, doc="ten, don_vi, cach_tinh hoặc cap; mặc định ten.")
@xw.ret()
@answers
def CCHC_CHITIEU(ma: Any, thuoc_tinh: Any = None) -> Grid:
    """Tên, đơn vị tính, cách tính hoặc cấp báo cáo của một chỉ tiêu trong biểu mẫu."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg(
    "vung", ndim=2, err_to_str=True, doc="Vùng số liệu của biểu mẫu, từ cột STT đến cột Số liệu."
)
@xw.ret()
@answers
def CCHC_KIEMTRA(vung: Any) -> Grid:
    """Danh sách các điểm cần xem lại trong vùng số liệu của biểu mẫu, mỗi dòng một điểm."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu cần giải thích.")
@xw.arg(
    "vung", ndim=2, err_to_str=True, doc="Vùng số liệu của biểu mẫu, từ cột STT đến cột Số liệu."
)
@xw.ret()
@answers
def CCHC_GIAITHICH(ma: Any, vung: Any) -> Grid:
    """Một câu giải thích vì sao chỉ tiêu có số liệu như vậy, kể cả khi lấy nhầm mẫu số."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("tep", ndim=2, err_to_str=True, doc="Đường dẫn tệp báo cáo, một hoặc nhiều tệp.")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu, một hoặc nhiều mã.")
@xw.ret()
@answers
def CCHC_DOC(tep: Any, ma: Any) -> Grid:
    """Số liệu của chỉ tiêu trong tệp báo cáo đang đóng; mỗi tệp một dòng, mỗi mã một cột."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("thu_muc", ndim=2, err_to_str=True, doc="Thư mục chứa báo cáo của các đơn vị.")
@xw.arg("ma", ndim=2, err_to_str=True, doc="Mã chỉ tiêu, một hoặc nhiều mã.")
@xw.arg("cach", ndim=2, err_to_str=True, doc="Cách tổng hợp; bỏ trống thì theo biểu mẫu.")
@xw.ret()
@answers
def CCHC_TONGHOP(thu_muc: Any, ma: Any, cach: Any = None) -> Grid:
    """Số liệu tổng hợp của chỉ tiêu từ mọi báo cáo trong một thư mục."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("thu_muc", ndim=2, err_to_str=True, doc="Thư mục chứa báo cáo của các đơn vị.")
@xw.arg("danh_sach", ndim=2, err_to_str=True, doc="Danh sách đơn vị: vùng ô, hoặc tệp CSV mã,tên.")
@xw.ret()
@answers
def CCHC_THIEU(thu_muc: Any, danh_sach: Any = None) -> Grid:
    """Các đơn vị chưa gửi báo cáo vào thư mục, mỗi dòng một đơn vị."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("ky_nay", ndim=2, err_to_str=True, doc="Số liệu kỳ này: một ô hoặc một vùng.")
@xw.arg("ky_truoc", ndim=2, err_to_str=True, doc="Số liệu kỳ trước, cùng cỡ với kỳ này.")
@xw.ret()
@answers
def CCHC_SOSANH(ky_nay: Any, ky_truoc: Any) -> Grid:
    """Mức tăng giảm và tỷ lệ tăng giảm (%) của kỳ này so với kỳ trước: mỗi dòng hai ô."""
    raise NotImplementedError


@xw.func(category="CCHC")
@xw.arg("ngay", ndim=2, err_to_str=True, doc="Một ngày, hoặc một vùng ngày.")
@xw.arg("moc", ndim=2, err_to_str=True, doc="ky, tu hoặc den; mặc định ky.")
@xw.ret()
@answers
def CCHC_KY(ngay: Any, moc: Any = None) -> Grid:
    """Kỳ báo cáo của một ngày (ví dụ 2022-6T), hoặc ngày đầu, ngày cuối lấy số liệu của kỳ đó."""
    raise NotImplementedError
