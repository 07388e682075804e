"""Verbs run in processes of their own: killed at any step or moment, limited, without rights.

A server loads the program once; each run is a fork of it, so that one costs what the verb costs.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple

from tests.support.paths import ROOT

NOBODY = 65534
SECONDS = 120  # that a run may take
# What changes a disk, as Python's audit events call it; "open" counts where it is for writing.
STEPS = frozenset(
    ("os.rename", "os.link", "os.remove", "os.mkdir", "os.chmod", "os.rmdir", "tempfile.mkstemp")
)


class Run(NamedTuple):
    """How a run ended: exit status (-9: killed), length in seconds, steps done, what it said."""

    status: int
    seconds: float
    steps: int
    said: str


class KillServer:
    """The server; to be used as a context."""

    def __enter__(self) -> KillServer:
        self._process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONUTF8": "1"},
        )
        return self

    def __exit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self._process.communicate(timeout=SECONDS)

    def run(
        self,
        arguments: Sequence[str | Path],
        folder: Path,
        after: float | None = None,
        at_step: int | None = None,
        longest: int | None = None,
        is_fatal: bool = False,
        as_nobody: bool = False,
    ) -> Run:
        """Run a verb to its end, or kill it.

        Args:
            arguments: The verb and what it takes.
            folder: Only steps in it count.
            after: The seconds after which it is killed.
            at_step: The step, counted from 1, before which it is killed.
            longest: The length in bytes that no file may exceed.
            is_fatal: Whether to exceed it kills the run, in the midst of its writing.
            as_nobody: Whether it runs without the rights of the superuser.
        """
        task = {
            "arguments": list(map(str, arguments)),
            "folder": str(folder),
            "after": after,
            "at_step": at_step,
            "longest": longest,
            "is_fatal": is_fatal,
            "as_nobody": as_nobody,
        }
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(task) + "\n")
        self._process.stdin.flush()
        return Run(*json.loads(self._process.stdout.readline()))


def _serve() -> None:
    """Read tasks from standard input, a line each, and answer each with a line."""
    import rich.progress
    import rich.table  # noqa: F401

    import xl_automation.cli.report_file  # noqa: F401
    from xl_automation.cli.main import main  # noqa: F401
    from xl_automation.consolidation import consolidate  # noqa: F401
    from xl_automation.editing import fill, issue, return_workbooks, upgrade  # noqa: F401
    from xl_automation.reading import folder, submission_cache  # noqa: F401
    from xl_automation.summary import read_back, write  # noqa: F401

    for line in sys.stdin:
        print(json.dumps(_answer(**json.loads(line))), flush=True)


def _answer(folder: str, after: float | None, **task: Any) -> tuple[int, float, int, str]:
    import select
    import signal
    import time

    reading, writing = os.pipe()
    start = time.perf_counter()
    process = os.fork()
    if not process:
        os.close(reading)
        _child(folder, writing, **task)
    os.close(writing)
    said = bytearray()
    deadline = start + (SECONDS if after is None else after)
    while True:
        ready, _, _ = select.select([reading], [], [], max(0.0, deadline - time.perf_counter()))
        if not ready:
            os.kill(process, signal.SIGKILL)
            break
        piece = os.read(reading, 1 << 16)
        if not piece:
            break
        said += piece
    _, status = os.waitpid(process, 0)
    seconds = time.perf_counter() - start
    os.close(reading)
    text, _, steps = said.decode("utf-8", "replace").partition("\0")
    return os.waitstatus_to_exitcode(status), seconds, int(steps or 0), text


def _child(
    folder: str,
    writing: int,
    arguments: list[str],
    at_step: int | None,
    longest: int | None,
    is_fatal: bool,
    as_nobody: bool,
) -> None:
    """Run a verb; what it prints goes to *writing*, and at the end how many steps it took."""
    import resource
    import signal

    from xl_automation.cli.main import main

    steps = 0

    def count(event: str, details: tuple[object, ...]) -> None:
        nonlocal steps
        is_writing = (
            event == "open"
            and isinstance(details[2], int)
            and details[2] & (os.O_WRONLY | os.O_RDWR)
        )
        if not (is_writing or event in STEPS):
            return
        if any(
            isinstance(detail, (str, os.PathLike)) and str(detail).startswith(folder)
            for detail in details
        ):
            steps += 1
            if steps == at_step:
                os.kill(os.getpid(), signal.SIGKILL)

    os.dup2(writing, 1)
    os.dup2(writing, 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8")
    sys.stderr = os.fdopen(2, "w", encoding="utf-8")
    sys.addaudithook(count)
    if is_fatal:
        signal.signal(signal.SIGXFSZ, signal.SIG_DFL)  # Python ignores it
    if longest is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (longest, longest))
    if as_nobody and os.geteuid() == 0:
        os.setgid(NOBODY)
        os.setuid(NOBODY)
    status = 70
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 70
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os.write(1, f"\0{steps}".encode())
        os._exit(status)


if __name__ == "__main__":
    _serve()
