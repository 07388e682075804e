"""Requirements of the formulas of the summary.

S2 Every total is a live formula with its value; after a hard recalculation the two are equal.
"""

from __future__ import annotations

from dataclasses import replace

import openpyxl
import pytest

from tests.support.builders import FORM, MINI
from tests.support.communes import (
    cells,
    differences,
    formula_cells,
    report,
    row_of,
    schools,
    written,
)
from tests.support.office import Office, OfficeError
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.summary.places import MATRIX, TOTALS


@pytest.mark.office
def test_recalculation_gives_the_written_values(office: Office, summary):
    """LibreOffice computes every total, count, note and the reconciliation line as written."""
    assert differences(office, summary) == {}


@pytest.mark.office
def test_recalculation_agrees_for_every_way_of_combining(office: Office, tmp_path):
    """The same for a form of another subject that has all of them."""
    assert differences(office, written(schools(), tmp_path / "th.xlsx")) == {}


@pytest.mark.office
def test_totals_follow_the_matrix(office: Office, summary):
    """A figure changed in the matrix changes its total, its rate and what rests on them."""
    columns = {
        cell.value: cell.column_letter
        for cell in openpyxl.load_workbook(summary)[MATRIX][3]
        if cell.value
    }

    def total(book, id, column="D"):
        return book.value(TOTALS, f"{column}{row_of(id)}")

    with office.open(summary) as book:
        book.set_many(
            MATRIX,
            {
                f"{columns['1.1.b']}5": 6,  # A: 4 -> 6
                f"{columns['1.1.a']}8": 2,  # D: blank -> 2
                f"{columns['3.1.1']}6": 23,  # B: 24 -> 23
                f"{columns['3.2.2.a']}7": 36,  # C: 30 -> 36, as the others
                f"{columns['3.2.2.b']}6": 36,  # B: 18 -> 36, as the others
                f"{columns['7.3']}7": 1,  # C: 9 -> 1
                f"{columns['7.5.1']}8": "100",  # D: a text is no number
                f"{columns['3.3.4']}5": None,  # A: 100 -> blank
                f"{columns['3.4.1.a']}12": 890,  # the city: 900 -> 890
            },
        )
        # C has no 1.1.b: its 1.1.a is in neither sum
        assert (total(book, "1.1.b"), total(book, "1.1.a")) == (14, 24)
        assert (total(book, "1.1.b", "E"), total(book, "1.1.a", "E")) == (4, 4)
        assert total(book, "1.1") == 58.33  # 100 × (6 + 5 + 2 + 1) / (8 + 10 + 2 + 4)
        assert total(book, "1.1", "E") == 4
        assert (total(book, "3.1.1"), total(book, "3.1.1", "E")) == ("", 5)
        assert total(book, "3.2.2") == 100  # agreed now: 36 of 36
        assert total(book, "7.3", "K") == "Chưa: 0; Đang làm: 1; Hoàn thành: 2; mã 9: 0"
        assert (total(book, "7.5.1"), total(book, "7.5.1", "E")) == (66.67, 3)
        assert total(book, "3.3.4") == 64.63  # (50 × 126 + 80 × 120) / 246
        assert [total(book, "3.4.1.a", column) for column in "DIJ"] == [890] * 3


@pytest.mark.office
def test_labels_with_quotes_and_semicolons(office: Office, tmp_path):
    """Codes of any wording give the note as written."""
    codes = {1: 'Nước "mặt"; sông: hồ', 2: "Nước ngầm"}
    items = [replace(i, codes=codes) if i.id == "I.5" else i for i in MINI.indicators]
    form, year = replace(MINI, indicators=tuple(items)), MINI.period("2024-N")
    sent = [report(ReportingUnit("1", "Xã Một"), {"I.2": 8, "I.3": 4, "I.5": 1}, year, form=form)]
    path = written(consolidate(form, sent), tmp_path / "th.xlsx")
    assert 'Nước "mặt"; sông: hồ: 1; Nước ngầm: 0' in cells(path, TOTALS).values()
    assert differences(office, path) == {}


@pytest.mark.office
def test_errors_would_be_seen(office: Office, summary):
    """No cell of the recalculated totals shows an error, and the comparison would notice one."""
    with office.open(summary) as book:
        last = row_of(FORM.indicators[-1].id)
        shown = [value for line in book.values(TOTALS, f"A1:I{last}") for value in line]
        assert not any(isinstance(value, OfficeError) for value in shown)
        book.type_formula(TOTALS, "D5", "=1/0")
        assert book.value(TOTALS, "D5") == OfficeError("#DIV/0!")


def test_note_too_long_for_a_formula_is_text(tmp_path):
    """A hundred codes off the list make a note that no formula could hold: plain text then."""
    units = tuple(ReportingUnit(str(n), f"Xã {n}") for n in range(120))
    year = MINI.period("2024-N")
    sent = [report(unit, {"I.5": 100 + n}, year, form=MINI) for n, unit in enumerate(units)]
    path = written(consolidate(MINI, sent, units), tmp_path / "th.xlsx")
    row = 5 + [item.id for item in MINI.indicators].index("I.5")
    assert f"K{row}" not in formula_cells(path, TOTALS)
    assert "mã 219: 1" in str(cells(path, TOTALS)[f"K{row}"])
    longest = max(len(str(f)) for f in cells(path, TOTALS, cached=False).values())
    assert longest < 8192
