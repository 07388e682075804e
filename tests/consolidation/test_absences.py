"""Requirements of codes for no figure, when communes are combined; by hand.

M1 A code is never a number: it is in no total, and told apart from units that have a number.
M2 What is declared not to be there, or to be in another row, leaves no total incomplete; a figure
   that is still to come does.
M3 A unit without one part of a ratio, for whatever reason, is in none of its sums; the reason is
   told in the code's words.
M4 The summary says it by live formulas, the city's own appendix as the city typed it.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import FORM, PERIOD
from tests.support.communes import (
    CITY,
    A,
    B,
    C,
    D,
    E,
    F,
    cells,
    differences,
    report,
    row_of,
    rules,
    written,
)
from tests.support.office import Office
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.decisions import Decision
from xl_automation.outputs.city_appendix import write_city_appendix
from xl_automation.outputs.json_report import consolidation_report
from xl_automation.reading.reader import read_submission
from xl_automation.summary.places import MATRIX, TOTALS
from xl_automation.summary.read_register import read_register
from xl_automation.template.layout import Layout

UNITS = (A, B, C, D, E, F)
SENT = {
    #           A      B      C      D      E      F
    "1.1.a":   (8,     10,    "CCS", "KAD", None,  4),
    "1.1.b":   (4,     "KAD", 3,     "kad", "KAD", 1),
    "1.3.1":   (5,     "KAD", 7,     "CCS", "GOP", 2),
    "1.5":     (1,     " Kad", 0,    "CCS", 1,     1),
    "2.3":     (678,   "KAD", 10,    20,    "GOP", 2),
    "3.1.1":   (24,    "GOP", 24,    24,    24,    24),
    "3.2.1.a": (40,    "KAD", 40,    40,    40,    40),
    "3.2.1.b": (31,    "KAD", 31,    31,    31,    31),
    "3.1.3":   (126,   126,   126,   126,   126,   126),
    "3.3.4":   (100,   "KAD", 50,    "CCS", 60,    90),
    "7.5.1":   (100,   "KAD", 50,    100,   100,   "CCS"),
}  # fmt: skip
CITY_SENT = {
    "1.3.1": "CCS",
    "2.2": "KAD",
    "1.1.a": 20,
    "1.1.b": "GOP",
    "4.1.5.a": 40,
    "4.1.5.b": 30,
}

BY_HAND = {
    # id: (figure, units that filled it, units with a code)
    "1.1.a": (12, 2, {"KAD": 2, "CCS": 1}),  # A F: 8 + 4; B lacks 1.1.b, E's own is blank
    "1.1.b": (5, 2, {"KAD": 3, "CCS": 1}),  # A F: 4 + 1; C lacks 1.1.a
    "1.1": (41.67, 2, {"KAD": 3, "CCS": 1}),  # A F: 500 / 12
    "1.3.1": (14, 3, {"KAD": 1, "CCS": 1, "GOP": 1}),  # 5 + 7 + 2
    "1.5": (None, 4, {"KAD": 1, "CCS": 1}),
    "2.3": (710, 4, {"KAD": 1, "GOP": 1}),  # 678 + 10 + 20 + 2
    "3.1.1": (24, 5, {"GOP": 1}),
    "3.2.1.a": (40, 5, {"KAD": 1}),
    "3.2.1": (77.5, 5, {"KAD": 1}),  # 3100 / 40
    "3.3.4": (75, 4, {"KAD": 1, "CCS": 1}),  # the weights are alike: (100 + 50 + 60 + 90) / 4
    "7.5.1": (75, 4, {"KAD": 1, "CCS": 1}),  # A D E of A C D E
    "2.2": (None, 0, {"KAD": 1}),  # the city's own
    "4.1.5.a": (40, 1, {}),
    "1.3.2": (None, 0, {}),
}  # fmt: skip


@cache
def combined(*decisions: Decision) -> Consolidation:
    """Return the consolidation of six communes and the city."""
    sent = [
        report(unit, {id: row[place] for id, row in SENT.items() if row[place] is not None})
        for place, unit in enumerate(UNITS)
    ]
    city = report(CITY, CITY_SENT)
    return consolidate(FORM, [*sent, city], (*UNITS, CITY), PERIOD, decisions=decisions)


@pytest.mark.parametrize("id", BY_HAND)
def test_total_counts_codes_apart(id):
    """Figure, units with a number and units with a code, as worked out by hand."""
    total = combined().totals[id]
    assert (total.value, total.filled, dict(total.absent)) == BY_HAND[id]


def test_incomplete_is_what_is_blank_or_still_to_come():
    """K10 tells the codes of such rows; rows of which the others have a code are not in it."""
    (finding,) = rules(combined())["K10"]
    told = dict(part.split(" ", 1) for part in finding.partition(" – ")[0].split(", "))
    assert told["1.3.1"] == "3/6 · 1 KAD · 1 CCS · 1 GOP"
    assert told["1.1"] == "2/6 · 3 KAD · 1 CCS"
    assert told["1.1.b"] == "2/6 · 3 KAD · 1 CCS"
    assert told["1.3.2"].startswith("0/6")
    assert not {"2.3", "3.1.1", "3.2.1", "3.2.1.a"} & told.keys()


def test_part_that_is_left_out_says_why():
    """The other part's code is the reason, at the total and as data."""
    result = combined()
    assert [(left.unit, left.indicator, left.value, left.reason) for left in result.left_out] == [
        (B.code, "1.1.a", 10, "1.1.b không áp dụng (KAD)"),
        (C.code, "1.1.b", 3, "1.1.a chưa có số liệu (CCS)"),
    ]
    note = result.totals["1.1.a"].note
    assert note == f"Cộng các đơn vị có số; không tính: {B.name} (1.1.b không áp dụng (KAD))"


