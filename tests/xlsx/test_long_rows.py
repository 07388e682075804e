"""Requirements of rows that may be many.

L1 What is written one by one reads back as what it is; text is text, a number keeps every digit.
L2 The rows are made while the file is packed, one after the other.
L3 Each link leads to its file and place, by a relation of its own; those above the rows stay.
"""

from __future__ import annotations

import zipfile
from datetime import datetime
from io import BytesIO

import openpyxl
import pytest

from xl_automation.xlsx.limits import MAX_TEXT
from xl_automation.xlsx.long_rows import CellLink, LongRow
from xl_automation.xlsx.new_workbook import NewWorkbook, workbook_bytes

FIRST = 3


def written(rows, looks=({},), count=1):
    """Return a workbook whose sheet has a title and the *count* rows that *rows* makes."""

    def write(book: NewWorkbook) -> None:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_string(0, 0, "Tiêu đề", book.look(bold=True))
        sheet.autofilter(1, 0, 9, 2)
        formats = [book.look(**properties) for properties in looks]
        book.long_rows(sheet, FIRST, count, rows(*formats))

    return workbook_bytes(write, font_size=11)


def sheet_of(content):
    """Return the sheet as openpyxl sees it."""
    return openpyxl.load_workbook(BytesIO(content))["Danh sách"]


TEXTS = [
    "xã Thịnh Đức", "=1+1", "<r>a</r>", "a < b & c > \"d\" 'e'", " đầu và cuối ", "hai\ndòng",
    "Tiêu đề", "", "]]>", "http://x.example",
]  # fmt: skip


@pytest.mark.parametrize("text", TEXTS)
def test_text_stays_the_text_it_is(text):
    """Whatever it looks like; one that the sheet has already is the same text."""
    cell = sheet_of(written(lambda look: [LongRow([(text, look)])]))["A3"]
    assert cell.value == text
    assert cell.data_type in "sn"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("a\x07b", "a␇b"), ("_x0041_", "_x005F_x0041_"), ("\r", "_x000D_"),
        ("\ufffe", "&lt;U+FFFE&gt;"), ("\udc80", "&lt;0x80&gt;"),
    ],
)  # fmt: skip
def test_what_xml_cannot_hold_is_a_visible_sign(text, stored):
    """Control characters, what is no character; and what Excel would take for an escape."""
    content = written(lambda look: [LongRow([(text, look)])])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        assert f"<t>{stored}</t>" in archive.read("xl/sharedStrings.xml").decode()


def test_too_long_a_text_is_cut():
    """At what a cell of Excel holds."""
    sheet = sheet_of(written(lambda look: [LongRow([("ă" * 40_000, look)])]))
    assert sheet["A3"].value == "ă" * MAX_TEXT


@pytest.mark.parametrize("number", [0, 8, -5, 4_860_000, 58.85, 0.1 + 0.2, 1e22, 1.5e-7])
def test_numbers_keep_every_digit(number):
    """Whole or not."""
    assert sheet_of(written(lambda look: [LongRow([(number, look)])]))["A3"].value == number


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(number):
    """No file could be opened that had it in a cell."""
    with pytest.raises(ValueError, match="no cell can hold"):
        written(lambda look: [LongRow([(number, look)])])


def test_times_blanks_and_empty_places():
    """A time is a number with the format of its look; None as content is blank, as cell nothing."""
    when = datetime(2022, 6, 15, 14, 30, 5)
    sheet = sheet_of(
        written(
            lambda time, bold: [LongRow([(when, time), None, (None, bold)])],
            [{"num_format": "dd/mm/yyyy hh:mm:ss"}, {"bold": True}],
        )
    )
    assert sheet["A3"].value == when
    assert (sheet["B3"].has_style, sheet["B3"].value) == (False, None)
    assert (sheet["C3"].font.bold, sheet["C3"].value) == (True, None)


def test_rows_follow_each_other_with_their_heights():
    """From the first on, each as tall as it says; what stood above stays."""
    sheet = sheet_of(
        written(
            lambda look: (LongRow([(n, look)], 20.0 + n if n else None) for n in range(3)),
            count=3,
        )
    )
    assert [cell.value for cell in sheet["A"]] == ["Tiêu đề", None, 0, 1, 2]
    assert [sheet.row_dimensions[row].height for row in (3, 4, 5)] == [None, 21, 22]
    assert sheet.auto_filter.ref == "A2:C10"


def test_no_rows_at_all():
    """Leave what stood above, and nothing of the specimens."""
    sheet = sheet_of(written(lambda *looks: [], [{"bold": True}, {"italic": True}], 0))
    assert [cell.value for row in sheet.iter_rows() for cell in row] == ["Tiêu đề"]


