"""What Excel can hold."""

from __future__ import annotations

import re

MAX_ROWS = 1_048_576  # of a sheet
MAX_TEXT = 32_000  # characters that are written into a cell; it holds 32,767
# XML 1.0, 2.2: what is no Char, and so in no cell.
NO_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
