"""A strict scanner of a worksheet's XML: every cell in one go, or None.

It knows the one way in which nearly every program writes cells. They are matched whole and one
after the other, so that no byte of them goes unseen; all that stands around them goes to an XML
parser. Whatever is written in another way is not guessed at: the answer is None, and the sheet
is left to a reader that knows the whole format.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import unescape
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.xml_guard import check_xml
from xl_automation.xlsx.xml_part import MAIN

# The whole; column, row, style, type, formula's tag, formula, value, inline text of a cell; or the
# tag of a row. "" for what is not there. Texts have their entities unresolved (:func:`resolved`);
# values are what their type says: numbers, indexes of shared strings, 0 or 1.
Token = tuple[str, ...]
# Nodes of one part are limited (``MAX_NODES``), and a cell has some eight.
MAX_TOKENS, MAX_FRAME = 50_000, 1 << 20
# No possessive quantifiers here: early releases of Python 3.11 match them wrongly.
_TOKEN = re.compile(
    r"""((?:<c[ ]r="([A-Z]{1,2})([1-9][0-9]{0,6})"(?:[ ]s="([0-9]{1,5})")?
    (?:[ ]t="(n|s|str|b|e|inlineStr)")?[ ]?
    (?:/>|>\s*
        (?:(<f(?:[ ](?:ca|aca)="(?:0|1|true|false)")?)(?:[ ]?/>|>([^<]*)</f>)\s*)?
        (?:<v(?:[ ]xml:space="preserve")?(?:[ ]?/>|>([^<]*)</v>)\s*)?
        (?:<is>\s*<t(?:[ ]xml:space="preserve")?>([^<]*)</t>\s*</is>\s*)?
    </c>)|(</?row[^<>]*>))\s*)""",
    re.VERBOSE,
)
_ROW = re.compile(r'<row (?:[^<>]* )?r="([1-9][0-9]{0,6})"')
_ROW_END = "</row>"
_ROWS = re.compile("(?:empty |row (?:cell )*end )*")
_BEGIN, _END = re.compile(r"<sheetData>\s*"), "</sheetData>"
_STRING = re.compile(
    r"""(<si>\s*(?:<t(?:[ ]xml:space="preserve")?(?:[ ]?/>|>([^<]*)</t>)\s*
    |((?:<r>\s*(?:<rPr>\s*(?:<[a-zA-Z]+(?:[ ][a-zA-Z]+="[^"<]*")?[ ]?/>\s*)*</rPr>\s*)?
    <t(?:[ ]xml:space="preserve")?>[^<]*</t>\s*</r>\s*)+)
    )</si>\s*)""",
    re.VERBOSE,
)
_RUN = re.compile(r"<t(?: [^<>]*)?>([^<]*)</t>")
# The declaration, as ``is_harmless`` also knows it: UTF-8, or nothing said of it.
_DECLARED = re.compile(
    rb"""(?:\xef\xbb\xbf)?(?:<\?xml version=(["'])1\.0\1(?: encoding=(["'])(?i:utf-8)\2)?"""
    rb"""(?: standalone=(["'])(?:yes|no)\3)? ?\?>)?\s*"""
)
_SHEET_START = re.compile(r"<worksheet [^<>]*(?<!/)>")
_STRINGS_START = re.compile(r"<sst [^<>]*(?<!/)>\s*")
_NAMESPACE = re.compile(r' xmlns(?::[A-Za-z_][\w.-]*)?="[^"<&]*"')
_IN_MAIN = f' xmlns="{MAIN}"'
_REFERENCES = tuple(b"&%s;" % name for name in b"quot amp lt gt #10 #xA apos #9".split())
_NUMERIC = re.compile(rb"&#([0-9]{3,6});")
# What both XML and :func:`html.unescape` take for what it is: no controls, no surrogates.
_LETTERS = (range(0xA0, 0xD800), range(0xE000, 0xFDD0), range(0x1F300, 0x1FB00))
_NO_CHARACTERS = (b"\xef\xbf\xbe", b"\xef\xbf\xbf")  # U+FFFE, U+FFFF
_NUMBER = r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][-+]?[0-9]{1,3})?"
# What the values of each type may be, each followed by a line break; the rest are texts.
_VALUES = {
    "": re.compile(rf"(?:{_NUMBER}\n)*"),
    "n": re.compile(rf"(?:{_NUMBER}\n)*"),
    "s": re.compile(r"(?:[0-9]{1,6}\n)*"),
    "b": re.compile(r"(?:[01]\n)*"),
}


class ScannedSheet(NamedTuple):
    """A worksheet.

    Attributes:
        tokens: Its cells, blank ones too, and the tags of its rows.
        strings: How many shared strings there must be at least, for each that is named to exist.
    """

    tokens: Sequence[Token]
    strings: int


def scan_sheet(content: bytes) -> ScannedSheet | None:
    """Return the cells of a worksheet's XML.

    Returns:
        None where it is not written as nearly every program writes it.
    """
    text = _decoded(content)
    if text is None:
        return None
    start, end = _BEGIN.search(text), text.rfind(_END)
    if start is None or end < start.end():
        return None
    tokens = _TOKEN.findall(text, start.end(), end)
    wholes, columns, rows, _, types, _, _, values, inlines, tags = (
        zip(*tokens, strict=True) if tokens else [()] * 10
    )
    if (
        sum(map(len, wholes)) != end - start.end()
        or len(tokens) > MAX_TOKENS
        or not _are_in_rows(columns, rows, tags)
        or not _is_sound(text[: start.end()], "".join(tags), text[end:])
    ):
        return None
    typed = _by_type(types, values, inlines)
    if typed is None:
        return None
    return ScannedSheet(tokens, 1 + max(map(int, typed.get("s", ())), default=-1))


def _are_in_rows(columns: Sequence[str], rows: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether each cell is there once, in the row that it says, and the rows ascend."""
    numbers = _ROW.findall("".join(tags))
    if len(numbers) != len(tags) - tags.count("") - tags.count(_ROW_END):
        return False
    if any(int(one) >= int(following) for one, following in pairwise(numbers)):
        return False
    following, within = iter(numbers), ""
    for row, tag in zip(rows, tags, strict=True):
        if tag == _ROW_END:
            within = "" if within else "none"
        elif tag:
            if within:
                return False
            number = next(following)
            within = "" if tag.endswith("/>") else number
        elif row != within:
            return False
    places = {*zip(columns, rows, strict=True)} - {("", "")}
    return not within and len(places) == tags.count("")


def _by_type(
    types: Sequence[str], values: Sequence[str], inlines: Sequence[str]
) -> dict[str, list[str]] | None:
    """Return the values by the types that their cells say, None where they are of others."""
    typed: dict[str, list[str]] = {}
    for type, value, inline in zip(types, values, inlines, strict=True):
        if value:
            typed.setdefault(type, []).append(value)
        if inline and type != "inlineStr":
            return None
    fits = all(
        pattern.fullmatch("\n".join((*typed.get(type, ()), "")))
        for type, pattern in _VALUES.items()
    )
    return typed if fits and "inlineStr" not in typed else None


def _is_sound(head: str, rows: str, tail: str) -> bool:
    """Whether a worksheet's XML without its cells is well-formed, and they stand in its data."""
    root = _SHEET_START.match(head)
    if root is None or _IN_MAIN not in root[0] or len(head) + len(tail) > MAX_FRAME:
        return False
    if head.count("sheetData") > 1 or "sheetData" in tail[len(_END) :]:
        return False
    namespaces = "".join(_NAMESPACE.findall(root[0]))
    # The first also proves that the cells stand in a child of the root. The last two are the same
    # in most workbooks of one round.
    return all(
        map(
            _is_well_formed,
            (
                f"{head}{_END}</worksheet>",
                f"<worksheet{namespaces}><sheetData>{rows}{_END}</worksheet>",
                f"<worksheet{namespaces}><sheetData>{tail}",
            ),
        )
    )


def _is_well_formed(text: str) -> bool:
    try:
        check_xml(".xml", text.encode())
    except Refusal:
        return False
    return True


def scan_strings(content: bytes) -> list[str] | None:
    """Return the shared strings of a workbook as they stand in the file, runs put together.

    Returns:
        None where they are not written as nearly every program writes them.
    """
    text = _decoded(content)
    start = _STRINGS_START.match(text) if text is not None else None
    if text is None or start is None or _IN_MAIN not in start[0]:
        return None
    found = _STRING.findall(text, start.end())
    end = start.end() + sum(len(whole) for whole, _, _ in found)
    if text[end:].strip() != "</sst>" or not _is_well_formed(start[0] + text[end:]):
        return None
    return ["".join(_RUN.findall(runs)) if runs else plain for _, plain, runs in found]


def resolved(text: str) -> str:
    """Return *text* with its entities resolved."""
    return unescape(text) if "&" in text else text


def _decoded(content: bytes) -> str | None:
    """Return the text of an XML part; None where it has more than elements and plain text."""
    body = content[_DECLARED.match(content).end() :]  # type: ignore[union-attr]  # it may be empty
    codes = np.frombuffer(body + b" " * 8, np.uint8)
    # XML 1.0, 2.2: what is no character; and the carriage return, which parsers change (2.11).
    if ((codes < ord(" ")) & (codes != ord("\t")) & (codes != ord("\n"))).any():
        return None
    if b"]]>" in body or ((codes == 0xEF).any() and any(map(body.__contains__, _NO_CHARACTERS))):
        return None
    unknown = _count_unknown_references(codes)
    if unknown and not _are_letters(_NUMERIC.findall(body), unknown):
        return None
    try:
        return body.decode()
    except UnicodeDecodeError:
        return None


def _are_letters(found: Sequence[bytes], count: int) -> bool:
    """Whether *count* character references, by their numbers, stand for ordinary letters."""
    numbers = set(map(int, found))
    return len(found) == count and all(
        any(number in letters for letters in _LETTERS) for number in numbers
    )


def _count_unknown_references(codes: npt.NDArray[np.uint8]) -> int:
    """Return how many of the references in a part are none of those that every program knows."""
    # The eight bytes from each & on, as one number.
    words = np.ndarray(len(codes) - 7, "<u8", codes, strides=(1,))[
        np.flatnonzero(codes[:-7] == ord("&"))
    ]
    for one in _REFERENCES:
        words = words[words & (1 << 8 * len(one)) - 1 != int.from_bytes(one, "little")]
    return len(words)
