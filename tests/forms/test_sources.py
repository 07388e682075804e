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
    "table total": "LOP.c28",
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
    "absent": "not absent([{}])",
    "later": "not later([{}])",
    "elsewhere": "not elsewhere([{}])",
}
PAIRS = [(kind, source) for kind in get_args(IdKind) for source in get_args(Source)]
LEGAL = [pair for pair in PAIRS if pair[1] in SOURCES[pair[0]]]


def rule_asking(kind: IdKind, source: Source) -> str:
    """Return a rule that asks for *source* of a *kind* of id."""
    scope = 'scope = "period"\nagainst = "any"\n' if source == "previous" else ""
    id, holds = f"{kind} {source}", WRITTEN[source].format(ONE_OF_EACH[kind])
    return (
        f'\n[[rule]]\nid = "{id}"\nseverity = "error"\n{scope}holds = "{holds}"\nmessage = "x."\n'
    )


def school_with(path: Path, *rules: str) -> Form:
    """Return the school's form with more rules, from a file at *path*."""
    text = SCHOOL.read_text("utf-8").replace('units = "truong-hoc.csv"\n', "")
    path.write_text(text + "".join(rules), encoding="utf-8")
    return load_form(path)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Form:
    """The school's form with a rule for everything that the table allows."""
    path = tmp_path_factory.mktemp("form") / "form.toml"
    return school_with(path, *(rule_asking(*pair) for pair in LEGAL))


def test_table_names_every_kind_of_id() -> None:
    """The examples of these tests are of the kinds that they stand for."""
    form = load_form(SCHOOL)
    assert {kind: kind_of(form, id) for kind, id in ONE_OF_EACH.items()} == {
        kind: kind for kind in get_args(IdKind)
    }


@pytest.mark.parametrize(("kind", "source"), LEGAL, ids=lambda word: word)
def test_what_is_allowed_has_both_faces(asking: Form, kind: IdKind, source: Source) -> None:
    """The workbook has a formula for it, and Python an answer."""
    (rule,) = (rule for rule in asking.rules if rule.id == f"{kind} {source}")
    (instance,) = rule.instances()
    assert Layout(asking).holds_formula(instance).startswith("=IF(")
    figures = tabulate(asking, [])
    if source != "previous":
        assert figures.take(ONE_OF_EACH[kind], source).shape == (0,)


def test_workbook_of_all_that_is_allowed_is_built(asking: Form) -> None:
    """Nothing that the loader lets pass ends the build."""
    assert build_template(asking)


@pytest.mark.parametrize(
    ("kind", "source"), [pair for pair in PAIRS if pair not in LEGAL], ids=lambda word: word
)
def test_what_a_face_cannot_do_is_refused_by_its_block(
    tmp_path: Path, kind: IdKind, source: Source
) -> None:
    """The loader says which rule asks what of which id."""
    with pytest.raises(FormError, match=rf"^rule {kind} {source}: asks for ") as refused:
        school_with(tmp_path / "form.toml", rule_asking(kind, source))
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
