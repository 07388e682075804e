"""What each custom function answers.

Requirements: single values or ranges in, arrays of the same shape out; blanks,
text numbers and Excel errors by the rules of ``numbers``; nothing raises and nothing is a bug's
sentence, whatever stands in the cells; folders and files are read once for hundreds of cells.
``CCHC_TYLE`` is in ``test_addin_functions.py``, the way through Excel's COM in ``test_wine.py``.
"""

from __future__ import annotations

import math
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, FORM, PERIOD, Fill, submission
from tests.support.communes import CITY, A, B, C, D, workbook
from tests.support.paths import DATA, DOCS
from xl_automation.checks.check import check
from xl_automation.excel.addin.signatures import FUNCTIONS, read_signatures
from xl_automation.excel.functions import cell_functions, report_files
from xl_automation.excel.functions.cell_functions import (
    CCHC_CHITIEU,
    CCHC_DOC,
    CCHC_GIAITHICH,
    CCHC_KIEMTRA,
    CCHC_KY,
    CCHC_SO,
    CCHC_SOSANH,
    CCHC_THIEU,
    CCHC_TONGHOP,
    CCHC_TYLE,
)
from xl_automation.excel.functions.description import ATTRIBUTES
from xl_automation.excel.functions.period_lookup import FIELDS
from xl_automation.forms.numbers import CellValue, show
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading import folder
from xl_automation.reading.refused_file import RefusedFile

Grid = list[list[Any]]
FOLDER = str(DATA)


def ask(function: Any, *arguments: Any) -> Any:
    """Return the only cell of an answer."""
    ((answer,),) = function(*arguments)
    return answer


# --- Excel's errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (-2146826281, "#DIV/0!"),
        (-2146826246, "#N/A"),
        (-2146826245, "#GETTING_DATA"),
        (-2146826243, "#SPILL!"),
        (-2146826239, "#FIELD!"),
        (-2146826238, "#CALC!"),
        (-2146826237, "#BUSY!"),
        (-2146826066, "#UNKNOWN!"),
    ],
)
def test_error_of_newer_excel_is_never_a_number(number: int, error: str) -> None:
    """An error that xlwings does not know arrives as a whole number, and is that error."""
    assert ask(CCHC_TYLE, number, 4.0) == error
    assert ask(CCHC_SO, number) == error
    assert CCHC_SOSANH([[number]], [[1.0]]) == [[error, error]]
    assert ask(CCHC_CHITIEU, number) == error
    answer = CCHC_KIEMTRA([["1.1.a", number], ["1.1.b", 4.0]])
    assert ["F02", "Lỗi", "1.1.a", f"1.1.a = “{error}”"] in [row[:4] for row in answer]
    assert ask(CCHC_SO, float(number)) == number


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (CCHC_TYLE, (1.0, 3.0, "#N/A")),
        (CCHC_SO, ("1", "#N/A")),
        (CCHC_CHITIEU, ("1.1", "#N/A")),
        (CCHC_KIEMTRA, ("#N/A",)),
        (CCHC_KIEMTRA, (-2146826246,)),
        (CCHC_GIAITHICH, ("1.1", "#N/A")),
        (CCHC_GIAITHICH, ("#N/A", [["1.1.a", 8.0], ["1.1.b", 4.0]])),
        (CCHC_DOC, ("#N/A", "1.1")),
        (CCHC_TONGHOP, ("#N/A", "1.1")),
        (CCHC_THIEU, ("#N/A",)),
        (CCHC_THIEU, (FOLDER, "#N/A")),
        (CCHC_THIEU, (FOLDER, [["05497", "#N/A"], ["1", "Xã mới"]])),
        (CCHC_KY, ("#N/A",)),
        (CCHC_KY, ("1/2/2022", "#N/A")),
    ],
)
def test_error_as_argument_comes_back(function: Any, arguments: tuple[Any, ...]) -> None:
    """Whatever argument is an Excel error, the answer is that error."""
    assert ask(function, *arguments) == "#N/A"


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


