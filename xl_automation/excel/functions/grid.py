"""Cells row by row, as custom functions get and give them.

Cells arrive from xlwings as float, text, bool, datetime, Decimal (currency), None (blank), or, for
errors, as :mod:`excel_errors` says. An error goes through as text, a blank question has a blank
answer.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from types import NoneType
from typing import Any

import numpy as np
import numpy.typing as npt

from xl_automation.errors import UserError
from xl_automation.excel.functions.excel_errors import ERRORS, GivenError, com_error
from xl_automation.forms.numbers import clean

Grid = list[list[Any]]  # cells, row by row
Objects = npt.NDArray[np.object_]


def grid(value: Any) -> Grid:
    """Return *value* as rows of cells: a single value is one cell, a flat list one row."""
    if not isinstance(value, (list, tuple)):
        return [[_cell(value)]]
    rows = value if value and isinstance(value[0], (list, tuple)) else [value]
    if _USUAL.issuperset(map(type, chain.from_iterable(rows))):
        if type(rows) is list and {list}.issuperset(map(type, rows)):
            return rows  # as xlwings hands them over
        return list(map(list, rows))
    return [[_cell(cell) for cell in row] for row in rows]


_USUAL = frozenset({float, str, bool, datetime, NoneType})  # what ``_cell`` leaves as it is


def _cell(value: Any) -> Any:
    if type(value) is Decimal:
        return float(value)
    return com_error(value) or value


def in_rows(cells: Sequence[Any], columns: int) -> Grid:
    """Return *cells*, those of one row after those of the other, as rows of so many *columns*."""
    return list(map(list, zip(*[iter(cells)] * columns, strict=True))) if cells else [[]]


def pass_error(value: Any) -> None:
    """Let an Excel error through to the answer.

    Raises:
        GivenError: Where all that *value* holds is one.
    """
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

    Raises:
        UserError: Where the ranges differ in size.
    """
    arrays = [objects(argument) for argument in arguments]
    try:
        together = np.broadcast_arrays(*arrays)
    except ValueError:
        sizes = " và ".join(size(array) for array in arrays)
        raise UserError(f"các vùng phải cùng cỡ, hoặc là một ô; ở đây là {sizes}.") from None
    required = len(arrays) - optional

    def answer_cell(*cells: Any) -> Any:
        for cell in cells:
            if isinstance(cell, str) and cell in ERRORS:
                return cell
        if any(is_blank(cell) for cell in cells[:required]):
            return ""
        try:
            return answer(*cells)
        except UserError as reason:
            return f"Lỗi: {reason}"

    rows = zip(*(array.tolist() for array in together), strict=True)
    return [[answer_cell(*cells) for cells in zip(*row, strict=True)] for row in rows]


def size(cells: npt.NDArray[Any]) -> str:
    """Return the size of a range in words."""
    rows, columns = cells.shape
    return f"{rows} dòng × {columns} cột"


def is_blank(cell: Any) -> bool:
    """Return whether nothing but spaces stands in a cell."""
    return cell is None or (isinstance(cell, str) and not clean(cell))
