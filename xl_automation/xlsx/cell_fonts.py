"""The fonts in which the text of a cell is written: looked up for the few that are asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lxml import etree

from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.xml_part import MAIN, parse_xml


class Run(NamedTuple):
    """A piece of a cell's text, and the name of its font; empty where nobody knows."""

    font: str
    text: str


class CellFonts:
    """The fonts of the cells of one workbook.

    A part that cannot be read says nothing of fonts: who reads the cells has to judge it.
    """

    def __init__(self, parts: Mapping[str, bytes], strings: str | None, styles: str | None):
        """Look into *parts*, of which these hold the shared strings and the styles."""
        self._parts = parts
        self._cells: dict[str, Mapping[str, etree._Element]] = {}
        self._strings = [] if strings is None else self._all(strings, "si")
        self._fonts = [] if styles is None else self._all(styles, "fonts/font")
        self._styles = [] if styles is None else self._all(styles, "cellXfs/xf")

    def runs(self, sheet: str, address: str) -> list[Run]:
        """Return the text of a cell, none where it holds no text.

        Args:
            sheet: The part of its sheet.
            address: The cell, ``D12``.
        """
        if sheet not in self._cells:
            cells = self._all(sheet, "sheetData/row/c")
            self._cells[sheet] = {cell.get("r", ""): cell for cell in cells}
        cell = self._cells[sheet].get(address)
        text = None if cell is None else self._text(cell)
        if cell is None or text is None:
            return []
        style = _at(self._styles, cell.get("s", "0"))
        number = "" if style is None else style.get("fontId", "")
        own = _named(_at(self._fonts, number), "name")
        pieces = [item for item in text if item.tag in (f"{{{MAIN}}}r", f"{{{MAIN}}}t")]
        return [
            Run(
                _named(piece.find(f"{{{MAIN}}}rPr"), "rFont") or own,
                piece.text or "" if piece.tag == f"{{{MAIN}}}t" else _text_of(piece),
            )
            for piece in pieces
        ]

    def _text(self, cell: etree._Element) -> etree._Element | None:
        if cell.get("t") == "inlineStr":
            return cell.find(f"{{{MAIN}}}is")
        value = cell.findtext(f"{{{MAIN}}}v", "")
        return _at(self._strings, value) if cell.get("t") == "s" else None

    def _all(self, part: str, path: str) -> list[etree._Element]:
        """Return the elements at a *path* of a part."""
        try:
            root = parse_xml(self._parts[part])
        except (KeyError, Refusal):
            return []
        return root.findall("/".join(f"{{{MAIN}}}{name}" for name in path.split("/")))


def _at(items: Sequence[etree._Element], number: str) -> etree._Element | None:
    position = int(number) if number.isdecimal() and len(number) < 8 else len(items)
    return items[position] if position < len(items) else None


def _named(font: etree._Element | None, tag: str) -> str:
    """Return the name of a font, which stands in an element of its own."""
    element = None if font is None else font.find(f"{{{MAIN}}}{tag}")
    return "" if element is None else element.get("val", "")


def _text_of(run: etree._Element) -> str:
    return run.findtext(f"{{{MAIN}}}t", "")
