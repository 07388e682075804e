"""Reads a VBA project byte by byte as [MS-OVBA] says, and takes nothing that it forbids.

The compound file is read by olefile, what is compressed by oletools; the rest is this module's.
"""

from __future__ import annotations

import io
import re
import struct
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import olefile

# 2.3.4.2, the records of the stream "dir" in their order: those of the project, of each thing it
# refers to, of each module, and the end.
DIR = re.compile(
    "01 (4A )?02 14 03 04 05 40 06 3D 07 08 09 (0C 3C )?"
    "(16 3E (0D |0E |(33 )?2F (16 3E )?30 ))*"
    "0F 13 (19 (47 )?1A 32 1C 48 31 1E 2C 2[12] (25 )?(28 )?2B )*"
    "10 "
)
SIZES = {
    **dict.fromkeys((0x01, 0x4A, 0x02, 0x14, 0x07, 0x08, 0x31, 0x1E), 4),
    **dict.fromkeys((0x03, 0x0F, 0x13, 0x2C), 2),
    **dict.fromkeys((0x21, 0x22, 0x25, 0x28, 0x2B, 0x10), 0),
    0x09: 6,
}
# A text, and the same in UTF-16 right behind it.
TWICE = {0x05: 0x40, 0x0C: 0x3C, 0x16: 0x3E, 0x19: 0x47, 0x1A: 0x32, 0x1C: 0x48}


@dataclass(frozen=True)
class Module:
    """A module as the stream "dir" and its own stream tell.

    Attributes:
        name: Its name, which is that of its stream too.
        is_procedural: Whether it is a standard module: no class, nor one of a workbook or sheet.
        cache: The bytes before its source.
        cookie: A number that is to be ignored.
        source: Its text.
    """

    name: str
    is_procedural: bool
    cache: bytes
    cookie: int
    source: str


