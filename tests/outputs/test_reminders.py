"""Requirements of reminders.

N1 A unit gets one where its report is missing, late, or has open errors or warnings; no other.
N2 It says which report and when it is due, each point with section, row, cell, what is there and
   what to do, and what to send; it is signed by nobody, and the same until something changes.
N3 The letter has all points, the short form the first ones and how many more.
N4 Texts of ours are replaced or removed while they are as they were written; other files never.
N5 ``cchc remind``: status 0 nobody to remind, 1 somebody, 2 nothing could be done.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from tests.support.builders import FORM
from tests.support.communes import CITY, A, B, C, D, good
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import KeptFinding, Register, UnitRecord
from xl_automation.outputs.reminder_files import ALL, LIST, write_reminders
from xl_automation.outputs.reminders import MOST, Reminder, reminders
from xl_automation.summary import read_register
from xl_automation.summary.write import write_summary

DUE = date(2022, 6, 20)
WRONG = {"c1_1_b": 12, "c3_3_4": 120, "c6_1_b": None, "c4_2_2": None, "c5_4": None, "c1_3_1": "x"}


def register(**changes: object) -> Register:
    """Return a round: A with mistakes, B late, C missing, D in order."""
    files = [good(A, **WRONG), good(B), good(D), good(CITY)]
    units = {
        A.code: UnitRecord(A.code, A.name, "received", file="A.xlsx", timeliness="on-time"),
        B.code: UnitRecord(B.code, B.name, "received", file="B.xlsx", timeliness="late"),
        C.code: UnitRecord(C.code, C.name, timeliness="missing"),
        D.code: UnitRecord(D.code, D.name, "accepted", file="D.xlsx", timeliness="on-time"),
    }
    kept = register_of(consolidate(FORM, files, (A, B, C, D, CITY)))
    return replace(kept, **{"units": units, "due": DUE, **changes})  # type: ignore[arg-type]


def by_code(kept: Register) -> dict[str, Reminder]:
    """Return the reminders by the code of the unit."""
    return {reminder.code: reminder for reminder in reminders(FORM, kept)}


def with_unit(kept: Register, code: str, **changes: object) -> Register:
    """Return the register with another record of a unit."""
    changed = replace(kept.units[code], **changes)  # type: ignore[arg-type]
    return replace(kept, units={**kept.units, code: changed})


def with_finding(kept: Register, **changes: object) -> Register:
    """Return the register with one more finding about D, which it is not in order then."""
    facts: dict[str, object] = {
        "unit": D.code, "name": D.name, "rule": "C-1.1", "severity": "warning",
        "indicators": ("1.1.b",), "cells": ("Phụ lục!D11",), "seen": "", "message": "sai.",
    }  # fmt: skip
    finding = KeptFinding(**{**facts, **changes})  # type: ignore[arg-type]
    kept = with_unit(kept, D.code, state="received")
    return replace(kept, findings=(*kept.findings, finding))


def test_who_owes_something_is_reminded() -> None:
    """In the order of the list, each for what it owes."""
    whys = {reminder.code: reminder.why for reminder in reminders(FORM, register())}
    assert list(whys.items()) == [
        (A.code, ("findings",)),
        (B.code, ("late",)),
        (C.code, ("missing",)),
    ]


@pytest.mark.parametrize(
    ("change", "is_reminded"),
    [
        ({}, True),
        ({"severity": "error"}, True),
        ({"severity": "info"}, False),
        ({"settled": "đã đối chiếu với Sở"}, False),
        ({"unit": ""}, False),
        ({"rule": "decision"}, False),
        ({"cells": (), "indicators": ()}, False),
        ({"cells": ("Biểu 06!C7",), "indicators": ()}, True),
    ],
    ids=["warning", "error", "info", "settled", "no-unit", "decision", "no-place", "cell-only"],
)
def test_only_what_the_unit_can_mend(change: dict[str, object], is_reminded: bool) -> None:
    """Open errors and warnings about its own rows or cells."""
    assert (D.code in by_code(with_finding(register(), **change))) == is_reminded


@pytest.mark.parametrize("state", ["accepted", "locked"])
def test_accepted_unit_is_left_alone(state: str) -> None:
    """What an officer accepted or locked is asked no more; nor is anyone in a locked round."""
    assert A.code not in by_code(with_unit(register(), A.code, state=state))
    assert not reminders(FORM, register(is_locked=True))


@pytest.mark.parametrize("city", [None, (A.code, A.name)], ids=["listed", "sent"])
def test_city_is_not_reminded_by_itself(city: tuple[str, str] | None) -> None:
    """Neither the city of the form's list, nor the one whose workbook counts."""
    kept = register(city=city)
    own = UnitRecord(CITY.code, CITY.name, timeliness="missing")
    reminded = by_code(replace(kept, units={**kept.units, CITY.code: own}))
    assert CITY.code not in reminded
    assert (A.code in reminded) == (city is None)


