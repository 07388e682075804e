"""Requirements of the consolidation.

N1 Each row is combined by its own aggregate, as worked out by hand; a total says how many filled.
N2 A percentage comes from combined parts; a unit missing one part leaves both sums of it.
N3 The city's own figures are never added to those of the communes.
N4 received = counted + refused + superseded, whatever was sent.
N5 A unit is known by code and name together; alias, letter case and tone marks aside.
N6 Rules K01 to K10 about all files, T01 to T07 about earlier periods.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.builders import COMMUNE, DISTRICT, FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    FEW_RULES,
    FOLDER,
    A,
    B,
    C,
    D,
    F,
    golden,
    good,
    past,
    report,
    rules,
)
from xl_automation.checks.check import check_all
from xl_automation.checks.earlier import PastPeriod
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Duplicate, Total
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.outputs.json_report import consolidation_report
from xl_automation.reading.refused_file import RefusedFile

# --- the golden case, by hand ------------------------------------------------------------------

SUM, RATIO, SHARED = "Cộng các đơn vị có số", "Tính lại từ tổng các thành phần", "Số chung của"
MEAN, SIMPLE, CITY_BOOK = "Bình quân có quyền số", "Bình quân giản đơn, tham khảo", "Theo sổ của"

BY_HAND = {
    # id: (figure, units that filled it, how the note begins)
    "1.1.a": (25, 4, SUM),  # 8 + 10 + 3 + 4
    "1.1.b": (12, 4, SUM),  # 4 + 5 + 2 + 1
    "1.1": (45.45, 3, RATIO),  # A B E only: 100 × (4 + 5 + 1) / (8 + 10 + 4) = 1000 / 22
    "1.2.3.a": (0, 2, SUM),  # 0 + 0
    "1.2.3.b": (7, 3, SUM),  # 0 + 0 + 7
    "1.2.3": (None, 2, RATIO),  # A B only: 0 / 0
    "1.3.1": (0, 2, SUM),  # none, not blank
    "1.4.1": (15, 2, SUM),  # the text 03 is 3; 3 + 12
    "2.3": (678, 1, SUM),
    "2.4.a": (3, 1, SUM),  # "abc" and "-" are no numbers
    "2.4.b": (4, 3, SUM),  # 1 + 2 + 1
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
    "3.4.2.a": (450, 3, SUM),  # 100 + 300 + 50
    "3.4.2.b": (446, 3, SUM),  # 99 + 297 + 50
    "3.4.2": (99, 2, RATIO),  # A B only: 100 × (99 + 297) / (100 + 300)
    "4.2.5": (None, 2, "Không gộp được; từ -5 đến 12,5"),
    "6.1.a": (7060.5, 3, SUM),  # 4860 + 1200.5 + 1000, the last as the text 1.000
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
    assert counts.keys() == {"1.4.2", "1.5", "7.1", "7.2", "7.3", "7.4"}


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
    found_in = zip(golden().counted, check_all(FORM, golden().counted), strict=True)
    assert [seen.partition(":")[0] for seen in found["K09"]] == [
        one.unit_name for one, mine in found_in if any(f.severity == "error" for f in mine)
    ]
    (incomplete,) = found["K10"]
    assert {"1.1 3/5", "1.1.a 4/5", "3.2.5 0/5"} <= set(incomplete.split(", "))
    assert "3.1.1 " not in incomplete
    assert found.keys() == {"K01", "K05", "K06", "K08", "K09", "K10"}


def test_report_of_the_golden_case():
    """The JSON report holds the same figures, blank as null."""
    report_ = consolidation_report(golden())
    assert report_["period"] == "2022-6T"
    assert (report_["received"], report_["counted"]) == (6, 6)
    assert report_["missing"] == [{"code": F.code, "name": F.name}]
    assert {id: report_["totals"][id] for id in BY_HAND} == {
        id: value for id, (value, _, _) in BY_HAND.items()
    }
    assert report_["filled"]["1.1"] == 3
    assert report_["code_counts"]["7.3"] == {"0": 0, "1": 0, "2": 2, "9": 1}
    assert len(report_["findings"]) == len(golden().findings)


def test_city_rows_wait_without_its_workbook():
    """Without the city's workbook its rows are blank; the communes' totals are the same."""
    with_city, result = golden(), consolidate(FORM, golden().communes, golden().units, PERIOD)
    assert result.totals["3.4.1"] == Total(None, 0, "Chờ sổ của thành phố")
    rows = [item.id for item in FORM.figures if item.aggregate != "city"]
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
    assert result.totals["1.1.b"].value == 8
    numbers = [total.value for total in result.totals.values() if total.value is not None]
    assert all(map(math.isfinite, numbers))


def test_nothing_sent():
    """Without any file there is an empty consolidation: all units missing, no total."""
    result = consolidate(FORM, [])
    assert (result.received, result.period, result.missing) == (0, None, COMMUNES)
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


# --- which files count -------------------------------------------------------------------------

YEAR = MINI.period("2024-N")
LIST = (
    ReportingUnit("01", "Phường Quán Triều", alias="Phường Quan Triều"),
    ReportingUnit("02", "Xã Hoà Bình"),
    ReportingUnit("03", "Xã Thuỵ Hùng"),
    ReportingUnit("04", "Xã Đức Thắng"),
    ReportingUnit("99", "Thành phố Thử", "district"),
)
NAMES = {
    "01": ["Phường Quán Triều", "phường quan triều", "PHƯỜNG QUÁN TRIỀU"],
    "02": ["Xã Hoà Bình", "Xã Hòa Bình", "xã  hòa bình"],
    "03": ["Xã Thuỵ Hùng", "Xã Thụy Hùng"],
    "04": ["Xã Đức Thắng"],
    "99": ["Thành phố Thử", "thành phố thử"],
}
STRANGERS = {
    "unreadable": None,
    "wrong-period": ("01", "Phường Quán Triều", 2023),
    "no-period": ("01", "Phường Quán Triều", None),
    "unknown-code": ("77", "Xã Lạ", 2024),
    "other-name": ("01", "Phường Phan Đình Phùng", 2024),
    "no-name": ("01", None, 2024),
    "no-unit": (None, None, 2024),
    "city-code-as-commune": ("98", "Thành phố Thử", 2024),
}
good_files = st.sampled_from([(code, name) for code, names in NAMES.items() for name in names])
sent = st.lists(st.one_of(good_files, st.sampled_from(list(STRANGERS))), max_size=12)


def file_of(code, name, year, at):
    """Return the submission of a unit under *name*, or the refusal of a damaged file."""
    level = "district" if code == "99" else "commune"
    unit = ReportingUnit(code or "", name or "", level)
    one = report(unit, {"I.2": 10}, None, Path(f"{at}.xlsx"), MINI, saved=float(at))
    period = replace(YEAR, year=year) if year else None
    return replace(one, unit_code=code, unit_name=name, period=period)


@settings(max_examples=60, deadline=None)
@given(sent)
def test_received_is_counted_and_refused_and_superseded(pieces):
    """Whatever mix is sent, every file is counted, refused by name or superseded, just once."""
    files, senders, strangers = [], Counter(), 0
    for at, piece in enumerate(pieces):
        if isinstance(piece, tuple):
            files.append(file_of(*piece, 2024, at))
            senders[piece[0]] += 1
        elif STRANGERS[piece] is None:
            files.append(RefusedFile(Path(f"{at}.xlsx"), "unreadable", "hỏng"))
            strangers += 1
        else:
            files.append(file_of(*STRANGERS[piece], at))
            strangers += 1
    result = consolidate(MINI, iter(files), LIST, YEAR)
    assert result.received == len(files)
    assert {one.unit_code for one in result.counted} == set(senders)
    assert len(result.counted) == len(senders)
    assert len(result.refused) == strangers
    assert result.superseded == sum(senders.values()) - len(senders)
    assert {unit.code for unit in result.missing} == set(NAMES) - set(senders) - {"99"}
    assert result.totals["I.2"].value == (10 * len(result.communes) or None)
    told = {one.path for one in (*result.counted, *result.refused)}
    told |= {path for one in result.duplicates for path in one.paths}
    assert told == {one.path for one in files}


@pytest.mark.parametrize(
    ("name", "code"),
    [("wrong-period", "wrong-period"), ("no-period", "wrong-period")]
    + [(name, "unknown-unit") for name in list(STRANGERS)[3:]],
)
def test_stranger_is_refused_by_name(name, code):
    """A file of another period or of a unit not on the list is refused for that reason."""
    result = consolidate(MINI, [file_of(*STRANGERS[name], 0)], LIST, YEAR)
    assert [(one.code, one.path.name) for one in result.refused] == [(code, "0.xlsx")]


def test_code_used_again_for_another_unit_is_refused():
    """The message names what was found: the code alone does not make it the listed unit."""
    result = consolidate(FORM, [replace(good(A), unit_name="Phường Gia Sàng")])
    assert "05431 – Phường Gia Sàng" in result.refused[0].message


def test_last_saved_file_of_a_unit_counts():
    """Of several files of a unit the last saved is counted; the path decides between equals."""
    one = replace(good(A, c1_1_a=8), path=FOLDER / "b.xlsx", saved=2.0)
    two = replace(good(A, c1_1_a=9), path=FOLDER / "a.xlsx", saved=3.0)
    three = replace(good(A, c1_1_a=10), path=FOLDER / "c.xlsx", saved=3.0)
    result = consolidate(FORM, [three, one, two])
    paths = tuple(FOLDER / name for name in ("a.xlsx", "b.xlsx", "c.xlsx"))
    assert result.duplicates == (Duplicate(A.code, A.name, paths, paths[2]),)
    assert result.totals["1.1.a"].value == 10
    assert (result.received, result.superseded) == (3, 2)


@pytest.mark.parametrize("listed", [True, False], ids=["listed", "not-listed"])
def test_workbook_of_a_second_city_is_refused(listed):
    """Figures of one city only are taken; another city's workbook is refused, never lost."""
    other = replace(CITY, code="165", name="Thành phố Sông Công")
    units = (*COMMUNES[:2], *((CITY, other) if listed else ()))
    files = [report(other, DISTRICT), report(CITY, DISTRICT), good(A)]
    result = consolidate(FORM, files, units)
    assert result.city is not None
    assert result.city.unit_code == "164"
    assert [one.code for one in result.refused] == ["second-city"]
    assert "Thành phố Sông Công" in result.refused[0].message
    assert result.received == 3


