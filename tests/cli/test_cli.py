"""Requirements of the command line.

I1 Exit status: 0 clean; 1 done, with findings or refusals; 2 nothing could be done. (3 and what
   leads to it: ``test_fault``.)
I2 Everything a person reads is Vietnamese; bad input is a message, never a traceback.
I3 The JSON has exactly the agreed shape; ``-`` gives JSON and nothing else on standard output.
I4 No file that exists is overwritten but a summary by a summary.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.builders import COMMUNE, DATA, FORM, MINI
from tests.support.communes import A, saved_by_itself, workbook
from xl_automation.cli.main import VERBS, main
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.reader import read_submission
from xl_automation.summary.read_back import is_summary

FORM_OPTION = ("--form", str(DATA / "mini.toml"))
YEAR = MINI.period("2024-N")
ONE, TWO = ReportingUnit("1", "Xã Một"), ReportingUnit("2", "Xã Hai")
CLEAN = {"I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1}
WRONG = {"I.2": 300, "I.3": 310, "I.5": "abc"}


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """A folder with a clean report, one with mistakes, a damaged one, a lock and a note."""
    folder = tmp_path_factory.mktemp("cli") / "Đã gửi"
    workbook(folder / "một.xlsx", ONE, CLEAN, YEAR, MINI)
    workbook(folder / "hai.xlsx", TWO, WRONG, YEAR, MINI)
    (folder / "hỏng.xlsx").write_bytes(b"abc")
    (folder / "~$một.xlsx").write_bytes(b"")
    (folder / "ghi chú.txt").write_text("=1+1", encoding="utf-8")
    (folder.parent / "xã.csv").write_text(
        "code,name\n1,Xã Một\n2,Xã Hai\n3,Xã Ba\n", encoding="utf-8"
    )
    return folder


@pytest.fixture
def run(capsys):
    """Runs a command with the small form; gives exit status, output and error output."""

    def run_(verb, *arguments):
        status = main([verb, *FORM_OPTION, *map(str, arguments)])
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return status, out, err

    return run_


# --- check -------------------------------------------------------------------------------------


def test_check_of_a_clean_workbook(run, files):
    """Nothing to look at: status 0."""
    status, out, _ = run("check", files / "một.xlsx")
    assert status == 0
    assert "Xã Một, Năm 2024: không có điểm cần xem lại" in out


def test_check_of_a_folder(run, files):
    """Each file with its findings, a refused one by name, and what was passed over: status 1."""
    status, out, err = run("check", files)
    assert status == 1
    assert "Bỏ qua 1 tệp khoá tạm của Excel" in out
    assert "Bỏ qua 1 tệp không phải Excel: ghi chú.txt" in out
    assert "hỏng.xlsx: bị từ chối – không phải sổ Excel [not-a-workbook]" in out
    assert "Xã Hai, Năm 2024:" in out
    assert "số hộ dùng nước sạch lớn hơn tổng số hộ." in out
    assert "[N1]" in out
    assert "Kiểm tra" in err


def test_check_of_a_refused_file_only(run, files):
    """A file that is refused is a result: status 1."""
    assert run("check", files / "hỏng.xlsx")[0] == 1


def test_check_json_has_the_agreed_shape(run, files, tmp_path):
    """Every file with status, unit, period, values and findings; the file holds what - prints."""
    status, out, _ = run("check", files, "--json", "-")
    assert status == 1
    data = json.loads(out)
    assert list(data) == ["files", "passed_over"]
    assert {Path(passed["path"]).name for passed in data["passed_over"]} == {
        "ghi chú.txt",
        "~$một.xlsx",
    }
    two, broken, one = sorted(data["files"], key=lambda file: file["path"])
    keys = [
        "path",
        "status",
        "refusal",
        "unit",
        "period",
        "values",
        "findings",
        "seal",
        "undecided",
        "look_first",
    ]
    assert list(one) == list(two) == list(broken) == keys
    assert one == {
        "path": str(files / "một.xlsx"),
        "status": "clean",
        "refusal": None,
        "unit": {"code": "1", "name": "Xã Một"},
        "period": "2024-N",
        "values": {"I.1": 50, "I.2": 100, "I.3": 50, "I.4": 12.5, "I.5": 1},
        "findings": [],
        "seal": {"state": "none", "text": None},
        "undecided": 0,
        "look_first": None,
    }
    assert broken["status"] == "refused"
    assert broken["refusal"].keys() == {"code", "message"}
    assert broken["refusal"]["code"] == "not-a-workbook"
    assert (broken["unit"], broken["period"]) == ({"code": None, "name": None}, None)
    assert (broken["values"], broken["findings"], broken["seal"]) == ({}, [], None)
    assert two["status"] == "findings"
    assert (broken["undecided"], two["undecided"]) == (0, 0)
    assert two["values"] == {"I.1": 103.33, "I.2": 300, "I.3": 310, "I.4": None, "I.5": "abc"}
    assert two["findings"] == [
        {
            "rule": "N1",
            "severity": "error",
            "indicators": ["I.3", "I.2"],
            "cells": ["Nước sạch!D11", "Nước sạch!D10"],
            "message": "Ô D11, D10 · I.3 = 310; tối đa I.2 = 300; lệch +10 – số hộ dùng nước sạch "
            "lớn hơn tổng số hộ. Xem lại các ô nêu trên và sửa ô ghi nhầm. [N1]",
            "settled": None,
            "folds": [],
        }
    ]
    path = tmp_path / "kết quả" / "check.json"
    assert run("check", files, "--json", path)[0] == 1
    assert json.loads(path.read_text(encoding="utf-8")) == data


# --- consolidate -------------------------------------------------------------------------------


def test_consolidate_clean(run, files, tmp_path):
    """All units sent, nothing to look at: status 0."""
    units = tmp_path / "xã.csv"
    units.write_text("code,name\n1,Xã Một\n", encoding="utf-8")
    out = tmp_path / "th.xlsx"
    status, told, _ = run("consolidate", files / "một.xlsx", "--out", out, "--units", units)
    assert status == 0
    assert f"✓ Sổ tổng hợp: {out}" in told
    assert is_summary(out)


def test_consolidate_report_has_the_agreed_shape(run, files, tmp_path):
    """Received, refused, duplicates, missing, totals, counts and findings, in JSON alone."""
    again = workbook(tmp_path / "một lần nữa.xlsx", ONE, {**CLEAN, "I.3": 60}, YEAR, MINI)
    os.utime(again, (2e9, 2e9))
    units, out = files.parent / "xã.csv", tmp_path / "th.xlsx"
    status, told, _ = run(
        "consolidate", files, again, "--out", out, "--units", units, "--report", "-"
    )
    assert status == 1
    data = json.loads(told)
    assert list(data) == [
        "period", "received", "counted", "refused", "duplicates", "missing", "totals", "filled",
        "absent", "code_counts", "findings", "left_out", "due", "on_time", "late",
        "states", "decisions", "passed_over", "seals", "tables", "lower",
    ]  # fmt: skip
    assert (data["period"], data["received"], data["counted"]) == ("2024-N", 4, 2)
    (refused,) = data["refused"]
    assert list(refused) == ["path", "code", "message"]
    assert (refused["path"], refused["code"]) == (str(files / "hỏng.xlsx"), "not-a-workbook")
    (twice,) = data["duplicates"]
    assert twice["unit"] == "1"
    assert sorted(twice["paths"]) == sorted([str(files / "một.xlsx"), str(again)])
    assert twice["chosen"] == str(again)
    assert twice["changes"] == [
        {"path": str(files / "một.xlsx"), "indicator": "I.3", "old": 50, "new": 60}
    ]
    assert data["missing"] == [{"code": "3", "name": "Xã Ba"}]
    assert data["totals"] == {"I.1": 92.5, "I.2": 400, "I.3": 370, "I.4": None, "I.5": None}
    assert data["filled"] == {"I.1": 2, "I.2": 2, "I.3": 2, "I.4": 1, "I.5": 1}
    assert data["code_counts"] == {"I.5": {"1": 1, "2": 0}}
    (finding,) = data["findings"]
    keys = ["path", "rule", "severity", "indicators", "message", "settled", "folds"]
    assert list(finding) == keys
    assert finding["settled"] is None
    assert (finding["path"], finding["rule"]) == (str(files / "hai.xlsx"), "N1")
    assert data["received"] == data["counted"] + len(data["refused"]) + 1


def test_consolidate_with_decisions_and_a_day(run, files, tmp_path):
    """What is left out, waived, late or in time is in the JSON and on the screen."""
    sent = tmp_path / "gửi"
    for name, day in (("một", 14), ("hai", 15)):
        noon = datetime(2024, 6, day, 5, tzinfo=UTC)
        saved_by_itself(files / f"{name}.xlsx", sent / f"{name}.xlsx", noon)
    decisions = tmp_path / "qđ.csv"
    decisions.write_text(
        "unit,indicator,rule,decision,reason,by,until\n"
        "1,I.2,,exclude,Ghi nhầm,Ông A,\n2,,N1,accept,Đã xác minh,Ông A,\n",
        encoding="utf-8",
    )
    options = ("--out", tmp_path / "th.xlsx", "--units", files.parent / "xã.csv")
    options = (*options, "--decisions", decisions, "--due", "2024-06-14")
    status, told, _ = run("consolidate", sent, *options, "--report", "-")
    data = json.loads(told)
    assert status == 1
    assert data["left_out"] == [
        {"unit": "1", "indicator": "I.2", "cause": "decision", "reason": "Ghi nhầm"},
        {"unit": "1", "indicator": "I.3", "cause": "pair", "reason": "I.2 bị loại"},
    ]
    assert (data["totals"]["I.2"], data["filled"]["I.3"]) == (300, 1)
    assert {f["rule"]: f["settled"] for f in data["findings"]}["N1"] == {
        "how": "decision",
        "reason": "Đã xác minh",
    }
    assert (data["due"], data["on_time"]) == ("2024-06-14", 1)
    assert data["late"] == [{"code": "2", "name": "Xã Hai", "saved": "2024-06-15T12:00:00+07:00"}]
    assert [(one["code"], one["state"], one["timeliness"]) for one in data["states"]] == [
        ("1", "received", "on-time"), ("2", "received", "late"), ("3", "missing", "missing"),
    ]  # fmt: skip
    assert [(one["state"], one["told"]) for one in data["decisions"]] == [
        ("applied", "loại 1 số liệu của Xã Một"), ("applied", "chấp nhận 1 điểm"),
    ]  # fmt: skip
    _, told, _ = run("consolidate", sent, *options)
    lines = [" ".join(line.strip("│ ").replace("│", " ").split()) for line in told.splitlines()]
    assert {"Đúng hạn 14/06/2024 1", "Muộn 1", "Số liệu không vào tổng 2"} <= set(lines)
    assert "đã chấp nhận 1" in lines


def test_consolidate_again_over_its_own_summary(run, files, tmp_path):
    """The summary may lie among the files: it is neither read as a report nor refused."""
    sent = tmp_path / "một.xlsx"
    sent.write_bytes((files / "một.xlsx").read_bytes())
    out, report = tmp_path / "Tổng hợp.xlsx", tmp_path / "th.json"
    for _ in range(2):
        status, _, _ = run("consolidate", tmp_path, "--out", out, "--report", report)
        assert status == 0
        data = json.loads(report.read_text(encoding="utf-8"))
        assert (data["received"], data["counted"]) == (1, 1)


def test_consolidate_in_several_processes(run, files, tmp_path):
    """The number of processes changes nothing in the result."""
    reports = []
    for number in (1, 2):
        out = tmp_path / f"{number}.xlsx"
        status, told, _ = run(
            "consolidate", files, "--out", out, "--workers", number, "--report", "-"
        )
        assert status == 1
        reports.append(told)
    assert reports[0] == reports[1]


def test_consolidate_with_an_earlier_summary(files, tmp_path, capsys):
    """The summary of quarter I, read back, gives the findings of the half year."""
    folder = tmp_path / "xã"
    for code, done in (("2022-Q1", 5), ("2022-6T", 4)):
        workbook(folder / code / "a.xlsx", A, {**COMMUNE, "1.1.b": done}, FORM.period(code))
    earlier, report = tmp_path / "q1.xlsx", tmp_path / "6t.json"
    command = ["consolidate", str(folder / "2022-Q1"), "--out", str(earlier)]
    assert main(command) == 1
    command = ["consolidate", str(folder / "2022-6T"), "--out", str(tmp_path / "6t.xlsx")]
    assert main([*command, "--previous", str(earlier), "--report", str(report)]) == 1
    data = json.loads(report.read_text(encoding="utf-8"))
    assert "T01" in {finding["rule"] for finding in data["findings"]}
    capsys.readouterr()
    same_period = shutil.copy(tmp_path / "6t.xlsx", tmp_path / "trước.xlsx")
    assert main([*command, "--previous", str(same_period)]) == 2
    assert "không phải của kỳ trước" in capsys.readouterr().err


def test_json_stays_pure_whatever_the_earlier_files_are(run, files, tmp_path):
    """Notes on refused files of an earlier period do not get among the JSON."""
    earlier = tmp_path / "2023"
    workbook(earlier / "một.xlsx", ONE, CLEAN, MINI.period("2023-N"), MINI)
    (earlier / "hỏng.xlsx").write_bytes(b"abc")
    out = tmp_path / "th.xlsx"
    status, told, err = run(
        "consolidate", files, "--out", out, "--previous", earlier, "--report", "-"
    )
    assert status == 1
    assert json.loads(told)["counted"] == 2
    assert str(earlier / "hỏng.xlsx") in err


def test_consolidate_of_refused_files_only(run, files, tmp_path):
    """Nothing but refused files still gives a summary that names them: status 1."""
    status, told, _ = run("consolidate", files / "hỏng.xlsx", "--out", tmp_path / "th.xlsx")
    assert status == 1
    assert "hỏng.xlsx: không phải sổ Excel [not-a-workbook]" in told


# --- template, issue, fill ---------------------------------------------------------------------


def test_template(run, tmp_path):
    """The blank workbook is written for the level, unit and period asked for."""
    path = tmp_path / "mới" / "mẫu.xlsx"
    status, told, _ = run("template", path, "--level", "district", "--period", "2024-N")
    assert status == 0
    assert f"✓ Đã lập biểu mẫu {path}" in told
    submission = read_submission(path, MINI)
    assert (submission.level, submission.period) == ("district", YEAR)
    assert submission.unit_code is None


def test_template_of_a_listed_unit(tmp_path):
    """A unit of the form's list decides the level."""
    path = tmp_path / "mẫu.xlsx"
    assert main(["template", str(path), "--unit", "164"]) == 0
    submission = read_submission(path, FORM)
    assert (submission.unit_code, submission.level) == ("164", "district")


