"""Requirements of the search for suspicious figures (K07, K11, K12, K13).

S1 A figure that is far from what the other units, or the unit's own past, lead to expect is named
   once, with what is expected and, where a slip of typing explains it, with what was meant.
S2 In both directions; by quotients where a row goes with another; by the units' common growth where
   the earlier period is of another length.
S3 Nothing is said of fewer than eight units, of codes, of catalogues all share, of small counts, of
   figures that a rule refuses anyway, nor of honest figures.
S4 Its weight is the share of the city's total that it moves: noticeable is a warning, less a hint;
   a note of the unit answers a warning. The most harmful ones come first.
S5 No row of one form is known to it.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD
from tests.support.communes import COMMUNES, SCHOOL, SCHOOL_YEAR, past, report
from tests.support.paths import ROOT
from xl_automation.checks.copied import COPIED_SHARE
from xl_automation.checks.deviation import MIN_UNITS, THRESHOLD
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.city_checks import NOTICEABLE
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.evidence import (
    LEAST_OF_PAST,
    LEAST_OF_PEERS,
    LEAST_OF_QUOTIENTS,
    LEAST_POINTS,
)
from xl_automation.consolidation.suspicions import MIN_PEERS, SOMEWHAT, TIMES_MEDIAN
from xl_automation.forms.numbers import show
from xl_automation.forms.reporting_unit import ReportingUnit

UNITS = COMMUNES[:16]
WRONG = UNITS[5]
RULES = ("K07", "K11", "K12", "K13")
ONLY = replace(FORM, rules=tuple(rule for rule in FORM.rules if rule.id in (*RULES, "F04")))
Q1 = FORM.period("2022-Q1")
# Invented: in the order of the units, so that none stands out.
SIZES = (0.7, 1.6, 1.0, 0.85, 1.25, 1.1, 0.6, 1.4, 0.95, 1.15, 0.75, 1.3, 0.9, 1.05, 0.8, 1.2)
SHIFTS = (0.02, -0.03, 0.01, 0.04, -0.01, 0.0, -0.04, 0.03, -0.02, 0.05, 0.0, -0.05, 0.01, 0.02)


def clean(place: int, growth: float = 1.0) -> dict[str, float]:
    """Return what the unit at *place* fills in; *growth* is 1 now, less in an earlier period."""
    shift = SHIFTS[place % len(SHIFTS)] if growth != 1 else 0
    size = SIZES[place] * growth * (1 + shift)
    return {
        **COMMUNE,
        "1.1.a": 10 + place % 4, "1.1.b": 6 + place % 3, "1.3.1": 12 + place % 5,
        "1.3.2": 9 + place % 3, "1.3.3": 1, "1.4.1": round(90 * size), "2.3": 8 + place % 4,
        "3.2.4.a": round(4100 * size), "3.2.4.b": round(1234 * size * (1 + SHIFTS[place % 7])),
        "3.4.2.a": round(4012 * size), "3.4.2.b": round(4003 * size) - place % 5,
        "4.2.1": 20 + place % 4, "4.2.2": 19 + place % 4, "4.2.3": 2 + place % 2,
        "6.1.a": round(5200 * SIZES[place]), "6.1.b": round(2345 * size),
    }  # fmt: skip


def found(
    wrong: dict[str, object] | None = None, previous=(), units=UNITS, notes=None, **more: object
) -> list[Finding]:
    """Return what is suspicious where one unit has *wrong* figures."""
    sent = [
        report(unit, {**clean(place), **(wrong or {})} if unit is WRONG else clean(place))
        for place, unit in enumerate(units)
    ]
    sent = [replace(one, notes=notes or {}) if one.unit_code == WRONG.code else one for one in sent]
    result = consolidate(ONLY, sent, units, PERIOD, previous)
    suspicious = [one for one in result.findings if one.finding.rule in RULES]
    assert {one.code for one in suspicious} <= {WRONG.code}
    return [one.finding for one in suspicious]


@pytest.fixture(scope="module")
def quarter(tmp_path_factory):
    """The first quarter of the same units, as their summary says."""
    sent = [report(unit, clean(place, 0.45), Q1) for place, unit in enumerate(UNITS)]
    return past(tmp_path_factory.mktemp("past"), "2022-Q1", sent)


def test_honest_figures_are_left_alone(quarter):
    """With and without an earlier period."""
    assert found() == found(previous=[quarter]) == []


SLIPS = {
    # what is typed; by which rule, of which rows, and what the finding asks
    "ten-times": ({"3.2.4.a": 45100}, "K07", "3.2.4.a", "3.2.4.a = 45.100; có phải 4.510?"),
    "hundred-times": ({"1.4.1": 9900}, "K07", "1.4.1", "có phải 99?"),
    "thousand-times": ({"3.4.2.a": 4413000}, "K07", "3.4.2.a", "có phải 4.413?"),
    "tenth": ({"3.4.2.a": 441}, "K07", "3.4.2.a", "có phải 4.410?"),
    "thousand-dong": (
        {"6.1.a": 5720000, "6.1.b": 2580000},
        "K07 K07",
        "6.1.a 6.1.b",
        "có phải 5.720?",
    ),
    "typed-twice": ({"3.2.4.a": 45513}, "K07", "3.2.4.a", "có phải 4.513?"),
    "nothing-like-it": ({"2.3": 678}, "K07", "2.3", "2.3 = 678; trung vị"),
    "exchanged": ({"3.2.4.b": 4413, "3.4.2.a": 1357}, "K12", "3.2.4.b", "vừa với dòng 3.4.2.a"),
    "one-row-too-low": (
        {"3.2.4.b": 4510, "3.4.2.a": 1357, "3.4.2.b": 4413},
        "K12 K12",
        "3.2.4.b 3.4.2.a",
        "3.2.4.b = 4.510, vừa với dòng 3.2.4.a (đang ghi 4.510)",
    ),
    "part-and-whole": (
        {"6.1.a": 2580, "6.1.b": 5720},
        "K13",
        "6.1.b",
        "có phải 6.1.b = 2.580, 6.1.a = 5.720?",
    ),
    "digits-of-a-part": (
        {"3.4.2.a": 4413, "3.4.2.b": 4431},
        "K11",
        "3.4.2.b",
        "có phải 3.4.2.b = 4.413?",
    ),
}


@pytest.mark.parametrize("case", SLIPS)
def test_slip_is_named_with_what_was_meant(case):
    """Once, by its likeliest explanation, without an earlier period."""
    wrong, rules, rows, words = SLIPS[case]
    findings = found(wrong)
    assert " ".join(one.rule for one in findings) == rules
    assert sorted(one.indicators[0] for one in findings) == sorted(rows.split())
    assert any(words in one.seen for one in findings)
    assert all(len(one.cells) == len(one.indicators) for one in findings)


OWN_PAST = {
    "digits": ({"3.2.4.a": 5410, "3.2.4.b": 1357}, "K11", "3.2.4.a = 5.410; có phải 4.510?"),
    "fallen": (
        {"1.4.1": 30},
        "K07",
        "1.4.1 = 30; Quý I năm 2022: 45; theo 16 đơn vị thì khoảng 99",
    ),
    "grown": ({"1.4.1": 240}, "K07", "1.4.1 = 240; Quý I năm 2022: 45"),
}


@pytest.mark.parametrize("case", OWN_PAST)
def test_own_past_shows_what_peers_do_not(quarter, case):
    """A quarter against six months, by how much all grew."""
    wrong, rule, words = OWN_PAST[case]
    assert "1.4.1" not in wrong or found(wrong) == []
    findings = found(wrong, [quarter])
    assert [one.rule for one in findings] == [rule]
    assert words in findings[0].seen


def test_figures_that_a_workbook_was_issued_with_are_its_past():
    """Without a summary of the earlier period."""
    issued = [
        replace(
            report(unit, clean(place) | ({"1.4.1": 30} if unit is WRONG else {})),
            previous=(Q1, clean(place, 0.45)),
        )
        for place, unit in enumerate(UNITS)
    ]
    (one,) = consolidate(ONLY, issued, UNITS, PERIOD).findings
    assert "Quý I năm 2022: 45" in one.finding.seen


def test_what_goes_with_a_figure_is_said_with_it(quarter):
    """More dossiers received are more dossiers solved: one finding names all of them."""
    more = {"3.2.4.a": 6900, "3.2.4.b": 2080, "3.4.2.a": 6760, "3.4.2.b": 6740}
    (one,) = found(more, [quarter])
    assert one.indicators == ("3.2.4.a", "3.2.4.b", "3.4.2.b", "3.4.2.a")
    assert "cũng thế, theo cùng tỷ lệ" in one.seen


SILENT = {
    "small-count": {"5.4": 4},
    "ten-times-1": {"4.2.3": 10},
    "catalogue": {"3.1.1": 240},
    "code": {"1.5": 1},
    "refused-anyway": {"3.3.5": 3495},
    "blank": {"3.2.4.b": None},
    "absent": {"3.2.4.b": "KAD"},
}


@pytest.mark.parametrize("case", SILENT)
def test_nothing_is_said_of(case):
    """What other rules say already, and what anybody may report."""
    assert found(SILENT[case]) == []


def test_few_units_have_no_spread():
    """Seven figures are compared with their median alone, as 20 times it."""
    assert found({"3.2.4.a": 45100}, units=UNITS[:7]) == []
    (one,) = found({"3.2.4.a": 451000}, units=UNITS[:7])
    assert one.seen.startswith("3.2.4.a = 451.000; trung vị ")


def test_zero_that_was_there_before_is_left_alone(tmp_path):
    """Who never surveys anybody is not asked each time."""
    assert [one.rule for one in found({"1.4.1": 0})] == ["K07"]
    sent = [
        report(unit, {**clean(place, 0.45), "1.4.1": 0 if unit is WRONG else 40 + place}, Q1)
        for place, unit in enumerate(UNITS)
    ]
    assert found({"1.4.1": 0}, [past(tmp_path, "2022-Q1", sent)]) == []


# --- weight -------------------------------------------------------------------------------------


def test_weight_is_the_share_of_the_total_that_is_wrong():
    """By the finding's own guess; less than a hundredth is a hint."""
    (one,) = found({"6.1.a": 57200000, "6.1.b": None})
    assert one.severity == "warning"
    assert one.harm == pytest.approx(1, abs=0.01)
    (one,) = found({"3.2.4.a": 45100})
    total = sum(clean(place)["3.2.4.a"] for place in range(len(UNITS)) if UNITS[place] is not WRONG)
    assert one.harm == pytest.approx((45100 - 4510) / (total + 45100))
    large = {"4.2.3": 40000}  # beside it, another hardly counts
    sent = [
        report(
            unit, clean(place) | (large if unit is WRONG else {"4.2.3": 90} if not place else {})
        )
        for place, unit in enumerate(UNITS)
    ]
    findings = [one.finding for one in consolidate(ONLY, sent, UNITS, PERIOD).findings]
    assert [(one.severity, one.harm > 0.5) for one in findings] == [
        ("warning", True),
        ("info", False),
    ]