def test_period_is_the_one_most_files_are_for():
    """Left open, the period is that of the majority; the others are refused."""
    quarter = FORM.period("2022-Q1")
    result = consolidate(FORM, [good(A), good(B), report(C, COMMUNE, quarter)])
    assert result.period == PERIOD
    assert [one.code for one in result.refused] == ["wrong-period"]


def test_period_undecided_by_the_files_is_asked_for():
    """As many files for one period as for another: the officer must choose."""
    quarter = FORM.period("2022-Q1")
    with pytest.raises(ValueError, match=r"2022-6T, 2022-Q1.*chọn kỳ"):
        consolidate(FORM, [good(A), report(B, COMMUNE, quarter)])


# --- rules about all files ---------------------------------------------------------------------

THREE = (A, B, C)
Q1 = FORM.period("2022-Q1")


def three(*changed, more=()):
    """Return the consolidation of three consistent communes, some of them replaced."""
    by_unit = {unit.code: good(unit) for unit in THREE} | {one.unit_code: one for one in changed}
    return consolidate(FEW_RULES, [*by_unit.values(), *more], (*THREE, CITY), PERIOD)


def test_consistent_communes_break_no_rule():
    """Three complete, consistent reports are consolidated without any finding."""
    result = consolidate(FORM, [good(unit) for unit in THREE], THREE, PERIOD)
    assert result.findings == ()
    assert result.totals["1.1.a"] == Total(24, 3, SUM)


