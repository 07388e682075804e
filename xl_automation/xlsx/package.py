"""Edits inside an .xlsx package that leave every other byte of content alone.

A spreadsheet library that loads and saves a workbook drops what it does not model. Here only the
cells meant are changed, in their sheet's XML; the other parts are copied as they are.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from io import BytesIO
from types import MappingProxyType
from typing import NamedTuple

from lxml import etree

from xl_automation.excel_limits import SHEET_NAME
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.remembered import remembered
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor
from xl_automation.xlsx.soundness import check_parts
from xl_automation.xlsx.strict_xml import IGNORED, OTHERS, Grammar, StrictReader, ambiguous
from xl_automation.xlsx.unpack import MAX_PARTS, WORKBOOK_PART
from xl_automation.xlsx.xml_part import MAIN, PACKAGE_RELATION, RELATION, parse_xml, to_xml
from xl_automation.xlsx.zip_file import compress, zip_bytes

WORKBOOK_RELATIONS = "xl/_rels/workbook.xml.rels"
_NONE = f'<Relationships xmlns="{PACKAGE_RELATION}"/>'.encode()
Parts = dict[str, bytes]


def read_parts(content: bytes) -> Parts:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a package made of *parts*, the same bytes for the same parts."""
    return zip_bytes({name: compress(content) for name, content in parts.items()})


def changed_workbook(parts: Mapping[str, bytes], came: Mapping[str, bytes]) -> bytes:
    """Return the package of a workbook that was edited, once what changed of it is looked at.

    Args:
        parts: Its parts as they are now.
        came: Its parts as they came.

    Raises:
        UnsoundWorkbook: If Excel could not read a part.
    """
    check_parts(parts, came)
    return zip_parts(parts)


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
        Refusal: If there is none, or what it says could be read in two ways.
    """
    if WORKBOOK_PART not in parts:
        raise damaged(f"thiếu phần {WORKBOOK_PART}")
    return _book(parts[WORKBOOK_PART], parts.get(WORKBOOK_RELATIONS, _NONE))


_BOOK = Grammar(
    MAIN,
    children={
        "": {"workbook": "workbook"},
        "workbook": {
            "workbookPr": "workbookPr",
            "sheets": "sheets",
            "definedNames": "definedNames",
            OTHERS: IGNORED,
        },
        "workbookPr": {OTHERS: IGNORED},
        "sheets": {"sheet": "sheet"},
        "sheet": {OTHERS: IGNORED},
        "definedNames": {"definedName": "definedName"},
    },
    texts=frozenset({"definedName"}),
    once=frozenset({"workbookPr", "sheets", "definedNames"}),
    nowhere_else=frozenset({"workbookPr", "sheets", "definedNames"}),
)
_TRUTHS = {"0": False, "false": False, "1": True, "true": True}  # xsd:boolean


@remembered(32)
def _book(content: bytes, links: bytes) -> Book:
    relations = _relations(links)
    book = _BookParser({relation.id: relation.part for relation in relations})
    StrictReader(_BOOK, book.begin, book.end, lambda: f"phần {WORKBOOK_PART}").read(content)
    return Book(
        names=MappingProxyType(book.names),
        sheets=MappingProxyType(book.sheets),
        hidden=frozenset(book.hidden),
        related=MappingProxyType(_by_kind(relations)),
        counts_from_1904=book.counts_from_1904,
    )


class _BookParser:
    """Follows the workbook's own part."""

    def __init__(self, targets: Mapping[str, str]):
        self.names: dict[str, Address] = {}
        self.sheets: dict[str, str] = {}
        self.hidden: set[str] = set()
        self.counts_from_1904 = False
        self._targets = targets
        self._seen: set[tuple[str, str]] = set()  # sheets and names, letter case aside
        self._name: dict[str, str] = {}

    def begin(self, element: str, attributes: dict[str, str]) -> None:
        if element == "workbookPr":
            stated = attributes.get("date1904", "0")
            if stated not in _TRUTHS:
                raise damaged(f"phần {WORKBOOK_PART} ghi sai cách đếm ngày")
            self.counts_from_1904 = _TRUTHS[stated]
        elif element == "sheet":
            name = attributes.get("name", "")
            if not SHEET_NAME.fullmatch(name):
                raise damaged(f"không sheet nào được mang tên “{name[:80]}”")
            self._add("sheet", name)
            self.sheets[name] = self._targets.get(attributes.get(f"{RELATION} id", ""), "")
            if attributes.get("state", "visible") != "visible":
                self.hidden.add(name)
        elif element == "definedName":
            self._name = attributes

    def end(self, element: str, text: str) -> None:
        # Excel gives a copied sheet names of its own, which stand for the cells of the copy.
        if element == "definedName" and "localSheetId" not in self._name:
            name = self._name.get("name", "")
            self._add("tên", name)
            place = Address.parse(text)
            if place:
                self.names[name] = place

    def _add(self, kind: str, name: str) -> None:
        if (kind, name.casefold()) in self._seen:
            raise ambiguous(f"hai {kind} “{name[:80]}”")
        self._seen.add((kind, name.casefold()))


