"""What stands in the cells of a workbook's figures, word for word, where that is beyond doubt.

A second look beside our reader's, of its own making and a thousand times faster than LibreOffice.
Anything that could be read in two ways is in doubt; number formats are left aside.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from collections.abc import Container, Iterator, Mapping
from io import BytesIO

from lxml import etree

from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellError, CellValue
from xl_automation.reading.places import places_of
from xl_automation.xlsx.xml_part import MAIN, PACKAGE_RELATION, RELATION

_NUMBER = re.compile(
    r"-?[0-9]{1,300}(\.[0-9]{1,300})?(E[-+]?[0-9]{1,2})?", re.IGNORECASE | re.ASCII
)
_INDEX = re.compile("[0-9]{1,6}", re.ASCII)
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=False)


class InDoubtError(Exception):
    """Something that could be read in two ways, or not at all."""


def literal_figures(form: Form, content: bytes, ids: Container[str]) -> dict[str, CellValue]:
    """Return what stands in the cells of some figures, by id; what is blank is left out.

    Raises:
        InDoubtError: Where that is not beyond doubt.
    """
    try:
        return _Literal(content).figures(form, ids)
    except (zipfile.BadZipFile, etree.LxmlError, KeyError, ValueError, EOFError, OSError) as error:
        raise InDoubtError from error
    except (
        NotImplementedError,
        RuntimeError,
        zipfile.zlib.error,
    ) as error:  # a zip of another kind
        raise InDoubtError from error


class _Literal:
    """A workbook that is taken at its word."""

    def __init__(self, content: bytes):
        self._zip = zipfile.ZipFile(BytesIO(content))
        _sure(len(set(self._zip.namelist())) == len(self._zip.namelist()))
        self._book = self._part("xl/workbook.xml")
        links = list(self._part("xl/_rels/workbook.xml.rels"))
        _sure(all(link.tag == f"{{{PACKAGE_RELATION}}}Relationship" for link in links))
        self._links = {link.get("Id"): link for link in links}
        _sure(len(self._links) == len(links))

    def figures(self, form: Form, ids: Container[str]) -> dict[str, CellValue]:
        """Return what stands in the cells of some figures of a form, by id."""
        places, by_sheet = places_of(form), dict[str, dict[str, str]]()
        sheets = {table.id: table.sheet for table in form.tables}
        by_sheet[form.sheet] = {item.id: cell for item, cell in places.rows} | dict(places.helpers)
        for id, table, _, cell in places.tables:
            by_sheet.setdefault(sheets[table], {})[id] = cell
        return {
            id: value
            for sheet, cells in by_sheet.items()
            for id, value in self._values(sheet, {id: cells[id] for id in cells if id in ids})
        }

    def _part(self, name: str) -> etree._Element:
        return etree.fromstring(self._zip.read(name), _PARSER)

    def _target(self, link: etree._Element) -> str:
        return posixpath.normpath(posixpath.join("xl", link.get("Target", ""))).lstrip("/")

    def _values(self, sheet: str, wanted: Mapping[str, str]) -> Iterator[tuple[str, CellValue]]:
        (element,) = (one for one in self._book.iter("{*}sheet") if one.get("name") == sheet)
        root = self._part(self._target(self._links[element.get(f"{{{RELATION}}}id")]))
        cells = dict(self._cells(root, set(wanted.values())))
        strings = self._strings()
        for id, address in wanted.items():
            if address in cells and (value := _value(cells[address], strings)) not in (None, ""):
                yield id, value

    def _cells(
        self, root: etree._Element, wanted: set[str]
    ) -> Iterator[tuple[str, etree._Element]]:
        """Yield those of some cells that are there, each in the one place where it must stand."""
        (data,) = root.iter("{*}sheetData")
        _sure(data.getparent() is root)
        rows, seen = set[str | None](), set[str]()
        for row in data:
            _sure(row.tag == f"{{{MAIN}}}row" and row.get("r") not in rows)
            rows.add(row.get("r"))
            for cell in row:
                address = cell.get("r", "")
                _sure(cell.tag == f"{{{MAIN}}}c" and address not in seen)
                _sure(re.sub("^[A-Z]{1,3}", "", address) == row.get("r"))
                seen.add(address)
                if address in wanted:
                    yield address, cell
        _sure(len(list(root.iter("{*}c"))) == len(seen))

    def _strings(self) -> list[str | None]:
        """Return the shared strings, None for one that is not only text."""
        links = [
            link for link in self._links.values() if link.get("Type", "").endswith("/sharedStrings")
        ]
        if not links:
            return []
        (link,) = links
        return [_text(string) for string in self._part(self._target(link)).iter(f"{{{MAIN}}}si")]


def _sure(fact: bool) -> None:
    if not fact:
        raise InDoubtError


def _text(string: etree._Element) -> str | None:
    """Return a text in one piece, None for any other."""
    plain = len(string) == 1 and string[0].tag == f"{{{MAIN}}}t" and not len(string[0])
    return (string[0].text or "") if plain else None


def _value(cell: etree._Element, strings: list[str | None]) -> CellValue:
    """Return what stands in a cell."""
    by_tag = {child.tag: child for child in cell}
    kind, value = cell.get("t", "n"), by_tag.get(f"{{{MAIN}}}v")
    inline, formula = by_tag.get(f"{{{MAIN}}}is"), by_tag.get(f"{{{MAIN}}}f")
    known = (value, inline, formula)
    _sure(len(cell) == sum(child is not None for child in known) and not (cell.text or "").strip())
    _sure(formula is None or (value is not None and not formula.get("t")))
    _sure(value is None or not len(value))
    if kind == "inlineStr":
        _sure(inline is not None and value is None)
        text = _text(inline)
        _sure(text is not None)
        return text
    _sure(inline is None)
    if value is None:
        return None
    text = value.text or ""
    match kind:
        case "n":
            _sure(bool(_NUMBER.fullmatch(text)))
            return float(text)
        case "s":
            _sure(bool(_INDEX.fullmatch(text)) and int(text) < len(strings))
            string = strings[int(text)]
            _sure(string is not None)
            return string
        case "str":
            return text
        case "b":
            _sure(text in ("0", "1"))
            return text == "1"
        case "e":
            return CellError(text)
    raise InDoubtError
