"""What the cells of sheet ``Thông tin`` mean: level, period, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.forms.words import same_text
from xl_automation.reading.cells import Cell, printed_text
from xl_automation.template import positions
from xl_automation.xlsx.excel_days import EXCEL_EPOCH
from xl_automation.xlsx.refusal import Refusal


def verify_identity(form: Form, info: Mapping[str, Cell]) -> None:
    """Refuse a workbook that names another form or version.

    Args:
        form: The form that is expected.
        info: The cells of the information sheet.

    Raises:
        Refusal: If it does.
    """
    id = printed_text(info.get(positions.info_cell(positions.FORM_CELL))) or None
    if id != form.id:
        raise Refusal("wrong-form", expected=form.name, reason=f"mã biểu là “{id}”")
    version = printed_text(info.get(positions.info_cell("TT_PHIEN_BAN"))) or None
    if version != form.version:
        raise Refusal("wrong-version", found=version, expected=form.version)


def level_of(form: Form, text: str) -> UnitLevel:
    """Return the level that a workbook names.

    Raises:
        Refusal: If the form has no such level.
    """
    for level, label in form.levels.items():
        if same_text(label, text):
            return level
    raise Refusal(
        "altered-form",
        where="cấp báo cáo ở sheet Thông tin",
        expected=" hoặc ".join(form.levels.values()),
        found=text,
    )


def period_of(form: Form, kind: str, year: str) -> Period | None:
    """Return the period that a workbook names, None while it is not chosen."""
    for item in form.period_kinds:
        if same_text(positions.short_period(item.label), kind) and re.fullmatch("[0-9]{4}", year):
            return Period(int(year), item)
    return None


def as_date(value: Cell) -> date | None:
    """Return the date in a cell: a date, a serial number, or None."""
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 1 <= value < 2958466:
        return EXCEL_EPOCH + timedelta(days=int(value))
    return None
