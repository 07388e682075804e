"""Requirements of the expression language.

X1 Precedence and grouping are the usual ones; what breaks the grammar is an error.
X2 An expression is decided where every bare figure is a number; under ``nz`` blank will do.
X3 Its pandas value and its native formula say the same (the formulas are compared with it in
   ``test_office_agreement``; here stands their text).
X4 A condition and a number are never mixed.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
import pytest

from xl_automation.errors import FormError
from xl_automation.forms.excel_face import excel, excel_decided
from xl_automation.forms.expression import (
    Apply,
    Number,
    Ref,
    bind,
    is_condition,
    leaves,
    refs,
)
from xl_automation.forms.grammar import parse
from xl_automation.forms.python_face import decided, evaluate

A, B, C = Ref("a"), Ref("b"), Ref("c")
ONE, TWO = Number(1), Number(2)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("[a]", A),
        ("[ a ]", A),
        ("1.5", Number(1.5)),
        ("[a] + [b] * [c]", Apply("+", (A, Apply("*", (B, C))))),
        ("([a] + [b]) * [c]", Apply("*", (Apply("+", (A, B)), C))),
        ("[a] - [b] - [c]", Apply("-", (Apply("-", (A, B)), C))),
        ("[a] / [b] / [c]", Apply("/", (Apply("/", (A, B)), C))),
        ("-[a] - 1", Apply("-", (Apply("-", (Number(0), A)), ONE))),
        ("[a] + 1 <= [b]", Apply("<=", (Apply("+", (A, ONE)), B))),
        ("[a]<[b] and [b]<[c]", Apply("and", (Apply("<", (A, B)), Apply("<", (B, C))))),
        ("[a]==1 or [b]==1 and [c]==1",
         Apply("or", (Apply("==", (A, ONE)),
                      Apply("and", (Apply("==", (B, ONE)), Apply("==", (C, ONE))))))),
        ("not [a] == 1 and filled([b])",
         Apply("and", (Apply("not", (Apply("==", (A, ONE)),)), Ref("b", "filled")))),
        ("not not filled([a])", Apply("not", (Apply("not", (Ref("a", "filled"),)),))),
        ("nz([a])", Ref("a", "nz")),
        ("previous([a])", Ref("a", "previous")),
        ("agrees([a])", Ref("a", "agrees")),
        ("abs([a] - 2)", Apply("abs", (Apply("-", (A, TWO)),))),
        ("[a] in (1)", Apply("==", (A, ONE))),
        ("[a] in (1, 2)", Apply("or", (Apply("==", (A, ONE)), Apply("==", (A, TWO))))),
        ("[a] in codes", Ref("a", "codes")),
        ("[@from] == [*]", Apply("==", (Ref("@from"), Ref("*")))),
    ],
)  # fmt: skip
def test_text_is_read_as_usual(text, tree):
    """Products before sums before comparisons before not, and, or; equals from the left."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text",
    ["", " ", "[a", "[]", "a", "[a] [b]", "[a] <=", "<= [a]", "[a] <= [b] <= [c]", "([a]", "[a])",
     "nz(1)", "nz([a] + 1)", "filled()", "filled [a]", "[a] in", "[a] in ()", "[a] in (1", "1 in "
     "codes", "sum([a])", "[a] = 1", "[a] & [b]", "[a]; [b]", "__import__('os')", "1..2", "[a] %"],
)  # fmt: skip
def test_what_breaks_the_grammar_is_an_error(text):
    """A mistake is an ``ExpressionError``, whatever it is."""
    with pytest.raises(FormError):
        parse(text)


def test_refs_are_in_order_and_once():
    """The ids of an expression come in the order of its text, none twice."""
    node = parse("nz([b]) + [a] <= [c] and [a] in codes or filled([d])")
    assert refs(node) == ("b", "a", "c", "d")
    assert len(list(leaves(node))) == 5


def test_bind_puts_the_row_in_place():
    """Every [*] becomes the row that a rule is about; the other ids stay."""
    node = parse("not [*] == [a] and [*] in codes or filled([*])")
    assert bind(node, "x") == parse("not [x] == [a] and [x] in codes or filled([x])")


