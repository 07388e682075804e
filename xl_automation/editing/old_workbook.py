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
from xl_automation.reading.cells import Cell, FormCells, Formula
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.locate import SheetNames, located
from xl_automation.template import positions
from xl_automation.xlsx.address import Address, column_number
from xl_automation.xlsx.guard import Package, open_package
from xl_automation.xlsx.package import read_book, sheet_parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_editor import SheetEditor
from xl_automation.xlsx.styles import StyleEditor
from xl_automation.xlsx.xml_part import MAIN

Content = str | float | int | None
# The formula of a percentage that optional helpers feed, as issued.
_FED = re.compile(r'=IF\(\$?([A-Z]+)\$?([0-9]+)="","",\$?\1\$?\2\)')


@dataclass(frozen=True, slots=True)
class OldRow:
    """A row with a figure: where it is and what is printed beside it.

    Attributes:
        id: Its id in the old workbook.
        row: The number of the row on the form's sheet.
        label: What it is called.
        unit: The unit of its figure.
        parent: The label of the row whose part it is; empty where there is none.
    """

    id: str
    row: int
    label: str
    unit: str
    parent: str


@dataclass(frozen=True, slots=True)
class OldLine:
    """A row of a supporting table.

    Attributes:
        label: The cell of its label.
        cells: Label and number of the column of each cell with a figure.
    """

    label: Address
    cells: Mapping[Address, tuple[str, str]]


@dataclass(frozen=True)
class OldWorkbook:
    """A workbook of some version of a form.

    Attributes:
        names: The cell of each defined name.
        page: The sheet that holds the form.
        info: The sheet that says who reports and when.
        cells: What stands in the cells, by sheet and by address in it; blank ones are left out.
        sheets: The same, with the results of formulas.
        unlocked: The cells into which a clerk may type.
        rows: The rows with a figure by their ids.
    """

    names: Mapping[str, Address]
    page: str
    info: str
    cells: Mapping[str, Mapping[str, Cell]]
    sheets: FormCells
    unlocked: frozenset[Address]
    rows: Mapping[str, OldRow]

    def cell(self, place: Address) -> Cell:
        """Return what stands in a cell: a value, or a formula."""
        return self.cells.get(place.sheet, {}).get(place.cell)

    def value(self, place: Address) -> CellValue:
        """Return what a cell holds, of a formula its last result."""
        cell = self.cell(place)
        return self.sheets.cached(place.sheet, place.cell) if isinstance(cell, Formula) else cell

    def content(self, place: Address) -> Content:
        """Return what a cell holds as it can be typed elsewhere, of a formula its last result.

        Text stays text and numbers numbers; dates, errors and truths become the text that the
        reader makes of them, so that they mean the same in any cell.
        """
        return typed_content(self.value(place))

    def holds_formula(self, place: Address) -> bool:
        """Whether a cell holds a formula."""
        return isinstance(self.cell(place), Formula)

    def formula(self, place: Address) -> str | None:
        """Return the text of the formula in a cell, None where there is none."""
        cell = self.cell(place)
        return cell.text if isinstance(cell, Formula) else None

    def is_fed(self, place: Address) -> bool:
        """Whether a cell holds the issued formula that optional helpers feed."""
        match = _FED.fullmatch((self.formula(place) or "").replace(" ", ""))
        return match is not None and int(match[2]) == place.row

    def named(self, name: str) -> Content:
        """Return what the cell of that name holds, None where there is no such cell."""
        return self.content(self.names[name]) if name in self.names else None

    def named_text(self, name: str) -> str:
        """Return the text of the cell of that name, empty where there is no such cell."""
        return plain_text(self.named(name))

    def text(self, place: Address) -> str:
        """Return the text that stands in a cell, without needless white space."""
        cell = self.cell(place)
        return "" if isinstance(cell, Formula) else plain_text(typed_content(cell))

    def figure_place(self, row: OldRow) -> Address:
        """Return the cell of a row's figure."""
        return self.names[f"{FIGURE}{row.id}"]

    def lines(self, table: str) -> Iterator[OldLine]:
        """Yield the rows of a supporting table: those with a number in its first column."""
        anchor = self.names[f"{TABLE}{table}"]
        first_column = column_number(anchor.column)
        headings: dict[str, tuple[str, str]] = {}
        lines: dict[int, dict[Address, tuple[str, str]]] = {}
        for cell in self.cells.get(anchor.sheet, {}):
            place = Address(f"{anchor.sheet}!{cell}")
            if place.row < anchor.row or self.text(place).startswith(TABLE):  # the code of a row
                continue
            line = lines.setdefault(place.row, {})
            if column_number(place.column) >= first_column:
                if place.column not in headings:
                    headings[place.column] = self._heading(anchor, place.column)
                line[place] = headings[place.column]
        for row, cells in sorted(lines.items()):
            number = Address.of(anchor.sheet, positions.TABLE_NUMBER, row)
            if isinstance(self.cell(number), (int, float)):
                yield OldLine(Address.of(anchor.sheet, positions.TABLE_LABEL, row), cells)

    def _heading(self, anchor: Address, column: str) -> tuple[str, str]:
        """Return label and number of a table's column, from the three lines above its cells."""
        group, label, number = (
            self.text(Address.of(anchor.sheet, column, anchor.row - lines)) for lines in (3, 2, 1)
        )
        return (label, number) if label else (group, "")


