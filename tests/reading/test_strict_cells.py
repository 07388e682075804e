"""Requirements of the exact reader.

E1 However a cell is written, it holds what LibreOffice shows.
E2 What has two meanings, or is not of its type, is refused (``hostile.OF_READER``).
E3 What openpyxl reads of a workbook, it reads alike, or it refuses.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from tests.support import hostile
from tests.support.builders import COMMUNE, FORM, workbook
from tests.support.office import Office
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.xlsx.package import MAIN, read_parts, sheet_parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.sheet_parse import Area, parse_sheet
from xl_automation.xlsx.strict_numbers import count_of, number_of
from xl_automation.xlsx.string_parse import parse_strings

ALL = Area(16_384, 1_048_576)
# How a cell's content may be written, and what it is: ``{r}`` is its address.
CELLS: Mapping[str, tuple[str, float | str]] = {
    "plain": ('<c r="{r}"><v>18</v></c>', 18),
    "comment": ('<c r="{r}"><v>1<!---->8</v></c>', 18),
    "instruction": ('<c r="{r}"><v>1<?a b?>8</v></c>', 18),
    "reference": ('<c r="{r}"><v>67&#56;</v></c>', 678),
    "hexadecimal-reference": ('<c r="{r}"><v>67&#x38;</v></c>', 678),
    "cdata": ('<c r="{r}"><v><![CDATA[7]]>8</v></c>', 78),
    "cdata-in-text": ('<c r="{r}" t="str"><v>a<![CDATA[<b>]]>c</v></c>', "a<b>c"),
    "spaced": ('<c r = "{r}" t = \'str\' ><v >7a</v ></c >', "7a"),
    "single-quotes": ("<c r='{r}' t='n'><v>8</v></c>", 8),
    "prefix": ('<x:c xmlns:x="' + MAIN + '" r="{r}"><x:v>8</x:v></x:c>', 8),
    "signed": ('<c r="{r}"><v>-8.5</v></c>', -8.5),
    "power": ('<c r="{r}"><v>1.5E3</v></c>', 1500),
    "point-first": ('<c r="{r}"><v>.5</v></c>', 0.5),
    "white-space": ('<c r="{r}"><v> 8 </v></c>', 8),
    "inline": ('<c r="{r}" t="inlineStr"><is><t>a</t></is></c>', "a"),
    "runs": ('<c r="{r}" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
    "reading-aid": (
        '<c r="{r}" t="inlineStr"><is><t>a</t><rPh sb="0" eb="1"><t>x</t></rPh></is></c>', "a"
    ),
    "comment-in-text": ('<c r="{r}" t="inlineStr"><is><t>1<!-- x -->8</t></is></c>', "18"),
    "metadata": ('<c r="{r}" vm="1" cm="1" ph="1"><v>8</v></c>', 8),
    "extension": ('<c r="{r}"><v>8</v><extLst><ext uri="x"><a/></ext></extLst></c>', 8),
    "formula": ('<c r="{r}"><f>4+4</f><v>8</v></c>', 8),
    "formula-with-comment": ('<c r="{r}"><f>4<!-- -->+4</f><v>8</v></c>', 8),
}  # fmt: skip


def sheet() -> str:
    """Return a worksheet with each of the cells in a row of its own, in the second column."""
    rows = (
        f'<row r="{row}">{xml.replace("{r}", f"B{row}")}</row>'
        for row, (xml, _) in enumerate(CELLS.values(), 1)
    )
    return f'<worksheet xmlns="{MAIN}"><sheetData>{"".join(rows)}</sheetData></worksheet>'


@pytest.mark.parametrize("row", range(1, len(CELLS) + 1), ids=list(CELLS))
def test_cell_holds_what_it_says(row: int) -> None:
    """Comments, references, prefixes and white space are what they are to XML."""
    cells = {cell.row: cell for cell in parse_sheet(sheet().encode(), "x", ALL).cells}
    assert cells[row].value == [*CELLS.values()][row - 1][1]
    assert cells[row].address == f"B{row}"


@pytest.mark.office
def test_libreoffice_shows_the_same(clerk_office: Office, tmp_path: Path) -> None:
    """Every cell of the table."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(hostile.workbook({hostile.SHEET: sheet()}))
    with clerk_office.open(path) as book:
        shown = [book.value("Phụ lục", f"B{row}") for row in range(1, len(CELLS) + 1)]
    assert dict(zip(CELLS, shown, strict=True)) == {
        name: value for name, (_, value) in CELLS.items()
    }


