"""What another program shows in the cells of a workbook's figures, beside what our reader read.

LibreOffice is the one that is believed; :mod:`literal_figures`, which costs a thousandth of it,
says where it need be asked.
"""

from __future__ import annotations

import math
import re
from collections.abc import Container, Mapping
from datetime import datetime, time, timedelta
from typing import NamedTuple

from tests.support.literal_figures import InDoubtError, literal_figures
from tests.support.office import Book, OfficeError
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import CellError, CellValue, Reading, Share, read_number
from xl_automation.forms.words import plain_text
from xl_automation.reading.places import places_of
from xl_automation.reading.strict_reading import read_strictly
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import EXCEL_EPOCH

Shown = Mapping[str, CellValue]  # by the id of a figure; what is blank is left out
_TOLERANCE = 1e-12  # programs may differ in the last bit of what they make of many digits
_PLACE = re.compile(r"\$(?:'((?:[^']|'')+)'|([^'.]+))\.\$([A-Z]+)\$([0-9]+)")
MAX_LOOKED_AT = 300  # rows of the form's sheet
# Remarks that say where figures stand now. Columns are not looked for here.
_RESCUED = {"rows-moved", "rows-missing", "names-lost", "columns-moved", "columns-missing"}
# com.sun.star.util.NumberFormat
_DATE, _TIME, _PERCENT, _LOGICAL = 2, 4, 128, 1024
_FIRST_MOMENT, _AFTER_LAST_DAY = datetime.combine(EXCEL_EPOCH, time()), 2_958_466


class Difference(NamedTuple):
    """A figure that we read otherwise than another program shows it."""

    id: str
    read: Reading
    shown: CellValue


def differences(
    form: Form, submission: Submission, shown: Shown, ids: Container[str]
) -> list[Difference]:
    """Return those of some figures whose number is another than what is shown, or none.

    A cell that we call unreadable is no difference, whatever it shows: it has its finding.
    """
    return [
        Difference(id, read, shown.get(id))
        for id, read in submission.readings.items()
        if id in ids and not _agree(form, id, read, shown.get(id))
    ]


def differences_from_office(book: Book, form: Form, submission: Submission) -> list[Difference]:
    """Return the figures that LibreOffice shows otherwise, and of which no remark says so.

    Args:
        book: The workbook, open in LibreOffice.
        form: Its form.
        submission: What we read of it.
    """
    if is_rescued(submission):
        places = places_by_label(book, form)
        ids: Container[str] = places
    else:
        places, ids = places_in_office(book, form), submission.readings
    found = differences(form, submission, shown_by_office(book, places), ids)
    return [one for one in found if not is_told(submission, one)]


def _agree(form: Form, id: str, read: Reading, value: CellValue) -> bool:
    if read.number is None and read.text is not None:
        return True
    item = form.by_id.get(id)
    is_input = item is not None and item.is_input
    same = read_number(value, item.kind) if item and is_input else read_strictly(value)
    if read.number is None or same.number is None:
        return read.blank and same.blank
    return math.isclose(read.number, same.number, rel_tol=_TOLERANCE)


def is_told(submission: Submission, difference: Difference) -> bool:
    """Whether a remark says that the figure is not taken as it stands."""
    return any(difference.id in remark.indicators for remark in submission.remarks)


def is_rescued(submission: Submission) -> bool:
    """Whether rows or names were found again, so that the names of the cells prove nothing."""
    return not _RESCUED.isdisjoint(remark.rule for remark in submission.remarks)


# --- LibreOffice -------------------------------------------------------------------------------


def shown_by_office(book: Book, places: Mapping[str, Address]) -> dict[str, CellValue]:
    """Return what LibreOffice shows in the cells of the figures, by id, of an open workbook."""
    columns: dict[tuple[str, str], dict[str, int]] = {}
    for id, place in places.items():
        columns.setdefault((place.sheet, place.column), {})[id] = place.row
    shown: dict[str, CellValue] = {}
    for (sheet, column), rows in columns.items():
        if sheet in book.sheets():
            shown |= _shown(book, sheet, column, rows)
    return shown


