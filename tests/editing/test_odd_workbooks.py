"""Requirements of workbooks that are not as they were issued, where they are edited.

Z1 Each is done or said, and the others go on; a fault of the program at one of them is said as
   ours, is logged, and stops none of the others.
Z2 What is written can be read again, whatever stood in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.support.builders import DATA, MINI
from tests.support.communes import workbook
from xl_automation.cli.main import main
from xl_automation.editing import return_workbooks as module
from xl_automation.editing.fill import fill
from xl_automation.editing.return_workbooks import ReturnRound, return_workbooks
from xl_automation.editing.values_file import Entry
from xl_automation.excel.addin.home import places
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_files
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import Parts, read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.refusal import Refusal

YEAR = MINI.period("2024-N")
ONE, STRANGER = ReportingUnit("1", "Xã Một"), ReportingUnit("9", "Xã Lạ")
WRONG = {"I.2": 300, "I.3": 310}
RULES = positions.RULE_SHEET
Change = Callable[[Parts], None]


def changed(path: Path, change: Change) -> Path:
    """Change the parts of the workbook at *path*."""
    parts = read_parts(path.read_bytes())
    before = dict(parts)
    change(parts)
    assert parts != before
    path.write_bytes(zip_parts(parts))
    return path


def replaced(sheet: str, pattern: str, by: str, count: int = 0) -> Change:
    """Return the change of what stands in a sheet's part, or in the part of that name."""

    def change(parts: Parts) -> None:
        name = sheet_parts(parts).get(sheet, sheet)
        text = parts[name].decode()
        parts[name] = re.sub(pattern, by, text, count=count, flags=re.DOTALL).encode()

    return change


def removed(parts: Parts) -> None:
    """Remove the part of the sheet of rules."""
    del parts[sheet_parts(parts)[RULES]]


ODD: dict[str, Change] = {
    "rules-renamed": replaced("xl/workbook.xml", f'name="{RULES}"', 'name="Khác"'),
    "rules-unlisted": replaced("xl/workbook.xml", f'<sheet name="{RULES}"[^>]*/>', ""),
    "rules-gone": removed,
    "rules-emptied": replaced(RULES, "<sheetData>.*</sheetData>", "<sheetData/>"),
    "rules-without-data": replaced(RULES, "<sheetData>.*</sheetData>", ""),
    "rows-without-numbers": replaced(RULES, r'(<row) r="\d+"', r"\1"),
    "cells-without-places": replaced(RULES, r'(<c) r="\w+"', r"\1"),
    "odd-row": replaced(RULES, r'(<row) r="\d+"', r'\1 r="x"', 1),
    "odd-style": replaced(RULES, r'(<c r="\w+") s="\d+"', r'\1 s="-1"', 1),
    "odd-columns": replaced(MINI.sheet, r'<col min="\d+"', '<col min="x"', 1),
}


def returned(folder: Path) -> ReturnRound:
    """Give back the reports in *folder*, where only the one unit is known."""
    results = read_files(sorted(folder.glob("*.xlsx")), MINI)
    return return_workbooks(MINI, results, folder / "trả", units=[ONE])


@pytest.mark.parametrize("case", ODD)
def test_odd_workbook_goes_back_like_the_others(tmp_path: Path, case: str) -> None:
    """What the city says of it stands beside its cells, if no longer on its sheet of rules."""
    workbook(tmp_path / "a.xlsx", ONE, WRONG, YEAR, MINI)
    changed(workbook(tmp_path / "b.xlsx", STRANGER, WRONG, YEAR, MINI), ODD[case])
    outcome = returned(tmp_path)
    assert [given.path.name for given in outcome.returned] == ["a.xlsx", "b.xlsx"]
    assert not outcome.failed
    for given in outcome.returned:
        open_package(given.copy)
        assert isinstance(read_files([given.copy], MINI)[0], Submission)


