"""A form open in Excel: read as it stands, saved or not.

What is read goes through the same :func:`reader.understand` as a file, so an open workbook and
its saved file say the same.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import xlwings as xw

from xl_automation.errors import UserError
from xl_automation.excel.buttons.open_cells import fonts_of, read_cells
from xl_automation.excel.functions.book_in_front import named_form
from xl_automation.forms.form import Form
from xl_automation.forms.loader import default_form, form_named
from xl_automation.reading.locate import SheetNames, find_sheets, seal_place
from xl_automation.reading.reader import understand
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.refusal import Refusal

# What becomes of rows and columns is found out from the whole file.
_MAY_BE_RESCUED = (
    " Nếu chỉ bị chèn, xoá, sắp xếp dòng hay cột: lưu sổ, rồi kiểm tra tệp bằng lệnh “cchc check”; "
    "số liệu có thể vẫn tìm lại được."
)

# --- whose form it is --------------------------------------------------------------------------


def is_form(book: xw.Book) -> bool:
    """Whether an open workbook is an issued form, or was one."""
    return positions.FORM_CELL in book.names


def form_of(book: xw.Book) -> Form:
    """Return the form that an open workbook names, the default one where it names none.

    Raises:
        UserError: If it names a form that does not ship.
    """
    id = named_form(book)
    if id is None:
        return default_form()
    form = form_named(id)
    if form is None:
        raise UserError(
            f"Sổ đang mở, “{book.name}”, là biểu mẫu “{id}”; bộ CCHC trên máy này không có biểu "
            "mẫu ấy. Dùng đúng tệp biểu mẫu được phát hành, hoặc cài bản mới của bộ CCHC."
        )
    return form


def expected_form(book: xw.Book) -> Form:
    """Return the form that files picked beside an open workbook are likely to be of."""
    return form_named(named_form(book) or "") or default_form()


# --- reading -----------------------------------------------------------------------------------


@dataclass(frozen=True)
class OpenForm:
    """A form open in Excel and what it says now.

    Attributes:
        book: The workbook.
        form: The form that it names.
        sheet_names: What its sheets are called now.
        submission: What it says.
        seal_place: The cell for the seal of a check, None where it was issued without one.
    """

    book: xw.Book
    form: Form
    sheet_names: SheetNames
    submission: Submission
    seal_place: Address | None

    def sheet(self, name: str) -> xw.Sheet:
        """Return a sheet by the name it was issued with."""
        return self.book.sheets[self.sheet_names.name_of(name, self.form)]

    @cached_property
    def layout(self) -> Layout:
        """Where everything stands."""
        return Layout(self.form)

    @cached_property
    def page(self) -> xw.Sheet:
        """The sheet of the form itself."""
        return self.sheet(self.form.sheet)


def read_open(book: xw.Book) -> OpenForm:
    """Return what the cells of *book* say.

    Raises:
        UserError: If it is not the form as issued, with the reason, or a form that does not ship.
    """
    form = form_of(book)
    try:
        names = _names(book)
        sheet_names = find_sheets(names, form)
        cells = read_cells(book, sheet_names, form)
        submission = understand(form, cells, names, _file_of(book), fonts_of(book))
    except Refusal as refusal:
        more = _MAY_BE_RESCUED if refusal.code == "altered-form" else ""
        raise UserError(f"Sổ đang mở, “{book.name}”: {refusal}{more}") from refusal
    return OpenForm(book, form, sheet_names, submission, seal_place(names))


def same_content(submission: Submission, other: Submission) -> bool:
    """Whether two workbooks say the same, whatever file they are in and whoever checked it."""
    nowhere, beside = (
        replace(whose, path=Path(), sha256="", size=0, saved=0.0, written=None, seal=None)
        for whose in (submission, other)
    )
    return nowhere == beside


def _names(book: xw.Book) -> dict[str, Address]:
    """Return the cell of each name of the whole workbook that stands for one there is."""
    sheets = set(book.sheet_names)
    references = {name.name: name.refers_to or "" for name in book.names}
    places = {name: Address.parse(text.removeprefix("=")) for name, text in references.items()}
    return {
        name: place
        for name, place in places.items()
        if place and place.sheet in sheets and "!" not in name
    }


# --- the file ----------------------------------------------------------------------------------


def _file_of(book: xw.Book) -> Path:
    try:
        return Path(book.fullname)
    except xw.XlwingsError:  # in the cloud, and not found on this PC
        return Path(book.name)


def path_of(book: xw.Book) -> Path:
    """Return the file of a saved workbook.

    Raises:
        UserError: If it was never saved, or lies in the cloud only.
    """
    path = _file_of(book)
    if not path.is_absolute():
        raise UserError(
            f"Sổ “{book.name}” chưa được lưu vào một thư mục trên máy này. Bấm Ctrl+S, chọn thư "
            "mục trên máy, rồi bấm lại nút này."
        )
    return path
