"""Requirements of sealing a workbook in place.

W1 One cell changes and nothing else: no other part, no right, no time of the file.
W2 The seal stays whole when other programs save the file, and breaks with a figure typed in them.
W3 A file that has no place for a seal, is in use, read-only, or changed meanwhile stays as it is.
W4 A workbook that a verb makes of a sealed one claims nothing that is not so.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, UNIT
from tests.support.office import Office
from xl_automation.checks.check import check
from xl_automation.checks.seal import JudgedSeal, SealState, judge_seal
from xl_automation.editing.fill import fill
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.sealing import seal_all, seal_workbook
from xl_automation.editing.upgrade import upgrade
from xl_automation.editing.values_file import Entry
from xl_automation.errors import UserError
from xl_automation.forms.numbers import CellValue
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import WORKBOOK_PART, read_parts, zip_parts

TIME = datetime(2022, 6, 14, 10, 30)
CELL = positions.info_cell(positions.SEAL_CELL)
FIGURE = Layout(FORM).cell("2.1")
NOTES = {"1.1.a": "Theo Kế hoạch số 12"}
FILL = {**COMMUNE, "2.3": "1.010", "3.3.4": "81,75 %", "7.5.2.tu": 95, "7.5.2.mau": 100}


def seal(path: Path) -> str:
    """Check and seal a workbook; return the seal."""
    submission = read_submission(path, FORM)
    (now,), hindrances = seal_all(FORM, [submission], [(check(FORM, submission), 0)], TIME)
    assert not hindrances
    assert now.seal
    return now.seal


def sealed(path: Path, fill: builders.Fill = FILL) -> Path:
    """Write a workbook that was checked and sealed."""
    seal(builders.workbook(path, fill, notes=NOTES))
    return path


def judged(path: Path) -> JudgedSeal:
    """Return what the city makes of a workbook's seal."""
    return judge_seal(FORM, read_submission(path, FORM))


def state(path: Path) -> SealState:
    """Return the state of a workbook's seal."""
    return judged(path).state


def issued_before_seals(path: Path) -> Path:
    """Make of a workbook one of before there was a cell for the seal."""
    parts = read_parts(path.read_bytes())
    name = rf'<definedName name="{positions.SEAL_CELL}">[^<]*</definedName>'.encode()
    parts[WORKBOOK_PART], count = re.subn(name, b"", parts[WORKBOOK_PART])
    assert count == 1
    path.write_bytes(zip_parts(parts))
    return path


# --- what changes ------------------------------------------------------------------------------


def test_seal_is_read_back(tmp_path: Path) -> None:
    """A fresh workbook was not checked; a sealed one says when, and what was found."""
    path = builders.workbook(tmp_path / "a.xlsx", FILL)
    assert judged(path) == JudgedSeal("none")
    text = seal(path)
    assert judged(path).text == text
    assert judged(path).sentence == (
        "đã kiểm tra 14/06/2022 10:30: 0 lỗi, 0 cảnh báo, 0 lưu ý, "
        "0 đã giải trình, 0 không xét được"
    )


def test_one_cell_changes_and_nothing_else(tmp_path: Path) -> None:
    """Other parts byte for byte, other cells, rights and time of the file; no file is left over."""
    path = builders.workbook(tmp_path / "Báo cáo.xlsx", FILL, notes=NOTES)
    path.chmod(0o640)
    os.utime(path, ns=(1_655_200_000_123_456_789, 1_655_200_000_123_456_789))
    before, figures = read_parts(path.read_bytes()), read_submission(path, FORM)
    text = seal(path)
    after = read_parts(path.read_bytes())
    info = builders.sheet_files(path)[positions.INFO_SHEET]
    assert list(after) == list(before)
    assert {name for name in after if after[name] != before[name]} == {info}
    cell = rf'(<c r="{CELL}" s="\d+")(?:/>| t="inlineStr">.*?</c>)'
    bare = [re.sub(cell, r"\1/>", parts[info].decode()) for parts in (before, after)]
    assert bare[0] == bare[1]
    assert text in after[info].decode()
    status = path.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o640, 1_655_200_000_123_456_789)
    assert [file.name for file in tmp_path.iterdir()] == ["Báo cáo.xlsx"]
    same = {"sha256": "", "size": 0, "seal": None}
    assert replace(read_submission(path, FORM), **same) == replace(figures, **same)


