"""Requirements of the formulas of what a broken rule says.

F1 Excel takes each of them: no longer than it allows, no text in one longer than it allows, also
   of a rule over many cells of a table with a long name.
"""

from __future__ import annotations

import re

import pytest

from tests.support.builders import FORM, LEVELS
from xl_automation.excel_limits import MAX_LITERAL
from xl_automation.forms.grammar import parse
from xl_automation.forms.rule import RuleInstance
from xl_automation.template.layout import Layout
from xl_automation.template.seen_formula import seen_formula

LONGEST = 8192  # characters of a formula
(RULE,) = (rule for rule in FORM.rules if rule.id == "B02")


def literals(formula: str) -> list[str]:
    """Return the texts within a formula."""
    return re.findall(r'"((?:[^"]|"")*)"', formula)


@pytest.mark.parametrize("level", LEVELS)
def test_every_rule_has_a_formula_that_excel_takes(level: str) -> None:
    """F1: all rules of the form, each with all that could follow from it."""
    instances = (*FORM.instances(level), *FORM.instances(level, "period"))
    for instance in instances:
        formula = seen_formula(Layout(FORM), instance, FORM.instances(level)[:1])
        assert len(formula) <= LONGEST
        assert all(len(text) <= MAX_LITERAL for text in literals(formula))
        assert "&&" not in formula


def test_rule_over_many_cells_has_one_too() -> None:
    """F1: its text is cut into several, and its figures are not shown one by one."""
    cells = [f"nz([II06.{row}.c{column}])" for row in range(1, 16) for column in (4, 5, 6)]
    instance = RuleInstance(RULE, "N1", parse(f"[3.1] == {' + '.join(cells)}"), None)
    formula = seen_formula(Layout(FORM), instance, ())
    assert len(formula) <= LONGEST
    texts = literals(formula)
    assert max(map(len, texts)) == MAX_LITERAL
    assert "Biểu 06, dòng 15, cột (6) = " in "".join(texts)
