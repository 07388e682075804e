"""Writes a compound file, [MS-CFB] version 3, from nothing: the same content gives the same bytes.

Every field that the specification leaves open has its plainest value: no times, no class
identifiers. What a storage holds stands in a balanced red-black tree, as section 2.6.4 wants it.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

Storage: TypeAlias = "Mapping[str, bytes | Storage]"  # streams and storages by name

SECTOR, MINI_SECTOR = 512, 64  # bytes
CUTOFF = 4096  # bytes; a shorter stream lies in the mini sectors of the root's
_FREE, _LAST, _OF_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD  # 2.1: in place of a next sector
_NOBODY = 0xFFFFFFFF  # 2.6.1: no sibling, no child
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_RED, _BLACK = 0, 1
_IN_HEADER = 109  # sectors of the FAT that the header can name: those of a file of 7 MB
_HEADER = struct.Struct("<8s16xHHHHH6x9I")  # 2.2
_ENTRY = struct.Struct("<64sHBBIII36xIQ")  # 2.6.1
_UNUSED = _ENTRY.pack(b"", 0, 0, 0, _NOBODY, _NOBODY, _NOBODY, 0, 0)


@dataclass(slots=True, eq=False)
class _Entry:
    """An entry of the directory, 2.6.1."""

    name: str
    kind: int
    content: bytes = b""
    color: int = _BLACK
    left: int = _NOBODY
    right: int = _NOBODY
    child: int = _NOBODY
    start: int = 0


def compound_file(content: Storage) -> bytes:
    """Return the compound file whose root holds the given streams and storages."""
    root = _Entry("Root Entry", _ROOT)
    entries = [root]
    root.child = _add_children(entries, content)
    streams = [entry for entry in entries if entry.kind == _STREAM]
    short = [entry for entry in streams if len(entry.content) < CUTOFF]
    mini_fat = _padded(_numbers(_chains(short, MINI_SECTOR)), SECTOR, b"\xff")
    root.content = b"".join(_padded(entry.content, MINI_SECTOR) for entry in short)
    long = [root, *(entry for entry in streams if len(entry.content) >= CUTOFF)]
    fat = _chains(long, SECTOR)
    start_of_mini_fat = _append_chain(fat, len(mini_fat) // SECTOR)
    start_of_directory = _append_chain(fat, -(-len(entries) * _ENTRY.size // SECTOR))
    directory = _padded(b"".join(map(_packed, entries)), SECTOR, _UNUSED)
    start_of_fat, count = len(fat), 1
    while 4 * (start_of_fat + count) > SECTOR * count:
        count += 1
    assert count <= _IN_HEADER
    fat += [_OF_FAT] * count
    header = _HEADER.pack(
        bytes.fromhex("D0CF11E0A1B11AE1"),
        0x003E,  # minor version
        3,
        0xFFFE,  # little-endian
        9,  # 2⁹ bytes, a sector
        6,
        0,  # sectors of the directory: counted from version 4 on
        count,
        start_of_directory,
        0,  # transaction
        CUTOFF,
        start_of_mini_fat,
        len(mini_fat) // SECTOR,
        _LAST,  # no further sectors that name the FAT's
        0,
    )
    places = [*range(start_of_fat, start_of_fat + count), *[_FREE] * (_IN_HEADER - count)]
    contents = [_padded(entry.content, SECTOR) for entry in long]
    tables = [mini_fat, directory, _padded(_numbers(fat), SECTOR, b"\xff")]
    return b"".join([header, _numbers(places), *contents, *tables])


def _add_children(entries: list[_Entry], storage: Storage) -> int:
    """Add what a storage holds; return the place of the one at the top of its tree."""
    places = []
    # 2.6.4: a shorter name is less; of two as long, the one less in capitals.
    for name in sorted(storage, key=lambda name: (len(name), name.upper())):
        places.append(len(entries))
        content = storage[name]
        if isinstance(content, bytes):
            entries.append(_Entry(name, _STREAM, content))
        else:
            child = _Entry(name, _STORAGE)
            entries.append(child)
            child.child = _add_children(entries, content)
    return _balance(entries, places, full_levels=(len(places) + 1).bit_length() - 1)


def _balance(entries: Sequence[_Entry], places: Sequence[int], full_levels: int) -> int:
    """Make a tree of sorted entries, red on the level that is not full; return its top."""
    if not places:
        return _NOBODY
    middle = len(places) // 2
    top = entries[places[middle]]
    top.color = _BLACK if full_levels > 0 else _RED
    top.left = _balance(entries, places[:middle], full_levels - 1)
    top.right = _balance(entries, places[middle + 1 :], full_levels - 1)
    return places[middle]


def _chains(entries: Sequence[_Entry], size: int) -> list[int]:
    """Give each entry its sectors, of *size*, one after another; return the chains they make."""
    chains: list[int] = []
    for entry in entries:
        entry.start = _append_chain(chains, -(-len(entry.content) // size))
    return chains


def _append_chain(chains: list[int], count: int) -> int:
    """Append for each of *count* sectors which one follows; return the first."""
    start = len(chains)
    chains += range(start + 1, start + count)
    chains += [_LAST] * (count > 0)
    return start if count else _LAST


def _packed(entry: _Entry) -> bytes:
    name = f"{entry.name}\0".encode("utf-16-le")
    tree = (entry.left, entry.right, entry.child)
    place = (entry.start, len(entry.content))
    return _ENTRY.pack(name, len(name), entry.kind, entry.color, *tree, *place)


def _numbers(numbers: Sequence[int]) -> bytes:
    return struct.pack(f"<{len(numbers)}I", *numbers)


def _padded(content: bytes, size: int, filling: bytes = b"\0") -> bytes:
    """Return *content* with as many *filling* behind it as make up a multiple of *size*."""
    return content + filling * (-len(content) % size // len(filling))
