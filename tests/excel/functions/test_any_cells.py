"""Whatever stands in the cells, every custom function answers: it never raises."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.builders import FORM
from tests.support.function_calls import ask
from tests.support.paths import DATA
from xl_automation.excel.functions.file_functions import CCHC_DOC, CCHC_THIEU, CCHC_TONGHOP
from xl_automation.excel.functions.form_functions import (
    CCHC_CHITIEU,
    CCHC_GIAITHICH,
    CCHC_KIEMTRA,
    CCHC_KY,
)
from xl_automation.excel.functions.grid import Grid
from xl_automation.excel.functions.number_functions import CCHC_SO, CCHC_SOSANH, CCHC_TYLE
from xl_automation.forms.numbers import CellValue

FOLDER = str(DATA)

# --- Excel's errors ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "error"),
    [
        (-2146826281, "#DIV/0!"),
        (-2146826246, "#N/A"),
        (-2146826245, "#GETTING_DATA"),
        (-2146826243, "#SPILL!"),
        (-2146826239, "#FIELD!"),
        (-2146826238, "#CALC!"),
        (-2146826237, "#BUSY!"),
        (-2146826066, "#UNKNOWN!"),
    ],
)
def test_error_of_newer_excel_is_never_a_number(number: int, error: str) -> None:
    """An error that xlwings does not know arrives as a whole number, and is that error."""
    assert ask(CCHC_TYLE, number, 4.0) == error
    assert ask(CCHC_SO, number) == error
    assert CCHC_SOSANH([[number]], [[1.0]]) == [[error, error]]
    assert ask(CCHC_CHITIEU, number) == error
    answer = CCHC_KIEMTRA([["1.1.a", number], ["1.1.b", 4.0]])
    assert ["F02", "Lỗi", "1.1.a", f"1.1.a = “{error}”"] in [row[:4] for row in answer]
    assert ask(CCHC_SO, float(number)) == number


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (CCHC_TYLE, (1.0, 3.0, "#N/A")),
        (CCHC_SO, ("1", "#N/A")),
        (CCHC_CHITIEU, ("1.1", "#N/A")),
        (CCHC_KIEMTRA, ("#N/A",)),
        (CCHC_KIEMTRA, (-2146826246,)),
        (CCHC_GIAITHICH, ("1.1", "#N/A")),
        (CCHC_GIAITHICH, ("#N/A", [["1.1.a", 8.0], ["1.1.b", 4.0]])),
        (CCHC_DOC, ("#N/A", "1.1")),
        (CCHC_TONGHOP, ("#N/A", "1.1")),
        (CCHC_THIEU, ("#N/A",)),
        (CCHC_THIEU, (FOLDER, "#N/A")),
        (CCHC_THIEU, (FOLDER, [["05497", "#N/A"], ["1", "Xã mới"]])),
        (CCHC_KY, ("#N/A",)),
        (CCHC_KY, ("1/2/2022", "#N/A")),
    ],
)
def test_error_as_argument_comes_back(function: Any, arguments: tuple[Any, ...]) -> None:
    """Whatever argument is an Excel error, the answer is that error."""
    assert ask(function, *arguments) == "#N/A"


# --- anything at all ---------------------------------------------------------------------------


SPECIAL = (
    "1.1", "1.1.a", "6.1", 1.1, "3.3.4.tu", "TTHC.1.so", "#N/A", "#DIV/0!", "4.860.000", "58,85 %",
    "15/6/2022", "2022-6T", "6T tu", "tỷ lệ", "trung vị", "", " ", "\0", "C:\\", "/không/có",
    "\ud800", "=1+1", "x" * 40000, 44910.0, -1.0, 1e308, -1e308, 5e-324, math.inf, math.nan,
    Decimal("1.5"),
)  # fmt: skip


CELLS: st.SearchStrategy[CellValue | Decimal] = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(),
    st.text(max_size=20),
    st.datetimes(),
    st.sampled_from(SPECIAL),
)


def ranges(rows: int = 3, columns: int = 3) -> st.SearchStrategy[Any]:
    """Return ranges of one size up to 3 × 3, as xlwings hands them over."""
    return st.tuples(st.integers(1, rows), st.integers(1, columns)).flatmap(
        lambda size: st.lists(
            st.lists(CELLS, min_size=size[1], max_size=size[1]),
            min_size=size[0],
            max_size=size[0],
        )
    )


def shape(cells: Sequence[Sequence[Any]]) -> tuple[int, int]:
    """Return rows and columns; every row is as long as the first."""
    assert {len(row) for row in cells} == {len(cells[0])}
    return len(cells), len(cells[0])


def is_answer(answer: Grid) -> bool:
    """Whether every cell is what xlwings can hand to Excel, and none tells of a bug."""
    return all(
        isinstance(cell, (float, str, datetime)) and "gặp sự cố" not in str(cell)
        for row in answer
        for cell in row
    )


ELEMENTWISE: dict[str, Any] = {
    "CCHC_TYLE": lambda cells: CCHC_TYLE(cells, 8.0),
    "CCHC_TYLE-whole": lambda cells: CCHC_TYLE(cells, cells),
    "CCHC_SO": CCHC_SO,
    "CCHC_SO-kind": lambda cells: CCHC_SO("1", cells),
    "CCHC_SO-both": lambda cells: CCHC_SO(cells, cells),
    "CCHC_CHITIEU": CCHC_CHITIEU,
    "CCHC_CHITIEU-attribute": lambda cells: CCHC_CHITIEU("1.1", cells),
    "CCHC_GIAITHICH": lambda cells: CCHC_GIAITHICH(cells, [["1.1.a", 8.0], ["1.1.b", 4.0]]),
    "CCHC_DOC": lambda cells: CCHC_DOC(cells, "1.1"),
    "CCHC_DOC-id": lambda cells: CCHC_DOC("/không có.xlsx", cells),
    "CCHC_TONGHOP": lambda cells: CCHC_TONGHOP(cells, "1.1"),
    "CCHC_TONGHOP-id": lambda cells: CCHC_TONGHOP("/không có", cells, cells),
    "CCHC_KY": CCHC_KY,
    "CCHC_KY-wanted": lambda cells: CCHC_KY("2022-6T", cells),
    "CCHC_KY-both": lambda cells: CCHC_KY(cells, cells),
}


@pytest.mark.parametrize("name", ELEMENTWISE)
@given(cells=ranges())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_shape_of_answer_is_shape_of_argument(name: str, cells: Grid) -> None:
    """Whatever stands in a range, each of its cells has an answer in its place."""
    answer = ELEMENTWISE[name](cells)
    assert is_answer(answer)
    assert shape(answer) == shape(cells)


@given(now=ranges(), then=ranges())
@settings(max_examples=100, deadline=None)
def test_shape_of_comparison(now: Grid, then: Grid) -> None:
    """A comparison is as high as its arguments and twice as wide, or one sentence."""
    answer = CCHC_SOSANH(now, then)
    assert is_answer(answer)
    (rows, columns), (other_rows, other_columns) = shape(now), shape(then)
    fits = {rows, other_rows} <= {1, max(rows, other_rows)}
    fits = fits and {columns, other_columns} <= {1, max(columns, other_columns)}
    size = (max(rows, other_rows), 2 * max(columns, other_columns))
    assert shape(answer) == (size if fits else (1, 1))


@given(cells=ranges(), more=ranges())
@settings(max_examples=100, deadline=None)
def test_ranges_of_any_kind_are_answered(cells: Grid, more: Grid) -> None:
    """The functions of whole ranges answer any range."""
    for answer in (
        CCHC_KIEMTRA(cells),
        CCHC_GIAITHICH(more, cells),
        CCHC_THIEU(cells),
        CCHC_THIEU("/không có", more),
        CCHC_DOC(cells, more),
        CCHC_KY(cells, more),
    ):
        assert is_answer(answer)
        shape(answer)


@given(column=st.lists(CELLS, min_size=len(FORM.indicators), max_size=len(FORM.indicators)))
@settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_figures_are_checked_and_explained(column: list[Any]) -> None:
    """Whatever a clerk typed into the form is checked and explained."""
    figures = [[cell] for cell in column]
    found = CCHC_KIEMTRA(figures)
    assert is_answer(found)
    assert {len(row) for row in found} in ({5}, {1})
    explained = CCHC_GIAITHICH([[item.id] for item in FORM.indicators], figures)
    assert is_answer(explained)
    assert shape(explained) == (len(FORM.indicators), 1)
