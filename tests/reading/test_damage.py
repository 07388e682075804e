"""What clerks do to a workbook, and what becomes of it.

Requirements: whatever is done to an issued workbook, reading it gives the right figures,
or a finding that names the cell, or a refusal that names the cause. Nothing is silent or guessed.

One report is damaged in each way. ``Read`` states the figures that differ from those typed and the
findings; ``Refused`` the code of the refusal and words of its message.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidationList

from tests.support import builders, hostile
from tests.support.builders import COMMUNE, FORM, PERIOD, UNIT
from tests.support.cells import typed
from tests.support.office import Book, Office
from xl_automation.checks.check import check
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.folder import find_workbooks
from xl_automation.reading.locate import locate
from xl_automation.reading.passed_over import PassedOver
from xl_automation.reading.reader import read_submission, understand
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import read_parts, zip_parts
from xl_automation.xlsx.refusal import Refusal

LAYOUT = Layout(FORM)
NOTES = {"3.3.4": "103/126 thủ tục"}
TYPED = {id: float(value) for id, value in COMMUNE.items()}
INFO = {name: f"{positions.INFO_VALUE}{row}" for name, (row, _) in positions.INFO_ROWS.items()}


@dataclass(frozen=True)
class Read:
    """The workbook is read: figures other than typed (None: no number), and the findings."""

    found: str = ""
    figures: Mapping[str, float | None] = field(default_factory=dict)
    notes: Mapping[str, str] = field(default_factory=lambda: NOTES)


@dataclass(frozen=True)
class Refused:
    """The workbook is refused: the code, and words that the clerk reads."""

    code: str
    words: str


Outcome = Read | Refused
SAME = Read()


# --- doing it ----------------------------------------------------------------------------------


def put(id: str, value: object, number_format: str | None = None) -> Callable[[Workbook], None]:
    """Put something into a figure's cell, with a number format that came along."""

    def change(book: Workbook) -> None:
        cell = book[FORM.sheet][LAYOUT.cell(id)]
        cell.value = value
        if number_format is not None:
            cell.number_format = number_format

    return change


def error(id: str, code: str) -> Callable[[Workbook], None]:
    """Leave an error value in a figure's cell."""

    def change(book: Workbook) -> None:
        cell = book[FORM.sheet][LAYOUT.cell(id)]
        cell.value, cell.data_type = code, "e"

    return change


def info(name: str, value: object) -> Callable[[Workbook], None]:
    """Type over a cell of the information sheet."""
    return lambda book: book[positions.INFO_SHEET].__setitem__(INFO[name], value)


def paste_over_everything(book: Workbook) -> None:
    """Paste cells from elsewhere: no validation is left, and one figure is wrong."""
    book[FORM.sheet].data_validations = DataValidationList()
    book[FORM.sheet][LAYOUT.cell("3.3.4")] = 103
    book[FORM.sheet][LAYOUT.cell("1.4.2")] = 7


def text_format(book: Workbook) -> None:
    """Every figure is a text in a cell of text format, as a bad import leaves them."""
    for id, value in COMMUNE.items():
        cell = book[FORM.sheet][LAYOUT.cell(id)]
        cell.value, cell.number_format = str(value).replace(".", ","), "@"


def merge(book: Workbook) -> None:
    """Merge two figures: Excel keeps the upper one."""
    sheet = book[FORM.sheet]
    sheet.merge_cells(f"{LAYOUT.cell('1.1.a')}:{LAYOUT.cell('1.1.b')}")


def hide(book: Workbook) -> None:
    """Hide rows and columns, filter, group, freeze elsewhere."""
    sheet = book[FORM.sheet]
    for row in (10, 40, 41):
        sheet.row_dimensions[row].hidden = True
    for column in (positions.UNIT, positions.CHECK):
        sheet.column_dimensions[column].hidden = True
    sheet.auto_filter.ref = f"A7:E{LAYOUT.last_row}"
    sheet.freeze_panes = "C20"
    sheet.row_dimensions.group(50, 60, hidden=True)


