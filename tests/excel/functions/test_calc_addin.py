"""The custom functions in cells of LibreOffice, computed by this project's Python.

Requirements: every function answers a cell what it answers Python: values,
ranges, blanks, text numbers, errors, dates, Vietnamese; it follows its precedents; nothing that
goes wrong in Python breaks Calc.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from tests.support.builders import COMMUNE, FORM, workbook
from tests.support.calc_addin import build, install
from tests.support.function_calls import SIGNATURES, call
from tests.support.office import Book, Office, OfficeError
from xl_automation.excel.functions.catalogue import signatures
from xl_automation.excel.functions.cell_function import Argument, Signature
from xl_automation.excel.functions.excel_errors import ERRORS
from xl_automation.excel.functions.grid import Grid

pytestmark = pytest.mark.office

ERROR_FORMULAS = {"#DIV/0!": "=1/0", "#N/A": "=NA()", "#VALUE!": '=1+"x"', "#NUM!": "=EXP(1000)"}
DAY_ZERO = dt.datetime(1899, 12, 30)
SHEET = "Thử"
EVERYTHING = 1023  # every com.sun.star.sheet.CellFlags
OUT = 40  # column of the formula, right of its arguments

STOPPED = ("Lỗi: Python ngừng giữa chừng hoặc không trả lời. Hãy tính lại (Ctrl+Shift+F9).",)

# What may go wrong in Python.
TROUBLE = '''
import os, time

def T_RAISE(o):
    """Raises."""
    raise RuntimeError("Đắk Nông")

def T_OBJECT(o):
    """Answers with what is no cell."""
    return [[object()]]

def T_PRINT(o):
    """Prints, then answers."""
    print("[[666]]")
    return [[1.0]]

def T_NAN(o):
    """Answers with numbers that are none."""
    return [[float("nan"), float("inf"), None]]

def T_EXIT(o):
    """Ends its process."""
    os._exit(1)

def T_HANG(o):
    """Takes too long."""
    time.sleep(60)
'''


@pytest.fixture(scope="module")
def calc(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A LibreOffice with the custom functions, and those that only make trouble."""
    folder = tmp_path_factory.mktemp("add-in")
    trouble = folder / "trouble.py"
    trouble.write_text(TROUBLE, encoding="utf-8")
    own = build(folder / "cchc.oxt", signatures())
    names = re.findall(r"def (\w+)", TROUBLE)
    troubling = [
        Signature(name, "trouble", name, "T", (Argument("o", "o", False),)) for name in names
    ]
    bad = build(folder / "trouble.oxt", troubling, "Trouble", [folder], seconds=3)
    with Office() as office:
        install(office, own)
        install(office, bad)
        yield office


@pytest.fixture(scope="module")
def blank_book(calc: Office) -> Iterator[Book]:
    """A new workbook in it."""
    desktop = calc.create("com.sun.star.frame.Desktop")
    with Book(calc, desktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())) as book:
        book.document.Sheets.getByIndex(0).setName(SHEET)
        yield book


@pytest.fixture
def book(blank_book: Book) -> Book:
    """The same, its one sheet emptied."""
    blank_book.sheet(SHEET).clearContents(EVERYTHING)
    return blank_book


def _put(book: Book, column: int, rows: Grid) -> str:
    """Write *rows* as a person would have them in cells; return their address."""
    sheet = book.sheet(SHEET)
    for y, row in enumerate(rows):
        for x, value in enumerate(row, start=column):
            cell = sheet.getCellByPosition(x, y)
            match value:
                case bool():
                    cell.setFormula(f"={value}()".upper())
                case dt.datetime():
                    cell.setFormula(f"=DATE({value.year};{value.month};{value.day})")
                case str() if value in ERRORS:
                    cell.setFormula(ERROR_FORMULAS[value])
                case str():
                    cell.setString(value)
                case float():
                    cell.setValue(value)
    area = sheet.getCellRangeByPosition(column, 0, column + len(rows[0]) - 1, len(rows) - 1)
    return _address(area)


