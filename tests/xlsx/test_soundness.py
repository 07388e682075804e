"""Requirements of the gate for what is written.

W1 What Excel could not open is a fault of the program, named by its part; what it opens passes.
W2 Every maker of workbooks passes it: new ones, copies of a series, edited ones.
"""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from io import BytesIO

import pytest

from tests.support.builders import MINI
from xl_automation.excel_limits import MAX_CELL_TEXT, MAX_LINKS
from xl_automation.template.build import build_template
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.new_workbook import NewWorkbook, workbook_bytes
from xl_automation.xlsx.package import changed_workbook, read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.series import WorkbookSeries
from xl_automation.xlsx.sheet_editor import SheetEditor
from xl_automation.xlsx.soundness import UnsoundWorkbook, check_workbook
from xl_automation.xlsx.xml_part import MAIN, PACKAGE_RELATION

SHEET = f'<worksheet xmlns="{MAIN}"><sheetData/>{{}}</worksheet>'
STRINGS = f'<sst xmlns="{MAIN}"><si><t>{{}}</t></si></sst>'
LINKS = f'<Relationships xmlns="{PACKAGE_RELATION}"><Relationship Target="{{}}"/></Relationships>'
BOOK = f'<workbook xmlns="{MAIN}"><sheets>{{}}</sheets></workbook>'
SHEET_PART, STRINGS_PART = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
LINKS_PART, BOOK_PART = "xl/worksheets/_rels/sheet1.xml.rels", "xl/workbook.xml"


def with_part(name: str, content: str) -> BytesIO:
    """Return a workbook with this part in it."""
    parts: Mapping[str, bytes] = {"[Content_Types].xml": b"<Types/>", name: content.encode()}
    return BytesIO(zip_parts(parts))


UNSOUND = {
    "not-well-formed": (SHEET_PART, "<worksheet><sheetData></worksheet>"),
    "control-character": (LINKS_PART, LINKS.format("b\x1b.xlsx")),
    "control-character-by-number": (LINKS_PART, LINKS.format("b&#x1b;.xlsx")),
    "first-control-character": (STRINGS_PART, STRINGS.format("\x01")),
    "no-character": (STRINGS_PART, STRINGS.format("\ufffe")),
    "bare-ampersand": (LINKS_PART, LINKS.format("a&b.xlsx")),
    "long-target": (LINKS_PART, LINKS.format("a" * 2080)),
    "long-text": (STRINGS_PART, STRINGS.format("ă" * (MAX_CELL_TEXT + 1))),
    "long-text-in-a-cell": (SHEET_PART, SHEET.format("<is><t>" + "a" * 40_000 + "</t></is>")),
    "long-text-in-two-pieces": (
        SHEET_PART, SHEET.format("<a/>" * 60_000 + "<t>" + "a" * 40_000 + "</t>"),
    ),
    "long-formula": (SHEET_PART, SHEET.format("<c><f>" + "1+" * 4096 + "1</f></c>")),
    "long-shared-formula": (
        SHEET_PART, SHEET.format('<c><f t="shared" si="0">' + "1+" * 4096 + "1</f></c>"),
    ),
    "long-rule-of-a-look": (SHEET_PART, SHEET.format(f"<formula>{'1+' * 4096}1</formula>")),
    "long-prompt": (SHEET_PART, SHEET.format(f'<dataValidation prompt="{"ă" * 256}"/>')),
    "long-error": (SHEET_PART, SHEET.format(f'<dataValidation error="{"ă" * 225}"/>')),
    "long-error-title": (SHEET_PART, SHEET.format(f'<dataValidation errorTitle="{"a" * 33}"/>')),
    "long-prompt-title": (SHEET_PART, SHEET.format(f'<dataValidation promptTitle="{"a" * 33}"/>')),
    "error-of-emoji": (SHEET_PART, SHEET.format(f'<dataValidation error="{"😀" * 113}"/>')),
    "long-name": (BOOK_PART, BOOK.format(f'<definedName name="{"a" * 256}"/>')),
    "text-of-emoji": (STRINGS_PART, STRINGS.format("😀" * 17_000)),
    "links": (SHEET_PART, SHEET.format('<hyperlink ref="A1"/>' * (MAX_LINKS + 1))),
    "long-sheet-name": (BOOK_PART, BOOK.format(f'<sheet name="{"a" * 32}"/>')),
    "sheet-name-with-a-slash": (BOOK_PART, BOOK.format('<sheet name="a/b"/>')),
    "sheet-name-twice": (BOOK_PART, BOOK.format('<sheet name="Đ"/><sheet name="đ"/>')),
    "empty": (BOOK_PART, ""),
}  # fmt: skip


