"""Requirements of rules that could not be looked at (không xét được).

U1 A rule is told as undecided where it asks something and what it needs is blank or unreadable.
U2 A blank that is as it should be leaves nothing undecided: rows of another level, headings, a rule
   none of whose figures is there, a supporting table that nobody filled.
U3 Neither does a code that says that there is no figure; where the figure is still to come, what
   needs it could not be looked at.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.support.builders import BASELINES, COMMUNE, FORM, LEVELS, Fill, figures_of, submission
from xl_automation.checks.undecided import count_undecided, named_rules, undecided_rules
from xl_automation.reading.figures import tabulate

SIGNED = {"@report_date": date(2022, 6, 14), "@to": date(2022, 6, 14)}
UNDECIDED: dict[str, tuple[Fill, str]] = {
    "nothing": ({}, ""),
    "part-blank": ({"1.1.b": None}, "C-1.1"),
    "whole-blank": ({"1.1.a": None}, "C-1.1"),
    "both-blank": ({"1.1.a": None, "1.1.b": None}, ""),
    "percentage-blank": ({"3.3.5": None}, "B17"),
    "unreadable": ({"5.4": "không"}, "F01 của 5.4, C-5.4"),
    "unreadable-where-blank-is-0": ({"2.3": "-"}, "F01 của 2.3, C-2.4w"),
    "row-of-the-city": ({"3.4.1.a": 5}, ""),
    "heading": ({"3.1": 126}, ""),
    "table-begun": ({"II06.1.c4": 50}, "B14"),
    "table-unreadable": ({"TTHC.1.so": "x", "TTHC.2.so": 126}, "F01 của TTHC.1.so"),
    "stated-without-its-row": ({"LV.3.so": 100, "1.4.1": None}, "C-1.4, B05"),
    "stated-in-part": ({"LV.5.so": 10}, ""),
    "helper": ({"3.3.4.tu": 5}, ""),
    "not-applicable": ({"1.1.b": "KAD"}, ""),
    "not-applicable-part-of-a-computed-one": ({"3.2.3.a": "KAD"}, ""),
    "elsewhere": ({"1.1.b": " gop "}, ""),
    "elsewhere-where-blank-is-0": ({"2.3": "GOP"}, ""),
    "to-come": ({"1.1.b": "CCS"}, "F01 của 1.1.b, C-1.1"),
    "to-come-where-blank-is-0": ({"2.3": "ccs"}, "F01 của 2.3, C-2.4w"),
    "to-come-beside-not-applicable": ({"1.1.a": "KAD", "1.1.b": "CCS"}, "F01 của 1.1.b"),
    "code-in-a-heading": ({"3.1": "KAD"}, "B02"),
    "code-in-a-helper": ({"3.3.4.tu": "KAD"}, ""),
}


@pytest.mark.parametrize("name", UNDECIDED)
def test_undecided_rules_are_named(name: str) -> None:
    """Of a consistent report of a commune with a few changes."""
    changes, expected = UNDECIDED[name]
    said = replace(submission({**COMMUNE, **changes}), dates=SIGNED)
    (undecided,) = undecided_rules(tabulate(FORM, [said]))
    assert named_rules(undecided) == expected


@pytest.mark.parametrize("level", LEVELS)
def test_blank_and_whole_reports_leave_only_the_date_undecided(level: str) -> None:
    """Neither says when it was signed."""
    figures = figures_of([{}, BASELINES[level]], level=level)
    window = tuple(replace(one, dates={"@to": SIGNED["@to"]}) for one in figures.submissions)
    undecided = undecided_rules(tabulate(FORM, window))
    assert list(map(named_rules, undecided)) == ["B12", "B12"]


def test_each_submission_is_counted_by_its_own_level() -> None:
    """A commune leaves out what the city owes; all are looked at together."""
    commune, city = ({**BASELINES[level], "4.1.5.a": None} for level in LEVELS)
    both = [
        replace(submission(fill, level), dates=SIGNED)
        for fill, level in ((commune, "commune"), (city, "district"), (commune, "commune"))
    ]
    assert count_undecided(tabulate(FORM, both)) == (0, 1, 0)
