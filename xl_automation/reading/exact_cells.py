"""The cells of a file by openpyxl, which knows the whole format: slow, but blind to nothing."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from io import BytesIO
from typing import Any, cast

import openpyxl

from xl_automation.forms.numbers import CellError, CellValue, Share
from xl_automation.reading.cells import FAR_COLUMN, FAR_ROW, Cell, FormCells, Formula
from xl_automation.reading.locate import Located, SheetNames, located
from xl_automation.xlsx.address import column_letters
from xl_automation.xlsx.cells_only import cells_only
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.number_format import shows_percent
from xl_automation.xlsx.package import read_book
from xl_automation.xlsx.refusal import damaged


def read_exactly(place: Located) -> FormCells:
    """Return the cells of all sheets that are read.

    Raises:
        Refusal: If the cells are not what the format says.
    """
    reader = _Reader(place)
    return FormCells(
        reader.cells(place.sheets.page),
        reader.cells(place.sheets.info),
        {id: reader.cells(name) for id, name in place.sheets.table_sheets.items()},
        reader.result,
    )


def read_sheet(package: Package, sheet: str) -> Mapping[str, Cell]:
    """Return the cells of one sheet.

    Raises:
        Refusal: If there is no such sheet or its cells are not what the format says.
    """
    sheets = SheetNames(page=sheet, info=sheet, table_sheets={})
    return _Reader(located(package, read_book(package.parts), sheets)).cells(sheet)


@contextmanager
def _damage_named() -> Iterator[None]:
    """Refuse what openpyxl raises on parts that are well-formed but not what the format says."""
    try:
        yield
    except (KeyError, ValueError, TypeError, AttributeError, IndexError, OverflowError) as error:
        raise damaged("nội dung các ô không đúng định dạng Excel") from error


class _Reader:
    """Reads the sheets of one file, formulas and their results apart, each at most once."""

    def __init__(self, place: Located):
        self._place = place
        self._books: dict[bool, openpyxl.Workbook] = {}
        self._results: dict[str, Mapping[str, Cell]] = {}

    def cells(self, sheet: str) -> dict[str, Cell]:
        """Return the cells of a sheet; of formulas their text."""
        return self._cells(sheet, data_only=False)

    def result(self, sheet: str, address: str) -> CellValue:
        """Return the result of a formula that was saved with it."""
        if sheet not in self._results:
            self._results[sheet] = self._cells(sheet, data_only=True)
        return cast(CellValue, self._results[sheet].get(address))

    def _cells(self, sheet: str, data_only: bool) -> dict[str, Cell]:
        with _damage_named():
            return _exact_cells(self._book(data_only)[str(self._place.sheets.all.index(sheet))])

    def _book(self, data_only: bool) -> openpyxl.Workbook:
        if data_only not in self._books:
            self._books[data_only] = openpyxl.load_workbook(
                BytesIO(self._file), read_only=True, data_only=data_only
            )
        return self._books[data_only]

    @cached_property
    def _file(self) -> bytes:
        """A workbook with the cells of the sheets and nothing else."""
        place, parts = self._place, self._place.package.parts
        strings = place.strings_part
        file = cells_only(
            [parts[place.part(sheet)] for sheet in place.sheets.all],
            None if strings is None else parts[strings],
            place.formats,
            place.book.counts_from_1904,
        )
        return file.getvalue()


def _exact_cells(sheet: Any) -> dict[str, Cell]:
    cells: dict[str, Cell] = {}
    with warnings.catch_warnings():
        # A number beyond the calendar in a cell that shows dates comes as an error value.
        warnings.filterwarnings("ignore", "Cell .* is marked as a date", UserWarning)
        sheet.reset_dimensions()  # what the file says of its own size need not be so
        lines = list(sheet.iter_rows(max_row=FAR_ROW, max_col=FAR_COLUMN))
    for line in lines:
        for cell in line:
            value = cell.value
            if value is None or value == "":
                continue
            if cell.data_type == "f":
                value = Formula(str(value))
            elif cell.data_type == "e":
                value = CellError(str(value))
            elif cell.data_type == "n" and _shows_percent(cell):
                value = Share(value)
            cells[f"{column_letters(cell.column)}{cell.row}"] = value
    return cells


def _shows_percent(cell: Any) -> bool:
    try:
        return shows_percent(cell.number_format)
    except IndexError:  # a style that the file does not have: a plain one
        return False
