"""The LibreOffice driver does what the other tests rely on."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import xlsxwriter

from tests.support.office import (
    Book,
    Office,
    OfficeError,
    OfficeMissingError,
    find_soffice,
    pdf_pages,
    pdf_text,
)
from tests.support.paths import ROOT

pytestmark = pytest.mark.office

SHEET = "Phụ lục"


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A protected workbook with open and locked cells, formulas and two printed pages."""
    path = tmp_path_factory.mktemp("office") / "Báo cáo xã Thịnh Đức.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet(SHEET)
    unlocked = book.add_format({"locked": False})
    sheet.write("A1", 2, unlocked)
    sheet.write("A2", 3)
    sheet.write_formula("A3", "=A1+A2", book.add_format({"num_format": "0.0"}), "")
    sheet.write_formula("A4", "=1/0", None, "")
    sheet.write_formula("A5", '=""', None, "")
    sheet.write_blank("A6", None, unlocked)
    sheet.write_string("A7", "=1+1", unlocked)
    sheet.write_formula("A8", "=A1*10", None, 7)
    sheet.write_blank("B6", None, unlocked)
    sheet.data_validation("B6", {"validate": "integer", "criteria": ">=", "value": 0})
    sheet.set_h_pagebreaks([4])
    sheet.protect()
    book.add_worksheet("Tự do")
    book.define_name("CT_1.1", f"='{SHEET}'!$A$1")
    book.close()
    return path


@pytest.fixture
def book(office: Office, workbook: Path):
    """The workbook, open."""
    with office.open(workbook) as book:
        yield book


@pytest.mark.parametrize(
    ("cell", "value", "shown"),
    [
        ("A1", 2.0, "2"),
        ("A3", 5.0, "5.0"),
        ("A4", OfficeError("#DIV/0!"), "#DIV/0!"),
        ("A5", "", ""),
        ("A6", "", ""),
        ("A7", "=1+1", "=1+1"),
        ("A8", 20.0, "20"),
    ],
    ids=["number", "formula", "error", "empty-text", "blank", "text", "stale-cache"],
)
def test_value_of_each_kind_of_cell(book: Book, cell, value, shown):
    """Number, text, blank and error stay four different things."""
    assert book.value(SHEET, cell) == value
    assert book.shown(SHEET, cell) == shown


def test_column_reads_what_value_reads(book: Book):
    """A bulk read gives the same values as reading cell by cell."""
    assert book.column(SHEET, "A1:A8") == tuple(book.value(SHEET, f"A{n}") for n in range(1, 9))


def test_structure_is_reported(book: Book):
    """Sheets, names, protection and locks are those of the file."""
    assert book.sheets() == (SHEET, "Tự do")
    assert book.names() == {"CT_1.1": f"$'{SHEET}'.$A$1"}
    assert book.is_protected(SHEET)
    assert not book.is_protected("Tự do")
    assert book.is_locked(SHEET, "A2")
    assert not book.is_locked(SHEET, "A1")


def test_type_updates_formulas(book: Book):
    """A typed number reaches the formulas that depend on it at once."""
    book.type(SHEET, "A1", 4.5)
    assert book.value(SHEET, "A3") == 7.5
    assert book.formula(SHEET, "A3") == "=A1+A2"


def test_set_many_stores_each_kind(book: Book):
    """Numbers, texts and blanks are stored as what they are."""
    book.set_many(SHEET, {"A1": None, "A6": "4.860.000", "A7": 1})
    assert book.column(SHEET, "A1:A7") == ("", 3.0, 3.0, OfficeError("#DIV/0!"), "", "4.860.000", 1)


def test_try_type_is_refused_by_a_locked_cell_only(book: Book):
    """A person can type into an unlocked cell and not into a locked one, however often."""
    assert book.try_type(SHEET, "A1", "7")
    for cell in ("A2", "A3", "A2"):
        assert not book.try_type(SHEET, cell, "7")
        assert not book.try_type(SHEET, cell, "")
    assert book.column(SHEET, "A1:A3") == (7, 3, 10)


def test_try_type_empty_text_clears_the_cell(book: Book):
    """The Delete key empties an open cell."""
    assert book.try_type(SHEET, "A1", "")
    assert book.value(SHEET, "A1") == ""


def test_try_type_keeps_vietnamese_text(book: Book):
    """Every letter typed arrives, composed as it was."""
    assert book.try_type(SHEET, "A6", "Không có đơn vị nào")
    assert book.value(SHEET, "A6") == "Không có đơn vị nào"


