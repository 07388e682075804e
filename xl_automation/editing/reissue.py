"""A fresh workbook with all that was read of one whose rows, columns or names were moved or lost.

Whatever is written into a workbook goes into cells as they were issued; where they no longer stand
so, it goes into this one instead.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from xl_automation.editing.old_workbook import Content, typed_content
from xl_automation.forms.form import Form
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.cells import FormCells, Formula
from xl_automation.reading.identity import as_date
from xl_automation.reading.places import places_of
from xl_automation.reading.rescue import rescue
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.build import template_parts
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.package import Parts, set_cells


def parts_as_issued(package: Package, form: Form, submission: Submission) -> Parts:
    """Return the parts of a workbook whose cells stand as issued: its own, or those of a fresh one.

    Args:
        package: The file.
        form: The form.
        submission: What was read of it.
    """
    if submission.is_as_issued:
        return dict(package.parts)
    rescued = rescue(package, form)
    assert rescued is not None, "what was read of these bytes before was rescued"
    parts = _blank(form, submission)
    set_cells(parts, dict(_typed(form, rescued.cells)))
    return parts


def _blank(form: Form, submission: Submission) -> Parts:
    """Return a workbook for the unit and the period that a submission names."""
    code, name = submission.unit_code, submission.unit_name
    unit = ReportingUnit(code, name, submission.level) if code and name else None
    return template_parts(
        form,
        submission.level,
        unit,
        submission.period,
        previous=submission.previous,
        due=submission.due,
    )


def _typed(form: Form, cells: FormCells) -> Iterator[tuple[Address, Content | date]]:
    """Yield what a clerk typed into open cells, by the cells as issued."""
    sheets = {form.sheet: cells.page, positions.INFO_SHEET: cells.info}
    sheets |= {t.sheet: cells.tables[t.id] for t in form.tables if t.id in cells.tables}
    issued = set(places_of(form).issued.values())
    day = positions.info_place(positions.META_CELLS["@report_date"])
    for place in _open_cells(form):
        value = sheets.get(place.sheet, {}).get(place.cell)
        if isinstance(value, Formula):
            if value.text in issued:
                continue
            value = cells.cached(place.sheet, place.cell)
        content = (as_date(value) if place == day else None) or typed_content(value)
        if content is not None:
            yield place, content


def _open_cells(form: Form) -> Iterator[Address]:
    """Yield the cells into which a clerk may type in some workbook of the form."""
    layout = Layout(form)
    for id in (*(item.id for item in form.inputs), *form.helper_ids, *form.table_inputs):
        yield layout.place(id)
    for item in form.figures:
        yield Address.of(form.sheet, positions.NOTE, layout.rows[item.id])
    for table in form.tables:
        for row in range(len(table.rows), table.size):  # those that the clerk labels
            yield Address.of(table.sheet, positions.TABLE_LABEL, positions.TABLE_FIRST_ROW + row)
    for name, (row, _) in positions.INFO_ROWS.items():
        if row < positions.INFO_FIXED_ROW and name not in positions.INFO_COMPUTED:
            yield positions.info_place(name)
