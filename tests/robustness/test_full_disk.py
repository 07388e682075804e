"""Requirements of a disk that is full, that may not be written to, or that changes meanwhile.

D1 A full disk is said with the name of the file and what to do; what was there before is whole,
   nothing half is left, and of several files it is said how many are done.
D2 Where there is room again the same command ends as it should.
D3 What may not be read is refused by name and the others count; what may not be written is said.
D4 A file that changes or goes while it is read is one file's refusal; its hash is that of the very
   bytes that were read.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from tests.support.kills import KillServer, Run
from xl_automation.cli.main import main
from xl_automation.editing.fill import fill
from xl_automation.editing.values_file import Entry
from xl_automation.errors import UserError
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_files
from xl_automation.reading.submission import Submission
from xl_automation.summary.read_back import is_summary
from xl_automation.xlsx.files import obstacles_told

FORM = str(DATA / "mini.toml")
YEAR = MINI.period("2024-N")
UNITS = [ReportingUnit(str(number), f"Xã {number}") for number in range(1, 6)]
GOOD, WRONG = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}, {"I.2": 300, "I.3": 310}
unix = pytest.mark.skipif(sys.platform == "win32", reason="no such disks and rights there")


@pytest.fixture
def inputs(tmp_path: Path) -> Path:
    """Reports of five units, and lists, where there is room."""
    folder = tmp_path / "Đã gửi"
    for unit in UNITS:
        workbook(folder / f"{unit.code}.xlsx", unit, WRONG, YEAR, MINI)
    rows = "".join(f"{unit.code},{unit.name}\n" for unit in UNITS)
    (tmp_path / "xa.csv").write_text(f"code,name\n{rows}", encoding="utf-8")
    (tmp_path / "v.csv").write_text("id,value\nI.2,120\n", encoding="utf-8")
    return folder


class SmallDisk:
    """A place that can be filled up: a disk in memory, or a limit on the length of each file.

    Attributes:
        folder: Where it is.
        said: What the program says when it is full.
    """

    def __init__(self, folder: Path, is_mounted: bool, server: KillServer):
        self.folder, self._is_mounted, self._server = folder, is_mounted, server
        self.said = "ổ đĩa đã đầy" if is_mounted else "tệp lớn hơn mức"

    def run(self, room: int | None, *words: str | Path) -> Run:
        """Run a verb while only *room* bytes are free; None for all that there are."""
        filler = self.folder / "filler"
        if room is not None and self._is_mounted:
            free = os.statvfs(self.folder)
            page = free.f_frsize
            filler.write_bytes(b"\0" * max(0, free.f_bavail * page - room // page * page))
        verb, *rest = words
        longest = None if self._is_mounted else room
        try:
            return self._server.run([verb, "--form", FORM, *rest], self.folder, longest=longest)
        finally:
            filler.unlink(missing_ok=True)


@pytest.fixture(scope="module")
def server() -> Iterator[KillServer]:
    with KillServer() as server:
        yield server


@pytest.fixture(scope="module")
def disk(tmp_path_factory: pytest.TempPathFactory, server: KillServer) -> Iterator[SmallDisk]:
    """A disk of 1 MB where one may be mounted, else a limit that files run into."""
    folder = tmp_path_factory.mktemp("disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    try:
        is_mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        is_mounted = False
    yield SmallDisk(folder, is_mounted, server)
    if is_mounted:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def place(disk: SmallDisk, request: pytest.FixtureRequest) -> Path:
    """A folder of its own on the small disk."""
    folder = disk.folder / f"{abs(hash(request.node.name))}"
    folder.mkdir()
    return folder


ONE_FILE: dict[str, tuple[str, ...]] = {
    # verb with what it takes: {0} the reports, {1} its output on the small disk, {2} the lists
    "template": ("template", "{1}"),
    "fill": ("fill", "{0}/1.xlsx", "{2}/v.csv", "--out", "{1}"),
    "upgrade": ("upgrade", "{0}/1.xlsx", "{1}"),
    "consolidate": ("consolidate", "{0}", "--out", "{1}", "--no-cache"),
    "check": ("check", "{0}", "--json", "{1}"),
}


@unix
@pytest.mark.parametrize("verb", ONE_FILE)
def test_full_disk_is_said_and_nothing_half_is_left(
    disk: SmallDisk, place: Path, inputs: Path, tmp_path: Path, verb: str
) -> None:
    """Status 2; the sentence names the file; an earlier one is what it was; later it works."""
    out = place / ("th.json" if verb == "check" else "th.xlsx")
    words = [word.format(inputs, out, tmp_path) for word in ONE_FILE[verb]]
    if verb in ("consolidate", "check"):  # they replace an earlier file of theirs
        report = inputs / "1.xlsx"
        assert disk.run(None, words[0], report, *words[2:]).status == 1
    before = {path: path.read_bytes() for path in place.iterdir()}
    ended = disk.run(1000, *words)
    assert ended.status == 2, ended.said
    assert f"✗ {out}: {disk.said}" in ended.said
    assert {path: path.read_bytes() for path in place.iterdir()} == before
    assert disk.run(None, *words).status in (0, 1)
    assert [path.name for path in place.iterdir()] == [out.name]
    assert out.read_bytes() != before.get(out)


@unix
def test_summary_is_said_though_its_report_finds_no_room(
    inputs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is done is said, and what is not: the summary, and the JSON."""
    out = tmp_path / "th.xlsx"
    words = ["consolidate", "--form", FORM, str(inputs), "--out", str(out)]
    assert main([*words, "--report", "/dev/full"]) == 2
    told = capsys.readouterr()
    assert f"✓ Sổ tổng hợp: {out}" in told.out
    assert "✗ /dev/full: ổ đĩa đã đầy" in told.err
    assert is_summary(out)


