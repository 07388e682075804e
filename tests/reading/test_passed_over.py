"""Requirements of what a search of folders passes over.

V1 Nothing vanishes: what is not read is listed with its reason, and with its name where it may
   hold a report.
V2 No link is followed out of the folder, nor round; a file that is reached twice is counted once.
V3 Pipes, sockets and endless files are neither opened nor waited for, however they are named.
V4 How deep folders lie in each other, and how many files there are, does not matter.
V5 The officer finds all of it in the log of the summary, and another program in the JSON.

What an ordinary user may not read is tried in a child process that is one: tests run as root.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import reconciliation, table, workbook
from tests.support.function_calls import ask
from tests.support.paths import ROOT
from xl_automation.cli.main import main
from xl_automation.excel.functions.file_functions import CCHC_TONGHOP
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import find_workbooks, read_file
from xl_automation.reading.passed_over import REASONS, PassedOver, counted, unread
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.summary.log_sheet import LOG

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="POSIX files")

FORM_OPTION = ("--form", str(DATA / "mini.toml"))
YEAR = MINI.period("2024-N")
FILL = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}
NOBODY = 65534
SPARSE = 40 << 30  # bytes


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one report, and another beside it with one more."""
    for name, unit in (("in", ReportingUnit("1", "Xã Một")), ("ngoài", ReportingUnit("2", "Xã 2"))):
        workbook(tmp_path / name / "a.xlsx", unit, FILL, YEAR, MINI)
    return tmp_path / "in"


def listed(folder: Path) -> dict[str, str]:
    """Return what is passed over in *folder*: relative path to reason; only a.xlsx is found."""
    found = find_workbooks([folder])
    assert found.paths == (folder / "a.xlsx",)
    return {str(passed.path.relative_to(folder)): passed.reason for passed in found.passed_over}


# --- links -------------------------------------------------------------------------------------


def test_no_link_is_followed_out_of_the_folder(folder: Path) -> None:
    """A linked folder and a linked file elsewhere are named, not read."""
    (folder / "thư mục").symlink_to(folder.parent / "ngoài")
    (folder / "tệp.xlsx").symlink_to(folder.parent / "ngoài" / "a.xlsx")
    (folder / "lên.xlsx").symlink_to("..")
    assert listed(folder) == dict.fromkeys(["thư mục", "tệp.xlsx", "lên.xlsx"], "link-outside")


def test_links_that_lead_nowhere_or_round_are_named(folder: Path) -> None:
    """Dangling, in a circle, to itself, to the folder around it: the search ends all the same."""
    (folder / "hỏng.xlsx").symlink_to("không có.xlsx")
    (folder / "x.xlsx").symlink_to("y.xlsx")
    (folder / "y.xlsx").symlink_to("x.xlsx")
    (folder / "mình.xlsx").symlink_to("mình.xlsx")
    (folder / "con").mkdir()
    (folder / "con" / "vòng").symlink_to(folder)
    assert listed(folder) == {
        "hỏng.xlsx": "link-broken",
        **dict.fromkeys(["x.xlsx", "y.xlsx", "mình.xlsx", "con/vòng"], "link-loop"),
    }
    loop = read_file(MINI, folder / "x.xlsx")  # named outright
    assert isinstance(loop, RefusedFile)
    assert main(["check", *FORM_OPTION, str(folder / "x.xlsx"), str(folder / "a.xlsx")]) == 1


def test_link_inside_is_the_same_file(folder: Path) -> None:
    """It is counted once, where it really is; its folder is not searched twice."""
    (folder / "0.xlsx").symlink_to("a.xlsx")
    (folder / "con").mkdir()
    (folder / "con" / "b.txt").touch()
    (folder / "lối").symlink_to("con")
    assert listed(folder) == {"0.xlsx": "same-file", "lối": "link-inside", "con/b.txt": "other"}


def test_link_to_a_file_of_no_workbooks_name_is_a_workbook(folder: Path) -> None:
    """Otherwise what it leads to would be lost."""
    (folder / "a.xlsx").rename(folder / "dữ liệu.bin")
    (folder / "a.xlsx").symlink_to("dữ liệu.bin")
    assert listed(folder) == {}


def test_link_that_was_named_is_followed(folder: Path) -> None:
    """The user said so: a folder and a file."""
    link, file = folder.parent / "lối", folder.parent / "lối.xlsx"
    link.symlink_to(folder)
    file.symlink_to(folder / "a.xlsx")
    assert find_workbooks([link]).paths == (link / "a.xlsx",)
    assert find_workbooks([file]).paths == (file,)
    assert len(find_workbooks([link, file, folder]).paths) == 1


