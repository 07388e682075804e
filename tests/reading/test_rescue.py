"""Requirements of rescue.

S1 Rows and columns that a program inserted, deleted or sorted, a copied or renamed sheet and lost
   names change no figure: each is found on its own row again, and what was done is told.
S2 What is gone is blank and told as an error; what was put between is told with its cell.
S3 Percentages that moved along are recomputed, not taken for typed over.
S4 Whatever could be two things is refused by name, and so is a code beside another text.
S5 A sheet that could be the form too is refused where it says something else, else told.
S6 A workbook without codes is read as before, or refused as before.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, MINI
from tests.support.cells import filled, typed
from tests.support.office import Book, Office
from tests.support.writers import by_pandas
from xl_automation.checks.check import check
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import BLANK
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.build import build_template
from xl_automation.template.issued_sheet import issued_sheets
from xl_automation.template.layout import Layout
from xl_automation.xlsx.address import Address, column_letters, column_number
from xl_automation.xlsx.package import read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.refusal import Refusal
from xl_automation.xlsx.xml_part import MAIN, parse_xml, to_xml

LAYOUT = Layout(FORM)
PAGE, INFO = FORM.sheet, positions.INFO_SHEET
TTHC, II06, *_ = (table.sheet for table in FORM.tables)
FILL = {
    **COMMUNE,
    **{f"TTHC.{row}.so": row for row in range(1, 15)},
    **{f"II06.{row}.c{column}": 10 * row + column for row in (1, 2, 3) for column in (4, 5, 8)},
    "3.3.2.tu": 3, "3.3.2.mau": 4,
}  # fmt: skip
NOTES = {"3.3.4": "103/126 thủ tục", "1.1": "Theo kế hoạch"}
SIGNED = {"TT_NGUOI_LAP": "Nguyễn Văn A", "TT_SO_BAO_CAO": "66/BC-UBND"}
LABELLED = {f"{II06}!B{6 + row}": f"Việc {row}" for row in (1, 2, 3)}
# What says where a file stands, what it weighs, what was mended: all else must be the same.
ELSEWHERE = {
    "path": Path(), "sha256": "", "size": 0, "saved": 0.0, "written": None, "remarks": (),
}  # fmt: skip


def report(path: Path) -> Path:
    """Write a report in which something stands in every kind of cell."""
    blank = builders.blank()
    fill = {id: value for id, value in FILL.items() if id in known_ids()}
    filled(path, FORM, fill, NOTES, blank, SIGNED)
    return typed(path, LABELLED, path.read_bytes())


def known_ids() -> set[str]:
    """Return the ids of all cells that are read."""
    return {*FORM.by_id, *FORM.helper_ids, *FORM.table_inputs}


def said(submission: Submission) -> Submission:
    """Return what a workbook says, whatever was mended in it."""
    return replace(submission, **ELSEWHERE)


def told(submission: Submission) -> set[str]:
    """Return the kinds of what was mended."""
    return {remark.rule for remark in submission.remarks}


@pytest.fixture(scope="module")
def untouched(tmp_path_factory) -> Path:
    """A report as issued."""
    return report(tmp_path_factory.mktemp("rescue") / "a.xlsx")


@pytest.fixture(scope="module")
def slim(untouched, tmp_path_factory) -> Path:
    """The same without the sheets that are not read."""
    path = tmp_path_factory.mktemp("slim") / "a.xlsx"
    unread = positions.GUIDE_SHEET, positions.REVIEW_SHEET, positions.RULE_SHEET
    return changed_by_openpyxl(untouched, path, *(lambda b, n=n: b.__delitem__(n) for n in unread))


@pytest.fixture(scope="module")
def expected(untouched) -> Submission:
    """What it says."""
    submission = read_submission(untouched, FORM)
    assert not submission.remarks
    return submission


# --- by a real program -------------------------------------------------------------------------


def insert_rows(sheet: str, row: int, count: int = 1) -> Callable[[Book], None]:
    """Insert rows before a row."""
    return lambda book: book.sheet(sheet).Rows.insertByIndex(row - 1, count)


def insert_columns(sheet: str, *columns: str) -> Callable[[Book], None]:
    """Insert a column before each of these."""

    def change(book: Book) -> None:
        for column in columns:
            book.sheet(sheet).Columns.insertByIndex(column_number(column) - 1, 1)

    return change


def delete_column(sheet: str, column: str) -> Callable[[Book], None]:
    """Delete a column."""
    return lambda book: book.sheet(sheet).Columns.removeByIndex(column_number(column) - 1, 1)


def sort(sheet: str, area: str, by: int, ascending: bool = True) -> Callable[[Book], None]:
    """Sort the rows of an area by its column of this number, from 0."""

    def change(book: Book) -> None:
        office = book._office
        field = office.struct("com.sun.star.table.TableSortField", Field=by, IsAscending=ascending)
        fields = office.any("[]com.sun.star.table.TableSortField", (field,))
        order = office.properties(ContainsHeader=False)
        (by_fields,) = office.properties(SortFields=None)
        by_fields.Value = fields
        book.sheet(sheet).getCellRangeByName(area).sort((*order, by_fields))

    return change


def move_rows(sheet: str, source: str, target: str) -> Callable[[Book], None]:
    """Cut an area and paste it elsewhere on its sheet; names and formulas follow."""

    def change(book: Book) -> None:
        cells = book.sheet(sheet)
        place = cells.getCellRangeByName(target).getCellAddress()
        cells.moveRange(place, cells.getCellRangeByName(source).getRangeAddress())

    return change


def drop_names(book: Book) -> None:
    """Delete every name of the workbook."""
    for name in book.names():
        book.document.NamedRanges.removeByName(name)


def rename(sheet: str, name: str) -> Callable[[Book], None]:
    """Rename a sheet."""
    return lambda book: setattr(book.sheet(sheet), "Name", name)


def copy(sheet: str, name: str) -> Callable[[Book], None]:
    """Copy a sheet within the workbook."""
    return lambda book: book.document.Sheets.copyByName(sheet, name, 1)


def remove(sheet: str) -> Callable[[Book], None]:
    """Delete a sheet."""
    return lambda book: book.document.Sheets.removeByName(sheet)


def all_of(*changes: Callable[[Book], None]) -> Callable[[Book], None]:
    """Do one after the other."""

    def change(book: Book) -> None:
        for step in changes:
            step(book)

    return change


LAST = LAYOUT.last_row
WHOLE = f"A{positions.FIRST_ROW}:{positions.LAST_COLUMN}{LAST}"
# what a program does -> how, and what is told of it
HARMLESS: dict[str, tuple[Callable[[Book], None], set[str]]] = {
    "rows-inserted": (
        all_of(insert_rows(PAGE, 1), insert_rows(PAGE, 50, 3), insert_rows(PAGE, 120)),
        {"rows-moved"},
    ),
    "columns-inserted": (insert_columns(PAGE, "P", "K", "E", "B", "A"), {"columns-moved"}),
    "rows-sorted": (sort(PAGE, WHOLE, by=1), {"rows-moved"}),
    "rows-inserted-then-sorted": (
        all_of(
            insert_rows(PAGE, 3, 2),
            sort(PAGE, f"A10:{positions.LAST_COLUMN}{LAST + 2}", by=1, ascending=False),
        ),
        {"rows-moved"},
    ),
    "unread-column-deleted": (delete_column(PAGE, positions.CHECK), {"columns-moved"}),
    "table-sorted": (sort(TTHC, "A7:E20", by=2, ascending=False), {"rows-moved"}),
    "open-rows-sorted": (sort(II06, "A7:O21", by=3, ascending=False), {"rows-moved"}),
    "table-columns-inserted": (insert_columns(II06, "E", "C", "A"), {"columns-moved"}),
    "table-rows-inserted": (insert_rows(TTHC, 9, 2), {"rows-moved"}),
    "table-row-above-inserted": (insert_rows(TTHC, 2), {"rows-moved"}),
    "information-inserted": (
        all_of(insert_rows(INFO, 6), insert_columns(INFO, "B")), {"rows-moved", "columns-moved"}
    ),
    "names-dropped": (
        all_of(drop_names, insert_rows(PAGE, 30), rename(II06, "B6")),
        {"names-lost", "rows-moved"},
    ),
    "sheet-renamed": (rename(PAGE, "Báo cáo"), set()),
    "renamed-and-inserted": (
        all_of(rename(PAGE, "Báo cáo 'xã'"), insert_rows(PAGE, 20)), {"rows-moved"}
    ),
    "copied": (copy(PAGE, "Phụ lục_2"), {"sheet-copied"}),
    "copied-original-deleted": (
        all_of(copy(PAGE, "Phụ lục_2"), remove(PAGE)), {"names-lost"}
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def changed(office: Office, slim, tmp_path_factory) -> Callable[..., Path]:
    """What changes the report in LibreOffice, its protection lifted, and saves it."""
    folder = tmp_path_factory.mktemp("changed")

    def done(change: Callable[[Book], None]) -> Path:
        with office.open(slim) as book:
            book.document.unprotect("")
            for sheet in book.sheets():
                book.sheet(sheet).unprotect("")
            change(book)
            return book.save_as(folder / "b.xlsx")

    return done


@pytest.mark.office
@pytest.mark.parametrize("name", HARMLESS)
def test_what_a_program_moves_is_found_again(changed, expected, name: str) -> None:
    """Each figure is on its own row, no percentage counts as typed over, what was done is told."""
    change, kinds = HARMLESS[name]
    submission = read_submission(changed(change), FORM)
    assert told(submission) == kinds
    assert submission.is_as_issued == (kinds <= {"sheet-copied"})
    assert said(submission) == said(expected)


@pytest.mark.office
def test_deleted_rows_are_blank_and_told(changed, expected) -> None:
    """Of a deleted row the figure is owed again; the percentages over it are not typed over."""

    def change(book: Book) -> None:
        for id in ("3.1.3", "1.2.3.a", "1.1.b", "1.1"):  # from below
            book.sheet(PAGE).Rows.removeByIndex(LAYOUT.rows[id] - 1, 1)

    submission = read_submission(changed(change), FORM)
    gone = {"1.2.3.a": BLANK, "3.1.3": BLANK, "1.1.b": BLANK}
    notes = {id: note for id, note in expected.notes.items() if id != "1.1"}
    wanted = replace(expected, readings={**expected.readings, **gone}, notes=notes)
    assert said(submission) == said(wanted)
    findings = {f.rule: f for f in check(FORM, submission) if f.rule.startswith("rows-")}
    missing = findings["rows-missing"]
    assert (missing.severity, set(missing.indicators)) == ("error", {*gone, "1.1"})
    assert findings["rows-moved"].severity == "warning"


@pytest.mark.office
def test_deleted_columns_are_told(changed, expected) -> None:
    """Without the column of notes there are none; without one of a table its figures are blank."""
    change = all_of(delete_column(PAGE, positions.NOTE), delete_column(II06, "D"))
    submission = read_submission(changed(change), FORM)
    gone = {id: BLANK for id in FORM.table_inputs if id.endswith(".c4")}
    wanted = replace(expected, readings={**expected.readings, **gone}, notes={})
    assert said(submission) == said(wanted)
    seen = [remark.seen for remark in submission.remarks if remark.rule == "columns-missing"]
    assert ["“Ghi chú”" in seen[0], "Trực tuyến (4)" in seen[1]] == [True, True]


@pytest.mark.office
def test_cut_figure_is_refused(changed) -> None:
    """A figure that was cut and pasted over another took its name along: whose is it?"""
    one, other = LAYOUT.cell("1.1.a"), LAYOUT.cell("1.1.b")
    path = changed(all_of(move_rows(PAGE, one, other), insert_rows(PAGE, 90)))
    assert refused(path).code == "altered-form"


def refused(path: Path, form: Form = FORM) -> Refusal:
    """Return the refusal that a workbook ends in."""
    with pytest.raises(Refusal) as caught:
        read_submission(path, form)
    return caught.value


def test_moved_helper_is_not_taken_for_another(slim, expected, tmp_path) -> None:
    """Columns beside the page that moved are told, though the figures themselves did not."""
    path = tmp_path / "b.xlsx"
    parts = read_parts(slim.read_bytes())
    part = sheet_parts(parts)[PAGE]
    columns = [*map(column_letters, range(1, 7)), None, *map(column_letters, range(7, 18))]
    order = range(positions.FIRST_ROW, LAST + 12)
    path.write_bytes(zip_parts({**parts, part: shuffled(parts[part], order, columns)}))
    submission = read_submission(path, FORM)
    assert told(submission) == {"columns-moved"}
    assert said(submission) == said(expected)


# --- by programs that know no names ------------------------------------------------------------


def test_values_alone_are_found_again(untouched, expected, tmp_path) -> None:
    """A web service that keeps neither names nor formulas loses no figure."""
    path = tmp_path / "b.xlsx"
    by_pandas(untouched, path)
    submission = read_submission(path, FORM)
    assert told(submission) == {"names-lost"}
    assert said(submission) == said(expected)


def changed_by_openpyxl(source: Path, target: Path, *changes: Callable[[Workbook], None]) -> Path:
    """Change a workbook with openpyxl, which moves neither names nor formulas."""
    book = openpyxl.load_workbook(source)
    for change in changes:
        change(book)
    book.save(target)
    return target


def put(sheet: str, cell: str, value: object) -> Callable[[Workbook], None]:
    """Put something into a cell."""
    return lambda book: book[sheet].__setitem__(cell, value)


def test_figure_in_a_row_of_ones_own_is_told(slim, expected, tmp_path) -> None:
    """What stands in a row that no form has is not counted, and named where it stands."""
    add = (lambda book: book[PAGE].insert_rows(50), put(PAGE, "D50", 17))
    submission = read_submission(changed_by_openpyxl(slim, tmp_path / "b.xlsx", *add), FORM)
    assert said(submission) == said(expected)
    (seen,) = [remark.seen for remark in submission.remarks if remark.rule == "rows-added"]
    assert "D50 = 17" in seen


def test_deleted_row_of_a_table_names_its_cells(slim, expected, tmp_path) -> None:
    """A table's rows have no numbers of their own: the cells say which figures are gone."""
    path = changed_by_openpyxl(slim, tmp_path / "b.xlsx", lambda b: b[TTHC].delete_rows(9))
    submission = read_submission(path, FORM)
    readings = {**expected.readings, "TTHC.3.so": BLANK}
    assert said(submission) == said(replace(expected, readings=readings))
    cells = {remark.rule: remark.cells for remark in submission.remarks}
    assert cells == {"rows-moved": (), "rows-missing": (f"{TTHC}!C9",)}


