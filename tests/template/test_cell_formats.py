"""Requirements of cells whose format, or whose program, changes what a number means.

D1 A figure that its cell shows as a date or a percentage is unreadable, and both faces say so in
   the same sentence, which names the way out; on the protected sheet the format can be undone, and
   then the number counts.
D2 What Excel answers of each format that dates and percentages have is understood.
D3 Where a program tells no formats, a share of 1 in a percentage is unreadable, anything else is
   as it is, and the form's sheet says so.
D4 The workbook knows the decimal mark of the computer, and tells a clerk of any but the comma.
D5 TRUE is TRUE, also as LibreOffice saves it: never 1.
D6 An error in a supporting table is a finding, and the totals are those of the other cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, FORM
from tests.support.office import Book, Office
from xl_automation.checks.check import check
from xl_automation.excel.buttons.protection import SHEET_PERMISSIONS
from xl_automation.forms.cell_formats import UNFIT, UNTOLD
from xl_automation.forms.numbers import CellError, Reading
from xl_automation.reading.figures import tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.template.review_sheet import FIRST_FINDING_ROW
from xl_automation.xlsx.guard import open_for_reading

PAGE, LAYOUT = FORM.sheet, Layout(FORM)
COUNT, AMOUNT, PERCENTAGE = "1.1.a", "6.1.a", "3.3.4"
LISTED = 12  # findings looked at on the sheet of findings
LOGICAL = 1024  # com.sun.star.util.NumberFormat


def opened(office: Office, folder: Path) -> Iterator[Book]:
    """Yield a consistent report, open."""
    with office.open(builders.workbook(folder / "a.xlsx", COMMUNE)) as book:
        book.recalculate()
        yield book


@pytest.fixture(scope="module")
def clerks(clerk_office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """A consistent report in a clerk's LibreOffice; each test leaves it as it was."""
    yield from opened(clerk_office, tmp_path_factory.mktemp("clerk"))


