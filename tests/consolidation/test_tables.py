"""Requirements of the supporting tables of many communes.

J1 Open rows are put together by what clerks call them, printed rows by their place; a field without
   a name is one of its own; each says how many units have a number in it.
J2 Biểu 06 is added; the catalogue of procedures is one for all and never added: where units differ
   there is no figure, and it is said.
J3 Who filled a table, who did not; totals are held against others only where they are of all.
J4 What the city left out is in no figure, and stays visible.
"""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.support.builders import BASELINES, FORM, PERIOD
from tests.support.communes import CITY, COMMUNES, A, B, C, D, good, report
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import take_in
from xl_automation.consolidation.tables import NO_LABEL, combine_tables, table_totals
from xl_automation.consolidation.totals import combine
from xl_automation.forms.aggregate import Reports
from xl_automation.forms.loader import load_form
from xl_automation.outputs.json_report import consolidation_report
from xl_automation.reading.submission import Submission


def sent(unit, labels: dict[int, str], **fill: object) -> Submission:
    """Return a good report with figures in tables, as ``II06_1_c4=5``, and labels of rows."""
    figures = {id.replace("_", "."): value for id, value in fill.items()}
    named = {f"II06.{row}": label for row, label in labels.items()}
    return replace(report(unit, {**BASELINES["commune"], **figures}), row_labels=named)


LAND = "Đất đai – hòa giải"
SENT = (
    sent(
        A, {1: LAND, 2: "Tư pháp"}, II06_1_c4=5, II06_1_c8=4, II06_2_c5=7, TTHC_1_so=100, LV_4_so=20
    ),
    sent(B, {3: " ĐẤT ĐAI –  HOÀ giải", 4: LAND}, II06_3_c4=2, II06_4_c4=1, TTHC_1_so=100),
    sent(C, {1: "Tư pháp"}, II06_1_c5=0.5, II06_2_c6=3, II06_3_c6="hai", TTHC_1_so=99, TTHC_2_so=1),
    good(D),
    report(CITY, {"II06.1.c4": 1000, "TTHC.1.so": 7}),
)


@pytest.fixture(scope="module")
def city() -> Consolidation:
    """Three communes that filled tables, one that did not, and the city's own workbook."""
    return consolidate(FORM, SENT, (*COMMUNES[:5], CITY), PERIOD)


def figures(city: Consolidation, table: str) -> dict[str, tuple[int, dict[str, float]]]:
    """Return, by field, how many units have a number and the figures that there are."""
    combined = city.tables[table]
    return {
        row.label: (row.filled, {id: v for id, v in row.values.items() if v is not None})
        for row in (*combined.rows, combined.total)
    }


def test_fields_of_one_name_are_added(city: Consolidation) -> None:
    """J1, J2: whatever the case, the spaces and the place of tone marks."""
    assert figures(city, "II06") == {
        LAND: (2, {"c3": 8, "c4": 8, "c7": 4, "c8": 4}),
        "Tư pháp": (2, {"c3": 7.5, "c5": 7.5}),
        NO_LABEL: (1, {"c3": 3, "c6": 3}),
        "Tổng số": (3, {"c3": 18.5, "c4": 8, "c5": 7.5, "c6": 3, "c7": 4, "c8": 4}),
    }


def test_one_catalogue_is_never_added(city: Consolidation) -> None:
    """J2: 100, 100 and 99 give no figure; 1 of one unit is the figure."""
    found = figures(city, "TTHC")
    assert list(found) == [*FORM.tables[0].rows, "Tổng số"]
    assert found["Tư pháp – Hộ tịch"] == (3, {})
    assert found["Nội vụ"] == (1, {"so": 1})
    assert found["Tổng số"] == (3, {"so": 100})  # 100, 100 and 99 + 1
    assert [row.label for row in city.tables["TTHC"].rows if row.differing] == ["Tư pháp – Hộ tịch"]


def test_who_filled_it_is_told(city: Consolidation) -> None:
    """J3: of five units three; neither the fourth's report nor the fifth's absence is a 0."""
    combined = city.tables["II06"]
    assert [unit.code for unit in combined.missing] == [D.code, COMMUNES[4].code]
    texts = [(line.label, dict(line.texts)) for line in combined.lines if line.texts]
    assert texts == [(NO_LABEL, {"c6": "hai"})]  # beside the 3 of another row without a name


def test_totals_are_comparable_only_if_they_are_of_all() -> None:
    """J3: a total of some units is not held against one of all; nor is one they disagree on."""
    assert table_totals(consolidate(FORM, SENT, COMMUNES[:5], PERIOD).tables) == {}
    all_filled = consolidate(FORM, SENT[:3], COMMUNES[:5], PERIOD).tables
    assert table_totals(all_filled)["II06.c7"] == 4
    assert table_totals(all_filled)["II06.c9"] is None
    assert table_totals(all_filled)["TTHC.so"] == 100
    other = consolidate(FORM, [SENT[0], sent(B, {}, TTHC_1_so=5)], COMMUNES[:5], PERIOD).tables
    assert "TTHC.so" not in table_totals(other)
    assert not any(id.startswith("II06") for id in table_totals(other))


def test_what_is_left_out_is_in_no_figure() -> None:
    """J4: a unit that the city left out whole stays in the list, and in no total."""
    intake = take_in(FORM, SENT, (*COMMUNES[:5], CITY), PERIOD)
    combined = combine(intake)
    communes = combined.figures.subset(range(len(intake.communes)))
    numbers = communes.numbers.copy()
    numbers.loc[0] = math.nan
    reports = Reports(replace(communes, numbers=numbers), combined.reports.names, None)
    (_, table) = combine_tables(intake, combined.figures, reports).values()
    assert (table.total.filled, table.total.values["c4"]) == (2, 3)
    land, law = table.rows[:2]
    assert (land.label, land.filled, land.values["c4"]) == (LAND, 1, 3)
    assert (law.label, law.filled, law.values["c5"]) == ("Tư pháp", 1, 0.5)
    assert [unit.code for unit in table.missing] == [A.code, D.code, COMMUNES[4].code]
    first = table.lines[0]
    assert (first.numbers["c4"], first.counted["c4"]) == (5, None)


def test_report_of_the_tables(city: Consolidation) -> None:
    """The JSON has fields, totals and who is missing."""
    told = consolidation_report(city)["tables"]
    assert told.keys() == {"TTHC", "II06"}
    assert told["II06"]["filled"] == 3
    assert told["II06"]["missing"] == [D.code, COMMUNES[4].code]
    assert told["II06"]["totals"]["c3"] == 18.5
    (land, *_) = told["II06"]["rows"]
    assert (land["label"], land["filled"], land["values"]["c4"]) == (LAND, 2, 8)


def test_form_file_says_how_a_table_is_combined(tmp_path) -> None:
    """Another form's table is added unless it says that its figures are shared."""
    aggregates = {"TTHC": "shared", "II06": "sum", "LV": "none"}
    assert {table.id: table.aggregate for table in FORM.tables} == aggregates
    assert {table.aggregate for table in load_form("cchc-2022").tables} == {"shared", "sum", "none"}
