"""The pages say what is there, and all of it: commands, rooms, words of a form, codes, sheets."""

from __future__ import annotations

import ast
import json
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path
from typing import Any, get_args

import pytest
from lxml import etree

from tests.support.diffs import apply, hunks_of
from tests.support.paths import DOCS, MACROS, PRODUCT, ROOT
from tests.test_house import FLOORS, GROUND
from xl_automation.cli.main import VERBS
from xl_automation.cli.parameters import FORM
from xl_automation.excel.functions.catalogue import signatures
from xl_automation.forms import vocabulary
from xl_automation.forms.aggregates import AGGREGATES
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.loader import load_form
from xl_automation.forms.rule import META, Rule
from xl_automation.forms.sources import SOURCES
from xl_automation.summary.write import CONTENTS
from xl_automation.xlsx.refusal import MESSAGES
from xl_automation.xlsx.refusal import NAMES as REFUSAL_NAMES

README, README_VI = ROOT / "README.md", ROOT / "README.vi.md"
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
IMAGES = DOCS / "images"
MAX_PICTURE = 120_000  # bytes: a page with ten of them still opens on a slow line
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.glob("*.md")])


def text_of(page: Path) -> str:
    """Return a page without the diffs on it, which speak of what is not there yet."""
    return re.sub(r"^```diff\n.*?^```", "", page.read_text("utf-8"), flags=re.DOTALL | re.MULTILINE)


def section(page: Path, heading: str) -> str:
    """Return what stands under a heading, up to the next of its rank or above."""
    text = text_of(page)
    match = re.search(rf"^(#+) {re.escape(heading)}\n", text, re.MULTILINE)
    assert match, f"{page.name} has no section {heading}"
    return re.split(rf"^#{{1,{len(match[1])}}} ", text[match.end() :], flags=re.MULTILINE)[0]


def first_column(text: str) -> list[str]:
    """Return the first cells of a table, head and rule left out."""
    rows = re.findall(r"^\| (.*?) \|(?<!\\\|)", text, re.MULTILINE)
    return rows[1:]


def words(text: str) -> list[str]:
    """Return what stands in backticks in the first column of a table."""
    return [word for cell in first_column(text) for word in re.findall(r"`([^`]+)`", cell)]


# --- commands ----------------------------------------------------------------------------------

COMMANDS = [
    (page.name, re.sub(r"\\(.)", r"\1", line))
    for page in PAGES
    for lines in re.findall(r"`(cchc [^`]+)`|^ {4}(cchc .+)$", text_of(page), re.MULTILINE)
    for line in lines
    if line and "LỆNH" not in line
]
OPTIONS = {
    verb.name: {parameter.name for parameter in (FORM, *verb.parameters)} | {"--help"}
    for verb in VERBS
}


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_commands_on_pages_exist(page, command):
    """Every command and option that a page mentions is one that the program has."""
    _, verb, *rest = shlex.split(re.sub(r"[\[\]…]", " ", command))
    assert verb in OPTIONS
    assert {word for word in rest if word.startswith("--")} <= OPTIONS[verb]


@pytest.mark.parametrize("page", [README, README_VI], ids=lambda path: path.name)
def test_readme_names_every_verb(page):
    """The table has a row for each verb, and none for one that is not there."""
    table = re.findall(r"^\| `cchc (\w+)", text_of(page), re.MULTILINE)
    assert sorted(table) == sorted(verb.name for verb in VERBS)


def test_both_readmes_name_the_same_commands():
    """The Vietnamese page gives the commands, what they print and their pictures alike."""
    english, vietnamese = text_of(README), text_of(README_VI)
    fences = re.compile(r"^```(\w*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    for shown in (
        lambda text: re.findall(r"^\| (`cchc .*?`) \|", text, re.MULTILINE),
        lambda text: re.findall(r"\]\((docs/images/.*?)\)", text),
        lambda text: [block for language, block in fences.findall(text) if not language],
        lambda text: re.findall(r"^python3 run.py \w+", text, re.MULTILINE),
    ):
        assert shown(english) == shown(vietnamese) != []
    pages = re.compile(r"\]\((docs/[^)]*\.md|LICENSE|CHANGELOG\.md)\)")
    only_english = {"docs/form-file.md", "docs/reading.md"}  # for who writes forms, programs
    assert {*pages.findall(vietnamese), *only_english} >= set(pages.findall(english))


