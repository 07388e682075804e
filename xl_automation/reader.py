"""Workbook → submission.

The form says where every figure stands; the file gives only values. Labels, defined names, form
and version must be those that were issued, else the file is refused by name. Percentages are
never taken from the file: :mod:`submission` recomputes them.

Two ways to the cells give the same: python-calamine, fast but blind to error values, to which
cells hold formulas and which show percentages; openpyxl, exact. The fast one is taken where a look
at the sheet's XML shows no error value and formulas only where they were issued, and the styles
have no percentage.
"""

from __future__ import annotations

import html
import re
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from typing import Any, cast

import openpyxl
import python_calamine
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import to_excel

from xl_automation import guard, package
from xl_automation import layout as at
from xl_automation.layout import Layout
from xl_automation.model import Form, Period, SupportTable
from xl_automation.numbers import CellError, CellValue, Reading, Share, read_number
from xl_automation.refusal import Refusal
from xl_automation.styles import number_formats
from xl_automation.submission import EXCEL_EPOCH, Submission

_NAME = re.compile(r"'?(.+?)'?!\$([A-Z]+)\$([0-9]+)")
_FORMULA_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f')
_FORMULA_TEXT = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^>]*>\s*<f(?:\s[^>]*)?(?:/>|>([^<]*))')
_ERROR_CELL = re.compile(rb"""<c [^>]*t=["']e["']""")
_NEAR_CELL = re.compile(rb'<c r="[A-Z][0-9]{1,3}"[\s/>]')
_NEAR_ROW = re.compile(rb'<row r="[0-9]{1,3}"[\s/>]')
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')
FAR_COLUMN, FAR_ROW = 26, 999  # nothing is read beyond: a cell at XFD1048576 costs no memory


@dataclass(frozen=True, slots=True)
class Found:
    """The names that the sheets have in a file."""

    page: str
    info: str
    table_sheets: Mapping[str, str]  # supporting tables by id

    def tables(self, form: Form) -> list[tuple[SupportTable, str]]:
        """Return the supporting tables that the file has, with their sheets."""
        return [(t, self.table_sheets[t.id]) for t in form.tables if t.id in self.table_sheets]

    def name_of(self, sheet: str, form: Form) -> str:
        """Return the name that a sheet of the issued workbook has in the file."""
        return self.issued(form)[sheet]

    def issued(self, form: Form) -> dict[str, str]:
        """Return the names of the sheets in the file by those in the issued workbook."""
        names = {form.sheet: self.page, at.INFO_SHEET: self.info}
        return names | {table.sheet: name for table, name in self.tables(form)}


@dataclass(frozen=True, slots=True)
class Formula:
    """A cell that holds a formula; its text is not known on the fast way."""

    text: str | None = None


Cell = CellValue | Formula

WINDOW_CELLS = {f"{at.INFO_VALUE}{at.INFO_ROWS[name][0]}" for name in ("TT_TU_NGAY", "TT_DEN_NGAY")}


@dataclass(frozen=True)
class Sheets:
    """The cells of the sheets that are read, by address; blank cells are left out."""

    page: Mapping[str, Cell]
    info: Mapping[str, Cell]
    tables: Mapping[str, Mapping[str, Cell]]  # supporting tables by id
    # Value of a formula as last computed by the program that saved the file.
    cached: Callable[[str, str], CellValue] = field(
        repr=False, compare=False, default=lambda _sheet, _address: None
    )


def read_submission(path: Path | str, form: Form) -> Submission:
    """Return what the workbook at *path* says.

    Raises:
        Refusal: If the file cannot be read or trusted.
    """
    opened = guard.open_package(Path(path))
    names = defined_names(opened)
    found = find_sheets(names, form)
    sheets = read_fast(opened, found, form) or read_exactly(opened, found)
    read = understand(form, sheets, names, opened.path)
    saved = opened.path.stat().st_mtime
    return replace(read, sha256=opened.sha256, size=opened.size, saved=saved)


