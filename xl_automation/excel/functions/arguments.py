"""What stands in a cell that a custom function is given: a number, a word, a date, a path."""

from __future__ import annotations

import functools
import math
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np

from xl_automation.errors import UserError
from xl_automation.excel.functions.book_in_front import form_in_front
from xl_automation.excel.functions.excel_errors import ERRORS
from xl_automation.excel.functions.grid import Objects, grid, is_blank
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import absence_in, clean, read_number, read_numbers, show
from xl_automation.forms.percentage import Floats

_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


def quote(cell: Any) -> str:
    """Return a cell as a sentence quotes it."""
    reading = read_number(cell, "amount")
    return show(show(reading.number) if reading.text is None else reading.text)


# --- numbers -----------------------------------------------------------------------------------


def numbers(value: Any) -> tuple[Floats, Objects]:
    """Return cells as numbers.

    Returns:
        Two arrays of the shape of the range: float64, NaN where there is no number; and the text
        that says why there is none, "" where the cell is blank or has one.
    """
    rows = grid(value)
    shape, cells = (len(rows), len(rows[0])), list(chain.from_iterable(rows))
    if {float, NoneType}.issuperset(map(type, cells)):  # the usual range, quickly
        return np.array(cells, dtype=float).reshape(shape), np.full(shape, "", dtype=object)
    answers = numbers_or_reasons(cells, "amount")
    floats = [math.nan if type(answer) is str else answer for answer in answers]
    texts = np.array([answer if type(answer) is str else "" for answer in answers], dtype=object)
    return np.array(floats, dtype=float).reshape(shape), texts.reshape(shape)


def numbers_or_reasons(cells: Sequence[Any], kind: str) -> list[float | str]:
    """Return the number in each cell, or the text that says why there is none: "" for a blank."""
    answers: list[Any] = read_numbers(cells, kind)
    if None in answers:
        front = functools.cache(form_in_front)  # asked once, if at all
        answers = [
            _why_none(cell, kind, front) if number is None else number
            for cell, number in zip(cells, answers, strict=True)
        ]
    return answers


def _why_none(cell: Any, kind: str, front: Callable[[], Form]) -> str:
    reading = read_number(cell, kind)
    if reading.text is None or reading.text in ERRORS:
        return reading.text or ""
    if reading.text.strip().isalpha():
        form = front()
        if code := absence_in(reading.text, form.absence_codes):
            return f"Lỗi: {code} nghĩa là {form.absence[code].words}, không phải là số."
    if kind == "percent" and isinstance(cell, str) and "." in cell and "," not in cell:
        return f"Lỗi: {quote(cell)} chưa rõ dấu chấm nghĩa là gì; tỷ lệ ghi dấu phẩy, ví dụ 58,85."
    return f"Lỗi: {quote(cell)} không phải là số."


# --- words, dates, paths -----------------------------------------------------------------------


def fold(cell: Any) -> str:
    """Return a cell's words without tone marks, capitals and underscores.

    >>> fold("Số_Đếm ")
    'so dem'
    """
    text = unicodedata.normalize("NFD", str(cell).casefold().replace("đ", "d").replace("_", " "))
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Mn").split())


def chosen(cell: Any, words: Mapping[str, str]) -> str | None:
    """Return what a cell's words choose among *words*, None where they choose nothing.

    A blank chooses ``words[""]``.
    """
    return words.get("" if is_blank(cell) else fold(cell))


def choose(cell: Any, words: Mapping[str, str], what: str, allowed: str) -> str:
    """Return what a cell's words choose among *words*, as :func:`chosen` does.

    Raises:
        UserError: Where they choose nothing; it names *what* there is none of, and the *allowed*.
    """
    choice = chosen(cell, words)
    if choice is None:
        raise UserError(f"không có {what} {quote(cell)}; ghi {allowed}.")
    return choice


def read_day(text: str) -> date | None:
    """Return the date in a text such as ``15/6/2022`` or ``2022-06-15``, or None."""
    if match := _DAY.fullmatch(clean(text)):
        day, month, year = map(int, match.groups())
    elif match := _ISO_DAY.fullmatch(clean(text)):
        year, month, day = map(int, match.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def read_path(cell: Any) -> Path:
    """Return the path in a cell, also as Windows' *Copy as path* gives it, in quotes.

    Raises:
        UserError: Where it is not the whole path of a place on this PC.
    """
    text = clean(cell).strip("\"“”'") if isinstance(cell, str) else ""
    if not text:
        raise UserError(f"{quote(cell)} không phải là đường dẫn.")
    if re.match("https?:", text, re.IGNORECASE):
        raise UserError(
            f"{quote(text)} là địa chỉ trên mạng (OneDrive, SharePoint); "
            "chép về máy rồi ghi đường dẫn trên ổ đĩa."
        )
    if not Path(text).is_absolute():
        raise UserError(
            f"{quote(text)} chưa phải đường dẫn đầy đủ; ghi cả ổ đĩa và thư mục, "
            "ví dụ D:\\CCHC\\Báo cáo.xlsx."
        )
    return Path(text)
