"""Requirements of the reader.

V1 What a clerk typed is read, and the same by whatever program the file was saved.
V2 The fast way and the exact way give the same, or the fast one says that it cannot.
V3 Percentages are recomputed from their parts, whatever a cell or its stored result says.
V4 A file that is not what was issued is refused with what was found; a moved or renamed sheet,
   other widths and an extra sheet are no reason to.
V5 Whatever the parts of a package, only a submission or a refusal comes out.
"""

from __future__ import annotations

import re
import tracemalloc
import unicodedata
import warnings
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl.workbook import Workbook

from tests.support import builders
from tests.support.builders import COMMUNE, DISTRICT, FORM, PERIOD
from xl_automation.checks.check import check
from xl_automation.forms.numbers import BLANK, Reading
from xl_automation.reading.cells import FormCells
from xl_automation.reading.exact_cells import read_exactly
from xl_automation.reading.fast_cells import read_fast
from xl_automation.reading.figures import tabulate
from xl_automation.reading.locate import locate
from xl_automation.reading.reader import read_submission, understand
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.guard import open_package
from xl_automation.xlsx.package import edit_sheet, read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.refusal import Refusal

LAYOUT = Layout(FORM)
TYPED = {**COMMUNE, "2.2": "-", "4.2.3": "07", "6.1.a": "4.860", "3.3.4": "81,75 %", "2.3": " 10 "}
NOTES = {"1.1": "Theo Kế hoạch số 12", "3.3.3": "=1+1", "1.2.3.a": "0"}


def plain(submission: Submission) -> dict[str, object]:
    """Return all that was read, without which file it was."""
    file = {"path": Path("x"), "sha256": "", "size": 0, "saved": 0.0, "written": None}
    whose = replace(submission, **file)
    return {name: getattr(whose, name) for name in Submission.__dataclass_fields__}


def saved_by_openpyxl(path: Path, change: Callable[[Workbook], None] = lambda _: None) -> Path:
    """Load a workbook, change it and save it in place, as another program does."""
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return path


def both_ways(path: Path) -> tuple[dict[str, object] | None, dict[str, object]]:
    """Return what the fast way reads, None where it cannot, and what the exact way reads."""
    opened = open_package(path)
    place = locate(opened, FORM)
    names = place.book.names

    def read(sheets: FormCells) -> dict[str, object]:
        return plain(understand(FORM, sheets, names, path))

    fast = read_fast(place)
    return read(fast) if fast else None, read(read_exactly(place))


# --- what was typed ----------------------------------------------------------------------------


@pytest.mark.parametrize("level", builders.LEVELS)
def test_typed_figures_notes_and_information_are_read(tmp_path, level):
    """Each figure as typed, notes, level, unit and period; a cell left alone is blank."""
    path = builders.workbook(tmp_path / "báo cáo.xlsx", TYPED, level, notes=NOTES)
    found = read_submission(path, FORM)
    expected = builders.submission(TYPED, level)
    assert dict(found.readings) == dict(expected.readings)
    assert found.readings["4.2.3"] == Reading(7, "07", True)
    assert found.readings["2.2"] == Reading(text="-")
    assert found.readings["1.2.1.tu"] == BLANK
    assert found.notes == NOTES
    assert (found.level, found.unit_code, found.unit_name) == (level, "05497", "Xã Thịnh Đức")
    assert found.period == PERIOD
    assert (found.form_id, found.form_version) == (FORM.id, FORM.version)
    assert (found.size, found.saved) == (path.stat().st_size, path.stat().st_mtime)


