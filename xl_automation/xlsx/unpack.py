"""The parts of a zip file: one by one, each within limits and as its directory says."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from xl_automation.xlsx.limits import FORM_LIMITS, MB, Limits
from xl_automation.xlsx.refusal import Refusal, damaged

# Deflate can reach 1032:1. An honest sheet may too, while small: hence the grace.
MAX_RATIO, RATIO_GRACE = 100, 8 * MB
MAX_PARTS = 2_000
CONTENT_TYPES, WORKBOOK_PART = "[Content_Types].xml", "xl/workbook.xml"
_PICTURES = (".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".emf", ".wmf", ".bin")
_HEADER = 30  # APPNOTE 4.3.7: bytes of a local header before its name and extra field
# What zipfile and zlib raise on broken zips: an offset beyond 64 bits is an OverflowError, a file
# name that is not UTF-8 a ValueError.
_ZIP_ERRORS = (BadZipFile, EOFError, NotImplementedError, OverflowError, ValueError, zlib.error)


class Archive:
    """A zip file whose directory is sound; nothing is unpacked until it is asked for."""

    def __init__(self, data: bytes, limits: Limits = FORM_LIMITS):
        """Read the directory of the zip file *data*.

        Args:
            data: The file.
            limits: How much it may unpack to.

        Raises:
            Refusal: If it is broken, locked, no package, or says that it unpacks to too much.
        """
        # Each entry of the directory starts so: counted before anything is built from them.
        if data.count(b"PK\x01\x02") > MAX_PARTS:
            raise Refusal("zip-bomb", reason=f"có hơn {MAX_PARTS} phần")
        self._data, self._limits = data, limits
        with _damage_named(), ZipFile(BytesIO(data)) as archive:
            listed = archive.infolist()
        entries = {_part_name(entry): entry for entry in listed}
        _check_entries(listed, set(entries))
        self._entries = {name: entry for name, entry in entries.items() if not name.endswith("/")}
        self._check_sizes()

    def __contains__(self, name: object) -> bool:
        return name in self._entries

    @property
    def names(self) -> tuple[str, ...]:
        """The parts, with ``/`` between folders, in the order of the directory; no folders."""
        return tuple(self._entries)

    def read(self, name: str) -> bytes:
        """Return a part, whole: as long as the directory says, with the sum that it says.

        Raises:
            KeyError: If there is no such part.
            Refusal: If it is broken, or larger than a part may be.
        """
        entry = self._entries[name]
        if entry.file_size > self._limits.part and not name.lower().endswith(_PICTURES):
            reason = f"quá {self._limits.part // MB} MB, ở phần “{name[:80]}”"
            raise Refusal("zip-bomb", reason=reason)
        with _damage_named():
            content = self._inflated(entry, entry.file_size + 1)
            if len(content) > entry.file_size:
                raise BadZipFile("longer than stated")
            if len(content) < entry.file_size:
                raise damaged(f"phần “{name[:80]}” sai kích thước")
            if zlib.crc32(content) != entry.CRC:
                raise BadZipFile("wrong sum")
        return content

    def head(self, name: str, size: int) -> bytes:
        """Return the first *size* bytes of a part; the rest stays packed."""
        with _damage_named():
            return self._inflated(self._entries[name], size)

    def _inflated(self, entry: ZipInfo, size: int) -> bytes:
        """Return at most *size* bytes of what is packed in an entry."""
        start = entry.header_offset
        header = self._data[start : start + _HEADER]
        if len(header) < _HEADER or not header.startswith(b"PK\x03\x04"):
            raise BadZipFile("no header")
        method, of_name, of_extra = (
            int.from_bytes(header[at : at + 2], "little") for at in (8, 26, 28)
        )
        start += _HEADER
        name = self._data[start : start + of_name].decode(_encoding(entry), "replace")
        if (name, method) != (entry.orig_filename, entry.compress_type):
            raise BadZipFile("the directory says otherwise")
        start += of_name + of_extra
        packed = self._data[start : start + entry.compress_size]
        if len(packed) < entry.compress_size:
            raise BadZipFile("too short")
        if entry.compress_type == ZIP_STORED:
            return packed[:size]
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed, size)

    def _check_sizes(self) -> None:
        """Refuse what says that it unpacks to more than the limit; :meth:`read` allows no lie."""
        limit = budget = min(self._limits.unpacked, RATIO_GRACE + MAX_RATIO * len(self._data))
        for name, entry in self._entries.items():
            budget -= entry.file_size
            if budget < 0:
                reason = f"quá {limit // MB} MB, ở phần “{name[:80]}”"
                raise Refusal("zip-bomb", reason=reason)


@contextmanager
def _damage_named() -> Iterator[None]:
    """Refuse what a broken zip raises."""
    try:
        yield
    except _ZIP_ERRORS as error:
        raise damaged("tệp nén bị lỗi hoặc tải về chưa hết") from error


def _encoding(entry: ZipInfo) -> str:
    """Return in which way the name of *entry* is written: APPNOTE 4.4.4, bit 11."""
    return "utf-8" if entry.flag_bits & 0x800 else "cp437"


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
    # ECMA-376-2 7.3.6 allows no other.
    if any(entry.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for entry in entries):
        raise damaged("nén bằng cách lạ")
    end = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        if entry.header_offset < end:
            raise damaged("có hai phần chồng lên nhau")
        end = entry.header_offset + _HEADER + entry.compress_size
    if CONTENT_TYPES not in names:
        if WORKBOOK_PART in names:
            raise damaged(f"thiếu {CONTENT_TYPES}")
        reason = "tệp OpenDocument, như .ods" if "content.xml" in names else "tệp nén thông thường"
        raise Refusal("not-a-workbook", reason=reason)
