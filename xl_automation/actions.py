"""What the ribbon buttons do, given the workbook in front of the user.

One function per button, of the same name as the button's id in ``ribbon.xml``. `run` is what the
add-in calls: it stands between a function and Excel, so that the user always gets a sentence.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import xlwings as xw

from xl_automation.addin.home import places
from xl_automation.refusal import Refusal

TITLE = "CCHC"

log = logging.getLogger(__name__)


def new_form(book: xw.Book) -> None:
    """Biểu mẫu mới: make a blank, locked form and open it."""
    raise NotImplementedError


def issue(book: xw.Book) -> None:
    """Phát hành cho đơn vị: make one prefilled form per unit of a list."""
    raise NotImplementedError


def check(book: xw.Book) -> None:
    """Kiểm tra: write the findings beside the figures and list them."""
    raise NotImplementedError


def recalculate(book: xw.Book) -> None:
    """Tính lại tỷ lệ: recompute every percentage and restore formulas typed over."""
    raise NotImplementedError


def consolidate(book: xw.Book) -> None:
    """Tổng hợp thư mục: combine the workbooks of a folder and open the summary."""
    raise NotImplementedError


def send_back(book: xw.Book) -> None:
    """Trả lại đơn vị: make a copy that shows the unit what to correct."""
    raise NotImplementedError


def compare(book: xw.Book) -> None:
    """Đối chiếu kỳ trước: set the figures beside those of an earlier period."""
    raise NotImplementedError


def export_pdf(book: xw.Book) -> None:
    """Xuất PDF: save the form as PDF beside the workbook."""
    raise NotImplementedError


def diagnose(book: xw.Book) -> None:
    """Chẩn đoán: check the installation and list what to do."""
    raise NotImplementedError


def guide(book: xw.Book) -> None:
    """Hướng dẫn: open the guide."""
    raise NotImplementedError


ACTIONS = {
    action.__name__: action
    for action in (
        new_form,
        issue,
        check,
        recalculate,
        consolidate,
        send_back,
        compare,
        export_pdf,
        diagnose,
        guide,
    )
}


def run(name: str) -> None:
    """Run the action *name* on the calling workbook; called from the add-in's VBA.

    Nothing escapes as a traceback: a refusal is shown as it is, a bug is logged and the user is
    told where.
    """
    log_file = places().log / "cchc.log"
    with _logged(log_file):
        log.info("%s %s", name, " ".join(sys.argv[1:]))
        try:
            ACTIONS[name](xw.Book.caller())
        except Refusal as refusal:
            tell(str(refusal))
        except NotImplementedError:
            tell("Nút này chưa hoạt động trong phiên bản này.")
        except Exception as error:
            log.exception("%s failed", name)
            tell(
                f"Có sự cố ngoài dự kiến ({type(error).__name__}), việc đang làm đã dừng lại.\n\n"
                "Hãy bấm lại một lần nữa; nếu vẫn lỗi, bấm nút Chẩn đoán và gửi tệp nhật ký cho "
                f"người phụ trách:\n{log_file}"
            )


@contextmanager
def _logged(log_file: Path) -> Iterator[None]:
    """Write what this package logs to *log_file*."""
    log_file.parent.mkdir(parents=True, exist_ok=True)
    package = logging.getLogger("xl_automation")
    handler = logging.FileHandler(log_file, encoding="utf-8")
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    package.addHandler(handler)
    package.setLevel(logging.INFO)
    try:
        yield
    finally:
        package.removeHandler(handler)
        handler.close()


def tell(text: str) -> None:
    """Show *text* in a message box; where there is none, on the console."""
    if sys.platform == "win32":
        import ctypes

        icon_and_foreground = 0x30 | 0x10000
        ctypes.windll.user32.MessageBoxW(None, text, TITLE, icon_and_foreground)
    else:
        print(text)
