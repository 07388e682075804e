"""How much of a file is read, and what is written into a cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_TEXT = 32_000  # characters of what is written into a cell
# XML 1.0, 2.2: what is no Char, and so in no cell.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold before it is refused.

    Attributes:
        file: Its own bytes.
        unpacked: The bytes of all of its parts, as its directory states them.
        part: The bytes of one part of XML.
        nodes: The elements and attributes of one part.
        tags: The ``<`` in all parts of XML that are read, two for most elements.
        all_tags: The same in all parts, where a file is looked at whole.
    """

    file: int
    unpacked: int
    part: int
    nodes: int
    tags: int
    all_tags: int


# The largest issued sheet has 570 KB and 36,000 tags, all parts together have 55,000; the rest is
# for lists that a clerk pasted beside it.
FORM_LIMITS = Limits(20 * MB, 64 * MB, 16 * MB, 1_000_000, 250_000, 1_000_000)
# The figures of 10,500 units have 50 MB and 5,000,000 nodes; the list of findings may be as long
# as a sheet can be, and is not read.
SUMMARY_LIMITS = Limits(200 * MB, 1500 * MB, 300 * MB, 30_000_000, 60_000_000, 60_000_000)
