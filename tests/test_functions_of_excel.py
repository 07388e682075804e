"""Requirement of the functions in formulas.

E1 Whatever the program writes is computed by Excel 2007 and later, and by those who do as it does
   (WPS Office, LibreOffice): no formula of a cell, name, validation, look or chart uses a newer
   function. Which ones are used stands in docs/writing.md. Of those that are computed again
   whenever anything changes there are the two that nothing else can stand in for.
"""

from __future__ import annotations

import re
from html import unescape

import pytest
from openpyxl.utils import FORMULAE

from tests.support.builders import FORM, LEVELS, PERIOD, UNIT
from tests.support.communes import CITY, A, good, written
from tests.support.paths import DOCS
from tests.support.rounds import full_round
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.kept import register_of
from xl_automation.outputs.city_appendix import write_city_appendix
from xl_automation.shipped import WORKBOOK
from xl_automation.template.build import build_template
from xl_automation.xlsx.package import read_parts

VOLATILE = {"CELL", "INDIRECT", "INFO", "NOW", "OFFSET", "RAND", "RANDBETWEEN", "TODAY"}
# Of a cell, a look, a validation, a name, a chart.
FORMULA = re.compile(r"<(f|formula[12]?|definedName|c:f)\b[^>]*>([^<]+)<")
FUNCTION = re.compile(r"([A-Za-z_][\w.]*)\(")


def functions(content: bytes) -> set[str]:
    """Return the functions that a workbook's formulas call."""
    texts = (part.decode() for name, part in read_parts(content).items() if name.endswith(".xml"))
    formulas = (unescape(formula) for text in texts for _, formula in FORMULA.findall(text))
    plain = (re.sub(r'"[^"]*"|\'[^\']*\'', "", formula) for formula in formulas)
    return {name for formula in plain for name in FUNCTION.findall(formula)}


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """The functions of each kind of workbook, by its name; those of a level have all rules."""
    folder = tmp_path_factory.mktemp("mọi sổ")
    earlier = FORM.period("2021-N")
    numbers = {item.id: 1.0 for item in FORM.figures}
    found = {"template": functions((WORKBOOK / "CCHC-bieu-mau.xlsx").read_bytes())}
    for level in LEVELS:
        found[level] = functions(
            build_template(FORM, level, UNIT, PERIOD, previous=(earlier, numbers))
        )
    found["summary"] = functions(written(full_round(), folder / "Tổng hợp.xlsx").read_bytes())
    appendix, summary = folder / "Phụ lục.xlsx", folder / "Tổng hợp.xlsx"
    result = consolidate(FORM, [good(A), good(CITY)], (A, CITY))
    write_city_appendix(FORM, register_of(result), summary, appendix)
    found["appendix"] = functions(appendix.read_bytes())
    return found


def test_each_function_is_of_excel_2007(used: dict[str, set[str]]) -> None:
    """None is missing in the list of ECMA-376, first edition, that openpyxl has."""
    newer = {kind: names - set(FORMULAE) for kind, names in used.items()}
    assert not any(newer.values()), newer
    assert all(used.values()), "a workbook without a formula was looked at"


def test_few_functions_are_computed_again_and_again(used: dict[str, set[str]]) -> None:
    """Only those that look at a cell's format, or at one that a text names."""
    assert set().union(*used.values()) & VOLATILE == {"CELL", "INDIRECT"}


def test_functions_are_listed(used: dict[str, set[str]]) -> None:
    """The page on writing names each one that is used, and no other."""
    text = (DOCS / "writing.md").read_text("utf-8")
    listed = re.search(r"These are all: ([^:]*)\.\n", text)
    assert listed is not None
    names = sorted(set().union(*used.values()))
    assert re.findall("[A-Z]+", listed[1]) == names, " ".join(names)
