"""What custom functions get from cells and give back: grids, errors, words, ids, dates, paths.

Cells arrive from xlwings as float, text, bool, datetime, Decimal (currency), None (blank), or, for
errors, text such as ``#N/A``; errors that xlwings does not know are still the numbers of COM. An
error goes through as text, a blank question has a blank answer.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from pathlib import Path
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

from xl_automation.errors import UserError
from xl_automation.forms.form import Form
from xl_automation.forms.loader import load_form
from xl_automation.forms.numbers import clean, plain, read_number, show
from xl_automation.forms.percentage import Floats
from xl_automation.forms.support_table import FIGURE
from xl_automation.xlsx.refusal import Refusal

Grid = list[list[Any]]  # cells, row by row
Objects = npt.NDArray[np.object_]
# Excel's errors by number: 2000 is its xlErrNull, as COM hands it over.
COM_ERRORS = {
    number - 2000 - 2146826288: text
    for number, text in {
        2000: "#NULL!",
        2007: "#DIV/0!",
        2015: "#VALUE!",
        2023: "#REF!",
        2029: "#NAME?",
        2036: "#NUM!",
        2042: "#N/A",
        2043: "#GETTING_DATA",
        2045: "#SPILL!",
        2046: "#CONNECT!",
        2047: "#BLOCKED!",
        2048: "#UNKNOWN!",
        2049: "#FIELD!",
        2050: "#CALC!",
        2051: "#BUSY!",
    }.items()
}
OTHER_ERROR = "#UNKNOWN!"  # of a later Excel
ERRORS = frozenset({*COM_ERRORS.values(), "#EXTERNAL!", "#PYTHON!"})
MAX_QUOTE = 100
_FAILURES = range(-0x80000000, -0x7F000000)  # COM's numbers of errors; a number is never an int
_DAY = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_ISO_DAY = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})")


class GivenError(Exception):
    """An Excel error in place of an argument: the answer is that error."""


def grid(value: Any) -> Grid:
    """Return *value* as rows of cells: a single value is one cell, a flat list one row."""
    if not isinstance(value, (list, tuple)):
        return [[_cell(value)]]
    rows = value if value and isinstance(value[0], (list, tuple)) else [value]
    return [[_cell(cell) for cell in row] for row in rows]


def _cell(value: Any) -> Any:
    if type(value) is Decimal:
        return float(value)
    return com_error(value) or value


def com_error(value: Any) -> str | None:
    """Return the text of an error that COM handed over as a number, None for anything else.

    >>> com_error(-2146826243), com_error(-2146826000), com_error(-2146826243.0)
    ('#SPILL!', '#UNKNOWN!', None)
    """
    if type(value) is not int or value not in _FAILURES:
        return None
    return COM_ERRORS.get(value, OTHER_ERROR)


def pass_error(value: Any) -> None:
    """Raise `GivenError` where all that *value* holds is an Excel error."""
    cells = grid(value)
    if len(cells) == len(cells[0]) == 1 and cells[0][0] in ERRORS:
        raise GivenError(cells[0][0])


def objects(value: Any) -> Objects:
    """Return cells as an array of two dimensions."""
    return np.array(grid(value), dtype=object)


def each(answer: Callable[..., Any], *arguments: Any, optional: int = 0) -> Grid:
    """Return *answer* of each cell, single cells repeated along ranges as in Excel's own formulas.

    Args:
        answer: Takes one cell of each argument.
        arguments: Cells or ranges that go together.
        optional: How many of the last arguments may be blank.
    """
    arrays = [objects(argument) for argument in arguments]
    try:
        together = np.broadcast_arrays(*arrays)
    except ValueError:
        sizes = " và ".join(size(array) for array in arrays)
        raise UserError(f"các vùng phải cùng cỡ, hoặc là một ô; ở đây là {sizes}.") from None
    required = len(arrays) - optional

    def one(*cells: Any) -> Any:
        for cell in cells:
            if isinstance(cell, str) and cell in ERRORS:
                return cell
        if any(is_blank(cell) for cell in cells[:required]):
            return ""
        try:
            return answer(*cells)
        except (UserError, Refusal) as reason:
            return f"Lỗi: {reason}"

    rows = zip(*(array.tolist() for array in together), strict=True)
    return [[one(*cells) for cells in zip(*row, strict=True)] for row in rows]


def size(cells: npt.NDArray[Any]) -> str:
    """Return the size of a range in words."""
    rows, columns = cells.shape
    return f"{rows} dòng × {columns} cột"


def is_blank(cell: Any) -> bool:
    """Return whether nothing but spaces stands in a cell."""
    return cell is None or (isinstance(cell, str) and not clean(cell))


def quote(cell: Any) -> str:
    """Return a cell as a sentence quotes it."""
    text = read_number(cell, "amount")
    shown = show(text.number).strip("“”") if text.text is None else text.text
    return f"“{shown[:MAX_QUOTE]}…”" if len(shown) > MAX_QUOTE else f"“{shown}”"


# --- numbers -----------------------------------------------------------------------------------


def numbers(value: Any) -> tuple[Floats, Objects]:
    """Return cells as floats, NaN where there is none, and the text that says why ("" if blank)."""
    cells = objects(value)
    if set(map(type, cells.flat)) <= {float, NoneType}:  # the usual range, quickly
        return cells.astype(float), np.full(cells.shape, "", dtype=object)
    with np.errstate(all="ignore"):  # numpy would warn of what Python's own arithmetic lets pass
        floats, texts = np.frompyfunc(number, 1, 2)(cells)
    return floats.astype(float), texts


def number(cell: Any, kind: str = "amount") -> tuple[float, str]:
    """Return the number in a cell; NaN where there is none, with the text that says why."""
    reading = read_number(cell, kind)
    if reading.number is not None:
        return reading.number, ""
    if reading.text is None or reading.text in ERRORS:
        return math.nan, reading.text or ""
    if kind == "percent" and isinstance(cell, str) and "." in cell and "," not in cell:
        return math.nan, (
            f"Lỗi: {quote(cell)} chưa rõ dấu chấm nghĩa là gì; tỷ lệ ghi dấu phẩy, ví dụ 58,85."
        )
    return math.nan, f"Lỗi: {quote(cell)} không phải là số."


# --- words, ids, dates, paths ------------------------------------------------------------------


def fold(cell: Any) -> str:
    """Return a cell's words without tone marks, capitals and underscores.

    >>> fold("Số_Đếm ")
    'so dem'
    """
    text = unicodedata.normalize("NFD", str(cell).casefold().replace("đ", "d").replace("_", " "))
    return " ".join("".join(c for c in text if unicodedata.category(c) != "Mn").split())


def choose(cell: Any, words: Mapping[str, str], what: str, allowed: str) -> str:
    """Return what a cell's words choose among *words*; a blank chooses ``words[""]``."""
    found = words.get("" if is_blank(cell) else fold(cell))
    if found is None:
        raise UserError(f"không có {what} {quote(cell)}; ghi {allowed}.")
    return found


