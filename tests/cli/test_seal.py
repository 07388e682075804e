"""Requirements of sealed checks on the command line, from the clerk to the city.

S1 ``check --seal`` seals each file that it reads, whatever it finds; one that cannot be is told,
   is status 1, and stops no other.
S2 Whoever checks or consolidates sees what each seal is worth: on the screen, as JSON, in the
   summary.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import A, B, C, D, E, facts_of, table, workbook
from tests.support.paths import ROOT
from xl_automation.cli.main import main
from xl_automation.reading.submission_cache import CACHE_NAME
from xl_automation.summary.log_sheet import LOG
from xl_automation.template import positions
from xl_automation.template.layout import Layout

Run = Callable[..., tuple[int, str, str]]
SEAL = positions.info_cell(positions.SEAL_CELL)


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command; gives exit status, output and error output."""

    def run_(*arguments: object) -> tuple[int, str, str]:
        status = main([*map(str, arguments)])
        return status, *capsys.readouterr()

    return run_


@pytest.fixture
def sent(tmp_path: Path) -> Path:
    """A folder with a good report, one with mistakes, and a damaged file."""
    folder = tmp_path / "Đã gửi"
    workbook(folder / "a.xlsx", A, COMMUNE)
    workbook(folder / "b.xlsx", B, {**COMMUNE, "1.1.b": 9})
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    return folder


def edit(path: Path, sheet: str, cell: str, value: object) -> None:
    """Type into a cell, as somebody does."""
    book = openpyxl.load_workbook(path)
    book[sheet][cell] = value
    book.save(path)


def test_check_seals_what_it_reads(run: Run, sent: Path) -> None:
    """With errors or without; a refused file stays as it is; a later check says what it sees."""
    status, out, err = run("check", "--seal", sent)
    assert status == 1
    assert "Ghi dấu" in err
    assert "chưa ghi dấu" not in err
    assert out.count("Dấu kiểm tra: đã kiểm tra ") == 2
    assert (sent / "hỏng.xlsx").read_bytes() == b"abc"
    status, out, _ = run("check", sent, "--json", "-")
    files = {Path(file["path"]).name: file["seal"] for file in json.loads(out)["files"]}
    assert [files[name] and files[name]["state"] for name in ("a.xlsx", "b.xlsx", "hỏng.xlsx")] == [
        "intact",
        "intact",
        None,
    ]
    assert " · 0 lỗi, 0 cảnh báo, 0 lưu ý · mẫu " in files["a.xlsx"]["text"]
    assert " · 1 lỗi, 0 cảnh báo, 0 lưu ý · mẫu " in files["b.xlsx"]["text"]
    edit(sent / "a.xlsx", FORM.sheet, Layout(FORM).cell("2.3"), 11)
    status, out, _ = run("check", sent / "a.xlsx")
    assert status == 0
    assert "  Dấu kiểm tra: đã sửa sau khi kiểm tra " in out


def test_clean_file_that_is_sealed_is_status_0(run: Run, sent: Path) -> None:
    """And what JSON says of it is what stands in it now."""
    status, out, _ = run("check", sent / "a.xlsx", "--seal", "--json", "-")
    (file,) = json.loads(out)["files"]
    book = openpyxl.load_workbook(sent / "a.xlsx")
    assert status == 0
    assert file["seal"] == {"state": "intact", "text": book[positions.INFO_SHEET][SEAL].value}


def test_file_that_cannot_be_sealed_is_told(run: Run, sent: Path) -> None:
    """By name with the reason, also beside JSON and where an earlier seal is whole: status 1."""
    run("check", "--seal", sent / "a.xlsx")
    (sent / "~$a.xlsx").write_bytes(b"")
    before = (sent / "a.xlsx").read_bytes()
    status, out, err = run("check", "--seal", sent / "a.xlsx", "--json", "-")
    assert status == 1
    assert json.loads(out)["files"][0]["seal"]["state"] == "intact"
    assert f"✗ {sent / 'a.xlsx'}: chưa ghi dấu kiểm tra, vì tệp đang mở" in err
    assert (sent / "a.xlsx").read_bytes() == before


