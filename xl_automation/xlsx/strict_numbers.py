"""Numbers as the format writes them, and in no other way.

Python's ``int`` and ``float`` take more: ``1_0``, digits of other scripts, spaces, ``nan``.
"""

from __future__ import annotations

import re
from math import isfinite

# A double has 309 digits before its point at most.
_NUMBER = re.compile(
    r"[-+]?(?:[0-9]{1,400}(?:\.[0-9]{0,400})?|\.[0-9]{1,400})(?:[eE][-+]?[0-9]{1,5})?"
)
_WHOLE = re.compile("-?[0-9]+")
_COUNT = re.compile("0|[1-9][0-9]{0,8}")
_SPACE = " \t\r\n"  # what is white space to XML


def number_of(text: str) -> float | int | None:
    """Return the number that *text* is, white space around it left out.

    Returns:
        None where it is none, or more than a double holds.

    >>> number_of("12"), number_of(" -1.5E3 "), number_of("1_0"), number_of("1e400")
    (12, -1500.0, None, None)
    """
    text = text.strip(_SPACE)
    if not _NUMBER.fullmatch(text):
        return None
    number = float(text)
    if not isfinite(number):
        return None
    return int(text) if _WHOLE.fullmatch(text) else number


def count_of(text: str) -> int | None:
    """Return the whole number, from 0, that *text* is; None for ``-1``, ``01``, ``1.0`` and `` 1``.

    >>> count_of("0"), count_of("12"), count_of("012")
    (0, 12, None)
    """
    return int(text) if _COUNT.fullmatch(text) else None
