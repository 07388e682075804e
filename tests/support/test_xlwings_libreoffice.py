"""The xlwings engine over LibreOffice does what the tests of the ribbon actions rely on.

Covered: books, sheets, addresses, values and converters, formulas and recalculation, names,
formats, links and notes, protection, and an issued workbook.
"""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlwings as xw

from tests.support.xlwings_libreoffice import ProtectedError
from xl_automation.forms.loader import load_form
from xl_automation.template.build import build_template

pytestmark = pytest.mark.office

FORM = load_form()
PLACES = "row", "column", "shape", "address"


@pytest.fixture
def book(excel: xw.App) -> xw.Book:
    """A new workbook of one sheet."""
    return excel.books.add()


@pytest.fixture
def sheet(book: xw.Book) -> xw.Sheet:
    """An empty sheet."""
    return book.sheets[0]


@pytest.fixture(scope="module")
def issued(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file of an issued workbook."""
    path = tmp_path_factory.mktemp("issued") / "Báo cáo xã Thịnh Đức.xlsx"
    path.write_bytes(build_template(FORM, unit=FORM.units[0], period=FORM.period("2022-6T")))
    return path


# Apps, books, sheets


def test_active_objects_are_those_of_the_fixture(excel: xw.App, sheet: xw.Sheet):
    """The module-level shortcuts of xlwings lead to the app, its active book and sheet."""
    assert xw.apps.active == excel
    assert xw.books.active == sheet.book
    assert xw.sheets.active == sheet
    assert xw.Range("B2") == sheet["B2"]


def test_book_saved_and_reopened_keeps_path_and_content(book: xw.Book, tmp_path: Path):
    """A saved workbook carries its file's name, and opens again with what was written."""
    path = tmp_path / "Phụ lục tháng 7.xlsx"
    book.sheets[0]["A1"].value = "xã"
    book.save(path)
    assert (book.name, book.fullname) == (path.name, str(path))
    book.close()
    assert path.name not in [open_book.name for open_book in xw.books]
    assert xw.Book(path).sheets[0]["A1"].value == "xã"


def test_book_opened_twice_is_one_book(issued: Path, excel: xw.App):
    """Opening an open workbook gives that workbook."""
    assert xw.Book(issued) == excel.books.open(issued) == excel.books[issued.name]
    assert len(excel.books) == 1


def test_mock_caller_is_the_calling_book(book: xw.Book):
    """What a button calls can be run on a workbook of the test."""
    book.set_mock_caller()
    assert xw.Book.caller() == book


def test_sheets_are_added_named_activated_and_deleted(book: xw.Book):
    """Sheets come and go where they are wanted, and the new one is active."""
    first = book.sheets[0]
    added = book.sheets.add("Kết quả", after=first)
    assert book.sheet_names == ["Sheet1", "Kết quả"]
    assert book.sheets.active == added
    first.activate()
    assert book.sheets.active == first
    added.name = "Điểm cần xem"
    book.sheets["điểm cần xem"].visible = False
    assert not added.visible
    added.delete()
    assert book.sheet_names == ["Sheet1"]
    with pytest.raises(KeyError):
        book.sheets["Kết quả"]


def test_status_bar_remembers_what_it_showed(excel: xw.App):
    """The progress shown to the user can be asserted after the action has cleared it."""
    with excel.properties(status_bar="Đang đọc 1/2", screen_updating=False):
        assert not excel.screen_updating
    assert excel.status_bar is False
    assert excel.impl.status_texts == ["Đang đọc 1/2"]


def test_pdf_of_a_book_is_written(sheet: xw.Sheet, tmp_path: Path):
    """A workbook is printed to a PDF."""
    sheet["A1"].value = "x"
    path = sheet.book.to_pdf(tmp_path / "in.pdf")
    assert Path(path).read_bytes().startswith(b"%PDF")


def test_member_not_provided_is_refused_by_name(sheet: xw.Sheet):
    """What the engine lacks says so, when read and when set."""
    with pytest.raises(NotImplementedError, match=r"Range\.merge_area is not provided"):
        _ = sheet["A1"].merge_area
    with pytest.raises(NotImplementedError, match=r"Range\.horizontal_alignment is not"):
        sheet["A1"].horizontal_alignment = "center"


# Ranges


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (("B3",), (3, 2, (1, 1), "$B$3")),
        (("$B$3:D7",), (3, 2, (5, 3), "$B$3:$D$7")),
        (((3, 2),), (3, 2, (1, 1), "$B$3")),
        (((3, 2), "D7"), (3, 2, (5, 3), "$B$3:$D$7")),
        (("D7", "B3"), (3, 2, (5, 3), "$B$3:$D$7")),
    ],
    ids=["cell", "area", "tuple", "two-corners", "corners-swapped"],
)
def test_range_from_address(sheet: xw.Sheet, given, expected):
    """Addresses and tuples give the range that they name."""
    found = sheet.range(*given)
    assert tuple(getattr(found, place) for place in PLACES) == expected


