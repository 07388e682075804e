"""Figures of a form in a range of cells: found in each shape, checked as those of a workbook."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.builders import COMMUNE, FORM, Fill, submission
from tests.support.function_calls import ask, block, column
from xl_automation.checks.check import check
from xl_automation.excel.functions.form_functions import CCHC_KIEMTRA
from xl_automation.excel.functions.grid import Grid
from xl_automation.forms.words import SEVERITY_LABELS

ROWS = len(FORM.indicators)
WRONG: Fill = {**COMMUNE, "1.1.b": 9, "2.2": "-", "3.3.4": 103, "1.3.1": None, "6.1.a": "4.860"}


def expected(fill: Fill) -> Grid:
    """Return what the checks say of a workbook with *fill*, as rows."""
    return [
        [
            finding.rule,
            SEVERITY_LABELS[finding.severity],
            ", ".join(finding.indicators),
            finding.seen,
            finding.message,
        ]
        for finding in check(FORM, submission(fill))
        if not finding.rule.startswith("B1")  # the dates, which stand on another sheet
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
    seen = {row[0]: row[3] for row in answer}
    assert seen.keys() == {"R-1.1", "C-1.1"}
    assert seen["R-1.1"] == "1.1 = (trống); tính lại: 112,5 (từ 1.1.b = 9, 1.1.a = 8)"
    assert CCHC_KIEMTRA([["1.1.a", "8"], ["1.1.b", "04"]]) == [
        [
            "F03",
            "Cảnh báo",
            "1.1.b",
            "1.1.b = “04”",
            next(f"{rule.message} {rule.fix}" for rule in FORM.rules if rule.id == "F03"),
        ]
    ]


def test_findings_of_part_of_the_block() -> None:
    """Some rows of the block are enough; they are found by their labels."""
    rows = block({**COMMUNE, "3.4.2.b": 7000})
    first = list(FORM.by_id).index("3.4.2")
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
    place = list(FORM.by_id).index("3.3.4")
    rows[place][8:10] = [100.0, 126.0]
    lines = [row for row in CCHC_KIEMTRA(rows) if row[2] == "3.3.4"]
    assert ["tính lại: 79,37" in row[3] for row in lines] == [True]


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        (None, "vùng này có 1 dòng × 1 cột"),
        ([[1.0]] * (ROWS - 1), f"đủ {ROWS} dòng (D8:D{ROWS + 7})"),
        ([[1.0, 2.0, 3.0]] * ROWS, f"{ROWS} dòng × 3 cột"),
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


def test_number_and_truth_are_not_taken_for_one_another() -> None:
    """What was answered for 1 is not what is answered for TRUE, though Python calls them equal."""
    number = CCHC_KIEMTRA([["1.5", 1.0]])
    assert number == [["Không có điểm cần xem lại."]]
    assert [row[0] for row in CCHC_KIEMTRA([["1.5", True]])] == ["F02"]