def understand(
    form: Form, sheets: Sheets, names: Mapping[str, tuple[str, str]], path: Path
) -> Submission:
    """Return what the cells of a workbook say, of a file or of one open in Excel.

    Args:
        form: The form.
        sheets: The cells.
        names: Sheet and address of each defined name.
        path: What the workbook is called.

    Raises:
        Refusal: If it is not the form as issued.
    """
    return _Reader(form, sheets, names, find_sheets(names, form).page, path).submission()


# --- cells -------------------------------------------------------------------------------------


def read_fast(opened: guard.Package, found: Found, form: Form) -> Sheets | None:
    """Return the cells by python-calamine, or None where it would be blind."""
    contents = {name: opened.parts[part] for name, part in _parts_of(opened, found).items()}
    layout = Layout(form)
    issued = {layout.cell(id): text for id, text in issued_formulas(layout).items()}
    rows, printed = set(layout.rows.values()), re.compile(f"([{at.STT}-{at.NOTE}])([0-9]+)")
    figures = {
        one
        for one in formula_cells(contents[found.page])
        if (match := printed.fullmatch(one)) and int(match[2]) in rows
    }
    # A percentage that was typed over holds no formula any more: a value like any other.
    typed = (figures - issued.keys()) | (formula_cells(contents[found.info]) - WINDOW_CELLS)
    for address, text in formula_texts(contents[found.page]):
        if address in issued and not same_formula(text, issued[address]):
            typed.add(address)
    if typed or any(_unclear(content) for content in contents.values()):
        return None
    if any(map(shows_percent, number_formats(opened.parts))):
        return None
    if _typed_helpers(contents[found.page], layout):
        return None
    if any(_typed_table(contents[sheet], table) for table, sheet in found.tables(form)):
        return None
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(opened.stored())
        cells = {name: _addressed(book, name) for name in contents}
    except python_calamine.CalamineError as error:
        raise Refusal("damaged", reason="không đọc được nội dung các ô") from error
    for sheet, addresses in ((found.page, issued.keys()), (found.info, WINDOW_CELLS)):
        for address in addresses & formula_cells(contents[sheet]):
            cells[sheet][address] = Formula()
    tables = {table.id: cells[sheet] for table, sheet in found.tables(form)}
    return Sheets(cells[found.page], cells[found.info], tables)


def issued_formulas(layout: Layout) -> dict[str, str]:
    """Return the formula that each percentage's cell was issued with, by id."""
    return {
        item.id: layout.formulas(item)[layout.cell(item.id)]
        for item in layout.form.figures
        if item.percent is not None
    }


def same_formula(one: str, other: str) -> bool:
    """Whether two formulas are the same as programs write them: ``=IF($A$1="","",1)``."""
    plain = (re.sub(r"[$\s]", "", text).removeprefix("=").upper() for text in (one, other))
    return next(plain) == next(plain)


def formula_texts(content: bytes) -> Iterator[tuple[str, str]]:
    """Yield address and formula of the cells of a worksheet's XML that hold formulas."""
    for match in _FORMULA_TEXT.finditer(content):
        yield match[1].decode(), html.unescape((match[2] or b"").decode("utf-8", "replace"))


def formula_cells(content: bytes) -> set[str]:
    """Return the addresses of the cells of a worksheet's XML that hold formulas."""
    return {match.group(1).decode() for match in _FORMULA_CELL.finditer(content)}


def _unclear(content: bytes) -> bool:
    """Whether a worksheet's XML has an error value, far cells, or is written in another way."""
    plain = {b"c": _NEAR_CELL, b"row": _NEAR_ROW, b"f": _FORMULA_CELL}
    return bool(_ERROR_CELL.search(content)) or any(
        len(re.findall(rb"<(?:[^\s<>/:]+:)?%s[\s/>]" % tag, content))
        != len(pattern.findall(content))
        for tag, pattern in plain.items()
    )


def shows_percent(number_format: str) -> bool:
    """Whether a number format shows 0.95 as 95 %; quoted signs show nothing.

    >>> shows_percent("0.0%"), shows_percent('0 "%"')
    (True, False)
    """
    return "%" in _QUOTED.sub("", number_format)