@pytest.mark.parametrize("severity", ["error", "warning"])
def test_what_to_do_is_said_of_what_there_is(severity: str) -> None:
    """Errors are to be mended; warnings may be explained in *Ghi chú*."""
    letter = by_code(with_finding(register(), severity=severity))[D.code].letter
    assert ("Lỗi thì sửa." in letter) == (severity == "error")
    assert ("ghi lý do vào cột “Ghi chú” của dòng đó." in letter) == (severity == "warning")


def test_letter_says_what_is_wrong_and_what_to_do() -> None:
    """Every point under its section, with row, cells, what is there and what to do."""
    letter = by_code(register())[A.code].letter.split("\n")
    assert letter[0] == f"Kính gửi: {A.name}"
    assert letter[2] == f"Về báo cáo: {FORM.name} – 6 tháng đầu năm 2022 (hạn gửi: 20/06/2022)"
    assert letter[4] == f"{CITY.name} đã nhận tệp “A.xlsx” của đơn vị."
    place = letter.index("1. Công tác chỉ đạo, điều hành CCHC")
    section = letter[place : letter.index("", place)]
    assert any(
        line.endswith("dòng 1.1.b “Số nhiệm vụ đã hoàn thành”, ô D11, D10") for line in section
    )
    assert any(line.startswith("   Thấy: 1.1.b = 12") for line in section)
    assert letter.index("6. Cải cách tài chính công") > place
    assert letter[-3:] == [
        f"Sửa xong, đề nghị đơn vị lưu và gửi lại tệp “A.xlsx” (giữ dạng .xlsx) về {CITY.name}.",
        "",
        "Trân trọng cảm ơn.",
    ]


def test_figures_to_come_are_asked_for_and_owe_no_letter() -> None:
    """Whoever said that a figure is still to come gets no reminder for that alone."""
    files = [good(A, c1_1_b=12, c2_3="CCS", c1_3_1="ccs"), good(B, c2_3="CCS", c1_3_1="KAD")]
    kept = register_of(consolidate(FORM, files, (A, B)))
    (reminder,) = reminders(FORM, kept)
    assert reminder.code == A.code
    for text in (reminder.letter, reminder.short):
        assert "\nSố liệu còn thiếu, đề nghị bổ sung khi có: 1.3.1, 2.3.\n" in text


def test_table_and_returned_file_are_named() -> None:
    """A point in a supporting table stands under its sheet; a returned file is said so."""
    table = FORM.tables[0]
    kept = with_finding(
        register(), indicators=(FORM.table_inputs[0],), cells=(f"{table.sheet}!C7",)
    )
    letter = by_code(with_unit(kept, D.code, state="returned", file="D.xlsx"))[D.code].letter
    assert "đã trả lại tệp “D.xlsx” của đơn vị." in letter
    assert f"\n\n{table.sheet}\n1) Cảnh báo · dòng {table.sheet}, dòng 1" in letter
    assert f"ô {table.sheet}!C7" in letter


def test_missing_and_late_units_are_told_what_to_send() -> None:
    """Who sent nothing is asked for the form; who was late need send nothing."""
    told = by_code(register())
    assert "chưa nhận được báo cáo hợp lệ của đơn vị.\n\nĐề nghị đơn vị điền" in told[C.code].letter
    assert told[B.code].letter.endswith("Đơn vị không phải gửi lại.\n\nTrân trọng cảm ơn.")
    assert "hạn gửi" not in by_code(replace(register(), due=None))[C.code].letter


def test_short_form_counts_what_it_leaves_out() -> None:
    """The first points, errors first, and how many more; the letter has each of them."""
    reminder = by_code(register())[A.code]
    points = [line for line in reminder.short.split("\n") if line.startswith("- ")]
    numbered = [line for line in reminder.letter.split("\n") if line[:1].isdigit() and ") " in line]
    assert len(points) == MOST < len(numbered)
    assert points[0].startswith("- Lỗi · dòng 1.1")
    assert f"\nvà {len(numbered) - MOST} điểm khác.\n" in reminder.short
    assert "điểm khác" not in reminder.letter


def test_hostile_names_make_no_lines() -> None:
    """A unit's or a file's name stays within its line."""
    kept = with_unit(register(), B.code, name="Xã\nGửi ngay", file="b\u202e.xlsx")
    letter = by_code(kept)[B.code].letter
    assert letter.startswith("Kính gửi: Xã⏎Gửi ngay\n")
    assert "b<U+202E>.xlsx" in letter


# --- files -------------------------------------------------------------------------------------


def names(folder: Path) -> list[str]:
    """Return the names of the texts in a folder."""
    return sorted(path.name for path in folder.iterdir() if path.name != LIST)


