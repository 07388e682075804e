"""Requirements of what goes wrong.

X1 A fault of the program is told as one: status 3, its traceback in the log, never the words of
   a user's mistake and never status 1 or 2.
X2 What stands in the way at a file that a user names is told as that: status 2.
X3 Whoever reads the output may stop reading.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from xl_automation.cli.main import VERBS, main
from xl_automation.excel.addin.home import places
from xl_automation.forms.reporting_unit import ReportingUnit

FORM_OPTION = ("--form", str(DATA / "mini.toml"))
MISMATCH = "Length mismatch: Expected axis has 3 elements, new values have 2 elements"
TOO_LONG = "x" * 300  # letters; file systems take 255 bytes


@pytest.fixture
def report(tmp_path):
    """A clean report."""
    path = tmp_path / "Đã gửi" / "một.xlsx"
    fill = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}
    return workbook(path, ReportingUnit("1", "Xã Một"), fill, MINI.period("2024-N"), MINI)


@pytest.fixture
def log(tmp_path, monkeypatch):
    """Where the log is written: a user's own folder, empty as yet."""
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))
    return places().log_file


@pytest.fixture
def fault(monkeypatch):
    """Makes numpy fail as pandas does where a program uses it wrongly."""

    def vstack(*arguments, **options):
        raise ValueError(MISMATCH)

    monkeypatch.setattr(np, "vstack", vstack)


def consolidate(report: Path, out: Path) -> int:
    return main(["consolidate", *FORM_OPTION, str(report), "--out", str(out)])


def test_fault_is_told_as_ours(report, log, fault, tmp_path, capsys):
    """Status 3; one sentence says whose fault it is and where the log is; the log has the rest."""
    assert consolidate(report, tmp_path / "th.xlsx") == 3
    out, err = capsys.readouterr()
    assert "✗ Có sự cố ngoài dự kiến (ValueError): lỗi của chương trình" in err
    assert str(log) in err
    assert MISMATCH not in out + err
    assert "Traceback" not in out + err
    text = log.read_text(encoding="utf-8")
    assert "Traceback" in text
    assert f"ValueError: {MISMATCH}" in text
    assert f"cchc consolidate {' '.join(FORM_OPTION)} {report}" in text
    assert not (tmp_path / "th.xlsx").exists()


def test_each_fault_is_added_to_the_log(report, log, fault, tmp_path):
    """A second fault does not wipe out the first."""
    for _ in range(2):
        assert consolidate(report, tmp_path / "th.xlsx") == 3
    assert log.read_text(encoding="utf-8").count("Traceback") == 2


def test_fault_without_a_log_is_shown_whole(report, log, fault, tmp_path, capsys):
    """Where no log can be written the traceback is not lost."""
    log.parent.parent.parent.write_text("Thư mục này là một tệp.", encoding="utf-8")
    assert consolidate(report, tmp_path / "th.xlsx") == 3
    err = capsys.readouterr().err
    assert "✗ Có sự cố ngoài dự kiến (ValueError): lỗi của chương trình" in err
    assert f"ValueError: {MISMATCH}" in err
    assert "không ghi được nhật ký" in err


def test_users_mistake_is_not_logged(report, log, tmp_path, capsys):
    """What the user can put right leaves no log behind."""
    assert main(["check", *FORM_OPTION, str(tmp_path / "không có")]) == 2
    assert "✗ Không tìm thấy" in capsys.readouterr().err
    assert not log.exists()


PATH_PARAMETERS = [
    pytest.param(verb, parameter, id=f"{verb.name}-{parameter.name}")
    for verb in VERBS
    for parameter in verb.parameters
    if parameter.settings.get("type") is Path
]


@pytest.mark.parametrize(("verb", "parameter"), PATH_PARAMETERS)
def test_path_that_the_system_refuses_is_told(verb, parameter, report, log, tmp_path, capsys):
    """A name that is too long is no fault of the program, whatever verb it is given to."""
    units, values = tmp_path / "xã.csv", tmp_path / "v.csv"
    units.write_text("code,name\n1,Xã Một\n", encoding="utf-8")
    values.write_text("id,value\nI.2,100\n", encoding="utf-8")
    known = {
        "paths": report, "workbook": report, "old": report, "--units": units, "values": values,
        "--period": "2024-N", "task": "build",
    }  # fmt: skip
    words = [verb.name, *FORM_OPTION]
    for other in verb.parameters:
        value = known.get(other.name, tmp_path / "mới.xlsx")
        if other.name == parameter.name:
            value = tmp_path / TOO_LONG / "tệp"
        elif other.name.startswith("--") and not other.settings.get("required"):
            continue
        words += [other.name] * other.name.startswith("--") + [str(value)]
    status = main(words)
    err = capsys.readouterr().err
    assert status == 2, err
    assert "✗" in err
    assert not log.exists(), log.read_text(encoding="utf-8")


def test_form_that_the_system_refuses_is_told(report, log, tmp_path, capsys):
    """So it is with the file of a form."""
    assert main(["check", str(report), "--form", str(tmp_path / f"{TOO_LONG}.toml")]) == 2
    assert "✗" in capsys.readouterr().err
    assert not log.exists()


@pytest.mark.parametrize("ending", ["", "--json=-"])
def test_reader_of_the_output_may_stop(report, log, ending):
    """``cchc check . | head`` ends without a word and without a fault."""
    command = [sys.executable, "-m", "xl_automation", "check", *FORM_OPTION, str(report), ending]
    with subprocess.Popen(
        [word for word in command if word],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1"},
    ) as process:
        process.stdout.close()
        err = process.stderr.read().decode()
        status = process.wait(timeout=60)
    assert status == 1
    assert "✗" not in err
    assert "Traceback" not in err
    assert "Exception" not in err
    assert not log.exists()