def test_issue(run, files, tmp_path):
    """One workbook per unit of the list."""
    units = files.parent / "xã.csv"
    status, told, _ = run("issue", "--units", units, "--period", "2024-N", "--out", tmp_path)
    assert status == 0
    assert "Đã phát hành 3 biểu mẫu, Năm 2024" in told
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "CCHC_2024-N_1_xa-mot.xlsx", "CCHC_2024-N_2_xa-hai.xlsx", "CCHC_2024-N_3_xa-ba.xlsx",
    ]  # fmt: skip


def test_issue_names_who_has_no_earlier_figures(run, files, tmp_path):
    """Units without any figure of the earlier period are named; that is no failure."""
    earlier = tmp_path / "2023"
    workbook(earlier / "một.xlsx", ONE, CLEAN, MINI.period("2023-N"), MINI)
    workbook(earlier / "hai.xlsx", TWO, {}, MINI.period("2023-N"), MINI)
    command = ("issue", "--units", files.parent / "xã.csv", "--period", "2024-N", "--out")
    status, told, _ = run(*command, tmp_path / "a", "--previous", earlier)
    assert status == 0
    assert "Chưa có số liệu Năm 2023: Xã Hai, Xã Ba" in told
    status, told, _ = run(*command, tmp_path / "b")
    assert status == 0
    assert "Chưa có số liệu" not in told


