"""Requirements of Excel's limits on what becomes of a form.

X1 What would be too long for Excel is refused, naming the block; nothing is cut.
X2 What just fits goes in whole.
"""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import openpyxl
import pytest

from tests.support.builders import MINI
from xl_automation.errors import FormError
from xl_automation.excel_limits import MAX_FORMULA, MAX_PROMPT
from xl_automation.forms.form import Form
from xl_automation.forms.grammar import parse
from xl_automation.forms.indicator import Helper, Percent
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout

COUNT, ENTERED = "I.2", "I.4"  # a number of households, a percentage that is typed


def changed(id: str, **fields: object) -> Form:
    """Return the small form with one row changed."""
    rows = (replace(item, **fields) if item.id == id else item for item in MINI.indicators)
    return replace(MINI, indicators=tuple(rows))


def message(form: Form, id: str) -> str:
    """Return the input message of a row's cell in the built workbook."""
    book = openpyxl.load_workbook(BytesIO(build_template(form)))
    cell = Layout(form).cell(id)
    return next(
        rule.prompt for rule in book[form.sheet].data_validations.dataValidation if cell in rule
    )


def test_help_goes_in_whole_or_not_at_all() -> None:
    """A help that fills the message to its last letter is in it; one letter more is refused."""
    room = MAX_PROMPT - len(message(MINI, COUNT)) - 1
    assert message(changed(COUNT, help="ờ" * room), COUNT).endswith("ờ" * room)
    with pytest.raises(FormError, match=f"^indicator {COUNT}: help too long.* {MAX_PROMPT} "):
        build_template(changed(COUNT, help="ờ" * (room + 1)))


def test_labels_of_parts_are_in_what_their_cells_say() -> None:
    """The words around a label leave it less than the whole message."""
    helper = Helper("tử " * 80, "mẫu")
    with pytest.raises(FormError, match=f"^Tử số: input message too long: .* {MAX_PROMPT}"):
        build_template(changed(ENTERED, helper=helper))


def test_recipe_of_a_percentage_is_said_whole() -> None:
    """What a computed cell says when it is typed into has room for some twenty parts."""
    parts = " + ".join(["[I.3]"] * 40)
    form = changed("I.1", percent=Percent(parse(parts), parse("[I.2]")))
    with pytest.raises(FormError, match=f"^Chỉ tiêu I.1: input message too long: .* {MAX_PROMPT}"):
        build_template(form)


def test_formula_of_a_rule_that_is_too_long_names_the_rule() -> None:
    """The workbook has no formula that Excel would cut off."""
    (rule,) = (rule for rule in MINI.rules if rule.id == "N3")
    longer = replace(rule, holds=parse(" + ".join(["[I.4]"] * 400) + " <= 30"))
    form = replace(MINI, rules=(*(one for one in MINI.rules if one is not rule), longer))
    with pytest.raises(FormError, match=f"^rule N3: .* of at most {MAX_FORMULA}"):
        build_template(form)
