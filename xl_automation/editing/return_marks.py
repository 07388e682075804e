"""Puts a plan of giving back into a workbook's file.

Only looks, locks and the cells for reasons change; every figure, formula, name and validation
stays as it came. A marked cell has the cell style *Trả lại*, by which a later round knows it
again, whatever its colour is then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial

from xl_automation.checks.finding import Finding
from xl_automation.editing.city_rule_rows import city_rule_rows
from xl_automation.editing.reissue import parts_as_issued
from xl_automation.editing.results.write import write_results
from xl_automation.editing.return_plan import ReturnPlan, plan_return
from xl_automation.forms.form import Form
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.figures import tabulate
from xl_automation.reading.locate import find_sheets
from xl_automation.reading.submission import Submission
from xl_automation.template import form_workbook, positions
from xl_automation.template.build import template_parts
from xl_automation.template.layout import Layout
from xl_automation.template.rules_sheet import CITY_NAME, CITY_ROWS, PLACE, WATCHED
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import (
    Parts,
    changed_workbook,
    protect_structure,
    read_book,
    sheet_parts,
)
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor
from xl_automation.xlsx.styles import NORMAL, Look, StyleEditor

MARK = form_workbook.MARK.removeprefix("#")
MARK_STYLE = "Trả lại"  # the name of the mark in a program's list of cell styles
IssuedFills = Callable[[UnitLevel], Mapping[Address, str | None]]


def marked_workbook(
    form: Form, submission: Submission, findings: Sequence[Finding], issued: IssuedFills
) -> tuple[bytes, tuple[Address, ...]]:
    """Return the workbook of *submission* with *findings* marked, and the cells open in it.

    Args:
        form: The form.
        submission: What the workbook says.
        findings: Why it goes back.
        issued: The fills that cells had before an earlier round (:func:`issued_fills`).

    Raises:
        Refusal: If the file is no longer what was read, or its styles are damaged.
    """
    package = open_package(submission.path)
    package.refuse_other_than(submission.sha256)
    parts, layout = parts_as_issued(package, form, submission), Layout(form)
    names = read_book(parts).names
    names_in_file = find_sheets(names, form).issued(form)
    info = SheetEditor(parts[sheet_parts(parts)[names_in_file[positions.INFO_SHEET]]])
    computed = {
        Address(f"{positions.INFO_SHEET}!{cell}") for cell in info.cells if info.holds_formula(cell)
    }
    plan = plan_return(layout, submission, findings, computed)
    before = partial(issued, submission.level)
    _mark(parts, plan, layout, {name: sheet for sheet, name in names_in_file.items()}, before)
    if CITY_NAME in names:
        rows = city_rule_rows(layout, tabulate(form, [submission]).row(0), findings)
        _write_city_rules(parts, rows, names[CITY_NAME])
    protect_structure(parts)
    write_results(form, parts, typed_hold=True)
    return changed_workbook(parts, package.parts), plan.opened


def issued_fills(form: Form) -> IssuedFills:
    """Return the function that gives the fill of each cell as issued to a level."""

    @cache
    def fills(level: UnitLevel) -> Mapping[Address, str | None]:
        parts = template_parts(form, level)
        styles = StyleEditor(parts)
        return {
            Address(f"{sheet}!{cell}"): styles.look(editor.style(cell)).fill
            for sheet, part in sheet_parts(parts).items()
            for editor in [SheetEditor(parts[part])]
            for cell in editor.cells
        }

    return fills


def _mark(
    parts: Parts,
    plan: ReturnPlan,
    layout: Layout,
    issued_names: Mapping[str, str],
    before: Callable[[], Mapping[Address, str | None]],
) -> None:
    """Carry out *plan* on all sheets of a package, in place.

    Args:
        parts: The package.
        plan: What is done.
        layout: Where everything stands.
        issued_names: What the sheets were called when issued, by their names in the file.
        before: Gives the fills that cells had before any round.
    """
    styles = StyleEditor(parts)
    sheets = sheet_parts(parts)
    page = next(name for name, sheet in issued_names.items() if sheet == layout.form.sheet)
    row = layout.rows[layout.form.figures[0].id]
    look = SheetEditor(parts[sheets[page]]).style(f"{positions.RETURNED}{row}")
    marks = _Marks(styles, plan, before)
    for name, part in sheets.items():
        editor = SheetEditor(parts.get(part, b"<none/>"))
        if not editor.has_cells:
            continue
        unchanged = editor.to_bytes()
        sheet = issued_names.get(name, name)
        _write_reasons(editor, plan, sheet, look)
        if sheet == layout.form.sheet:
            editor.show_column(positions.RETURNED)
        marks.restyle(editor, sheet)
        editor.protect()
        if (content := editor.to_bytes()) != unchanged:
            parts[part] = content
    parts[styles.part] = styles.to_bytes()


def _write_reasons(editor: SheetEditor, plan: ReturnPlan, sheet: str, look: int) -> None:
    """Write beside each row why it is given back, and nothing beside the others.

    *look* is the style of a cell for reasons, for the sheets that have none yet.
    """
    for place, text in plan.reasons.items():
        if place.sheet != sheet:
            continue
        if text and place.cell not in editor.cells:
            editor.need(place.cell)
            editor.restyle(place.cell, look)
        if place.cell in editor.cells:
            editor.set(place.cell, text)


class _Marks:
    """The locks and marks of a plan, sheet by sheet."""

    def __init__(
        self,
        styles: StyleEditor,
        plan: ReturnPlan,
        before: Callable[[], Mapping[Address, str | None]],
    ):
        self._styles, self._plan, self._before = styles, plan, before
        self._marked, self._opened = frozenset(plan.marked), frozenset(plan.opened)
        self._mark = styles.cell_style_named(MARK_STYLE)

    def restyle(self, editor: SheetEditor, sheet: str) -> None:
        """Lock every cell but those opened, mark those meant, and clear earlier marks."""
        for place in self._plan.touched:
            if place.sheet == sheet:
                editor.need(place.cell)
        for cell in editor.cells:
            style = editor.style(cell)
            wanted = self._look(Address(f"{sheet}!{cell}"), self._styles.look(style))
            variant = self._styles.variant(style, wanted)
            if variant != style:
                editor.restyle(cell, variant)

    def _look(self, place: Address, look: Look) -> Look:
        """Return the look that a cell gets instead of the one it has."""
        locked = place not in self._opened
        if place in self._marked:
            return Look(locked, MARK, self._known_mark())
        if look.cell_style == self._mark:
            return Look(locked, self._before().get(place), NORMAL)
        return look._replace(locked=locked)

    def _known_mark(self) -> int:
        """Return the number of the cell style that is the mark."""
        if self._mark is None:
            self._mark = self._styles.add_cell_style(MARK_STYLE, MARK)
        return self._mark


def _write_city_rules(
    parts: Parts, rows: Sequence[Mapping[str, CellContent]], place: Address
) -> None:
    """Write what only the city sees into the rows from *place* on, and clear those of earlier.

    A clerk may have deleted the sheet, or all that was on it: then nobody looks there.
    """
    part, first = sheet_parts(parts).get(place.sheet, ""), place.row
    editor = SheetEditor(parts.get(part, b"<none/>"))
    if not editor.has_cells:
        return
    for row, cells in enumerate(rows, start=first):
        for column, content in cells.items():
            editor.need(f"{column}{row}")
            editor.set(f"{column}{row}", content)
    for row in range(first + len(rows), first + CITY_ROWS):
        for cell in (f"{PLACE}{row}", f"{WATCHED}{row}"):  # without them a row does not count
            if cell in editor.cells:
                editor.set(cell, None)
    parts[part] = editor.to_bytes()
