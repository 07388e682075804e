"""A Word template once it is filled: well-formed, and no danger to whoever opens it.

A field is code of Word's. Most only show what is in the document; some fetch or start something.
They are looked at when the report is filled, since commands choose what stands in it.
"""

from __future__ import annotations

import re

from lxml import etree

from xl_automation.xlsx.word_guard import PARAGRAPH, ROW, TEXT, WORD, bad_template, short
from xl_automation.xlsx.xml_part import parse_xml, to_xml

FIELDS = {
    *("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TOC", "PAGEREF", "REF", "NOTEREF", "SEQ"),
    *("STYLEREF", "HYPERLINK", "DATE", "TIME", "CREATEDATE", "SAVEDATE", "PRINTDATE", "TITLE"),
}
# Fields by the names of their elements alone: another namespace hides none.
_CHARACTER, _SIMPLE, _CODES = "{*}fldChar", "{*}fldSimple", ("{*}instrText", "{*}delInstrText")
_KIND, _CODE = f"{{{WORD}}}fldCharType", f"{{{WORD}}}instr"
_NAME = re.compile(r"\s*([A-Za-z]+)(?![A-Za-z0-9_])")
_TABLE = f"{{{WORD}}}tbl"
_HOLDERS = [
    f"{{{WORD}}}{name}" for name in ("tc", "hdr", "ftr", "footnote", "endnote", "txbxContent")
]
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_OLD_DRAWING = "{urn:schemas-microsoft-com:vml}*"


def filled_part(text: str) -> bytes:
    """Return a part that was filled, with what Word cannot do without.

    Raises:
        Refusal: If it is no XML.
    """
    root = parse_xml(text.encode())
    for table in list(root.iter(_TABLE)):
        place = table.getparent()
        if place is not None and table.find(f".//{ROW}") is None:
            place.remove(table)
    for holder in root.iter(*_HOLDERS):
        if not len(holder) or holder[-1].tag == _TABLE:
            etree.SubElement(holder, PARAGRAPH)
    for number, drawing in enumerate(root.iter(_DRAWING), 1):
        drawing.set("id", str(number))  # one that was repeated has the same
    return to_xml(root)


def check_filled(content: bytes) -> None:
    """Refuse a part that fetches or starts something.

    Raises:
        Refusal: With the name of the field that does.
    """
    root = parse_xml(content)
    if next(root.iter("{*}mailMerge"), None) is not None:
        raise bad_template("có nguồn trộn thư")
    if any(drawing.get("src") for drawing in root.iter(_OLD_DRAWING)):
        raise bad_template("có hình lấy từ ngoài")
    _check_fields(root)


def _check_fields(root: etree._Element) -> None:
    codes: list[str | None] = []  # of the fields that are open; None once the result has begun
    for element in root.iter(_CHARACTER, _SIMPLE, *_CODES, TEXT):
        code, kind = codes[-1] if codes else None, element.get(_KIND)
        match etree.QName(element).localname:
            case "fldSimple" if code is None:
                _check_code(element.get(_CODE))
            case "fldChar" if kind == "begin" and code is None and not len(element):
                codes.append("")
            case "fldChar" if kind == "separate" and code is not None:
                _check_code(code)
                codes[-1] = None
            case "fldChar" if kind == "end" and codes:
                if code is not None:
                    _check_code(code)
                codes.pop()
            case "instrText" | "delInstrText" if code is not None:
                codes[-1] = code + (element.text or "")
            case "t" if code is None or not element.text:
                pass
            case _:
                raise bad_template("có trường Word lồng trong mã trường, hay thiếu đầu, thiếu đuôi")
    if codes:
        raise bad_template("có trường Word thiếu đuôi")


def _check_code(code: str | None) -> None:
    """Refuse the code of a field that is none of the harmless ones."""
    name = _NAME.match(code or "")
    if name is None or name[1].upper() not in FIELDS:
        raise bad_template(f"có trường Word “{short(code or '')}”")
