"""Requirements of the steps of a consolidation.

N7 Each step returns what it made; what is about a unit is known by the unit, not by an object.
"""

from __future__ import annotations

from dataclasses import replace

from tests.support.builders import FORM, PERIOD
from tests.support.communes import (
    CITY,
    A,
    golden,
)
from xl_automation.consolidation.appendix import appendix_figures
from xl_automation.consolidation.city_checks import CityEvidence, city_findings
from xl_automation.consolidation.intake import sender, take_in
from xl_automation.consolidation.total_checks import total_findings
from xl_automation.consolidation.totals import combine
from xl_automation.consolidation.unit_findings import (
    count_severities,
    most_harmful_first,
    unit_findings,
)


def test_each_step_returns_what_it_made():
    """Intake, totals and findings of units are whole by themselves; the result is made of them."""
    files, result = list(golden().counted), golden()
    intake = take_in(FORM, files, (*golden().units, CITY), PERIOD)
    assert (intake.counted, intake.missing) == (result.counted, result.missing)
    combined = combine(intake)
    assert (combined.totals, combined.code_counts) == (result.totals, result.code_counts)
    by_unit = unit_findings(intake, combined.figures, ())
    of_city = city_findings(CityEvidence(intake, combined, by_unit))
    appendix = appendix_figures(FORM, combined.reports, combined.totals)
    assert appendix == result.appendix
    of_totals = total_findings(intake, combined, appendix)
    assert most_harmful_first((*of_city, *of_totals, *by_unit)) == result.findings


def test_severities_are_counted_by_unit_not_by_object():
    """A finding about an equal copy of a submission counts for the unit that sent it."""
    copies = [
        replace(located, submission=located.submission and replace(located.submission))
        for located in golden().findings
    ]
    severities = count_severities(copies)
    assert severities == count_severities(golden().findings)
    for submission in golden().counted:
        errors = [
            located
            for located in golden().findings
            if located.submission is submission and located.finding.severity == "error"
        ]
        assert severities[sender(submission), "error"] == len(errors)
    assert severities[("commune", A.code), "error"] > 0