# --- CCHC_CHITIEU ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("id", "attribute", "answer"),
    [
        ("1.1.a", None, "Số nhiệm vụ đề ra trong kế hoạch"),
        ("1.1.a", "đơn vị", "Nhiệm vụ"),
        ("1.1.a", "cap", "cấp xã và cấp huyện"),
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
    assert all(isinstance(one, str) and not one.startswith("Lỗi") for (one,) in answers)
    if attribute in ("ten", "cach_tinh", "tong_hop"):
        assert all(one for (one,) in answers)


def test_unknown_attribute_names_the_known_ones() -> None:
    """A wrong attribute is answered by the list of them."""
    assert ask(CCHC_CHITIEU, "1.1", "màu") == (
        "Lỗi: không có thuộc tính “màu”; ghi ten, don_vi, cach_tinh, cap, tong_hop hoặc huong_dan."
    )


# --- CCHC_KIEMTRA ------------------------------------------------------------------------------

WRONG: Fill = {**COMMUNE, "1.1.b": 9, "2.2": "-", "3.3.4": 103, "1.3.1": None, "6.1.a": "4.860"}
COMPUTED = {item.id: item for item in FORM.indicators if item.is_computed}


def column(fill: Fill, percentages: bool = True) -> Grid:
    """Return the column of figures as Excel hands it over, computed percentages included."""
    parts = {id: fill.get(id) for id in FORM.by_id}
    rows: Grid = []
    for item in FORM.indicators:
        value = fill.get(item.id)
        if item.id in COMPUTED and item.id not in fill and percentages:
            assert item.percent is not None
            refs = item.percent.refs
            # A commune has nothing in 4.1.5, whose part is a difference.
            value = None if item.id == "4.1.5" else ask(CCHC_TYLE, *(parts[ref] for ref in refs))
        rows.append([float(value) if isinstance(value, int) else value])
    return rows


def block(fill: Fill) -> Grid:
    """Return the printed block A:E."""
    return [
        [item.stt, item.label, item.unit, value, "ghi chú"]
        for item, (value,) in zip(FORM.indicators, column(fill), strict=True)
    ]


def expected(fill: Fill) -> Grid:
    """Return what the checks say of a workbook with *fill*, as rows."""
    return [
        [one.rule, SEVERITY_LABELS[one.severity], ", ".join(one.indicators), one.seen, one.message]
        for one in check(FORM, submission(fill))
        if not one.rule.startswith("B1")  # the dates, which stand on another sheet
    ]


@pytest.mark.parametrize("fill", [COMMUNE, WRONG], ids=["consistent", "wrong"])
@pytest.mark.parametrize("shape", ["column", "with-notes", "block", "from-labels", "with-heading"])
def test_findings_of_a_range_are_those_of_the_workbook(fill: Fill, shape: str) -> None:
    """However the form's figures are selected, the findings are those of the checks."""
    shapes = {
        "column": column(fill),
        "with-notes": [[value, None] for (value,) in column(fill)],
        "block": block(fill),
        "from-labels": [row[1:4] for row in block(fill)],
        "with-heading": [["STT", "Các chỉ tiêu", "Kết quả", None, None], *block(fill), [None] * 5],
    }
    answer = CCHC_KIEMTRA(shapes[shape])
    assert answer == (expected(fill) or [["Không có điểm cần xem lại."]])
    assert (answer == [["Không có điểm cần xem lại."]]) == (fill is COMMUNE)


def test_findings_of_a_list_are_about_what_is_listed() -> None:
    """Two columns, id and figure, in any order; what is not listed is not called missing."""
    answer = CCHC_KIEMTRA([["mã", "số liệu"], ["1.1.b", 9.0], [1.1, None], ["1.1.a", 8.0]])
    found = {row[0]: row[3] for row in answer}
    assert found.keys() == {"F04", "R-1.1", "C-1.1"}
    assert found["R-1.1"] == "1.1 = (trống); tính lại: 112,5 (từ 1.1.b = 9, 1.1.a = 8)"
    assert CCHC_KIEMTRA([["1.1.a", "8"], ["1.1.b", "04"]]) == [
        [
            "F03",
            "Cảnh báo",
            "1.1.b",
            "1.1.b = “04”",
            next(one.message + " " + one.fix for one in FORM.rules if one.id == "F03"),
        ]
    ]


def test_findings_of_part_of_the_block() -> None:
    """Some rows of the block are enough; they are found by their labels."""
    rows = block({**COMMUNE, "3.4.2.b": 7000})
    first = next(at for at, item in enumerate(FORM.indicators) if item.id == "3.4.2")
    answer = CCHC_KIEMTRA(rows[first : first + 3])
    assert {row[2] for row in answer} >= {"3.4.2.b, 3.4.2.a"}
    assert "3.2.4.a" not in {row[2] for row in answer}


def test_error_in_a_figure_is_a_finding() -> None:
    """An Excel error where a figure belongs is a finding, as in a workbook."""
    answer = CCHC_KIEMTRA([["1.1.a", "#DIV/0!"], ["1.1.b", 4.0]])
    assert ["F02", "Lỗi", "1.1.a", "1.1.a = “#DIV/0!”"] in [row[:4] for row in answer]


def test_helpers_beside_the_block_are_read() -> None:
    """With the columns beside the page, a percentage is held against its own two numbers."""
    rows = [[*row, *[None] * 6] for row in block({**COMMUNE, "3.3.4": 50})]
    place = next(at for at, item in enumerate(FORM.indicators) if item.id == "3.3.4")
    rows[place][8:10] = [100.0, 126.0]
    found = [row for row in CCHC_KIEMTRA(rows) if row[2] == "3.3.4"]
    assert ["tính lại: 79,37" in row[3] for row in found] == [True]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (None, "vùng này có 1 dòng × 1 cột"),
        ([[1.0]] * 121, "đủ 122 dòng (D8:D129)"),
        ([[1.0, 2.0, 3.0]] * 122, "122 dòng × 3 cột"),
        ([["1.1", 1.0], ["9.9", 1.0]], "không có chỉ tiêu “9.9”"),
        ([["1.1", 1.0], ["1.1", 1.0]], "mã 1.1 có hai lần"),
        ([row[:3] for row in block(COMMUNE)], "chưa có cột Số liệu"),
        ([*block(COMMUNE)[:9], *block(COMMUNE)[10:]], "dòng thứ 10 của vùng phải là “Số vấn đề"),
    ],
    ids=["blank", "short", "three-columns", "unknown-id", "twice", "no-figures", "row-removed"],
)
def test_range_that_is_not_the_form_says_why(cells: Any, says: str) -> None:
    """A range in which the figures cannot be told is answered by one sentence."""
    answer = ask(CCHC_KIEMTRA, cells)
    assert answer.startswith("Lỗi: ")
    assert says in answer


