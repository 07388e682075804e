"""Between Excel and the buttons: what a button's press comes to, said in Vietnamese.

Requirements: success and hindrance are told as they are; a closed dialog says nothing; any other
error is told as a fault of ours, never as the user's mistake, and is logged with its traceback.
"""

from __future__ import annotations

from pathlib import Path

import pytest
import xlwings as xw

from tests.support.open_books import WRONG, Open, press
from xl_automation.excel.buttons import dialogs, runner
from xl_automation.excel.buttons.button import BUTTONS
from xl_automation.excel.buttons.dialogs import Cancelled
from xl_automation.xlsx.refusal import Refusal


@pytest.fixture
def caller(monkeypatch: pytest.MonkeyPatch) -> str:
    """What xlwings gives for the workbook that the button was pressed in."""
    monkeypatch.setattr("xlwings.Book.caller", lambda: "the book")
    return "the book"


def _press(monkeypatch: pytest.MonkeyPatch, raised: Exception | None) -> list[object]:
    """Press a button that does nothing, or fails; return the workbooks it got."""
    given: list[object] = []

    def work(book: object) -> str:
        given.append(book)
        if raised:
            raise raised
        return ""

    monkeypatch.setitem(BUTTONS, "check", work)
    runner.run("check")
    return given


def test_run_hands_calling_book_to_button(
    caller: str, monkeypatch: pytest.MonkeyPatch, told: list[str]
) -> None:
    """A button's function gets the workbook it was pressed in; success needs no message."""
    assert _press(monkeypatch, None) == [caller]
    assert told == []


@pytest.mark.usefixtures("caller")
def test_run_refusal_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    """A refusal is the sentence the user reads."""
    refusal = Refusal("not-found")
    _press(monkeypatch, refusal)
    assert told == [str(refusal)]


@pytest.mark.usefixtures("caller")
@pytest.mark.parametrize(
    "raised", [ZeroDivisionError("x"), ValueError("x"), OSError(5, "x", "a.xlsx")], ids=repr
)
def test_run_bug_is_told_as_ours_and_logged(
    raised: Exception, monkeypatch: pytest.MonkeyPatch, told: list[str], log_file: Path
) -> None:
    """An error that nobody expected is told as a fault of ours; the traceback is in the log."""
    _press(monkeypatch, raised)
    (message,) = told
    assert message.startswith(f"Có sự cố ngoài dự kiến ({type(raised).__name__}): lỗi của chương")
    assert message.endswith(str(log_file))
    assert "Traceback" not in message
    logged = log_file.read_text(encoding="utf-8")
    assert "ERROR check failed\n    Traceback" in logged
    assert f"{type(raised).__name__}: {raised}" in logged


@pytest.mark.usefixtures("caller")
def test_error_writes_no_entry_of_its_own(
    monkeypatch: pytest.MonkeyPatch, told: list[str], log_file: Path
) -> None:
    """What an error quotes stands in from the margin of the log."""
    _press(monkeypatch, ValueError("x\n2026-01-01 00:00:00,000 ERROR giả\x1b[2J"))
    beginnings = [line for line in log_file.read_text("utf-8").splitlines() if line[:1] != " "]
    assert len(beginnings) == 2  # what was pressed, and that it failed
    assert "␛[2J" in log_file.read_text("utf-8")
    assert len(told) == 1


def test_run_without_a_log_is_a_sentence(told: list[str], log_file: Path) -> None:
    """Where the log cannot be written the user reads so; no traceback."""
    log_file.parent.parent.mkdir(parents=True)
    log_file.parent.write_text("in the way")
    runner.run("guide")
    (message,) = told
    assert message.startswith(f"Không ghi được nhật ký {log_file}")


# --- in a spreadsheet program ------------------------------------------------------------------


@pytest.mark.office
@pytest.mark.parametrize("id", ["check", "recalculate", "send_back", "compare"])
def test_bug_in_numpy_is_told_as_ours_and_logged(
    id: str, form_book: Open, told: list[str], log_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error deep inside a button's work is no sentence for the user."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("Length mismatch: Expected axis has 2 elements")

    book = form_book(WRONG)
    file = Path(book.fullname)
    monkeypatch.setattr("numpy.vstack", fail)
    monkeypatch.setattr(dialogs, "pick_folder", lambda *_: file.parent / "Trả lại")
    monkeypatch.setattr(dialogs, "pick_file", lambda *_: file)
    press(book, id)
    (message,) = told
    assert message.startswith("Có sự cố ngoài dự kiến (ValueError)")
    assert "Length mismatch" not in message
    assert "Traceback" in log_file.read_text(encoding="utf-8")
    assert "ValueError: Length mismatch" in log_file.read_text(encoding="utf-8")


@pytest.mark.office
def test_cancelled_button_says_nothing(
    excel: xw.App, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Closing a dialog ends the button's work without a message."""
    monkeypatch.setattr(dialogs, "pick_folder", lambda *_: (_ for _ in ()).throw(Cancelled()))
    press(excel.books.add(), "consolidate")
    assert told == []


@pytest.mark.office
def test_error_of_excel_is_a_fault(excel: xw.App, told: list[str]) -> None:
    """What Excel itself fails in comes as an `OSError` too."""
    with pytest.MonkeyPatch.context() as patch:
        failure = OSError(-2147467263, "Not implemented")
        patch.setattr(dialogs, "pick_folder", lambda *_: (_ for _ in ()).throw(failure))
        press(excel.books.add(), "consolidate")
    assert told[0].startswith("Có sự cố ngoài dự kiến (OSError)")


@pytest.mark.office
def test_run_tells_result_and_hindrance(form_book: Open, excel: xw.App, told: list[str]) -> None:
    """A button ends with its sentence; what stands in its way is told as it is."""
    press(form_book(), "check")
    press(excel.books.add(), "check")
    assert told[0].startswith("✓ Không có điểm nào cần xem lại. 1 quy tắc không xét được.\n")
    assert told[1].endswith("Dùng đúng tệp biểu mẫu được phát hành.")