@pytest.mark.parametrize(
    ("rows", "status", "told"),
    [
        ("I.2,100\nI.3,50\nI.5,1\n", 0, ["Đã ghi 3 ô"]),
        ("I.2,100\nX.9,5\n", 1, ["Không ghi được 1 dòng", "X.9 = “5” – biểu mẫu không có"]),
        ("I.2,100\nI.3,1.23\n", 1, ["1 giá trị không đọc được chắc chắn", "I.3 = “1.23” – "]),
    ],
    ids=["all-placed", "unknown-id", "doubtful"],
)
def test_fill(run, files, tmp_path, rows, status, told):
    """What was typed, and every row that found no cell."""
    values, out = tmp_path / "v.csv", tmp_path / "đã điền.xlsx"
    values.write_text("id,value\n" + rows, encoding="utf-8")
    done, output, _ = run("fill", files / "một.xlsx", values, "--out", out)
    assert read_submission(out, MINI).readings["I.2"].number == 100
    assert all(text in output for text in told)
    assert done == status


# --- bad input ---------------------------------------------------------------------------------


@pytest.fixture
def bad(files, tmp_path):
    """Files that are not what a command needs, by name."""
    places = {"tmp": tmp_path, "files": files, "one": files / "một.xlsx"}
    texts = {
        "empty.csv": "", "header.csv": "ma,ten\n1,Một\n", "twice.csv": "code,name\n1,A\n1,B\n",
        "nameless.csv": "code,name\n1,\n", "level.csv": "code,name,level\n1,A,tỉnh\n",
        "values.csv": "ma,gia\n1,2\n", "broken.toml": "id = ", "wrong.toml": 'id = "a"\n',
    }  # fmt: skip
    for name, text in texts.items():
        places[name] = tmp_path / name
        places[name].write_text(text, encoding="utf-8")
    for name in ("latin.csv", "latin.toml"):
        places[name] = tmp_path / name
        places[name].write_bytes("code,name\n1,Xã Thịnh Đức\n".encode("utf-16"))
    places["nothing"] = tmp_path / "rỗng"
    places["nothing"].mkdir()
    places["locks"] = tmp_path / "khoá"
    places["locks"].mkdir()
    (places["locks"] / "~$a.xlsx").touch()
    places["quarters"] = tmp_path / "hai kỳ"
    workbook(places["quarters"] / "a.xlsx", ONE, CLEAN, YEAR, MINI)
    workbook(places["quarters"] / "b.xlsx", TWO, CLEAN, MINI.period("2025-N"), MINI)
    return {name: str(path) for name, path in places.items()}