def test_sealing_is_no_later_version(run: Run, sent: Path) -> None:
    """Of two files of a unit the one saved last counts, whichever was sealed last."""
    old = workbook(sent / "z cũ.xlsx", A, {**COMMUNE, "2.3": 1})
    os.utime(old, (1e9, 1e9))
    run("check", "--seal", sent)
    _, out, _ = run("consolidate", sent, "--out", sent.parent / "th.xlsx", "--report", "-")
    (duplicate,) = json.loads(out)["duplicates"]
    assert duplicate["chosen"] == str(sent / "a.xlsx")


def test_city_sees_what_each_seal_is_worth(run: Run, sent: Path) -> None:
    """Whole, changed, edited, by other rules, none: in the summary, the JSON and on the screen."""
    for unit in (C, D, E):
        workbook(sent / f"{unit.code}.xlsx", unit, COMMUNE)
    run("check", "--seal", sent / "a.xlsx", sent / "b.xlsx", sent / f"{C.code}.xlsx")
    edit(sent / "b.xlsx", FORM.sheet, Layout(FORM).cell("1.1.b"), 4)
    edit(sent / f"{C.code}.xlsx", positions.INFO_SHEET, SEAL, "đã kiểm tra, không có lỗi")
    (sent / "luat.toml").write_text(form_with_other_rules(), encoding="utf-8")
    run("check", "--seal", sent / f"{D.code}.xlsx", "--form", sent / "luat.toml")
    out = sent.parent / "th.xlsx"
    for again in (False, True):  # as read, and as remembered
        assert (sent.parent / CACHE_NAME).exists() == again
        report = sent.parent / "th.json"
        _, told, _ = run("consolidate", sent, "--out", out, "--report", report)
        seals = json.loads(report.read_text("utf-8"))["seals"]
        assert {seal["unit"]: seal["state"] for seal in seals} == {
            A.code: "intact",
            B.code: "changed",
            C.code: "unreadable",
            D.code: "other-rules",
            E.code: "none",
        }
        tally = (
            "đã kiểm tra: 1; đã sửa sau khi kiểm tra: 1; đã kiểm tra bằng quy tắc khác: 1; "
            "không đọc được dấu kiểm tra: 1; chưa kiểm tra: 1"
        )
        assert f"Dấu kiểm tra: {tally}" in told
        assert facts_of(out)["Dấu kiểm tra của các tệp được tính"] == tally
    log = {line["Đơn vị"]: str(line["Dấu kiểm tra"]) for line in table(out, LOG, 4)}
    assert log[A.name].startswith("đã kiểm tra ")
    assert log[A.name].endswith(": 0 lỗi, 0 cảnh báo, 0 lưu ý")
    assert log[B.name].startswith("đã sửa sau khi kiểm tra ")
    assert log[C.name] == "không đọc được dấu kiểm tra"
    assert log[D.name].startswith("đã kiểm tra bằng quy tắc khác ")
    assert log[E.name] == "chưa kiểm tra"


def test_city_without_seals_reads_of_none(run: Run, sent: Path) -> None:
    """Where nobody seals the screen says nothing of it."""
    _, told, _ = run("consolidate", sent, "--out", sent.parent / "th.xlsx")
    assert "Dấu kiểm tra" not in told


def form_with_other_rules() -> str:
    """Return the form's file with a rule that is stricter."""
    folder = ROOT / "xl_automation" / "forms"
    text = (folder / "cchc-2022.toml").read_text("utf-8")
    assert text.count('severity = "warning"') > 1
    changed = text.replace('severity = "warning"', 'severity = "error"', 1)
    return changed.replace('units = "', f'units = "{folder.as_posix()}/')
