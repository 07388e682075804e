"""Requirements of the results that are stored beside formulas.

S1 Whatever a verb writes holds, beside its formulas, what a spreadsheet program computes anew:
   over random fills, at both levels, and in what is issued, filled, returned, upgraded, drawn up.
S2 What people see has a result: titles, percentages, checks, the list and its counts, totals.
S3 A program that computes nothing on opening shows nothing stale, and what is typed is computed.
   Excel is told to compute everything.
S4 Where a program alone can tell a result, or a formula is not the one that is issued, there is
   none; what a clerk computes keeps its own where nothing else changed.
S5 What is read of a workbook does not depend on the results in it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, LEVELS, PERIOD
from tests.support.cells import filled, typed
from tests.support.communes import CITY, A, B, good
from tests.support.office import Office
from tests.support.stored_results import Cells, differences, shown_results, stored_results
from tests.template.test_office_agreement import random_fills
from xl_automation.checks.earlier import PastPeriod
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.kept import register_of
from xl_automation.editing.blank_workbook import blank_workbook
from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks, issued_name
from xl_automation.editing.results.write import write_results
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.upgrade import upgrade
from xl_automation.editing.values_file import Entry
from xl_automation.forms.numbers import CellError
from xl_automation.outputs.city_appendix import write_city_appendix
from xl_automation.reading.folder import read_files
from xl_automation.reading.reader import read_submission
from xl_automation.summary.write import write_summary
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.template.review_sheet import FIRST_FINDING_ROW, LISTED
from xl_automation.template.rules_sheet import SEEN
from xl_automation.xlsx.package import WORKBOOK_PART, forget_results, read_parts, zip_parts

LAYOUT = Layout(FORM)
FILLS = max(1, int(os.environ.get("FILLS", "0")) // 50)  # at each level; by hand more
PAGE, REVIEW, RULES = FORM.sheet, positions.REVIEW_SHEET, positions.RULE_SHEET
EARLIER = PastPeriod(
    FORM.period("2022-Q1"),
    pd.DataFrame({"1.1.b": [6.0, 3.0], "2.1": [1.0, 9.0]}, index=[A.code, B.code]),
    {A.code: A.name, B.code: B.name},
)
INFO = {
    "TT_SO_BAO_CAO": "66/BC-UBND", "TT_NGAY_BAO_CAO": date(2022, 6, 4), "TT_NGUOI_LAP": "Lê An",
    "TT_CHUC_VU": "Phó Chủ tịch (ký thay)", "TT_NGUOI_KY": "Trần Bình",
}  # fmt: skip
# Broken rules and one that follows, an answer to a warning, text, a code, a blank, a table.
WRONG = {
    **COMMUNE, "1.1.b": 9, "1.3.1": None, "1.4.1": "KAD", "2.3": "58,85", "3.3.1": "–",
    "3.3.4": 12.5, "3.3.4.tu": 1, "3.3.4.mau": 8, "6.1.b": 5000.5, "TTHC.1.so": 7,
}  # fmt: skip
NOTES = {"6.1.b": "Điều chỉnh dự toán quý II"}


def with_results(path: Path) -> Path:
    """Write into a workbook the results of its formulas; return its path."""
    parts = read_parts(path.read_bytes())
    write_results(FORM, parts)
    path.write_bytes(zip_parts(parts))
    return path


def issued(folder: Path) -> Path:
    """Return the workbook of the second of two units, beside an earlier period."""
    if not (folder / "issued").exists():
        issue_workbooks(FORM, [A, B], PERIOD, folder / "issued", EARLIER, due=date(2022, 6, 15))
    return folder / "issued" / issued_name(B, PERIOD)


def sent(folder: Path) -> Path:
    """Return such a workbook, filled with much that is wrong."""
    content = issued(folder).read_bytes()
    return filled(folder / "sent.xlsx", FORM, WRONG, NOTES, content, INFO)


def filled_in(folder: Path) -> Path:
    """Return what ``fill`` makes of it."""
    rows = (("1.1.a", "8"), ("1.3.1", "x"), ("3.3.2", "4,5"), ("chuc_vu", ""))
    entries = [Entry(line, *row) for line, row in enumerate(rows, start=2)]
    fill(sent(folder), entries, folder / "filled.xlsx", FORM)
    return folder / "filled.xlsx"


def given_back(folder: Path) -> Path:
    """Return what ``return`` makes of it, with a finding that only the city has."""
    results = read_files([sent(folder)], FORM)
    (back,) = return_workbooks(FORM, results, folder / "out", [A], None, [EARLIER]).returned
    return back.copy


def upgraded(folder: Path) -> Path:
    """Return what ``upgrade`` makes of it."""
    upgrade(sent(folder), folder / "upgraded.xlsx", FORM)
    return folder / "upgraded.xlsx"


def appendix(folder: Path) -> Path:
    """Return the city's appendix of a summary."""
    result = consolidate(FORM, [good(A), good(B, c3_4_2_b=6000), good(CITY)], (A, B, CITY))
    write_summary(result, folder / "summary.xlsx")
    write_city_appendix(FORM, register_of(result), folder / "summary.xlsx", folder / "city.xlsx")
    return folder / "city.xlsx"