def test_next_seal_replaces_the_one_before(tmp_path: Path) -> None:
    """Sealing changes no figure: the same check has the same seal."""
    path = sealed(tmp_path / "a.xlsx")
    first = path.read_bytes()
    assert seal(path) == judged(path).text
    assert path.read_bytes() == first


def test_sealed_workbook_is_valid_open_xml(tmp_path: Path, open_xml_errors: Callable) -> None:
    """As Microsoft's own validator sees it."""
    assert open_xml_errors(sealed(tmp_path / "a.xlsx")) == []


def test_link_to_a_workbook_stays_a_link(tmp_path: Path) -> None:
    """What it leads to is sealed."""
    path = builders.workbook(tmp_path / "a.xlsx", FILL)
    link = tmp_path / "b.xlsx"
    link.symlink_to(path)
    seal(link)
    assert link.is_symlink()
    assert state(path) == "intact"


# --- other programs ----------------------------------------------------------------------------


def test_seal_survives_openpyxl(tmp_path: Path) -> None:
    """A program that writes every part anew says the same."""
    path = sealed(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    book.save(path)
    assert state(path) == "intact"
    book[FORM.sheet][FIGURE] = 999
    book.save(path)
    assert state(path) == "changed"


@pytest.mark.office
def test_seal_in_a_spreadsheet_program(tmp_path: Path, clerk_office: Office) -> None:
    """Saved again it is whole, with a figure typed it is broken; the clerk can't type over it."""
    path = sealed(tmp_path / "a.xlsx")
    info = positions.INFO_SHEET
    with clerk_office.open(path) as book:
        assert book.value(info, CELL) == judged(path).text
        assert not book.try_type(info, CELL, "0")
        again = book.save_as(tmp_path / "lưu lại.xlsx")
        book.try_type(FORM.sheet, FIGURE, "999")
        other = book.save_as(tmp_path / "đã sửa.xlsx")
    assert (state(again), state(other)) == ("intact", "changed")
    seal(other)
    assert state(other) == "intact"


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (lambda text: text.replace("0 lỗi", "7 lỗi"), "unreadable"),
        (lambda text: text.replace("14/06", "15/06"), "unreadable"),
        (lambda text: 5, "unreadable"),
        (lambda text: "=1+1", "unreadable"),
        (lambda text: f" {text}\n", "intact"),
        (lambda text: None, "none"),
    ],
)
def test_seal_that_was_typed_over(
    tmp_path: Path, typed: Callable[[str], CellValue], expected: SealState
) -> None:
    """Whoever lifts the protection and edits the text has a seal that says so, or none."""
    path = sealed(tmp_path / "a.xlsx")
    book = openpyxl.load_workbook(path)
    cell = book[positions.INFO_SHEET][CELL]
    cell.value = typed(cell.value)
    book.save(path)
    assert state(path) == expected


# --- what stands in the way --------------------------------------------------------------------


def _lock_of_excel(path: Path) -> None:
    path.with_name(f"~${path.name}").write_bytes(b"")


def _lock_of_libreoffice(path: Path) -> None:
    path.with_name(f".~lock.{path.name}#").write_bytes(b"")


def _edit(path: Path) -> None:
    builders.workbook(path, {**FILL, "2.1": 7})


HINDRANCES: dict[str, tuple[Callable[[Path], object], str]] = {
    "excel": (_lock_of_excel, "đang mở ở chương trình khác"),
    "libreoffice": (_lock_of_libreoffice, "đang mở ở chương trình khác"),
    "read-only": (lambda path: path.chmod(0o444), "chỉ cho đọc"),
    "changed": (_edit, "vừa được sửa"),
    "gone": (Path.unlink, "Không đọc hoặc ghi được"),
    "broken": (lambda path: path.write_bytes(b"abc"), "không phải"),
}


