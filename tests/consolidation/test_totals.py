"""Requirements of the totals.

N1 Each row is combined by its own aggregate, as worked out by hand; a total says how many filled.
N2 A percentage comes from combined parts, and these are added over the units that have all of
   them; what is left out for that reason is told with its unit, at the total and as data.
N3 The city's own figures are never added to those of the communes.
N8 A form of another subject, with other rows and rules, is combined by the same code.
"""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    A,
    B,
    C,
    D,
    F,
    golden,
    good,
    report,
    rules,
    schools,
)
from tests.support.paths import DATA
from xl_automation.checks.check import check_all
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.aggregate import Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.loader import load_form
from xl_automation.forms.pairs import pairs
from xl_automation.forms.ratios import percentage
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.outputs.json_report import consolidation_report

SUM, RATIO, SHARED = "Cộng các đơn vị có số", "Tính lại từ tổng các thành phần", "Số chung của"
MEAN, SIMPLE, CITY_BOOK = "Bình quân có quyền số", "Bình quân giản đơn, tham khảo", "Theo sổ của"

BY_HAND = {
    # id: (figure, units that filled it, how the note begins)
    "1.1.a": (22, 3, f"{SUM}; không tính: {C.name} (thiếu 1.1.b)"),  # A B E: 8 + 10 + 4
    "1.1.b": (10, 3, f"{SUM}; không tính: {D.name} (thiếu 1.1.a)"),  # A B E: 4 + 5 + 1
    "1.1": (45.45, 3, RATIO),  # A B E only: 100 × (4 + 5 + 1) / (8 + 10 + 4) = 1000 / 22
    "1.2.3.a": (0, 2, SUM),  # 0 + 0
    "1.2.3.b": (0, 2, SUM),  # A B only: 0 + 0; C has no 1.2.3.a
    "1.2.3": (None, 2, RATIO),  # A B only: 0 / 0
    "1.3.1": (0, 2, SUM),  # none, not blank
    "1.4.1": (15, 2, SUM),  # the text 03 is 3; 3 + 12
    "2.3": (678, 1, SUM),
    "2.4.a": (3, 1, SUM),  # "abc" and "-" are no numbers
    "2.4.b": (2, 1, f"{SUM}; không tính: {A.name}, {C.name} (thiếu 2.4.a)"),  # B only
    "2.4": (66.67, 1, RATIO),  # B only: 200 / 3
    "3.1.1": (24, 5, SHARED),  # agreed: not 120
    "3.1.3": (126, 4, SHARED),  # agreed by the four that say it
    "3.1.3.b": (None, 4, f"Không thống nhất: 126 ({A.name}, {B.name}, {D.name}); 120 ({C.name})"),
    "3.2.1.a": (40, 3, SHARED),
    "3.2.1.b": (31, 2, SHARED),
    "3.2.1": (77.5, 2, "Tính từ số chung"),  # 3100 / 40
    "3.2.2.a": (None, 3, f"Không thống nhất: 36 ({A.name}, {B.name}); 30 ({C.name})"),
    "3.2.2.b": (None, 2, f"Không thống nhất: 36 ({A.name}); 18 ({B.name})"),
    "3.2.2": (75, 2, "Bình quân các xã"),  # A B only: 100 × (36 + 18) / (36 + 36)
    "3.2.3.a": (0, 2, SHARED),
    "3.2.3.b": (0, 2, SHARED),
    "3.2.3": (None, 2, "Tính từ số chung"),  # 0 / 0
    "3.2.4.a": (1010, 2, SUM),
    "3.2.4.b": (20, 2, SUM),
    "3.2.4": (1.98, 2, RATIO),  # 2000 / 1010; the mean of 1 % and 100 % would be 50.5
    "3.2.5": (None, 0, "Chưa đủ thành phần"),
    "3.3.4": (76.61, 3, MEAN),  # A B C: (100 × 126 + 50 × 126 + 80 × 120) / 372; E has no weight
    "3.3.5": (66.67, 2, MEAN),  # weights 126 and 63: (50 × 126 + 100 × 63) / 189
    "3.4.2.a": (400, 2, SUM),  # A B only: 100 + 300
    "3.4.2.b": (396, 2, SUM),  # A B only: 99 + 297
    "3.4.2": (99, 2, RATIO),  # A B only: 100 × (99 + 297) / (100 + 300)
    "4.2.5": (None, 2, "Không gộp được; từ -5 đến 12,5"),
    "6.1.a": (6060.5, 2, SUM),  # A B only: 4860 + 1200.5
    "6.1.b": (3160.25, 2, SUM),  # 2860 + 300.25
    "6.1": (52.15, 2, RATIO),  # A B only: 316025 / 6060.5 = 52.14503…
    "1.5": (None, 4, "Không: 1; Có: 3"),
    "7.1": (None, 3, "Chưa: 2; Hoàn thành: 1"),
    "7.3": (None, 3, "Chưa: 0; Đang làm: 0; Hoàn thành: 2; mã 9: 1"),
    "7.5.1": (50, 4, "Số đơn vị đạt 100"),  # A B of A B C D; D says 50
    "7.6.2": (66.67, 3, "Số đơn vị đạt 100"),  # A B of A B C
    "7.5.2": (30, 2, MEAN),  # 90 % of 100, 10 % of 300: (9000 + 3000) / 400
    "7.5.2.a": (60, 1, MEAN),  # A only: C says 70 without a number of documents
    "7.5.2.b": (45, 2, SIMPLE),  # (70 + 20) / 2
    "1.2.1": (33.33, 1, CITY_BOOK),  # 400 / 12
    "2.2": (None, 0, CITY_BOOK),  # "-"
    "3.1.3.a": (174, 1, CITY_BOOK),
    "3.4.1.a": (900, 1, CITY_BOOK),
    "3.4.1.b": (890, 1, CITY_BOOK),
    "3.4.1": (98.89, 1, CITY_BOOK),  # 89000 / 900
    "4.1.5.a": (40, 1, CITY_BOOK),
    "4.1.5.b": (30, 1, CITY_BOOK),
    "4.1.5": (25, 1, CITY_BOOK),  # 100 × (40 - 30) / 40
    "6.2.6": (0, 1, CITY_BOOK),
}


