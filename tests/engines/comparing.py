"""What an engine computes beside what LibreOffice does: equal, different, and where it begins.

Only ``CELL("format")`` is a matter of each program's own: its letter is taken as the engine gives
it, and LibreOffice computes the rest from the same letters. All other cells must be equal.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from openpyxl.formula import Tokenizer
from openpyxl.formula.tokenizer import Token
from openpyxl.utils.cell import coordinate_to_tuple, get_column_letter, range_boundaries

from tests.engines.book_cells import BookCells, Value, Values, cells_of
from tests.engines.computing import cells_in_office
from tests.support.builders import FORM
from tests.support.office import Office, OfficeError
from xl_automation.template import positions

TOLERANCE = 1e-12  # programs may differ in the last bits of a sum
_FORMAT_LETTER = re.compile(r'\bCELL\("format"')
RESULT, WORDS = "F", "G"  # of a rule: 0 where it is broken; what is said then
Area = tuple[str, int, int, int, int]  # sheet, first column and row, last column and row


class Difference(NamedTuple):
    """A formula cell in which an engine has another value.

    Attributes:
        path: The workbook.
        place: Sheet and address.
        formula: The formula without its ``=``.
        expected: What LibreOffice computes.
        got: What the engine computes.
    """

    path: Path
    place: str
    formula: str
    expected: Value
    got: Value


class Comparison(NamedTuple):
    """What came of one workbook in one engine.

    Attributes:
        cells: The formula cells, by kind (:func:`kind_of`).
        unseen: The differences in words that are shown to nobody (:func:`is_unseen`).
        first: The other differences that begin in their own cell.
        following: Those that rest on another cell that differs.
        letters: How cells show numbers, and what ``CELL("format")`` makes of that: pairs of
            ``percentage``, ``date`` or ``number``, the second also ``unknown``.
    """

    cells: Counter[str]
    unseen: list[Difference]
    first: list[Difference]
    following: list[Difference]
    letters: Counter[tuple[str, str]]


class Reference:
    """LibreOffice, asked once for each workbook and each answer to ``CELL("format")``."""

    def __init__(self, office: Office):
        self.office = office
        self._known: dict[object, Values] = {}

    def values(self, path: Path, letters: Values) -> Values:
        """Return what a workbook's cells hold where its format letters are those given."""
        key = path, tuple(letters.values())
        if key not in self._known:
            held = contents(path).values
            logical = {place: value for place, value in held.items() if isinstance(value, bool)}
            self._known[key] = cells_in_office(self.office, path, {**letters, **logical})
        return self._known[key]


def compare(reference: Reference, path: Path, values: Values) -> Comparison:
    """Compare what an engine computed of a workbook with the reference."""
    cells = contents(path)
    letters = {place: values.get(place) for place in asking_for_formats(cells)}
    expected = reference.values(path, letters)
    differences = [
        Difference(path, place, formula, expected.get(place), values.get(place))
        for place, formula in cells.formulas.items()
        if place not in letters and not same(expected.get(place), values.get(place))
    ]
    unseen = [one for one in differences if is_unseen(one, expected, values)]
    first, following = _split(cells, [one for one in differences if one not in unseen])
    return Comparison(
        Counter(map(kind_of, cells.formulas)),
        unseen,
        first,
        following,
        Counter(
            (shown_by(cells, place), letter_meaning(letter)) for place, letter in letters.items()
        ),
    )


def asking_for_formats(cells: BookCells) -> list[str]:
    """Return the cells that ask ``CELL("format")``."""
    return [place for place, text in cells.formulas.items() if _FORMAT_LETTER.search(text)]


def shown_by(cells: BookCells, place: str) -> str:
    """Return how the cell shows a number that a cell asks about."""
    sheet, column, row, *_ = next(areas(cells, place))
    return cells.shows.get(f"{sheet}!{get_column_letter(column)}{row}", "number")


def same(expected: Value, got: Value) -> bool:
    """Whether two programs show the same.

    A blank is an empty text, a logical value its number, an error an error: no formula asks which.
    """
    expected, got = ("" if value is None else value for value in (expected, got))
    if isinstance(expected, OfficeError) and isinstance(got, OfficeError):
        return True
    if isinstance(expected, float | bool) and isinstance(got, float | bool):
        return math.isclose(expected, got, rel_tol=TOLERANCE)
    return expected == got


def is_unseen(difference: Difference, *answers: Values) -> bool:
    """Whether it is in the words of a rule that is broken in neither program.

    They are made of whatever is in the cells, and shown where the rule is broken.
    """
    sheet, row, column = _at(difference.place)
    result = f"{positions.RULE_SHEET}!{RESULT}{row}"
    words = sheet == positions.RULE_SHEET and get_column_letter(column) == WORDS
    return words and all(values.get(result) != 0 for values in answers)


def letter_meaning(letter: Value) -> str:
    """Return what an answer to ``CELL("format")`` means to the workbook."""
    return {"P": "percentage", "D": "date", "": "unknown", "?": "unknown"}.get(
        str(letter or ""), "number"
    )


def kind_of(place: str) -> str:
    """Return what a formula cell is for."""
    sheet, _, address = place.rpartition("!")
    column = address.rstrip("0123456789")
    if sheet == FORM.sheet:
        known = {
            positions.VALUE: "percentages",
            positions.CHECK: "checks beside the rows",
            positions.NUMBER: "numbers read",
        }
        return known.get(column, "helpers")
    if sheet == positions.REVIEW_SHEET:
        return "findings and counts"
    if sheet == positions.RULE_SHEET:
        return "rules" if column == RESULT else "helpers"
    return "the rest"


# --- where a difference begins -----------------------------------------------------------------


def _split(
    cells: BookCells, differences: Sequence[Difference]
) -> tuple[list[Difference], list[Difference]]:
    """Return the differences that begin in their own cell, and those that rest on others."""
    other: dict[str, list[tuple[int, int]]] = {}
    for difference in differences:
        sheet, row, column = _at(difference.place)
        other.setdefault(sheet, []).append((row, column))
    first, following = [], []
    for difference in differences:
        sheet, row, column = _at(difference.place)
        rests = any(
            (y, x) != (row, column) or area[0] != sheet
            for area in areas(cells, difference.place)
            for y, x in other.get(area[0], ())
            if area[1] <= x <= area[3] and area[2] <= y <= area[4]
        )
        (following if rests else first).append(difference)
    return first, following


def areas(cells: BookCells, place: str) -> Iterator[Area]:
    """Yield the areas that the formula in a cell names."""
    sheet = place.rpartition("!")[0]
    for text in _operands(cells.formulas[place]):
        target = cells.names.get(text, text)
        page, _, address = target.rpartition("!")
        try:
            bounds = range_boundaries(address.replace("$", ""))
        except ValueError:  # a name of something else
            continue
        if None not in bounds:
            yield (page.strip("'").replace("''", "'") or sheet, *bounds)


@cache
def _operands(formula: str) -> tuple[str, ...]:
    tokens: Iterable[Token] = Tokenizer(f"={formula}").items
    return tuple(
        token.value
        for token in tokens
        if token.type == Token.OPERAND and token.subtype == Token.RANGE
    )


def _at(place: str) -> tuple[str, int, int]:
    sheet, _, address = place.rpartition("!")
    return sheet, *coordinate_to_tuple(address)


contents = cache(cells_of)
