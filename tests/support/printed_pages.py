"""Printed pages as pictures: of the form in two programs, and the table that a page shows.

Gnumeric 1.12 takes the row breaks of an .xlsx file for column breaks and passes over the rows that
are repeated, so that it is given both in a file of its own.
"""

from __future__ import annotations

import gzip
import re
import subprocess
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
DPI = 100
DARK, LINE, SIDE = 120, 0.45, 0.85  # ink; shares of it across the page, down the table
BORDER = 4  # pixels of a cell beside its borders


def print_in_gnumeric(workbook: Path, sheet: str, header: str) -> Path:
    """Print a sheet of a workbook; return the PDF, beside it.

    Args:
        workbook: An .xlsx file.
        sheet: The name of the sheet.
        header: The rows that stand on every page, such as ``$6:$7``.
    """
    own, pdf = workbook.with_suffix(".gnumeric"), workbook.with_suffix(".gnumeric.pdf")
    _convert(workbook, own)
    xml = gzip.decompress(own.read_bytes()).decode()
    xml = xml.replace("gnm:vPageBreaks", "gnm:hPageBreaks")
    name, titles = f"<gnm:Name>{sheet}</gnm:Name>", '<gnm:titles value="0"/>'
    repeated = f'{titles}<gnm:repeat_top value="{header}"/>'
    xml, count = re.subn(f"({name}.*?){titles}", rf"\1{repeated}", xml, count=1, flags=re.DOTALL)
    assert count == 1
    own.write_bytes(gzip.compress(xml.encode()))
    _convert(own, pdf, "-O", f"sheet='{sheet}'")
    return pdf


def _convert(source: Path, target: Path, *options: str) -> None:
    command = ["ssconvert", *options, str(source), str(target)]
    subprocess.run(command, check=True, capture_output=True)


def pictures(pdf: Path, first: int = 1, last: int = 999) -> list[Picture]:
    """Return the pages of a PDF as pictures in grey, one array of rows of pixels per page."""
    prefix = pdf.with_suffix("")
    span = ["-f", str(first), "-l", str(last)]
    command = ["pdftoppm", "-r", str(DPI), "-gray", *span, str(pdf), str(prefix)]
    subprocess.run(command, check=True, capture_output=True)
    return [_picture(path) for path in sorted(pdf.parent.glob(f"{prefix.name}-*.pgm"))]


def _picture(path: Path) -> Picture:
    _, size, _, pixels = path.read_bytes().split(b"\n", 3)
    width, height = map(int, size.split())
    return np.frombuffer(pixels, np.uint8).reshape(height, width)


@dataclass(frozen=True)
class PrintedTable:
    """The table on a page, as its picture shows it.

    Attributes:
        rows: Where its lines run across, in pixels from the top of the page.
        columns: Where its lines run down, in pixels from the left.
        fills: How light each cell is, by row and column: 255 is white.
        written: Whether something is written in each cell.
    """

    rows: npt.NDArray[np.float64]
    columns: npt.NDArray[np.float64]
    fills: npt.NDArray[np.float64]
    written: npt.NDArray[np.bool_]


def printed_table(page: Picture) -> PrintedTable:
    """Return the table on a page; its header is one row, whose cells are not looked at."""
    ink = page < DARK
    rows = _centres(ink.mean(axis=1) > LINE)
    top, bottom = int(rows[1]), int(rows[-1])
    columns = _centres(ink[top:bottom].mean(axis=0) > SIDE)
    cells = [
        [
            page[above + BORDER : below - BORDER + 1, left + BORDER : right - BORDER + 1]
            for left, right in zip(columns.astype(int), columns[1:].astype(int), strict=False)
        ]
        for above, below in zip(rows[1:].astype(int), rows[2:].astype(int), strict=False)
    ]
    fills = [[np.percentile(cell, 80) for cell in line] for line in cells]
    written = [[(cell < DARK).any() for cell in line] for line in cells]
    return PrintedTable(rows, columns, np.array(fills), np.array(written))


def _centres(mask: npt.NDArray[np.bool_]) -> npt.NDArray[np.float64]:
    """Return the middle of each run of pixels that are set."""
    at = np.flatnonzero(mask)
    return np.array([run.mean() for run in np.split(at, np.flatnonzero(np.diff(at) > 2) + 1)])
