"""Puts the results of formulas into a workbook, all that are known or none.

A program that does not compute (a preview, Protected View, a script) shows what is stored. What
is stored here is what a full computation gives; where that is not sure, nothing is, and every
program computes: the workbook says so to Excel in any case.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from xl_automation.editing.results.checks import check_results
from xl_automation.editing.results.formulas import compute_as_issued, typed_formulas
from xl_automation.editing.results.readings import reading_results
from xl_automation.editing.results.review import review_results
from xl_automation.editing.results.rules import RuleRows, rule_results
from xl_automation.editing.results.state import (
    NotKnownError,
    Results,
    WorkbookState,
)
from xl_automation.editing.results.tables import table_results
from xl_automation.editing.results.texts import text_results
from xl_automation.forms.form import Form
from xl_automation.reading.cells import Cell
from xl_automation.reading.locate import find_sheets
from xl_automation.reading.own_parts import cells_of_parts
from xl_automation.reading.reader import understand
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.template.rules_sheet import (
    CITY_NAME,
    CITY_ROWS,
    FIX,
    INDICATOR,
    MESSAGE,
    NAME,
    NOTED,
    PLACE,
    RULE,
    SEEN,
    SEVERITY,
    WAS,
    WATCHED,
)
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import Parts, compute_on_opening, read_book
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_editor import SheetEditor


def write_results(form: Form, parts: Parts, built: bool = False, typed_hold: bool = False) -> None:
    """Write into a package the results of all its formulas, in place.

    They are dropped where something stands in it of which only a spreadsheet program can tell what
    comes of it, or where a formula is not the one that this program issues.

    Args:
        form: The form.
        parts: A workbook that is read as *form*.
        built: Whether this program has just built it, so that its formulas need no look.
        typed_hold: Whether the results of formulas that a clerk typed are still true.
    """
    sheets = _sheets(parts)
    state = _state(form, parts, sheets)
    results: Results = {}
    if built or compute_as_issued(state):
        with suppress(NotKnownError):
            results = all_results(state)
    typed = typed_formulas(state) if typed_hold else frozenset()
    part_of = read_book(parts).sheets
    for sheet, editor in sheets.items():
        kept = {place.cell for place in typed if place.sheet == sheet}
        if editor.formulas.keys() - kept:
            editor.set_results(results.get(sheet, {}), kept)
            parts[part_of[sheet]] = editor.to_bytes()
    compute_on_opening(parts)


def state_of(form: Form, parts: Parts) -> WorkbookState:
    """Return what the formulas of a workbook see of it."""
    return _state(form, parts, _sheets(parts))


def _sheets(parts: Parts) -> dict[str, SheetEditor]:
    """Return each worksheet of a workbook, open for changes."""
    sheets = {
        sheet: SheetEditor(parts[part])
        for sheet, part in read_book(parts).sheets.items()
        if part in parts
    }
    return {sheet: editor for sheet, editor in sheets.items() if editor.has_cells}


def _state(form: Form, parts: Parts, sheets: Mapping[str, SheetEditor]) -> WorkbookState:
    names = read_book(parts).names
    cells = cells_of_parts(parts, form)
    page = sheets[find_sheets(names, form).page]
    rows = Layout(form).rows.values()
    return WorkbookState(
        form=form,
        submission=understand(form, cells, names, Path()),
        cells=cells,
        names=names,
        formulas={sheet: editor.formulas for sheet, editor in sheets.items()},
        returned=frozenset(
            row for row in rows if page.holds_anything(f"{positions.RETURNED}{row}")
        ),
        city_rows=_city_rows(form, parts, sheets, names.get(CITY_NAME)),
    )


def _city_rows(
    form: Form, parts: Parts, sheets: Mapping[str, SheetEditor], first: Address | None
) -> tuple[Mapping[str, Cell], ...] | None:
    """Return what the city wrote below the rules, by column, row by row; None if unreadable.

    Args:
        form: The form.
        parts: The workbook.
        sheets: Its sheets.
        first: The first of the cells for it, None where there are none any more.
    """
    blank: tuple[Mapping[str, Cell], ...] = ({},) * CITY_ROWS
    if first is None or first.sheet not in sheets:
        return blank
    rows = range(first.row, first.row + CITY_ROWS)
    if not any(sheets[first.sheet].holds_anything(f"{WATCHED}{row}") for row in rows):
        return blank
    try:
        cells = cells_of_parts(parts, form, first.sheet).tables[first.sheet]
    except Refusal:
        return None
    columns = (RULE, SEVERITY, INDICATOR, NAME, PLACE, SEEN, MESSAGE, FIX, WATCHED, WAS, NOTED)
    return tuple({column: cells.get(f"{column}{row}") for column in columns} for row in rows)


def all_results(state: WorkbookState) -> Results:
    """Return the results of the formulas of a workbook, but of those that nobody sees.

    Raises:
        NotKnownError: If they cannot be told.
    """
    known = merged(text_results(state), reading_results(state), table_results(state))
    rules = RuleRows(state, known)
    checks = check_results(state, rules)
    results = merged(
        known, checks, rule_results(state, rules), review_results(state, rules, checks)
    )
    return {
        sheet: {cell: of_sheet[cell] for cell in formulas if cell in of_sheet}
        for sheet, formulas in state.formulas.items()
        for of_sheet in [results.get(sheet, {})]
    }


def merged(*results: Results) -> Results:
    """Return several results as one."""
    together: Results = {}
    for some in results:
        for sheet, cells in some.items():
            together.setdefault(sheet, {}).update(cells)
    return together
