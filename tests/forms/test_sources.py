"""Requirements of what an expression may ask of which id.

Q1 What the table allows, both faces give; what it does not, the loader refuses by the block.
Q2 A rule about helpers alone is like any other rule.
"""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest

from tests.support.paths import DATA
from xl_automation.errors import FormError
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.sources import SOURCES, IdKind, kind_of
from xl_automation.forms.vocabulary import Source
from xl_automation.reading.figures import tabulate
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout

SCHOOL = DATA / "truong-hoc.toml"
ONE_OF_EACH: dict[IdKind, str] = {
    "row": "A.1.hs",
    "computed row": "A.1",
    "coded row": "A.5",
    "helper": "A.7.tu",
    "table cell": "LOP.1.c28",
    "date": "@report_date",
}
# How each source is written as a condition.
WRITTEN: dict[Source, str] = {
    "number": "[{}] > 0",
    "nz": "nz([{}]) > 0",
    "previous": "[{0}] >= previous([{0}])",
    "filled": "filled([{}])",
    "blank": "blank([{}])",
    "readable": "readable([{}])",
    "leading_zero": "not leading_zero([{}])",
    "agrees": "agrees([{}])",
    "codes": "[{}] in codes",
}
PAIRS = [(kind, source) for kind in get_args(IdKind) for source in get_args(Source)]
LEGAL = [pair for pair in PAIRS if pair[1] in SOURCES[pair[0]]]


def form_asking(folder: Path, kind: IdKind, source: Source) -> Form:
    """Return the school's form with one more rule, which asks for *source* of a *kind* of id."""
    scope = 'scope = "period"\nagainst = "any"\n' if source == "previous" else ""
    holds = WRITTEN[source].format(ONE_OF_EACH[kind])
    rule = f'\n[[rule]]\nid = "MOI"\nseverity = "error"\n{scope}holds = "{holds}"\nmessage = "x."\n'
    text = SCHOOL.read_text("utf-8").replace('units = "truong-hoc.csv"\n', "")
    path = folder / "form.toml"
    path.write_text(text + rule, encoding="utf-8")
    return load_form(path)


def test_table_names_every_kind_of_id() -> None:
    """The examples of these tests are of the kinds that they stand for."""
    form = load_form(SCHOOL)
    assert {kind: kind_of(form, id) for kind, id in ONE_OF_EACH.items()} == {
        kind: kind for kind in get_args(IdKind)
    }


@pytest.mark.parametrize(("kind", "source"), LEGAL, ids=lambda word: word)
def test_what_is_allowed_has_both_faces(tmp_path: Path, kind: IdKind, source: Source) -> None:
    """The workbook has a formula for it, and Python an answer."""
    form = form_asking(tmp_path, kind, source)
    (instance,) = form.rules[-1].instances()
    assert Layout(form).holds_formula(instance).startswith("=IF(")
    assert build_template(form)
    figures = tabulate(form, [])
    if source != "previous":
        assert figures.take(ONE_OF_EACH[kind], source).shape == (0,)


@pytest.mark.parametrize(
    ("kind", "source"), [pair for pair in PAIRS if pair not in LEGAL], ids=lambda word: word
)
def test_what_a_face_cannot_do_is_refused_by_its_block(
    tmp_path: Path, kind: IdKind, source: Source
) -> None:
    """The loader says which rule asks what of which id."""
    with pytest.raises(FormError, match=r"^rule MOI: asks for ") as refused:
        form_asking(tmp_path, kind, source)
    assert f"[{ONE_OF_EACH[kind]}], a {kind}" in str(refused.value)


def test_rule_that_looks_at_no_cell_is_refused(tmp_path: Path) -> None:
    """A clerk could not be shown what such a rule finds."""
    text = SCHOOL.read_text("utf-8").replace("[A.7.tu] <= [A.7.mau]", "[@period_from] > 0")
    path = tmp_path / "form.toml"
    path.write_text(text.replace('units = "truong-hoc.csv"\n', ""), encoding="utf-8")
    with pytest.raises(FormError, match=r"^rule HOI: looks at no cell"):
        load_form(path)


@pytest.mark.parametrize("wrong", ["nz([A.1.len])", "previous([A.1.len])"])
def test_percentage_takes_plain_numbers(tmp_path: Path, wrong: str) -> None:
    """A percentage asks for the numbers of its parts, in both faces."""
    text = SCHOOL.read_text("utf-8").replace('part = "[A.1.len]"', f'part = "{wrong}"')
    path = tmp_path / "form.toml"
    path.write_text(text.replace('units = "truong-hoc.csv"\n', ""), encoding="utf-8")
    with pytest.raises(FormError, match=r"^indicator A\.1: asks for "):
        load_form(path)