def refer(book: Workbook, change: Callable[[str], str]) -> None:
    """Change what every name stands for, as Excel does when cells move."""
    for item in book.defined_names.values():
        item.attr_text = change(item.attr_text)


def rename(old: str, new: str) -> Callable[[Workbook], None]:
    """Rename a sheet."""

    def change(book: Workbook) -> None:
        book[old].title = new
        refer(book, lambda text: text.replace(f"'{old}'", f"'{new}'"))

    return change


def delete(*sheets: str) -> Callable[[Workbook], None]:
    """Delete sheets: names of their cells lead nowhere."""

    def change(book: Workbook) -> None:
        for sheet in sheets:
            del book[sheet]
            refer(book, lambda text, sheet=sheet: text if f"'{sheet}'" not in text else "#REF!")

    return change


def delete_in_excel(*sheets: str) -> Callable[[Workbook], None]:
    """Delete sheets: names keep their cells, of a sheet that is none."""

    def change(book: Workbook) -> None:
        for sheet in sheets:
            del book[sheet]
            refer(book, lambda text, sheet=sheet: text.replace(f"'{sheet}'!", "#REF!"))

    return change


def shift(row: int, by: int) -> Callable[[str], str]:
    """Move what names stand for on the form's sheet from a row on; a deleted row leads nowhere."""

    def change(text: str) -> str:
        match = re.fullmatch(rf"('{FORM.sheet}'!\$[A-Z]+\$)(\d+)", text)
        if match is None or int(match[2]) < row:
            return text
        return "#REF!" if int(match[2]) < row - by else f"{match[1]}{int(match[2]) + by}"

    return change


def insert_row(row: int) -> Callable[[Workbook], None]:
    """Insert a row."""

    def change(book: Workbook) -> None:
        book[FORM.sheet].insert_rows(row)
        refer(book, shift(row, 1))

    return change


def delete_row(row: int) -> Callable[[Workbook], None]:
    """Delete a row."""

    def change(book: Workbook) -> None:
        book[FORM.sheet].delete_rows(row)
        refer(book, shift(row, -1))

    return change


def sort_rows(book: Workbook) -> None:
    """Sort the printed rows by their labels; names stay where they are."""
    sheet = book[FORM.sheet]
    area = sheet[f"A{positions.FIRST_ROW}:E{LAYOUT.last_row}"]
    lines = sorted([[cell.value for cell in line] for line in area], key=lambda line: line[1])
    for line, values in zip(area, lines, strict=True):
        for cell, value in zip(line, values, strict=True):
            cell.value = value


def cut_and_paste(book: Workbook) -> None:
    """Cut one figure and paste it over another: its name goes with it."""
    sheet, old, new = book[FORM.sheet], LAYOUT.cell("1.1.a"), LAYOUT.cell("1.1.b")
    sheet[new], sheet[old] = sheet[old].value, None
    book.defined_names["CT_1.1.b"].attr_text = "#REF!"
    book.defined_names["CT_1.1.a"].attr_text = f"'{FORM.sheet}'!${new[0]}${new[1:]}"


def type_over(id: str, value: object) -> Callable[[Workbook], None]:
    """Lift the protection and type over a cell that was locked."""

    def change(book: Workbook) -> None:
        book[FORM.sheet].protection.disable()
        book.security = None
        book[FORM.sheet][LAYOUT.cell(id)] = value

    return change


def phantom_rows(book: Workbook) -> None:
    """Formats and stray contents far below and far to the right of the form."""
    sheet = book[FORM.sheet]
    for row in range(LAYOUT.last_row + 40, LAYOUT.last_row + 1500):
        sheet[f"D{row}"].number_format = "0.00"
    sheet["D900"], sheet["D4000"], sheet["XFD1048576"] = 5, 6, " "