def test_range_offset_resize_and_external_address(sheet: xw.Sheet):
    """Ranges are moved and sized from others; a full address names book and sheet."""
    assert sheet["B3"].offset(-1, 2).resize(2, 1).address == "$D$2:$D$3"
    assert sheet["B3:C4"].last_cell.address == "$C$4"
    sheet.name = "Phụ lục"
    external = sheet["B3"].get_address(False, False, external=True)
    assert external == f"'[{sheet.book.name}]Phụ lục'!B3"


def test_range_unknown_name_is_refused(sheet: xw.Sheet):
    """A text that is neither an address nor a name leads nowhere."""
    with pytest.raises(ValueError, match="CT_0"):
        sheet.range("CT_0")


def test_range_end_and_expand_stop_at_blanks(sheet: xw.Sheet):
    """Ctrl and an arrow go to the edge of the filled block, over a gap, or to the sheet's edge."""
    sheet["B2"].value = [[1, 2, 3], [4, 5, 6]]
    sheet["B6"].value = "xa"
    assert sheet["B2"].end("down").address == "$B$3"
    assert sheet["B3"].end("down").address == "$B$6"
    assert sheet["B6"].end("down").row == 1048576
    assert sheet["D3"].end("left").address == "$B$3"
    assert sheet["D3"].end("up").address == "$D$2"
    assert sheet["B2"].expand().address == "$B$2:$D$3"
    assert sheet.used_range.address == "$B$2:$D$6"


# Values


@pytest.mark.parametrize(
    ("written", "read"),
    [
        (5, 5.0),
        (2.5, 2.5),
        ("xã", "xã"),
        (True, True),
        (None, None),
        (float("nan"), None),
        (np.int64(3), 3.0),
        (Decimal("1.5"), 1.5),
        (dt.date(2022, 6, 30), dt.datetime(2022, 6, 30)),
        (dt.datetime(2022, 6, 30, 8, 15), dt.datetime(2022, 6, 30, 8, 15)),
        ("1.1.a", "1.1.a"),
        ("58.85", 58.85),
        ("12%", 0.12),
        ("'58.85", "58.85"),
        ("'=1+1", "=1+1"),
        ("=1+1", 2.0),
        ("=1>0", True),
    ],
    ids=repr,
)
def test_value_read_after_write(sheet: xw.Sheet, written, read):
    """A value comes back as Excel gives it: text is taken as typed, a blank is ``None``."""
    sheet["B2"].value = written
    assert sheet["B2"].value == read
    assert type(sheet["B2"].value) is type(read)


def test_value_in_text_cell_stays_text(sheet: xw.Sheet):
    """In a cell formatted as text nothing is a number or a formula."""
    sheet["A1:A2"].number_format = "@"
    sheet["A1:A2"].value = [["0123"], ["=1+1"]]
    assert sheet["A1:A2"].value == ["0123", "=1+1"]


def test_value_of_money_cell_is_a_decimal(sheet: xw.Sheet):
    """A currency format makes of a number a `Decimal` of four places, as over COM."""
    sheet["A1"].value = 12.5
    sheet["A1"].number_format = '#,##0.00 "₫"'
    assert sheet["A1"].value == 12.5
    sheet["A1"].number_format = "[$₫-42A]#,##0.00"
    assert sheet["A1"].value == Decimal("12.5000")
    assert isinstance(sheet["A1"].value, Decimal)


def test_value_of_ranges_by_shape(sheet: xw.Sheet):
    """Rows, columns and tables are written and read in their shape; one value fills a range."""
    sheet["A1"].value = [1, "hai", None]
    sheet["A2"].options(transpose=True).value = [2, 3]
    sheet["E1:F2"].value = "x"
    assert sheet["A1:C1"].value == [1, "hai", None]
    assert sheet["A1:A3"].value == [1, 2, 3]
    assert sheet["A1"].options(ndim=2).value == [[1]]
    assert sheet["E1:F2"].value == [["x", "x"], ["x", "x"]]
    with pytest.raises(ValueError, match="takes 2 rows"):
        sheet["A1:B2"].raw_value = [[1, 2]]


