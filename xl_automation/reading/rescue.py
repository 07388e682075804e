"""A damaged but honest workbook, read as if it stood as issued.

Inserted, deleted, sorted or cut rows and columns, lost names, a renamed or copied sheet: the codes
that the sheets were issued with say which row is which, and what is printed beside them must agree.
The cells come out where they were issued, so that whatever reads them need not know; what was
mended is told by remarks. Nothing is guessed: what could be two things is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellValue
from xl_automation.reading.cells import Cell, FormCells, Formula
from xl_automation.reading.copies import could_be_read, remark_of_copy
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.found_sheet import (
    FoundSheet,
    could_be,
    verify_names,
    verify_texts,
)
from xl_automation.reading.identity import verify_identity
from xl_automation.reading.locate import SheetNames, located
from xl_automation.reading.moved_formulas import is_issued
from xl_automation.reading.places import places_of
from xl_automation.reading.remark import Remark
from xl_automation.reading.rescue_remarks import of_lost_names, remarks_of
from xl_automation.template import positions
from xl_automation.template.issued_sheet import IssuedSheet, issued_info, issued_sheets
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.package import Book, read_book
from xl_automation.xlsx.refusal import Refusal

_MOST = 4 << 20  # bytes of the sheets that are looked at; the form's have 400,000
_WORD = re.compile(rb">\s*([A-Z]{2,}_[^<>\s]{1,200})\s*<")


@dataclass(frozen=True, slots=True)
class Rescued:
    """A workbook as if it stood as issued.

    Attributes:
        cells: What stands in the cells of its sheets.
        names: The cell of each name that was issued.
        remarks: What was mended.
    """

    cells: FormCells
    names: Mapping[str, Address]
    remarks: tuple[Remark, ...]


def rescue(package: Package, form: Form) -> Rescued | None:
    """Return a workbook of *form* as issued, whatever was done to its rows, columns and names.

    Returns:
        None where its codes do not say that it is one, or that anything was moved.

    Raises:
        Refusal: If the codes say two things, or something else than what is printed.
    """
    book = read_book(package.parts)
    page, _, *tables = issued_sheets(form)
    words = _words(package, book)
    if 2 * sum(code in words for code in page.rows) <= len(page.rows):  # few refused ones have any
        return None
    info = issued_info([name for name in positions.LATER_CELLS if name in words | {*book.names}])
    names = could_be_read(package, book)
    if not 0 < sum(len(package.parts[book.sheets[name]]) for name in names) <= _MOST:
        return None
    read = _read_all(package, book, names)
    found: list[FoundSheet] = []
    remarks: list[Remark] = []
    for issued in (page, info, *tables):
        sheet, copies = _chosen(issued, read.tables, book)
        if sheet is None and (issued in (page, info) or _sheets_named(issued, book)):
            return None
        if sheet is not None:
            found.append(sheet)
            remarks += (remark_of_copy(sheet, copy) for copy in copies)
    verify_identity(form, found[1].view)  # of another version other things are printed
    lost: list[str] = []
    for sheet in found:
        verify_texts(sheet)
        lost += verify_names(sheet, book.names)
        remarks += remarks_of(sheet)
    if lost:
        remarks.append(of_lost_names(lost))
    if not remarks:
        return None
    return Rescued(_cells(form, found, read), dict(_names(found)), tuple(remarks))


def _words(package: Package, book: Book) -> set[str]:
    """Return the texts of cells in a file that could be codes."""
    parts = {book.related.get("sharedStrings", ""), *book.sheets.values()}
    words: set[bytes] = set()
    for part in parts.intersection(package.parts):
        words.update(_WORD.findall(package.parts[part]))
    return {word.decode("utf-8", "replace") for word in words}


def _read_all(package: Package, book: Book, names: Sequence[str]) -> FormCells:
    """Return the cells of some sheets, in ``tables`` by their names."""
    sheets = SheetNames(names[0], names[0], {name: name for name in names})
    return read_exactly(located(package, book, sheets))


def _chosen(
    issued: IssuedSheet, sheets: Mapping[str, Mapping[str, Cell]], book: Book
) -> tuple[FoundSheet | None, list[FoundSheet]]:
    """Return which sheet of a file is one of the form's, and the copies of it.

    Returns:
        No sheet where none is, or another one has the names.

    Raises:
        Refusal: If its names are on several sheets.
    """
    found = {name: could_be(name, issued, cells) for name, cells in sheets.items()}
    known = {name: sheet for name, sheet in found.items() if sheet is not None}
    named = _sheets_named(issued, book)
    if len(named) > 1:
        reason = f"các ô của biểu mẫu nằm ở nhiều sheet: {', '.join(named)}"
        raise Refusal("ambiguous-form", reason=reason)
    filled = [name for name, sheet in known.items() if sheet.figures]
    first = next(iter((*named, *filled, *known)), None)
    if not named and issued.name in known:
        first = issued.name
    if first not in known:
        return None, []
    return known[first], [sheet for name, sheet in known.items() if name != first]


def _sheets_named(issued: IssuedSheet, book: Book) -> list[str]:
    """Return the sheets on which names of one of the form's sheets stand."""
    places = [book.names[name].sheet for name in issued.names if name in book.names]
    return [place for place in dict.fromkeys(places) if place in book.sheets]


def _names(found: Iterable[FoundSheet]) -> Iterator[tuple[str, Address]]:
    """Yield each name with its cell as issued."""
    for sheet in found:
        for name, cell in sheet.issued.names.items():
            yield name, Address(f"{sheet.issued.name}!{cell}")


def _cells(form: Form, found: Iterable[FoundSheet], read: FormCells) -> FormCells:
    """Return what stands in the sheets that were found, by the cells as issued."""
    sheets = {sheet.issued.name: sheet for sheet in found}

    def cached(name: str, address: str) -> CellValue:
        now = sheets[name].now(address)
        return None if now is None else read.cached(sheets[name].name, now)

    page, info, *tables = issued_sheets(form)
    views = {
        name: {**sheet.view, **sheet.issued.texts, **sheet.issued.headings}
        for name, sheet in sheets.items()
    }
    in_file = {sheet.name: sheet for sheet in sheets.values()}
    views[page.name] |= _issued_percentages(form, sheets[page.name], in_file)
    ids = (table.id for table in form.tables)
    return FormCells(
        views[page.name],
        views[info.name],
        {id: views[t.name] for id, t in zip(ids, tables, strict=True) if t.name in views},
        cached,
    )


def _issued_percentages(
    form: Form, page: FoundSheet, sheets: Mapping[str, FoundSheet]
) -> dict[str, Cell]:
    """Return the formula of each percentage that nobody typed over, as it was issued."""
    has_formulas = any(isinstance(cell, Formula) for cell in page.cells.values())
    issued: dict[str, Cell] = {}
    for id, formula in places_of(form).issued.items():
        address = page.issued.figures[id]
        cell = page.view.get(address)
        if isinstance(cell, Formula):
            stands = is_issued(cell.text, formula, page, sheets)
        else:  # a program that keeps no formulas, or a row that is gone
            gone = page.now(address) is None and form.by_id[id].is_computed
            stands = cell is None and (gone or not has_formulas)
        if stands:
            issued[address] = Formula(formula)
    return issued