def _address(area: Any) -> str:
    return str(area.AbsoluteName).replace(f"${SHEET}.", "").replace("$", "")


def _ask(book: Book, name: str, arguments: list[Grid]) -> Grid:
    """Return what the array formula of *name* shows, its arguments in cells."""
    addresses, column = [], 0
    for rows in arguments:
        addresses.append(_put(book, column, rows))
        column += len(rows[0]) + 1
    here = _here(name, arguments)
    last = OUT + len(here[0]) - 1
    area = book.sheet(SHEET).getCellRangeByPosition(OUT, 0, last, len(here) - 1)
    area.setArrayFormula(f"={name}({';'.join(addresses)})")
    return [list(row) for row in book.values(SHEET, _address(area))]


def _here(name: str, arguments: list[Grid]) -> Grid:
    """Return what the function gives in this process, as cells show it."""
    rows = call(name, *arguments)
    return [["" if cell is None else _serial(cell) for cell in row] for row in rows]


def _serial(cell: Any) -> Any:
    return (cell - DAY_ZERO) / dt.timedelta(days=1) if isinstance(cell, dt.datetime) else cell


# Every function gets each of these in all its required arguments.
EACH_ARGUMENT: dict[str, Grid] = {
    "number": [[3.0]],
    "blank": [[None]],
    "error": [["#DIV/0!"]],
    "text": [["Xã Đắk Nông — “thôn 7”"]],
    "number-text": [["4.860.000"]],
    "id": [["1.1.a"]],
    "date": [[dt.datetime(2022, 6, 14)]],
    "true": [[True]],
    "row": [[1.0, None, "1.234,5"]],
    "column": [[1.0], ["#N/A"], ["Đắk Lắk"]],
    "block": [[1.0, 2.0], [None, "#NUM!"], ["#VALUE!", "7.5.2"]],
}


@pytest.mark.parametrize("kind", EACH_ARGUMENT)
@pytest.mark.parametrize("name", SIGNATURES)
def test_function_in_cell_equals_python(name: str, kind: str, book: Book) -> None:
    """A function answers cells what it answers Python, whatever is in them."""
    arguments = [
        EACH_ARGUMENT[kind] for argument in SIGNATURES[name].arguments if not argument.optional
    ]
    assert _ask(book, name, arguments) == _here(name, arguments)


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("CCHC_TYLE", [[[1.0], [2.0], [None]], [[8.0]]]),
        ("CCHC_TYLE", [[[1.0, 2.0]], [[1.0, 2.0, 3.0]]]),
        ("CCHC_TYLE", [[[1.0]], [[800.0]], [[1.0]]]),
        ("CCHC_TYLE", [[[float(part)] for part in range(200)], [[199.0]]]),
        ("CCHC_SO", [[["58,85"], ["1.234"]], [["tỷ lệ"]]]),
        ("CCHC_CHITIEU", [[["1.1"], ["7.5.2"]], [["don_vi"]]]),
        ("CCHC_SOSANH", [[[3.0], ["4.860.000"]], [[2.0], [None]]]),
        ("CCHC_KY", [[[dt.datetime(2022, 6, 14)]], [["tu"]]]),
    ],
    ids=["range-by-one", "clash", "places", "many", "kind", "attribute", "change", "window"],
)
def test_more_arguments_in_cells_equal_python(name: str, arguments: list[Grid], book: Book) -> None:
    """So it does with ranges of other shapes and with its optional arguments."""
    assert _ask(book, name, arguments) == _here(name, arguments)


