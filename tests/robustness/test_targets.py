"""Requirements of where verbs write.

G1 No verb writes onto what it reads, onto another of its outputs, or onto a file that it would not
   itself have written, whatever that file is called: status 2, a sentence, and nothing changed.
G2 An earlier report of ours is replaced by a report, an earlier summary by a summary.
G3 A link is followed and stays; another name of the same file keeps what it had.
G4 What is no file (devices, pipes, open streams) is written to as it is.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from xl_automation.cli.main import main
from xl_automation.errors import UserError
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.summary.read_back import is_summary
from xl_automation.xlsx.files import Put, SeveralFiles, keep_apart, whole_file, write_new

FORM = str(DATA / "mini.toml")
YEAR, EARLIER = MINI.period("2024-N"), MINI.period("2023-N")
ONE, TWO = ReportingUnit("1", "Xã Một"), ReportingUnit("2", "Xã Hai")
GOOD, WRONG = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}, {"I.2": 300, "I.3": 310}
UNITS = "code,name\n1,Xã Một\n2,Xã Hai\n"


def run(*words: str | Path) -> int:
    """Run a verb on the small form."""
    verb, *rest = map(str, words)
    form = [] if verb == "addin" or "--form" in rest else ["--form", FORM]
    return main([verb, *form, *rest])


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with reports, an earlier summary, an earlier report, lists and notes."""
    folder = tmp_path_factory.mktemp("targets")
    workbook(folder / "in" / "a.xlsx", ONE, GOOD, YEAR, MINI)
    workbook(folder / "in" / "b.xlsx", TWO, WRONG, YEAR, MINI)
    then = workbook(folder / "then.xlsx", ONE, GOOD, EARLIER, MINI)
    run("consolidate", then, "--out", folder / "th2023.xlsx", "--no-cache")
    run("check", folder / "in", "--json", folder / "check.json")
    texts = {
        "xa.csv": UNITS, "v.csv": "id,value\nI.2,100\n", "notes.json": '{"files": ["a"]}',
        "period.json": '{"period": "2024-N"}', "empty.json": "", "broken.json": '{"files": [',
    }  # fmt: skip
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copy(FORM, folder / "mau.toml")
    return folder


@pytest.fixture
def folder(original: Path, tmp_path: Path) -> Path:
    """A copy of it, with other names for some of its files."""
    place = tmp_path / "Nơi làm việc"
    shutil.copytree(original, place)
    (place / "link.json").symlink_to(place / "in" / "a.xlsx")
    (place / "hard.json").hardlink_to(place / "in" / "a.xlsx")
    (place / "link.xlsx").symlink_to(place / "in" / "a.xlsx")
    (place / "again2023.xlsx").hardlink_to(place / "th2023.xlsx")
    for name in ("circle.xlsx", "circle.json"):
        (place / name).symlink_to(place / name)
    return place


