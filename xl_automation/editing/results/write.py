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
    Plain,
    Results,
    WorkbookState,
    plain_value,
)
from xl_automation.editing.results.tables import table_results
from xl_automation.editing.results.texts import text_results
from xl_automation.forms.form import Form
from xl_automation.reading.own_parts import cells_of_parts
from xl_automation.reading.reader import understand
from xl_automation.template.rules_sheet import (
    CITY_NAME,
    CITY_ROWS,
    FIX,
    INDICATOR,
    MESSAGE,
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
    sheets = {
        sheet: (part, editor)
        for sheet, part in read_book(parts).sheets.items()
        if part in parts and (editor := SheetEditor(parts[part])).has_cells
    }
    state = _state(form, parts, {sheet: editor for sheet, (_, editor) in sheets.items()})
    results: Results = {}
    if built or compute_as_issued(state):
        with suppress(NotKnownError):
            results = all_results(state)
    kept = typed_formulas(state) if typed_hold else frozenset()
    for sheet, (part, editor) in sheets.items():
        editor.set_results(
            results.get(sheet, {}), {place.cell for place in kept if place.sheet == sheet}
        )
        parts[part] = editor.to_bytes()
    compute_on_opening(parts)


def _state(form: Form, parts: Parts, editors: Mapping[str, SheetEditor]) -> WorkbookState:
    """Return the state of a workbook, each of whose sheets is open in an editor."""
    names = read_book(parts).names
    cells = cells_of_parts(parts, form)
    return WorkbookState(
        form=form,
        submission=understand(form, cells, names, Path()),
        cells=cells,
        names=names,
        formulas={sheet: editor.formulas for sheet, editor in editors.items()},
        city_rows=_city_rows(form, parts, editors, names.get(CITY_NAME)),
    )


def _city_rows(
    form: Form, parts: Parts, editors: Mapping[str, SheetEditor], first: Address | None
) -> tuple[Mapping[str, Plain], ...]:
    """Return what the city wrote below the rules, by column, row by row.

    Args:
        form: The form.
        parts: The workbook.
        editors: Its sheets.
        first: The first of the cells for it, None where there are none any more.
    """
    blank = ({},) * CITY_ROWS
    if first is None or first.sheet not in editors:
        return blank
    rows = range(first.row, first.row + CITY_ROWS)
    if not any(editors[first.sheet].holds_anything(f"{WATCHED}{row}") for row in rows):
        return blank
    cells = cells_of_parts(parts, form, first.sheet).tables[first.sheet]
    columns = (RULE, SEVERITY, INDICATOR, PLACE, SEEN, MESSAGE, FIX, WATCHED, WAS, NOTED)
    return tuple(
        {column: plain_value(cells.get(f"{column}{row}")) for column in columns} for row in rows
    )


def all_results(state: WorkbookState) -> Results:
    """Return the results of the formulas of a workbook, but of those that nobody sees.

    Raises:
        NotKnownError: If they cannot be told.
    """
    known = merged(text_results(state), reading_results(state), table_results(state))
    rules = RuleRows(state, known)
    return merged(
        known,
        rule_results(state, rules),
        check_results(state, rules, known),
        review_results(state, rules, known),
    )


def merged(*results: Results) -> Results:
    """Return several results as one."""
    together: Results = {}
    for some in results:
        for sheet, cells in some.items():
            together.setdefault(sheet, {}).update(cells)
    return together