CONSOLIDATE = ("consolidate", "{files}", "--out", "{tmp}/th.xlsx")
BAD = {
    # arguments -> what the message says
    "check-no-file": (("check", "{tmp}/không có"), "Không tìm thấy"),
    "check-empty-folder": (("check", "{nothing}"), "Không có sổ làm việc Excel nào"),
    "check-locks-only": (("check", "{locks}"), "Không có sổ làm việc Excel nào"),
    "check-no-form": (("check", "{files}", "--form", "x"), "Không có biểu mẫu “x”"),
    "check-broken-form": (("check", "{files}", "--form", "{broken.toml}"), "broken.toml"),
    "check-wrong-form": (("check", "{files}", "--form", "{wrong.toml}"), "form"),
    "check-form-not-utf8": (("check", "{files}", "--form", "{latin.toml}"), "latin.toml"),
    "check-json-into-folder": (("check", "{files}", "--json", "{nothing}"), "{nothing}"),
    "template-exists": (("template", "{one}"), "{one} đã có"),
    "template-under-a-file": (("template", "{one}/a.xlsx"), "một.xlsx đã có"),
    "template-period": (("template", "{tmp}/a.xlsx", "--period", "2024-6T"), "“2024-6T” không có"),
    "template-year": (("template", "{tmp}/a.xlsx", "--period", "24-N"), "“24-N” không có"),
    "template-unit": (("template", "{tmp}/a.xlsx", "--unit", "9"), "Mã đơn vị “9”"),
    "issue-no-list": (
        ("issue", "--units", "{tmp}/x.csv", "--period", "2024-N", "--out", "{tmp}/p"),
        "Không đọc được danh sách đơn vị x.csv",
    ),
    "fill-itself": (("fill", "{one}", "{header.csv}", "--out", "{one}"), "{one} là tệp mà lệnh"),
    "fill-header": (("fill", "{one}", "{header.csv}", "--out", "{tmp}/a.xlsx"), "dòng tiêu đề"),
    "fill-columns": (("fill", "{one}", "{values.csv}", "--out", "{tmp}/a.xlsx"), "id, value"),
    "fill-no-values": (("fill", "{one}", "{tmp}/x.csv", "--out", "{tmp}/a.xlsx"), "x.csv"),
    "consolidate-over-a-report": (
        ("consolidate", "{files}/hai.xlsx", "--out", "{one}"),
        "{one} đã có",
    ),
    "consolidate-two-periods": (
        ("consolidate", "{quarters}", "--out", "{tmp}/th.xlsx"),
        "nhiều kỳ (2024-N, 2025-N)",
    ),
    "consolidate-due": ((*CONSOLIDATE, "--due", "20/6/2022"), "“20/6/2022” không phải là ngày"),
    "consolidate-no-decisions": ((*CONSOLIDATE, "--decisions", "{tmp}/x.csv"), "x.csv"),
    "consolidate-decisions": ((*CONSOLIDATE, "--decisions", "{values.csv}"), "thiếu cột unit"),
    "consolidate-over-decisions": (
        ("consolidate", "{files}", "--out", "{tmp}/th.xlsx", "--decisions", "{values.csv}",
         "--report", "{values.csv}"),
        "values.csv",
    ),
    "consolidate-period": ((*CONSOLIDATE, "--period", "2024"), "“2024” không có"),
    "consolidate-workers": ((*CONSOLIDATE, "--workers", "0"), "từ 1 trở lên"),
    "consolidate-previous-missing": ((*CONSOLIDATE, "--previous", "{tmp}/x.xlsx"), "x.xlsx"),
    "consolidate-previous-text": ((*CONSOLIDATE, "--previous", "{files}/hỏng.xlsx"), "hỏng.xlsx"),
    "consolidate-out-folder": (("consolidate", "{files}", "--out", "{nothing}"), "rỗng đã có"),
    **{
        f"consolidate-units-{name}": ((*CONSOLIDATE, "--units", f"{{{name}}}"), name)
        for name in (
            "empty.csv", "header.csv", "twice.csv", "nameless.csv", "level.csv", "latin.csv",
        )
    },
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_a_message(bad, capsys, case):
    """Status 2, a message that names the culprit, no output and nothing written or changed."""
    arguments, message = BAD[case]
    before = snapshot(bad)
    verb, *rest = (named(argument, bad) for argument in arguments)
    form = [] if "--form" in rest else FORM_OPTION
    assert main([verb, *form, *rest]) == 2
    out, err = capsys.readouterr()
    assert "✗" in err
    assert named(message, bad) in err
    assert "Traceback" not in err
    assert "{" not in out
    assert snapshot(bad) == before


def named(text, bad):
    """Return *text* with the paths of *bad* in it."""
    for name, path in bad.items():
        text = text.replace(f"{{{name}}}", path)
    return text


def snapshot(bad):
    """Return the content of all files around *bad*."""
    places = (Path(bad["tmp"]), Path(bad["files"]))
    return {
        path: path.read_bytes() if path.is_file() else b""
        for place in places
        for path in sorted(place.rglob("*"))
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "thiếu tham số: LỆNH"),
        (["check"], "thiếu tham số: PATH"),
        (["xoá"], "không có lựa chọn"),
        (["check", "a", "--màu"], "tham số không có: --màu"),
        (["consolidate", "a", "--out", "b", "--workers", "hai"], "phải là số nguyên"),
        (["consolidate", "a", "--out"], "cần một giá trị"),
        (["template", "a", "--level", "tỉnh"], "không có lựa chọn"),
    ],
)
def test_wrong_usage_is_told_in_vietnamese(capsys, arguments, message):
    """A wrong call shows how to call and what is wrong: status 2."""
    with pytest.raises(SystemExit) as stop:
        main(arguments)
    assert stop.value.code == 2
    err = capsys.readouterr().err
    assert err.startswith("Cách dùng: cchc")
    assert message in err


