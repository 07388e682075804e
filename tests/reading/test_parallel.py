"""Requirements of reading by an executor.

X1 Whatever reads (this process, others), results are the same and in the order of the files.
X2 A process that dies loses no file and counts none twice; it is said that it died.
X3 What an executor cannot see, or sees otherwise, is read here.
X4 A process of another version reads nothing.
X5 The form is unpacked once in each process.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.support.builders import MINI
from tests.support.many_files import send
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading import parallel
from xl_automation.reading.folder import read_file, read_files
from xl_automation.reading.parallel import Answer, Order, answers, read_by
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission

SPAWN = multiprocessing.get_context("spawn")


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Thirty reports, a damaged one and one that is not there."""
    folder = tmp_path_factory.mktemp("nhiều tệp")
    paths = send(folder, 30)
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    return [*paths[:10], folder / "hỏng.xlsx", folder / "không có.xlsx", *paths[10:]]


@pytest.fixture(scope="module")
def expected(sent: list[Path]) -> list[Submission | RefusedFile]:
    """What one process makes of them."""
    return read_files(sent, MINI)


def nobody(sentence: str) -> None:
    """Hear a sentence that should not be said."""
    raise AssertionError(sentence)


class Changed(Executor):
    """An executor in this process, whose answers are changed on their way."""

    def __init__(self, change: Callable[[Answer], Answer | None]):
        self.change = change

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Call, and change what comes back."""
        future: Future[Any] = Future()
        future.set_result([self.change(answer) for answer in fn(*args, **kwargs)])
        return future


def test_processes_give_the_same_in_order(sent, expected, monkeypatch) -> None:
    """Also for paths that are relative here, and progress moves once per file."""
    monkeypatch.chdir(sent[0].parent)
    paths = [path.relative_to(sent[0].parent) for path in sent]
    steps: list[int] = []
    with ProcessPoolExecutor(2, SPAWN) as executor:
        results = read_files(paths, MINI, executor, lambda: steps.append(1), nobody)
    assert [result.path for result in results] == paths
    assert [replace(result, path=path) for result, path in zip(results, sent, strict=True)] == (
        expected
    )
    assert len(steps) == len(sent)


def dying(form: Form, path: Path) -> Submission | RefusedFile:
    """Read a file, or die where it is the one that kills."""
    if path.name == "xã 0007.xlsx" and multiprocessing.parent_process() is not None:
        os.kill(os.getpid(), signal.SIGKILL)
    return read_file(form, path)


@pytest.mark.parametrize("number", [1, 2])
def test_killed_process_loses_nothing(sent, expected, number: int) -> None:
    """Its files and those nobody read yet are read here: each once, in order, and it is said."""
    told: list[str] = []
    with ProcessPoolExecutor(number, SPAWN) as executor:
        results = list(read_by(executor, sent, MINI, dying, told.append))
    assert results == expected
    (sentence,) = told
    assert "không tệp nào bị bỏ sót" in sentence


def test_executor_that_is_broken_already_loses_nothing(sent, expected) -> None:
    """Nothing can be given to it any more."""
    told: list[str] = []
    with ProcessPoolExecutor(1, SPAWN) as executor:
        with pytest.raises(Exception, match="terminated"):
            executor.submit(os._exit, 1).result()
        assert read_files(sent, MINI, executor, tell=told.append) == expected
    assert len(told) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda answer: None,
        lambda answer: replace(answer, is_passing=True),
        lambda answer: replace(answer, facts=replace(answer.facts, size=1)),
        lambda answer: replace(answer, record=["read"]),
    ],
    ids=["no-answer", "not-there", "another-file", "damaged"],
)
def test_what_an_executor_does_not_see_is_read_here(sent, expected, change) -> None:
    """A computer may not have the folder, or another file under its name."""
    assert read_files(sent, MINI, Changed(change), tell=nobody) == expected


def test_file_goes_while_it_is_read(sent, tmp_path) -> None:
    """What an executor read but is not here any more is refused as not there."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(sent[0].read_bytes())

    def gone(answer: Answer) -> Answer:
        path.unlink()
        return answer

    (result,) = read_files([path], MINI, Changed(gone))
    assert isinstance(result, RefusedFile)
    assert result.code == "not-found"


def test_process_of_another_version_reads_nothing(sent, monkeypatch) -> None:
    """Figures of two programs are never mixed; the sentence says what to do."""
    sent_order: list[Order] = []

    def other(order: Order, paths: Sequence[str]) -> list[Answer | None]:
        sent_order.append(order)
        return answers(replace(order, program="khác"), paths)

    monkeypatch.setattr(parallel, "answers", other)
    with ThreadPoolExecutor(1) as executor, pytest.raises(UserError, match="cùng một phiên bản"):
        read_files(sent, MINI, executor)
    assert len(sent_order[0].form) < 20_000


def test_fault_while_reading_is_no_dead_process(sent) -> None:
    """A bug stays one, and nothing more is read for it."""
    done: list[Path] = []

    def faulty(form: Form, path: Path) -> Submission | RefusedFile:
        done.append(path)
        raise ZeroDivisionError

    with ThreadPoolExecutor(1) as executor, pytest.raises(ZeroDivisionError):
        list(read_by(executor, sent * 200, MINI, faulty, nobody))
    assert len(done) < len(sent) * 200


def test_form_is_unpacked_once(sent, monkeypatch) -> None:
    """However many chunks a process reads."""
    unpacked: list[int] = []

    def loads(packed: bytes) -> Any:
        unpacked.append(1)
        return original(packed)

    original = parallel.pickle.loads
    monkeypatch.setattr(parallel.pickle, "loads", loads)
    parallel._unpacked.cache_clear()
    with ThreadPoolExecutor(1) as executor:
        read_files(sent * 10, MINI, executor)
    assert len(unpacked) == 1


def test_chunks_are_neither_many_nor_large(sent) -> None:
    """Few files keep every process busy; many cost few journeys."""
    sizes: list[int] = []

    def submit(number: int) -> Iterable[int]:
        sizes.clear()
        paths = [Path("x")] * number

        class Counting(Changed):
            def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
                sizes.append(len(args[1]))
                future: Future[Any] = Future()
                future.cancel()
                return future

        list(read_by(Counting(lambda answer: answer), paths, MINI, partial(missing), str))
        return sizes

    assert set(submit(50)) == {1}
    assert max(submit(10_500)) == 16


def missing(form: Form, path: Path) -> RefusedFile:
    """Return a refusal without looking."""
    return RefusedFile(path, "not-found", "")
