"""The smallest workbook that holds the cells of some sheets, for a library that wants a file.

What else is in a file, a library would parse too, and might choke on: it gets cells, shared
strings and number formats, under names of ours, and nothing that was not checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from io import BytesIO
from xml.sax.saxutils import quoteattr

from lxml import etree

from xl_automation.xlsx.guard import stored_zip
from xl_automation.xlsx.package import WORKBOOK_PART
from xl_automation.xlsx.styles import NumberFormat
from xl_automation.xlsx.unpack import CONTENT_TYPES
from xl_automation.xlsx.xml_part import MAIN, PACKAGE_RELATION, RELATION, parse_xml, to_xml

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_STRINGS, _STYLES = "sharedStrings", "styles"


def cells_only(
    sheets: Iterable[bytes],
    strings: bytes | None,
    formats: Iterable[NumberFormat],
    counts_from_1904: bool,
) -> BytesIO:
    """Return a workbook with the cells of *sheets*, which are called ``0``, ``1`` … in it.

    Args:
        sheets: Their XML.
        strings: The XML of the shared strings, None where there are none.
        formats: The number format of each style.
        counts_from_1904: Whether dates are counted from 1904.
    """
    parts = {f"worksheets/{at}": _only_cells(sheet) for at, sheet in enumerate(sheets)}
    if strings is not None:
        parts[_STRINGS] = strings
    parts[_STYLES] = _styles(list(formats))
    return stored_zip(
        {
            CONTENT_TYPES: _types(parts),
            "_rels/.rels": _relations({"officeDocument": f"/{WORKBOOK_PART}"}),
            WORKBOOK_PART: _book(parts, counts_from_1904),
            "xl/_rels/workbook.xml.rels": _relations({name: f"/xl/{name}.xml" for name in parts}),
            **{f"xl/{name}.xml": content for name, content in parts.items()},
        }
    )


def _kind(name: str) -> str:
    """Return the type of a part: ``worksheet`` of ``worksheets/0``."""
    return "worksheet" if name.startswith("worksheets/") else name


def _only_cells(sheet: bytes) -> bytes:
    """Return a worksheet's XML without anything but its cells."""
    made = etree.Element(f"{{{MAIN}}}worksheet")
    made.extend(parse_xml(sheet).findall(f"{{{MAIN}}}sheetData"))
    return to_xml(made)


def _types(parts: Iterable[str]) -> bytes:
    overrides = {WORKBOOK_PART: "sheet.main"} | {f"xl/{name}.xml": _kind(name) for name in parts}
    items = "".join(
        f'<Override PartName="/{part}" ContentType="{_TYPE}.{kind}+xml"/>'
        for part, kind in overrides.items()
    )
    rels = "application/vnd.openxmlformats-package.relationships+xml"
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        f'<Default Extension="rels" ContentType="{rels}"/>{items}</Types>'
    ).encode()


def _relations(targets: Mapping[str, str]) -> bytes:
    """Return relations, each known by the name of what it leads to."""
    items = "".join(
        f'<Relationship Id="{name.replace("/", "")}" Type="{RELATION}/{_kind(name)}"'
        f' Target="{target}"/>'
        for name, target in targets.items()
    )
    return f'<Relationships xmlns="{PACKAGE_RELATION}">{items}</Relationships>'.encode()


def _book(parts: Iterable[str], counts_from_1904: bool) -> bytes:
    sheets = "".join(
        f'<sheet name="{at}" sheetId="{at + 1}" r:id="{name.replace("/", "")}"/>'
        for at, name in enumerate(name for name in parts if _kind(name) == "worksheet")
    )
    return (
        f'<workbook xmlns="{MAIN}" xmlns:r="{RELATION}">'
        f'<workbookPr date1904="{int(counts_from_1904)}"/><sheets>{sheets}</sheets></workbook>'
    ).encode()


def _styles(formats: list[NumberFormat]) -> bytes:
    codes = {form.id: form.code for form in formats if form.code is not None}
    written = "".join(
        f'<numFmt numFmtId="{id}" formatCode={quoteattr(code)}/>' for id, code in codes.items()
    )
    styles = "".join(
        f'<xf numFmtId="{form.id}" fontId="0" fillId="0" borderId="0" xfId="0"/>'
        for form in formats or [NumberFormat(0, None)]
    )
    plain = '<xf numFmtId="0" fontId="0" fillId="0" borderId="0"/>'
    return (
        f'<styleSheet xmlns="{MAIN}"><numFmts>{written}</numFmts><fonts><font/></fonts>'
        '<fills><fill><patternFill patternType="none"/></fill></fills>'
        "<borders><border/></borders>"
        f"<cellStyleXfs>{plain}</cellStyleXfs><cellXfs>{styles}</cellXfs>"
        '<cellStyles><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    ).encode()
