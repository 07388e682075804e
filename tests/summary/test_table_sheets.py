"""Requirements of the sheets of the supporting tables in the summary.

J5 A sheet per table: by field, live over a list of what each unit says; recalculated, every formula
   gives what was written.
J6 The totals of each unit stand in the matrix, and come back from an earlier summary.
"""

from __future__ import annotations

import math
from dataclasses import replace

import openpyxl
import pytest

from tests.consolidation.test_tables import LAND, SENT
from tests.support.builders import FORM, PERIOD
from tests.support.communes import CITY, COMMUNES, A, B, D, E, differences, written
from tests.support.office import Office
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.summary.places import FIRST_ROW
from xl_automation.summary.read_back import read_summary
from xl_automation.summary.table_sheets import DIFFERENT, LISTED, MAX_NAMED, not_filled


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The summary of three communes that filled tables, of two that did not, and of a city."""
    city = consolidate(FORM, SENT, (*COMMUNES[:5], CITY), PERIOD)
    return written(city, tmp_path_factory.mktemp("tables") / "th.xlsx")


def lines(path, sheet: str) -> list[list[object]]:
    """Return the rows of a sheet without the blanks at their ends."""
    rows = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    found = [list(row) for row in rows]
    for row in found:
        while row and row[-1] in (None, ""):
            row.pop()
    return found


@pytest.mark.office
def test_fields_are_live_over_the_list_of_units(office: Office, path) -> None:
    """J5: LibreOffice gives every field and total as written; a changed figure changes them."""
    sheets = [table.sheet for table in FORM.tables if table.has_totals]
    assert differences(office, path, sheets) == {}
    with office.open(path) as book:
        head = lines(path, "Biểu 06").index([LISTED])
        book.set_many("Biểu 06", {f"E{head + 2}": 6})  # A's land: (4) 5 -> 6
        assert book.value("Biểu 06", f"E{FIRST_ROW}") == 9
        book.set_many("Biểu 06", {f"B{head + 2}": "Tư pháp"})
        assert book.value("Biểu 06", f"C{FIRST_ROW}") == 1
        assert book.value("Biểu 06", f"E{FIRST_ROW}") == 3


def test_sheet_says_who_filled_what(path) -> None:
    """J5: fields and totals, who did not fill it in one line, then each field of each unit."""
    rows = lines(path, "Biểu 06")
    assert rows[2] == ["3 trên 5 đơn vị có số (cộng các đơn vị)."]
    assert rows[FIRST_ROW - 1][1:5] == [LAND, 2, 8, 8]
    at = rows.index([LISTED])
    assert rows[at - 1] == [f"2 đơn vị chưa điền: {D.name}, {E.name}."]
    listed = rows[at + 1 :]
    assert {row[0] for row in listed} == {unit.code for unit in COMMUNES[:3]}
    assert listed[0][:5] == [A.code, LAND, A.name, 5, 5]
    assert [B.code, LAND, B.name, 3, 3] in [row[:5] for row in listed]
    catalogue = lines(path, "TTHC theo lĩnh vực")
    assert catalogue[FIRST_ROW - 1] == [1, "Tư pháp – Hộ tịch", 3, None, DIFFERENT]


def test_names_that_have_no_room_are_counted() -> None:
    """One row names who did not fill a table, of however many units."""
    told = not_filled([f"Xã {number}" for number in range(3_000)])
    assert told.startswith("3.000 đơn vị chưa điền: Xã 0, Xã 1, ")
    assert told.count("Xã ") + int(told.split()[-4].replace(".", "")) == 3_000
    assert told.endswith(" đơn vị khác.")
    assert len(told) < MAX_NAMED + 100


def test_totals_of_units_come_back(path) -> None:
    """J6: what a unit's table came to is known to the next period."""
    numbers = read_summary(path, FORM).numbers
    assert numbers.loc[A.code, ["II06.c3", "II06.c7", "TTHC.so"]].tolist() == [12, 4, 100]
    assert math.isnan(numbers.at[D.code, "II06.c3"])


def test_table_named_as_a_sheet_of_the_summary_stands_beside_it(tmp_path) -> None:
    """A form may call its table what it likes."""
    first, second, *others = FORM.tables
    form = replace(FORM, tables=(first, replace(second, sheet="TỔNG hợp"), *others))
    path = written(consolidate(form, SENT, period=PERIOD), tmp_path / "th.xlsx")
    assert "TỔNG hợp (biểu)" in openpyxl.load_workbook(path, read_only=True).sheetnames
