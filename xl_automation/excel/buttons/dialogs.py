"""What the ribbon buttons ask and tell: Excel's own dialogs, and a message box.

Nothing else asks: a button's function gets as an argument what it would have to ask for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlwings as xw

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import read_day
from xl_automation.excel.functions.period_lookup import period_answer
from xl_automation.forms.form import Form
from xl_automation.wording import quoted, sentence

TITLE = "CCHC"
WORKBOOKS = "Sổ làm việc Excel (*.xlsx),*.xlsx"
UNITS = "Danh sách đơn vị (*.csv),*.csv"
_FOLDER_PICKER = 4  # msoFileDialogFolderPicker
_CHOSEN = -1
_TEXT = 2  # Type of Application.InputBox
_WARNING, _INFORMATION, _FOREGROUND = 0x30, 0x40, 0x10000  # of MessageBoxW


class Cancelled(Exception):
    """The user closed a dialog: nothing is to be done or said."""


def pick_folder(app: xw.App, title: str) -> Path:
    """Return the folder that the user picks."""
    dialog = app.api.FileDialog(_FOLDER_PICKER)
    dialog.Title = title
    if dialog.Show() != _CHOSEN:
        raise Cancelled
    return Path(dialog.SelectedItems(1))


def pick_file(app: xw.App, title: str, kind: str = WORKBOOKS) -> Path:
    """Return the file that the user picks."""
    return Path(_given(app.api.GetOpenFilename(FileFilter=kind, Title=title)))


def pick_files(app: xw.App, title: str, kind: str = WORKBOOKS) -> list[Path]:
    """Return the files that the user picks, one at least."""
    given = app.api.GetOpenFilename(FileFilter=kind, Title=title, MultiSelect=True)
    return [Path(name) for name in _given(given)]


def pick_new_file(app: xw.App, title: str, suggested: str, kind: str = WORKBOOKS) -> Path:
    """Return the name that the user gives a file; it may exist."""
    return Path(
        _given(app.api.GetSaveAsFilename(InitialFilename=suggested, FileFilter=kind, Title=title))
    )


def ask_text(app: xw.App, question: str, suggested: str) -> str:
    """Return what the user types."""
    given = app.api.InputBox(Prompt=question, Title=TITLE, Default=suggested, Type=_TEXT)
    return str(_given(given)).strip()


def ask_period(app: xw.App, form: Form) -> str:
    """Return the period that the user types; the one that closes next is suggested."""
    today = date.today()
    codes = ", ".join(f"{today.year}-{kind.code}" for kind in form.period_kinds)
    return ask_text(app, f"Kỳ báo cáo ({codes}):", str(period_answer(form, today, None)))


def ask_day(app: xw.App, question: str) -> date | None:
    """Return the day that the user types, None where nothing is typed.

    Raises:
        UserError: If it is no day.
    """
    text = ask_text(app, question, "")
    day = read_day(text)
    if text and day is None:
        raise UserError(f"“{quoted(text)}” không phải là ngày; ghi như 20/6/2022, hoặc để trống.")
    return day


def _given(answer: Any) -> Any:
    """Return what Excel's dialog gave: False is Excel's word for closing it."""
    if answer is False:
        raise Cancelled
    return answer


def open_outside(path: Path) -> None:
    """Show a file in the program that Windows has for it; nothing happens elsewhere."""
    if sys.platform == "win32":
        os.startfile(path)


def tell(text: str, is_good: bool = False) -> None:
    """Show the lines of *text* in a message box; where there is none, on the console."""
    text = "\n".join(map(sentence, text.split("\n")))
    if sys.platform == "win32":
        import ctypes

        icon = _INFORMATION if is_good else _WARNING
        ctypes.windll.user32.MessageBoxW(None, text, TITLE, icon | _FOREGROUND)
    else:
        print(text)


def listed(lines: Sequence[str], most: int = 12) -> str:
    """Return lines for a message box, which has no scroll bar; each stays one."""
    more = [f"… và {len(lines) - most} dòng nữa."] if len(lines) > most else []
    return "\n".join([*map(sentence, lines[:most]), *more])
