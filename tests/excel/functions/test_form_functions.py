"""What the custom functions about a form's rows and periods answer."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from tests.support.builders import FORM
from tests.support.function_calls import ask
from xl_automation.excel.functions.form_functions import CCHC_CHITIEU, CCHC_KY

# --- CCHC_CHITIEU ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "attribute", "answer"),
    [
        ("1.1.a", None, "Số nhiệm vụ đề ra trong kế hoạch"),
        ("1.1.a", "đơn vị", "Nhiệm vụ"),
        ("1.1.a", "cap", "xã, phường; thành phố, thị xã, huyện"),
        ("1.1.a", "Cách tính", "Nhập số liệu"),
        ("1.1.a", "tổng hợp", "cộng các đơn vị"),
        ("1.2.3", "huong_dan", ""),
        (
            "1.1",
            "cach_tinh",
            "100 × 1.1.b (Số nhiệm vụ đã hoàn thành) / 1.1.a (Số nhiệm vụ đề ra trong kế hoạch), "
            "làm tròn 2 chữ số thập phân",
        ),
        ("1.4.2", "cach_tinh", "Chọn mã: 0 = Trực tiếp; 1 = Phát phiếu; 2 = Kết hợp"),
        ("1", "cach_tinh", "Dòng tiêu đề, không có số liệu"),
        (1.1, "don_vi", "%"),  # Excel makes a number of the id
        (3.0, "cap", ""),
        ("1.1.", "don_vi", "%"),  # as printed
        ("CT_1.1.A", "don_vi", "Nhiệm vụ"),  # as the cell is named
        (None, None, ""),
        ("#REF!", None, "#REF!"),
        ("9.9", None, "Lỗi: không có chỉ tiêu “9.9” trong biểu mẫu."),
        ("3.3.4.tu", None, "Lỗi: 3.3.4.tu là ô phụ, không phải chỉ tiêu của biểu mẫu."),
        (
            datetime(2001, 4, 1),
            None,
            "Lỗi: mã đã bị Excel đổi thành ngày 01/04/2001; "
            "định dạng ô là Văn bản (Text) rồi ghi lại mã.",
        ),
    ],
    ids=repr,
)
def test_indicator(id: Any, attribute: Any, answer: str) -> None:
    """An indicator's attributes are those of the form."""
    if id == "1.4.2":
        codes = FORM.by_id["1.4.2"].codes
        answer = "Chọn mã: " + "; ".join(f"{code} = {text}" for code, text in codes.items())
    assert ask(CCHC_CHITIEU, id, attribute) == answer


@pytest.mark.parametrize(
    "attribute", ["ten", "don_vi", "cach_tinh", "cap", "tong_hop", "huong_dan"]
)
def test_every_attribute_of_every_indicator_is_text(attribute: str) -> None:
    """No row of the form is without its description."""
    answers = CCHC_CHITIEU([[item.id] for item in FORM.indicators], attribute)
    assert all(isinstance(text, str) and not text.startswith("Lỗi") for (text,) in answers)
    if attribute in ("ten", "cach_tinh", "tong_hop"):
        assert all(text for (text,) in answers)


def test_unknown_attribute_names_the_known_ones() -> None:
    """A wrong attribute is answered by the list of them."""
    assert ask(CCHC_CHITIEU, "1.1", "màu") == (
        "Lỗi: không có thuộc tính “màu”; ghi ten, don_vi, cach_tinh, cap, tong_hop hoặc huong_dan."
    )


# --- CCHC_KY -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "wanted", "answer"),
    [
        (datetime(2022, 2, 1), None, "2022-Q1"),
        (datetime(2021, 12, 14), None, "2021-Q4"),
        (datetime(2021, 12, 15), None, "2022-Q1"),
        (datetime(2022, 3, 14), None, "2022-Q1"),
        (datetime(2022, 3, 15), None, "2022-Q2"),
        (datetime(2022, 6, 14, 23, 59), None, "2022-Q2"),
        (datetime(2022, 6, 15), None, "2022-Q3"),
        (datetime(2022, 9, 15), None, "2022-Q4"),
        (44910.0, None, "2023-Q1"),  # 15/12/2022 as a number
        ("15/6/2022", None, "2022-Q3"),
        ("2022-06-15", None, "2022-Q3"),
        (datetime(2022, 2, 1), "tat_ca", "2022-Q1, 2022-6T, 2022-9T, 2022-N, 2022-T02"),
        (datetime(2022, 2, 1), "tất cả", "2022-Q1, 2022-6T, 2022-9T, 2022-N, 2022-T02"),
        (datetime(2022, 2, 1), "6T", "2022-6T"),
        (datetime(2022, 2, 1), "T02 den", datetime(2022, 2, 14)),
        (datetime(2022, 2, 1), "tu", datetime(2021, 12, 15)),
        (datetime(2022, 2, 1), "den", datetime(2022, 3, 14)),
        (datetime(2022, 2, 1), "N đến", datetime(2022, 12, 14)),
        (datetime(2022, 2, 1), "ten", "Quý I năm 2022"),
        ("2022-6T", "từ ngày", datetime(2021, 12, 15)),
        ("2022-6t", "ten", "6 tháng đầu năm 2022"),
        (None, None, ""),
        ("#N/A", "tu", "#N/A"),
        (
            datetime(2022, 2, 1),
            "Q3",
            "Lỗi: “01/02/2022” không thuộc kỳ Q3; chỉ thuộc Q1, 6T, 9T, N, T02.",
        ),
        (True, None, "Lỗi: “TRUE” không phải là ngày; ghi như 15/6/2022, hoặc kỳ như 2022-Q2."),
        (
            "31/2/2022",
            None,
            "Lỗi: “31/2/2022” không phải là ngày; ghi như 15/6/2022, hoặc kỳ như 2022-Q2.",
        ),
        (datetime(9999, 12, 31), None, "Lỗi: ngày 31/12/9999 không thuộc kỳ báo cáo nào."),
        ("1800-N", None, "Lỗi: Excel không có ngày của kỳ “1800-N”."),
        (
            datetime(2022, 2, 1),
            "giữa",
            "Lỗi: không có mốc “giữa”; ghi ky, tu, den, ten hoặc tat_ca; "
            "thêm Q1, Q2, 6T, Q3, 9T, Q4, N, T01, T02, T03, T04, T05, T06, T07, T08, T09, T10, "
            "T11, T12 để chọn loại kỳ, ví dụ “Q2 tu”.",
        ),
    ],
    ids=repr,
)
def test_period(day: Any, wanted: Any, answer: Any) -> None:
    """A date lies in up to five periods; the one whose kind the form states first is meant."""
    assert ask(CCHC_KY, day, wanted) == answer


@pytest.mark.parametrize("year", [2022, 2024])
def test_period_of_every_day_holds_that_day(year: int) -> None:
    """Every day has a period, and lies in its window."""
    days = [[float(serial)] for serial in range(44562, 44562 + 366)]
    codes, starts, ends = (CCHC_KY(days, wanted) for wanted in (None, "tu", "den"))
    for (day,), (code,), (start,), (end,) in zip(days, codes, starts, ends, strict=True):
        serials = [(moment - datetime(1899, 12, 30)).days for moment in (start, end)]
        assert serials[0] <= day <= serials[1]
        assert FORM.period(code).window == (start.date(), end.date())
