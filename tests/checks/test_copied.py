"""Requirements of figures that are those of the last period.

N9 T07 also speaks of one part of the form in which everything that happens is as it was, and
   names the rows; plans and what stands as it stood are no evidence, nor are a few small or round
   figures.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import A, good
from xl_automation.checks.check import check

# Everything that happens, one less than now.
BEFORE = {
    item.id: COMMUNE[item.id] - 1
    for item in FORM.inputs
    if item.nature in ("flow", "cumulative") and COMMUNE.get(item.id)
}
DOSSIERS = (
    *("3.1.1", "3.1.2", "3.2.1.c", "3.2.2.c", "3.2.4.a", "3.2.4.b"),
    *("3.4.2.a", "3.4.2.b"),
)
CASES = {
    # what is as before, and what it is; what T07 names
    "nothing": ({}, []),
    "dossiers": (dict.fromkeys(DOSSIERS), [DOSSIERS]),
    "all-dossiers-but-one": (dict.fromkeys(DOSSIERS[1:]), []),
    "one-large-figure": ({"6.1.b": 5213}, [("6.1.b",)]),
    "one-round-figure": ({"6.1.b": 5000}, []),
    "small-figures": (dict.fromkeys(("2.1", "2.3", "2.4.a", "2.4.b")), []),
    "shares": (
        {"7.5.2": 95.5, "7.5.2.a": 60.25, "7.5.2.b": 35.25},
        [("7.5.2", "7.5.2.a", "7.5.2.b")],
    ),
    "shares-without-decimals": ({"7.5.2": 95, "7.5.2.a": 60, "7.5.2.b": 35}, []),
}


@pytest.mark.parametrize("case", CASES)
def test_copied_part_is_named_with_its_rows(case):
    """What is as before, row by row, and nothing else."""
    same, named = CASES[case]
    now = {id: COMMUNE[id] if value is None else value for id, value in same.items()}
    before = {**BEFORE, **now}
    unit = good(A, **{f"c{id}": value for id, value in now.items()})
    findings = check(FORM, replace(unit, previous=(FORM.period("2022-Q1"), before)))
    copied = [finding for finding in findings if finding.rule == "T07"]
    assert [finding.indicators for finding in copied] == named
    assert [len(finding.cells) for finding in copied] == [len(ids) for ids in named]