def test_codes_for_no_figure_are_read_where_a_figure_may_stand(tmp_path):
    """In any letter case, spaces aside; not in a heading, a helper, or what is computed."""
    typed = {
        "1.1.a": " kad\u00a0", "1.4.2": "Ccs", "3.3.4": "GOP\n", "2.3": "KAD CCS",
        "3.1": "KAD", "1.1": "KAD", "3.3.5.tu": "KAD",
    }  # fmt: skip
    path = builders.workbook(tmp_path / "a.xlsx", typed)
    for read in both_ways(path):
        assert read is not None
        found = {id: read["readings"][id] for id in typed}
        assert {id: one.absence for id, one in found.items() if one.absence} == {
            "1.1.a": "KAD", "1.4.2": "CCS", "3.3.4": "GOP",
        }  # fmt: skip
        assert {id: one.text for id, one in found.items()} == typed
        assert {one.number for one in found.values()} == {None}
    values = tabulate(FORM, [read_submission(path, FORM)]).row(0).values()
    assert {id: values[id] for id in ("1.1.a", "1.4.2", "3.3.4", "2.3", "1.1")} == {
        "1.1.a": "KAD", "1.4.2": "CCS", "3.3.4": "GOP", "2.3": "KAD CCS", "1.1": None,
    }  # fmt: skip


def test_labels_of_open_rows_are_read(tmp_path):
    """What the clerk calls a row of a table is read, be it a number, spaces around it aside."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    parts = read_parts(path.read_bytes())

    def label(sheet):
        sheet.set(positions.table_label(1), "  Đất đai\u00a0– nhà ở ")
        sheet.set(positions.table_label(2), 12)
        sheet.set(positions.table_label(3), " ")

    edit_sheet(parts, "Biểu 06", label)
    path.write_bytes(zip_parts(parts))
    assert read_submission(path, FORM).row_labels == {
        "II06.1": "Đất đai – nhà ở", "II06.2": "12"
    }  # fmt: skip


def test_untouched_workbook_is_blank(tmp_path):
    """Of a workbook as issued nothing is filled, and no percentage is typed over."""
    found = read_submission(builders.workbook(tmp_path / "a.xlsx"), FORM)
    assert set(found.readings.values()) == {BLANK}
    assert not {item.id for item in FORM.indicators if item.percent} & found.readings.keys()
    assert (found.notes, found.dates, found.report_number) == ({}, {}, None)


def test_blank_template_has_no_unit_and_no_period(tmp_path):
    """What was not chosen on the information sheet is not made up."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(builders.blank(prefilled=False))
    found = read_submission(path, FORM)
    assert (found.unit_code, found.unit_name, found.period) == (None, None, None)


