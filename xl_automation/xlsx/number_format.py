"""What a number format shows of a number."""

from __future__ import annotations

import re

_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')


def shows_percent(number_format: str) -> bool:
    """Whether a number format shows 0.95 as 95 %; quoted signs show nothing.

    >>> shows_percent("0.0%"), shows_percent('0 "%"')
    (True, False)
    """
    return "%" in _QUOTED.sub("", number_format)
