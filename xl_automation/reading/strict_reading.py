"""Cells whose number native formulas take as it stands: helpers, supporting tables."""

from __future__ import annotations

from datetime import date, time, timedelta

from xl_automation.forms.numbers import CellValue, Reading, Share, Undated, read_number


def read_strictly(value: CellValue) -> Reading:
    """Return a reading in which only a number is a number, as native formulas see it.

    To them a date is its serial number, and 95 % is 0.95.
    """
    if isinstance(value, (Share, Undated)):
        value = value.number
    elif isinstance(value, (date, time, timedelta)):
        from openpyxl.utils.datetime import to_excel  # only here, and seldom

        value = float(to_excel(value))  # type: ignore[no-untyped-call]
    reading = read_number(value, "count")
    if reading.text is None or isinstance(value, (int, float)):
        return reading
    return Reading(text=reading.text)
