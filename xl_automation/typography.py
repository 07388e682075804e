"""The font of every sheet, and how tall a row must be to show its texts whole."""

from __future__ import annotations

from collections.abc import Iterable
from textwrap import wrap

FONT = "Times New Roman"


def row_height(texts: Iterable[tuple[str, int]], line: float, padding: float) -> float:
    """Return the height in points of a row of wrapped texts, each with its characters per line."""
    lines = 1
    for text, width in texts:
        lines = max(lines, sum(len(wrap(part, width)) or 1 for part in text.split("\n")))
    return lines * line + padding