CODE = positions.CODE
ROW = LAYOUT.rows["1.1.a"]


def swap(cell: str, other: str) -> Callable[[Workbook], None]:
    """Exchange what stands in two cells of the form's sheet."""

    def change(book: Workbook) -> None:
        page = book[PAGE]
        page[cell].value, page[other].value = page[other].value, page[cell].value

    return change


def twin(name: str, *, hide: str = "", cell: str = "D10", value: object = None):
    """Copy a sheet under a name, put something into a cell of the copy, hide a sheet."""

    def change(book: Workbook) -> None:
        made = book.copy_worksheet(book[name])
        made.title = "Bản sao"
        if cell:
            made[cell] = value
        if hide:
            book[hide].sheet_state = "hidden"

    return change


def blank_copy(book: Workbook) -> None:
    """Copy the form's sheet and clear what was typed into the copy."""
    made = book.copy_worksheet(book[PAGE])
    for item in FORM.inputs:
        made[LAYOUT.cell(item.id)] = None
    for id in FORM.helper_ids:
        made[LAYOUT.cell(id)] = None


def original_deleted(book: Workbook) -> None:
    """Copy the form's sheet and delete the original, as Excel leaves the names."""
    book.copy_worksheet(book[PAGE])
    del book[PAGE]
    for item in book.defined_names.values():
        item.attr_text = item.attr_text.replace(f"'{PAGE}'!", "#REF!")