def comments(book: Workbook) -> None:
    """Put a thousand comments on cells."""
    for number in range(1000):
        row, column = divmod(number, 10)
        book[FORM.sheet].cell(positions.FIRST_ROW + row, column + 1).comment = Comment(
            "xem lại", "clerk"
        )


def notes(text: str) -> Callable[[Workbook], None]:
    """Type a note."""
    return lambda book: book[FORM.sheet].__setitem__(
        f"{positions.NOTE}{LAYOUT.rows['3.3.4']}", text
    )


def manual(book: Workbook) -> None:
    """Have Excel calculate by hand only."""
    book.calculation.calcMode, book.calculation.fullCalcOnLoad = "manual", False


def extra_sheets(book: Workbook) -> None:
    """Add sheets of one's own before the form, and a copy of the form."""
    book.create_sheet("Nháp", 0)["A1"] = "=1+1"
    copy = book.copy_worksheet(book[FORM.sheet])
    copy[LAYOUT.cell("1.1.a")] = 99


VNI, TCVN3 = "Baùo caùo thaùng 6", "B\u00b8o c\u00b8o th\u00b8ng 6"
LONG = "Theo Quyết định số 12/QĐ-UBND; " * 1000
SUPPORT = [table.sheet for table in FORM.tables]

# what was done -> how, and what becomes of it
DAMAGE: dict[str, tuple[Callable[[Workbook], None], Outcome]] = {
    "saved-by-another-program": (lambda book: None, SAME),
    "pasted-over-validation": (
        paste_over_everything,
        Read("F04 3.3.4, F06 1.4.2", {"3.3.4": 103, "1.4.2": 7}),
    ),
    # Number formats that came with what was pasted or typed.
    "text-format": (text_format, SAME),
    "percent-format-95%": (put("7.5.2", 0.95, "0%"), SAME),
    "percent-format-81,75%": (put("3.3.4", 0.8175, "0.00%"), SAME),
    "percent-format-later": (
        put("3.3.4", 81.75, "0%"), Read("F04 3.3.4", {"3.3.4": 8175})
    ),
    "percent-format-on-a-count": (put("4.2.1", 20, "0%"), Read("F02 4.2.1", {"4.2.1": None})),
    "percent-sign-in-a-format": (put("7.5.2", 95, '0" %"'), SAME),
    "percent-format-on-a-formula": (
        put("7.5.2", "=19/20", "0%"), Read("F02 7.5.2", {"7.5.2": None})
    ),
    "date-format": (put("4.2.1", 20, "dd/mm/yyyy"), Read("F02 4.2.1", {"4.2.1": None})),
    "date": (put("4.2.1", datetime(2022, 6, 14)), Read("F02 4.2.1", {"4.2.1": None})),
    "date-in-a-percentage": (
        put("7.5.2", datetime(2022, 6, 14), "d/m"), Read("F02 7.5.2", {"7.5.2": None})
    ),
    "time": (put("4.2.1", time(20, 0)), Read("F02 4.2.1", {"4.2.1": None})),
    "rounded-format": (put("3.3.4", 81.75, "0"), SAME),
    # Numbers written as text.
    "grouped-text": (
        put("6.1.a", "4.860.000"), Read("C-6.1u 6.1.a", {"6.1.a": 4860000})
    ),
    "spaced-text": (put("3.2.4.a", "6 692"), Read("F02 3.2.4.a", {"3.2.4.a": None})),
    "no-break-space-inside": (
        put("3.2.4.a", "6\u00a0692"), Read("F02 3.2.4.a", {"3.2.4.a": None})
    ),
    "no-break-space-around": (put("3.1.3", "\u00a0126\u00a0"), SAME),
    "percent-text": (put("7.5.2", "95 %"), SAME),
    "leading-zero": (put("4.2.3", "07"), Read("F03 4.2.3")),
    "decimal-comma": (put("3.3.4", "81,75"), SAME),
    "decimal-point": (put("3.3.4", "81.75"), Read("F02 3.3.4", {"3.3.4": None})),
    "dash": (put("1.3.3", "-"), Read("F02 1.3.3", {"1.3.3": None})),
    "word": (put("1.5", "Không"), Read("F02 1.5", {"1.5": None})),
    "unit-in-the-cell": (put("4.2.1", "20 người"), Read("F02 4.2.1", {"4.2.1": None})),
    "wrong-unit-of-money": (
        put("6.1.a", 4860000000), Read("C-6.1u 6.1.a", {"6.1.a": 4860000000})
    ),
    # What a cell should not hold.
    "formula": (put("4.2.1", "=10+10"), Read("F02 4.2.1", {"4.2.1": None})),
    "error-value": (error("4.2.1", "#REF!"), Read("F02 4.2.1", {"4.2.1": None})),
    "error-in-a-percentage": (error("1.1", "#DIV/0!"), Read("R-1.1 1.1", {"1.1": None})),
    "true": (put("1.5", True), Read("F02 1.5", {"1.5": None})),
    "very-long-text": (put("4.2.1", LONG), Read("F02 4.2.1", {"4.2.1": None})),
    "merged-figures": (merge, Read("L03 1.1.b", {"1.1.b": None})),
    "percentage-typed-over": (type_over("1.1", 12.5), Read("R-1.1 1.1", {"1.1": 12.5})),
    "percentage-deleted": (type_over("1.1", None), Read("R-1.1 1.1", {"1.1": None})),
    "figure-on-a-heading": (
        type_over("3.1", 127), Read("F07 3.1, B02 3.1", {"3.1": 127})
    ),
    "text-on-a-heading": (
        type_over("3.1", "127"), Read("F07 3.1, B02 3.1", {"3.1": 127})
    ),
    # Sheets, rows and columns.
    "hidden": (hide, SAME),
    "sheet-renamed": (rename(FORM.sheet, "Phụ lục (2)"), SAME),
    "information-renamed": (rename(positions.INFO_SHEET, "TT"), SAME),
    "sheets-reordered": (lambda book: book.move_sheet(FORM.sheet, 4), SAME),
    "sheets-added": (extra_sheets, Refused("ambiguous-form", "như ở ô D10")),
    "support-deleted": (delete(*SUPPORT), SAME),
    "support-deleted-in-excel": (delete_in_excel(*SUPPORT), SAME),
    "checks-deleted": (
        delete(positions.REVIEW_SHEET, positions.RULE_SHEET, positions.GUIDE_SHEET),
        SAME,
    ),
    "form-deleted": (delete(FORM.sheet), Refused("wrong-form", "không có ô tên CT_1.1")),
    "information-deleted": (delete(positions.INFO_SHEET), Refused("wrong-form", "không có ô tên")),
    "row-inserted": (insert_row(50), Read("rows-moved")),
    "row-inserted-below": (insert_row(LAYOUT.last_row + 3), SAME),
    "row-deleted": (
        delete_row(50),
        Read("rows-missing 3.2.3.a, rows-moved, L03 3.2.3.a", {"3.2.3.a": None}),
    ),
    "rows-sorted-without-their-codes": (
        sort_rows, Refused("altered-form", "ô A9 sheet “Phụ lục” phải là “1.1.”")
    ),
    "label-edited": (
        lambda book: book[FORM.sheet].__setitem__("B10", "Số việc"),
        Refused("altered-form", "“Số việc”"),
    ),
    "cut-and-pasted": (cut_and_paste, Refused("altered-form", "CT_1.1.a")),
    "phantom-rows": (phantom_rows, SAME),
    # The rest.
    "thousand-comments": (comments, SAME),
    "note-in-vni": (notes(VNI), Read("old-letters 3.3.4", notes={"3.3.4": VNI})),
    "note-in-tcvn3": (notes(TCVN3), Read("old-letters 3.3.4", notes={"3.3.4": TCVN3})),
    "very-long-note": (notes(LONG), Read(notes={"3.3.4": LONG.strip()})),
    "manual-calculation": (manual, SAME),
    "older-version": (info("TT_PHIEN_BAN", "2021.1"), Refused("wrong-version", "cchc upgrade")),
    "another-form": (info("TT_BIEU", "khac"), Refused("wrong-form", "khac")),
}  # fmt: skip


