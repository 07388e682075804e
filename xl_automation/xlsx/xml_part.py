"""The XML parts of an Office file: parsed without entities, written as Office writes them."""

from __future__ import annotations

from lxml import etree

from xl_automation.xlsx.refusal import damaged

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE_RELATION = "http://schemas.openxmlformats.org/package/2006/relationships"


def parse_xml(content: bytes) -> etree._Element:
    """Return the root of an XML part; entities and network are off.

    Raises:
        Refusal: If it is not XML within the limits of the parser.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise damaged("XML không đọc được") from error


def to_xml(root: etree._Element) -> bytes:
    """Return an XML part as Office writes it."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
