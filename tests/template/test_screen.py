"""Requirements of the form on a screen of 1366 × 768 pixels.

S1 Opened, it shows its header and sixteen rows at least, the cursor in the first input.
S2 The check stands beside the figure without scrolling, at 100 and 125 %, beside an earlier period.
S3 Tab goes through the open cells, row by row, and through no others.
S4 What is typed into is white and what is locked is not; fills differ in lightness, so that eyes
   that do not tell colours apart and grey printers tell them; letters are dark enough on each.
S5 The guide shows rows of the form in cells that look as they do there.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO

import openpyxl
import pytest
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from tests.support import builders
from tests.support.builders import FORM, LEVELS, MINI
from tests.support.office import Office
from xl_automation.template import form_workbook as looks
from xl_automation.template import guide_picture, positions
from xl_automation.template.build import build_template
from xl_automation.template.form_sheet import ZOOM
from xl_automation.template.layout import Layout
from xl_automation.template.pagination import LINE, PADDING, WIDTHS, header_heights
from xl_automation.xlsx.row_height import row_height

LAYOUT = Layout(FORM)
SCREEN = 1366  # pixels
GRID = 480  # pixels of its height that Excel leaves to the cells under an open ribbon
BESIDE = 30 + 20  # pixels of the row numbers and the scroll bar
TAB = 1282  # com.sun.star.awt.Key


@pytest.fixture(scope="module", params=LEVELS)
def level(request: pytest.FixtureRequest) -> str:
    """Each of the two levels."""
    return request.param


@pytest.fixture(scope="module")
def page(level) -> Worksheet:
    """The sheet of the form."""
    return openpyxl.load_workbook(BytesIO(builders.blank(level)))[FORM.sheet]


# --- S1, S2: what is seen ----------------------------------------------------------------------


def pixels(points: float) -> int:
    """Return a height in pixels at 100 %."""
    return round(points / 72 * 96)


def test_window_opens_below_the_titles(page):
    """The two header lines are fixed, nothing above them is; the cursor is in the first input."""
    view = page.sheet_view
    assert (view.zoomScale, view.topLeftCell) == (ZOOM, f"A{positions.HEADER_ROW}")
    assert (view.pane.ySplit, view.pane.xSplit, view.pane.state) == (2, None, "frozen")
    assert view.pane.topLeftCell == f"A{positions.FIRST_ROW}"
    assert view.selection[0].activeCell == LAYOUT.cell(FORM.inputs[0].id)


def test_sixteen_rows_of_a_line_are_seen():
    """Below the header, at 100 % and as the window opens."""
    fixed = sum(map(pixels, header_heights(FORM)))
    assert fixed < 65
    for zoom in (100, ZOOM):
        assert (GRID / zoom * 100 - fixed) / pixels(row_height([], LINE, PADDING)) > 16


@pytest.mark.office
def test_sixteen_rows_are_seen_in_a_real_window(clerk_office: Office, tmp_path):
    """LibreOffice shows so many of the form's own rows, whole, of one line and of more."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(builders.blank("commune"))
    with clerk_office.open(path) as book:
        controller = book.document.CurrentController
        controller.Frame.ContainerWindow.setPosSize(0, 0, SCREEN, 768, 15)
        clerk_office.create("com.sun.star.awt.Toolkit").processEventsToIdle()
        panes = [controller.getByIndex(number) for number in range(controller.Count)]
        areas = sorted((pane.VisibleRange for pane in panes), key=lambda area: area.StartRow)
    header, rows = areas[0], areas[-1]
    assert (header.StartRow + 1, header.EndRow + 1) == (
        positions.HEADER_ROW,
        positions.FIRST_ROW - 1,
    )
    assert rows.StartRow + 1 == positions.FIRST_ROW
    assert rows.EndRow - rows.StartRow + 1 >= 16  # without what is cut off at the bottom


@pytest.mark.parametrize("zoom", [100, 125])
def test_check_is_seen_beside_the_figure(zoom):
    """Also beside the figures of an earlier period; sixty letters of it can be read."""
    before = sum(WIDTHS[column] for column in (*positions.PRINTED, positions.PREVIOUS))
    seen = (SCREEN - BESIDE) / zoom * 100 - before
    assert seen >= 60 * 11 / 72 * 96 * 0.41  # of eleven points, as wide as letters are on average


# --- S3: Tab -----------------------------------------------------------------------------------