def with_city(**changes):
    return three(more=[good(CITY, **changes)])


CITY_CASES = {
    "K01-missing": (lambda: consolidate(FEW_RULES, [good(A)], THREE), {"K01": [B.name, C.name]}),
    "K02-twice": (
        lambda: three(more=[replace(good(A), path=FOLDER / "lần 2.xlsx")]),
        {"K02": ["05431.xlsx, lần 2.xlsx; tính lần 2.xlsx"]},
    ),
    "K03-other-period": (
        lambda: three(more=[report(A, COMMUNE, Q1, FOLDER / "q1.xlsx")]),
        {"K03": ["q1.xlsx"]},
    ),
    "K04-other-forms": (
        lambda: three(
            more=[
                RefusedFile(FOLDER / f"{code}.xlsx", code, "")
                for code in ("altered-form", "wrong-form", "wrong-version", "unreadable")
            ]
        ),
        {"K04": ["altered-form.xlsx", "wrong-form.xlsx", "wrong-version.xlsx"]},
    ),
    "K05-differs": (
        lambda: three(good(C, c3_1_1=23)),
        {"K05": [f"3.1.1: 24 ({A.name}, {B.name}); 23 ({C.name})"]},
    ),
    "K06-differs": (
        lambda: three(good(C, c7_2=1)),
        {"K06": [f"7.2: 2 ({A.name}, {B.name}); 1 ({C.name})"]},
    ),
    "K06-own-system-may-differ": (lambda: three(good(C, c7_3=1)), {}),
    "K07-over-20-times": (
        lambda: three(good(C, c2_3=201)),
        {"K07": ["2.3 = 201; trung vị 10"]},
    ),
    "K07-20-times": (lambda: three(good(C, c2_3=200)), {}),
    "K07-median-0": (lambda: three(good(C, c4_2_4=9)), {}),
    "K07-two-figures-only": (
        lambda: consolidate(FEW_RULES, [good(A), good(B, c2_3=9999)], (A, B)),
        {},
    ),
    "K08-agrees": (lambda: with_city(c3_4_2_a=669200, c3_4_2_b=669000), {}),
    "K08-differs": (
        lambda: with_city(c3_4_2_a=1000, c3_4_2_b=990),
        {"K08": ["3.4.2 = 99; tính lại 99,97"]},  # 100 × 3 × 6690 / (3 × 6692) = 99.970…
    ),
    "K08-blank": (lambda: with_city(c3_4_2_a=None, c3_4_2_b=None), {}),
    "K09-error": (lambda: three(good(C, c1_1_b=9)), {"K09": [f"{C.name}: 1 lỗi"]}),
    "K09-warning-only": (lambda: three(good(C, c4_2_2=21)), {}),
    "K10-blank": (
        lambda: three(good(C, c2_3=None)),
        {"K10": ["2.3 2/3"]},
    ),
}


