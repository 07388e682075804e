"""Many files at once: finding them, reading them in parallel, issuing one workbook per unit."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from xl_automation import layout as at
from xl_automation import package
from xl_automation.consolidate import RefusedFile
from xl_automation.history import PastPeriod, figures_of_unit
from xl_automation.model import Form, Period, ReportingUnit
from xl_automation.numbers import plain
from xl_automation.reader import read_submission
from xl_automation.refusal import Refusal
from xl_automation.submission import Submission
from xl_automation.template import build_template

# Files of a folder that are meant as workbooks; those that are not .xlsx are refused by name.
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".ods", ".et")
LOCK_PREFIX = "~$"  # what Excel leaves beside an open workbook

Progress = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Gathered:
    """The workbooks under some paths, and what was passed over."""

    paths: tuple[Path, ...]
    locks: int
    others: tuple[Path, ...]


def gather(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> Gathered:
    """Return the workbooks that *paths* name: files, and folders with all below them.

    A path that does not exist is returned too: reading it refuses it by name.
    """
    hidden = {path.resolve() for path in leave_out}
    found: dict[Path, Path] = {}  # by where the file really is: it may be named twice
    others: list[Path] = []
    locks = 0
    for path in paths:
        for file in sorted(_files(path)) if path.is_dir() else [path]:
            if file.resolve() in hidden:
                continue
            if file.name.startswith(LOCK_PREFIX):
                locks += 1
            elif file == path or file.suffix.lower() in WORKBOOK_ENDINGS:
                found.setdefault(file.resolve(), file)
            else:
                others.append(file)
    return Gathered(tuple(found.values()), locks, tuple(others))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def read_one(form: Form, path: Path) -> Submission | RefusedFile:
    """Return what a workbook says, or why it was refused."""
    try:
        return read_submission(path, form)
    except Refusal as refusal:
        return refused_file(path, refusal)


def refused_file(path: Path, refusal: Refusal) -> RefusedFile:
    """Return the refusal with what can be known of the file all the same."""
    sha256, size, saved = "", None, None
    with suppress(OSError):
        if path.is_file():
            facts = path.stat()
            size, saved = facts.st_size, facts.st_mtime
            with path.open("rb") as file:
                sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    return RefusedFile(path, refusal.code, str(refusal), sha256, size, saved)


def read_all(
    paths: Sequence[Path],
    form: Form,
    executor: Executor | None = None,
    progress: Progress = lambda: None,
) -> list[Submission | RefusedFile]:
    """Return each workbook as read or refused, in the order of *paths*.

    Args:
        paths: The workbooks.
        form: Their form.
        executor: Any ``concurrent.futures`` executor: processes, or a Dask cluster's.
        progress: Called once after each file.
    """
    results = []
    read = partial(read_one, form)
    chunk = max(1, min(32, len(paths) // 16))
    for one in executor.map(read, paths, chunksize=chunk) if executor else map(read, paths):
        results.append(one)
        progress()
    return results


def issue(
    form: Form,
    units: Sequence[ReportingUnit],
    period: Period,
    folder: Path,
    previous: PastPeriod | None = None,
    progress: Progress = lambda: None,
) -> list[Path]:
    """Write one locked workbook per unit, its identity filled in; return their paths.

    Args:
        form: The form.
        units: Who gets one.
        period: The period they report.
        folder: Where the workbooks go.
        previous: An earlier period, shown beside the form.
        progress: Called once after each file.

    Raises:
        FileExistsError: If one of them exists; then none is written.
    """
    paths = [folder / file_name(unit, period) for unit in units]
    for path in paths:
        if path.exists():
            raise FileExistsError(path)
    blank: dict[str, package.Parts] = {}  # by level: only names and earlier figures differ
    for unit, path in zip(units, paths, strict=True):
        if unit.level not in blank:
            past: tuple[Period, dict[str, float]] | None = None
            if previous:
                past = (previous.period, {})
            content = build_template(form, unit.level, unit, period, tuple(units), past)
            blank[unit.level] = package.read_parts(content)
        parts = dict(blank[unit.level])
        _set(parts, at.INFO_SHEET, {at.info_cell("TT_DON_VI"): at.unit_text(unit)})
        if previous:
            _set(parts, form.sheet, _earlier_cells(form, previous, unit))
        package.write_new(path, package.zip_parts(parts))
        progress()
    return paths


def _set(parts: package.Parts, sheet: str, cells: Mapping[str, package.CellContent]) -> None:
    package.edit_sheet(parts, sheet, partial(package.SheetEditor.set_all, contents=cells))


def _earlier_cells(
    form: Form, previous: PastPeriod, unit: ReportingUnit
) -> dict[str, package.CellContent]:
    """Return the cells of the unit's earlier figures."""
    mine = figures_of_unit(previous, unit)
    if mine is None:
        return {}
    rows = at.Layout(form).rows
    found = mine.reindex([item.id for item in form.figures]).dropna()
    return {f"{at.PREVIOUS}{rows[str(id)]}": plain(value) for id, value in found.items()}


def file_name(unit: ReportingUnit, period: Period) -> str:
    """Return a file name that sorts and that every file system keeps as it is.

    >>> from xl_automation.model import PeriodKind
    >>> half = Period(2022, PeriodKind("6T", "", (12, 15), -1, (6, 14), ()))
    >>> file_name(ReportingUnit("05497", "Xã Thịnh Đức"), half)
    'CCHC_2022-6T_05497_xa-thinh-duc.xlsx'
    """
    plain = unicodedata.normalize("NFD", unit.name.replace("đ", "d").replace("Đ", "D"))
    ascii_name = plain.encode("ascii", "ignore").decode().lower()
    slug = re.sub(r"[^a-z0-9]+", "-", ascii_name).strip("-")
    code = re.sub(r"[^0-9A-Za-z]+", "-", unit.code)
    return f"CCHC_{period.code}_{code}_{slug}"[:100] + ".xlsx"
