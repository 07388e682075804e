"""Requirements of what only follows from something else that is wrong.

W1 A computed percentage out of bounds is no finding of its own where a rule about its parts alone
   says why; that finding names it.
W2 It stays one where no such rule is broken, where the percentage is typed, or where the other
   rule is less grave.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.builders import BASELINES, COMMUNE, FORM, Fill, submission
from xl_automation.checks.check import check
from xl_automation.forms.folding import folds


def found(fill: Fill, level: str = "commune") -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return by rule and row what is seen, and what follows from it."""
    findings = check(FORM, submission({**BASELINES[level], **fill}, level))
    return {f"{one.rule} {one.indicators[0]}": (one.seen, one.folds) for one in findings}


def test_percentage_beyond_its_bounds_folds_into_its_cause() -> None:
    """W1: 8 of 6 tasks says why 133,33 % stand in the percentage."""
    seen = "1.1.b = 8; tối đa 1.1.a = 6; lệch +2 (kéo theo 1.1 = 133,33; tối đa 100)"
    assert found({"1.1.a": 6, "1.1.b": 8}) == {"C-1.1 1.1.b": (seen, ("F04",))}


def test_each_cause_names_what_follows() -> None:
    """W1: of two causes both say it; of a list of submissions each only its own."""
    both = found({"1.1.b": -2.5})
    assert list(both) == ["F01 1.1.b"]
    assert both["F01 1.1.b"][0].endswith(" (kéo theo 1.1 = -31,25; tối thiểu 0)")


@pytest.mark.parametrize(
    ("fill", "level", "rules"),
    [
        ({"3.3.4": 103}, "commune", {"F04 3.3.4"}),
        ({"1.1": 200}, "commune", {"R-1.1 1.1"}),
        ({"4.1.5.a": 10, "4.1.5.b": 25}, "district", {"F05 4.1.5", "C-4.1.5 4.1.5.b"}),
    ],
    ids=["typed", "own-cell", "cause-less-grave"],
)
def test_what_says_something_of_its_own_stays(fill: Fill, level: str, rules: set[str]) -> None:
    """W2: an error is not explained away by a mere warning, nor a typed figure by others."""
    assert found(fill, level).keys() == rules
    assert not any(ids for _, ids in found(fill, level).values())


def test_folding_comes_from_the_form() -> None:
    """Every percentage with bounds folds into the rules about its two parts, and into no other."""
    rules = {key: {cause.key for cause in causes} for key, causes in FORM.folds.items()}
    assert rules["F04 1.1"] == {
        "C-1.1 1.1.b 1.1.a",
        *(f"{id} 1.1.{x}" for id in ("F01", "F02") for x in "ab"),
    }
    for key, causes in FORM.folds.items():
        rule, target = key.split()
        parts = set(FORM.by_id[target].percent.refs)
        assert rule in ("F04", "F05")
        assert all(set(cause.refs) <= parts for cause in causes)
    # Without any cause that is an error, no error folds.
    harmless = [
        one for one in FORM.instances(None) if one.rule.severity != "error" or one.rule.id == "F04"
    ]
    assert not folds(harmless, FORM.by_id)
    assert not found(COMMUNE)


def test_rules_of_one_id_about_other_rows_each_fold_on_their_own() -> None:
    """A rule that stands for one row of another, by the same id, loses none of its findings."""
    alone = tuple(
        replace(one.rule, id=one.id, holds=one.holds, each=(), level=None)
        for one in FORM.instances("commune")
        if one.rule.id in ("F04", "C-1.1", "L03")
    )
    fill = {**COMMUNE, "1.1.b": 9, "3.3.4": 103, "7.5.2": 675, "1.3.1": None, "1.3.2": None}
    findings = check(replace(FORM, rules=alone), submission(fill))
    assert [(one.rule, one.indicators[0]) for one in findings] == [
        ("C-1.1", "1.1.b"), ("F04", "3.3.4"), ("F04", "7.5.2"), ("L03", "1.3.1"), ("L03", "1.3.2"),
    ]  # fmt: skip
