"""The gate for workbooks that this program made: what Excel could not open never leaves it.

Every part is unpacked again, so that its checksum is compared, and parsed: XML that is not
well-formed, or holds what is no character, stops Excel. Of Excel's own limits those are counted
that grow with what others send and with what a form says: texts, formulas, what cells say when they
are filled, links, their targets, the names of sheets and of cells.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import BinaryIO
from xml.parsers import expat
from zipfile import BadZipFile, ZipFile

from xl_automation.excel_limits import (
    MAX_CELL_TEXT,
    MAX_ERROR,
    MAX_FORMULA,
    MAX_LINKS,
    MAX_LITERAL,
    MAX_NAME,
    MAX_PROMPT,
    MAX_TARGET,
    MAX_TITLE,
    SHEET_NAME,
    length,
)
from xl_automation.xlsx.remembered import remembered

_PIECE = 1 << 18  # bytes that are parsed at once
_XML_NAMES = (".xml", ".rels")
_TEXT_PARTS = re.compile(r"xl/(worksheets/[^/]+|sharedStrings)\.xml")
# A character is one byte at least: only what is longer than this can be too long.
_LONG_TEXT = re.compile(rb">([^<]{%d,})" % (MAX_FORMULA + 1))
_FORMULA = re.compile(rb"<(f\b|formula)")  # of a cell, of a validation, of a conditional format
_LITERAL = re.compile('"([^"]*(?:""[^"]*)*)"')
_VALIDATION = re.compile(rb"<dataValidation ([^<>]*)>")
_ATTRIBUTE = re.compile('(\\w+)="([^"]*)"')
_VALIDATION_TEXTS = {
    "prompt": MAX_PROMPT,
    "error": MAX_ERROR,
    "promptTitle": MAX_TITLE,
    "errorTitle": MAX_TITLE,
}
_LINK = b"<hyperlink "


class UnsoundWorkbook(Exception):
    """A workbook that Excel could not open was about to be written: a fault of the program."""


def check_workbook(file: BinaryIO) -> None:
    """Make sure that Excel can open the workbook in an open file.

    Raises:
        UnsoundWorkbook: If it could not.
    """
    try:
        with ZipFile(file) as archive:
            for name in archive.namelist():
                with archive.open(name) as part:
                    check_part(name, iter(partial(part.read, _PIECE), b""))
    except (BadZipFile, EOFError) as error:
        raise UnsoundWorkbook(str(error)) from error


def check_parts(parts: Mapping[str, bytes], came: Mapping[str, bytes]) -> None:
    """Make sure that what was changed of somebody's workbook is well-formed.

    Args:
        parts: The workbook as it will be written.
        came: The parts as they came, which were checked when they were read.

    Raises:
        UnsoundWorkbook: If a part is not.
    """
    for name, content in parts.items():
        if content is not came.get(name):
            check_part(name, [content])


def check_part(name: str, pieces: Iterable[bytes]) -> None:
    """Make sure that one part of a workbook is what Excel takes.

    Args:
        name: The part's name.
        pieces: Its content, from the first piece to the last.

    Raises:
        UnsoundWorkbook: If it is not.
    """
    if not name.lower().endswith(_XML_NAMES):
        for _ in pieces:  # the last one brings the checksum
            pass
        return
    first = next(iter(pieces := iter(pieces)), b"")
    second = next(pieces, None)
    if second is None:
        _check_small(first, name)
    else:
        _check_xml(name, _chain(first, second, pieces))


def _chain(first: bytes, second: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield second
    yield from rest


@remembered(256)
def _check_small(content: bytes, name: str) -> None:
    _check_xml(name, [content])


def _check_xml(name: str, pieces: Iterable[bytes]) -> None:
    parser = expat.ParserCreate()
    if name.endswith(".rels"):
        parser.StartElementHandler = _check_relation
    elif name == "xl/workbook.xml":
        parser.StartElementHandler = _sheet_check()
    holds_texts = bool(_TEXT_PARTS.fullmatch(name))
    links, rest = 0, b""
    try:
        for piece in pieces:
            parser.Parse(piece, False)
            if holds_texts:
                links, rest = _count(rest + piece, links)
        parser.Parse(b"", True)
    except (expat.ExpatError, UnsoundWorkbook) as error:
        raise UnsoundWorkbook(f"{name}: {error}") from error
    if links > MAX_LINKS:
        raise UnsoundWorkbook(f"{name}: {links} links")


def _count(stretch: bytes, links: int) -> tuple[int, bytes]:
    """Return how many links there are so far, and what of a stretch belongs to the next."""
    cut = max(stretch.rfind(b"<"), 0)
    for match in _LONG_TEXT.finditer(stretch):
        found = length(re.sub("&[^;]*;", "&", match[1].decode("utf-8", "ignore")))
        is_formula = _FORMULA.match(stretch, stretch.rfind(b"<", 0, match.start()))
        if found > (MAX_FORMULA if is_formula else MAX_CELL_TEXT):
            raise UnsoundWorkbook(f"a text of {found} characters")
    for match in _VALIDATION.finditer(stretch):
        for name, text in _ATTRIBUTE.findall(match[1].decode()):
            found = length(re.sub("&[^;]*;", "&", text))
            if found > _VALIDATION_TEXTS.get(name, found):
                raise UnsoundWorkbook(f"a cell's {name} of {found} characters")
    return links + stretch.count(_LINK, 0, cut), stretch[cut:]


def check_formula(formula: str) -> None:
    """Make sure that Excel takes a formula as long, and the texts in it.

    Raises:
        UnsoundWorkbook: If it does not.
    """
    if length(formula) > MAX_FORMULA:
        raise UnsoundWorkbook(f"a formula of {length(formula)} characters: {formula[:80]}")
    for text in _LITERAL.findall(formula):
        if len(text) > MAX_LITERAL // 2 and length(text.replace('""', '"')) > MAX_LITERAL:
            raise UnsoundWorkbook(f"a formula with too long a text: {text[:80]}")


def _check_relation(_tag: str, attributes: Mapping[str, str]) -> None:
    target = attributes.get("Target", "")
    if len(target) > MAX_TARGET:
        raise UnsoundWorkbook(f"a target of {len(target)} characters")


def _sheet_check() -> Callable[[str, Mapping[str, str]], None]:
    """Return what is called with each element of the workbook's own part."""
    seen: set[str] = set()

    def check(tag: str, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name", "")
        if tag == "definedName" and length(name) > MAX_NAME:
            raise UnsoundWorkbook(f"a cell called {name!r}")
        if tag != "sheet":
            return
        if not SHEET_NAME.fullmatch(name):
            raise UnsoundWorkbook(f"a sheet called {name!r}")
        if name.casefold() in seen:
            raise UnsoundWorkbook(f"two sheets called {name!r}")
        seen.add(name.casefold())

    return check
