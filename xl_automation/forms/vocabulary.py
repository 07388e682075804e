"""The closed sets of words that a form file uses, each stated once as a type."""

from __future__ import annotations

from typing import Literal

DEFAULT_FORM = "cchc-2022"  # the one that is meant where nothing names another

FigureKind = Literal["count", "amount", "percent", "code"]
Kind = Literal["section", "group", "count", "amount", "percent", "code"]
UnitLevel = Literal["commune", "district"]  # who fills a workbook
Level = Literal["commune", "district", "both", "shared"]  # whom a row concerns
Nature = Literal["flow", "stock", "cumulative", "annual_constant"]
Severity = Literal["error", "warning", "info"]
Scope = Literal["workbook", "period", "city"]
AbsenceMeaning = Literal["nothing", "later", "elsewhere"]
Against = Literal["same-year", "within", "within-each", "parts", "any", "preceding"]
TableAggregate = Literal["sum", "shared", "none"]  # of a supporting table, by field
WorkbookCheck = Literal["other-quotient", "count-typed"]
PeriodCheck = Literal["copied"]
CityCheck = Literal[
    "missing",
    "duplicate",
    "period",
    "form",
    "one-value",
    "outlier",
    "swapped-digits",
    "neighbour-row",
    "swapped-parts",
    "recomputed",
    "unit-errors",
    "incomplete",
]
# How an expression takes a figure: its number, or something about the state of its cell.
Source = Literal[
    "number",
    "nz",
    "previous",
    "filled",
    "blank",
    "readable",
    "leading_zero",
    "agrees",
    "codes",
    "absent",
    "later",
    "elsewhere",
]
Placeholder = Literal["period", "unit", "number", "date", "place", "signed"]  # in titles
Header = Literal["stt", "label", "result", "unit", "value", "note"]
