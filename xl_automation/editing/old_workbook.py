"""A filled workbook of any version of a form, read by what it says itself.

Its TOML file may not exist any more. Its figures are the cells named ``CT_<id>``; their labels,
units and notes stand beside them; who reports and when are the cells named ``TT_…``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from xl_automation.forms.numbers import CellValue, clean, read_number
from xl_automation.forms.support_table import FIGURE, TABLE
from xl_automation.forms.words import plain_text
from xl_automation.reading.cells import Cell, Formula, Sheets
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.locate import FormSheets, defined_names
from xl_automation.template import positions
from xl_automation.xlsx.guard import Package, open_package
from xl_automation.xlsx.package import sheet_parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_editor import SheetEditor, split_address
from xl_automation.xlsx.styles import StyleEditor
from xl_automation.xlsx.xml import MAIN

Place = tuple[str, str]  # sheet and address
Content = str | float | int | None
# The formula of a percentage that optional helpers feed, as issued.
_FED = re.compile(r'=IF\(\$?([A-Z]+)\$?([0-9]+)="","",\$?\1\$?\2\)')


@dataclass(frozen=True, slots=True)
class OldRow:
    """A row with a figure: where it is and what is printed beside it."""

    id: str
    row: int
    label: str
    unit: str
    parent: str  # the label of the row whose part it is


@dataclass(frozen=True, slots=True)
class OldLine:
    """A row of a supporting table: its label's cell, and its figures with their column."""

    label: Place
    cells: Mapping[Place, tuple[str, str]]  # label and number of the column


@dataclass(frozen=True)
class OldBook:
    """The workbook; ``cells`` by sheet and address, blank ones left out."""

    names: Mapping[str, Place]
    page: str
    info: str
    cells: Mapping[str, Mapping[str, Cell]]
    sheets: Sheets
    unlocked: frozenset[Place]
    rows: Mapping[str, OldRow]

    def at(self, place: Place) -> Cell:
        """Return what stands in a cell."""
        return self.cells.get(place[0], {}).get(place[1])

    def value(self, place: Place) -> CellValue:
        """Return what a cell holds, of a formula its last result."""
        value = self.at(place)
        return self.sheets.cached(*place) if isinstance(value, Formula) else value

    def content(self, place: Place) -> Content:
        """Return what a cell holds as it can be typed elsewhere, of a formula its last result.

        Text stays text and numbers numbers; dates, errors and truths become the text that the
        reader makes of them, so that they mean the same in any cell.
        """
        return typed(self.value(place))

    def is_fed(self, place: Place) -> bool:
        """Whether a cell holds the issued formula that optional helpers feed."""
        value = self.at(place)
        if not isinstance(value, Formula) or value.text is None:
            return False
        match = _FED.fullmatch(value.text.replace(" ", ""))
        return match is not None and int(match[2]) == split_address(place[1])[1]

    def named(self, name: str) -> Content:
        """Return what the cell of that name holds, None where there is no such cell."""
        return self.content(self.names[name]) if name in self.names else None

    def text(self, place: Place) -> str:
        """Return the text that stands in a cell, without needless white space."""
        value = self.at(place)
        return "" if isinstance(value, Formula) else plain_text(typed(value))

    def lines(self, table: str) -> Iterator[OldLine]:
        """Yield the rows of a supporting table: those with a number in its first column."""
        sheet, anchor = self.names[f"{TABLE}{table}"]
        first_column, top = split_address(anchor)
        columns: dict[str, tuple[str, str]] = {}
        lines: dict[int, dict[Place, tuple[str, str]]] = {}
        for column, row in map(split_address, self.cells.get(sheet, {})):
            if row >= top and (len(column), column) >= (len(first_column), first_column):
                columns.setdefault(column, self._heading(sheet, column, top))
                lines.setdefault(row, {})[sheet, f"{column}{row}"] = columns[column]
            elif row >= top:
                lines.setdefault(row, {})
        for row, cells in sorted(lines.items()):
            if isinstance(self.at((sheet, f"{positions.TABLE_NUMBER}{row}")), (int, float)):
                yield OldLine((sheet, f"{positions.TABLE_LABEL}{row}"), cells)

    def _heading(self, sheet: str, column: str, top: int) -> tuple[str, str]:
        """Return label and number of a table's column, from the three lines above it."""
        above = [self.text((sheet, f"{column}{row}")) for row in (top - 3, top - 2, top - 1)]
        return (above[1], above[2]) if above[1] else (above[0], "")


