"""The buttons that make something of a summary, on real xlwings code in a real program."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import xlwings as xw

from tests.support.builders import COMMUNE, DISTRICT, FORM
from tests.support.communes import CITY, A, B, C, good, workbook
from tests.support.open_books import Open, press
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import Register, UnitRecord
from xl_automation.excel.buttons import dialogs, output_buttons, summary_buttons
from xl_automation.excel.buttons.output_buttons import city_appendix, remind, word_report
from xl_automation.outputs.reminder_files import ALL
from xl_automation.outputs.word_report import TEMPLATE
from xl_automation.reading.reader import read_submission
from xl_automation.summary.write import write_summary
from xl_automation.template.layout import Layout

pytestmark = pytest.mark.office


@pytest.fixture
def register(monkeypatch: pytest.MonkeyPatch) -> Register:
    """What the summary says: A has mistakes, B is missing, C was accepted."""
    result = consolidate(FORM, [good(A, c1_1_b=12), good(C), good(CITY)], (A, B, C, CITY))
    units = {
        A.code: UnitRecord(A.code, A.name, "received", file="A.xlsx"),
        B.code: UnitRecord(B.code, B.name),
        C.code: UnitRecord(C.code, C.name, "accepted", file="C.xlsx"),
    }
    kept = replace(register_of(result), units=units)
    monkeypatch.setattr(output_buttons, "read_register", lambda path, form: kept)
    return kept


@pytest.fixture
def summary(excel: xw.App, folder: Path) -> xw.Book:
    """A summary in front of the user."""
    path = folder / "Tổng hợp 2022-6T.xlsx"
    write_summary(consolidate(FORM, [good(A), good(CITY)], (A, B, C, CITY)), path)
    return excel.books.open(path)


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that were shown in the program that Windows has for them."""
    files: list[Path] = []
    monkeypatch.setattr(dialogs, "open_outside", files.append)
    return files


def test_appendix_is_written_and_opened(
    excel: xw.App, summary: xw.Book, register: Register, folder: Path
) -> None:
    """It is in front of the user, beside the summary, with (B) in it."""
    message = city_appendix(summary)
    path = folder / "Phụ lục thành phố 2022-6T.xlsx"
    assert excel.books.active.fullname == str(path)
    cell = excel.books.active.sheets[FORM.sheet].range(Layout(FORM).cell("3.4.2.b"))
    assert cell.value == register.appendix["3.4.2.b"]
    assert message == f"Đã lập phụ lục thành phố theo bản đã lưu của “{summary.name}”:\n{path}"
    assert read_submission(path, FORM).is_city_appendix


def test_appendix_again_replaces_only_its_closed_own(
    excel: xw.App, summary: xw.Book, register: Register, folder: Path
) -> None:
    """While one is open, or the name is another file's, the new one has a number."""
    first, second = (folder / f"Phụ lục thành phố 2022-6T{number}.xlsx" for number in ("", " (2)"))
    first.write_bytes(b"x")
    city_appendix(summary)
    assert first.read_bytes() == b"x"
    assert excel.books.active.fullname == str(second)
    excel.books.active.close()
    city_appendix(summary)
    assert excel.books.active.fullname == str(second)
    assert not (folder / "Phụ lục thành phố 2022-6T (3).xlsx").exists()


def test_appendix_beside_reports_is_no_report(
    excel: xw.App, summary: xw.Book, register: Register, folder: Path
) -> None:
    """Consolidating the folder again says nothing of it."""
    workbook(folder / "a.xlsx", A, COMMUNE)
    workbook(folder / "tp.xlsx", CITY, DISTRICT)
    city_appendix(summary)
    message = summary_buttons.consolidate(summary, folder)
    assert "nhận 2 tệp, tính 2, từ chối 0" in message


def test_reminders_are_written_and_shown(
    summary: xw.Book, register: Register, folder: Path, shown: list[Path]
) -> None:
    """A text for each unit that owes something; the file with all of them is in front."""
    message = remind(summary)
    texts = folder / "Lời nhắc 2022-6T"
    assert shown == [texts / ALL]
    assert (texts / ALL).read_text("utf-8-sig").count("Kính gửi: ") == 2
    assert "2 đơn vị (1 chưa gửi, 1 còn điểm phải xem lại), vào thư mục:" in message
    next(texts.glob(f"{A.code}*")).write_text("đã gọi", encoding="utf-8")
    assert "Giữ nguyên 1 tệp đã có người sửa:" in remind(summary)


def test_nobody_to_remind(
    summary: xw.Book, monkeypatch: pytest.MonkeyPatch, shown: list[Path]
) -> None:
    """It is said, and nothing is opened."""
    monkeypatch.setattr(output_buttons, "read_register", lambda path, form: Register())
    assert remind(summary) == "Không có đơn vị nào phải nhắc (0 đơn vị)."
    assert not shown


@pytest.mark.parametrize("id", ["city_appendix", "remind"])
def test_other_workbook_is_told(form_book: Open, excel: xw.App, told: list[str], id: str) -> None:
    """A form, and an empty workbook, are no summaries: it is said what to open."""
    for book in (form_book(), excel.books.add()):
        press(book, id)
        assert told.pop().startswith(f"Sổ đang mở, “{book.name}”, không phải sổ tổng hợp. Mở sổ")


def test_report_in_word_is_written_and_shown(
    summary: xw.Book, folder: Path, shown: list[Path]
) -> None:
    """Beside the summary, never over another; by the template that lies there, if one does."""
    message = word_report(summary)
    first, second = (folder / f"Báo cáo 2022-6T{number}.docx" for number in ("", " (2)"))
    assert shown == [first]
    assert str(first) in message
    (folder / TEMPLATE.name).write_bytes(TEMPLATE.read_bytes())
    before = first.read_bytes()
    word_report(summary)
    assert first.read_bytes() == before == second.read_bytes()


def test_report_of_an_open_form(form_book: Open, shown: list[Path]) -> None:
    """A commune's own, from its saved workbook."""
    word_report(form_book())
    assert shown[0].is_file()
