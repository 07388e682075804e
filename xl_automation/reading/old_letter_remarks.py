"""Remarks on what was typed in old letters: where, what stands there, what it says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import chain, islice
from typing import NamedTuple

from xl_automation.forms.form import Form
from xl_automation.forms.old_letters import OldText, is_old_font, is_unusual, old_text
from xl_automation.forms.support_table import SupportTable
from xl_automation.reading.cells import FormCells
from xl_automation.reading.locate import Located, SheetNames
from xl_automation.reading.places import Places
from xl_automation.reading.remark import Remark
from xl_automation.template import positions
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.cell_fonts import CellFonts, Run

RULE = "old-letters"
MOST_TOLD = 10  # cells that have a remark of their own; the others share one
RunsOf = Callable[[str, str], Sequence[Run]]  # of a cell, by the name of its sheet in the file


class _OldCell(NamedTuple):
    place: Address
    indicators: tuple[str, ...]
    old: OldText


def no_fonts(_sheet: str, _address: str) -> Sequence[Run]:
    """Return that nothing is known of a cell's fonts."""
    return ()


def runs_of_file(place: Located) -> RunsOf:
    """Return what tells the fonts of a file's cells; nothing is read before it is asked."""
    known: list[CellFonts] = []

    def runs(sheet: str, address: str) -> Sequence[Run]:
        if not known:
            styles = place.book.related.get("styles")
            known.append(CellFonts(place.package.parts, place.strings_part, styles))
        return known[0].runs(place.part(sheet), address)

    return runs


def old_letter_remarks(
    form: Form, places: Places, cells: FormCells, sheets: SheetNames, runs: RunsOf
) -> Iterator[Remark]:
    """Yield a remark on each of the first cells in old letters, and one on all others.

    Args:
        form: The form.
        places: Where its figures and notes stand.
        cells: What its cells hold.
        sheets: What its sheets are called in the file.
        runs: Tells the fonts of a cell; asked about few.
    """
    found = _old_cells(form, places, cells, sheets, runs)
    for cell in islice(found, MOST_TOLD):
        yield Remark(RULE, cell.indicators, (cell.place,), cell.old.told)
    others = list(found)
    if others:
        ids = dict.fromkeys(id for cell in others for id in cell.indicators)
        seen = f"và {len(others)} ô nữa cũng gõ chữ như vậy"
        yield Remark(RULE, tuple(ids), tuple(cell.place for cell in others), seen)


def _old_cells(
    form: Form, places: Places, cells: FormCells, sheets: SheetNames, runs: RunsOf
) -> Iterator[_OldCell]:
    names = sheets.issued(form)
    for sheet, cell, indicator, text in _typed_texts(form, places, cells):
        if is_unusual(text):
            old = _old_text(text, runs(names[sheet], cell))
            if old:
                ids = (indicator,) if indicator else ()
                yield _OldCell(Address(f"{sheet}!{cell}"), ids, old)


def _typed_texts(
    form: Form, places: Places, cells: FormCells
) -> Iterator[tuple[str, str, str, str]]:
    """Yield the texts that people typed, each behind its sheet, its cell and its row's id."""
    figures = ((item.id, cell) for item, cell in places.rows)
    for id, cell in chain(figures, places.notes.items()):
        if isinstance(text := cells.page.get(cell), str):
            yield form.sheet, cell, id, text
    for cell in map(positions.info_cell, positions.INFO_ROWS):
        if isinstance(text := cells.info.get(cell), str):
            yield positions.INFO_SHEET, cell, "", text
    for table in form.tables:
        typed = _typed_into(table)
        for cell, text in cells.tables.get(table.id, {}).items():
            if isinstance(text, str) and cell in typed:
                yield table.sheet, cell, "", text


@lru_cache(32)
def _typed_into(table: SupportTable) -> frozenset[str]:
    """Return the cells of a supporting table that clerks fill: labels of open rows, figures."""
    rows = range(1, table.size + 1)
    labels = (positions.table_label(row) for row in rows[len(table.rows) :])
    figures = (positions.table_cell(table, part, row) for part in table.inputs for row in rows)
    return frozenset((*labels, *figures))


def _old_text(text: str, runs: Sequence[Run]) -> OldText | None:
    """Return what a text says, by the fonts of its pieces or else by itself."""
    read = [old_text(run.text, run.font) if is_old_font(run.font) else None for run in runs]
    first = next(filter(None, read), None)
    if first is None:
        return old_text(text)
    pieces = [old.reading if old else run.text for old, run in zip(read, runs, strict=True)]
    return OldText(text, first.letters, "".join(pieces))
