"""What comes from outside as it may stand in a sentence: visible, and not too long.

Cells, labels, names of files and units, CSV values and the command line are anybody's text. Raw,
they could move a terminal's cursor, turn a line round, fake the next line of a list or of a log,
or fill a screen. Vietnamese text, composed or decomposed, stays as it is.
"""

from __future__ import annotations

import json
import re

MAX_QUOTED = 200  # characters of any one thing that a sentence quotes
MAX_SENTENCE = 4_000
MAX_LOGGED = 100_000
_ADVICE = 400  # characters at the end of a sentence: what to do
# Unicode: what is no character of a text (Cc, Cs, noncharacters), ends a line (Zl, Zp) or shows
# nothing of itself (of Cf, and the letters that are blank).
_HIDDEN = re.compile(
    "\r\n|[\x00-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe"
    "\uffff\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_NEW_LINES = frozenset(["\n", "\r", "\r\n", "\x85", "\u2028", "\u2029"])
_CONTROL_PICTURES, _DELETE = 0x2400, "\x7f"
_ESCAPED_BYTES = range(0xDC80, 0xDD00)  # PEP 383: bytes of a file name that are no UTF-8


def printable(text: str) -> str:
    r"""Return *text* as one line, with a sign for each character that would not be seen.

    >>> printable("xã\x1b[2J\nA\u202eB")
    'xã␛[2J⏎A<U+202E>B'
    >>> printable("x\udce3.xlsx")
    'x<0xE3>.xlsx'
    """
    return _HIDDEN.sub(_sign, text)


def _sign(match: re.Match[str]) -> str:
    text = match[0]
    if text in _NEW_LINES:
        return "⏎"
    if text < " ":
        return chr(_CONTROL_PICTURES + ord(text))
    if text == _DELETE:
        return "␡"
    if ord(text) in _ESCAPED_BYTES:
        return f"<0x{ord(text) - 0xDC00:02X}>"
    return f"<U+{ord(text):04X}>"


def quoted(text: str) -> str:
    """Return *text* as a sentence quotes it: printable, and no more than its beginning.

    >>> len(quoted("x" * 9_000_000))
    201
    """
    return printable(text if len(text) <= MAX_QUOTED else f"{text[:MAX_QUOTED]}…")


def capitalized(text: str) -> str:
    """Return a text with its first letter large, as a sentence begins."""
    return f"{text[:1].upper()}{text[1:]}"


def uncapitalized(text: str) -> str:
    """Return a text with its first letter small, as it stands within a sentence."""
    return f"{text[:1].lower()}{text[1:]}"


def sentence(text: str) -> str:
    """Return a whole sentence printable; one that is too long without its middle."""
    return _without_middle(printable(text), MAX_SENTENCE)


def visible_json(text: str) -> str:
    """Return JSON, or a piece of it, with its own escapes for what would not be seen."""
    # Within strings they are there already for all below the space: others are JSON's own lines.
    return _HIDDEN.sub(lambda hit: hit[0] if hit[0] < " " else json.dumps(hit[0])[1:-1], text)


def log_entry(text: str) -> str:
    """Return *text* as one entry of a log: lines below its first stand in from the margin.

    So nothing that an entry quotes can pass for another entry.
    """
    lines = _without_middle(text, MAX_LOGGED).split("\n")
    return "\n    ".join(map(printable, lines))


def _without_middle(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    return f"{text[: most - _ADVICE - 3]} … {text[-_ADVICE:]}"
