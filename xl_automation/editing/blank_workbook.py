"""The locked workbook as a unit gets it: built from the form, its formulas with their results."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from xl_automation.editing.results.write import write_results
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.template.build import template_parts
from xl_automation.template.form_workbook import NOTHING, Origin
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.package import changed_workbook, set_cells
from xl_automation.xlsx.sheet_editor import CellContent


def blank_workbook(
    form: Form,
    level: UnitLevel = "commune",
    unit: ReportingUnit | None = None,
    period: Period | None = None,
    units: tuple[ReportingUnit, ...] | None = None,
    previous: tuple[Period, Mapping[str, float]] | None = None,
    due: date | None = None,
    origin: Origin = NOTHING,
    typed: Mapping[Address, CellContent] | None = None,
) -> bytes:
    """Return the locked workbook of *form* as the bytes of an .xlsx file.

    Args:
        form: The form.
        level: Whose workbook it is: ``commune`` or ``district``.
        unit: Fills in and locks the reporting unit.
        period: Fills in and locks the reporting period.
        units: The units offered in the list; those of the form by default.
        previous: An earlier period and the unit's figures of it by id, shown beside the form
            and checked against live.
        due: The day by which the report is due.
        origin: What it holds from the beginning, where it is made of other workbooks.
        typed: What stands in its cells as if somebody had typed it.
    """
    parts = template_parts(form, level, unit, period, units, previous, due, origin)
    set_cells(parts, typed or {})
    write_results(form, parts, built=True)
    return changed_workbook(parts, {})
