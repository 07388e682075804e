"""Requirements of work that grows with the number of units, and no faster.

N6 The list of units is not searched for each submission; a rule is evaluated once for all
   submissions of every level, and so is a percentage that a finding quotes.
N7 What the findings of a rule have in common is there once.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from tests.support.builders import COMMUNE, FORM, MINI
from tests.support.communes import CITY, A, good, past, report
from tests.support.counting import calls
from xl_automation.checks import rules
from xl_automation.checks.earlier import unit_pasts
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import Figures, tabulate


def units(count):
    """Return invented units."""
    return [ReportingUnit(f"{n:05d}", f"Xã giả định {n:05d}") for n in range(count)]


def wrong(count):
    """Return reports whose percentage 1.1 is not what its parts give."""
    return [report(unit, {**COMMUNE, "1.1": 99}) for unit in units(count)]


def test_list_of_units_is_not_searched_for_each_submission(monkeypatch):
    """Also where most are of units that it does not have."""

    class Listed(list[ReportingUnit]):
        times = 0

        def __iter__(self):
            self.times += 1
            return super().__iter__()

    named = calls(monkeypatch, ReportingUnit, "is_named")
    year, times = MINI.period("2024-N"), []
    for count in (5, 200):
        listed, strangers = Listed(units(count)), units(2 * count)[count:]
        named.clear()
        files = [report(unit, {"I.2": 1}, year, form=MINI) for unit in (*units(count), *strangers)]
        result = consolidate(MINI, files, listed)
        assert (len(result.communes), len(result.refused)) == (count, count)
        assert len(named) == count
        times.append(listed.times)
    assert times[0] == times[1]


def test_rule_is_evaluated_once_whatever_was_sent(monkeypatch):
    """For communes and the city together, and as often for many as for few.

    What is printed for the city is another matter: there it is one row, whoever sent what.
    """
    evaluated = calls(monkeypatch, rules, "violated")
    counts = []
    for count in (2, 30):
        evaluated.clear()
        consolidate(FORM, [*wrong(count), good(CITY)], [*units(count), CITY])
        of_units = [one for one, figures in evaluated if len(figures.submissions) > 1]
        counts.append(len(evaluated))
        assert len(of_units) == len({(one.id, one.figures) for one in of_units})
    assert counts[0] == counts[1]


def test_percentages_are_recomputed_once_for_all_findings(monkeypatch):
    """Each unit states another percentage than its parts give, and each finding says which."""
    recomputed = calls(monkeypatch, Figures, "recomputed")
    counts = []
    for count in (2, 60):
        recomputed.clear()
        result = consolidate(FORM, wrong(count), units(count))
        about = [
            one.finding for one in result.findings if "1.1 = 99; tính lại: " in one.finding.seen
        ]
        assert len(about) == count
        counts.append(len(recomputed))
    assert counts[0] == counts[1]


def test_findings_of_a_rule_share_what_they_have_in_common():
    """Message, cells and indicators are the same objects, whatever each of them saw."""
    found = rules.find(tabulate(FORM, wrong(3)))
    same = [next(one for one in findings if "1.1" in one.indicators) for findings in found]
    first, *others = same
    assert first.rule.startswith("R-")
    for other in others:
        assert other == first
        assert other.message is first.message
        assert other.cells is first.cells
        assert other.indicators is first.indicators


def test_rules_of_one_level_leave_the_other_alone():
    """A rule of the communes says nothing of the city's figures, nor the reverse."""
    of_level = {rule.id: rule.level for rule in FORM.rules if rule.level}
    both = [report(A, {}), report(CITY, {})]
    assert {"commune", "district"} & set(of_level.values())
    for submission, findings in zip(both, rules.find(tabulate(FORM, both)), strict=True):
        alone = rules.find(tabulate(FORM, [submission]))[0]
        assert findings == alone
        assert {of_level.get(one.rule) for one in findings} <= {None, submission.level}


def test_earlier_figures_of_one_unit_need_no_copy_of_all(tmp_path, monkeypatch):
    """They are taken from their row."""
    earlier = past(tmp_path, "2022-Q1", [good(A)])
    monkeypatch.setattr(pd.DataFrame, "T", property(lambda frame: pytest.fail("turned over")))
    period, stranger = FORM.period("2022-6T"), replace(A, code="0")
    figures = unit_pasts(FORM, period, [A, stranger], earlier).numbers
    assert figures.loc[A.code, "1.1.a"] == COMMUNE["1.1.a"]
    assert figures.loc[stranger.code].isna().all()
