"""How the sheets of the summary are printed: on A4 across, legibly, with their names and pages."""

from __future__ import annotations

import math
from collections.abc import Iterable

from xlsxwriter.worksheet import Worksheet

A4 = 9  # as Excel numbers paper
PAGE_WIDTH, MARGIN = 297, 10  # millimetres: of the page, beside what is printed
_ABOVE, _BELOW, _EDGE = 15, 14, 7  # millimetres: over and under it, and to what stands there
_INCH, _POINT, _PIXEL = 25.4, 72 / 25.4, 0.75  # millimetres; points in a millimetre, in a pixel
FONT_SIZE, SMALLEST = 11, 7.0  # points: of the sheets, and the least that is read with ease
SCALE = math.ceil(100 * SMALLEST / FONT_SIZE)  # per cent: no sheet is printed smaller
# LibreOffice makes columns 5 % wider than Excel, which rounds the width of a digit, and seeks the
# scale of one page in steps.
_WIDER = 1.08
MAX_PRINTED = int((PAGE_WIDTH - 2 * MARGIN) * _POINT / _PIXEL / SCALE * 100 / _WIDER)  # pixels
MAX_NAME = 120  # characters of the form and the period at the head of a page


def set_up_print(sheet: Worksheet, about: str) -> None:
    """Let a sheet be printed one page wide, with its name, what it is *about*, and page numbers."""
    sheet.set_paper(A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_margins(MARGIN / _INCH, MARGIN / _INCH, _ABOVE / _INCH, _BELOW / _INCH)
    short = about if len(about) <= MAX_NAME else about[: MAX_NAME - 1] + "…"
    edge = {"margin": _EDGE / _INCH}
    # In the font of the sheets: not every program knows the signs for another.
    sheet.set_header(f"&L&A&R{short.replace('&', '&&')}", edge)
    sheet.set_footer("&CTrang &P/&N", edge)


def print_over_pages(sheet: Worksheet, widths: Iterable[int], repeated: int) -> None:
    """Let a sheet that is too wide for one page go on over several, its first columns on each.

    Args:
        sheet: The sheet.
        widths: Of all of its columns, in characters.
        repeated: How many columns stand on each page.
    """
    if sum(map(pixels, widths)) > MAX_PRINTED:
        sheet.set_print_scale(SCALE)
        sheet.repeat_columns(0, repeated - 1)


def pixels(width: int) -> int:
    """Return how wide a column of *width* characters is."""
    return width * 7 + 5
