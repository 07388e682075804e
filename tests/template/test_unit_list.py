"""Requirements of the drop-down list of units.

W6 A workbook offers the units that there are in its period; as long as none is chosen, all of them.
"""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from tests.support.builders import FORM
from tests.support.office import Office
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.template import positions
from xl_automation.template.build import build_template

UNIT_CELL = positions.info_cell("TT_DON_VI")


def list_of(workbook: bytes) -> str:
    """Return the formula of the drop-down list of units."""
    info = openpyxl.load_workbook(BytesIO(workbook))[positions.INFO_SHEET]
    (rule,) = (one for one in info.data_validations.dataValidation if str(one.sqref) == UNIT_CELL)
    return str(rule.formula1)


@pytest.mark.parametrize(("period", "count"), [("2022-6T", 32), ("2025-Q3", 92)])
def test_units_of_a_known_period_are_offered(period, count):
    """One block of cells, no more of them than there are units."""
    cells = list_of(build_template(FORM, period=FORM.period(period)))
    first, last = map(int, re.findall(r"[0-9]+", cells))
    assert last - first + 1 == count


def test_list_that_says_too_little_or_too_much_is_offered_whole():
    """Undated units are one block, and so are those of more times than a cell's list can tell."""
    plain = tuple(ReportingUnit(str(n), f"Xã {n}") for n in range(3))
    assert list_of(build_template(FORM, units=plain)) == "'Danh mục'!$A$26:$A$28"
    days = [date(year, 1, 1) for year in range(2022, 2031)]
    many = tuple(
        ReportingUnit("1", f"Xã {day.year}", valid_from=day, valid_to=date(day.year, 12, 31))
        for day in days
    )
    assert list_of(build_template(FORM, units=many)) == "'Danh mục'!$A$26:$A$34"


@pytest.mark.office
def test_period_that_is_chosen_decides(office: Office, tmp_path):
    """In a spreadsheet: 05467 is Cam Giá of 2022, Gia Sàng of 2026, either while no year is."""
    path = tmp_path / "trống.xlsx"
    path.write_bytes(blank_workbook(FORM))
    old, new = (
        positions.unit_text(FORM.unit("05467", FORM.period(period)))
        for period in ("2022-6T", "2026-6T")
    )
    period, year = map(positions.info_cell, ("TT_KY", "TT_NAM"))
    found = {}
    with office.open(path) as book:
        book.type(positions.INFO_SHEET, period, "6 tháng đầu năm")
        for number in (None, 2022, 2026):
            book.type(positions.INFO_SHEET, year, number)
            for unit in (old, new, "05467 – Xã Khác"):
                book.type(positions.INFO_SHEET, UNIT_CELL, unit)
                found[number, unit] = UNIT_CELL not in book.invalid(positions.INFO_SHEET)
    allowed = {(None, old), (None, new), (2022, old), (2026, new)}
    assert {key for key, is_allowed in found.items() if is_allowed} == allowed
