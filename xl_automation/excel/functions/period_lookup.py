"""Which reporting periods a date lies in, and the data window of each."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import MAXYEAR, date, datetime, time
from typing import Any

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import fold, quote, read_day
from xl_automation.excel.functions.grid import is_blank
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.reading.identity import as_date

EXCEL_YEARS = range(1901, 9999)  # whose dates Excel has, windows included
FIELDS = {"": "code", "ky": "code", "tu": "from", "den": "to", "ten": "label", "tat ca": "all"}
ALLOWED = "ky, tu, den, ten hoặc tat_ca; thêm {} để chọn loại kỳ, ví dụ “{} tu”"


def period_answer(form: Form, cell: Any, wanted: Any) -> str | datetime:
    """Return what *wanted* (``6T tu``, ``tat_ca`` …) says of the period of a date.

    Without a kind of period it is, of those the date lies in, the kind that the form states first.

    Args:
        form: The form whose periods these are.
        cell: A date, or a period such as ``2022-6T``.
        wanted: A key of ``FIELDS``, a kind of period, or both.

    Raises:
        UserError: Where the date lies in no such period, or either cell says nothing known.
    """
    kind, field = _wanted(form, wanted)
    around = _periods(form, cell)
    periods = [period for period in around if kind in (None, period.kind.code)]
    if not periods:
        kinds = ", ".join(period.kind.code for period in around)
        raise UserError(f"{quote(cell)} không thuộc kỳ {kind}; chỉ thuộc {kinds}.")
    period = periods[0]
    first, last = period.window
    match field:
        case "from":
            return datetime.combine(first, time())
        case "to":
            return datetime.combine(last, time())
        case "label":
            return period.label
        case "all":
            return ", ".join(period.code for period in periods)
    return period.code


def _wanted(form: Form, cell: Any) -> tuple[str | None, str]:
    """Return the kind of period that a cell wants, None for any, and the field of ``FIELDS``."""
    kinds = {fold(kind.code): kind.code for kind in form.period_kinds}
    words = [] if is_blank(cell) else fold(cell).split()
    chosen = [kinds[word] for word in words if word in kinds]
    field = FIELDS.get(" ".join(word for word in words if word not in (*kinds, "ngay")))
    if field is None or len(chosen) > 1:
        codes = list(kinds.values())
        allowed = ALLOWED.format(", ".join(codes), codes[min(1, len(codes) - 1)])
        raise UserError(f"không có mốc {quote(cell)}; ghi {allowed}.")
    return (chosen[0] if chosen else None), field


def _periods(form: Form, cell: Any) -> list[Period]:
    """Return the periods that a date lies in, as the form orders them; of a period, itself."""
    day = read_day(cell) if isinstance(cell, str) else as_date(cell)
    if day is None:
        return [_named_period(form, cell)]
    periods = [
        period for period in _around(form, day) if period.window[0] <= day <= period.window[1]
    ]
    if not periods or day.year not in EXCEL_YEARS:
        raise UserError(f"ngày {day:%d/%m/%Y} không thuộc kỳ báo cáo nào.")
    return sorted(periods, key=lambda period: form.period_kinds.index(period.kind))


def _around(form: Form, day: date) -> Iterator[Period]:
    for year in range(max(day.year - 1, 2), min(day.year + 2, MAXYEAR)):
        for kind in form.period_kinds:
            yield Period(year, kind)


def _named_period(form: Form, cell: Any) -> Period:
    year, _, kind = str(cell).strip().partition("-")
    codes = {kind.code.casefold(): kind.code for kind in form.period_kinds}
    try:
        period = form.period(f"{year}-{codes.get(kind.casefold(), kind)}")
    except UserError:
        example = f"2022-{form.period_kinds[min(1, len(form.period_kinds) - 1)].code}"
        raise UserError(
            f"{quote(cell)} không phải là ngày; ghi như 15/6/2022, hoặc kỳ như {example}."
        ) from None
    if period.year not in EXCEL_YEARS:
        raise UserError(f"Excel không có ngày của kỳ {quote(cell)}.")
    return period