def without_codes(book: Workbook) -> None:
    """Make of a workbook one that was issued before there were codes."""
    for issued in issued_sheets(FORM):
        for row in issued.rows.values():
            book[issued.name][f"{issued.code_column}{row}"] = None
        for column in issued.columns:
            if issued.code_row:
                book[issued.name][f"{column}{issued.code_row}"] = None


def inserted(book: Workbook) -> None:
    """Insert a row into the form's sheet."""
    book[PAGE].insert_rows(50)


def row_copied(book: Workbook) -> None:
    """Copy a whole row into an empty one."""
    for cell in book[PAGE][ROW]:
        book[PAGE].cell(50, cell.column).value = cell.value


def codes_moved(book: Workbook) -> None:
    """Cut some of the codes and paste them beside the others."""
    page = book[PAGE]
    for row in range(positions.FIRST_ROW, positions.FIRST_ROW + 30):
        page[f"S{row}"], page[f"{CODE}{row}"] = page[f"{CODE}{row}"].value, None


def sorted_labels(book: Workbook) -> None:
    """Exchange two rows of a table, printed labels and figures without their codes."""
    sheet = book[TTHC]
    for column in "BC":
        one, other = sheet[f"{column}7"], sheet[f"{column}8"]
        one.value, other.value = other.value, one.value


