"""An xlwings engine over LibreOffice: xlwings' own code, in a real spreadsheet program, on Linux.

The tests of the ribbon actions take the fixture ``excel`` of ``conftest.py``: an ``xw.App`` on this
engine, where ``xw.Book(path)``, converters, formulas, names and formats work as they do on Excel.
Where LibreOffice lets pass what Excel refuses, the engine refuses too: writing a locked cell of a
protected sheet, adding a sheet to a workbook whose structure is protected, a formula with a mistake
in it. What is missing is listed in ``docs/testing-the-addin.md``.

Members that xlwings documents have no docstring of their own here.
"""

from __future__ import annotations

import atexit
import contextlib
import datetime as dt
import functools
import itertools
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import xlwings as xw
from xlwings import base_classes, utils

from tests.support.office import XLSX, Office, OfficeError, import_uno

FILTERS = {".xlsx": XLSX, ".xlsm": "Calc MS Excel 2007 VBA XML", ".pdf": "calc_pdf_Export"}
MAX_ROWS, MAX_COLUMNS = 1048576, 16384

# com.sun.star.sheet.CellFlags
NUMBERS, NOTES, CONTENTS, FORMATS = 1, 8, 1 | 2 | 4 | 16, 32 | 64 | 256
# com.sun.star.util.NumberFormat
DATE, TIME, CURRENCY, TEXT, LOGICAL = 2, 4, 8, 256, 1024
# of com.sun.star.sheet.FormulaParser and FormulaOpCodeMapper
XL_A1, XL_ENGLISH, ALL_OPCODES = 1, 4, 0x7FFFFFFF
# com.sun.star.table.CellVertJustify2; where nothing is set, text stands at the bottom
VERTICAL = {0: "bottom", 1: "top", 2: "center", 3: "bottom"}
MISTAKES = {501, 507, 508, 509, 510, 511, 512, 513, 520}  # errors of a formula's text, not of cells

_ADDRESS = re.compile(
    r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+", re.I
)
_NOT_PLAIN = re.compile(  # text that Excel may read as something else
    r"[='].*|[-+($]*[\d.][-+\d\s.,:/%)$e]*([ap]m)?|true|false", re.I | re.S
)
_LOCKED_STRUCTURE = re.compile(r'<workbookProtection[^>]* lockStructure="(1|true)"')


class ProtectedError(Exception):
    """Excel would refuse this because the sheet or the workbook is protected."""