def test_links_lead_to_their_files_and_places():
    """Each cell shows its text; two links to one file are two."""
    links = [
        CellLink("D12", "a%20b.xlsx", "'Phụ lục'!D12"),
        CellLink("a b.xlsx", "a%20b.xlsx"),
        CellLink("c", "..\\c&d.xlsx", "'Phụ lục'!A1"),
    ]
    content = written(lambda look: (LongRow([(link, look)]) for link in links), count=len(links))
    cells = [cell for (cell,) in sheet_of(content)["A3:A5"]]
    assert [(c.value, c.hyperlink.target, c.hyperlink.location) for c in cells] == [
        (link.content, link.target, link.location or None) for link in links
    ]
    with zipfile.ZipFile(BytesIO(content)) as archive:
        relations = archive.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
    assert relations.count("<Relationship ") == len(links)


def test_number_that_is_a_link_stays_a_number():
    """Every digit of it; a code or a text beside it is a link as well."""
    contents = [585_116, 99.96, -3, 0.1 + 0.2, "KAD"]
    row = [CellLink(content, "a.xlsx", f"'Phụ lục'!D{n}") for n, content in enumerate(contents, 9)]
    sheet = sheet_of(written(lambda look: [LongRow([(link, look) for link in row])]))
    assert [(cell.value, cell.hyperlink.location) for cell in sheet[3]] == [
        (link.content, link.location) for link in row
    ]
    assert [cell.data_type for cell in sheet[3]] == ["n"] * 4 + ["s"]


def test_links_above_the_rows_stay_beside_theirs():
    """In one list of links, which is all that a sheet may have; without links there is none."""

    def content(titled, *cells):
        def write(book: NewWorkbook) -> None:
            sheet = book.add_worksheet("Danh sách")
            sheet.write_string("A1", "Tiêu đề")
            if titled:
                sheet.write_url("B1", "internal:'Danh sách'!A9", string="xuống")
            look = book.look()
            book.long_rows(sheet, FIRST, 1, [LongRow([(cell, look) for cell in cells])])

        return workbook_bytes(write, font_size=11)

    linked = CellLink(5, "a.xlsx", "'Phụ lục'!D12")
    for titled, cells, expected in (
        (True, [linked], {"B1": (None, "'Danh sách'!A9"), "A3": ("a.xlsx", "'Phụ lục'!D12")}),
        (True, [5], {"B1": (None, "'Danh sách'!A9")}),
        (False, [linked], {"A3": ("a.xlsx", "'Phụ lục'!D12")}),
        (False, [5], {}),
    ):
        made = content(titled, *cells)
        found = {
            cell.coordinate: (cell.hyperlink.target, cell.hyperlink.location)
            for row in sheet_of(made).iter_rows()
            for cell in row
            if cell.hyperlink
        }
        assert found == expected
        with zipfile.ZipFile(BytesIO(made)) as archive:
            xml = archive.read("xl/worksheets/sheet1.xml").decode()
        assert xml.count("<hyperlinks>") == bool(expected)


def test_links_to_files_above_the_rows_are_refused():
    """Their relations would be those of others."""

    def write(book: NewWorkbook) -> None:
        sheet = book.add_worksheet("Danh sách")
        sheet.write_url("B1", "external:a.xlsx")
        book.long_rows(sheet, FIRST, 1, [LongRow([(None, book.look())])])

    with pytest.raises(ValueError, match="no link can lead to a file"):
        workbook_bytes(write, font_size=11)


def test_rows_are_made_one_by_one():
    """A row is asked for when the one before is written: never are two of them there at once."""
    alive = 0

    class Counted(list):
        def __del__(self):
            nonlocal alive
            alive -= 1

    def rows(look):
        nonlocal alive
        for _ in range(50):
            alive += 1
            assert alive <= 2  # this one, and the last that the writer still holds
            yield LongRow(Counted([("x", look)]))

    assert len(list(sheet_of(written(rows, count=50))["A"])) == FIRST - 1 + 50


@pytest.mark.parametrize("count", [0, 1, 7])
def test_size_of_the_sheet_is_said_before_the_rows(count):
    """Readers that go row by row need not go through all of them to learn it."""
    content = written(lambda look: [LongRow([(1, look)])] * count, count=count)
    sheet = openpyxl.load_workbook(BytesIO(content), read_only=True)["Danh sách"]
    assert sheet.calculate_dimension() == f"A1:A{FIRST + count - 1 if count else 1}"


@pytest.mark.parametrize("count", [0, 2])
def test_other_number_of_rows_than_was_said_is_a_bug(count):
    """The size of the sheet would be wrong."""
    with pytest.raises(ValueError, match="rows were said to come"):
        written(lambda look: [LongRow([(1, look)])], count=count)


def test_format_asked_for_too_late_is_a_bug():
    """A look that the workbook did not know before ends in an error, not in a guess."""
    with pytest.raises(KeyError):
        written(lambda look: [LongRow([("x", NewWorkbook(BytesIO(), 11).look(bold=True))])])
