"""Zip files written from entries that are compressed already, so that one may serve many files.

Python's ``zipfile`` compresses whatever it writes. Where it and this module are given the same
parts, their bytes are the same.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field

# PKWARE's APPNOTE.TXT: 4.3.7 local file header, 4.3.12 central directory header, 4.3.16 its end.
_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_VERSION = 20  # deflate needs version 2.0
_UTF8 = 0x800  # the name is UTF-8
_DEFLATED = 8
_TIME, _DATE = 0, 1 << 5 | 1  # midnight, 1980-01-01: the same bytes whenever it is written
_OWNER_ONLY = 0o600 << 16  # as zipfile says of a file without rights of its own


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as it lies in a zip.

    Attributes:
        crc: The checksum of its content.
        size: The length of its content in bytes.
        data: The content, compressed (raw deflate).
    """

    crc: int
    size: int
    data: bytes = field(repr=False)


def compress(content: bytes) -> Entry:
    """Return a file's content as a zip holds it."""
    deflate = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return Entry(zlib.crc32(content), len(content), deflate.compress(content) + deflate.flush())


def zip_bytes(entries: Mapping[str, Entry]) -> bytes:
    """Return the zip file with *entries* by name, the same bytes for the same entries."""
    files, directory, length = [], [], 0
    for name, entry in entries.items():
        raw = name.encode()
        flags = 0 if name.isascii() else _UTF8
        about = (flags, _DEFLATED, _TIME, _DATE, entry.crc, len(entry.data), entry.size, len(raw))
        files += [_LOCAL.pack(b"PK\3\4", _VERSION, *about, 0), raw, entry.data]
        rest = (0, 0, 0, 0, _OWNER_ONLY, length)  # no extra field, no comment, disk 0, binary
        directory += [_CENTRAL.pack(b"PK\1\2", _VERSION, _VERSION, *about, *rest), raw]
        length += _LOCAL.size + len(raw) + len(entry.data)
    size = sum(map(len, directory))
    end = _END.pack(b"PK\5\6", 0, 0, len(entries), len(entries), size, length, 0)
    return b"".join([*files, *directory, end])
