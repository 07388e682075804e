"""Workbooks that differ in a few cells only, each made at the price of those cells."""

from __future__ import annotations

from collections.abc import Mapping

from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import cells_by_sheet, read_parts, sheet_parts
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor
from xl_automation.xlsx.soundness import check_part
from xl_automation.xlsx.zip_file import compress, zip_bytes


class WorkbookSeries:
    """Copies of one workbook, each with contents of its own in some of the cells.

    What they have in common is compressed once, and a sheet is parsed once.
    """

    def __init__(self, content: bytes):
        self._parts = read_parts(content)
        self._names = sheet_parts(self._parts)
        self._common = {name: compress(part) for name, part in self._parts.items()}
        self._editors: dict[str, SheetEditor] = {}
        self._filled: dict[str, dict[str, CellContent]] = {}  # by sheet and cell, all None

    def workbook(self, contents: Mapping[Address, CellContent]) -> bytes:
        """Return a copy with *contents*, the same bytes whatever was made before.

        Args:
            contents: What cells get. Those that other copies fill and this one does not are blank.

        Raises:
            KeyError: If the workbook has no such cell.
            UnsoundWorkbook: If Excel could not read the copy.
        """
        entries = dict(self._common)
        for sheet, cells in cells_by_sheet(contents).items():
            name = self._names[sheet]
            if sheet not in self._editors:
                self._editors[sheet] = SheetEditor(self._parts[name])
            filled = self._filled.setdefault(sheet, {})
            self._editors[sheet].set_all({**filled, **cells})
            filled |= dict.fromkeys(cells)
            xml = self._editors[sheet].to_bytes()
            check_part(name, [xml])
            entries[name] = compress(xml)
        return zip_bytes(entries)
