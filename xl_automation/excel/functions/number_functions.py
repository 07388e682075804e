"""Custom functions over numbers in cells; they need no form, but to tell its codes for none."""

from __future__ import annotations

import math
from itertools import chain
from typing import Any

import numpy as np

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import choose, chosen, numbers, numbers_or_reasons
from xl_automation.excel.functions.cell_function import cell_function
from xl_automation.excel.functions.grid import Grid, each, grid, in_rows, pass_error, size
from xl_automation.forms.percentage import PLACES, percent

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
EXACT = 1e9  # six decimals of a change below this are exact


@cell_function(
    tu_so="Phần được đếm: một ô hoặc một vùng.",
    mau_so="Tổng số: một ô, hoặc vùng cùng cỡ với tử số.",
    so_le="Số chữ số thập phân, từ 0 đến 10; mặc định 2.",
)
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


@cell_function(
    van_ban="Chữ số kiểu Việt Nam, ví dụ 1.234,5.",
    loai="so_tien (mặc định), so_dem, ma hoặc ty_le.",
)
def CCHC_SO(van_ban: Any, loai: Any = None) -> Grid:
    """Đổi số viết kiểu Việt Nam (chấm ngăn nghìn, phẩy thập phân) thành số của Excel.

    Ô trống thì để trống; chữ không phải số thì báo lỗi.
    """

    def read(text: Any, kind: Any) -> Any:
        return numbers_or_reasons([text], choose(kind, KINDS, "loại", KIND_WORDS))[0]

    texts, kinds = grid(van_ban), grid(loai)
    known = chosen(kinds[0][0], KINDS) if len(kinds) == len(kinds[0]) == 1 else None
    if known is None:  # several kinds, or none that there is
        return each(read, texts, kinds, optional=1)
    return in_rows(numbers_or_reasons(list(chain.from_iterable(texts)), known), len(texts[0]))


@cell_function(
    ky_nay="Số liệu kỳ này: một ô hoặc một vùng.",
    ky_truoc="Số liệu kỳ trước, cùng cỡ với kỳ này.",
)
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
