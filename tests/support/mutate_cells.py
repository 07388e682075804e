"""Mutations of what a workbook means: cells, rows, strings, styles, names, sheets, relations.

Those of cells take a worksheet's XML, the others the part that they name; each gives one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from random import Random

from lxml import etree

from tests.support.mutate_xml import NUMBERS, VALUES, Mutation, in_tree
from xl_automation.xlsx.xml_part import MAIN

_TYPES = ("n", "s", "str", "b", "e", "d", "inlineStr", "", " e", "e ", "E", "x")
_FORMULAS = ("10+10", "1/0", '"a"', "Q12", "", "=1", "1+", "SUM(Q1:Q999)", "A" * 9000)
_INDICES = (
    "-1",
    "0",
    "1",
    "2",
    "9999",
    "99999999999",
    "+1",
    "1.0",
    " 1",
    "01",
    "1_0",
    "",
    "x",
    "٣",
)
_FORMATS = (
    *("General", "@", "0%", "0.00%", "dd/mm/yyyy", "[h]:mm", "0;[Red]-0", '"%"0', "\\%0", "0_%"),
    *("[" * 60, '"' * 61, "[$-42A]d", "General;General", "", "0.0E+0", "#,##0", "0,", "0.0,,"),
    *('""', "yyyy%", "[<5]0%;0", "0*%", "s", "\\d0", '"d"0', "[Red]0", "[d]0", "B1", "e"),
)  # fmt: skip


def _tag(name: str) -> str:
    return f"{{{MAIN}}}{name}"


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    return list(root.iter(_tag(name)))


def _cell(random: Random, root: etree._Element) -> etree._Element:
    """Return some cell, mostly one that holds a value, and mostly in the column of figures."""
    cells = _all(root, "c") or [etree.SubElement(root, _tag("c"))]
    valued = [cell for cell in cells if cell.find(_tag("v")) is not None] or cells
    figures = [cell for cell in valued if cell.get("r", "").startswith("D")] or valued
    return random.choice(random.choice((figures, figures, figures, valued, cells)))


def _child(cell: etree._Element, name: str) -> etree._Element:
    """Return the child of a cell with this name, made where it has none."""
    child = cell.find(_tag(name))
    return etree.SubElement(cell, _tag(name)) if child is None else child


# --- cells -------------------------------------------------------------------------------------


@in_tree
def cell_type(random: Random, root: etree._Element) -> None:
    """Say that a cell is of another type."""
    _cell(random, root).set("t", random.choice(_TYPES))


@in_tree
def cell_value(random: Random, root: etree._Element) -> None:
    """Give a cell another value: what may be a number to some."""
    cell = _cell(random, root)
    _child(cell, "v").text = random.choice(NUMBERS)
    if random.random() < 0.5:
        cell.attrib.pop("t", None)


@in_tree
def cell_values(random: Random, root: etree._Element) -> None:
    """Give a cell two values, or texts beside its value."""
    cell = _cell(random, root)
    for _ in range(random.randint(1, 2)):
        child = etree.Element(_tag(random.choice(("v", "v", "is", "t", "f", "x", "extLst"))))
        child.text = random.choice(NUMBERS)
        cell.insert(random.randint(0, len(cell)), child)


@in_tree
def cell_style(random: Random, root: etree._Element) -> None:
    """Give a cell another style, be there one or not."""
    others = [cell.get("s", "0") for cell in _all(root, "c")] or ["0"]
    _cell(random, root).set("s", random.choice((random.choice(others), random.choice(_INDICES))))


@in_tree
def cell_formula(random: Random, root: etree._Element) -> None:
    """Give a cell a formula, whose saved result need not be of its type."""
    cell = _cell(random, root)
    for child in list(cell):
        cell.remove(child)
    _child(cell, "f").text = random.choice(_FORMULAS)
    if random.random() < 0.9:
        _child(cell, "v").text = random.choice(NUMBERS)
    if random.random() < 0.5:
        cell.set("t", random.choice(_TYPES))


@in_tree
def shared_formula(random: Random, root: etree._Element) -> None:
    """Let some cells share a formula, with or without the one that they share."""
    for number in range(random.randint(1, 3)):
        cell = _cell(random, root)
        formula = _child(cell, "f")
        cell.insert(0, formula)
        formula.set("t", random.choice(("shared", "shared", "array", "dataTable")))
        formula.set("si", random.choice(("0", "0", "1", "-1", "x")))
        if number == 0 or random.random() < 0.2:
            formula.set("ref", random.choice((cell.get("r", "D9"), "D1:D200", "A1", "x", "")))
            # LibreOffice may compute it anew, so it must give what was saved.
            formula.text = _child(cell, "v").text


@in_tree
def string_index(random: Random, root: etree._Element) -> None:
    """Let a cell show another shared string, be there one or not."""
    cell = _cell(random, root)
    cell.set("t", "s")
    _child(cell, "v").text = random.choice(_INDICES)


@in_tree
def text_in_cell(random: Random, root: etree._Element) -> None:
    """Let a text stand in the cell itself, in one piece or in several."""
    cell = _cell(random, root)
    for child in list(cell):
        cell.remove(child)
    cell.set("t", "inlineStr")
    for path in (("t",), ("r", "t"), ("rPh", "t"), ("r", "r", "t"))[: random.randint(1, 4)]:
        place = _child(cell, "is")
        for name in path:
            place = etree.SubElement(place, _tag(name))
        place.text = random.choice(VALUES)


@in_tree
def cell_address(random: Random, root: etree._Element) -> None:
    """Let a cell say that it stands elsewhere, or nothing of that."""
    cell, other = _cell(random, root), _cell(random, root)
    place = cell.get("r", "D9")
    cell.set(
        "r", random.choice((other.get("r", "D9"), place.lower(), f"${place}", "D0", "", "ZZZ1"))
    )
    if random.random() < 0.3:
        del cell.attrib["r"]


@in_tree
def repeated_cell(random: Random, root: etree._Element) -> None:
    """Have a cell twice, the other time with another value: beside it, or in another row."""
    cell = _cell(random, root)
    copy = deepcopy(cell)
    copy.attrib.pop("t", None)
    _child(copy, "v").text = random.choice(NUMBERS)
    random.choice((cell.addnext, cell.addprevious, _cell(random, root).addnext))(copy)


@in_tree
def swapped_cells(random: Random, root: etree._Element) -> None:
    """Let two cells change their addresses, or all but these."""
    one, two = _cell(random, root), _cell(random, root)
    one_place, two_place = one.get("r", "D9"), two.get("r", "D9")
    one.set("r", two_place)
    two.set("r", one_place)
    if random.random() < 0.5 and one is not two:
        copy = deepcopy(one)
        one.getparent().replace(one, deepcopy(two))
        two.getparent().replace(two, copy)


# --- rows --------------------------------------------------------------------------------------


def _renumber(row: etree._Element, number: int) -> None:
    row.set("r", str(number))
    for cell in row.iter(_tag("c")):
        cell.set("r", re.sub("[0-9]+", str(number), cell.get("r", "D1")))


def _numbered(rows: list[etree._Element]) -> Iterator[tuple[int, etree._Element]]:
    for row in rows:
        if row.get("r", "").isdecimal():
            yield int(row.get("r", "")), row


@in_tree
def inserted_rows(random: Random, root: etree._Element) -> None:
    """Push all rows below one down; names, formulas and merged cells stay."""
    rows = _all(root, "row")
    begin, by = random.randint(1, len(rows) + 1), random.randint(1, 2)
    for number, row in reversed(list(_numbered(rows))):
        if number >= begin:
            _renumber(row, number + by)


@in_tree
def lost_row(random: Random, root: etree._Element) -> None:
    """Lose a row, and pull all below it up or leave them."""
    rows = list(_numbered(_all(root, "row")))
    if not rows:
        return
    lost, row = random.choice(rows)
    row.getparent().remove(row)
    if random.random() < 0.6:
        for number, other in rows:
            if number > lost:
                _renumber(other, number - 1)


@in_tree
def sorted_rows(random: Random, root: etree._Element) -> None:
    """Let some rows change places, as sorting does; their numbers ascend all the same, or not."""
    rows = list(_numbered(_all(root, "row")))
    some = random.sample(rows, min(len(rows), random.randint(2, 5)))
    numbers = [number for number, _ in some]
    random.shuffle(numbers)
    for number, (_, row) in zip(numbers, some, strict=True):
        _renumber(row, number)
    if rows and random.random() < 0.7:
        data = rows[0][1].getparent()
        data[:] = sorted(data, key=lambda row: int(row.get("r", "0") or 0))


@in_tree
def repeated_row(random: Random, root: etree._Element) -> None:
    """Have a row twice, perhaps with other values, next to itself or at the end."""
    if not (rows := _all(root, "row")):
        return
    row = random.choice(rows)
    copy = deepcopy(row)
    for value in copy.iter(_tag("v")):
        value.text = random.choice((value.text, "7"))
    random.choice((row.addnext, row.addprevious, rows[-1].addnext))(copy)


@in_tree
def row_number(random: Random, root: etree._Element) -> None:
    """Let a row say another number, or none."""
    if rows := _all(root, "row"):
        row = random.choice(rows)
        row.set("r", random.choice((*_INDICES, str(random.randint(1, 200)))))
        if random.random() < 0.3:
            del row.attrib["r"]


@in_tree
def more_data(random: Random, root: etree._Element) -> None:
    """Have the cells twice: another ``sheetData`` before or behind the first, or within it."""
    data = root.find(_tag("sheetData"))
    if data is None:
        return
    more = deepcopy(data)
    for value in more.iter(_tag("v")):
        value.text = random.choice((value.text, "7"))
    random.choice((data.addnext, data.addprevious, root.append, data.append))(more)


@in_tree
def more_rows(random: Random, root: etree._Element) -> None:
    """Have more rows below, perhaps many; or one cell far away."""
    if (data := root.find(_tag("sheetData"))) is None:
        return
    last = max([number for number, _ in _numbered(_all(root, "row"))], default=0)
    column = random.choice(("A", "D", "D", "XFD"))
    for number in range(last + 1, last + (2 if column == "XFD" else random.choice((2, 50, 2000)))):
        row = etree.SubElement(data, _tag("row"), r=str(number))
        cell = etree.SubElement(row, _tag("c"), r=f"{column}{number}")
        etree.SubElement(cell, _tag("v")).text = "1"


CELL_MUTATIONS: tuple[Mutation, ...] = (
    *(cell_type, cell_value, cell_values, cell_style, cell_formula, shared_formula, string_index),
    *(text_in_cell, cell_address, repeated_cell, swapped_cells, inserted_rows, lost_row),
    *(sorted_rows, repeated_row, row_number, more_data, more_rows),
)  # fmt: skip


# --- strings and styles ------------------------------------------------------------------------


@in_tree
def shifted_strings(random: Random, root: etree._Element) -> None:
    """Lose or get a shared string, so that all behind it are others."""
    if strings := _all(root, "si"):
        string = random.choice(strings)
        if random.random() < 0.5:
            string.getparent().remove(string)
        else:
            string.addnext(deepcopy(string))


@in_tree
def changed_string(random: Random, root: etree._Element) -> None:
    """Let a shared string be another text, in one piece or in several."""
    if strings := _all(root, "si"):
        string = random.choice(strings)
        for path in (("t",), ("r", "t"), ("rPh", "t"), ("x",))[: random.randint(1, 4)]:
            place = string
            for name in path:
                place = etree.SubElement(place, _tag(name))
            place.text = random.choice(VALUES)


@in_tree
def number_format(random: Random, root: etree._Element) -> None:
    """Let a number format have another code or number, or a style another number format."""
    written = _all(root, "numFmt")
    if written and random.random() < 0.5:
        item = random.choice(written)
        if random.random() < 0.7:
            item.set("formatCode", random.choice(_FORMATS))
        else:
            item.set("numFmtId", random.choice((*_INDICES, "14", "09", "9", "164")))
    elif styles := _all(root, "xf"):
        random.choice(styles).set(
            "numFmtId", random.choice((*_INDICES, "09", "9", "14", "22", "49"))
        )


@in_tree
def other_styles(random: Random, root: etree._Element) -> None:
    """Lose or get a style, so that all behind it are others."""
    if styles := _all(root, "xf"):
        style = random.choice(styles)
        if random.random() < 0.5:
            style.getparent().remove(style)
        else:
            style.addnext(deepcopy(random.choice(styles)))


STRING_MUTATIONS: tuple[Mutation, ...] = (shifted_strings, changed_string)
STYLE_MUTATIONS: tuple[Mutation, ...] = (number_format, number_format, other_styles)


# --- the workbook and its relations ------------------------------------------------------------


@in_tree
def changed_name(random: Random, root: etree._Element) -> None:
    """Let a defined name stand for another cell, belong to one sheet, or be there twice."""
    if not (names := _all(root, "definedName")):
        return
    name, other = random.choice(names), random.choice(names)
    match random.randrange(5):
        case 0:
            name.text = random.choice((other.text, "#REF!", "1+1", f"{name.text},{other.text}"))
        case 1:
            name.set("localSheetId", random.choice(("0", "1", "-1", "x")))
        case 2:
            copy = deepcopy(name)
            copy.text = other.text
            random.choice((name.addnext, name.addprevious))(copy)
        case 3:
            name.set("name", random.choice((other.get("name", ""), name.get("name", "").lower())))
        case 4:
            name.getparent().remove(name)


@in_tree
def changed_sheet(random: Random, root: etree._Element) -> None:
    """Let a sheet have the name, number or part of another, or be hidden."""
    if not (sheets := _all(root, "sheet")):
        return
    sheet, other = random.choice(sheets), random.choice(sheets)
    match random.randrange(4):
        case 0:
            key = random.choice(list(sheet.attrib))
            sheet.set(key, other.get(key, ""))
        case 1:
            sheet.set("state", random.choice(("hidden", "veryHidden", "x")))
        case 2:
            random.choice((other.addnext, other.addprevious))(deepcopy(sheet))
        case 3:
            sheet.set("name", random.choice((sheet.get("name", "").upper(), "a" * 40, "'", "")))


@in_tree
def days_from_1904(random: Random, root: etree._Element) -> None:
    """Let days be counted from 1904, or have it said twice or strangely."""
    said = etree.Element(_tag("workbookPr"), date1904=random.choice(("1", "true", "on", "0", "x")))
    root.insert(random.randint(0, len(root)), said)


@in_tree
def changed_relation(random: Random, root: etree._Element) -> None:
    """Let a relation lead elsewhere, have the name of another, or be there twice."""
    if not (relations := list(root)):
        return
    relation, other = random.choice(relations), random.choice(relations)
    match random.randrange(4):
        case 0 | 1:
            key = random.choice(list(relation.attrib))
            relation.set(key, random.choice((other.get(key, ""), random.choice(VALUES))))
        case 2:
            copy = deepcopy(relation)
            copy.set("Target", other.get("Target", ""))
            random.choice((relation.addnext, relation.addprevious))(copy)
        case 3:
            relation.getparent().remove(relation)


BOOK_MUTATIONS: tuple[Mutation, ...] = (changed_name, changed_name, changed_sheet, days_from_1904)
RELATION_MUTATIONS: tuple[Callable[[Random, bytes], bytes], ...] = (changed_relation,)
