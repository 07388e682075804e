"""The JSON that a verb gives to other programs: where it may go, and its writing.

An earlier report of ours is replaced, no other file ever is. Devices, pipes and streams that are
open already (``/dev/stderr``, ``>(jq .)``) are written to as they are.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from xl_automation.errors import UserError
from xl_automation.wording import visible_json
from xl_automation.xlsx.files import followed, obstacles_told, whole_file

SCREEN = "-"  # standard output
_STREAM = re.compile(r"/dev/(?:stdin|stdout|stderr)|/(?:dev|proc/self)/fd/(\d+)")
_NUMBERS = {"/dev/stdin": 0, "/dev/stdout": 1, "/dev/stderr": 2}
_HEAD = re.compile(rb'\s*\{\s*"(?:files|period)"')


def report_files(target: str | None) -> list[Path]:
    """Return the file that a report goes to, if it goes to one.

    Raises:
        UserError: If it may not go there; nothing has been changed then.
    """
    if target is None or target == SCREEN:
        return []
    _refuse_foreign(Path(target))
    return [Path(target)]


def write_report(data: dict[str, object], target: str) -> None:
    """Write *data* to the file *target*, or to standard output for ``-``.

    Raises:
        UserError: If it may not be written there, or cannot.
    """
    encoder = json.JSONEncoder(ensure_ascii=False, indent=2)
    # Where JSON is shown it is lines of a terminal; its own escapes say the same.
    pieces = map(visible_json, encoder.iterencode(data))
    if target == SCREEN:
        sys.stdout.writelines(pieces)
        sys.stdout.write("\n")
        return
    path = Path(target)
    _refuse_foreign(path)
    sys.stdout.flush()  # the target may be the same stream by another name
    with _opened(path) as file:
        # A file name that is no text on disk stays what it is, as a JSON escape.
        for piece in chain(pieces, "\n"):
            file.write(piece.encode("utf-8", "backslashreplace"))


def _refuse_foreign(path: Path) -> None:
    """Make sure that a report may be written to *path*.

    Raises:
        UserError: If not; the sentence says where it may.
    """
    from xl_automation.reading.passed_over import WORKBOOK_ENDINGS

    if path.suffix.lower() in WORKBOOK_ENDINGS:
        raise UserError(
            f"{path}: kết quả dạng JSON không ghi vào tệp {path.suffix}. Viết - để in ra màn hình, "
            f"hoặc tên tệp như {path.with_suffix('.json').name}."
        )
    with obstacles_told(path):
        followed(path)
        if not path.exists() or _is_stream(path) or _is_report(path):
            return
    raise UserError(
        f"{path} đã có và không phải kết quả JSON do chương trình này ghi, nên không ghi đè. "
        "Chọn tên khác như ket-qua.json, hoặc viết - để in ra màn hình."
    )


def _is_stream(path: Path) -> bool:
    """Return whether a path leads to what is written to as it is: a device, a pipe."""
    mode = path.stat().st_mode
    return _stream_number(path) is not None or not (S_ISREG(mode) or S_ISDIR(mode))


def _stream_number(path: Path) -> int | None:
    """Return the number of the open stream that a path names, None where it names none."""
    match = _STREAM.fullmatch(str(path))
    if sys.platform == "win32" or match is None:
        return None
    return int(match[1]) if match[1] else _NUMBERS[match[0]]


def _is_report(path: Path) -> bool:
    """Return whether there is an earlier report of ours at *path*."""
    from xl_automation.outputs.json_report import is_report

    if not path.is_file():
        return False
    with path.open("rb") as file:
        if not _HEAD.match(file.read(64)):
            return False
        file.seek(0)
        try:
            return is_report(json.load(file))
        except (ValueError, RecursionError):
            return False


@contextmanager
def _opened(path: Path) -> Iterator[BinaryIO]:
    if not path.exists() or not _is_stream(path):
        with whole_file(path) as file:
            yield file
        return
    number = _stream_number(path)
    with (
        obstacles_told(path),
        open(path if number is None else number, "wb", closefd=number is None) as file,
    ):
        yield file
