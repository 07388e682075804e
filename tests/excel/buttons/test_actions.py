"""What the ribbon buttons do, on real xlwings code in a real spreadsheet program.

Requirements: a button reads the open workbook as it stands, saved or not, by the
rules of the reader; it writes into protected sheets and leaves them protected; it never overwrites
what is not its own; the status bar is Excel's own again whatever happens; what goes wrong is a
Vietnamese sentence. Where a test looks for the effect, it looks into the live workbook.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import openpyxl
import pytest
import xlwings as xw
from openpyxl.comments import Comment

from tests.support import builders, communes
from tests.support.builders import COMMUNE, DISTRICT, FORM
from tests.support.communes import A, B, C
from xl_automation.checks.check import check
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.errors import UserError
from xl_automation.excel.buttons import actions, dialogs, result_sheets
from xl_automation.excel.buttons.dialogs import Cancelled
from xl_automation.excel.buttons.open_workbook import (
    _cells,
    read_open,
    same_content,
    unlocked,
    working,
)
from xl_automation.excel.buttons.sheet_list import NOTE_MARK
from xl_automation.forms.numbers import BLANK, CellError, Reading
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.reader import read_submission
from xl_automation.summary.places import TOTALS
from xl_automation.summary.write import write_summary
from xl_automation.template import positions
from xl_automation.template.layout import Layout

pytestmark = pytest.mark.office

LAYOUT = Layout(FORM)
PAGE = FORM.sheet
TABLE = FORM.tables[0]
WRONG: builders.Fill = {**COMMUNE, "1.1.b": 12, "1.3.1": "03", "6.1.b": "=1+1"}
FIRST_ROW = 6  # of a list under two remarks

Open = Callable[..., xw.Book]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a Vietnamese name."""
    path = tmp_path / "Hồ sơ & số liệu"
    path.mkdir()
    return path


@pytest.fixture
def form_book(excel: xw.App, folder: Path) -> Open:
    """Opens a form with figures in it; its file is in *folder*."""

    def opened(fill: builders.Fill = COMMUNE, **more: Any) -> xw.Book:
        path = folder / "Báo cáo xã Đắk Nông — tháng 7.xlsx"
        return xw.Book(builders.workbook(path, fill, **more))

    return opened


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What `run` told the user; its log is in a temporary folder."""
    found: list[str] = []
    monkeypatch.setattr(actions, "tell", lambda text, is_good=False: found.append(text))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "local"))
    return found


def findings(book: xw.Book) -> list[Finding]:
    """Return the findings of an open form."""
    return check(FORM, read_open(book, FORM).submission)


def protection(book: xw.Book) -> tuple[bool, dict[str, bool]]:
    """Return what is protected in a workbook."""
    return book.api.ProtectStructure, {s.name: s.api.ProtectContents for s in book.sheets}


def notes(book: xw.Book) -> dict[str, str]:
    """Return the notes on the form's sheet by address."""
    return {note.location.get_address(False, False): note.text for note in book.sheets[PAGE].notes}


def rows(sheet: xw.Sheet, first: int = FIRST_ROW) -> list[list[Any]]:
    """Return the rows of a list."""
    used = sheet.used_range.last_cell
    found: list[list[Any]] = sheet.range((first, 1), used).options(ndim=2).value
    return found


def type_over(book: xw.Book, cell: str, value: object) -> None:
    """Type into a locked cell of the form's sheet, as someone does who lifted the protection."""
    sheet = book.sheets[PAGE]
    with unlocked(sheet):
        sheet.range(cell).value = value


def figure(book: xw.Book, id: str) -> xw.Range:
    """Return the cell of a figure or helper."""
    return book.sheets[PAGE].range(LAYOUT.cell(id))


def press(book: xw.Book, action: str) -> None:
    """Press a button as the add-in does."""
    book.set_mock_caller()
    actions.run(action)