# --- CCHC_GIAITHICH ----------------------------------------------------------------------------

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
    assert all(one.endswith(".") for (one,) in answers)
    assert not [one for (one,) in answers if "Lỗi" in one or "cần xem lại" in one or "nhầm" in one]


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


# --- CCHC_KY -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "wanted", "answer"),
    [
        (datetime(2022, 2, 1), None, "2022-Q1"),
        (datetime(2021, 12, 14), None, "2021-N"),
        (datetime(2021, 12, 15), None, "2022-Q1"),
        (datetime(2022, 3, 14), None, "2022-Q1"),
        (datetime(2022, 3, 15), None, "2022-6T"),
        (datetime(2022, 6, 14, 23, 59), None, "2022-6T"),
        (datetime(2022, 6, 15), None, "2022-Q3"),
        (datetime(2022, 9, 15), None, "2022-N"),
        (44910.0, None, "2023-Q1"),  # 15/12/2022 as a number
        ("15/6/2022", None, "2022-Q3"),
        ("2022-06-15", None, "2022-Q3"),
        (datetime(2022, 2, 1), "tat_ca", "2022-Q1, 2022-6T, 2022-N"),
        (datetime(2022, 2, 1), "tất cả", "2022-Q1, 2022-6T, 2022-N"),
        (datetime(2022, 2, 1), "6T", "2022-6T"),
        (datetime(2022, 2, 1), "tu", datetime(2021, 12, 15)),
        (datetime(2022, 2, 1), "den", datetime(2022, 3, 14)),
        (datetime(2022, 2, 1), "N đến", datetime(2022, 12, 14)),
        (datetime(2022, 2, 1), "ten", "Quý I năm 2022"),
        ("2022-6T", "từ ngày", datetime(2021, 12, 15)),
        ("2022-6t", "ten", "6 tháng đầu năm 2022"),
        (None, None, ""),
        ("#N/A", "tu", "#N/A"),
        (datetime(2022, 2, 1), "Q3", "Lỗi: “01/02/2022” không thuộc kỳ Q3; chỉ thuộc Q1, 6T, N."),
        (True, None, "Lỗi: “TRUE” không phải là ngày; ghi như 15/6/2022, hoặc kỳ như 2022-6T."),
        (
            "31/2/2022",
            None,
            "Lỗi: “31/2/2022” không phải là ngày; ghi như 15/6/2022, hoặc kỳ như 2022-6T.",
        ),
        (datetime(9999, 12, 31), None, "Lỗi: ngày 31/12/9999 không thuộc kỳ báo cáo nào."),
        ("1800-N", None, "Lỗi: Excel không có ngày của kỳ “1800-N”."),
        (
            datetime(2022, 2, 1),
            "giữa",
            "Lỗi: không có mốc “giữa”; ghi ky, tu, den, ten hoặc tat_ca; "
            "thêm Q1, 6T, Q3, N để chọn loại kỳ, ví dụ “6T tu”.",
        ),
    ],
    ids=repr,
)
def test_period(day: Any, wanted: Any, answer: Any) -> None:
    """A date lies in one to three periods; the one that closes first is meant."""
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