@pytest.mark.parametrize(
    ("typed", "code", "name"),
    [
        ("05497 – Xã Thịnh Đức", "05497", "Xã Thịnh Đức"),
        ("Xã Thịnh Đức", None, "Xã Thịnh Đức"),
        ("  05497 – Xã   Thịnh Đức ", "05497", "Xã Thịnh Đức"),
        (5497, None, "5497"),
    ],
)
def test_unit_as_typed(tmp_path, typed, code, name):
    """A unit is code and name; what is not written so is a name."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(builders.blank(prefilled=False))
    info = f"B{positions.INFO_ROWS['TT_DON_VI'][0]}"
    saved_by_openpyxl(path, lambda book: book[positions.INFO_SHEET].__setitem__(info, typed))
    found = read_submission(path, FORM)
    assert (found.unit_code, found.unit_name) == (code, name)


@pytest.mark.parametrize(
    ("number", "day", "expected"),
    [
        ("66/BC-UBND", date(2022, 6, 14), ("66/BC-UBND", date(2022, 6, 14))),
        (66, 44726, ("66", date(2022, 6, 14))),
        (66.0, datetime(2022, 6, 14, 9, 30), ("66", date(2022, 6, 14))),
        (None, "14/6/2022", (None, None)),
        (" 66 /BC ", True, ("66 /BC", None)),
        (None, -5, (None, None)),
        (None, 10**9, (None, None)),
    ],
)
def test_report_number_and_date(tmp_path, number, day, expected):
    """A number is text; a date is a date or a serial, and nothing else is guessed to be one."""
    path = builders.workbook(tmp_path / "a.xlsx")

    def change(book: Workbook) -> None:
        info = book[positions.INFO_SHEET]
        info[f"B{positions.INFO_ROWS['TT_SO_BAO_CAO'][0]}"] = number
        cell = info[f"B{positions.INFO_ROWS['TT_NGAY_BAO_CAO'][0]}"]
        cell.value = day
        if not isinstance(day, date):
            cell.number_format = "General"

    saved_by_openpyxl(path, change)
    fast, exact = both_ways(path)
    assert fast in (exact, None)
    assert (exact["report_number"], exact["dates"].get("@report_date")) == expected


# --- whoever saved it --------------------------------------------------------------------------


def test_openpyxl_saves_what_is_read_the_same(tmp_path):
    """A workbook loaded and saved by another program is read as before."""
    path = builders.workbook(tmp_path / "a.xlsx", TYPED, notes=NOTES)
    before = plain(read_submission(path, FORM))
    assert plain(read_submission(saved_by_openpyxl(path), FORM)) == before


@pytest.mark.office
@pytest.mark.parametrize("level", builders.LEVELS)
def test_libreoffice_saves_what_is_read_the_same(tmp_path, office, level):
    """A workbook recalculated and saved is read as the one that was never calculated."""
    fill = {**TYPED, **(DISTRICT if level == "district" else {})}
    path = builders.workbook(tmp_path / "a.xlsx", fill, level)
    never = plain(read_submission(path, FORM))
    with office.open(path) as book:
        book.recalculate()
        saved = book.save_as(tmp_path / "b.xlsx")
    found = read_submission(saved, FORM)
    assert {**plain(found), "dates": {}} == {**never, "dates": {}}
    assert builders.pairs(check(FORM, found)) == builders.pairs(
        check(FORM, read_submission(path, FORM))
    )


@pytest.mark.office
def test_clerk_types_in_libreoffice(tmp_path, clerk_office):
    """Keys in the open cells arrive as the figures meant; locked cells take none."""
    path = builders.workbook(tmp_path / "a.xlsx")
    typed = {"1.1.a": "8", "1.1.b": "4", "6.1.a": "4.860.000", "3.3.4": "58,85"}
    with clerk_office.open(path) as book:
        for id, text in typed.items():
            assert book.try_type(FORM.sheet, LAYOUT.cell(id), text)
        for locked in (
            LAYOUT.cell("1.1"),
            LAYOUT.cell("3.1"),
            f"{positions.LABEL}10",
            f"{positions.NOTE}8",
        ):
            assert not book.try_type(FORM.sheet, locked, "5")
        assert not book.try_type(FORM.sheet, LAYOUT.cell("3.3.5"), "103")
        assert not book.try_type(FORM.sheet, LAYOUT.cell("1.4.2"), "7")
        saved = book.save_as(tmp_path / "b.xlsx")
    found = read_submission(saved, FORM)
    numbers = {id: reading.number for id, reading in found.readings.items() if not reading.blank}
    assert numbers == {"1.1.a": 8, "1.1.b": 4, "6.1.a": 4860000, "3.3.4": 58.85}
    assert builders.figures_of([found.readings]).numbers.at[0, "1.1"] == 50


# --- the fast way and the exact way ------------------------------------------------------------

ROWS = [item.id for item in FORM.indicators] + list(FORM.helper_ids)
ERRORS = ("#DIV/0!", "#N/A", "#REF!", "#VALUE!")
letters = st.characters(blacklist_categories=("Cs", "Cc"))
contents = st.one_of(
    st.none(),
    st.integers(-(10**15), 10**15),
    st.floats(-1e15, 1e15),
    st.booleans(),
    st.text(letters, max_size=8),
    st.text("0123456789.,-% \u00a0\n", max_size=9),
    st.sampled_from(("03", "4.860.000", "-", " ", "TRUE", "=", "'5", *ERRORS)),
    st.sampled_from(ERRORS).map(lambda text: ("error", text)),
    st.sampled_from(("=1+1", "=D10*2", "=1/0", '="abc"')).map(lambda text: ("formula", text)),
    st.dates(date(1950, 1, 1), date(2050, 1, 1)),
    st.datetimes(datetime(1950, 1, 1), datetime(2050, 1, 1)).map(
        lambda moment: moment.replace(microsecond=0)
    ),
    st.times().map(lambda moment: moment.replace(microsecond=0)),
)
edits = st.lists(
    st.tuples(st.sampled_from(ROWS), st.sampled_from(("figure", "note")), contents),
    min_size=5,
    max_size=40,
)


def apply(book: Workbook, changes: list[tuple[str, str, object]]) -> None:
    page = book[FORM.sheet]
    for id, column, content in changes:
        if column == "note" and id in FORM.by_id:
            cell = page[f"{positions.NOTE}{LAYOUT.rows[id]}"]
        else:
            cell = page[LAYOUT.cell(id)]
        kind, value = content if isinstance(content, tuple) else ("value", content)
        if cell.is_date:
            cell.number_format = "General"
        cell.value = value
        if isinstance(value, str):
            cell.data_type = {"error": "e", "formula": "f"}.get(kind, "s")


@settings(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking whole workbooks takes minutes
)
@given(edits)
@example([("1.1", "figure", 50), ("1.2.3", "figure", None), ("3.3.4", "figure", None)])
@example([("1.1.a", "figure", ("error", "#DIV/0!"))])
@example([("3.3.4.tu", "figure", ("formula", "=1+1"))])
@example([("1.1.a", "note", ("formula", "=1+1")), ("3.1", "figure", 126)])
@example([("1.1.a", "figure", ("formula", "=1+1"))])
@example(
    [
        ("1.1.a", "figure", datetime(2022, 6, 14, 9, 30)),
        ("1.5", "figure", time(9, 30)),
        ("1.1.b", "note", False),
        ("2.1", "figure", True),
        ("2.3", "figure", "  \n"),
    ]
)
def test_fast_way_reads_what_the_exact_way_reads(tmp_path, changes):
    """Whatever stands in the cells, the two ways agree, or the fast one steps back."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    saved_by_openpyxl(path, lambda book: apply(book, changes))
    fast, exact = both_ways(path)
    assert fast in (exact, None)


