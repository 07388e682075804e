"""Where the form stands in a file: names, sheets and their parts, found once.

A clerk may rename, move and copy sheets; the names that the cells were issued with stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xl_automation.forms.form import Form
from xl_automation.forms.support_table import SupportTable
from xl_automation.template import positions
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.package import Book, read_book
from xl_automation.xlsx.refusal import Refusal, damaged
from xl_automation.xlsx.styles import NumberFormat, number_formats

DELETED = "#REF"  # what Excel writes for the sheet of a name once that sheet is deleted


@dataclass(frozen=True, slots=True)
class SheetNames:
    """The names that the sheets have in a file."""

    page: str
    info: str
    table_sheets: Mapping[str, str]  # supporting tables by id

    @property
    def all(self) -> tuple[str, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys((self.page, self.info, *self.table_sheets.values())))

    def tables(self, form: Form) -> list[tuple[SupportTable, str]]:
        """Return the supporting tables that the file has, with their sheets."""
        return [(t, self.table_sheets[t.id]) for t in form.tables if t.id in self.table_sheets]

    def name_of(self, sheet: str, form: Form) -> str:
        """Return the name that a sheet of the issued workbook has in the file."""
        return self.issued(form)[sheet]

    def issued(self, form: Form) -> dict[str, str]:
        """Return the names of the sheets in the file by those in the issued workbook."""
        names = {form.sheet: self.page, positions.INFO_SHEET: self.info}
        return names | {table.sheet: name for table, name in self.tables(form)}


@dataclass(frozen=True, slots=True)
class Located:
    """What is read of a file, and where it stands.

    Attributes:
        package: The file.
        book: What its workbook's part says.
        sheets: The sheets that are read.
        strings_part: The part of the shared strings, None where there are none.
        formats: The number format of each style.
    """

    package: Package
    book: Book
    sheets: SheetNames
    strings_part: str | None
    formats: tuple[NumberFormat, ...]

    def part(self, sheet: str) -> str:
        """Return the part of one of the sheets."""
        return self.book.sheets[sheet]

    @property
    def last_style(self) -> int:
        """The highest number that a style may have; without any, the plain one is 0."""
        return max(len(self.formats) - 1, 0)


def locate(package: Package, form: Form) -> Located:
    """Return where the form stands in a file.

    Raises:
        Refusal: If it is not there, or a sheet of it is gone.
    """
    book = read_book(package.parts)
    return located(package, book, find_sheets(book.names, form))


def located(package: Package, book: Book, sheets: SheetNames) -> Located:
    """Return where *sheets* stand in a file.

    Raises:
        Refusal: If one of them is not there, or what their cells refer to is damaged.
    """
    parts = package.parts
    for name in sheets.all:
        if name not in book.sheets:
            lost = "đã xoá một sheet" if name == DELETED else f"thiếu sheet “{name}”"
            expected = "các sheet như khi phát hành"
            raise Refusal("altered-form", where="sổ", expected=expected, found=lost)
        if book.sheets[name] not in parts:
            raise damaged(f"thiếu phần của sheet “{name}”")
    strings, styles = (book.related.get(kind) for kind in ("sharedStrings", "styles"))
    for part in (strings, styles):
        if part is not None and part not in parts:
            raise damaged(f"thiếu phần {part}")
    formats = () if styles is None else number_formats(parts[styles])
    return Located(package, book, sheets, strings, formats)


def defined_names(package: Package) -> Mapping[str, Address]:
    """Return the cell of each name of the whole workbook that stands for one."""
    return read_book(package.parts).names


def seal_place(names: Mapping[str, Address]) -> Address | None:
    """Return the cell for the seal of a check, None in a workbook that was issued without one."""
    return later_place(names, positions.SEAL_CELL)


def later_place(names: Mapping[str, Address], name: str) -> Address | None:
    """Return one of the cells that came later, None in a workbook that was issued without it."""
    place, form = names.get(name), names.get(positions.FORM_CELL)
    is_issued = form and place == f"{form.sheet}!{positions.info_cell(name)}"
    return place if is_issued else None


def find_sheets(names: Mapping[str, Address], form: Form) -> SheetNames:
    """Return the sheets that hold the form, the information and the supporting tables."""
    figure = form.figures[0].name
    if positions.FORM_CELL not in names or figure not in names:
        raise Refusal("wrong-form", expected=form.name, reason=f"không có ô tên {figure}")
    # A supporting table may be deleted: filling it is optional.
    tables = {
        table.id: names[table.name].sheet
        for table in form.tables
        if table.name in names and names[table.name].sheet != DELETED
    }
    return SheetNames(names[figure].sheet, names[positions.FORM_CELL].sheet, tables)