@pytest.mark.parametrize("case", CITY_CASES)
def test_rule_about_all_files(case):
    """The rule speaks where it is broken, says what it saw, and no other rule does."""
    build, expected = CITY_CASES[case]
    assert rules(build()) == expected


def test_findings_about_a_unit_point_to_its_file():
    """K07 and K09 are about a file; the unit's own findings carry file and unit."""
    result = three(good(C, c2_3=201, c1_1_b=9))
    about = {(one.finding.rule, one.unit, one.path) for one in result.findings}
    path = FOLDER / f"{C.code}.xlsx"
    assert about == {(rule, C.name, path) for rule in ("K07", "K09", "C-1.1")}


# --- against earlier periods -------------------------------------------------------------------


# Enough other figures that nothing looks copied; they may only grow, by less than 20 %.
OTHERS = {"c2_1": 0, "c1_4_1": 90, "c3_2_4_b": 40, "c3_4_2_a": 6690, "c3_4_2_b": 6000, "c1_3_1": 4}


def compare(folder, cases, period="2022-6T"):
    """Return what the T rules see in each case, a commune of its own, against summary files.

    A case is the changes of the commune now, and by earlier period.
    """
    units = dict(zip(cases, COMMUNES, strict=False))
    codes = dict.fromkeys(code for _, earlier in cases.values() for code in earlier)
    summaries = []
    for code in codes:
        sent = [
            good(units[case], **earlier[code])
            for case, (_, earlier) in cases.items()
            if code in earlier
        ]
        summaries.append(past(folder, code, sent, FEW_RULES))
    when = FORM.period(period)
    sent = [replace(good(units[case], **now), period=when) for case, (now, _) in cases.items()]
    result = consolidate(FEW_RULES, sent, tuple(units.values()), when, summaries)
    found = {case: {} for case in cases}
    by_path = {one.path: case for one, case in zip(sent, cases, strict=True)}
    for one in result.findings:
        if one.finding.rule.startswith("T"):
            seen = found[by_path[one.path]].setdefault(one.finding.rule, [])
            seen.append(one.finding.seen)
    return found


PERIOD_CASES = {
    # now, before, what is seen
    "T01-less": ({}, {"c1_1_b": 5}, {"T01": "1.1.b = 4; 1.1.b kỳ trước = 5"}),
    "T01-same": ({}, {"c1_1_b": 4}, {}),
    "T01-blank-before": ({}, {"c1_1_b": None}, {}),
    "T01-blank-now": ({"c1_1_b": None}, {}, {}),
    "T02-differs": ({}, {"c1_1_a": 7}, {"T02": "1.1.a = 8; 1.1.a kỳ trước = 7"}),
    "T03-less": ({}, {"c2_3": 11}, {"T03": "2.3 = 10; 2.3 kỳ trước = 11"}),
    "T03-same": ({}, {"c2_3": 10}, {}),
    "T05-over-20": ({}, {"c4_2_1": 16}, {"T05": "4.2.1 = 20; 4.2.1 kỳ trước = 16"}),
    "T05-20": ({"c4_2_1": 24}, {"c4_2_1": 20}, {}),
    "T06-as-announced": ({}, {"c3_1_3": 105, "c3_1_3_b": 105}, {}),  # 105 + 24 >= 126
    "T06-too-many": (
        {"c3_1_1": 20},
        {"c3_1_3": 105, "c3_1_3_b": 105, "c3_1_1": 20},
        {"T06": "3.1.3 = 126; 3.1.1 = 20; 3.1.3 kỳ trước = 105; 3.1.1 kỳ trước = 20"},
    ),
}
LAST_YEAR = {
    "T01": ({}, {"c1_1_b": 5}, {}),
    "T02": ({}, {"c1_1_a": 7}, {}),
    "T03": ({}, {"c2_3": 11}, {}),
    "T05": ({}, {"c4_2_1": 16}, {"T05": "4.2.1 = 20; 4.2.1 kỳ trước = 16"}),
}


