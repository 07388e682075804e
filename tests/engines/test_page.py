"""Requirements of the page about other programs.

E5 The page names every engine and program, with the version that the tests install, and each
   known difference and habit with its words and how often the long run saw it.
E6 Percentages, numbers read and rules are all equal in each engine that has the functions.
"""

from __future__ import annotations

import tomllib

import pytest

from run import NPM_PACKAGES
from tests.engines.computing import ENGINES, Engine
from tests.engines.gaps import GAPS
from tests.engines.page import KINDS, NUMBERS, PAGE
from tests.engines.saving import HABITS, SAVERS
from tests.support.paths import ROOT

ROWS = [
    tuple(cell.strip() for cell in line.strip("|").split(" | "))
    for line in PAGE.read_text("utf-8").splitlines()
    if line.startswith("| ")
]


def declared() -> dict[str, str]:
    """Return the exact versions that the project asks for, by package."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    exact = (line.split("==") for line in (*extras["test"], *extras["engines"]) if "==" in line)
    return {
        **{f"PyPI {name}": version for name, version in exact},
        **{f"npm {name}": version for name, version in NPM_PACKAGES.items()},
    }


@pytest.mark.parametrize("program", [*ENGINES, *SAVERS], ids=lambda one: one.name)
def test_page_has_a_row_for_each_program(program) -> None:
    """With licence, source and the version that is installed."""
    (row,) = {row[:4] for row in ROWS if row[0] == program.name and row[3:4] == (program.package,)}
    assert row[2] == program.licence
    assert row[1] == declared().get(program.package, row[1])


@pytest.mark.parametrize("known", [*GAPS, *HABITS], ids=lambda known: known.name)
def test_page_explains_what_is_known(known) -> None:
    """In its words, and how often the long run saw it: a rare one perhaps never."""
    programs = known.engines if known in GAPS else known.programs
    (row,) = (row for row in ROWS if row[0] == known.name)
    assert row[1:3] == (", ".join(programs), known.words)
    assert row[3].replace(",", "").rstrip("| ").isdigit()


@pytest.mark.parametrize("engine", ENGINES, ids=lambda engine: engine.name)
def test_percentages_numbers_and_rules_are_all_equal(engine: Engine) -> None:
    """In the long run, for each engine that differs in words at most."""
    rows = (row for row in ROWS if row[0] == engine.name and len(row) == len(KINDS) + 1)
    (row,) = (row for row in rows if not row[3].startswith(("Debian", "PyPI", "npm")))
    own = [gap for gap in GAPS if engine.name in gap.engines]
    if all(gap.in_words for gap in own):
        assert [row[1 + KINDS.index(kind)] for kind in NUMBERS] == ["all"] * len(NUMBERS)
