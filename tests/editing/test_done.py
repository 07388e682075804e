"""Requirements of the cell in which a clerk says that the form is done.

DN1 The word stays with the report through every verb; nothing that is read depends on it.
DN2 A workbook from before there was the cell is read without a remark.
DN3 What the city gives back is shown as findings: a blank among it waits no more, the others do.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD, UNIT
from tests.support.cells import filled
from tests.support.office import Office
from tests.support.older_workbooks import issued_before, without_a_row
from xl_automation.editing.fill import fill
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.upgrade import upgrade
from xl_automation.editing.values_file import Entry
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.blanks import TO_FILL
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.template.review_sheet import FIRST_FINDING_ROW

LAYOUT = Layout(FORM)


def sent(path: Path, word: str | None = positions.DONE, **changes: object) -> Path:
    """Write a filled workbook of a unit whose clerk says that it is done, or does not."""
    content = build_template(FORM, "commune", UNIT, PERIOD)
    figures = {**COMMUNE, **changes}
    return filled(path, FORM, figures, content=content, info={positions.DONE_CELL: word})  # type: ignore[arg-type]


def test_word_stays_with_the_report(tmp_path: Path) -> None:
    """Filled, returned, upgraded, and reissued after a row was deleted."""
    path = sent(tmp_path / "a.xlsx", **{"1.1.b": 12})
    submission = read_submission(path, FORM)
    fill(path, [Entry(1, "1.1.a", "9", "")], tmp_path / "b.xlsx", FORM)
    upgrade(path, tmp_path / "c.xlsx", FORM)
    (back,) = return_workbooks(FORM, [submission], tmp_path / "out").returned
    damaged = read_submission(without_a_row(sent(tmp_path / "d.xlsx")), FORM)
    (again,) = return_workbooks(FORM, [damaged], tmp_path / "out").returned
    for copy in (tmp_path / "b.xlsx", tmp_path / "c.xlsx", back.copy, again.copy):
        info = openpyxl.load_workbook(copy)[positions.INFO_SHEET]
        assert info[positions.info_cell(positions.DONE_CELL)].value == positions.DONE, copy


@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_workbook_from_before_is_read(tmp_path: Path, damaged: bool) -> None:
    """Nothing is said of a row that it never had."""
    path = issued_before(sent(tmp_path / "a.xlsx", None), positions.DONE_CELL)
    submission = read_submission(without_a_row(path) if damaged else path, FORM)
    expected = {"rows-moved", "rows-missing"} if damaged else set()
    assert {remark.rule for remark in submission.remarks} == expected


@pytest.mark.office
def test_returned_blank_waits_no_more(tmp_path: Path, clerk_office: Office) -> None:
    """What a round opens in an untouched part is a finding there; it goes when it is filled."""
    part = [item.id for item in FORM.parts[1] if item.is_input]
    path = sent(tmp_path / "a.xlsx", None, **dict.fromkeys(part, None))
    with clerk_office.open(path) as book:
        book.recalculate()
        assert book.column(positions.REVIEW_SHEET, "B4:B6") == (0, 0, 0)
        assert book.value(FORM.sheet, f"{positions.CHECK}{LAYOUT.rows['2.3']}") == TO_FILL
    submission = read_submission(path, FORM)
    (back,) = return_workbooks(FORM, [submission], tmp_path / "out").returned
    with clerk_office.open(back.copy) as book:
        book.recalculate()
        assert sum(book.column(positions.REVIEW_SHEET, "B4:B6")) == len(back.findings)
        rows = book.values(positions.REVIEW_SHEET, f"C{FIRST_FINDING_ROW}:H{FIRST_FINDING_ROW}")
        name = FORM.by_id["2.1"].label
        assert rows[0] == (
            *(f"2.1 – {name}", LAYOUT.cell("2.1"), "2.1 = (trống)"),
            *("Ô bắt buộc của xã còn trống.", "Ghi số liệu; ghi 0 nếu không phát sinh.", "L03"),
        )
        assert book.try_type(FORM.sheet, LAYOUT.cell("2.1"), "1")
        assert sum(book.column(positions.REVIEW_SHEET, "B4:B6")) == len(back.findings) - 1
