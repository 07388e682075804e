"""The gate for one XML part: well-formed, without a DTD, within limits, before any library."""

from __future__ import annotations

import re
from itertools import product
from typing import NoReturn
from xml.parsers import expat

import numpy as np

from xl_automation.xlsx.limits import FORM_LIMITS
from xl_automation.xlsx.refusal import Refusal, damaged
from xl_automation.xlsx.remembered import remembered

MAX_DEPTH = 100  # a chart nests some 15 deep
MAX_TAG = 1 << 20  # Excel's longest text, 32,767 characters, fits many times
HEAD = 1024  # bytes in which the first element of an honest part begins
_CHUNK = 1 << 16
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte-order marks and white space, in any UTF
_XML_STARTS = (b"<", "<?xm".encode("cp037"))
# UTF-8 up to the name of the first element; past that no DTD can come.
_PLAIN_HEAD = re.compile(
    rb"""(?:\xef\xbb\xbf)?
    (?:<\?xml\s+version\s*=\s*["']1\.0["'](?:\s+encoding\s*=\s*["'](?i:utf-8)["'])?
    (?:\s+standalone\s*=\s*["'](?:yes|no)["'])?\s*\?>)?
    \s*<[A-Za-z_]""",
    re.VERBOSE,
)
_SINGLE_QUOTED = re.compile(rb"=\s*'")
_XML_NAMES = (".xml", ".rels")
_KINDS = {"ContentType", "Type"}
_USES = {"Target": "", "PartName": "", "Extension": "*."}


def is_harmless(name: str, head: bytes) -> bool:
    """Whether a part can do no harm to whoever parses it later, as its first bytes show.

    Either it is XML in UTF-8 whose first element begins within them, so that no DTD can follow,
    or it is nothing that a reader might take for XML.

    Args:
        name: The part's name, which alone proves nothing.
        head: Its first ``HEAD`` bytes.
    """
    if _PLAIN_HEAD.match(head):
        return True
    return bool(head.strip(_BLANK)) and not is_xml(name, head)


def is_xml(name: str, data: bytes) -> bool:
    """Whether a reader might parse the part; its name alone proves nothing."""
    return name.lower().endswith(_XML_NAMES) or data.lstrip(_BLANK).startswith(_XML_STARTS)


def check_xml(
    name: str, data: bytes, most_nodes: int = FORM_LIMITS.nodes
) -> frozenset[tuple[str, str]]:
    """Return the types that the part *name* declares, each with what it is for.

    Only the content types and the relationships declare any. Types are in lower case; what they
    are for is as written: a target, a part's name, or an extension, ``*.xml``.

    Args:
        name: The part's name.
        data: Its content.
        most_nodes: How many elements and attributes it may have.

    Raises:
        Refusal: If it is XML, and not well-formed, not safe, or beyond the limits.
    """
    if not is_xml(name, data):
        return frozenset()
    return _checked(data, name, most_nodes)


@remembered(256)
def _checked(data: bytes, name: str, most_nodes: int) -> frozenset[tuple[str, str]]:
    types: set[tuple[str, str]] = set()
    declares = name.lower().endswith((".rels", "[content_types].xml"))
    must_be_xml = name.lower().endswith(_XML_NAMES)
    depth = nodes = 0

    def refuse(what: str) -> NoReturn:
        raise Refusal("unsafe-xml", reason=f"{what} trong phần “{name[:80]}”")

    def declaration(_version: str, encoding: str | None, _standalone: int) -> None:
        # ECMA-376-2 7.2.5 allows no other encoding, and no DTD: another could hide one.
        if encoding is not None and encoding.lower() not in ("utf-8", "utf-16"):
            refuse("bảng mã lạ")

    def start(_tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth, nodes
        depth, nodes = depth + 1, nodes + 1 + len(attributes)
        if depth > MAX_DEPTH or nodes > most_nodes:
            refuse("các phần tử lồng quá sâu" if depth > MAX_DEPTH else "quá nhiều phần tử")
        if declares:
            kinds = [attributes[key].lower() for key in _KINDS & attributes.keys()]
            uses = [f"{mark}{attributes[key]}" for key, mark in _USES.items() if key in attributes]
            types.update(product(kinds, uses or [""]))

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = lambda *_: refuse("khai báo DTD")
    if declares or not must_be_xml or not _is_surely_small(data, most_nodes):
        parser.StartElementHandler, parser.EndElementHandler = start, end
    try:
        for begin in range(0, len(data), _CHUNK):
            parser.Parse(data[begin : begin + _CHUNK], False)
            if begin + _CHUNK - parser.CurrentByteIndex > MAX_TAG:
                refuse("thẻ dài bất thường")
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        # Old drawings (.vml) and pictures need not be well-formed. Past the first element no
        # DTD can come, so they are let through.
        if nodes == 0 or must_be_xml:
            raise damaged(f"XML lỗi trong phần “{name[:80]}”") from error
    if data.startswith((b"<\0", b"\0<")):  # XML 1.0, 4.3.3: UTF-16 says so by its first mark
        refuse("bảng mã lạ")
    return frozenset(types)


def _is_surely_small(data: bytes, most_nodes: int) -> bool:
    """Whether XML is within the limits of depth and of nodes, as its bytes alone show.

    Each element begins with its own ``<`` and ends with ``</`` or ``/>``. Between double quotes no
    such mark can follow a quote, so that none is counted but those of elements; where attributes
    stand between single quotes, this is not sure.
    """
    if data.count(b"<") + data.count(b"=") > most_nodes or data.count(b'"') > 2 * most_nodes:
        return False
    if _SINGLE_QUOTED.search(data, data.find(b"?>") + 1):
        return False
    codes = np.frombuffer(data + b"  ", np.uint8)
    starts = np.flatnonzero(codes == ord("<"))
    quotes = np.flatnonzero(codes[:-2] == ord('"'))
    steps = np.zeros(len(codes), np.int8)
    steps[starts] = np.where(codes[starts + 1] == ord("/"), -1, 1)
    steps[quotes[(codes[quotes + 1] == ord("/")) & (codes[quotes + 2] == ord(">"))]] = -1
    return bool(steps[steps != 0].cumsum(dtype=np.int64).max(initial=0) <= MAX_DEPTH)