def typed_content(value: CellValue) -> Content:
    """Return a value as it can be typed: a number, a text, or None for nothing visible.

    >>> typed_content("4.860"), typed_content(4860.0), typed_content(True), typed_content(" ")
    ('4.860', 4860.0, 'TRUE', None)
    """
    if isinstance(value, str):
        return value if clean(value) else None
    reading = read_number(value, "count")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and reading.text is None:
        return value
    return reading.text


def read_old_workbook(path: Path) -> OldWorkbook:
    """Return the workbook at *path*, of whatever version of a form.

    Raises:
        Refusal: If the file cannot be read or trusted, or is no issued workbook.
    """
    package = open_package(path)
    book = read_book(package.parts)
    names = book.names
    figures = {name: place for name, place in names.items() if name.startswith(FIGURE)}
    if not figures or positions.FORM_CELL not in names:
        raise Refusal("wrong-form", expected="mẫu đã phát hành", reason="không có ô tên CT_…")
    page, info = next(iter(figures.values())).sheet, names[positions.FORM_CELL].sheet
    _verify(figures, page)
    others = [name for name in _worksheets(package) if name not in (page, info)]
    place = located(package, book, SheetNames(page, info, {name: name for name in others}))
    sheets = read_exactly(place)
    cells = {**sheets.tables, page: sheets.page, info: sheets.info}
    unlocked = frozenset(_unlocked(package))
    return OldWorkbook(names, page, info, cells, sheets, unlocked, _rows(figures, sheets.page))


def _verify(figures: Mapping[str, Address], page: str) -> None:
    """Refuse figures on several sheets, and two names of one cell."""
    seen: dict[Address, str] = {}
    for name, place in figures.items():
        if place.sheet != page or place in seen:
            expected = page if place.sheet != page else f"một ô khác ô tên {seen[place]}"
            raise Refusal("altered-form", where=f"ô tên {name}", expected=expected, found=place)
        seen[place] = name


def _worksheets(package: Package) -> dict[str, SheetEditor]:
    """Return the sheets that have cells, by name."""
    editors = {
        name: SheetEditor(package.parts.get(part, b"<none/>"))
        for name, part in sheet_parts(package.parts).items()
    }
    tag = f"{{{MAIN}}}worksheet"
    return {name: editor for name, editor in editors.items() if editor.root.tag == tag}


def _unlocked(package: Package) -> Iterator[Address]:
    """Yield the cells into which a clerk may type."""
    styles = StyleEditor(package.parts)
    for name, editor in _worksheets(package).items():
        for cell in editor.cells:
            if not styles.look(editor.style(cell)).locked:
                yield Address(f"{name}!{cell}")


def _rows(figures: Mapping[str, Address], page: Mapping[str, Cell]) -> dict[str, OldRow]:
    """Return the rows with a figure by id."""

    def text(column: str, row: int) -> str:
        cell = page.get(f"{column}{row}")
        return "" if cell is None or isinstance(cell, Formula) else str(cell)

    numbers = {name.removeprefix(FIGURE): place.row for name, place in figures.items()}
    labels = {id: text(positions.LABEL, row) for id, row in numbers.items()}
    for place in map(Address, page):
        if place.column == positions.STT:  # headings have no name
            stt = text(positions.STT, place.row).strip().rstrip(".")
            labels.setdefault(stt, text(positions.LABEL, place.row))
    return {
        id: OldRow(
            id, row, labels[id], text(positions.UNIT, row), labels.get(id.rpartition(".")[0], "")
        )
        for id, row in numbers.items()
    }
