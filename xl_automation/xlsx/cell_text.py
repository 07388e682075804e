"""Text as a cell of Excel can hold it, and as the XML of a sheet writes it."""

from __future__ import annotations

import re

from xl_automation.wording import printable
from xl_automation.xlsx.limits import MAX_TEXT, NO_TEXT

# ECMA-376-1 22.9.2.19: what XML cannot hold is _xHHHH_, and what looks like that is escaped too.
_ESCAPED = re.compile("(?=_x[0-9a-fA-F]{4}_)")


def cell_text(text: str) -> str:
    r"""Return what of a text a cell can hold, with a visible sign for what is no character.

    >>> cell_text("x\x1b\ufffe\udc80")
    'x␛<U+FFFE><0x80>'
    """
    if NO_TEXT.search(text):
        text = NO_TEXT.sub(lambda match: printable(match[0]), text)
    # Excel counts as UTF-16 does: what is beyond its first plane counts twice.
    if len(text) > MAX_TEXT // 2:
        text = text.encode("utf-16-le")[: 2 * MAX_TEXT].decode("utf-16-le", "ignore")
    return text


def escaped(text: str) -> str:
    r"""Return a cell's text so that Excel, which undoes such escapes, shows what it is.

    >>> escaped("a_x0041_\r")
    'a_x005F_x0041__x000D_'
    """
    return _ESCAPED.sub("_x005F", text).replace("\r", "_x000D_")