def column_into_table(book: Workbook) -> None:
    """Insert a column into a table."""
    book[II06].insert_cols(5)


AMBIGUOUS: dict[str, tuple[Sequence[Callable[[Workbook], None]], str, str]] = {
    "one-code-twice": (
        [inserted, put(PAGE, f"{CODE}50", "CT_1.1.a")],
        "ambiguous-form",
        f"các ô {CODE}{ROW}, {CODE}50 cùng có mã CT_1.1.a",
    ),
    "row-copied": ([inserted, row_copied], "ambiguous-form", "cùng có mã CT_1.1.a"),
    "codes-exchanged": ([inserted, swap(f"{CODE}10", f"{CODE}11")], "altered-form", "ô A11"),
    "label-edited": ([inserted, put(PAGE, "B10", "Số việc")], "altered-form", "“Số việc”"),
    "unit-edited": ([inserted, put(PAGE, "C10", "Việc")], "altered-form", "“Việc”"),
    "headings-exchanged": ([swap("D7", f"{positions.RETURNED}7")], "altered-form", "ô tên CT_"),
    "codes-in-two-columns": ([inserted, codes_moved], "ambiguous-form", "hai cột"),
    "heading-twice": ([inserted, put(PAGE, "S7", "Số liệu")], "ambiguous-form", "“Số liệu”"),
    "copy-differs": ([twin(PAGE, value=99)], "ambiguous-form", "Bản sao"),
    "hidden-behind-a-copy": ([twin(PAGE, hide=PAGE, value=99)], "ambiguous-form", "Bản sao"),
    "hidden-behind-a-guide": (
        [
            twin(PAGE, hide=PAGE, value=99),
            lambda b: setattr(b["Bản sao"], "title", positions.GUIDE_SHEET),
        ],
        "ambiguous-form",
        positions.GUIDE_SHEET,
    ),
    "copy-without-codes-differs": (
        [without_codes, twin(PAGE, value=99)], "ambiguous-form", "như ở ô D10"
    ),
    "information-copied": ([twin(INFO, cell="B4", value="X")], "ambiguous-form", "Thông tin"),
    "table-copied": ([twin(TTHC, cell="C7", value=99)], "ambiguous-form", TTHC),
    "filled-copy-of-a-moved-form": ([inserted, twin(PAGE, value=99)], "ambiguous-form", "Bản sao"),
    "rows-moved-without-codes": ([without_codes, inserted], "altered-form", "50"),
    "table-sorted-without-codes": ([without_codes, sorted_labels], "altered-form", "B7"),
    "table-sorted-beside-codes": ([sorted_labels], "altered-form", "B7"),
    "table-column-without-codes": ([without_codes, column_into_table], "altered-form", "E"),
    "anchor-without-codes": (
        [without_codes, lambda b: b.defined_names.__delitem__("BANG_II06")],
        "altered-form",
        "BANG_II06",
    ),
    "older-version-without-names": (
        [
            lambda b: b.defined_names.clear(),
            put(INFO, positions.info_cell("TT_PHIEN_BAN"), "2021.1"),
            put(PAGE, "B10", "Số việc"),
        ],
        "wrong-version",
        "2021.1",
    ),
    "hundred-sheets": (
        [lambda b: [b.create_sheet(f"Nháp {at}") for at in range(100)]],
        "ambiguous-form",
        "sheet, không xem hết được",
    ),
    "total-edited": ([put(II06, "B22", "Cộng")], "altered-form", "“Cộng”"),
    "heading-of-a-table-edited": ([put(II06, "E5", "Bưu chính")], "altered-form", "“Bưu chính”"),
}  # fmt: skip