# --- closed files and folders ------------------------------------------------------------------

CHANGED: Fill = {**COMMUNE, "1.1.a": 10, "2.2": "-", "3.1.3": 130, "3.3.4": 60}


@pytest.fixture(autouse=True)
def _nothing_kept() -> Iterator[None]:
    report_files.forget()
    yield
    report_files.forget()


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder: two communes, one of them in a folder below; a file that is no workbook."""
    folder = tmp_path_factory.mktemp("Đã gửi — kỳ 6T")
    workbook(folder / f"{A.code}.xlsx", A, COMMUNE)
    workbook(folder / "muộn" / f"{B.code}.xlsx", B, CHANGED)
    (folder / "hỏng.xlsx").write_bytes(b"khong phai so lam viec")
    (folder / "ghi chú.txt").write_text("không đọc", encoding="utf-8")
    return folder


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each file was read, by its name."""
    counts: Counter[str] = Counter()
    read_one = folder.read_file

    def counting(form: Any, path: Path) -> Any:
        counts[path.name] += 1
        return read_one(form, path)

    monkeypatch.setattr(report_files, "read_file", counting)
    return counts


def test_figures_of_closed_workbooks(sent: Path) -> None:
    """Files along one side and ids along the other give a table, either way round."""
    files = [[str(sent / f"{A.code}.xlsx")], [f'"{sent / "muộn" / B.code}.xlsx"']]
    ids = ["1.1", "1.1.a", "2.2", "2.1", "3.3.4.tu", "1", "9.9"]
    table = [
        [50.0, 8.0, "", 1.0, "", *([None] * 2)],
        [40.0, 10.0, "-", 1.0, "", *([None] * 2)],
    ]
    for row in table:
        row[5:] = [
            "Lỗi: 1 là dòng tiêu đề, không có số liệu.",
            "Lỗi: không có chỉ tiêu “9.9” trong biểu mẫu.",
        ]
    assert CCHC_DOC(files, [ids]) == table
    turned = [list(row) for row in zip(*table, strict=True)]
    assert CCHC_DOC([[file for (file,) in files]], [[id] for id in ids]) == turned
    assert CCHC_DOC(files, [["1.1"], ["1.1.a"]]) == [[50.0], [10.0]]
    assert "các vùng phải cùng cỡ" in ask(CCHC_DOC, files, [["1.1"]] * 3)


@pytest.mark.parametrize(
    ("file", "says"),
    [
        ("{sent}/không có.xlsx", "Lỗi: Không tìm thấy tệp hoặc thư mục. Kiểm tra lại đường dẫn."),
        ("{sent}/hỏng.xlsx", "Lỗi: Tệp không phải sổ làm việc Excel .xlsx"),
        ("{sent}", "Lỗi: Không đọc được tệp"),
        ("bao-cao.xlsx", "Lỗi: “bao-cao.xlsx” chưa phải đường dẫn đầy đủ"),
        ("https://a.sharepoint.com/b.xlsx", "là địa chỉ trên mạng (OneDrive, SharePoint)"),
        ("{sent}/\0.xlsx", "Lỗi: Không tìm thấy tệp"),
        (3.0, "Lỗi: “3” không phải là đường dẫn."),
        (None, ""),
        ("#VALUE!", "#VALUE!"),
    ],
    ids=repr,
)
def test_file_that_cannot_be_read_says_why(sent: Path, file: Any, says: str) -> None:
    """A file that is refused is answered by the refusal."""
    path = file.format(sent=sent) if isinstance(file, str) else file
    answer = ask(CCHC_DOC, path, "1.1")
    assert says in answer
    assert (answer == "") == (file is None)


