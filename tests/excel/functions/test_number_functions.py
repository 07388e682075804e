"""What the custom functions over numbers answer.

Requirements: single values or ranges in, arrays of the same shape out; blanks, text numbers and
Excel errors by the rules of ``numbers``; a question that makes no sense is answered by a sentence.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.support.function_calls import ask
from xl_automation.excel.functions.number_functions import CCHC_SO, CCHC_SOSANH, CCHC_TYLE

# --- CCHC_TYLE ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((1.0, 8.0), [[12.5]]),
        ((2860000.0, 4860000.0), [[58.85]]),
        ((1.0, 800.0, 2.0), [[0.13]]),  # a tie: away from zero
        ((1.0, 8.0, 0.0), [[13.0]]),
        ((-1.0, 800.0), [[-0.13]]),
        ((None, 8.0), [[""]]),
        ((1.0, None), [[""]]),
        ((1.0, 0.0), [[""]]),
        ((0.0, 0.0), [[""]]),
        (("", 8.0), [[""]]),
        (("4.860.000", "9.720.000"), [[50.0]]),
        ((Decimal("2.5"), 10.0), [[25.0]]),
        (("#DIV/0!", 8.0), [["#DIV/0!"]]),
        ((1.0, "#N/A"), [["#N/A"]]),
        (("#REF!", "#N/A"), [["#REF!"]]),
        (("ba", 8.0), [["Lỗi: “ba” không phải là số."]]),
        ((4.0, "GOP"), [["Lỗi: GOP nghĩa là gộp ở dòng khác, không phải là số."]]),
        ((True, 8.0), [["Lỗi: “TRUE” không phải là số."]]),
        (([[1.0], [None], ["#N/A"]], 8.0), [[12.5], [""], ["#N/A"]]),
        (([[1.0, 2.0]], [[4.0, 4.0]]), [[25.0, 50.0]]),
        (([1.0, 2.0], 4.0), [[25.0, 50.0]]),
        (([[1.0, 2.0]], [[4.0], [8.0]]), [[25.0, 50.0], [12.5, 25.0]]),
        ((1.0, 8.0, None), [[12.5]]),
    ],
    ids=repr,
)
def test_percentage_answers(arguments: tuple[Any, ...], answer: list[list[Any]]) -> None:
    """A percentage of cells is that of the form, cell by cell."""
    assert CCHC_TYLE(*arguments) == answer


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([[1.0, 2.0]], [[1.0, 2.0, 3.0]]), "tử số có 1 dòng × 2 cột, mẫu số có 1 dòng × 3 cột"),
        ((1.0, 8.0, 2.5), "số nguyên từ 0 đến 10"),
        ((1.0, 8.0, -1.0), "số nguyên từ 0 đến 10"),
        ((1.0, 8.0, "hai"), "số nguyên từ 0 đến 10"),
    ],
    ids=["shapes", "half-place", "negative-places", "places-in-words"],
)
def test_percentage_of_nonsense_says_why(arguments: tuple[Any, ...], says: str) -> None:
    """A question that makes no sense is answered by one sentence."""
    ((answer,),) = CCHC_TYLE(*arguments)
    assert answer.startswith("Lỗi: ")
    assert says in answer


# --- CCHC_SO -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind", "answer"),
    [
        ("4.860.000", None, 4860000.0),
        ("1.234,5", None, 1234.5),
        ("03", None, 3.0),
        (" 12\u00a0", "", 12.0),
        (7.0, None, 7.0),
        (Decimal("2.5"), None, 2.5),
        ("58,85 %", "tỷ lệ", 58.85),
        ("58,85", "percent", 58.85),
        ("12%", "TY_LE", 12.0),
        ("1.000", "số đếm", 1000.0),
        ("1.000", "count", 1000.0),
        ("2", "Mã", 2.0),
        (None, None, ""),
        ("  ", None, ""),
        ("#DIV/0!", None, "#DIV/0!"),
        ("1", "#N/A", "#N/A"),
        ("-", None, "Lỗi: “-” không phải là số."),
        (" kad ", None, "Lỗi: KAD nghĩa là không áp dụng, không phải là số."),
        ("CCS", "ty_le", "Lỗi: CCS nghĩa là chưa có số liệu, không phải là số."),
        ("KADD", None, "Lỗi: “KADD” không phải là số."),
        ("1.2.3,4", None, "Lỗi: “1.2.3,4” không phải là số."),
        ("12 %", None, "Lỗi: “12 %” không phải là số."),
        (True, None, "Lỗi: “TRUE” không phải là số."),
        (
            "58.85",
            "tỷ lệ",
            "Lỗi: “58.85” chưa rõ dấu chấm nghĩa là gì; tỷ lệ ghi dấu phẩy, ví dụ 58,85.",
        ),
        ("1", "đồng", "Lỗi: không có loại “đồng”; ghi số tiền, số đếm, tỷ lệ hoặc mã."),
    ],
    ids=repr,
)
def test_number_text(text: Any, kind: Any, answer: Any) -> None:
    """Vietnamese number text is read by the rules of every other cell."""
    assert ask(CCHC_SO, text, kind) == answer


def test_number_text_along_a_range() -> None:
    """A range of texts with a range of kinds; each cell by itself."""
    texts = [["1.000"], ["12 %"]]
    assert CCHC_SO(texts, [["số tiền", "tỷ lệ"]]) == [
        [1000.0, "Lỗi: “1.000” chưa rõ dấu chấm nghĩa là gì; tỷ lệ ghi dấu phẩy, ví dụ 58,85."],
        ["Lỗi: “12 %” không phải là số.", 12.0],
    ]


# --- CCHC_SOSANH -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "then", "answer"),
    [
        (120.0, 100.0, [20.0, 20.0]),
        (0.3, 0.1, [0.2, 200.0]),
        ("4.860", "4.000", [860.0, 21.5]),
        (50.0, 100.0, [-50.0, -50.0]),
        (5.0, 0.0, [5.0, ""]),
        (10.0, -20.0, [30.0, 150.0]),
        (1e15, 1.0, [1e15 - 1, 1e17 - 100]),
        (1e308, -1e308, ["", ""]),
        (None, 1.0, ["", ""]),
        (1.0, None, ["", ""]),
        ("#N/A", 1.0, ["#N/A", "#N/A"]),
        (1.0, "ba", ["Lỗi: “ba” không phải là số."] * 2),
        ([[1.0], [2.0]], [[2.0], [2.0]], None),
    ],
    ids=repr,
)
def test_comparison(now: Any, then: Any, answer: list[Any] | None) -> None:
    """Each figure gives two cells: the change, and the change as a percentage of before."""
    expected = [answer] if answer else [[-1.0, -50.0], [0.0, 0.0]]
    assert CCHC_SOSANH(now, then) == expected


def test_comparison_of_ranges() -> None:
    """The pairs of a row stand side by side; ranges of other sizes are refused."""
    assert CCHC_SOSANH([[2.0, 3.0]], 1.0) == [[1.0, 100.0, 2.0, 200.0]]
    assert "kỳ này có 1 dòng × 2 cột, kỳ trước có 1 dòng × 3 cột" in ask(
        CCHC_SOSANH, [[1.0, 2.0]], [[1.0, 2.0, 3.0]]
    )
