"""Requirements of what is said of old letters (TCVN3, VNI) in a workbook.

L1 Each cell into which a clerk typed old letters is named, with what stands there and what it
   says: notes, figures, the information sheet, rows of supporting tables. The text stays as it is.
L2 The font of a cell, or of a piece of its text, is known whoever saved the file; with it a word is
   known that by itself might be another.
L3 Of very many cells the first are told one by one, the others together.
L4 It is a warning in what is printed and in JSON, and the workbook goes back with those cells open.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from tests.support.builders import COMMUNE, FORM, blank, workbook
from tests.support.cells import typed
from tests.support.office import Office
from xl_automation.cli.main import main
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.reading.old_letter_remarks import MOST_TOLD
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.cell_fonts import CellFonts
from xl_automation.xlsx.package import read_parts, sheet_parts
from xl_automation.xlsx.sheet_editor import SheetEditor

LAYOUT = Layout(FORM)
TABLE = next(table for table in FORM.tables if table.open_rows)
LABEL = Address.of(TABLE.sheet, positions.TABLE_LABEL, positions.TABLE_FIRST_ROW + len(TABLE.rows))


def note_of(id: str) -> Address:
    """Return the cell of a figure's note."""
    return Address.of(FORM.sheet, positions.NOTE, LAYOUT.rows[id])


def remarks(submission: Submission) -> dict[str, str]:
    """Return what is said of old letters, by the cells."""
    olds = [remark for remark in submission.remarks if remark.rule == "old-letters"]
    return {", ".join(remark.cells): remark.seen for remark in olds}


def readings(submission: Submission) -> dict[str, str]:
    """Return what each text in old letters says, by its cell."""
    return {cell: seen.rpartition("đọc là ")[2] for cell, seen in remarks(submission).items()}


CELLS = {
    note_of("3.3.4"): ("Ch­a cã v¨n b¶n", "“Chưa có văn bản”"),
    note_of("1.1.a"): ("Chöa coù vaên baûn", "“Chưa có văn bản”"),
    LAYOUT.place("2.1"): ("kh«ng cã", "“không có”"),
    positions.info_place("TT_SO_BAO_CAO"): ("12/BC-UBND, ngµy 5", "“12/BC-UBND, ngày 5”"),
    positions.info_place("TT_NGUOI_LAP"): ("NguyÔn V¨n A", "“Nguyễn Văn A”"),
    positions.info_place("TT_NGUOI_KY"): ("TRAÀN THÒ HAÛI", "“TRẦN THỊ HẢI”"),
    LABEL: ("Thµnh phè", "“Thành phố”"),
}


def test_each_cell_is_named_with_its_reading(tmp_path: Path) -> None:
    """Wherever clerks type; honest texts beside them are left alone (L1)."""
    honest = {note_of("1.1.b"): "Không có", note_of("2.3"): "François, 5 N·m"}
    texts = {cell: text for cell, (text, _) in CELLS.items()} | honest
    path = typed(tmp_path / "a.xlsx", texts, blank())
    submission = read_submission(path, FORM)
    assert readings(submission) == {cell: reading for cell, (_, reading) in CELLS.items()}
    assert submission.notes["3.3.4"] == "Ch­a cã v¨n b¶n"
    assert submission.report_number == "12/BC-UBND, ngµy 5"


def test_honest_report_is_left_alone(tmp_path: Path) -> None:
    """Nothing is said of the workbook as issued and filled."""
    path = workbook(tmp_path / "a.xlsx", COMMUNE, notes={"2.1": "Đã đối chiếu với sổ gốc"})
    assert remarks(read_submission(path, FORM)) == {}


# --- fonts -------------------------------------------------------------------------------------

# A word that in other fonts might be a name; and pieces of which each has a font of its own.
SHORT, SHORT_READING = "bÐ", "“bé”"
PIECES = (("bÐ ", ".VnArial"), ("Đức, ", "Arial"), ("kÐo", ".VnTimeH"))
PIECES_READING = "“bé Đức, KÉO”"
FONTS = {"1.1.a": "Times New Roman", "1.1.b": ".VnTime", "2.1": ".VnTimeH", "2.3": "VNI-Times"}
BY_FONT = {
    note_of("1.1.b"): SHORT_READING,
    note_of("2.1"): "“BÉ”",
    note_of("3.3.4"): PIECES_READING,
}


def by_openpyxl(path: Path) -> None:
    """Write the texts in their fonts with openpyxl, which writes pieces in the cell itself."""
    book = openpyxl.load_workbook(path)
    page = book[FORM.sheet]
    for id, font in FONTS.items():
        cell = page[note_of(id).cell]
        cell.value, cell.font = SHORT, Font(name=font)
    blocks = [TextBlock(InlineFont(rFont=font), text) for text, font in PIECES]
    page[note_of("3.3.4").cell].value = CellRichText(*blocks)
    book.save(path)


