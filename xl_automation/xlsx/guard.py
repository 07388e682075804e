"""The gate for files that came by e-mail from anybody: a safe package, or a named refusal.

The file is read once; the SHA-256, the checks and the parts all come from those same bytes.
What is refused, and as what:

* ``not-found``: no such file.
* ``unreadable``: a folder, a pipe, a locked file; truncation, wrong CRC, wrong sizes; parts that
  overlap, repeat a name (letter case aside) or leave the package (``../x``, ``/x``, ``C:x``); XML
  that is not well-formed.
* ``not-a-workbook``: empty files; text, CSV, HTML, PDF, Word, OpenDocument or .xlsb renamed to
  .xlsx; zips without a workbook.
* ``old-format``, ``encrypted``: .xls; a password to open, by Excel or by the zip.
* ``has-macros``: VBA projects and Excel 4.0 macro sheets, known by part name, content type or
  relationship, whatever the file is called.
* ``too-large``, ``zip-bomb``: big files, bombs that inflate to far more than they weigh, and
  packages of thousands of parts. Bytes are counted as they come out of the decompressor.
* ``unsafe-xml``: any DTD, hence every entity trick (billion laughs, quadratic blow-up, external
  entities); any encoding but UTF-8 and UTF-16; elements too deep, tags too long, too many nodes.

Nothing is followed or run: external links, embedded objects and pictures are only bytes.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
import zlib
from codecs import BOM_UTF8
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from pathlib import Path
from types import MappingProxyType
from typing import NoReturn
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from xl_automation.xlsx.limits import FORM_LIMITS, MB, Limits
from xl_automation.xlsx.refusal import Refusal, damaged

# Deflate can reach 1032:1. An honest sheet may too, while small: hence the grace.
MAX_RATIO, RATIO_GRACE = 100, 8 * MB
MAX_PARTS = 2_000
MAX_DEPTH = 100  # a chart nests some 15 deep
MAX_TAG = 1 * MB  # Excel's longest text, 32,767 characters, fits many times
CONTENT_TYPES, ROOT_LINKS = "[Content_Types].xml", "_rels/.rels"
ROOT_PARTS = (CONTENT_TYPES, ROOT_LINKS)  # these say what a package is
_CHUNK = 1 << 16
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
# What zipfile raises on broken zips: an offset beyond 64 bits is an OverflowError, a file name
# that is not UTF-8 a ValueError.
_ZIP_ERRORS = (BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError, zlib.error)
_STRICT = "http://purl.oclc.org/ooxml/"  # ISO/IEC 29500-1: its own names for everything
_MACRO_MARKS = ("macroenabled", "macrosheet", "vbaproject")
_FOREIGN_STARTS = {
    "tệp PDF": (b"%pdf",),
    "tệp nén RAR hoặc 7z": (b"rar!", b"7z\xbc\xaf"),
    "tệp ảnh": (b"\x89png", b"\xff\xd8\xff"),
    "trang web HTML": (b"<!doctype html", b"<html", b"<head", b"<meta", b"<table", b"<div"),
    "tệp XML": (b"<?xml",),
}
_FOREIGN_KINDS = {
    "sheet.binary": "sổ làm việc nhị phân .xlsb",
    "wordprocessingml": "tệp Word",
    "presentationml": "tệp PowerPoint",
}
_BLANK = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"  # byte-order marks and white space, in any UTF
_XML_STARTS = (b"<", "<?xm".encode("cp037"))


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that passed every check.

    Attributes:
        path: Where the file was read from.
        size: Its length in bytes.
        saved: When it was last written, seconds since 1970.
        sha256: The hexadecimal hash of those bytes.
        parts: Name in the zip, with ``/`` between folders, to content unpacked.
    """

    path: Path
    size: int
    saved: float
    sha256: str
    parts: Mapping[str, bytes] = field(repr=False, compare=False)

    def stored(self) -> BytesIO:
        """Return the checked parts as an uncompressed zip, for libraries that want a file.

        Made from ``parts``, so that no library sees anything that was not checked, even where
        it would read the original zip differently.
        """
        file = BytesIO()
        with ZipFile(file, "w", ZIP_STORED) as archive:
            for name, data in self.parts.items():
                archive.writestr(ZipInfo(name), data)
        file.seek(0)
        return file