# --- reading what is open ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fill", "level"),
    [
        ({**COMMUNE, "2.2": "-", "4.2.3": "07", "6.1.a": "4.860", "3.3.4": "81,75 %"}, "commune"),
        ({**DISTRICT, "1.2.1": None, "1.2.1.tu": 4, "1.2.1.mau": "12", "2.2": "=1+1"}, "district"),
    ],
    ids=["commune", "district"],
)
def test_open_form_says_what_its_file_says(
    form_book: Open, fill: builders.Fill, level: str
) -> None:
    """The live cells and the saved file give the same submission, notes included."""
    notes = {"1.1": "Theo Kế hoạch số 12", "3.3.3": "=1+1", "1.2.3.a": "0"}
    book = form_book({id: v for id, v in fill.items() if v is not None}, level=level, notes=notes)
    now = read_open(book, FORM).submission
    assert same_content(now, read_submission(Path(book.fullname), FORM))
    assert now.readings["2.2"].text == fill["2.2"]


# (what is typed, in a cell of which format) -> how it is read
KINDS: dict[str, tuple[object, str, Reading]] = {
    "1.3.1": ("=1/0", "General", Reading(text="#DIV/0!")),
    "1.3.2": ("=2+3", "General", Reading(5.0)),
    "1.3.3": ("'=2+3", "General", Reading(text="=2+3")),
    "1.4.1": (True, "BOOLEAN", Reading(text="TRUE")),
    "1.4.2": (dt.date(2022, 6, 14), "dd/mm/yyyy", Reading(text="14/06/2022")),
    "2.3": (None, "General", BLANK),
    "3.2.1.a": ("'03", "General", Reading(3.0, "03", True)),
    "6.1.a": (1.5, '#,##0 "₫"', Reading(1.5)),
    "3.3.4": (0.95, "0%", Reading(95.0, "95%")),
    "7.5.2": ("'=1+1", "General", Reading(text="=1+1")),  # over a formula: typed all the same
}


def test_open_form_keeps_kinds_of_cells_apart(form_book: Open) -> None:
    """Errors, results of formulas, texts that look like them, and blanks are not mixed up."""
    book = form_book()
    with unlocked(book.sheets[PAGE]):
        for id, (value, look, _) in KINDS.items():
            figure(book, id).number_format = look
            figure(book, id).value = value
    found = read_open(book, FORM).submission.readings
    assert {id: found[id] for id in KINDS} == {id: kind[2] for id, kind in KINDS.items()}


def test_open_form_with_supporting_table_and_dates_is_read(form_book: Open) -> None:
    """Supporting cells and the information sheet are read too, and what was typed over."""
    book = form_book()
    column = TABLE.inputs[0]
    book.sheets[TABLE.sheet].range(positions.table_cell(TABLE, column, 1)).value = 5
    row = positions.INFO_ROWS["TT_NGAY_BAO_CAO"][0]
    book.sheets[positions.INFO_SHEET].range(f"B{row}").value = dt.date(2022, 6, 14)
    type_over(book, LAYOUT.cell("1.1"), 77)
    now = read_open(book, FORM).submission
    assert now.readings[f"{TABLE.id}.1.{column.id}"] == Reading(5.0)
    assert now.dates["@report_date"] == dt.date(2022, 6, 14)
    assert now.readings["1.1"] == Reading(77.0)
    assert (now.unit_code, now.period) == ("05497", builders.PERIOD)


def test_foreign_workbook_is_refused_and_left_alone(excel: xw.App) -> None:
    """A workbook that is not the form is named, and what to use instead."""
    book = excel.books.add()
    book.sheets[0]["A1"].value = "Danh sách"
    for action in (actions.check, actions.recalculate, actions.export_pdf, actions.compare):
        with pytest.raises(UserError, match=f"“{book.name}”: Đây không phải biểu mẫu"):
            action(book)
    assert book.sheet_names == ["Sheet1"]
    assert excel.status_bar is False


# --- Kiểm tra ----------------------------------------------------------------------------------