def by_libreoffice(office: Office, path: Path) -> None:
    """Write the texts in their fonts with LibreOffice, as a person would."""
    with office.open(path) as book:
        page = book.sheet(FORM.sheet)
        page.unprotect("")
        for id, font in FONTS.items():
            cell = page.getCellRangeByName(note_of(id).cell)
            cell.setString(SHORT)
            cell.CharFontName = font
        _write_pieces(page.getCellRangeByName(note_of("3.3.4").cell))
        book.save_as(path)


def _write_pieces(cell: Any) -> None:
    cell.setString("")
    cursor = cell.createTextCursor()
    for text, font in PIECES:
        cursor.gotoEnd(False)
        cell.insertString(cursor, text, False)
        cursor.gotoEnd(False)
        cursor.goLeft(len(text), True)
        cursor.CharFontName = font


@pytest.mark.parametrize(
    "name", ["openpyxl", pytest.param("LibreOffice", marks=pytest.mark.office)]
)
def test_font_tells_what_words_do_not(name, tmp_path, request) -> None:
    """The style's font and that of each piece; an ordinary font says nothing (L2)."""
    path = workbook(tmp_path / "a.xlsx", COMMUNE)
    if name == "openpyxl":
        by_openpyxl(path)
    else:
        by_libreoffice(request.getfixturevalue("clerk_office"), path)
    submission = read_submission(path, FORM)
    assert readings(submission) == BY_FONT
    assert submission.notes["1.1.b"] == SHORT


@pytest.mark.parametrize("broken", [b"<none/>", b"<a", b'<styleSheet xmlns="x"/>'])
def test_fonts_that_cannot_be_read_say_nothing(tmp_path: Path, broken: bytes) -> None:
    """A word is then taken by itself (L2); what else is wrong with the file is said elsewhere."""
    parts = read_parts(workbook(tmp_path / "a.xlsx", COMMUNE).read_bytes())
    parts["xl/styles.xml"] = broken
    fonts = CellFonts(parts, "xl/missing.xml", "xl/styles.xml")
    assert fonts.runs("xl/worksheets/sheet1.xml", "ZZ1") == []
    assert {run.font for run in fonts.runs("xl/worksheets/sheet1.xml", "A1")} <= {""}


# --- how it is told ----------------------------------------------------------------------------


def test_of_many_cells_the_first_are_told_one_by_one(tmp_path: Path) -> None:
    """Ten, and then how many more there are, with all their cells (L3)."""
    ids = [item.id for item in FORM.figures][:25]
    path = workbook(tmp_path / "a.xlsx", COMMUNE, notes=dict.fromkeys(ids, "kh«ng cã"))
    told = [remark for remark in read_submission(path, FORM).remarks if remark.indicators]
    assert [len(remark.cells) for remark in told] == [1] * MOST_TOLD + [25 - MOST_TOLD]
    assert sorted(id for remark in told for id in remark.indicators) == sorted(ids)
    assert told[-1].seen == "và 15 ô nữa cũng gõ chữ như vậy"


def test_command_warns(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In print and in JSON, of a workbook that is otherwise in order (L4)."""
    path = workbook(tmp_path / "a.xlsx", COMMUNE, notes={"3.3.4": "Kh«ng cã"})
    assert main(["check", str(path)]) == 1
    cell = note_of("3.3.4").cell
    said = (
        f"Cảnh báo: Ô {cell} · “Kh«ng cã” là chữ TCVN3 (ABC), đọc là “Không có” – gõ bằng phông cũ"
    )
    assert said in capsys.readouterr().out
    assert main(["check", str(path), "--json", "-"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)["files"][0]["findings"]
    assert finding["rule"] == "old-letters"
    assert finding["severity"] == "warning"
    assert (finding["indicators"], finding["cells"]) == (["3.3.4"], [note_of("3.3.4")])


def test_workbook_goes_back_with_those_cells_open(tmp_path: Path) -> None:
    """Notes, names and labels of rows can be typed anew; the reason names the reading (L4)."""
    texts = {cell: text for cell, (text, _) in CELLS.items()}
    path = typed(tmp_path / "a.xlsx", texts, workbook(tmp_path / "b.xlsx", COMMUNE).read_bytes())
    (back,) = return_workbooks(FORM, [read_submission(path, FORM)], tmp_path / "out").returned
    assert set(back.opened) >= set(CELLS)
    parts = read_parts(back.copy.read_bytes())
    page = SheetEditor(parts[sheet_parts(parts)[FORM.sheet]])
    reason = "".join(page.cells[f"{positions.RETURNED}{LAYOUT.rows['3.3.4']}"].itertext())
    assert "đọc là “Chưa có văn bản”" in reason


def test_summary_tells_it(tmp_path: Path) -> None:
    """The city reads it among the findings; the note is copied as it stands."""
    path = workbook(tmp_path / "a.xlsx", COMMUNE, notes={"3.3.4": "Kh«ng cã"})
    assert main(["consolidate", str(path), "--out", str(tmp_path / "th.xlsx")]) == 1
    book = openpyxl.load_workbook(tmp_path / "th.xlsx")
    cells = {str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row}
    assert any("đọc là “Không có”" in text for text in cells)