UNREAD = (
    positions.GUIDE_SHEET,
    positions.REVIEW_SHEET,
    positions.RULE_SHEET,
)  # most of the file, and never read
WHOLE = {"saved-by-another-program", "checks-deleted"}  # done to a workbook that still has them


@pytest.fixture(scope="module")
def report(tmp_path_factory) -> Path:
    """A consistent report without the sheets that are not read."""
    path = builders.workbook(tmp_path_factory.mktemp("damage") / "a.xlsx", COMMUNE, notes=NOTES)
    book = openpyxl.load_workbook(path)
    delete(*UNREAD)(book)
    book.save(path)
    return path


def expect(path: Path, outcome: Outcome) -> None:
    """Compare what becomes of a workbook with what is stated."""
    if isinstance(outcome, Refused):
        with pytest.raises(Refusal) as refused:
            read_submission(path, FORM)
        assert refused.value.code == outcome.code
        assert outcome.words in str(refused.value)
        return
    submission = read_submission(path, FORM)
    numbers = {
        id: reading.number for id, reading in submission.readings.items() if not reading.blank
    }
    blank = {id for id in COMMUNE if submission.readings[id].blank}
    expected = {id: number for id, number in {**TYPED, **outcome.figures}.items()}
    assert {**numbers, **dict.fromkeys(blank)} == {
        id: number for id, number in expected.items() if id in numbers or id in COMMUNE
    }
    assert dict(submission.notes) == outcome.notes
    found = check(FORM, submission)
    assert builders.pairs(found) == set(filter(None, outcome.found.split(", ")))
    assert all(len(one.sentence) < 1000 for one in found)
    assert not submission.is_as_issued or both_ways(path)