def _typed_helpers(content: bytes, layout: Layout) -> bool:
    """Whether a clerk typed a formula into a helper's cell."""
    cells = {layout.cell(id) for id in layout.form.helper_ids}
    return not cells.isdisjoint(formula_cells(content))


def _typed_table(content: bytes, table: SupportTable) -> bool:
    """Whether a clerk typed a formula into a cell of a supporting table."""
    cells = {
        at.table_cell(table, column, row)
        for column in table.inputs
        for row in range(1, table.size + 1)
    }
    return not cells.isdisjoint(formula_cells(content))


def _addressed(book: python_calamine.CalamineWorkbook, name: str) -> dict[str, Cell]:
    grid: list[list[Any]] = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    return {
        f"{get_column_letter(column)}{row}": value
        for row, line in enumerate(grid, start=1)
        for column, value in enumerate(line, start=1)
        if value != ""
    }


def read_exactly(opened: guard.Package, found: Found) -> Sheets:
    """Return the cells by openpyxl: error values and formulas are told apart from the rest."""

    @cache
    def load(data_only: bool) -> openpyxl.Workbook:
        return openpyxl.load_workbook(opened.stored(), read_only=True, data_only=data_only)

    try:
        book = load(data_only=False)
        page, info = (_exact_cells(book[name]) for name in (found.page, found.info))
        tables = {id: _exact_cells(book[name]) for id, name in found.table_sheets.items()}
    except (KeyError, ValueError, TypeError, AttributeError, IndexError) as error:
        # What openpyxl raises on parts that are well-formed but not what the format says.
        raise Refusal("damaged", reason="nội dung các ô không đúng định dạng Excel") from error

    @cache
    def results(sheet: str) -> Mapping[str, Cell]:
        return _exact_cells(load(data_only=True)[sheet])

    def cached(sheet: str, address: str) -> CellValue:
        return cast(CellValue, results(sheet).get(address))

    return Sheets(page, info, tables, cached)


def _exact_cells(sheet: Any) -> dict[str, Cell]:
    found: dict[str, Cell] = {}
    with warnings.catch_warnings():
        # A number beyond the calendar in a cell that shows dates comes as an error value.
        warnings.filterwarnings("ignore", "Cell .* is marked as a date", UserWarning)
        sheet.reset_dimensions()  # what the file says of its own size need not be so
        lines = list(sheet.iter_rows(max_row=FAR_ROW, max_col=FAR_COLUMN))
    for line in lines:
        for cell in line:
            value = cell.value
            if value is None or value == "":
                continue
            if cell.data_type == "f":
                value = Formula(str(value))
            elif cell.data_type == "e":
                value = CellError(str(value))
            elif cell.data_type == "n" and _shows_percent(cell):
                value = Share(value)
            found[f"{get_column_letter(cell.column)}{cell.row}"] = value
    return found


def _shows_percent(cell: Any) -> bool:
    try:
        return shows_percent(cell.number_format)
    except IndexError:  # a style that the file does not have: a plain one
        return False


# --- finding the form in the file --------------------------------------------------------------


def defined_names(opened: guard.Package) -> dict[str, tuple[str, str]]:
    """Return sheet and address of each name of the whole workbook that stands for one cell.

    Excel gives a copied sheet names of its own, which stand for the cells of the copy.
    """
    if package.WORKBOOK not in opened.parts:
        raise Refusal("damaged", reason=f"thiếu phần {package.WORKBOOK}")
    book = package.parse_xml(opened.parts[package.WORKBOOK])
    found = {}
    for item in book.iter(f"{{{package.MAIN}}}definedName"):
        place = one_cell(item.text or "")
        if place and item.get("localSheetId") is None:
            found[item.get("name", "")] = place
    return found


def one_cell(reference: str) -> tuple[str, str] | None:
    """Return sheet and address of what a name refers to, None where that is not one cell.

    >>> one_cell("'Phụ lục'!$D$12")
    ('Phụ lục', 'D12')
    """
    match = _NAME.fullmatch(reference)
    if match is None:
        return None
    sheet, column, row = match.groups()
    return sheet.replace("''", "'"), f"{column}{row}"


