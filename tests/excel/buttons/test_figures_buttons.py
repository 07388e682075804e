"""The buttons about the figures of a form, on real xlwings code in a real spreadsheet program.

Requirements: a button writes into protected sheets and leaves them protected; it never overwrites
what is not its own; the status bar is Excel's own again whatever happens. Where a test looks for
the effect, it looks into the live workbook.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment

from tests.support import builders, communes
from tests.support.builders import COMMUNE, FORM
from tests.support.communes import C
from tests.support.open_books import (
    FIRST_ROW,
    LAYOUT,
    PAGE,
    WRONG,
    Open,
    figure,
    findings,
    notes,
    protection,
    rows,
    type_over,
)
from xl_automation.checks.finding import tally
from xl_automation.checks.seal import judge_seal
from xl_automation.errors import UserError
from xl_automation.excel.buttons import result_sheets
from xl_automation.excel.buttons.figures_buttons import check, recalculate, send_back
from xl_automation.excel.buttons.open_form import read_open, same_content
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.excel.buttons.sheet_list import NOTE_MARK
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions

pytestmark = pytest.mark.office


# --- Kiểm tra ----------------------------------------------------------------------------------


def test_check_lists_findings_with_links_and_notes(form_book: Open) -> None:
    """Every finding stands in the list with a link to its cell, and on its cells as a note."""
    book = form_book(WRONG)
    before = protection(book)
    message = check(book)
    listed = findings(book)
    sheet = book.sheets[result_sheets.FINDINGS]
    assert [row[5] for row in rows(sheet)] == [finding.message for finding in listed]
    assert [row[4] for row in rows(sheet)] == [finding.seen for finding in listed]
    links = sheet.range((FIRST_ROW, 4), (FIRST_ROW + len(listed) - 1, 4)).formula
    for (link,), finding in zip(links, listed, strict=True):
        cell = finding.cells[0].cell
        assert link == f'=HYPERLINK("#\'{PAGE}\'!{cell}","{finding.where}")'
    noted = notes(book)
    assert set(noted) == {place.cell for finding in listed for place in finding.cells}
    for finding in listed:
        words = " ".join(noted[finding.cells[0].cell].split())
        assert " ".join(finding.reason.split()) in words
    assert message.startswith(f"Có {tally(listed, 4)}. Sheet “Kết quả kiểm tra” liệt kê")
    assert protection(book) == (before[0], {**before[1], result_sheets.FINDINGS: True})
    assert book.app.screen_updating
    assert book.app.status_bar is False
    assert book.app.impl.status_texts == ["CCHC: đang kiểm tra …"]


def test_check_again_replaces_its_own_and_nothing_else(form_book: Open) -> None:
    """After the correction the list and the notes go; notes of others stay."""
    book = form_book(WRONG)
    with unlocked(book.sheets[PAGE]):
        figure(book, "2.1").add_note("Ghi chú của lãnh đạo")
    check(book)
    for id in ("1.1.b", "1.3.1", "6.1.b"):
        figure(book, id).value = COMMUNE[id]
    assert check(book).startswith(f"✓ Không có điểm nào cần xem lại. {tally([], 1)}.\n")
    assert result_sheets.FINDINGS not in book.sheet_names
    assert notes(book) == {LAYOUT.cell("2.1"): "Ghi chú của lãnh đạo"}


def test_check_finds_only_what_is_there_now(form_book: Open) -> None:
    """A second list holds the findings of the moment, not those of before."""
    book = form_book(WRONG)
    check(book)
    figure(book, "1.1.b").value = 4
    check(book)
    assert len(rows(book.sheets[result_sheets.FINDINGS])) == len(findings(book))
    assert all(note.startswith(NOTE_MARK) for note in notes(book).values())
    assert LAYOUT.cell("1.1.b") not in notes(book)
    assert book.sheet_names.count(result_sheets.FINDINGS) == 1


def test_check_leaves_sheet_of_same_name_alone(form_book: Open) -> None:
    """A sheet that only has the name of the list is the user's."""
    book = form_book(WRONG)
    with unlocked(book):
        book.sheets.add(result_sheets.FINDINGS)["A1"].value = "của tôi"
    check(book)
    check(book)
    assert book.sheets[result_sheets.FINDINGS]["A1"].value == "của tôi"
    other = book.sheets[f"{result_sheets.FINDINGS} (2)"]
    assert other["A1"].value == result_sheets.TITLES[result_sheets.FINDINGS]
    assert f"{result_sheets.FINDINGS} (3)" not in book.sheet_names


