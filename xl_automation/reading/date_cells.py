"""What openpyxl makes of a number in a cell that may show a date."""

from __future__ import annotations

from datetime import date, time, timedelta

from openpyxl.styles.numbers import builtin_format_code, is_date_format, is_timedelta_format
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from xl_automation.forms.numbers import Undated
from xl_automation.xlsx.styles import NumberFormat


def as_shown(
    number: float, form: NumberFormat, counts_from_1904: bool
) -> float | date | time | timedelta | Undated:
    """Return a number as its cell shows it: a date, a time, none that there is, or the number."""
    code = builtin_format_code(form.id) if form.code is None else form.code
    if not is_date_format(code):
        return number
    if number < 0:
        return Undated(number)
    epoch = MAC_EPOCH if counts_from_1904 else WINDOWS_EPOCH
    try:
        shown: date | time | timedelta = from_excel(
            number, epoch, timedelta=is_timedelta_format(code)
        )
    except (OverflowError, ValueError):
        return Undated(number)
    return shown
