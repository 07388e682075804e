"""Every hostile or broken file, by name, made in memory: no such file is kept.

``ATTACKS`` maps the name to the refusal that it must end in, and to the bytes. ``GOOD`` holds
the parts of the smallest sound workbook: most attacks change one thing of it.
"""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from functools import cache, partial
from io import BytesIO
from random import randbytes
from typing import NamedTuple
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

from xl_automation.xlsx.limits import FORM_LIMITS

_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_MAIN = f"{_TYPE}.sheet.main+xml"
TYPES, ROOT, LINKS = "[Content_Types].xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"
SHEET = "xl/worksheets/sheet1.xml"

GOOD: dict[str, str] = {
    TYPES: '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels"'
    ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_MAIN}"/>'
    f'<Override PartName="/{SHEET}" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    ROOT: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    "</Relationships>",
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    f' xmlns:r="{_OFFICE}"><sheets><sheet name="Phụ lục" sheetId="1" r:id="r1"/></sheets>'
    "</workbook>",
    LINKS: '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    "</Relationships>",
    SHEET: '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    '<sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Thịnh Đức</t></is></c>'
    '<c r="B1"><v>12.5</v></c></row></sheetData></worksheet>',
}


def packed(parts: Mapping[str, str | bytes], method: int = ZIP_DEFLATED) -> bytes:
    """Return the zip of *parts*."""
    file = BytesIO()
    with ZipFile(file, "w", method) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return file.getvalue()


def workbook(changes: Mapping[str, str | bytes] | None = None, method: int = ZIP_DEFLATED) -> bytes:
    """Return a sound workbook with some parts changed or added."""
    return packed({**GOOD, **(changes or {})}, method)


def without(*names: str) -> bytes:
    """Return a workbook that lacks some parts."""
    return packed({name: data for name, data in GOOD.items() if name not in names})


def edited(part: str, old: str, new: str) -> bytes:
    """Return a workbook with *old* replaced by *new* in one part."""
    assert old in GOOD[part]
    return workbook({part: GOOD[part].replace(old, new)})


def typed(part: str, words: str, kind: str = "application/vnd.ms-office.vbaProject") -> bytes:
    """Return a workbook with one more part, and one more content type."""
    types = GOOD[TYPES].replace("</Types>", f'<{words} ContentType="{kind}"/></Types>')
    return workbook({part: b"\xcc\x61", TYPES: types})


def with_entry(name: str, field: str, value: int, data: bytes | None = None) -> bytes:
    """Return a workbook whose zip directory lies about one entry."""
    offset, form = {
        "version": (6, "<H"),
        "flags": (8, "<H"),
        "packed": (20, "<I"),
        "size": (24, "<I"),
        "header": (42, "<I"),
    }[field]
    result = bytearray(data or workbook())
    directory = result.index(b"PK\x01\x02")
    struct.pack_into(form, result, result.index(name.encode(), directory) - 46 + offset, value)
    return bytes(result)


def renamed(old: str, new: str, data: bytes | None = None) -> bytes:
    """Return a workbook with an entry renamed, to a name as long, in the zip itself."""
    assert len(old) == len(new)
    return (data or workbook({old: "<a/>"})).replace(old.encode(), new.encode())


def _far_header() -> bytes:
    """Return a workbook whose first part starts beyond what 64 bits can say (zip64)."""
    extra = struct.pack("<HHQ", 1, 8, 1 << 63)
    data = bytearray(with_entry(TYPES, "header", 0xFFFFFFFF))
    entry, end = data.index(b"PK\x01\x02"), data.rindex(b"PK\x05\x06")
    struct.pack_into("<I", data, end + 12, end - entry + len(extra))
    struct.pack_into("<H", data, entry + 30, len(extra))
    data[entry + 46 + len(TYPES) : entry + 46 + len(TYPES)] = extra
    return bytes(data)


def _ole(stream: str) -> bytes:
    """Return what passes for an OLE file that holds *stream*."""
    magic = bytes.fromhex("D0CF11E0A1B11AE1")
    return magic + bytes(1024) + f"{stream}\0".encode("utf-16-le") + bytes(512)