@pytest.mark.parametrize(
    ("text", "condition"),
    [("[a]", False), ("[a] + 1", False), ("abs([a])", False), ("nz([a])", False),
     ("[a] <= 1", True), ("filled([a])", True), ("[a] in codes", True), ("not blank([a])", True),
     ("([a] > 0) == filled([b])", True), ("[a] in (0, 1)", True)],
)  # fmt: skip
def test_condition_and_number_are_told_apart(text, condition):
    """What holds or not is a condition, the rest are numbers."""
    assert is_condition(parse(text)) is condition


@pytest.mark.parametrize(
    "text",
    ["[a] and [b]", "not [a]", "[a] == filled([b])", "([a] > 0) + 1", "filled([a]) <= filled([b])",
     "abs([a] > 1)", "[a] or filled([b])", "filled([a]) in (0, 1)", "([a] > 1) > 0"],
)  # fmt: skip
def test_mixing_condition_and_number_is_an_error(text):
    """Pandas would take True for 1 here, and Excel for something else."""
    with pytest.raises(FormError):
        is_condition(parse(text))


class Table:
    """Figures given as columns: numbers, None for blank, text for what cannot be read."""

    def __init__(self, columns: Mapping[str, list[float | str | None]]):
        self.columns = columns

    def take(self, id: str, source: str) -> pd.Series:
        """Return a column as the expression asks for it."""
        cells = self.columns["before" if source == "previous" else id]
        numbers = pd.Series([math.nan if isinstance(c, str | None) else c for c in cells])
        filled = pd.Series([c is not None for c in cells])
        return {
            "number": numbers, "previous": numbers, "nz": numbers.fillna(0.0), "filled": filled,
            "blank": ~filled, "readable": ~filled | numbers.notna(),
            "codes": numbers.isin((0, 1, 2)), "later": filled & False, "elsewhere": filled & False,
        }[source]  # fmt: skip


def results(text: str, *cells: float | str | None) -> list[bool | None]:
    """Return True, False or None for *text* over each value of [a]; [b] is 5, before it was 4."""
    table = Table({"a": list(cells), "b": [5.0] * len(cells), "before": [4.0] * len(cells)})
    node = parse(text)
    known, holds = decided(node, table), evaluate(node, table).astype(bool)
    return [bool(h) if k else None for k, h in zip(known, holds, strict=True)]


T, F, N = True, False, None
CELLS = (0.0, 4.0, 5.0, 6.0, None, "-")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[a] <= [b]", [T, T, T, F, N, N]),
        ("[a] < [b]", [T, T, F, F, N, N]),
        ("[a] >= [b]", [F, F, T, T, N, N]),
        ("[a] > [b]", [F, F, F, T, N, N]),
        ("[a] == [b]", [F, F, T, F, N, N]),
        ("[a] != [b]", [T, T, F, T, N, N]),
        ("nz([a]) <= 4", [T, T, F, F, T, N]),
        ("nz([a]) == 0", [T, F, F, F, T, N]),
        ("filled([a])", [T, T, T, T, F, T]),
        ("blank([a])", [F, F, F, F, T, F]),
        ("readable([a])", [T, T, T, T, T, F]),
        ("not filled([a])", [F, F, F, F, T, F]),
        ("blank([a]) or nz([a]) == 0", [T, F, F, F, T, N]),
        ("[a] >= previous([a])", [F, T, T, T, N, N]),
        ("[a] in (0, 5)", [T, F, T, F, N, N]),
        ("[a] in codes", [T, F, F, F, N, N]),
        ("([a] > 0) == filled([b])", [F, T, T, T, N, N]),
        ("([a] > 0) != filled([b])", [T, F, F, F, N, N]),
        ("[a] > 0 and [a] < 6", [F, T, T, F, N, N]),
        ("[a] < 1 or [a] > 5", [T, F, F, T, N, N]),
        ("abs([a] - [b]) <= 1", [F, T, T, T, N, N]),
        ("[a] * 2 - 4 == [b] + 3 * 1", [F, F, F, T, N, N]),
        ("[a] / 2 == 3", [F, F, F, T, N, N]),
        ("-[a] <= -5", [F, F, T, T, N, N]),
        ("[a] + 0.0000001 == [b]", [F, F, T, F, N, N]),
        ("[a] + 0.00001 == [b]", [F, F, F, F, N, N]),
        ("[a] + 0.0000001 <= [b]", [T, T, T, F, N, N]),
        ("[a] - 0.0000001 >= [b]", [F, F, T, T, N, N]),
        ("[a] + 0.0000001 > [b]", [F, F, F, T, N, N]),
        ("[a] - 0.0000001 < [b]", [T, T, F, F, N, N]),
    ],
)  # fmt: skip
def test_value_over_each_kind_of_cell(text, expected):
    """Each operator over 0, 4, 5, 6, blank and unreadable; None is undecided."""
    assert results(text, *CELLS) == expected


