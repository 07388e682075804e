"""Workbooks that differ in a few cells only, each made at the price of those cells."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import cells_by_sheet, read_parts, sheet_parts
from xl_automation.xlsx.sheet_editor import CellContent, Result, SheetEditor
from xl_automation.xlsx.soundness import check_part
from xl_automation.xlsx.zip_file import compress, zip_bytes

Results = Mapping[str, Mapping[str, Result]]  # by sheet, then by cell
NO_RESULTS: Results = MappingProxyType({})


class WorkbookSeries:
    """Copies of one workbook, each with contents of its own in some of the cells.

    What they have in common is compressed once, and a sheet is parsed once.

    Args:
        content: The workbook.
        results: Those that are stored with its formulas.
    """

    def __init__(self, content: bytes, results: Results = NO_RESULTS):
        self._parts, self._results = read_parts(content), results
        self._names = sheet_parts(self._parts)
        self._common = {name: compress(part) for name, part in self._parts.items()}
        self._editors: dict[str, SheetEditor] = {}
        self._filled: dict[str, dict[str, CellContent]] = {}  # by sheet and cell, all None
        self._changed: dict[str, dict[str, Result | None]] = {}  # what they were at first

    def workbook(
        self, contents: Mapping[Address, CellContent], results: Results | None = None
    ) -> bytes:
        """Return a copy with *contents*, the same bytes whatever was made before.

        Args:
            contents: What cells get. Those that other copies fill and this one does not are blank.
            results: The results of its formulas, where they are others than in the workbook.

        Raises:
            KeyError: If the workbook has no such cell.
            UnsoundWorkbook: If Excel could not read the copy.
        """
        entries = dict(self._common)
        by_sheet = cells_by_sheet(contents)
        for sheet, name in self._names.items():
            cells = by_sheet.get(sheet, {})
            changes = {} if results is None else self._changes(sheet, results.get(sheet, {}))
            if not cells and not changes:
                continue
            xml = self._edited(sheet, cells, changes)
            check_part(name, [xml])
            entries[name] = compress(xml)
        return zip_bytes(entries)

    def _edited(
        self,
        sheet: str,
        cells: Mapping[str, CellContent],
        changes: Mapping[str, Result | None],
    ) -> bytes:
        """Return the XML of a sheet with other contents and results than it has at first."""
        if sheet not in self._editors:
            self._editors[sheet] = SheetEditor(self._parts[self._names[sheet]])
        editor, filled = self._editors[sheet], self._filled.setdefault(sheet, {})
        editor.set_all({**filled, **cells})
        filled |= dict.fromkeys(cells)
        changed = self._changed.setdefault(sheet, {})
        for cell, result in {**changed, **changes}.items():
            editor.set_result(cell, result)
        first = self._results.get(sheet, {})
        changed |= {cell: first.get(cell) for cell in changes}
        return editor.to_bytes()

    def _changes(self, sheet: str, results: Mapping[str, Result]) -> dict[str, Result | None]:
        """Return the results on a sheet that are others than at first; None where one is gone."""
        first = self._results.get(sheet, {})
        changes: dict[str, Result | None] = dict.fromkeys(first.keys() - results.keys())
        return changes | {
            cell: result for cell, result in results.items() if result != first.get(cell)
        }
