"""A summary opened to be read: only the sheets that are asked for, by the names of their cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from xl_automation.forms.form import Form
from xl_automation.forms.loader import form_named
from xl_automation.forms.words import plain_text
from xl_automation.summary.places import FORM_NAME
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.guard import open_for_reading, stored_zip
from xl_automation.xlsx.limits import SUMMARY_LIMITS, Limits
from xl_automation.xlsx.package import read_book
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.xml_part import MAIN

_EMPTY_SHEET = f'<worksheet xmlns="{MAIN}"><sheetData/></worksheet>'.encode()

# What openpyxl, JSON and the lists raise on what is not there, or not what was written.
_DAMAGES = (KeyError, ValueError, TypeError, AttributeError, IndexError)


@dataclass(frozen=True, slots=True)
class SummaryFile:
    """The sheets of a summary that are read.

    Attributes:
        path: The file.
        names: The cell of each name of the workbook that stands for one that is there.
        workbook: The workbook; of other sheets it has no cells.
    """

    path: Path
    names: Mapping[str, Address]
    workbook: Any

    def value(self, name: str) -> object:
        """Return what stands in a named cell."""
        place = self.names[name]
        return self.workbook[place.sheet][place.cell].value

    def rows(self, name: str) -> Iterator[tuple[int, Sequence[object]]]:
        """Yield the number and the cells of each row of a sheet, from a named cell's row on."""
        place = self.names[name]
        rows = self.workbook[place.sheet].iter_rows(min_row=place.row, values_only=True)
        return enumerate(rows, start=place.row)


def open_summary(
    path: Path, names: Collection[str], limits: Limits = SUMMARY_LIMITS
) -> SummaryFile:
    """Return a summary with the cells of the sheets that some names stand in.

    The other sheets may be longer than all that is read.

    Args:
        path: The file.
        names: Names of its cells; one that it has not is passed over.
        limits: How much it may hold.

    Raises:
        Refusal: If it is no workbook that may be read.
    """
    parts = open_for_reading(path, limits).parts
    book = read_book(parts)
    places = {name: place for name, place in book.names.items() if place.sheet in book.sheets}
    read = {book.sheets[places[name].sheet] for name in names if name in places}
    unread = set(book.sheets.values()) - read
    contents = {name: _EMPTY_SHEET if name in unread else parts[name] for name in parts}
    workbook = openpyxl.load_workbook(stored_zip(contents), read_only=True, data_only=True)
    return SummaryFile(path, places, workbook)


@contextmanager
def refused_otherwise(refusal: Refusal) -> Iterator[None]:
    """Raise *refusal* where a name or sheet is missing or a part is not what the format says."""
    try:
        yield
    except _DAMAGES as error:
        raise refusal from error


def check_form(summary: SummaryFile, form: Form) -> None:
    """Make sure that a summary is one of *form*.

    Raises:
        Refusal: If it is one of another.
    """
    form_id = form_id_in(summary.value(FORM_NAME))
    if form_id != form.id:
        raise Refusal("wrong-form", expected=form.name, reason=f"sổ tổng hợp biểu {form_id}")


def form_of_summary(path: Path) -> Form | None:
    """Return the form that a summary names.

    Returns:
        None where the file cannot be read, is no summary, or names no form that ships.
    """
    with suppress(Exception):  # whoever reads it says why
        return form_named(form_id_in(open_summary(path, (FORM_NAME,)).value(FORM_NAME)))
    return None


def form_id_in(value: object) -> str:
    """Return the id of a form in what a summary says of it, which names the version too."""
    return plain_text(value).partition(" ")[0]


def no_summary() -> Refusal:
    """Return the refusal of a file that is no summary."""
    reason = "không phải sổ tổng hợp do chương trình này lập"
    return Refusal("wrong-form", expected="sổ tổng hợp", reason=reason)
