"""Sheets of a workbook that could be the form too: a copy, or the form behind a copy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xl_automation.forms.form import Form
from xl_automation.reading.found_sheet import Cells, FoundSheet, could_be, unmoved
from xl_automation.reading.locate import Located
from xl_automation.reading.remark import Remark
from xl_automation.template import positions
from xl_automation.template.issued_sheet import issued_sheets
from xl_automation.xlsx.guard import Package
from xl_automation.xlsx.package import Book
from xl_automation.xlsx.refusal import Refusal

# Sheets that are issued beside those that are read.
_BESIDE = frozenset(
    (positions.GUIDE_SHEET, positions.REVIEW_SHEET, positions.RULE_SHEET, positions.LIST_SHEET)
)
# Copies are about as large as what they are copies of; far larger are a clerk's own lists.
_AS_LARGE = 16
MAX_SHEETS = 100  # that are looked at; an issued workbook has eight


def could_be_read(package: Package, book: Book) -> list[str]:
    """Return the sheets of a file that could be of the form that is read, names being lost.

    Raises:
        Refusal: If there are too many to look at.
    """
    return _but_issued(package, book, bool(book.hidden - _BESIDE))


def other_sheets(place: Located) -> list[str]:
    """Return the sheets that could be of the form too, beside those that are read.

    Raises:
        Refusal: If there are too many to look at.
    """
    parts, read = place.package.parts, place.sheets.all
    is_hidden = bool(place.book.hidden.intersection(read))
    others = [n for n in _but_issued(place.package, place.book, is_hidden) if n not in read]
    sizes = {name: len(parts.unchecked(place.part(name))) for name in (*read, *others)}
    budget, near = _AS_LARGE * max(sizes[name] for name in read), []
    for name in sorted(others, key=sizes.__getitem__):
        budget -= sizes[name]
        if budget >= 0:
            near.append(name)
        elif is_hidden:
            raise Refusal("ambiguous-form", reason=f"sheet “{read[0]}” ẩn sau những sheet quá lớn")
    return near


def _but_issued(package: Package, book: Book, is_hidden: bool) -> list[str]:
    """Return the sheets of a file without those that are issued beside the form.

    Where the form is hidden, what people see instead may have any name.
    """
    issued = frozenset() if is_hidden else _BESIDE
    names = [n for n, part in book.sheets.items() if n not in issued and part in package.parts]
    if len(names) > MAX_SHEETS:
        reason = f"sổ có {len(names)} sheet, không xem hết được sheet nào là bản sao của biểu mẫu"
        raise Refusal("ambiguous-form", reason=reason)
    return names


def remarks_of_copies(
    form: Form, place: Located, cells: Mapping[str, Cells], others: Sequence[str]
) -> list[Remark]:
    """Return that there are copies of a workbook's sheets which are blank or say the same.

    Args:
        form: The form.
        place: Where it stands in the file.
        cells: The cells of all sheets, by name.
        others: The sheets that are not read.

    Raises:
        Refusal: If a copy says something else, or could be a sheet that no name leads to.
    """
    names = place.sheets.issued(form)
    remarks: list[Remark] = []
    for issued in issued_sheets(form):
        found = (could_be(name, issued, cells[name]) for name in others)
        copies = [copy for copy in found if copy is not None]
        if name := names.get(issued.name):
            sheet = unmoved(name, issued, cells[name])
            remarks += (remark_of_copy(sheet, copy) for copy in copies)
        elif copies:
            lost, cell = next(iter(issued.names.items()))
            raise Refusal("altered-form", where=f"ô tên {lost}", expected=cell, found="không có")
    return remarks


def remark_of_copy(sheet: FoundSheet, copy: FoundSheet) -> Remark:
    """Return that there is a copy of a sheet which is blank or says the same.

    Raises:
        Refusal: If it says something else.
    """
    if copy.figures and copy.figures != sheet.figures:
        where = next(
            cell
            for id, cell in sheet.issued.figures.items()
            if copy.figures.get(id) != sheet.figures.get(id)
        )
        reason = (
            f"sheet “{sheet.name}” và sheet “{copy.name}” cùng là “{sheet.issued.name}” của biểu "
            f"mẫu mà khác số liệu, như ở ô {copy.now(where) or where}"
        )
        raise Refusal("ambiguous-form", reason=reason)
    said = "nói như nhau" if copy.figures else "bản sao để trống"
    seen = f"sheet “{copy.name}” là bản sao của sheet “{sheet.name}”, {said}"
    return Remark("sheet-copied", seen=seen)