def test_single_cell_shows_first_of_answer_and_literals_of_options(book: Book) -> None:
    """A plain formula shows the first cell of the answer; options may be typed into it."""
    _put(book, 0, [[1.0, 800.0], [2.0, 800.0]])
    for formula, shows in {
        "=CCHC_TYLE(A1;B1)": 0.13,
        "=CCHC_TYLE(A1:A2;B1:B2;0)": 0.0,
        "=CCHC_TYLE(A1;B1;1+2)": 0.125,
        "=ROUND(CCHC_TYLE(A1;B1);1)": 0.1,
        "=cchc_tyle(A1;B1)": 0.13,
    }.items():
        book.type_formula(SHEET, "H1", formula)
        assert book.value(SHEET, "H1") == shows, formula


def test_change_of_precedent_recomputes(book: Book) -> None:
    """A formula follows its cells: numbers, blanks, errors, other formulas."""
    _put(book, 0, [[1.0, 8.0]])
    book.type_formula(SHEET, "C1", "=A1")
    book.type_formula(SHEET, "H1", "=CCHC_TYLE(C1;B1)")
    book.type_formula(SHEET, "H2", "=H1*2")
    seen = []
    for value in (1.0, 2.0, "4,5"):
        book.type(SHEET, "A1", value)
        seen.append((book.value(SHEET, "H1"), book.value(SHEET, "H2")))
    book.type(SHEET, "B1", None)
    seen.append(book.value(SHEET, "H1"))
    book.type_formula(SHEET, "B1", "=1/0")
    seen.append(book.value(SHEET, "H1"))
    assert seen == [(12.5, 25.0), (25.0, 50.0), (56.25, 112.5), "", "#DIV/0!"]


def test_typed_at_keyboard_computes(book: Book) -> None:
    """A formula typed key by key works as any other."""
    _put(book, 0, [[1.0, 8.0]])
    assert book.try_type(SHEET, "H1", "=CCHC_TYLE(A1;B1)")
    assert book.value(SHEET, "H1") == 12.5


def test_form_in_cells_equals_python(calc: Office, tmp_path: Path) -> None:
    """A real form's range is checked and explained as in Python, its own formulas included."""
    fill = {**COMMUNE, "6.1.b": 9999, "1.1.a": "tám", "2.3": None}
    path = workbook(tmp_path / "Báo cáo xã Đắk Nông.xlsx", fill)
    with calc.open(path) as book:
        book.document.unprotect("")
        book.document.Sheets.insertNewByName(SHEET, 0)
        area = f"B8:D{7 + len(FORM.indicators)}"
        cells: Grid = [
            [
                cell.code if isinstance(cell, OfficeError) else None if cell == "" else cell
                for cell in row
            ]
            for row in book.values(FORM.sheet, area)
        ]
        lines = call("CCHC_KIEMTRA", cells)
        assert len(lines) > 2
        listed = book.sheet(SHEET).getCellRangeByPosition(0, 0, len(lines[0]) - 1, len(lines) - 1)
        listed.setArrayFormula(f"=CCHC_KIEMTRA($'{FORM.sheet}'.{area})")
        assert [list(row) for row in listed.getDataArray()] == lines
        book.type(SHEET, "J1", "6.1")
        book.type_formula(SHEET, "K1", f"=CCHC_GIAITHICH(J1;$'{FORM.sheet}'.{area})")
        assert [[book.value(SHEET, "K1")]] == call("CCHC_GIAITHICH", "6.1", cells)


def test_closed_workbook_with_vietnamese_path_is_read(book: Book, tmp_path: Path) -> None:
    """Functions of files and folders read them from a cell's formula."""
    folder = tmp_path / "Hồ sơ — tháng 6"
    folder.mkdir()
    path = workbook(folder / "Báo cáo xã Thịnh Đức.xlsx", COMMUNE)
    ids = [["6.1.a", "6.1.b", "6.1"]]
    answer = _ask(book, "CCHC_DOC", [[[str(path)]], ids])
    assert answer == [[4860.0, 2860.0, 58.85]]
    arguments = [[[str(folder)]], ids]
    assert _ask(book, "CCHC_TONGHOP", arguments) == _here("CCHC_TONGHOP", arguments)


