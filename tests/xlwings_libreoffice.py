"""An xlwings engine over LibreOffice: xlwings' own code, in a real spreadsheet program, on Linux.

The tests of the ribbon actions take the fixture ``excel`` of ``conftest.py``: an ``xw.App`` on this
engine, where ``xw.Book(path)``, converters, formulas, names and formats work as they do on Excel.
Where LibreOffice is more lenient than Excel and an action could rely on it, the engine refuses as
Excel does: a locked cell of a protected sheet, the sheets of a workbook whose structure is
protected, a formula with a mistake in it. ``docs/testing-the-addin.md`` says what is missing.
"""

from __future__ import annotations

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
from office import XLSX, Office, OfficeError, import_uno
from xlwings import base_classes, utils

FILTERS = {".xlsx": XLSX, ".xlsm": "Calc MS Excel 2007 VBA XML", ".pdf": "calc_pdf_Export"}
MAX_ROWS, MAX_COLUMNS = 1048576, 16384

# com.sun.star.sheet.CellFlags
NUMBERS, DATES, TEXTS, NOTES, FORMULAS, FORMATS = 1, 2, 4, 8, 16, 32 | 64 | 256
CONTENTS = NUMBERS | DATES | TEXTS | FORMULAS
# com.sun.star.util.NumberFormat
DATE, DATETIME, CURRENCY, TEXT, LOGICAL = 2, 6, 8, 256, 1024
XL_A1, XL_ENGLISH, ALL_OPCODES = 1, 4, 0x7FFFFFFF  # of FormulaParser and FormulaOpCodeMapper
MISTAKES = {501, 507, 508, 509, 510, 511, 512, 513, 520}  # errors of a formula's text, not of cells

_ADDRESS = re.compile(
    r"\$?[A-Z]{1,3}\$?\d+(:\$?[A-Z]{1,3}\$?\d+)?|\$?[A-Z]{1,3}:\$?[A-Z]{1,3}|\$?\d+:\$?\d+", re.I
)
_MAYBE_NUMBER = re.compile(r".*\d|true$|false$", re.I | re.S)
_DIRECTIONS = {"d": (1, 0), "u": (-1, 0), "r": (0, 1), "l": (0, -1)}
_LIMITS = re.compile(r'<workbookProtection[^>]* lockStructure="(1|true)"')


class ProtectedError(Exception):
    """Excel would refuse this because the sheet or the workbook is protected."""