@pytest.mark.office
def test_tab_goes_through_the_open_cells(clerk_office: Office, tmp_path):
    """From the first figure to the last open cell of the sheet, as one reads."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(builders.blank("commune"))
    page = openpyxl.load_workbook(path)[FORM.sheet]
    cells = [cell for line in page.iter_rows() for cell in line if not cell.protection.locked]
    order = [cell.coordinate for cell in cells]
    first = order.index(LAYOUT.cell(FORM.inputs[0].id))
    with clerk_office.open(path) as book:
        toolkit = clerk_office.create("com.sun.star.awt.Toolkit")
        window = book.document.CurrentController.Frame.ComponentWindow
        window.setFocus()
        visited = []
        for _ in order[first:]:
            place = book.document.CurrentSelection.AbsoluteName
            visited.append(place.rpartition(".")[2].replace("$", ""))
            event = clerk_office.struct("com.sun.star.awt.KeyEvent", Source=window, KeyCode=TAB)
            toolkit.keyPress(event)
            toolkit.keyRelease(event)
            toolkit.processEventsToIdle()
    assert visited == order[first:]


# --- S4: lightness -----------------------------------------------------------------------------

# Colours as the three kinds of eyes see them that lack one sort of cones (Machado, Oliveira and
# Fernandes 2009, wholly lacking), as rows of a matrix over linear red, green and blue; and as any
# other eye sees them.
EYES = {
    "any": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deutan": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritan": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}


def lightness(color: str, eye: str) -> float:
    """Return the relative luminance of a colour such as ``#DAE4EF``, from 0 to 1."""
    levels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [
        level / 12.92 if level <= 0.04045 else ((level + 0.055) / 1.055) ** 2.4 for level in levels
    ]
    seen = [sum(map(float.__mul__, map(float, row), linear)) for row in EYES[eye]]
    weights = (0.2126, 0.7152, 0.0722)
    return sum(max(part, 0) * weight for part, weight in zip(seen, weights, strict=True))


def contrast(one: str, other: str, eye: str) -> float:
    """Return how much lighter one of two colours is: 1 for none, 21 for black and white."""
    low, high = sorted((lightness(one, eye), lightness(other, eye)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("eye", EYES)
def test_fills_and_letters_differ_in_lightness(eye):
    """White, pale and grey are three steps; letters have the contrast that WCAG 2 asks of texts."""
    assert contrast(looks.WHITE, looks.PALE, eye) > 1.25
    assert contrast(looks.PALE, looks.GREY, eye) > 1.35
    assert contrast(looks.PALE, looks.MARK, eye) > 1.35
    for fill in (looks.WHITE, looks.PALE, looks.GREY, looks.MARK):
        assert contrast(looks.BLACK, fill, eye) > 7
    for letters in (looks.ASIDE, looks.RED, looks.GREEN, looks.PURPLE, looks.BLUE):
        assert contrast(letters, looks.WHITE, eye) > 4.5, letters


def fill(cell: Cell) -> str:
    """Return the fill of a cell; white where it has none."""
    return f"#{cell.fill.fgColor.rgb[2:]}" if cell.fill.fill_type else looks.WHITE


def bordered(sheet: Worksheet, columns: str) -> Iterator[Cell]:
    """Yield the cells of some columns that have a border around them."""
    for line in sheet[columns]:
        yield from (cell for cell in line if cell.border.left.style and cell.border.top.style)


def test_open_cells_are_white_and_locked_ones_are_not(level):
    """On each sheet that is filled; rows of another level are open, but grey."""
    book = openpyxl.load_workbook(BytesIO(builders.blank(level)))
    closed = {LAYOUT.rows[item.id] for item in FORM.figures if not item.concerns(level)}
    for name in (FORM.sheet, positions.INFO_SHEET, *(table.sheet for table in FORM.tables)):
        columns = "A:E" if name == FORM.sheet else "A:N"
        cells = list(bordered(book[name], columns))
        assert len(cells) > 25
        for cell in cells:
            if name == FORM.sheet and cell.row in closed:
                assert fill(cell) == looks.GREY, cell.coordinate
            else:
                is_white = fill(cell) == looks.WHITE
                assert is_white == (not cell.protection.locked), f"{name}!{cell.coordinate}"


# --- S5: the guide -----------------------------------------------------------------------------


def look(cell: Cell) -> tuple[object, ...]:
    """Return what one sees of a cell besides its text."""
    border = cell.border
    return (fill(cell), cell.font.b, cell.font.sz, cell.alignment.horizontal, cell.number_format,
            border.left.style, border.right.style, border.top.style)  # fmt: skip


def test_guide_shows_rows_as_they_are(page, level):
    """Number, label, unit and figure of each row of the picture look as on the form's sheet."""
    guide = openpyxl.load_workbook(BytesIO(builders.blank(level)))[positions.GUIDE_SHEET]
    by_label = {page[f"B{row}"].value: row for row in LAYOUT.rows.values()}
    shown = [line for line in guide["B5:B12"] if line[0].value in by_label]
    rows = [(cell.row, by_label[cell.value]) for (cell,) in shown]
    assert len(rows) == 5
    for ours, theirs in rows:
        for column in "ABCD":
            mine, its = guide[f"{column}{ours}"], page[f"{column}{theirs}"]
            assert look(mine) == look(its), f"{column}{ours}"
    checks = [guide[f"{guide_picture.CHECK}{row}"] for row, _ in rows]
    red = [cell for cell in checks if cell.font.color.rgb == looks.RED.replace("#", "FF")]
    assert len(red) == 1
    assert red[0].value.startswith("Lỗi: ")
    assert any(cell.value == "✓" for cell in checks)
    part, whole = guide_picture.PART, guide_picture.WHOLE
    figures = [guide[f"D{row}"].value for row, _ in rows]
    assert figures == [None, 100 * part / whole, whole, part, None]


def test_guide_of_another_form_has_its_picture():
    """Whatever rows a form has."""
    guide = openpyxl.load_workbook(BytesIO(build_template(MINI)))[positions.GUIDE_SHEET]
    labels = {cell.value for (cell,) in guide["B4:B12"]}
    assert labels & {item.label for item in MINI.indicators}