@pytest.fixture(scope="module")
def against_one(tmp_path_factory):
    """What is seen against quarter I of this year, and against the last year."""

    def seen(cases, code):
        folder = tmp_path_factory.mktemp("one")
        return compare(folder, {c: (n, {code: {**OTHERS, **b}}) for c, (n, b, _) in cases.items()})

    return {"2022-Q1": seen(PERIOD_CASES, "2022-Q1"), "2021-N": seen(LAST_YEAR, "2021-N")}


@pytest.mark.parametrize(
    ("code", "case", "expected"),
    [("2022-Q1", case, expected) for case, (_, _, expected) in PERIOD_CASES.items()]
    + [("2021-N", case, expected) for case, (_, _, expected) in LAST_YEAR.items()],
)
def test_rule_against_one_earlier_period(against_one, code, case, expected):
    """Each rule compares with the earlier summary; T01 to T03 only within the year."""
    found = against_one[code][case]
    assert found == {rule: [seen] for rule, seen in expected.items()}


T03_SEEN = ["2.3 = 10; 2.3 kỳ trước = 11"]
SHORTER = {
    # what the year's 2.3 = 10 is compared with -> what T03 sees
    "Q1": ({"2022-Q1": 11}, T03_SEEN),
    "Q3": ({"2022-Q3": 11}, T03_SEEN),
    "6T+Q3-more": ({"2022-6T": 6, "2022-Q3": 5}, T03_SEEN),
    "6T+Q3-same": ({"2022-6T": 6, "2022-Q3": 4}, []),
    "Q1+Q3-more": ({"2022-Q1": 6, "2022-Q3": 5}, T03_SEEN),
    "Q1-inside-6T": ({"2022-Q1": 6, "2022-6T": 6}, []),
    "all-three": ({"2022-Q1": 6, "2022-6T": 6, "2022-Q3": 5}, T03_SEEN),
    "6T+Q3-blank": ({"2022-6T": 6, "2022-Q3": None}, []),
    "another-year": ({"2021-6T": 6, "2022-Q3": 5}, []),
}
NO_FLOW = dict.fromkeys(f"c{item.id}" for item in FORM.inputs if item.nature == "flow")


@pytest.fixture(scope="module")
def against_several(tmp_path_factory):
    """What is seen in a year against summaries of the periods inside it."""
    cases = {
        case: ({}, {code: {**NO_FLOW, "c2.3": value} for code, value in earlier.items()})
        for case, (earlier, _) in SHORTER.items()
    }
    return compare(tmp_path_factory.mktemp("several"), cases, "2022-N")


@pytest.mark.parametrize("case", SHORTER)
def test_year_against_the_periods_inside_it(against_several, case):
    """T03 compares with each shorter period and with sums of disjoint ones, and speaks once."""
    assert against_several[case].get("T03", []) == SHORTER[case][1]


@pytest.mark.parametrize("id", ["2.4.a", "3.2.1.c", "3.2.2.c"])
def test_overlapping_figures_are_compared_with_each_period_alone(tmp_path, id):
    """What both shorter periods count may be the same thing: only more than the year is wrong."""
    cases = {
        name: (
            {f"c{id}": 7},
            {"2022-6T": {**NO_FLOW, f"c{id}": half}, "2022-Q3": {**NO_FLOW, f"c{id}": third}},
        )
        for name, half, third in (("sum", 6, 5), ("half", 8, 5), ("third", 6, 8))
    }
    found = compare(tmp_path, cases, "2022-N")
    seen = {name: some.get("T03", []) for name, some in found.items()}
    more = [f"{id} = 7; {id} kỳ trước = 8"]
    assert seen == {"sum": [], "half": more, "third": more}


