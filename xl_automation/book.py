"""A workbook open in Excel: read as it stands, saved or not, and unlocked for a moment.

What is read goes through the same :func:`reader.understand` as a file, so an open workbook and
its saved file say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import xlwings as xw

from xl_automation import layout as at
from xl_automation.layout import Layout
from xl_automation.model import Form
from xl_automation.numbers import CellError, CellValue
from xl_automation.reader import Cell, Formula, Found, Sheets, find_sheets, one_cell, understand
from xl_automation.refusal import Refusal
from xl_automation.submission import Submission

# What an issued sheet allows while it is protected. Excel has to be told each time.
SHEET_PERMISSIONS = {"AllowFormattingColumns": True, "AllowFormattingRows": True}
BOOK_PERMISSIONS = {"Structure": True}


class CannotAct(Exception):
    """Something in the user's hands stands in the way; the message says what to do."""


# --- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenForm:
    """A form open in Excel and what it says now."""

    book: xw.Book
    form: Form
    found: Found
    submission: Submission

    def sheet(self, name: str) -> xw.Sheet:
        """Return a sheet by the name it was issued with."""
        return self.book.sheets[self.found.name_of(name, self.form)]

    @cached_property
    def page(self) -> xw.Sheet:
        """The sheet of the form itself."""
        return self.sheet(self.form.sheet)


def read_open(book: xw.Book, form: Form) -> OpenForm:
    """Return what the cells of *book* say.

    Raises:
        CannotAct: If it is not the form as issued, with the reason.
    """
    try:
        names = _names(book)
        found = find_sheets(names, form)
        areas = {found.page: f"A1:{at.COMPUTED}{Layout(form).last_row}"}
        areas[found.info] = f"A1:{at.INFO_VALUE}{max(row for row, _ in at.INFO_ROWS.values())}"
        for table, name in found.tables(form):
            areas[name] = f"A1:{at.table_cell(table, table.columns[-1], 0)}"
        read = {name: _cells(book.sheets[name].range(area)) for name, area in areas.items()}
        tables = {table.id: read[name][0] for table, name in found.tables(form)}

        def result(sheet: str, address: str) -> CellValue:
            return read[sheet][1].get(address)

        sheets = Sheets(read[found.page][0], read[found.info][0], tables, result)
        submission = understand(form, sheets, names, _file_of(book))
    except Refusal as refusal:
        raise CannotAct(f"Sổ đang mở, “{book.name}”: {refusal}") from refusal
    return OpenForm(book, form, found, submission)


def _names(book: xw.Book) -> dict[str, tuple[str, str]]:
    """Return sheet and address of each name of the whole workbook that stands for one cell."""
    places = {name.name: one_cell(name.refers_to.removeprefix("=")) for name in book.names}
    return {name: place for name, place in places.items() if place and "!" not in name}


def _cells(area: xw.Range) -> tuple[dict[str, Cell], dict[str, CellValue]]:
    """Return the cells of a range that starts in A1, and the values of all, formulas or not."""
    cells: dict[str, Cell] = {}
    values: dict[str, CellValue] = {}
    shown = area.options(ndim=2).value
    coded = area.options(ndim=2, err_to_str=True).value
    for row, line in enumerate(area.formula):
        for column, formula in enumerate(line):
            value: Any = shown[row][column]
            if value is None and coded[row][column] is not None:
                value = CellError(coded[row][column])
            elif isinstance(value, Decimal):  # a cell that shows money
                value = float(value)
            address = f"{chr(ord('A') + column)}{row + 1}"
            values[address] = value
            # A text such as “=x” reads the same as a formula: only the text is its own value.
            if isinstance(formula, str) and formula.startswith("=") and formula != value:
                cells[address] = Formula(formula)
            elif value is not None:
                cells[address] = value
    return cells, values


def _file_of(book: xw.Book) -> Path:
    try:
        return Path(book.fullname)
    except xw.XlwingsError:  # in the cloud, and not found on this PC
        return Path(book.name)


def path_of(book: xw.Book) -> Path:
    """Return the file of a saved workbook.

    Raises:
        CannotAct: If it was never saved, or lies in the cloud only.
    """
    path = _file_of(book)
    if not path.is_absolute():
        raise CannotAct(
            f"Sổ “{book.name}” chưa được lưu vào một thư mục trên máy này. "
            "Bấm Ctrl+S (hoặc Tệp › Lưu thành), chọn thư mục trên máy, rồi bấm lại nút này."
        )
    return path


# --- writing -----------------------------------------------------------------------------------


@contextmanager
def unlocked(thing: xw.Book | xw.Sheet) -> Iterator[None]:
    """Lift the protection of a sheet, or of a workbook's structure, and put it back.

    Raises:
        CannotAct: If there is a password on it.
    """
    is_book = isinstance(thing, xw.Book)
    api = thing.api
    if not (api.ProtectStructure if is_book else api.ProtectContents):
        yield
        return
    try:
        api.Unprotect(Password="")
    except Exception as error:  # of the COM library, which is there on Windows only
        raise CannotAct(
            f"“{thing.name}” bị khoá bằng mật khẩu nên không ghi được. Bỏ mật khẩu (thẻ Review › "
            f"{'Protect Workbook' if is_book else 'Unprotect Sheet'}) rồi bấm lại nút này."
        ) from error
    try:
        yield
    finally:
        lock(thing)


def lock(thing: xw.Book | xw.Sheet) -> None:
    """Protect a sheet, or a workbook's structure, without a password."""
    permissions: Mapping[str, bool] = (
        BOOK_PERMISSIONS if isinstance(thing, xw.Book) else SHEET_PERMISSIONS
    )
    thing.api.Protect(**permissions)


@contextmanager
def working(app: xw.App, task: str, total: int = 0) -> Iterator[Callable[[], None]]:
    """Show *task* in the status bar; give the function to call after each of *total* steps.

    The status bar and the screen are Excel's own again afterwards, also after an error.
    """
    updating, done = app.screen_updating, 0

    def step() -> None:
        nonlocal done
        done += 1
        app.status_bar = f"CCHC: {task} {done}/{total} …"

    app.status_bar = f"CCHC: {task} …"
    try:
        app.screen_updating = False
        yield step
    finally:
        app.screen_updating = updating
        app.status_bar = False