SEVERAL = {
    "issue": ("issue", "--units", "{2}/xa.csv", "--period", "2024-N", "--out", "{1}"),
    "return": ("return", "{0}", "--out", "{1}"),
}


@unix
@pytest.mark.parametrize("verb", SEVERAL)
def test_disk_full_half_way_says_what_is_done(
    disk: SmallDisk, place: Path, inputs: Path, tmp_path: Path, verb: str
) -> None:
    """How many of how many; what is done is whole, and the next run does the rest."""
    words = [word.format(inputs, place, tmp_path) for word in SEVERAL[verb]]
    assert disk.run(None, *words).status in (0, 1)
    whole = {path.name: path.read_bytes() for path in place.iterdir()}
    for path in place.iterdir():
        path.unlink()
    one = max(map(len, whole.values()))
    ended = disk.run(int(2.5 * one) if disk.said == "ổ đĩa đã đầy" else one // 2, *words)
    assert ended.status == 2, ended.said
    assert disk.said in ended.said
    done = {path.name: path.read_bytes() for path in place.iterdir()}
    assert f"Đã xong {len(done)} trong 5 tệp" in ended.said
    assert done.items() <= whole.items()
    assert disk.run(None, *words).status in (0, 1)
    assert {path.name: path.read_bytes() for path in place.iterdir()} == whole


@unix
@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "ổ đĩa đã đầy"),
        (errno.EDQUOT, "dùng hết dung lượng được cấp"),
        (errno.EFBIG, "tệp lớn hơn mức"),
        (errno.EROFS, "ổ đĩa chỉ cho đọc"),
        (errno.ENAMETOOLONG, "dài quá mức"),
        (errno.EACCES, "Không đọc hoặc ghi được"),
    ],
)
def test_each_obstacle_has_its_sentence(tmp_path: Path, code: int, said: str) -> None:
    """The file is named by its own name, never by the passing one."""
    passing = tmp_path / ".cchc-abcd1234.tmp"
    with pytest.raises(UserError, match=said) as told, obstacles_told(tmp_path / "th.xlsx"):
        raise OSError(code, os.strerror(code), str(passing))
    assert str(tmp_path / "th.xlsx") in str(told.value)
    assert passing.name not in str(told.value)


@unix
def test_full_place_for_what_is_printed_is_said(inputs: Path) -> None:
    """It is no fault of the program: status 2."""
    command = [sys.executable, "-m", "xl_automation", "check", "--form", FORM, str(inputs)]
    env = {**os.environ, "PYTHONUTF8": "1"}
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, env=env, timeout=120, check=False
        )
    assert ended.returncode == 2
    assert "✗ Nơi nhận kết quả in ra đã đầy" in ended.stderr.decode()
    assert b"Exception" not in ended.stderr


# --- rights --------------------------------------------------------------------------------------