def test_note_of_the_unit_answers_it():
    """As it does any other warning."""
    (one,) = found({"2.3": 678}, notes={"2.3": "Rà soát toàn bộ văn bản từ năm 2010 theo kế hoạch"})
    assert one.settled is not None


def test_errors_come_first_then_what_harms_most():
    """In the list that a city sees."""
    sent = [report(unit, clean(place)) for place, unit in enumerate(UNITS)]
    sent[3] = report(UNITS[3], {**clean(3), "3.3.5": 200})
    sent[4] = report(UNITS[4], {**clean(4), "2.3": 678})
    sent[5] = report(UNITS[5], {**clean(5), "6.1.a": 572000000, "6.1.b": None})
    result = consolidate(FORM, sent, UNITS, PERIOD)
    grave = [one.finding for one in result.findings if one.finding.severity != "info"]
    order = [one.severity for one in grave]
    assert order == sorted(order)  # error, warning
    harms = [one.harm for one in grave if one.severity == "warning"]
    assert harms == sorted(harms, reverse=True)
    assert harms[1] > harms[2] == 0


# --- another form -------------------------------------------------------------------------------


def test_form_of_another_subject_needs_no_code():
    """Ten schools, one of which has ten times as many pupils as classes go with."""
    ids = tuple(item.id for item in SCHOOL.inputs if item.aggregate == "sum")
    checks = [replace(rule, each=ids, level=None) for rule in ONLY.rules]
    form = replace(SCHOOL, rules=tuple(rule for rule in checks if rule.scope == "city"))
    units = [ReportingUnit(f"T{place}", f"Trường {place}", "commune") for place in range(10)]
    sent = [
        report(
            unit, {"A.1.hs": 300 + 9 * place, "A.1.len": 290 + 9 * place}, SCHOOL_YEAR, form=form
        )
        for place, unit in enumerate(units)
    ]
    sent[4] = report(units[4], {"A.1.hs": 3360, "A.1.len": 326}, SCHOOL_YEAR, form=form)
    (one,) = consolidate(form, sent, units, SCHOOL_YEAR).findings
    assert (one.code, one.finding.rule, one.finding.indicators[0]) == ("T4", "K07", "A.1.hs")
    assert "có phải 336?" in one.finding.seen


def test_page_for_officers_states_the_limits():
    """What docs/so-khac-thuong.md says of numbers is what the search goes by."""
    page = " ".join((ROOT / "docs" / "so-khac-thuong.md").read_text(encoding="utf-8").split())
    for words in (
        f"*modified z* trên {show(THRESHOLD)}",
        f"lớn hơn {TIMES_MEDIAN} lần trung vị",
        f"dưới {MIN_UNITS} đơn vị có số",
        f"(từ {MIN_PEERS} đơn vị)",
        f"{show(100 * LEAST_OF_PEERS)}% giữa các đơn vị",
        f"{show(100 * LEAST_OF_QUOTIENTS)}% ở tỷ số",
        f"{show(100 * LEAST_OF_PAST)}% so với kỳ trước, {show(LEAST_POINTS)} điểm",
        f"từ {SOMEWHAT['outlier']:.1f} với".replace(".", ","),
        f"từ {show(SOMEWHAT['swapped-digits'])} với",
        f"Từ {show(100 * NOTICEABLE)}% trở lên là **cảnh báo**",
        f"hơn {show(100 * COPIED_SHARE)}% báo cáo",
    ):
        assert words in page
