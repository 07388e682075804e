"""Requirements of how a sheet is printed, where no summary of the tests has the case.

P1 What a page says over the sheet is whole in Excel, however long the form's name is.
P3 A sheet that is too wide for a page goes on over several; a link's text is one line.
"""

from __future__ import annotations

from io import BytesIO

import openpyxl
import pytest

from xl_automation.summary.print_setup import SCALE, pixels, print_over_pages, set_up_print
from xl_automation.summary.summary_workbook import one_line
from xl_automation.xlsx.new_workbook import workbook_bytes
from xl_automation.xlsx.row_height import Text, text_width

MAX_HEADER = 255  # characters, in Excel


def sheet_with(about: str, widths: list[int]):
    """Return a sheet that is about something and has columns of these widths, as it was written."""

    def write(workbook):
        sheet = workbook.add_worksheet("Biểu")
        set_up_print(sheet, about)
        print_over_pages(sheet, widths, repeated=3)

    return openpyxl.load_workbook(BytesIO(workbook_bytes(write, 11)))["Biểu"]


@pytest.mark.parametrize("name", ["Nội vụ & Tư pháp", "báo cáo & " * 100], ids=["short", "long"])
def test_head_of_a_page_holds_any_name(name):
    """An ampersand is one; of what is too long the beginning is there."""
    head = sheet_with(f"{name} – Quý I", [10]).oddHeader
    assert head.left.text == "&A"
    assert head.right.text.replace("&&", "&").startswith(name[:50])
    assert len(head.right.text) < MAX_HEADER - 10


def test_wide_sheet_goes_on_over_pages():
    """At the least scale, its first columns on each page; one that has room is one page wide."""
    wide, narrow = sheet_with("x", [12] * 40), sheet_with("x", [12] * 10)
    assert (wide.page_setup.scale, wide.print_title_cols) == (SCALE, "$A:$C")
    assert not wide.sheet_properties.pageSetUpPr.fitToPage
    assert narrow.sheet_properties.pageSetUpPr.fitToPage
    assert (narrow.page_setup.fitToWidth or 1, narrow.page_setup.fitToHeight) == (1, 0)
    assert narrow.print_title_cols is None


def test_text_of_a_link_is_one_line():
    """Both ends of one that is too long, so that an extension and a number at the end are seen."""
    name = "CCHC_2022-6T_05446_phuong-quang-trung (bản sửa lần 2).xlsx"
    assert one_line(name, 80) == name
    shown = one_line(name, 30)
    assert shown.startswith("CCHC_2022")
    assert shown.endswith("lần 2).xlsx")
    assert "…" in shown
    assert text_width(Text(shown, 0, size=11)) <= pixels(30)
