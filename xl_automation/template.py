"""The locked workbook (biểu mẫu) that a clerk fills: built from the form, cell by cell.

Every percentage, rule and message in it comes from the form; where things stand comes from
:mod:`layout`; each sheet is a module of :mod:`sheets`. It needs no macro, no Python and no
network, and Excel 2010 understands all of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from xl_automation import layout as at
from xl_automation import package
from xl_automation.layout import Layout
from xl_automation.model import Form, Period, ReportingUnit
from xl_automation.sheets.draft import Draft
from xl_automation.sheets.guide import write_guide
from xl_automation.sheets.info import write_info
from xl_automation.sheets.lists import write_lists
from xl_automation.sheets.page import write_page
from xl_automation.sheets.rules import write_review, write_rules
from xl_automation.sheets.tables import write_table
from xl_automation.writing import workbook_bytes

CREATED = datetime(2022, 1, 1)  # fixed, so that two builds are the same bytes


def build_template(
    form: Form,
    level: str = "commune",
    unit: ReportingUnit | None = None,
    period: Period | None = None,
    units: tuple[ReportingUnit, ...] | None = None,
    previous: tuple[Period, Mapping[str, float]] | None = None,
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
    """
    offered = tuple(one for one in units or form.units if one.level == level)
    past, numbers = previous or (None, {})
    content = workbook_bytes(
        lambda book: _write(Draft(book, form, level, unit, period, offered, past, numbers)),
        font_size=12,
        default_column_width=72,  # column widths count in digits of this font, 8 pixels wide
    )
    parts = package.read_parts(content)
    package.protect_structure(parts)
    package.forget_results(parts)
    package.edit_sheet(parts, form.sheet, partial(_finish, form))
    return package.zip_parts(parts)


def _finish(form: Form, page: package.SheetEditor) -> None:
    """Say of the form's sheet what XlsxWriter cannot."""
    page.no_header_on_first_page()
    page.let_grow(Layout(form).rows.values())


def _write(draft: Draft) -> None:
    form = draft.form
    draft.book.set_properties({"title": form.name, "created": CREATED})
    guide = draft.sheet(at.GUIDE_SHEET)
    info = draft.sheet(at.INFO_SHEET)
    page = draft.sheet(form.sheet)
    tables = [(draft.sheet(table.sheet), table) for table in form.tables]
    review = draft.sheet(at.REVIEW_SHEET)
    rules = draft.sheet(at.RULE_SHEET)
    lists = draft.sheet(at.LIST_SHEET)
    write_guide(draft, guide)
    write_info(draft, info)
    write_page(draft, page)
    for sheet, table in tables:
        write_table(draft, sheet, table)
    write_review(draft, review)
    write_rules(draft, rules)
    write_lists(draft, lists)
    first = page if draft.unit and draft.period else info
    first.activate()
    first.set_first_sheet()
