"""What makes a Python function one for cells: it never raises, and all that Excel shows of it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.function_calls import ask, forget_files
from tests.support.paths import DATA, PRODUCT
from xl_automation.errors import UserError
from xl_automation.excel.functions import cell_function as subject
from xl_automation.excel.functions.cell_function import Argument, Signature, answers, cell_function
from xl_automation.excel.functions.excel_errors import GivenError
from xl_automation.excel.functions.file_functions import CCHC_THIEU, CCHC_TONGHOP
from xl_automation.excel.functions.form_functions import CCHC_KIEMTRA
from xl_automation.excel.functions.grid import Grid
from xl_automation.xlsx.refusal import Refusal


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (GivenError("#N/A"), "#N/A"),
        (Refusal("not-found"), "Lỗi: Không tìm thấy tệp"),
        (UserError("vì thế."), "Lỗi: vì thế."),
        (ValueError("x"), "Lỗi: hàm broken gặp sự cố (ValueError)."),
        (ZeroDivisionError("x"), "Lỗi: hàm broken gặp sự cố (ZeroDivisionError)."),
    ],
    ids=["given-error", "refusal", "sentence", "value-error", "bug"],
)
def test_answers_never_raises(raised: Exception, says: str) -> None:
    """Whatever goes wrong inside, the cell gets a sentence."""

    @answers
    def broken() -> Grid:
        raise raised

    assert ask(broken).startswith(says)


UNITS = str(PRODUCT / "forms" / "thai-nguyen.csv")


@pytest.mark.parametrize(
    ("function", "arguments", "broken"),
    [
        (CCHC_KIEMTRA, ([["1.1.a", 8.0]],), "numpy.vstack"),
        (CCHC_TONGHOP, (str(DATA), "1.1"), "xl_automation.consolidation.intake.Counter"),
        (CCHC_THIEU, (str(DATA), UNITS), "csv.DictReader"),
    ],
    ids=["range", "folder", "list"],
)
def test_bug_in_a_function_is_told_as_ours_and_logged(
    function: Callable[..., Grid],
    arguments: tuple[Any, ...],
    broken: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An error deep inside is no mistake of the user's: the cell says so, the log says where."""

    def fail(*_: object, **__: object) -> None:
        raise ValueError("Length mismatch")

    forget_files()
    monkeypatch.setattr(broken, fail)
    with caplog.at_level(logging.ERROR, "xl_automation"):
        answer = ask(function, *arguments)
    assert answer.startswith(f"Lỗi: hàm {function.__name__} gặp sự cố (ValueError).")
    assert "Length mismatch" not in answer
    assert "ValueError: Length mismatch" in caplog.text
    assert "Traceback" in caplog.text


def test_decorator_records_what_excel_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Name, help, arguments and which of them are optional: one place says all of it."""
    monkeypatch.setattr(subject, "SIGNATURES", {})

    @cell_function(tu="Một ô.", den="Ô khác.")
    def CCHC_THU(tu: Any, den: Any = None) -> Grid:
        """Thử.

        Câu thứ hai.
        """
        return [[tu, den]]

    assert CCHC_THU(1.0) == [[1.0, None]]
    assert {
        "CCHC_THU": Signature(
            name="CCHC_THU",
            module=__name__,
            doc="Thử. Câu thứ hai.",
            category="CCHC",
            arguments=(Argument("tu", "Một ô.", False), Argument("den", "Ô khác.", True)),
        )
    } == subject.SIGNATURES


def test_argument_without_help_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """A function that does not describe each of its arguments cannot be one for cells."""
    monkeypatch.setattr(subject, "SIGNATURES", {})

    def CCHC_THU(tu: Any, den: Any) -> Grid:
        """Thử."""
        return [[tu, den]]

    with pytest.raises(TypeError, match="CCHC_THU"):
        cell_function(tu="Một ô.")(CCHC_THU)
    assert subject.SIGNATURES == {}