@pytest.mark.parametrize(
    ("page", "start"), [(README, "Exit status:"), (README_VI, "Mã thoát:")], ids=["en", "vi"]
)
def test_readme_says_what_each_exit_status_means(page, start):
    """Each status has its words."""
    (line,) = (line for line in text_of(page).splitlines() if line.startswith(start))
    assert re.findall(r"\b(\d) \w", line) == ["0", "1", "2", "3"]


# --- the house ---------------------------------------------------------------------------------


def test_readme_names_every_room():
    """The rooms stand in their order, each with the sentence that it says of itself."""
    table = re.findall(r"^\| `([a-z/]+)/` \| (.*) \|$", text_of(README), re.MULTILINE)
    rooms = [room.replace(".", "/") for floor in FLOORS for room in floor if room not in GROUND]
    assert [room for room, _ in table] == rooms
    for room, sentence in table:
        source = (PRODUCT / room / "__init__.py").read_text("utf-8")
        docstring = ast.get_docstring(ast.parse(source)) or ""
        assert sentence == docstring.splitlines()[0].replace("``", "`")


def test_index_has_every_page():
    """Each page of the folder stands in the index once, numbered in one order."""
    index = text_of(DOCS / "README.md")
    numbered = re.findall(r"^(\d+)\. \[.*?\]\((.*?)\): .+$", index, re.MULTILINE)
    assert [int(number) for number, _ in numbered] == list(range(1, len(numbered) + 1))
    pages = {page.name for page in DOCS.glob("*.md")} - {"README.md"}
    assert sorted(page for _, page in numbered) == sorted({*pages, "../CONTRIBUTING.md"})
    linked = {link for link in re.findall(r"\]\(\.\./(.*?)\)", index)}
    assert linked == {page.name for page in ROOT.glob("*.md")}


# --- functions, buttons, sheets, codes ---------------------------------------------------------


def test_every_custom_function_has_its_section():
    """And no section is about one that is not there."""
    headings = re.findall(r"^## .*?\b(CCHC_\w+)", text_of(DOCS / "functions.md"), re.MULTILINE)
    assert sorted(headings) == sorted(signature.name for signature in signatures())


def test_every_button_has_its_section():
    """In the order of the ribbon, each with its function's name; and there are no others."""
    page = DOCS / "buttons.md"
    ribbon = etree.parse(MACROS / "ribbon.xml").iter("{*}button")
    buttons = {button.get("label"): button.get("id") for button in ribbon}
    headings = re.findall(r"^## (.*)$", text_of(page), re.MULTILINE)
    assert [heading for heading in headings if heading in buttons] == list(buttons)
    for label, id in buttons.items():
        assert f"`{id}`" in section(page, label)


def test_every_sheet_of_the_summary_has_its_section():
    """In the order of the sheets."""
    headings = re.findall(r"^## (.*)$", text_of(DOCS / "so-tong-hop.md"), re.MULTILINE)
    assert headings[: len(CONTENTS)] == list(CONTENTS)


def test_every_refusal_code_is_explained():
    """Each code has one row with its name, and no row is about one that is not there."""
    page = text_of(DOCS / "tu-choi.md")
    assert sorted(words(page)) == sorted(MESSAGES)
    rows = re.findall(r"^\| (.+?) `([\w-]+)` \|", page, re.MULTILINE)
    assert {code: name for name, code in rows} == REFUSAL_NAMES


def test_every_threat_has_a_proof_that_is_there():
    """Each row of the tables names tests, and each of them is one that is run."""
    page = text_of(DOCS / "threats.md")
    for row in re.findall(r"^\| (?!threat )[^-].* \|$", page, re.MULTILINE):
        proofs = re.findall(r"`(tests/[\w/]+\.py)::(test_\w+)`", row.rpartition(" | ")[2])
        assert proofs, row
        for module, test in proofs:
            source = (ROOT / module).read_text("utf-8")
            assert re.search(rf"^def {test}\(", source, re.MULTILINE), f"{module}::{test}"