def test_fast_way_is_taken_for_ordinary_files(tmp_path):
    """An ordinary report, whoever saved it, is read fast."""
    path = builders.workbook(tmp_path / "a.xlsx", TYPED, notes=NOTES)
    assert both_ways(path)[0] is not None
    assert both_ways(saved_by_openpyxl(path))[0] is not None


@pytest.mark.parametrize(
    ("id", "content"),
    [
        ("3.3.4", ("error", "#N/A")),
        ("1.1.a", ("error", "#DIV/0!")),
        ("1.1.a", ("formula", "=4+4")),
        ("3.3.4.tu", ("formula", "=4+4")),
    ],
)
def test_fast_way_sees_errors_and_formulas(tmp_path, id, content):
    """Error values, and formulas other than those issued, are read fast as the exact way does."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    saved_by_openpyxl(path, lambda book: apply(book, [(id, "figure", content)]))
    fast, exact = both_ways(path)
    assert fast == exact


def cell_xml(path: Path, address: str, xml: str) -> Path:
    """Replace the XML of one cell of the form's sheet."""
    parts = read_parts(path.read_bytes())
    name = sheet_parts(parts)[FORM.sheet]
    text = parts[name].decode()
    changed = re.sub(rf'<c r="{address}"[^>]*?(/>|>.*?</c>)', lambda _: xml, text, count=1)
    assert changed != text
    parts[name] = changed.encode()
    path.write_bytes(zip_parts(parts))
    return path


