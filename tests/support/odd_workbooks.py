"""Workbooks as programs and people might leave them, without end: odd inside and out, or broken.

Everything is drawn from a seeded generator: the same seed gives the same workbooks.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from io import BytesIO
from random import Random

import openpyxl
from openpyxl.workbook import Workbook

from xl_automation.forms.form import Form
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import read_parts, sheet_parts, zip_parts

Parts = dict[str, bytes]

# --- what people type --------------------------------------------------------------------------

TEXTS = (
    *(
        "-",
        "abc",
        "07",
        "4.860",
        "4.860.000",
        "58,85",
        "58,85 %",
        "1.2.3,4",
        " 12 ",
        "0",
        "00",
        "-5",
    ),
    *("\u00a0126\u00a0", "6 692", "=1+1", "'5", "TRUE", "#DIV/0!", "12\n13", "a\tb", "<&>\"'"),
    *("x005F_", "_x000D_", "_x005F_x000D_", "&amp;", "&#10;", "Đức – “xã” ✓", "😀", "a" * 300, ""),
    *("kh«ng cã", "Khoâng coù", "b\xb8o c\xb8o"),
)
NUMBERS = (0, 1, -1, 3718, 12.5, 81.75, 0.95, 1e-7, 1.5e21, 2**53, 44726, 44726.4, 59, 60, 61, -5)
DAYS = (date(2022, 6, 14), datetime(2022, 6, 14, 9, 30), time(20, 0), timedelta(hours=30))
FORMATS = (
    *("General", "0", "0%", "0.00%", "#,##0", "@", "dd/mm/yyyy", "d/m", "h:mm", "[h]:mm", '0" %"'),
    *("_(* #,##0_);_(* (#,##0)", '0" ngày"', "0;[Red]-0", "[$-42A]dd/mm/yyyy", "yyyy\\-mm"),
)


def put_anything(random: Random, book: Workbook, form: Form) -> None:
    """Type into some cells of a form whatever people type, as whatever their programs show it."""
    page, info = book[form.sheet], book[positions.INFO_SHEET]
    layout = Layout(form)
    cells = [page[layout.cell(id)] for id in (*form.by_id, *form.helper_ids)]
    cells += [page[f"{positions.NOTE}{row}"] for row in layout.rows.values()]
    cells += [page[f"{positions.PREVIOUS}{row}"] for row in layout.rows.values()]
    cells += [info[positions.info_cell(name)] for name in positions.INFO_ROWS]
    cells += [book[layout.place(id).sheet][layout.cell(id)] for id in form.table_inputs]
    for cell in random.sample(cells, random.randint(0, 12)):
        cell.value = random.choice(random.choice((TEXTS, NUMBERS, NUMBERS, DAYS, (True, None))))
        if random.random() < 0.3:
            cell.number_format = random.choice(FORMATS)
        if random.random() < 0.1:
            cell.value, cell.data_type = random.choice(("#REF!", "#N/A", "#ODD")), "e"


# --- how programs write it ---------------------------------------------------------------------

ODD_CELLS = (
    *('<c r="{r}"><v>8</v></c>', '<c r="{r}" t="n"><v>8.50</v></c>', '<c r="{r}"><v>8E-2</v></c>'),
    *('<c r="{r}"><v> 8 </v></c>', '<c r="{r}"><v>x</v></c>', '<c r="{r}"><v>1e999</v></c>'),
    *('<c r="{r}"><v/></c>', '<c r="{r}"><v></v></c>', '<c r="{r}"></c>', '<c r="{r}"/>'),
    *('<c r="{r}" t="s"><v>3</v></c>', '<c r="{r}" t="s"><v>99999</v></c>', "<c><v>7</v></c>"),
    *('<c r="{r}" t="s"><v>-1</v></c>', '<c r="{r}" t="s"/>', '<c r="{r}" t="b"><v>1</v></c>'),
    *('<c r="{r}" t="b"><v>0</v></c>', '<c r="{r}" t="b"><v>true</v></c>'),
    *('<c r="{r}" t="e"><v>#N/A</v></c>', '<c r="{r}" t="e"/>', '<c r="{r}" t="str"><v>a</v></c>'),
    *('<c r="{r}" t="str"><v>a&amp;b&#10;&#7909;</v></c>',),
    *('<c r="{r}" t="str"><v>&#128516;</v></c>',),
    *('<c r="{r}" t="str"><v>&bad;</v></c>', '<c r="{r}" t="str"><v>&#0;</v></c>'),
    *('<c r="{r}" t="str"><v>&#150;&#xE9;</v></c>', '<c r="{r}" t="str"><v>]]></v></c>'),
    *('<c r="{r}" t="str"><v>a\r\nb</v></c>', '<c r="{r}" t="str"><v>a\x01b</v></c>'),
    *('<c r="{r}" t="str"><v>a\ufffeb</v></c>', '<c r="{r}" t="str"><v><![CDATA[7]]></v></c>'),
    *('<c r="{r}" t="str"><v>7<!-- x --></v></c>', '<!-- <c r="{r}"><v>7</v></c> -->'),
    *('<c r="{r}" t="d"><v>2022-06-14</v></c>', '<c r="{r}" t="q"><v>7</v></c>'),
    *('<c r="{r}" t="inlineStr"><is><t>a</t></is></c>', '<c r="{r}" t="inlineStr"/>'),
    *('<c r="{r}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>',),
    *('<c r="{r}" t="inlineStr"><v>7</v></c>', '<c r="{r}"><is><t>a</t></is></c>'),
    *('<c r="{r}"><f>4+4</f><v>8</v></c>', '<c r="{r}"><f>4+4</f></c>', '<c r="{r}"><f/></c>'),
    *('<c r="{r}" t="str"><f>"a"</f><v>a</v></c>', '<c r="{r}" t="e"><f>1/0</f><v>#DIV/0!</v></c>'),
    *('<c r="{r}"><f>1+1</f><v>abc</v></c>',),
    *('<c r="{r}"><f t="array" ref="{r}">1+1</f><v>2</v></c>',),
    *('<c r="{r}"><f t="shared" si="0" ref="{r}">1+1</f><v>2</v></c>',),
    *('<c r="{r}"><f t="shared" si="7"/><v>2</v></c>',),
    *('<c r="{r}"><f ca="1">NOW()</f><v>44726</v></c>',),
    *("<c r='{r}'><v>7</v></c>", '<c  r="{r}" ><v>7</v></c>', '<c t="n" r="{r}"><v>7</v></c>'),
    *('<x:c xmlns:x="{main}" r="{r}"><x:v>7</x:v></x:c>', '<y:c r="{r}"/>', '<c r="{r}"><v>7</c>'),
    *('<c r="{r}"><v>7</v></c><c r="{r}"><v>9</v></c>', '<c r="ZZ9"><v>1</v></c>', "<c r=\"d1\"/>"),
    *('<c r="XFD1048576"><v>1</v></c>', '<c r="{r}" s="99999"><v>7</v></c>', '<c r="{r}" s="x"/>'),
    *('<c r="{r}" s="1" s="2"><v>7</v></c>', '<c r="{r}" cm="1"><v>7</v></c>'),
    *('<c r="{r}"><v>7</v><extLst/></c>', '<c r="{r}"><v>7</v><v>8</v></c>', '<c r="{r}">7</c>'),
    *('<c r="{r}"><v>1<!---->8</v></c>', '<c r="{r}"><v>67&#56;</v></c>'),
    *('<c r="{r}"><v>1<?a b?>8</v></c>', '<c r="{r}"><v><![CDATA[18]]></v></c>'),
    *('<c r = "{r}" t = "e"><v>#N/A</v></c>', '<c r="{r}"><v>1_0</v></c>'),
    *('<c r="{r}"><v>nan</v></c>',),
    *('<c r="{r}"><v>\u0661\u0660</v></c>', '<c r="{r}"><v>0x10</v></c>'),
    *('<c r="{r}"><v>1e308</v></c>',),
    *('<c r="{r}" t="s"><v>+1</v></c>', '<c r="{r}" t="s"><v>01</v></c>'),
    *('<c r="{r}" t="s"><v>1.0</v></c>',),
    *('<c r="{r}" t="b"><v>2</v></c>', '<c r="{r}" s="-1"><v>7</v></c>'),
    *('<c r="{r}"><v>.5</v></c>',),
    *('<c r="{r}" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>',),
    *('<c r="{r}" t="n"><is><t></t></is><v>5</v></c>', '<c r="{r}" t="e"><f>"a</f><v>#N/A</v></c>'),
    *("&amp;", "text", "<row r=\"3\"/>", "</row><row r=\"2\">", "</sheetData>", "<sheetData>"),
)  # fmt: skip
_CELL = re.compile(rb'<c r="([A-Z]+[0-9]+)"[^<>]*?(?:/>|>.*?</c>)', re.DOTALL)
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def odd_cell(random: Random, content: bytes) -> bytes:
    """Write one cell in another way."""
    found = list(_CELL.finditer(content))
    if not found:
        return content
    place = random.choice(found)
    xml = random.choice(ODD_CELLS).format(r=place[1].decode(), main=MAIN)
    return content[: place.start()] + xml.encode() + content[place.end() :]


def other_words(random: Random, content: bytes) -> bytes:
    """Replace one kind of thing, everywhere."""
    old, new = random.choice(
        (
            (rb'"', b"'"), (rb"<v>([0-9]+)</v>", rb"<v>\1.0</v>"), (rb' r="[A-Z]+[0-9]+"', b""),
            (rb"<row [^<>]*>", b"<row>"), (rb'<row r="', b'<row ht="9" r="'), (rb">", b" >"),
            (rb"/>", b" />"), (rb"></", b">\n </"), (rb"<c ", b"\n  <c "), (rb"<v>", b"<v >"),
            (rb' t="s"', b' t="n"'), (rb' t="s"', b""), (rb' s="[0-9]+"', b""),
            (rb' s="[0-9]+"', b' s="0"'),
            (rb"<si><t>([^<]*)</t></si>", rb"<si><r><t>\1</t></r></si>"),
            (rb"<t>", b'<t xml:space="preserve">'), (rb"<si>", b"<si><phoneticPr/>"),
            (rb"\?>", b"?>\r\n"), (rb"UTF-8", b"utf-8"), (rb"<\?xml.*?\?>", b""),
            (rb"^", b"\xef\xbb\xbf"), (rb"spreadsheetml/2006/main", b"spreadsheetml/x"),
            (rb"</sheetData>", b"<!-- --></sheetData>"), (rb"<sheetData>", b"<sheetData >"),
            (rb"</row>", b"</row> "), (rb"formatCode=\"[^\"]*\"", b'formatCode="0%"'),
            (rb"numFmtId=\"[0-9]+\"", b'numFmtId="14"'),
            (rb"<sheets>", b'<workbookPr date1904="1"/><sheets>'),
            (rb"sharedStrings.xml", b"strings.xml"), (rb"</worksheet>", b"<x/></worksheet>"),
            (rb"\xe1", b"&#225;"), (rb"a", b"&#97;"),
            (rb"<v>([0-9])", rb"<v><!-- -->\1"), (rb"<t>", b"<t><![CDATA[]]>"),
            (rb' numFmtId="', b' numFmtId="0'), (rb"!\$", b"!<!-- -->$"),
            (rb"(<row .*?</row>)", rb"\1\1"), (rb"<sheetData>(.*?)</sheetData>", rb"\g<0>\g<0>"),
        )
    )  # fmt: skip
    return re.sub(old, new, content, flags=re.DOTALL)


def broken(random: Random, content: bytes) -> bytes:
    """Change, lose or repeat some bytes anywhere."""
    at, length = random.randrange(len(content)), random.randint(1, 40)
    some = content[at : at + length]
    return (
        content[:at]
        + random.choice((b"", some * 2, random.randbytes(1), b"<", b'"'))
        + (content[at + random.choice((0, 1, length)) :])
    )


CHANGES: tuple[Callable[[Random, bytes], bytes], ...] = (odd_cell, odd_cell, other_words, broken)


def odd_workbooks(random: Random, form: Form, base: bytes) -> Iterator[bytes]:
    """Yield workbooks made from *base* without end, each with a few oddities."""
    book = openpyxl.load_workbook(BytesIO(base))
    clean = dict(_values(book))
    while True:
        put_anything(random, book, form)
        file = BytesIO()
        book.save(file)
        typed = read_parts(file.getvalue())
        for original in (typed, read_parts(base)):
            yield zip_parts(original)
            for _ in range(12):
                yield zip_parts(_changed(random, original, form))
        for (sheet, address), (value, shown, kind) in clean.items():
            cell = book[sheet][address]
            cell.value, cell.number_format = value, shown
            cell.data_type = kind


def _values(book: Workbook) -> Iterator[tuple[tuple[str, str], tuple[object, str, str]]]:
    for sheet in book:
        for line in sheet.iter_rows():
            for cell in line:
                if not isinstance(cell, openpyxl.cell.MergedCell):
                    place = sheet.title, cell.coordinate
                    yield place, (cell.value, cell.number_format, cell.data_type)


def _changed(random: Random, parts: Mapping[str, bytes], form: Form) -> Parts:
    changed, sheets = dict(parts), sheet_parts(parts)
    named = [sheets[form.sheet]] * 4 + [sheets[positions.INFO_SHEET]]
    named += [name for name in ("xl/sharedStrings.xml", "xl/styles.xml") if name in parts]
    named += [sheets[table.sheet] for table in form.tables] + ["xl/workbook.xml"]
    for _ in range(random.choice((1, 1, 1, 2, 3))):
        part = random.choice(named)
        changed[part] = random.choice(CHANGES)(random, changed[part])
    return changed
