"""A strict scanner of a workbook's shared strings: all of them in one go, or None.

It works as :mod:`sheet_scan` does.
"""

from __future__ import annotations

import re

from xl_automation.excel_limits import MAX_CELL_TEXT
from xl_automation.xlsx.remembered import KnownPieces
from xl_automation.xlsx.xml_words import (
    DECLARATION,
    IN_MAIN,
    MAX_PIECE,
    SPACE,
    TEXT,
    decoded,
    is_plain,
    is_well_formed,
    resolved,
)

MAX_STRINGS = 50_000
KNOWN_STRINGS, LONGEST_STRING = 20_000, 2048
_RUN_LOOK = rf'(?:<[a-zA-Z]+(?:[ ][a-zA-Z]+="[^"<&]*")?[ ]?/>{SPACE})*'
_STRING = re.compile(
    rf"""{SPACE}(?:<t(?:[ ]xml:space="preserve")?(?:[ ]?/>|>({TEXT})</t>){SPACE}
    |((?:<r>{SPACE}(?:<rPr>{SPACE}{_RUN_LOOK}</rPr>{SPACE})?
    <t(?:[ ]xml:space="preserve")?>{TEXT}</t>{SPACE}</r>{SPACE})+)
    )</si>{SPACE}""",
    re.VERBOSE,
)
_RUN = re.compile(r"<t(?: [^<>]*)?>([^<]*)</t>")
_STRINGS_START = re.compile(rf"{DECLARATION}<sst [^<>]*(?<!/)>{SPACE}")


def scan_strings(content: bytes) -> list[str] | None:
    """Return the shared strings of a workbook, runs put together.

    Returns:
        None where they are not written as nearly every program writes them.
    """
    text = decoded(content)
    start = _STRINGS_START.match(text) if text is not None else None
    if text is None or start is None or IN_MAIN not in start[0]:
        return None
    if text.count("<si>") > MAX_STRINGS:
        return None
    end = text.rfind("</sst>")
    before, *pieces = text[start.end() : end].split("<si>")
    if before or end < 0 or not is_well_formed(start[0] + text[end:]):
        return None
    strings = list(map(_STRINGS.__getitem__, pieces))
    return None if None in strings else strings


def _understood(text: str) -> str | None:
    """Return the string in a piece of the XML of shared strings, cut behind ``<si>``."""
    match = _STRING.fullmatch(text) if len(text) <= MAX_PIECE else None
    if match is None or not is_plain(text):
        return None
    plain, runs = match.groups(default="")
    string = resolved("".join(_RUN.findall(runs)) if runs else plain)
    return string if len(string) <= MAX_CELL_TEXT else None


_STRINGS = KnownPieces(_understood, KNOWN_STRINGS, LONGEST_STRING)
