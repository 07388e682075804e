"""Requirements of what the totals say behind each figure.

T1 A ratio has the sums of its parts beside it, and the plain mean, which is not the ratio.
T2 A row that is added names the unit that weighs most, its figure and its share, live; figures
   that are in no total count for nothing, and where a share would mislead there is none.
T3 Who has no figure is named, the rest counted; a code for no figure is an answer.
"""

from __future__ import annotations

from collections.abc import Sequence

import openpyxl
import pytest

from tests.support.builders import FORM, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    A,
    B,
    C,
    D,
    E,
    cells,
    differences,
    report,
    row_of,
    written,
)
from tests.support.office import Office
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.decisions import Decision
from xl_automation.summary.places import MATRIX, TOTALS, TOTALS_COLUMNS, TotalsColumn
from xl_automation.xlsx.address import column_letters

LARGEST: Sequence[TotalsColumn] = ("largest", "largest_unit", "share")


def said(path, id: str, *columns: TotalsColumn) -> list[object]:
    """Return what stands in some columns of a row of the totals."""
    values, row = cells(path, TOTALS), row_of(id)
    return [values.get(f"{letters(column)}{row}") for column in columns]


def letters(column: TotalsColumn) -> str:
    """Return the letters of a column of the totals."""
    return column_letters(TOTALS_COLUMNS.index(column) + 1)


@pytest.mark.parametrize(
    ("id", "part", "whole", "mean"),
    [
        ("1.1", 10, 22, 41.67),  # 4 + 5 + 1 of 8 + 10 + 4; (50 + 50 + 25) / 3
        ("3.4.2", 396, 400, 99),
        ("3.2.1", 31, 40, 77.5),  # figures that all share
        ("3.3.4", None, None, 80),  # weighted: (100 + 50 + 80 + 90) / 4
        ("1.1.a", None, None, None),
        ("7.5.1", None, None, None),
    ],
)
def test_ratio_has_its_parts_and_the_plain_mean_beside_it(summary, id, part, whole, mean):
    """T1: the sums that it is computed from; of a weighted mean only the plain one."""
    assert said(summary, id, "part", "whole", "mean") == [part, whole, mean]


@pytest.mark.parametrize(
    ("id", "figure", "unit", "share"),
    [
        ("1.1.a", 10, B.name, 10 / 22),  # C's 3 has no 1.1.b: it is in no total
        ("1.1.b", 5, B.name, 0.5),
        ("1.1", 10, B.name, 10 / 22),  # of a ratio: by its denominator
        ("2.3", 678, A.name, 1),
        ("3.4.2.a", 300, B.name, 0.75),
        ("6.1.a", 4860, A.name, 4860 / 6060.5),
        ("1.2.3.a", None, None, None),  # nothing but zeros
        ("3.1.1", None, None, None),  # all share it
        ("3.3.4", None, None, None),
    ],
)
def test_unit_that_weighs_most_is_named(summary, id, figure, unit, share):
    """T2: by hand."""
    assert said(summary, id, *LARGEST) == [figure, unit, share and pytest.approx(share)]


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """The summary of units with ties, figures below zero, codes, and one that is excluded."""
    sent = {
        A: {"2.3": 7, "1.3.1": -1, "1.4.1": 900, "1.1.a": 4, "1.1.b": 2},
        B: {"2.3": 7, "1.3.1": 9, "1.4.1": 30, "1.1.a": 9},
        C: {"2.3": 2, "1.3.1": 5, "1.4.1": "KAD"},
        D: {"2.3": 7, "1.3.1": "abc"},
        E: {},
    }
    decision = Decision(A.code, "1.4.1", "", "exclude", "sai", "Nguyễn Văn A", "", "")
    result = consolidate(
        FORM,
        [report(unit, fill) for unit, fill in sent.items()],
        (*COMMUNES[:7], CITY),
        PERIOD,
        decisions=[decision],
    )
    return written(result, tmp_path_factory.mktemp("told") / "th.xlsx")


def test_ties_are_counted_and_figures_below_zero_have_no_share(told):
    """T2: of units with the same figure one is named; what a decision took out is no share."""
    assert said(told, "2.3", *LARGEST) == [7, f"{D.name} và 2 đơn vị khác", pytest.approx(7 / 23)]
    assert said(told, "1.3.1", *LARGEST) == [None] * 3
    assert said(told, "1.4.1", *LARGEST) == [30, B.name, 1]


@pytest.mark.parametrize(
    ("id", "missing"),
    [
        ("2.3", f"{E.name}; chưa gửi: 2"),
        ("1.3.1", f"{D.name}, {E.name}; chưa gửi: 2"),  # "abc" is no figure
        ("1.4.1", f"{D.name}, {E.name}; chưa gửi: 2"),  # a code is an answer; A is excluded
        ("1.1.b", f"{B.name}, {C.name}, {D.name} và 1 đơn vị khác; chưa gửi: 2"),
        ("1.1", f"{B.name}, {C.name}, {D.name} và 1 đơn vị khác; chưa gửi: 2"),
        ("2.2", "Thành phố"),  # a row of the city
    ],
)
def test_who_has_no_figure_is_named(told, id, missing):
    """T3: three of them, and how many more; of a ratio who lacks a part."""
    assert said(told, id, "missing") == [missing]


@pytest.mark.office
def test_facts_follow_the_matrix(office: Office, told):
    """T1, T2: recalculated they are what was written; other figures give other units and shares."""
    assert differences(office, told, [TOTALS]) == {}
    columns = {
        cell.value: cell.column_letter
        for cell in openpyxl.load_workbook(told)[MATRIX][3]
        if cell.value
    }
    with office.open(told) as book:
        book.set_many(
            MATRIX,
            {
                f"{columns['2.3']}7": 20,  # C: 2 -> 20
                f"{columns['1.1.b']}6": 6,  # B, which had none
                f"{columns['1.1']}6": 66.67,
                f"{columns['1.3.1']}5": 1,  # A: -1 -> 1
            },
        )

        def now(id: str, *names: TotalsColumn) -> list[object]:
            return [book.value(TOTALS, f"{letters(name)}{row_of(id)}") for name in names]

        assert now("2.3", *LARGEST) == [20, C.name, pytest.approx(20 / 41)]
        assert now("1.1.a", *LARGEST) == [9, B.name, pytest.approx(9 / 13)]
        assert now("1.1", "part", "whole", "mean") == [8, 13, 58.34]
        assert now("1.3.1", *LARGEST) == [9, B.name, pytest.approx(9 / 15)]
