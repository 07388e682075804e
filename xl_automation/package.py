"""Edits inside an .xlsx package that leave every other byte of content alone.

A spreadsheet library that loads and saves a workbook drops what it does not model. Here only the
cells meant are changed, in their sheet's XML; the other parts are copied as they are.
"""

from __future__ import annotations

import os
import posixpath
import re
import tempfile
import zipfile
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from datetime import date
from io import BytesIO
from pathlib import Path

from lxml import etree

from xl_automation.submission import EXCEL_EPOCH

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"
WORKBOOK = "xl/workbook.xml"

_TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is built
_ADDRESS = re.compile(r"([A-Z]+)([0-9]+)")

Parts = dict[str, bytes]


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of an XML part; entities and network are off."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    return etree.fromstring(content, parser)


def to_xml(root: etree._Element) -> bytes:
    """Return an XML part as Office writes it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def read_parts(content: bytes) -> Parts:
    """Return the parts of a package by name."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zip_parts(parts: Mapping[str, bytes]) -> bytes:
    """Return a package made of *parts*, the same bytes for the same parts."""
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            info = zipfile.ZipInfo(name, _TIME)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.create_system = 0
            archive.writestr(info, content)
    return out.getvalue()


def write_new(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, never over an existing one.

    Raises:
        FileExistsError: If *path* exists.
    """
    if path.exists():
        raise FileExistsError(path)
    write_whole(path, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, replacing an earlier one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=".", suffix=path.suffix, dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        umask = os.umask(0)
        os.umask(umask)
        os.chmod(name, 0o666 & ~umask)
        os.replace(name, path)
    except BaseException:
        with suppress(OSError):
            os.unlink(name)
        raise


def sheet_parts(parts: Mapping[str, bytes]) -> dict[str, str]:
    """Return the part of each worksheet by the sheet's name, in the workbook's order.

    The part of a sheet that leads nowhere is ``""``.
    """
    book = parse_xml(parts[WORKBOOK])
    targets = {item.get("Id"): part for item, part in _relations(parts)}
    return {
        sheet.get("name", ""): targets.get(sheet.get(f"{{{RELATION}}}id"), "")
        for sheet in book.iter(f"{{{MAIN}}}sheet")
    }


def styles_part(parts: Mapping[str, bytes]) -> str:
    """Return the part that holds the workbook's styles."""
    found = (part for item, part in _relations(parts) if item.get("Type", "").endswith("/styles"))
    return next(found, "xl/styles.xml")


def _relations(parts: Mapping[str, bytes]) -> Iterator[tuple[etree._Element, str]]:
    """Yield each relation of the workbook with the part that it leads to."""
    relations = parse_xml(parts.get("xl/_rels/workbook.xml.rels", b"<none/>"))
    for item in relations.iter(f"{{{PACKAGE_RELATION}}}Relationship"):
        target = posixpath.normpath(posixpath.join("xl", item.get("Target", "")))
        yield item, target.lstrip("/")


def _drop_type(cell: etree._Element) -> None:
    if "t" in cell.attrib:
        del cell.attrib["t"]


CellContent = str | float | int | date | None


class SheetEditor:
    """The XML of one worksheet, for changing single cells that exist in it."""

    def __init__(self, content: bytes):
        self.root = parse_xml(content)
        self.cells = {cell.get("r", ""): cell for cell in self.root.iter(f"{{{MAIN}}}c")}

    def set(self, address: str, value: CellContent) -> None:
        """Put *value* in a cell, keeping its format: text as text, numbers and dates as numbers.

        Raises:
            KeyError: If the sheet's XML has no such cell.
        """
        cell = self.cells[address]
        for child in list(cell):
            cell.remove(child)
        _drop_type(cell)
        if value is None:
            return
        if isinstance(value, str):
            cell.set("t", "inlineStr")
            text = etree.SubElement(etree.SubElement(cell, f"{{{MAIN}}}is"), f"{{{MAIN}}}t")
            text.text = value
            text.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
            return
        number = (value - EXCEL_EPOCH).days if isinstance(value, date) else value
        etree.SubElement(cell, f"{{{MAIN}}}v").text = repr(number)

    def set_all(self, contents: Mapping[str, CellContent]) -> None:
        """Put each of *contents* in the cell of its address."""
        for address, value in contents.items():
            self.set(address, value)

    def forget_results(self) -> None:
        """Drop the cached results of all formulas, so that every program computes them anew."""
        for formula in self.root.iter(f"{{{MAIN}}}f"):
            cell = formula.getparent()
            assert cell is not None
            for child in list(cell):
                if child is not formula:
                    cell.remove(child)
            _drop_type(cell)

    def need(self, address: str) -> None:
        """Make sure the sheet's XML has a cell at *address*, blank where it is new."""
        if address in self.cells:
            return
        letters, number = split(address)
        data = next(self.root.iter(f"{{{MAIN}}}sheetData"))
        rows = {int(row.get("r", 0)): row for row in data}
        row = rows.get(number)
        if row is None:
            row = etree.Element(f"{{{MAIN}}}row", r=str(number))
            data.insert(sum(other < number for other in rows), row)
        before = sum(_order(cell.get("r", "")) < _order(letters) for cell in row)
        self.cells[address] = etree.Element(f"{{{MAIN}}}c", r=address)
        row.insert(before, self.cells[address])
        if "spans" in row.attrib:
            del row.attrib["spans"]  # a hint that may no longer be true

    def style(self, address: str) -> int:
        """Return the number of a cell's style in the workbook's list (``StyleEditor``)."""
        cell = self.cells.get(address)
        text = "" if cell is None else cell.get("s", "")
        return int(text) if text.isdecimal() else 0

    def restyle(self, address: str, style: int) -> None:
        """Give a cell the style with this number."""
        self.cells[address].set("s", str(style))

    def holds_formula(self, address: str) -> bool:
        """Whether a cell holds a formula."""
        cell = self.cells.get(address)
        return cell is not None and cell.find(f"{{{MAIN}}}f") is not None

    def show_column(self, letter: str) -> None:
        """Show a column that is hidden, with those that share its entry in the list of columns."""
        number = ord(letter) - ord("A") + 1
        for columns in self.root.iter(f"{{{MAIN}}}col"):
            first, last = (int(columns.get(key, "0")) for key in ("min", "max"))
            if first <= number <= last and "hidden" in columns.attrib:
                del columns.attrib["hidden"]

    def protect(self) -> None:
        """Protect the sheet without a password, unless it is protected."""
        protection = self.root.find(f"{{{MAIN}}}sheetProtection")
        if protection is None:
            protection = etree.Element(
                f"{{{MAIN}}}sheetProtection", formatColumns="0", formatRows="0"
            )
            # CT_Worksheet: sheetData, sheetCalcPr, sheetProtection.
            after = self.root.find(f"{{{MAIN}}}sheetCalcPr")
            if after is None:
                after = next(self.root.iter(f"{{{MAIN}}}sheetData"))
            after.addnext(protection)
        for what in ("sheet", "objects", "scenarios"):
            protection.set(what, "1")

    def let_grow(self, rows: Collection[int]) -> None:
        """Let *rows* grow with what is typed into them: their heights are only where they start."""
        for row in self.root.iter(f"{{{MAIN}}}row"):
            if int(row.get("r", 0)) in rows and "customHeight" in row.attrib:
                del row.attrib["customHeight"]

    def no_header_on_first_page(self) -> None:
        """Keep the page header off the first page."""
        header = next(self.root.iter(f"{{{MAIN}}}headerFooter"))
        header.set("differentFirst", "1")
        etree.SubElement(header, f"{{{MAIN}}}firstHeader")

    def to_bytes(self) -> bytes:
        """Return the sheet's XML."""
        return to_xml(self.root)


def split(address: str) -> tuple[str, int]:
    """Return column and row of a cell's address.

    >>> split("D12")
    ('D', 12)
    """
    match = _ADDRESS.fullmatch(address)
    assert match is not None, address
    return match[1], int(match[2])


def _order(address: str) -> tuple[int, str]:
    """Return what sorts the cells of a row by column."""
    letters = address.rstrip("0123456789")
    return len(letters), letters


def edit_sheet(parts: Parts, sheet: str, edit: Callable[[SheetEditor], None]) -> None:
    """Apply *edit* to one sheet of a package, in place."""
    name = sheet_parts(parts)[sheet]
    editor = SheetEditor(parts[name])
    edit(editor)
    parts[name] = editor.to_bytes()


def forget_results(parts: Parts) -> None:
    """Drop the cached results of all formulas of a package, in place."""
    for name in filter(parts.__contains__, sheet_parts(parts).values()):
        editor = SheetEditor(parts[name])
        editor.forget_results()
        parts[name] = editor.to_bytes()


def protect_structure(parts: Parts) -> None:
    """Lock the order, names and number of sheets, in place."""
    book = parse_xml(parts[WORKBOOK])
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
    parts[WORKBOOK] = to_xml(book)
