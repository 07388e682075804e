"""The styles of a workbook's XML, for changing the look and the lock of single cells.

Cells share styles by number: another look is another style added to the list, and no cell that
was not meant changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, cast

from lxml import etree

from xl_automation.excel_limits import MAX_FORMAT
from xl_automation.xlsx.number_format import shows_percent, shows_truth
from xl_automation.xlsx.package import styles_part
from xl_automation.xlsx.refusal import damaged
from xl_automation.xlsx.remembered import remembered
from xl_automation.xlsx.strict_numbers import count_of
from xl_automation.xlsx.strict_xml import IGNORED, OTHERS, Grammar, StrictReader, ambiguous
from xl_automation.xlsx.xml_part import MAIN, parse_xml, to_xml

_PERCENT_IDS = (9, 10)
_NUMBER_IDS = frozenset({*range(5), 9, 10, 11, 12, 13, 37, 38, 39, 40, 48, 49})
_DATE_IDS = frozenset({*range(14, 23), *range(45, 48)})
_OWN_IDS = _NUMBER_IDS | _DATE_IDS  # what they show is the same in every program and language
_DATE = re.compile("[dmhysDMHYS]")
_PLAIN = {"numFmtId": "0", "fontId": "0", "fillId": "0", "borderId": "0"}
_OTHER_LOOKS = (
    "applyNumberFormat",
    "applyFont",
    "applyBorder",
    "applyAlignment",
    "applyProtection",
)


@dataclass(frozen=True)
class NumberFormat:
    """How cells of one style show a number.

    Attributes:
        id: Its number in the file; ECMA-376-1 18.8.30 gives those that every program knows.
        code: What the file says of it, None where it leaves that to the number.
    """

    id: int
    code: str | None = None

    @property
    def shows(self) -> tuple[bool, bool]:
        """Whether a number is shown as a percentage, and whether it may be as a date."""
        return self.shows_percent, self.may_show_date

    @cached_property
    def shows_percent(self) -> bool:
        """Whether 0.95 is shown as 95 %."""
        return self.id in _PERCENT_IDS if self.code is None else shows_percent(self.code)

    @cached_property
    def shows_truth(self) -> bool:
        """Whether 1 is shown as a word for true."""
        return self.code is not None and shows_truth(self.code)

    @cached_property
    def may_show_date(self) -> bool:
        """Whether a number may be shown as a date or a time: false only where it surely is not."""
        return self.id not in _NUMBER_IDS if self.code is None else bool(_DATE.search(self.code))


_FORMATS = Grammar(
    MAIN,
    children={
        "": {"styleSheet": "styleSheet"},
        "styleSheet": {"numFmts": "numFmts", "cellXfs": "cellXfs", OTHERS: IGNORED},
        "numFmts": {"numFmt": "numFmt"},
        "cellXfs": {"xf": "xf"},
        "numFmt": {OTHERS: IGNORED},
        "xf": {OTHERS: IGNORED},
    },
    once=frozenset({"numFmts", "cellXfs"}),
    nowhere_else=frozenset({"numFmts", "cellXfs"}),
)


@remembered(32)
def number_formats(content: bytes) -> tuple[NumberFormat, ...]:
    """Return the number format of each style that cells may have, from the styles' XML.

    Raises:
        Refusal: If the XML is not what the format says, or could be read in two ways.
    """
    codes: dict[int, str] = {}
    ids: list[int] = []

    def begin(name: str, attributes: dict[str, str]) -> None:
        if name not in ("numFmt", "xf"):
            return
        id = count_of(attributes.get("numFmtId", "0" if name == "xf" else ""))
        if id is None:
            raise damaged("phần kiểu ô có định dạng số mang số sai")
        if name == "xf":
            ids.append(id)
        elif codes.setdefault(id, attributes.get("formatCode", "")) != attributes.get("formatCode"):
            raise ambiguous(f"hai định dạng số mang số {id}")

    StrictReader(_FORMATS, begin, lambda _name, _text: None, lambda: "phần kiểu ô").read(content)
    known = {id: _number_format(id, codes.get(id)) for id in set(ids)}
    return tuple(known[id] for id in ids)


def _number_format(id: int, code: str | None) -> NumberFormat:
    stated, by_number = NumberFormat(id, code), NumberFormat(id)
    if code is None:
        return stated
    if len(code) > MAX_FORMAT:
        raise damaged(f"phần kiểu ô có định dạng số dài hơn {MAX_FORMAT} ký tự")
    if id in _OWN_IDS and stated.shows != by_number.shows:
        raise ambiguous(f"định dạng số {id} ghi khác với định dạng mà số ấy vốn có")
    return stated


NORMAL = 0  # the number of the plain cell style, which every workbook begins with


class Look(NamedTuple):
    """What a style says of the cells that have it, as far as it is changed here.

    Attributes:
        locked: Whether they refuse typing once their sheet is protected.
        fill: Their fill as ``RRGGBB``; None where it is not one plain color.
        cell_style: The number of their cell style.
    """

    locked: bool
    fill: str | None
    cell_style: int


class StyleEditor:
    """The list of styles of one workbook.

    A cell has the number of a style of this list, and a style the number of a *cell style*: the
    looks that have a name, which programs offer in a list of their own and keep on saving.
    """

    def __init__(self, parts: Mapping[str, bytes]):
        self.part = styles_part(parts)
        if self.part not in parts:
            raise damaged("thiếu phần kiểu ô")
        self.root = parse_xml(parts[self.part])
        lists = [self._list(name) for name in ("cellXfs", "fills")]
        if any(items is None or not len(items) for items in lists):
            raise damaged("phần kiểu ô không đúng định dạng Excel")
        self.styles, self.fills = cast(list[etree._Element], lists)
        self._looks: dict[int, Look] = {}  # a style that is in the list stays as it is
        self._variants: dict[tuple[int, Look], int] = {}

    def look(self, style: int) -> Look:
        """Return what a style says."""
        if style not in self._looks:
            item = self._at(style)
            protection = item.find(f"{{{MAIN}}}protection")
            locked = protection is None or protection.get("locked", "1") in ("1", "true")
            self._looks[style] = Look(locked, self._fill(item), _number(item.get("xfId")))
        return self._looks[style]

    def _fill(self, item: etree._Element) -> str | None:
        number = _number(item.get("fillId"))
        color = self.fills[number if number < len(self.fills) else 0].find(
            f"{{{MAIN}}}patternFill[@patternType='solid']/{{{MAIN}}}fgColor[@rgb]"
        )
        return None if color is None else color.get("rgb", "")[-6:].upper()

    def cell_style_named(self, name: str) -> int | None:
        """Return the number of the cell style with this name, None where the workbook has none."""
        for item in self.root.iterfind(f"{{{MAIN}}}cellStyles/{{{MAIN}}}cellStyle"):
            if item.get("name") == name:
                return _number(item.get("xfId"))
        return None

    def add_cell_style(self, name: str, fill: str) -> int:
        """Add a cell style that stands for a fill and nothing else; return its number."""
        looks = self._list("cellStyleXfs")
        if looks is None:
            looks = etree.Element(f"{{{MAIN}}}cellStyleXfs")
            # CT_Stylesheet: borders, cellStyleXfs, cellXfs, cellStyles, dxfs.
            self.styles.addprevious(looks)
        if not len(looks):
            _append(looks, etree.Element(f"{{{MAIN}}}xf", _PLAIN))
        names = self._list("cellStyles")
        if names is None:
            names = etree.Element(f"{{{MAIN}}}cellStyles")
            self.styles.addnext(names)
            normal = {"name": "Normal", "xfId": str(NORMAL), "builtinId": "0"}
            etree.SubElement(names, f"{{{MAIN}}}cellStyle", normal)
        look = _PLAIN | {"fillId": str(self._add_fill(fill))} | dict.fromkeys(_OTHER_LOOKS, "0")
        number = _append(looks, etree.Element(f"{{{MAIN}}}xf", look))
        _append(names, etree.Element(f"{{{MAIN}}}cellStyle", name=name, xfId=str(number)))
        return number

    def variant(self, style: int, look: Look) -> int:
        """Return the number of the style that has this *look* and else is as *style*."""
        if self.look(style) == look:
            return style
        if (style, look) not in self._variants:
            self._variants[style, look] = self._add(style, look)
        return self._variants[style, look]

    def _list(self, name: str) -> etree._Element | None:
        return self.root.find(f"{{{MAIN}}}{name}")

    def _at(self, style: int) -> etree._Element:
        """Return a style; a number that the list does not have is the first, plain one."""
        return self.styles[style if style < len(self.styles) else 0]

    def _add(self, style: int, look: Look) -> int:
        before, made = self.look(style), deepcopy(self._at(style))
        if look.fill != before.fill:
            made.set("fillId", str(self._add_fill(look.fill)))
            made.set("applyFill", "1")
        if look.cell_style != before.cell_style:
            made.set("xfId", str(look.cell_style))
        protection = made.find(f"{{{MAIN}}}protection")
        if protection is None:
            protection = etree.Element(f"{{{MAIN}}}protection")
            # CT_Xf: alignment, protection, extLst.
            made.insert(int(made.find(f"{{{MAIN}}}alignment") is not None), protection)
        protection.set("locked", "1" if look.locked else "0")
        made.set("applyProtection", "1")
        return _append(self.styles, made)

    def _add_fill(self, fill: str | None) -> int:
        if fill is None:
            return 0  # ECMA-376-1 18.8.20: the first fill of every workbook is none
        made = etree.Element(f"{{{MAIN}}}fill")
        pattern = etree.SubElement(made, f"{{{MAIN}}}patternFill", patternType="solid")
        etree.SubElement(pattern, f"{{{MAIN}}}fgColor", rgb=f"FF{fill}")
        etree.SubElement(pattern, f"{{{MAIN}}}bgColor", indexed="64")
        return _append(self.fills, made)

    def to_bytes(self) -> bytes:
        """Return the styles' XML."""
        return to_xml(self.root)


def _append(items: etree._Element, item: etree._Element) -> int:
    """Add an item to a list of the styles' XML, and return its number."""
    items.append(item)
    items.set("count", str(len(items)))
    return len(items) - 1


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() else 0
