"""A workbook open in Excel: read as it stands, saved or not, and unlocked for a moment.

What is read goes through the same :func:`reader.understand` as a file, so an open workbook and
its saved file say the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import xlwings as xw

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import com_error
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.reading.cells import Cell, Formula, Sheets
from xl_automation.reading.locate import FormSheets, find_sheets, one_cell
from xl_automation.reading.reader import understand
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.number_format import shows_percent
from xl_automation.xlsx.refusal import Refusal

# What an issued sheet allows while it is protected. Excel has to be told each time.
SHEET_PERMISSIONS = {"AllowFormattingColumns": True, "AllowFormattingRows": True}
BOOK_PERMISSIONS = {"Structure": True}


@contextmanager
def explained() -> Iterator[None]:
    """Hand on to the user a ``ValueError`` whose message is meant for them."""
    try:
        yield
    except ValueError as error:
        raise UserError(str(error)) from error


# --- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenForm:
    """A form open in Excel and what it says now."""

    book: xw.Book
    form: Form
    found: FormSheets
    submission: Submission

    def sheet(self, name: str) -> xw.Sheet:
        """Return a sheet by the name it was issued with."""
        return self.book.sheets[self.found.name_of(name, self.form)]

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return Layout(self.form)

    @cached_property
    def page(self) -> xw.Sheet:
        """The sheet of the form itself."""
        return self.sheet(self.form.sheet)


def read_open(book: xw.Book, form: Form) -> OpenForm:
    """Return what the cells of *book* say.

    Raises:
        UserError: If it is not the form as issued, with the reason.
    """
    try:
        names = _names(book)
        found = find_sheets(names, form)
        sheets = _read(book, found, form)
        submission = understand(form, sheets, names, _file_of(book))
    except Refusal as refusal:
        raise UserError(f"Sổ đang mở, “{book.name}”: {refusal}") from refusal
    return OpenForm(book, form, found, submission)


def is_form(book: xw.Book) -> bool:
    """Whether an open workbook is an issued form, or was one."""
    return "TT_BIEU" in book.names


def same_content(one: Submission, other: Submission) -> bool:
    """Whether two workbooks say the same, whatever file they are in."""
    path = Path()
    whose = (replace(each, path=path, sha256="", size=0, saved=0.0) for each in (one, other))
    return next(whose) == next(whose)


def _names(book: xw.Book) -> dict[str, tuple[str, str]]:
    """Return sheet and address of each name of the whole workbook that stands for one cell."""
    references = {name.name: name.refers_to or "" for name in book.names}
    places = {name: one_cell(text.removeprefix("=")) for name, text in references.items()}
    return {name: place for name, place in places.items() if place and "!" not in name}


def _read(book: xw.Book, found: FormSheets, form: Form) -> Sheets:
    """Return the cells that the reader looks at, a range at a time."""
    last = Layout(form).last_row
    areas: dict[str, tuple[str, ...]] = {}
    areas[found.page] = (
        f"{positions.STT}1:{positions.NOTE}{last}",
        f"{positions.PREVIOUS}1:{positions.WHOLE}{last}",
    )
    areas[found.info] = (
        f"A1:{positions.INFO_VALUE}{max(row for row, _ in positions.INFO_ROWS.values())}",
    )
    for table, name in found.tables(form):
        areas[name] = (f"A1:{positions.table_cell(table, table.columns[-1], 0)}",)
    cells: dict[str, dict[str, Cell]] = {}
    results: dict[tuple[str, str], CellValue] = {}
    for name, places in areas.items():
        cells[name] = {}
        sheet = book.sheets[name]
        for place in places:
            for address, value, formula in _cells(sheet.range(place)):
                if formula:
                    cells[name][address] = Formula(formula)
                    results[name, address] = value
                elif value is not None:
                    cells[name][address] = _as_shown(sheet, address, value)
    tables = {table.id: cells[name] for table, name in found.tables(form)}

    def result(sheet: str, address: str) -> CellValue:
        return _as_shown(book.sheets[sheet], address, results.get((sheet, address)))

    return Sheets(cells[found.page], cells[found.info], tables, result)


def _as_shown(sheet: xw.Sheet, address: str, value: CellValue) -> CellValue:
    """Return a cell's value; a number that it shows as a percentage is known as such."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return value
    return Share(value) if shows_percent(sheet.range(address).number_format) else value


def _cells(area: xw.Range) -> Iterator[tuple[str, CellValue, str]]:
    """Yield of each cell its address, its value, and its formula, "" where there is none."""
    shown = area.options(ndim=2).value
    coded = area.options(ndim=2, err_to_str=True).value
    for row, line in enumerate(area.formula):
        for column, formula in enumerate(line):
            value: Any = shown[row][column]
            if value is None and coded[row][column] is not None:
                value = CellError(coded[row][column])
            elif error := com_error(value):  # one that xlwings does not know
                value = CellError(error)
            elif isinstance(value, Decimal):  # a cell that shows money
                value = float(value)
            # A text such as “=x” reads the same as a formula: only the text is its own value.
            is_formula = str(formula).startswith("=") and formula != value
            address = f"{chr(ord('@') + area.column + column)}{area.row + row}"  # A is 1
            yield address, value, formula if is_formula else ""


def _file_of(book: xw.Book) -> Path:
    try:
        return Path(book.fullname)
    except xw.XlwingsError:  # in the cloud, and not found on this PC
        return Path(book.name)


def path_of(book: xw.Book) -> Path:
    """Return the file of a saved workbook.

    Raises:
        UserError: If it was never saved, or lies in the cloud only.
    """
    path = _file_of(book)
    if not path.is_absolute():
        raise UserError(
            f"Sổ “{book.name}” chưa được lưu vào một thư mục trên máy này. Bấm Ctrl+S, chọn thư "
            "mục trên máy, rồi bấm lại nút này."
        )
    return path


# --- writing -----------------------------------------------------------------------------------


@contextmanager
def unlocked(*things: xw.Book | xw.Sheet) -> Iterator[None]:
    """Lift the protection of sheets, or of a workbook's structure, and put it back.

    Raises:
        CannotAct: If there is a password on one; then nothing is unlocked.
    """
    with ExitStack() as stack:
        for thing in things:
            stack.enter_context(_unlocked(thing))
        yield


@contextmanager
def _unlocked(thing: xw.Book | xw.Sheet) -> Iterator[None]:
    is_book = isinstance(thing, xw.Book)
    api = thing.api
    if not (api.ProtectStructure if is_book else api.ProtectContents):
        yield
        return
    try:
        api.Unprotect(Password="")
    except Exception as error:  # of the COM library, which is there on Windows only
        raise UserError(
            f"“{thing.name}” bị khoá bằng mật khẩu nên không ghi được. Bỏ mật khẩu (thẻ Review, "
            f"nút {'Protect Workbook' if is_book else 'Unprotect Sheet'}) rồi bấm lại nút này."
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
