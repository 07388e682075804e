"""Requirements of the form's rules on what is printed for the city.

U1 A total, or a figure of the city's appendix, that breaks a rule is told with its column and the
   units behind it: those that break the rule, those that have a part of its figures only.
U2 What a total cannot tell leaves a rule open: codes, catalogues on which units differ, states of
   cells; the rows that only a city knows are blank in (A).
U3 Nothing is told twice: what the city's own workbook, or the other column, says already.
"""

from __future__ import annotations

from dataclasses import replace

from tests.support.builders import FORM, PERIOD
from tests.support.communes import CITY, COMMUNES, A, B, C, good
from xl_automation.consolidation.appendix import appendix_figures
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.intake import take_in
from xl_automation.consolidation.total_checks import total_findings
from xl_automation.consolidation.totals import combine

THREE = (A, B, C)


def told(*files, form=FORM, tables=None):
    """Return what is said of the totals: the rule and what was seen."""
    intake = take_in(form, files, (*COMMUNES, CITY), PERIOD)
    combined = combine(intake)
    appendix = appendix_figures(form, combined.reports, combined.totals)
    found = total_findings(intake, combined, appendix, tables or {})
    assert not any(one.finding.cells or one.submission for one in found)
    return {(one.finding.rule, one.finding.seen) for one in found}


def with_only(*ids):
    """Return the form with few of its rules."""
    return replace(FORM, rules=tuple(rule for rule in FORM.rules if rule.id in ids))


def test_consistent_totals_break_nothing():
    """The city's rows are no part of the communes' totals, and what differs leaves rules open."""
    assert told(*map(good, THREE)) == set()
    assert not any(seen.startswith("(A)") for _, seen in told(*map(good, THREE), good(CITY)))
    differing = [good(A, c3_1_3=7, c3_1_3_b=7), good(B, c3_1_3=9, c3_1_3_b=9)]
    assert not {rule for rule, _ in told(*differing)} & {"C-3.1.3", "C-3.1.1", "B02"}


def test_total_that_breaks_a_rule_names_the_units_behind_it():
    """Those that break it themselves, and those that lack a figure of it."""
    files = [good(A, c1_3_2=999), good(B, c1_3_1=None), good(C)]
    ((rule, seen),) = told(*files, form=with_only("C-1.3"))
    assert rule == "C-1.3"
    assert seen.startswith("(A) Tổng hợp: 1.3.2 ")
    assert seen.endswith(f"; đơn vị cũng sai quy tắc này: {A.name}; đơn vị thiếu số: {B.name}")


def test_many_units_are_counted_after_the_first():
    """Ten are named."""
    files = [good(unit, c1_3_2=999) for unit in COMMUNES[:13]]
    ((_, seen),) = told(*files, form=with_only("C-1.3"))
    assert seen.endswith(f"{COMMUNES[9].name} và 3 đơn vị khác")


def test_row_of_communes_is_said_of_both_columns_once():
    """(B) prints the same totals."""
    ((_, seen),) = told(good(A, c3_4_2_b=9999), good(CITY), form=with_only("C-3.4.2"))
    assert seen.startswith("(A) Tổng hợp, (B) Phụ lục thành phố: 3.4.2.b = 9.999")


def test_appendix_breaks_a_rule_between_both_of_its_sources():
    """The city's own figures beside the communes' total."""
    form = with_only("C-3.1.3")
    assert told(good(A), good(CITY), form=form) == set()
    ((rule, seen),) = told(good(A, c3_1_3=120, c3_1_3_b=120), good(CITY), form=form)
    assert rule == "C-3.1.3"
    assert seen.startswith("(B) Phụ lục thành phố: 3.1.3 = 300; 3.1.3.a ")
    assert seen.endswith(f"; 3.1.3, 3.1.3.a lấy từ sổ của {CITY.name}")
    assert A.name not in seen  # a commune has no 3.1.3.a to lack


def test_what_the_city_alone_says_wrong_is_a_finding_of_its_workbook():
    """It is not said of the appendix once more."""
    files = [good(A), good(CITY, c3_4_1_b=9999)]
    assert told(*files, form=with_only("C-3.4.1")) == set()
    result = consolidate(FORM, files)
    assert "C-3.4.1" in {one.finding.rule for one in result.findings if one.code == CITY.code}


def test_codes_leave_a_rule_open_and_blanks_do_not():
    """A count of codes is no code; where nobody chose one, the row is blank."""
    form = with_only("C-1.4")
    asked = [good(unit, c1_4_1=5, c1_4_2=code) for unit, code in ((A, 1), (B, 2))]
    assert told(*asked, form=form) == set()
    ((_, seen),) = told(*(good(unit, c1_4_1=5, c1_4_2=None) for unit in (A, B)), form=form)
    assert "1.4.1 = 10; 1.4.2 = (trống)" in seen


def test_totals_of_tables_are_looked_at_where_they_are_given():
    """Without them the rule is open."""
    form = with_only("B01")
    assert told(good(A), form=form) == set()
    ((rule, seen),) = told(good(A), form=form, tables={"TTHC.so": 100.0})
    assert (rule, seen.partition(": ")[0]) == ("B01", "(A) Tổng hợp")


def test_excluded_figure_is_behind_nothing():
    """What is out of the total did not break it."""
    out = Decision(A.code, "1.3.2", "", "exclude", "Ghi nhầm")
    files = [good(A, c1_3_2=999), good(B), good(C)]
    result = consolidate(with_only("C-1.3"), files, decisions=[out])
    assert [one.code for one in result.findings] == [A.code]