@pytest.mark.parametrize(
    ("xml", "reading"),
    [
        ('<c r="D10" t="e"><v>#DIV/0!</v></c>', Reading(text="#DIV/0!")),
        ("<c r='D10' t='e'><v>#DIV/0!</v></c>", Reading(text="#DIV/0!")),
        ('<c t="e" r="D10"><v>#DIV/0!</v></c>', Reading(text="#DIV/0!")),
        ('<c r="D10" t="b"><v>1</v></c>', Reading(text="TRUE")),
        ('<c r="D10"><v>8</v></c>', Reading(8.0)),
        ('<c r="D10"><v>8.0E0</v></c>', Reading(8.0)),
        ('<c r="D10"><f>4+4</f><v>8</v></c>', Reading(8.0)),
        ('<c r="D10"><f>4+4</f></c>', Reading(text="=4+4")),
        ('<c r="D10" t="str"><f>"0"&amp;"8"</f><v>08</v></c>', Reading(8.0, "08", True)),
        ('<c r="D10" t="e"><f>1/0</f><v>#DIV/0!</v></c>', Reading(text="#DIV/0!")),
        ('<c r="D10" t="str"><v>4.860</v></c>', Reading(4860.0, "4.860")),
        ('<c r="D10" t="inlineStr"><is><t xml:space="preserve"> 8 </t></is></c>',
         Reading(8.0, " 8 ")),
        ('<c r="D10" t="inlineStr"><is><r><t>1</t></r><r><t>2</t></r></is></c>',
         Reading(12.0, "12")),
        ('<c r="D10"><v>1e308</v></c>', Reading(text="1e+308")),
        ('<c r="D10"><v>-1e-308</v></c>', Reading(text="-1e-308")),
        (f'<c r="D10"><v>1{"0" * 300}</v></c>', Reading(text=f"1{'0' * 300}")),
    ],
)  # fmt: skip
def test_cell_of_any_form(tmp_path, xml, reading):
    """However a program writes a cell, the figure is read; of a formula, its stored result."""
    path = cell_xml(builders.workbook(tmp_path / "a.xlsx"), "D10", xml)
    found = read_submission(path, FORM).readings["1.1.a"]
    assert found == reading
    fast, exact = both_ways(path)
    assert fast is None or fast["readings"]["1.1.a"].number == exact["readings"]["1.1.a"].number


