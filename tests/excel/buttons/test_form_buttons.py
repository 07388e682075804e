"""The buttons that make forms, on real xlwings code in a real spreadsheet program."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import xlwings as xw

from tests.support.builders import FORM
from tests.support.open_books import press
from xl_automation.errors import UserError
from xl_automation.excel.buttons import dialogs
from xl_automation.excel.buttons.form_buttons import issue, new_form
from xl_automation.excel.buttons.open_form import read_open
from xl_automation.reading.reader import read_submission

pytestmark = pytest.mark.office


def test_new_form_is_written_and_opened(excel: xw.App, folder: Path) -> None:
    """The blank form of the level asked for is open in front of the user."""
    out = folder / "Biểu mẫu thành phố.xlsx"
    assert new_form(excel.books.add(), out, "district") == ""
    assert excel.books.active.fullname == str(out)
    assert read_open(excel.books.active).submission.level == "district"


def test_new_form_never_overwrites(excel: xw.App, folder: Path, told: list[str]) -> None:
    """A name that is taken is refused with what to do; the file there is untouched."""
    out = folder / "đã có.xlsx"
    out.write_bytes(b"x")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(dialogs, "pick_new_file", lambda *_: out)
        press(excel.books.add(), "new_form")
    assert told[0].startswith(f"{out} đã có. Chọn tên khác; chương trình không ghi đè")
    assert out.read_bytes() == b"x"


def test_issue_writes_a_form_per_unit(excel: xw.App, folder: Path) -> None:
    """Each unit of the list gets its form; the status bar counts them."""
    units = folder / "đơn vị.csv"
    units.write_text("code,name\n05497,Xã Thịnh Đức\n05446,Phường Tân Lập\n", encoding="utf-8")
    out = folder / "Phát hành"
    due = date(2022, 6, 20)
    message = issue(excel.books.add(), units, "2022-6T", out, due)
    assert message.startswith("Đã phát hành 2 biểu mẫu, 6 tháng đầu năm 2022")
    issued = [read_submission(path, FORM) for path in sorted(out.iterdir())]
    names = {submission.unit_name for submission in issued}
    assert names == {"Xã Thịnh Đức", "Phường Tân Lập"}
    assert {submission.due for submission in issued} == {due}
    assert excel.impl.status_texts[-1] == "CCHC: đã phát hành 2/2 …"
    assert excel.status_bar is False


@pytest.mark.parametrize(
    ("text", "period", "says"),
    [
        ("ma,ten\n1,A\n", "2022-6T", "phải có ít nhất hai cột code, name"),
        ("code,name\n1,A\n", "2022-T6", "Kỳ báo cáo “2022-T6” không có"),
    ],
    ids=["columns", "period"],
)
def test_issue_says_what_is_wrong_with_its_input(
    excel: xw.App, folder: Path, text: str, period: str, says: str
) -> None:
    """A bad list or period is a sentence, and nothing is written."""
    units = folder / "đơn vị.csv"
    units.write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=says):
        issue(excel.books.add(), units, period, folder / "ra")
    assert not (folder / "ra").exists()