class Project:
    """A VBA project; a byte of it that should not be raises ``AssertionError``."""

    def __init__(self, binary: bytes) -> None:
        self.compound = olefile.OleFileIO(
            io.BytesIO(binary), raise_defects=olefile.DEFECT_POTENTIAL
        )
        self.streams = {
            "/".join(path): self.compound.openstream(path).read()
            for path in self.compound.listdir()
        }

    @cached_property
    def records(self) -> list[tuple[int, bytes]]:
        """The records of the stream "dir", each a kind and what it holds."""
        content = decompressed(self.streams["VBA/dir"])
        records, place = [], 0
        while place < len(content):
            kind, size = struct.unpack_from("<HI", content, place)
            size = 6 if kind == 0x09 else size  # 2.3.4.2.1.11: it says 4
            assert SIZES.get(kind, size) == size
            records.append((kind, content[place + 6 : place + 6 + size]))
            place += 6 + size
        assert place == len(content)  # nothing behind the terminator
        assert DIR.fullmatch("".join(f"{kind:02X} " for kind, _ in records))
        for (kind, text), (next_kind, wide) in pairwise(records):
            if TWICE.get(kind) == next_kind:
                assert wide.decode("utf-16-le") == text.decode("cp1252")
        assert (0x03, struct.pack("<H", 1252)) in records  # the code page
        return records

    def _first(self, kind: int) -> int:
        return next(int.from_bytes(body, "little") for here, body in self.records if here == kind)

    @property
    def cookie(self) -> int:
        """The project's own cookie."""
        return self._first(0x13)

    @cached_property
    def modules(self) -> list[Module]:
        """The modules, in the order of the stream "dir"."""
        modules = list(self._modules())
        assert len(modules) == self._first(0x0F)
        rest = {"VBA/dir", "VBA/_VBA_PROJECT", "PROJECT", "PROJECTwm"}
        assert {f"VBA/{module.name}" for module in modules} | rest == set(self.streams)
        return modules

    def _modules(self) -> Iterator[Module]:
        facts: dict[int, bytes] = {}
        for kind, body in self.records:
            facts[kind] = body
            if kind != 0x2B:
                continue
            name = facts[0x19].decode("ascii")
            assert facts[0x1A] == facts[0x19]
            start = int.from_bytes(facts[0x31], "little")
            stream = self.streams[f"VBA/{name}"]
            source = decompressed(stream[start:]).decode("cp1252")
            assert source.startswith(f'Attribute VB_Name = "{name}"')
            cookie = int.from_bytes(facts[0x2C], "little")
            yield Module(name, 0x21 in facts, stream[:start], cookie, source)
            facts.clear()

    @cached_property
    def properties(self) -> dict[str, list[str]]:
        """The lines of the stream "PROJECT" before its first section, values by key: 2.3.1."""
        text = self.streams["PROJECT"].decode("cp1252")
        assert not re.search("(?<!\r)\n|\r(?!\n)", text)
        head, _, rest = text.partition("\r\n\r\n[Host Extender Info]\r\n")
        extender = "&H00000001={3832D640-CF90-11CF-8E43-00A0C911005A};VBE;&H00000000\r\n"
        assert rest.startswith(f"{extender}\r\n[Workspace]\r\n")
        found: dict[str, list[str]] = {}
        for line in head.split("\r\n"):
            key, _, value = line.partition("=")
            found.setdefault(key, []).append(value)
        return found

    @cached_property
    def secrets(self) -> dict[str, bytes]:
        """What the keys CMG, DPB and GC hide: protection, password, visibility, 2.3.1.15 to 17."""
        (id,) = self.properties["ID"]
        return {
            key: unhidden(self.properties[key][0].strip('"'), id.strip('"'))
            for key in ("CMG", "DPB", "GC")
        }

    @cached_property
    def name_map(self) -> list[str]:
        """The modules' names in the stream "PROJECTwm", 2.3.3."""
        content, names = self.streams["PROJECTwm"], []
        while content != b"\0\0":
            name, content = content.split(b"\0", 1)
            wide = f"{name.decode('cp1252')}\0".encode("utf-16-le")
            assert content.startswith(wide)
            content = content[len(wide) :]
            names.append(name.decode("cp1252"))
        return names

    def check_trees(self) -> None:
        """Check that what each storage holds is a red-black tree: [MS-CFB] 2.6.4."""
        entries = self.compound.direntries
        for storage in entries:
            if storage and storage.sid_child != olefile.NOSTREAM:
                rows = list(self._walk(entries[storage.sid_child]))
                names = [name for name, _ in rows]
                assert names == sorted(names, key=lambda name: (len(name), name.upper()))
                assert len({blacks for _, blacks in rows} - {None}) == 1

    def _walk(
        self, entry: olefile.olefile.OleDirectoryEntry, blacks: int = 0, under_red: bool = False
    ) -> Iterator[tuple[str, int | None]]:
        """Yield in order each name below, and where a way down ends, the black ones on it."""
        is_red = entry.color == 0
        assert not (is_red and under_red)
        blacks += not is_red
        sides, entries = (entry.sid_left, entry.sid_right), self.compound.direntries
        if sides[0] != olefile.NOSTREAM:
            yield from self._walk(entries[sides[0]], blacks, is_red)
        yield entry.name, blacks if olefile.NOSTREAM in sides else None
        if sides[1] != olefile.NOSTREAM:
            yield from self._walk(entries[sides[1]], blacks, is_red)


def decompressed(container: bytes) -> bytes:
    """Return what a container holds, 2.4.1, whose chunks fill it to its end."""
    assert container[0] == 1
    place = 1
    while place < len(container):
        (header,) = struct.unpack_from("<H", container, place)
        assert header & 0x7000 == 0x3000
        place += (header & 0x0FFF) + 3
    assert place == len(container)
    with warnings.catch_warnings(action="ignore"):  # its parser library's own
        from oletools.olevba import decompress_stream
    return bytes(decompress_stream(bytearray(container)))


def unhidden(text: str, id: str) -> bytes:
    """Return the data that a property of the project hides, 2.4.3.3."""
    seed, version, key, *hidden = bytes.fromhex(text)
    assert version ^ seed == 2
    assert key ^ seed == sum(id.encode("ascii")) % 256
    clear = [key ^ seed]
    coded = [version, key]
    for byte in hidden:
        clear.append(byte ^ (coded[-2] + clear[-1]) % 256)
        coded.append(byte)
    ignored = 1 + (seed & 6) // 2
    size = int.from_bytes(bytes(clear[ignored : ignored + 4]), "little")
    data = bytes(clear[ignored + 4 :])
    assert len(data) == size
    return data