def test_check_lists_findings_with_links_and_notes(form_book: Open) -> None:
    """Every finding stands in the list with a link to its cell, and on its cells as a note."""
    book = form_book(WRONG)
    before = protection(book)
    message = actions.check(book)
    found = findings(book)
    sheet = book.sheets[result_sheets.FINDINGS]
    assert [row[5] for row in rows(sheet)] == [one.message for one in found]
    assert [row[4] for row in rows(sheet)] == [one.seen for one in found]
    links = sheet.range((FIRST_ROW, 4), (FIRST_ROW + len(found) - 1, 4)).formula
    for (link,), one in zip(links, found, strict=True):
        cell = one.cells[0].removeprefix(f"{PAGE}!")
        assert link == f'=HYPERLINK("#\'{PAGE}\'!{cell}","{one.where}")'
    assert set(notes(book)) == {cell.split("!")[1] for one in found for cell in one.cells}
    assert "[F03]" in notes(book)[LAYOUT.cell("1.3.1")]
    assert message.startswith("Có 4 lỗi, 1 cảnh báo. Sheet “Kết quả kiểm tra” liệt kê")
    assert protection(book) == (before[0], {**before[1], result_sheets.FINDINGS: True})
    assert book.app.screen_updating
    assert book.app.status_bar is False
    assert book.app.impl.status_texts == ["CCHC: đang kiểm tra …"]


def test_check_again_replaces_its_own_and_nothing_else(form_book: Open) -> None:
    """After the correction the list and the notes go; notes of others stay."""
    book = form_book(WRONG)
    with unlocked(book.sheets[PAGE]):
        figure(book, "2.1").add_note("Ghi chú của lãnh đạo")
    actions.check(book)
    for id in ("1.1.b", "1.3.1", "6.1.b"):
        figure(book, id).value = COMMUNE[id]
    assert actions.check(book) == "✓ Không có điểm nào cần xem lại."
    assert result_sheets.FINDINGS not in book.sheet_names
    assert notes(book) == {LAYOUT.cell("2.1"): "Ghi chú của lãnh đạo"}


def test_check_finds_only_what_is_there_now(form_book: Open) -> None:
    """A second list holds the findings of the moment, not those of before."""
    book = form_book(WRONG)
    actions.check(book)
    figure(book, "1.1.b").value = 4
    actions.check(book)
    assert len(rows(book.sheets[result_sheets.FINDINGS])) == len(findings(book))
    assert all(note.startswith(NOTE_MARK) for note in notes(book).values())
    assert LAYOUT.cell("1.1.b") not in notes(book)
    assert book.sheet_names.count(result_sheets.FINDINGS) == 1


def test_check_leaves_sheet_of_same_name_alone(form_book: Open) -> None:
    """A sheet that only has the name of the list is the user's."""
    book = form_book(WRONG)
    with unlocked(book):
        book.sheets.add(result_sheets.FINDINGS)["A1"].value = "của tôi"
    actions.check(book)
    actions.check(book)
    assert book.sheets[result_sheets.FINDINGS]["A1"].value == "của tôi"
    other = book.sheets[f"{result_sheets.FINDINGS} (2)"]
    assert other["A1"].value == result_sheets.TITLES[result_sheets.FINDINGS]
    assert f"{result_sheets.FINDINGS} (3)" not in book.sheet_names


def test_check_text_of_clerk_stays_text(form_book: Open) -> None:
    """What a clerk typed is never a formula in the list."""
    book = form_book(WRONG)
    actions.check(book)
    sheet = book.sheets[result_sheets.FINDINGS]
    (seen,) = [row[4] for row in rows(sheet) if row[2] == "6.1.b"]
    assert seen == "6.1.b = “=1+1”"
    assert all(isinstance(row[2], str) for row in rows(sheet))  # ids, not numbers


def test_check_of_sheet_with_password_says_so(form_book: Open) -> None:
    """A password that somebody put on is named; nothing is written, nothing stays unlocked."""
    book = form_book(WRONG)
    sheet = book.sheets[PAGE]
    sheet.api.Unprotect()
    sheet.api.Protect("bí mật")
    with pytest.raises(UserError, match=f"“{PAGE}” bị khoá bằng mật khẩu.*Unprotect Sheet"):
        actions.check(book)
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
    message = actions.recalculate(book)
    assert (figure(book, "1.1").formula, figure(book, "1.1").value) == (formula, 50)
    assert f"1.1 (ô {LAYOUT.cell('1.1')}): 77 → 50. Đã khôi phục công thức." in message
    ((id, _, _, was, now, _),) = rows(book.sheets[result_sheets.DIFFERENCES], FIRST_ROW - 1)
    assert (id, was, now) == ("1.1", "77", "50")
    assert protection(book) == (before[0], {**before[1], result_sheets.DIFFERENCES: True})
    figure(book, "1.1.b").value = 2
    assert figure(book, "1.1").value == 25
    assert actions.recalculate(book).startswith("✓")
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
    message = actions.recalculate(book)
    for id, (_, _, told) in stood.items():
        assert f"{id} (ô {LAYOUT.cell(id)}): {told}" in message
    assert {id: (figure(book, id).formula, figure(book, id).value) for id in stood} == before