# --- the form file -----------------------------------------------------------------------------

FORM_FILE = DOCS / "form-file.md"
WORDS_OF_FORM: dict[str, Any] = {
    "Kinds": get_args(vocabulary.Kind),
    "Levels": get_args(vocabulary.Level),
    "Natures": get_args(vocabulary.Nature),
    "Aggregates": tuple(AGGREGATES),
    "Scopes": get_args(vocabulary.Scope),
    "Earlier periods": get_args(vocabulary.Against),
}


@pytest.mark.parametrize("heading", WORDS_OF_FORM)
def test_every_word_of_a_form_is_explained(heading):
    """Each table of words has all of them and no others."""
    table = first_column(section(FORM_FILE, heading))
    assert sorted(table) == sorted(f"`{word}`" for word in WORDS_OF_FORM[heading])


def test_every_named_check_is_explained():
    """With the scope that it belongs to."""
    rows = re.findall(r"^\| `([\w-]+)` \| `(\w+)` \|", section(FORM_FILE, "Named checks"), re.M)
    checks = {
        "workbook": vocabulary.WorkbookCheck,
        "period": vocabulary.PeriodCheck,
        "city": vocabulary.CityCheck,
    }
    assert sorted(rows) == sorted(
        (check, scope) for scope, names in checks.items() for check in get_args(names)
    )


@pytest.mark.parametrize(
    ("heading", "record"), [("`[[indicator]]`: a printed row", Indicator), ("`[[rule]]`", Rule)]
)
def test_every_key_of_a_block_is_explained(heading, record):
    """The table of a block has its keys and no others."""
    table = section(FORM_FILE, heading).partition("\n### ")[0]
    keys = (field.removeprefix("stated_") for field in record.__dataclass_fields__)
    assert sorted(words(table)) == sorted(keys)


def test_what_an_expression_may_ask_is_explained():
    """The table is the one by which the loader refuses."""
    rows = re.findall(r"^\| ([a-z ]+) \| (`.*`) \|$", section(FORM_FILE, "Expressions"), re.M)
    stated = {kind: sorted(re.findall(r"`(\w+)`", sources)) for kind, sources in rows}
    assert stated == {kind: sorted(sources) for kind, sources in SOURCES.items()}
    text = section(FORM_FILE, "Expressions")
    assert all(f"`[{date}]`" in text for date in META)


def test_words_of_the_frame_are_explained():
    """Placeholders of titles, words of the header, severities."""
    text = text_of(FORM_FILE)
    for word in (*get_args(vocabulary.Header), *get_args(vocabulary.Severity)):
        assert f"`{word}`" in text
    for placeholder in get_args(vocabulary.Placeholder):
        assert f"`{{{placeholder}}}`" in text


# --- what a reader tries -----------------------------------------------------------------------


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_page_is_sound(page):
    """Every file that it links to or shows is there; its letters are composed (NFC)."""
    text = page.read_text("utf-8")
    links = re.findall(r"\]\((?!https?:)([^)#]+)", text)
    assert [link for link in links if not (page.parent / link).exists()] == []
    assert unicodedata.is_normalized("NFC", text)


def anchors(page: Path) -> set[str]:
    """Return by what the headings of a page are linked to, as GitHub makes it of them."""
    headings = re.findall(r"^#+ (.*)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-") for text in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_to_headings_land(page):
    """What a link says behind the # is a heading of the page that it leads to."""
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", text_of(page))
    pages = [(page.parent / name if name else page, anchor) for name, anchor in links]
    assert [anchor for where, anchor in pages if anchor not in anchors(where)] == []


def test_pictures_are_told_in_words_and_small():
    """Each picture is shown somewhere, always with words for who does not see it, and is light."""
    shown: dict[Path, set[str]] = {}
    for page in PAGES:
        for words, link in re.findall(r"!\[(.*?)\]\(([^)]+)\)", page.read_text("utf-8")):
            shown.setdefault((page.parent / link).resolve(), set()).add(words)
    assert shown.keys() == set(IMAGES.glob("*"))
    assert [path.name for path, words in shown.items() if "" in words] == []
    assert [path.name for path in shown if path.stat().st_size > MAX_PICTURE] == []


