"""What clerks do to a workbook, and what becomes of it.

Requirements (issue 3): whatever is done to an issued workbook, reading it gives the right figures, or
a finding that names the cell, or a refusal that names the cause. Nothing is silent, nothing guessed.

One report is damaged in each way. ``Read`` states the figures that differ from those typed and the
findings; ``Refused`` the code of the refusal and words of its message.
"""

from __future__ import annotations

import random
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, time
from pathlib import Path

import builders
import openpyxl
import pytest
from builders import COMMUNE, FORM, PERIOD, UNIT
from office import Book, Office
from openpyxl.comments import Comment
from openpyxl.workbook import Workbook
from openpyxl.worksheet.cell_range import CellRange
from openpyxl.worksheet.datavalidation import DataValidationList

from xl_automation import batch, guard, package, reader
from xl_automation import layout as at
from xl_automation.checks import check
from xl_automation.consolidate import consolidate
from xl_automation.layout import Layout
from xl_automation.reader import read_submission
from xl_automation.refusal import Refusal
from xl_automation.submission import Submission
from xl_automation.template import build_template

LAYOUT = Layout(FORM)
NOTES = {"3.3.4": "103/126 thủ tục"}
TYPED = {id: float(value) for id, value in COMMUNE.items()}
INFO = {name: f"{at.INFO_VALUE}{row}" for name, (row, _) in at.INFO_ROWS.items()}


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
    return lambda book: book[at.INFO_SHEET].__setitem__(INFO[name], value)


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
    for column in (at.UNIT, at.CHECK):
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
    area = sheet[f"A{at.FIRST_ROW}:E{LAYOUT.last_row}"]
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
        book[FORM.sheet].cell(at.FIRST_ROW + row, column + 1).comment = Comment("xem lại", "clerk")


def notes(text: str) -> Callable[[Workbook], None]:
    """Type a note."""
    return lambda book: book[FORM.sheet].__setitem__(f"{at.NOTE}{LAYOUT.rows['3.3.4']}", text)


def manual(book: Workbook) -> None:
    """Have Excel calculate by hand only."""
    book.calculation.calcMode, book.calculation.fullCalcOnLoad = "manual", False


def extra_sheets(book: Workbook) -> None:
    """Add sheets of one's own before the form, and a copy of the form."""
    book.create_sheet("Nháp", 0)["A1"] = "=1+1"
    copy = book.copy_worksheet(book[FORM.sheet])
    copy[LAYOUT.cell("1.1.a")] = 99


VNI, TCVN3 = "Baùo caùo thaùng 6", "B¸o c¸o th¸ng 6"
LONG = "Theo Quyết định số 12/QĐ-UBND; " * 1000
SUPPORT = [table.sheet for table in FORM.tables]
EVERY_BLANK = " ".join(sorted(builders.findings([{}])[0])).replace(" L03", ", L03")

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
    "information-renamed": (rename(at.INFO_SHEET, "TT"), SAME),
    "sheets-reordered": (lambda book: book.move_sheet(FORM.sheet, 4), SAME),
    "sheets-added": (extra_sheets, SAME),
    "support-deleted": (delete(*SUPPORT), SAME),
    "checks-deleted": (delete(at.REVIEW_SHEET, at.RULE_SHEET, at.GUIDE_SHEET), SAME),
    "form-deleted": (delete(FORM.sheet), Refused("wrong-form", "không có ô tên CT_1.1")),
    "information-deleted": (delete(at.INFO_SHEET), Refused("wrong-form", "không có ô tên")),
    "row-inserted": (insert_row(50), Refused("altered-form", "D51")),
    "row-inserted-below": (insert_row(LAYOUT.last_row + 3), SAME),
    "row-deleted": (delete_row(50), Refused("altered-form", "không có")),
    "rows-sorted": (sort_rows, Refused("altered-form", "ô A8")),
    "label-edited": (
        lambda book: book[FORM.sheet].__setitem__("B10", "Số việc"),
        Refused("altered-form", "“Số việc”"),
    ),
    "cut-and-pasted": (cut_and_paste, Refused("altered-form", "CT_1.1.a")),
    "phantom-rows": (phantom_rows, SAME),
    # The rest.
    "thousand-comments": (comments, SAME),
    "note-in-vni": (notes(VNI), Read(notes={"3.3.4": VNI})),
    "note-in-tcvn3": (notes(TCVN3), Read(notes={"3.3.4": TCVN3})),
    "very-long-note": (notes(LONG), Read(notes={"3.3.4": LONG.strip()})),
    "manual-calculation": (manual, SAME),
    "older-version": (info("TT_PHIEN_BAN", "2021.1"), Refused("wrong-version", "cchc upgrade")),
    "another-form": (info("TT_BIEU", "khac"), Refused("wrong-form", "khac")),
}  # fmt: skip


def damaged(path: Path, change: Callable[[Workbook], None]) -> Path:
    """Write the report, then load, change and save it as another program does."""
    builders.workbook(path, COMMUNE, notes=NOTES)
    book = openpyxl.load_workbook(path)
    change(book)
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
    assert both_ways(path)


def both_ways(path: Path) -> bool:
    """Whether the fast way reads what the exact way reads, or steps back."""
    opened = guard.open_package(path)
    names = reader.defined_names(opened)
    found = reader.find_sheets(names, FORM)
    sheets = reader.read_fast(opened, found, FORM), reader.read_exactly(opened, found)
    fast, exact = (one and reader.understand(FORM, one, names, path) for one in sheets)
    return fast is None or fast == exact


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_has_its_stated_outcome(tmp_path, name):
    """Right figures, a finding that names the cell, or a refusal that names the cause."""
    change, outcome = DAMAGE[name]
    expect(damaged(tmp_path / "Báo cáo.xlsx", change), outcome)
