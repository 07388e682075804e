"""Requirements of a summary that officers worked in with LibreOffice.

R5 Decisions typed, states chosen, lists sorted and filtered: every word is read back, each with
   the row that it was written for.
R6 People can write where they are meant to, choose from lists, and nowhere else on those sheets.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import openpyxl
import pytest

from tests.support.builders import FORM
from tests.support.communes import CITY, A, C, F
from tests.support.office import Book, Office
from tests.support.rounds import DECISIONS, RECORDS, full_round
from xl_automation.consolidation.decisions import ALL, KIND_WORDS, Decision
from xl_automation.consolidation.kept import register_of
from xl_automation.consolidation.register import STATE_LABELS
from xl_automation.summary.choices_sheet import CHOICES, unit_label
from xl_automation.summary.decisions_sheet import DECISIONS as DECISIONS_SHEET
from xl_automation.summary.decisions_sheet import OPEN_ROWS
from xl_automation.summary.findings_sheet import ANSWER, COLUMNS, FINDINGS, OWNER
from xl_automation.summary.places import FIRST_ROW, PROGRESS
from xl_automation.summary.progress_tallies import FIRST_ROW as FIRST_UNIT
from xl_automation.summary.read_register import read_register
from xl_automation.xlsx.address import column_letters

OPEN = FIRST_ROW + len(DECISIONS)  # the first open row of the decisions
# Columns of the findings.
TO_OWNER, TO_ANSWER = (column_letters([*COLUMNS].index(one) + 1) for one in (OWNER, ANSWER))
LAST = column_letters(len(COLUMNS))


def sort(office: Office, book: Book, sheet: str, area: str, column: int) -> None:
    """Sort the rows of an area by one of its columns, from the last to the first."""
    field = office.struct(
        "com.sun.star.table.TableSortField", Field=column, IsAscending=False, IsCaseSensitive=False
    )
    fields = office.any("[]com.sun.star.table.TableSortField", (field,))
    cells = book.sheet(sheet).getCellRangeByName(area)
    cells.sort(office.properties(SortFields=fields, ContainsHeader=False))


def hide_all_but(office: Office, book: Book, sheet: str, area: str, column: int, text: str) -> None:
    """Filter the rows of an area by the text of one column."""
    cells = book.sheet(sheet).getCellRangeByName(area)
    descriptor = cells.createFilterDescriptor(True)
    field = office.struct(
        "com.sun.star.sheet.TableFilterField", Field=column, IsNumeric=False, StringValue=text
    )
    field.Operator = office.enum("com.sun.star.sheet.FilterOperator", "EQUAL")
    descriptor.setFilterFields((field,))
    descriptor.ContainsHeader = True
    cells.filter(descriptor)


@pytest.mark.office
def test_words_of_officers_survive_sorting_filtering_and_saving(
    office: Office, tmp_path, round_path
):
    """A decision and an answer typed, a state chosen, three lists sorted, one filtered, saved."""
    result = full_round()
    before = register_of(result)
    last = FIRST_ROW + len(before.findings) - 1
    with office.open(round_path) as book:
        for column, text in zip("ABDEFG", TYPED, strict=True):
            book.type(DECISIONS_SHEET, f"{column}{OPEN + 2}", text)
        sort(office, book, DECISIONS_SHEET, f"A{FIRST_ROW}:I{OPEN + 5}", 4)
        book.type(PROGRESS, f"C{FIRST_UNIT}", STATE_LABELS["accepted"])
        book.type(PROGRESS, "C4", (date(2022, 7, 1) - date(1899, 12, 30)).days)
        book.type(PROGRESS, "C5", "Không")
        sort(office, book, PROGRESS, f"A{FIRST_UNIT}:M{FIRST_UNIT + 6}", 1)
        book.type(FINDINGS, f"{TO_OWNER}{FIRST_ROW + 20}", "Chị Hoà")
        book.type(FINDINGS, f"{TO_ANSWER}{FIRST_ROW + 20}", "Đang xem\nlại")
        sort(office, book, FINDINGS, f"A{FIRST_ROW}:{LAST}{last}", 4)
        hide_all_but(office, book, FINDINGS, f"A{FIRST_ROW - 1}:{LAST}{last}", 1, A.name)
        assert (
            book.value(FINDINGS, f"{TO_OWNER}{FIRST_ROW + 20}") != "Chị Hoà"
        )  # it was sorted indeed
        assert book.value(PROGRESS, f"A{FIRST_UNIT}") != A.code
        rows = book.sheet(FINDINGS).Rows
        assert not all(rows.getByIndex(row).IsVisible for row in range(FIRST_ROW, last))
        saved = book.save_as(tmp_path / "saved.xlsx")
    after = read_register(saved, FORM)
    decisions = [judged.decision for judged in DECISIONS]
    typed = Decision(F.code, "1.1", "", "exclude", TYPED[3], TYPED[4], "2022-N")
    assert set(after.decisions) == {*decisions, typed}
    assert [d.reason for d in after.decisions] != [d.reason for d in (*decisions, typed)]
    assert after.units == RECORDS | {A.code: replace(RECORDS[A.code], state="accepted")}
    assert (after.due, after.is_locked) == (date(2022, 7, 1), False)
    answered = replace(before.findings[20], owner="Chị Hoà", answer="Đang xem\nlại")
    expected = [*before.findings[:20], answered, *before.findings[21:]]
    assert list(after.findings) != expected
    assert sorted(after.findings, key=repr) == sorted(expected, key=repr)
    rest = {field: getattr(before, field) for field in ("left_out", "totals", "events", "appendix")}
    assert {field: getattr(after, field) for field in rest} == rest


TYPED = (unit_label(F.code, F.name), "1.1", KIND_WORDS["exclude"], "Vì “bão”", "Bà Lan", "2022-N")


@pytest.mark.office
def test_people_can_write_in_open_cells_alone(clerk_office: Office, round_path):
    """A code that is typed stays the text it is; what the program writes there stays, too."""
    with clerk_office.open(round_path) as book:
        assert book.is_protected(DECISIONS_SHEET)
        assert book.is_protected(PROGRESS)
        for sheet, cell, text in (
            (DECISIONS_SHEET, f"B{OPEN}", "1.1"),
            (DECISIONS_SHEET, f"F{OPEN}", "03"),
            (DECISIONS_SHEET, f"E{OPEN + OPEN_ROWS - 1}", "lý do"),
            (PROGRESS, f"C{FIRST_UNIT}", "Đạt"),
            (PROGRESS, "C4", "15/7/2022"),
            (FINDINGS, f"{TO_OWNER}5", "03"),
        ):
            assert book.try_type(sheet, cell, text), (sheet, cell)
        assert book.value(DECISIONS_SHEET, f"B{OPEN}") == "1.1"
        assert book.value(DECISIONS_SHEET, f"F{OPEN}") == "03"
        assert book.value(FINDINGS, f"{TO_OWNER}5") == "03"
        for sheet, cell, text in (
            (DECISIONS_SHEET, "A4", "x"),
            (DECISIONS_SHEET, f"I{FIRST_ROW}", "x"),
            (DECISIONS_SHEET, f"A{OPEN + OPEN_ROWS}", "x"),
            (PROGRESS, "C6", "9"),
            (PROGRESS, f"C{FIRST_UNIT}", "tốt"),
            (PROGRESS, "C4", "mai"),
            (PROGRESS, "C5", "chưa"),
            (PROGRESS, "A11", "x"),
        ):
            assert not book.try_type(sheet, cell, text), (sheet, cell)


def test_lists_offer_what_is_understood(round_path):
    """Units by code and name, rows, rules, words and periods; none bars what is typed."""
    book = openpyxl.load_workbook(round_path)
    validations = book[DECISIONS_SHEET].data_validations.dataValidation
    lists = {str(one.sqref)[0]: one for one in validations}
    assert set(lists) == set("ABCDEFGHI")
    for column in "ABCDG":
        assert lists[column].errorStyle == "information"
    for letter, one in lists.items():
        assert str(one.sqref) == f"{letter}{FIRST_ROW}:{letter}{OPEN + OPEN_ROWS - 1}"
        assert one.prompt
    columns = {
        cells[0].column_letter: [cell.value for cell in cells if cell.value is not None]
        for cells in book[CHOICES].iter_cols()
    }
    units = [unit_label(unit.code, unit.name) for unit in (*full_round().units, CITY)]
    assert columns["A"] == [ALL, *units]
    assert unit_label(C.code, C.name) in units
    assert columns["B"] == [ALL, *(item.id for item in FORM.figures)]
    found = {located.finding.rule for located in full_round().findings}
    assert found <= set(columns["C"])
    assert columns["D"][0] == "2022-6T"
    assert "2022-N" in columns["D"]
    assert "2022-Q1" not in columns["D"]
    sources = {letter: lists[letter].formula1 for letter in "ABCG"}
    for letter, column in zip("ABCG", "ABCD", strict=True):
        assert sources[letter].endswith(f"${column}$1:${column}${len(columns[column])}")
    assert lists["D"].formula1.strip('"').split(",") == list(KIND_WORDS.values())