def test_recalculate_keeps_what_clerk_may_enter(form_book: Open) -> None:
    """A percentage without parts stays as entered; with both parts it is computed again."""
    book = form_book()
    id = next(item.id for item in FORM.indicators if item.helper and item.concerns("commune"))
    figure(book, id).value = 60
    assert actions.recalculate(book).startswith("✓")
    assert figure(book, id).value == 60
    figure(book, f"{id}.tu").value, figure(book, f"{id}.mau").value = 90, 100
    assert f"{id} (ô {LAYOUT.cell(id)}): 60 → 90." in actions.recalculate(book)
    assert figure(book, id).value == 90
    figure(book, f"{id}.tu").value = 80
    assert figure(book, id).value == 80


def test_recalculate_repairs_hidden_formulas_beneath(form_book: Open) -> None:
    """A percentage is wrong too where the hidden reading of its parts was destroyed."""
    book = form_book()
    type_over(book, f"{positions.NUMBER}{LAYOUT.rows['1.1.a']}", 99)
    assert figure(book, "1.1").value != 50
    message = actions.recalculate(book)
    assert figure(book, "1.1").value == 50
    assert "Đã khôi phục 1 công thức; 2 ô có thay đổi" in message


# --- Biểu mẫu mới, Phát hành -------------------------------------------------------------------


def test_new_form_is_written_and_opened(excel: xw.App, folder: Path) -> None:
    """The blank form of the level asked for is open in front of the user."""
    out = folder / "Biểu mẫu thành phố.xlsx"
    assert actions.new_form(excel.books.add(), out, "district") == ""
    assert excel.books.active.fullname == str(out)
    assert read_open(excel.books.active, FORM).submission.level == "district"


def test_new_form_never_overwrites(excel: xw.App, folder: Path, told: list[str]) -> None:
    """A name that is taken is refused with what to do; the file there is untouched."""
    out = folder / "đã có.xlsx"
    out.write_bytes(b"x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, "pick_new_file", lambda *_: out)
        press(excel.books.add(), "new_form")
    assert told[0].startswith(f"{out} đã có; chương trình không ghi đè.")
    assert out.read_bytes() == b"x"


def test_issue_writes_a_form_per_unit(excel: xw.App, folder: Path) -> None:
    """Each unit of the list gets its form; the status bar counts them."""
    units = folder / "đơn vị.csv"
    units.write_text("code,name\n05497,Xã Thịnh Đức\n05446,Phường Tân Lập\n", encoding="utf-8")
    out = folder / "Phát hành"
    message = actions.issue(excel.books.add(), units, "2022-6T", out)
    assert message.startswith("Đã phát hành 2 biểu mẫu, 6 tháng đầu năm 2022")
    read = [read_submission(path, FORM) for path in sorted(out.iterdir())]
    assert {one.unit_name for one in read} == {"Xã Thịnh Đức", "Phường Tân Lập"}
    assert excel.impl.status_texts[-1] == "CCHC: đã phát hành 2/2 …"
    assert excel.status_bar is False


@pytest.mark.parametrize(
    ("text", "period", "says"),
    [
        ("ma,ten\n1,A\n", "2022-6T", "phải có ít nhất hai cột code, name"),
        ("code,name\n1,A\n", "2022-T6", "Kỳ báo cáo “2022-T6” không có"),
    ],
    ids=["columns", "period"],
)
def test_issue_says_what_is_wrong_with_its_input(
    excel: xw.App, folder: Path, text: str, period: str, says: str
) -> None:
    """A bad list or period is a sentence, and nothing is written."""
    units = folder / "đơn vị.csv"
    units.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=says):
        actions.issue(excel.books.add(), units, period, folder / "ra")
    assert not (folder / "ra").exists()


