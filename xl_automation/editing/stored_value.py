"""What a value of a values file is stored as in its cell.

A value is read as the form reads its row: ``3.718`` in a count is 3718, ``58,85`` in a percentage
is 58.85. What those rules do not read as a number is stored as the text it is, so that the checks
see what was written; so is a number with a needless 0 in front, about which there is a rule.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from xl_automation.forms.numbers import plain, read_number
from xl_automation.forms.vocabulary import Kind
from xl_automation.xlsx.sheet_editor import CellContent

# What is allowed, as a clerk reads it.
_NUMBER = "Số ghi như 4.860.000 hoặc 12,5 (dấu chấm tách từng ba chữ số, dấu phẩy trước phần lẻ);"
_PERCENTAGE = "Tỷ lệ ghi như 58,85 (dấu phẩy trước phần lẻ, không có dấu chấm);"
_DATE = "Ngày ghi như 14/6/2022."


class StoredValue(NamedTuple):
    """What a cell takes.

    Attributes:
        content: A number, a date, a text, or None for nothing.
        doubt: What is wrong with the text and what is allowed; empty where nothing is.
    """

    content: CellContent
    doubt: str = ""


def stored_number(text: str, kind: Kind, codes: tuple[str, ...] = ()) -> StoredValue:
    """Return what a cell for a figure of *kind* takes; *codes* may stand there for no figure.

    >>> stored_number("3.718", "count"), stored_number("12 %", "percent")
    (StoredValue(content=3718, doubt=''), StoredValue(content=12, doubt=''))
    >>> stored_number("03", "count")
    StoredValue(content='03', doubt='')
    >>> stored_number("kad", "count", ("KAD",))
    StoredValue(content='KAD', doubt='')
    """
    reading = read_number(text, kind, codes)
    if reading.blank or reading.absence:
        return StoredValue(reading.absence)
    if reading.number is None:
        allowed = _PERCENTAGE if kind == "percent" else _NUMBER
        instead = f"ghi {', '.join(codes)} hoặc " if codes else ""
        without = f"không có số liệu thì {instead}để trống."
        return StoredValue(text, f"không đọc được thành số. {allowed} {without}")
    return StoredValue(text if reading.leading_zero else plain(reading.number))


def stored_date(text: str) -> StoredValue:
    """Return what a cell for a date takes; ``2022-06-14`` and ``14/6/2022`` are read as dates."""
    for pattern in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            day: date = datetime.strptime(text, pattern).date()
        except ValueError:
            continue
        return StoredValue(day)
    return StoredValue(text, f"không đọc được thành ngày. {_DATE}") if text else StoredValue(None)