@pytest.mark.parametrize("hindrance", HINDRANCES)
def test_file_that_cannot_be_sealed_stays_as_it_is(tmp_path: Path, hindrance: str) -> None:
    """It is named with what to do, and the others are sealed."""
    path = builders.workbook(tmp_path / "a.xlsx", FILL)
    other = builders.workbook(tmp_path / "b.xlsx", FILL)
    submissions = [read_submission(each, FORM) for each in (path, other)]
    hinder, sentence = HINDRANCES[hindrance]
    hinder(path)
    before = path.read_bytes() if path.exists() else None
    now, hindrances = seal_all(FORM, submissions, [([], 0), ([], 0)], TIME)
    assert list(hindrances) == [path]
    assert sentence in hindrances[path]
    assert (path.read_bytes() if path.exists() else None) == before
    assert now[0] == submissions[0]
    assert state(other) == "intact"


def test_file_that_changes_while_it_is_sealed_is_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading and writing too: what a clerk saves in that moment is not lost."""
    path = builders.workbook(tmp_path / "a.xlsx", FILL)
    submission = read_submission(path, FORM)

    def save_meanwhile(parts: dict[str, bytes]) -> bytes:
        _edit(path)
        return zip_parts(parts)

    monkeypatch.setattr("xl_automation.editing.sealing.zip_parts", save_meanwhile)
    with pytest.raises(UserError, match="vừa được sửa"):
        seal_workbook(submission, "dấu")
    assert read_submission(path, FORM).readings["2.1"].number == 7


def test_workbook_issued_without_the_cell_is_told(tmp_path: Path) -> None:
    """No cell is guessed: it is read, and the way to a form with the cell is named."""
    path = issued_before_seals(builders.workbook(tmp_path / "a.xlsx", FILL))
    book = openpyxl.load_workbook(path)
    book[positions.INFO_SHEET][CELL] = "14/06/2022 10:30"
    book.save(path)
    before = path.read_bytes()
    submission = read_submission(path, FORM)
    assert submission.seal is None
    with pytest.raises(UserError, match=r"chưa có ô “Đã kiểm tra”.*cchc upgrade"):
        seal_workbook(submission, "dấu")
    assert path.read_bytes() == before
    new = tmp_path / "mới.xlsx"
    assert upgrade(path, new, FORM).all_carried
    seal(new)
    assert state(new) == "intact"


def test_name_that_leads_elsewhere_is_no_place_for_a_seal(tmp_path: Path) -> None:
    """A name that somebody moved onto a figure is not written to."""
    path = builders.workbook(tmp_path / "a.xlsx", FILL)
    parts = read_parts(path.read_bytes())
    issued = f"'{positions.INFO_SHEET}'!$B${positions.INFO_ROWS[positions.SEAL_CELL][0]}"
    moved = f"'{FORM.sheet}'!$D$9"
    assert issued.encode() in parts[WORKBOOK_PART]
    parts[WORKBOOK_PART] = parts[WORKBOOK_PART].replace(issued.encode(), moved.encode())
    path.write_bytes(zip_parts(parts))
    with pytest.raises(UserError, match="chưa có ô"):
        seal_workbook(read_submission(path, FORM), "dấu")


# --- what other verbs make of a sealed workbook ------------------------------------------------


def test_filled_workbook_claims_no_check_of_new_figures(tmp_path: Path) -> None:
    """What was typed after the check is told as a change."""
    path, out = sealed(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    fill(path, [Entry(2, "2.1", "7", "")], out, FORM)
    assert (state(path), state(out)) == ("intact", "changed")


def test_returned_workbook_says_what_was_checked_until_it_is_corrected(tmp_path: Path) -> None:
    """Its figures are those that were checked, errors and all."""
    path = sealed(tmp_path / "a.xlsx", {**FILL, "1.1.b": 12})
    submission = read_submission(path, FORM)
    done = return_workbooks(FORM, [submission], tmp_path / "trả", [UNIT])
    (returned,) = done.returned
    assert judged(returned.copy) == judged(path)
    assert "1 lỗi" in judged(returned.copy).sentence
    book = openpyxl.load_workbook(returned.copy)
    book[FORM.sheet][Layout(FORM).cell("1.1.b")] = 4
    book.save(returned.copy)
    assert state(returned.copy) == "changed"


def test_upgraded_workbook_is_not_checked(tmp_path: Path) -> None:
    """A check by the rules of before is none by those of now; nothing else is lost."""
    path, new = sealed(tmp_path / "a.xlsx"), tmp_path / "b.xlsx"
    assert upgrade(path, new, FORM).all_carried
    assert state(new) == "none"
