"""The locked workbook (biểu mẫu) that a clerk fills: built from the form, cell by cell.

Every percentage, rule and message in it comes from the form; where things stand comes from
:mod:`layout`; each sheet is a module of its own. It needs no macro, no Python and no
network, and Excel 2010 understands all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial
from io import BytesIO

from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.template import positions
from xl_automation.template.form_limits import check_formulas, check_messages
from xl_automation.template.form_sheet import write_page
from xl_automation.template.form_workbook import NOTHING, FormWorkbook, Origin
from xl_automation.template.guide_sheet import write_guide
from xl_automation.template.info_sheet import write_info
from xl_automation.template.layout import Layout
from xl_automation.template.lists_sheet import write_lists
from xl_automation.template.review_sheet import write_review
from xl_automation.template.rules_sheet import write_rules
from xl_automation.template.table_sheet import write_table
from xl_automation.xlsx.new_workbook import NewWorkbook, workbook_bytes
from xl_automation.xlsx.package import (
    Parts,
    changed_workbook,
    edit_sheet,
    forget_results,
    protect_structure,
    read_parts,
)
from xl_automation.xlsx.sheet_editor import SheetEditor
from xl_automation.xlsx.soundness import UnsoundWorkbook


def build_template(
    form: Form,
    level: UnitLevel = "commune",
    unit: ReportingUnit | None = None,
    period: Period | None = None,
    units: tuple[ReportingUnit, ...] | None = None,
    previous: tuple[Period, Mapping[str, float]] | None = None,
    due: date | None = None,
    origin: Origin = NOTHING,
) -> bytes:
    """Return the locked workbook of *form* as the bytes of an .xlsx file.

    Its formulas have no results yet: :mod:`~xl_automation.editing.blank_workbook` adds them.

    Args:
        form: The form.
        level: Whose workbook it is: ``commune`` or ``district``.
        unit: Fills in and locks the reporting unit.
        period: Fills in and locks the reporting period.
        units: The units offered in the list; by default those of the form for the period, or of
            all times.
        previous: An earlier period and the unit's figures of it by id, shown beside the form
            and checked against live.
        due: The day by which the report is due.
        origin: What it holds from the beginning, where it is made of other workbooks.
    """
    parts = template_parts(form, level, unit, period, units, previous, due, origin)
    forget_results(parts)
    return changed_workbook(parts, {})


def template_parts(
    form: Form,
    level: UnitLevel = "commune",
    unit: ReportingUnit | None = None,
    period: Period | None = None,
    units: tuple[ReportingUnit, ...] | None = None,
    previous: tuple[Period, Mapping[str, float]] | None = None,
    due: date | None = None,
    origin: Origin = NOTHING,
) -> Parts:
    """Return the parts of such a workbook; its formulas have no results that mean anything."""
    everyone = units or (form.units_at(period) if period else form.units)
    offered = tuple(other for other in everyone if other.level == level)
    past, numbers = previous or (None, {})
    content = workbook_bytes(
        lambda target: _write(
            FormWorkbook(target, form, level, unit, period, offered, past, numbers, due, origin)
        ),
        font_size=12,
        default_column_width=72,  # column widths count in digits of this font, 8 pixels wide
    )
    parts = read_parts(content)
    protect_structure(parts)
    edit_sheet(parts, form.sheet, partial(_finish, form))
    return parts


def template_formulas(
    form: Form, level: UnitLevel, period: Period | None = None, previous: Period | None = None
) -> dict[str, dict[str, str]]:
    """Return the formulas of such a workbook without ``=``, by sheet, then by cell.

    Args:
        form: The form.
        level: Whose workbook it is.
        period: Its period; it matters only beside an earlier one.
        previous: The earlier period that it is checked against.
    """
    target = NewWorkbook(BytesIO(), font_size=12)
    _write(FormWorkbook(target, form, level, period=period, previous=previous))
    return {sheet.name: sheet.formulas for sheet in target.worksheets()}


def _finish(form: Form, page: SheetEditor) -> None:
    """Say of the form's sheet what XlsxWriter cannot."""
    page.no_header_on_first_page()
    page.let_grow(Layout(form).rows.values())


def _write(book: FormWorkbook) -> None:
    """Write all sheets; of a form that becomes too much for Excel, the block is named."""
    check_messages(book)
    try:
        _write_sheets(book)
    except UnsoundWorkbook:
        check_formulas(book)
        raise


def _write_sheets(book: FormWorkbook) -> None:
    form = book.form
    book.target.set_properties({"title": form.name, "created": positions.CREATED})
    guide = book.sheet(positions.GUIDE_SHEET)
    info = book.sheet(positions.INFO_SHEET)
    page = book.sheet(form.sheet)
    tables = [(book.sheet(table.sheet), table) for table in form.tables]
    review = book.sheet(positions.REVIEW_SHEET)
    rules = book.sheet(positions.RULE_SHEET)
    lists = book.sheet(positions.LIST_SHEET)
    write_guide(book, guide)
    write_info(book, info)
    write_page(book, page)
    for sheet, table in tables:
        write_table(book, sheet, table)
    write_review(book, review)
    write_rules(book, rules)
    write_lists(book, lists)
    first = page if book.unit and book.period else info
    first.activate()
    first.set_first_sheet()
