"""The buttons with a second form that ships: each takes the form that is named, with no code."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest
import xlwings as xw

from tests.support.builders import COMMUNE, Fill
from tests.support.communes import SCHOOL_YEAR, A, workbook
from tests.support.open_books import findings, rows
from tests.support.second_form import T1, T2, figures_of_school, school_workbook
from xl_automation.excel.buttons import result_sheets
from xl_automation.excel.buttons.figures_buttons import check, recalculate, send_back
from xl_automation.excel.buttons.form_buttons import issue, new_form
from xl_automation.excel.buttons.open_form import read_open
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.excel.buttons.summary_buttons import compare, consolidate, export_pdf
from xl_automation.forms.form import Form
from xl_automation.reading.reader import read_submission
from xl_automation.summary.places import TOTALS
from xl_automation.template import positions
from xl_automation.template.layout import Layout

pytestmark = [pytest.mark.office, pytest.mark.usefixtures("school")]

WRONG: Fill = {**figures_of_school(0), "A.1.len": 210, "A.5": 7, "A.6": "=1+1", "LOP.1.c28": -1}
HALF_YEAR = "2024-HK1"


@pytest.fixture
def wrong(folder: Path, excel: xw.App) -> xw.Book:
    """The open report of a school with mistakes, one of them past column Z."""
    return xw.Book(school_workbook(folder / "T1.xlsx", T1, WRONG))


def test_check_finds_by_the_rules_of_the_form_named(wrong: xw.Book) -> None:
    """Findings are those of the schools' rules, also in a table wider than the alphabet."""
    message = check(wrong)
    listed = rows(wrong.sheets[result_sheets.FINDINGS])
    assert [row[6] for row in listed] == [finding.rule for finding in findings(wrong)]
    assert {"TY-A.1", "MA", "DEM-LOP.1.c28", "SI-SO"} <= {row[6] for row in listed}
    noted = [note.location.get_address(False, False) for note in wrong.sheets["Sĩ số"].notes]
    assert "AD7" in noted
    assert message.startswith("Có ")


def test_recalculate_restores_the_formulas_of_the_form_named(wrong: xw.Book, school: Form) -> None:
    """A percentage of the schools' form that was typed over computes again."""
    cell = wrong.sheets[school.sheet].range(Layout(school).cell("A.4"))
    with unlocked(wrong.sheets[school.sheet]):
        cell.value = 77
    assert "77 → 50. Đã khôi phục công thức." in recalculate(wrong)
    assert cell.value == 50


def test_send_back_of_open_form_marks_it(wrong: xw.Book, folder: Path, school: Form) -> None:
    """The copy is of the schools' form, marked by its rules."""
    assert send_back(wrong, out=folder / "Trả lại").startswith("Trả lại 1 trong 1 tệp.")
    page = openpyxl.load_workbook(folder / "Trả lại" / "T1.xlsx")[school.sheet]
    assert "[MA]" in page[f"{positions.RETURNED}{Layout(school).rows['A.5']}"].value


@pytest.fixture
def sent(folder: Path) -> Path:
    """A folder with the reports of two schools, one with a mistake, and one of a commune."""
    path = folder / "Đã gửi"
    path.mkdir()
    for unit, fill in ((T1, figures_of_school(0)), (T2, {**figures_of_school(1), "A.5": 7})):
        school_workbook(path / f"{unit.code}.xlsx", unit, fill)
    workbook(path / "xã.xlsx", A, COMMUNE)
    return path


def test_send_back_takes_the_form_that_most_files_name(
    excel: xw.App, sent: Path, folder: Path
) -> None:
    """Chosen files are read by their own form, whatever is in front."""
    message = send_back(excel.books.add(), [sent], folder / "Trả lại")
    assert message.startswith("Trả lại 1 trong 3 tệp.")
    assert "↩ T2.xlsx: 1 lỗi" in message
    refused = "khác biểu mẫu [wrong-form]. Đây không phải biểu mẫu “Báo cáo trường học”"
    assert f"✗ xã.xlsx: {refused}" in message


def test_consolidate_takes_the_form_that_most_files_name(
    excel: xw.App, sent: Path, school: Form
) -> None:
    """The summary is of the schools' form: its rows, its units, its period."""
    message = consolidate(excel.books.add(), sent)
    assert message.startswith(
        f"Đã tổng hợp {SCHOOL_YEAR.label}: nhận 3 tệp, tính 2, từ chối 1; 1 đơn vị chưa gửi."
    )
    totals = {row[1]: row[3] for row in rows(excel.books.active.sheets[TOTALS], 5)}
    assert totals[school.by_id["A.1.hs"].label] == 500
    assert totals[school.by_id["A.1"].label] == 95


def test_compare_with_an_earlier_report_of_the_form_named(
    excel: xw.App, folder: Path, school: Form
) -> None:
    """Figures stand beside those of an earlier period of the schools' form, and its rules speak."""
    past = school_workbook(
        folder / "HK1.xlsx", T1, {**figures_of_school(0), "A.10": 1300}, school.period(HALF_YEAR)
    )
    book = xw.Book(school_workbook(folder / "T1.xlsx", T1, figures_of_school(0)))
    message = compare(book, past)
    assert message.startswith("So với Học kỳ I năm 2024: 1 trong ")
    listed = " ".join(str(row) for row in rows(book.sheets[result_sheets.CHANGES], 1))
    assert "[THU]" in listed


def test_new_form_and_issue_are_of_the_form_in_front(
    wrong: xw.Book, folder: Path, school: Form
) -> None:
    """With a school's workbook in front, blank and prefilled forms are the schools'."""
    new_form(wrong, folder / "mới.xlsx")
    assert read_open(wrong.app.books.active).form.id == school.id
    units = folder / "đơn vị.csv"
    units.write_text(f"code,name\n{T2.code},{T2.name}\n", encoding="utf-8")
    issue(wrong, units, HALF_YEAR, folder / "phát hành")
    (path,) = (folder / "phát hành").iterdir()
    issued = read_submission(path, school)
    assert (issued.unit_code, issued.period) == (T2.code, school.period(HALF_YEAR))


def test_export_pdf_of_the_form_named(wrong: xw.Book, folder: Path) -> None:
    """The schools' form is printed like any other."""
    export_pdf(wrong)
    assert (folder / "T1.pdf").read_bytes().startswith(b"%PDF")
