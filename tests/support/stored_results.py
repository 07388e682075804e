"""The results that stand beside the formulas of a workbook, and what a program computes anew."""

from __future__ import annotations

import zipfile
from pathlib import Path

from lxml import etree

from tests.support.office import Office, OfficeError
from xl_automation.xlsx.address import column_letters

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Value = float | str | bool
Cells = dict[tuple[str, str], Value | None]  # by sheet and cell


def stored_results(path: Path) -> Cells:
    """Return the result stored with each formula; None where there is none."""
    with zipfile.ZipFile(path) as archive:
        book = etree.fromstring(archive.read("xl/workbook.xml"))
        links = etree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
        targets = {link.get("Id"): f"xl/{link.get('Target')}" for link in links}
        return {
            (sheet.get("name"), cell.get("r")): _value(cell)
            for sheet in book.iter(f"{_MAIN}sheet")
            for cell in etree.fromstring(archive.read(targets[sheet.get(_RELATION)])).iter(
                f"{_MAIN}c"
            )
            if cell.find(f"{_MAIN}f") is not None
        }


def _value(cell: etree._Element) -> Value | None:
    value = cell.find(f"{_MAIN}v")
    if value is None:
        return None
    text = value.text or ""
    if cell.get("t") == "b":
        return text == "1"
    return text if cell.get("t") == "str" else float(text)


def computed_results(office: Office, path: Path, hard: bool = True) -> Cells:
    """Return what each filled cell of a workbook shows once it is opened.

    Args:
        office: The program.
        path: The workbook.
        hard: Whether everything is computed anew first.
    """
    cells: Cells = {}
    with office.open(path) as book:
        if hard:
            book.recalculate()
        for name in book.sheets():
            cursor = book.sheet(name).createCursor()
            cursor.gotoEndOfUsedArea(False)
            last = cursor.RangeAddress
            area = f"A1:{column_letters(last.EndColumn + 1)}{last.EndRow + 1}"
            for row, values in enumerate(book.values(name, area), start=1):
                for column, value in enumerate(values, start=1):
                    if isinstance(value, OfficeError):
                        value = value.code
                    cells[name, f"{column_letters(column)}{row}"] = value
    return cells


def differences(stored: Cells, computed: Cells) -> dict[tuple[str, str], tuple[object, object]]:
    """Return the stored results that are not what was computed, each beside that."""
    return {
        place: (value, computed.get(place))
        for place, value in stored.items()
        if value is not None and not _is_same(value, computed.get(place))
    }


def _is_same(stored: Value, computed: Value | None) -> bool:
    if isinstance(stored, str) or isinstance(computed, str):
        return stored == computed
    assert computed is not None
    return abs(stored - computed) <= 1e-14 * max(1.0, abs(computed))