def blank(folder: Path) -> Path:
    """Return the blank form."""
    path = folder / "blank.xlsx"
    path.write_bytes(blank_workbook(FORM))
    return path


VERBS: Mapping[str, Callable[[Path], Path]] = {
    "template": blank, "issue": issued, "fill": filled_in, "return": given_back,
    "upgrade": upgraded, "appendix": appendix,
}  # fmt: skip


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """What each verb writes, made when it is first asked for."""
    folder = tmp_path_factory.mktemp("written")
    return cache(lambda verb: VERBS[verb](folder))


def assert_whole(stored: Cells) -> None:
    """Whatever is seen has a result."""
    without = {place for place, value in stored.items() if value is None}
    hidden = {(PAGE, positions.FORMAT), (RULES, SEEN)}
    assert {(sheet, cell.rstrip("0123456789")) for sheet, cell in without} <= hidden


@pytest.mark.office
@pytest.mark.parametrize("level", LEVELS)
def test_stored_results_are_what_is_computed(
    clerk_office: Office, tmp_path: Path, level: str
) -> None:
    """S1, S2 over random fills."""
    path = tmp_path / "any.xlsx"
    known = 0
    for values in random_fills(level, FILLS):
        cells = {
            LAYOUT.place(id): str(value) if isinstance(value, CellError) else value
            for id, value in values.items()
        }
        typed(path, cells, builders.blank(level))
        stored = stored_results(with_results(path))
        if set(stored.values()) != {None}:
            assert not differences(stored, shown_results(clerk_office, path)[1])
            assert_whole(stored)
            known += 1
    assert known


@pytest.mark.office
@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_writes_results(
    clerk_office: Office, written: Callable[[str], Path], verb: str
) -> None:
    """S1, S2, S3: computed anew or only opened, the workbook is the same; Excel computes."""
    stored = stored_results(written(verb))
    opened, computed = shown_results(clerk_office, written(verb))
    assert not differences(stored, computed)
    assert not differences(stored, opened)
    assert_whole(stored)
    assert b'fullCalcOnLoad="1"' in read_parts(written(verb).read_bytes())[WORKBOOK_PART]


@pytest.mark.office
def test_what_is_typed_is_computed(clerk_office: Office, written: Callable[[str], Path]) -> None:
    """S3: a program with stock settings goes on from the stored results."""
    with clerk_office.open(written("template")) as book:
        row = LAYOUT.rows["1.1.b"]
        assert book.value(PAGE, f"{positions.CHECK}{row}") == "Còn phải điền"
        book.type(PAGE, LAYOUT.cell("1.1.a"), 8)
        book.type(PAGE, LAYOUT.cell("1.1.b"), 9)
        assert book.value(PAGE, LAYOUT.cell("1.1")) == 112.5
        assert str(book.value(PAGE, f"{positions.CHECK}{row}")).startswith("Lỗi: 1.1.b = 9; tối")
        assert book.value(REVIEW, "B4") == 1
        assert book.value(REVIEW, f"E{FIRST_FINDING_ROW}").startswith("1.1.b = 9")