@pytest.fixture
def open_folder(tmp_path: Path, inputs: Path) -> Path:
    """The reports where anybody may go and write."""
    for folder in (tmp_path, *tmp_path.parents):
        if str(folder).startswith("/tmp/pytest-of-"):
            folder.chmod(folder.stat().st_mode | 0o055)
    tmp_path.chmod(0o777)
    for path in tmp_path.rglob("*"):
        path.chmod(0o777)
    return inputs


@unix
def test_file_without_rights_is_refused_and_the_others_count(
    open_folder: Path, tmp_path: Path, server: KillServer
) -> None:
    """The report that may not be read is named; the four others are checked."""
    (open_folder / "3.xlsx").chmod(0)
    target = tmp_path / "kq.json"
    words = ["check", "--form", FORM, open_folder, "--json", target]
    ended = server.run(words, tmp_path, as_nobody=True)
    assert ended.status == 1, ended.said
    files = json.loads(target.read_text(encoding="utf-8"))["files"]
    refused = [file for file in files if file["status"] == "refused"]
    assert [Path(file["path"]).name for file in refused] == ["3.xlsx"]
    assert "không có quyền đọc" in refused[0]["refusal"]["message"]
    assert len(files) == 5


@unix
@pytest.mark.parametrize("verb", [*ONE_FILE, *SEVERAL])
def test_folder_without_rights_is_said(
    open_folder: Path, tmp_path: Path, server: KillServer, verb: str
) -> None:
    """Status 2 and a sentence that names the file or its folder; nothing is left there."""
    closed = tmp_path / "đóng"
    closed.mkdir(mode=0o555)
    out = closed if verb in SEVERAL else closed / ("th.json" if verb == "check" else "th.xlsx")
    words = {**ONE_FILE, **SEVERAL}[verb]
    verb, *rest = (word.format(open_folder, out, tmp_path) for word in words)
    ended = server.run([verb, "--form", FORM, *rest], tmp_path, as_nobody=True)
    assert ended.status == 2, ended.said
    assert f"Không đọc hoặc ghi được {out}" in ended.said
    assert "có quyền ghi" in ended.said
    assert list(closed.iterdir()) == []


# --- files that change meanwhile -----------------------------------------------------------------


def test_file_that_goes_while_it_is_read_is_one_refusal(inputs: Path) -> None:
    """The others are read."""
    paths = sorted(inputs.iterdir())
    results = read_files(paths, MINI, progress=lambda: paths[-1].unlink(missing_ok=True))
    assert [isinstance(result, Submission) for result in results] == [True] * 4 + [False]
    assert results[-1].code == "not-found"  # type: ignore[union-attr]


def test_hash_and_figures_are_of_the_same_bytes(inputs: Path, tmp_path: Path) -> None:
    """Whatever a file is replaced by meanwhile: what was read belongs to the hash that is noted."""
    path = inputs / "1.xlsx"
    versions = [path.read_bytes()]
    workbook(path, UNITS[0], GOOD, YEAR, MINI)
    versions.append(path.read_bytes())
    other = tmp_path / "khác.xlsx"
    figures = {}
    for turn in range(6):
        other.write_bytes(versions[turn % 2])

        def swap(turn: int = turn) -> None:
            other.write_bytes(versions[turn % 2])
            os.replace(other, path)

        results = read_files([inputs / "2.xlsx", path, path], MINI, progress=swap)
        for result in results[1:]:
            assert isinstance(result, Submission)
            figures.setdefault(result.sha256, set()).add(result.readings["I.2"].number)
    hashes = {hashlib.sha256(version).hexdigest(): version for version in versions}
    assert figures == dict(zip(hashes, ({300}, {100}), strict=True))


def test_workbook_that_changes_between_two_looks_is_not_filled(
    inputs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What would be typed was looked at in other bytes than those that would be written."""
    from xl_automation.editing import fill as module

    path, out = inputs / "1.xlsx", tmp_path / "ra.xlsx"

    def read_and_change(*arguments: object) -> Submission:
        submission = read_submission(*arguments)  # type: ignore[arg-type]
        workbook(path, UNITS[0], GOOD, YEAR, MINI)
        return submission

    read_submission = module.read_submission
    monkeypatch.setattr(module, "read_submission", read_and_change)
    with pytest.raises(UserError, match="tệp vừa bị thay đổi"):
        fill(path, [Entry(2, "I.2", "120", "")], out, MINI)
    assert not out.exists()
