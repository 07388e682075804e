"""Requirements of who reads, and of what need not be read again, on the command line.

W1 One process or many: the same summary, the same JSON, byte for byte.
W2 By default there are as many processes as cores, from a number of files where it pays.
W3 A second run reads what changed, says so, and writes the same; ``--no-cache`` reads all.
W4 A command that is refused leaves no cache behind.
"""

from __future__ import annotations

import os
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.support.builders import MINI
from tests.support.communes import workbook
from tests.support.many_files import FORM_OPTION, parts_but_time, send
from xl_automation.cli import executors
from xl_automation.cli.executors import MANY_FILES, Workers, cores
from xl_automation.cli.main import main
from xl_automation.errors import UserError
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder_walk import CACHE_NAME


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of a dozen reports and a damaged file."""
    folder = tmp_path_factory.mktemp("cli") / "đã gửi"
    send(folder, 12)
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    return folder


@pytest.fixture
def run(capsys):
    """Runs a command with the small form; gives exit status, output and error output."""

    def run_(verb: str, *arguments: object) -> tuple[int, str, str]:
        status = main([verb, *FORM_OPTION, *map(str, arguments)])
        return (status, *capsys.readouterr())

    return run_


@pytest.mark.usefixtures("stopped_clock")
def test_many_workers_write_what_one_writes(run, sent: Path, tmp_path: Path) -> None:
    """The same parts of the summary, and the same JSON, whether read by one or by several."""
    outcomes = []
    for number in (1, 2, 3):
        out, report = tmp_path / str(number) / "th.xlsx", tmp_path / f"{number}.json"
        status, _, _ = run(
            *("consolidate", sent, "--out", out, "--report", report, "--workers", number),
            "--no-cache",
        )
        outcomes.append((status, parts_but_time(out), report.read_bytes()))
    assert outcomes[0] == outcomes[1] == outcomes[2]
    checks = [run("check", sent, "--json", "-", "--workers", number)[:2] for number in (1, 2)]
    assert checks[0] == checks[1]
    assert checks[0][0] == 1


@pytest.mark.parametrize("verb", ["check", "consolidate", "return"])
def test_each_verb_that_reads_takes_workers(run, sent: Path, tmp_path: Path, verb: str) -> None:
    """And refuses what is no number of processes, before it reads anything."""
    out = ("--out", tmp_path / "out.xlsx") if verb != "check" else ()
    status, _, told = run(verb, sent, *out, "--workers", "0")
    assert status == 2
    assert "phải từ 1 trở lên" in told


def test_few_files_are_read_by_one_process() -> None:
    """A second process would start longer than it reads; from some number on it pays."""
    cases = {
        (None, MANY_FILES - 1): 1,
        (None, MANY_FILES): cores(),
        (3, 10): 3,
        (3, 2): 2,
        (3, 1): 1,
        (1, 10_000): 1,
        (3, 0): 1,
    }
    for (number, files), expected in cases.items():
        with Workers(number).executor(files) as executor:
            if expected == 1:
                assert executor is None
            else:
                assert isinstance(executor, ProcessPoolExecutor)
                assert executor._max_workers == expected


def test_windows_waits_for_so_many_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """More processes than a system can wait for are not asked for."""
    monkeypatch.setattr(executors, "MOST_WORKERS", 2)
    with Workers(100).executor(1000) as executor:
        assert isinstance(executor, ProcessPoolExecutor)
        assert executor._max_workers == 2


def test_cores_are_those_that_this_process_may_use() -> None:
    """Not those of the machine: a container or a task may have fewer."""
    assert 1 <= cores() <= (os.cpu_count() or 1)
    if hasattr(os, "sched_setaffinity"):
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(allowed)})
        try:
            assert cores() == 1
        finally:
            os.sched_setaffinity(0, allowed)


def test_negative_number_of_workers_is_told() -> None:
    """As a sentence."""
    with pytest.raises(UserError, match="từ 1 trở lên"):
        Workers(-1)


# --- again -------------------------------------------------------------------------------------


def test_second_run_reuses_and_writes_the_same(run, sent: Path, tmp_path: Path) -> None:
    """The screen says how many; a changed file is read; with --no-cache all are."""
    out, report = tmp_path / "th.xlsx", tmp_path / "th.json"
    command = ("consolidate", sent, "--out", out, "--report", report)

    def outcome(*more: str) -> tuple[object, ...]:
        status, told, _ = run(*command, *more)
        said = [line for line in told.splitlines() if "dùng lại" in line]
        return status, said, parts_but_time(out), report.read_bytes()

    first = outcome()
    assert first[1] == []
    second = outcome()
    assert second[1] == ["Đọc 0 tệp, dùng lại 13 kết quả đã có."]
    assert outcome("--no-cache") == first
    assert (second[0], *second[2:]) == (first[0], *first[2:])
    changed = sent / "xã 0013.xlsx"
    send(sent.parent / "mới", 13)[-1].rename(changed)
    try:
        third = outcome()
        assert third[1] == ["Đọc 1 tệp, dùng lại 13 kết quả đã có."]
        fresh = outcome("--no-cache")
        assert third[2:] == fresh[2:]
    finally:
        changed.unlink()


def test_no_cache_leaves_none(run, sent: Path, tmp_path: Path) -> None:
    """Neither read nor written."""
    assert run("consolidate", sent, "--out", tmp_path / "th.xlsx", "--no-cache")[0] == 1
    assert [path.name for path in tmp_path.iterdir()] == ["th.xlsx"]


def test_cache_among_the_reports_is_no_report(run, sent: Path, tmp_path: Path) -> None:
    """The summary may lie in the folder of the reports, and its cache with it."""
    folder = tmp_path / "đã gửi"
    folder.mkdir()
    for path in sent.iterdir():
        (folder / path.name).write_bytes(path.read_bytes())
    for _ in range(2):
        _, told, _ = run("consolidate", folder, "--out", folder / "th.xlsx")
        assert "không phải Excel" not in told
        assert "13" in told
    assert (folder / CACHE_NAME).exists()


def test_earlier_reports_are_remembered_too(run, sent: Path, tmp_path: Path) -> None:
    """A folder of an earlier period is read once."""
    earlier = tmp_path / "kỳ trước"
    earlier.mkdir()
    for path in sorted(sent.glob("xã*"))[:2]:
        (earlier / path.name).write_bytes(path.read_bytes())
    later = tmp_path / "kỳ này"
    unit = ReportingUnit("1", "Xã 1")
    workbook(later / "a.xlsx", unit, {"I.2": 5, "I.3": 5}, MINI.period("2025-N"), MINI)
    command = ("consolidate", later, "--out", tmp_path / "th.xlsx", "--previous", earlier)
    assert "dùng lại" not in run(*command)[1]
    assert "Đọc 0 tệp, dùng lại 3 kết quả đã có." in run(*command)[1]


def test_refused_command_leaves_no_cache(run, sent: Path, tmp_path: Path) -> None:
    """Over a file that is no summary nothing is written, not even what was read."""
    out = tmp_path / "của tôi.xlsx"
    out.write_bytes(b"mine")
    status, _, told = run("consolidate", sent, "--out", out)
    assert status == 2
    assert "đã có" in told
    assert [path.name for path in tmp_path.iterdir()] == [out.name]


def test_cache_that_is_not_ours_is_told(run, sent: Path, tmp_path: Path) -> None:
    """The summary is written all the same."""
    (tmp_path / CACHE_NAME).write_bytes(b"mine" * 1000)
    status, _, told = run("consolidate", sent, "--out", tmp_path / "th.xlsx")
    assert status == 1
    assert (tmp_path / "th.xlsx").exists()
    assert "Không dùng được tệp ghi nhớ" in told
    assert (tmp_path / CACHE_NAME).read_bytes() == b"mine" * 1000