def sheet_parts(parts: Mapping[str, bytes]) -> Mapping[str, str]:
    """Return the part of each worksheet by the sheet's name (``Book``)."""
    return read_book(parts).sheets


def styles_part(parts: Mapping[str, bytes]) -> str:
    """Return the part that holds the workbook's styles."""
    relations = _relations(parts.get(WORKBOOK_RELATIONS, _NONE))
    return _by_kind(relations).get("styles", "xl/styles.xml")


class _Relation(NamedTuple):
    """What a part leads to: its number, its type and the part."""

    id: str
    type: str
    part: str


_SINGLE = frozenset({"styles", "sharedStrings"})  # a workbook has one of each
_LINKS = Grammar(
    PACKAGE_RELATION,
    children={
        "": {"Relationships": "Relationships"},
        "Relationships": {"Relationship": "Relationship"},
    },
)


def _by_kind(relations: Sequence[_Relation]) -> dict[str, str]:
    """Return the parts that relations lead to by the last word of their type, the first of each.

    Raises:
        Refusal: If two lead to parts of which a workbook has one.
    """
    kinds: dict[str, str] = {}
    for relation in relations:
        prefix, _, kind = relation.type.rpartition("/")
        if prefix != RELATION:
            continue
        if kinds.setdefault(kind, relation.part) != relation.part and kind in _SINGLE:
            raise ambiguous(f"hai phần “{kind}” trong {WORKBOOK_RELATIONS}")
    return kinds


def _relations(links: bytes) -> list[_Relation]:
    """Return each relation of the workbook with the part that it leads to.

    What is no XML of this file is no part that is read here.

    Raises:
        Refusal: If two have one number.
    """
    relations: dict[str, _Relation] = {}

    def begin(element: str, attributes: dict[str, str]) -> None:
        if element != "Relationship":
            return
        id = attributes.get("Id", "")
        if len(relations) > MAX_PARTS:
            raise damaged(f"hơn {MAX_PARTS} liên kết trong {WORKBOOK_RELATIONS}")
        if id in relations:
            raise ambiguous(f"hai liên kết số “{id[:40]}” trong {WORKBOOK_RELATIONS}")
        target = posixpath.normpath(posixpath.join("xl", attributes.get("Target", "")))
        is_inside = attributes.get("TargetMode", "Internal") == "Internal"
        part = target.lstrip("/") if is_inside and target.lower().endswith(".xml") else ""
        relations[id] = _Relation(id, attributes.get("Type", ""), part)

    reader = StrictReader(
        _LINKS, begin, lambda _element, _text: None, lambda: f"phần {WORKBOOK_RELATIONS}"
    )
    reader.read(links)
    return list(relations.values())


def edit_sheet(parts: Parts, sheet: str, edit: Callable[[SheetEditor], None]) -> None:
    """Apply *edit* to one sheet of a package, in place."""
    name = sheet_parts(parts)[sheet]
    editor = SheetEditor(parts[name])
    edit(editor)
    parts[name] = editor.to_bytes()


def set_cells(
    parts: Parts, contents: Mapping[Address, CellContent], called: Mapping[str, str] | None = None
) -> None:
    """Put each of *contents* in the cell of its address, in place; one that is missing is made.

    Args:
        parts: The package.
        contents: What the cells get; None empties one.
        called: The names of the sheets in the package by those in the addresses, where a clerk
            may have renamed them.
    """
    for sheet, cells in cells_by_sheet(contents).items():
        name = called[sheet] if called else sheet
        edit_sheet(parts, name, partial(_set_all, contents=cells))


def _set_all(editor: SheetEditor, contents: Mapping[str, CellContent]) -> None:
    for cell in contents:
        editor.need(cell)
    editor.set_all(contents)


def cells_by_sheet(
    contents: Mapping[Address, CellContent],
) -> dict[str, dict[str, CellContent]]:
    """Return what cells get by the sheet's name, then by the cell (``D12``)."""
    by_sheet: dict[str, dict[str, CellContent]] = {}
    for place, content in contents.items():
        by_sheet.setdefault(place.sheet, {})[place.cell] = content
    return by_sheet


def forget_results(parts: Parts) -> None:
    """Drop the stored results of all formulas of a package, in place."""
    for name in filter(parts.__contains__, sheet_parts(parts).values()):
        editor = SheetEditor(parts[name])
        editor.set_results({})
        parts[name] = editor.to_bytes()


def compute_on_opening(parts: Parts) -> None:
    """Let a program compute all formulas anew when it opens the workbook, in place."""
    book = parse_xml(parts[WORKBOOK_PART])
    calculation = book.find(f"{{{MAIN}}}calcPr")
    if calculation is not None and calculation.get("fullCalcOnLoad") in ("1", "true"):
        return
    if calculation is None:
        calculation = etree.Element(f"{{{MAIN}}}calcPr")
        # CT_Workbook: sheets, functionGroups, externalReferences, definedNames, calcPr.
        before = ("definedNames", "externalReferences", "functionGroups", "sheets")
        above = (book.find(f"{{{MAIN}}}{name}") for name in before)
        next(element for element in above if element is not None).addnext(calculation)
    calculation.set("fullCalcOnLoad", "1")
    parts[WORKBOOK_PART] = to_xml(book)


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
