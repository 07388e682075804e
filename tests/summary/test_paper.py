"""Requirements of a summary on paper and on the screen, of every sheet that there is.

P1 Each sheet is printed on A4 across; each page has the sheet's name, what it is about, its number.
P2 No page is empty; the captions that are repeated stand on each page of their sheet.
P3 No word is printed smaller than 7 points, no number as number signs, no text is cut.
P4 Opened in LibreOffice no cell shows an error, and a hard recalculation changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import FORM
from tests.support.communes import alike
from tests.support.office import Office, OfficeError
from tests.support.rounds import LONG
from tests.support.summary_pages import (
    Page,
    low_rows,
    narrow_cells,
    printed,
    squeezed,
    unreadable,
    visible,
)
from xl_automation.summary.places import MATRIX, OVERVIEW
from xl_automation.xlsx.address import Address, column_number

SMALLEST_READ = 7.0  # points
pytestmark = [pytest.mark.office, pytest.mark.xdist_group("paper")]  # one printing for all
ABOUT = "Phụ lục báo cáo công tác cải cách hành chính – 6 tháng đầu năm 2022"


class Printed:
    """A summary in LibreOffice, opened once: its pages, its values, the rows that are too low."""

    def __init__(self, office: Office, path: Path):
        self.path = path
        self.sheets = {sheet.title: sheet for sheet in visible(path)}
        with office.open(path) as book:
            self.pages = printed(book.to_pdf(path.with_suffix(".pdf")))
            book.recalculate()
            self.values = {
                name: book.values(name, sheet.dimensions) for name, sheet in self.sheets.items()
            }
            self.low_rows = list(low_rows(book, path))

    def of_sheets(self) -> Iterator[tuple[str, list[Page]]]:
        """Yield each sheet's name with its pages, in the order of the pages."""
        names = sorted(self.sheets, key=len, reverse=True)
        for name, pages in groupby(
            self.pages, lambda page: next(name for name in names if page.head.startswith(name))
        ):
            yield name, list(pages)


@pytest.fixture(scope="module")
def paper(office: Office, whole_path) -> Printed:
    """The summary of a round of all communes, printed."""
    return Printed(office, whole_path)


def test_each_page_says_what_it_is(paper):
    """P1: all visible sheets in their order, the form and the period, the page and how many."""
    assert [name for name, _ in paper.of_sheets()] == list(paper.sheets)
    about = squeezed(ABOUT)
    assert all(squeezed(page.head).endswith(about) for page in paper.pages)
    count = len(paper.pages)
    assert [page.number for page in paper.pages] == [(n, count) for n in range(1, count + 1)]
    for sheet in paper.sheets.values():
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")


def test_captions_stand_on_each_page(paper):
    """P2: with something else below them."""
    for name, pages in paper.of_sheets():
        captions = repeated(paper, name)
        assert captions or name == OVERVIEW  # whose pages are tables of their own
        for page in pages:
            assert all(word in page.letters for word in captions), (name, page.number)
            assert len(page.letters) > sum(map(len, captions)), (name, page.number)


def repeated(paper: Printed, name: str) -> list[str]:
    """Return the words of the captions that every page of a sheet repeats.

    Of a sheet that is wider than a page they are those of the columns that are repeated too.
    """
    sheet = paper.sheets[name]
    if not sheet.print_title_rows:
        return []
    first, last = (int(row.strip("$")) for row in sheet.print_title_rows.split(":"))
    columns = sheet.print_title_cols
    width = Address(f"{columns.rpartition('$')[2]}1").column if columns else None
    cells = (
        cell
        for row in sheet.iter_rows(first, last, max_col=width and column_number(width))
        for cell in row
        if cell.value and not sheet.column_dimensions[cell.column_letter].hidden
    )
    return [word for cell in cells for word in str(cell.value).split()]


def test_nothing_is_too_small_to_be_read(paper):
    """P3: every word has seven points or more; every number its digits."""
    assert list(unreadable(paper.pages, SMALLEST_READ)) == []


def test_rows_are_as_high_as_their_texts(paper):
    """P3: as high as LibreOffice needs them, which has no smaller letters than Excel."""
    assert paper.low_rows == []


def test_columns_are_as_wide_as_their_texts(paper):
    """P3: where a text is not broken over lines. What a unit wrote for a figure is seen in part."""
    narrow = list(narrow_cells(paper.path))
    written = [cell for cell in narrow if cell.startswith(f"{MATRIX}!") and LONG in cell]
    assert len(written) == 2
    assert [cell for cell in narrow if cell not in written] == []


def test_recalculation_changes_nothing_on_any_sheet(paper):
    """P4: no cell of any sheet shows an error either."""
    formulas = openpyxl.load_workbook(paper.path)
    differing, live = [], 0
    for name, sheet in paper.sheets.items():
        for row, values in zip(sheet.iter_rows(), paper.values[name], strict=True):
            for cell, value in zip(row, values, strict=True):
                is_live = formulas[name][cell.coordinate].data_type == "f"
                before = "" if cell.value is None else cell.value
                if isinstance(value, OfficeError) or (is_live and not alike(before, value)):
                    differing.append((name, cell.coordinate, before, value))
                live += is_live
    assert live > len(FORM.figures) * 5
    assert differing == []
