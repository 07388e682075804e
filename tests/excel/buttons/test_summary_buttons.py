"""The buttons that bring figures together, on real xlwings code in a real spreadsheet program."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import xlwings as xw

from tests.support import builders, communes
from tests.support.builders import COMMUNE, FORM
from tests.support.communes import A, B, C, good
from tests.support.open_books import Open, press, protection, rows
from xl_automation.consolidation import consolidate as consolidation
from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs, report_paths, result_sheets
from xl_automation.excel.buttons.summary_buttons import compare, consolidate, export_pdf
from xl_automation.forms.form import Form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading import folder as folder_module
from xl_automation.reading.folder import read_files
from xl_automation.reading.passed_over import REASONS
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.summary.log_sheet import LOG
from xl_automation.summary.places import PROGRESS, TOTALS
from xl_automation.summary.read_register import read_register
from xl_automation.summary.write import write_summary

pytestmark = pytest.mark.office


# --- Tổng hợp thư mục --------------------------------------------------------------------------


def test_consolidate_writes_and_opens_the_summary(excel: xw.App, sent: Path) -> None:
    """One click: the folder's summary is open and its live totals are those of the reports.

    What was not read is said, and is in the log.
    """
    (sent / "hỏng.xlsx").symlink_to("không có.xlsx")
    book = excel.books.add()  # no form needs to be open
    message = consolidate(book, sent)
    summary = excel.books.active
    assert summary.fullname == str(sent / "Tổng hợp 2022-6T.xlsx")
    totals = [row[3] for row in rows(summary.sheets[TOTALS], 5)]
    assert totals[list(FORM.by_id).index("1.1.a")] == 20
    assert message.startswith("Đã tổng hợp 6 tháng đầu năm 2022: nhận 3 tệp, tính 2, từ chối 1;")
    assert "✗ lạ.xlsx: khác biểu mẫu [wrong-form]. Đây không phải biểu mẫu" in message
    assert f"Không đọc {sent / 'hỏng.xlsx'}: {REASONS['link-broken']}" in message
    assert f"Không đọc: {REASONS['link-broken']}" in str(rows(summary.sheets[LOG], 5))
    assert excel.impl.status_texts[1:4] == [f"CCHC: đã đọc {n}/3 …" for n in (1, 2, 3)]
    assert (excel.status_bar, excel.screen_updating) == (False, True)


def test_summaries_alone_are_those_of_the_level_below(excel: xw.App, folder: Path) -> None:
    """In folders of their own, all of one name; pressed again, the button's own stays out."""
    for unit in (A, B):
        (folder / unit.code).mkdir()
        lower = consolidation.consolidate(FORM, [good(unit)], (unit,))
        write_summary(lower, folder / unit.code / "Tổng hợp 2022-6T.xlsx")
    for _ in range(2):
        message = consolidate(excel.books.add(), folder)
        assert "nhận 2 tệp, tính 2, từ chối 0; 0 đơn vị chưa gửi." in message
        assert excel.books.active.fullname == str(folder / "Tổng hợp 2022-6T.xlsx")
        excel.books.active.close()


