"""Requirements of the rules about all files of a city.

N6 Rules K01 to K10 speak where they are broken, and no other rule does. What needs more units is in
   test_suspicions.
"""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD
from tests.support.communes import (
    CITY,
    FEW_RULES,
    FOLDER,
    A,
    B,
    C,
    good,
    report,
    rules,
)
from xl_automation.consolidation.city_checks import CHECKS
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.aggregate import Total
from xl_automation.forms.vocabulary import CityCheck
from xl_automation.reading.refused_file import RefusedFile

THREE = (A, B, C)
Q1 = FORM.period("2022-Q1")


def three(*changed, more=()):
    """Return the consolidation of three consistent communes, some of them replaced."""
    by_unit = {unit.code: good(unit) for unit in THREE} | {one.unit_code: one for one in changed}
    return consolidate(FEW_RULES, [*by_unit.values(), *more], (*THREE, CITY), PERIOD)


def test_consistent_communes_break_no_rule():
    """Three complete, consistent reports are consolidated without any finding."""
    result = consolidate(FORM, [good(unit) for unit in THREE], THREE, PERIOD)
    assert result.findings == ()
    assert result.totals["1.1.a"] == Total(24, 3, "Cộng các đơn vị có số")


def with_city(**changes):
    return three(more=[good(CITY, **changes)])


CITY_CASES = {
    "K01-missing": (lambda: consolidate(FEW_RULES, [good(A)], THREE), {"K01": [B.name, C.name]}),
    "K02-twice": (
        lambda: three(more=[replace(good(A), path=FOLDER / "lần 2.xlsx")]),
        {"K02": ["05431.xlsx, lần 2.xlsx; tính lần 2.xlsx"]},
    ),
    "K03-other-period": (
        lambda: three(more=[report(A, COMMUNE, Q1, FOLDER / "q1.xlsx")]),
        {"K03": ["q1.xlsx"]},
    ),
    "K04-other-forms": (
        lambda: three(
            more=[
                RefusedFile(FOLDER / f"{code}.xlsx", code, "")
                for code in ("altered-form", "wrong-form", "wrong-version", "unreadable")
            ]
        ),
        {"K04": ["altered-form.xlsx", "wrong-form.xlsx", "wrong-version.xlsx"]},
    ),
    "K05-differs": (
        lambda: three(good(C, c3_1_1=23)),
        {"K05": [f"3.1.1: 24 ({A.name}, {B.name}); 23 ({C.name})"]},
    ),
    "K06-differs": (
        lambda: three(good(C, c7_2=1)),
        {"K06": [f"7.2: 2 ({A.name}, {B.name}); 1 ({C.name})"]},
    ),
    "K06-own-system-may-differ": (lambda: three(good(C, c7_3=1)), {}),
    "K07-over-20-times": (
        lambda: three(good(C, c2_3=201)),
        {"K07": ["2.3 = 201; trung vị 10 của 3 đơn vị"]},
    ),
    "K07-20-times": (lambda: three(good(C, c2_3=200)), {}),
    "K07-median-0": (lambda: three(good(C, c4_2_4=9)), {}),
    "K07-two-figures-only": (
        lambda: consolidate(FEW_RULES, [good(A), good(B, c2_3=9999)], (A, B)),
        {},
    ),
    "K08-agrees": (lambda: with_city(c3_4_2_a=669200, c3_4_2_b=669000), {}),
    "K08-differs": (
        lambda: with_city(c3_4_2_a=1000, c3_4_2_b=990),
        {"K08": ["3.4.2 = 99; tính lại 99,97"]},  # 100 × 3 × 6690 / (3 × 6692) = 99.970…
    ),
    "K08-blank": (lambda: with_city(c3_4_2_a=None, c3_4_2_b=None), {}),
    "K09-error": (lambda: three(good(C, c1_1_b=9)), {"K09": [f"{C.name}: 1 lỗi"]}),
    "K09-warning-only": (lambda: three(good(C, c4_2_2=21)), {}),
    "K10-blank": (
        lambda: three(good(C, c2_3=None)),
        {"K10": ["2.3 2/3"]},
    ),
}


@pytest.mark.parametrize("case", CITY_CASES)
def test_rule_about_all_files(case):
    """The rule speaks where it is broken, says what it saw, and no other rule does."""
    build, expected = CITY_CASES[case]
    assert rules(build()) == expected


def test_findings_about_a_unit_point_to_its_file():
    """K07 and K09 are about a file; the unit's own findings carry file and unit."""
    result = three(good(C, c2_3=201, c1_1_b=9))
    about = {(one.finding.rule, one.unit, one.path) for one in result.findings}
    path = FOLDER / f"{C.code}.xlsx"
    assert about == {(rule, C.name, path) for rule in ("K07", "K09", "C-1.1")}


def test_every_check_about_the_city_is_there():
    """Each word that a form may use for one has its check."""
    assert set(CHECKS) == set(get_args(CityCheck))
