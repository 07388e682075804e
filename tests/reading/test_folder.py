"""Requirements of many files at once.

P1 Files and folders are searched for workbooks; what is passed over has its reason.
P2 Files are read in the order given; one that is refused does not stop the others.
P3 One process, several processes and threads give the same.
P4 Each unit is issued its own workbook, under a name that every file system keeps.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from concurrent.futures import Executor, ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD
from tests.support.communes import CITY, GOLDEN_CITY, A, B, C, workbook
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.issue import issue_workbooks, issued_name
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.outputs.json_report import consolidation_report
from xl_automation.reading.folder import FoundFiles, find_workbooks, read_files
from xl_automation.reading.passed_over import Reason
from xl_automation.reading.reader import read_submission
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission

# --- gathering ---------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path):
    """A folder as officers keep them; the files are empty, only their names matter."""
    for name in (
        "b.xlsx", "A.XLSX", "con/c.xlsm", "con/sâu/d.xls", "e.ods", "~$b.xlsx", "con/~$c.xlsm",
        "ghi chú.txt", "con/ảnh.png", ".ẩn.xlsx", ".git/f.xlsx",
    ):  # fmt: skip
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    return tmp_path / "in"


def names(gathered: FoundFiles) -> tuple[list[str], dict[str, Reason]]:
    """Return what was gathered, and what was not with its reason, as file names."""
    passed_over = {passed.path.name: passed.reason for passed in gathered.passed_over}
    return [path.name for path in gathered.paths], passed_over


def test_folder_is_searched_with_all_below_it(folder):
    """All workbooks, whatever their letter case, by name; all else has its reason."""
    found, passed_over = names(find_workbooks([folder]))
    assert found == ["A.XLSX", "b.xlsx", "c.xlsm", "d.xls", "e.ods"]
    assert passed_over == {
        "~$b.xlsx": "lock", "~$c.xlsm": "lock", "ghi chú.txt": "other", "ảnh.png": "other",
        ".ẩn.xlsx": "hidden", ".git": "hidden",
    }  # fmt: skip
    assert find_workbooks([folder]) == find_workbooks([folder])


def test_file_named_outright_is_taken_whatever_its_ending(folder):
    """A text file that was asked for is read, and so refused by name, not passed over."""
    assert names(find_workbooks([folder / "ghi chú.txt"])) == (["ghi chú.txt"], {})
    assert names(find_workbooks([folder / "~$b.xlsx"])) == ([], {"~$b.xlsx": "lock"})
    assert names(find_workbooks([folder / "không có.xlsx"])) == (["không có.xlsx"], {})
    found = find_workbooks([folder, folder / ".ẩn.xlsx"])
    assert folder / ".ẩn.xlsx" in found.paths
    assert ".ẩn.xlsx" not in names(found)[1]


def test_file_named_twice_is_taken_once(folder, monkeypatch):
    """However often and however a file is named, it is one file."""
    monkeypatch.chdir(folder)
    paths = [Path(), folder, folder / "b.xlsx", Path("con/../b.xlsx"), folder / "con"]
    assert len(find_workbooks(paths).paths) == 5
    assert names(find_workbooks([Path("b.xlsx"), folder / "b.xlsx"])) == (["b.xlsx"], {})
    assert len(find_workbooks([folder, folder / "con"]).passed_over) == 6


def test_what_is_left_out_is_not_gathered(folder):
    """The summary and the earlier ones may lie in the folder of the files."""
    found, _ = names(find_workbooks([folder], leave_out=[folder / "con" / ".." / "b.xlsx"]))
    assert "b.xlsx" not in found
    assert len(found) == 4
    found, passed_over = names(find_workbooks([folder], leave_out=[folder / "con"]))
    assert found == ["A.XLSX", "b.xlsx", "e.ods"]
    assert "ảnh.png" not in passed_over


# --- reading -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def sent(tmp_path_factory):
    """Three reports, the city's, a damaged file and one that is not there."""
    folder = tmp_path_factory.mktemp("sent")
    fills = {A: COMMUNE, B: {**COMMUNE, "1.1.a": "abc"}, C: {"1.1.a": 5}, CITY: GOLDEN_CITY}
    paths = [workbook(folder / f"{u.code} của {u.name}.xlsx", u, f) for u, f in fills.items()]
    damaged = folder / "hỏng.xlsx"
    damaged.write_bytes(paths[0].read_bytes()[:5000])
    return [paths[3], damaged, *paths[:3], folder / "không có.xlsx"]


