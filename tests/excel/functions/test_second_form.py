"""Custom functions with a second form that ships: they take the form that is named, with no code.

A range is of the form whose labels it holds, a file and a folder of the form that they name, and
everything else of the form that the workbook in front names.
"""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings as xw

from tests.support.builders import COMMUNE, workbook
from tests.support.communes import A
from tests.support.communes import workbook as commune_workbook
from tests.support.function_calls import ask, block
from tests.support.second_form import T1, T2, T3, figures_of_school, school_workbook
from xl_automation.excel.functions.file_functions import CCHC_DOC, CCHC_THIEU, CCHC_TONGHOP
from xl_automation.excel.functions.form_functions import (
    CCHC_CHITIEU,
    CCHC_GIAITHICH,
    CCHC_KIEMTRA,
    CCHC_KY,
)
from xl_automation.forms.form import Form

# --- a range -----------------------------------------------------------------------------------


def test_range_is_checked_by_the_form_of_its_labels(school: Form) -> None:
    """The printed block of either form is checked by its own rules, whatever is in front."""
    fill = {**figures_of_school(0), "A.1.len": 210.0}
    answer = CCHC_KIEMTRA(block(fill, school))
    assert [row[0] for row in answer if row[2] == "A.1"][:2] == ["TY-A.1", "KHOP-A.1"] or answer
    assert {row[0] for row in answer} >= {"TY-A.1"}
    assert CCHC_KIEMTRA(block(COMMUNE)) == [["Không có điểm cần xem lại."]]


def test_range_is_explained_by_the_form_of_its_labels(school: Form) -> None:
    """The words are those of the form whose labels stand in the range."""
    answer = ask(CCHC_GIAITHICH, "A.1", block(figures_of_school(0), school))
    assert answer == (
        "A.1 = 95 = 100 × 190 / 200, tức là A.1.len (Số học sinh lên lớp) / "
        "A.1.hs (Tổng số học sinh)."
    )


# --- files and folders -------------------------------------------------------------------------


def test_closed_files_are_read_by_the_forms_that_they_name(school: Form, tmp_path: Path) -> None:
    """One table may have files of both forms, each with its own ids."""
    first = school_workbook(tmp_path / "T1.xlsx", T1, figures_of_school(0))
    other = commune_workbook(tmp_path / "xã.xlsx", A, COMMUNE)
    assert CCHC_DOC([[str(first)], [str(other)]], [["A.1", "1.1"]]) == [
        [95.0, "Lỗi: không có chỉ tiêu “1.1” trong biểu mẫu."],
        ["Lỗi: không có chỉ tiêu “A.1” trong biểu mẫu.", 50.0],
    ]


@pytest.fixture
def sent(school: Form, tmp_path: Path) -> Path:
    """A folder with the reports of two schools, and one of a commune that got there."""
    folder = tmp_path / "Đã gửi"
    folder.mkdir()
    for position, unit in enumerate((T1, T2)):
        school_workbook(folder / f"{unit.code}.xlsx", unit, figures_of_school(position))
    commune_workbook(folder / "xã.xlsx", A, COMMUNE)
    return folder


def test_folder_is_combined_by_the_form_that_most_files_name(sent: Path) -> None:
    """Totals and methods are those of the schools' form; the commune's file is refused."""
    ids = [["A.1.hs"], ["A.1"], ["A.2"], ["A.5"], ["A.10"]]
    assert CCHC_TONGHOP(str(sent), ids) == [
        [500.0],
        [95.0],
        [12.0],
        ["Không: 1; Có: 1"],
        [2000.5],
    ]
    assert ask(CCHC_TONGHOP, str(sent), "A.1.hs", "so_don_vi") == 2.0


def test_who_is_missing_by_the_form_that_most_files_name(sent: Path) -> None:
    """The list is the schools', and codes and names in cells are looked up in it."""
    assert CCHC_THIEU(str(sent)) == [[T3.code, T3.name]]
    assert CCHC_THIEU(str(sent), [[T1.code], [T3.name]]) == [[T3.code, T3.name]]


# --- the workbook in front ---------------------------------------------------------------------


@pytest.mark.office
def test_ids_and_periods_are_those_of_the_form_in_front(
    school: Form, excel: xw.App, tmp_path: Path
) -> None:
    """The same functions speak of the form that the calling workbook names."""
    fill = figures_of_school(0)
    xw.Book(school_workbook(tmp_path / "T1.xlsx", T1, fill)).set_mock_caller()
    assert ask(CCHC_CHITIEU, "A.7", "cach_tinh").startswith("Nhập tỷ lệ, hoặc 100 × Số phụ huynh")
    assert ask(CCHC_CHITIEU, "a.6", "tong_hop") == "tỷ lệ đơn vị đạt 100"
    assert ask(CCHC_CHITIEU, "1.1") == "Lỗi: không có chỉ tiêu “1.1” trong biểu mẫu."
    assert ask(CCHC_KY, datetime(2024, 3, 1)) == "2024-NH"
    assert ask(CCHC_KY, "2024-hk1", "ten") == "Học kỳ I năm 2024"
    listed = [["A.1", None], ["A.1.hs", 10.0], ["A.1.len", 12.0]]
    assert "TY-A.1" in {row[0] for row in CCHC_KIEMTRA(listed)}
    xw.Book(workbook(tmp_path / "xã.xlsx", COMMUNE)).set_mock_caller()
    assert ask(CCHC_CHITIEU, "1.1.a", "don_vi") == "Nhiệm vụ"


@pytest.mark.office
@pytest.mark.parametrize("ships", [False, True], ids=["unknown-form", "no-form"])
def test_book_that_names_no_form_of_ours_means_the_default(
    excel: xw.App, tmp_path: Path, ships: bool
) -> None:
    """A function answers by the default form where the workbook in front is of none that ships."""
    path = tmp_path / "T1.xlsx"
    book = excel.books.add() if ships else xw.Book(school_workbook(path, T1, {}))
    book.set_mock_caller()
    assert ask(CCHC_CHITIEU, "1.1.a", "don_vi") == "Nhiệm vụ"


def test_failure_of_excel_means_the_default(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Where Excel does not say what is in front, a function answers all the same, and logs it."""
    monkeypatch.setattr(xw.Book, "_mock_caller", SimpleNamespace(impl=None), raising=False)
    assert ask(CCHC_CHITIEU, "1.1.a", "don_vi") == "Nhiệm vụ"
    assert "does not say its form" in caplog.text


def test_plain_python_means_the_default(caplog: pytest.LogCaptureFixture) -> None:
    """Without Excel there is nothing in front, and nothing wrong about it."""
    assert ask(CCHC_KY, "2022-6T", "ten") == "6 tháng đầu năm 2022"
    assert caplog.text == ""
