"""Closed workbooks and folders of them, for custom functions: each file is read once.

A recalculation asks hundreds of cells at once. What was read is kept by path, size and time of
change, so that a file is read again only when it was saved again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import common_period
from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import the_form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.folder import find_workbooks, read_file
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal

MAX_FILES = 4096
MAX_FOLDERS = 32
PASSING = ("unreadable", "not-found")  # may go away without the file being saved again
K = TypeVar("K")
V = TypeVar("V")
Stamp = tuple[str, int, int]  # path, size, time of change
Units = tuple[ReportingUnit, ...] | None
_files: dict[Stamp, Submission | RefusedFile] = {}
_folders: dict[tuple[tuple[Stamp, ...], Units], Consolidation] = {}


def stamp(path: Path) -> Stamp:
    """Return what tells one saved version of a file from another."""
    try:
        status = path.stat()
    except (OSError, ValueError):
        raise Refusal("not-found") from None
    return str(path), status.st_size, status.st_mtime_ns


def read(version: Stamp) -> Submission | RefusedFile:
    """Return a workbook as read or refused."""
    found = _files.get(version)
    if found is None:
        found = read_file(the_form(), Path(version[0]))
        if not _is_passing(found):
            _keep(_files, version, found, MAX_FILES)
    return found


def _is_passing(one: Submission | RefusedFile) -> bool:
    return isinstance(one, RefusedFile) and one.code in PASSING and not _opens(one.path)


def _opens(path: Path) -> bool:
    """Return whether a file can be read now; then a refusal is about what is in it, and stays."""
    try:
        path.open("rb").close()
    except OSError:
        return False
    return True


def _keep(kept: dict[K, V], key: K, value: V, limit: int) -> None:
    kept[key] = value
    while len(kept) > limit:
        del kept[next(iter(kept))]


def workbook(path: Path) -> tuple[Submission, Figures]:
    """Return a closed workbook and its figures.

    Raises:
        CannotAnswer: If it is refused, with the reason.
        Refusal: If it does not exist.
    """
    return _workbook(stamp(path))


@lru_cache(MAX_FILES)
def _workbook(version: Stamp) -> tuple[Submission, Figures]:
    one = read(version)
    if isinstance(one, RefusedFile):
        raise UserError(one.message)
    return one, tabulate(the_form(), [one])


def consolidation(folders: Sequence[Path], units: Units = None) -> Consolidation:
    """Return the consolidation of the workbooks in *folders*, of the period that most are for.

    Args:
        folders: Folders, searched with all below them.
        units: Who owes a report; the form's own list by default.

    Raises:
        UserError: If the files do not settle the period, or a folder is a whole disk.
        Refusal: If a folder does not exist.
    """
    for folder in folders:
        if not _is_folder(folder):
            raise Refusal("not-found")
        if folder == folder.parent:  # searching it could take an hour, and Excel would wait
            raise UserError(f"{folder} là cả ổ đĩa; ghi thư mục chứa báo cáo.")
    versions = tuple(stamp(path) for path in find_workbooks(folders).paths)
    found = _folders.get((versions, units))
    if found is None:
        results = [read(version) for version in versions]
        found = _consolidate(results, units)
        if not any(map(_is_passing, results)):
            _keep(_folders, (versions, units), found, MAX_FOLDERS)
    return found


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):
        return False


def _consolidate(results: Sequence[Submission | RefusedFile], units: Units) -> Consolidation:
    try:
        period = common_period([one for one in results if isinstance(one, Submission)])
    except ValueError:
        raise UserError(
            "các tệp trong thư mục thuộc nhiều kỳ, không kỳ nào nhiều hơn; "
            "để mỗi kỳ trong một thư mục riêng."
        ) from None
    return consolidate(the_form(), results, units, period)


def forget() -> None:
    """Forget every file."""
    _files.clear()
    _folders.clear()
    _workbook.cache_clear()


def figure(book: tuple[Submission, Figures], id: str) -> float | str:
    """Return a figure of a workbook: a number, the text typed in its place, "" if blank."""
    one, table = book
    number = table.number(0, id)
    if number is not None:
        return number
    reading = one.readings.get(id)
    return (reading.text or "") if reading else ""


METHODS: Mapping[str, str] = {
    "": "form",
    "bieu mau": "form",
    "theo bieu mau": "form",
    "tong": "sum",
    "trung binh": "mean",
    "trung vi": "median",
    "nho nhat": "min",
    "lon nhat": "max",
    "so don vi": "count",
}


def combined(result: Consolidation, id: str, method: str) -> float | str:
    """Return one figure of all the communes, combined by a method of ``METHODS``.

    Where the form gives no single number, the sentence says what there is instead.
    """
    if not result.counted:
        raise UserError(_why_none(result))
    item = result.form.by_id[id]
    if method == "form":
        total = result.totals[id]
        if total.value is not None:
            return float(total.value)
        derived = item.aggregate in ("ratio", "ratio_shared", "share_units", "weighted")
        return "" if derived or (not total.filled and item.aggregate != "city") else total.note
    known = result.table.numbers[id].iloc[: len(result.communes)].dropna()
    if method == "count":
        return float(len(known))
    if item.kind == "code" or (item.kind == "percent" and method in ("sum", "mean")):
        what = "mã" if item.kind == "code" else "tỷ lệ"
        raise UserError(
            f"{id} là {what}, không cộng, không lấy bình quân được; "
            "bỏ trống cách tổng hợp để tính theo biểu mẫu."
        )
    if known.empty:
        return ""
    return round(float(getattr(known, method)()), 6)


def _why_none(result: Consolidation) -> str:
    if not result.refused:
        return "thư mục không có tệp báo cáo nào."
    first = result.refused[0]
    return (
        f"cả {len(result.refused)} tệp trong thư mục đều không nhận được; "
        f"{first.path.name}: {first.message}"
    )