CONSOLIDATE = ("consolidate", "{}/in", "--out")
REFUSED = {
    # arguments, {} the folder -> what the sentence says
    "json-onto-a-report": (("check", "--json", "{}/in/a.xlsx", "{}/in/b.xlsx"), "Viết - để in"),
    "json-called-like-a-workbook": (("check", "--json", "{}/new.XLSX", "{}/in"), "new.json"),
    "json-onto-an-input-link": (("check", "{}/in/a.xlsx", "--json", "{}/link.json"), "không ghi"),
    "json-onto-an-input-name": (("check", "{}/in/a.xlsx", "--json", "{}/hard.json"), "không ghi"),
    "json-onto-other-json": (("check", "{}/in", "--json", "{}/notes.json"), "không ghi đè"),
    "json-onto-json-of-a-period": (("check", "{}/in", "--json", "{}/period.json"), "không ghi đè"),
    "json-onto-an-empty-file": (("check", "{}/in", "--json", "{}/empty.json"), "không ghi đè"),
    "json-onto-half-a-report": (("check", "{}/in", "--json", "{}/broken.json"), "không ghi đè"),
    "json-onto-a-list": (("check", "{}/in", "--json", "{}/xa.csv"), "không ghi đè"),
    "json-onto-a-folder": (("check", "{}/in", "--json", "{}/in"), "in đã có"),
    "json-onto-the-form": (
        ("check", "{}/in", "--form", "{}/mau.toml", "--json", "{}/mau.toml"), "không ghi đè",
    ),
    "json-onto-a-circle": (("check", "{}/in", "--json", "{}/circle.json"), "dẫn vòng quanh"),
    "template-onto-a-circle": (("template", "{}/circle.xlsx"), "dẫn vòng quanh"),
    "summary-onto-a-report": ((*CONSOLIDATE, "{}/in/a.xlsx"), "không phải sổ tổng hợp"),
    "summary-onto-a-report-by-link": ((*CONSOLIDATE, "{}/link.xlsx"), "không phải sổ tổng hợp"),
    "summary-onto-a-list": ((*CONSOLIDATE, "{}/xa.csv", "--units", "{}/xa.csv"), "đã có"),
    "summary-onto-json": ((*CONSOLIDATE, "{}/check.json"), "không phải sổ tổng hợp"),
    "summary-onto-a-circle": ((*CONSOLIDATE, "{}/circle.xlsx"), "dẫn vòng quanh"),
    "summary-onto-the-previous": (
        (*CONSOLIDATE, "{}/th2023.xlsx", "--previous", "{}/th2023.xlsx"), "là tệp mà lệnh này đọc",
    ),
    "summary-onto-the-previous-by-name": (
        (*CONSOLIDATE, "{}/again2023.xlsx", "--previous", "{}/th2023.xlsx"), "(đó là ",
    ),
    "report-onto-the-summary": (
        (*CONSOLIDATE, "{}/th.json", "--report", "{}/in/../th.json"), "không ghi chung một tệp",
    ),
    "report-onto-the-summary-by-case": (
        (*CONSOLIDATE, "{}/th.json", "--report", "{}/TH.json"), "không ghi chung một tệp",
    ),
    "report-onto-the-memory": (
        (*CONSOLIDATE, "{}/th.xlsx", "--report", "{}/.cchc-cache.sqlite"), "không ghi chung",
    ),
    "report-onto-a-list": (
        (*CONSOLIDATE, "{}/th.xlsx", "--units", "{}/xa.csv", "--report", "{}/xa.csv"), "ghi đè",
    ),
    "fill-itself": (("fill", "{}/in/a.xlsx", "{}/v.csv", "--out", "{}/in/a.xlsx"), "lệnh này đọc"),
    "fill-itself-by-link": (("fill", "{}/in/a.xlsx", "{}/v.csv", "--out", "{}/link.xlsx"), "đó là"),
    "fill-onto-the-values": (("fill", "{}/in/a.xlsx", "{}/v.csv", "--out", "{}/v.csv"), "lệnh này"),
    "fill-onto-another": (("fill", "{}/in/a.xlsx", "{}/v.csv", "--out", "{}/in/b.xlsx"), "đã có"),
    "upgrade-itself": (("upgrade", "{}/in/a.xlsx", "{}/in/a.xlsx"), "lệnh này đọc"),
    "upgrade-itself-by-name": (("upgrade", "{}/in/a.xlsx", "{}/hard.json"), "đó là"),
    "upgrade-onto-another": (("upgrade", "{}/in/a.xlsx", "{}/in/b.xlsx"), "đã có"),
    "return-among-the-reports": (("return", "{}/in", "--out", "{}/in"), "lệnh này đọc"),
    "template-onto-a-report": (("template", "{}/in/a.xlsx"), "đã có"),
    "template-onto-the-form": (("template", "{}/mau.toml", "--form", "{}/mau.toml"), "đã có"),
    "addin-onto-a-report": (("addin", "build", "{}/in/a.xlsx"), "đã có"),
    "bundle-onto-a-report": (("addin", "bundle", "{}/in/a.xlsx"), "đã có"),
    "demo-onto-the-folder": (("demo", "{}"), "đã có"),
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_written_onto_what_is_not_its_own(
    folder: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    """Status 2 and a sentence; every file is what it was, and there is no new one."""
    words, said = REFUSED[case]
    before = snapshot(folder)
    assert run(*(word.format(folder) for word in words)) == 2
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in out + err
    assert snapshot(folder) == before


def snapshot(folder: Path) -> dict[Path, object]:
    """Return what each file is and holds."""
    return {
        path: os.readlink(path) if path.is_symlink() else path.is_file() and path.read_bytes()
        for path in folder.rglob("*")
    }


def test_issue_leaves_what_is_there(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A list of units that has the name of a workbook stays the list that it is."""
    units = folder / "CCHC_2024-N_1_xa-mot.xlsx"
    (folder / "xa.csv").rename(units)
    assert run("issue", "--units", units, "--period", "2024-N", "--out", folder) == 1
    out = capsys.readouterr().out
    assert "Đã phát hành 1 biểu mẫu" in out
    assert f"  {units}" in out.splitlines()
    assert units.read_text(encoding="utf-8") == UNITS


def test_earlier_report_and_summary_are_replaced(folder: Path) -> None:
    """Each by its own kind; a report of one verb also by that of another."""
    assert run("check", folder / "in", "--json", folder / "check.json") == 1
    summary = folder / "th2023.xlsx"
    old = summary.read_bytes()
    report = folder / "check.json"
    assert run("consolidate", folder / "in", "--out", summary, "--report", report) == 1
    assert "received" in json.loads(report.read_text(encoding="utf-8"))
    assert is_summary(summary)
    assert (folder / "again2023.xlsx").read_bytes() == old != summary.read_bytes()
    assert run("check", folder / "in", "--json", report) == 1
    assert "files" in json.loads(report.read_text(encoding="utf-8"))


def test_link_is_followed_and_stays(folder: Path, tmp_path: Path) -> None:
    """What it leads to is replaced, or made where there is nothing yet."""
    away = tmp_path / "Nơi khác"
    away.mkdir()
    for name, earlier in (("th.xlsx", "th2023.xlsx"), ("th.json", "check.json")):
        shutil.copy(folder / earlier, away / name)
        (folder / name).symlink_to(away / name)
    (folder / "mới.xlsx").symlink_to(away / "mới.xlsx")
    old = (away / "th.xlsx").read_bytes()
    out, report = folder / "th.xlsx", folder / "th.json"
    assert run("consolidate", folder / "in", "--out", out, "--report", report) == 1
    assert run("template", folder / "mới.xlsx") == 0
    assert out.is_symlink()
    assert report.is_symlink()
    assert (folder / "mới.xlsx").is_symlink()
    assert is_summary(away / "th.xlsx")
    assert (away / "th.xlsx").read_bytes() != old
    assert "received" in json.loads((away / "th.json").read_text(encoding="utf-8"))
    assert sorted(path.name for path in away.iterdir()) == ["mới.xlsx", "th.json", "th.xlsx"]


# --- what is no file -----------------------------------------------------------------------------

unix = pytest.mark.skipif(sys.platform == "win32", reason="streams have no names there")


def child(*words: str | Path, **options: object) -> subprocess.CompletedProcess[bytes]:
    """Run a verb in a process of its own."""
    verb, *rest = map(str, words)
    command = [sys.executable, "-m", "xl_automation", verb, "--form", FORM, *rest]
    env = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(command, env=env, timeout=120, check=False, **options)  # type: ignore[call-overload, no-any-return]


@unix
@pytest.mark.parametrize("number", [1, 2])
def test_open_stream_is_written_to(folder: Path, number: int) -> None:
    """``/dev/stdout`` and ``/dev/stderr``, also where they lead to a file: nothing is torn."""
    name = "stdout" if number == 1 else "stderr"
    with (folder / "caught").open("wb") as caught:
        ended = child("check", folder / "in", "--json", f"/dev/{name}", **{name: caught})
    assert ended.returncode == 1
    text = (folder / "caught").read_text(encoding="utf-8")
    start = text.index("{")
    assert len(json.loads(text[start:])["files"]) == 2
    assert ("a.xlsx – Xã Một" in text[:start]) == (number == 1)


@unix
def test_pipe_of_the_shell_is_written_to(folder: Path) -> None:
    """``--json >(cat)``: the pipe that the shell has opened gets all of it."""
    reading, writing = os.pipe()
    got: list[bytes] = []

    def read() -> None:
        with os.fdopen(reading, "rb") as file:
            got.append(file.read())

    reader = threading.Thread(target=read)
    reader.start()
    target = f"/dev/fd/{writing}"
    ended = child("check", folder / "in", "--json", target, pass_fds=[writing], stdout=-3)
    os.close(writing)
    reader.join(60)
    assert ended.returncode == 1
    assert len(json.loads(got[0])["files"]) == 2


@unix
def test_named_pipe_is_written_to_and_stays(folder: Path) -> None:
    """A pipe that somebody has made with ``mkfifo``."""
    pipe = folder / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    assert run("check", folder / "in", "--json", pipe) == 1
    reader.join(60)
    assert len(json.loads(got[0])["files"]) == 2
    assert pipe.is_fifo()


@unix
def test_summary_goes_to_no_device(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A workbook is no stream."""
    assert run("consolidate", folder / "in", "--out", "/dev/null") == 2
    assert "/dev/null đã có" in capsys.readouterr().err


# --- the rule itself -----------------------------------------------------------------------------


def test_only_what_is_one_file_collides(folder: Path) -> None:
    """Files of one name in two folders, and such as are not there yet, do not."""
    keep_apart([folder / "a.xlsx"], [folder / "in" / "a.xlsx", folder / "xa.csv"])
    keep_apart([folder / "một.json", folder / "in" / "một.json"], [])
    with pytest.raises(UserError, match="chung một tệp"):
        keep_apart([folder / "một.json", folder / "in" / ".." / "một.json"], [])


def test_file_that_came_meanwhile_is_not_replaced(tmp_path: Path) -> None:
    """What another program has put there since it was looked at stays."""
    path = tmp_path / "a.xlsx"

    class Slow(SeveralFiles):
        def _written(self, path: Path, content: bytes) -> Put:
            path = Late(path)
            return super()._written(path, content)

    class Late(type(path)):  # type: ignore[misc]
        def exists(self, **options: object) -> bool:
            there = super().exists(**options)
            if not there:
                self.write_bytes(b"theirs")
            return there

    with Slow(1) as files:
        assert files.put(path, b"ours") is Put.TAKEN
    assert path.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [path]


def test_two_at_once_onto_one_file(tmp_path: Path) -> None:
    """Each writes the whole of its own; the last to end is there, and nothing of the other."""
    path = tmp_path / "th.bin"
    with whole_file(path) as first, whole_file(path) as second:
        for file, letter in ((first, b"1"), (second, b"2")):
            file.write(letter * 100_000)
    assert path.read_bytes() == b"1" * 100_000
    assert list(tmp_path.iterdir()) == [path]


def test_abandoned_files_are_removed_and_those_in_use_stay(tmp_path: Path) -> None:
    """What a killed run left goes with the next; what is being written, and others', stays."""
    left, foreign = tmp_path / ".cchc-abcd1234.tmp", tmp_path / ".cchc-notes.tmp"
    left.write_bytes(b"half")
    foreign.write_bytes(b"theirs")
    with whole_file(tmp_path / "a.bin") as file:
        assert not left.exists()
        file.write(b"a")
        write_new(tmp_path / "b.bin", b"b")
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [foreign.name, "a.bin", "b.bin"]