def _provided(cls: type) -> type:
    """Complete *cls*: annotated members are plain attributes, absent ones say so by their name."""

    def naming(function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def member(*args: object, **kwargs: object) -> Any:
            try:
                return function(*args, **kwargs)
            except NotImplementedError as error:
                missing = f"{cls.__name__}.{function.__name__} is not provided on LibreOffice"
                raise NotImplementedError(*error.args or [missing]) from None

        return member

    for name in cls.__annotations__.keys() - vars(cls).keys():
        setattr(cls, name, None)  # in place of the property of xlwings
    for name, member in vars(cls.__base__).items():
        if name in vars(cls) or name.startswith("__"):
            continue
        if isinstance(member, property):
            setattr(cls, name, property(*(f and naming(f) for f in (member.fget, member.fset))))
        elif callable(member):
            setattr(cls, name, naming(member))
    return cls


class Engine:
    """What xlwings asks of an engine beside the objects below."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: object) -> Any:
        if value is None or pd.isna(value):
            return ""
        if hasattr(value, "dtype"):  # a NumPy scalar
            return pd.Timestamp(value) if value.dtype.kind == "M" else value.item()
        return value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]],
        date: Callable[..., Any],
        empty: Any,
        number: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        def clean(value: Any) -> Any:
            if value is None:
                return empty
            if isinstance(value, OfficeError):
                return value.code if err_to_str else None
            if isinstance(value, dt.datetime):
                fields = ("year", "month", "day", "hour", "minute", "second", "microsecond")
                return date(**{name: getattr(value, name) for name in fields}, tzinfo=None)
            return number(value) if number and isinstance(value, float) else value

        return [[clean(value) for value in row] for row in data]


@_provided
class Apps(base_classes.Apps):
    """The running apps, the active one first."""

    def __init__(self) -> None:
        self.running: list[App] = []

    def add(self, spec=None, add_book=True, xl=None, visible=None) -> App:
        office = Office()
        atexit.register(office.stop)  # for an app that nobody quits
        app = self.attach(office, owned=True)
        if add_book:
            app.books.add()
        return app

    def attach(self, office: Office, owned: bool = False) -> App:
        """Return a new app on *office*; it stops the office when it quits if *owned*."""
        office.start()
        self.running.insert(0, App(self, office, owned))
        return self.running[0]

    def keys(self) -> list[int]:
        return [app.pid for app in self]

    def __iter__(self) -> Iterator[App]:
        return iter(list(self.running))

    def __len__(self) -> int:
        return len(self.running)

    def __getitem__(self, pid: int) -> App:
        return {app.pid: app for app in self}[pid]


@_provided
class App(base_classes.App):
    """One LibreOffice. What only concerns screen and speed is remembered and has no effect."""

    pid: int
    engine: Engine
    visible = screen_updating = display_alerts = enable_events = interactive = True
    calculation = "automatic"

    def __init__(self, apps: Apps, office: Office, owned: bool) -> None:
        self._apps, self.office, self._owned = apps, office, owned
        self.pid, self.engine = office.pid, ENGINE.impl
        self.open_books: list[Book] = []  # the active one last
        self.numbers = itertools.count(1)
        self.status_texts: list[str] = []  # all that the status bar has shown
        self._status: str | bool = False

    api = property(lambda self: self.office.create("com.sun.star.frame.Desktop"))
    books = property(lambda self: Books(self))
    selection = property(lambda self: self.open_books[-1].selection if self.open_books else None)

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._status = value
        if value:
            self.status_texts.append(str(value))

    def calculate(self) -> None:
        for book in self.open_books:
            book.api.calculate()

    def activate(self, steal_focus: bool = False) -> None:
        self._apps.running.remove(self)
        self._apps.running.insert(0, self)

    def quit(self) -> None:
        if self in self._apps.running:
            self._apps.running.remove(self)
            for book in list(self.open_books):
                book.close()
            if self._owned:
                self.office.stop()

    kill = quit


@_provided
class Books(base_classes.Books):
    """The open workbooks of an app, in the order in which they were opened."""

    app: App

    def __init__(self, app: App) -> None:
        self.app = app

    api = property(lambda self: self.app.api.Components)
    active = property(lambda self: self.app.open_books[-1] if self.app.open_books else None)

    def __iter__(self) -> Iterator[Book]:
        return iter(sorted(self.app.open_books, key=lambda book: book.number))

    def __len__(self) -> int:
        return len(self.app.open_books)

    def __call__(self, key: str | int) -> Book:
        return _item(self, key)

    def add(self) -> Book:
        blank = self.app.api.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        return Book(self.app, blank)

    def open(
        self, fullname, update_links=None, read_only=None, format=None, password=None, *others
    ) -> Book:
        if format is not None or any(others):
            raise NotImplementedError("Books.open: only read_only and password are provided")
        options = {"ReadOnly": read_only, "Password": password}
        given = {name: value for name, value in options.items() if value is not None}
        book = Book(self.app, self.app.office.open(fullname, **given).document, Path(fullname))
        if _has_locked_structure(fullname):
            book.api.Protect()  # LibreOffice drops this protection on opening
        return book


@_provided
class Book(base_classes.Book):
    """An open workbook."""

    app: App
    api: BookApi

    def __init__(self, app: App, document: Any, path: Path | None = None) -> None:
        self.app, self.api, self._path = app, BookApi(document), path
        self.number = next(app.numbers)
        self._format_kinds: dict[int, int] = {}
        app.open_books.append(self)

    name = property(lambda self: self._path.name if self._path else f"Book{self.number}")
    fullname = property(lambda self: str(self._path or self.name))
    sheets = property(lambda self: Sheets(self))
    names = property(lambda self: Names(self))

    @property
    def selection(self) -> Range | None:
        """The selected cells, ``None`` if something else is selected."""
        chosen = self.api.CurrentSelection
        return self.range(chosen.RangeAddress) if hasattr(chosen, "RangeAddress") else None

    def range(self, address: Any) -> Range:
        """Return the range at a UNO range *address*."""
        rows = address.EndRow - address.StartRow + 1
        columns = address.EndColumn - address.StartColumn + 1
        sheet = Sheet(self, self.api.Sheets.getByIndex(address.Sheet))
        return Range(sheet, address.StartRow + 1, address.StartColumn + 1, rows, columns)

    def activate(self) -> None:
        self.app.open_books.remove(self)
        self.app.open_books.append(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password:
            raise NotImplementedError("Book.save: no password on LibreOffice")
        target = Path(path or self._path or f"{self.name}.xlsx").resolve()
        self._store(self.api.storeAsURL, target)
        self._path = target

    def to_pdf(self, path: str, quality: str) -> None:
        self._store(self.api.storeToURL, Path(path))

    def _store(self, store: Callable[..., None], target: Path) -> None:
        options = {"FilterName": FILTERS[target.suffix.lower()], "Overwrite": True}
        store(target.as_uri(), self.app.office.properties(**options))

    def close(self) -> None:
        self.app.open_books.remove(self)
        self.api.close(True)

    def changeable_sheets(self) -> Any:
        """Return the UNO sheets; refuse if the structure of the workbook is protected."""
        if self.api.ProtectStructure:
            raise ProtectedError(f"{self.name}: the structure of the workbook is protected")
        return self.api.Sheets

    # Formulas in Excel's English notation, number formats and numbers of an English Excel

    @functools.cached_property
    def _parser(self) -> Any:
        mapper = self.api.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        parser = self.api.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish = True
        parser.FormulaConvention = XL_A1
        parser.OpCodeMap = mapper.getAvailableMappings(XL_ENGLISH, ALL_OPCODES)
        return parser

    def tokens(self, formula: str, at: Any) -> Any:
        """Return *formula* as tokens; its relative references start from the cell address *at*."""
        return self._parser.parseFormula(formula.removeprefix("="), at)

    def formula(self, tokens: Any, at: Any) -> str:
        """Return the formula of the cell address *at* that consists of *tokens*."""
        return "=" + self._parser.printFormula(tokens, at)

    @functools.cached_property
    def english(self) -> Any:
        """The locale."""
        return self.app.office.struct("com.sun.star.lang.Locale", Language="en", Country="US")

    def format_kind(self, key: int) -> int:
        """Return what kind of value the number format *key* shows."""
        if key not in self._format_kinds:
            self._format_kinds[key] = self.api.NumberFormats.getByKey(key).Type
        return self._format_kinds[key]

    def read_number(self, text: str) -> tuple[float, int] | None:
        """Return the number or date that *text* is, with a fitting format, or ``None``."""
        general = self.api.NumberFormats.getStandardIndex(self.english)
        try:
            key = self._number_reader.detectNumberFormat(general, text)
            return self._number_reader.convertStringToNumber(key, text), key
        except self.app.office.uno_exception():
            return None

    @functools.cached_property
    def _number_reader(self) -> Any:
        reader = self.app.office.create("com.sun.star.util.NumberFormatter")
        reader.attachNumberFormatsSupplier(self.api.uno)
        return reader


@_provided
class Sheets(base_classes.Sheets):
    """The sheets of a workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book

    api = property(lambda self: self._book.api.Sheets)
    active = property(lambda self: Sheet(self._book, self._book.api.CurrentController.ActiveSheet))

    def __iter__(self) -> Iterator[Sheet]:
        return (Sheet(self._book, self.api.getByName(name)) for name in self.api.ElementNames)

    def __len__(self) -> int:
        return int(self.api.Count)

    def __call__(self, key: str | int) -> Sheet:
        return _item(self, key)

    def add(self, before: Sheet | None = None, after: Sheet | None = None, name=None) -> Sheet:
        sheets = self._book.changeable_sheets()
        taken = {sheet.casefold() for sheet in sheets.ElementNames}
        free = (f"Sheet{n}" for n in itertools.count(1) if f"sheet{n}" not in taken)
        position = after.index if after else (before or self.active).index - 1
        sheets.insertNewByName(name or next(free), position)
        added = self(position + 1)
        added.activate()
        return added


@_provided
class Sheet(base_classes.Sheet):
    """A sheet."""

    book: Book
    api: SheetApi

    def __init__(self, book: Book, uno: Any) -> None:
        self.book, self.api = book, SheetApi(uno)

    @property
    def name(self) -> str:
        return str(self.api.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.book.changeable_sheets()
        self.api.uno.Name = value

    @property
    def visible(self) -> bool:
        return bool(self.api.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.book.changeable_sheets()
        self.api.uno.IsVisible = value

    index = property(lambda self: int(self.api.RangeAddress.Sheet) + 1)
    names = property(lambda self: Names(self.book, self))
    cells = property(lambda self: Range(self, 1, 1, MAX_ROWS, MAX_COLUMNS))

    @property
    def notes(self) -> list[Note]:
        places = [note.Position for note in self.api.Annotations]
        return [Note(self.range((place.Row + 1, place.Column + 1))) for place in places]

    @property
    def used_range(self) -> Range:
        cursor = self.api.createCursor()
        cursor.gotoStartOfUsedArea(False)
        cursor.gotoEndOfUsedArea(True)
        return self.book.range(cursor.RangeAddress)

    def range(self, arg1: Any, arg2: Any = None) -> Range:
        if isinstance(arg1, int):
            return self.range((arg1, arg2))
        first = self._range(arg1)
        if arg2 is None:
            return first
        corners = first, self._range(arg2)
        row, column = (min(getattr(c, name) for c in corners) for name in ("row", "column"))
        below = max(corner.row + corner.shape[0] for corner in corners)
        beside = max(corner.column + corner.shape[1] for corner in corners)
        return Range(self, row, column, below - row, beside - column)

    def _range(self, what: Range | tuple[int, ...] | str) -> Range:
        if isinstance(what, Range):
            return what
        if isinstance(what, tuple):
            if 0 in what[:2]:
                raise IndexError("rows and columns count from 1")
            return Range(self, *what)
        if _ADDRESS.fullmatch(what):
            return self.book.range(self.api.getCellRangeByName(what).RangeAddress)
        for names in (self.names, self.book.names):
            with contextlib.suppress(KeyError):
                return names(what).refers_to_range
        sheet, mark, address = what.rpartition("!")
        if not mark:
            raise ValueError(f"{what!r} is neither an address nor a name")
        return self.book.sheets(_unquoted(sheet)).range(address)

    def activate(self) -> None:
        self.book.api.CurrentController.setActiveSheet(self.api.uno)

    select = activate

    def clear(self) -> None:
        self.cells.clear()

    def clear_contents(self) -> None:
        self.cells.clear_contents()

    def clear_formats(self) -> None:
        self.cells.clear_formats()

    def autofit(self, axis: str | None = None) -> None:
        self.used_range.autofit(axis)

    def delete(self) -> None:
        self.book.changeable_sheets().removeByName(self.name)


def _format(uno_name: str, read: Callable[[Any], Any], write: Callable[[Any], Any]) -> property:
    """Return a property over the UNO property of cells; it is ``None`` where cells differ."""

    def get(self: Range | Font) -> Any:
        mixed = self.api.getPropertyState(uno_name).value == "AMBIGUOUS_VALUE"
        return None if mixed else read(self.api.getPropertyValue(uno_name))

    def put(self: Range | Font, value: Any) -> None:
        self.formattable().setPropertyValue(uno_name, write(value))

    return property(get, put)


def _read_color(value: int) -> tuple[int, int, int] | None:
    return None if value == -1 else (value >> 16, value >> 8 & 255, value & 255)


def _write_color(value: str | int | Sequence[int] | None) -> int:
    if value is None:
        return -1
    if isinstance(value, str):
        value = utils.hex_to_rgb(value)
    red, green, blue = utils.int_to_rgb(value) if isinstance(value, int) else value
    return red << 16 | green << 8 | blue


def _slant(italic: bool) -> Any:
    return import_uno().Enum("com.sun.star.awt.FontSlant", "ITALIC" if italic else "NONE")


@_provided
class Range(base_classes.Range):
    """A rectangle of cells; rows and columns count from 1."""

    sheet: Sheet
    row: int
    column: int
    shape: tuple[int, int]

    def __init__(self, sheet: Sheet, row: int, column: int, rows: int = 1, columns: int = 1):
        self.sheet, self.row, self.column, self.shape = sheet, row, column, (rows, columns)

    @functools.cached_property
    def api(self) -> Any:
        """The UNO cells, ``None`` if there are none."""
        (rows, columns), top, left = self.shape, self.row - 1, self.column - 1
        if not len(self):
            return None
        return self.sheet.api.getCellRangeByPosition(left, top, left + columns - 1, top + rows - 1)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            row, column = (n + 1 for n in divmod(row - 1, self.shape[1]))
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    def writable(self) -> Any:
        """Return the UNO cells, to be filled; refuse as Excel does if one is locked."""
        mixed = self.api.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE"
        if self.sheet.api.ProtectContents and (mixed or self.api.CellProtection.IsLocked):
            raise ProtectedError(f"{self.sheet.name}!{self.address}: locked")
        return self.api

    def formattable(self) -> Any:
        """Return the UNO cells, to be formatted; refuse if the sheet is protected."""
        if self.sheet.api.ProtectContents:
            raise ProtectedError(f"{self.sheet.name}!{self.address}: on a protected sheet")
        return self.api

    # Values and formulas

    @property
    def raw_value(self) -> Any:
        """The value of the cell, or rows of values, of the types that COM hands over.

        The number format decides: a date is a datetime, an amount of money a `Decimal`.
        """
        if self.api is None:
            return None
        data = self.api.getDataArray()
        rows = [
            [self._error(x, y) if v is None else None if v == "" else v for x, v in enumerate(row)]
            for y, row in enumerate(data)
        ]
        for y, x, kind in self._kinds(rows):
            if isinstance(rows[y][x], float):
                rows[y][x] = _typed(rows[y][x], kind)
        return rows[0][0] if len(self) == 1 else tuple(map(tuple, rows))

    def _error(self, x: int, y: int) -> OfficeError:
        text = self.api.getCellByPosition(x, y).String
        own = text.startswith("Err:")  # LibreOffice tells more errors apart
        return OfficeError(("#NULL!" if text == "Err:521" else "#VALUE!") if own else text)

    def _kinds(self, rows: list[list[Any]]) -> Iterator[tuple[int, int, int]]:
        """Yield row, column and kind of the cells that may hold another type than number."""
        formats = self.api.getUniqueCellFormatRanges()
        for cells in (formats.getByIndex(index) for index in range(formats.Count)):
            kind = self.sheet.book.format_kind(cells.NumberFormat)
            if kind & (DATE | CURRENCY | LOGICAL):
                yield from ((y, x, kind) for y, x in self._places(cells))
        for y, x in self._places(self.api.queryFormulaCells(NUMBERS)):
            if rows[y][x] in (0.0, 1.0):  # only its shown format tells a truth value
                shown = self.api.getCellByPosition(x, y).NumberFormat
                yield y, x, self.sheet.book.format_kind(shown) & LOGICAL

    def _places(self, cells: Any) -> Iterator[tuple[int, int]]:
        """Yield row and column, within this range, of each of the UNO *cells*."""
        for area in cells.RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    yield row - self.row + 1, column - self.column + 1

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        if self.api is None:
            return
        one = not isinstance(data, (list, tuple))
        rows = [[data] * self.shape[1]] * self.shape[0] if one else data
        if {len(row) for row in rows} != {self.shape[1]} or len(rows) != self.shape[0]:
            raise ValueError(f"{self.address} takes {self.shape[0]} rows of {self.shape[1]} cells")
        cells = self.writable()
        cells.setDataArray(tuple(tuple(map(_stored, row)) for row in rows))
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if _stored(value) == "" != value:
                    cell = cells.getCellByPosition(x, y)
                    self._enter(cell, value, cells.getCellByPosition(0, 0) if one else cell)

    def _enter(self, cell: Any, value: str | bool | dt.date, origin: Any) -> None:
        """Make of *value* what Excel makes of it; a formula is written as for *origin*."""
        book = self.sheet.book
        standard = book.api.NumberFormats.getStandardFormat
        if isinstance(value, bool):
            _set_number(cell, value, standard(LOGICAL, book.english))
        elif isinstance(value, dt.date):
            timed = isinstance(value, dt.datetime) and value.time() != dt.time()
            serial = utils.datetime_to_xlserial(value)
            _set_number(cell, serial, standard(DATE | TIME if timed else DATE, book.english))
        elif book.format_kind(cell.NumberFormat) & TEXT:
            cell.String = value
        elif value.startswith("="):
            self._enter_formula(cell, value, origin)
        elif number := book.read_number(value):
            _set_number(cell, *number)
        else:
            cell.String = value.removeprefix("'")

    def _enter_formula(self, cell: Any, formula: str, origin: Any) -> None:
        cell.setTokens(self.sheet.book.tokens(formula, origin.CellAddress))
        if cell.getError() in MISTAKES:
            cell.clearContents(CONTENTS)
            raise ValueError(f"{self.sheet.name}!{self.address}: a mistake in {formula}")

    @property
    def formula(self) -> Any:
        if self.api is None:
            return None
        rows = enumerate(self.api.getFormulaArray())
        texts = tuple(tuple(self._formula(x, y, t) for x, t in enumerate(row)) for y, row in rows)
        return texts[0][0] if len(self) == 1 else texts

    def _formula(self, x: int, y: int, text: str) -> str:
        if text.startswith("="):
            cell = self.api.getCellByPosition(x, y)
            if cell.Type.value == "FORMULA":
                return self.sheet.book.formula(cell.getTokens(), cell.CellAddress)
        return text.removeprefix("'")

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value  # Excel reads both in the same way

    formula2 = formula
    has_array = property(lambda self: bool(self.api and self.api.getArrayFormula()))

    def clear(self) -> None:
        self.formattable().clearContents(CONTENTS | FORMATS | NOTES)

    def clear_contents(self) -> None:
        self.writable().clearContents(CONTENTS)

    def clear_formats(self) -> None:
        self.formattable().clearContents(FORMATS)

    # Places

    address = property(lambda self: self.get_address(True, True, False))

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        def cell(row: int, column: int) -> str:
            return f"{'$' * col_absolute}{utils.col_name(column)}{'$' * row_absolute}{row}"

        address = cell(self.row, self.column)
        if len(self) != 1:
            rows, columns = self.shape
            address += ":" + cell(self.row + rows - 1, self.column + columns - 1)
        if external:
            return f"{_quoted(f'[{self.sheet.book.name}]{self.sheet.name}')}!{address}"
        return address

    def end(self, direction: str) -> Range:
        down, right = {"d": (1, 0), "u": (-1, 0), "r": (0, 1), "l": (0, -1)}[direction[0]]
        edge = (
            {1: MAX_ROWS, -1: 1, 0: self.row}[down],
            {1: MAX_COLUMNS, -1: 1, 0: self.column}[right],
        )
        line = self.sheet.range(self(1, 1), edge).api.queryContentCells(CONTENTS)
        filled = {abs(y) + abs(x) for y, x in self._places(line)}  # as distances
        if {0, 1} <= filled:
            steps = next(n for n in itertools.count(1) if n + 1 not in filled)
        else:
            to_edge = abs(edge[0] - self.row) + abs(edge[1] - self.column)
            steps = min(filled - {0}, default=to_edge)
        return self(1 + steps * down, 1 + steps * right)

    @property
    def name(self) -> Name | None:
        for name in self.sheet.book.names:
            if getattr(name.cells, "AbsoluteName", None) == self.api.AbsoluteName:
                return name
        return None

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, f"={_quoted(self.sheet.name)}!{self.address}")

    def select(self) -> None:
        self.sheet.activate()
        self.sheet.book.api.CurrentController.select(self.api)

    # Formats

    font = property(lambda self: Font(self))
    color = _format("CellBackColor", _read_color, _write_color)
    wrap_text = _format("IsTextWrapped", bool, bool)
    vertical_alignment = _format("VertJustify", VERTICAL.get, list(VERTICAL.values()).index)
    _number_format = _format("NumberFormat", int, int)

    @property
    def number_format(self) -> str | None:
        if (key := self._number_format) is None:
            return None
        shown = self.sheet.book.api.NumberFormats.getByKey(key)
        if shown.Type & (DATE | TIME):  # which LibreOffice writes in capitals
            return str(shown.FormatString).lower().replace("am/pm", "AM/PM")
        return str(shown.FormatString)

    @number_format.setter
    def number_format(self, value: str) -> None:
        formats, english = self.sheet.book.api.NumberFormats, self.sheet.book.english
        key = formats.queryKey(value, english, False)
        self._number_format = formats.addNew(value, english) if key == -1 else key

    @property
    def column_width(self) -> float | None:
        """The width in characters, of 7 pixels each and 5 around them, as in Calibri 11."""
        columns = self.api.Columns
        widths = {columns.getByIndex(index).Width for index in range(columns.Count)}
        return round((widths.pop() / 2540 * 96 - 5) / 7, 1) if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.formattable().Columns.Width = round((value * 7 + 5) / 96 * 2540)

    @property
    def row_height(self) -> float | None:
        """The height in points."""
        rows = self.api.Rows
        heights = {rows.getByIndex(index).Height for index in range(rows.Count)}
        return round(heights.pop() / 2540 * 72, 1) if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.formattable().Rows.Height = round(value / 72 * 2540)

    def autofit(self, axis: str | None = None) -> None:
        cells = self.formattable()
        if axis in (None, "columns", "c"):
            cells.Columns.OptimalWidth = True
        if axis in (None, "rows", "r"):
            cells.Rows.OptimalHeight = True

    # Links and notes

    first_cell = property(lambda self: self.api.getCellByPosition(0, 0))

    @property
    def hyperlink(self) -> str:
        """The address of the link in the cell, in Excel's notation: ``#'Phụ lục'!D12``."""
        fields = self.first_cell.getTextFields().createEnumeration()
        if not fields.hasMoreElements():
            raise LookupError("The cell doesn't seem to contain a hyperlink!")
        url = str(fields.nextElement().URL)
        return "!".join(url.rsplit(".", 1)) if url.startswith("#") and "!" not in url else url

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str) -> None:
        self.formattable()
        link = self.sheet.book.api.createInstance("com.sun.star.text.TextField.URL")
        link.URL, link.Representation = address, text_to_display
        self.first_cell.String = ""
        self.first_cell.insertTextContent(self.first_cell.createTextCursor(), link, False)

    note = property(lambda self: Note(self) if self.first_cell.Annotation.String else None)

    def add_note(self, text: str) -> Note:
        self.formattable()
        self.sheet.api.Annotations.insertNew(self.first_cell.CellAddress, text)
        return Note(self)


@_provided
class Font(base_classes.Font):
    """The font of a range."""

    api: Any

    def __init__(self, range: Range) -> None:
        self.api, self.formattable = range.api, range.formattable

    bold = _format("CharWeight", lambda weight: weight > 100, lambda bold: 150.0 if bold else 100.0)
    italic = _format("CharPosture", lambda slant: slant.value != "NONE", _slant)
    size = _format("CharHeight", float, float)
    color = _format("CharColor", lambda color: _read_color(max(color, 0)), _write_color)
    name = _format("CharFontName", str, str)


@_provided
class Note(base_classes.Note):
    """The note of a cell."""

    location: Range

    def __init__(self, location: Range) -> None:
        self.location = location

    api = property(lambda self: self.location.first_cell.Annotation)
    author = property(lambda self: str(self.api.Author))

    @property
    def text(self) -> str:
        return str(self.api.String)

    @text.setter
    def text(self, value: str) -> None:
        self.location.formattable()
        self.api.setString(value)

    def delete(self) -> None:
        self.location.formattable().clearContents(NOTES)


@_provided
class Names(base_classes.Names):
    """The defined names of a workbook, those of its sheets included, or those of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self._book, self._sheet = book, sheet

    def __iter__(self) -> Iterator[Name]:
        for owner in [self._sheet] if self._sheet else [self._book, *self._book.sheets]:
            for name in owner.api.NamedRanges.ElementNames:
                yield Name(self._book, owner, name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: str | int) -> Name:
        if self._sheet and isinstance(key, str):
            key = f"{_quoted(self._sheet.name)}!{key.rpartition('!')[2]}"
        return _item(self, key)

    def snapshot(self) -> list[tuple[str, Name]]:
        return [(name.name, name) for name in self]

    def contains(self, key: str | int) -> bool:
        with contextlib.suppress(LookupError):
            return bool(self(key))
        return False

    def add(self, name: str, refers_to: str) -> Name:
        """Add a name, or change the one that there is.

        Raises:
            ValueError: The name has a dot; LibreOffice takes that from a file only.
        """
        sheet, _, bare = name.rpartition("!")
        owner = self._book.sheets(_unquoted(sheet)) if sheet else self._sheet or self._book
        if "." in bare:
            raise ValueError(f"{bare}: LibreOffice adds no name with a dot")
        if not owner.api.NamedRanges.hasByName(bare):
            corner = self._book.sheets(1).api.getCellByPosition(0, 0).CellAddress
            owner.api.NamedRanges.addNewByName(bare, "0", corner, 0)
        added = Name(self._book, owner, bare)
        added.refers_to = refers_to
        return added


@_provided
class Name(base_classes.Name):
    """A defined name; its owner is a sheet or the workbook."""

    def __init__(self, book: Book, owner: Book | Sheet, name: str) -> None:
        self._book, self._owner, self._name = book, owner, name

    api = property(lambda self: self._owner.api.NamedRanges.getByName(self._name))
    cells = property(lambda self: self.api.getReferredCells())  # None: it is no range

    @property
    def name(self) -> str:
        own = isinstance(self._owner, Sheet)
        return f"{_quoted(self._owner.name)}!{self._name}" if own else self._name

    @property
    def refers_to(self) -> str:
        return self._book.formula(self.api.getTokens(), self.api.ReferencePosition)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.setTokens(self._book.tokens(value, self.api.ReferencePosition))

    @property
    def refers_to_range(self) -> Range:
        cells = self.cells
        if cells is None:
            raise ValueError(f"{self.name} does not refer to a range: {self.refers_to}")
        return self._book.range(cells.RangeAddress)

    def delete(self) -> None:
        self._owner.api.NamedRanges.removeByName(self._name)


class SheetApi:
    """A UNO sheet, protected through the names that Excel's own sheet object has.

    xlwings has no protection; ``sheet.api.ProtectContents``, ``.Unprotect()`` and ``.Protect()`` do
    the same on Excel and here.
    """

    def __init__(self, uno: Any) -> None:
        self.uno = uno

    def __getattr__(self, name: str) -> Any:
        return getattr(self.uno, name)

    ProtectContents = property(lambda self: bool(self.uno.isProtected()))

    def Protect(self, Password: str = "", **permissions: bool) -> None:
        """Protect; the *permissions* are not used, since LibreOffice keeps those of the file."""
        self.uno.protect(Password)

    def Unprotect(self, Password: str = "") -> None:
        """Take the protection away."""
        self.uno.unprotect(Password)


class BookApi(SheetApi):
    """A UNO workbook, whose structure is protected in the same way."""

    ProtectStructure = SheetApi.ProtectContents


def _typed(number: float, kind: int) -> Any:
    """Return *number* as COM hands over a cell whose number format is of the *kind*."""
    if kind & DATE:
        return utils.xlserial_to_datetime(number)
    if kind & CURRENCY:
        return Decimal(repr(number)).quantize(Decimal("0.0001"))
    return bool(number) if kind & LOGICAL and number in (0, 1) else number


def _stored(value: Any) -> float | str:
    """Return *value* as a cell holds it, or ``""`` if that takes `Range._enter`."""
    if isinstance(value, (bool, dt.date)) or (
        isinstance(value, str) and _NOT_PLAIN.fullmatch(value)
    ):
        return ""
    return value if isinstance(value, str) else float(value)


def _set_number(cell: Any, number: float, key: int) -> None:
    """Store *number*, with the number format *key* where the cell has none of its own."""
    cell.Value = number
    if cell.getPropertyState("NumberFormat").value == "DEFAULT_VALUE":
        cell.NumberFormat = key


def _item(things: Any, key: str | int) -> Any:
    """Return the one of *things* at the position *key*, from 1, or of the name *key*."""
    for position, thing in enumerate(things, 1):
        if position == key or (isinstance(key, str) and thing.name.casefold() == key.casefold()):
            return thing
    raise KeyError(key)


def _quoted(sheet: str) -> str:
    """Return the name of a sheet as a formula writes it."""
    plain = re.fullmatch(r"(\[\w+\])?[^\W\d]\w*", sheet)
    return sheet if plain else "'{}'".format(sheet.replace("'", "''"))


def _unquoted(sheet: str) -> str:
    return sheet.removeprefix("'").removesuffix("'").replace("''", "'")


def _has_locked_structure(path: str) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        return bool(_LOCKED_STRUCTURE.search(package.read("xl/workbook.xml").decode()))


ENGINE = xw.Engine(impl=Engine())
xw.engines.add(ENGINE)


@contextlib.contextmanager
def excel_on(office: Office) -> Iterator[xw.App]:
    """Give an app on *office*, with this engine as xlwings' active one; close its books after."""
    before = xw.engines.active
    ENGINE.activate()
    app = ENGINE.impl.apps.attach(office)
    try:
        yield xw.App(impl=app)
    finally:
        app.quit()
        xw.engines.active = before
        if hasattr(xw.Book, "_mock_caller"):
            del xw.Book._mock_caller  # of Book.set_mock_caller
