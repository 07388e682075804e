"""Requirements of the drop-down list of units.

W6 A workbook offers the units that there are in its period; as long as none is chosen, all of them.
"""

from __future__ import annotations

from datetime import date
from io import BytesIO

import pytest

from tests.support.builders import FORM
from tests.support.office import Office
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.template import positions
from xl_automation.template.form_workbook import FormWorkbook
from xl_automation.template.lists_sheet import unit_list
from xl_automation.xlsx.new_workbook import NewWorkbook

UNIT_CELL = positions.info_cell("TT_DON_VI")


def list_of(units, period=None) -> str:
    """Return the formula of the drop-down list of a workbook's units."""
    target = NewWorkbook(BytesIO(), font_size=12)
    return unit_list(FormWorkbook(target, FORM, "commune", period=period, units=tuple(units)))


@pytest.mark.parametrize(("period", "last"), [("2022-6T", 48), ("2025-Q3", 108)])
def test_units_of_a_known_period_are_offered(period, last):
    """One block of cells, as long as they are: the 32 and their city, or the 92 and theirs."""
    when = FORM.period(period)
    assert list_of(FORM.units_at(when), when) == f"='Danh mục'!$A$16:$A${last}"


def test_list_that_says_too_little_or_too_much_is_offered_whole():
    """Undated units are one block, and so are those of more times than a cell's list can tell."""
    plain = [ReportingUnit(str(n), f"Xã {n}") for n in range(3)]
    assert list_of(plain) == "='Danh mục'!$A$16:$A$18"
    many = [
        ReportingUnit("1", f"Xã {year}", valid_from=date(year, 1, 1), valid_to=date(year, 12, 31))
        for year in range(2022, 2031)
    ]
    assert list_of(many) == "='Danh mục'!$A$16:$A$24"


@pytest.mark.office
def test_period_that_is_chosen_decides(office: Office, tmp_path):
    """In a spreadsheet: 05467 is Cam Giá of 2022, Gia Sàng of 2026, both while no year is."""
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
        for number, unit in ((None, new), (2022, old), (2022, new), (2026, old), (2026, new)):
            book.type(positions.INFO_SHEET, year, number)
            book.type(positions.INFO_SHEET, UNIT_CELL, unit)
            found[number, unit] = UNIT_CELL not in book.invalid(positions.INFO_SHEET)
    assert {key for key, is_allowed in found.items() if not is_allowed} == {
        (2022, new),
        (2026, old),
    }
