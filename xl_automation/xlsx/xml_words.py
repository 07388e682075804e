"""XML as nearly every program writes it: the words that scanners share, and the checks."""

from __future__ import annotations

import re
from html import unescape

from xl_automation.excel_limits import MAX_CELL_TEXT
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.remembered import remembered
from xl_automation.xlsx.xml_guard import check_xml
from xl_automation.xlsx.xml_part import MAIN

# No possessive quantifiers here: early releases of Python 3.11 match them wrongly. And no \\s: to
# XML, white space is less than to Python.
SPACE = r"[ \t\n]*"
# XML 1.0, 2.2: what is no character; and the carriage return, which parsers change (2.11).
_PLAIN = r"[^\x00-\x08\x0b-\x1f<&\ufffe\uffff]*"
TEXT = rf"{_PLAIN}(?:&(?:quot|amp|lt|gt|apos|\#9|\#10|\#xA|\#[0-9]{{3,6}});{_PLAIN})*"
# UTF-8 or nothing said, as ``is_harmless`` also knows it.
DECLARATION = (
    r"""\ufeff?(?:<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?i:utf-8)\2)?"""
    r"""(?: standalone=(["'])(?:yes|no)\3)? ?\?>)?[ \t\r\n]*"""
)
IN_MAIN = f' xmlns="{MAIN}"'
# A piece holds a text of a cell, each character as a reference at most, and some tags. (To match
# longer ones the engine of regular expressions would take memory for each reference.)
MAX_PIECE = 8 * MAX_CELL_TEXT
_NUMERIC = re.compile("&#([0-9]{3,6});")
# What both XML and :func:`html.unescape` take for what it is: no controls, no surrogates.
_LETTERS = (range(0xA0, 0xD800), range(0xE000, 0xFDD0), range(0x1F300, 0x1FB00))


def decoded(content: bytes) -> str | None:
    """Return the text of an XML part, None where it is not UTF-8."""
    try:
        return content.decode()
    except UnicodeDecodeError:
        return None


def is_plain(text: str) -> bool:
    """Whether the texts in a piece of XML (``TEXT``) are what they seem to be."""
    letters = set(map(int, _NUMERIC.findall(text)))
    return "]]>" not in text and all(any(one in some for some in _LETTERS) for one in letters)


def is_well_formed(text: str) -> bool:
    """Whether XML is well-formed, safe and within the limits."""
    try:
        check_xml(".xml", text.encode())
    except Refusal:
        return False
    return True


def resolved(text: str) -> str:
    """Return *text* with its entities resolved."""
    return _unescaped(text) if "&" in text else text


@remembered(4096, longest=8192)  # Excel's longest formula
def _unescaped(text: str) -> str:
    return unescape(text)
