"""What each engine is known to compute otherwise, and why: anything else fails."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

from openpyxl.utils.cell import get_column_letter

from tests.engines.book_cells import Value
from tests.engines.comparing import Difference, areas, contents
from tests.support.office import OfficeError


class Gap(NamedTuple):
    """A known difference.

    Attributes:
        name: Its name.
        engines: Those that have it.
        words: What they do, beside what Excel does.
        explains: Whether a difference that begins in its own cell is one of these.
        in_words: Whether only words differ for it, and no number, rule or count.
    """

    name: str
    engines: tuple[str, ...]
    words: str
    explains: Callable[[Difference], bool]
    in_words: bool = False


_FRACTION = re.compile(r"(?<![\d.])(?:\d+\.\d{3,}|\d+e-\d+)(?![\d.])")


def _many_digits(difference: Difference) -> bool:
    """Whether two texts are the same once their numbers have fifteen digits."""
    texts = difference.expected, difference.got
    if not all(isinstance(text, str) for text in texts):
        return False
    expected, got = (
        _FRACTION.sub(lambda match: f"{float(match[0]):.15g}", str(text)) for text in texts
    )
    return expected == got


def _logical_values(difference: Difference) -> bool:
    """Whether the words of a rule are about a logical value."""
    words = isinstance(difference.expected, str) and isinstance(difference.got, str)
    return words and any(isinstance(value, bool) for value in _looked_at(difference))


def _whole_part_in_words(difference: Difference) -> bool:
    return "INT(" in difference.formula and isinstance(difference.got, str)


def _signs_without_width(difference: Difference) -> bool:
    """Whether a cell that the formula looks at holds a sign that one does not see."""
    return any(
        unicodedata.category(letter) in ("Cf", "Cc") and letter not in "\t\n\r"
        for value in _looked_at(difference)
        if isinstance(value, str)
        for letter in value
    )


def _delete_sign(difference: Difference) -> bool:
    return any(isinstance(value, str) and "\x7f" in value for value in _looked_at(difference))


def _looked_at(difference: Difference) -> list[Value]:
    cells = contents(difference.path)
    return [
        cells.values.get(f"{sheet}!{get_column_letter(left)}{top}")
        for sheet, left, top, right, bottom in areas(cells, difference.place)
        if (left, top) == (right, bottom)
    ]


def _ranges_in_functions(difference: Difference) -> bool:
    return re.search(r"SUMPRODUCT\(.*ISNUMBER\([^()]*:", difference.formula) is not None


def _sumif_of_errors(difference: Difference) -> bool:
    return "SUMIF(" in difference.formula and isinstance(difference.got, OfficeError)


def _text_of_digits(difference: Difference) -> bool:
    texts = (value for value in _looked_at(difference) if isinstance(value, str))
    return any(re.fullmatch(r"[-+]?[0-9][0-9.e+-]*", text) for text in texts)


def _hyperlink(difference: Difference) -> bool:
    return "HYPERLINK(" in difference.formula and difference.got == OfficeError("#NAME?")


def _lookup_in_arrays(difference: Difference) -> bool:
    of_arrays = "LOOKUP(2,1/(" in difference.formula or ",MAX(IF(" in difference.formula
    return of_arrays and isinstance(difference.got, OfficeError)


def _capitals(difference: Difference) -> bool:
    texts = difference.expected, difference.got
    same = [text.casefold() if isinstance(text, str) else text for text in texts]
    return "UPPER(" in difference.formula and same[0] == same[1]


GAPS = (
    Gap(
        "many-digits",
        ("Gnumeric", "HyperFormula", "IronCalc", "formualizer", "BetterOffice", "formulas"),
        "a number joined to a text has all of its digits, 0.30000000000000004, or is 1e-7; in "
        "Excel it has fifteen",
        _many_digits,
        in_words=True,
    ),
    Gap(
        "logical-values",
        (
            "Gnumeric",
            "HyperFormula",
            "IronCalc",
            "formualizer",
            "BetterOffice",
            "formulon",
            "formulas",
        ),
        "TRUE is no number and TRUE when joined to a text, as in Excel; LibreOffice, the measure "
        "here, takes it for the number 1",
        _logical_values,
        in_words=True,
    ),
    Gap(
        "INT-below-zero",
        ("HyperFormula",),
        "`INT(-94.9)` is -94; in Excel -95. Seen in the words of a finding only",
        _whole_part_in_words,
        in_words=True,
    ),
    Gap(
        "signs-without-width",
        ("HyperFormula",),
        "texts are equal that differ by a sign without width (U+200B, U+00AD); in Excel not",
        _signs_without_width,
    ),
    Gap(
        "U+007F",
        ("Gnumeric",),
        "the sign U+007F is lost when it opens the file",
        _delete_sign,
    ),
    Gap(
        "functions-of-ranges",
        ("Gnumeric", "IronCalc", "formualizer"),
        "`ISNUMBER` of a range within `SUMPRODUCT` is asked of one cell; in Excel of each. In the "
        "summary only",
        _ranges_in_functions,
    ),
    Gap(
        "SUMIF-of-errors",
        ("HyperFormula",),
        "`SUMIF` is an error where a cell is one; in Excel it adds the others",
        _sumif_of_errors,
    ),
    Gap(
        "text-as-number",
        ("formulas",),
        "a text of digits such as 0000000000000001 is a number to `ISNUMBER`; in Excel a text",
        _text_of_digits,
    ),
    Gap(
        "one-cell-arrays",
        ("HyperFormula",),
        "has no `LOOKUP`, and an array formula in one cell is `#VALUE!`. In the summary only",
        _lookup_in_arrays,
    ),
    Gap("no-HYPERLINK", ("formulas",), "has no `HYPERLINK`: `#NAME?`", _hyperlink),
    Gap(
        "capitals",
        ("formualizer",),
        "`UPPER` changes the 26 letters of English only: `Thịnh` is `THịNH`",
        _capitals,
        in_words=True,
    ),
)


def gap_of(engine: str, difference: Difference) -> Gap | None:
    """Return the first known gap of an engine that explains a difference, None where none does."""
    known = (gap for gap in GAPS if engine in gap.engines)
    return next((gap for gap in known if gap.explains(difference)), None)