@pytest.mark.parametrize(
    ("id", "method", "answer"),
    [
        ("1.1.a", None, 18.0),
        ("1.1", None, 44.44),  # 8 of 18, not the mean of 50 and 40
        ("1.1.a", "tổng", 18.0),
        ("1.1.a", "trung bình", 9.0),
        ("1.1.a", "trung vị", 9.0),
        ("1.1", "trung vị", 45.0),
        ("1.1.a", "nho_nhat", 8.0),
        ("1.1.a", "lon_nhat", 10.0),
        ("1.1.a", "so_don_vi", 2.0),
        ("4.1.5.a", "so don vi", 0.0),
        ("4.1.5.a", "tong", ""),
        ("5.4.b", None, "Chờ sổ của thành phố"),
        ("7.6.2", None, 100.0),
        ("3.1.3", None, f"Không thống nhất: 126 ({A.name}); 130 ({B.name})"),
        ("4.2.5", None, "Không gộp được; từ 5 đến 5"),
        ("1.4.2", None, "Trực tuyến: 0; Phát phiếu: 2; Kết hợp: 0"),
        ("1", None, "Lỗi: 1 là dòng tiêu đề, không có số liệu."),
        (
            "1.1",
            "tổng",
            "Lỗi: 1.1 là tỷ lệ, không cộng, không lấy bình quân được; "
            "bỏ trống cách tổng hợp để tính theo biểu mẫu.",
        ),
        (
            "1.1.a",
            "nhân",
            "Lỗi: không có cách tổng hợp “nhân”; ghi tong, trung_binh, trung_vi, nho_nhat, "
            "lon_nhat hoặc so_don_vi, hoặc bỏ trống.",
        ),
    ],
)
def test_total_of_a_folder(sent: Path, id: str, method: str | None, answer: Any) -> None:
    """A figure of all reports in a folder, as the form combines it or as asked."""
    assert ask(CCHC_TONGHOP, str(sent), id, method) == answer


def test_total_of_a_folder_for_a_range(sent: Path, tmp_path: Path) -> None:
    """Ids, folders and methods may be ranges."""
    assert CCHC_TONGHOP(str(sent), [["1.1"], [None], ["1.1.a"]]) == [[44.44], [""], [18.0]]
    assert CCHC_TONGHOP(str(sent), "1.1.a", [["", "so_don_vi"]]) == [[18.0, 2.0]]
    says = "Lỗi: thư mục không có tệp báo cáo nào."
    assert CCHC_TONGHOP([[str(sent)], [str(tmp_path)]], "1.1.a") == [[18.0], [says]]


@pytest.mark.parametrize(
    ("function", "more"), [(CCHC_TONGHOP, ["1.1"]), (CCHC_THIEU, [])], ids=["total", "missing"]
)
def test_folder_that_is_none_says_why(function: Any, more: list[str], sent: Path) -> None:
    """A folder that does not exist, a file or a whole disk is not searched."""
    nowhere, file, disk = sent / "x", sent / f"{A.code}.xlsx", Path(sent.anchor)
    for folder in (nowhere, file):
        assert ask(function, str(folder), *more).startswith("Lỗi: Không tìm thấy tệp hoặc thư mục")
    assert "là cả ổ đĩa" in ask(function, str(disk), *more)


def test_folder_of_refused_files_names_the_first(tmp_path: Path) -> None:
    """Where no file counts, the answer says why instead of a blank."""
    (tmp_path / "a.xlsx").write_bytes(b"x")
    answer = ask(CCHC_TONGHOP, str(tmp_path), "1.1")
    assert answer.startswith("Lỗi: cả 1 tệp trong thư mục đều không nhận được; a.xlsx: Tệp không")


def test_folder_of_two_periods_is_not_combined(tmp_path: Path) -> None:
    """Reports of as many periods as there are files do not say which is meant."""
    other: Period = FORM.period("2022-Q1")
    workbook(tmp_path / "a.xlsx", A, COMMUNE)
    workbook(tmp_path / "b.xlsx", B, COMMUNE, other)
    assert "thuộc nhiều kỳ" in ask(CCHC_TONGHOP, str(tmp_path), "1.1")
    workbook(tmp_path / "c.xlsx", C, COMMUNE, PERIOD)
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 16.0


def pairs(*units: ReportingUnit) -> Grid:
    """Return codes and names as rows."""
    return [[unit.code, unit.name] for unit in units]


