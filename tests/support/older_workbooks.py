"""Workbooks from before a cell of the information sheet came, and damaged ones."""

from __future__ import annotations

import re
from pathlib import Path

import openpyxl

from tests.support.builders import FORM
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import edit_sheet, read_parts, zip_parts


def issued_before(path: Path, cell: str) -> Path:
    """Make of a workbook one of before there was a *cell* of the information sheet, by its name."""
    row, _ = positions.INFO_ROWS[cell]
    parts = read_parts(path.read_bytes())
    name = rf'<definedName name="{cell}">[^<]*</definedName>'.encode()
    parts["xl/workbook.xml"], count = re.subn(name, b"", parts["xl/workbook.xml"])
    assert count == 1
    blank = dict.fromkeys([f"A{row}", f"B{row}", f"{positions.INFO_CODE}{row}"])
    edit_sheet(parts, positions.INFO_SHEET, lambda info: info.set_all(blank))
    path.write_bytes(zip_parts(parts))
    return path


def without_a_row(path: Path) -> Path:
    """Delete the row of a figure."""
    book = openpyxl.load_workbook(path)
    book[FORM.sheet].delete_rows(Layout(FORM).rows["4.2.1"])
    book.save(path)
    return path