def test_wizard_shows_help(calc: Office, blank_book: Book) -> None:
    """The function wizard has each function with its Vietnamese help."""
    described = calc.create("com.sun.star.sheet.FunctionDescriptions")
    shown = {}
    for position in range(described.Count):
        facts = {fact.Name: fact.Value for fact in described.getByIndex(position)}
        shown[facts["Name"]] = (
            facts["Description"],
            [(told.Name, told.Description, told.IsOptional) for told in facts["Arguments"] or ()],
        )
    for signature in signatures():
        arguments = [
            (argument.name, argument.doc, argument.optional) for argument in signature.arguments
        ]
        assert shown[signature.name] == (signature.doc, arguments)


@pytest.mark.parametrize(
    ("name", "shows"),
    [
        ("T_RAISE", ("Lỗi: hàm T_RAISE gặp sự cố (RuntimeError).",)),
        ("T_OBJECT", ("Lỗi: hàm T_OBJECT gặp sự cố (TypeError).",)),
        ("T_PRINT", (1.0,)),
        ("T_NAN", ("", "", "")),
        ("T_EXIT", STOPPED),
        ("T_HANG", STOPPED),
    ],
)
def test_trouble_in_python_leaves_calc_running(
    name: str, shows: tuple[Any, ...], book: Book
) -> None:
    """Whatever a function does, its cell gets an answer, and the next question too."""
    area = book.sheet(SHEET).getCellRangeByPosition(7, 0, 6 + len(shows), 0)
    area.setArrayFormula(f"={name}(A1)")
    assert area.getDataArray() == (shows,)
    book.type_formula(SHEET, "H3", "=T_PRINT(A1)")
    book.type_formula(SHEET, "H4", "=CCHC_TYLE(B1;C1)")
    book.set_many(SHEET, {"B1": 1.0, "C1": 8.0})
    assert book.values(SHEET, "H3:H4") == ((1.0,), (12.5,))


@pytest.mark.parametrize(
    ("formula", "shows"),
    [
        ("=CCHC_TYLE(1;8)", "Err:504"),
        ("=CCHC_TYLE(A1+0;B1)", "Err:504"),
        ("=CCHC_TYLE(A1)", "Err:504"),
        ("=CCHC_TYLE(A1;B1;C1)", "#DIV/0!"),
        ("=CCHC_TYLE(A1;B1;C1:C2)", "Err:504"),
    ],
)
def test_limits_of_calc_show_as_its_errors(formula: str, shows: str, book: Book) -> None:
    """What Calc cannot pass to an add-in is an error of its own, not a wrong figure."""
    _put(book, 0, [[1.0, 8.0, "#DIV/0!"]])
    book.type_formula(SHEET, "H1", formula)
    assert book.value(SHEET, "H1") == OfficeError(shows)


def test_blank_option_counts_as_zero(book: Book) -> None:
    """Known limit: Calc hands over 0 for an optional argument that is a blank cell."""
    _put(book, 0, [[1.0, 8.0, None]])
    book.type_formula(SHEET, "H1", "=CCHC_TYLE(A1;B1;C1)")
    assert book.value(SHEET, "H1") == 13.0


def test_file_of_excel_needs_long_name(calc: Office, tmp_path: Path) -> None:
    """Known limit: the name by which Excel stores a function is not found in Calc's add-ins."""
    path = tmp_path / "Từ Excel.xlsx"
    with xlsxwriter.Workbook(path) as excel:
        sheet = excel.add_worksheet(SHEET)
        sheet.write_row("A1", [1, 8])
        sheet.write_formula("C1", "=CCHC_TYLE(A1,B1)", None, "")
        sheet.write_formula("C2", "=VN.CCHC.CCHC.CCHC_TYLE(A1,B1)", None, "")
    with calc.open(path) as book:
        assert book.values(SHEET, "C1:C2") == ((OfficeError("#NAME?"),), (12.5,))
