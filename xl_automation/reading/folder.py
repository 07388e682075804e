"""Many files at once: finding them, reading them in parallel."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from xl_automation.forms.form import Form
from xl_automation.reading.folder_walk import LOCK_PREFIX, Item, walk
from xl_automation.reading.passed_over import PassedOver, Reason
from xl_automation.reading.reader import read_submission
from xl_automation.reading.refused_file import RefusedFile, file_of_fault, refused_file
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal

if TYPE_CHECKING:
    from concurrent.futures import Executor

Progress = Callable[[], None]


@dataclass(frozen=True, slots=True)
class FoundFiles:
    """The workbooks under some paths, and what was passed over.

    Attributes:
        paths: The workbooks.
        passed_over: All else that the folders hold, each with its reason.
    """

    paths: tuple[Path, ...]
    passed_over: tuple[PassedOver, ...] = ()


def find_workbooks(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> FoundFiles:
    """Return the workbooks that *paths* name: files, and folders with all below them.

    A path that does not exist, or is no file, is returned too: reading it refuses it by name.

    Args:
        paths: Files and folders; a link is followed, since it was named.
        leave_out: Files and folders of which nothing is said.
    """
    left_out = set(map(os.path.realpath, leave_out))
    workbooks: dict[str, Path] = {}  # by where the file really is: it may be named twice
    passed_over: dict[str, PassedOver] = {}
    links: list[Item] = []
    for path in paths:
        if os.path.isdir(path):
            items: Iterable[Item] = walk(path, left_out)
        else:
            place = os.path.realpath(path)
            reason: Reason | None = "lock" if path.name.startswith(LOCK_PREFIX) else None
            items = [] if place in left_out else [Item(str(path), place, place, reason)]
        for item in items:
            if item.reason is not None:
                passed_over.setdefault(item.place, PassedOver(Path(item.path), item.reason))
            elif item.is_link:
                links.append(item)
            else:
                workbooks.setdefault(item.target, Path(item.path))
    for link in links:
        path = Path(link.path)
        if workbooks.setdefault(link.target, path) is not path:
            passed_over.setdefault(link.place, PassedOver(path, "same-file"))
    rest = (passed for place, passed in passed_over.items() if place not in workbooks)
    return FoundFiles(tuple(workbooks.values()), tuple(rest))


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