@pytest.fixture(scope="module")
def english(office: Office, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """The same in an English one."""
    yield from opened(office, tmp_path_factory.mktemp("english"))


def place(id: str) -> tuple[str, str]:
    """Return sheet and address of a figure's cell."""
    address = LAYOUT.place(id)
    return address.sheet, address.cell


def cell(book: Book, id: str) -> Any:
    """Return the UNO cell of a figure."""
    sheet, address = place(id)
    return book.sheet(sheet).getCellRangeByName(address)


@contextmanager
def changing(book: Book, *ids: str) -> Iterator[None]:
    """Put figures, their formats and what is asked of these back afterwards."""
    before = {id: (cell(book, id).Formula, cell(book, id).NumberFormat) for id in ids}
    yield
    for id, (formula, number_format) in before.items():
        cell(book, id).NumberFormat = number_format
        cell(book, id).setFormula(formula)
        if id in LAYOUT.rows:
            tell(book, id)
    book.recalculate()


def tell(book: Book, id: str, answer: str = "") -> None:
    """Let a program give *answer* when the workbook asks for the format of a figure's cell."""
    row = LAYOUT.rows[id]
    formula, asked = LAYOUT.format_formula(row), f'CELL("format",{LAYOUT.cell(id)})'
    assert asked in formula
    formula = formula.replace(asked, answer or asked).replace('",', '";').replace("),", ");")
    book.type_formula(PAGE, f"{positions.FORMAT}{row}", formula)


def beside(book: Book, column: str, id: str) -> object:
    """Return what stands in a column of a figure's row."""
    return book.value(PAGE, f"{column}{LAYOUT.rows[id]}")


def number(book: Book, id: str) -> object:
    """Return the number as which the workbook reads a figure."""
    return beside(book, positions.NUMBER, id)


def listed(book: Book) -> dict[tuple[str, str], str]:
    """Return what the sheet of findings sees, by rule and place."""
    last = FIRST_FINDING_ROW + LISTED - 1
    lines = book.values(positions.REVIEW_SHEET, f"D{FIRST_FINDING_ROW}:H{last}")
    return {(str(rule), str(at)): str(seen) for at, seen, *_, rule in lines if rule != ""}


def found(path: Path) -> dict[tuple[str, str], str]:
    """Return likewise what the program sees in a file, without quotes."""
    plain = str.maketrans("", "", "“”")
    return {
        (one.rule, one.cells[0].link.removeprefix(f"'{PAGE}'!")): one.seen.translate(plain)
        for one in check(FORM, read_submission(path, FORM))
    }


def press(book: Book, office: Office, id: str, command: str) -> None:
    """Give a command as a person does, with the cell of a figure chosen."""
    controller = book.document.CurrentController
    controller.setActiveSheet(book.sheet(PAGE))
    controller.select(cell(book, id))
    helper = office.create("com.sun.star.frame.DispatchHelper")
    helper.executeDispatch(controller.Frame, f".uno:NumberFormat{command}", "", 0, ())


# id -> the format that its cell has got, what was typed, what the cell shows
TRAPPED = {
    "1.1.a": ("Date", 44_593.0, "01/02/2022"),
    "1.3.1": ("Time", 0.3125, "07:30:00"),
    "1.3.2": ("Percent", 0.5, "50%"),
    "6.1.a": ("Date", 4_860_000.0, "########"),
    "3.3.4": ("Date", 44_593.0, "01/02/2022"),
}


@pytest.mark.office
def test_format_is_named_and_can_be_undone(clerks, clerk_office, tmp_path):
    """D1: beside the figure, in the list and in Python; General makes the next number count."""
    assert clerks.is_protected(PAGE)
    said = {}
    with changing(clerks, *TRAPPED):
        for id, (look, typed, shown) in TRAPPED.items():
            clerks.type(*place(id), typed)
            press(clerks, clerk_office, id, look)
            unfit = UNFIT["percent" if look == "Percent" else "date"]
            said["F02", LAYOUT.cell(id)] = f"{id} = {shown}{unfit}"
        clerks.recalculate()
        for id, sentence in zip(TRAPPED, said.values(), strict=True):
            assert number(clerks, id) == positions.UNREADABLE
            beginning = f"Lỗi: {sentence} – không đọc được thành số"
            assert str(beside(clerks, positions.CHECK, id)).startswith(beginning)
        assert {key: listed(clerks)[key] for key in said} == said
        in_file = found(clerks.save_as(tmp_path / "a.xlsx"))
        assert {key: in_file[key] for key in said} == said
        for id in TRAPPED:
            clerks.type(*place(id), COMMUNE[id])
            assert number(clerks, id) == positions.UNREADABLE
            press(clerks, clerk_office, id, "Standard")
        clerks.recalculate()
        assert {id: number(clerks, id) for id in TRAPPED} == {id: COMMUNE[id] for id in TRAPPED}
        assert listed(clerks) == found(clerks.save_as(tmp_path / "b.xlsx")) == {}


# What Excel may answer (its help of CELL, "format"): what 0.5 then is, in a count, in a percentage
ANSWERS = {
    **{f"D{number}": (positions.UNREADABLE, positions.UNREADABLE) for number in range(1, 10)},
    **{f"P{places}": (positions.UNREADABLE, 50.0) for places in range(3)},
    **{code: (0.5, 0.5) for code in ("G", "F0", "F2", ",0", ",2-", "C0()", "S2")},
}


@pytest.mark.office
def test_answers_of_excel_are_understood(clerks):
    """D2: of dates and times, of percentages, of other numbers."""
    read = {}
    with changing(clerks, COUNT, PERCENTAGE):
        for id in (COUNT, PERCENTAGE):
            clerks.type(*place(id), 0.5)
        for answer in ANSWERS:
            for id in (COUNT, PERCENTAGE):
                tell(clerks, id, f'"{answer}"')
            read[answer] = (number(clerks, COUNT), number(clerks, PERCENTAGE))
    assert read == ANSWERS


@pytest.mark.office
def test_program_without_formats_says_so(english):
    """D3: 95 % typed there is 0.95, which may be meant; so may 1, which is 100 %."""
    assert "không kiểm tra được" not in str(english.value(PAGE, positions.NOTICE_CELL))
    parts = {f"{PERCENTAGE}.tu": 1.0, f"{PERCENTAGE}.mau": 126.0}
    with changing(english, COUNT, PERCENTAGE, *parts):
        tell(english, COUNT, "NA()")  # the first input
        tell(english, PERCENTAGE, "NA()")
        read: Mapping[float, object] = {0.95: "?", 1.0: "?", -0.5: "?", 0.0: 0.0, 58.85: 58.85}
        for value, expected in read.items():
            english.type(*place(PERCENTAGE), value)
            assert number(english, PERCENTAGE) == expected
        english.type_formula(*place(PERCENTAGE), f"={positions.COMPUTED}{LAYOUT.rows[PERCENTAGE]}")
        for id, value in parts.items():
            english.type(*place(id), value)
        assert number(english, PERCENTAGE) == 0.79
        english.type(*place(PERCENTAGE), 0.95)
        said = f"Lỗi: {PERCENTAGE} = 0.95{UNTOLD} – "
        assert str(beside(english, positions.CHECK, PERCENTAGE)).startswith(said)
        assert number(english, COUNT) == COMMUNE[COUNT]
        notice = str(english.value(PAGE, positions.NOTICE_CELL))
        assert "Ở đây không kiểm tra được dạng ô (%, ngày)" in notice


@pytest.mark.office
@pytest.mark.parametrize(
    ("opened", "mark", "notice", "guide"),
    [
        ("clerks", ",", "", "Số lẻ dùng dấu phẩy: 58,85."),
        ("english", ".", "“.”: 58.85; không tách hàng nghìn", "“.”: ghi 58.85, không ghi 58,85"),
    ],
)
def test_decimal_mark_of_the_computer_is_told(request, opened, mark, notice, guide):
    """D4: beside the header and in the guide; nothing beside the header of a Vietnamese one."""
    book: Book = request.getfixturevalue(opened)
    where = book.names()[positions.DECIMAL_MARK].replace("$", "").rpartition(".")[2]
    assert book.value(positions.LIST_SHEET, where) == mark
    said = str(book.value(PAGE, positions.NOTICE_CELL))
    assert notice in said
    assert bool(said) == bool(notice)
    assert any(guide in str(line) for line in book.column(positions.GUIDE_SHEET, "B1:B40"))


@pytest.mark.office
def test_thousand_that_slipped_is_warned_about(english):
    """F10: 4.860 typed on an English computer is 4.86, which the row's check doubts."""
    with changing(english, AMOUNT):
        assert english.try_type(PAGE, LAYOUT.cell(AMOUNT), "4.860")
        said = "Cảnh báo: 6.1.a = 4.86 – số tiền có phần lẻ mà dưới 1.000"
        assert str(beside(english, positions.CHECK, AMOUNT)).startswith(said)
        assert ("F10", LAYOUT.cell(AMOUNT)) in listed(english)


@pytest.mark.office
@pytest.mark.parametrize(
    ("opened", "locale"), [("clerks", ("vi", "VN")), ("english", ("en", "US"))]
)
def test_truth_that_libreoffice_saves_is_no_number(request, tmp_path, opened, locale):
    """D5: 1 in a cell that shows TRUE is TRUE to the reader, and unreadable in the workbook."""
    book: Book = request.getfixturevalue(opened)
    typed = {COUNT: 1.0, PERCENTAGE: 0.0, "1.5": 5.0, "TTHC.1.so": 1.0}  # 5 is TRUE there too
    language = book.document.CharLocale
    language.Language, language.Country = locale
    truth = book.document.NumberFormats.getStandardFormat(LOGICAL, language)
    with changing(book, *typed):
        for id, value in typed.items():
            cell(book, id).NumberFormat, cell(book, id).Value = truth, value
        book.recalculate()
        assert number(book, COUNT) == number(book, PERCENTAGE) == positions.UNREADABLE
        said = {key: seen for key, seen in listed(book).items() if key[0] == "F02"}
        path = book.save_as(tmp_path / "a.xlsx")
    readings = read_submission(path, FORM).readings
    assert {id: readings[id] for id in typed} == {
        id: Reading(text="TRUE" if value else "FALSE") for id, value in typed.items()
    }
    assert len(said) == len(typed) - 1  # of a table LibreOffice takes it for a number
    assert said.items() <= found(path).items()


@pytest.mark.office
def test_truth_among_numbers_stays_one(clerk_office, tmp_path):
    """D5: LibreOffice makes a formula of it, whose result is 1."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    book = openpyxl.load_workbook(path)
    for id, value in {COUNT: True, "1.1.b": False, "TTHC.1.so": True}.items():
        sheet, address = place(id)
        book[sheet][address] = value
    book.save(path)
    with clerk_office.open(path) as again:
        assert again.formula(*place(COUNT)) == "=TRUE()"
        saved = again.save_as(tmp_path / "b.xlsx")
    for file in (path, saved):
        readings = read_submission(file, FORM).readings
        assert readings[COUNT] == readings["TTHC.1.so"] == Reading(text="TRUE")
        assert readings["1.1.b"] == Reading(text="FALSE")


TABLES: builders.Fill = {
    "TTHC.1.so": 100, "TTHC.2.so": 26, "II06.1.c4": 50, "II06.1.c5": 6642, "II06.1.c8": 6000,
    "II06.1.c9": 690, "II06.2.c10": 2, "II06.2.c5": 2, "II06.3.c5": 7,
    "TTHC.3.so": CellError("#DIV/0!"), "II06.3.c4": CellError("#DIV/0!"),
    "II06.3.c8": CellError("#DIV/0!"),
}  # fmt: skip


@pytest.mark.office
def test_error_in_a_table_leaves_its_totals(clerks):
    """D6: totals and sums, the rules about them and the findings are those of the program."""
    submission = builders.submission({**COMMUNE, **TABLES})
    numbers = tabulate(FORM, [submission]).numbers.iloc[0]
    sums = [id for id in FORM.table_cells if id not in FORM.table_inputs]
    with changing(clerks, *TABLES):
        for id, value in TABLES.items():
            formula = "=1/0" if isinstance(value, CellError) else f"{value}"
            clerks.type_formula(*place(id), formula)
        clerks.recalculate()
        shown = {id: clerks.value(*place(id)) for id in sums}
        assert shown == {id: "" if value != value else value for id, value in numbers[sums].items()}
        assert (shown["TTHC.so"], shown["II06.3.c3"]) == (126, 7)
        findings = check(FORM, submission)
        errors = {one.rule for one in findings}
        assert errors == {"F02", "B16"}
        assert {rule for rule, _ in listed(clerks)} == errors
        assert len(listed(clerks)) == len(findings)


FLAGS = {
    "AllowFormattingCells": b'formatCells="0"',
    "AllowFormattingColumns": b'formatColumns="0"',
    "AllowFormattingRows": b'formatRows="0"',
}


def test_protection_lets_formats_be_changed(tmp_path):
    """D1: every issued sheet allows it, and what the buttons put back allows as much."""
    assert dict.fromkeys(FLAGS, True) == SHEET_PERMISSIONS
    package = open_for_reading(builders.workbook(tmp_path / "a.xlsx"))
    sheets = [content for name, content in package.parts.items() if "worksheets/sheet" in name]
    assert len(sheets) == 9
    for content in sheets:
        protection = content[content.index(b"<sheetProtection") :].partition(b"/>")[0]
        assert all(flag in protection for flag in FLAGS.values())