@pytest.mark.parametrize(("cell", "whole"), [(5, T), (-5, T), (5.5, F), (-0.5, F), (0, T)])
def test_int_is_the_next_whole_number_down(cell, whole):
    """A number equals its ``int`` when it is whole, also below 0 as in Excel."""
    assert results("[a] == int([a])", cell) == [whole]


class Names:
    """Cells named after their figures."""

    def take(self, id: str, source: str) -> str:
        """Return the id, with the source where it is not the bare number."""
        return id if source == "number" else f"{source}_{id}"


@pytest.mark.parametrize(
    ("text", "formula", "guard"),
    [
        ("[a] <= [b]", "(a-b<0.000001)", "AND(ISNUMBER(a),ISNUMBER(b))"),
        ("[a] >= [b]", "(b-a<0.000001)", "AND(ISNUMBER(a),ISNUMBER(b))"),
        ("[a] < [b]", "(b-a>=0.000001)", "AND(ISNUMBER(a),ISNUMBER(b))"),
        ("[a] > 0", "(a-0>=0.000001)", "AND(ISNUMBER(a))"),
        ("[a] == 0.2", "(ABS(a-0.2)<0.000001)", "AND(ISNUMBER(a))"),
        ("[a] != 1234567", "(ABS(a-1234567)>=0.000001)", "AND(ISNUMBER(a))"),
        ("[a] <= 12345678.25", "(a-12345678.25<0.000001)", "AND(ISNUMBER(a))"),
        ("nz([a]) + nz([b]) == [c]", "(ABS((nz_a+nz_b)-c)<0.000001)",
         "AND(readable_a,NOT(later_a),NOT(elsewhere_a),"
         "readable_b,NOT(later_b),NOT(elsewhere_b),ISNUMBER(c))"),
        ("filled([a])", "filled_a", "TRUE"),
        ("blank([a])", "NOT(filled_a)", "TRUE"),
        ("not readable([a])", "NOT(readable_a)", "TRUE"),
        ("filled([a]) == filled([b])", "IF(filled_a,filled_b,NOT(filled_b))", "TRUE"),
        (
            "([a] > 0) != filled([b])",
            "IF((a-0>=0.000001),NOT(filled_b),filled_b)",
            "AND(ISNUMBER(a))",
        ),
        ("[a] in codes", "codes_a", "AND(ISNUMBER(a))"),
        ("[a] == int([a])", "(ABS(a-INT(a))<0.000001)", "AND(ISNUMBER(a))"),
        ("abs(-[a]) <= 1 and [b] > 2 or [c] < 3",
         "OR(AND((ABS((0-a))-1<0.000001),(b-2>=0.000001)),(3-c>=0.000001))",
         "AND(ISNUMBER(a),ISNUMBER(b),ISNUMBER(c))"),
        ("previous([a]) <= [a]", "(previous_a-a<0.000001)",
         "AND(ISNUMBER(previous_a),ISNUMBER(a))"),
    ],
)  # fmt: skip
def test_native_formula(text, formula, guard):
    """The formula and the one that says whether it is decided, with constants in full."""
    node = parse(text)
    assert (excel(node, Names()), excel_decided(node, Names())) == (formula, guard)