@pytest.mark.parametrize(
    ("listed", "answer"),
    [
        (pairs(A, B, C), pairs(C)),
        ([["Mã", "Tên đơn vị"], *pairs(A, C, D), [None, None]], pairs(C, D)),
        ([[float(unit.code), unit.name] for unit in (A, C)], pairs(C)),  # leading zero lost
        ([[A.code], [C.code]], pairs(C)),
        ([[A.name], [C.name]], pairs(C)),
        ([[f"{A.code} – {A.name}"], [f"{C.code} – {C.name}"]], pairs(C)),
        ([["99999", "Xã mới"], *pairs(A)], [["99999", "Xã mới"]]),
        (pairs(A, B), [["Đủ 2 đơn vị đã gửi báo cáo."]]),
        ([["Xã không có"]], None),
        (pairs(A, A), [[f"Lỗi: mã đơn vị {A.code} lặp lại trong danh sách."]]),
        (pairs(CITY), [["Lỗi: danh sách không có xã, phường nào."]]),
    ],
    ids=[
        "list", "with-heading", "numbers", "codes", "names", "code-and-name", "new-unit",
        "all-sent", "unknown", "twice", "no-commune",
    ],
)  # fmt: skip
def test_missing_units_of_a_list(sent: Path, listed: Grid, answer: Grid | None) -> None:
    """Who has not sent, of a list in cells."""
    if answer is None:
        answer = [["Lỗi: không biết đơn vị “Xã không có”; danh sách cần hai cột mã và tên."]]
    assert CCHC_THIEU(str(sent), listed) == answer


def test_missing_units_of_the_form_and_of_a_file(sent: Path, tmp_path: Path) -> None:
    """Without a list it is the form's; a list may be a CSV."""
    owed = [unit for unit in FORM.units if unit.level == "commune" and unit not in (A, B)]
    assert CCHC_THIEU(str(sent)) == pairs(*owed)
    assert CCHC_THIEU([[None, str(sent)]], [[None, None]]) == pairs(*owed)
    file = tmp_path / "Danh sách.csv"
    file.write_text(f"code,name\n{A.code},{A.name}\n{C.code},{C.name}\n", encoding="utf-8")
    assert CCHC_THIEU(str(sent), str(file)) == pairs(C)
    file.write_text("a,b\n1,2\n", encoding="utf-8")
    assert "phải có ít nhất hai cột code, name" in ask(CCHC_THIEU, str(sent), str(file))
    gone = str(tmp_path / "x.csv")
    assert ask(CCHC_THIEU, str(sent), gone).startswith("Lỗi: Không tìm thấy tệp")
    assert CCHC_THIEU(None) == [[""]]


def test_recalculation_reads_each_file_once(sent: Path, reads: Counter[str]) -> None:
    """Hundreds of cells about a folder and its files cost one reading of each file."""
    for item in FORM.figures:
        CCHC_TONGHOP(str(sent), item.id)
        CCHC_DOC(str(sent / f"{A.code}.xlsx"), item.id)
        CCHC_DOC(str(sent / "hỏng.xlsx"), item.id)
    CCHC_THIEU(str(sent))
    CCHC_THIEU(str(sent), pairs(A, C))
    assert reads == {f"{A.code}.xlsx": 1, f"{B.code}.xlsx": 1, "hỏng.xlsx": 1}


def test_saved_file_is_read_again(tmp_path: Path, reads: Counter[str]) -> None:
    """A file that was saved again is read again, the others are not."""
    one, other = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    workbook(one, A, COMMUNE)
    workbook(other, B, COMMUNE)
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 16.0
    workbook(one, A, {**COMMUNE, "1.1.a": 9})
    status = one.stat()
    os.utime(one, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 17.0
    assert ask(CCHC_DOC, str(one), "1.1.a") == 9.0
    other.unlink()
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1.a") == 9.0
    assert reads == {"a.xlsx": 2, "b.xlsx": 1}


def test_locked_file_is_tried_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that was locked counts as soon as it is not, though it was not saved since."""
    path = workbook(tmp_path / "a.xlsx", A, COMMUNE)
    locked = RefusedFile(path, "unreadable", "Không đọc được tệp.")
    with monkeypatch.context() as patch:
        patch.setattr(report_files, "read_file", lambda _form, _path: locked)
        patch.setattr(report_files, "_opens", lambda _path: False)
        assert ask(CCHC_DOC, str(path), "1.1") == "Lỗi: Không đọc được tệp."
        assert "a.xlsx: Không đọc được tệp." in ask(CCHC_TONGHOP, str(tmp_path), "1.1")
    assert ask(CCHC_DOC, str(path), "1.1") == 50.0
    assert ask(CCHC_TONGHOP, str(tmp_path), "1.1") == 50.0


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long session does not keep every file it has ever seen."""
    monkeypatch.setattr(report_files, "MAX_FILES", 2)
    monkeypatch.setattr(
        report_files, "read_file", lambda _form, path: RefusedFile(path, "not-a-workbook", "x")
    )
    for at in range(5):
        (tmp_path / f"{at}.xlsx").write_bytes(b"x" * at)
        CCHC_DOC(str(tmp_path / f"{at}.xlsx"), "1.1")
    assert len(report_files._files) == 2


# --- whatever stands in the cells --------------------------------------------------------------

SPECIAL = (
    "1.1", "1.1.a", "6.1", 1.1, "3.3.4.tu", "TTHC.1.so", "#N/A", "#DIV/0!", "4.860.000", "58,85 %",
    "15/6/2022", "2022-6T", "6T tu", "tỷ lệ", "trung vị", "", " ", "\0", "C:\\", "/không/có",
    "\ud800", "=1+1", "x" * 40000, 44910.0, -1.0, 1e308, -1e308, 5e-324, math.inf, math.nan,
    Decimal("1.5"),
)  # fmt: skip
CELLS: st.SearchStrategy[CellValue | Decimal] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=20),
    st.datetimes(),
    st.sampled_from(SPECIAL),
)