def test_files_are_read_in_their_order(sent):
    """Each result is that of its path; progress moves once per file."""
    steps = []
    results = read_files(sent, FORM, progress=lambda: steps.append(1))
    assert [one.path for one in results] == sent
    assert len(steps) == len(sent)
    codes = [one.code if isinstance(one, RefusedFile) else one.unit_code for one in results]
    assert codes == ["164", "unreadable", A.code, B.code, C.code, "not-found"]
    assert results[2] == read_submission(sent[2], FORM)
    assert results[0].level == "district"


EXECUTORS: dict[str, Callable[[], AbstractContextManager[Executor | None]]] = {
    "one-process": nullcontext,
    "threads": partial(ThreadPoolExecutor, 3),
    "processes": partial(ProcessPoolExecutor, 2, multiprocessing.get_context("spawn")),
}


def test_every_executor_gives_the_same(sent):
    """Processes and threads read and refuse just as this process does, in the same order."""
    steps, results = [], {}
    for name, make in EXECUTORS.items():
        with make() as executor:
            results[name] = read_files(sent, FORM, executor, lambda: steps.append(1))
    assert len(steps) == 3 * len(sent)
    assert results["threads"] == results["processes"] == results["one-process"]
    reports = [consolidation_report(consolidate(FORM, some)) for some in results.values()]
    assert reports[0] == reports[1] == reports[2]
    assert (reports[0]["received"], reports[0]["counted"]) == (6, 4)


def test_submission_of_a_folder_equals_the_one_typed(sent):
    """What the reader finds in the files consolidates to what was typed into them."""
    result = consolidate(FORM, read_files(sent, FORM))
    assert result.totals["1.1.a"].value == 8  # C has no 1.1.b: its 5 is left out
    assert [(one.unit, one.value) for one in result.left_out if one.indicator == "1.1.a"] == [
        (C.code, 5)
    ]
    assert result.totals["3.4.1"].value == 98.89
    assert [one.unit_name for one in result.communes] == [A.name, B.name, C.name]


# --- issuing -----------------------------------------------------------------------------------


def test_each_unit_is_issued_its_workbook(tmp_path):
    """Unit, level and period stand in each workbook; nothing is filled."""
    steps = []
    issued = issue_workbooks(
        FORM, (A, CITY), PERIOD, tmp_path / "phát hành", progress=lambda: steps.append(1)
    )
    paths = issued.written
    assert [path.name for path in paths] == [
        "CCHC_2022-6T_05431_phuong-quan-trieu.xlsx",
        "CCHC_2022-6T_164_thanh-pho-thai-nguyen.xlsx",
    ]
    assert len(steps) == 2
    found = [read_submission(path, FORM) for path in paths]
    assert [(one.unit_code, one.unit_name, one.level) for one in found] == [
        (A.code, A.name, "commune"),
        (CITY.code, CITY.name, "district"),
    ]
    assert {one.period for one in found} == {PERIOD}
    assert all(reading.blank for one in found for reading in one.readings.values())


def test_issuing_again_goes_on_and_leaves_what_is_there(tmp_path):
    """What is there as it would be written is done; what a clerk has begun stays and is named."""
    first, begun, lost = issue_workbooks(FORM, (A, B, CITY), PERIOD, tmp_path).written
    begun.write_text("đã điền", encoding="utf-8")
    lost.unlink()
    before = first.stat().st_mtime_ns
    again = issue_workbooks(FORM, (A, B, CITY), PERIOD, tmp_path)
    assert (again.written, again.there, again.taken) == ((lost,), (first,), (begun,))
    assert again.count == 2
    assert first.stat().st_mtime_ns == before
    assert begun.read_text(encoding="utf-8") == "đã điền"


@pytest.mark.parametrize(
    ("code", "name", "expected"),
    [
        ("05497", "Xã Thịnh Đức", "CCHC_2022-6T_05497_xa-thinh-duc.xlsx"),
        ("05431", "Phường Quán Triều", "CCHC_2022-6T_05431_phuong-quan-trieu.xlsx"),
        ("1/2", 'Xã "A" / B: C*?', "CCHC_2022-6T_1-2_xa-a-b-c.xlsx"),
        ("..", "../..", "CCHC_2022-6T_-_.xlsx"),
        ("1", "x" * 200, "CCHC_2022-6T_1_" + "x" * 85 + ".xlsx"),
    ],
    ids=["xã", "phường", "signs", "dots", "long"],
)
def test_file_name(code, name, expected):
    """Letters without marks, digits and hyphens only, and not too long."""
    assert issued_name(ReportingUnit(code, name), PERIOD) == expected


def test_results_are_submissions_or_refusals(sent):
    """Nothing else comes back from reading."""
    assert {type(one) for one in read_files(sent, FORM)} == {Submission, RefusedFile}