@pytest.mark.parametrize("id", BY_HAND)
def test_total_is_the_one_worked_out_by_hand(id):
    """Figure, number of units behind it, and how it was combined."""
    total = golden().totals[id]
    value, filled, note = BY_HAND[id]
    assert (total.value, total.filled) == (value, filled)
    assert total.note.startswith(note)


def test_figures_that_are_left_out_by_hand():
    """Each number without the other part of its ratio, by unit; blanks are no numbers."""
    left = [(f.name, f.indicator, f.cause, f.reason, f.value) for f in golden().left_out]
    assert left == [
        (A.name, "2.4.b", "pair", "thiếu 2.4.a", 1),
        (C.name, "1.1.a", "pair", "thiếu 1.1.b", 3),
        (C.name, "1.2.3.b", "pair", "thiếu 1.2.3.a", 7),
        (C.name, "2.4.b", "pair", "thiếu 2.4.a", 1),
        (C.name, "3.4.2.a", "pair", "thiếu 3.4.2.b", 50),
        (C.name, "6.1.a", "pair", "thiếu 6.1.b", 1000),
        (D.name, "1.1.b", "pair", "thiếu 1.1.a", 2),
        (D.name, "3.4.2.b", "pair", "thiếu 3.4.2.a", 50),
    ]


ALL_PARTS = ("1.1.a", "1.1.b", "3.4.2.a", "3.4.2.b", "6.1.a", "6.1.b")
BLANKS = st.sets(st.sampled_from(["1.1.a", "1.1.b", "3.4.2.a", "3.4.2.b", "6.1.a", "2.3"]))


@settings(max_examples=30, deadline=None)
@given(st.lists(BLANKS, min_size=3, max_size=3))
def test_totals_printed_together_agree(blanks):
    """Whatever is blank: Σ of the units = total + left out, and a ratio is the ratio of totals."""
    units = (A, B, C)
    fills = [{id: v for id, v in COMMUNE.items() if id not in b} for b in blanks]
    fills = [{id: v * (n + 1) if id in ALL_PARTS else v for id, v in fill.items()}
             for n, fill in enumerate(fills)]  # fmt: skip
    result = consolidate(FORM, map(report, units, fills), units, PERIOD)
    for id in ("2.3", *ALL_PARTS):
        out = sum(figure.value for figure in result.left_out if figure.indicator == id)
        assert (result.totals[id].value or 0) + out == sum(fill.get(id, 0) for fill in fills)
    for ratio in ("1.1", "3.4.2", "6.1"):
        part, whole = (result.totals[f"{ratio}.{end}"] for end in "ba")
        assert part.filled == whole.filled == result.totals[ratio].filled
        expected = percentage(part.value, whole.value) if part.filled else None
        assert result.totals[ratio].value == expected


