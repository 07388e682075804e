"""Workbooks open in a spreadsheet program, as the tests of the ribbon buttons look at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import xlwings as xw

from tests.support import builders
from tests.support.builders import COMMUNE, FORM
from xl_automation.checks.check import check
from xl_automation.checks.finding import Finding
from xl_automation.excel.buttons import runner
from xl_automation.excel.buttons.open_form import read_open
from xl_automation.excel.buttons.protection import unlocked
from xl_automation.template.layout import Layout

LAYOUT = Layout(FORM)
PAGE = FORM.sheet
WRONG: builders.Fill = {**COMMUNE, "1.1.b": 12, "1.3.1": "03", "6.1.b": "=1+1"}
FIRST_ROW = 6  # of a list under two remarks
Open = Callable[..., xw.Book]


def findings(book: xw.Book) -> list[Finding]:
    """Return the findings of an open form."""
    open_form = read_open(book)
    return check(open_form.form, open_form.submission)


def protection(book: xw.Book) -> tuple[bool, dict[str, bool]]:
    """Return what is protected in a workbook."""
    sheets = {sheet.name: sheet.api.ProtectContents for sheet in book.sheets}
    return book.api.ProtectStructure, sheets


def notes(book: xw.Book) -> dict[str, str]:
    """Return the notes on the form's sheet by address."""
    return {note.location.get_address(False, False): note.text for note in book.sheets[PAGE].notes}


def rows(sheet: xw.Sheet, first: int = FIRST_ROW) -> list[list[Any]]:
    """Return the rows of a list."""
    used = sheet.used_range.last_cell
    values: list[list[Any]] = sheet.range((first, 1), used).options(ndim=2).value
    return values


def type_over(book: xw.Book, cell: str, value: object) -> None:
    """Type into a locked cell of the form's sheet, as someone does who lifted the protection."""
    sheet = book.sheets[PAGE]
    with unlocked(sheet):
        sheet.range(cell).value = value


def figure(book: xw.Book, id: str) -> xw.Range:
    """Return the cell of a figure or helper."""
    return book.sheets[PAGE].range(LAYOUT.cell(id))


def press(book: xw.Book, id: str) -> None:
    """Press a button as the add-in does."""
    book.set_mock_caller()
    runner.run(id)
