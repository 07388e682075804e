"""The styles of a workbook's XML, for changing the look and the lock of single cells.

Cells share styles by number: another look is another style added to the list, and no cell that
was not meant changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from typing import cast

from lxml import etree

from xl_automation.xlsx.package import styles_part
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.xml import MAIN, parse_xml, to_xml

PERCENT_FORMATS = {"9": "0%", "10": "0.00%"}  # ECMA-376-1 18.8.30: known to every program


def number_formats(parts: Mapping[str, bytes]) -> set[str]:
    """Return the number formats that cells of a workbook may have.

    Those that every program knows by number alone are left out, but for percentages.
    """
    root = parse_xml(parts.get(styles_part(parts), b"<none/>"))
    codes = {
        item.get("numFmtId", ""): item.get("formatCode", "")
        for item in root.iter(f"{{{MAIN}}}numFmt")
    }
    cells = root.iterfind(f"{{{MAIN}}}cellXfs/{{{MAIN}}}xf")
    used = {item.get("numFmtId", "") for item in cells}
    return {code for id, code in (PERCENT_FORMATS | codes).items() if id in used}


class StyleEditor:
    """The list of styles of one workbook."""

    def __init__(self, parts: Mapping[str, bytes]):
        self.part = styles_part(parts)
        if self.part not in parts:
            raise damaged("thiếu phần kiểu ô")
        self.root = parse_xml(parts[self.part])
        lists = [self.root.find(f"{{{MAIN}}}{name}") for name in ("cellXfs", "fills")]
        if any(one is None or not len(one) for one in lists):
            raise damaged("phần kiểu ô không đúng định dạng Excel")
        self.styles, self.fills = cast(list[etree._Element], lists)
        self._variants: dict[tuple[int, bool, str | None], int] = {}

    def is_locked(self, style: int) -> bool:
        """Whether cells of this style refuse typing once their sheet is protected."""
        protection = self._at(style).find(f"{{{MAIN}}}protection")
        return protection is None or protection.get("locked", "1") in ("1", "true")

    def fill(self, style: int) -> str | None:
        """Return the fill of a style as ``RRGGBB``; None where it has none of one plain color."""
        number = _number(self._at(style).get("fillId"))
        color = self.fills[number if number < len(self.fills) else 0].find(
            f"{{{MAIN}}}patternFill[@patternType='solid']/{{{MAIN}}}fgColor[@rgb]"
        )
        return None if color is None else color.get("rgb", "")[-6:].upper()

    def variant(self, style: int, locked: bool, fill: str | None) -> int:
        """Return the number of the style that differs from *style* in lock and fill only."""
        if (self.is_locked(style), self.fill(style)) == (locked, fill):
            return style
        key = (style, locked, fill)
        if key not in self._variants:
            self._variants[key] = self._add(style, locked, fill)
        return self._variants[key]

    def _at(self, style: int) -> etree._Element:
        """Return a style; a number that the list does not have is the first, plain one."""
        return self.styles[style if style < len(self.styles) else 0]

    def _add(self, style: int, locked: bool, fill: str | None) -> int:
        made = deepcopy(self._at(style))
        if fill != self.fill(style):
            made.set("fillId", str(self._add_fill(fill)))
            made.set("applyFill", "1")
        protection = made.find(f"{{{MAIN}}}protection")
        if protection is None:
            protection = etree.Element(f"{{{MAIN}}}protection")
            # CT_Xf: alignment, protection, extLst.
            made.insert(int(made.find(f"{{{MAIN}}}alignment") is not None), protection)
        protection.set("locked", "1" if locked else "0")
        made.set("applyProtection", "1")
        self.styles.append(made)
        self.styles.set("count", str(len(self.styles)))
        return len(self.styles) - 1

    def _add_fill(self, fill: str | None) -> int:
        if fill is None:
            return 0  # ECMA-376-1 18.8.20: the first fill of every workbook is none
        made = etree.SubElement(self.fills, f"{{{MAIN}}}fill")
        pattern = etree.SubElement(made, f"{{{MAIN}}}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{{{MAIN}}}fgColor", rgb=f"FF{fill}")
        etree.SubElement(pattern, f"{{{MAIN}}}bgColor", indexed="64")
        self.fills.set("count", str(len(self.fills)))
        return len(self.fills) - 1

    def to_bytes(self) -> bytes:
        """Return the styles' XML."""
        return to_xml(self.root)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
