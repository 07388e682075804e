"""Hostile changes of a real filled form, by name: what would stop, slow or silently change it.

A file that is none of ours may be refused for that alone; these are the form of the tests, as it
is issued and with a figure of its own in each cell, but for one thing. ``FORMS`` maps the name to
how it must end and to the bytes. Where it is read, its figures must be those that LibreOffice
shows; the one that is attacked is ``FIGURE``, in ``CELL``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.support.builders import MINI
from tests.support.mutants import issued
from xl_automation.xlsx.package import WORKBOOK_PART, WORKBOOK_RELATIONS, read_parts, zip_parts
from xl_automation.xlsx.xml_part import MAIN

SHEET, COPY = "xl/worksheets/sheet3.xml", "xl/worksheets/sheet9.xml"
STRINGS, STYLES, ROOT_LINKS = "xl/sharedStrings.xml", "xl/styles.xml", "_rels/.rels"
TYPES = "[Content_Types].xml"
FIGURE, CELL = "I.2", "D10"
MB = 1 << 20

Parts = dict[str, bytes]
Change = Callable[[Parts], object]


@cache
def _good() -> Mapping[str, bytes]:
    with TemporaryDirectory() as folder:
        return read_parts(issued(MINI, Path(folder, "a.xlsx")).read_bytes())


def good() -> bytes:
    """Return the sound workbook."""
    return zip_parts(_good())


def _form(*changes: Change) -> Callable[[], bytes]:
    """Return what builds the workbook with some changes of its parts."""

    def build() -> bytes:
        parts = dict(_good())
        for change in changes:
            change(parts)
        return zip_parts(parts)

    return build


def _put(part: str, old: str, new: str | bytes, count: int = 1) -> Change:
    """Return the change of some text in a part, which must be there."""

    def change(parts: Parts) -> None:
        assert old.encode() in parts[part], (part, old)
        raw = new.encode() if isinstance(new, str) else new
        parts[part] = parts[part].replace(old.encode(), raw, count)

    return change


def _in_cell(change: Callable[[str], str | bytes], cell: str = CELL) -> Callable[[], bytes]:
    """Return what builds the workbook with a cell's XML written in another way."""
    return _form(_cell_written(change, cell))


def _cell_written(change: Callable[[str], str | bytes], cell: str = CELL) -> Change:
    """Return the change of a cell's XML."""

    def put(parts: Parts) -> None:
        match = re.search(rb'<c r="%s"[^<>]*>.*?</c>' % cell.encode(), parts[SHEET])
        assert match is not None
        made = change(match[0].decode())
        raw = made.encode() if isinstance(made, str) else made
        parts[SHEET] = parts[SHEET][: match.start()] + raw + parts[SHEET][match.end() :]

    return put


def _cell(content: str | bytes, attributes: str = "") -> Callable[[], bytes]:
    """Return what builds the workbook with other content in the cell of the figure."""

    def change(xml: str) -> bytes:
        style = re.search(r's="[0-9]+"', xml)
        raw = content.encode() if isinstance(content, str) else content
        kept = "" if style is None or "s=" in attributes else f" {style[0]}"
        return f'<c r="{CELL}"{kept}{attributes}>'.encode() + raw + b"</c>"

    return _in_cell(change)


def _row(change: Callable[[str], str]) -> Callable[[], bytes]:
    """Return what builds the workbook with the row of the figure written in another way."""

    def put(parts: Parts) -> None:
        match = re.search(r'<row r="10".*?</row>', parts[SHEET].decode(), re.DOTALL)
        assert match is not None
        parts[SHEET] = parts[SHEET].replace(match[0].encode(), change(match[0]).encode())

    return _form(put)


def _another_sheet(parts: Parts) -> None:
    """Add a sheet like the form's with 99 in every figure, to which nothing leads."""
    figure = rb'(<c r="D[0-9]+" s="[0-9]+"><v>)1[1-4]</v>'
    parts[COPY] = re.sub(figure, rb"\g<1>99</v>", parts[SHEET])
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
    more = f'<Override PartName="/{COPY}" ContentType="{kind}"/></Types>'
    _put(TYPES, "</Types>", more)(parts)


def _led(where: str, relation: str) -> tuple[Change, Change]:
    """Return the changes that let another relation lead to the other sheet."""
    return _another_sheet, _put(WORKBOOK_RELATIONS, where, relation)


def _without_mark(parts: Parts) -> None:
    """Write the sheet in UTF-16, but without the mark that says so (XML 1.0, 4.3.3)."""
    parts[SHEET] = parts[SHEET].decode().partition("?>")[2].strip().encode("utf-16-be")


