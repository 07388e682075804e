"""Requirements of the repository.

P1 The licence is stated, and whatever runs with the program allows it.
P2 What git looks at before a commit is what the tests run.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import distribution

import pytest
from packaging.requirements import Requirement

from tests.support.paths import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
# Licences that ask for no more than their own text to be kept.
PERMISSIVE = re.compile(r"\b(MIT|0?BSD|Apache|PSF|Python Software Foundation|Zlib|CC0|ISC)\b")
COPYLEFT = re.compile(r"GPL|MPL|Mozilla|EUPL|CDDL|GNU", re.IGNORECASE)


def runtime_packages() -> Iterator[str]:
    """Yield the packages that are installed with the program, and those that they need."""
    todo, seen = [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["dask"]], set()
    while todo:
        requirement = Requirement(todo.pop())
        if requirement.marker and not requirement.marker.evaluate({"extra": ""}):
            continue
        if requirement.name.lower() not in seen:
            seen.add(requirement.name.lower())
            yield requirement.name
            todo += distribution(requirement.name).requires or ()


def licence(package: str) -> str:
    """Return what a package says of its licence."""
    about = distribution(package).metadata
    classifiers = [text for text in about.get_all("Classifier", []) if text.startswith("License")]
    named = about.get("License-Expression") or " ".join(classifiers)
    return named or (about.get("License") or "").partition("\n")[0]


@pytest.mark.parametrize("package", sorted(runtime_packages()))
def test_what_runs_with_the_program_allows_its_licence(package):
    """Nothing that is installed with the program has a licence that spreads to it."""
    assert PERMISSIVE.search(licence(package)), licence(package)
    assert not COPYLEFT.search(licence(package)), licence(package)


def test_licence_is_stated():
    """The project's licence is that of the file, which goes along."""
    assert PROJECT["license"] == "MIT"
    assert PROJECT["license-files"] == ["LICENSE"]
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert text.startswith("MIT License\n")
    assert "xl_automation contributors" in text


def test_hooks_run_what_the_tests_run():
    """Each checker of the tests is a hook, from the environment that the tests make."""
    hooks = (ROOT / ".pre-commit-config.yaml").read_text("utf-8")
    asked = {" ".join(re.findall(r"[\w-]+", line)) for line in re.findall(r"args: \[(.*)\]", hooks)}
    assert asked == {
        "-m ruff check --force-exclude", "-m ruff format --check --force-exclude", "-m mypy",
    }  # fmt: skip
    tests = (ROOT / "run.py").read_text("utf-8")
    for check in ('["ruff", "check",', '["ruff", "format", "--check",', '["mypy"]'):
        assert check in tests
    assert "repo: local" in hooks
    assert set(re.findall(r"repo: (\S+)", hooks)) == {"local"}
