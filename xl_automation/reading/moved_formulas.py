"""Formulas of a sheet whose rows or columns moved, as they would stand where it was issued."""

from __future__ import annotations

import re
from collections.abc import Mapping

from xl_automation.reading.cells import as_programs_write, same_formula
from xl_automation.reading.found_sheet import FoundSheet

_LOST = "#REF!"  # what is left of a reference to a cell that was deleted
# A text, which is left alone; or a cell, with its sheet where it says one.
_TEXT_OR_CELL = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?:(?:'((?:[^']|'')+)'|([^\W\d][\w.]*))!)?"
    r"(?<![\w.$])\$?([A-Z]{1,3})\$?([1-9][0-9]*)(?![\w(.!])"
)
_GROWTH = 200  # characters; references grow by some digits, and by the name of their sheet
_SHEET = r"(?:'(?:[^']|'')+'!)?"


def is_issued(formula: str, issued: str, own: FoundSheet, sheets: Mapping[str, FoundSheet]) -> bool:
    """Whether a formula is the one that was issued, wherever the cells that it takes went.

    Programs move references along with inserted and deleted rows, not with sorted ones; of a cell
    that was deleted they keep that it was one.

    Args:
        formula: As it stands.
        issued: As it was issued.
        own: The sheet in which it stands.
        sheets: The sheets of the form by their names in the file.
    """
    if len(formula) > 2 * len(issued) + _GROWTH:
        return False
    before = {name: sheet.in_issued_order for name, sheet in sheets.items()}
    return any(
        same_formula(moved, issued) or (_LOST in moved and _may_have_been(moved, issued))
        for moved in (
            formula,
            _moved(formula, own, sheets),
            _moved(formula, own.in_issued_order, before),
        )
    )


def _moved(formula: str, own: FoundSheet, sheets: Mapping[str, FoundSheet]) -> str:
    """Return a formula with its cells as they were issued."""

    def as_issued(match: re.Match[str]) -> str:
        quoted, plain, column, row = match.groups()
        if column is None:
            return match[0]
        name = quoted.replace("''", "'") if quoted else plain
        sheet = sheets.get(name) if name else own
        cell = None if sheet is None else sheet.as_issued(column, int(row))
        if sheet is None or cell is None:
            return match[0]
        return cell if sheet.issued.name == own.issued.name else f"'{sheet.issued.name}'!{cell}"

    return _TEXT_OR_CELL.sub(as_issued, formula)


def _may_have_been(moved: str, issued: str) -> bool:
    """Whether a formula is another one but for the cells that were deleted."""
    lost = re.sub(_SHEET + re.escape(_LOST), _LOST, as_programs_write(moved))
    pattern = re.escape(lost).replace(re.escape(_LOST), rf"{_SHEET}[A-Z]+[0-9]+")
    return re.fullmatch(pattern, as_programs_write(issued)) is not None
