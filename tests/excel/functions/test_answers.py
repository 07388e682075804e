"""Custom functions as cells see them, and what a button does when something goes wrong.

Requirements: single values or ranges in, arrays of the same shape out; blanks, text
numbers and Excel errors by the rules of ``numbers``; nothing ever raises; a button's failure is a
Vietnamese sentence that names the log, never a traceback.
"""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from xl_automation.errors import UserError
from xl_automation.excel.buttons import actions
from xl_automation.excel.functions.cell_functions import CCHC_TYLE, answers
from xl_automation.xlsx.refusal import Refusal


@pytest.mark.parametrize(
    ("arguments", "answer"),
    [
        ((1.0, 8.0), [[12.5]]),
        ((2860000.0, 4860000.0), [[58.85]]),
        ((1.0, 800.0, 2.0), [[0.13]]),  # a tie: away from zero
        ((1.0, 8.0, 0.0), [[13.0]]),
        ((-1.0, 800.0), [[-0.13]]),
        ((None, 8.0), [[""]]),
        ((1.0, None), [[""]]),
        ((1.0, 0.0), [[""]]),
        ((0.0, 0.0), [[""]]),
        (("", 8.0), [[""]]),
        (("4.860.000", "9.720.000"), [[50.0]]),
        ((Decimal("2.5"), 10.0), [[25.0]]),
        (("#DIV/0!", 8.0), [["#DIV/0!"]]),
        ((1.0, "#N/A"), [["#N/A"]]),
        (("#REF!", "#N/A"), [["#REF!"]]),
        (("ba", 8.0), [["Lỗi: “ba” không phải là số."]]),
        ((True, 8.0), [["Lỗi: “TRUE” không phải là số."]]),
        (([[1.0], [None], ["#N/A"]], 8.0), [[12.5], [""], ["#N/A"]]),
        (([[1.0, 2.0]], [[4.0, 4.0]]), [[25.0, 50.0]]),
        (([1.0, 2.0], 4.0), [[25.0, 50.0]]),
        (([[1.0, 2.0]], [[4.0], [8.0]]), [[25.0, 50.0], [12.5, 25.0]]),
        ((1.0, 8.0, None), [[12.5]]),
    ],
    ids=repr,
)
def test_percentage_answers(arguments: tuple[Any, ...], answer: list[list[Any]]) -> None:
    """A percentage of cells is that of the form, cell by cell."""
    assert CCHC_TYLE(*arguments) == answer


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (([[1.0, 2.0]], [[1.0, 2.0, 3.0]]), "tử số có 1 dòng × 2 cột, mẫu số có 1 dòng × 3 cột"),
        ((1.0, 8.0, 2.5), "số nguyên từ 0 đến 10"),
        ((1.0, 8.0, -1.0), "số nguyên từ 0 đến 10"),
        ((1.0, 8.0, "hai"), "số nguyên từ 0 đến 10"),
    ],
    ids=["shapes", "half-place", "negative-places", "places-in-words"],
)
def test_percentage_of_nonsense_says_why(arguments: tuple[Any, ...], says: str) -> None:
    """A question that makes no sense is answered by one sentence."""
    ((answer,),) = CCHC_TYLE(*arguments)
    assert answer.startswith("Lỗi: ")
    assert says in answer


@pytest.mark.parametrize(
    ("raised", "says"),
    [
        (Refusal("not-found"), "Lỗi: Không tìm thấy tệp"),
        (UserError("vì thế."), "Lỗi: vì thế."),
        (ZeroDivisionError("x"), "Lỗi: hàm broken gặp sự cố (ZeroDivisionError)."),
    ],
    ids=["refusal", "nonsense", "bug"],
)
def test_answers_never_raises(raised: Exception, says: str) -> None:
    """Whatever goes wrong inside, the cell gets a sentence."""

    @answers
    def broken() -> list[list[Any]]:
        raise raised

    ((answer,),) = broken()
    assert answer.startswith(says)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[str]:
    """What the user was told, on a PC with its log in a temporary folder."""
    told: list[str] = []
    monkeypatch.setattr(actions, "tell", told.append)
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path))
    monkeypatch.setattr("xlwings.Book.caller", lambda: "the book")
    return told


def _act(monkeypatch: pytest.MonkeyPatch, raised: Exception | None) -> list[object]:
    given: list[object] = []

    def action(book: object) -> None:
        given.append(book)
        if raised:
            raise raised

    monkeypatch.setitem(actions.ACTIONS, "check", action)  # type: ignore[misc]
    actions.run("check")
    return given


def test_run_hands_calling_book_to_action(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    """A button's action gets the workbook it was pressed in; success needs no message."""
    assert _act(monkeypatch, None) == ["the book"]
    assert told == []


def test_run_refusal_is_told_as_it_is(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> None:
    """A refusal is the sentence the user reads."""
    refusal = Refusal("not-found")
    _act(monkeypatch, refusal)
    assert told == [str(refusal)]


def test_run_bug_is_told_and_logged(
    monkeypatch: pytest.MonkeyPatch, told: list[str], tmp_path: Path
) -> None:
    """A bug is told in Vietnamese with the log's path; the traceback is in the log only."""
    _act(monkeypatch, ZeroDivisionError("division by zero"))
    log = tmp_path / "CCHC" / "log" / "cchc.log"
    (message,) = told
    assert str(log) in message
    assert "Traceback" not in message
    assert "ZeroDivisionError: division by zero" in log.read_text(encoding="utf-8")