@pytest.mark.parametrize("name", AMBIGUOUS)
def test_what_could_be_two_things_is_refused(slim, tmp_path, name: str) -> None:
    """The refusal says where, and what stands there."""
    changes, code, words = AMBIGUOUS[name]
    refusal = refused(changed_by_openpyxl(slim, tmp_path / "b.xlsx", *changes))
    assert refusal.code == code
    assert words in str(refusal)


TOLD = {
    "same-copy": ([twin(PAGE, cell="")], {"sheet-copied"}),
    "same-copy-before-a-hidden-form": ([twin(PAGE, cell="", hide=PAGE)], {"sheet-copied"}),
    "blank-copy": ([blank_copy], {"sheet-copied"}),
    "same-copy-of-information": ([twin(INFO, cell="")], {"sheet-copied"}),
    "copy-of-a-moved-form": ([inserted, twin(PAGE, cell="")], {"rows-moved", "sheet-copied"}),
    "original-deleted": ([original_deleted], {"names-lost"}),
    "sheet-of-ones-own": ([lambda b: b.create_sheet("Nháp")], set()),
    "without-codes": ([without_codes], set()),
    "anchor-lost": ([lambda b: b.defined_names.__delitem__("BANG_II06")], {"names-lost"}),
    "total-row-deleted": ([lambda b: b[II06].delete_rows(22)], {"headings-missing"}),
}  # fmt: skip


