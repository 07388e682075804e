"""Which reporting periods a date lies in, and the data window of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time
from typing import Any

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import fold, is_blank, quote, read_day, the_form
from xl_automation.forms.period import Period
from xl_automation.reading.identity import as_date

EXCEL_YEARS = range(1901, 9999)  # whose dates Excel has, windows included
FIELDS = {"": "code", "ky": "code", "tu": "from", "den": "to", "ten": "label", "tat ca": "all"}
ALLOWED = "ky, tu, den, ten hoặc tat_ca; thêm {} để chọn loại kỳ, ví dụ “6T tu”"


def period_answer(cell: Any, wanted: Any) -> str | datetime:
    """Return what *wanted* (``6T tu``, ``tat_ca`` …) says of the period of a date.

    Without a kind of period it is the one of those the date lies in that closes first.

    Args:
        cell: A date, or a period such as ``2022-6T``.
        wanted: A key of ``FIELDS``, a kind of period, or both.
    """
    kind, field = _wanted(wanted)
    found = _periods(cell)
    some = [period for period in found if kind in (None, period.kind.code)]
    if not some:
        kinds = ", ".join(period.kind.code for period in found)
        raise UserError(f"{quote(cell)} không thuộc kỳ {kind}; chỉ thuộc {kinds}.")
    first, last = some[0].window
    match field:
        case "from":
            return datetime.combine(first, time())
        case "to":
            return datetime.combine(last, time())
        case "label":
            return some[0].label
        case "all":
            return ", ".join(period.code for period in some)
    return some[0].code


def _wanted(cell: Any) -> tuple[str | None, str]:
    kinds = {fold(kind.code): kind.code for kind in the_form().period_kinds}
    words = [] if is_blank(cell) else fold(cell).split()
    chosen = [kinds[word] for word in words if word in kinds]
    field = FIELDS.get(" ".join(word for word in words if word not in (*kinds, "ngay")))
    if field is None or len(chosen) > 1:
        allowed = ALLOWED.format(", ".join(kinds.values()))
        raise UserError(f"không có mốc {quote(cell)}; ghi {allowed}.")
    return (chosen[0] if chosen else None), field


def _periods(cell: Any) -> list[Period]:
    """Return the periods that a date lies in, the first to close first; of a period, itself."""
    day = read_day(cell) if isinstance(cell, str) else as_date(cell)
    if day is None:
        return [_named_period(cell)]
    found = [period for period in _around(day) if period.window[0] <= day <= period.window[1]]
    if not found or day.year not in EXCEL_YEARS:
        raise UserError(f"ngày {day:%d/%m/%Y} không thuộc kỳ báo cáo nào.")
    return sorted(found, key=lambda period: period.window[1])


def _around(day: date) -> Iterator[Period]:
    for year in range(max(day.year - 1, 2), min(day.year + 2, MAXYEAR)):
        for kind in the_form().period_kinds:
            yield Period(year, kind)


def _named_period(cell: Any) -> Period:
    try:
        period = the_form().period(str(cell).strip().upper())
    except ValueError:
        raise UserError(
            f"{quote(cell)} không phải là ngày; ghi như 15/6/2022, hoặc kỳ như 2022-6T."
        ) from None
    if period.year not in EXCEL_YEARS:
        raise UserError(f"Excel không có ngày của kỳ {quote(cell)}.")
    return period
