"""Requirements of reading on a Dask cluster: a real scheduler, real workers, on this computer.

D1 The cluster gives what one process gives, in the same order, to the byte.
D2 A worker that is killed in mid-run loses no file and counts none twice; nor do all of them, nor
   the scheduler.
D3 Files that were saved since are read again.
D4 Whatever is wrong (not installed, nobody there, nobody working, another version) is a sentence
   within seconds, never a hang or a traceback.
D5 A file that a worker does not see is read here.
"""

from __future__ import annotations

import os
import socket
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest

from tests.support.builders import MINI
from tests.support.dask import Cluster, cluster
from tests.support.many_files import FORM_OPTION, parts_but_time, send
from xl_automation.cli import dask_cluster
from xl_automation.cli.dask_cluster import dask_executor
from xl_automation.cli.main import main
from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.reading.folder import read_file, read_files
from xl_automation.reading.parallel import read_by
from xl_automation.reading.refused_file import RefusedFile, refused_file
from xl_automation.reading.submission import Submission
from xl_automation.xlsx.refusal import Refusal

NUMBER = 240
FIRST = 100  # so many reports a worker of `passing` reads before it waits
Results = list[Submission | RefusedFile]


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Some hundred reports, a damaged one and one that is not there."""
    folder = tmp_path_factory.mktemp("dask") / "đã gửi"
    paths = send(folder, NUMBER)
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    return [*paths[:9], folder / "hỏng.xlsx", folder / "không có.xlsx", *paths[9:]]


@pytest.fixture(scope="module")
def expected(sent: list[Path]) -> Results:
    """What one process makes of them."""
    return read_files(sent, MINI)


@pytest.fixture(scope="module")
def lasting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster of two workers for the tests that leave it whole."""
    with cluster(tmp_path_factory.mktemp("cụm"), 2) as made:
        yield made


@pytest.fixture
def go_on(tmp_path: Path) -> Path:
    """A file for which the workers of `passing` wait in mid-run."""
    return tmp_path / "đọc tiếp"


