"""The pages say what is there: every verb, option, function, button, module and link."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path

import pytest
from lxml import etree

from xl_automation.cli.grammar import build_parser
from xl_automation.cli.verbs import VERBS
from xl_automation.excel.addin.signatures import FUNCTIONS, read_signatures
from xl_automation.forms.loader import load_form

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")]

COMMANDS = [
    (page.name, re.sub(r"\\(.)", r"\1", line))
    for page in PAGES
    for line in re.findall(r"`(cchc [^`]+)`|^ {4}(cchc .+)$", page.read_text("utf-8"), re.MULTILINE)
    for line in line
    if line
]


def options(verb: str) -> set[str]:
    """Return the options of a verb, as its help names them."""
    parser = build_parser(VERBS)
    action = next(one for one in parser._actions if one.choices)
    return {name for name in action.choices[verb]._option_string_actions if name.startswith("--")}


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_commands_on_pages_exist(page, command):
    """Every command and option that a page mentions is one that the program has."""
    _, verb, *words = shlex.split(re.sub(r"[\[\]…]", " ", command))
    assert verb in VERBS
    assert {word for word in words if word.startswith("--")} <= options(verb)


def test_readme_names_every_verb():
    """The README's table has a row for each verb."""
    assert set(re.findall(r"^\| `cchc (\w+)", README, re.MULTILINE)) == VERBS.keys()


def test_readme_names_every_module():
    """The README says of every module and package what it holds."""
    package = ROOT / "xl_automation"
    modules = {path.name for path in package.glob("*.py") if not path.name.startswith("_")}
    packages = {f"{path.parent.name}/" for path in package.glob("*/*.py")}
    table = README.partition("## Where things are")[2]
    named = re.findall(r"`(?:xl_automation/)?([\w]+(?:\.py|/))`", table)
    assert {*modules, *packages} <= set(named)
    assert {name for name in named if name.endswith(".py")} <= modules


def test_pages_name_every_function_and_button():
    """Each custom function and each button of the ribbon has its section."""
    functions = (ROOT / "docs/functions.md").read_text("utf-8")
    for each in read_signatures(FUNCTIONS.read_text("utf-8")):
        assert re.search(rf"^## .*{each.name}\b", functions, re.MULTILINE), each.name
    buttons = (ROOT / "docs/buttons.md").read_text("utf-8")
    for button in etree.parse(ROOT / "macros/ribbon.xml").iter("{*}button"):
        section = buttons.partition(f"\n## {button.get('label')}\n")[2].partition("\n## ")[0]
        assert f"`{button.get('id')}`" in section


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    """Every file that a page links to or shows is there."""
    links = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_example_of_readme_extends_the_form(tmp_path):
    """The blocks that the README shows can be added to the form as they stand."""
    example = re.search(r"```toml\n(.*?)```", README, re.DOTALL)[1]
    source = (ROOT / "xl_automation/forms/cchc-2022.toml").read_text("utf-8")
    source = re.sub(r"^units = .*$", "", source, flags=re.MULTILINE)
    added = tomllib.loads(example)
    (tmp_path / "more.toml").write_text(f"{source}\n{example}", encoding="utf-8")
    form = load_form(tmp_path / "more.toml")
    assert {one["id"] for one in added["indicator"]} <= form.by_id.keys()
    assert {one["id"] for one in added["rule"]} <= {rule.id for rule in form.rules}