@pytest.mark.parametrize("case", UNSOUND)
def test_what_excel_cannot_open_is_a_fault(case: str) -> None:
    """It is named by its part, and no word for a user: the program is at fault."""
    name, content = UNSOUND[case]
    with pytest.raises(UnsoundWorkbook, match=name.replace("[", ".")):
        check_workbook(with_part(name, content))


SOUND = {
    "longest-text": (STRINGS_PART, STRINGS.format("ă" * MAX_CELL_TEXT)),
    "longest-text-escaped": (STRINGS_PART, STRINGS.format("&lt;" * MAX_CELL_TEXT)),
    "longest-formula": (SHEET_PART, SHEET.format("<c><f>" + "1+" * 4095 + "12</f></c>")),
    "text-longer-than-a-formula": (SHEET_PART, SHEET.format("<is><t>" + "a" * 9000 + "</t></is>")),
    "longest-messages": (
        SHEET_PART,
        SHEET.format(
            f'<dataValidation prompt="{"&lt;" * 255}" error="{"ă" * 224}"'
            f' promptTitle="{"a" * 32}" errorTitle="{"a" * 32}" showErrorMessage="1"/>'
        ),
    ),
    "longest-name": (BOOK_PART, BOOK.format(f'<definedName name="{"a" * 255}"/>')),
    "all-links": (SHEET_PART, SHEET.format('<hyperlink ref="A1"/>' * MAX_LINKS)),
    "longest-target": (LINKS_PART, LINKS.format("a" * 2079)),
    "picture": ("xl/media/image1.png", "\x89PNG\x00\x01"),
    "sheet-name": (BOOK_PART, BOOK.format(f'<sheet name="{"ă" * 31}"/>')),
}


@pytest.mark.parametrize("case", SOUND)
def test_what_excel_opens_passes(case: str) -> None:
    """Up to the limits themselves."""
    check_workbook(with_part(*SOUND[case]))


@pytest.mark.parametrize("at", [8, -40], ids=["content", "directory"])
def test_damaged_zip_is_a_fault(at: int) -> None:
    """A byte that is another one than was written is seen by the checksum."""
    content = bytearray(zip_parts({"a.bin": b"0123456789" * 50, SHEET_PART: SHEET.encode()}))
    start = content.index(b"a.bin") + 5 if at > 0 else len(content)
    content[start + at] ^= 1
    with pytest.raises((UnsoundWorkbook, zipfile.BadZipFile)):
        check_workbook(BytesIO(content))


def test_new_workbook_passes_the_gate() -> None:
    """One that Excel could not open comes to nobody."""

    def write(book: NewWorkbook) -> None:
        book.add_worksheet("A").write_formula(0, 0, "=1\x01")

    with pytest.raises(UnsoundWorkbook, match=SHEET_PART):
        workbook_bytes(write, font_size=11)


@pytest.mark.parametrize(
    ("formula", "fault"),
    [
        ("=" + "1+" * 4095 + "12", None),
        ("=" + "1+" * 4096 + "1", "8193"),
        ('="{}"&"{}"&A1'.format("ă" * 255, '""' * 255), None),
        ('="{}"'.format("ă" * 256), "long a text"),
        ('="a"&"{}"'.format('""' * 256), "long a text"),
    ],
    ids=["longest", "too-long", "longest-texts", "long-text", "long-text-of-quotes"],
)
def test_formula_that_excel_would_not_take_is_a_fault(formula: str, fault: str | None) -> None:
    """Its length is counted where it is written, and that of each text in it."""

    def write(book: NewWorkbook) -> None:
        book.add_worksheet("A").write_formula(0, 0, formula)

    if fault is None:
        workbook_bytes(write, font_size=11)
        return
    with pytest.raises(UnsoundWorkbook, match=fault):
        workbook_bytes(write, font_size=11)


def test_edited_workbook_passes_the_gate() -> None:
    """What is changed of it; the parts that came with it were looked at when they were read."""
    came = read_parts(build_template(MINI))
    part = sheet_parts(came)[MINI.sheet]
    odd = {**came, "xl/drawings/old.vml": b"<br>"}
    assert changed_workbook({**odd, part: came[part]}, odd) == zip_parts(odd)
    with pytest.raises(UnsoundWorkbook, match=part):
        changed_workbook({**odd, part: came[part][:-5]}, odd)


def test_copy_of_a_series_passes_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each copy, by what is its own."""
    series = WorkbookSeries(build_template(MINI))
    place = Address(f"{MINI.sheet}!D9")
    assert series.workbook({place: "x\x1b"})  # a sign instead, no fault
    monkeypatch.setattr(SheetEditor, "to_bytes", lambda editor: b"<worksheet>")
    with pytest.raises(UnsoundWorkbook):
        series.workbook({place: "x"})