def find_sheets(names: Mapping[str, tuple[str, str]], form: Form) -> Found:
    """Return the sheets that hold the form, the information and the supporting tables."""
    figure = form.figures[0].name
    if "TT_BIEU" not in names or figure not in names:
        raise Refusal("wrong-form", expected=form.name, reason=f"không có ô tên {figure}")
    tables = {
        table.id: names[f"BANG_{table.id}"][0]
        for table in form.tables
        if f"BANG_{table.id}" in names
    }
    return Found(names[figure][0], names["TT_BIEU"][0], tables)


def _parts_of(opened: guard.Package, found: Found) -> dict[str, str]:
    """Return the part of each sheet that is read, by the sheet's name."""
    parts = package.sheet_parts(opened.parts)
    wanted = (found.page, found.info, *found.table_sheets.values())
    missing = [name for name in wanted if parts.get(name) not in opened.parts]
    if missing:
        raise Refusal("damaged", reason=f"thiếu sheet “{missing[0]}”")
    return {name: parts[name] for name in wanted}


def same_text(one: object, other: str) -> bool:
    """Whether two labels are the same, white space and Unicode form aside."""
    return plain_text(one) == plain_text(other)


def plain_text(value: object) -> str:
    """Return *value* as text in which white space and Unicode form do not matter."""
    return " ".join(unicodedata.normalize("NFC", str(value if value is not None else "")).split())