_SHEET_RELATION = (
    '<Relationship Id="rId3" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet9.xml"/>'
)
_LINK = '<Relationship Id="rId3"'
_NAMED = f"'{MINI.sheet}'!$D$10"
_NAME = f'<definedName name="CT_{FIGURE}">{_NAMED}</definedName>'
_OTHER_NAME = _NAME.replace("$D$10", "$D$11")
_SHEETS = f'<sheet name="{MINI.sheet}" sheetId="3" r:id="rId3"/>'


def _other_book(parts: Parts) -> None:
    """Let the package begin at another workbook, whose form's sheet has other figures."""
    _another_sheet(parts)
    parts["xl/other.xml"] = parts[WORKBOOK_PART]
    parts["xl/_rels/other.xml.rels"] = parts[WORKBOOK_RELATIONS].replace(
        b"sheet3.xml", b"sheet9.xml"
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    _put(TYPES, "</Types>", f'<Override PartName="/xl/other.xml" ContentType="{kind}"/></Types>')(
        parts
    )
    _put(ROOT_LINKS, "xl/workbook.xml", "xl/other.xml")(parts)


def _more(part: str, before: str, many: str) -> Callable[[], bytes]:
    return _form(_put(part, before, many + before))


def _children(count: int, formula: str) -> Callable[[], bytes]:
    """Return what builds a workbook in which one long formula is shared by many cells."""
    rows = "".join(
        f'<row r="{row}"><c r="Q{row}"><f t="shared" si="0"/><v>1</v></c></row>'
        for row in range(500, 500 + count)
    )
    first = (
        f'<row r="499"><c r="Q499"><f t="shared" si="0" ref="Q499:Q9999">{formula}</f></c></row>'
    )
    return _more(SHEET, "</sheetData>", first + rows)


class HostileForm(NamedTuple):
    """One hostile form: how it ends, ``read`` or the code of its refusal, and its bytes."""

    end: str
    build: Callable[[], bytes]


SILENT: dict[str, HostileForm] = {
    # A number that is another, or none, to whoever does not put all of its text together.
    "value-with-comment": HostileForm("read", _cell("<v>1<!---->8</v>")),
    "value-after-comment": HostileForm("read", _cell("<v><!-- 1 -->8</v>")),
    "value-with-instruction": HostileForm("read", _cell("<v>1<?a b?>8</v>")),
    "value-with-reference": HostileForm("read", _cell("<v>67&#56;</v>")),
    "value-all-references": HostileForm("read", _cell("<v>&#x36;&#x37;</v>")),
    "value-with-cdata": HostileForm("read", _cell("<v><![CDATA[8]]></v>")),
    "value-half-cdata": HostileForm("read", _cell("<v>1<![CDATA[8]]></v>")),
    "value-with-element": HostileForm("unreadable", _cell("<v>1<x/>8</v>")),
    "value-in-element": HostileForm("unreadable", _cell("<v><x>8</x></v>")),
    "value-of-other-namespace": HostileForm("unreadable", _cell('<x:v xmlns:x="urn:x">8</x:v>')),
    "value-twice": HostileForm("ambiguous", _cell("<v>8</v><v>9</v>")),
    "value-and-text": HostileForm("ambiguous", _cell("<v>8</v><is><t>9</t></is>")),
    "value-twice-inline": HostileForm(
        "ambiguous", _cell("<is><t>8</t></is><is><t>9</t></is>", ' t="inlineStr"')
    ),
    "value-in-wrapper": HostileForm(
        "unreadable",
        _cell(
            '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006">'
            "<mc:Choice><v>8</v></mc:Choice><mc:Fallback><v>9</v></mc:Fallback></mc:AlternateContent>"
        ),
    ),
    "value-beside-text": HostileForm("unreadable", _cell("7<v>8</v>9")),
    "text-with-phonetics": HostileForm(
        "read", _cell('<is><t>8</t><rPh sb="0" eb="1"><t>9</t></rPh></is>', ' t="inlineStr"')
    ),
    # What only some programs take for a number.
    "number-underscore": HostileForm("unreadable", _cell("<v>1_0</v>")),
    "number-arabic": HostileForm("unreadable", _cell("<v>٣</v>")),
    "number-wide": HostileForm("unreadable", _cell("<v>\uff11\uff12</v>")),
    "number-spaces": HostileForm("read", _cell("<v> 8 </v>")),
    "number-no-break-space": HostileForm("unreadable", _cell("<v>8\u00a0</v>")),
    "number-plus": HostileForm("read", _cell("<v>+8</v>")),
    "number-comma": HostileForm("unreadable", _cell("<v>1,5</v>")),
    "number-hexadecimal": HostileForm("unreadable", _cell("<v>0x10</v>")),
    "number-exponent-half": HostileForm("unreadable", _cell("<v>5e+</v>")),
    "number-nan": HostileForm("unreadable", _cell("<v>nan</v>")),
    "number-infinite": HostileForm("unreadable", _cell("<v>inf</v>")),
    "number-too-large": HostileForm("unreadable", _cell("<v>1e999</v>")),
    "number-too-small": HostileForm("read", _cell("<v>1e-400</v>")),
    "number-words": HostileForm("unreadable", _cell("<v>12 hộ</v>")),
    # Types and styles that are read in two ways.
    "type-error-spaced": HostileForm(
        "read", _in_cell(lambda xml: xml.replace("<c ", '<c t = "e" '))
    ),
    "type-blank-behind": HostileForm("unreadable", _cell("<v>8</v>", ' t="e "')),
    "type-unknown": HostileForm("unreadable", _cell("<v>8</v>", ' t="x"')),
    "type-empty": HostileForm("unreadable", _cell("<v>8</v>", ' t=""')),
    "type-date": HostileForm("unreadable", _cell("<v>2022-06-14</v>", ' t="d"')),
    "type-date-number": HostileForm("unreadable", _cell("<v>8</v>", ' t="d"')),
    "type-truth-number": HostileForm("unreadable", _cell("<v>8</v>", ' t="b"')),
    "type-inline-with-value": HostileForm("ambiguous", _cell("<v>8</v>", ' t="inlineStr"')),
    "type-of-other-namespace": HostileForm("read", _cell("<v>8</v>", ' xmlns:x="urn:x" x:t="s"')),
    "string-minus-one": HostileForm("unreadable", _cell("<v>-1</v>", ' t="s"')),
    "string-plus": HostileForm("unreadable", _cell("<v>+1</v>", ' t="s"')),
    "string-fraction": HostileForm("unreadable", _cell("<v>1.0</v>", ' t="s"')),
    "string-underscore": HostileForm("unreadable", _cell("<v>1_0</v>", ' t="s"')),
    "style-minus-one": HostileForm("unreadable", _cell("<v>8</v>", ' s="-1"')),
    "style-plus": HostileForm("unreadable", _cell("<v>8</v>", ' s="+1"')),
    "style-underscore": HostileForm("unreadable", _cell("<v>8</v>", ' s="1_0"')),
    "style-unknown": HostileForm("unreadable", _cell("<v>8</v>", ' s="99999"')),
    "format-number-padded": HostileForm(
        "unreadable", _form(_put(STYLES, '"166" fontId', '"09" fontId', 9))
    ),
    "format-number-unknown": HostileForm(
        "unreadable", _form(_put(STYLES, '"166" fontId', '"x" fontId', 9))
    ),
    "format-written-twice": HostileForm(
        "ambiguous",
        _form(_put(STYLES, "</numFmts>", '<numFmt numFmtId="166" formatCode="0%"/></numFmts>')),
    ),
    "format-of-built-in-number": HostileForm(
        "read",
        _form(_put(STYLES, "</numFmts>", '<numFmt numFmtId="3" formatCode="0%"/></numFmts>')),
    ),
    "format-percent-in-brackets": HostileForm(
        "read", _form(_put(STYLES, 'formatCode="#,##0"', 'formatCode="[=1]0;0%"'))
    ),
    "styles-twice": HostileForm(
        "ambiguous",
        _form(_put(STYLES, "<cellXfs", '<cellXfs count="1"><xf numFmtId="9"/></cellXfs><cellXfs')),
    ),
    # The same thing twice.
    "cell-twice": HostileForm(
        "ambiguous", _in_cell(lambda xml: xml + f'<c r="{CELL}"><v>99</v></c>')
    ),
    "cell-twice-blank-last": HostileForm(
        "ambiguous", _in_cell(lambda xml: xml + f'<c r="{CELL}"/>')
    ),
    "cell-again-in-other-row": HostileForm(
        "ambiguous",
        _form(
            _put(
                SHEET, "</sheetData>", f'<row r="900"><c r="{CELL}"><v>99</v></c></row></sheetData>'
            )
        ),
    ),
    "cell-without-address-between": HostileForm(
        "ambiguous", _in_cell(lambda xml: f"<c><v>99</v></c>{xml}")
    ),
    "cell-address-lower": HostileForm(
        "ambiguous", _in_cell(lambda xml: xml.replace('r="D10"', 'r="d10"'))
    ),
    "cell-address-absolute": HostileForm(
        "ambiguous", _in_cell(lambda xml: xml.replace('r="D10"', 'r="$D$10"'))
    ),
    "cell-address-padded": HostileForm(
        "ambiguous", _in_cell(lambda xml: xml.replace('r="D10"', 'r="D010"'))
    ),
    "cell-of-other-row": HostileForm(
        "ambiguous", _in_cell(lambda xml: xml.replace('r="D10"', 'r="D11"'))
    ),
    "cells-backwards": HostileForm(
        "unreadable", _row(lambda xml: re.sub("(<row[^>]*>)(.*)(<c .*?</row>)", r"\1\3\2", xml))
    ),
    "row-twice": HostileForm(
        "ambiguous", _row(lambda xml: xml + re.sub("<v>11</v>", "<v>99</v>", xml))
    ),
    "row-without-number": HostileForm("read", _row(lambda xml: re.sub('<row r="10"', "<row", xml))),
    "row-number-of-next": HostileForm(
        "ambiguous", _row(lambda xml: xml.replace('<row r="10"', '<row r="11"'))
    ),
    "row-in-row": HostileForm("ambiguous", _row(lambda xml: f'<row r="9">{xml}</row>')),
    "row-of-other-namespace": HostileForm(
        "unreadable",
        _row(
            lambda xml: xml.replace("<row ", '<row xmlns="urn:x" ') + xml.replace("<v>11", "<v>99")
        ),
    ),
    "data-twice": HostileForm(
        "ambiguous",
        _form(
            _put(
                SHEET,
                "</sheetData>",
                f'</sheetData><sheetData><row r="10"><c r="{CELL}"><v>99</v></c></row></sheetData>',
            )
        ),
    ),
    "data-twice-first": HostileForm(
        "ambiguous",
        _form(
            _put(
                SHEET,
                "<sheetData>",
                f'<sheetData><row r="10"><c r="{CELL}"><v>99</v></c></row></sheetData><sheetData>',
            )
        ),
    ),
    "relation-twice-last": HostileForm(
        "ambiguous", _form(*_led("</Relationships>", f"{_SHEET_RELATION}</Relationships>"))
    ),
    "relation-twice-first": HostileForm(
        "ambiguous", _form(*_led(_LINK, f"{_SHEET_RELATION}{_LINK}"))
    ),
    "relation-to-other-folder": HostileForm(
        "read",
        _form(
            _another_sheet,
            _put(WORKBOOK_RELATIONS, "worksheets/sheet3.xml", "/xl/worksheets/sheet9.xml"),
        ),
    ),
    "relation-outside": HostileForm(
        "unreadable",
        _form(_put(WORKBOOK_RELATIONS, 'sheet3.xml"', 'sheet3.xml" TargetMode="External"')),
    ),
    "relation-of-other-namespace": HostileForm(
        "unreadable",
        _form(
            *_led(
                "</Relationships>",
                _SHEET_RELATION.replace(" ", ' xmlns="urn:x" ', 1) + "</Relationships>",
            )
        ),
    ),
    "sheet-without-name": HostileForm(
        "unreadable",
        _form(_put(WORKBOOK_PART, _SHEETS, re.sub('name="[^"]*"', 'name=""', _SHEETS))),
    ),
    "sheet-with-long-name": HostileForm(
        "unreadable",
        _form(_put(WORKBOOK_PART, _SHEETS, re.sub('name="[^"]*"', f'name="{"a" * 32}"', _SHEETS))),
    ),
    "sheet-with-impossible-name": HostileForm(
        "unreadable",
        _form(_put(WORKBOOK_PART, _SHEETS, re.sub('name="[^"]*"', 'name="a/b"', _SHEETS))),
    ),
    "sheet-name-twice": HostileForm(
        "ambiguous",
        _form(
            *_led(
                "</Relationships>", _SHEET_RELATION.replace("rId3", "rId99") + "</Relationships>"
            ),
            _put(
                WORKBOOK_PART,
                _SHEETS,
                _SHEETS + _SHEETS.replace("rId3", "rId99").replace('"3"', '"99"'),
            ),
        ),
    ),
    "sheet-name-twice-first": HostileForm(
        "ambiguous",
        _form(
            *_led(
                "</Relationships>", _SHEET_RELATION.replace("rId3", "rId99") + "</Relationships>"
            ),
            _put(
                WORKBOOK_PART,
                _SHEETS,
                _SHEETS.replace("rId3", "rId99").replace('"3"', '"99"') + _SHEETS,
            ),
        ),
    ),
    "sheets-twice": HostileForm(
        "ambiguous",
        _form(
            *_led(
                "</Relationships>", _SHEET_RELATION.replace("rId3", "rId99") + "</Relationships>"
            ),
            _put(
                WORKBOOK_PART,
                "</sheets>",
                "</sheets><sheets>" + _SHEETS.replace("rId3", "rId99") + "</sheets>",
            ),
        ),
    ),
    "strings-twice": HostileForm(
        "ambiguous",
        _form(
            _put(
                WORKBOOK_RELATIONS,
                _LINK,
                '<Relationship Id="rId77" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                f'relationships/sharedStrings" Target="theme/theme1.xml"/>{_LINK}',
            )
        ),
    ),
    "name-twice": HostileForm("ambiguous", _form(_put(WORKBOOK_PART, _NAME, _NAME + _OTHER_NAME))),
    "name-twice-first": HostileForm(
        "ambiguous", _form(_put(WORKBOOK_PART, _NAME, _OTHER_NAME + _NAME))
    ),
    "name-with-comment": HostileForm(
        "read", _form(_put(WORKBOOK_PART, _NAMED, f"<!-- -->{_NAMED}"))
    ),
    "name-in-other-case": HostileForm(
        "ambiguous", _form(_put(WORKBOOK_PART, _NAME, _OTHER_NAME.replace("CT_", "ct_") + _NAME))
    ),
    "days-from-1904-twice": HostileForm(
        "ambiguous",
        _form(_put(WORKBOOK_PART, "<bookViews", '<workbookPr date1904="1"/><bookViews')),
    ),
    "other-workbook": HostileForm("ambiguous", _form(_other_book)),
    "hidden-form-behind-copy": HostileForm(
        "ambiguous-form",
        _form(
            *_led(
                "</Relationships>", _SHEET_RELATION.replace("rId3", "rId99") + "</Relationships>"
            ),
            _put(
                WORKBOOK_PART,
                _SHEETS,
                _SHEETS.replace(f'"{MINI.sheet}"', f'"{MINI.sheet} (2)"')
                .replace("rId3", "rId99")
                .replace('"3"', '"99"')
                + _SHEETS.replace("<sheet ", '<sheet state="hidden" '),
            ),
        ),
    ),
    "sheet-without-namespace": HostileForm(
        "unreadable", _form(_put(SHEET, f' xmlns="{MAIN}"', ""))
    ),
    "sheet-of-other-namespace": HostileForm("unreadable", _form(_put(SHEET, MAIN, "urn:x"))),
    "sheet-utf16-no-mark": HostileForm("unsafe-xml", _form(_without_mark)),
    # Formulas that share.
    "shared-formula-alone": HostileForm("unreadable", _cell('<f t="shared" si="7"/><v>8</v>')),
    "shared-formula-of-blank": HostileForm(
        "unreadable", _cell('<f t="shared" si="0" ref="D10:D11"/><v>8</v>')
    ),
    "shared-formula-elsewhere": HostileForm(
        "ambiguous", _cell('<f t="shared" si="0" ref="Q1">4+4</f><v>8</v>')
    ),
    "array-formula": HostileForm("read", _cell('<f t="array" ref="D10">4+4</f><v>8</v>')),
    "array-formula-over-next": HostileForm(
        "ambiguous", _cell('<f t="array" ref="D10:D11">4+4</f><v>8</v>')
    ),
    "array-formula-elsewhere": HostileForm(
        "ambiguous", _cell('<f t="array" ref="Q1">4+4</f><v>8</v>')
    ),
    "array-formula-nowhere": HostileForm("ambiguous", _cell('<f t="array">4+4</f><v>8</v>')),
    "data-table": HostileForm(
        "ambiguous", _cell('<f t="dataTable" ref="D10:D11" r1="D12"/><v>8</v>')
    ),
    "formula-twice": HostileForm("ambiguous", _cell("<f>1+1</f><f>2+2</f><v>8</v>")),
    "formula-without-result": HostileForm("read", _cell("<f>4+4</f>")),
    "formula-empty": HostileForm("unreadable", _cell("<f/><v>8</v>")),
    "formula-text-result": HostileForm("read", _cell('<f>"8"</f><v>8</v>', ' t="str"')),
    "formula-error-result": HostileForm("read", _cell("<f>1/0</f><v>#DIV/0!</v>", ' t="e"')),
}

STOPPING: dict[str, HostileForm] = {
    "result-of-other-type": HostileForm("unreadable", _cell("<f>10+10</f><v>abc</v>")),
    "result-string-out-of-range": HostileForm(
        "unreadable", _cell("<f>10+10</f><v>99999</v>", ' t="s"')
    ),
    "result-bad-date": HostileForm("unreadable", _cell("<f>10+10</f><v>2022-13-45</v>", ' t="d"')),
    "result-of-unknown-type": HostileForm("unreadable", _cell("<f>10+10</f><v>8</v>", ' t="x"')),
    "string-out-of-range": HostileForm("unreadable", _cell("<v>99999</v>", ' t="s"')),
    "string-of-many-digits": HostileForm("unreadable", _cell(f"<v>{'9' * 5000}</v>", ' t="s"')),
    "style-of-many-digits": HostileForm("unreadable", _cell("<v>8</v>", f' s="{"9" * 5000}"')),
    "number-of-many-digits": HostileForm("unreadable", _cell(f"<v>{'9' * 5000}</v>")),
    "bad-date": HostileForm("unreadable", _cell("<v>2022-13-45</v>", ' t="d"')),
    "address-of-many-digits": HostileForm(
        "ambiguous", _cell('<v>8</v></c><c r="A99999999999999999999">')
    ),
    "address-of-many-letters": HostileForm(
        "ambiguous", _cell(f'<v>8</v></c><c r="{"A" * 5000}1">')
    ),
    "address-row-zero": HostileForm("ambiguous", _cell('<v>8</v></c><c r="E0">')),
    "row-of-many-digits": HostileForm(
        "unreadable", _more(SHEET, "</sheetData>", f'<row r="{"9" * 30}"/>')
    ),
    "row-minus-one": HostileForm(
        "unreadable", _more(SHEET, "</sheetData>", '<row r="-1"><c><v>1</v></c></row>')
    ),
    "namespace-empty": HostileForm("read", _more(SHEET, "</worksheet>", '<a xmlns=""/>')),
    "namespace-no-address": HostileForm(
        "unreadable", _more(SHEET, "</worksheet>", '<a xmlns="&#32;:::%%"/>')
    ),
    "namespace-colons": HostileForm(
        "read", _more(SHEET, "</worksheet>", '<a xmlns:b="x" b:c="1" xmlns:d="x" d:e="2"/>')
    ),
    "namespace-of-xml": HostileForm(
        "read", _more(SHEET, "</worksheet>", '<a xml:space="x" xml:id="1 2"/>')
    ),
    "id-twice": HostileForm("read", _more(SHEET, "</worksheet>", '<a xml:id="a"/><a xml:id="a"/>')),
    "name-of-element-long": HostileForm("read", _more(SHEET, "</worksheet>", f"<{'a' * 60_000}/>")),
    "name-of-attribute-long": HostileForm(
        "read", _more(SHEET, "</worksheet>", f'<a {"b" * 60_000}="1"/>')
    ),
    "instruction-long": HostileForm(
        "unsafe-xml", _more(SHEET, "</worksheet>", f"<?a {'b' * 11 * MB}?>")
    ),
    "comment-long": HostileForm(
        "unsafe-xml", _more(SHEET, "</worksheet>", f"<!--{'b' * 11 * MB}-->")
    ),
    "text-beyond-lxml": HostileForm(
        "unreadable", _cell(f"<is><t>{'a' * 11 * MB}</t></is>", ' t="inlineStr"')
    ),
    "text-of-9-MB": HostileForm(
        "unreadable", _cell(f"<is><t>{'a' * 9 * MB}</t></is>", ' t="inlineStr"')
    ),
    "label-of-9-MB": HostileForm(
        "unreadable", _form(_put(STRINGS, "Tổng số hộ", "Tổng số hộ" + "a" * 9 * MB))
    ),
    "formula-of-9-MB": HostileForm("unreadable", _cell(f"<f>{'1+' * 4 * MB}1</f><v>8</v>")),
    "no-workbook-relation": HostileForm(
        "unreadable", _form(_put(ROOT_LINKS, "officeDocument", "other", 9))
    ),
    "no-sheets": HostileForm(
        "altered-form", _form(_put(WORKBOOK_PART, "<sheets>", "<sheets xmlns='urn:x'>"))
    ),
    "format-brackets-open": HostileForm(
        "read", _form(_put(STYLES, 'formatCode="#,##0"', 'formatCode="[[[["'))
    ),
    "date-beyond-calendar": HostileForm(
        "read",
        _form(
            _put(STYLES, 'formatCode="#,##0"', 'formatCode="dd/mm/yyyy"'),
            _cell_written(lambda xml: xml.replace("<v>11<", "<v>1e300<")),
        ),
    ),
    "date-before-calendar": HostileForm(
        "read",
        _form(
            _put(STYLES, 'formatCode="#,##0"', 'formatCode="dd/mm/yyyy"'),
            _cell_written(lambda xml: xml.replace("<v>11<", "<v>-1e9<")),
        ),
    ),
    "days-since-nowhere": HostileForm(
        "read",
        _form(
            _put(STYLES, 'formatCode="#,##0"', 'formatCode="[h]:mm"'),
            _cell_written(lambda xml: xml.replace("<v>11<", "<v>1e300<")),
        ),
    ),
}

SLOW: dict[str, HostileForm] = {
    "cells-in-comment": HostileForm(
        "read", _more(SHEET, "</worksheet>", f"<!--{'<c ' * 46_000}-->")
    ),
    "cells-in-cdata": HostileForm(
        "read", _more(SHEET, "</worksheet>", f"<![CDATA[{'<c ' * 46_000}]]>")
    ),
    "cells-in-comment-in-data": HostileForm(
        "read", _more(SHEET, "</sheetData>", f"<!--{'<c ' * 46_000}-->")
    ),
    "cells-in-comment-before": HostileForm(
        "read", _form(_put(SHEET, "<sheetData>", f"<!--{'<c ' * 46_000}--><sheetData>"))
    ),
    "rows-in-comment": HostileForm(
        "read", _more(SHEET, "</sheetData>", f"<!--{'<row ' * 46_000}-->")
    ),
    "strings-in-comment": HostileForm(
        "read", _more(STRINGS, "</sst>", f"<!--{'<si><r>' * 46_000}-->")
    ),
    "names-in-comment": HostileForm(
        "read", _more(WORKBOOK_PART, "</workbook>", f"<!--{'<definedName ' * 20_000}-->")
    ),
    "styles-in-comment": HostileForm(
        "read", _more(STYLES, "</styleSheet>", f"<!--{'<xf ' * 46_000}-->")
    ),
    "format-brackets": HostileForm("unreadable", _form(_put(STYLES, "#,##0", "[" * 60_000, 9))),
    "format-brackets-closed": HostileForm(
        "unreadable", _form(_put(STYLES, "#,##0", "[" * 30_000 + "]" * 30_000, 9))
    ),
    "format-quotes": HostileForm("unreadable", _form(_put(STYLES, "#,##0", "&quot;" * 60_001, 9))),
    "format-slashes": HostileForm("unreadable", _form(_put(STYLES, "#,##0", "\\" * 60_001, 9))),
    "format-days": HostileForm("unreadable", _form(_put(STYLES, "#,##0", "d" * 60_000, 9))),
    "formats-many": HostileForm(
        "read",
        _more(
            STYLES,
            "</numFmts>",
            "".join(f'<numFmt numFmtId="{id}" formatCode="0"/>' for id in range(1000, 60_000)),
        ),
    ),
    "styles-many": HostileForm("read", _more(STYLES, "</cellXfs>", '<xf numFmtId="3"/>' * 200_000)),
    "formula-shared-by-many": HostileForm("unreadable", _children(2_000, "A1+" * 160_000 + "1")),
    "formula-shared-by-many-more": HostileForm("read", _children(20_000, "A1+" * 2_000 + "1")),
    "formula-of-quotes": HostileForm("unreadable", _cell(f"<f>{chr(34) * 400_001}</f><v>8</v>")),
    "formula-of-brackets": HostileForm("unreadable", _cell(f"<f>{'(' * 400_000}</f><v>8</v>")),
    "digits-million": HostileForm("unreadable", _cell(f"<v>{'9' * MB}</v>")),
    "digits-after-point": HostileForm("unreadable", _cell(f"<v>0.{'9' * MB}</v>")),
    "digits-in-text": HostileForm(
        "unreadable", _cell(f"<is><t>{'9' * MB}</t></is>", ' t="inlineStr"')
    ),
    "groups-in-text": HostileForm(
        "unreadable", _cell(f"<is><t>{'1.000' * 200_000}</t></is>", ' t="inlineStr"')
    ),
    "spaces-in-text": HostileForm(
        "unreadable", _cell(f"<is><t>1{' ' * MB}1</t></is>", ' t="inlineStr"')
    ),
    "escapes-in-text": HostileForm(
        "unreadable", _cell(f"<is><t>{'_x005F' * 200_000}</t></is>", ' t="inlineStr"')
    ),
    "references-in-text": HostileForm(
        "unreadable", _cell(f"<is><t>{'&#53;' * 200_000}</t></is>", ' t="inlineStr"')
    ),
    "runs-in-text": HostileForm(
        "unsafe-xml", _cell(f"<is>{'<r><t>1</t></r>' * 100_000}</is>", ' t="inlineStr"')
    ),
    "comments-in-value": HostileForm("read", _cell(f"<v>{'<!---->' * 200_000}8</v>")),
    "cells-blank": HostileForm(
        "unsafe-xml",
        _more(SHEET, "</sheetData>", "".join(f'<row r="{n}"/>' for n in range(900, 300_000))),
    ),
    "cells-many": HostileForm(
        "unsafe-xml",
        _more(
            SHEET,
            "</sheetData>",
            "".join(f'<row r="{n}"><c r="Q{n}"><v>1</v></c></row>' for n in range(900, 100_000)),
        ),
    ),
    "cells-without-address": HostileForm(
        "unsafe-xml", _more(SHEET, "</sheetData>", f"<row>{'<c><v>1</v></c>' * 200_000}</row>")
    ),
    "cells-apart": HostileForm(
        "read",
        _more(
            SHEET,
            "</sheetData>",
            "".join(
                f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(900, 1_048_576, 500)
            ),
        ),
    ),
    "cell-in-the-last-row": HostileForm(
        "read",
        _more(SHEET, "</sheetData>", '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
    ),
    "merged-many": HostileForm(
        "read", _more(SHEET, "<mergeCells", '<x ref="A1:XFD1048576"/>' * 100_000)
    ),
    "names-many": HostileForm(
        "read",
        _more(
            WORKBOOK_PART,
            "</definedNames>",
            "".join(f'<definedName name="A{n}">Q!$A$1</definedName>' for n in range(100_000)),
        ),
    ),
    "name-long": HostileForm("read", _form(_put(WORKBOOK_PART, _NAMED, "''" * 300_000 + _NAMED))),
    "name-quotes": HostileForm("read", _form(_put(WORKBOOK_PART, _NAMED, "'" + "''" * 300_000))),
    "sheets-many": HostileForm(
        "ambiguous-form",
        _more(
            WORKBOOK_PART,
            "</sheets>",
            "".join(f'<sheet name="a{n}" sheetId="{n}" r:id="rId1"/>' for n in range(100, 100_000)),
        ),
    ),
    "relations-many": HostileForm(
        "unreadable",
        _more(
            WORKBOOK_RELATIONS,
            "</Relationships>",
            "".join(
                f'<Relationship Id="x{n}" Type="a" Target="{"../" * 30}a"/>' for n in range(50_000)
            ),
        ),
    ),
    "types-many": HostileForm(
        "read",
        _more(
            TYPES,
            "</Types>",
            "".join(f'<Default Extension="a{n}" ContentType="a/b{n}"/>' for n in range(100_000)),
        ),
    ),
    "strings-many": HostileForm(
        "unsafe-xml", _more(STRINGS, "</sst>", "<si><t>a</t></si>" * 200_000)
    ),
    "strings-nested": HostileForm(
        "unsafe-xml", _more(STRINGS, "</sst>", f"<si>{'<r><t>a</t></r>' * 150_000}</si>")
    ),
    "attributes-many": HostileForm(
        "read",
        _more(
            SHEET, "</worksheet>", f"<a {' '.join(f'b{n}=' + chr(34) * 2 for n in range(60_000))}/>"
        ),
    ),
    "namespaces-many": HostileForm(
        "read",
        _more(
            SHEET,
            "</worksheet>",
            f"<a {' '.join(f'xmlns:b{n}=' + chr(34) + 'u' + chr(34) for n in range(40_000))}/>",
        ),
    ),
    "namespaces-nested": HostileForm(
        "read",
        _more(
            SHEET,
            "</worksheet>",
            "".join(f'<a xmlns:b{n}="u{n}">' for n in range(90)) + "<c/>" * 100_000 + "</a>" * 90,
        ),
    ),
    "depth-of-90": HostileForm(
        "unsafe-xml", _more(SHEET, "</worksheet>", ("<a>" * 90 + "</a>" * 90) * 2_000)
    ),
    "space-between-rows": HostileForm("read", _more(SHEET, "</sheetData>", " " * 5 * MB)),
    "space-in-tag": HostileForm(
        "read", _more(SHEET, "</sheetData>", f'<row r="900"{" " * 900_000}/>')
    ),
    "space-before-root": HostileForm(
        "read", _form(_put(SHEET, "<worksheet", " " * 5 * MB + "<worksheet"))
    ),
}

FORMS: dict[str, HostileForm] = {**SILENT, **STOPPING, **SLOW}