def test_value_of_error_cells(sheet: xw.Sheet):
    """An error is ``None``, or its code when asked for."""
    sheet["A1"].formula = [["=1/0"], ["=NA()"], ["=KHONG_CO()"], ['="x"+1'], ["=SQRT(-1)"]]
    assert sheet["A1:A4"].value == [None] * 4
    codes = sheet["A1:A4"].options(err_to_str=True).value
    assert codes == ["#DIV/0!", "#N/A", "#NAME?", "#VALUE!"]


def test_dataframe_round_trip(sheet: xw.Sheet):
    """A table of figures is written with headings and read back equal."""
    frame = pd.DataFrame(
        {"tử số": [1.0, np.nan], "ngày": pd.to_datetime(["2022-01-01", "2022-06-30"])},
        index=pd.Index(["01.01", "xã"], name="mã"),
    )
    sheet["B2:B9"].number_format = "@"  # or 01.01 becomes a number, as in Excel
    sheet["B2"].value = frame
    read = sheet["B2"].options(pd.DataFrame, expand="table").value
    pd.testing.assert_frame_equal(read, frame, check_dtype=False)
    assert sheet["B4:D4"].options(dates=dt.date).value[2] == dt.date(2022, 6, 30)


def test_clear_leaves_what_it_should(sheet: xw.Sheet):
    """Contents and formats are cleared apart or together."""
    cell = sheet["A1"]
    cell.value, cell.color = 1, "#ff0000"
    cell.clear_contents()
    assert (cell.value, cell.color) == (None, (255, 0, 0))
    cell.value = 1
    cell.clear_formats()
    assert (cell.value, cell.color) == (1, None)
    cell.clear()
    assert cell.value is None


# Formulas


@pytest.mark.parametrize(
    "formula",
    [
        '=IFERROR(ROUND(A1/B1*100,2),"")',
        "=SUM('Phụ lục'!$A$1:$B$2,A3)",
        '=COUNTIF(A1:A9,">=1")&" ô; xem \'Phụ lục\'"',
    ],
    ids=["arguments", "other-sheet", "text"],
)
def test_formula_reads_as_written(sheet: xw.Sheet, formula):
    """Formulas are in Excel's English notation both ways."""
    sheet.name = "Phụ lục"
    sheet["D4"].formula = formula
    assert sheet["D4"].formula == sheet["D4"].formula2 == formula


def test_formula_recalculates_live(sheet: xw.Sheet):
    """A written figure is in the results at once."""
    sheet["A1:B1"].value = [1, 8]
    sheet["C1"].formula = "=ROUND(A1/B1*100,0)"
    assert sheet["C1"].value == 13
    sheet["A1"].value = 2
    sheet.book.app.calculate()
    assert sheet["C1"].value == 25


def test_formula_fills_a_range_relatively(sheet: xw.Sheet):
    """One formula for a range is adjusted cell by cell; a list of them is taken as it is."""
    sheet["A1:A2"].value = [[10], [20]]
    sheet["B1:B2"].formula = "=A1*2"
    assert sheet["B1:B2"].formula == (("=A1*2",), ("=A2*2",))
    sheet["B1:B2"].formula = [["=A1*3"], ["=A1*4"]]
    assert sheet["B1:B2"].value == [30, 40]


@pytest.mark.parametrize("formula", ["=SUM(1;2)", "=1+", "=1+*2"])
def test_formula_with_a_mistake_is_refused(sheet: xw.Sheet, formula):
    """A formula that Excel would not take is not taken."""
    with pytest.raises(ValueError, match="mistake"):
        sheet["A1"].formula = formula
    assert sheet["A1"].value is None


# Names


def test_names_of_book_and_sheet(sheet: xw.Sheet):
    """Names are added, found in their scope, changed and deleted."""
    sheet.name = "Phụ lục"
    book = sheet.book
    book.names.add("TONG", "='Phụ lục'!$B$2:$B$4")
    sheet["C5"].name = "'Phụ lục'!RIENG"
    assert [name.name for name in book.names] == ["TONG", "'Phụ lục'!RIENG"]
    assert [name.name for name in sheet.names] == ["'Phụ lục'!RIENG"]
    assert book.names["TONG"].refers_to == "='Phụ lục'!$B$2:$B$4"
    assert book.names["TONG"].refers_to_range == sheet["B2:B4"] == sheet.range("TONG")
    assert sheet["C5"].name.name == "'Phụ lục'!RIENG"
    sheet["B2:B4"].value = 2
    sheet["A1"].formula = "=SUM(TONG)"
    assert sheet["A1"].value == 6
    book.names["TONG"].refers_to = "='Phụ lục'!$B$2"
    assert sheet["A1"].value == 2
    del book.names["TONG"]
    assert "TONG" not in book.names