@pytest.mark.parametrize("name", TOLD)
def test_what_changes_nothing_is_told(slim, expected, tmp_path, name: str) -> None:
    """The figures are those of the untouched workbook."""
    changes, kinds = TOLD[name]
    path = changed_by_openpyxl(slim, tmp_path / "b.xlsx", *changes)
    submission = read_submission(path, FORM)
    assert told(submission) == kinds
    assert said(submission) == said(expected)


# --- any rows, in any order --------------------------------------------------------------------

SMALL = Layout(MINI)
SMALL_FILL = {"I.2": 40, "I.3": 30, "I.4.tu": 1, "I.4.mau": 8, "I.5": 2}


@pytest.fixture(scope="module")
def small(tmp_path_factory) -> Path:
    """A report of a small form."""
    folder = tmp_path_factory.mktemp("small")
    fill = {id: value for id, value in SMALL_FILL.items() if id in {*MINI.by_id, *MINI.helper_ids}}
    return filled(folder / "a.xlsx", MINI, fill, {"I.2": "đã đếm"}, build_template(MINI))


@pytest.mark.parametrize("is_hidden", [False, True], ids=["seen", "hidden"])
def test_list_of_ones_own_is_no_copy(small, tmp_path, is_hidden: bool) -> None:
    """A sheet far larger than the form is passed over, unless the form is hidden behind it."""

    def change(book: Workbook) -> None:
        made = book.create_sheet("Danh sách")
        for row in range(3000):
            made.append([f"Hộ số {row} {column}" for column in range(10)])
        book[MINI.sheet].sheet_state = "hidden" if is_hidden else "visible"

    path = changed_by_openpyxl(small, tmp_path / "b.xlsx", change)
    if is_hidden:
        assert refused(path, MINI).code == "ambiguous-form"
    else:
        assert read_submission(path, MINI).remarks == read_submission(small, MINI).remarks