# --- what is no file ---------------------------------------------------------------------------


@pytest.fixture
def unix_socket(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A socket in the folder; its name must be short."""
    monkeypatch.chdir(folder)
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("cổng.xlsx")
        yield


@pytest.mark.usefixtures("unix_socket")
def test_pipes_and_sockets_are_not_opened(folder: Path) -> None:
    """Nobody writes into this pipe: who opened it would wait for ever."""
    os.mkfifo(folder / "ống.xlsx")
    (folder / "lối.xlsx").symlink_to("ống.xlsx")
    assert listed(folder) == dict.fromkeys(["cổng.xlsx", "ống.xlsx", "lối.xlsx"], "special")
    for named in ("ống.xlsx", "cổng.xlsx", "lối.xlsx"):
        refused = read_file(MINI, folder / named)
        assert isinstance(refused, RefusedFile)
        assert (refused.code, refused.sha256) == ("unreadable", "")


def test_folder_with_the_name_of_a_workbook_is_searched_and_told(folder: Path) -> None:
    """What it holds counts; that it is no workbook itself is said."""
    (folder / "b.xlsx").mkdir()
    (folder / "a.xlsx").rename(folder / "b.xlsx" / "c.xlsx")
    found = find_workbooks([folder])
    assert found.paths == (folder / "b.xlsx" / "c.xlsx",)
    assert found.passed_over == (PassedOver(folder / "b.xlsx", "folder"),)


def test_endless_file_is_refused_at_once(folder: Path) -> None:
    """40 GB that take no room on the disk are neither read nor hashed: their size says enough."""
    path = folder / "lớn.xlsx"
    with path.open("wb") as file:
        file.truncate(SPARSE)
    start = time.process_time()
    refused = read_file(MINI, path)
    assert time.process_time() - start < 2
    assert isinstance(refused, RefusedFile)
    assert (refused.code, refused.sha256, refused.size) == ("too-large", "", SPARSE)
    assert f"{SPARSE >> 20} MB" in refused.message


# --- how deep, how many ------------------------------------------------------------------------


def test_ten_thousand_folders_in_each_other(folder: Path) -> None:
    """The system cannot name what lies that deep: where it stops is told."""
    here = os.open(folder, os.O_RDONLY)
    try:
        for _ in range(10_000):
            os.mkdir("sâu", dir_fd=here)
            below = os.open("sâu", os.O_RDONLY, dir_fd=here)
            os.close(here)
            here = below
    finally:
        os.close(here)
    try:
        (reason,) = listed(folder).values()
        assert reason == "long-path"
    finally:
        subprocess.run(["rm", "-rf", str(folder)], check=True)  # shutil recurses


def test_hidden_files_and_locks_are_counted(folder: Path) -> None:
    """Those that may hold a report are named, of the others the first; ours is not told."""
    for name in (".a.xlsx", "._a.xlsx", ".DS_Store", ".~lock.a.xlsx#", ".cchc-cache.sqlite-wal"):
        (folder / name).touch()
    for number in range(7):
        (folder / f"~${number}.xlsx").touch()
    passed_over = find_workbooks([folder]).passed_over
    assert list(unread(passed_over)) == [f"Không đọc {folder / '.a.xlsx'}: tệp, thư mục ẩn"]
    assert sorted(counted(passed_over)) == [
        "Bỏ qua 2 tệp, thư mục ẩn: .DS_Store, ._a.xlsx",
        "Bỏ qua 8 tệp khoá tạm của Excel: .~lock.a.xlsx#, ~$0.xlsx, ~$1.xlsx, ~$2.xlsx, ~$3.xlsx…",
    ]


# --- without the right -------------------------------------------------------------------------

AS_NOBODY = f"""
import os, sys
from xl_automation.cli.main import main
if os.geteuid() == 0:
    os.setgid({NOBODY}); os.setuid({NOBODY})
sys.exit(main(sys.argv[1:]))
"""


def test_folder_that_may_not_be_read_is_named(folder: Path) -> None:
    """It is in the output, the JSON and the summary's log, and is not received."""
    home = Path(tempfile.mkdtemp())
    home.chmod(0o711)  # pytest's own folders are closed to others
    try:
        shared = Path(shutil.move(folder.parent, home / "gửi"))
        folder = shared / "in"
        workbook(folder / "kín" / "b.xlsx", ReportingUnit("2", "Xã Hai"), FILL, YEAR, MINI)
        workbook(folder / "kín.xlsx", ReportingUnit("3", "Xã Ba"), FILL, YEAR, MINI)
        (folder / "kín").chmod(0)
        (folder / "kín.xlsx").chmod(0)
        shared.chmod(0o777)
        out, report = shared / "th.xlsx", shared / "th.json"
        done = _as_nobody("consolidate", folder, "--out", out, "--report", report, "--no-cache")
        assert done.returncode == 1, done.stdout + done.stderr
        assert f"! Không đọc {folder / 'kín'}: {REASONS['no-right']}" in done.stdout
        data = json.loads(report.read_text("utf-8"))
        assert data["passed_over"] == [{"path": str(folder / "kín"), "reason": REASONS["no-right"]}]
        assert (data["received"], data["counted"]) == (2, 1)
        (refused,) = data["refused"]
        assert (refused["path"], refused["code"]) == (str(folder / "kín.xlsx"), "unreadable")
        *_, last = table(out, LOG, 4)
        assert last["Tệp"] == str(folder / "kín")
        assert last["Tình trạng"] == f"Không đọc: {REASONS['no-right']}"
        assert reconciliation(out)
        named = _as_nobody("check", folder / "kín" / "b.xlsx", folder / "a.xlsx")
        assert named.returncode == 1, "a.xlsx is checked all the same"
        assert "b.xlsx: bị từ chối – không đọc được [unreadable]" in named.stdout
        assert "a.xlsx – Xã Một, Năm 2024: không có điểm cần xem lại" in named.stdout
        checked = _as_nobody("check", folder / "kín", "--json", "-")
        assert checked.returncode == 2
        assert REASONS["no-right"] in checked.stderr
    finally:
        subprocess.run(["chmod", "-R", "u+rwX", str(home)], check=True)
        shutil.rmtree(home)


def _as_nobody(*arguments: object) -> subprocess.CompletedProcess[str]:
    verb, *rest = map(str, arguments)
    command = [sys.executable, "-c", AS_NOBODY, verb, *FORM_OPTION, *rest]
    return subprocess.run(command, capture_output=True, encoding="utf-8", timeout=60)


def test_every_reason_is_on_the_page_about_refusals() -> None:
    """With what to do about it."""
    page = (ROOT / "docs" / "tu-choi.md").read_text("utf-8")
    assert [words for words in REASONS.values() if f"| {words} |" not in page] == []


# --- where it is told --------------------------------------------------------------------------


def test_all_that_is_passed_over_stands_in_the_log(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Beside the files received, and without a part in their number."""
    (folder / "hỏng.xlsx").symlink_to("không có.xlsx")
    (folder / "ghi chú.txt").touch()
    out, report = folder.parent / "th.xlsx", folder.parent / "th.json"
    arguments = [str(folder), "--out", str(out), "--report", str(report)]
    main(["consolidate", *FORM_OPTION, *arguments])
    printed = capsys.readouterr().out
    assert f"! Không đọc {folder / 'hỏng.xlsx'}: {REASONS['link-broken']}" in printed
    assert "Bỏ qua 1 tệp không phải Excel: ghi chú.txt" in printed
    assert [(Path(str(line["Tệp"])).name, line["Tình trạng"]) for line in table(out, LOG, 4)] == [
        ("a.xlsx", "Được tính"),
        ("ghi chú.txt", f"Không đọc: {REASONS['other']}"),
        ("hỏng.xlsx", f"Không đọc: {REASONS['link-broken']}"),
    ]
    data = json.loads(report.read_text("utf-8"))
    assert data["received"] == data["counted"] == 1
    assert data["passed_over"] == [
        {"path": str(folder / "ghi chú.txt"), "reason": REASONS["other"]},
        {"path": str(folder / "hỏng.xlsx"), "reason": REASONS["link-broken"]},
    ]


def test_function_over_a_folder_of_which_nothing_can_be_read_says_why(folder: Path) -> None:
    """A blank total would say that nobody reported."""
    (folder / "b.xlsx").symlink_to(folder / "a.xlsx")
    (folder / "a.xlsx").unlink()
    answer = ask(CCHC_TONGHOP, str(folder), "1.1.a")
    assert REASONS["link-broken"] in str(answer)
    assert str(folder / "b.xlsx") in str(answer)
