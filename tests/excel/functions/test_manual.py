"""The manual of the custom functions says what they do."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import pytest

from tests.support.function_calls import call
from tests.support.paths import DOCS
from xl_automation.excel.functions import number_functions
from xl_automation.excel.functions.catalogue import signatures
from xl_automation.excel.functions.description import ATTRIBUTES
from xl_automation.excel.functions.folder_figures import METHODS
from xl_automation.excel.functions.period_lookup import FIELDS
from xl_automation.forms.numbers import show

MANUAL = (DOCS / "functions.md").read_text(encoding="utf-8")


EXAMPLE = re.compile(r"\| `=(CCHC_[A-Z]+)\((.*)\)` \| (.*) \|")


LITERAL = re.compile(r'"[^"]*"|\{[^}]*\}|[0-9,]+')


def literal(text: str) -> Any:
    """Return a literal of a Vietnamese Excel's formula: text, number, or array of constants."""
    if text.startswith("{"):
        rows = text.strip("{}").split(";")
        return [[literal(cell.strip()) for cell in row.split("\\")] for row in rows]
    return text.strip('"') if text.startswith('"') else float(text.replace(",", "."))


def shown(cell: Any) -> str:
    """Return a cell as the manual prints it."""
    if isinstance(cell, datetime):
        return f"{cell:%d/%m/%Y}"
    return cell or "(trống)" if isinstance(cell, str) else show(cell)


@pytest.mark.parametrize(
    ("name", "arguments", "result"),
    [
        match.groups()
        for match in EXAMPLE.finditer(MANUAL)
        if not LITERAL.sub("", match[2]).strip("; ") and "D:\\CCHC\\Đã" not in match[2]
    ],
)
def test_example_in_the_manual_is_true(name: str, arguments: str, result: str) -> None:
    """Every example of the manual that needs no cells and no files gives what it says."""
    values = [literal(text) for text in LITERAL.findall(arguments)]
    (row,) = call(name, *values)
    assert " · ".join(map(shown, row)) == result


def test_manual_has_every_function_and_argument() -> None:
    """A section per function, with its arguments in their order and at least two examples."""
    sections = dict(re.findall(r"^## (CCHC_[A-Z]+)$(.*?)(?=^## |\Z)", MANUAL, re.DOTALL | re.M))
    assert sections.keys() == {signature.name for signature in signatures()}
    for signature in signatures():
        arguments = [f"[{a.name}]" if a.optional else a.name for a in signature.arguments]
        section = sections[signature.name]
        assert f"`{signature.name}({'; '.join(arguments)})`" in section
        assert len(EXAMPLE.findall(section)) >= 2


@pytest.mark.parametrize(
    ("words", "section"),
    [
        (ATTRIBUTES, "CHITIEU"),
        (METHODS, "TONGHOP"),
        (FIELDS, "KY"),
        (number_functions.KINDS, "SO"),
    ],
    ids=["attributes", "methods", "fields", "kinds"],
)
def test_manual_has_every_choice(words: dict[str, str], section: str) -> None:
    """Everything that an argument can choose is in the manual."""
    text = MANUAL.split(f"## CCHC_{section}\n")[1].split("\n## ")[0]
    known = {word.replace(" ", "_") for word in words}
    listed = {word for word in known if f"`{word}`" in text}
    assert {words[word.replace("_", " ")] for word in listed} | {words[""]} == set(words.values())