def test_stored_result_of_a_percentage_is_not_trusted(tmp_path):
    """A stored result, false or not, is passed over; typed over, the cell says what was typed."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE)
    formula = openpyxl.load_workbook(path)[FORM.sheet]["D9"].value
    escaped = formula[1:].replace('"', "&quot;")
    cell_xml(path, "D9", f'<c r="D9"><f>{escaped}</f><v>99</v></c>')
    found = read_submission(path, FORM)
    assert "1.1" not in found.readings
    assert builders.figures_of([found.readings]).numbers.at[0, "1.1"] == 50
    found = read_submission(cell_xml(path, "D9", '<c r="D9"><v>99</v></c>'), FORM)
    assert found.readings["1.1"] == Reading(99.0)
    assert builders.figures_of([found.readings]).numbers.at[0, "1.1"] == 50
    assert builders.pairs(check(FORM, found)) == {"R-1.1 1.1"}


# --- what is refused, and what is not ----------------------------------------------------------


def info(name: str, value: object) -> Callable[[Workbook], None]:
    return lambda book: book[positions.INFO_SHEET].__setitem__(
        f"B{positions.INFO_ROWS[name][0]}", value
    )


def page(address: str, value: object) -> Callable[[Workbook], None]:
    return lambda book: book[FORM.sheet].__setitem__(address, value)


def move_name(book: Workbook) -> None:
    book.defined_names["CT_1.1.a"].attr_text = f"'{FORM.sheet}'!$D$11"


def no_sheet(book: Workbook) -> None:
    for item in book.defined_names.values():
        if item.name.startswith("CT_"):
            item.attr_text = "#REF!" + item.attr_text.rpartition("!")[2]
    del book[FORM.sheet]


REFUSED = {
    "another-form": (info("TT_BIEU", "nuoc-sach"), "wrong-form", "nuoc-sach"),
    "no-form": (info("TT_BIEU", None), "wrong-form", "None"),
    "another-version": (info("TT_PHIEN_BAN", "2021.9"), "wrong-version", "2021.9"),
    "version-is-number": (info("TT_PHIEN_BAN", 2022), "wrong-version", "2022"),
    "another-level": (info("TT_CAP", "tỉnh"), "altered-form", "tỉnh"),
    "label": (page("B10", "Số việc đề ra"), "altered-form", "Số việc đề ra"),
    "label-formula": (page("B10", '="x"'), "altered-form", "B10"),
    "label-blank": (page("B10", None), "altered-form", "B10"),
    "label-error": (page("B10", "#N/A"), "altered-form", "#N/A"),
    "number": (page("A9", "1.2."), "altered-form", "A9"),
    "unit": (page("C105", "Nghìn đồng"), "altered-form", "Nghìn đồng"),
    "unit-blank": (page("C10", None), "altered-form", "C10"),
    "unit-code": (page("C25", "Không = 1\nCó = 0"), "altered-form", "C25"),
    "name-moved": (move_name, "altered-form", "CT_1.1.a"),
    "sheet-deleted": (no_sheet, "altered-form", "đã xoá một sheet"),
}  # fmt: skip


@pytest.mark.parametrize(("change", "code", "said"), REFUSED.values(), ids=REFUSED.keys())
def test_altered_workbook_is_refused(tmp_path, change, code, said):
    """A file that is not what was issued is refused by name, with what was found and where."""
    path = saved_by_openpyxl(builders.workbook(tmp_path / "a.xlsx", COMMUNE), change)
    with pytest.raises(Refusal) as refused:
        read_submission(path, FORM)
    assert refused.value.code == code
    assert said in str(refused.value)


def rename(book: Workbook) -> None:
    book[FORM.sheet].title = "Báo cáo (1)"
    for item in book.defined_names.values():
        item.attr_text = item.attr_text.replace(f"'{FORM.sheet}'", "'Báo cáo (1)'")


def rename_oddly(book: Workbook) -> None:
    book[FORM.sheet].title = "Phụ lục d'xã"
    for item in book.defined_names.values():
        item.attr_text = item.attr_text.replace(f"'{FORM.sheet}'", "'Phụ lục d''xã'")


def decompose(book: Workbook) -> None:
    for row in range(positions.FIRST_ROW, LAYOUT.last_row + 1):
        cell = book[FORM.sheet][f"B{row}"]
        cell.value = unicodedata.normalize("NFD", cell.value)


def unprotect(book: Workbook) -> None:
    for sheet in book:
        sheet.protection.disable()
        sheet.column_dimensions["B"].width = 90
    book.security = None


TOLERATED = {
    "renamed": rename,
    "renamed-oddly": rename_oddly,
    "reordered": lambda book: book.move_sheet(FORM.sheet, -1),
    "extra-sheet": lambda book: book.create_sheet("Nháp", 0).__setitem__("A1", "nháp"),
    "unprotected": unprotect,
    "label-spaces": page("B10", "  Số nhiệm vụ  đề ra\ntrong kế hoạch "),
    "label-decomposed": decompose,
    "number-as-number": page("A9", "1.1. "),
    "beside-the-page": page("P10", "ghi chú riêng"),
    "hidden-row": lambda book: setattr(book[FORM.sheet].row_dimensions[10], "hidden", True),
}


@pytest.mark.parametrize("change", TOLERATED.values(), ids=TOLERATED.keys())
def test_harmless_change_is_read_the_same(tmp_path, change):
    """What does not touch the form's cells changes nothing that is read."""
    path = builders.workbook(tmp_path / "a.xlsx", TYPED, notes=NOTES)
    before = plain(read_submission(path, FORM))
    assert plain(read_submission(saved_by_openpyxl(path, change), FORM)) == before


