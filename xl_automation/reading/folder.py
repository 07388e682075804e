"""Many files at once: finding them, reading them in parallel."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xl_automation.forms.form import Form
from xl_automation.reading.reader import read_submission
from xl_automation.reading.refused_file import RefusedFile, file_of_fault, refused_file
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.files import obstacles_told
from xl_automation.xlsx.refusal import Refusal

if TYPE_CHECKING:
    from concurrent.futures import Executor

# Files of a folder that are meant as workbooks; those that are not .xlsx are refused by name.
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".ods", ".et")
LOCK_PREFIX = "~$"  # what Excel leaves beside an open workbook
Progress = Callable[[], None]


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The workbooks under some paths, and what was passed over.

    Attributes:
        paths: The workbooks.
        locks: How many files Excel keeps beside open workbooks (``~$…``).
        others: Files of folders that are no workbooks.
    """

    paths: tuple[Path, ...]
    locks: int
    others: tuple[Path, ...]


def find_workbooks(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> FoundFiles:
    """Return the workbooks that *paths* name: files, and folders with all below them.

    A path that does not exist is returned too: reading it refuses it by name.

    Raises:
        UserError: If a folder cannot be listed.
    """
    hidden = {path.resolve() for path in leave_out}
    workbooks: dict[Path, Path] = {}  # by where the file really is: it may be named twice
    others: list[Path] = []
    locks = 0
    for path in paths:
        with obstacles_told(path):
            files = sorted(_files(path)) if path.is_dir() else [path]
        for file in files:
            if file.resolve() in hidden:
                continue
            if file.name.startswith(LOCK_PREFIX):
                locks += 1
            elif file == path or file.suffix.lower() in WORKBOOK_ENDINGS:
                workbooks.setdefault(file.resolve(), file)
            else:
                others.append(file)
    return FoundFiles(tuple(workbooks.values()), locks, tuple(others))


def _files(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if path.is_file() and not hidden:
            yield path


def read_file(form: Form, path: Path) -> Submission | RefusedFile:
    """Return what a workbook says, or why it was refused.

    Whatever else goes wrong over one file is a fault of the program, and that file's own: the
    others are read.
    """
    try:
        return read_submission(path, form)
    except Refusal as refusal:
        return refused_file(path, refusal)
    except Exception as error:
        return file_of_fault(path, error)


def read_files(
    paths: Sequence[Path],
    form: Form,
    executor: Executor | None = None,
    progress: Progress = lambda: None,
    tell: Callable[[str], None] = lambda text: None,
) -> list[Submission | RefusedFile]:
    """Return each workbook as read or refused, in the order of *paths*.

    Args:
        paths: The workbooks.
        form: Their form.
        executor: Any ``concurrent.futures`` executor: processes, or a Dask cluster's. What it
            fails to do is done here.
        progress: Called once after each file.
        tell: Called with a sentence where the executor failed.

    Raises:
        UserError: If the executor's processes run another version of this program.
    """
    results = []
    for result in _each(paths, form, executor, tell):
        results.append(result)
        progress()
    return results


def _each(
    paths: Sequence[Path], form: Form, executor: Executor | None, tell: Callable[[str], None]
) -> Iterator[Submission | RefusedFile]:
    if executor is None:
        return map(partial(read_file, form), paths)
    from xl_automation.reading.parallel import read_by  # a single file need not wait for it

    return read_by(executor, paths, form, read_file, tell)
