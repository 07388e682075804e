"""What Excel can hold, and how much of a file is read."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Microsoft, "Excel specifications and limits".
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of a sheet
MAX_FORMULA = 8_192  # characters
MAX_FORMAT = 255  # characters of a number format
MAX_CELL_TEXT = 32_767  # characters
MAX_TEXT = 32_000  # characters of what is written into a cell
MAX_LINKS = 65_530  # of a sheet
MAX_TARGET = 2_079  # characters of what a link leads to
SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")  # what a sheet may be called
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