def test_check_text_of_clerk_stays_text(form_book: Open) -> None:
    """What a clerk typed is never a formula in the list."""
    book = form_book(WRONG)
    check(book)
    sheet = book.sheets[result_sheets.FINDINGS]
    (seen,) = [row[4] for row in rows(sheet) if row[2] == "6.1.b"]
    assert seen == "6.1.b = “=1+1”"
    assert all(isinstance(row[2], str) for row in rows(sheet))  # ids, not numbers


def test_check_seals_what_it_checked(form_book: Open, folder: Path) -> None:
    """The seal stands in its locked cell and is whole, open and saved, until a figure is typed."""
    book = form_book(WRONG)
    before = protection(book)
    message = check(book)
    assert message.endswith(
        f"Đã ghi dấu kiểm tra vào sheet “{positions.INFO_SHEET}”; lưu sổ (Ctrl+S) để dấu đi theo "
        "tệp."
    )
    judged = judge_seal(FORM, read_open(book).submission)
    assert judged.state == "intact"
    assert f": {tally(findings(book))}, " in f"{judged.sentence}, "
    cell = book.sheets[positions.INFO_SHEET].range(positions.info_cell(positions.SEAL_CELL))
    assert cell.value == judged.text
    assert protection(book)[1].items() >= before[1].items()
    book.save(folder / "đã kiểm tra.xlsx")
    assert judge_seal(FORM, read_submission(folder / "đã kiểm tra.xlsx", FORM)) == judged
    figure(book, "1.1.b").value = 4
    assert judge_seal(FORM, read_open(book).submission).state == "changed"


def test_check_of_form_without_the_cell_says_so(form_book: Open) -> None:
    """A form issued before there were seals is checked all the same; no cell is guessed."""
    book = form_book(WRONG)
    cell = book.sheets[positions.INFO_SHEET].range(positions.info_cell(positions.SEAL_CELL))
    book.names[positions.SEAL_CELL].delete()
    message = check(book)
    assert message.startswith(f"Có {tally(findings(book), 4)}.")
    assert "phát hành khi chưa có ô “Đã kiểm tra”" in message
    assert cell.value is None


def test_seal_that_is_not_saved_is_no_change() -> None:
    """The file of an open form says what the user sees, sealed since it was saved or not."""
    saved = builders.submission(COMMUNE)
    assert same_content(replace(saved, seal="14/06/2022 10:30 · …"), saved)
    assert not same_content(replace(saved, report_number="1"), saved)


def test_check_of_sheet_with_password_says_so(form_book: Open) -> None:
    """A password that somebody put on is named; nothing is written, nothing stays unlocked."""
    book = form_book(WRONG)
    sheet = book.sheets[PAGE]
    sheet.api.Unprotect()
    sheet.api.Protect("bí mật")
    with pytest.raises(UserError, match=f"“{PAGE}” bị khoá bằng mật khẩu.*Unprotect Sheet"):
        check(book)
    assert result_sheets.FINDINGS not in book.sheet_names
    assert sheet.api.ProtectContents
    assert book.app.status_bar is False
    sheet.api.Unprotect("bí mật")


def test_file_with_list_and_notes_is_read_like_before(folder: Path) -> None:
    """A form that is sent with what the button wrote says the same."""
    path = builders.workbook(folder / "a.xlsx", WRONG)
    before = read_submission(path, FORM)
    book = openpyxl.load_workbook(path)
    book[PAGE][LAYOUT.cell("1.1.b")].comment = Comment(f"{NOTE_MARK}\nLỗi", "CCHC")
    book.create_sheet(result_sheets.FINDINGS)["A1"] = result_sheets.TITLES[result_sheets.FINDINGS]
    book.save(path)
    assert same_content(read_submission(path, FORM), before)


# --- Tính lại tỷ lệ ----------------------------------------------------------------------------


def test_recalculate_restores_formula_typed_over(form_book: Open) -> None:
    """The formula is back, computes, is locked again, and what stood there is told."""
    book = form_book()
    formula = figure(book, "1.1").formula
    type_over(book, LAYOUT.cell("1.1"), 77)
    before = protection(book)
    message = recalculate(book)
    assert (figure(book, "1.1").formula, figure(book, "1.1").value) == (formula, 50)
    assert f"1.1 (ô {LAYOUT.cell('1.1')}): 77 → 50. Đã khôi phục công thức." in message
    ((id, _, _, was, now, _),) = rows(book.sheets[result_sheets.DIFFERENCES], FIRST_ROW - 1)
    assert (id, was, now) == ("1.1", "77", "50")
    assert protection(book) == (before[0], {**before[1], result_sheets.DIFFERENCES: True})
    figure(book, "1.1.b").value = 2
    assert figure(book, "1.1").value == 25
    assert recalculate(book).startswith("✓")
    assert result_sheets.DIFFERENCES not in book.sheet_names