@cache
def the_form() -> Form:
    """Return the form that custom functions are about."""
    return load_form()


def read_id(cell: Any) -> str:
    """Return the id that a cell names, as printed or as in a defined name (``CT_1.1.a``).

    >>> read_id(1.1), read_id("1.1."), read_id("CT_1.1.A")
    ('1.1', '1.1', '1.1.a')
    """
    if isinstance(cell, (datetime, date)):
        day = f"{cell:%d/%m/%Y}"
        raise UserError(
            f"mã đã bị Excel đổi thành ngày {day}; định dạng ô là Văn bản (Text) rồi ghi lại mã."
        )
    if isinstance(cell, float) and math.isfinite(cell):
        cell = str(plain(cell))
    found = _ids().get(clean(str(cell)).casefold().removeprefix(FIGURE.casefold()).rstrip("."))
    if found is None:
        raise UserError(f"không có chỉ tiêu {quote(cell)} trong biểu mẫu.")
    return found


@cache
def _ids() -> Mapping[str, str]:
    """Return every id of the form by how it may be written."""
    form = the_form()
    return {id.casefold(): id for id in (*form.by_id, *form.helper_ids, *form.table_cells)}


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
    """Return the path in a cell, also as Windows' *Copy as path* gives it, in quotes."""
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
