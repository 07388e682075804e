"""Mutations of the zip itself: bytes, headers, directory. Each takes a file and gives one."""

from __future__ import annotations

import struct
from collections.abc import Callable
from itertools import pairwise
from random import Random

# APPNOTE.TXT 4.3.7, 4.3.12, 4.3.16: places and widths of the fields of each header.
_LOCAL = ((4, "H"), (6, "H"), (8, "H"), (14, "I"), (18, "I"), (22, "I"), (26, "H"), (28, "H"))
_CENTRAL = (
    *((6, "H"), (8, "H"), (10, "H"), (16, "I"), (20, "I"), (24, "I"), (28, "H"), (30, "H")),
    *((32, "H"), (34, "H"), (42, "I")),
)
_END = ((4, "H"), (6, "H"), (8, "H"), (10, "H"), (12, "I"), (16, "I"), (20, "H"))
_FIELDS = {b"PK\3\4": _LOCAL, b"PK\1\2": _CENTRAL, b"PK\5\6": _END}
_VALUES = (0, 1, 2, 8, 12, 14, 0x41, 0x800, 0xFFFE, 0xFFFF, 1 << 20, 1 << 31, 0xFFFFFFFF)


def changed_bytes(random: Random, data: bytes) -> bytes:
    """Give some bytes other values."""
    changed = bytearray(data)
    for _ in range(random.randint(1, 4)):
        changed[random.randrange(len(data))] = random.randrange(256)
    return bytes(changed)


def cut_tail(random: Random, data: bytes) -> bytes:
    """Lose the end, as a broken download does."""
    return data[: random.choice((random.randrange(len(data)), len(data) - random.randint(1, 60)))]


def lost_bytes(random: Random, data: bytes) -> bytes:
    """Lose some bytes in the middle."""
    begin = random.randrange(len(data))
    return data[:begin] + data[begin + random.randint(1, 400) :]


def strange_bytes(random: Random, data: bytes) -> bytes:
    """Get strange bytes in front, behind or in the middle."""
    place = random.choice((0, len(data), random.randrange(len(data))))
    return data[:place] + random.randbytes(random.randint(1, 400)) + data[place:]


def wrong_field(random: Random, data: bytes) -> bytes:
    """Let a field of a header lie."""
    mark = random.choice(tuple(_FIELDS))
    begin = random.choice(_places(data, mark))
    offset, width = random.choice(_FIELDS[mark])
    changed = bytearray(data)
    (true,) = struct.unpack_from(f"<{width}", data, begin + offset)
    lie = random.choice((*_VALUES, true + 1, true - 1, true ^ 1 << random.randrange(16)))
    struct.pack_into(
        f"<{width}", changed, begin + offset, lie % (1 << 16 if width == "H" else 2**32)
    )
    return bytes(changed)


def swapped_entries(random: Random, data: bytes) -> bytes:
    """Let two names of the directory lead to each other's content, sums and sizes included."""
    places = _places(data, b"PK\1\2")
    one, two = random.sample(places, 2)
    changed = bytearray(data)
    for fields in (slice(16, 28), slice(42, 46)):
        first, second = (slice(at + fields.start, at + fields.stop) for at in (one, two))
        changed[first], changed[second] = data[second], data[first]
    return bytes(changed)


def repeated_entry(random: Random, data: bytes) -> bytes:
    """Name an entry of the directory twice."""
    return _with_directory(data, lambda entries: entries.append(random.choice(entries)))


def lost_entry(random: Random, data: bytes) -> bytes:
    """Leave an entry out of the directory."""
    return _with_directory(data, lambda entries: entries.pop(random.randrange(len(entries))))


def sorted_entries(random: Random, data: bytes) -> bytes:
    """Put the entries of the directory in another order, which is as good."""
    return _with_directory(data, random.shuffle)


def _places(data: bytes, mark: bytes) -> list[int]:
    """Return where headers with a mark begin, whose fields lie within the data."""
    places, begin = [], data.find(mark)
    while begin >= 0:
        places += [begin] * (begin + 46 <= len(data) or mark == b"PK\5\6")
        begin = data.find(mark, begin + 4)
    return places


def _with_directory(data: bytes, change: Callable[[list[bytes]], object]) -> bytes:
    """Return a zip with another directory; what it leads to stays."""
    end = data.rindex(b"PK\5\6")
    places = [*_places(data[:end], b"PK\1\2"), end]
    entries = [data[one:two] for one, two in pairwise(places)]
    change(entries)
    directory = b"".join(entries)
    tail = bytearray(data[end:])
    struct.pack_into("<HHI", tail, 8, len(entries), len(entries), len(directory))
    return data[: places[0]] + directory + bytes(tail)


ZIP_MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (
    *(changed_bytes, cut_tail, lost_bytes, strange_bytes, wrong_field, wrong_field),
    *(swapped_entries, repeated_entry, lost_entry, sorted_entries),
)