def test_ratios_that_share_a_part_are_one_group(tmp_path):
    """Rows are connected through ratios: whoever lacks one of a group is in none of its sums."""
    text = (DATA / "truong-hoc.toml").read_text("utf-8").replace('units = "truong-hoc.csv"\n', "")
    shared = text.replace(
        'part = "[A.3]", whole = "[A.2]"', 'part = "[A.10]", whole = "[A.1.hs]"'
    ).replace('aggregate = "ratio_shared"', 'aggregate = "ratio"')
    path = tmp_path / "x.toml"
    path.write_text(shared, encoding="utf-8")
    group = {"A.1.hs", "A.1.len", "A.10"}
    found = {id: set(ids) for id, ids in pairs(load_form(path)).items()}
    assert found == dict.fromkeys((*group, "A.1", "A.4"), group)


def test_totals_of_rows_nobody_filled_are_blank():
    """A blank row gives no figure, not 0, and says that nobody filled it."""
    rest = {id: total for id, total in golden().totals.items() if id not in BY_HAND}
    assert len(rest) == len(FORM.figures) - len(BY_HAND)
    assert {(total.value, total.filled) for total in rest.values()} == {(None, 0)}


def test_code_counts_by_hand():
    """Every code of the list is counted, also with 0; a code off the list counts under itself."""
    counts = golden().code_counts
    assert counts["1.5"] == {"0": 1, "1": 3}
    assert counts["7.1"] == {"0": 2, "1": 1}
    assert counts["7.3"] == {"0": 0, "1": 0, "2": 2, "9": 1}
    assert counts["1.4.2"] == {"0": 0, "1": 0, "2": 0}
    assert list(counts) == [item.id for item in FORM.figures if item.codes]


def test_city_wide_findings_by_hand():
    """The golden case breaks exactly these rules about all files together."""
    found = rules(golden())
    assert found["K01"] == [F.name]
    assert found["K05"] == [
        f"3.1.3.b: 126 ({A.name}, {B.name}, {D.name}); 120 ({C.name})",
        f"3.2.2.a: 36 ({A.name}, {B.name}); 30 ({C.name})",
        f"3.2.2.b: 36 ({A.name}); 18 ({B.name})",
    ]
    assert found["K06"] == [f"7.1: 0 ({A.name}, {B.name}); 1 ({C.name})"]
    assert found["K08"] == ["3.4.2 = 97,5; tính lại 99"]  # 39000 / 400 against 99
    checked = zip(golden().counted, check_all(golden().figures), strict=True)
    assert [seen.partition(":")[0] for seen in found["K09"]] == [
        submission.unit_name
        for submission, findings in checked
        if any(finding.severity == "error" for finding in findings)
    ]
    (incomplete,) = found["K10"]
    assert {"1.1 3/5", "1.1.a 3/5", "3.2.5 0/5"} <= set(incomplete.split(", "))
    assert "3.1.1 " not in incomplete
    assert found.keys() == {"K01", "K05", "K06", "K08", "K09", "K10"}


def test_report_of_the_golden_case():
    """The JSON report holds the same figures, blank as null."""
    json = consolidation_report(golden())
    assert json["period"] == "2022-6T"
    assert (json["received"], json["counted"]) == (6, 6)
    assert json["missing"] == [{"code": F.code, "name": F.name}]
    assert {id: json["totals"][id] for id in BY_HAND} == {
        id: value for id, (value, _, _) in BY_HAND.items()
    }
    assert json["filled"]["1.1"] == 3
    assert json["code_counts"]["7.3"] == {"0": 0, "1": 0, "2": 2, "9": 1}
    assert len(json["findings"]) == len(golden().findings)


def test_city_rows_wait_without_its_workbook():
    """Without the city's workbook its rows are blank; the communes' totals are the same."""
    with_city, result = golden(), consolidate(FORM, golden().communes, golden().units, PERIOD)
    assert result.totals["3.4.1"] == Total(None, 0, "Chờ sổ của thành phố")
    rows = [item.id for item in FORM.figures if not aggregate_of(item).is_city]
    assert [result.totals[id] for id in rows] == [with_city.totals[id] for id in rows]


