"""The XML of one worksheet, for changing single cells and leaving the others as they are."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from functools import cached_property

from lxml import etree

from xl_automation.xlsx.address import Address, column_letters, column_number
from xl_automation.xlsx.cell_text import cell_text
from xl_automation.xlsx.excel_days import EXCEL_EPOCH
from xl_automation.xlsx.xml_part import MAIN, parse_xml, to_xml

_CELL = re.compile("([A-Z]{1,3})[1-9][0-9]*")
CellContent = str | float | int | date | None
Result = str | float | bool  # of a formula


_FORMULA = f"{{{MAIN}}}f"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


def _add_result(cell: etree._Element, result: Result) -> None:
    """Write the result of the formula that a cell holds."""
    value = etree.SubElement(cell, f"{{{MAIN}}}v")
    if isinstance(result, str):
        cell.set("t", "str")
        value.text = cell_text(result)
        if result != result.strip():
            value.set(_SPACE, "preserve")
    elif isinstance(result, bool):
        cell.set("t", "b")
        value.text = str(int(result))
    else:
        value.text = repr(int(result) if float(result).is_integer() else result)


def _drop_type(cell: etree._Element) -> None:
    if "t" in cell.attrib:
        del cell.attrib["t"]


class SheetEditor:
    """The XML of one worksheet, for changing single cells that exist in it."""

    def __init__(self, content: bytes):
        self.root = parse_xml(content)
        _say_places(self.root)
        self.cells = {cell.get("r", ""): cell for cell in self.root.iter(f"{{{MAIN}}}c")}

    @property
    def has_cells(self) -> bool:
        """Whether this is a worksheet: a chart on a sheet of its own has no place for cells."""
        is_worksheet = self.root.tag == f"{{{MAIN}}}worksheet"
        return is_worksheet and self.root.find(f"{{{MAIN}}}sheetData") is not None

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
            text.text = cell_text(value)
            text.set(_SPACE, "preserve")
            return
        number = (value - EXCEL_EPOCH).days if isinstance(value, date) else value
        etree.SubElement(cell, f"{{{MAIN}}}v").text = repr(number)

    def set_all(self, contents: Mapping[str, CellContent]) -> None:
        """Put each of *contents* in the cell of its address."""
        for address, value in contents.items():
            self.set(address, value)

    @cached_property
    def formulas(self) -> dict[str, str]:
        """The formula of each cell that holds one, without ``=``."""
        held = ((cell, element.find(_FORMULA)) for cell, element in self.cells.items())
        return {cell: formula.text or "" for cell, formula in held if formula is not None}

    def set_results(self, results: Mapping[str, Result], kept: Collection[str] = ()) -> None:
        """Put the results of formulas beside them, and drop those of all other formulas.

        Args:
            results: By cell; what they say of cells without formulas is passed over.
            kept: The cells that keep the results that they have.
        """
        for address in self.formulas:
            if address not in kept:
                self.set_result(address, results.get(address))

    def set_result(self, address: str, result: Result | None) -> None:
        """Put the result of a formula beside it; None drops the one that is there."""
        cell = self.cells[address]
        for child in list(cell):
            if child.tag != _FORMULA:
                cell.remove(child)
        _drop_type(cell)
        if result is not None:
            _add_result(cell, result)

    def need(self, address: str) -> None:
        """Make sure the sheet's XML has a cell at *address*, blank where it is new."""
        if address in self.cells:
            return
        number = Address(address).row
        data = next(self.root.iter(f"{{{MAIN}}}sheetData"))
        rows = {_number(row): row for row in data}
        row = rows.get(number)
        if row is None:
            row = etree.Element(f"{{{MAIN}}}row", r=str(number))
            data.insert(sum(other < number for other in rows), row)
        column = _column(address)
        before = sum(_column(cell.get("r", "")) < column for cell in row)
        self.cells[address] = etree.Element(f"{{{MAIN}}}c", r=address)
        row.insert(before, self.cells[address])
        if "spans" in row.attrib:
            del row.attrib["spans"]  # a hint that may no longer be true

    def style(self, address: str) -> int:
        """Return the number of a cell's style in the workbook's list (``StyleEditor``)."""
        cell = self.cells.get(address)
        return 0 if cell is None else _whole(cell.get("s", ""))

    def restyle(self, address: str, style: int) -> None:
        """Give a cell the style with this number."""
        self.cells[address].set("s", str(style))

    def holds_anything(self, address: str) -> bool:
        """Whether a cell holds a value or a formula."""
        cell = self.cells.get(address)
        return cell is not None and len(cell) > 0

    def holds_formula(self, address: str) -> bool:
        """Whether a cell holds a formula."""
        cell = self.cells.get(address)
        return cell is not None and cell.find(_FORMULA) is not None

    def show_column(self, letters: str) -> None:
        """Show a column that is hidden, with those that share its entry in the list of columns."""
        number = column_number(letters)
        for columns in self.root.iter(f"{{{MAIN}}}col"):
            first, last = (_whole(columns.get(key, "")) for key in ("min", "max"))
            if first <= number <= last and "hidden" in columns.attrib:
                del columns.attrib["hidden"]

    def protect(self) -> None:
        """Protect the sheet without a password, unless it is protected."""
        protection = self.root.find(f"{{{MAIN}}}sheetProtection")
        if protection is None:
            protection = etree.Element(
                f"{{{MAIN}}}sheetProtection", formatCells="0", formatColumns="0", formatRows="0"
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
            if _number(row) in rows and "customHeight" in row.attrib:
                del row.attrib["customHeight"]

    def no_header_on_first_page(self) -> None:
        """Keep the page header off the first page."""
        header = next(self.root.iter(f"{{{MAIN}}}headerFooter"))
        header.set("differentFirst", "1")
        etree.SubElement(header, f"{{{MAIN}}}firstHeader")

    def to_bytes(self) -> bytes:
        """Return the sheet's XML."""
        return to_xml(self.root)


def _say_places(root: etree._Element) -> None:
    """Give each row and cell that does not say where it is the place after the one before it."""
    rows = list(root.iter(f"{{{MAIN}}}row"))
    if all("r" in row.attrib and all("r" in cell.attrib for cell in row) for row in rows):
        return
    row_number = 0
    for row in rows:
        row_number = _number(row) or row_number + 1
        row.set("r", str(row_number))
        column = 0
        for cell in row.iter(f"{{{MAIN}}}c"):
            column = _column(cell.get("r", "")) or column + 1
            if "r" not in cell.attrib:
                cell.set("r", f"{column_letters(column)}{row_number}")


def _number(row: etree._Element) -> int:
    """Return the number of a row; 0 where a file does not say it as the format wants."""
    return _whole(row.get("r", ""))


def _whole(text: str) -> int:
    """Return a whole number; 0 where a file has none in its place."""
    return int(text) if text.isdecimal() else 0


def _column(address: str) -> int:
    """Return the number of a cell's column; 0 where a file does not say it as the format wants."""
    match = _CELL.fullmatch(address)
    return column_number(match[1]) if match else 0