def test_nearest_period_is_the_one_compared_with(tmp_path):
    """T01, T02 and T05 look at the latest earlier period; quarter III does not contain 6 months."""
    earlier = {
        "2022-Q1": {**OTHERS, "c4_2_1": 16, "c1_1_b": 5},
        "2022-6T": {**OTHERS, "c1_1_a": 7, "c2_3": 99},
        "2021-N": {**OTHERS, "c4_2_1": 1},
    }
    found = compare(tmp_path, {"one": ({}, earlier)}, "2022-Q3")
    assert found == {"one": {"T02": ["1.1.a = 8; 1.1.a kỳ trước = 7"]}}


def test_copied_figures_are_pointed_out(tmp_path):
    """T07 speaks when more than nine tenths of the figures are those of the earlier period."""
    changes = {"none": {}, "46 of 51": dict(list(OTHERS.items())[:5]), "45 of 51": OTHERS}
    found = compare(tmp_path, {case: ({}, {"2022-Q1": some}) for case, some in changes.items()})
    assert {case: seen.get("T07") for case, seen in found.items()} == {
        "none": ["51/51 số liệu giống kỳ trước"],
        "46 of 51": ["46/51 số liệu giống kỳ trước"],  # 90.2 %
        "45 of 51": None,  # 88.2 %
    }


def test_few_equal_figures_are_not_called_copied(tmp_path):
    """Nine figures in common say nothing."""
    few = {id: COMMUNE[id] for id in list(COMMUNE)[:9]}
    before = past(tmp_path, "2022-Q1", [report(A, few)], FEW_RULES)
    result = consolidate(FEW_RULES, [report(A, few)], (A,), previous=[before])
    assert "T07" not in rules(result, "T")


def test_unit_new_in_the_list_has_nothing_to_compare_with(tmp_path):
    """A unit that the earlier summary does not have, or that sent nothing then, is left alone."""
    before = past(tmp_path, "2022-Q1", [good(A, c1_1_b=5)], FEW_RULES)
    result = consolidate(FEW_RULES, [good(A), good(B)], previous=[before])
    units = {one.unit for one in result.findings if one.finding.rule.startswith("T")}
    assert units == {A.name}


def test_code_used_again_is_not_compared_with_the_former_unit(tmp_path):
    """Figures of the unit that had the code before are another unit's; an alias is the same."""
    before = past(tmp_path, "2022-Q1", [good(A, c1_1_b=5), good(B, c1_1_b=5)], FEW_RULES)
    units = (
        replace(A, name="Phường Quan Triều", alias="Phường Quán Triều"),
        replace(B, name="Phường Mới"),
    )
    result = consolidate(FEW_RULES, [good(unit) for unit in units], units, previous=[before])
    found = [one.unit for one in result.findings if one.finding.rule == "T01"]
    assert found == ["Phường Quan Triều"]


def test_error_against_an_earlier_period_counts_as_the_units_error(tmp_path):
    """K09 lists a unit whose only error shows against the earlier period."""
    before = past(tmp_path, "2022-Q1", [good(A, **OTHERS, c1_1_b=5)], FEW_RULES)
    found = rules(consolidate(FEW_RULES, [good(A)], (A,), previous=[before]))
    assert found == {"K09": [f"{A.name}: 1 lỗi"]}


def test_city_is_compared_with_its_own_earlier_figures(tmp_path):
    """The city's row of the earlier summary is compared too."""
    before = past(tmp_path, "2022-Q1", [good(CITY, c6_2_6=2)], FEW_RULES)
    result = consolidate(FEW_RULES, [good(CITY)], (CITY,), previous=[before])
    assert rules(result, "T")["T01"] == ["6.2.6 = 1; 6.2.6 kỳ trước = 2"]


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (["2022-6T"], "6 tháng đầu năm 2022 không phải của kỳ trước"),
        (["2022-N"], "Năm 2022 không phải của kỳ trước"),
        (["2022-Q1", "2022-Q1"], "hai sổ tổng hợp của cùng kỳ Quý I năm 2022"),
    ],
    ids=["same", "later", "twice"],
)
def test_summary_that_is_no_earlier_period_is_refused(codes, message):
    """A comparison that was asked for and cannot be made is said, not skipped."""
    earlier = [PastPeriod(FORM.period(code), golden().table.numbers, {}) for code in codes]
    with pytest.raises(ValueError, match=message):
        consolidate(FEW_RULES, [good(A)], previous=earlier)
