"""Marks in a workbook that is given back: what is wrong, why, and where typing is allowed.

Only looks, locks and the cells for reasons change; every figure, formula, name and validation
stays as it came.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial

from xl_automation.checks.finding import Finding
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.locate import defined_names, find_sheets
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.form_workbook import MARK, live_rules
from xl_automation.template.layout import Layout
from xl_automation.template.rules_sheet import (
    CITY_NAME,
    CITY_ROWS,
    INDICATOR,
    MESSAGE,
    PLACE,
    RULE,
    SEEN,
    SEVERITY,
    WAS,
    WATCHED,
)
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import (
    Parts,
    edit_sheet,
    protect_structure,
    read_parts,
    sheet_parts,
    zip_parts,
)
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_editor import CellContent, SheetEditor, split_address
from xl_automation.xlsx.styles import StyleEditor
from xl_automation.xlsx.xml import MAIN

MARK = MARK.removeprefix("#")
MAX_TEXT = 32_000  # a cell holds 32,767 characters
_NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
Place = tuple[str, str]  # sheet as the form names it, and address
IssuedFills = Callable[[str], Mapping[Place, str | None]]


@dataclass(frozen=True)
class _Plan:
    """What is marked, opened and said in one workbook."""

    form: Form
    submission: Submission
    issued: IssuedFills
    computed: frozenset[str]  # cells of the information sheet that hold formulas
    marked: dict[Place, None] = field(default_factory=dict)
    opened: dict[Place, None] = field(default_factory=dict)
    reasons: dict[tuple[str, int], dict[str, None]] = field(default_factory=dict)

    def add(self, finding: Finding) -> None:
        layout = Layout(self.form)
        ids = {layout.place(id): id for id in (*self.form.by_id, *self.form.table_cells)}
        cells = _cells(self.form, finding)
        places = [_place(cell) for cell in cells]
        for cell in cells:
            if cell in ids:
                places += self._open(_inputs(self.form, self.submission, ids[cell]))
            elif _place(cell)[0] == positions.INFO_SHEET and _place(cell)[1] not in self.computed:
                self.opened[_place(cell)] = None
        for sheet, address in places:
            row = split_address(address)[1]
            self.marked[sheet, address] = None
            self.reasons.setdefault((sheet, row), {})[_reason(finding)] = None
            if sheet == self.form.sheet and row in self._noted:
                self.opened[sheet, f"{positions.NOTE}{row}"] = None

    def _open(self, ids: Iterable[str]) -> Iterator[Place]:
        """Open cells; yield those to mark too. Optional helpers need no filling: no mark."""
        for id in ids:
            place = _place(Layout(self.form).place(id))
            self.opened[place] = None
            if id not in self.form.helper_ids:
                yield place

    @property
    def _noted(self) -> set[int]:
        rows = Layout(self.form).rows
        return {rows[item.id] for item in self.form.figures}


def _cells(form: Form, finding: Finding) -> tuple[str, ...]:
    return finding.cells or tuple(Layout(form).place(id) for id in finding.indicators)


def _place(cell: str) -> Place:
    sheet, _, address = cell.rpartition("!")
    return sheet, address


def _reason(finding: Finding) -> str:
    """Return the finding as it stands beside its row, as the live check words it."""
    seen = f"{finding.seen} – " if finding.seen else ""
    return f"{SEVERITY_LABELS[finding.severity]}: {seen}{finding.message} [{finding.rule}]"


def _inputs(form: Form, submission: Submission, id: str) -> Iterator[str]:
    """Yield the cells that a clerk can change to settle a finding about a cell, by id.

    Of a computed cell these are what it is computed from; itself only where its formula was
    typed over. A heading's own cell opens, to be cleared.
    """
    if id in form.table_cells:
        table, column, row = form.table_cells[id]
        for part in (one for one in table.inputs if one is column or one.id in column.sum):
            for number in (row,) if row else range(1, table.size + 1):
                yield f"{table.id}.{number}.{part.id}"
        return
    item = form.by_id.get(id)
    if item is None or not item.is_computed or id in submission.readings:
        yield id
    if item is not None and item.percent is not None:
        for ref in item.percent.refs:
            yield from _inputs(form, submission, ref)


# --- marking -----------------------------------------------------------------------------------


def marked(
    form: Form, submission: Submission, findings: Sequence[Finding], issued: IssuedFills
) -> tuple[bytes, tuple[str, ...]]:
    """Return the workbook of *submission* with *findings* marked, and the cells open in it.

    *issued* gives the fills that cells had before an earlier round (:func:`issued_fills`).

    Raises:
        Refusal: If the file is no longer what was read, or its styles are damaged.
    """
    opened = open_package(submission.path)
    if opened.sha256 != submission.sha256:
        raise Refusal("unreadable", reason="tệp vừa bị thay đổi")
    parts = dict(opened.parts)
    names = defined_names(opened)
    found = find_sheets(names, form)
    info = SheetEditor(parts[sheet_parts(parts)[found.info]])
    computed = frozenset(address for address in info.cells if info.holds_formula(address))
    plan = _Plan(form, submission, issued, computed)
    for finding in findings:
        plan.add(finding)
    keys = {found.page: form.sheet, found.info: positions.INFO_SHEET}
    keys |= {sheet: table.sheet for table, sheet in found.tables(form)}
    _mark(parts, plan, keys)
    sheet, first = names.get(CITY_NAME, ("", ""))
    if sheet in sheet_parts(parts):  # a clerk may have deleted it
        edit_sheet(parts, sheet, partial(_write_city_findings, plan, findings, first))
    protect_structure(parts)
    return zip_parts(parts), tuple("!".join(place) for place in plan.opened)


def _mark(parts: Parts, plan: _Plan, keys: Mapping[str, str]) -> None:
    """Mark all sheets of a package, in place."""
    styles = StyleEditor(parts)
    sheets = sheet_parts(parts)
    page = next(name for name, key in keys.items() if key == plan.form.sheet)
    row = Layout(plan.form).rows[plan.form.figures[0].id]
    look = SheetEditor(parts[sheets[page]]).style(f"{positions.RETURNED}{row}")
    for name, part in sheets.items():
        editor = SheetEditor(parts.get(part, b"<none/>"))
        if editor.root.tag != f"{{{MAIN}}}worksheet":
            continue  # a chart on a sheet of its own has no cells
        before = editor.to_bytes()
        key = keys.get(name, name)
        _write_reasons(editor, plan, key, look)
        if key == plan.form.sheet:
            editor.show_column(positions.RETURNED)
        _restyle(editor, styles, plan, key)
        editor.protect()
        if editor.to_bytes() != before:
            parts[part] = editor.to_bytes()
    parts[styles.part] = styles.to_bytes()


def _write_city_findings(
    plan: _Plan, findings: Sequence[Finding], first: str, editor: SheetEditor
) -> None:
    """Write what the workbook cannot see itself among its rules, so that it lists that too."""
    form, submission = plan.form, plan.submission
    past = submission.previous and submission.previous[0]
    live = {one.id for one in live_rules(form, submission.level, submission.period, past)}
    listed = [finding for finding in findings if finding.rule not in live]
    table = tabulate(form, [submission])
    top = split_address(first)[1]
    for at_row, finding in enumerate(listed[:CITY_ROWS], start=top):
        sheet, address = _place(_cells(form, finding)[0])
        watched, was = _watched(submission, table, finding)
        row = {
            RULE: finding.rule,
            SEVERITY: SEVERITY_LABELS[finding.severity],
            INDICATOR: next(iter(finding.indicators), None),
            PLACE: f"'{sheet}'!{address}",
            SEEN: _cell_text(finding.seen),
            MESSAGE: _cell_text(finding.message),
            WATCHED: watched,
            WAS: was,
        }
        for column, content in row.items():
            editor.need(f"{column}{at_row}")
            editor.set(f"{column}{at_row}", content)
    for address in editor.cells:  # of an earlier round
        column, row_number = split_address(address)
        if row_number >= top + len(listed) and column in (PLACE, WATCHED):
            editor.set(address, None)


def _watched(submission: Submission, table: Figures, finding: Finding) -> tuple[str, CellContent]:
    """Return the address of the value that a finding is about, and what it is now."""
    if finding.indicators:
        id = finding.indicators[0]
        reading = submission.readings.get(id, BLANK)
        number = table.number(0, id)
        was = positions.UNREADABLE if number is None and not reading.blank else number
        return f"'{table.form.sheet}'!{positions.NUMBER}{Layout(table.form).rows[id]}", was
    if finding.rule == "unknown-unit":
        code, name = submission.unit_code, submission.unit_name
        return "TT_DON_VI", positions.unit_text(
            ReportingUnit(code, name)
        ) if code and name else name
    period = submission.period
    return "TT_KY_DEN_NGAY", period.window[1] if period else None


def _cell_text(text: str) -> str | None:
    return _NO_TEXT.sub("?", text)[:MAX_TEXT] or None


def issued_fills(form: Form) -> IssuedFills:
    """Return the function that gives the fill of each cell as issued to a level."""

    @cache
    def fills(level: str) -> Mapping[Place, str | None]:
        parts = read_parts(build_template(form, level))
        styles = StyleEditor(parts)
        return {
            (sheet, address): styles.fill(editor.style(address))
            for sheet, part in sheet_parts(parts).items()
            for editor in [SheetEditor(parts[part])]
            for address in editor.cells
        }

    return fills


def _restyle(editor: SheetEditor, styles: StyleEditor, plan: _Plan, sheet: str) -> None:
    """Lock every cell but those opened, mark those meant, and clear older marks."""
    for key, address in (*plan.opened, *plan.marked):
        if key == sheet:
            editor.need(address)
    for address in editor.cells:
        style = editor.style(address)
        fill = styles.fill(style)
        if (sheet, address) in plan.marked:
            fill = MARK
        elif fill == MARK:  # of an earlier round
            fill = plan.issued(plan.submission.level).get((sheet, address))
        look = styles.variant(style, (sheet, address) not in plan.opened, fill)
        if look != style:
            editor.restyle(address, look)


def _write_reasons(editor: SheetEditor, plan: _Plan, sheet: str, look: int) -> None:
    """Write beside each row why it is given back, and nothing beside the others.

    *look* is the style of a cell for reasons, for the sheets that have none yet.
    """
    beside = _reason_cells(plan.form, sheet)
    for row, address in beside.items():
        text = " · ".join(plan.reasons.get((sheet, row), ()))
        if text and address not in editor.cells:
            editor.need(address)
            editor.restyle(address, look)
        if address in editor.cells:
            editor.set(address, _cell_text(text))


def _reason_cells(form: Form, sheet: str) -> dict[int, str]:
    """Return the cell for reasons of each row of a sheet."""
    if sheet == form.sheet:
        return {row: f"{positions.RETURNED}{row}" for row in Layout(form).rows.values()}
    if sheet == positions.INFO_SHEET:
        return {row: f"{positions.INFO_RETURNED}{row}" for row, _ in positions.INFO_ROWS.values()}
    for table in form.tables:
        if table.sheet == sheet:
            rows = range(positions.TABLE_FIRST_ROW, positions.TABLE_FIRST_ROW + table.size + 1)
            return {row: f"{positions.table_returned(table)}{row}" for row in rows}
    return {}