def _provided(cls: type) -> type:
    """Complete *cls*: annotated members are plain attributes, absent ones say so by their name."""

    def naming(function: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(function)
        def member(*args: object, **kwargs: object) -> Any:
            try:
                return function(*args, **kwargs)
            except NotImplementedError as error:
                if error.args:
                    raise
                message = f"{cls.__name__}.{name}: not provided by the LibreOffice engine"
                raise NotImplementedError(message) from None

        return member

    for name in cls.__annotations__.keys() - vars(cls).keys():
        setattr(cls, name, None)  # in place of the property of xlwings
    for name, member in vars(cls.__base__).items():
        if name in vars(cls) or name.startswith("__"):
            continue
        if isinstance(member, property):
            accessors = (member.fget, member.fset)
            setattr(cls, name, property(*(f and naming(f, name) for f in accessors)))
        elif callable(member):
            setattr(cls, name, naming(member, name))
    return cls


class Engine:
    """What xlwings asks of an engine beside the objects below."""

    name = "libreoffice"
    type = "desktop"

    def __init__(self) -> None:
        self.apps = Apps()

    @staticmethod
    def prepare_xl_data_element(value: Any, _options: object) -> Any:
        """Return *value* as `Range.raw_value` takes it: blank is ``""``."""
        if value is None or pd.isna(value):
            return ""
        if isinstance(value, dt.date):
            return value
        if hasattr(value, "dtype"):  # a NumPy scalar
            value = pd.Timestamp(value) if value.dtype.kind == "M" else value.item()
        return value

    @staticmethod
    def clean_value_data(
        data: Sequence[Sequence[Any]],
        date: Callable[..., Any],
        empty: Any,
        number: Callable[[float], Any] | None,
        err_to_str: bool,
    ) -> list[list[Any]]:
        """Return *data* as read by `Range.raw_value`, with the user's options applied."""

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
        return self.attach(Office(), owned=True, add_book=add_book)

    def attach(self, office: Office, *, owned: bool = False, add_book: bool = False) -> App:
        """Return a new app on *office*, which it stops at the end if *owned*."""
        office.start()
        app = App(self, office, owned)
        self.running.insert(0, app)
        if add_book:
            app.books.add()
        return app

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
    """One LibreOffice. What only concerns a screen is remembered and has no effect."""

    pid: int
    engine: Engine
    visible = True
    screen_updating = True
    display_alerts = True
    enable_events = True
    interactive = True

    def __init__(self, apps: Apps, office: Office, owned: bool) -> None:
        self._apps, self.office, self._owned = apps, office, owned
        self.pid = office.pid
        self.engine = ENGINE.impl
        self.open_books: list[Book] = []  # the active one last
        self.numbers = itertools.count(1)  # of the books that have no file
        self.status_texts: list[str] = []
        self._status: str | bool = False
        self._calculation = "automatic"

    @property
    def api(self) -> Any:
        return self.office.create("com.sun.star.frame.Desktop")

    @property
    def books(self) -> Books:
        return Books(self)

    @property
    def selection(self) -> Range | None:
        return self.open_books[-1].selection if self.open_books else None

    @property
    def status_bar(self) -> str | bool:
        return self._status

    @status_bar.setter
    def status_bar(self, value: str | bool) -> None:
        self._status = value
        if value:
            self.status_texts.append(str(value))  # for a test of the progress shown

    @property
    def calculation(self) -> str:
        return self._calculation

    @calculation.setter
    def calculation(self, value: str) -> None:
        self._calculation = value
        for book in self.open_books:
            book.api.enableAutomaticCalculation(value == "automatic")
            if value == "automatic":
                book.api.calculate()

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

    @property
    def api(self) -> Any:
        return self.app.api.Components

    @property
    def active(self) -> Book | None:
        return self.app.open_books[-1] if self.app.open_books else None

    def __iter__(self) -> Iterator[Book]:
        return iter(sorted(self.app.open_books, key=lambda book: book.number))

    def __len__(self) -> int:
        return len(self.app.open_books)

    def __call__(self, key: str | int) -> Book:
        if isinstance(key, int):
            return list(self)[key - 1]
        return _by_name(self, key)

    def add(self) -> Book:
        return Book(
            self.app, self.app.api.loadComponentFromURL("private:factory/scalc", "_blank", 0, ())
        )

    def open(
        self,
        fullname: str,
        update_links: bool | None = None,
        read_only: bool | None = None,
        format: None = None,
        password: str | None = None,
        *others: object,
    ) -> Book:
        if format is not None or any(others):
            raise NotImplementedError("Books.open: only read_only and password are provided")
        options = {"ReadOnly": read_only, "Password": password}
        given = {name: value for name, value in options.items() if value is not None}
        book = Book(self.app, self.app.office.open(fullname, **given).document, Path(fullname))
        if _structure_is_locked(fullname):
            book.api.Protect()  # LibreOffice drops this protection on opening
        return book


@_provided
class Book(base_classes.Book):
    """An open workbook."""

    app: App
    api: BookApi

    def __init__(self, app: App, document: Any, path: Path | None = None) -> None:
        self.app = app
        self.api = BookApi(document)
        self.number = next(app.numbers)
        self._path = path
        app.open_books.append(self)

    @property
    def name(self) -> str:
        return self._path.name if self._path else f"Book{self.number}"

    @property
    def fullname(self) -> str:
        return str(self._path) if self._path else self.name

    @property
    def sheets(self) -> Sheets:
        return Sheets(self)

    @property
    def names(self) -> Names:
        return Names(self)

    @property
    def selection(self) -> Range | None:
        chosen = self.api.CurrentSelection
        return self.range(chosen.RangeAddress) if hasattr(chosen, "RangeAddress") else None

    def range(self, address: Any) -> Range:
        """Return the range at a UNO range *address*."""
        return Range(
            self.sheets(address.Sheet + 1),
            address.StartRow + 1,
            address.StartColumn + 1,
            address.EndRow - address.StartRow + 1,
            address.EndColumn - address.StartColumn + 1,
        )

    def activate(self) -> None:
        self.app.open_books.remove(self)
        self.app.open_books.append(self)

    def save(self, path: str | None = None, password: str | None = None) -> None:
        if password:
            raise NotImplementedError("Book.save: no password with the LibreOffice engine")
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

    def restructured(self) -> Any:
        """Return the UNO sheets, to be changed; refuse if the structure is protected."""
        if self.api.ProtectStructure:
            raise ProtectedError(f"{self.name}: the structure of the workbook is protected")
        return self.api.Sheets

    # Formulas in Excel's English notation, and number formats in its own

    @functools.cached_property
    def _parser(self) -> Any:
        mapper = self.api.createInstance("com.sun.star.sheet.FormulaOpCodeMapper")
        parser = self.api.createInstance("com.sun.star.sheet.FormulaParser")
        parser.CompileEnglish = True
        parser.FormulaConvention = XL_A1
        parser.OpCodeMap = mapper.getAvailableMappings(XL_ENGLISH, ALL_OPCODES)
        return parser

    def parse(self, formula: str, at: Any) -> Any:
        """Return *formula* as tokens; relative references start from the cell address *at*."""
        return self._parser.parseFormula(formula.removeprefix("="), at)

    def print(self, tokens: Any, at: Any) -> str:
        """Return *tokens* as a formula of the cell address *at*."""
        return "=" + self._parser.printFormula(tokens, at)

    @functools.cached_property
    def english(self) -> Any:
        """The locale of number formats and of text that is read as a number."""
        return self.app.office.struct("com.sun.star.lang.Locale", Language="en", Country="US")

    def format_type(self, key: int) -> int:
        """Return what kind of value the number format *key* shows."""
        return int(self.api.NumberFormats.getByKey(key).Type)

    @functools.cached_property
    def number_reader(self) -> Any:
        """LibreOffice's reader of numbers and dates in text."""
        reader = self.app.office.create("com.sun.star.util.NumberFormatter")
        reader.attachNumberFormatsSupplier(self.api.uno)
        return reader


@_provided
class Sheets(base_classes.Sheets):
    """The sheets of a workbook."""

    def __init__(self, book: Book) -> None:
        self._book = book

    @property
    def api(self) -> Any:
        return self._book.api.Sheets

    @property
    def active(self) -> Sheet:
        return Sheet(self._book, self._book.api.CurrentController.ActiveSheet)

    def __call__(self, key: str | int) -> Sheet:
        if isinstance(key, int):
            return Sheet(self._book, self.api.getByIndex(key - 1))
        return _by_name(self, key)

    def __len__(self) -> int:
        return int(self.api.Count)

    def __iter__(self) -> Iterator[Sheet]:
        return (self(index + 1) for index in range(len(self)))

    def add(
        self, before: Sheet | None = None, after: Sheet | None = None, name: str | None = None
    ) -> Sheet:
        sheets = self._book.restructured()
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
        self.book = book
        self.api = SheetApi(uno)

    @property
    def name(self) -> str:
        return str(self.api.Name)

    @name.setter
    def name(self, value: str) -> None:
        self.book.restructured()
        self.api.uno.Name = value

    @property
    def index(self) -> int:
        return int(self.api.RangeAddress.Sheet) + 1

    @property
    def names(self) -> Names:
        return Names(self.book, self)

    @property
    def notes(self) -> list[Note]:
        cells = [(note.Position.Row + 1, note.Position.Column + 1) for note in self.api.Annotations]
        return [Note(self.range(cell)) for cell in cells]

    @property
    def visible(self) -> bool:
        return bool(self.api.IsVisible)

    @visible.setter
    def visible(self, value: bool) -> None:
        self.book.restructured()
        self.api.uno.IsVisible = value

    @property
    def cells(self) -> Range:
        return Range(self, 1, 1, MAX_ROWS, MAX_COLUMNS)

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
        corners = (first, self._range(arg2))
        row, column = (min(getattr(c, side) for c in corners) for side in ("row", "column"))
        last_row = max(corner.row + corner.shape[0] for corner in corners)
        last_column = max(corner.column + corner.shape[1] for corner in corners)
        return Range(self, row, column, last_row - row, last_column - column)

    def _range(self, what: Any) -> Range:
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
        self.book.restructured().removeByName(self.name)


def _format(property_name: str, read: Callable[[Any], Any], write: Callable[[Any], Any]) -> Any:
    """Return a Python property over the UNO property of cells; ``None`` where cells differ."""

    def get(self: Range | Font) -> Any:
        if self.api.getPropertyState(property_name).value == "AMBIGUOUS_VALUE":
            return None
        return read(self.api.getPropertyValue(property_name))

    def put(self: Range | Font, value: Any) -> None:
        self.formatted().setPropertyValue(property_name, write(value))

    return property(get, put)


def _read_color(value: int) -> tuple[int, int, int] | None:
    return None if value == -1 else (value >> 16, value >> 8 & 255, value & 255)


def _write_color(value: str | int | Sequence[int] | None) -> int:
    if value is None:
        return -1
    if isinstance(value, str):
        value = utils.hex_to_rgb(value)
    elif isinstance(value, int):
        value = utils.int_to_rgb(value)
    red, green, blue = value
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
        if 0 in self.shape:
            return None
        top, left = self.row - 1, self.column - 1
        bottom, right = top + self.shape[0] - 1, left + self.shape[1] - 1
        return self.sheet.api.getCellRangeByPosition(left, top, right, bottom)

    def __len__(self) -> int:
        return self.shape[0] * self.shape[1]

    def __call__(self, row: int, column: int | None = None) -> Range:
        if column is None:
            rows, columns = divmod(row - 1, self.shape[1])
            row, column = rows + 1, columns + 1
        return self.sheet.range((self.row + row - 1, self.column + column - 1))

    def writable(self) -> Any:
        """Return the UNO cells, to be filled; refuse as Excel does if one is locked."""
        mixed = self.api.getPropertyState("CellProtection").value == "AMBIGUOUS_VALUE"
        if self.sheet.api.ProtectContents and (mixed or self.api.CellProtection.IsLocked):
            raise ProtectedError(f"{self.sheet.name}!{self.address}: a locked cell")
        return self.api

    def formatted(self) -> Any:
        """Return the UNO cells, to be formatted; refuse if the sheet is protected."""
        if self.sheet.api.ProtectContents:
            raise ProtectedError(f"{self.sheet.name}!{self.address}: on a protected sheet")
        return self.api

    # Values

    @property
    def raw_value(self) -> Any:
        """The value of a cell, or rows of them: float, text, bool, datetime, `Decimal`, ``None``.

        As over COM, the number format decides: a date is a datetime, a currency a `Decimal`.
        """
        if self.api is None:
            return None
        rows = [[None if v == "" else v for v in row] for row in self.api.getDataArray()]
        self._read_errors(rows)
        self._read_formats(rows)
        return rows[0][0] if len(self) == 1 else tuple(map(tuple, rows))

    def _read_errors(self, rows: list[list[Any]]) -> None:
        for y, row in enumerate(self.api.getDataArray()):
            for x in (x for x, value in enumerate(row) if value is None):
                text = self.api.getCellByPosition(x, y).String
                code = {"Err:521": "#NULL!"}.get(text, text)
                rows[y][x] = OfficeError("#VALUE!" if code.startswith("Err:") else code)

    def _read_formats(self, rows: list[list[Any]]) -> None:
        formats = self.api.getUniqueCellFormatRanges()
        for ranges in (formats.getByIndex(index) for index in range(formats.Count)):
            kind = self.sheet.book.format_type(ranges.NumberFormat)
            for y, x in self._cells_of(ranges) if kind & (DATE | CURRENCY | LOGICAL) else ():
                if isinstance(rows[y][x], float):
                    rows[y][x] = _typed(rows[y][x], kind)
        for y, x in self._cells_of(self.api.queryFormulaCells(NUMBERS)):
            if rows[y][x] in (0.0, 1.0):  # truth values have no type of their own in Calc
                kind = self.sheet.book.format_type(self.api.getCellByPosition(x, y).NumberFormat)
                rows[y][x] = _typed(rows[y][x], kind & LOGICAL)

    def _cells_of(self, ranges: Any) -> Iterator[tuple[int, int]]:
        """Yield row and column, within this range, of every cell of the UNO *ranges*."""
        for area in ranges.RangeAddresses:
            for row in range(area.StartRow, area.EndRow + 1):
                for column in range(area.StartColumn, area.EndColumn + 1):
                    yield row - self.row + 1, column - self.column + 1

    @raw_value.setter
    def raw_value(self, data: Any) -> None:
        if self.api is None:
            return
        filled = not isinstance(data, (list, tuple))
        rows = [[data] * self.shape[1]] * self.shape[0] if filled else data
        if {len(row) for row in rows} != {self.shape[1]} or len(rows) != self.shape[0]:
            raise ValueError(f"{self.address} takes {self.shape[0]} rows of {self.shape[1]} cells")
        cells = self.writable()
        cells.setDataArray(tuple(tuple(map(_stored, row)) for row in rows))
        for y, row in enumerate(rows):
            for x, value in enumerate(row):
                if isinstance(value, (str, bool, dt.date)):
                    cell = cells.getCellByPosition(x, y)
                    start = cells.getCellByPosition(0, 0) if filled else cell
                    self._enter(cell, value, start.CellAddress)

    def _enter(self, cell: Any, value: str | bool | dt.date, start: Any) -> None:
        """Make of *value* what Excel makes of it; the references of a formula begin at *start*."""
        book = self.sheet.book
        formats = book.api.NumberFormats
        if isinstance(value, bool):
            self._enter_number(cell, value, formats.getStandardFormat(LOGICAL, book.english))
        elif isinstance(value, dt.date):
            kind = (
                DATETIME if isinstance(value, dt.datetime) and value.time() != dt.time() else DATE
            )
            key = formats.getStandardFormat(kind, book.english)
            self._enter_number(cell, utils.datetime_to_xlserial(value), key)
        elif value.startswith("'"):
            cell.String = value[1:]
        elif value.startswith("=") and book.format_type(cell.NumberFormat) != TEXT:
            cell.setTokens(book.parse(value, start))
            if cell.getError() in MISTAKES:
                cell.clearContents(CONTENTS)
                raise ValueError(f"{self.sheet.name}!{self.address}: a mistake in {value}")
        elif _MAYBE_NUMBER.match(value) and book.format_type(cell.NumberFormat) != TEXT:
            general = formats.getStandardIndex(book.english)
            with contextlib.suppress(self.sheet.book.app.office.uno_exception()):  # stays text
                key = book.number_reader.detectNumberFormat(general, value)
                number = book.number_reader.convertStringToNumber(key, value)
                self._enter_number(cell, number, key)

    def _enter_number(self, cell: Any, number: float, key: int) -> None:
        cell.Value = number
        shown = self.sheet.book.api.NumberFormats.getByKey(cell.NumberFormat).FormatString
        if shown == "General":
            cell.NumberFormat = key

    @property
    def formula(self) -> Any:
        if self.api is None:
            return None
        rows = self.api.getFormulaArray()
        texts = tuple(
            tuple(self._formula(x, y, text) for x, text in enumerate(row))
            for y, row in enumerate(rows)
        )
        return texts[0][0] if len(self) == 1 else texts

    @formula.setter
    def formula(self, value: Any) -> None:
        self.raw_value = value  # Excel reads both in the same way

    formula2 = formula

    def _formula(self, x: int, y: int, text: str) -> str:
        if text.startswith("="):
            cell = self.api.getCellByPosition(x, y)
            if cell.Type.value == "FORMULA":
                return self.sheet.book.print(cell.getTokens(), cell.CellAddress)
        return text.removeprefix("'")

    @property
    def has_array(self) -> bool:
        return bool(self.api is not None and self.api.getArrayFormula())

    def clear(self) -> None:
        self.formatted().clearContents(CONTENTS | FORMATS | NOTES)

    def clear_contents(self) -> None:
        self.writable().clearContents(CONTENTS)

    def clear_formats(self) -> None:
        self.formatted().clearContents(FORMATS)

    # Places

    @property
    def address(self) -> str:
        return self.get_address(True, True, False)

    def get_address(self, row_absolute: bool, col_absolute: bool, external: bool) -> str:
        def cell(row: int, column: int) -> str:
            return f"{'$' * col_absolute}{utils.col_name(column)}{'$' * row_absolute}{row}"

        rows, columns = self.shape
        address = cell(self.row, self.column)
        if len(self) != 1:
            address += ":" + cell(self.row + rows - 1, self.column + columns - 1)
        if external:
            return f"{_quoted(f'[{self.sheet.book.name}]{self.sheet.name}')}!{address}"
        return address

    def end(self, direction: str) -> Range:
        down, right = _DIRECTIONS[direction[0]]
        used = self.sheet.used_range
        edge_row = MAX_ROWS if down > 0 else 1
        edge_column = MAX_COLUMNS if right > 0 else 1
        last_row = max(self.row, used.row + used.shape[0] - 1) if down > 0 else edge_row
        last_column = (
            max(self.column, used.column + used.shape[1] - 1) if right > 0 else edge_column
        )
        line = self.sheet.range(
            self(1, 1), (last_row if down else self.row, last_column if right else self.column)
        )
        filled = [bool(text) for row in line.api.getFormulaArray() for text in row]
        if down < 0 or right < 0:
            filled.reverse()
        run = len(list(itertools.takewhile(bool, filled)))
        if run > 1:
            steps = run - 1
        elif True in filled[1:]:
            steps = filled.index(True, 1)
        else:
            return self.sheet.range(
                (edge_row if down else self.row, edge_column if right else self.column)
            )
        return self(1 + steps * down, 1 + steps * right)

    @property
    def current_region(self) -> Range:
        cursor = self.sheet.api.createCursorByRange(self.api)
        cursor.collapseToCurrentRegion()
        return self.sheet.book.range(cursor.RangeAddress)

    @property
    def name(self) -> Name | None:
        for name in self.sheet.book.names:
            if name.cells is not None and name.cells.AbsoluteName == self.api.AbsoluteName:
                return name
        return None

    @name.setter
    def name(self, value: str) -> None:
        self.sheet.book.names.add(value, f"={_quoted(self.sheet.name)}!{self.address}")

    def select(self) -> None:
        self.sheet.activate()
        self.sheet.book.api.CurrentController.select(self.api)

    # Formats

    color = _format("CellBackColor", _read_color, _write_color)
    wrap_text = _format("IsTextWrapped", bool, bool)

    @property
    def font(self) -> Font:
        return Font(self)

    @property
    def number_format(self) -> str | None:
        if self.api.getPropertyState("NumberFormat").value == "AMBIGUOUS_VALUE":
            return None
        return str(self.sheet.book.api.NumberFormats.getByKey(self.api.NumberFormat).FormatString)

    @number_format.setter
    def number_format(self, value: str) -> None:
        formats, english = self.sheet.book.api.NumberFormats, self.sheet.book.english
        key = formats.queryKey(value, english, False)
        self.formatted().NumberFormat = formats.addNew(value, english) if key == -1 else key

    @property
    def column_width(self) -> float | None:
        """The width in characters, of 7 pixels each and 5 around them, as in Calibri 11."""
        columns = self.api.Columns
        widths = {columns.getByIndex(index).Width for index in range(columns.Count)}
        return round((widths.pop() / 2540 * 96 - 5) / 7, 1) if len(widths) == 1 else None

    @column_width.setter
    def column_width(self, value: float) -> None:
        self.formatted().Columns.Width = round((value * 7 + 5) / 96 * 2540)

    @property
    def row_height(self) -> float | None:
        """The height in points."""
        rows = self.api.Rows
        heights = {rows.getByIndex(index).Height for index in range(rows.Count)}
        return round(heights.pop() / 2540 * 72, 1) if len(heights) == 1 else None

    @row_height.setter
    def row_height(self, value: float) -> None:
        self.formatted().Rows.Height = round(value / 72 * 2540)

    def autofit(self, axis: str | None = None) -> None:
        cells = self.formatted()
        if axis in (None, "columns", "c"):
            cells.Columns.OptimalWidth = True
        if axis in (None, "rows", "r"):
            cells.Rows.OptimalHeight = True

    # Links and notes

    @property
    def hyperlink(self) -> str:
        """The address of the link in the cell, in Excel's notation: ``#'Phụ lục'!D12``."""
        fields = self.api.getCellByPosition(0, 0).getTextFields().createEnumeration()
        if not fields.hasMoreElements():
            raise LookupError("The cell doesn't seem to contain a hyperlink!")
        url = str(fields.nextElement().URL)
        if url.startswith("#") and "!" not in url:
            url = "!".join(url.rsplit(".", 1))
        return url

    def add_hyperlink(self, address: str, text_to_display: str, screen_tip: str) -> None:
        cell = self.formatted().getCellByPosition(0, 0)
        link = self.sheet.book.api.createInstance("com.sun.star.text.TextField.URL")
        link.URL, link.Representation = address, text_to_display
        cell.String = ""
        cell.insertTextContent(cell.createTextCursor(), link, False)

    @property
    def note(self) -> Note | None:
        return Note(self) if self.api.getCellByPosition(0, 0).Annotation.String else None

    def add_note(self, text: str) -> Note:
        cell = self.formatted()
        self.sheet.api.Annotations.insertNew(cell.getCellByPosition(0, 0).CellAddress, text)
        return Note(self)


@_provided
class Font(base_classes.Font):
    """The font of a range."""

    api: Any

    def __init__(self, range: Range) -> None:
        self.api = range.api
        self.formatted = range.formatted

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

    @property
    def api(self) -> Any:
        return self.location.api.getCellByPosition(0, 0).Annotation

    @property
    def text(self) -> str:
        return str(self.api.String)

    @text.setter
    def text(self, value: str) -> None:
        self.location.formatted()
        self.api.setString(value)

    @property
    def author(self) -> str:
        return str(self.api.Author)

    def delete(self) -> None:
        self.location.formatted().clearContents(NOTES)


@_provided
class Names(base_classes.Names):
    """The defined names of a workbook, those of its sheets included, or those of one sheet."""

    def __init__(self, book: Book, sheet: Sheet | None = None) -> None:
        self._book, self._sheet = book, sheet

    @property
    def api(self) -> Any:
        return (self._sheet or self._book).api.NamedRanges

    def __iter__(self) -> Iterator[Name]:
        for owner in [self._sheet] if self._sheet else [None, *self._book.sheets]:
            for name in (owner or self._book).api.NamedRanges.ElementNames:
                yield Name(self._book, owner, name)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __call__(self, key: str | int) -> Name:
        if isinstance(key, int):
            return list(self)[key - 1]
        return _by_name(self, f"{_quoted(self._sheet.name)}!{key}" if self._sheet else key)

    def contains(self, key: str | int) -> bool:
        try:
            return bool(self(key))
        except LookupError:
            return False

    def add(self, name: str, refers_to: str) -> Name:
        """Add a name, or change the one that there is.

        Raises:
            ValueError: LibreOffice takes no name with a dot, except from a file.
        """
        sheet, _, bare = name.rpartition("!")
        owner = self._book.sheets(_unquoted(sheet)) if sheet else self._sheet
        ranges = (owner or self._book).api.NamedRanges
        if "." in bare:
            raise ValueError(f"{bare}: LibreOffice adds no name with a dot")
        if not ranges.hasByName(bare):
            corner = self._book.sheets(1).api.getCellByPosition(0, 0).CellAddress
            ranges.addNewByName(bare, "0", corner, 0)
        added = Name(self._book, owner, bare)
        added.refers_to = refers_to
        return added


@_provided
class Name(base_classes.Name):
    """A defined name."""

    def __init__(self, book: Book, sheet: Sheet | None, name: str) -> None:
        self._book, self._sheet, self._name = book, sheet, name

    @property
    def api(self) -> Any:
        return (self._sheet or self._book).api.NamedRanges.getByName(self._name)

    @property
    def name(self) -> str:
        return f"{_quoted(self._sheet.name)}!{self._name}" if self._sheet else self._name

    @property
    def refers_to(self) -> str:
        return self._book.print(self.api.getTokens(), self.api.ReferencePosition)

    @refers_to.setter
    def refers_to(self, value: str) -> None:
        self.api.setTokens(self._book.parse(value, self.api.ReferencePosition))

    @property
    def cells(self) -> Any:
        """The UNO cells, ``None`` if the name is not one of a range."""
        return self.api.getReferredCells()

    @property
    def refers_to_range(self) -> Range:
        if self.cells is None:
            raise ValueError(f"{self.name} does not refer to a range: {self.refers_to}")
        return self._book.range(self.cells.RangeAddress)

    def delete(self) -> None:
        (self._sheet or self._book).api.NamedRanges.removeByName(self._name)


class SheetApi:
    """A UNO sheet that is protected by the names of Excel's own object.

    ``sheet.api.ProtectContents``, ``.Unprotect()`` and ``.Protect()`` therefore do the same under
    Excel and here. xlwings itself has no protection.
    """

    def __init__(self, uno: Any) -> None:
        self.uno = uno

    def __getattr__(self, name: str) -> Any:
        return getattr(self.uno, name)

    @property
    def ProtectContents(self) -> bool:
        """Whether locked cells are protected."""
        return bool(self.uno.isProtected())

    def Protect(self, Password: str = "", **permissions: bool) -> None:
        """Protect; the *permissions* of Excel are not needed, since the sheet keeps its own."""
        self.uno.protect(Password)

    def Unprotect(self, Password: str = "") -> None:
        """Take the protection away."""
        self.uno.unprotect(Password)


class BookApi(SheetApi):
    """A UNO workbook whose structure is protected by the names of Excel's own object."""

    @property
    def ProtectStructure(self) -> bool:
        """Whether sheets can be added, removed, renamed and hidden."""
        return bool(self.uno.isProtected())


def _typed(number: float, kind: int) -> Any:
    """Return *number* as COM hands over a cell whose number format is of the *kind*."""
    if kind & DATE:
        return utils.xlserial_to_datetime(number)
    if kind & CURRENCY:
        return Decimal(repr(number)).quantize(Decimal("0.0001"))
    return bool(number) if kind & LOGICAL and number in (0, 1) else number


def _stored(value: Any) -> float | str:
    """Return *value* as a cell stores it before `Range._enter` looks at it."""
    return value if isinstance(value, str) else 0.0 if isinstance(value, dt.date) else float(value)


def _by_name(things: Any, name: str) -> Any:
    for thing in things:
        if thing.name.casefold() == name.casefold():
            return thing
    raise KeyError(name)


def _quoted(sheet: str) -> str:
    return sheet if re.fullmatch(r"(\[\w+\])?\w+", sheet) else f"'{sheet}'"


def _unquoted(sheet: str) -> str:
    return sheet.removeprefix("'").removesuffix("'").replace("''", "'")


def _structure_is_locked(path: str) -> bool:
    if not zipfile.is_zipfile(path):
        return False
    with zipfile.ZipFile(path) as package:
        return bool(_LIMITS.search(package.read("xl/workbook.xml").decode()))


ENGINE = xw.Engine(impl=Engine())
xw.engines.add(ENGINE)


@contextlib.contextmanager
def excel_on(office: Office) -> Iterator[xw.App]:
    """Give an app on *office*, with xlwings' active engine set to this one; close its books."""
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