def both_ways(path: Path) -> bool:
    """Whether the fast way reads what the exact way reads, or steps back."""
    opened = open_package(path)
    place = locate(opened, FORM)
    names = place.book.names
    sheets = read_fast(place), read_exactly(place)
    fast, exact = (one and understand(FORM, one, names, path) for one in sheets)
    return fast is None or fast == exact


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_has_its_stated_outcome(report, tmp_path, name):
    """Right figures, a finding that names the cell, or a refusal that names the cause."""
    change, outcome = DAMAGE[name]
    path = tmp_path / "Báo cáo.xlsx"
    if name in WHOLE:
        report = builders.workbook(path, COMMUNE, notes=NOTES)
    book = openpyxl.load_workbook(report)
    change(book)
    book.save(path)
    expect(path, outcome)


FORMULAS = {
    "sum": ("4.2.1", "10+10", 20, SAME),
    "percentage": ("3.3.4", "100*103/126", 81.746, Read("", {"3.3.4": 81.746})),
    "never-computed": ("4.2.1", "10+10", None, Read("F02 4.2.1", {"4.2.1": None})),
    "percentage-never-computed": (
        "3.3.4", "100*103/126", None, Read("F02 3.3.4", {"3.3.4": None})
    ),
    "text": ("4.2.1", '"hai mươi"', "hai mươi", Read("F02 4.2.1", {"4.2.1": None})),
    "over-a-percentage": ("1.1", "100/8", 12.5, Read("R-1.1 1.1", {"1.1": 12.5})),
    "over-a-percentage-right": ("1.1", "100*4/8", 50, Read("", {"1.1": 50})),
    "to-another-file": ("4.2.1", "[1]Sheet1!$A$1", 20, SAME),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMULAS)
def test_formula_in_an_input_gives_its_result(tmp_path, name):
    """Of a formula that a clerk typed, the result counts; without one it is a finding."""
    id, formula, result, outcome = FORMULAS[name]
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE, notes=NOTES)
    typed(path, {LAYOUT.place(id): (formula, result)}, path.read_bytes())
    expect(path, outcome)


