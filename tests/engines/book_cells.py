"""The cells of a workbook's file, as they stand in its XML: formulas, contents, results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from lxml import etree

from tests.support.office import OfficeError
from xl_automation.xlsx.package import read_parts, sheet_parts, styles_part
from xl_automation.xlsx.styles import NumberFormat, number_formats

Value = float | str | bool | OfficeError | None  # None: blank
_ESCAPE = re.compile("_x([0-9a-fA-F]{4})_")  # ECMA-376-1 22.9.2.19
Values = Mapping[str, Value]  # by sheet and address: ``Phụ lục!D9``


class BookCells(NamedTuple):
    """What the cells of a workbook hold, by sheet and address.

    Attributes:
        sheets: The names of the sheets, in order.
        formulas: Each formula without its ``=``.
        values: What each cell holds, or the formula's result that the file carries.
        names: What each defined name of the whole workbook refers to.
        shows: How each cell shows a number: ``percentage``, ``date`` or ``number``.
    """

    sheets: tuple[str, ...]
    formulas: Mapping[str, str]
    values: Values
    names: Mapping[str, str]
    shows: Mapping[str, str]


def cells_of(path: Path) -> BookCells:
    """Return the cells of the workbook at *path*."""
    parts = read_parts(path.read_bytes())
    texts = _shared_texts(parts)
    formulas: dict[str, str] = {}
    values: dict[str, Value] = {}
    shows: dict[str, str] = {}
    looks = [_shown(look) for look in number_formats(parts[styles_part(parts)])]
    sheets = sheet_parts(parts)
    for sheet, part in sheets.items():
        for cell in etree.fromstring(parts[part]).iter("{*}c"):
            place = f"{sheet}!{cell.get('r')}"
            formula = cell.find("{*}f")
            if formula is not None:
                formulas[place] = formula.text or ""
            values[place] = _value(cell, texts)
            shows[place] = looks[int(cell.get("s", "0"))]
    book = etree.fromstring(parts["xl/workbook.xml"])
    names = {
        item.get("name"): item.text
        for item in book.iterfind("{*}definedNames/{*}definedName")
        if item.get("localSheetId") is None
    }
    return BookCells(tuple(sheets), formulas, values, names, shows)


def _shown(look: NumberFormat) -> str:
    if look.shows_percent:
        return "percentage"
    return "date" if look.may_show_date else "number"


def _shared_texts(parts: Mapping[str, bytes]) -> list[str]:
    content = parts.get("xl/sharedStrings.xml")
    if content is None:
        return []
    return [_text(item) for item in etree.fromstring(content)]


def _text(item: etree._Element) -> str:
    return _unescaped("".join(run.text or "" for run in item.iter("{*}t")))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1], 16)), text)


def _value(cell: etree._Element, texts: list[str]) -> Value:
    kind, text = cell.get("t", "n"), cell.findtext("{*}v")
    if kind == "inlineStr":
        return _text(cell)
    if not text:
        return "" if kind == "str" else None
    if kind == "s":
        return texts[int(text)]
    if kind == "b":
        return text == "1"
    if kind == "e":
        return OfficeError(text)
    return _unescaped(text) if kind == "str" else float(text)
