"""A new workbook, written from nothing in one font.

XlsxWriter does the writing; what it only warns of before it drops it is an error here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format

from xl_automation.xlsx.row_height import FONT


class NewWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # XlsxWriter states no types
    """A workbook being written, whose cells share their formats."""

    def __init__(self, target: BytesIO, font_size: int, **options: object):
        self._font = {"font_name": FONT, "font_size": font_size}
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        options |= {"in_memory": True, "default_format_properties": self._font}
        super().__init__(target, options)

    def look(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self.add_format({**self._font, "valign": "vcenter", **properties})
        return self._looks[key]


def workbook_bytes(
    write: Callable[[NewWorkbook], None], font_size: int, **options: object
) -> bytes:
    """Return the bytes of the .xlsx file that *write* fills.

    Args:
        write: Is given the empty workbook.
        font_size: In points, where a cell does not say otherwise.
        options: XlsxWriter's own.
    """
    target = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = NewWorkbook(target, font_size, **options)
        write(book)
        book.close()
    return target.getvalue()
