"""Who reads the files: this process, several processes, or a Dask cluster."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xl_automation.errors import UserError

if TYPE_CHECKING:
    from concurrent.futures import Executor

# A process takes 0.3 to 0.4 s of processor time until it reads its first file, a file some 5 ms:
# on two cores one process and two are even near 150 files.
MANY_FILES = 200
MOST_WORKERS = 61 if sys.platform == "win32" else 1024  # Windows waits for no more at once


@dataclass(frozen=True, slots=True)
class Workers:
    """Who is to read, as the command line says it.

    Attributes:
        number: How many processes; None for what the files are worth.
        dask: The address of a Dask cluster, before which the number does not count.
    """

    number: int | None = None
    dask: str | None = None

    def __post_init__(self) -> None:
        if self.number is not None and self.number < 1:
            raise UserError("Số tiến trình (--workers) phải từ 1 trở lên.")

    @contextmanager
    def executor(self, files: int) -> Iterator[Executor | None]:
        """Give what reads so many files; None for this process.

        Raises:
            UserError: If there is no such cluster.
        """
        cluster = self._executor(files)
        if cluster is None:
            yield None
        else:
            with cluster as executor:
                yield executor

    def _executor(self, files: int) -> AbstractContextManager[Executor] | None:
        if self.dask:
            from xl_automation.cli.dask_cluster import dask_executor  # few have such a thing

            return dask_executor(self.dask)
        wanted = self.number or (cores() if files >= MANY_FILES else 1)
        processes = min(wanted, files, MOST_WORKERS)
        if processes <= 1:
            return None
        from concurrent.futures import ProcessPoolExecutor  # a single file need not wait for them
        from multiprocessing import get_context

        # A new process, not a copy of this one with its threads (the progress bar has one).
        return ProcessPoolExecutor(processes, get_context("spawn"), initializer=_leave_ctrl_c)


def _leave_ctrl_c() -> None:
    """Leave Ctrl+C to the process that the user sees: it ends the others."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def cores() -> int:
    """Return how many processor cores this process may use."""
    if sys.version_info >= (3, 13):
        return os.process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