@pytest.mark.parametrize("verb", VERBS, ids=lambda verb: verb.name)
def test_help_of_every_verb_is_vietnamese(capsys, verb):
    """Each verb explains itself and every one of its options."""
    with pytest.raises(SystemExit) as stop:
        main([verb.name, "--help"])
    assert stop.value.code == 0
    out = capsys.readouterr().out
    assert out.startswith(f"Cách dùng: cchc {verb.name}")
    assert verb.help in out
    assert "Tuỳ chọn" in out
    assert all(parameter.settings["help"] for parameter in verb.parameters)
    for english in ("usage:", "options:", "positional arguments", "show this help"):
        assert english not in out


def test_help_says_what_each_exit_status_means(capsys):
    """The help of the command names every verb and every exit status."""
    with pytest.raises(SystemExit):
        main(["--help"])
    out = capsys.readouterr().out
    assert all(verb.name in out for verb in VERBS)
    assert [status for status in "0123" if f" {status} " in out.partition("Mã thoát:")[2]] == [
        "0", "1", "2", "3",
    ]  # fmt: skip


def test_names_in_messages_are_shown_as_they_are(run, tmp_path):
    """Brackets, colons and bytes that are no text in a file's name do not change the message."""
    path = tmp_path / os.fsdecode(b"[red] :smile: x\xe3.xlsx")
    path.write_bytes(b"abc")
    status, out, _ = run("check", path)
    assert status == 1
    assert "[red] :smile: x" in out
    status, _, _ = run("check", path, "--json", tmp_path / "c.json")
    data = json.loads((tmp_path / "c.json").read_text(encoding="utf-8"))
    assert data["files"][0]["path"] == str(path)


def test_command_runs_as_a_module(files):
    """``python -m xl_automation`` is the same command; its JSON is UTF-8 in any locale."""
    command = [sys.executable, "-m", "xl_automation", "check", *FORM_OPTION, "--json", "-"]
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONIOENCODING": ""}
    done = subprocess.run(
        [*command, files / "một.xlsx", files / "hỏng.xlsx"],
        capture_output=True,
        env=environment,
        timeout=120,
    )
    assert done.returncode == 1
    data = json.loads(done.stdout.decode("utf-8"))
    assert [file["status"] for file in data["files"]] == ["clean", "refused"]
    assert data["files"][0]["unit"]["name"] == "Xã Một"
    assert b"Traceback" not in done.stderr
