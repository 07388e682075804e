"""A strict scanner of a worksheet's XML: every cell in one go, or None.

It knows the one way in which nearly every program writes cells. The XML is cut before each cell,
and each piece is matched whole, so that no byte goes unseen; what stands before and after the
cells goes to an XML parser. Whatever is written in another way is not guessed at: the answer is
None, and the sheet is left to a reader that knows the whole format.

The workbooks of one round have most pieces in common, byte for byte: formulas, labels, blank
cells. A piece that was understood once is known from then on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import inf
from operator import attrgetter
from typing import NamedTuple

from xl_automation.excel_limits import MAX_CELL_TEXT
from xl_automation.xlsx.address import column_number
from xl_automation.xlsx.remembered import KnownPieces
from xl_automation.xlsx.xml_words import (
    DECLARATION,
    IN_MAIN,
    MAX_PIECE,
    SPACE,
    TEXT,
    decoded,
    is_plain,
    is_well_formed,
    resolved,
)

# Nodes of one part are limited (``FORM_LIMITS``), and a cell has some eight.
MAX_CELLS, MAX_FRAME = 50_000, 1 << 20
LARGE = 1 << 20  # characters from which cells are counted before they are cut
# An issued sheet has some 1,500 cells, the longest of them some 1,200 characters.
KNOWN_CELLS, LONGEST_CELL = 20_000, 2048
_NUMBER = r"-?[0-9]{1,300}(?:\.[0-9]{1,300})?(?:[eE][-+]?[0-9]{1,3})?"
_ROW_TAGS = rf"(?:</?row(?:[ ][^<>]*)?>{SPACE})*"
_CELL = re.compile(
    rf"""r="([A-Z]{{1,2}})([1-9][0-9]{{0,6}})"(?:[ ]s="([0-9]{{1,5}})")?
    (?:[ ]t="(n|s|str|b|e|inlineStr)")?[ ]?
    (?:/>|>{SPACE}
        (?:(<f(?:[ ](?:ca|aca)="(?:0|1|true|false)")?)(?:[ ]?/>|>({TEXT})</f>){SPACE})?
        (?:<v(?:[ ]xml:space="preserve")?(?:[ ]?/>|>({TEXT})</v>){SPACE})?
        (?:<is>{SPACE}<t(?:[ ]xml:space="preserve")?>({TEXT})</t>{SPACE}</is>{SPACE})?
    </c>){SPACE}({_ROW_TAGS})""",
    re.VERBOSE,
)
_VALUES = {
    "n": re.compile(_NUMBER),
    "s": re.compile("0|[1-9][0-9]{0,5}"),
    "b": re.compile("[01]"),
}
_ONLY_ROW_TAGS = re.compile(rf"{SPACE}{_ROW_TAGS}")
_TAG = re.compile(r'(</row>)|<row(?: [^<>]*)? r="([1-9][0-9]{0,6})"[^<>]*>|<[^<>]*>')
_INFINITE = (inf, -inf)
_NOWHERE = 1 << 30  # the number of a row that no sheet has
_SHEET_START = re.compile(rf"{DECLARATION}<worksheet [^<>]*(?<!/)>")
_BEGIN, _END = re.compile(rf"<sheetData>{SPACE}"), "</sheetData>"
_NAMESPACE = re.compile(r' xmlns(?::[A-Za-z_][\w.-]*)?="[^"<&]*"')


class ScannedCell(NamedTuple):
    """A cell as it stands in the file.

    Attributes:
        address: Column and row.
        column: The letters of the column.
        place: The number of the column.
        row: The number of the row.
        style: The number of its style.
        type: ``n``, ``s``, ``str``, ``b`` or ``e``, as the format has them; text in the cell is
            ``str`` too.
        formula: The text of its formula; None where it holds none.
        value: A number, the index of a shared string, a truth, a text; None where there is none.
        strings: How many shared strings there must be for its own to exist.
        tags: The tags of rows between it and the next cell.
        rows: The rows that begin between it and the next cell; None for each end of one.
    """

    address: str
    column: str
    place: int
    row: int
    style: int
    type: str
    formula: str | None
    value: float | str | None
    strings: int
    tags: str
    rows: tuple[int | None, ...]


class ScannedSheet(NamedTuple):
    """A worksheet.

    Attributes:
        cells: Its cells, blank ones too.
        strings: How many shared strings there must be at least, for each that is named to exist.
        styles: The highest number of a style.
    """

    cells: Sequence[ScannedCell]
    strings: int
    styles: int


def scan_sheet(content: bytes) -> ScannedSheet | None:
    """Return the cells of a worksheet's XML.

    Returns:
        None where it is not written as nearly every program writes it.
    """
    text = decoded(content)
    start = _BEGIN.search(text) if text is not None else None
    end = text.rfind(_END) if text is not None else -1
    if text is None or start is None or end < start.end():
        return None
    if len(text) > LARGE and text.count("<c ") > MAX_CELLS:
        return None
    before, *pieces = text[start.end() : end].split("<c ")
    cells = list(map(_CELLS.__getitem__, pieces))
    rows = None if None in cells or len(cells) > MAX_CELLS else _rows_around(before, cells)
    if rows is None or not _is_sound(text[: start.end()], rows, text[end:]):
        return None
    strings, styles = (
        max(map(attrgetter(name), cells), default=0) for name in ("strings", "style")
    )
    return ScannedSheet(cells, strings, styles)


def _understood(text: str) -> ScannedCell | None:
    """Return the cell that stands in a piece of a worksheet's XML, cut behind ``<c ``."""
    match = _CELL.fullmatch(text) if len(text) <= MAX_PIECE else None
    if match is None or not is_plain(text):
        return None
    column, row, style, type, formula_tag, formula, value, inline, tags = match.groups(default="")
    type = type or "n"
    known = _VALUES.get(type)
    if bool(inline) > (type == "inlineStr") or bool(value) > (type != "inlineStr"):
        return None
    if formula_tag and not formula:
        return None
    rows = _rows_of(tags)
    if (value and known and not known.fullmatch(value)) or rows is None:
        return None
    content = _value(type, value or inline)
    if content in _INFINITE or (type in ("str", "inlineStr") and len(str(content)) > MAX_CELL_TEXT):
        return None
    return ScannedCell(
        address=column + row,
        column=column,
        place=column_number(column),
        row=int(row),
        style=int(style or "0"),
        type="str" if type == "inlineStr" else type,
        formula=resolved(formula) if formula_tag else None,
        value=content,
        strings=int(value) + 1 if value and type == "s" else 0,
        tags=tags,
        rows=rows,
    )