@pytest.fixture
def passing(tmp_path: Path, go_on: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    """A cluster of three workers for one test, which wait in mid-run, however fast they are."""
    monkeypatch.setattr("xl_automation.reading.folder.read_file", held)
    with cluster(tmp_path, 0) as made:
        for _ in range(3):
            made.add_worker(environment={"GO_ON": str(go_on)})
        made.await_workers()
        yield made


def held(form: Form, path: Path) -> Submission | RefusedFile:
    """Read a file; a worker of `passing` waits before it goes beyond the first ones."""
    if path.name > f"xã {FIRST:04}.xlsx" and "GO_ON" in os.environ:
        while not Path(os.environ["GO_ON"]).exists():
            time.sleep(0.05)
    return read_file(form, path)


def read_on(
    made: Cluster, paths: list[Path], after: Callable[[int], None] = lambda number: None
) -> tuple[Results, list[str]]:
    """Return what a cluster reads, and what is said; *after* is called after each file."""
    told: list[str] = []
    number = 0

    def step() -> None:
        nonlocal number
        number += 1
        after(number)

    with dask_executor(made.address) as executor:
        results = read_files(paths, MINI, executor, step, told.append)
    assert number == len(paths)
    return results, told


@pytest.mark.usefixtures("stopped_clock")
def test_cluster_writes_what_one_process_writes(
    lasting: Cluster, sent: list[Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Summary and JSON of both verbs are the same, and nothing is said of it in English."""
    outcomes = []
    for place, more in enumerate(([], ["--dask", lasting.address])):
        out, report = tmp_path / f"{place}.xlsx", tmp_path / f"{place}.json"
        command = ["consolidate", *FORM_OPTION, str(sent[0].parent), "--no-cache", *more]
        assert main([*command, "--out", str(out), "--report", str(report)]) == 1
        capsys.readouterr()
        assert main(["check", *FORM_OPTION, *map(str, sent[:40]), "--json", "-", *more]) == 1
        told = capsys.readouterr()
        assert "istributed" not in told.err
        outcomes.append((parts_but_time(out), report.read_bytes(), told.out))
    assert outcomes[0] == outcomes[1]


def test_worker_killed_in_mid_run_loses_nothing(
    passing: Cluster, go_on: Path, sent: list[Path], expected: Results
) -> None:
    """Its files are read by the others: each once, in order."""
    left: list[int] = []

    def kill(number: int) -> None:
        if number == 40:
            passing.workers[0].kill()
            passing.workers[0].wait()
            left.append(len(sent) - number)
            go_on.touch()

    results, told = read_on(passing, sent, kill)
    assert left == [len(sent) - 40]
    assert results == expected
    assert len({result.path for result in results}) == len(sent)
    assert told == []


def test_all_workers_killed_lose_nothing(
    passing: Cluster, sent: list[Path], expected: Results, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After a while without any, the rest is read here, and it is said."""
    monkeypatch.setattr(dask_cluster, "ALONE_SECONDS", 2.0)
    monkeypatch.setattr(dask_cluster, "WATCH_SECONDS", 0.5)

    def kill(number: int) -> None:
        if number == 40:
            for worker in passing.workers:
                worker.kill()

    results, told = read_on(passing, sent, kill)
    assert results == expected
    (sentence,) = told
    assert "không tệp nào bị bỏ sót" in sentence


def test_scheduler_killed_loses_nothing(
    passing: Cluster, sent: list[Path], expected: Results
) -> None:
    """The rest is read here, and it is said."""

    def kill(number: int) -> None:
        if number == 40:
            passing.scheduler.kill()

    results, told = read_on(passing, sent, kill)
    assert results == expected
    assert len(told) == 1


def test_file_saved_since_is_read_again(lasting: Cluster, sent: list[Path], tmp_path: Path) -> None:
    """The cluster keeps no result of an earlier call."""
    path = tmp_path / "a.xlsx"
    for source in sent[:2]:
        path.write_bytes(source.read_bytes())
        (result,), _ = read_on(lasting, [path])
        (here,) = read_files([path], MINI)
        assert result == here


def test_relative_paths_are_those_of_here(
    lasting: Cluster, sent: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker has another current folder."""
    monkeypatch.chdir(sent[0].parent)
    paths = [Path(path.name) for path in sent[:12]]
    results, _ = read_on(lasting, paths)
    assert results == read_files(paths, MINI)


def blind(form: Form, path: Path) -> Submission | RefusedFile:
    """Read a file, as a computer that has every second one only."""
    if "BLIND" in os.environ and int(path.stem[-1]) % 2:
        return refused_file(path, Refusal("not-found", is_passing=True))
    return read_file(form, path)


def test_worker_elsewhere_does_not_see_the_files(sent: list[Path], tmp_path: Path) -> None:
    """What is not found there is read here, each file once and in its place."""
    reports = [path for path in sent if path.name.startswith("xã")][:60]
    with cluster(tmp_path, 0) as made:
        made.add_worker(environment={"BLIND": "1"})
        made.await_workers()
        with dask_executor(made.address) as executor:
            results = list(read_by(executor, reports, MINI, blind, str))
    assert results == read_files(reports, MINI)


# --- what is wrong, as a sentence ---------------------------------------------------------------


def refused(address: str) -> tuple[str, float]:
    """Return what is said of an address, and after how many seconds."""
    start = time.monotonic()
    with pytest.raises(UserError) as error, dask_executor(address):
        pass
    return str(error.value), time.monotonic() - start


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ten seconds are one."""
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 1.0)


@pytest.mark.parametrize(
    "address",
    ["abc", "", "tcp://", "tcp://x", ":8786", "foo://127.0.0.1:1", "tcp://127.0.0.1:x", "8786"],
)
def test_address_that_is_none_is_told(address: str) -> None:
    """With an example of one."""
    said, seconds = refused(address)
    assert "tcp://10.0.0.5:8786" in said
    assert seconds < 3


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:1", "khong-co.invalid:8786", "127.0.0.1:999999", "[::1]:1", f"{'a' * 99}:1"],
    ids=["refused", "unknown", "no-port", "ipv6", "no-name"],
)
def test_address_where_nobody_is_is_told(address: str) -> None:
    """What to look at, and how to do without."""
    said, seconds = refused(address)
    assert f"Không nối được cụm Dask ở {address}" in said
    assert "bỏ --dask" in said
    assert seconds < 6


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("says", [b"", b"SSH-2.0-OpenSSH_9.2\r\n"], ids=["nothing", "other"])
def test_address_where_something_else_listens_is_told(says: bytes) -> None:
    """A program that is no scheduler is not waited for."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        talking: list[socket.socket] = []

        def talk() -> None:
            while True:
                try:
                    connection, _ = server.accept()
                    talking.append(connection)
                    connection.sendall(says)
                except OSError:
                    return

        Thread(target=talk, daemon=True).start()
        said, seconds = refused(f"127.0.0.1:{server.getsockname()[1]}")
        server.shutdown(socket.SHUT_RDWR)
        for connection in talking:
            connection.close()
    assert "Không nối được cụm Dask" in said
    assert seconds < 10


def test_cluster_without_workers_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It could be waited for without end."""
    monkeypatch.setattr(dask_cluster, "CONNECT_SECONDS", 4.0)
    with cluster(tmp_path, 0) as made:
        said, seconds = refused(made.address)
    assert "chưa có máy nào đọc tệp" in said
    assert f"dask worker {made.address}" in said
    assert seconds < 20


def test_worker_of_another_version_is_told(lasting: Cluster, tmp_path: Path) -> None:
    """Before it dies of a task that it cannot understand."""
    room = tmp_path / "xl_automation" / "reading"
    room.mkdir(parents=True)
    for module in (room.parent / "__init__.py", room / "__init__.py", room / "parallel.py"):
        module.touch()
    with cluster(tmp_path, 0) as made:
        made.add_worker(tmp_path, {"PYTHONPATH": str(tmp_path)})
        made.await_workers()
        said, _ = refused(made.address)
    assert "Cài cùng một phiên bản ở mọi máy" in said


def test_dask_that_is_not_installed_is_told(
    capsys: pytest.CaptureFixture[str], sent: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the command that installs it."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["check", *FORM_OPTION, str(sent[0]), "--dask", "tcp://127.0.0.1:8786"]) == 2
    assert 'pip install "xl_automation[dask]"' in capsys.readouterr().err