def places_in_office(book: Book, form: Form) -> dict[str, Address]:
    """Return the cell of each figure by id, as LibreOffice knows the names of the workbook."""
    places, page = places_of(form), ""
    named = {item.id: place for item in form.figures if (place := _named(book, item.name))}
    page = next((place.sheet for place in named.values()), "")
    figures = {item.id for item in form.figures}
    headings = {item.id: address for item, address in places.rows if item.id not in figures}
    beside = {
        id: Address(f"{page}!{cell}") for id, cell in (headings | dict(places.helpers)).items()
    }
    tables = {table.name: _named(book, table.name) for table in form.tables}
    within = {
        id: Address(f"{table.sheet}!{address}")
        for id, _, name, address in places.tables
        if (table := tables[name])
    }
    return named | beside | within


def places_by_label(book: Book, form: Form) -> dict[str, Address]:
    """Return the cell of each figure by id, as a person finds it: by what is printed in its row.

    Rows that are printed like another are left out.
    """
    page = next(
        (place.sheet for item in form.figures if (place := _named(book, item.name))), form.sheet
    )
    printed = book.values(page, f"{positions.STT}1:{positions.LABEL}{MAX_LOOKED_AT}")
    rows: dict[tuple[str, ...], list[int]] = {}
    for row, texts in enumerate(printed, start=1):
        rows.setdefault(tuple(plain_text(str(text)) for text in texts), []).append(row)
    found = {item.id: rows.get((item.stt, plain_text(item.label)), []) for item in form.figures}
    return {
        id: Address.of(page, positions.VALUE, places[0])
        for id, places in found.items()
        if len(places) == 1
    }


def _named(book: Book, name: str) -> Address | None:
    ranges = book.document.NamedRanges
    match = _PLACE.fullmatch(ranges.getByName(name).Content) if ranges.hasByName(name) else None
    if match is None:
        return None
    quoted, plain, column, row = match.groups(default="")
    return Address.of(quoted.replace("''", "'") or plain, column, int(row))


def _shown(book: Book, sheet: str, column: str, rows: Mapping[str, int]) -> dict[str, CellValue]:
    """Return what some cells of a column show, by id; what is blank is left out."""
    area = f"{column}1:{column}{max(rows.values())}"
    values, cells = book.column(sheet, area), book.sheet(sheet).getCellRangeByName(area)
    kinds: dict[int, int] = {}

    def kind(row: int) -> int:
        key = cells.getCellByPosition(0, row - 1).NumberFormat
        if key not in kinds:
            kinds[key] = book.document.NumberFormats.getByKey(key).Type
        return kinds[key]

    return {
        id: _number(value, kind(row)) if isinstance(value, float) else _text(value)
        for id, row in rows.items()
        for value in [values[row - 1]]
        if value != ""
    }


def _text(value: str | OfficeError) -> CellValue:
    return CellError(value.code) if isinstance(value, OfficeError) else value


def _number(value: float, kind: int) -> CellValue:
    """Return a number as its cell shows it."""
    if kind & _LOGICAL:
        return bool(value)
    if kind & _PERCENT:
        return Share(value)
    if kind & (_DATE | _TIME) and 0 <= value < _AFTER_LAST_DAY:
        return _FIRST_MOMENT + timedelta(days=value)
    return value


# --- a second look -----------------------------------------------------------------------------


def may_differ(form: Form, submission: Submission, content: bytes) -> bool:
    """Whether other figures stand in the file than we read, or it is in doubt which do."""
    try:
        literal = literal_figures(form, content, submission.readings)
    except InDoubtError:
        return True
    return any(
        not _agree(form, id, read, value)
        and not (isinstance(value, float) and _agree(form, id, read, Share(value)))
        for id, read in submission.readings.items()
        for value in [literal.get(id)]
    )
