"""What the ribbon buttons ask and tell: Excel's own dialogs, and a message box.

Nothing else asks: a button's function gets as an argument what it would have to ask for.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import xlwings as xw

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
    """Show *text* in a message box; where there is none, on the console."""
    if sys.platform == "win32":
        import ctypes

        icon = _INFORMATION if is_good else _WARNING
        ctypes.windll.user32.MessageBoxW(None, text, TITLE, icon | _FOREGROUND)
    else:
        print(text)


def listed(lines: Sequence[str], most: int = 12) -> str:
    """Return lines for a message box, which has no scroll bar."""
    more = [f"… và {len(lines) - most} dòng nữa."] if len(lines) > most else []
    return "\n".join([*lines[:most], *more])


def about(error: Exception) -> str:
    """Return what to do about an error; where the log is follows."""
    name = _file_of(error) if isinstance(error, OSError) else None
    if name is None:
        return (
            f"Có sự cố ngoài dự kiến ({type(error).__name__}), việc đang làm đã dừng lại.\n\n"
            "Hãy bấm lại một lần nữa; nếu vẫn lỗi, bấm nút Chẩn đoán và gửi tệp nhật ký cho "
            "người phụ trách:"
        )
    if isinstance(error, FileExistsError):
        what = f"{name} đã có; chương trình không ghi đè. Chọn tên hoặc thư mục khác."
    else:
        what = (
            f"Không đọc hoặc ghi được {name} ({type(error).__name__}). Đóng tệp đó nếu đang mở ở "
            "nơi khác, hoặc chọn thư mục mà bạn có quyền ghi, rồi bấm lại nút này."
        )
    return f"{what}\n\nNhật ký:"


def _file_of(error: OSError) -> object:
    """Return the file that could not be read or written; an error of Excel's own names none."""
    existing = error.args[0] if isinstance(error, FileExistsError) and error.args else None
    return error.filename2 or error.filename or existing
