"""A fault of the program: told as ours, its traceback kept for whoever mends it."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from xl_automation.wording import log_entry, printable

if TYPE_CHECKING:
    from xl_automation.reading.refused_file import RefusedFile
    from xl_automation.reading.submission import Submission


def told_and_logged(error: BaseException, arguments: Sequence[str]) -> str:
    """Write the traceback of *error* to the log and return what to tell the user.

    The log is that of the add-in's buttons. Where it cannot be written, the traceback goes to
    standard error.

    Args:
        error: What went wrong.
        arguments: How the command was called.
    """
    details = "".join(traceback.format_exception(error))
    ours = (
        f"Có sự cố ngoài dự kiến ({type(error).__name__}): lỗi của chương trình, không phải của "
        "bạn. Hãy gửi"
    )
    try:
        log_file = _log(f"cchc {' '.join(map(printable, arguments))}\n{details}")
    except (OSError, RuntimeError) as obstacle:  # RuntimeError: a user without a home folder
        print(log_entry(details), file=sys.stderr)
        return f"{ours} đoạn trên cho người phụ trách (không ghi được nhật ký: {obstacle})."
    return f"{ours} tệp nhật ký cho người phụ trách: {log_file}"


def log_faults(results: Iterable[Submission | RefusedFile]) -> str | None:
    """Write the traceback of each file over which the program failed to the log.

    Returns:
        What to tell the user beside the refusals; None where there is no such file.
    """
    faults = [fault for result in results if (fault := getattr(result, "fault", ""))]
    if not faults:
        return None
    try:
        return f"Chương trình gặp sự cố ở {len(faults)} tệp. Nhật ký: {_log(*faults)}"
    except (OSError, RuntimeError) as obstacle:
        print(*map(log_entry, faults), sep="\n", file=sys.stderr)
        return f"Chương trình gặp sự cố ở {len(faults)} tệp, không ghi được nhật ký: {obstacle}."


def _log(*texts: str) -> Path:
    """Add an entry for each text to the log and return where that is."""
    from xl_automation.excel.addin.home import places

    log_file = places().log_file
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("a", encoding="utf-8") as file:
        for text in texts:
            file.write(f"{datetime.now():%Y-%m-%d %H:%M:%S} ERROR {log_entry(text)}\n")
    return log_file
