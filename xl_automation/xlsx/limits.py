"""What Excel can hold, and how much of a file is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_ROWS = 1_048_576  # of a sheet
MAX_STORED_TEXT = 32_767  # characters of a cell
MAX_TEXT = 32_000  # of what is written into one
MAX_SHEET_NAME = 31  # characters
MAX_LINKS = 65_530  # of a sheet
MAX_TARGET = 2_079  # characters of what a link leads to
# XML 1.0, 2.2: what is no Char, and so in no cell.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a file may hold before it is refused.

    Attributes:
        file: Its own bytes.
        unpacked: The bytes of all of its parts, as its directory states them.
        part: The bytes of one part that is read.
        nodes: The elements and attributes of one part.
    """

    file: int
    unpacked: int
    part: int
    nodes: int


FORM_LIMITS = Limits(20 * MB, 64 * MB, 64 * MB, 1_000_000)
# The figures of 10,500 units have 50 MB and 5,000,000 nodes; the list of findings may be as long
# as a sheet can be, and is not read.
SUMMARY_LIMITS = Limits(200 * MB, 1500 * MB, 300 * MB, 30_000_000)
