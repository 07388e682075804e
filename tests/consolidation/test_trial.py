"""Requirements of rules on trial, in the shipped form with some of its rules made so.

Y1 It speaks with no more weight than a hint, and says that it is on trial.
Y2 It blocks nothing: no cell refuses a figure for it, no unit gets its report back for it.
Y3 The city reads which units it would stop; a rule that nobody breaks says nothing.
Y4 The workbook says the same.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD, UNIT
from tests.support.cells import filled
from tests.support.communes import A, B, C, good
from tests.support.office import Office
from xl_automation.checks.check import check
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.returned_findings import returned_findings
from xl_automation.forms.bounds import Bounds
from xl_automation.forms.form import Form
from xl_automation.forms.loader import FORMS, load_form
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout

ON_TRIAL = ("C-1.1", "C-6.1", "F04", "C-7.6", "T01", "K05", "K07", "C-2.4")
BROKEN = {"c1_1_b": 9, "c6_1_b": 4861, "c3_3_5": 105}


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    """The shipped form with ``ON_TRIAL`` on trial."""
    text = (FORMS / f"{FORM.id}.toml").read_text("utf-8").replace('units = "', '# units = "')
    for id in ON_TRIAL:
        text, times = re.subn(f'^id = "{re.escape(id)}"$', r"\g<0>\ntrial = true", text, flags=re.M)
        assert times, id
    path = tmp_path_factory.mktemp("form") / "trial.toml"
    path.write_text(text, encoding="utf-8")
    return load_form(path)


def test_finding_is_a_hint_that_says_so(form: Form) -> None:
    """Whatever the rule will be; what it will be stands beside."""
    findings = {one.rule: one for one in check(form, good(A, **BROKEN))}
    assert {id: findings[id].severity for id in ("C-1.1", "C-6.1")} == {
        "C-1.1": "info",
        "C-6.1": "info",
    }
    assert findings["C-1.1"].message.startswith("Thử nghiệm: số nhiệm vụ hoàn thành lớn hơn")
    stated = {rule.id: rule.stated_severity for rule in form.rules if rule.trial}
    assert (stated["C-1.1"], stated["C-6.1"], stated["C-7.6"]) == ("error", "warning", "info")


def test_rule_about_an_earlier_period_is_on_trial_too(form: Form) -> None:
    """Rules of each scope can be."""
    said = replace(good(A), previous=(form.period("2022-Q1"), {"1.1.b": 5.0}))
    (finding,) = (one for one in check(form, said) if one.rule == "T01")
    assert finding.severity == "info"
    assert finding.message.startswith("Thử nghiệm: ")


def test_no_cell_refuses_a_figure(form: Form) -> None:
    """The bounds of a rule on trial are none of a cell."""
    assert FORM.range_rule("3.3.5")[1] == Bounds(0, 100)
    assert form.range_rule("3.3.5") == (None, Bounds())


def test_city_reads_which_units_would_be_stopped(form: Form) -> None:
    """One hint a rule, by what it will be; C-2.4 is broken by nobody."""
    files = [good(A, **BROKEN), good(B, c1_1_b=9), good(C, c7_6_2=50)]
    result = consolidate(form, files, (A, B, C), PERIOD)
    of_city = [one for one in result.findings if one.submission is None]
    seen = {one.finding.rule: one.finding.seen for one in of_city if one.finding.rule in ON_TRIAL}
    assert seen == {
        "C-1.1": f"sẽ chặn 2 đơn vị: {A.name}, {B.name}",
        "C-6.1": f"sẽ cảnh báo 1 đơn vị: {A.name}",
        "F04": f"sẽ chặn 2 đơn vị: {A.name}, {B.name}",
        "C-7.6": f"sẽ lưu ý 1 đơn vị: {C.name}",
    }
    assert {one.finding.severity for one in of_city} == {"info"}


def test_no_unit_gets_its_report_back(form: Form) -> None:
    """Nor for what the city alone sees by a rule on trial."""
    files = [good(A, **BROKEN), good(B), good(C, c3_1_1=25, c2_3=1000)]
    result = consolidate(form, files, (A, B, C), PERIOD)
    assert {"K05", "K07"} <= {one.finding.rule for one in result.findings}
    owed = returned_findings(result, {file.path: file for file in files})
    assert owed.by_path == {file.path: [] for file in files}
    assert owed.unsettled == ()


@pytest.mark.office
def test_workbook_says_the_same(form: Form, office: Office, tmp_path: Path) -> None:
    """Beside the row, and in the counts of the sheet ``Kiểm tra``."""
    fill = {**COMMUNE, "1.1.b": 9}
    content = build_template(form, "commune", UNIT, PERIOD)
    path = filled(tmp_path / "a.xlsx", form, fill, content=content)
    row = Layout(form).rows["1.1.b"]
    with office.open(path) as book:
        assert book.column(positions.REVIEW_SHEET, "B4:B6") == (0, 0, 2)
        assert book.value(form.sheet, f"{positions.CHECK}{row}") == (
            "Lưu ý: 1.1.b = 9; tối đa 1.1.a = 8; lệch +1 – Thử nghiệm: số nhiệm vụ hoàn thành lớn "
            "hơn số nhiệm vụ trong kế hoạch."
        )
