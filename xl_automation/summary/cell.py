"""What a cell of the summary holds, and its writing. Text from clerks is always text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from xl_automation.xlsx.cell_text import cell_text


@dataclass(frozen=True, slots=True)
class LiveFormula:
    """A live formula, with ``=``, and the value that it gives now; None for a blank text.

    In braces it is an array formula, whose value is a number or blank.
    """

    text: str
    value: float | int | str | None


SummaryContent = str | float | datetime | LiveFormula | None  # None is a blank cell
SummaryCell = tuple[SummaryContent, Format]


def write_cell(sheet: Worksheet, row: int, column: int, cell: SummaryCell) -> None:
    """Write one cell; rows and columns count from 0 here."""
    content, look = cell
    match content:
        case None:
            sheet.write_blank(row, column, None, look)
        case str():
            sheet.write_string(row, column, cell_text(content), look)
        case int() | float():
            sheet.write_number(row, column, content, look)
        case datetime():
            sheet.write_datetime(row, column, content, look)
        case LiveFormula(text, value):
            result = cell_text(value) if isinstance(value, str) else value
            sheet.write_formula(row, column, text, look, "" if result is None else result)