def ranges(rows: int = 3, columns: int = 3) -> st.SearchStrategy[Any]:
    """Return ranges of one size up to 3 × 3, as xlwings hands them over."""
    return st.tuples(st.integers(1, rows), st.integers(1, columns)).flatmap(
        lambda size: st.lists(
            st.lists(CELLS, min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    )


def shape(cells: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """Return rows and columns; every row is as long as the first."""
    assert {len(row) for row in cells} == {len(cells[0])}
    return len(cells), len(cells[0])


def is_answer(answer: Grid) -> bool:
    """Whether every cell is what xlwings can hand to Excel, and none tells of a bug."""
    return all(
        isinstance(cell, (float, str, datetime)) and "gặp sự cố" not in str(cell)
        for row in answer
        for cell in row
    )


ELEMENTWISE: dict[str, Any] = {
    "CCHC_TYLE": lambda cells: CCHC_TYLE(cells, 8.0),
    "CCHC_TYLE-whole": lambda cells: CCHC_TYLE(cells, cells),
    "CCHC_SO": CCHC_SO,
    "CCHC_SO-kind": lambda cells: CCHC_SO("1", cells),
    "CCHC_SO-both": lambda cells: CCHC_SO(cells, cells),
    "CCHC_CHITIEU": CCHC_CHITIEU,
    "CCHC_CHITIEU-attribute": lambda cells: CCHC_CHITIEU("1.1", cells),
    "CCHC_GIAITHICH": lambda cells: CCHC_GIAITHICH(cells, [["1.1.a", 8.0], ["1.1.b", 4.0]]),
    "CCHC_DOC": lambda cells: CCHC_DOC(cells, "1.1"),
    "CCHC_DOC-id": lambda cells: CCHC_DOC("/không có.xlsx", cells),
    "CCHC_TONGHOP": lambda cells: CCHC_TONGHOP(cells, "1.1"),
    "CCHC_TONGHOP-id": lambda cells: CCHC_TONGHOP("/không có", cells, cells),
    "CCHC_KY": CCHC_KY,
    "CCHC_KY-wanted": lambda cells: CCHC_KY("2022-6T", cells),
    "CCHC_KY-both": lambda cells: CCHC_KY(cells, cells),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(cells=ranges())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shape_of_answer_is_shape_of_argument(name: str, cells: Grid) -> None:
    """Whatever stands in a range, each of its cells has an answer in its place."""
    answer = ELEMENTWISE[name](cells)
    assert is_answer(answer)
    assert shape(answer) == shape(cells)


@given(now=ranges(), then=ranges())
@settings(max_examples=100, deadline=None)
def test_shape_of_comparison(now: Grid, then: Grid) -> None:
    """A comparison is as high as its arguments and twice as wide, or one sentence."""
    answer = CCHC_SOSANH(now, then)
    assert is_answer(answer)
    (rows, columns), (other_rows, other_columns) = shape(now), shape(then)
    fits = {rows, other_rows} <= {1, max(rows, other_rows)}
    fits = fits and {columns, other_columns} <= {1, max(columns, other_columns)}
    size = (max(rows, other_rows), 2 * max(columns, other_columns))
    assert shape(answer) == (size if fits else (1, 1))


@given(cells=ranges(), more=ranges())
@settings(max_examples=100, deadline=None)
def test_ranges_of_any_kind_are_answered(cells: Grid, more: Grid) -> None:
    """The functions of whole ranges answer any range."""
    for answer in (
        CCHC_KIEMTRA(cells),
        CCHC_GIAITHICH(more, cells),
        CCHC_THIEU(cells),
        CCHC_THIEU("/không có", more),
        CCHC_DOC(cells, more),
        CCHC_KY(cells, more),
    ):
        assert is_answer(answer)
        shape(answer)


@given(column=st.lists(CELLS, min_size=len(FORM.indicators), max_size=len(FORM.indicators)))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_figures_are_checked_and_explained(column: list[Any]) -> None:
    """Whatever a clerk typed into the form is checked and explained."""
    figures = [[cell] for cell in column]
    found = CCHC_KIEMTRA(figures)
    assert is_answer(found)
    assert {len(row) for row in found} in ({5}, {1})
    explained = CCHC_GIAITHICH([[item.id] for item in FORM.indicators], figures)
    assert is_answer(explained)
    assert shape(explained) == (len(FORM.indicators), 1)


def test_number_and_truth_are_not_taken_for_one_another() -> None:
    """What was answered for 1 is not what is answered for TRUE, though Python calls them equal."""
    number = CCHC_KIEMTRA([["1.5", 1.0]])
    assert number == [["Không có điểm cần xem lại."]]
    assert [row[0] for row in CCHC_KIEMTRA([["1.5", True]])] == ["F02"]


# --- the manual --------------------------------------------------------------------------------

MANUAL = (DOCS / "functions.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"\| `=(CCHC_[A-Z]+)\((.*)\)` \| (.*) \|")
LITERAL = re.compile(r'"[^"]*"|\{[^}]*\}|[0-9,]+')
SIGNATURES = read_signatures(FUNCTIONS.read_text(encoding="utf-8"))


def literal(text: str) -> Any:
    """Return a literal of a Vietnamese Excel's formula: text, number, or array of constants."""
    if text.startswith("{"):
        rows = text.strip("{}").split(";")
        return [[literal(cell.strip()) for cell in row.split("\\")] for row in rows]
    return text.strip('"') if text.startswith('"') else float(text.replace(",", "."))


def shown(cell: Any) -> str:
    """Return a cell as the manual prints it."""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    return cell or "(trống)" if isinstance(cell, str) else show(cell)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        match.groups()
        for match in EXAMPLE.finditer(MANUAL)
        if not LITERAL.sub("", match[2]).strip("; ") and "D:\\CCHC\\Đã" not in match[2]
    ],
)
def test_example_in_the_manual_is_true(name: str, arguments: str, result: str) -> None:
    """Every example of the manual that needs no cells and no files gives what it says."""
    values = [literal(text) for text in LITERAL.findall(arguments)]
    (row,) = getattr(cell_functions, name)(*values)
    assert " · ".join(map(shown, row)) == result


def test_manual_has_every_function_and_argument() -> None:
    """A section per function, with its arguments in their order and at least two examples."""
    sections = dict(re.findall(r"^## (CCHC_[A-Z]+)$(.*?)(?=^## |\Z)", MANUAL, re.DOTALL | re.M))
    assert sections.keys() == {signature.name for signature in SIGNATURES}
    for signature in SIGNATURES:
        arguments = [f"[{a.name}]" if a.optional else a.name for a in signature.arguments]
        section = sections[signature.name]
        assert f"`{signature.name}({'; '.join(arguments)})`" in section
        assert len(EXAMPLE.findall(section)) >= 2


@pytest.mark.parametrize(
    ("words", "section"),
    [
        (ATTRIBUTES, "CHITIEU"),
        (report_files.METHODS, "TONGHOP"),
        (FIELDS, "KY"),
        (cell_functions.KINDS, "SO"),
    ],
    ids=["attributes", "methods", "fields", "kinds"],
)
def test_manual_has_every_choice(words: dict[str, str], section: str) -> None:
    """Everything that an argument can choose is in the manual."""
    text = MANUAL.split(f"## CCHC_{section}\n")[1].split("\n## ")[0]
    known = {word.replace(" ", "_") for word in words}
    listed = {word for word in known if f"`{word}`" in text}
    assert {words[word.replace("_", " ")] for word in listed} | {words[""]} == set(words.values())


def test_help_fits_excel() -> None:
    """Excel's function help holds 255 characters."""
    for signature in SIGNATURES:
        assert 0 < len(signature.doc) <= 255
        assert all(0 < len(argument.doc) <= 255 for argument in signature.arguments)
