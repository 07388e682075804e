"""What is said of a sheet whose rows, columns or names were found again."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from xl_automation.forms.support_table import FIGURE
from xl_automation.forms.words import plain_text
from xl_automation.reading.cells import printed_text
from xl_automation.reading.found_sheet import FoundSheet
from xl_automation.reading.remark import Remark
from xl_automation.template import positions
from xl_automation.template.issued_sheet import IssuedSheet
from xl_automation.xlsx.address import Address

_NAMED = 5  # so many are named, the others are counted


def remarks_of(sheet: FoundSheet) -> Iterator[Remark]:
    """Yield what became of the rows and columns of a sheet of the form."""
    on = f"sheet “{sheet.name}”"
    if moved := sheet.moved_rows:
        was = sheet.rows[moved[0]]
        seen = f"{on}: {len(moved)} dòng không ở chỗ lúc phát hành, như dòng {was} nay ở {moved[0]}"
        yield Remark("rows-moved", seen=seen)
    if columns := sheet.moved_columns:
        pairs = [f"cột {sheet.columns[column]} nay ở {column}" for column in columns]
        yield Remark("columns-moved", seen=f"{on}: {_listed(pairs)}")
    if added := list(sheet.added()):
        typed = [f"{cell} = {printed_text(sheet.cells[cell])}" for cell in added]
        yield Remark("rows-added", seen=f"{on}: {_listed(typed)}")
    gone_rows = [sheet.issued.rows[code] for code in sheet.missing_codes]
    filled = _filled_rows(sheet.issued)
    if rows := [row for row in gone_rows if row in filled]:
        ids, cells = _figures_in(sheet.issued, lambda cell: cell.row in rows)
        seen = f"{on}: {_listed(_titles(sheet.issued, rows))}"
        yield Remark("rows-missing", ids, cells, seen)
    if rows := [row for row in gone_rows if row not in filled]:
        yield Remark("headings-missing", seen=f"{on}: {_listed(_titles(sheet.issued, rows))}")
    if gone := [column for column in sheet.missing_columns if column in _read(sheet.issued)]:
        ids, cells = _figures_in(sheet.issued, lambda cell: cell.column in gone)
        headings = [_heading(sheet.issued, column) for column in gone]
        yield Remark("columns-missing", ids, cells, f"{on}: {_listed(headings)}")


def of_lost_names(names: Sequence[str]) -> Remark:
    """Return that names are gone though the cells that they stood for are there."""
    return Remark("names-lost", seen=_listed(names))


def _figures_in(
    issued: IssuedSheet, chosen: Callable[[Address], bool]
) -> tuple[tuple[str, ...], tuple[Address, ...]]:
    """Return the rows of the form whose figures are in the cells *chosen*, else those cells."""
    places = {id: Address(cell) for id, cell in issued.figures.items() if chosen(Address(cell))}
    ids = tuple(id for id in places if f"{FIGURE}{id}" in issued.names)
    cells = tuple(Address(f"{issued.name}!{cell}") for cell in places.values())
    return ids, () if ids else cells


def _filled_rows(issued: IssuedSheet) -> set[int]:
    """Return the rows, as issued, in which somebody fills something or something is computed."""
    cells = issued.figures if issued.code_row else issued.names
    return {Address(cell).row for cell in cells.values()}


def _read(issued: IssuedSheet) -> set[str]:
    """Return the columns that are read: those of figures, and what stands beside figures."""
    beside = set() if issued.code_row else {positions.NOTE, positions.PREVIOUS}
    return beside | {Address(cell).column for cell in issued.figures.values()}


def _heading(issued: IssuedSheet, column: str) -> str:
    """Return what is printed above a column."""
    if issued.code_row is None:
        return f"cột “{issued.columns[column]}”"
    above = [Address(cell) for cell in issued.texts if Address(cell).column == column]
    return f"cột “{' '.join(issued.texts[cell] for cell in above)}”"


def _titles(issued: IssuedSheet, rows: Sequence[int]) -> list[str]:
    """Return what is printed in rows, as issued."""
    printed: dict[int, list[str]] = {row: [] for row in rows}
    for cell, text in issued.texts.items():
        if (place := Address(cell)).row in printed and place.column != positions.UNIT:
            printed[place.row].append(plain_text(text))
    return [f"dòng {row} “{' '.join(filter(None, texts))}”" for row, texts in printed.items()]


def _listed(items: Sequence[str]) -> str:
    """Return the first of some items in words, and how many more there are."""
    more = len(items) - _NAMED
    return ", ".join(items[:_NAMED]) + (f" và {more} chỗ khác" if more > 0 else "")
