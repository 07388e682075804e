"""A new workbook, written from nothing in one font.

XlsxWriter does the writing; what it only warns of before it drops it is an error here.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import Any, BinaryIO, NamedTuple
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from xl_automation.xlsx.long_rows import LongRow, SheetXml
from xl_automation.xlsx.package import WORKBOOK_RELATIONS, sheet_parts
from xl_automation.xlsx.row_height import FONT
from xl_automation.xlsx.shared_strings import STRINGS_PART, SharedStrings
from xl_automation.xlsx.soundness import check_formula, check_workbook
from xl_automation.xlsx.unpack import WORKBOOK_PART

_PART_TIME = (1980, 1, 1, 0, 0, 0)  # the same bytes whenever it is built
_PIECES = 1 << 16  # characters that are packed at once


class _LongRows(NamedTuple):
    """Many rows of a sheet: the number of the first, how many, and the rows, not yet made."""

    first: int
    total: int
    rows: Iterator[LongRow]


class _Sheet(Worksheet):  # type: ignore[misc]  # XlsxWriter states no types
    """A sheet whose formulas are written as they are: they are those of Excel 2007.

    Attributes:
        formulas: Those written into it, without ``=``, by cell.
    """

    def __init__(self) -> None:
        super().__init__()
        self.formulas: dict[str, str] = {}

    def _write_formula(self, row: int, col: int, formula: str, *facts: Any) -> int:
        self.formulas[xl_rowcol_to_cell(row, col)] = formula.removeprefix("=")
        return int(super()._write_formula(row, col, formula, *facts))

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        # XlsxWriter looks in each formula for thirty functions of later Excels. One in braces is
        # entered as an array formula.
        formula = formula.strip("{}") if formula.startswith("{=") else formula
        check_formula(formula.removeprefix("="))
        return formula.removeprefix("=")


class NewWorkbook(xlsxwriter.Workbook):  # type: ignore[misc]  # XlsxWriter states no types
    """A workbook being written, whose cells share their formats."""

    def __init__(self, target: BytesIO, font_size: int, **options: object):
        self._font = {"font_name": FONT, "font_size": font_size}
        self._looks: dict[tuple[tuple[str, Any], ...], Format] = {}
        self._long_rows: dict[str, _LongRows] = {}
        options |= {"in_memory": True, "default_format_properties": self._font}
        super().__init__(target, options)

    def add_worksheet(self, name: str) -> Worksheet:
        """Return a new sheet, the last one."""
        return super().add_worksheet(name, worksheet_class=_Sheet)

    def look(self, **properties: Any) -> Format:
        """Return the format with these properties; the same ones give the same format."""
        key = tuple(sorted(properties.items()))
        if key not in self._looks:
            self._looks[key] = self.add_format({**self._font, "valign": "vcenter", **properties})
        return self._looks[key]

    def long_rows(self, sheet: Worksheet, first: int, count: int, rows: Iterable[LongRow]) -> None:
        """Let the last rows of a sheet be *rows*, *count* of them, from number *first* on.

        They are taken one by one when the workbook is packed, so that they need not all be there
        at once. Their formats must have been asked for before.
        """
        self._long_rows[sheet.name] = _LongRows(first, count, iter(rows))

    def pack(self, skeleton: BytesIO, out: BinaryIO) -> None:
        """Finish the workbook: in *skeleton*, and from there with its many rows to *out*."""
        looks = list(self._looks.values())
        for name, (first, *_) in self._long_rows.items():
            # A specimen of each format: which number it has in the file is seen there.
            for column, look in enumerate(looks):
                self.get_worksheet_by_name(name).write_blank(first - 1, column, None, look)
        self.close()
        if not self._long_rows:
            out.write(skeleton.getvalue())
            return
        with ZipFile(skeleton) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
            strings = SharedStrings(source.read(STRINGS_PART).decode())
            book = {part: source.read(part) for part in (WORKBOOK_PART, WORKBOOK_RELATIONS)}
            long = {sheet_parts(book)[name]: rows for name, rows in self._long_rows.items()}
            for part in source.namelist():
                if part not in (STRINGS_PART, *long):
                    _pack_part(target, part, [source.read(part).decode()])
            for part, (first, count, rows) in long.items():
                xml = SheetXml(source.read(part).decode(), first, looks, strings)
                _pack_part(target, part, xml.pieces(rows, count))
                if xml.has_relations:
                    _pack_part(target, _relations_of(part), xml.relations())
            _pack_part(target, STRINGS_PART, strings.xml())


def _relations_of(part: str) -> str:
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels"


def _pack_part(target: ZipFile, part: str, pieces: Iterable[str]) -> None:
    """Write a part of a package, however long, a stretch at a time."""
    info = ZipInfo(part, _PART_TIME)
    info.compress_type = ZIP_DEFLATED
    with target.open(info, "w") as file:
        stretch, length = [], 0
        for piece in pieces:
            stretch.append(piece)
            length += len(piece)
            if length >= _PIECES:
                file.write("".join(stretch).encode())
                stretch, length = [], 0
        file.write("".join(stretch).encode())


def write_workbook(
    out: BinaryIO, write: Callable[[NewWorkbook], None], font_size: int, **options: object
) -> None:
    """Write the .xlsx file that *write* fills to *out*.

    Args:
        out: An open file that can be sought in and read.
        write: Is given the empty workbook.
        font_size: In points, where a cell does not say otherwise.
        options: XlsxWriter's own.

    Raises:
        UnsoundWorkbook: If Excel could not open it.
    """
    skeleton = BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        book = NewWorkbook(skeleton, font_size, **options)
        write(book)
        book.pack(skeleton, out)
    check_workbook(out)


def workbook_bytes(
    write: Callable[[NewWorkbook], None], font_size: int, **options: object
) -> bytes:
    """Return the bytes of the .xlsx file that *write* fills; see :func:`write_workbook`."""
    out = BytesIO()
    write_workbook(out, write, font_size, **options)
    return out.getvalue()
