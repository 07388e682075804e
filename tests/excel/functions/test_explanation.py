"""The sentence that explains a figure: by its parts, or by what is likely to have gone wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.function_calls import ask, block
from xl_automation.excel.functions.form_functions import CCHC_GIAITHICH

FILES = {"3.2.4.a": 6692.0, "3.2.4.b": 50.0}


@pytest.mark.parametrize(
    ("figures", "id", "says"),
    [
        (
            {"6.1": 58.85, "6.1.a": "4.860.000", "6.1.b": "2.860.000"},
            "6.1",
            "6.1 = 58,85 = 100 × 2.860.000 / 4.860.000, tức là "
            "6.1.b (Đã thực hiện) / 6.1.a (Kế hoạch được giao).",
        ),
        (
            {"3.4.2": 99.97, "3.4.2.a": 6695.0, "3.4.2.b": 6690.0, **FILES},
            "3.4.2",
            "99,97 = 100 × 6.690 / 6.692 nếu mẫu số là 3.2.4.a (Tổng số hồ sơ TTHC đã tiếp nhận "
            "(cả trực tiếp và trực tuyến)) thay cho 3.4.2.a (Tổng số hồ sơ TTHC đã giải quyết "
            "xong): có thể đã lấy nhầm mẫu số.",
        ),
        (  # within what the rule lets pass, and still explained
            {"3.4.2": 99.97, "3.4.2.a": 6690.0, "3.4.2.b": 6690.0, **FILES},
            "3.4.2",
            "3.4.2 ghi 99,97; tính lại là 100 = 100 × 6.690 / 6.690",
        ),
        (
            {"3.4.2": 0.75, "3.4.2.a": 6692.0, "3.4.2.b": 6690.0, **FILES},
            "3.4.2",
            "nếu tử số là 3.2.4.b (Số hồ sơ TTHC đã tiếp nhận trực tuyến) thay cho 3.4.2.b",
        ),
        (
            {"3.4.2": 6690.0, "3.4.2.b": 6690.0},
            "3.4.2",
            "3.4.2 ghi 6.690; chưa tính được vì 3.4.2.a (Tổng số hồ sơ TTHC đã giải quyết xong) "
            "còn trống; 6.690 là 3.4.2.b (Số hồ sơ TTHC giải quyết đúng hạn): "
            "đã ghi số lượng vào ô tỷ lệ.",
        ),
        (
            {"3.2.2": 36.0, "3.2.2.a": 40.0, "3.2.2.b": 36.0},
            "3.2.2",
            "36 là 3.2.2.b (Số TTHC đang cung cấp trực tuyến mức độ 4): đã ghi số lượng",
        ),
        (
            {"1.1": 0.5, "1.1.a": 8.0, "1.1.b": 4.0},
            "1.1",
            "0,5 là phần của 1; ô này ghi phần trăm, tức là 50.",
        ),
        (
            {"1.1": 200.0, "1.1.a": 8.0, "1.1.b": 4.0},
            "1.1",
            "200 = 100 × 8 / 4: có thể đã đảo tử số và mẫu số.",
        ),
        (
            {"1.1": 58.9, "1.1.a": 486.0, "1.1.b": 286.0},
            "1.1",
            "1.1 ghi 58,9, là 58,85 làm tròn; 58,85 = 100 × 286 / 486, tức là",
        ),
        (
            {"1.1": 58.7, "1.1.a": 486.0, "1.1.b": 286.0},
            "1.1",
            "lệch không quá 0,5 điểm phần trăm.",
        ),
        (
            {"3.2.4": 62.5, "3.2.4.a": 8.0, "3.2.4.b": 1.0, "3.4.2.a": 16.0, "3.4.2.b": 10.0},
            "3.2.4",
            "62,5 bằng đúng 3.4.2 (Tỷ lệ hồ sơ TTHC do UBND cấp xã tiếp nhận được giải quyết "
            "đúng hạn): có thể đã ghi nhầm dòng.",
        ),
        ({"1.1": 37.0, "1.1.a": 8.0, "1.1.b": 4.0}, "1.1", "1.1 ghi 37; tính lại là 50 = 100 ×"),
        ({"1.1": None, "1.1.a": 8.0, "1.1.b": 4.0}, "1.1", "1.1 để trống; tính lại là 50 ="),
        ({"1.1": "abc", "1.1.a": 8.0, "1.1.b": 4.0}, "1.1", "1.1 ghi “abc”, không phải là số; "),
        ({"1.1.a": 8.0, "1.1.b": 4.0}, "1.1", "1.1 = 50 = 100 × 4 / 8, tức là 1.1.b"),
        ({"1.1.a": 0.0, "1.1.b": 0.0}, "1.1", "1.1 để trống: không phát sinh, vì mẫu số 1.1.a ("),
        ({"1.1.a": "-", "1.1.b": 0.0}, "1.1", "chưa tính được vì 1.1.a (Số nhiệm vụ đề ra trong"),
        ({"1.1.a": 8.0}, "1.1", "1.1 để trống: chưa tính được vì 1.1.b ("),
        ({"4.1.5.a": 40.0, "4.1.5.b": 30.0}, "4.1.5", "4.1.5 = 25 = 100 × (40 − 30) / 40, tức là"),
        (
            {"3.3.5": 36.0, "3.2.2.b": 36.0},
            "3.3.5",
            "3.3.5 = 36 %, nhập trực tiếp, không có tử số và mẫu số để tính lại; 36 bằng đúng "
            "3.2.2.b (Số TTHC đang cung cấp trực tuyến mức độ 4): "
            "có thể đã ghi số lượng vào ô tỷ lệ.",
        ),
        ({"3.3.4": 103.0}, "3.3.4", "tỷ lệ vượt quá 100: có thể đã ghi số lượng vào ô tỷ lệ."),
        ({"3.3.4": 80.0}, "3.3.4", "3.3.4 = 80 %, nhập trực tiếp, không có tử số và mẫu số"),
        ({"1.1": 1.0}, "3.3.4", "3.3.4 để trống; nhập tỷ lệ, hoặc 100 × Số TTHC đã phê duyệt"),
        (
            {"3.3.4.tu": 1.0, "3.3.4.mau": 8.0},
            "3.3.4",
            "3.3.4 = 12,5 = 100 × 1 / 8, tức là Số TTHC",
        ),
        ({"7.5.1": 675.0}, "7.5.1", " = 675 %, nhập trực tiếp; tỷ lệ vượt quá 100: có thể"),
        (
            {"1.1.a": 8.0, "1.1.b": 4.0},
            "1.1.a",
            "1.1.a (Số nhiệm vụ đề ra trong kế hoạch) = 8 nhiệm vụ, nhập trực tiếp, "
            "dùng làm mẫu số của 1.1.",
        ),
        ({"1.4.1": 100.0, "1.4.2": 1.0}, "1.4.1", " = 100 phiếu, nhập trực tiếp."),
        (
            {"1.1.a": 8.0, "1.1.b": 9.0},
            "1.1.b",
            "; cần xem lại: số nhiệm vụ hoàn thành lớn hơn số nhiệm vụ trong kế hoạch [C-1.1].",
        ),
        ({"1.4.2": 1.0, "1.4.1": 5.0}, "1.4.2", "1.4.2 (Hình thức khảo sát) = 1: Phát phiếu."),
        ({"1.4.2": 7.0, "1.4.1": 5.0}, "1.4.2", " = 7: mã không có trong danh sách; cần xem lại"),
        ({"2.2": "-"}, "2.2", " ghi “-”, không phải là số; cần xem lại: "),
        ({"2.2": "kad"}, "2.2", " ghi không áp dụng (KAD)."),
        ({"2.3": "CCS"}, "2.3", " ghi chưa có số liệu (CCS); cần xem lại: chưa có số liệu"),
        (
            {"1.1.a": "GOP", "1.1.b": 4.0},
            "1.1",
            "1.1 để trống: chưa tính được vì 1.1.a (Số nhiệm vụ đề ra trong kế hoạch) "
            "ghi gộp ở dòng khác (GOP).",
        ),
        ({"3.3.4": "KAD"}, "3.3.4", "3.3.4 ghi không áp dụng (KAD); "),
        ({"1.1": 1.0}, "2.1", "2.1 (Số VBQPPL do HĐND, UBND cấp huyện đã ban hành) để trống."),
        ({"1.1": 1.0}, "3.1", "3.1 (Thống kê TTHC) là dòng tiêu đề, không có số liệu."),
        ({"1.1": 1.0}, "9.9", "Lỗi: không có chỉ tiêu “9.9” trong biểu mẫu."),
        ({"1.1": 1.0}, "#N/A", "#N/A"),
    ],
)
def test_explanation(figures: dict[str, Any], id: str, says: str) -> None:
    """A figure is explained by its parts, or by what is likely to have gone wrong."""
    answer = ask(CCHC_GIAITHICH, id, [[name, value] for name, value in figures.items()])
    assert says in answer


@pytest.mark.parametrize("stated", [0.0, 100.0])
def test_explanation_does_not_guess_from_0_or_100(stated: float) -> None:
    """Too many figures give 0 or 100 for that to say anything."""
    figures = {"3.4.2": stated, "3.4.2.a": 8.0, "3.4.2.b": 6.0, "3.2.4.a": 6.0, "3.2.4.b": 0.0}
    answer = ask(CCHC_GIAITHICH, "3.4.2", [[id, value] for id, value in figures.items()])
    assert "có thể" not in answer


def test_explanation_of_every_row() -> None:
    """Every row of a consistent report is explained, none as a fault."""
    answers = CCHC_GIAITHICH([[item.id] for item in FORM.indicators], block(COMMUNE))
    assert all(text.endswith(".") for (text,) in answers)
    faults = ("Lỗi", "cần xem lại", "nhầm")
    assert not [text for (text,) in answers if any(fault in text for fault in faults)]
