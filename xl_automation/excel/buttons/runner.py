"""Between Excel and the buttons: runs what a button does and tells the user what came of it."""

from __future__ import annotations

import logging
import sys
from pathlib import Path

import xlwings as xw

from xl_automation.errors import UserError
from xl_automation.excel.addin.home import places
from xl_automation.excel.buttons import (  # noqa: F401  each makes its buttons known
    figures_buttons,
    form_buttons,
    output_buttons,
    summary_buttons,
    support_buttons,
)
from xl_automation.excel.buttons.button import BUTTONS
from xl_automation.excel.buttons.dialogs import Cancelled, tell
from xl_automation.wording import log_entry, printable

OPEN_LOG = "Chạy lại cai-dat-addin.cmd, hoặc đóng chương trình đang mở tệp ấy, rồi bấm lại nút này."
log = logging.getLogger(__name__)


def run(name: str) -> None:
    """Run the button *name* on the calling workbook; called from the add-in's VBA.

    Nothing escapes as a traceback: what the user can put right is said as it is; any other error
    is a fault of ours, is logged, and the user is told that and where.
    """
    log_file = places().log_file
    try:
        handler = _handler(log_file)
    except OSError as error:
        tell(f"Không ghi được nhật ký {log_file} ({type(error).__name__}). {OPEN_LOG}")
        return
    package = logging.getLogger("xl_automation")
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        _press(name, log_file)
    finally:
        package.removeHandler(handler)
        handler.close()


def _handler(log_file: Path) -> logging.Handler:
    log_file.parent.mkdir(parents=True, exist_ok=True)
    handler = logging.FileHandler(log_file, encoding="utf-8")
    handler.setFormatter(_Entries("%(asctime)s %(levelname)s %(message)s"))
    return handler


class _Entries(logging.Formatter):
    """Entries that nothing they quote can pass for."""

    def format(self, record: logging.LogRecord) -> str:
        return log_entry(super().format(record))


def _press(name: str, log_file: Path) -> None:
    log.info("%s %s", name, " ".join(map(printable, sys.argv[1:])))
    try:
        if said := BUTTONS[name](xw.Book.caller()):
            tell(said, is_good=True)
    except Cancelled:
        log.info("%s cancelled", name)
    except UserError as hindrance:
        log.info("%s: %s", name, hindrance)
        tell(str(hindrance))
    except Exception as error:
        log.exception("%s failed", name)
        tell(_said_of_fault(error, log_file))


def _said_of_fault(error: Exception, log_file: Path) -> str:
    """Return what the user reads of a fault of ours."""
    return (
        f"Có sự cố ngoài dự kiến ({type(error).__name__}): lỗi của chương trình, không phải của "
        "bạn. Việc đang làm đã dừng lại.\n\n"
        "Hãy bấm lại một lần nữa; nếu vẫn lỗi, bấm nút Chẩn đoán và gửi tệp nhật ký cho người "
        f"phụ trách:\n{log_file}"
    )
