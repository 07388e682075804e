"""Where the form stands in a file: the defined names, and the sheets that hold it.

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
from xl_automation.xlsx.package import WORKBOOK_PART, sheet_parts
from xl_automation.xlsx.refusal import Refusal, damaged
from xl_automation.xlsx.xml_part import MAIN, parse_xml

DELETED = "#REF"  # what Excel writes for the sheet of a name once that sheet is deleted


@dataclass(frozen=True, slots=True)
class SheetNames:
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
        names = {form.sheet: self.page, positions.INFO_SHEET: self.info}
        return names | {table.sheet: name for table, name in self.tables(form)}


def defined_names(package: Package) -> dict[str, Address]:
    """Return the cell of each name of the whole workbook that stands for one.

    Excel gives a copied sheet names of its own, which stand for the cells of the copy.
    """
    if WORKBOOK_PART not in package.parts:
        raise damaged(f"thiếu phần {WORKBOOK_PART}")
    book = parse_xml(package.parts[WORKBOOK_PART])
    names = {}
    for element in book.iter(f"{{{MAIN}}}definedName"):
        place = Address.parse(element.text or "")
        if place and element.get("localSheetId") is None:
            names[element.get("name", "")] = place
    return names


def find_sheets(names: Mapping[str, Address], form: Form) -> SheetNames:
    """Return the sheets that hold the form, the information and the supporting tables."""
    figure = form.figures[0].name
    if positions.FORM_CELL not in names or figure not in names:
        raise Refusal("wrong-form", expected=form.name, reason=f"không có ô tên {figure}")
    tables = {table.id: names[table.name].sheet for table in form.tables if table.name in names}
    return SheetNames(names[figure].sheet, names[positions.FORM_CELL].sheet, tables)


def parts_of(package: Package, sheets: SheetNames) -> dict[str, str]:
    """Return the part of each sheet that is read, by the sheet's name.

    Raises:
        Refusal: If a name leads to a sheet that the workbook or the package does not have.
    """
    parts = sheet_parts(package.parts)
    wanted = (sheets.page, sheets.info, *sheets.table_sheets.values())
    for name in wanted:
        if name not in parts:
            lost = "đã xoá một sheet" if name == DELETED else f"thiếu sheet “{name}”"
            expected = "các sheet như khi phát hành"
            raise Refusal("altered-form", where="sổ", expected=expected, found=lost)
        if parts[name] not in package.parts:
            raise damaged(f"thiếu phần của sheet “{name}”")
    return {name: parts[name] for name in wanted}