def test_order_of_files_does_not_matter():
    """The same files in reverse give the same consolidation."""
    files = golden().counted
    again = consolidate(FORM, reversed(files), (*golden().units, CITY), PERIOD)
    assert again.totals == golden().totals
    assert again.findings == golden().findings


def test_decimals_sum_exactly():
    """0.1 + 0.2 is 0.3, and whole totals are whole numbers."""
    result = consolidate(FORM, [good(A, c6_1_b=0.1), good(B, c6_1_b=0.2)])
    assert result.totals["6.1.b"].value == 0.3
    assert isinstance(result.totals["6.1.a"].value, int)


def test_numbers_beyond_any_sum_do_not_stop_the_others():
    """A file with absurd numbers costs its own rows, not the consolidation."""
    wild = {"c1_1_a": 1.7e308, "c6_1_a": 1e-300, "c6_1_b": 1e300, "c3_3_4": 1e308}
    result = consolidate(FORM, [good(unit, **wild) for unit in (A, B)])
    assert result.totals["1.1.a"].value is None
    assert result.totals["6.1"].value is None
    assert result.totals["1.1.b"].value is None  # its pair is beyond any number
    assert result.totals["1.3.1"].value == 2 * COMMUNE["1.3.1"]
    numbers = [total.value for total in result.totals.values() if total.value is not None]
    assert all(map(math.isfinite, numbers))


def test_nothing_sent():
    """Without any file there is an empty consolidation: all units missing, no total."""
    result = consolidate(FORM, [])
    now = tuple(unit for unit in FORM.units_at(None) if unit.level == "commune")
    assert (result.received, result.period, result.missing) == (0, None, now)
    assert {total.value for total in result.totals.values()} == {None}


def test_form_of_another_subject_without_a_list_of_units():
    """A form without units takes whoever reports; nobody is missing."""
    year = MINI.period("2024-N")
    units = [ReportingUnit("1", "Xã Một"), ReportingUnit("2", "Xã Hai")]
    fills = [{"I.2": 100, "I.3": 50, "I.5": 1}, {"I.2": 300, "I.3": 300, "I.5": 2}]
    files = [report(u, f, year, form=MINI) for u, f in zip(units, fills, strict=True)]
    result = consolidate(MINI, files)
    assert (result.period, result.expected, result.missing) == (year, 2, ())
    assert result.totals["I.1"].value == 87.5  # 35000 / 400
    assert result.code_counts["I.5"] == {"1": 1, "2": 1}


def test_schools_by_hand():
    """A form of another subject uses every way of combining; no row or rule id is of the first."""
    totals = schools().totals
    assert {id: (total.value, total.filled) for id, total in totals.items()} == {
        "A.1": (95, 2),  # 100 × (190 + 285) / (200 + 300); T3 has one part only
        "A.1.hs": (500, 2),  # 200 + 300; T3 has one part only
        "A.1.len": (475, 2),
        "A.2": (12, 3),
        "A.3": (None, 3),  # 6, 6 and 9
        "A.4": (58.33, 3),  # 100 × (6 + 6 + 9) / (3 × 12), since they do not agree
        "A.5": (None, 3),
        "A.6": (66.67, 3),  # T1 and T3 of three
        "A.7": (68.75, 2),  # (80 × 100 + 50 × 60) / 160; T3 asked nobody that is known of
        "A.8": (3, 1),
        "A.9": (None, 2),
        "A.10": (3000.5, 3),  # 1200.5 + 800 + 1000
    }
    notes = {id: totals[id].note for id in ("A.3", "A.5", "A.8", "A.9")}
    assert notes == {
        "A.3": "Không thống nhất: 6 (Trường Một, Trường Hai); 9 (Trường Ba)",
        "A.5": "Không: 1; Có: 2",
        "A.8": "Theo sổ của phòng giáo dục",
        "A.9": "Không gộp được; từ -5 đến 4",
    }
    assert schools().code_counts == {"A.5": {"0": 1, "1": 2}}
    assert rules(schools(), "P-") == {
        "P-CHUNG": ["A.3: 6 (Trường Một, Trường Hai); 9 (Trường Ba)"],
        "P-DU": ["A.1 2/3, A.1.hs 2/3, A.1.len 2/3, A.7 2/3, A.9 2/3"],
    }
