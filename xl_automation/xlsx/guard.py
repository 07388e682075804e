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
  relationship, whatever the file is called. A type that no part has counts for nothing.
* ``too-large``, ``zip-bomb``: big files, bombs that inflate to far more than they weigh, and
  packages of thousands of parts. No part inflates to more than the directory says.
* ``unsafe-xml``: any DTD, hence every entity trick (billion laughs, quadratic blow-up, external
  entities); any encoding but UTF-8 and UTF-16; elements too deep, tags too long, too many nodes.

What is not read stays packed: of such a part only the beginning is looked at, for a DTD can stand
nowhere else. Nothing is followed or run: external links, embedded objects and pictures are only
bytes.
"""

from __future__ import annotations

import hashlib
import os
import posixpath
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from math import ceil
from pathlib import Path
from typing import NoReturn
from urllib.parse import unquote
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from xl_automation.xlsx.limits import FORM_LIMITS, MB, Limits
from xl_automation.xlsx.refusal import Refusal, damaged
from xl_automation.xlsx.strict_xml import ambiguous
from xl_automation.xlsx.unpack import CONTENT_TYPES, WORKBOOK_PART, Archive
from xl_automation.xlsx.xml_guard import HEAD, check_xml, is_harmless, is_xml

ROOT_LINKS = "_rels/.rels"
_OLE = bytes.fromhex("D0CF11E0A1B11AE1")
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


class Parts(Mapping[str, bytes]):
    """The parts of a package by name; each is unpacked and checked when it is first asked for.

    Names are as in the zip, with ``/`` between folders.
    """

    def __init__(self, archive: Archive, limits: Limits = FORM_LIMITS):
        self._archive, self._limits = archive, limits
        self._contents: dict[str, bytes] = {}
        self._declared: dict[str, frozenset[tuple[str, str]]] = {}
        self._tags, self._most_tags = 0, limits.tags  # in the parts that were checked

    def __getitem__(self, name: str) -> bytes:
        self.declared(name)
        return self._contents[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._archive.names)

    def __len__(self) -> int:
        return len(self._archive.names)

    def __contains__(self, name: object) -> bool:
        return name in self._archive

    def unchecked(self, name: str) -> bytes:
        """Return a part unpacked, for a reader that verifies every byte of it itself."""
        if name not in self._contents:
            self._contents[name] = self._archive.read(name)
        return self._contents[name]

    def declared(self, name: str) -> frozenset[tuple[str, str]]:
        """Return the types that a part declares, each with its target (``check_xml``)."""
        if name not in self._declared:
            content = self.unchecked(name)
            self._count_tags(name, content)
            self._declared[name] = check_xml(name, content, self._limits.nodes)
        return self._declared[name]

    def _count_tags(self, name: str, content: bytes) -> None:
        if is_xml(name, content):
            self._tags += content.count(b"<")
            if self._tags > self._most_tags:
                reason = f"quá nhiều phần tử, đến phần “{name[:80]}”"
                raise Refusal("unsafe-xml", reason=reason)

    def check_beginnings(self) -> None:
        """Refuse parts that would harm whoever parses them later; most stay packed."""
        for name in self:
            if not is_harmless(name, self._archive.head(name, HEAD)):
                self.declared(name)

    def check_all(self) -> None:
        """Refuse what is not whole and safe, in every part."""
        self._most_tags = self._limits.all_tags
        for name in self:
            self.declared(name)


@dataclass(frozen=True, slots=True)
class Package:
    """A workbook that may be read.

    Attributes:
        path: Where the file was read from.
        size: Its length in bytes.
        saved: When it was last written, seconds since 1970.
        sha256: The hexadecimal hash of those bytes.
        parts: Its parts.
    """

    path: Path
    size: int
    saved: float
    sha256: str
    parts: Parts = field(repr=False, compare=False)

    def refuse_other_than(self, sha256: str) -> None:
        """Refuse the package where the file is not, or no longer, the one with that hash."""
        if self.sha256 != sha256:
            raise Refusal("unreadable", reason="tệp vừa bị thay đổi", is_passing=True)

    def check_all(self) -> None:
        """Refuse the package unless every part of it is whole and safe."""
        self.parts.check_all()


def stored_zip(parts: Mapping[str, bytes]) -> BytesIO:
    """Return parts that were checked as an uncompressed zip, for libraries that want a file.

    So no library sees anything that was not checked, even where it would read the original zip
    differently.
    """
    file = BytesIO()
    with ZipFile(file, "w", ZIP_STORED) as archive:
        for name, data in parts.items():
            archive.writestr(ZipInfo(name), data)
    file.seek(0)
    return file


def open_package(path: Path) -> Package:
    """Return the workbook at *path* with every part unpacked and checked.

    Raises:
        Refusal: If the file is anything but a sound, macro-free .xlsx within the limits.
    """
    package = open_for_reading(path)
    package.check_all()
    return package


def open_for_reading(path: Path, limits: Limits = FORM_LIMITS) -> Package:
    """Return the workbook at *path*; its parts are unpacked and checked as they are asked for.

    Args:
        path: The file.
        limits: How much it may hold.

    Raises:
        Refusal: If the file is no macro-free .xlsx within the limits, or a part of it would harm
            whoever parses it.
    """
    data, saved = read_bytes(path, limits.file)
    if not data.startswith((b"PK\3\4", b"PK\5\6")):
        _refuse_foreign(data)
    parts = Parts(Archive(data, limits), limits)
    parts.check_beginnings()
    _check_kind(parts)
    return Package(path, len(data), saved, hashlib.sha256(data).hexdigest(), parts)


def read_bytes(path: Path, limit: int) -> tuple[bytes, float]:
    """Return the bytes of *path*, an ordinary file within *limit*, and when it was saved."""
    try:
        if not path.exists():
            raise Refusal("not-found", is_passing=True)
        if not path.is_file():  # opening a pipe could wait for ever
            raise Refusal("unreadable", reason="đây là thư mục hoặc thiết bị, không phải tệp")
        with path.open("rb") as file:
            status = os.fstat(file.fileno())
            data = file.read(min(status.st_size, limit) + 1)
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


def _check_kind(parts: Parts) -> None:
    """Refuse *parts* that are not those of a workbook, or hold macros."""
    links = [parts.declared(name) for name in parts if name.lower().endswith(".rels")]
    types = _types_of_parts(parts)
    for mark, reason in _FOREIGN_KINDS.items():
        if any(mark in kind and kind.endswith(("main", "main+xml")) for kind in types):
            raise Refusal("not-a-workbook", reason=reason)
    marked = {name.lower() for name in parts} | types
    marked.update(kind for kind, _ in frozenset().union(*links))
    if any(mark in text for text in marked for mark in _MACRO_MARKS):
        raise Refusal("has-macros")
    said = {kind for kind, _ in parts.declared(CONTENT_TYPES)}
    if not any("spreadsheetml" in kind and kind.endswith("main+xml") for kind in said):
        raise Refusal("not-a-workbook", reason="tệp nén không có sổ làm việc")
    if any(kind.startswith(_STRICT) for kind in marked):
        raise Refusal("not-a-workbook", reason="dạng Strict Open XML")
    root = parts.declared(ROOT_LINKS) if ROOT_LINKS in parts else ()
    targets = {
        posixpath.normpath("/" + to).lstrip("/")
        for kind, to in root
        if kind.endswith("/officedocument")
    }
    if not targets & set(parts):
        raise damaged("thiếu sổ làm việc")
    if targets != {WORKBOOK_PART}:  # what a program opens first is not what is read here
        raise ambiguous(f"liên kết gốc dẫn tới “{max(targets - {WORKBOOK_PART})[:80]}”")


def _types_of_parts(parts: Parts) -> set[str]:
    """Return the content types that the parts have: each by its own name, or by its extension.

    Libraries declare types of parts that they might have written, and did not.
    """
    names = {unquote(name).lower() for name in parts}
    declared = [
        (kind, unquote(use).lstrip("/").lower()) for kind, use in parts.declared(CONTENT_TYPES)
    ]
    rest = names.difference(name for _, name in declared)
    extensions = {f"*.{name.rpartition('.')[2]}" for name in rest}
    return {kind for kind, use in declared if use in names or use in extensions or not use}