@pytest.mark.parametrize("text", ["-1", "2.5", "không"])
def test_try_type_is_refused_by_validation(book: Book, text: str):
    """A person is stopped by the validation of a cell, which a program passes by."""
    assert book.try_type(SHEET, "B6", "5")
    assert not book.try_type(SHEET, "B6", text)
    assert book.value(SHEET, "B6") == 5
    assert book.invalid(SHEET) == []
    book.type(SHEET, "B6", text)
    assert book.invalid(SHEET) == ["B6"]


def test_try_type_is_refused_where_nothing_can_be_selected(office: Office, tmp_path: Path):
    """A locked cell that cannot even be selected does not change, nor does its neighbour."""
    path = tmp_path / "locked.xlsx"
    made = xlsxwriter.Workbook(path)
    sheet = made.add_worksheet(SHEET)
    sheet.write("A1", 1, made.add_format({"locked": False}))
    sheet.write("A2", 2)
    sheet.protect("", {"select_locked_cells": False})
    made.close()
    with office.open(path) as book:
        assert book.try_type(SHEET, "A1", "7")
        assert not book.try_type(SHEET, "A2", "8")
        assert book.column(SHEET, "A1:A2") == (7, 2)


def test_try_type_reads_numbers_as_vietnamese_clerks_write_them(
    clerk_office: Office, workbook: Path
):
    """The locale decides what typed text means."""
    with clerk_office.open(workbook) as book:
        for text, value in [("4.860.000", 4860000.0), ("1,5", 1.5), ("95,5%", 0.955)]:
            assert book.try_type(SHEET, "A6", text)
            assert book.value(SHEET, "A6") == pytest.approx(value)


def test_clerk_office_keeps_cached_values(clerk_office: Office, workbook: Path):
    """With stock settings a cached value is believed, until a hard recalculation."""
    with clerk_office.open(workbook) as book:
        assert book.column(SHEET, "A3:A8")[::5] == (5.0, 7.0)
        book.recalculate()
        assert book.value(SHEET, "A8") == 20.0


def test_save_as_keeps_values_and_protection(office: Office, book: Book, tmp_path: Path):
    """A saved copy opens with the typed value and its protection."""
    book.type(SHEET, "A1", 40)
    with office.open(book.save_as(tmp_path / "copy.xlsx")) as copy:
        assert copy.value(SHEET, "A3") == 43
        assert copy.is_protected(SHEET)


def test_to_pdf_prints_every_page(book: Book, tmp_path: Path):
    """The page break gives two pages, and their text can be read."""
    pdf = book.to_pdf(tmp_path / "bản in.pdf")
    assert [page.suffix for page in pdf_pages(pdf)] == [".png", ".png"]
    assert "#DIV/0!" in pdf_text(pdf)


def test_open_after_a_crash_starts_again(workbook: Path):
    """A killed LibreOffice costs a test its workbook, not the tests that follow theirs."""
    with Office() as office:
        os.killpg(office.pid, signal.SIGKILL)
        with office.open(workbook) as book:
            assert book.value(SHEET, "A3") == 5.0
    assert office.pid is None


def test_open_with_a_hung_office_killed_starts_again(workbook: Path):
    """A call that waits for a hung LibreOffice returns once it is killed, and a new one starts."""
    with Office() as office:
        os.killpg(office.pid, signal.SIGSTOP)
        threading.Timer(0.5, office.kill).start()
        with office.open(workbook) as book:
            assert book.sheets()


def test_open_refuses_what_is_no_workbook(office: Office, tmp_path: Path):
    """A missing file is an error of its own."""
    with pytest.raises(FileNotFoundError):
        office.open(tmp_path / "missing.xlsx")


def test_find_soffice_without_libreoffice_says_what_to_install(monkeypatch):
    """The message names the package."""
    monkeypatch.setenv("PATH", "")
    with pytest.raises(OfficeMissingError, match="libreoffice-calc"):
        find_soffice()


def test_missing_office_fails_the_test(tmp_path: Path):
    """Without LibreOffice a test of it fails; it is not skipped."""
    here = ROOT
    run = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-k",
            "structure",
            __file__,
        ],
        cwd=here,
        env=os.environ | {"PATH": ""},
        capture_output=True,
        encoding="utf-8",
    )
    assert run.returncode == 1
    assert "install libreoffice-calc" in run.stdout