def test_rows_without_numbers_are_not_written_twice(tmp_path: Path) -> None:
    """What says no place stands behind what comes before it: each row and cell is there once."""
    path = workbook(tmp_path / "a.xlsx", STRANGER, WRONG, YEAR, MINI)
    changed(path, replaced(RULES, r'(<row|<c) r="\w+"', r"\1"))
    (given,) = returned(tmp_path).returned
    parts = read_parts(given.copy.read_bytes())
    sheet = parts[sheet_parts(parts)[RULES]]
    rows = [int(row) for row in re.findall(rb'<row [^>]*?r="(\d+)"', sheet)]
    cells = re.findall(rb'<c [^>]*?r="(\w+)"', sheet)
    assert rows == sorted(set(rows))
    assert len(cells) == len(set(cells)) == sheet.count(b"<c ")
    assert b"unknown-unit" in sheet


@pytest.mark.parametrize("sign", ["\x1b", "\ufffe", "\udc80"], ids=ascii)
def test_what_is_no_character_does_not_stop_a_workbook(tmp_path: Path, sign: str) -> None:
    """In the name of a unit that nobody knows, which the city writes into the sheet of rules."""
    path = workbook(tmp_path / "b.xlsx", STRANGER, WRONG, YEAR, MINI)
    named = replace(read_submission(path, MINI), unit_code=None, unit_name=f"Xã{sign}")
    outcome = return_workbooks(MINI, [named], tmp_path / "trả", units=[ONE])
    assert [given.path for given in outcome.returned] == [path]
    open_package(outcome.returned[0].copy)


def test_fault_of_ours_at_one_workbook_stops_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Status 3: one is said with the place of the log, the other two go back."""
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "AppData"))
    folder = tmp_path / "gửi"
    for code in "123":
        workbook(folder / f"{code}.xlsx", ReportingUnit(code, f"Xã {code}"), WRONG, YEAR, MINI)
    mark = module.marked_workbook

    def failing(form, submission, *rest):  # type: ignore[no-untyped-def]
        if submission.path.name == "2.xlsx":
            raise IndexError("list index out of range")
        return mark(form, submission, *rest)

    monkeypatch.setattr(module, "marked_workbook", failing)
    out = tmp_path / "trả"
    form = ["--form", str(DATA / "mini.toml")]
    assert main(["return", *form, str(folder), "--out", str(out)]) == 3
    said = capsys.readouterr().out
    assert f"✗ {folder / '2.xlsx'}: chưa trả lại" in said
    assert "lỗi của chương trình" in said
    assert str(places().log_file) in said
    assert "IndexError: list index" in places().log_file.read_text(encoding="utf-8")
    assert "Trả lại 2 trong 3 tệp." in said
    assert sorted(path.name for path in out.iterdir()) == ["1.xlsx", "3.xlsx"]


TWICE = "(<f>[^<]*</f>)", r"\1\1<v>5</v>", 1


def test_cell_with_two_formulas_is_refused_where_it_is_read(tmp_path: Path) -> None:
    """No cell may have two: of one that is read nobody knows which counts."""
    path = changed(
        workbook(tmp_path / "a.xlsx", ONE, WRONG, YEAR, MINI), replaced(MINI.sheet, *TWICE)
    )
    with pytest.raises(Refusal) as refused:
        fill(path, [Entry(2, "I.2", "400", "")], tmp_path / "ra.xlsx", MINI)
    assert refused.value.code == "ambiguous"
    assert not (tmp_path / "ra.xlsx").exists()


def test_cell_with_two_formulas_does_not_stop_the_fill_where_nobody_reads(tmp_path: Path) -> None:
    """On the sheet of rules the results of both are forgotten."""
    path = changed(workbook(tmp_path / "a.xlsx", ONE, WRONG, YEAR, MINI), replaced(RULES, *TWICE))
    report = fill(path, [Entry(2, "I.2", "400", "")], tmp_path / "ra.xlsx", MINI)
    assert report.placed == 1
    assert read_submission(tmp_path / "ra.xlsx", MINI).readings["I.2"].number == 400


def test_cell_that_a_program_left_out_is_filled(tmp_path: Path) -> None:
    """A blank cell need not be in the file at all."""
    place = Layout(MINI).cell("I.2")
    path = changed(
        workbook(tmp_path / "a.xlsx", ONE, {}, YEAR, MINI),
        replaced(MINI.sheet, f'<c r="{place}"[^>]*/>', "", 1),
    )
    fill(path, [Entry(2, "I.2", "400", "")], tmp_path / "ra.xlsx", MINI)
    assert read_submission(tmp_path / "ra.xlsx", MINI).readings["I.2"].number == 400