def test_pictures_are_those_that_are_drawn():
    """The programs that draw name each picture, and none that is not there."""
    drawn = re.findall(r"\b[a-z-]+\.png\b", (DOCS / "pictures.py").read_text("utf-8"))
    names = {path.name for path in IMAGES.iterdir()} - {"benchmarks.png"}  # drawn by benchmarks
    assert set(drawn) - {"picture.png"} == names


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_modules_that_a_page_names_are_there(page):
    """What it calls by a file's name, or by the end of its path, is a file of ours."""
    files = {f"/{path.relative_to(ROOT).as_posix()}" for path in PRODUCT.rglob("*.py")}
    files |= {f"/{path.relative_to(ROOT).as_posix()}" for path in (ROOT / "tests").rglob("*.py")}
    files |= {f"/{path.name}" for path in ROOT.glob("*.py")}
    named = re.findall(r"`([\w./-]+\.py)`", text_of(page))
    assert [name for name in named if not any(file.endswith(f"/{name}") for file in files)] == []


def test_example_of_readme_extends_the_form(tmp_path):
    """The blocks that the README shows can be added to the form as they stand."""
    example = re.search(r"```toml\n(.*?)```", text_of(README), re.DOTALL)[1]
    source = (PRODUCT / "forms/cchc-2022.toml").read_text("utf-8")
    source = re.sub(r"^units = .*$", "", source, flags=re.MULTILINE)
    added = tomllib.loads(example)
    (tmp_path / "more.toml").write_text(f"{source}\n{example}", encoding="utf-8")
    form = load_form(tmp_path / "more.toml")
    assert {block["id"] for block in added["indicator"]} <= form.by_id.keys()
    assert {block["id"] for block in added["rule"]} <= {rule.id for rule in form.rules}


def test_changelog_names_version_of_the_form():
    """The newest entry says which form it carries."""
    heading = next(line for line in text_of(ROOT / "CHANGELOG.md").splitlines() if line[:2] == "##")
    form = load_form()
    assert heading.endswith(f"(form {form.id}, version {form.version})")


NAMES = """
import json
from xl_automation.cli.main import VERBS
from xl_automation.excel.buttons.runner import BUTTONS
from xl_automation.excel.functions.catalogue import signatures
from xl_automation.forms.aggregates import AGGREGATES
from xl_automation.forms.loader import load_form
from xl_automation.summary.write import CONTENTS
from xl_automation.xlsx.refusal import MESSAGES
form = load_form()
print(json.dumps({
    "indicator": list(form.by_id), "rule": [rule.id for rule in form.rules],
    "aggregate": list(AGGREGATES), "refusal": list(MESSAGES), "sheet": list(CONTENTS),
    "verb": [verb.name for verb in VERBS], "button": list(BUTTONS),
    "function": [signature.name for signature in signatures()],
}))
"""
ADDED = {
    "indicator": "9.1", "rule": "C-1.4u", "aggregate": "largest", "refusal": "has-links",
    "sheet": "Chưa gửi", "verb": "units", "button": "form_version", "function": "CCHC_DEMTRONG",
}  # fmt: skip


def test_each_thing_is_added_in_one_place(tmp_path):
    """With the diffs of CONTRIBUTING the eight things are there, and the pages still agree."""
    unwanted = shutil.ignore_patterns("__pycache__", "*.xlam", "data")
    for folder in ("xl_automation", "macros", "workbook", "docs", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=unwanted)
    for path in ROOT.iterdir():
        if path.is_file():
            shutil.copy(path, tmp_path)
    for hunk in hunks_of(CONTRIBUTING):
        apply(hunk, tmp_path)

    def run(*arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, *arguments], cwd=tmp_path, capture_output=True, encoding="utf-8"
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    names = json.loads(run("-c", NAMES))
    assert {what: name for what, name in ADDED.items() if name in names[what]} == ADDED
    this = Path(__file__).relative_to(ROOT).as_posix()
    run("-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "not one_place", this)
