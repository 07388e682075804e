"""Requirements of the day by which a report is due (hạn gửi).

D1 Issued with a day, a workbook holds it as a real date, locked, and says it where a clerk looks.
D2 Reading gives it back; filling, returning, upgrading and reissuing keep it.
D3 A workbook from before there was its cell is read as one without it, a damaged one too.
D4 ``cchc issue --due`` takes the day; what is no day is said, and nothing is written.
"""

from __future__ import annotations

from datetime import date, datetime
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import COMMUNE, FORM, PERIOD, UNIT
from tests.support.cells import filled
from tests.support.older_workbooks import issued_before, without_a_row
from xl_automation.cli.main import main
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.editing.fill import fill
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.upgrade import upgrade
from xl_automation.editing.values_file import Entry
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import read_parts, zip_parts

DUE = date(2022, 6, 20)
SAID = "Hạn gửi: 20/06/2022"
ROW, _ = positions.INFO_ROWS[positions.DUE_CELL]


def sent(path: Path, due: date | None = DUE, **changes: object) -> Path:
    """Write a filled workbook of a unit that was issued with a day."""
    content = build_template(FORM, "commune", UNIT, PERIOD, due=due)
    return filled(path, FORM, {**COMMUNE, **changes}, content=content)  # type: ignore[dict-item]


def test_workbook_says_when_it_is_due(tmp_path: Path) -> None:
    """A locked date in *Thông tin*; in words above it, in the guide, and beside the page."""
    book = openpyxl.load_workbook(sent(tmp_path / "a.xlsx"))
    info, page = book[positions.INFO_SHEET], book[FORM.sheet]
    cell = info[positions.info_cell(positions.DUE_CELL)]
    assert (cell.value, cell.number_format) == (datetime(2022, 6, 20), "dd/mm/yyyy")
    assert cell.protection.locked
    assert info["A2"].value.startswith(SAID)
    assert book[positions.GUIDE_SHEET]["A2"].value == SAID
    steps = [line[1].value or "" for line in book[positions.GUIDE_SHEET].iter_rows()]
    assert any("gửi thành phố chậm nhất ngày 20/06/2022." in step for step in steps)
    content = blank_workbook(FORM, "commune", UNIT, PERIOD, due=DUE)
    shown = openpyxl.load_workbook(BytesIO(content), data_only=True)[FORM.sheet]
    assert shown[positions.NOTICE_CELL].value == SAID
    assert page.print_area.replace("$", "").startswith(f"'{FORM.sheet}'!A1:E")


def test_workbook_without_a_day_says_nothing(tmp_path: Path) -> None:
    """The row is there, blank and locked; nothing else speaks of a day."""
    book = openpyxl.load_workbook(sent(tmp_path / "a.xlsx", due=None))
    cell = book[positions.INFO_SHEET][positions.info_cell(positions.DUE_CELL)]
    assert cell.value is None
    assert cell.protection.locked
    texts = [cell.value for sheet in book for line in sheet.iter_rows() for cell in line]
    assert [text for text in texts if str(text).startswith("Hạn gửi")] == ["Hạn gửi"]
    assert read_submission(tmp_path / "a.xlsx", FORM).due is None


def test_day_stays_with_the_report(tmp_path: Path) -> None:
    """Read, filled, returned, upgraded, and reissued after a row was deleted."""
    path = sent(tmp_path / "a.xlsx", **{"1.1.b": 12})
    submission = read_submission(path, FORM)
    assert submission.due == DUE
    fill(path, [Entry(1, "1.1.a", "9", "")], tmp_path / "b.xlsx", FORM)
    upgrade(path, tmp_path / "c.xlsx", FORM)
    (back,) = return_workbooks(FORM, [submission], tmp_path / "out").returned
    damaged = read_submission(without_a_row(sent(tmp_path / "d.xlsx")), FORM)
    (again,) = return_workbooks(FORM, [damaged], tmp_path / "out").returned
    for copy in (tmp_path / "b.xlsx", tmp_path / "c.xlsx", back.copy, again.copy):
        assert read_submission(copy, FORM).due == DUE, copy
    assert openpyxl.load_workbook(again.copy)[positions.INFO_SHEET]["A2"].value.startswith(SAID)


@pytest.mark.parametrize("damaged", [False, True], ids=["sound", "damaged"])
def test_workbook_from_before_is_read(tmp_path: Path, damaged: bool) -> None:
    """It has no day, and nothing is said of a row that it never had."""
    path = issued_before(sent(tmp_path / "a.xlsx"), positions.DUE_CELL)
    submission = read_submission(without_a_row(path) if damaged else path, FORM)
    assert submission.due is None
    expected = {"rows-moved", "rows-missing"} if damaged else set()
    assert {remark.rule for remark in submission.remarks} == expected


def test_deleted_row_of_the_day_is_told(tmp_path: Path) -> None:
    """A workbook that had the cell, and another row less, says that a heading is gone."""
    path = without_a_row(sent(tmp_path / "a.xlsx"))
    book = openpyxl.load_workbook(path)
    book[positions.INFO_SHEET].delete_rows(ROW)
    book.save(path)
    remarks = {remark.rule for remark in read_submission(path, FORM).remarks}
    assert "headings-missing" in remarks


def test_moved_name_is_no_day(tmp_path: Path) -> None:
    """A name that stands for another cell gives no day."""
    path = sent(tmp_path / "a.xlsx")
    parts = read_parts(path.read_bytes())
    here, there = (
        Address.of(positions.INFO_SHEET, "B", row).reference.encode() for row in (ROW, 10)
    )
    assert here in parts["xl/workbook.xml"]
    parts["xl/workbook.xml"] = parts["xl/workbook.xml"].replace(here, there)
    path.write_bytes(zip_parts(parts))
    assert read_submission(path, FORM).due is None


def test_issue_takes_the_day(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each workbook has it; a text that is no day writes nothing: status 2."""
    units = tmp_path / "xã.csv"
    units.write_text("code,name\n05497,Xã Thịnh Đức\n05446,Phường Tân Lập\n", encoding="utf-8")
    command = ["issue", "--units", str(units), "--period", "2022-6T", "--out"]
    assert main([*command, str(tmp_path / "ra"), "--due", "2022-06-20"]) == 0
    assert [read_submission(path, FORM).due for path in (tmp_path / "ra").iterdir()] == [DUE, DUE]
    assert main([*command, str(tmp_path / "sai"), "--due", "31/06/2022"]) == 2
    assert "“31/06/2022” không phải là ngày" in capsys.readouterr().err
    assert not (tmp_path / "sai").exists()