def test_texts_open_in_notepad_of_any_windows(tmp_path: Path) -> None:
    """UTF-8 with its mark, CR LF; one for each unit, named as its workbook, and all in one."""
    written = write_reminders(reminders(FORM, register()), tmp_path / "nhắc")
    assert names(tmp_path / "nhắc") == sorted(path.name for path in written.written)
    assert "05431_phuong-quan-trieu.txt" in names(tmp_path / "nhắc")
    content = (tmp_path / "nhắc" / ALL).read_bytes()
    assert content.startswith(b"\xef\xbb\xbfK\xc3\xadnh g")
    assert content.count(b"\n") == content.count(b"\r\n") > 20
    assert content.decode("utf-8-sig").count("Kính gửi: ") == 3


def test_second_run_replaces_only_its_own_texts(tmp_path: Path) -> None:
    """Changed points are written anew, texts no longer due go; what somebody wrote stays."""
    write_reminders(reminders(FORM, register()), tmp_path)
    (tmp_path / "ghi chú.txt").write_text("của tôi", encoding="utf-8")
    late = next(tmp_path.glob(f"{B.code}*"))
    late.write_text("Đã gọi điện", encoding="utf-8")
    now = with_unit(register(due=None), C.code, state="received", timeliness="unknown")
    written = write_reminders(reminders(FORM, now), tmp_path)
    assert written.taken == (late,)
    assert late.read_text("utf-8") == "Đã gọi điện"
    assert [path.name[:5] for path in written.removed] == [C.code]
    assert not [*tmp_path.glob(f"{C.code}*")]
    assert "hạn gửi" not in next(tmp_path.glob(f"{A.code}*")).read_text("utf-8-sig")
    assert (tmp_path / "ghi chú.txt").read_text("utf-8") == "của tôi"
    assert not write_reminders([], tmp_path).written
    assert names(tmp_path) == sorted([late.name, "ghi chú.txt"])


def test_same_run_again_changes_nothing(tmp_path: Path) -> None:
    """The same bytes, whatever became of the list of an earlier run."""
    write_reminders(reminders(FORM, register()), tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert not write_reminders(reminders(FORM, register()), tmp_path).taken
    (tmp_path / LIST).write_bytes(b"[1")
    assert not write_reminders(reminders(FORM, register()), tmp_path).taken
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_list_leads_out_of_no_folder(tmp_path: Path) -> None:
    """A list that names a file elsewhere removes nothing there."""
    inside = tmp_path / "nhắc"
    write_reminders(reminders(FORM, register()), inside)
    (tmp_path / "quý.txt").write_bytes((inside / ALL).read_bytes())
    hashes = json.loads((inside / LIST).read_bytes())
    hashes["../quý.txt"] = hashes["quý.txt"] = hashes[ALL]
    (inside / LIST).write_text(json.dumps(hashes), encoding="utf-8")
    write_reminders([], inside)
    assert (tmp_path / "quý.txt").exists()


# --- the command -------------------------------------------------------------------------------


@pytest.mark.parametrize(("owing", "status"), [(True, 1), (False, 0)])
def test_command_writes_the_texts(
    tmp_path: Path, capsys, monkeypatch, owing: bool, status: int
) -> None:
    """It says how many were reminded for what, and how many not."""
    kept = register() if owing else register(is_locked=True)
    monkeypatch.setattr(read_register, "read_register", lambda path, form: kept)
    assert main(["remind", "th.xlsx", "--out", str(tmp_path / "nhắc")]) == status
    said = capsys.readouterr().out
    if owing:
        assert "3 đơn vị (1 chưa gửi, 1 gửi muộn, 1 còn điểm phải xem lại) vào" in said
        assert "1 đơn vị không phải nhắc" in said
    else:
        assert "Không có đơn vị nào phải nhắc (4 đơn vị)" in said
        assert not (tmp_path / "nhắc").exists()


def test_command_of_no_summary(tmp_path: Path, capsys) -> None:
    """What is no summary is said: status 2, nothing written."""
    (tmp_path / "a.xlsx").write_bytes(b"abc")
    for path in (tmp_path / "a.xlsx", tmp_path / "không có.xlsx"):
        assert main(["remind", str(path), "--out", str(tmp_path / "nhắc")]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert not (tmp_path / "nhắc").exists()


def test_command_where_every_name_is_taken(tmp_path: Path, capsys, monkeypatch) -> None:
    """Nothing could be written: status 2, each name told."""
    monkeypatch.setattr(read_register, "read_register", lambda path, form: register())
    write_summary(consolidate(FORM, [good(A)]), tmp_path / "th.xlsx")
    main(["remind", str(tmp_path / "th.xlsx"), "--out", str(tmp_path / "nhắc")])
    for path in (tmp_path / "nhắc").glob("*.txt"):
        path.write_text("khác", encoding="utf-8")
    capsys.readouterr()
    assert main(["remind", str(tmp_path / "th.xlsx"), "--out", str(tmp_path / "nhắc")]) == 2
    assert capsys.readouterr().out.count("nên giữ nguyên") == 4