class _Reader:
    """Reads one workbook whose cells are known."""

    def __init__(
        self,
        form: Form,
        sheets: Sheets,
        names: Mapping[str, tuple[str, str]],
        page: str,
        path: Path,
    ):
        self.form, self.sheets, self.names = form, sheets, names
        self.page, self.path = page, path
        self.layout = Layout(form)
        self._issued = issued_formulas(self.layout)

    def submission(self) -> Submission:
        self._verify_identity()
        self._verify_names()
        self._verify_labels()
        code, name = self._unit()
        return Submission(
            path=self.path,
            form_id=self.form.id,
            form_version=self.form.version,
            level=self._level(),
            unit_code=code,
            unit_name=name,
            period=self._period(),
            readings=self._readings(),
            notes=self._notes(),
            dates=self._dates(),
            report_number=self._info_text("TT_SO_BAO_CAO"),
            previous=self._previous(),
        )

    def _info(self, name: str) -> Cell:
        return self.sheets.info.get(f"{at.INFO_VALUE}{at.INFO_ROWS[name][0]}")

    def _info_text(self, name: str) -> str | None:
        value = self._info(name)
        if isinstance(value, float) and value.is_integer():
            value = int(value)
        return plain_text(value) or None

    def _verify_identity(self) -> None:
        found = self._info_text("TT_BIEU")
        if found != self.form.id:
            raise Refusal("wrong-form", expected=self.form.name, reason=f"mã biểu là “{found}”")
        version = self._info_text("TT_PHIEN_BAN")
        if version != self.form.version:
            raise Refusal("wrong-version", found=version, expected=self.form.version)

    def _verify_names(self) -> None:
        for item in self.form.figures:
            expected = self.layout.cell(item.id)
            sheet, found = self.names.get(item.name, (self.page, "không có"))
            if (sheet, found) != (self.page, expected):
                raise Refusal(
                    "altered-form", where=f"ô tên {item.name}", expected=expected, found=found
                )

    def _verify_labels(self) -> None:
        for item in self.form.indicators:
            row = self.layout.rows[item.id]
            for column, expected in ((at.STT, item.stt), (at.LABEL, item.label)):
                found = self.sheets.page.get(f"{column}{row}")
                if not same_text(found, expected):
                    raise Refusal(
                        "altered-form",
                        where=f"ô {column}{row}",
                        expected=expected,
                        found=plain_text(found),
                    )

    def _level(self) -> str:
        text = self._info_text("TT_CAP")
        for level, label in self.form.levels.items():
            if same_text(label, text or ""):
                return level
        raise Refusal(
            "altered-form",
            where="cấp báo cáo ở sheet Thông tin",
            expected=" hoặc ".join(self.form.levels.values()),
            found=text,
        )

    def _unit(self) -> tuple[str | None, str | None]:
        text = self._info_text("TT_DON_VI")
        if text is None:
            return None, None
        code, separator, name = text.partition(at.UNIT_SEPARATOR)
        return (code.strip(), name.strip()) if separator else (None, text)

    def _period(self) -> Period | None:
        kind, year = self._info_text("TT_KY"), self._info_text("TT_NAM")
        if kind is None or year is None:
            return None
        for item in self.form.period_kinds:
            if same_text(at.short_period(item.label), kind) and re.fullmatch("[0-9]{4}", year):
                return Period(int(year), item)
        return None

    def _dates(self) -> dict[str, date]:
        found = {}
        cells = {"@from": "TT_TU_NGAY", "@to": "TT_DEN_NGAY", "@report_date": "TT_NGAY_BAO_CAO"}
        for key, name in cells.items():
            if day := as_date(self._info(name)):
                found[key] = day
        return found

    def _notes(self) -> dict[str, str]:
        notes = {}
        for item in self.form.figures:
            address = f"{at.NOTE}{self.layout.rows[item.id]}"
            note = read_number(
                self._value(self.page, address, self.sheets.page.get(address)), "count"
            )
            if text := plain_text(note.text if note.number is None else note.value):
                notes[item.id] = text
        return notes

    def _readings(self) -> dict[str, Reading]:
        found = {}
        for item in self.form.indicators:
            address = self.layout.cell(item.id)
            value = self.sheets.page.get(address)
            if isinstance(value, Formula) and self._is_issued(item.id, value):
                continue  # computed from its parts
            if item.is_computed:  # typed over a formula
                found[item.id] = _strict(self._value(self.page, address, value))
            else:
                found[item.id] = read_number(self._value(self.page, address, value), item.kind)
        for id in self.form.helper_ids:
            address = self.layout.cell(id)
            value = self.sheets.page.get(address)
            found[id] = _strict(self._value(self.page, address, value))
        for id in self.form.table_inputs:
            table, column, row = self.form.table_cells[id]
            if cells := self.sheets.tables.get(table.id):
                address = at.table_cell(table, column, row)
                sheet = self.names[f"BANG_{table.id}"][0]
                found[id] = _strict(self._value(sheet, address, cells.get(address)))
        return found

    def _is_issued(self, id: str, formula: Formula) -> bool:
        """Whether a percentage's cell holds the formula that it was issued with."""
        issued = self._issued.get(id)
        return issued is not None and (
            formula.text is None or same_formula(formula.text, issued)  # None: compared already
        )

    def _value(self, sheet: str, address: str, value: Cell) -> CellValue:
        """Return a cell's value; of a formula that a clerk typed, the result that was saved."""
        if not isinstance(value, Formula):
            return value
        result = self.sheets.cached(sheet, address)
        return value.text if result is None else result

    def _previous(self) -> tuple[Period, dict[str, float]] | None:
        """Return the earlier period that the workbook was issued with, and its figures."""
        code = self._info_text("TT_KY_TRUOC")
        if code is None:
            return None
        try:
            period = self.form.period(code)
        except ValueError:
            return None
        numbers = {}
        for item in self.form.figures:
            value = self.sheets.page.get(f"{at.PREVIOUS}{self.layout.rows[item.id]}")
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                numbers[item.id] = float(value)
        return period, numbers


def _strict(value: CellValue) -> Reading:
    """Return a reading in which only a number is a number, as native formulas see it.

    For cells whose number native formulas take as it is: to them a date is its serial number,
    and 95 % is 0.95.
    """
    if isinstance(value, Share):
        value = value.number
    elif isinstance(value, (date, time, timedelta)):
        value = float(to_excel(value))  # type: ignore[no-untyped-call]
    reading = read_number(value, "count")
    if reading.text is None or isinstance(value, (int, float)):
        return reading
    return Reading(text=reading.text)


def as_date(value: Cell) -> date | None:
    """Return the date in a cell: a date, a serial number, or None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value < 2958466:
        return EXCEL_EPOCH + timedelta(days=int(value))
    return None
