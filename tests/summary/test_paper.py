"""Requirements of a summary on paper and on the screen, of every sheet that there is.

P1 Each sheet is printed on A4 across; each page has the sheet's name, what it is about, its number.
P2 No page is empty; the captions that are repeated stand on each page of their sheet.
P3 No word is printed smaller than 7 points, no number as number signs, no text is cut.
P4 Opened in LibreOffice no cell shows an error, and a hard recalculation changes nothing.
"""

from __future__ import annotations

from itertools import groupby

import openpyxl
import pytest

from tests.support.communes import differences, formula_cells, written
from tests.support.office import Book, Office, OfficeError
from tests.support.rounds import whole_round
from tests.support.summary_pages import Page, low_rows, narrow_cells, printed, unreadable, visible
from xl_automation.summary.print_setup import SMALLEST

pytestmark = pytest.mark.office
A4_ACROSS = (841.9, 595.3)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    """The summary of a round of all communes."""
    folder = tmp_path_factory.mktemp("paper")
    return written(whole_round(folder), folder / "Tổng hợp.xlsx")


@pytest.fixture(scope="module")
def pages(office: Office, path) -> list[Page]:
    """Its pages, printed."""
    with office.open(path) as book:
        return printed(book.to_pdf(path.with_suffix(".pdf")))


def of_sheets(pages: list[Page], path) -> dict[str, list[Page]]:
    """Return the pages of each sheet."""
    names = sorted((sheet.title for sheet in visible(path)), key=len, reverse=True)

    def sheet_of(page: Page) -> str:
        return next((name for name in names if page.head.startswith(name)), "")

    return {name: list(group) for name, group in groupby(pages, sheet_of)}


def test_each_page_says_what_it_is(pages, path):
    """P1: all visible sheets in their order, the form and the period, the page and how many."""
    by_sheet = of_sheets(pages, path)
    assert list(by_sheet) == [sheet.title for sheet in visible(path)]
    assert sum(map(len, by_sheet.values())) == len(pages)
    for page in pages:
        assert page.head.endswith("Phụ lục báo cáo công tác cải cách hành chính – 6 tháng đầu năm 2022")
    assert [page.number for page in pages] == [(n, len(pages)) for n in range(1, len(pages) + 1)]


def test_captions_stand_on_each_page(pages, path):
    """P2: with figures or words below them."""
    for sheet in visible(path):
        for page in of_sheets(pages, path)[sheet.title]:
            assert len(page.words) > len(_repeated(sheet)), (sheet.title, page)
            assert page.words >= _repeated(sheet), (sheet.title, page.number)