def test_recalculate_tells_whatever_stood_there(form_book: Open) -> None:
    """Another formula, an error, a text cell or nothing: the form's formula is put back."""
    book = form_book()
    stood = {
        "1.1": ("=D11/D10*100", "General", "50 (=D11/D10*100) → 50."),
        "2.4": ("=1/0", "General", "“#DIV/0!” (=1/0) → 66,67."),
        "3.2.1": ("50", "@", "“50” → "),
        "3.2.2": (0.5, "0%", "0,5 → "),
        "3.2.3": (f"'{figure(book, '3.2.3').formula}", "General", "“=IF(AND(ISNUMBER("),
        "6.1": (None, "General", "(trống) → 58,85."),
    }
    before = {id: (figure(book, id).formula, figure(book, id).value) for id in stood}
    with unlocked(book.sheets[PAGE]):
        for id, (value, look, _) in stood.items():
            figure(book, id).number_format = look
            figure(book, id).value = value
    message = recalculate(book)
    for id, (_, _, told) in stood.items():
        assert f"{id} (ô {LAYOUT.cell(id)}): {told}" in message
    assert {id: (figure(book, id).formula, figure(book, id).value) for id in stood} == before


def test_recalculate_keeps_what_clerk_may_enter(form_book: Open) -> None:
    """A percentage without parts stays as entered; with both parts it is computed again."""
    book = form_book()
    id = next(item.id for item in FORM.indicators if item.helper and item.concerns("commune"))
    figure(book, id).value = 60
    assert recalculate(book).startswith("✓")
    assert figure(book, id).value == 60
    figure(book, f"{id}.tu").value, figure(book, f"{id}.mau").value = 90, 100
    assert f"{id} (ô {LAYOUT.cell(id)}): 60 → 90." in recalculate(book)
    assert figure(book, id).value == 90
    figure(book, f"{id}.tu").value = 80
    assert figure(book, id).value == 80


def test_recalculate_repairs_hidden_formulas_beneath(form_book: Open) -> None:
    """A percentage is wrong too where the hidden reading of its parts was destroyed."""
    book = form_book()
    type_over(book, f"{positions.NUMBER}{LAYOUT.rows['1.1.a']}", 99)
    assert figure(book, "1.1").value != 50
    message = recalculate(book)
    assert figure(book, "1.1").value == 50
    assert "Đã khôi phục 1 công thức; 2 ô có thay đổi" in message


# --- Trả lại đơn vị ----------------------------------------------------------------------------


def test_send_back_of_open_form_marks_a_copy(form_book: Open, folder: Path) -> None:
    """The open, saved form is given back as a copy in a folder of its own."""
    book = form_book(WRONG)
    out = folder / "Trả lại"
    message = send_back(book, out=out)
    copy = out / book.name
    assert message.startswith(f"Trả lại 1 trong 1 tệp. Bản trả ở thư mục:\n{out}")
    returned = openpyxl.load_workbook(copy)[PAGE]
    reason = returned[f"{positions.RETURNED}{LAYOUT.rows['1.1.b']}"].value
    assert "[C-1.1]" in reason
    copy.write_bytes(b"theirs")
    assert f"{copy} đã có, khác nên giữ nguyên" in send_back(book, out=out)
    assert copy.read_bytes() == b"theirs"


def test_send_back_of_unsaved_changes_is_refused(form_book: Open, folder: Path) -> None:
    """What would be given back is the file, so the file has to say what the user sees."""
    book = form_book(WRONG)
    figure(book, "1.1.b").value = 4
    with pytest.raises(UserError, match="có thay đổi chưa lưu"):
        send_back(book, out=folder / "Trả lại")
    assert not (folder / "Trả lại").exists()


def test_send_back_of_chosen_files(excel: xw.App, sent: Path) -> None:
    """Chosen files, or a folder, are given back, each with what became of it."""
    communes.workbook(sent / "xã C.xlsx", C, WRONG)
    message = send_back(excel.books.add(), [sent], sent.parent / "Trả lại")
    assert message.startswith("Trả lại 1 trong 4 tệp.")
    assert "↩ xã C.xlsx: " in message
    assert "✓ xã A.xlsx: không có gì phải trả lại" in message
    assert "✗ lạ.xlsx: " in message
    assert [path.name for path in (sent.parent / "Trả lại").iterdir()] == ["xã C.xlsx"]
