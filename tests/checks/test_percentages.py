"""Requirements of what a stated percentage shows by itself. All figures are invented.

P1 A percentage that its parts do not give names the quotient that it is, to the decimals typed:
   another denominator or numerator of the same unit, a total of a supporting table, a quantity of
   the form, its own parts swapped.
P2 So does one that is near enough to what its parts give, where it is exactly another quotient.
P3 A count in a percentage's cell is named; over 100 also a sum or difference, if only one fits.
P4 Each cell is explained once, by the first finding about it; what is as it should be is silent.
P5 The rows and units come from the form.
P6 `fill` says the same of the percentages in a values file.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM, Fill, figures_of, submission, workbook
from tests.support.communes import SCHOOL
from xl_automation.checks.check import check, check_all
from xl_automation.checks.quotients import gives, is_shortened, places
from xl_automation.editing.fill import fill
from xl_automation.editing.values_file import Entry
from xl_automation.forms.form import Form

TABLE = {
    "II06.1.c4": 50, "II06.1.c5": 6650, "II06.1.c6": 20, "II06.1.c8": 6000, "II06.1.c9": 690,
    "II06.1.c10": 2, "II06.1.c12": 20, "II06.1.c13": 8,
}  # fmt: skip
RECEIVED = (
    "3.2.4.a (Tổng số hồ sơ TTHC đã tiếp nhận (cả trực tiếp và trực tuyến)) thay cho 3.4.2.a "
    "(Tổng số hồ sơ TTHC đã giải quyết xong): có thể đã lấy nhầm mẫu số"
)
BY_RECEIVED = f"= 100 × 5.900 / 6.500 nếu mẫu số là {RECEIVED}"
DUE = "số hồ sơ đến hạn (Biểu 06, tổng cột (7) + Biểu 06, tổng cột (13))"
SOLVED = {"3.4.2.a": 6000, "3.4.2.b": 5900, "3.2.4.a": 6500}  # 98,33 %; of the received 90,77


def said(change: Fill, form: Form = FORM) -> dict[str, str]:
    """Return what each finding about a consistent report with *change* sees, by rule and row."""
    found = check(form, submission({**COMMUNE, **change} if form is FORM else change, form=form))
    return {f"{one.rule} {one.indicators[0]}": one.seen for one in found}


@pytest.mark.parametrize(
    ("change", "name", "tells"),
    [
        ({**SOLVED, "3.4.2": 90.77}, "R-3.4.2", f"90,77 {BY_RECEIVED}"),
        ({**SOLVED, "3.4.2": 90.8}, "R-3.4.2", f"90,8 {BY_RECEIVED}"),
        ({**SOLVED, "3.4.2": 91}, "R-3.4.2", f"91 {BY_RECEIVED}"),
        (
            {**TABLE, "II06.1.c13": 100, "II06.1.c5": 6742, "3.4.2": 98.5},
            "R-3.4.2",
            f"98,5 = 100 × 6.690 / 6.792 nếu mẫu số là {DUE}",
        ),
        (
            {**SOLVED, "3.4.2": 0.83},
            "R-3.4.2",
            "0,83 = 100 × 50 / 6.000 nếu tử số là 3.2.4.b (Số hồ sơ TTHC đã tiếp nhận trực tuyến)",
        ),
        ({"6.1": 169.93}, "R-6.1", "169,93 = 100 × 4.860 / 2.860: có thể đã đảo tử số và mẫu số"),
        ({"3.2.4": 7.5}, "R-3.2.4", "7,5 là 0,75 với dấu phẩy đặt sai chỗ"),
        ({"6.1": 41.15}, "R-6.1", "41,15 = 100 − 58,85: có thể đã ghi phần còn lại"),
        (
            {"3.2.3": 75, "3.2.3.b": 60},
            "R-3.2.3",
            "75 = 100 × 60 / 80 nếu mẫu số là số TTHC đủ điều kiện mức độ 3 và 4 (3.2.1.a (",
        ),
        (
            {"6.1": 143},
            "R-6.1",
            "143 = 100 × 2.860 / (4.860 − 2.860): có thể đã chia cho phần còn lại",
        ),
        ({"6.1": 2860}, "R-6.1", "2.860 là 6.1.b (Đã thực hiện): đã ghi số lượng vào ô tỷ lệ"),
        ({"3.3.4": 126}, "F04 3.3.4", "126 bằng đúng 3.1.3.b (Số TTHC cấp xã): có thể đã ghi số"),
        ({"7.5.2": 6692}, "F04 7.5.2", "6.692 bằng đúng 3.4.2.a (Tổng số hồ sơ"),
        (
            {"4.2.5": 127, "4.2.1": 120, "4.2.2": 110},
            "F05 4.2.5",
            "127 = 4.2.1 (Tổng số biên chế được giao trong năm) + 4.2.3 (Số hợp đồng lao động",
        ),
        ({"7.5.2.b": 60}, "C-7.5s 7.5.2.a", "60 bằng đúng 7.5.2.b (Tỷ lệ văn bản được gửi dưới"),
    ],
)  # fmt: skip
def test_percentage_is_named_for_what_it_is(change: Fill, name: str, tells: str) -> None:
    """P1, P3: the finding about the percentage says which quotient or count it is."""
    seen = {key: text for key, text in said(change).items() if key.startswith(name)}
    assert len(seen) == 1
    assert tells in seen.popitem()[1]


@pytest.mark.parametrize(
    ("change", "tells"),
    [
        (
            {"3.4.2": 99.97, "3.4.2.a": 6690},
            f"3.4.2 = 99,97; tính lại: 100; 99,97 = 100 × 6.690 / 6.692 nếu mẫu số là {RECEIVED}",
        ),
        (
            {"3.4.2": 100.2, "3.2.4.a": 6677},
            f"100,2 = 100 × 6.690 / 6.677 nếu mẫu số là {RECEIVED}",
        ),
        ({"3.4.2": 100.3}, "3.4.2 = 100,3; tính lại: 99,97; vượt quá 100"),
        ({**TABLE, "3.4.2": 99.85}, f"99,85 = 100 × 6.690 / 6.700 nếu mẫu số là {DUE}"),
    ],
    ids=["received", "fewer-received", "over-100", "due"],
)
def test_near_percentage_that_is_another_quotient_is_found(change: Fill, tells: str) -> None:
    """P2: half a point is allowed for whole percentages, not for another denominator."""
    found = said(change)
    assert found.keys() == {"Q01 3.4.2"}
    assert tells in found["Q01 3.4.2"]


@pytest.mark.parametrize(
    "change",
    [
        {},
        TABLE,
        {**TABLE, "3.4.2": 99.97},
        {"3.4.2": 100},
        {"3.4.2": 99.9},
        {"3.4.2": 99.6},  # within what is allowed, and no quotient of anything
        {"6.1": 59},
        {"6.1": 58},  # cut off, though 58,6 would be another
        {"3.3.5": 37},
        {"3.3.4": 100, "3.2.5.a": 100},
        {"3.3.4": 60, "3.3.4.tu": 6, "3.3.4.mau": 10, "3.2.3.b": 6},
    ],
)
def test_what_is_as_it_should_be_is_silent(change: Fill) -> None:
    """P4: rounded, cut off, near enough, or no count at all."""
    assert not {key for key in said(change) if key[0] in "RFQ" and "6.1" not in key}


def test_count_below_100_is_a_hint() -> None:
    """P3: a count of the same part of the form in an entered percentage, where no rule sees it."""
    assert said({"3.3.5": 31}) == {
        "Q02 3.3.5": "3.3.5 = 31, bằng đúng 3.2.1.b (Số TTHC đang cung cấp trực tuyến mức độ 3)"
    }
    assert said({"3.3.5": 36}) == {"B17 3.3.5": "3.3.5 = 36; 3.2.2.b = 36"}  # said already
    assert not said({"4.2.5": 31})  # of another part


def test_one_of_several_sums_is_not_guessed() -> None:
    """P3: 103 is 90 + 13, and more: by chance."""
    assert said({"3.3.4": 103}) == {"F04 3.3.4": "3.3.4 = 103; tối đa 100; lệch +3"}


def test_each_cell_is_explained_once() -> None:
    """P4: of two findings about a cell the first says what stands there."""
    seen = [text for text in said({"7.5.2": 6692}).values() if "có thể đã ghi số lượng" in text]
    assert len(seen) == 1


def test_reason_beside_the_cell_settles_the_warning() -> None:
    """P2: as any warning, it can be answered in the note."""
    sent = submission({**COMMUNE, "3.4.2": 99.97, "3.4.2.a": 6690})
    noted = replace(sent, notes={"3.4.2": "Tính theo hồ sơ tiếp nhận, theo chỉ đạo của huyện."})
    (finding,) = check(FORM, noted)
    assert finding.rule == "Q01"
    assert finding.settled


def test_many_reports_are_told_apart() -> None:
    """P1: what is found in one of many is about that one."""
    fills = [COMMUNE, {**COMMUNE, **SOLVED, "3.4.2": 90.77}, COMMUNE]
    found = check_all(figures_of(fills))
    assert [[one.rule for one in some] for some in found] == [[], ["R-3.4.2"], []]


def test_another_form_names_its_own_rows() -> None:
    """P5: nothing of it is known to the program."""
    pupils = {"A.1.hs": 500, "A.1.len": 480, "A.1": 104.17}
    seen = said(pupils, SCHOOL)
    assert any("104,17 = 100 × 500 / 480: có thể đã đảo" in text for text in seen.values())


def test_fill_says_which_quotient_a_percentage_is(tmp_path: Path) -> None:
    """P6: of the stated percentages of a values file, wrong ones and near ones."""
    figures = {**SOLVED, "3.4.2": "90,77", "3.2.4.b": 3000, "3.2.4": "46,2"}
    lines = [Entry(n, id, str(value), "") for n, (id, value) in enumerate(figures.items(), 2)]
    report = fill(workbook(tmp_path / "a.xlsx"), lines, tmp_path / "b.xlsx", FORM)
    (finding,) = report.findings
    assert finding.rule == "R-3.4.2"
    assert RECEIVED in finding.seen


@pytest.mark.parametrize(
    ("part", "whole", "stated", "fits"),
    [
        (2, 3, 67, True),
        (2, 3, 66.7, True),
        (2, 3, 66.67, True),
        (2, 3, 66.66, False),
        (2, 3, 66.666667, False),
        (1, 8, 12.5, True),
        (1, 0, 12.5, False),
    ],
)
def test_quotient_is_compared_to_the_decimals_typed(part, whole, stated, fits) -> None:
    """P1: half of the last decimal either way."""
    assert gives(part, whole, stated) is fits


def test_percentage_may_be_rounded_or_cut_off() -> None:
    """P4: both are how people write one with fewer decimals."""
    assert [is_shortened(66.67, stated) for stated in (66.67, 66.7, 66.6, 67, 66, 66.5)] == [
        True, True, True, True, True, False,
    ]  # fmt: skip
    assert [places(stated) for stated in (67.0, 66.7, 0.05)] == [0, 1, 2]
