"""Requirements of a fault of the program over one file.

O1 It is that file's refusal, told as ours; the others are read, by whoever reads.
O2 The command does all the rest, logs the traceback and ends with 3; so the button.
O3 It is never remembered.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from xl_automation.cli import entry
from xl_automation.cli.main import main
from xl_automation.excel.addin.home import places
from xl_automation.forms.form import Form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading import folder
from xl_automation.reading.folder import read_files
from xl_automation.reading.parallel import read_by
from xl_automation.reading.reader import read_submission
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.reading.submission_cache import CACHE_NAME

FORM_OPTION = ("--form", str(DATA / "mini.toml"))
FAULTS = [ValueError("một lỗi"), RecursionError("quá sâu"), MemoryError(), KeyError("I.2")]


@pytest.fixture
def sent(tmp_path: Path) -> list[Path]:
    """Three clean reports; the program will fail over the second."""
    fill = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}
    return [
        workbook(
            tmp_path / "gửi" / f"{n}.xlsx", ReportingUnit(str(n), f"Xã {n}"), fill,
            MINI.period("2024-N"), MINI,
        )
        for n in (1, 2, 3)
    ]  # fmt: skip


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the log is written."""
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))
    return places().log_file


@pytest.fixture
def fails(monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> None:
    """Make the program fail over the second report."""
    error = getattr(request, "param", FAULTS[0])

    def read(path: Path, form: Form) -> Submission:
        if path.name == "2.xlsx":
            raise error
        return read_submission(path, form)

    monkeypatch.setattr(folder, "read_submission", read)


@pytest.mark.parametrize("fails", FAULTS, indirect=True, ids=lambda error: type(error).__name__)
def test_fault_is_that_files_refusal(sent: list[Path], fails: None) -> None:
    """Whatever it is, the others are read; sentence, hash and traceback are there."""
    first, fault, last = read_files(sent, MINI)
    assert isinstance(first, Submission)
    assert isinstance(last, Submission)
    assert isinstance(fault, RefusedFile)
    assert (fault.code, fault.is_passing, fault.size) == ("program-fault", True, fault.size)
    assert "lỗi của chương trình, không phải của bạn" in fault.message
    assert len(fault.sha256) == 64
    assert str(sent[1]) in fault.fault
    assert "Traceback" in fault.fault


def failing(form: Form, path: Path) -> Submission | RefusedFile:
    """Read a file; fail over the second, in whatever process."""
    if path.name == "2.xlsx":
        return folder.file_of_fault(path, RuntimeError("nowhere"))
    return folder.read_file(form, path)


def test_fault_in_another_process_is_known_here(sent: list[Path]) -> None:
    """With its traceback, and once."""
    with ProcessPoolExecutor(2, multiprocessing.get_context("spawn")) as executor:
        results = list(read_by(executor, sent, MINI, failing, lambda text: None))
    assert [isinstance(result, Submission) for result in results] == [True, False, True]
    assert isinstance(results[1], RefusedFile)
    assert "RuntimeError: nowhere" in results[1].fault


def test_check_goes_on_and_ends_with_3(
    sent: list[Path], fails: None, log: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Both others are checked, the log is named and has the traceback, no user sees it."""
    assert main(["check", *FORM_OPTION, *map(str, sent), "--json=-"]) == 3
    out, err = capsys.readouterr()
    files = json.loads(out)["files"]
    assert [file["status"] for file in files] == ["clean", "refused", "clean"]
    assert files[1]["refusal"]["code"] == "program-fault"
    assert str(log) in err
    assert "Traceback" not in out + err
    assert "ValueError: một lỗi" in log.read_text(encoding="utf-8")


def test_consolidate_goes_on_and_remembers_no_fault(
    sent: list[Path], fails: None, log: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The summary counts the others; once the program is mended, the file is read."""
    out, report = tmp_path / "th.xlsx", tmp_path / "th.json"
    words = ["consolidate", *FORM_OPTION, *map(str, sent), "--out", str(out)]
    assert main([*words, "--report", str(report)]) == 3
    result = json.loads(report.read_text(encoding="utf-8"))
    assert (result["received"], result["counted"]) == (3, 2)
    assert [refused["code"] for refused in result["refused"]] == ["program-fault"]
    assert (tmp_path / CACHE_NAME).exists()
    monkeypatch.setattr(folder, "read_submission", read_submission)
    report.unlink()
    main([*words, "--report", str(report)])
    assert json.loads(report.read_text(encoding="utf-8"))["counted"] == 3


def test_return_goes_on_and_ends_with_3(
    sent: list[Path], fails: None, log: Path, tmp_path: Path
) -> None:
    """What there is to return is returned."""
    assert main(["return", *FORM_OPTION, *map(str, sent), "--out", str(tmp_path / "trả")]) == 3
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_program_that_cannot_be_imported_ends_with_3(tmp_path: Path) -> None:
    """Status 1 is that of findings, and Python's own after an error."""
    code = (
        "import sys; sys.modules['xl_automation.cli.report_verbs'] = None\n"
        "from xl_automation.cli.entry import run; sys.exit(run())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, "--help"],
        env={**os.environ, "LOCALAPPDATA": str(tmp_path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=60,
    )
    assert done.returncode == 3
    assert "lỗi của chương trình" in done.stderr
    assert "Traceback" not in done.stderr


def test_interrupted_command_ends_as_shells_expect(monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl+C is nobody's fault."""

    def interrupted() -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr("xl_automation.cli.main.main", interrupted)
    assert entry.run() == 130
