"""Requirements of the links of a summary, of every sheet that there is.

L1 A link within the summary lands on a cell that is there and is seen; each sheet leads to the
   first one, and the first one to each.
L2 A link to a file lands on the cell that the figure or the finding is of, whatever files and
   folders are called, and also after all of them were moved together.
L3 So it does in LibreOffice.
"""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urlsplit

import openpyxl
import pytest
from openpyxl.cell.cell import Cell

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import CITY, FEW_RULES, A, B, C, saved_by_itself, workbook, written
from tests.support.office import Office
from tests.support.summary_pages import visible
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.reading.folder import read_files
from xl_automation.summary.changes_sheet import CHANGES
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.places import ID_ROW, MATRIX, OVERVIEW, PROGRESS, matrix_column
from xl_automation.template.layout import Layout

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxy àáảãạ ằắẳẵặ ầấẩẫậ ềếểễệ ồốổỗộ ờớởỡợ ừứửữự ỳýỷỹỵ ĐĂÂÊÔƠƯ"
NAME = 'a #1 100%20 it\'s [1] (2) {b}^`~&+=,;!<c>"d".xlsx'
FOLDERS = (f"Kỳ #1 ({ALPHABET})", "100% it's [gửi] {2}")


class Link(NamedTuple):
    """A link to a file: where it stands, the file as it is called there, and the place in it."""

    cell: Cell
    target: str
    location: str


@pytest.fixture(scope="module")
def moved(tmp_path_factory) -> Path:
    """A summary of real files, all of which were moved since."""
    root = tmp_path_factory.mktemp("trước") / "Cải cách hành chính"
    sent = root.joinpath(*FOLDERS)
    wrong = dict(COMMUNE) | {"1.1.b": 99, "7.5.2": 128}
    files = [
        workbook(sent / f"{ALPHABET}.xlsx", A, dict(COMMUNE) | {"6.1.a": 4861.5}),
        workbook(sent / NAME, B, wrong),
        workbook(sent / "=C.xlsx", C, {**wrong, "1.1.a": "bảy"}),
        workbook(sent / "Thành phố.xlsx", CITY, COMMUNE),
    ]
    later = workbook(root / "gửi lại" / "Đợt 2.xlsx", B, {**wrong, "2.3": 11})
    again = saved_by_itself(later, later, datetime(2035, 1, 1))
    result = consolidate(
        FEW_RULES, read_files([*files, again], FORM), (A, B, C, CITY), now=datetime(2022, 6, 20)
    )
    written(result, root / "Kết quả ờ #" / "Tổng hợp.xlsx")
    after = tmp_path_factory.mktemp("sau") / "Chuyển sang máy khác – ổ đĩa #2"
    shutil.move(root, after)
    return after / "Kết quả ờ #" / "Tổng hợp.xlsx"


def test_links_within_the_summary_land(whole_path):
    """L1: on a cell that is there, of a sheet that is seen; to the first sheet and back."""
    sheets = {sheet.title: sheet for sheet in visible(whole_path)}
    ways = defaultdict(set)
    for name, sheet in sheets.items():
        for cell in linked(sheet):
            link = cell.hyperlink
            if not link.target:
                to, _, place = link.location.rpartition("!")
                to = to.strip("'").replace("''", "'")
                target = sheets[to][place]
                assert (target.row, target.column) <= (sheets[to].max_row, sheets[to].max_column)
                assert not sheets[to].row_dimensions[target.row].hidden
                ways[name].add(to)
    assert all(OVERVIEW in ways[name] for name in sheets if name != OVERVIEW)
    assert ways[OVERVIEW] >= sheets.keys() - {OVERVIEW}


def test_links_to_files_land_after_all_was_moved(moved):
    """L2: the file is there, and so are the sheet and the cell; a figure is the cell's own."""
    books = {}
    counted = defaultdict(int)
    for link in outer_links(moved):
        file = (moved.parent / link.target).resolve()
        assert file.is_relative_to(moved.parents[1]), link
        if file not in books:
            books[file] = openpyxl.load_workbook(file)
        counted[link.cell.parent.title] += 1
        if link.cell.parent.title == MATRIX and link.cell.column == matrix_column("unit"):
            assert link.location == f"'{FORM.sheet}'!A1"
        elif link.location:
            sheet, _, place = link.location.rpartition("!")
            figure = books[file][sheet.strip("'")][place].value
            if isinstance(link.cell.value, (int, float)) and not str(figure).startswith("="):
                assert link.cell.value == figure
    assert len(books) == 5
    assert set(counted) >= {MATRIX, FINDINGS, PROGRESS, CHANGES}


def test_figures_lead_to_the_cells_of_their_rows(moved):
    """L2: each number of the matrix to the cell of its own row, in the file of its own unit."""
    layout = Layout(FORM)
    sheet = openpyxl.load_workbook(moved)[MATRIX]
    files = {A.code: f"{ALPHABET}.xlsx", B.code: "Đợt 2.xlsx", C.code: "=C.xlsx"}
    seen = 0
    for link in outer_links(moved):
        if link.cell.parent.title == MATRIX and isinstance(link.cell.value, (int, float)):
            id = str(sheet.cell(ID_ROW, link.cell.column).value)
            place = layout.place(id)
            assert link.location == f"'{place.sheet}'!{place.cell}"
            code = sheet.cell(link.cell.row, 1).value
            assert Path(link.target).name == files.get(code, "Thành phố.xlsx")
            seen += 1
    assert seen > 3 * len(FORM.inputs) / 2


@pytest.mark.office
def test_links_land_in_libreoffice(office: Office, moved):
    """L3: each address that LibreOffice makes of a link is a file and a cell that are there."""
    with office.open(moved) as book:
        for link in outer_links(moved):
            if isinstance(link.cell.value, str):  # of a number it does not say
                sheet = book.sheet(link.cell.parent.title)
                cell = sheet.getCellByPosition(link.cell.column - 1, link.cell.row - 1)
                (url,) = (urlsplit(field.URL) for field in cell.getTextFields())
                assert (url.scheme, unquote(url.fragment)) == ("file", link.location)
                assert Path(unquote(url.path)) == (moved.parent / link.target).resolve()


def linked(sheet) -> Iterator[Cell]:
    """Yield the cells of a sheet that are links."""
    for row in sheet.iter_rows():
        yield from (cell for cell in row if cell.hyperlink)


def outer_links(path: Path) -> Iterator[Link]:
    """Yield the links of a summary to files."""
    for sheet in visible(path):
        for cell in linked(sheet):
            if cell.hyperlink.target:
                assert "#" not in cell.hyperlink.target  # there the place in the file begins
                target = unquote(cell.hyperlink.target).replace("\\", "/")
                yield Link(cell, target, cell.hyperlink.location or "")
