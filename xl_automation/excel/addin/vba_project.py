"""Makes a VBA project that carries its source alone, for every version of Office to compile.

[MS-OVBA] 1.6: where a project's version is the reader's own, the compiled caches beside the source
are run instead of it. A project for all versions therefore says 0xFFFF and has no caches.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from pyopenvba.cfb import CFB
from pyopenvba.vba import compress, decompress

from xl_automation.excel.addin.compound_file import compound_file

PART = "xl/vbaProject.bin"
# [MS-OVBA] 2.3.4.1: reserved, version, reserved, reserved; no cache.
_ANY_VERSION = struct.pack("<HHBH", 0x61CC, 0xFFFF, 0, 1)
_NO_COOKIE = b"\xff\xff"
# [MS-OVBA] 2.3.4.2: the records of the stream "dir" that are looked at.
_PROJECT_VERSION, _COMPATIBLE, _PROJECT_COOKIE, _END = 0x0009, 0x004A, 0x0013, 0x0010
_MODULE_STREAM, _MODULE_OFFSET, _MODULE_COOKIE = 0x001A, 0x0031, 0x002C


def source_only(project: bytes) -> bytes:
    """Return the same VBA project without anything that a version of Office compiled.

    Args:
        project: The part ``xl/vbaProject.bin``, whose names are in ASCII.
    """
    old = CFB.from_bytes(project)
    directory = bytearray()
    vba: dict[str, bytes] = {"_VBA_PROJECT": _ANY_VERSION}
    name = ""
    for kind, body in _records(decompress(old.get_stream_in_storage("VBA", "dir"))):
        if kind == _COMPATIBLE:  # optional, and not known before Office 2016
            continue
        if kind == _MODULE_STREAM:
            name = body.decode("ascii")
        if kind == _MODULE_OFFSET:  # where the source begins, behind the cache
            start = int.from_bytes(body, "little")
            vba[name] = old.get_stream_in_storage("VBA", name)[start:]
            body = bytes(len(body))
        if kind in (_PROJECT_COOKIE, _MODULE_COOKIE):
            body = _NO_COOKIE
        size = 4 if kind == _PROJECT_VERSION else len(body)
        directory += struct.pack("<HI", kind, size) + body
    vba["dir"] = compress(bytes(directory))
    around = {name: old.get_stream(name) for name in ("PROJECT", "PROJECTwm")}
    return compound_file({**around, "VBA": vba})


def _records(directory: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield the kind and the content of each record, the last one that ends the stream."""
    place, kind = 0, 0
    while kind != _END:
        kind, size = struct.unpack_from("<HI", directory, place)
        size = 6 if kind == _PROJECT_VERSION else size  # it says 4
        yield kind, directory[place + 6 : place + 6 + size]
        place += 6 + size