@st.composite
def shuffles(draw: Any) -> tuple[list[int | None], list[str | None]]:
    """Rows and columns of a sheet in another order, some gone; None is one put between."""
    rows = list(SMALL.rows.values())
    kept = draw(st.permutations(rows))
    kept = kept[: draw(st.integers(len(rows) // 2 + 1, len(rows)))]
    columns = [column_letters(n) for n in range(1, column_number(positions.LAST_COLUMN) + 1)]
    return _with_gaps(draw, kept), _with_gaps(draw, columns)


def _with_gaps(draw: Any, items: Sequence[Any]) -> list[Any]:
    made = list(items)
    for at in draw(st.lists(st.integers(0, len(items)), max_size=4)):
        made.insert(at, None)
    return made


def shuffled(sheet: bytes, rows: Sequence[int | None], columns: Sequence[str | None]) -> bytes:
    """Return a form's sheet with its rows and columns in this order, by its XML alone."""
    root = parse_xml(sheet)
    data = root.find(f"{{{MAIN}}}sheetData")
    assert data is not None
    lines = {int(line.get("r", "")): line for line in data}
    places = {old: new for new, old in enumerate(columns, start=1) if old}
    for line in lines.values():
        data.remove(line)
    for number, old in enumerate([*range(1, positions.FIRST_ROW), *rows], start=1):
        if old in lines:
            data.append(_renumbered(lines[old], number, places))
    for name in ("mergeCells", "dataValidations", "conditionalFormatting", "rowBreaks"):
        for element in root.findall(f"{{{MAIN}}}{name}"):
            root.remove(element)
    return to_xml(root)


def _renumbered(line: Any, number: int, places: dict[str, int]) -> Any:
    """Return a row with another number, its cells in their new columns."""
    line.set("r", str(number))
    cells = {}
    for cell in list(line):
        line.remove(cell)
        cells[places[Address(cell.get("r")).column]] = cell
    for place, cell in sorted(cells.items()):
        cell.set("r", f"{column_letters(place)}{number}")
        line.append(cell)
    return line


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(shuffles())
def test_any_order_of_rows_and_columns_gives_the_same_figures(small, tmp_path, order) -> None:
    """What is there is on its own row; what is gone is blank, and named."""
    rows, columns = order
    path = tmp_path / "b.xlsx"
    parts = read_parts(small.read_bytes())
    part = sheet_parts(parts)[MINI.sheet]
    path.write_bytes(zip_parts({**parts, part: shuffled(parts[part], rows, columns)}))
    expected, submission = read_submission(small, MINI), read_submission(path, MINI)
    gone = [id for id, row in SMALL.rows.items() if row not in rows]
    helped = {id for id, item in MINI.helper_ids.items() if item.id in gone}
    blank = {id for id in expected.readings if id in gone or id in helped}
    wanted = {id: BLANK if id in blank else value for id, value in expected.readings.items()}
    wanted |= {id: BLANK for id in gone if MINI.by_id[id].is_input}
    assert dict(submission.readings) == wanted
    missing = [remark for remark in submission.remarks if remark.rule == "rows-missing"]
    assert {id for remark in missing for id in remark.indicators} == {
        id for id in gone if MINI.by_id[id].is_figure
    }
    assert dict(submission.notes) == ({} if "I.2" in gone else expected.notes)
