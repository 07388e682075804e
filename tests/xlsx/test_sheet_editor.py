"""Requirement: single cells of a sheet's XML change, in their order, and the others stay."""

from __future__ import annotations

import pytest

from xl_automation.xlsx.sheet_editor import SheetEditor
from xl_automation.xlsx.xml_part import MAIN

SHEET = f"""<worksheet xmlns="{MAIN}"><cols><col min="1" max="2"/>
<col min="27" max="29" hidden="1"/><col min="40" max="40" hidden="1"/></cols>
<sheetData><row r="2" spans="1:28"><c r="A2"/><c r="Z2"/><c r="AB2"/></row>
<row r="4"><c/><c r="?"/><c r="B4"/></row></sheetData></worksheet>"""


@pytest.fixture
def editor() -> SheetEditor:
    """A sheet with cells beyond column Z, cells without a right address, and hidden columns."""
    return SheetEditor(SHEET.encode())


def addresses(editor: SheetEditor, row: int) -> list[str | None]:
    """Return the addresses of a row's cells in the order of the XML."""
    (element,) = (r for r in editor.root.iter(f"{{{MAIN}}}row") if r.get("r") == str(row))
    return [cell.get("r") for cell in element]


def test_new_cells_stand_in_the_order_of_their_columns(editor):
    """AA comes after Z and before AB; a row that is not there yet is made in its place."""
    for address in ("AC2", "AA2", "B2", "C3", "A4", "AA2"):
        editor.need(address)
    assert addresses(editor, 2) == ["A2", "B2", "Z2", "AA2", "AB2", "AC2"]
    assert addresses(editor, 3) == ["C3"]
    assert addresses(editor, 4) == ["A4", "?", "B4"]
    rows = [row.get("r") for row in editor.root.iter(f"{{{MAIN}}}row")]
    assert rows == ["2", "3", "4"]


@pytest.mark.parametrize(
    ("column", "hidden"),
    [("AA", ["40"]), ("AC", ["40"]), ("AN", ["27"]), ("A", ["27", "40"]), ("Z", ["27", "40"])],
)
def test_column_is_shown_whatever_its_letters(editor, column, hidden):
    """A hidden column past Z is shown with those of its entry, and no other."""
    editor.show_column(column)
    entries = editor.root.iter(f"{{{MAIN}}}col")
    assert [entry.get("min") for entry in entries if "hidden" in entry.attrib] == hidden
