"""Vietnamese number text to number, by declared rules, and back.

In text a comma is the decimal mark and a dot groups thousands:

    count, amount, code   "4.860.000" -> 4860000   "03" -> 3   "12,5" -> 12.5
    percent               "58,85" -> 58.85          "12 %" -> 12

A number that its cell shows as a percentage (0.95 in a cell that reads "95%") is read as shown:
95 in a percentage, and no number anywhere else.

A code of the form that says why there is no number ("KAD", also as " kad ") is read as that: no
number, and yet nothing that is wrong.

Whatever else stands in a cell ("-", "abc", "1.2.3,4", "0.500", "#DIV/0!", a date, TRUE) is
unreadable: a finding, never a guess and never 0. So is a number that nothing can be computed with
(1e308). A dot in a percentage ("58.85", "1.234") could mean either mark, so it is unreadable too.
:mod:`layout` states the same rules as Excel formulas.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache

from xl_automation.forms.cell_formats import NO_DATE, ShownAs
from xl_automation.wording import quoted

MAX_DIGITS = 15  # more than a double, and Excel, can hold exactly
LARGEST = 1e100  # a double holds 1e308: a figure times a weight, over thousands of units
_LONGEST = 2 * MAX_DIGITS  # characters: digits, sign and marks
_DIGITS, _GROUPS = "[0-9]+", r"[1-9][0-9]{0,2}(?:\.[0-9]{3})+"
_PLAIN = re.compile(f"(-?)({_DIGITS})(?:,([0-9]+))?")
_GROUPED = re.compile(f"(-?)({_GROUPS})(?:,([0-9]+))?")
# Many texts, one a line, up to the first that needs a closer look; not too many, since the engine
# remembers each. (Possessive, it need not, but gives wrong ends before Python 3.11.5.)
_LINES, _LINES_OF_PERCENT = (
    re.compile(rf"(?:(?=.{{1,{MAX_DIGITS}}}\n)-?(?:{whole})(?:,[0-9]+)?\n){{0,1000}}")
    for whole in (f"{_GROUPS}|{_DIGITS}", _DIGITS)
)
_LEADING_ZERO = re.compile(r"-?0[0-9]")
_SPACES = re.compile("[ \u00a0\t\n\r]+")


@dataclass(frozen=True, slots=True)
class CellError:
    """An Excel error value such as ``#DIV/0!``."""

    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Share:
    """A number in a cell that shows it as a percentage: ``Share(0.95)`` is shown as 95 %."""

    number: float | int

    @property
    def shown(self) -> float:
        """The percentage, such as 95."""
        return float(Decimal(str(self.number)) * 100)

    def __str__(self) -> str:
        return show(self.shown) + "%"


@dataclass(frozen=True, slots=True)
class Undated:
    """A number in a cell that shows dates, but before the first or after the last."""

    number: float | int

    def __str__(self) -> str:
        return NO_DATE


CellValue = float | int | str | bool | date | time | timedelta | CellError | Share | Undated | None


@dataclass(frozen=True, slots=True)
class Reading:
    """A cell as understood: blank (no field), a number, a code, or text that is neither.

    Attributes:
        number: The number, None where there is none.
        text: What stands in the cell, as typed, where it is not just the number.
        leading_zero: Whether the number was typed as text with a needless 0 in front.
        shown_as: Of a number that is none only because of how its cell shows it: how.
        absence: The code that says why there is no number, None without one.
    """

    number: float | None = None
    text: str | None = None
    leading_zero: bool = False
    shown_as: ShownAs | None = None
    absence: str | None = None

    @property
    def blank(self) -> bool:
        """Whether nothing stands in the cell."""
        return self.number is None and self.text is None

    @property
    def value(self) -> float | int | str | None:
        """The number (whole ones as int), else the code, else the text as typed, else None."""
        return self.absence or self.text if self.number is None else plain(self.number)

    def __reduce__(self) -> tuple[object, ...]:
        """Say how one from another process, or from a cache, becomes one that is here already."""
        return kept_reading, (
            self.number,
            self.text,
            self.leading_zero,
            self.shown_as,
            self.absence,
        )


BLANK = Reading()
# The same few values stand in most cells of most files: each is read, and kept, once.
MAX_KEPT = 1 << 14


def kept_reading(
    number: float | None = None,
    text: str | None = None,
    leading_zero: bool = False,
    shown_as: ShownAs | None = None,
    absence: str | None = None,
) -> Reading:
    """Return the reading with these fields, the one that is here already where there is one."""
    if _is_minus_zero(number):
        return Reading(number, text, leading_zero, shown_as, absence)
    return _kept_reading(number, text, leading_zero, shown_as, absence)


@lru_cache(maxsize=MAX_KEPT, typed=True)
def _kept_reading(
    number: float | None,
    text: str | None,
    leading_zero: bool,
    shown_as: ShownAs | None,
    absence: str | None,
) -> Reading:
    return Reading(number, text, leading_zero, shown_as, absence)


def _is_minus_zero(number: object) -> bool:
    """Whether it is the one number that is equal to another, 0, and yet not the same."""
    return type(number) is float and number == 0 and math.copysign(1, number) < 0


def is_computable(number: float) -> bool:
    """Whether sums, products and ratios of thousands of such numbers are numbers too.

    >>> is_computable(0), is_computable(1e99), is_computable(1e308), is_computable(1e-308)
    (True, True, False, False)
    """
    return number == 0 or 1 / LARGEST <= abs(number) <= LARGEST