def test_programs_that_compute_nothing_see_the_truth(written: Callable[[str], Path]) -> None:
    """S2: titles, percentages, checks, the list, totals and dates are there for a script."""
    book = openpyxl.load_workbook(written("fill"), data_only=True)
    page, review, info = book[PAGE], book[REVIEW], book[positions.INFO_SHEET]
    printed = [page[f"A{row}"].value for row in (1, 2, 3)]
    assert all(printed)
    assert B.name.upper() in " ".join(printed)
    assert page[LAYOUT.cell("3.3.4")].value == 12.5
    assert page[LAYOUT.cell("1.1")].value == 112.5
    check = page[f"{positions.CHECK}{LAYOUT.rows['1.1.b']}"].value
    listed = [review[f"E{row}"].value for row in range(FIRST_FINDING_ROW, 20)]
    assert check.removeprefix("Lỗi: ").partition(" – ")[0] in listed
    assert page[f"{positions.NUMBER}{LAYOUT.rows['1.4.1']}"].value == "KAD"
    assert info[positions.info_cell("TT_TU_NGAY")].value.date() == PERIOD.window[0]
    table = FORM.tables[0]
    total = positions.table_cell(table, table.columns[-1], 0)
    assert book[table.sheet][total].value == 7
    frame = pd.read_excel(written("fill"), REVIEW, header=None, engine="calamine")
    assert frame.iloc[3, 1] == review["B4"].value > 0
    assert frame.iloc[FIRST_FINDING_ROW + LISTED - 1 : FIRST_FINDING_ROW + LISTED, 0].isna().all()


def test_returned_list_says_what_the_city_found(written: Callable[[str], Path]) -> None:
    """S2: what only the city sees stands in the list before anything is computed."""
    book = openpyxl.load_workbook(written("return"), data_only=True)
    listed = [book[REVIEW][f"H{row}"].value for row in range(FIRST_FINDING_ROW, 110)]
    assert "unknown-unit" in listed


NOT_KNOWN: Mapping[str, object] = {
    "typed-formula": {f"{PAGE}!{LAYOUT.cell('2.1')}": ("1+1", 2)},
    "helping-formula": {f"{PAGE}!{positions.NUMBER}{LAYOUT.rows['2.1']}": ("7", 7)},
    "no-helping-formula": {f"{RULES}!F2": 1},
    "own-formula-far-off": {f"{REVIEW}!Z90": ("1+1", 2)},
    "beyond-reason": {f"{PAGE}!{LAYOUT.cell('2.1')}": 1e-130},
}


@pytest.mark.parametrize("case", NOT_KNOWN)
def test_what_is_not_sure_is_left_out(tmp_path: Path, case: str) -> None:
    """S4: one such cell, and nothing is stored; Excel computes."""
    path = with_results(typed(tmp_path / "a.xlsx", NOT_KNOWN[case], builders.blank()))
    assert set(stored_results(path).values()) == {None}
    assert b'fullCalcOnLoad="1"' in read_parts(path.read_bytes())[WORKBOOK_PART]


def test_what_a_clerk_computes_keeps_its_result(tmp_path: Path) -> None:
    """S4: a workbook that goes back is read as it came, whatever formulas a clerk typed."""
    cells = {f"{PAGE}!{LAYOUT.cell('2.1')}": ("1+2", 3), f"{PAGE}!{LAYOUT.cell('1.1.b')}": 99}
    path = typed(tmp_path / "a.xlsx", cells, builders.blank())
    (back,) = return_workbooks(FORM, read_files([path], FORM), tmp_path / "out").returned
    stored = stored_results(back.copy)
    assert [value for value in stored.values() if value is not None] == [3]
    assert read_submission(back.copy, FORM).readings == read_submission(path, FORM).readings


@pytest.mark.parametrize("verb", ["issue", "fill", "return", "appendix"])
def test_reading_does_not_look_at_results(
    written: Callable[[str], Path], tmp_path: Path, verb: str
) -> None:
    """S5: without them, or with those of other figures, the workbook says the same."""
    path = written(verb)
    parts = read_parts(path.read_bytes())
    forget_results(parts)
    bare, stale = tmp_path / "bare.xlsx", tmp_path / "stale.xlsx"
    bare.write_bytes(zip_parts(parts))
    cells = {LAYOUT.place(id): 3 for id in ("1.1.a", "1.1.b", "2.1", "3.3.4.tu")}
    for before, after in ((path, stale), (bare, tmp_path / "both.xlsx")):
        typed(after, cells, before.read_bytes())
    pairs = ((path, bare), (stale, tmp_path / "both.xlsx"))
    for one, other in pairs:
        said, again = (read_submission(file, FORM) for file in (one, other))
        assert (said.readings, said.dates, said.notes) == (again.readings, again.dates, again.notes)
        assert said.remarks == again.remarks