_CELLS = KnownPieces(_understood, KNOWN_CELLS, LONGEST_CELL)


def _value(type: str, text: str) -> float | str | None:
    if not text:
        return None
    match type:
        case "n":
            return int(text) if text.lstrip("-").isdecimal() else float(text)
        case "s":
            return int(text)
        case "b":
            return text == "1"
        case _:
            return resolved(text)


def _rows_of(tags: str) -> tuple[int | None, ...] | None:
    """Return the numbers of the rows that begin in *tags*, None for each end of one.

    Returns:
        None where there is anything else.
    """
    if not tags:
        return ()
    if len(tags) > MAX_PIECE or not _ONLY_ROW_TAGS.fullmatch(tags):
        return None
    steps: list[int | None] = []
    for match in _TAG.finditer(tags):
        if match[1]:
            steps.append(None)
        elif match[2]:
            steps += [int(match[2])] + [None] * match[0].endswith("/>")
        else:
            return None  # a row without its number
    return tuple(steps)


def _rows_around(before: str, cells: Sequence[ScannedCell]) -> str | None:
    """Return the tags of the rows, *before* the first cell and between the others.

    Returns:
        None where a cell is not in the row that it says, or rows or columns do not ascend.
    """
    first = _rows_of(before)
    if first is None:
        return None
    last, within = _after(first, 0, False)
    tags, place = [before], 0
    for cell in cells:
        if cell.row != last or cell.place <= place or not within:
            return None
        place = cell.place
        if cell.rows:
            tags.append(cell.tags)
            last, within = _after(cell.rows, last, within)
            place = 0
    return None if within or last == _NOWHERE else "".join(tags)


def _after(steps: Sequence[int | None], last: int, within: bool) -> tuple[int, bool]:
    """Return the row in which one is after some *steps*, and whether it is still open.

    Args:
        steps: The numbers of rows that begin, None for each end of one.
        last: The row before.
        within: Whether that is still open.

    Returns:
        ``_NOWHERE`` where rows are nested or do not ascend.
    """
    for step in steps:
        if (step is None) != within or (step is not None and step <= last):
            return _NOWHERE, False
        within, last = step is not None, step or last
    return last, within


def _is_sound(head: str, rows: str, tail: str) -> bool:
    """Whether a worksheet's XML without its cells is well-formed, and they stand in its data."""
    root = _SHEET_START.match(head)
    if root is None or IN_MAIN not in root[0] or len(head) + len(tail) > MAX_FRAME:
        return False
    if head.count("sheetData") > 1 or "sheetData" in tail[len(_END) :]:
        return False
    namespaces = "".join(_NAMESPACE.findall(root[0]))
    # The first also proves that the cells stand in a child of the root. The last two are the same
    # in most workbooks of one round.
    return all(
        map(
            is_well_formed,
            (
                f"{head}{_END}</worksheet>",
                f"<worksheet{namespaces}>{rows}</worksheet>",
                f"<worksheet{namespaces}><sheetData>{tail}",
            ),
        )
    )