# --- the file as a whole -----------------------------------------------------------------------

STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main":
        b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/":
        b"http://purl.oclc.org/ooxml/officeDocument/",
}  # fmt: skip
TEMPLATE_MAIN = b"spreadsheetml.sheet.main+xml"


def replaced(changes: Mapping[bytes, bytes]) -> Callable[[bytes], bytes]:
    """Return what replaces some bytes in every part of a workbook."""

    def change(content: bytes) -> bytes:
        parts = read_parts(content)
        for old, new in changes.items():
            parts = {name: part.replace(old, new) for name, part in parts.items()}
        return zip_parts(parts)

    return change


FILES: dict[str, tuple[Callable[[bytes], bytes], Refused]] = {
    "strict": (replaced(STRICT), Refused("not-a-workbook", "Strict Open XML")),
    "xlsm": (
        replaced({TEMPLATE_MAIN: b"sheet.macroEnabled.main+xml"}), Refused("has-macros", "macro")
    ),
    "csv": (
        lambda content: "STT;Các chỉ tiêu\n1.1.;50".encode(),
        Refused("not-a-workbook", "văn bản hoặc CSV"),
    ),
    "web-page": (
        lambda content: b"<html><table><tr><td>1.1.</td></tr></table></html>",
        Refused("not-a-workbook", "trang web"),
    ),
    "half-downloaded": (lambda content: content[:60_000], Refused("unreadable", "tải về chưa hết")),
    "password": (
        lambda content: hostile.ATTACKS["password"].build(), Refused("encrypted", "mật khẩu")
    ),
    "empty": (lambda content: b"", Refused("not-a-workbook", "tệp rỗng")),
    "lock-file": (lambda content: b"\x05clerk" + b" " * 159, Refused("not-a-workbook", "văn bản")),
}  # fmt: skip


@pytest.mark.parametrize("name", FILES)
def test_file_of_another_kind_is_refused(tmp_path, name):
    """A file that is only called .xlsx is refused by what it is, with what to do."""
    change, outcome = FILES[name]
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    path.write_bytes(change(path.read_bytes()))
    expect(path, outcome)


@pytest.mark.parametrize("name", hostile.ATTACKS)
def test_attack_is_refused_for_what_it_is(tmp_path, name):
    """A hostile file ends in its own refusal also where a reader looks at some parts alone."""
    code, reason, build = hostile.ATTACKS[name]
    path = tmp_path / "a.xlsx"
    path.write_bytes(build())
    expect(path, Refused(code, reason))


ISSUED = read_parts(builders.blank())
DTD = b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>"


@pytest.mark.parametrize("part", ISSUED)
def test_dtd_is_refused_in_every_part_of_a_report(tmp_path, part):
    """Also in those that are never read: an officer opens the file by hand."""
    start = re.search(rb"<[A-Za-z]", ISSUED[part])
    changed = ISSUED[part][: start.start()] + DTD + ISSUED[part][start.start() :]
    path = tmp_path / "a.xlsx"
    path.write_bytes(zip_parts({**ISSUED, part: changed}))
    expect(path, Refused("unsafe-xml", "DTD"))