def read_number(value: CellValue, kind: str, codes: tuple[str, ...] = ()) -> Reading:
    """Return what *value* means in a cell of *kind* (count, amount, code or percent).

    *codes* are those, in capitals, that may say there why there is no number.

    >>> read_number("4.860.000", "amount").number
    4860000.0
    >>> read_number("58,85", "percent").number
    58.85
    >>> read_number("-", "count").number, read_number(Share(0.95), "count").shown_as
    (None, 'percent')
    >>> read_number(" kad ", "count", ("KAD",)).absence
    'KAD'
    """
    if _is_minus_zero(value.number if isinstance(value, Share) else value):
        return _read_anew(value, kind)
    return _read_once(value, kind, codes)


def _read_anew(value: CellValue, kind: str, codes: tuple[str, ...] = ()) -> Reading:
    if value is None:
        return BLANK
    if isinstance(value, bool):
        return Reading(text="TRUE" if value else "FALSE")
    if isinstance(value, (int, float)):
        return Reading(float(value)) if is_computable(value) else Reading(text=str(value))
    if isinstance(value, str):
        code = absence_in(value, codes)
        return Reading(text=value, absence=code) if code else _read_text(value, kind)
    if isinstance(value, CellError):
        return Reading(text=value.text)
    if isinstance(value, Share):
        if kind != "percent":
            return Reading(text=str(value), shown_as="percent")
        return Reading(value.shown if is_computable(value.shown) else None, str(value))
    is_day = isinstance(value, (datetime, date))
    return Reading(text=f"{value:%d/%m/%Y}" if is_day else str(value), shown_as="date")


_read_once = lru_cache(maxsize=MAX_KEPT, typed=True)(_read_anew)


def clean(text: str) -> str:
    """Return *text* as Excel's ``TRIM`` gives it; no-break spaces and line breaks are spaces."""
    return _SPACES.sub(" ", text).strip(" ")


def absence_in(text: str, codes: tuple[str, ...]) -> str | None:
    """Return which of *codes* a text is, None where it is none; case and spaces do not matter."""
    code = clean(text).upper() if codes else ""
    return code if code in codes else None


def _read_text(text: str, kind: str) -> Reading:
    cleaned = clean(text)
    if not cleaned:
        return BLANK
    body = cleaned
    if kind == "percent" and body.endswith("%"):
        body = body[:-1].rstrip(" ")
    if len(body) > _LONGEST:
        return Reading(text=text)
    match = _PLAIN.fullmatch(body) or (kind != "percent" and _GROUPED.fullmatch(body)) or None
    if match is None:
        return Reading(text=text)
    sign, whole, fraction = match.groups(default="")
    digits = whole.replace(".", "") + fraction
    if len(digits) > MAX_DIGITS:
        return Reading(text=text)
    number = int(digits) / 10 ** len(fraction)
    return Reading(-number if sign else number, text, bool(_LEADING_ZERO.match(body)))


def read_numbers(values: Sequence[CellValue], kind: str) -> list[float | None]:
    """Return the number of each of *values* as :func:`read_number` finds it, None where it is none.

    Where most are texts of plain numbers this takes a tenth of the time.
    """
    texts = [value for value in values if type(value) is str]
    numbers = _read_texts(texts, kind)
    if len(texts) == len(values):
        return numbers
    in_turn = iter(numbers)
    return [
        next(in_turn) if type(value) is str else read_number(value, kind).number for value in values
    ]


def _read_texts(texts: Sequence[str], kind: str) -> list[float | None]:
    """Return the number in each text; runs of digits and marks alone are read at a stroke."""
    lines = "\n".join([*texts, ""])
    if lines.count("\n") != len(texts):  # a text of several lines
        return [_read_text(text, kind).number for text in texts]
    pattern = _LINES_OF_PERCENT if kind == "percent" else _LINES
    numbers: list[float | None] = []
    start = 0
    while len(numbers) < len(texts):
        match = pattern.match(lines, start)
        assert match is not None, "no line is a run too"
        end = match.end()
        # Up to MAX_DIGITS digits, the float is the one that read_number divides out.
        run = lines[start:end].replace(".", "").replace(",", ".").split("\n")
        numbers += map(float, run[:-1])
        if len(numbers) < len(texts):
            text = texts[len(numbers)]
            numbers.append(_read_text(text, kind).number)
            start = end + len(text) + 1
    return numbers


def plain(number: float) -> float | int:
    """Return *number* as int when it is whole."""
    return int(number) if number.is_integer() else number


def show(value: float | int | str | None) -> str:
    """Return *value* as a Vietnamese reader writes it: ``4.860.000``, ``58,85``, ``(trống)``.

    Of text it is what a sentence quotes.

    >>> show(4860000.0), show(58.85), show(None)
    ('4.860.000', '58,85', '(trống)')
    """
    if value is None:
        return "(trống)"
    if isinstance(value, str):
        return f"“{quoted(value)}”"
    text = f"{round(value, 6) + 0.0:,.6f}".rstrip("0").rstrip(".")
    return text.replace(",", "\u0000").replace(".", ",").replace("\u0000", ".")


def signed(value: float) -> str:
    """Return a difference with its sign: ``+8``, ``−45,75``.

    >>> signed(8.0), signed(-45.75), signed(0.0)
    ('+8', '−45,75', '0')
    """
    text = show(abs(value))
    return text if text == "0" else f"{'−' if value < 0 else '+'}{text}"
