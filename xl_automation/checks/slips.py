"""What a clerk may have meant who typed a figure: the slips of typing, undone."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

POWERS = (10, 100, 1000)


def undone_powers(number: float) -> Iterator[float]:
    """Yield a figure without zeros too many or too few: the nearest power of ten first.

    >>> list(undone_powers(4000))
    [400.0, 40000.0, 40.0, 400000.0, 4.0, 4000000.0]
    """
    for power in POWERS:
        yield float(Decimal(repr(number)) / power)
        yield float(Decimal(repr(number)) * power)


def undone_swaps(number: float) -> Iterator[float]:
    """Yield a figure with two neighbouring digits changed about.

    >>> list(undone_swaps(3178))
    [1378.0, 3718.0, 3187.0]
    """
    digits, exponent = _digits(number)
    for place in range(len(digits) - 1):
        left, right = digits[place], digits[place + 1]
        if left != right and not (place == 0 and right == "0"):
            yield _number(digits[:place] + right + left + digits[place + 2 :], exponent)


def undone_doubles(number: float) -> Iterator[float]:
    """Yield a figure with a digit that was typed twice only once.

    >>> list(undone_doubles(33178))
    [3178.0]
    """
    digits, exponent = _digits(number)
    for place in range(1, len(digits)):
        # Of a run of equal digits, which one goes makes no difference.
        if digits[place] == digits[place - 1] and digits[place] != digits[place + 1 : place + 2]:
            yield _number(digits[:place] + digits[place + 1 :], exponent)


def _digits(number: float) -> tuple[str, int]:
    """Return the digits of a figure as typed, and the power of ten of the last one."""
    _, digits, exponent = Decimal(repr(number)).as_tuple()
    assert isinstance(exponent, int)  # no NaN, no infinity
    text = "".join(map(str, digits))
    while exponent < 0 and text.endswith("0"):  # 12.0
        text, exponent = text[:-1], exponent + 1
    return text + "0" * max(exponent, 0), min(exponent, 0)


def _number(digits: str, exponent: int) -> float:
    return float(Decimal(digits).scaleb(exponent))