@pytest.mark.parametrize(
    "xml",
    [
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1048576"><c><v>1</v></c></row>',
        '<row r="999"><c r="&#88;FD999"><v>1</v></c></row>',
        '<x:row xmlns:x="http://schemas.openxmlformats.org/spreadsheetml/2006/main" r="1048576">'
        '<x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
        "<row r = '1048576' ><c r = 'XFD1048576' ><v>1</v></c></row>",
    ],
)
def test_far_cell_costs_nothing(tmp_path, xml):
    """One cell in the last corner of the sheet is not a reason to fill the memory."""
    path = builders.workbook(tmp_path / "a.xlsx", TYPED)
    before = plain(read_submission(path, FORM))
    parts = read_parts(path.read_bytes())
    name = sheet_parts(parts)[FORM.sheet]
    parts[name] = parts[name].replace(b"</sheetData>", xml.encode() + b"</sheetData>")
    path.write_bytes(zip_parts(parts))
    tracemalloc.start()
    try:
        after = plain(read_submission(path, FORM))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after == before
    assert peak < 50_000_000


def test_false_size_of_a_sheet_is_not_believed(tmp_path):
    """A wrong “dimension” hides no cell, whichever way is taken."""
    path = builders.workbook(tmp_path / "a.xlsx", {**TYPED, "1.1.b": 4})
    before = plain(read_submission(path, FORM))
    parts = read_parts(path.read_bytes())
    name = sheet_parts(parts)[FORM.sheet]
    parts[name] = re.sub(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:B2"/>', parts[name])
    path.write_bytes(zip_parts(parts))
    assert both_ways(path) == (before, before)


def broken(path: Path, part: str, how: Callable[[bytes], bytes | None]) -> Path:
    parts = read_parts(path.read_bytes())
    changed = how(parts.pop(part))
    if changed is not None:
        parts[part] = changed
    path.write_bytes(zip_parts(parts))
    return path


READ = sheet_parts(read_parts(builders.blank()))
PARTS = [
    "[Content_Types].xml",
    "xl/workbook.xml",
    "xl/_rels/workbook.xml.rels",
    "xl/sharedStrings.xml",
    "xl/styles.xml",
    READ[FORM.sheet],
    READ[positions.INFO_SHEET],
]
BREAKS: dict[str, Callable[[bytes], bytes | None]] = {
    "missing": lambda content: None,
    "other-root": lambda content: b"<x/>",
    "no-children": lambda content: re.sub(
        rb"^(.*?\?>\s*<([\w:]+)[^>]*>).*$", rb"\1</\2>", content, count=1, flags=re.S
    ),
    "other-namespace": lambda content: content.replace(b"spreadsheetml/2006", b"spreadsheetml/x"),
    "no-ids": lambda content: re.sub(rb'(r:id|Id|r)="[^"]*"', b"", content),
    "odd-values": lambda content: re.sub(rb"<v>[^<]*</v>", b"<v>x</v>", content),
    "odd-addresses": lambda content: re.sub(rb' r="[A-Z]+(\d+)"', rb' r="ZZZZ\1"', content),
    "odd-types": lambda content: re.sub(rb' t="\w+"', b' t="q"', content),
    "odd-styles": lambda content: re.sub(rb' s="\d+"', b' s="99999"', content),
    "odd-targets": lambda content: content.replace(b"worksheets/", b"nowhere/"),
}


@pytest.mark.parametrize("how", BREAKS)
@pytest.mark.parametrize("part", PARTS)
def test_broken_part_ends_in_a_refusal_or_a_reading(tmp_path, part, how):
    """Well-formed parts that are not what the format says never crash the reader."""
    path = broken(builders.workbook(tmp_path / "a.xlsx", COMMUNE), part, BREAKS[how])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with suppress(Refusal):
            assert read_submission(path, FORM).form_id == FORM.id