def typed(value: CellValue) -> Content:
    """Return a value as it can be typed: a number, a text, or None for nothing visible.

    >>> typed("4.860"), typed(4860.0), typed(True), typed(" ")
    ('4.860', 4860.0, 'TRUE', None)
    """
    if isinstance(value, str):
        return value if clean(value) else None
    reading = read_number(value, "count")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and reading.text is None:
        return value
    return reading.text


def read_older(path: Path) -> OldBook:
    """Return the workbook at *path*, of whatever version of a form.

    Raises:
        Refusal: If the file cannot be read or trusted, or is no issued workbook.
    """
    opened = open_package(path)
    names = defined_names(opened)
    figures = {name: place for name, place in names.items() if name.startswith(FIGURE)}
    if not figures or "TT_BIEU" not in names:
        raise Refusal("wrong-form", expected="mẫu đã phát hành", reason="không có ô tên CT_…")
    page, info = next(iter(figures.values()))[0], names["TT_BIEU"][0]
    _verify(figures, page)
    others = [name for name in _worksheets(opened) if name not in (page, info)]
    sheets = read_exactly(opened, FormSheets(page, info, {name: name for name in others}))
    cells = {**sheets.tables, page: sheets.page, info: sheets.info}
    rows = _rows(figures, sheets.page)
    return OldBook(names, page, info, cells, sheets, frozenset(_unlocked(opened)), rows)


def _verify(figures: Mapping[str, Place], page: str) -> None:
    """Refuse figures on several sheets, and two names of one cell."""
    seen: dict[Place, str] = {}
    for name, place in figures.items():
        if place[0] != page or place in seen:
            expected = page if place[0] != page else f"một ô khác ô tên {seen[place]}"
            found = "!".join(place)
            raise Refusal("altered-form", where=f"ô tên {name}", expected=expected, found=found)
        seen[place] = name


def _worksheets(opened: Package) -> dict[str, SheetEditor]:
    """Return the sheets that have cells, by name."""
    editors = {
        name: SheetEditor(opened.parts.get(part, b"<none/>"))
        for name, part in sheet_parts(opened.parts).items()
    }
    tag = f"{{{MAIN}}}worksheet"
    return {name: editor for name, editor in editors.items() if editor.root.tag == tag}


def _unlocked(opened: Package) -> Iterator[Place]:
    """Yield the cells into which a clerk may type."""
    styles = StyleEditor(opened.parts)
    for name, editor in _worksheets(opened).items():
        for address in editor.cells:
            if not styles.is_locked(editor.style(address)):
                yield name, address


def _rows(figures: Mapping[str, Place], page: Mapping[str, Cell]) -> dict[str, OldRow]:
    """Return the rows with a figure by id."""

    def text(column: str, row: int) -> str:
        value = page.get(f"{column}{row}")
        return "" if value is None or isinstance(value, Formula) else str(value)

    numbers = {name.removeprefix(FIGURE): split_address(a)[1] for name, (_, a) in figures.items()}
    labels = {id: text(positions.LABEL, row) for id, row in numbers.items()}
    for column, row in map(split_address, page):
        if column == positions.STT:  # headings have no name
            labels.setdefault(
                text(positions.STT, row).strip().rstrip("."), text(positions.LABEL, row)
            )
    return {
        id: OldRow(
            id, row, labels[id], text(positions.UNIT, row), labels.get(id.rpartition(".")[0], "")
        )
        for id, row in numbers.items()
    }
