"""What Excel can hold: each limit once, with its source. Lengths are in characters of UTF-16.

A form is held to them when it is loaded, which names the block; a workbook when it is written.
Nothing is cut to fit.
"""

from __future__ import annotations

import re

# Microsoft, "Excel specifications and limits".
MAX_ROWS, MAX_COLUMNS = 1_048_576, 16_384  # of a sheet
MAX_HEIGHT = 409.0  # points of a row
MAX_CELL_TEXT = 32_767
MAX_LINKS = 65_530  # of a sheet
MAX_NESTED = 64  # functions within functions

# [MS-OI29500], "Office Implementation Information for ISO/IEC 29500".
MAX_NAME = 255  # of a cell; 2.1.568
SHEET_NAME = re.compile(r"(?!')[^\[\]:*?/\\]{1,31}(?<!')")  # what a sheet may be called; 2.1.578
# What a cell says before it is filled, what it says to a wrong value, and their titles; 2.1.613.
MAX_PROMPT, MAX_ERROR, MAX_TITLE = 255, 224, 32
MAX_FORMULA = 8_192  # 2.1.1085

# What Excel itself answers where one enters more.
MAX_LITERAL = 255  # a text within a formula
MAX_LIST = 255  # the entries of a drop-down list that is no range of cells, with their commas
MAX_FORMAT = 255  # a number format
MAX_TARGET = 2_079  # what a link leads to


def length(text: str) -> int:
    """Return how many characters Excel counts: two for one beyond the first 65,536."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
