"""Reads files in child processes with limits of time and memory, and says what each cost.

    with LimitedReader() as reader:
        cost = reader.read(FORM.id, path)

A server process loads the program once; of each file it forks a child, which is killed at the
limits. It talks JSON, a line for a line. Linux alone can fork and limit like this.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

from tests.support.paths import DATA, ROOT
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.reading.folder import read_file
from xl_automation.reading.submission import Submission

MB = 1 << 20
# What ends a child; what an attack may cost is for the test to say.
CPU_SECONDS, WALL_SECONDS, ADDRESSES = 20, 120, 2048 * MB


@dataclass(frozen=True, slots=True)
class Cost:
    """What came of a file, and what it took.

    Attributes:
        end: ``read``, the code of a refusal, or ``killed`` or ``uncaught``.
        message: The sentence of the refusal, or what went wrong.
        values: The figures read, by id.
        remarks: The rules of what the reader noticed.
        seconds: Processor time.
        memory: Bytes that the process came to hold beyond what it held before, at most.
    """

    end: str
    message: str
    values: dict[str, float | str | None]
    remarks: list[str]
    seconds: float
    memory: int


class LimitedReader:
    """The server, from this side."""

    def __enter__(self) -> Self:
        self._server = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._server.communicate()

    def read(self, form: str, path: Path) -> Cost:
        """Return what comes of the file at *path*, read as a workbook of the form with that id."""
        assert self._server.stdin is not None
        assert self._server.stdout is not None
        print(json.dumps({"form": form, "path": str(path)}), file=self._server.stdin, flush=True)
        return Cost(**json.loads(self._server.stdout.readline()))


# --- the server's side -------------------------------------------------------------------------


def serve() -> None:
    """Answer each line of standard input, in a child of its own."""
    forms = {form.id: form for form in (load_form(), *map(load_form, sorted(DATA.glob("*.toml"))))}
    for line in sys.stdin:
        asked = json.loads(line)
        print(json.dumps(_in_child(forms[asked["form"]], Path(asked["path"]))), flush=True)


def _in_child(form: Form, path: Path) -> dict[str, Any]:
    """Return what a child makes of a file, as the fields of a ``Cost``."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        with _never_returning(), os.fdopen(sender, "w") as answer:
            _limit()
            json.dump(_answer(form, path), answer)
    os.close(sender)
    signal.signal(signal.SIGALRM, lambda *_: os.kill(child, signal.SIGKILL))
    signal.alarm(WALL_SECONDS)
    with os.fdopen(receiver) as answer:
        text = answer.read()
    _, status, usage = os.wait4(child, 0)
    signal.alarm(0)
    if text:
        return dict(json.loads(text))
    seconds = usage.ru_utime + usage.ru_stime
    return asdict(Cost("killed", f"status {status}", {}, [], seconds, usage.ru_maxrss << 10))


@contextmanager
def _never_returning() -> Iterator[None]:
    """Let a child end here, whatever happens: the server's loop is not for it."""
    try:
        yield
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(0)


def _limit() -> None:
    spent = sum(resource.getrusage(resource.RUSAGE_SELF)[:2])
    resource.setrlimit(resource.RLIMIT_CPU, (int(spent) + CPU_SECONDS, resource.RLIM_INFINITY))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))


def _answer(form: Form, path: Path) -> dict[str, Any]:
    held, spent = _memory(), _seconds()
    end, message, values, remarks = "read", "", {}, []
    try:
        result = read_file(form, path)
    except Exception as error:
        end, message = "uncaught", f"{type(error).__name__}: {error}"
    else:
        if isinstance(result, Submission):
            values = {id: reading.value for id, reading in result.readings.items()}
            remarks = [remark.rule for remark in result.remarks]
        else:
            end, message = result.code, result.message
    cost = Cost(end, message, values, remarks, _seconds() - spent, _memory() - held)
    return asdict(cost)


def _seconds() -> float:
    return sum(
        sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


def _memory() -> int:
    """Return the most bytes that this process held so far, and the largest of its own children."""
    return sum(
        resource.getrusage(who).ru_maxrss << 10
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )


if __name__ == "__main__":
    serve()
