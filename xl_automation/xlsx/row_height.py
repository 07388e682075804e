"""The font of every sheet, and how tall a row must be to show its texts whole.

Excel does not fit the height of a row whose cells are merged or whose file says nothing of it, so
heights are worked out here, from the widths of Times New Roman's characters.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from xl_automation.excel_limits import MAX_HEIGHT

FONT = "Times New Roman"
# Widths in thousandths of the font's size; accents do not change them.
_WIDTHS = {
    width: characters
    for width, characters in (
        (250, " .,"),
        (278, "ijlt/:;"),
        (333, "fr()-I"),
        (389, "sJ"),
        (444, "acez"),
        (500, "bdghknopquvxy0123456789–"),
        (556, "FPS"),
        (564, "=+<>"),
        (611, "ELTZ"),
        (667, "BCR"),
        (722, "wADGHKNOQUVXY"),
        (778, "m"),
        (833, "%"),
        (889, "M"),
        (944, "W"),
    )
}
_WIDTH_OF = {character: width for width, characters in _WIDTHS.items() for character in characters}
_OTHER = 500
_BOLD = 1.08
_SAFETY = 1.08  # programs and printers differ by so much
_CELL_PADDING = 6  # pixels left free beside the text of a cell
_PIXELS_PER_POINT = 96 / 72
_HYPHENED = re.compile("[^-]*-|[^-]+$")


class Text(NamedTuple):
    """A text in a cell: its width in pixels, and how it is set."""

    text: str
    width: int
    bold: bool = False
    size: float = 12.0


@lru_cache(maxsize=10_000)  # the same labels and messages stand in many rows
def lines(text: Text) -> int:
    """Return how many lines a wrapped text takes.

    >>> lines(Text("Số nhiệm vụ đã hoàn thành nhưng quá hạn", 282))
    2
    >>> lines(Text("CCHC_2022-6T_05431_phuong-quan-trieu.xlsx", 120))
    4
    """
    room = text.width - _CELL_PADDING
    space = _pixels(" ", text)
    count = 0
    for paragraph in text.text.split("\n"):
        count, used = count + 1, 0.0
        for word in paragraph.split(" "):
            gap = space if used else 0.0
            for piece in _pieces(word, text, room):
                wide = _pixels(piece, text)
                if used and used + gap + wide > room:
                    count, used, gap = count + 1, 0.0, 0.0
                over = max(math.ceil(wide / room) - 1, 0)  # lines that it fills alone
                count, used = count + over, used + gap + wide - over * room
                gap = 0.0
    return count


def _pieces(word: str, text: Text, room: float) -> list[str]:
    """Return a word; where no line holds it, as the name of a file, the parts up to its hyphens."""
    return [word] if _pixels(word, text) <= room else _HYPHENED.findall(word)


def text_width(text: Text) -> int:
    """Return the width in pixels of a column that shows a text in one line, whatever its own is."""
    return math.ceil(_pixels(text.text, text)) + _CELL_PADDING


def _pixels(word: str, text: Text) -> float:
    weight = _BOLD if text.bold else 1.0
    return sum(map(_units, word)) / 1000 * text.size * _PIXELS_PER_POINT * weight * _SAFETY


@cache
def _units(character: str) -> int:
    """Return the width of a character without its accents; none of an accent alone."""
    plain = unicodedata.normalize("NFD", character.replace("đ", "d").replace("Đ", "D"))
    return sum(_WIDTH_OF.get(part, _OTHER) for part in plain if not unicodedata.combining(part))


def row_height(texts: Iterable[Text], line: float, padding: float) -> float:
    """Return the height in points of a row of wrapped texts, the greatest where they need more."""
    return min(max(map(lines, texts), default=1) * line + padding, MAX_HEIGHT)
