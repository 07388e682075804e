"""Requirements of bounds: a figure's range is what its rule says, under whatever name.

N1 Bounds come from comparisons with constants, joined by *and*.
N2 A rule's id says nothing: renamed rules give the same workbook and the same checks.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support import builders
from tests.support.builders import FORM
from xl_automation.checks.check import check
from xl_automation.forms.bounds import Bounds, bounds_in
from xl_automation.forms.grammar import parse
from xl_automation.template.build import build_template
from xl_automation.xlsx.package import read_parts, sheet_parts

RENAMED = replace(
    FORM,
    rules=tuple(
        replace(rule, id=rule.id.replace("F", "Y").replace("R-", "TL")) for rule in FORM.rules
    ),
)


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("[a] >= 0", Bounds(0, None)),
        ("[a] <= 100", Bounds(None, 100)),
        ("0 <= [a]", Bounds(0, None)),
        ("[a] >= -100 and [a] <= 100", Bounds(-100, 100)),
        ("-50 <= [a] and [a] <= 50", Bounds(-50, 50)),
        ("[a] >= 0 and [a] == int([a])", Bounds(0, None)),
        ("[a] >= 0 and [a] >= 5", Bounds(5, None)),
        ("[a] > 0", Bounds()),  # a cell's validation has no such bound for a number with decimals
        ("[a] >= 0 or [a] <= -5", Bounds()),
        ("[b] >= 0", Bounds()),
        ("[a] <= [b]", Bounds()),
        ("nz([a]) <= 5", Bounds()),
    ],
)
def test_bounds_are_read_off_the_expression(text: str, bounds: Bounds) -> None:
    """Only what holds for the figure by itself bounds it."""
    assert bounds_in(parse(text), "a") == bounds


@pytest.mark.parametrize(
    ("id", "bounds"),
    [
        ("1.1.a", Bounds(0, None)),
        ("3.3.4", Bounds(0, 100)),
        ("4.2.5", Bounds(-100, 100)),
        ("6.1", Bounds()),  # may exceed 100, and is computed
        ("6.1.a", Bounds(0, None)),
        ("1.5", Bounds()),  # its codes
    ],
)
def test_range_of_a_row_is_its_own_rule(id: str, bounds: Bounds) -> None:
    """The form's rules give each kind of row its range."""
    assert FORM.range_rule(id)[1] == bounds


def test_every_entered_row_has_a_rule_for_its_range() -> None:
    """No cell of the shipped form takes just anything."""
    assert not [item.id for item in FORM.inputs if FORM.range_rule(item.id)[0] is None]


@pytest.mark.parametrize("level", builders.LEVELS)
def test_renamed_rules_accept_and_refuse_the_same(level: str) -> None:
    """The form's sheet, with what its cells accept, is the same whatever its rules are called."""
    pages = []
    for form in (FORM, RENAMED):
        parts = read_parts(build_template(form, level))
        pages.append(parts[sheet_parts(parts)[form.sheet]])
    assert pages[0] == pages[1]


def test_renamed_rules_find_the_same() -> None:
    """A reduction below zero is allowed, one below -100 is not."""
    for value, broken in ((-5, False), (-101, True)):
        submission = builders.submission({**builders.COMMUNE, "4.2.5": value})
        found = {finding.rule for finding in check(RENAMED, submission)}
        assert ("Y05" in found) is broken