def test_consolidate_goes_on_where_the_program_fails_over_a_file(
    excel: xw.App, sent: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The others are counted, it is told as ours, and the log has the traceback."""

    def failing(path: Path, form: Form) -> Submission:
        if path.name == "lạ.xlsx":
            raise RecursionError("quá sâu")
        return read_submission(path, form)

    monkeypatch.setattr(folder_module, "read_submission", failing)
    message = consolidate(excel.books.add(), sent)
    assert "nhận 3 tệp, tính 2, từ chối 1;" in message
    fault = "sự cố chương trình [program-fault]. Chương trình gặp sự cố (RecursionError)"
    assert f"✗ lạ.xlsx: {fault}" in message
    assert "RecursionError: quá sâu" in caplog.text


def test_consolidate_again_goes_on_in_its_summary(excel: xw.App, sent: Path) -> None:
    """The open one is saved first, so that what an officer just wrote in it is kept."""
    first = sent / "Tổng hợp 2022-6T.xlsx"
    consolidate(excel.books.add(), sent)
    summary = excel.books.active
    (address,) = [
        address
        for address, value in communes.cells(first, PROGRESS).items()
        if value == "Đã nhận" and communes.cells(first, PROGRESS)[f"A{address[1:]}"] == A.code
    ]
    summary.sheets[PROGRESS].range(address).value = "Đạt"
    message = consolidate(summary, sent)
    assert "nhận 3 tệp" in message
    assert excel.books.active.fullname == str(first)
    assert read_register(first, FORM).units[A.code].state == "accepted"
    assert [path.name for path in sent.glob("Tổng hợp*")] == [first.name]


def test_consolidate_replaces_no_other_file(excel: xw.App, sent: Path) -> None:
    """What is no summary keeps its name, and the summary goes on under the next."""
    first, second = (sent / f"Tổng hợp 2022-6T{number}.xlsx" for number in ("", " (2)"))
    first.write_bytes(b"mine")
    for _ in range(2):
        consolidate(excel.books.add(), sent)
        assert first.read_bytes() == b"mine"
        assert excel.books.active.fullname == str(second)
    assert not (sent / "Tổng hợp 2022-6T (3).xlsx").exists()


def test_summary_that_is_open_elsewhere_is_left_alone(excel: xw.App, sent: Path) -> None:
    """By Excel's own mark beside it, or as another workbook of its name in this Excel."""
    consolidate(excel.books.add(), sent)
    path = Path(excel.books.active.fullname)
    before = path.read_bytes()
    excel.books.active.close()
    lock = path.with_name(f"~${path.name}")
    lock.touch()
    with pytest.raises(UserError, match="đang mở ở máy khác"):
        consolidate(excel.books.add(), sent)
    lock.unlink()
    other = sent.parent / "khác" / path.name
    other.parent.mkdir()
    other.write_bytes(before)
    excel.books.open(other)
    with pytest.raises(UserError, match="hai sổ cùng tên"):
        consolidate(excel.books.add(), sent)
    assert path.read_bytes() == before


def test_consolidate_again_reads_only_what_changed(
    excel: xw.App, sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who presses twenty times a day waits once; the summary is the same, and it is said."""
    book, read = excel.books.add(), list[str]()
    assert "không phải đọc lại" not in consolidate(book, sent)
    before = rows(excel.books.active.sheets[TOTALS], 5)
    excel.books.active.close()

    def read_new(paths: Sequence[Path], *rest: object, **more: Any) -> list[Any]:
        read.extend(path.name for path in paths)
        return read_files(paths, *rest, **more)

    monkeypatch.setattr(report_paths, "read_files", read_new)
    message = consolidate(book, sent)
    assert read == []
    assert rows(excel.books.active.sheets[TOTALS], 5) == before
    assert "nhận 3 tệp" in message
    assert "3 tệp không đổi từ lần trước nên không phải đọc lại." in message
    communes.workbook(sent / "xã C.xlsx", C, COMMUNE)
    consolidate(book, sent)
    assert "xã C.xlsx" in read
    assert "xã A.xlsx" not in read


def test_consolidate_of_two_periods_asks_which(
    excel: xw.App, sent: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the reports do not settle the period, the user does."""
    communes.workbook(sent / "xã C.xlsx", C, COMMUNE, FORM.period("2022-Q1"))
    (sent / "xã A.xlsx").unlink()
    monkeypatch.setattr(dialogs, "ask_text", lambda *_: "2022-Q1")
    assert "Đã tổng hợp Quý I năm 2022" in consolidate(excel.books.add(), sent)
    monkeypatch.setattr(dialogs, "ask_text", lambda *_: "quý một")
    with pytest.raises(UserError, match="Kỳ báo cáo “quý một” không có"):
        consolidate(excel.books.add(), sent)


def test_consolidate_of_folder_without_reports_says_so(excel: xw.App, folder: Path) -> None:
    """An empty folder is named; no empty summary is written."""
    with pytest.raises(UserError, match="Không có báo cáo Excel nào trong thư mục"):
        consolidate(excel.books.add(), folder)
    assert list(folder.iterdir()) == []


def test_consolidate_without_right_to_write_is_told(
    excel: xw.App, sent: Path, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A folder that cannot be written is a sentence with what to do; Excel is itself again."""

    def denied(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("xl_automation.xlsx.passing_file.tempfile.mkstemp", denied)
    monkeypatch.setattr(dialogs, "pick_folder", lambda *_: sent)
    press(excel.books.add(), "consolidate")
    (message,) = told
    assert message.startswith(f"Không đọc hoặc ghi được {sent / 'Tổng hợp 2022-6T.xlsx'}")
    assert message.endswith("thư mục mà bạn có quyền ghi.")
    assert (excel.status_bar, excel.screen_updating) == (False, True)
    assert not list(sent.glob("Tổng hợp*"))


# --- Đối chiếu kỳ trước ------------------------------------------------------------------------


@pytest.fixture
def earlier(folder: Path) -> Path:
    """The summary of the first quarter, in which Thịnh Đức reported other figures."""
    quarter = FORM.period("2022-Q1")
    unit = FORM.unit("05497")
    report = communes.report(unit, {**COMMUNE, "1.1.a": 10, "1.3.1": 7}, quarter)
    path = folder / "Tổng hợp quý I.xlsx"
    write_summary(consolidation.consolidate(FORM, [report], period=quarter), path)
    return path


def test_compare_lists_changes_and_findings(form_book: Open, earlier: Path) -> None:
    """Each figure stands beside the earlier one with difference and rate; T rules speak up."""
    book = form_book()
    message = compare(book, earlier)
    sheet = book.sheets[result_sheets.CHANGES]
    header = next(row for row in range(1, 20) if sheet.range((row, 1)).value == "Chỉ tiêu")
    lines = {row[0]: row[4:8] for row in rows(sheet, header + 1)}
    assert lines["1.1.a"] == [10, 8, -2, -20]
    assert lines["1.1"] == [40, 50, 10, None]  # points, no rate of a percentage
    assert lines["2.1"][2] in (0, None)
    assert "So với Quý I năm 2022: 3 trong" in message
    told = " ".join(str(row) for row in rows(sheet, 1))
    assert "[T" in told
    assert protection(book)[0]
    compare(book, earlier)
    assert book.sheet_names.count(result_sheets.CHANGES) == 1


def test_compare_takes_an_earlier_workbook_too(form_book: Open, folder: Path) -> None:
    """The unit's own workbook of an earlier period does as well as a summary."""
    fill = {**COMMUNE, "1.1.a": 16}
    path = communes.workbook(
        folder / "quý I.xlsx", FORM.unit("05497"), fill, FORM.period("2022-Q1")
    )
    assert "So với Quý I năm 2022: 2 trong" in compare(form_book(), path)


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
        compare(book, path)
    assert result_sheets.CHANGES not in book.sheet_names


# --- Xuất PDF ----------------------------------------------------------------------------------


def test_export_pdf_beside_the_workbook(form_book: Open, folder: Path) -> None:
    """The form becomes a PDF of its name; a PDF that is there stays; all sheets are as before."""
    book = form_book()
    visible = {sheet.name: sheet.visible for sheet in book.sheets}
    before = protection(book)
    first = folder / f"{Path(book.name).stem}.pdf"
    assert export_pdf(book) == f"Đã xuất PDF: {first}"
    assert first.read_bytes().startswith(b"%PDF")
    first.write_bytes(b"signed")
    second = first.with_stem(f"{first.stem} (2)")
    assert export_pdf(book) == f"Đã xuất PDF: {second}"
    with pytest.raises(UserError, match="đã có"):
        export_pdf(book, first)
    assert first.read_bytes() == b"signed"
    assert {sheet.name: sheet.visible for sheet in book.sheets} == visible
    assert protection(book) == before