# --- Tổng hợp thư mục --------------------------------------------------------------------------


@pytest.fixture
def sent(folder: Path) -> Path:
    """A folder of two good reports, a file of another kind, a lock file and a note."""
    path = folder / "Đã gửi"
    communes.workbook(path / "xã A.xlsx", A, COMMUNE)
    communes.workbook(path / "con" / "xã B.xlsx", B, {**COMMUNE, "1.1.a": 12})
    openpyxl.Workbook().save(path / "lạ.xlsx")
    (path / "~$xã A.xlsx").write_bytes(b"lock")
    (path / "ghi chú.txt").write_text("x")
    return path


def test_consolidate_writes_and_opens_the_summary(excel: xw.App, sent: Path) -> None:
    """One click: the folder's summary is open and its live totals are those of the reports."""
    book = excel.books.add()  # no form needs to be open
    message = actions.consolidate(book, sent)
    summary = excel.books.active
    assert summary.fullname == str(sent / "Tổng hợp 2022-6T.xlsx")
    totals = [row[3] for row in rows(summary.sheets[TOTALS], 5)]
    assert totals[list(FORM.by_id).index("1.1.a")] == 20
    assert message.startswith("Đã tổng hợp 6 tháng đầu năm 2022: nhận 3 tệp, tính 2, từ chối 1;")
    assert "✗ lạ.xlsx: Đây không phải biểu mẫu" in message
    assert excel.impl.status_texts[1:4] == [f"CCHC: đã đọc {n}/3 …" for n in (1, 2, 3)]
    assert (excel.status_bar, excel.screen_updating) == (False, True)


def test_consolidate_again_replaces_only_its_closed_summary(excel: xw.App, sent: Path) -> None:
    """An earlier summary is no report, and is replaced unless it is open or is not a summary."""
    book, first = excel.books.add(), sent / "Tổng hợp 2022-6T.xlsx"
    actions.consolidate(book, sent)
    message = actions.consolidate(book, sent)
    assert "nhận 3 tệp" in message
    assert excel.books.active.fullname == str(sent / "Tổng hợp 2022-6T (2).xlsx")
    for name in (first.name, "Tổng hợp 2022-6T (2).xlsx"):
        excel.books[name].close()
        (sent / name).unlink()
    first.write_bytes(b"mine")
    communes.workbook(sent / "xã C.xlsx", C, COMMUNE)
    actions.consolidate(book, sent)
    assert first.read_bytes() == b"mine"
    excel.books.active.close()
    actions.consolidate(book, sent)
    assert excel.books.active.name == "Tổng hợp 2022-6T (2).xlsx"
    assert not (sent / "Tổng hợp 2022-6T (3).xlsx").exists()


