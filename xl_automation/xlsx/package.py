"""Edits inside an .xlsx package that leave every other byte of content alone.

A spreadsheet library that loads and saves a workbook drops what it does not model. Here only the
cells meant are changed, in their sheet's XML; the other parts are copied as they are.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from types import MappingProxyType

from lxml import etree

from xl_automation.xlsx.address import Address
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.remembered import remembered
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor
from xl_automation.xlsx.xml_part import MAIN, PACKAGE_RELATION, RELATION, parse_xml, to_xml
from xl_automation.xlsx.zip_file import compress, zip_bytes

WORKBOOK_PART = "xl/workbook.xml"
WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_NONE = b"<none/>"
Parts = dict[str, bytes]


def read_parts(content: bytes) -> Parts:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a package made of *parts*, the same bytes for the same parts."""
    return zip_bytes({name: compress(content) for name, content in parts.items()})


@dataclass(frozen=True, slots=True)
class Book:
    """What the workbook's own part says.

    Attributes:
        names: The cell of each name of the whole workbook that stands for one.
        sheets: The part of each sheet by its name, in order; ``""`` where it leads nowhere.
        hidden: The names of the sheets that nobody sees.
        related: The part of each other relation by the last word of its type: ``styles``.
        counts_from_1904: Whether dates are counted from 1904.
    """

    names: Mapping[str, Address]
    sheets: Mapping[str, str]
    hidden: frozenset[str]
    related: Mapping[str, str]
    counts_from_1904: bool


def read_book(parts: Mapping[str, bytes]) -> Book:
    """Return what the workbook's own part says.

    Raises:
        Refusal: If there is none.
    """
    if WORKBOOK_PART not in parts:
        raise damaged(f"thiếu phần {WORKBOOK_PART}")
    return _book(parts[WORKBOOK_PART], parts.get(WORKBOOK_RELATIONS, _NONE))


@remembered(32)
def _book(content: bytes, links: bytes) -> Book:
    book, relations = parse_xml(content), list(_relations(links))
    targets = {item.get("Id"): part for item, part in relations}
    settings = book.find(f"{{{MAIN}}}workbookPr")
    return Book(
        names=MappingProxyType(dict(_cell_names(book))),
        sheets=MappingProxyType(
            {
                sheet.get("name", ""): targets.get(sheet.get(f"{{{RELATION}}}id"), "")
                for sheet in book.iter(f"{{{MAIN}}}sheet")
            }
        ),
        hidden=frozenset(
            sheet.get("name", "")
            for sheet in book.iter(f"{{{MAIN}}}sheet")
            if sheet.get("state", "visible") != "visible"
        ),
        related=MappingProxyType(_by_kind(relations)),
        counts_from_1904=settings is not None and settings.get("date1904") in ("1", "true"),
    )


def _cell_names(book: etree._Element) -> Iterator[tuple[str, Address]]:
    """Yield each name that stands for one cell, with that cell.

    Excel gives a copied sheet names of its own, which stand for the cells of the copy.
    """
    for element in book.iter(f"{{{MAIN}}}definedName"):
        if element.get("localSheetId") is None:
            place = Address.parse(element.text or "")
            if place:
                yield element.get("name", ""), place


def sheet_parts(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    """Return the part of each worksheet by the sheet's name (``Book``)."""
    return read_book(parts).sheets


def styles_part(parts: Mapping[str, bytes]) -> str:
    """Return the part that holds the workbook's styles."""
    relations = list(_relations(parts.get(WORKBOOK_RELATIONS, _NONE)))
    return _by_kind(relations).get("styles", "xl/styles.xml")


def _by_kind(relations: Sequence[tuple[etree._Element, str]]) -> dict[str, str]:
    """Return the parts that relations lead to by the last word of their type, the first of each."""
    return {item.get("Type", "").rpartition("/")[2]: part for item, part in reversed(relations)}


def _relations(links: bytes) -> Iterator[tuple[etree._Element, str]]:
    """Yield each relation of the workbook with the part that it leads to."""
    for item in parse_xml(links).iter(f"{{{PACKAGE_RELATION}}}Relationship"):
        target = posixpath.normpath(posixpath.join("xl", item.get("Target", "")))
        yield item, target.lstrip("/")


def edit_sheet(parts: Parts, sheet: str, edit: Callable[[SheetEditor], None]) -> None:
    """Apply *edit* to one sheet of a package, in place."""
    name = sheet_parts(parts)[sheet]
    editor = SheetEditor(parts[name])
    edit(editor)
    parts[name] = editor.to_bytes()


def set_cells(
    parts: Parts, contents: Mapping[Address, CellContent], called: Mapping[str, str] | None = None
) -> None:
    """Put each of *contents* in the cell of its address, in place.

    Args:
        parts: The package.
        contents: What the cells get; None empties one.
        called: The names of the sheets in the package by those in the addresses, where a clerk
            may have renamed them.
    """
    for sheet, cells in cells_by_sheet(contents).items():
        name = called[sheet] if called else sheet
        edit_sheet(parts, name, partial(SheetEditor.set_all, contents=cells))


def cells_by_sheet(
    contents: Mapping[Address, CellContent],
) -> dict[str, dict[str, CellContent]]:
    """Return what cells get by the sheet's name, then by the cell (``D12``)."""
    by_sheet: dict[str, dict[str, CellContent]] = {}
    for place, content in contents.items():
        by_sheet.setdefault(place.sheet, {})[place.cell] = content
    return by_sheet


def forget_results(parts: Parts) -> None:
    """Drop the cached results of all formulas of a package, in place."""
    for name in filter(parts.__contains__, sheet_parts(parts).values()):
        editor = SheetEditor(parts[name])
        editor.forget_results()
        parts[name] = editor.to_bytes()


def protect_structure(parts: Parts) -> None:
    """Lock the order, names and number of sheets, in place."""
    book = parse_xml(parts[WORKBOOK_PART])
    protection = book.find(f"{{{MAIN}}}workbookProtection")
    if protection is not None and protection.get("lockStructure") in ("1", "true"):
        return
    if protection is None:
        protection = etree.Element(f"{{{MAIN}}}workbookProtection")
        # CT_Workbook: workbookProtection, bookViews, sheets.
        views = book.find(f"{{{MAIN}}}bookViews")
        following = next(book.iter(f"{{{MAIN}}}sheets")) if views is None else views
        following.addprevious(protection)
    protection.set("lockStructure", "1")
    parts[WORKBOOK_PART] = to_xml(book)