# Formats, links, notes


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("number_format", "#,##0.00"),
        ("number_format", "dd/mm/yyyy"),
        ("color", (255, 199, 206)),
        ("wrap_text", True),
        ("vertical_alignment", "top"),
        ("column_width", 20.0),
        ("row_height", 31.5),
        ("font.bold", True),
        ("font.italic", True),
        ("font.size", 13.0),
        ("font.color", (192, 0, 0)),
        ("font.name", "Times New Roman"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_format_read_after_write(sheet: xw.Sheet, member, value):
    """A format holds for the whole range, and is ``None`` where its cells differ."""
    *path, name = member.split(".")

    def owner(address: str):
        return getattr(sheet[address], path[0]) if path else sheet[address]

    before = getattr(owner("A1"), name)
    assert before != value
    setattr(owner("A1:B2"), name, value)
    assert getattr(owner("A1:B2"), name) == value
    assert getattr(owner("A1:C3"), name) is None


def test_autofit_makes_room(sheet: xw.Sheet):
    """The width of a column follows its text."""
    sheet["A1"].value = "Tỷ lệ hồ sơ giải quyết đúng hạn của cả năm"
    narrow = sheet["A1"].column_width
    sheet["A1"].columns.autofit()
    assert sheet["A1"].column_width > 2 * narrow


def test_hyperlink_to_a_cell_is_saved_as_excel_writes_it(sheet: xw.Sheet, tmp_path: Path):
    """A link to a cell keeps Excel's notation, here and in the file."""
    sheet.name = "Phụ lục"
    sheet["A1"].add_hyperlink("#'Phụ lục'!D12", "Ô D12")
    assert (sheet["A1"].value, sheet["A1"].hyperlink) == ("Ô D12", "#'Phụ lục'!D12")
    sheet.book.save(tmp_path / "links.xlsx")
    saved = openpyxl.load_workbook(tmp_path / "links.xlsx")
    assert saved["Phụ lục"]["A1"].hyperlink.location == "'Phụ lục'!D12"
    sheet.book.close()
    assert xw.Book(tmp_path / "links.xlsx").sheets[0]["A1"].hyperlink == "#'Phụ lục'!D12"


def test_note_is_added_changed_and_deleted(sheet: xw.Sheet):
    """A cell's note can be written, read and removed."""
    assert sheet["D12"].note is None
    sheet["D12"].add_note("Vượt 100 %").text = "Vượt quá 100 %"
    assert [(n.location.address, n.text) for n in sheet.notes] == [("$D$12", "Vượt quá 100 %")]
    sheet["D12"].note.delete()
    assert sheet["D12"].note is None


# Protection, and an issued workbook


def test_protected_sheet_refuses_what_excel_refuses(sheet: xw.Sheet):
    """On a protected sheet, locked cells cannot be written and nothing can be formatted."""
    sheet.api.Protect()
    assert sheet.api.ProtectContents
    with pytest.raises(ProtectedError, match=r"Sheet1!\$A\$1: locked"):
        sheet["A1"].value = 1
    with pytest.raises(ProtectedError, match="protected sheet"):
        sheet["A1"].color = (255, 0, 0)
    sheet.api.Unprotect()
    sheet["A1"].value = 1
    assert (sheet.api.ProtectContents, sheet["A1"].value) == (False, 1)


def test_issued_workbook_is_read_by_its_names(issued: Path, excel: xw.App):
    """Every figure of the form is reached by its name, and a percentage answers at once."""
    book = xw.Book(issued)
    assert {item.name for item in FORM.indicators if item.is_figure} <= {
        name.name for name in book.names
    }
    for name in ("1.1.a", "1.1.b"):
        book.names[f"CT_{name}"].refers_to_range.value = 4
    assert book.sheets["Phụ lục"].range("CT_1.1").value == 100


def test_issued_workbook_locks_formulas_and_structure(issued: Path, excel: xw.App):
    """Input cells take figures; formulas and the list of sheets need Unprotect, as in Excel."""
    book = xw.Book(issued)
    figures = book.sheets["Phụ lục"]
    figures.range("CT_1.1.a").value = 3
    assert figures.range("CT_1.1.a").value == 3
    with pytest.raises(ProtectedError, match="locked"):
        figures["A1:E9"].value = 1
    with pytest.raises(ProtectedError, match="structure"):
        book.sheets.add("Kết quả")
    book.api.Unprotect()
    assert book.sheets.add("Kết quả").name == "Kết quả"
