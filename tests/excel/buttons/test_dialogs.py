"""What the ribbon buttons ask."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs
from xl_automation.excel.buttons.dialogs import Cancelled
from xl_automation.wording import MAX_SENTENCE


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
    "day": lambda app: dialogs.ask_day(app, "Hạn?"),
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
        ("day", "20/6/2022", date(2022, 6, 20)),
        ("day", "", None),
    ],
)
def test_dialog_gives_what_the_user_chose(kind: str, answer: object, expected: object) -> None:
    """What Excel's dialog gives comes back as paths or text."""
    assert ASKING[kind](Dialogs(answer)) == expected


def test_text_that_is_no_day_is_told() -> None:
    """It says what was typed and how a day is written."""
    with pytest.raises(UserError, match=r"“31/6/2022” không phải là ngày; ghi như 20/6/2022"):
        ASKING["day"](Dialogs("31/6/2022"))


@pytest.mark.skipif(sys.platform == "win32", reason="a message box waits for its button")
def test_message_has_the_lines_that_it_was_given(capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is quoted makes no line of its own, moves nothing, and is not endless."""
    lines = dialogs.listed(["✗ a\n✓ b\u202ec\x1b[2J.xlsx", "✗ " + "x" * 9_000_000])
    dialogs.tell(f"Tệp:\n{lines}")
    printed = capsys.readouterr().out.splitlines()
    assert printed[:2] == ["Tệp:", "✗ a⏎✓ b<U+202E>c␛[2J.xlsx"]
    assert len(printed) == 3
    assert len(printed[2]) <= MAX_SENTENCE
