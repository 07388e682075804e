"""A form open in a spreadsheet program is read by the rules of the reader.

Requirements: live cells and saved file say the same; kinds of cells are not mixed up; what is not
the form is refused by name and left alone; the form is the one that the workbook names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest
import xlwings as xw

from tests.support import builders
from tests.support.builders import COMMUNE, DISTRICT, FORM
from tests.support.open_books import LAYOUT, PAGE, Open, figure, type_over
from tests.support.second_form import T1, school_workbook
from xl_automation.errors import UserError
from xl_automation.excel.buttons.figures_buttons import check, recalculate
from xl_automation.excel.buttons.form_buttons import issue, new_form
from xl_automation.excel.buttons.open_cells import range_cells
from xl_automation.excel.buttons.open_form import read_open, same_content
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.excel.buttons.summary_buttons import compare, export_pdf
from xl_automation.forms.numbers import BLANK, CellError, Reading
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions

TABLE = FORM.tables[0]

pytestmark = pytest.mark.office


@pytest.mark.parametrize(
    ("fill", "level"),
    [
        ({**COMMUNE, "2.2": "-", "4.2.3": "07", "6.1.a": "4.860", "3.3.4": "81,75 %"}, "commune"),
        ({**DISTRICT, "1.2.1": None, "1.2.1.tu": 4, "1.2.1.mau": "12", "2.2": "=1+1"}, "district"),
    ],
    ids=["commune", "district"],
)
def test_open_form_says_what_its_file_says(
    form_book: Open, fill: builders.Fill, level: str
) -> None:
    """The live cells and the saved file give the same submission, notes included."""
    notes = {"1.1": "Theo Kế hoạch số 12", "3.3.3": "=1+1", "1.2.3.a": "0"}
    book = form_book({id: v for id, v in fill.items() if v is not None}, level=level, notes=notes)
    now = read_open(book).submission
    assert same_content(now, read_submission(Path(book.fullname), FORM))
    assert now.readings["2.2"].text == fill["2.2"]


def test_open_form_knows_old_letters_by_their_font(form_book: Open) -> None:
    """So does its file: the same submission, with a remark on the word in the old font."""
    book = form_book(COMMUNE, notes={"1.1.a": "bÐ", "2.1": "bÐ"})
    with unlocked(book.sheets[PAGE]):
        book.sheets[PAGE].range(f"{positions.NOTE}{LAYOUT.rows['2.1']}").font.name = ".VnTime"
    book.save()
    now = read_open(book).submission
    assert [remark.indicators for remark in now.remarks] == [("2.1",)]
    assert same_content(now, read_submission(Path(book.fullname), FORM))


# (what is typed, in a cell of which format) -> how it is read
KINDS: dict[str, tuple[object, str, Reading]] = {
    "1.3.1": ("=1/0", "General", Reading(text="#DIV/0!")),
    "1.3.2": ("=2+3", "General", Reading(5.0)),
    "1.3.3": ("'=2+3", "General", Reading(text="=2+3")),
    "1.4.1": (True, "BOOLEAN", Reading(text="TRUE")),
    "1.4.2": (dt.date(2022, 6, 14), "dd/mm/yyyy", Reading(text="14/06/2022", shown_as="date")),
    "2.3": (None, "General", BLANK),
    "3.2.1.a": ("'03", "General", Reading(3.0, "03", True)),
    "6.1.a": (1.5, '#,##0 "₫"', Reading(1.5)),
    "3.3.4": (0.95, "0%", Reading(95.0, "95%")),
    "7.5.2": ("'=1+1", "General", Reading(text="=1+1")),  # over a formula: typed all the same
}


def test_open_form_keeps_kinds_of_cells_apart(form_book: Open) -> None:
    """Errors, results of formulas, texts that look like them, and blanks are not mixed up."""
    book = form_book()
    with unlocked(book.sheets[PAGE]):
        for id, (value, look, _) in KINDS.items():
            figure(book, id).number_format = look
            figure(book, id).value = value
    readings = read_open(book).submission.readings
    assert {id: readings[id] for id in KINDS} == {id: kind[2] for id, kind in KINDS.items()}


def test_open_form_with_supporting_table_and_dates_is_read(form_book: Open) -> None:
    """Supporting cells and the information sheet are read too, and what was typed over."""
    book = form_book()
    column = TABLE.inputs[0]
    book.sheets[TABLE.sheet].range(positions.table_cell(TABLE, column, 1)).value = 5
    row = positions.INFO_ROWS["TT_NGAY_BAO_CAO"][0]
    book.sheets[positions.INFO_SHEET].range(f"B{row}").value = dt.date(2022, 6, 14)
    type_over(book, LAYOUT.cell("1.1"), 77)
    now = read_open(book).submission
    assert now.readings[f"{TABLE.id}.1.{column.id}"] == Reading(5.0)
    assert now.dates["@report_date"] == dt.date(2022, 6, 14)
    assert now.readings["1.1"] == Reading(77.0)
    assert (now.unit_code, now.period) == ("05497", builders.PERIOD)


def test_error_of_newer_excel_in_an_open_workbook_is_an_error() -> None:
    """A button takes #SPILL!, which xlwings hands over as a number, for the error it is."""
    value = [[-2146826243, -2146826243.0]]
    area = SimpleNamespace(
        options=lambda **_: SimpleNamespace(value=value), formula=[["", ""]], row=1, column=1
    )
    values = [cell for _, cell, _ in range_cells(area)]  # type: ignore[arg-type]
    assert values == [CellError("#SPILL!"), -2146826243.0]


def test_cells_past_column_z_have_their_addresses() -> None:
    """A wide range is read by the letters that its columns have, which after Z are two."""
    area = SimpleNamespace(
        options=lambda **_: SimpleNamespace(value=[[1.0, 2.0]]),
        formula=[["1", "2"]],
        row=8,
        column=26,
    )
    addresses = [address for address, _, _ in range_cells(area)]  # type: ignore[arg-type]
    assert addresses == ["Z8", "AA8"]


def test_foreign_workbook_is_refused_and_left_alone(excel: xw.App) -> None:
    """A workbook that is not the form is named, and what to use instead."""
    book = excel.books.add()
    book.sheets[0]["A1"].value = "Danh sách"
    for press in (check, recalculate, export_pdf, compare):
        with pytest.raises(UserError, match=f"“{book.name}”: Đây không phải biểu mẫu"):
            press(book)
    assert book.sheet_names == ["Sheet1"]
    assert excel.status_bar is False


@pytest.mark.parametrize("press", [check, recalculate, compare, export_pdf, new_form, issue])
def test_form_that_does_not_ship_is_named(
    excel: xw.App, folder: Path, press: Callable[[xw.Book], str]
) -> None:
    """A workbook of a form that this PC does not have is refused by the name of that form."""
    book = xw.Book(school_workbook(folder / "T1.xlsx", T1, {}))
    with pytest.raises(UserError, match=r"“T1\.xlsx”, là biểu mẫu “truong-hoc”; "):
        press(book)