def test_cells_without_addresses_follow_each_other() -> None:
    """As the format says: each row and cell stands behind the last."""
    rows = (
        '<row><c><v>1</v></c><c/><c><v>3</v></c></row><row r="5"><c r="C5"/><c><v>4</v></c></row>'
    )
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    cells = parse_sheet(xml.encode(), "x", ALL).cells
    assert [(cell.address, cell.value) for cell in cells] == [("A1", 1), ("C1", 3), ("D5", 4)]


def test_shared_formula_is_written_out() -> None:
    """The text of a formula that cells share is that of each cell; a long one is not."""
    long = "+".join(["A1"] * 200)
    rows = (
        '<row r="1"><c r="B1"><f t="shared" si="0" ref="B1:B2">A1*$A$1</f></c>'
        f'<c r="C1"><f t="shared" si="1" ref="C1:C2">{long}</f><v>7</v></c></row>'
        '<row r="2"><c r="B2"><f t="shared" si="0"/></c>'
        '<c r="C2"><f t="shared" si="1"/><v>7</v></c></row>'
    )
    xml = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'
    formulas = {cell.address: cell.formula for cell in parse_sheet(xml.encode(), "x", ALL).cells}
    assert formulas == {"B1": "A1*$A$1", "C1": long, "B2": "A2*$A$1", "C2": ""}


def test_shared_strings_are_read_however_they_are_written() -> None:
    """Runs are put together, reading aids left out, comments no text."""
    xml = (
        f'<x:sst xmlns:x="{MAIN}"><x:si><x:t>a<!-- -->b</x:t><x:phoneticPr fontId="1"/></x:si>'
        "<x:si/><x:si><x:r><x:rPr><x:b/></x:rPr><x:t>c</x:t></x:r><x:rPh><x:t>x</x:t></x:rPh>"
        "<x:r><x:t><![CDATA[<d>]]></x:t></x:r></x:si></x:sst>"
    )
    assert parse_strings(xml.encode()) == ["ab", "", "c<d>"]


@pytest.mark.parametrize(
    "text", ["1_0", "\u0661", "\uff11", "0x1", "nan", "inf", "1e400", "", " ", "1,5", "+-1", "1 2"]
)
def test_number_is_what_the_format_says(text: str) -> None:
    """Nothing that only Python takes for a number is one."""
    assert number_of(text) is None
    assert count_of(text) is None


def test_comment_in_the_text_of_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    """A name leads where it says, and so does what it leads to."""
    path = workbook(tmp_path / "a.xlsx", COMMUNE)
    before = read_submission(path, FORM)
    parts = read_parts(path.read_bytes())
    book = parts["xl/workbook.xml"].replace(b"!$D$10<", b"!$D<!-- -->$10<")
    assert book != parts["xl/workbook.xml"]
    path.write_bytes(hostile.packed({**parts, "xl/workbook.xml": book}))
    assert read_submission(path, FORM).readings == before.readings


@pytest.mark.parametrize("style", ["", ' s="0"'], ids=["shown-as-day", "shown-as-number"])
def test_day_of_a_workbook_that_counts_from_1904_is_that_day(tmp_path: Path, style: str) -> None:
    """Also where its cell shows a plain number."""
    parts = read_parts(workbook(tmp_path / "a.xlsx", COMMUNE).read_bytes())
    sheet = sheet_parts(parts)[positions.INFO_SHEET]
    address = positions.info_cell("TT_NGAY_BAO_CAO")
    pattern = rf'<c r="{address}"( s="[0-9]+")[^<>]*/>'
    xml, count = re.subn(
        pattern,
        lambda match: f'<c r="{address}"{style or match[1]}><v>40000</v></c>',
        parts[sheet].decode(),
    )
    assert count == 1
    found = []
    for setting in (b"", b' date1904="1"'):
        book = parts["xl/workbook.xml"].replace(b"<workbookPr", b"<workbookPr" + setting, 1)
        path = tmp_path / "b.xlsx"
        path.write_bytes(hostile.packed({**parts, sheet: xml, "xl/workbook.xml": book}))
        found += read_submission(path, FORM).dates.values()
    assert found == [date(2009, 7, 6), date(2013, 7, 7)]


@pytest.mark.parametrize("xml", ['<c r="B2"><v>x</v></c>', '<c r="B2" t="b"><v>7</v></c>'])
def test_refusal_names_the_cell(xml: str) -> None:
    """What is wrong is said with its sheet and its address."""
    text = f'<worksheet xmlns="{MAIN}"><sheetData><row r="2">{xml}</row></sheetData></worksheet>'
    with pytest.raises(Refusal, match="ô Phụ lục!B2 phải là"):
        parse_sheet(text.encode(), "Phụ lục", ALL)
