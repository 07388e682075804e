"""What a number format shows of a number."""

from __future__ import annotations

import re

_TRUTH = re.compile(r'("[^"]+");\1;("[^"]+")')
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\[[^\]]*\]')


def shows_percent(number_format: str) -> bool:
    """Whether a number format shows 0.95 as 95 %; quoted signs show nothing.

    >>> shows_percent("0.0%"), shows_percent('0 "%"')
    (True, False)
    """
    return "%" in _QUOTED.sub("", number_format)


def shows_truth(number_format: str) -> bool:
    """Whether a number format shows 1 as a word and 0 as another: how LibreOffice saves TRUE.

    >>> shows_truth('"TRUE";"TRUE";"FALSE"'), shows_truth('0" = Có"')
    (True, False)
    """
    match = _TRUTH.fullmatch(number_format)
    return match is not None and match[1] != match[2]