def test_lock_file_is_passed_over(tmp_path):
    """What Excel leaves beside an open workbook is not taken for a report."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    (tmp_path / "~$a.xlsx").write_bytes(b"\x05clerk")
    gathered = find_workbooks([tmp_path])
    lock = PassedOver(tmp_path / "~$a.xlsx", "lock")
    assert (gathered.paths, gathered.passed_over) == ((path,), (lock,))


def test_untouched_copy_is_told_its_blanks(tmp_path):
    """A workbook sent back empty gets one finding for each figure it owes, and no other."""
    findings = check(FORM, read_submission(builders.workbook(tmp_path / "a.xlsx"), FORM))
    assert {finding.rule for finding in findings} == {"L03"}
    owed = [item for item in FORM.inputs if item.kind != "percent" and item.concerns("commune")]
    assert len(findings) == len(owed)


@pytest.mark.parametrize(
    ("period", "unit", "code"),
    [
        ("2022-Q1", UNIT, "wrong-period"),
        ("2021-6T", UNIT, "wrong-period"),
        (PERIOD.code, builders.unit("99999", "Xã Không Có"), "unknown-unit"),
    ],
    ids=["period", "year", "unit"],
)
def test_report_of_another_period_or_unit_is_not_counted(tmp_path, period, unit, code):
    """What belongs elsewhere is refused by name when consolidating; the rest is counted."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(build_template(FORM, "commune", unit, FORM.period(period), (unit,)))
    right = read_submission(builders.workbook(tmp_path / "b.xlsx", COMMUNE), FORM)
    result = consolidate(FORM, [read_submission(path, FORM), right], period=PERIOD)
    assert [one.code for one in result.refused] == [code]
    assert [one.path for one in result.counted] == [right.path]


def test_report_sent_twice_is_counted_once(tmp_path):
    """Of two files of a unit the one saved last counts, and both are named."""
    two = [builders.workbook(tmp_path / name, COMMUNE) for name in ("a.xlsx", "b.xlsx")]
    read = [replace(read_submission(path, FORM), saved=float(at)) for at, path in enumerate(two)]
    result = consolidate(FORM, read, period=PERIOD)
    assert [one.path for one in result.counted] == [two[1]]
    assert "K02" in {located.finding.rule for located in result.findings}


# --- in a real program -------------------------------------------------------------------------

SAVED_AS: dict[str, tuple[dict[str, object], Outcome]] = {
    "xlsx": ({"FilterName": "Calc MS Excel 2007 XML"}, SAME),
    "xls": ({"FilterName": "MS Excel 97"}, Refused("old-format", "97–2003")),
    "ods": ({"FilterName": "calc8"}, Refused("not-a-workbook", "OpenDocument")),
    "csv": ({"FilterName": "Text - txt - csv (StarCalc)"}, Refused("not-a-workbook", "CSV")),
    "html": ({"FilterName": "HTML (StarCalc)"}, Refused("not-a-workbook", "HTML")),
}


@pytest.fixture(scope="module")
def open_report(clerk_office: Office, tmp_path_factory) -> Iterator[Book]:
    """A consistent report, open in LibreOffice."""
    path = builders.workbook(tmp_path_factory.mktemp("saved") / "a.xlsx", COMMUNE, notes=NOTES)
    with clerk_office.open(path) as book:
        yield book


@pytest.mark.office
@pytest.mark.parametrize("name", SAVED_AS)
def test_saved_by_libreoffice(clerk_office, open_report, tmp_path, name):
    """A copy as .xlsx is read the same; another format called .xlsx is refused."""
    arguments, outcome = SAVED_AS[name]
    path = tmp_path / "a.xlsx"
    properties = clerk_office.properties(**arguments)
    open_report.document.storeToURL(path.as_uri(), properties)
    expect(path, outcome)


@pytest.mark.office
def test_percentage_typed_with_its_sign_is_that_percentage(clerk_office, tmp_path):
    """“95%” is stored as 0.95; the workbook and the program both read 95, before and after."""
    path, cell = builders.workbook(tmp_path / "a.xlsx", COMMUNE, notes=NOTES), LAYOUT.cell("7.5.2")
    number = f"{positions.NUMBER}{LAYOUT.rows['7.5.2']}"
    with clerk_office.open(path) as book:
        book.recalculate()
        for text, stored, read in (("96%", 0.96, 96), ("150%", 0.96, 96), ("95", 0.95, 95)):
            book.try_type(FORM.sheet, cell, text)
            assert book.value(FORM.sheet, cell) == pytest.approx(stored), text
            assert book.value(FORM.sheet, number) == read
        saved = book.save_as(tmp_path / "b.xlsx")
    expect(saved, SAME)