def _sheet(text: str, encoding: str = "utf-8") -> bytes:
    """Return a workbook whose sheet is this very text."""
    return workbook({SHEET: text.encode(encoding)})


_LAUGHS = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
_DTD = "<!DOCTYPE a><a/>"


class Attack(NamedTuple):
    """One hostile file: the refusal it must end in, words of its reason, and its bytes."""

    code: str
    reason: str
    build: Callable[[], bytes]


ATTACKS: dict[str, Attack] = {
    # Not a workbook at all.
    "empty": Attack("not-a-workbook", "tệp rỗng", lambda: b""),
    "zeros": Attack("not-a-workbook", "tệp rỗng", lambda: bytes(5000)),
    "noise": Attack("not-a-workbook", "không rõ", lambda: b"\x01\x00\x00\x02" * 99),
    "text": Attack("not-a-workbook", "CSV", "Báo cáo CCHC".encode),
    "csv": Attack("not-a-workbook", "CSV", lambda: b"1.1,12\r\n1.2,5\r\n"),
    "csv-utf16": Attack("not-a-workbook", "CSV", lambda: "1.1\t12\r\n".encode("utf-16")),
    "csv-like-zip": Attack("not-a-workbook", "CSV", lambda: b"PK,1\n"),
    "html": Attack("not-a-workbook", "HTML", lambda: b"\xef\xbb\xbf\r\n<HTML><table>"),
    "xml-2003": Attack("not-a-workbook", "XML", lambda: b'<?xml version="1.0"?><Workbook/>'),
    "pdf": Attack("not-a-workbook", "PDF", lambda: b"%PDF-1.7\n"),
    "rar": Attack("not-a-workbook", "RAR", lambda: b"Rar!\x1a\x07\x01\x00"),
    "scan": Attack("not-a-workbook", "ảnh", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF"),
    "doc": Attack("not-a-workbook", "97–2003", lambda: _ole("WordDocument")),
    "docx": Attack(
        "not-a-workbook",
        "Word",
        lambda: edited(TYPES, "spreadsheetml.sheet.main", "wordprocessingml.document.main"),
    ),
    "pptx": Attack(
        "not-a-workbook",
        "PowerPoint",
        lambda: edited(TYPES, "spreadsheetml.sheet", "presentationml.presentation"),
    ),
    "xlsb": Attack(
        "not-a-workbook",
        ".xlsb",
        lambda: edited(TYPES, _MAIN, "application/vnd.ms-excel.sheet.binary.macroEnabled.main"),
    ),
    "ods": Attack(
        "not-a-workbook",
        ".ods",
        lambda: packed({"mimetype": "application/vnd.oasis", "content.xml": _DTD}),
    ),
    "zip-of-files": Attack("not-a-workbook", "tệp nén", lambda: packed({"a.xlsx": workbook()})),
    "zip-empty": Attack("not-a-workbook", "tệp nén", lambda: packed({})),
    "no-main-type": Attack(
        "not-a-workbook", "không có sổ", lambda: edited(TYPES, ".main+xml", ".other+xml")
    ),
    # Old or locked.
    "xls": Attack("old-format", "", lambda: _ole("Workbook")),
    "xls-95": Attack("old-format", "", lambda: _ole("Book")),
    "password": Attack("encrypted", "", lambda: _ole("EncryptedPackage")),
    "zip-password": Attack("encrypted", "", lambda: with_entry(SHEET, "flags", 1)),
    "zip-strong-password": Attack("encrypted", "", lambda: with_entry(SHEET, "flags", 0x41)),
    # Macros.
    "xlsm": Attack(
        "has-macros",
        "",
        lambda: edited(TYPES, _MAIN, "application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
    ),
    "xlsm-escaped": Attack(
        "has-macros",
        "",
        lambda: edited(TYPES, _MAIN, "application/vnd.ms-excel.sheet.macro&#69;nabled.main+xml"),
    ),
    "vba-part": Attack("has-macros", "", lambda: workbook({"xl/VBAPROJECT.BIN": b"\xcc\x61"})),
    "vba-type": Attack("has-macros", "", lambda: typed("a.dat", 'Default Extension="DAT"')),
    "vba-type-of-one-part": Attack(
        "has-macros", "", lambda: typed("xl/a.dat", 'Override PartName="/XL/%61.dat"')
    ),
    "vba-type-of-both": Attack(
        "has-macros", "", lambda: typed("a.dat", 'Default PartName="/b.dat" Extension="dat"')
    ),
    "vba-type-of-nothing": Attack("has-macros", "", lambda: typed("a.dat", "Override")),
    "vba-link": Attack(
        "has-macros",
        "",
        lambda: edited(
            LINKS,
            "</Rel",
            '<Relationship Id="r9" ContentType="x" Target="a.dat"'
            ' Type="http://schemas.microsoft.com/office/2006/relationships/vbaProject"/></Rel',
        ),
    ),
    "macro-sheet": Attack("has-macros", "", lambda: workbook({"xl/macrosheets/s.xml": "<a/>"})),
    "macro-sheet-type": Attack(
        "has-macros",
        "",
        lambda: edited(TYPES, f"{_TYPE}.worksheet+xml", "application/vnd.ms-excel.macrosheet+xml"),
    ),
    "macro-sheet-link": Attack(
        "has-macros",
        "",
        lambda: edited(
            LINKS,
            f"{_OFFICE}/worksheet",
            "http://schemas.microsoft.com/office/2006/relationships/xlMacrosheet",
        ),
    ),
    # Too much.
    "heavy": Attack("too-large", "", lambda: workbook().ljust(FORM_LIMITS.file + 1, b"\0")),
    "bomb": Attack("zip-bomb", "sheet1.xml", lambda: workbook({SHEET: bytes(64 << 20)})),
    "bomb-picture": Attack("zip-bomb", "a.png", lambda: workbook({"a.png": bytes(16 << 20)})),
    "bomb-in-pieces": Attack(
        "zip-bomb", "xl/", lambda: workbook({f"xl/{n}": bytes(100_000) for n in range(200)})
    ),
    "bomb-of-parts": Attack(
        "zip-bomb", "2000 phần", lambda: workbook({f"xl/{n}": b"" for n in range(2000)}, ZIP_STORED)
    ),
    # XML that attacks its reader.
    "billion-laughs": Attack(
        "unsafe-xml",
        "DTD",
        lambda: _sheet(f'<!DOCTYPE a [<!ENTITY a0 "ha">{_LAUGHS}]><a>&a9;</a>'),
    ),
    "quadratic-blowup": Attack(
        "unsafe-xml",
        "DTD",
        lambda: _sheet(f'<!DOCTYPE a [<!ENTITY b "{"b" * 9999}">]><a>{"&b;" * 9999}</a>'),
    ),
    "external-entity": Attack(
        "unsafe-xml",
        "DTD",
        lambda: _sheet('<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>'),
    ),
    "external-dtd": Attack(
        "unsafe-xml", "DTD", lambda: _sheet('<!DOCTYPE a SYSTEM "http://example.org/a.dtd"><a/>')
    ),
    "parameter-entity": Attack(
        "unsafe-xml",
        "DTD",
        lambda: _sheet('<!DOCTYPE a [<!ENTITY % b SYSTEM "http://example.org/b">%b;]><a/>'),
    ),
    "bare-dtd": Attack("unsafe-xml", "DTD", lambda: _sheet(_DTD)),
    "dtd-late": Attack("unsafe-xml", "DTD", lambda: _sheet("<!-- x -->\n" * 9999 + _DTD)),
    "dtd-utf16": Attack("unsafe-xml", "DTD", lambda: _sheet(_DTD, "utf-16")),
    "dtd-utf16-be": Attack("unsafe-xml", "DTD", lambda: _sheet("\ufeff" + _DTD, "utf-16-be")),
    "dtd-utf16-no-bom": Attack("unsafe-xml", "DTD", lambda: _sheet(_DTD, "utf-16-le")),
    "dtd-utf7": Attack(
        "unsafe-xml",
        "bảng mã",
        lambda: _sheet('<?xml version="1.0" encoding="utf-7"?>+ADw-!DOCTYPE a+AD4-<a/>'),
    ),
    "dtd-utf32": Attack("unreadable", "XML lỗi", lambda: _sheet(_DTD, "utf-32-le")),
    "dtd-ebcdic": Attack(
        "unreadable",
        "XML lỗi",
        lambda: workbook(
            {"a.bin": f'<?xml version="1.0" encoding="cp037"?>{_DTD}'.encode("cp037")}
        ),
    ),
    "encoding-unknown": Attack(
        "unsafe-xml", "bảng mã", lambda: _sheet('<?xml version="1.0" encoding="no-such"?><a/>')
    ),
    "dtd-in-types": Attack(
        "unsafe-xml", "DTD", lambda: workbook({TYPES: "<!DOCTYPE Types>" + GOOD[TYPES]})
    ),
    "dtd-in-links": Attack("unsafe-xml", "DTD", lambda: workbook({"xl/_rels/a.RELS": _DTD})),
    "dtd-in-drawing": Attack("unsafe-xml", "DTD", lambda: workbook({"xl/a.vml": f"{_DTD}<br>"})),
    "dtd-in-picture": Attack("unsafe-xml", "DTD", lambda: workbook({"a.png": " " * 5000 + _DTD})),
    "nesting": Attack("unsafe-xml", "lồng", lambda: _sheet("<a>" * 101 + "</a>" * 101)),
    "nesting-endless": Attack("unsafe-xml", "lồng", lambda: _sheet("<a>" * 99999)),
    "attribute-long": Attack("unsafe-xml", "thẻ dài", lambda: _sheet(f'<a b="{"c" * 2**21}"/>')),
    "elements-many": Attack("unsafe-xml", "quá nhiều", lambda: _sheet(f"<a>{'<b/>' * 10**6}</a>")),
    # Broken, or made to be read in two ways.
    "truncated": Attack("unreadable", "tệp nén bị lỗi", lambda: workbook()[:-30]),
    "half": Attack("unreadable", "tệp nén bị lỗi", lambda: workbook()[:700]),
    "wrong-crc": Attack(
        "unreadable",
        "tệp nén bị lỗi",
        lambda: workbook(method=ZIP_STORED).replace(b"<v>12.5</v>", b"<v>99.5</v>"),
    ),
    "size-too-small": Attack("unreadable", "tệp nén bị lỗi", lambda: with_entry(SHEET, "size", 9)),
    "size-too-big": Attack("unreadable", "kích thước", lambda: with_entry(SHEET, "size", 9999)),
    "bomb-declared-small": Attack(
        "unreadable",
        "tệp nén bị lỗi",
        lambda: with_entry(SHEET, "size", 9, workbook({SHEET: bytes(16 << 20)})),
    ),
    "size-beyond-the-file": Attack(
        "unreadable",
        "tệp nén bị lỗi",
        lambda: with_entry(
            SHEET, "size", 9999, with_entry(SHEET, "packed", 9999, workbook(method=ZIP_STORED))
        ),
    ),
    "zip-of-the-future": Attack(
        "unreadable", "tệp nén bị lỗi", lambda: with_entry(SHEET, "version", 255)
    ),
    "name-not-utf8": Attack(
        "unreadable",
        "tệp nén bị lỗi",
        lambda: workbook({"xl/ảnh.xml": "<a/>"}).replace("ả".encode(), b"\xff\xff\xff"),
    ),
    "name-other-than-in-directory": Attack(
        "unreadable",
        "tệp nén bị lỗi",
        lambda: workbook().replace(SHEET.encode(), SHEET.replace("1", "2").encode(), 1),
    ),
    "offset-beyond-64-bits": Attack("unreadable", "tệp nén bị lỗi", _far_header),
    "same-name-twice": Attack(
        "unreadable", "trùng tên", lambda: renamed("xl/worksheets/sheet2.xml", SHEET)
    ),
    "same-name-in-capitals": Attack(
        "unreadable", "trùng tên", lambda: workbook({"XL/Worksheets/Sheet1.XML": "<a/>"})
    ),
    "same-name-backslash": Attack(
        "unreadable", "trùng tên", lambda: workbook({SHEET.replace("/", "\\"): "<a/>"})
    ),
    "overlapping": Attack("unreadable", "chồng", lambda: with_entry(SHEET, "header", 10)),
    "path-up": Attack(
        "unreadable", "tên không hợp lệ", lambda: workbook({"xl/../../a.xml": "<a/>"})
    ),
    "path-up-backslash": Attack(
        "unreadable", "tên không hợp lệ", lambda: workbook({"..\\a.xml": "<a/>"})
    ),
    "path-absolute": Attack("unreadable", "tên không hợp lệ", lambda: workbook({"/etc/a": "a"})),
    "path-drive": Attack("unreadable", "tên không hợp lệ", lambda: workbook({"C:\\a.xml": "<a/>"})),
    "path-nul": Attack("unreadable", "tên không hợp lệ", lambda: renamed("xl/a.xml", "xl/\0.xml")),
    "path-escape-codes": Attack(
        "unreadable", "tên không hợp lệ", lambda: workbook({"xl/\x1b[2J.xml": "<a/>"})
    ),
    "bzip2": Attack("unreadable", "cách lạ", lambda: workbook(method=ZIP_BZIP2)),
    "lzma": Attack("unreadable", "cách lạ", lambda: workbook(method=ZIP_LZMA)),
    "no-types": Attack("unreadable", "thiếu [Content_Types].xml", lambda: without(TYPES)),
    "no-root-links": Attack("unreadable", "thiếu sổ", lambda: without(ROOT)),
    "no-workbook-part": Attack("unreadable", "thiếu sổ", lambda: without("xl/workbook.xml")),
    "root-elsewhere": Attack(
        "ambiguous",
        "xl/other.xml",
        lambda: workbook(
            {ROOT: GOOD[ROOT].replace("xl/workbook", "xl/other"), "xl/other.xml": "<workbook/>"}
        ),
    ),
    "root-twice": Attack(
        "ambiguous",
        "xl/other.xml",
        lambda: workbook(
            {
                ROOT: GOOD[ROOT].replace(
                    "</Rel",
                    f'<Relationship Id="r2" Type="{_OFFICE}/officeDocument" Target="xl/other.xml"/>'
                    "</Rel",
                ),
                "xl/other.xml": "<workbook/>",
            }
        ),
    ),
    "part-of-17-MB": Attack(
        "zip-bomb",
        "16 MB",
        lambda: workbook({SHEET: f"<a>{'b' * (17 << 20)}</a>", "a.png": randbytes(200_000)}),
    ),
    "parts-many-elements": Attack(
        "unsafe-xml",
        "quá nhiều",
        lambda: workbook({f"xl/{n}.rels": f"<a>{'<b/>' * 99_999}</a>" for n in range(20)}),
    ),
    "ill-formed": Attack("unreadable", "XML lỗi", lambda: _sheet("<a><b></a>")),
    "ill-formed-empty": Attack("unreadable", "XML lỗi", lambda: _sheet("")),
    "ill-formed-entity": Attack("unreadable", "XML lỗi", lambda: _sheet("<a>&b;</a>")),
    "ill-formed-prefix": Attack("unreadable", "XML lỗi", lambda: _sheet("<x:a/>")),
    "ill-formed-utf8": Attack("unreadable", "XML lỗi", lambda: _sheet("<a>xã</a>", "latin-1")),
}


# --- of a form ---------------------------------------------------------------------------------
#
# These pass for a workbook, and for the form too until its cells are read.

FIGURE, ABOVE = "D10", "D9"  # a cell for a figure, and the one above it
STYLES, STRINGS, BOOK = "xl/styles.xml", "xl/sharedStrings.xml", "xl/workbook.xml"
_MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


@cache
def _issued() -> tuple[Mapping[str, bytes], str]:
    """Return the parts of the form as issued, and which of them is its sheet."""
    from tests.support import builders  # builds the form: not for those who only want the others
    from xl_automation.xlsx.package import read_parts, sheet_parts

    parts = read_parts(builders.blank())
    return parts, sheet_parts(parts)[builders.FORM.sheet]


def issued(
    changes: Mapping[str, Callable[[str], str]], more: Mapping[str, bytes] | None = None
) -> bytes:
    """Return the form as issued with some parts changed and *more* added.

    ``""`` is the form's sheet.
    """
    parts, page = _issued()
    changed = {name or page: change for name, change in changes.items()}
    texts = {name: change(parts[name].decode()) for name, change in changed.items()}
    assert all(text.encode() != parts[name] for name, text in texts.items())
    return packed({**parts, **texts, **(more or {})})


def with_cell(xml: str, cell: str = FIGURE) -> bytes:
    """Return the form as issued with another cell in place of one."""
    pattern = rf'<c r="{cell}"[^<>]*?(?:/>|>.*?</c>)'
    return issued({"": lambda text: re.sub(pattern, lambda _: xml, text, count=1)})


def replaced(part: str, old: str, new: str, more: Mapping[str, bytes] | None = None) -> bytes:
    """Return the form as issued with the first *old* in a part replaced by *new*."""
    return issued({part: lambda text: text.replace(old, new, 1)}, more)


def _value(value: str, type: str = "n") -> Callable[[], bytes]:
    return partial(with_cell, f'<c r="{FIGURE}" t="{type}"><v>{value}</v></c>')


def _format(id: str, code: str = "") -> Callable[[], bytes]:
    """Return what makes a form whose first style has another number format."""
    known = f'<numFmts count="1"><numFmt numFmtId="{id}" formatCode="{code}"/></numFmts>'

    def change(text: str) -> str:
        text = re.sub("<numFmts.*?</numFmts>", known if code else "", text)
        return re.sub('(<cellXfs[^<>]*><xf numFmtId=)"0"', rf'\1"{id}"', text)

    return partial(issued, {STYLES: change})


def _page_twice(second: str) -> bytes:
    """Return the form with another sheet, called *second*, before its own."""
    return replaced(BOOK, "<sheets>", f'<sheets><sheet name="{second}" sheetId="99" r:id="rId1"/>')


WRONG_NUMBERS = {
    "underscore": "1_0", "arabic": "\u0661\u0660", "fullwidth": "\uff11\uff10",
    "hexadecimal": "0x10",
    "nan": "nan", "infinity": "inf", "overflow": "1e400", "blank": " ", "words": "abc",
    "comma": "1,5", "two-signs": "--1", "no-break-space": "\u00a01",
}  # fmt: skip
WRONG_INDEXES = {
    "last": "-1", "beyond": "99999", "fraction": "1.0", "signed": "+1", "zero-led": "01",
    "underscore": "1_0", "arabic": "\u0661", "spaced": " 1", "words": "abc",
}  # fmt: skip
_LONG = "[1]" * 133  # as long as a shared formula may be to be written out, and slow at that
OF_READER: dict[str, Attack] = {
    # Values that are not what they say.
    **{
        f"number-{name}": Attack("unreadable", f"{FIGURE} phải là số", _value(text))
        for name, text in WRONG_NUMBERS.items()
    },
    **{
        f"string-{name}": Attack("unreadable", "chữ", _value(text, "s"))
        for name, text in WRONG_INDEXES.items()
    },
    "number-of-a-formula": Attack(
        "unreadable",
        f"{FIGURE} phải là số",
        partial(with_cell, f'<c r="{FIGURE}"><f>10+10</f><v>abc</v></c>'),
    ),
    "number-far-out": Attack(
        "unreadable", "1000 phải là số", partial(
            replaced, "", "</sheetData>",
            '<row r="1000"><c r="A1000"><v>x</v></c></row></sheetData>',
        ),
    ),
    "truth-2": Attack("unreadable", FIGURE, _value("2", "b")),
    "truth-word": Attack("unreadable", FIGURE, _value("true", "b")),
    "type-unknown": Attack("unreadable", FIGURE, _value("7", "q")),
    "type-day": Attack("unreadable", FIGURE, _value("2022-06-14", "d")),
    "style-beyond": Attack(
        "unreadable", "kiểu ô", partial(with_cell, f'<c r="{FIGURE}" s="99999"><v>7</v></c>')
    ),
    "style-negative": Attack(
        "unreadable", "kiểu ô", partial(with_cell, f'<c r="{FIGURE}" s="-1"><v>7</v></c>')
    ),
    "element-in-a-value": Attack("unreadable", "phần tử lạ", _value("1<x/>8")),
    "text-in-a-cell": Attack(
        "unreadable", "chữ ngoài", partial(with_cell, f'<c r="{FIGURE}">8</c>')
    ),
    # Two meanings: which of them a program takes is its own affair.
    "cell-twice": Attack(
        "ambiguous",
        "D10 ghi hai lần",
        partial(with_cell, '<c r="D10"><v>1</v></c><c r="D10"><v>2</v></c>'),
    ),
    "cells-out-of-order": Attack(
        "ambiguous", "sai thứ tự", partial(with_cell, '<c r="H10"/><c r="D10"><v>2</v></c>')
    ),
    "cell-in-another-row": Attack(
        "ambiguous", "D11", partial(with_cell, '<c r="D11"><v>2</v></c>')
    ),
    "cell-in-small-letters": Attack(
        "ambiguous", "d10", partial(with_cell, '<c r="d10"><v>2</v></c>')
    ),
    "row-twice": Attack(
        "ambiguous",
        "hàng 10 ghi hai lần",
        partial(
            with_cell,
            '<c r="D10"><v>1</v></c></row><row r="10"><c r="D10"><v>2</v></c></row><row r="10">',
        ),
    ),
    "rows-out-of-order": Attack(
        "ambiguous", "hàng 1 ghi hai lần", partial(
            replaced, "", "</sheetData>", '<row r="1"><c r="D1"/></row></sheetData>'
        ),
    ),
    "value-twice": Attack(
        "ambiguous", "“v”", partial(with_cell, '<c r="D10"><v>1</v><v>2</v></c>')
    ),
    "value-and-text": Attack(
        "ambiguous", "D10",
        partial(with_cell, '<c r="D10" t="inlineStr"><v>1</v><is><t>2</t></is></c>'),
    ),
    "sheet-data-twice": Attack(
        "ambiguous", "“sheetData”", partial(
            replaced, "", "</sheetData>",
            '</sheetData><sheetData><row r="10"><c r="D10"><v>2</v></c></row></sheetData>',
        ),
    ),
    "sheet-data-in-a-choice": Attack(
        "ambiguous", "“sheetData”", partial(
            replaced, "", "</sheetData>",
            f'</sheetData><a:AlternateContent xmlns:a="{_MC}"><a:Choice Requires="a"><sheetData/>'
            "</a:Choice></a:AlternateContent>",
        ),
    ),
    "cell-in-a-choice": Attack(
        "unreadable", "AlternateContent", partial(
            with_cell,
            f'<a:AlternateContent xmlns:a="{_MC}"><a:Choice Requires="a"><c r="D10"><v>1</v></c>'
            "</a:Choice></a:AlternateContent>",
        ),
    ),
    "relation-twice": Attack(
        "ambiguous", "hai liên kết số “rId1”", partial(
            replaced, LINKS, "</Relationships>",
            f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet2.xml"/>'
            "</Relationships>",
        ),
    ),
    "strings-twice": Attack(
        "ambiguous", "hai phần “sharedStrings”", partial(
            replaced, LINKS, "</Relationships>",
            f'<Relationship Id="x" Type="{_OFFICE}/sharedStrings" Target="styles.xml"/>'
            "</Relationships>",
        ),
    ),
    "sheet-name-twice": Attack("ambiguous", "hai sheet", partial(_page_twice, "Phụ lục")),
    "sheet-name-in-capitals": Attack("ambiguous", "hai sheet", partial(_page_twice, "PHỤ LỤC")),
    "name-twice": Attack(
        "ambiguous", "hai tên", partial(
            replaced, BOOK, "</definedNames>",
            "<definedName name=\"CT_1.1.A\">'Phụ lục'!$D$11</definedName></definedNames>",
        ),
    ),
    "names-twice": Attack(
        "ambiguous", "“definedNames”", partial(
            replaced, BOOK, "</definedNames>", "</definedNames><definedNames/>"
        ),
    ),
    "formats-twice": Attack(
        "ambiguous", "hai định dạng số", partial(
            replaced, STYLES, "</numFmts>", '<numFmt numFmtId="164" formatCode="0%"/></numFmts>'
        ),
    ),
    "styles-twice": Attack(
        "ambiguous", "“cellXfs”", partial(
            replaced, STYLES, "<cellXfs ", '<cellXfs><xf numFmtId="9"/></cellXfs><cellXfs '
        ),
    ),
    "format-of-a-known-number": Attack("ambiguous", "định dạng số 9", _format("9", "0.0")),
    **{
        f"format-number-{name}": Attack("unreadable", "định dạng số", _format(id))
        for name, id in {"zero-led": "09", "signed": "+9", "spaced": " 9 ", "low": "0_9"}.items()
    },
    # Small files that would take long.
    "format-of-brackets": Attack("unreadable", "255", _format("164", "[" * 100_000)),
    "shared-formula-long": Attack(
        "unreadable", FIGURE,
        lambda: with_cell(
            f'<c r="D10"><f t="shared" si="0" ref="D10:D99">{"+1" * 250_000}</f></c>'
        ),
    ),
    "shared-formula-of-nobody": Attack(
        "unreadable", FIGURE, partial(with_cell, '<c r="D10"><f t="shared" si="7"/></c>')
    ),
    "shared-formula-twice": Attack(
        "ambiguous", "số 0", partial(
            with_cell,
            '<c r="D10"><f t="shared" si="0" ref="D10">1</f></c>'
            '<c r="E10"><f t="shared" si="0" ref="E10">2</f></c>',
        ),
    ),
    "shared-formula-of-many": Attack(
        "unreadable", "quá nhiều ô", partial(
            replaced, "", "</sheetData>",
            f'<row r="500"><c r="D500"><f t="shared" si="0" ref="D500:D999">{_LONG}</f></c></row>'
            + "".join(
                f'<row r="{row}"><c><f t="shared" si="0"/></c><c><f t="shared" si="0"/></c></row>'
                for row in range(501, 1000)
            )
            + "</sheetData>",
        ),
    ),
    **{
        f"cells-in-a-{name}": Attack(
            "unreadable", "chữ ngoài",
            partial(replaced, "", "<sheetData>", f"<sheetData>{start}{'<c ' * 100_000}{end}x"),
        )
        for name, (start, end) in {
            "comment": ("<!-- ", " -->"),
            "cdata": ("<![CDATA[", "]]>"),
            "instruction": ("<?a ", "?>"),
        }.items()
    },
    "text-of-11-MB": Attack(
        "unreadable", "phải là số", lambda: _value("a" * (11 << 20))()
    ),
    "name-of-60000-letters": Attack(
        "unreadable", "phần tử lạ", lambda: with_cell(f"<{'a' * 60_000}/>")
    ),
    "namespace-odd": Attack(
        "unreadable", "XML lỗi", partial(with_cell, '<a:c xmlns:a="\t:%%" r="D10"/>')
    ),
}  # fmt: skip
ATTACKS |= OF_READER