def test_json_gives_the_codes():
    """By row, how many units have each; rows without one are not in it."""
    data = consolidation_report(combined())
    assert data["absent"]["1.3.1"] == {"KAD": 1, "CCS": 1, "GOP": 1}
    assert "1.3.2" not in data["absent"]
    assert data["filled"]["1.3.1"] == 3


def test_unit_that_is_taken_out_has_no_code():
    """What the city takes out of the totals is counted nowhere, and told so in the matrix."""
    out = combined(Decision(B.code, "*", "", "exclude", "Số cũ"))
    assert dict(out.totals["1.3.1"].absent) == {"CCS": 1, "GOP": 1}
    assert dict(out.totals["1.1.b"].absent) == {"KAD": 2, "CCS": 1}


def test_row_still_to_come_leaves_rules_about_totals_open():
    """No total of it is known: what would compare it with others is not asked."""
    fill = {"3.1.3": 126, "3.1.3.b": "CCS"}
    result = consolidate(FORM, [report(A, fill), report(B, fill)], (A, B), PERIOD)
    assert "C-3.1.3" not in rules(result, "C")
    nothing = {"3.1.3": 126, "3.1.3.b": "KAD"}  # a finding of each and of their totals
    result = consolidate(FORM, [report(A, nothing), report(B, nothing)], (A, B), PERIOD)
    assert len(rules(result, "C")["C-3.1.3"]) == 3


@pytest.mark.office
def test_summary_says_it_by_formulas(office: Office, tmp_path: Path):
    """LibreOffice computes what is written, codes and all; the matrix shows each as a text."""
    result = combined(Decision(B.code, "*", "", "exclude", "Số cũ"))
    path = written(result, tmp_path / "th.xlsx")
    values = cells(path, TOTALS)
    assert values[f"L{row_of('1.3.1')}"] == "1 CCS · 1 GOP"
    assert values[f"I{row_of('2.2')}"] == values[f"J{row_of('2.2')}"] == "KAD"
    matrix = openpyxl.load_workbook(path)[MATRIX]
    column = next(cell.column for cell in matrix[3] if cell.value == "1.5")
    shown = [matrix.cell(5 + place, column).value for place in range(6)]
    assert shown == [1, "KAD (loại)", 0, "CCS", 1, 1]
    assert differences(office, path) == {}


def test_appendix_has_the_codes_of_the_city(tmp_path: Path):
    """What the city typed stands there; totals that lack a unit say which codes there are."""
    path, out = written(combined(), tmp_path / "th.xlsx"), tmp_path / "pl.xlsx"
    write_city_appendix(FORM, read_register(path, FORM), path, out)
    made = read_submission(out, FORM)
    assert {id: made.readings[id].absence for id in ("1.3.1", "2.2", "1.1.b")} == {
        "1.3.1": "CCS", "2.2": "KAD", "1.1.b": "GOP",
    }  # fmt: skip
    assert made.notes["7.5.1"] == "Tổng hợp từ 4/6 xã, phường (1 không áp dụng, 1 chưa có số liệu)"
    assert "1.1.b" not in made.notes
    assert Layout(FORM).cell("2.2") in {cell for cell in cells(out, FORM.sheet)}
