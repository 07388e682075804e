"""Requirements of what a broken rule says of the numbers it compares.

M1 Both sides and the left one less the right one, for each kind of comparison.
M2 Of conditions joined by "and", the broken ones; a side that they share is said once.
M3 Conditions that are no comparison say what stands in the cells.
M4 What a message rests on stands at its end, and counts among its length.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.builders import COMMUNE, FORM, figures_of, submission
from xl_automation.checks.check import check
from xl_automation.checks.seen import seen
from xl_automation.forms.compared import told
from xl_automation.forms.grammar import parse
from xl_automation.forms.numbers import signed
from xl_automation.forms.rule import RuleInstance

(RULE,) = (rule for rule in FORM.rules if rule.id == "C-1.1")


def said(holds: str, fill: dict[str, float | None]) -> str:
    """Return what a rule that is broken says."""
    instance = RuleInstance(RULE, "N1", parse(holds), None)
    (text,) = seen(told(FORM, instance), figures_of([fill]), [0])
    return text


A, B = "1.1.a", "1.1.b"
SIDES = {
    "equal": (f"[{A}] == [{B}]", {A: 8, B: 10}, "1.1.a = 8; 1.1.b = 10; lệch −2"),
    "at-most": (f"[{A}] <= [{B}]", {A: 8, B: 5.5}, "1.1.a = 8; tối đa 1.1.b = 5,5; lệch +2,5"),
    "at-least": (f"[{A}] >= nz([{B}])", {A: -1}, "1.1.a = -1; tối thiểu 1.1.b = (trống); lệch −1"),
    "less": (f"[{A}] < [{B}]", {A: 5, B: 5}, "1.1.a = 5; nhỏ hơn 1.1.b = 5; lệch 0"),
    "more": (f"[{A}] > [{B}]", {A: 4, B: 5}, "1.1.a = 4; lớn hơn 1.1.b = 5; lệch −1"),
    "unequal": (f"[{A}] != [{B}]", {A: 4, B: 4}, "1.1.a = 4; phải khác 1.1.b = 4"),
    "constant": (f"[{A}] <= 5000", {A: 48600}, "1.1.a = 48.600; tối đa 5.000; lệch +43.600"),
    "constant-left": (f"3 == [{A}]", {A: 4}, "1.1.a = 4; phải là 3; lệch +1"),
    "negative": (f"[{A}] >= -100", {A: -101}, "1.1.a = -101; tối thiểu -100; lệch −1"),
    "sum": (
        "[6.2.1] == nz([6.2.2]) + nz([6.2.3]) + nz([6.2.4])",
        {"6.2.1": 10, "6.2.2": 3, "6.2.4": 9},
        "6.2.1 = 10; 6.2.2 + 6.2.3 + 6.2.4 = 12; lệch −2 "
        "(6.2.2 = 3, 6.2.3 = (trống), 6.2.4 = 9)",
    ),
    "both-sums": (
        f"[{A}] - [{B}] <= [{A}] * [{B}]",
        {A: 1, B: -2},
        "1.1.a − 1.1.b = 3; tối đa 1.1.a × 1.1.b = -2; lệch +5 (1.1.a = 1, 1.1.b = -2)",
    ),
    "text": (f"[{A}] <= [{B}]", {A: "08", B: 7}, "1.1.a = “08”; tối đa 1.1.b = 7; lệch +1"),
}  # fmt: skip


@pytest.mark.parametrize("name", SIDES)
def test_both_sides_and_the_difference(name: str) -> None:
    """M1: an officer sees what was found, what was expected, and by how much it is off."""
    holds, fill, text = SIDES[name]
    assert said(holds, fill) == text


JOINED = {
    "first": (f"[{A}] == 1 and [{B}] <= 5", {A: 2, B: 5}, "1.1.a = 2; phải là 1; lệch +1"),
    "second": (f"[{A}] == 1 and [{B}] <= 5", {A: 1, B: 6}, "1.1.b = 6; tối đa 5; lệch +1"),
    "both": (
        f"[{A}] == 1 and [{B}] <= 5",
        {A: 2, B: 6},
        "1.1.a = 2; phải là 1; lệch +1; 1.1.b = 6; tối đa 5; lệch +1",
    ),
    "of-one": (
        f"[{A}] >= 0 and [{A}] == int([{A}])",
        {A: -1.5},
        "1.1.a = -1,5; tối thiểu 0; lệch −1,5; phần nguyên của 1.1.a = -2; lệch +0,5",
    ),
    "with-a-state": (f"[{A}] == 1 and filled([{B}])", {A: 1}, "1.1.a = 1; 1.1.b = (trống)"),
    "beside-a-state": (f"[{A}] == 1 and filled([{B}])", {A: 3}, "1.1.a = 3; phải là 1; lệch +2"),
    "any-would-do": (f"[{A}] in (0, 100)", {A: 3}, "1.1.a = 3"),
    "states": (f"filled([{A}]) == filled([{B}])", {A: 3}, "1.1.a = 3; 1.1.b = (trống)"),
    "truths": (f"([{A}] > 0) == ([{B}] > 0)", {A: 3, B: 0}, "1.1.a = 3; 1.1.b = 0"),
}


@pytest.mark.parametrize("name", JOINED)
def test_only_what_is_broken_is_said(name: str) -> None:
    """M2, M3: the conditions that hold are not in the text; states are said as they are."""
    holds, fill, text = JOINED[name]
    assert said(holds, fill) == text


def test_dates_are_compared_as_days() -> None:
    """M1: the window of the data says which day it has and which it must have."""
    report = submission(COMMUNE)
    late = replace(report, dates={**report.dates, "@from": date(2022, 1, 1)})
    assert [finding.seen for finding in check(FORM, late)] == [
        "từ ngày = 1/1/2022; ngày đầu kỳ = 15/12/2021; lệch +17"
    ]


def test_message_ends_with_its_basis() -> None:
    """M4: the act that a rule rests on is the last thing that it says."""
    rule = replace(RULE, message="Một.", fix="Hai.", basis="Luật Ba")
    assert (rule.words, rule.advice) == ("Một. Hai. Căn cứ: Luật Ba.", "Hai. Căn cứ: Luật Ba.")
    assert RULE.words == f"{RULE.message} {RULE.fix}"
    assert {one.id for one in FORM.rules if "Căn cứ: " in one.words} == {
        *("B11", "B14", "B15", "B16", "T08")
    }


@pytest.mark.parametrize(("value", "text"), [(1e-9, "0"), (-1234.5, "−1.234,5"), (2, "+2")])
def test_difference_has_its_sign(value: float, text: str) -> None:
    """A difference says on which side it is, unless it is none."""
    assert signed(value) == text
