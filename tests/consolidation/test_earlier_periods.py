"""Requirements of the comparison of a city's files with earlier periods.

N9 Rules T01 to T07 compare each unit with its own figures of the periods that they are about.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import (
    CITY,
    COMMUNES,
    FEW_RULES,
    A,
    B,
    golden,
    good,
    past,
    report,
    rules,
)
from xl_automation.checks.earlier import PastPeriod
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.errors import UserError

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


T05_SEEN = (
    "|4.2.1 − 4.2.1 kỳ trước| = 4; tối đa 0,2 × 4.2.1 kỳ trước = 3,2; lệch +0,8 "
    "(4.2.1 = 20, 4.2.1 kỳ trước = 16)"
)
T06_SEEN = (
    "3.1.3 = 126; tối đa 3.1.3 kỳ trước + 3.1.1 = 125; lệch +1 (3.1.3 kỳ trước = 105, 3.1.1 = 20)"
)
PERIOD_CASES = {
    # now, before, what is seen
    "T01-less": ({}, {"c1_1_b": 5}, {"T01": "1.1.b = 4; tối thiểu 1.1.b kỳ trước = 5; lệch −1"}),
    "T01-same": ({}, {"c1_1_b": 4}, {}),
    "T01-blank-before": ({}, {"c1_1_b": None}, {}),
    "T01-blank-now": ({"c1_1_b": None}, {}, {}),
    "T02-differs": ({}, {"c1_1_a": 7}, {"T02": "1.1.a = 8; 1.1.a kỳ trước = 7; lệch +1"}),
    "T03-less": ({}, {"c2_3": 11}, {"T03": "2.3 = 10; tối thiểu 2.3 kỳ trước = 11; lệch −1"}),
    "T03-same": ({}, {"c2_3": 10}, {}),
    "T05-over-20": ({}, {"c4_2_1": 16}, {"T05": T05_SEEN}),
    "T05-20": ({"c4_2_1": 24}, {"c4_2_1": 20}, {}),
    "T06-as-announced": ({}, {"c3_1_3": 105, "c3_1_3_b": 105}, {}),  # 105 + 24 >= 126
    "T06-too-many": (
        {"c3_1_1": 20},
        {"c3_1_3": 105, "c3_1_3_b": 105, "c3_1_1": 20},
        {"T06": T06_SEEN},
    ),
}
LAST_YEAR = {
    "T01": ({}, {"c1_1_b": 5}, {}),
    "T02": ({}, {"c1_1_a": 7}, {}),
    "T03": ({}, {"c2_3": 11}, {}),
    "T05": ({}, {"c4_2_1": 16}, {"T05": T05_SEEN}),
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


T03_SEEN = ["2.3 = 10; tối thiểu 2.3 kỳ trước = 11; lệch −1"]
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


def test_six_months_are_both_quarters(tmp_path):
    """T04, a warning: what came about in six months is that of the quarters, where all say it."""
    cases = {
        name: (
            {"c2_3": 10},
            {"2022-Q1": {**NO_FLOW, "c2_3": 6}, "2022-Q2": {**NO_FLOW, "c2_3": q2}},
        )
        for name, q2 in (("same", 4), ("less", 3), ("blank", None))
    }
    found = {name: some.get("T04", []) for name, some in compare(tmp_path, cases).items()}
    seen = ["2.3 = 10; 2.3 kỳ trước = 9; lệch +1"]
    assert found == {"same": [], "less": seen, "blank": []}


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
    more = [f"{id} = 7; tối thiểu {id} kỳ trước = 8; lệch −1"]
    assert seen == {"sum": [], "half": more, "third": more}


def test_nearest_period_is_the_one_compared_with(tmp_path):
    """T01, T02 and T05 look at the latest earlier period; quarter III does not contain 6 months."""
    earlier = {
        "2022-Q1": {**OTHERS, "c4_2_1": 16, "c1_1_b": 5},
        "2022-6T": {**OTHERS, "c1_1_a": 7, "c2_3": 99},
        "2021-N": {**OTHERS, "c4_2_1": 1},
    }
    found = compare(tmp_path, {"one": ({}, earlier)}, "2022-Q3")
    assert found == {"one": {"T02": ["1.1.a = 8; 1.1.a kỳ trước = 7; lệch +1"]}}


def test_copied_figures_are_pointed_out(tmp_path):
    """T07 speaks when more than nine tenths of the figures are those of the earlier period."""
    ids = [item.id for item in FORM.inputs if item.kind != "code"]
    figures = {id: COMMUNE[id] for id in ids if id in COMMUNE}
    tenth = math.ceil(len(figures) / 10)

    def changed(count):
        return {f"c{id}": number + 1 for id, number in list(figures.items())[:count]}

    changes = {"none": {}, "less than a tenth": changed(tenth - 1), "a tenth": changed(tenth)}
    found = compare(tmp_path, {case: ({}, {"2022-Q1": some}) for case, some in changes.items()})
    same, total = len(figures) - tenth + 1, len(figures)
    whole = {
        case: [text for text in seen.get("T07", ()) if "phần" not in text]
        for case, seen in found.items()
    }
    assert whole == {
        "none": [f"{total}/{total} số liệu giống kỳ trước"],
        "less than a tenth": [f"{same}/{total} số liệu giống kỳ trước"],
        "a tenth": [],
    }
    # A report that is copied whole is not told part by part as well.
    assert [len(found[case]["T07"]) for case in ("none", "less than a tenth")] == [1, 1]


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
    assert rules(result, "T")["T01"] == ["6.2.6 = 1; tối thiểu 6.2.6 kỳ trước = 2; lệch −1"]


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
    earlier = [PastPeriod(FORM.period(code), golden().figures.numbers, {}) for code in codes]
    with pytest.raises(UserError, match=message):
        consolidate(FEW_RULES, [good(A)], previous=earlier)


# --- opening and closing -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "now", "opening", "closing", "seen"),
    [
        ("2022-6T", "2022-Q3", 5, 12, "5; cột (11) kỳ trước = 12; lệch −7"),
        ("2022-6T", "2022-Q3", None, 12, "(trống); cột (11) kỳ trước = 12; lệch −12"),
        ("2022-6T", "2022-Q3", 12, 12, None),
        ("2022-6T", "2022-Q3", 12, None, None),
        ("2021-N", "2022-6T", 5, 12, "5; cột (11) kỳ trước = 12; lệch −7"),
        ("2022-Q1", "2022-6T", 5, 12, None),
        ("2022-6T", "2022-N", 5, 12, None),
    ],
    ids=["differs", "blank", "same", "unknown", "after-a-year", "overlapping", "inside"],
)
def test_opening_is_the_closing_of_the_period_before(tmp_path, before, now, opening, closing, seen):
    """T08: what is carried over is what was left when the period before ended, the day before."""
    earlier = report(A, {**COMMUNE, "II06.1.c4": 20, "II06.1.c13": closing})
    summary = past(tmp_path, before, [earlier])
    period = FORM.period(now)
    present = report(A, {**COMMUNE, "II06.2.c5": 1, "II06.2.c6": opening}, period)
    result = consolidate(FORM, [present], (A,), period, [summary])
    found = rules(result, "T08").get("T08", [])
    assert found == ([f"Biểu 06, tổng cột (6) = {seen}"] if seen else [])