def test_consolidate_of_two_periods_asks_which(
    excel: xw.App, sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the reports do not settle the period, the user does."""
    communes.workbook(sent / "xã C.xlsx", C, COMMUNE, FORM.period("2022-Q1"))
    (sent / "xã A.xlsx").unlink()
    monkeypatch.setattr(dialogs, "ask_text", lambda *_: "2022-Q1")
    assert "Đã tổng hợp Quý I năm 2022" in actions.consolidate(excel.books.add(), sent)
    monkeypatch.setattr(dialogs, "ask_text", lambda *_: "quý một")
    with pytest.raises(UserError, match="Kỳ báo cáo “quý một” không có"):
        actions.consolidate(excel.books.add(), sent)


def test_consolidate_of_folder_without_reports_says_so(excel: xw.App, folder: Path) -> None:
    """An empty folder is named; no empty summary is written."""
    with pytest.raises(UserError, match="Không có báo cáo Excel nào trong thư mục"):
        actions.consolidate(excel.books.add(), folder)
    assert list(folder.iterdir()) == []


def test_consolidate_without_right_to_write_is_told(
    excel: xw.App, sent: Path, told: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A folder that cannot be written is a sentence with what to do and the log; no traceback."""

    def denied(path: Path, _: bytes) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr("xl_automation.summary.write.write_whole", denied)
    monkeypatch.setattr(dialogs, "pick_folder", lambda *_: sent)
    press(excel.books.add(), "consolidate")
    (message,) = told
    log = tmp_path / "local" / "CCHC" / "log" / "cchc.log"
    assert message.startswith(f"Không đọc hoặc ghi được {sent / 'Tổng hợp 2022-6T.xlsx'}")
    assert "thư mục mà bạn có quyền ghi" in message
    assert message.endswith(f"Nhật ký:\n{log}")
    assert "Traceback" not in message
    assert "PermissionError" in log.read_text(encoding="utf-8")
    assert (excel.status_bar, excel.screen_updating) == (False, True)
    assert not list(sent.glob("Tổng hợp*"))


# --- Trả lại đơn vị ----------------------------------------------------------------------------


def test_run_without_a_log_is_a_sentence(told: list[str], tmp_path: Path) -> None:
    """Where the log cannot be written the user reads so; no traceback."""
    (tmp_path / "local" / "CCHC").mkdir(parents=True)
    (tmp_path / "local" / "CCHC" / "log").write_text("in the way")
    actions.run("guide")
    (message,) = told
    assert message.startswith("Không ghi được nhật ký")


def test_error_of_newer_excel_in_an_open_workbook_is_an_error() -> None:
    """A button takes #SPILL!, which xlwings hands over as a number, for the error it is."""
    value = [[-2146826243, -2146826243.0]]
    area = SimpleNamespace(
        options=lambda **_: SimpleNamespace(value=value), formula=[["", ""]], row=1, column=1
    )
    found = [each for _, each, _ in _cells(area)]  # type: ignore[arg-type]
    assert found == [CellError("#SPILL!"), -2146826243.0]


def test_send_back_of_open_form_marks_a_copy(form_book: Open, folder: Path) -> None:
    """The open, saved form is given back as a copy in a folder of its own."""
    book = form_book(WRONG)
    out = folder / "Trả lại"
    message = actions.send_back(book, out=out)
    copy = out / book.name
    assert message.startswith(f"Trả lại 1 trong 1 tệp. Bản trả ở thư mục:\n{out}")
    returned = openpyxl.load_workbook(copy)[PAGE]
    reason = returned[f"{positions.RETURNED}{LAYOUT.rows['1.1.b']}"].value
    assert "[C-1.1]" in reason
    with pytest.raises(FileExistsError):
        actions.send_back(book, out=out)


def test_send_back_of_unsaved_changes_is_refused(form_book: Open, folder: Path) -> None:
    """What would be given back is the file, so the file has to say what the user sees."""
    book = form_book(WRONG)
    figure(book, "1.1.b").value = 4
    with pytest.raises(UserError, match="có thay đổi chưa lưu"):
        actions.send_back(book, out=folder / "Trả lại")
    assert not (folder / "Trả lại").exists()


def test_send_back_of_chosen_files(excel: xw.App, sent: Path) -> None:
    """Chosen files, or a folder, are given back, each with what became of it."""
    communes.workbook(sent / "xã C.xlsx", C, WRONG)
    message = actions.send_back(excel.books.add(), [sent], sent.parent / "Trả lại")
    assert message.startswith("Trả lại 1 trong 4 tệp.")
    assert "↩ xã C.xlsx: " in message
    assert "✓ xã A.xlsx: không có gì phải trả lại" in message
    assert "✗ lạ.xlsx: " in message
    assert [path.name for path in (sent.parent / "Trả lại").iterdir()] == ["xã C.xlsx"]


# --- Đối chiếu kỳ trước ------------------------------------------------------------------------


@pytest.fixture
def earlier(folder: Path) -> Path:
    """The summary of the first quarter, in which Thịnh Đức reported other figures."""
    quarter = FORM.period("2022-Q1")
    unit = FORM.unit("05497")
    one = communes.report(unit, {**COMMUNE, "1.1.a": 10, "1.3.1": 7}, quarter)
    path = folder / "Tổng hợp quý I.xlsx"
    write_summary(consolidate(FORM, [one], period=quarter), path)
    return path


def test_compare_lists_changes_and_findings(form_book: Open, earlier: Path) -> None:
    """Each figure stands beside the earlier one with difference and rate; T rules speak up."""
    book = form_book()
    message = actions.compare(book, earlier)
    sheet = book.sheets[result_sheets.CHANGES]
    header = next(row for row in range(1, 20) if sheet.range((row, 1)).value == "Chỉ tiêu")
    found = {row[0]: row[4:8] for row in rows(sheet, header + 1)}
    assert found["1.1.a"] == [10, 8, -2, -20]
    assert found["1.1"] == [40, 50, 10, None]  # points, no rate of a percentage
    assert found["2.1"][2] in (0, None)
    assert "So với Quý I năm 2022: 3 trong" in message
    told = " ".join(str(row) for row in rows(sheet, 1))
    assert "[T" in told
    assert protection(book)[0]
    actions.compare(book, earlier)
    assert book.sheet_names.count(result_sheets.CHANGES) == 1


def test_compare_takes_an_earlier_workbook_too(form_book: Open, folder: Path) -> None:
    """The unit's own workbook of an earlier period does as well as a summary."""
    fill = {**COMMUNE, "1.1.a": 16}
    path = communes.workbook(
        folder / "quý I.xlsx", FORM.unit("05497"), fill, FORM.period("2022-Q1")
    )
    assert "So với Quý I năm 2022: 2 trong" in actions.compare(form_book(), path)


@pytest.mark.parametrize(
    ("unit", "period", "says"),
    [
        (FORM.unit("05497"), "2022-N", "không phải của kỳ trước"),
        (FORM.unit("05446"), "2022-Q1", "không có số liệu của Xã Thịnh Đức"),
        (builders.unit("05497", "Xã Khác"), "2022-Q1", "không có số liệu của Xã Thịnh Đức"),
    ],
    ids=["later", "other-unit", "code-used-again"],
)
def test_compare_with_what_does_not_fit_says_so(
    form_book: Open, folder: Path, unit: ReportingUnit, period: str, says: str
) -> None:
    """A later period or another unit is refused by name, and no sheet is written."""
    path = communes.workbook(folder / "a.xlsx", unit, COMMUNE, FORM.period(period))
    book = form_book()
    with pytest.raises(UserError, match=says):
        actions.compare(book, path)
    assert result_sheets.CHANGES not in book.sheet_names


# --- Xuất PDF, Chẩn đoán, Hướng dẫn ------------------------------------------------------------


def test_export_pdf_beside_the_workbook(form_book: Open, folder: Path) -> None:
    """The form becomes a PDF of its name; a PDF that is there stays; all sheets are as before."""
    book = form_book()
    visible = {sheet.name: sheet.visible for sheet in book.sheets}
    before = protection(book)
    first = folder / f"{Path(book.name).stem}.pdf"
    assert actions.export_pdf(book) == f"Đã xuất PDF: {first}"
    assert first.read_bytes().startswith(b"%PDF")
    first.write_bytes(b"signed")
    second = first.with_stem(f"{first.stem} (2)")
    assert actions.export_pdf(book) == f"Đã xuất PDF: {second}"
    with pytest.raises(FileExistsError):
        actions.export_pdf(book, first)
    assert first.read_bytes() == b"signed"
    assert {sheet.name: sheet.visible for sheet in book.sheets} == visible
    assert protection(book) == before


def test_diagnose_lists_the_checks(excel: xw.App, told: list[str]) -> None:
    """What the doctor finds stands in a new workbook, with what to do about it."""
    message = actions.diagnose(excel.books.add())
    sheet = excel.books.active.sheets[result_sheets.DIAGNOSIS]
    found = rows(sheet, 5)
    assert found[0][0] == "Python"
    assert {row[1] for row in found} <= set(result_sheets.STATES.values())
    assert message.startswith("Có ")  # this is no Windows PC


def test_guide_is_the_forms_own_or_the_list_of_buttons(form_book: Open, excel: xw.App) -> None:
    """In a form its guide comes to the front; elsewhere a list of the buttons opens."""
    book = form_book()
    actions.guide(book)
    assert book.sheets.active.name == positions.GUIDE_SHEET
    actions.guide(excel.books.add())
    sheet = excel.books.active.sheets[result_sheets.BUTTONS]
    assert [row[0] for row in rows(sheet, 5)][3] == "Tính lại tỷ lệ"


# --- asking, telling, progress -----------------------------------------------------------------


def test_working_restores_excel_after_an_error(excel: xw.App) -> None:
    """Status bar and screen are Excel's again when the work fails."""

    def fail() -> Iterator[None]:
        with working(excel, "đang thử", 2) as step:
            assert not excel.screen_updating
            step()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()  # type: ignore[unused-coroutine]
    assert excel.impl.status_texts == ["CCHC: đang thử …", "CCHC: đang thử 1/2 …"]
    assert (excel.status_bar, excel.screen_updating) == (False, True)


class Dialogs:
    """The dialogs of an Excel, each answered with *answer*."""

    def __init__(self, answer: object) -> None:
        self.asked: list[dict[str, object]] = []
        self.api = SimpleNamespace(
            GetOpenFilename=self._asked(answer),
            GetSaveAsFilename=self._asked(answer),
            InputBox=self._asked(answer),
            FileDialog=lambda kind: SimpleNamespace(
                Show=lambda: -1 if answer else 0, SelectedItems=lambda _: answer, kind=kind
            ),
        )

    def _asked(self, answer: object) -> Callable[..., object]:
        def ask(**options: object) -> object:
            self.asked.append(options)
            return answer

        return ask


ASKING: dict[str, Callable[[Any], object]] = {
    "folder": lambda app: dialogs.pick_folder(app, "Chọn"),
    "file": lambda app: dialogs.pick_file(app, "Chọn"),
    "files": lambda app: dialogs.pick_files(app, "Chọn"),
    "new-file": lambda app: dialogs.pick_new_file(app, "Lưu", "a.xlsx"),
    "text": lambda app: dialogs.ask_text(app, "Kỳ?", "2022-6T"),
}


@pytest.mark.parametrize("ask", ASKING.values(), ids=ASKING)
def test_closed_dialog_cancels(ask: Callable[[Any], object]) -> None:
    """Excel answers False for a dialog that was closed; that is no file name."""
    with pytest.raises(Cancelled):
        ask(Dialogs(False))


@pytest.mark.parametrize(
    ("kind", "answer", "expected"),
    [
        ("folder", "D:/Hồ sơ", Path("D:/Hồ sơ")),
        ("file", "D:/Báo cáo.xlsx", Path("D:/Báo cáo.xlsx")),
        ("files", ("D:/a.xlsx", "D:/b.xlsx"), [Path("D:/a.xlsx"), Path("D:/b.xlsx")]),
        ("new-file", "D:/mới.xlsx", Path("D:/mới.xlsx")),
        ("text", " 2022-6T ", "2022-6T"),
    ],
)
def test_dialog_gives_what_the_user_chose(kind: str, answer: object, expected: object) -> None:
    """What Excel's dialog gives comes back as paths or text."""
    assert ASKING[kind](Dialogs(answer)) == expected


def test_cancelled_button_says_nothing(
    excel: xw.App, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing a dialog ends the action without a message."""
    monkeypatch.setattr(dialogs, "pick_folder", lambda *_: (_ for _ in ()).throw(Cancelled()))
    press(excel.books.add(), "consolidate")
    assert told == []


def test_error_of_excel_is_no_error_of_a_file(excel: xw.App, told: list[str]) -> None:
    """What Excel itself fails in comes as an `OSError` too; it names no file and is a bug."""
    with pytest.MonkeyPatch.context() as patch:
        failure = OSError(-2147467263, "Not implemented")
        patch.setattr(dialogs, "pick_folder", lambda *_: (_ for _ in ()).throw(failure))
        press(excel.books.add(), "consolidate")
    assert told[0].startswith("Có sự cố ngoài dự kiến (OSError)")


def test_run_tells_result_and_hindrance(form_book: Open, excel: xw.App, told: list[str]) -> None:
    """A button ends with its sentence; what stands in its way is told as it is."""
    press(form_book(), "check")
    press(excel.books.add(), "check")
    assert told[0] == "✓ Không có điểm nào cần xem lại."
    assert told[1].endswith("Dùng đúng tệp biểu mẫu được phát hành.")