def open_package(
    path: Path,
    limits: Limits = FORM_LIMITS,
    wanted: Callable[[str], bool] = lambda name: True,
) -> Package:
    """Return the workbook at *path* with its parts unpacked.

    Args:
        path: The file.
        limits: How much it may hold.
        wanted: Chooses the parts that are unpacked and checked, by name; the others the package
            does not have.

    Raises:
        Refusal: If the file is anything but a sound, macro-free .xlsx within the limits.
    """
    data, saved = _read(path, limits.file)
    if not data.startswith((b"PK\3\4", b"PK\5\6")):
        _refuse_foreign(data)
    try:
        names, unpacked = _unpack(data, limits.unpacked, wanted)
        parts = dict(unpacked)
    except _ZIP_ERRORS as error:
        raise damaged("tệp nén bị lỗi hoặc tải về chưa hết") from error
    _check(parts, names, limits.nodes)
    return Package(
        path, len(data), saved, hashlib.sha256(data).hexdigest(), MappingProxyType(parts)
    )


def _read(path: Path, limit: int) -> tuple[bytes, float]:
    """Return the bytes of *path*, an ordinary file within *limit*, and when it was saved."""
    try:
        if not path.exists():
            raise Refusal("not-found", is_passing=True)
        if not path.is_file():  # opening a pipe could wait for ever
            raise Refusal("unreadable", reason="đây là thư mục hoặc thiết bị, không phải tệp")
        with path.open("rb") as file:
            data = file.read(limit + 1)
            status = os.fstat(file.fileno())
            size = max(len(data), status.st_size)
    except PermissionError as error:
        reason = "không có quyền đọc, hoặc tệp đang mở trong chương trình khác"
        raise Refusal("unreadable", reason=reason, is_passing=True) from error
    except OSError as error:
        reason = f"lỗi hệ thống số {error.errno}"
        raise Refusal("unreadable", reason=reason, is_passing=True) from error
    if size > limit:
        raise Refusal("too-large", size=ceil(size / MB), limit=limit // MB)
    return data, status.st_mtime


def _refuse_foreign(data: bytes) -> NoReturn:
    """Raise the refusal for a file that is not a zip, named by its first bytes."""
    if data.startswith(_OLE):
        # MS-OFFCRYPTO 2.3.4.4: a document with a password is this stream of an OLE file.
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise Refusal("encrypted")
        if any(stream.encode("utf-16-le") in data for stream in ("Workbook\0", "Book\0")):
            raise Refusal("old-format")
        raise Refusal("not-a-workbook", reason="tệp Office 97–2003 nhưng không phải Excel")
    head = data[:4096].removeprefix(BOM_UTF8).lstrip().lower()
    reason = "văn bản hoặc CSV" if head and b"\0\0" not in head else "định dạng không rõ"
    for name, starts in _FOREIGN_STARTS.items():
        if head.startswith(starts):
            reason = name
    raise Refusal("not-a-workbook", reason=reason if data.strip(b"\0") else "tệp rỗng")


def _unpack(
    data: bytes, most: int, wanted: Callable[[str], bool]
) -> tuple[set[str], list[tuple[str, bytes]]]:
    """Return the names of all parts of the zip *data*, and name and content of those wanted."""
    # Each entry of the directory starts so: counted before anything is built from them.
    if data.count(b"PK\x01\x02") > MAX_PARTS:
        raise Refusal("zip-bomb", reason=f"có hơn {MAX_PARTS} phần")
    with ZipFile(BytesIO(data)) as archive:
        entries = {_part_name(entry): entry for entry in archive.infolist()}
        _check_entries(archive.infolist(), set(entries))
        limit = budget = min(most, RATIO_GRACE + MAX_RATIO * len(data))
        unpacked = []
        for name, entry in entries.items():
            if name.endswith("/") or not (name in ROOT_PARTS or wanted(name)):
                continue
            chunks = []
            with archive.open(entry) as file:
                while chunk := file.read(_CHUNK):
                    budget -= len(chunk)
                    if budget < 0:
                        reason = f"quá {limit // MB} MB, ở phần “{name[:80]}”"
                        raise Refusal("zip-bomb", reason=reason)
                    chunks.append(chunk)
            content = b"".join(chunks)
            if len(content) != entry.file_size:
                raise damaged(f"phần “{name[:80]}” sai kích thước")
            unpacked.append((name, content))
    return {name for name in entries if not name.endswith("/")}, unpacked


def _part_name(entry: ZipInfo) -> str:
    """Return the name of *entry* with forward slashes; refuse one that leaves the package."""
    name = entry.orig_filename.replace("\\", "/")
    steps = name.removesuffix("/").split("/")
    if not name.isprintable() or name[1:2] == ":" or not {"", ".", ".."}.isdisjoint(steps):
        raise damaged("có phần mang tên không hợp lệ")
    return name


def _check_entries(entries: list[ZipInfo], names: set[str]) -> None:
    """Refuse what the directory of the zip tells before anything is unpacked."""
    if any(entry.flag_bits & 0x2041 for entry in entries):  # APPNOTE 4.4.4: bits 0, 6, 13
        raise Refusal("encrypted")
    if len({name.casefold() for name in names}) != len(entries):
        raise damaged("có hai phần trùng tên")
    # ECMA-376-2 7.3.6 allows no other; zipfile would also inflate those without limit.
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise damaged("nén bằng cách lạ")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise damaged("có hai phần chồng lên nhau")
        end = entry.header_offset + 30 + entry.compress_size
    if CONTENT_TYPES not in names:
        if "xl/workbook.xml" in names:
            raise damaged(f"thiếu {CONTENT_TYPES}")
        reason = "tệp OpenDocument, như .ods" if "content.xml" in names else "tệp nén thông thường"
        raise Refusal("not-a-workbook", reason=reason)


def _check(parts: Mapping[str, bytes], names: set[str], most_nodes: int) -> None:
    """Refuse *parts*, of all those called *names*, that are no workbook's, unsafe, or macros."""
    declared = {
        name: _scan(name, data, most_nodes) for name, data in parts.items() if _is_xml(name, data)
    }
    types = {kind for kind, _ in declared[CONTENT_TYPES]}
    for mark, reason in _FOREIGN_KINDS.items():
        if any(mark in kind and kind.endswith(("main", "main+xml")) for kind in types):
            raise Refusal("not-a-workbook", reason=reason)
    marked = {name.lower() for name in names}.union(
        kind for d in declared.values() for kind, _ in d
    )
    if any(mark in text for text in marked for mark in _MACRO_MARKS):
        raise Refusal("has-macros")
    if not any("spreadsheetml" in kind and kind.endswith("main+xml") for kind in types):
        raise Refusal("not-a-workbook", reason="tệp nén không có sổ làm việc")
    if any(kind.startswith(_STRICT) for kind in marked):
        raise Refusal("not-a-workbook", reason="dạng Strict Open XML")
    root = declared.get(ROOT_LINKS, ())
    targets = {to for kind, to in root if kind.endswith("/officedocument")}
    if not any(posixpath.normpath("/" + to).lstrip("/") in names for to in targets):
        raise damaged("thiếu sổ làm việc")


def _is_xml(name: str, data: bytes) -> bool:
    """Return whether a reader might parse the part; its name alone proves nothing."""
    return name.lower().endswith((".xml", ".rels")) or data.lstrip(_BLANK).startswith(_XML_STARTS)


def _scan(name: str, data: bytes, most_nodes: int) -> set[tuple[str, str]]:
    """Return the types that the XML part *name* declares, each with its target.

    Only the content types and the relationships declare any. Types are in lower case.
    """
    types: set[tuple[str, str]] = set()
    declares = name == CONTENT_TYPES or name.lower().endswith(".rels")
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
            for key in {"ContentType", "Type"} & attributes.keys():
                types.add((attributes[key].lower(), attributes.get("Target", "")))

    def end(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.XmlDeclHandler = declaration
    parser.StartDoctypeDeclHandler = lambda *_: refuse("khai báo DTD")
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
        if nodes == 0 or name.lower().endswith((".xml", ".rels")):
            raise damaged(f"XML lỗi trong phần “{name[:80]}”") from error
    return types
