"""Requirements of the printed form beyond one printer.

P1 There is room beside the columns: with the widest right margin of the regulation, and in place of
   Times New Roman a font whose digits are a ninth wider, it takes as many pages as without.
P2 Two programs print the same pages: the same rows on each, as high, with the same cells written in
   and filled.
P3 What the unit answers for can be told in print, where there are no fills, by two thick lines.
"""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, LEVELS
from tests.support.office import Office, pdf_text
from tests.support.printed_pages import pictures, print_in_gnumeric, printed_table
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.template.pagination import WIDTHS, page_breaks
from xl_automation.xlsx.package import read_parts, zip_parts
from xl_automation.xlsx.row_height import FONT

LAYOUT = Layout(FORM)
PAGES = len(page_breaks(FORM)) + 1
BEFORE = 3  # pages, of the guide and the information sheet
WIDER = "Liberation Sans"  # as wide as Arial: digits of 0.556 of the size, not of 0.5


def changed(workbook: Path, font: str, right: float) -> Path:
    """Write a copy of a workbook in another font and with another right margin in millimetres."""
    parts = read_parts(workbook.read_bytes())
    parts["xl/styles.xml"] = parts["xl/styles.xml"].replace(FONT.encode(), font.encode())
    for name, content in parts.items():
        if name.startswith("xl/worksheets/sheet"):
            margin = f'right="{right / 25.4}"'.encode()
            parts[name] = re.sub(rb'right="[\d.]+"', margin, content)
    path = workbook.with_name(f"{font} {right}.xlsx")
    path.write_bytes(zip_parts(parts))
    return path


@pytest.mark.office
def test_other_font_and_margin_take_no_more_pages(clerk_office: Office, tmp_path):
    """Each page of the form shows all five columns, and there are no more of them."""
    workbook = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    usual = sum(WIDTHS[letter] for letter in positions.PRINTED) / 96 * 25.4
    with clerk_office.open(changed(workbook, WIDER, right=20)) as book:
        sheet = book.sheet(FORM.sheet)
        width = sum(sheet.Columns.getByName(letter).Width for letter in positions.PRINTED)
        pages = pdf_text(book.to_pdf(tmp_path / "a.pdf")).split("\f")[:-1]
    assert width / 100 > 1.1 * usual  # millimetres
    headed = [all(text in page for text in ("STT", "Số liệu", "Ghi chú")) for page in pages]
    assert headed[BEFORE : BEFORE + PAGES] == [True] * PAGES
    assert len(pages) == BEFORE + PAGES + len(FORM.tables) + 1


@pytest.mark.office
def test_two_programs_print_the_same_pages(clerk_office: Office, tmp_path):
    """In pictures of LibreOffice's and Gnumeric's pages lines, fills and writing agree."""
    workbook = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    rows = f"${positions.HEADER_ROW}:${positions.HEADER_ROW + 1}"
    other = pictures(print_in_gnumeric(workbook, FORM.sheet, rows))
    with clerk_office.open(workbook) as book:
        pdf = book.to_pdf(tmp_path / "b.pdf")
    ours = pictures(pdf, BEFORE + 1, BEFORE + PAGES)
    assert len(ours) == len(other) == PAGES
    shown = 0
    for number, pair in enumerate(zip(ours, other, strict=True), start=1):
        one, two = map(printed_table, pair)
        assert one.fills.shape == two.fills.shape, f"page {number}"
        assert one.fills.shape[1] == len(positions.PRINTED)
        tall = [table.rows - table.rows[0] for table in (one, two)]
        assert np.abs(tall[0] - tall[1]).max() < 3, f"page {number}"  # pixels of a quarter of a mm
        # Gnumeric counts 7 pixels for a digit of whatever font: it is compared without its scale.
        wide = [(table.columns - table.columns[0]) / np.ptp(table.columns) for table in (one, two)]
        assert np.abs(wide[0] - wide[1]).max() < 0.005, f"page {number}"
        assert np.abs(one.fills - two.fills).max() < 8, f"page {number}"
        assert (one.written == two.written).all(), f"page {number}"
        shown += len(one.fills)
    assert shown == len(FORM.indicators)


@pytest.mark.parametrize("level", LEVELS)
def test_own_figures_stand_between_thick_lines(level):
    """Those that the unit of the level answers for, and no others."""
    page = openpyxl.load_workbook(BytesIO(builders.blank(level)))[FORM.sheet]
    for item in FORM.figures:
        border = page[LAYOUT.cell(item.id)].border
        is_own = item.is_input and item.concerns(level)
        expected = "medium" if is_own else "thin"
        assert (border.left.style, border.right.style) == (expected, expected), item.id
