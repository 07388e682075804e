"""Requirements of the workbook in a clerk's hands, in LibreOffice as a clerk has it.

H1 Every input accepts a right value and refuses a wrong one; every other cell refuses everything.
H2 Choosing unit and period fills in the data window and the title lines.
H3 While figures are typed, percentages, the checks beside the rows and the sheet of open findings
   follow; what they say is what the program says of the saved file, whatever was done to it.
H4 Printed, the form is the appendix and nothing else: A4 upright, the header on each page, the page
   number from page 2 on, every text whole and in its column, in the form's order and emphasis, the
   signatures on the last page below the last rows; and each supporting table is an annex, one page
   wide, with its title, whose it is, its header and its totals. Where the entire workbook is
   printed, the other sheets come before and after them, and no page is empty.
"""

from __future__ import annotations

import random
import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest

from tests.support import builders
from tests.support.builders import BASELINES, COMMUNE, DISTRICT, FORM, LEVELS, PERIOD, UNIT
from tests.support.office import Book, Office, pdf_text
from xl_automation.checks.check import check
from xl_automation.checks.finding import Finding
from xl_automation.checks.undecided import undecided_rules
from xl_automation.forms.numbers import BLANK
from xl_automation.forms.rule import SHOWN_META, RuleInstance
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.figures import tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.template.blank_list import ABOVE
from xl_automation.template.blanks import TO_FILL
from xl_automation.template.build import build_template
from xl_automation.template.layout import Layout
from xl_automation.template.lists_sheet import DEPUTY
from xl_automation.template.pagination import SCALE, WIDTHS, form_row_height, page_breaks
from xl_automation.template.review_sheet import BLANK_LIST_ROW, FIRST_FINDING_ROW, LISTED
from xl_automation.template.rules_sheet import ANSWERED, NOT_OWED, SEE_PARTS
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import EXCEL_EPOCH

pytestmark = pytest.mark.office

PAGE, LAYOUT = FORM.sheet, Layout(FORM)
INFO = {name: f"{positions.INFO_VALUE}{row}" for name, (row, _) in positions.INFO_ROWS.items()}
# Rules that the program alone looks at: at all figures at once, or at what a number may be.
WITHOUT_FORMULA = ("T07", "Q01", "Q02")
LABELS = tuple(SEVERITY_LABELS.values())
EARLIER = FORM.period("2022-Q1")


def row(id: str) -> int:
    """Return the row of an indicator."""
    return LAYOUT.rows[id]


def beside(book: Book, id: str) -> str:
    """Return what the check beside a row says."""
    return str(book.value(PAGE, f"{positions.CHECK}{row(id)}"))


def say_done(book: Book, word: str = positions.DONE) -> None:
    """Say in an open workbook that the form is done, so that blanks are findings, or not."""
    book.type(positions.INFO_SHEET, INFO[positions.DONE_CELL], word)
    book.recalculate()


def issued(path: Path, level: str) -> Path:
    """Write a workbook as issued to a unit."""
    path.write_bytes(builders.blank(level))
    return path


# --- H1: what can be typed ---------------------------------------------------------------------

# kind -> what a clerk types -> what is stored; and what must not get in
RIGHT = {
    "count": {"7": 7.0, "kad": "kad", "CCS": "CCS"},
    "amount": {"4.860.000": 4_860_000.0, "12,5": 12.5, " Gop ": " Gop "},
    "percent": {"58,85": 58.85, "100": 100.0, "0": 0.0, "Kad": "Kad"},
    "code": {"1": 1.0, "0": 0.0, "CCS": "CCS"},
}
WRONG = {
    "count": ["-1", "2,5", "không", "03 vụ", "KADD", "K*D"],
    "amount": ["-1", "không", "KA D"],
    "percent": ["101", "-101", "không", "-"],
    "code": ["9", "không", "-1", "GO"],
}


@pytest.mark.parametrize("level", LEVELS)
def test_every_input_takes_right_values_and_refuses_wrong_ones(clerk_office, tmp_path, level):
    """Each figure of the form is typed as a clerk types it, then a wrong one over it."""
    rights = {kind: cycle(texts.items()) for kind, texts in RIGHT.items()}
    wrongs = {kind: cycle(texts) for kind, texts in WRONG.items()}
    with clerk_office.open(issued(tmp_path / "a.xlsx", level)) as book:
        for item in FORM.inputs:
            cell, (right, stored) = LAYOUT.cell(item.id), next(rights[item.kind])
            wrong = next(wrongs[item.kind])
            assert book.try_type(PAGE, cell, right), f"{item.id} refuses {right}"
            assert book.value(PAGE, cell) == stored
            assert not book.try_type(PAGE, cell, wrong), f"{item.id} takes {wrong}"
            assert book.value(PAGE, cell) == stored
        assert book.invalid(PAGE) == []


SIGNED = {"position": 5, "deputy": 6, "name": 9}  # rows below the last


def open_cells() -> dict[str, set[str]]:
    """Return the cells into which a clerk of an issued workbook may type, by sheet."""
    form = {LAYOUT.cell(id) for id in (*(item.id for item in FORM.inputs), *FORM.helper_ids)}
    cells = {
        positions.INFO_SHEET: {INFO[name] for name in builders.OPEN_INFO},
        PAGE: form | {f"{positions.NOTE}{row(item.id)}" for item in FORM.figures},
    }
    for table in FORM.tables:
        cells[table.sheet] = {
            positions.table_cell(table, column, line)
            for column in table.inputs
            for line in range(1, table.size + 1)
        } | {
            f"{positions.TABLE_LABEL}{positions.TABLE_FIRST_ROW + line}"
            for line in range(len(table.rows), table.size)
        }
    return cells


AREAS = {
    positions.GUIDE_SHEET: "A1:G50",
    positions.INFO_SHEET: "A1:D20",
    PAGE: f"A1:{positions.COMPUTED}{LAYOUT.last_row + 12}",
    FORM.tables[0].sheet: "A1:D24",
    FORM.tables[1].sheet: "A1:N24",
    FORM.tables[2].sheet: "A1:D17",
    positions.REVIEW_SHEET: f"A1:I{FIRST_FINDING_ROW + 20}",
}


def unlocked_cells(book: Book, sheet: str, area: str) -> set[str]:
    """Return the cells of an area that are not marked locked."""
    found: set[str] = set()
    groups = book.sheet(sheet).getCellRangeByName(area).getUniqueCellFormatRanges()
    for group in (groups.getByIndex(number) for number in range(groups.Count)):
        if not group.CellProtection.IsLocked:
            for place in group.RangeAddresses:
                columns = range(place.StartColumn, place.EndColumn + 1)
                rows = range(place.StartRow + 1, place.EndRow + 2)
                found |= {f"{chr(ord('A') + x)}{y}" for x in columns for y in rows}
    return found


@pytest.mark.parametrize("level", LEVELS)
def test_every_other_cell_refuses(clerk_office, tmp_path, level):
    """All other cells of the sheets are locked under protection; typing into any of them fails."""
    rng, expected = random.Random(level), open_cells()
    with clerk_office.open(issued(tmp_path / "a.xlsx", level)) as book:
        for sheet, area in AREAS.items():
            assert book.is_protected(sheet)
            columns, rows = area[3], int(area[4:])
            cells = [
                f"{chr(column)}{line}"
                for line in range(1, rows + 1)
                for column in range(ord("A"), ord(columns) + 1)
            ]
            unlocked = unlocked_cells(book, sheet, area)
            assert unlocked == expected.get(sheet, set())
            locked = sorted(set(cells) - unlocked)
            for cell in rng.sample(locked, len(locked) // 25):
                before = book.formula(sheet, cell)
                assert not book.try_type(sheet, cell, "5"), f"{sheet}!{cell}"
                assert book.formula(sheet, cell) == before
        for item in FORM.indicators:
            if not item.is_input:
                assert not book.try_type(PAGE, LAYOUT.cell(item.id), "5"), item.id


def test_helpers_notes_and_tables_take_what_belongs_there(clerk_office, tmp_path):
    """The optional cells: parts of percentages, explanations, dossiers and procedures."""
    rng, expected = random.Random(2), open_cells()
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        for id in FORM.helper_ids:
            assert book.try_type(PAGE, LAYOUT.cell(id), "126"), id
            assert not book.try_type(PAGE, LAYOUT.cell(id), rng.choice(["-1", "không"])), id
        for item in rng.sample(FORM.figures, 12):
            assert book.try_type(PAGE, f"{positions.NOTE}{row(item.id)}", "Không phát sinh"), (
                item.id
            )
        for table in FORM.tables:
            cells = sorted(expected[table.sheet])
            dates = {f"C{positions.TABLE_FIRST_ROW + table.rows.index(one)}" for one in table.dates}
            for cell in rng.sample(cells, min(14, len(cells))):
                is_label = cell[0] == positions.TABLE_LABEL
                right = "Đất đai" if is_label else "14/6/2022" if cell in dates else "3"
                assert book.try_type(table.sheet, cell, right), cell
                if not is_label:
                    wrong = rng.choice(["-1", "2,5", "không"])
                    assert not book.try_type(table.sheet, cell, wrong), cell
        number, day = INFO["TT_SO_BAO_CAO"], INFO["TT_NGAY_BAO_CAO"]
        assert book.try_type(positions.INFO_SHEET, number, "66/BC-UBND")
        assert not book.try_type(positions.INFO_SHEET, day, "hôm nay")
        assert book.try_type(positions.INFO_SHEET, day, "14/6/2022")
        assert book.shown(positions.INFO_SHEET, day) == "14/06/2022"


def test_long_note_makes_its_row_grow(clerk_office, tmp_path):
    """A note longer than its cell is shown and printed whole."""
    note = "Theo Quyết định số 12/QĐ-UBND ngày 14 tháng 6 năm 2022, giảm hai nhiệm vụ"
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        assert book.try_type(PAGE, f"{positions.NOTE}{row('1.1.a')}", note)
        pdf = book.to_pdf(tmp_path / "a.pdf")
    printed = "".join(column(pdf, positions.NOTE, page=1).split())
    assert note.replace(" ", "") in printed


# --- H2: choosing unit and period --------------------------------------------------------------


def serial(day: date) -> float:
    """Return a date as a cell stores it."""
    return float((day - EXCEL_EPOCH).days)


def test_choosing_unit_and_period_fills_in_the_rest(clerk_office, tmp_path):
    """Only what the lists offer is taken; window, titles and signature lines follow."""
    path = tmp_path / "a.xlsx"
    path.write_bytes(builders.blank("commune", prefilled=False))
    with clerk_office.open(path) as book:

        def choose(name: str, text: str) -> bool:
            return book.try_type(positions.INFO_SHEET, INFO[name], text)

        def window() -> list[object]:
            return [
                book.value(positions.INFO_SHEET, INFO[name])
                for name in ("TT_TU_NGAY", "TT_DEN_NGAY")
            ]

        book.recalculate()
        assert window() == ["", ""]
        for name, wrong in (
            ("TT_DON_VI", "Xã Không Có"),
            ("TT_KY", "Quý V năm"),
            ("TT_NAM", "2031"),
            ("TT_NAM", "hai nghìn"),
        ):
            assert not choose(name, wrong)
        assert choose("TT_DON_VI", positions.unit_text(UNIT))
        # Typed, 2022 would be completed to the form's version, 2022.1, below it: it is chosen.
        assert choose("TT_NAM", "2023")
        book.type(positions.INFO_SHEET, INFO["TT_NAM"], 2022.0)
        assert book.invalid(positions.INFO_SHEET) == []
        for kind in FORM.period_kinds:
            assert choose("TT_KY", positions.short_period(kind.label))
            period = FORM.period(f"2022-{kind.code}")
            assert window() == [serial(day) for day in period.window]
            title = f"{period.label} của UBND xã Thịnh Đức".upper()
            assert book.shown(PAGE, "A2") == f"BÁO CÁO CÔNG TÁC CẢI CÁCH HÀNH CHÍNH {title}"
        # Real units close on other days: these are typed over, and it is a warning that says so.
        for name, day in (("TT_TU_NGAY", "15/12/2021"), ("TT_DEN_NGAY", "30/11/2022")):
            assert choose(name, day)
        assert not choose("TT_DEN_NGAY", "cuối tháng")
        assert window() == [serial(date(2021, 12, 15)), serial(date(2022, 11, 30))]
        assert book.invalid(positions.INFO_SHEET) == []
        ending = {name: f"C{LAYOUT.last_row + row}" for name, row in SIGNED.items()}
        assert [book.shown(PAGE, cell) for cell in ending.values()] == ["CHỦ TỊCH", "", ""]
        assert not choose("TT_CHUC_VU", "Trưởng thôn")
        assert choose("TT_CHUC_VU", DEPUTY)
        assert choose("TT_NGUOI_KY", "Nguyễn Thị Mẫu")
        assert [book.shown(PAGE, cell) for cell in ending.values()] == [
            "KT. CHỦ TỊCH",
            "PHÓ CHỦ TỊCH",
            "Nguyễn Thị Mẫu",
        ]
        assert choose("TT_SO_BAO_CAO", "66/BC-UBND")
        assert choose("TT_NGAY_BAO_CAO", "5/2/2023")
        attached = "(Kèm theo Báo cáo số 66/BC-UBND ngày 5/2/2023 của UBND xã Thịnh Đức)"
        assert book.shown(PAGE, "A3") == attached
        last = LAYOUT.last_row + 2
        assert book.shown(PAGE, f"B{last}") == "Thịnh Đức, ngày 05 tháng 02 năm 2023"
        assert book.shown(PAGE, f"C{last + 2}") == "TM. UBND XÃ THỊNH ĐỨC"


# --- H3: live checks ---------------------------------------------------------------------------


def counts(book: Book) -> list[object]:
    """Return the head of the sheet of findings: errors, warnings, hints, filled, blank."""
    return [
        *book.column(positions.REVIEW_SHEET, "B4:B6"),
        *book.column(positions.REVIEW_SHEET, "D4:D5"),
    ]


def test_checks_follow_while_a_clerk_types(clerk_office, tmp_path):
    """A percentage, its row's check and the list of findings change with each figure."""
    owed = sum(item.concerns("commune") for item in FORM.inputs)
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        book.recalculate()
        assert counts(book) == [0, 0, 0, 0, owed]
        assert (beside(book, "1.1.a"), beside(book, "1.2.1")) == (TO_FILL, NOT_OWED)
        assert book.try_type(PAGE, LAYOUT.cell("1.1.a"), "8")
        assert (book.value(PAGE, LAYOUT.cell("1.1")), beside(book, "1.1.a")) == ("", "✓")
        assert book.try_type(PAGE, LAYOUT.cell("1.1.b"), "3")
        assert book.value(PAGE, LAYOUT.cell("1.1")) == 37.5
        assert counts(book) == [0, 8, 0, 2, owed - 2]
        assert book.try_type(PAGE, LAYOUT.cell("1.1.b"), "9")
        assert beside(book, "1.1.b") == (
            "Lỗi: 1.1.b = 9; tối đa 1.1.a = 8; lệch +1 (kéo theo 1.1 = 112,5; tối đa 100) – số "
            "nhiệm vụ hoàn thành lớn hơn số nhiệm vụ trong kế hoạch."
        )
        assert beside(book, "1.1") == SEE_PARTS
        assert listed(book)[:1] == [("C-1.1", "D11")]
        assert counts(book)[0] == 1
        assert book.try_type(PAGE, LAYOUT.cell("1.1.b"), "8")
        assert (book.value(PAGE, LAYOUT.cell("1.1")), beside(book, "1.1")) == (100, "✓")
        assert counts(book)[0] == 0
        assert book.try_type(PAGE, LAYOUT.cell("3.4.1.a"), "5")
        assert beside(book, "3.4.1.a").startswith("Lỗi: 3.4.1.a = 5 – chỉ tiêu thuộc cấp huyện.")


def test_blanks_are_findings_once_their_part_is_begun_or_the_form_is_done(clerk_office, tmp_path):
    """They are calm and counted before; the next one, and each of them, is a link away."""
    owed = [item.id for item in FORM.inputs if item.concerns("commune")]
    total = len(owed)
    info, done = positions.INFO_SHEET, INFO[positions.DONE_CELL]
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        book.recalculate()
        assert [book.shown(*BAR), book.shown(PAGE, PAGE_BAR)] == [
            f"0/{total}",
            f"Đã điền 0/{total}",
        ]
        assert (blank_list(book), listed(book)) == (owed, [])
        assert book.value(positions.REVIEW_SHEET, "E7") == "Không có điểm nào phải xem lại"
        assert beside(book, "7.2") == beside(book, "7.5.2") == TO_FILL
        assert next_blank(book) == ("1.1.a", "1.1.a")

        assert book.try_type(PAGE, LAYOUT.cell("7.3"), "2")
        assert beside(book, "7.2").startswith("Cảnh báo: 7.2 = (trống) – ô bắt buộc")
        assert beside(book, "7.5.2") == TO_FILL  # begun, but no rule demands it
        assert beside(book, "1.1.a") == TO_FILL
        assert {rule for rule, _ in listed(book)} == {"L03"}
        assert [place for _, place in listed(book)] == [
            LAYOUT.cell(id) for id in ("7.1", "7.2", "7.4")
        ]
        assert blank_list(book) == [id for id in owed if id != "7.3"]

        assert not book.try_type(info, done, "xong rồi")
        assert book.try_type(info, done, positions.DONE)
        assert counts(book) == [0, 48, 0, 1, total - 1]
        assert book.value(positions.REVIEW_SHEET, "E7") == ""
        assert beside(book, "1.1.a").startswith("Cảnh báo: 1.1.a = (trống) – ô bắt buộc")
        say_done(book, "")
        assert counts(book)[1] == 3

        assert book.try_type(PAGE, LAYOUT.cell("7.3"), "")  # nothing is begun any more
        assert book.try_type(PAGE, f"{positions.NOTE}{row('7.4')}", "Chưa có số liệu chính thức")
        assert (counts(book)[1], beside(book, "7.2")) == (1, TO_FILL)
        assert beside(book, "7.4") == ANSWERED  # explained while it waited
        assert book.try_type(PAGE, LAYOUT.cell("3.3.4.tu"), "103")  # a part of a percentage
        assert beside(book, "3.1.1").startswith("Cảnh báo: ")


def test_what_no_rule_waits_for_is_no_blank(clerk_office, tmp_path):
    """Without a survey nobody owes its kind; the last figure fills the bar."""
    fill = {**COMMUNE, "1.4.1": 0}
    del fill["1.4.2"]
    with clerk_office.open(builders.workbook(tmp_path / "a.xlsx", fill)) as book:
        book.recalculate()
        total = sum(item.concerns("commune") for item in FORM.inputs)
        assert counts(book)[3:] == [total, 0]
        assert (blank_list(book), beside(book, "1.4.2")) == ([], "")
        assert next_blank(book) == ("", "")
        assert book.shown(PAGE, f"{positions.CHECK}{positions.HEADER_ROW + 1}") == "Kiểm tra"


BAR = positions.REVIEW_SHEET, "D4"
PAGE_BAR = f"{positions.CHECK}{positions.HEADER_ROW}"


def blank_list(book: Book) -> list[str]:
    """Return the ids that the list of blanks shows; each beside its link and its row's name."""
    first = BLANK_LIST_ROW + ABOVE
    last = first + len(FORM.inputs)
    found = []
    for _, said, id, place, name in book.values(positions.REVIEW_SHEET, f"A{first}:E{last}"):
        if id != "":
            assert place == LAYOUT.cell(str(id))
            assert name == FORM.by_id[str(id)].label.partition("\n")[0]
            assert said == beside(book, str(id)).partition(":")[0]
            found.append(str(id))
    return found


def next_blank(book: Book) -> tuple[str, ...]:
    """Return the id of the blank to which the links lead, beside the form and on its sheet."""
    places = (PAGE, f"{positions.CHECK}{positions.HEADER_ROW + 1}"), (positions.REVIEW_SHEET, "E4")
    found = []
    for place in places:
        _, leads, id = str(book.shown(*place)).rpartition("tiếp theo")
        assert not leads or "HYPERLINK" in book.formula(*place)
        found.append(id.strip(": ") if leads else "")
    return tuple(found)


LONGEST = 999_999_999_999
# Breaks the rules that say most, with the longest figures: B15, B14, C-6.2, F01 and what follows.
LONG = {
    **COMMUNE, "3.2.4.a": LONGEST, "3.2.4.b": LONGEST, "3.4.2.a": LONGEST, "3.4.2.b": LONGEST - 1,
    "6.2.1": LONGEST, "6.2.2": LONGEST - 2, "6.2.3": LONGEST, "6.2.4": LONGEST, "6.2.5": LONGEST,
    "4.1.5.a": 0.5, "4.1.5.b": LONGEST, "3.3.3": LONGEST, "5.3": -2, "4.1.1": 500, "7.5.2.a": 500,
    "II06.1.c4": -LONGEST, "II06.1.c5": LONGEST - 4, "II06.1.c8": LONGEST, "TTHC.1.so": LONGEST,
}  # fmt: skip


def test_every_listed_text_is_shown_whole(clerk_office, tmp_path):
    """No row is lower than its texts need, no address wider than its column."""
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        type_fill(book, LONG)
        found = listed(book)
        assert {"B15", "B14", "C-6.2", "F01", "B01"} <= {rule for rule, _ in found}
        sheet = book.sheet(positions.REVIEW_SHEET)
        sheet.unprotect("")
        rows = [sheet.Rows.getByIndex(FIRST_FINDING_ROW - 1 + at) for at in range(len(found))]
        given = [one.Height for one in rows]
        for one in rows:
            one.OptimalHeight = True
        needed = [one.Height for one in rows]
        assert all(high >= low for high, low in zip(given, needed, strict=True))
        assert max(needed) > given[0] / 2  # nor much higher
        column = sheet.Columns.getByName("D")
        given_width = column.Width
        column.OptimalWidth = True
        assert given_width >= column.Width


def test_optional_parts_compute_an_entered_percentage(clerk_office, tmp_path):
    """Numerator and denominator beside the form give the figure; another is found out."""
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        assert book.try_type(PAGE, LAYOUT.cell("3.3.4.tu"), "103")
        assert book.try_type(PAGE, LAYOUT.cell("3.3.4.mau"), "126")
        assert book.value(PAGE, LAYOUT.cell("3.3.4")) == 81.75
        assert book.try_type(PAGE, LAYOUT.cell("3.3.4"), "36")
        assert beside(book, "3.3.4").startswith(
            "Lỗi: 3.3.4 = 36; tính lại: 81,75 (từ tử số của 3.3.4 = 103, mẫu số của 3.3.4 = 126); "
            "lệch −45,75 – "
        )


def test_link_of_a_finding_leads_to_its_cell(clerk_office, tmp_path):
    """Each listed finding has a link with the address of the cell, on whatever sheet."""
    fill = {**COMMUNE, "1.1.b": 9, "TTHC.1.so": -3}
    with clerk_office.open(builders.workbook(tmp_path / "a.xlsx", COMMUNE)) as book:
        type_fill(book, fill)
        fields = book.sheet(positions.REVIEW_SHEET).getCellRangeByName(f"D{FIRST_FINDING_ROW}")
        assert "HYPERLINK" in fields.Formula
        places = dict(listed(book))
        assert places == {"C-1.1": "D11", "F01": "'TTHC theo lĩnh vực'!C7",
                          "B01": "'TTHC theo lĩnh vực'!C21"}  # fmt: skip
        rows = book.column(
            positions.REVIEW_SHEET, f"C{FIRST_FINDING_ROW}:C{FIRST_FINDING_ROW + len(places) - 1}"
        )
        first = FORM.tables[0].rows[0]
        assert dict(zip(places, rows, strict=True)) == {
            "C-1.1": f"1.1.b – {FORM.by_id['1.1.b'].label}",
            "F01": f"TTHC theo lĩnh vực, dòng 1: {first}",
            "B01": "TTHC theo lĩnh vực, tổng",
        }


def listed(book: Book) -> list[tuple[str, str]]:
    """Return rule and place of each finding that the sheet of findings shows, in its order."""
    last = FIRST_FINDING_ROW + LISTED - 1
    lines = book.values(positions.REVIEW_SHEET, f"D{FIRST_FINDING_ROW}:H{last}")
    return [(str(rule), str(place)) for place, *_, rule in lines if rule != ""]


def listed_words(book: Book) -> dict[tuple[str, str], str]:
    """Return by rule and place what the sheet of findings says that it sees."""
    last = FIRST_FINDING_ROW + LISTED - 1
    lines = book.values(positions.REVIEW_SHEET, f"D{FIRST_FINDING_ROW}:H{last}")
    return {(str(rule), str(place)): str(seen) for place, seen, *_, rule in lines if rule != ""}


def plainly(text: str) -> str:
    """Return a text whose numbers have no marks within them, and no sign of percentage."""
    return re.sub(r"(?<=\d)[.,](?=\d)|(?<=\d)%", "", text)


@dataclass(frozen=True)
class Case:
    """What stands in a workbook: figures, number formats that came along, the date, notes."""

    fill: builders.Fill
    formats: Mapping[str, str] = field(default_factory=dict)
    signed: date | None = None
    notes: Mapping[str, str] = field(default_factory=dict)


TABLES = {
    "TTHC.1.so": 100, "TTHC.14.so": 26, "II06.1.c4": 50, "II06.1.c5": 6642, "II06.1.c8": 6000,
    "II06.1.c9": 690, "II06.2.c10": 2, "II06.2.c5": 2,
}  # fmt: skip
BROKEN_TABLES = {
    **TABLES, "TTHC.3.so": 2, "II06.1.c4": 49, "II06.1.c9": 691, "II06.3.c6": 2.5,
    "II06.4.c12": "-", "TTHC.2.so": -2,
}  # fmt: skip
CASES = {
    "empty": Case({}),
    "folded": Case({
        **COMMUNE, "1.1.a": 6, "1.1.b": 8, "3.2.4.b": 7000, "5.4": 1, "5.4.c": 3, "2.4.b": -2.5,
    }),
    "consistent": Case(COMMUNE, signed=date(2022, 6, 14)),
    "consistent-with-tables": Case({**COMMUNE, **TABLES}),
    "broken-tables": Case({**COMMUNE, **BROKEN_TABLES}),
    "signed-too-early": Case(COMMUNE, signed=date(2022, 6, 1)),
    "as-reported": Case({
        **COMMUNE, "1.1": None, "2.2": "-", "2.3": 678, "3.1": 126, "3.2.4.a": "6 692",
        "3.2.4.b": 0, "3.2.5.a": 134, "3.3.3": 356, "3.3.4": 103, "3.3.5": 36, "3.4.1.a": 6692,
        "3.4.1.b": 6692, "3.4.2.a": None, "3.4.2.b": 6690, "4.2.3": "07", "6.1.a": "4.860.000",
        "7.5.2": 675, "7.5.2.a": 675, "7.5.2.b": 0,
    }),
    "texts": Case({
        **COMMUNE, "1.1.a": "tám", "1.3.1": "5\u00a0", "1.4.2": "Phát phiếu", "3.3.4": "81.75",
        "3.3.5": "34,95 %", "4.2.1": "20 người", "6.1.b": "2.860", "5.4": "01", "7.5.1": "x" * 400,
    }),
    "typed-over": Case({
        **COMMUNE, "1.1": 51, "3.4.2": "100", "2.4": None, "3.1": "126", "1.2": 0, "3.3.4.tu": 103,
        "3.3.4.mau": 103,
    }),
    "formats": Case(
        {**COMMUNE, "7.5.2": 0.95, "3.3.4": 1.03, "4.2.1": 20, "5.4": 1, "1.5": 1},
        {"7.5.2": "0%", "3.3.4": "0.00%", "4.2.1": "0%", "5.4": "DD/MM/YYYY", "1.5": "DD/MM/YYYY"},
    ),
    "answered": Case(
        {**COMMUNE, "6.1.b": 4861, "3.3.3": 356, "1.3.1": None, "1.1.b": 9, "5.4": "01"},
        notes={
            "6.1.a": "Giải ngân vốn kéo dài năm 2021", "3.3.3": "Đúng", "1.3.1": "Chưa có số liệu",
            "1.1.b": "Một nhiệm vụ thêm", "5.4": unicodedata.normalize("NFD", "Đúng rồi"),
        },
    ),
    "huge": Case({**COMMUNE, "3.2.4.a": 10**12, "6.1.a": 1e14, "3.4.2.a": 0, "3.4.2.b": 0}),
}  # fmt: skip
MESS = [None, None, 0, 1, 2, 5, 50, 100, 126, 300, 6692, -1, 0.5, "-", "03", "12 %", "abc", "58,85"]


def cases(level: str) -> dict[str, Case]:
    """Return the named cases, on the report of a level, and random ones."""
    found = dict(CASES)
    if level == "district":
        own = {id: DISTRICT[id] for id in DISTRICT if DISTRICT[id] != COMMUNE.get(id)}
        found = {
            name: Case({**own, **CASES[name].fill}, CASES[name].formats)
            for name in ("broken-tables", "typed-over", "formats")
        }
    rng = random.Random(f"clerk {level}")
    ids = [*(item.id for item in FORM.inputs), *FORM.helper_ids, *rng.sample(FORM.table_inputs, 12)]
    for number in range(4):
        changed = rng.sample(ids, 15 * (number + 1))
        base = BASELINES[level] if number % 2 else {}
        fill = {**base, **{id: rng.choice(MESS) for id in changed}}
        found[f"random-{number}"] = Case({id: v for id, v in fill.items() if v is not None})
    return found


def type_fill(book: Book, fill: builders.Fill) -> None:
    """Put a fill into the figures, helpers and tables."""
    document = book.document
    document.enableAutomaticCalculation(False)
    for id, value in fill.items():
        book.type(*split(id), float(value) if isinstance(value, int) else value)
    document.enableAutomaticCalculation(True)
    document.calculate()


@dataclass
class Live:
    """An issued workbook, open; typing a fill takes back the one before."""

    level: str
    book: Book
    issued: dict[str, str] = field(default_factory=dict)
    noted: tuple[str, ...] = ()

    def type(self, case: Case) -> None:
        """Put a case into the workbook."""
        for id in {*self.noted, *case.notes}:
            self.book.type(PAGE, f"{positions.NOTE}{row(id)}", case.notes.get(id))
        self.noted = tuple(case.notes)
        for id, formula in self.issued.items():
            self.book.type_formula(*split(id), formula)
        self.issued = {id: self.book.formula(*split(id)) for id in case.fill}
        type_fill(self.book, case.fill)
        signed = None if case.signed is None else serial(case.signed)
        self.book.type(positions.INFO_SHEET, INFO["TT_NGAY_BAO_CAO"], signed)


def split(id: str) -> tuple[str, str]:
    """Return sheet and address of a cell."""
    sheet, _, cell = LAYOUT.place(id).rpartition("!")
    return sheet, cell


@pytest.fixture(scope="module")
def live(request, office: Office, tmp_path_factory) -> Iterator[Live]:
    """An issued workbook of each level with figures of an earlier period."""
    level = request.param
    past = figures_before(level)
    path = tmp_path_factory.mktemp("clerk") / "a.xlsx"
    path.write_bytes(build_template(FORM, level, UNIT, PERIOD, previous=(EARLIER, past)))
    with office.open(path) as book:
        say_done(book)
        yield Live(level, book)


def figures_before(level: str) -> dict[str, float]:
    """Return figures of an earlier period that some present ones contradict."""
    past = {id: float(value) for id, value in BASELINES[level].items()}
    return past | {
        "1.1.a": 9.0, "1.1.b": 5.0, "1.3.1": 6.0, "3.1.3": 100.0, "4.2.1": 10.0, "6.1.b": 2860.0
    }  # fmt: skip


NAMES = [(level, name) for level in LEVELS for name in cases(level)]


@pytest.mark.parametrize(("live", "name"), NAMES, indirect=["live"])
def test_workbook_says_what_the_program_says(live, tmp_path, name):
    """The sheet of findings and the checks beside the rows are those of the file as saved."""
    case = cases(live.level)[name]
    live.type(case)
    with formats(live.book, case.formats):
        saved = live.book.save_as(tmp_path / "a.xlsx")
        submission = read_submission(saved, FORM)
        found = check(FORM, submission)
        found = [one for one in found if one.rule not in WITHOUT_FORMULA]
        (undecided,) = undecided_rules(tabulate(FORM, [submission]))
        agree(live.book, live.level, found, undecided)
        assert blank_list(live.book) == blank_inputs(submission)
        rows_and_cells_say_the_same(live.book)


def blank_inputs(submission: Submission) -> list[str]:
    """Return the inputs of a level that hold nothing, but for those that nobody has to fill."""
    owed = [item.id for item in FORM.inputs if item.concerns(submission.level)]
    blank = [id for id in owed if submission.readings.get(id, BLANK).blank]
    surveyed = submission.level == "district" or submission.readings["1.4.1"].number != 0
    return [id for id in blank if surveyed or id != "1.4.2"]


def rows_and_cells_say_the_same(book: Book) -> None:
    """Each listed finding names its row; the first one about a cell is what stands beside it."""
    last = FIRST_FINDING_ROW + LISTED - 1
    seen_cells = set()
    info = {positions.info_place(positions.META_CELLS[id]).link: id for id in SHOWN_META}
    lines = book.values(positions.REVIEW_SHEET, f"B{FIRST_FINDING_ROW}:F{last}")
    by_cell = {LAYOUT.cell(item.id): item for item in FORM.indicators}
    texts = book.column(
        PAGE, f"{positions.CHECK}{positions.FIRST_ROW}:{positions.CHECK}{LAYOUT.last_row}"
    )
    for severity, shown, place, seen, message in lines:
        if place in info:  # of a date, everything is said once
            beside_it = f"{positions.INFO_CHECK}{Address(str(place)).row}"
            words = f"{severity}: {seen} – {message}".casefold()
            assert str(book.value(positions.INFO_SHEET, beside_it)).casefold() == words
        if severity in LABELS and place in by_cell and place not in seen_cells:
            seen_cells.add(place)
            item = by_cell[str(place)]
            name = item.label.partition("\n")[0]
            assert shown == f"{item.id} – {name}"
            words = f"{severity}: {seen} – {message}".casefold()
            assert (
                str(texts[LAYOUT.rows[item.id] - positions.FIRST_ROW]).casefold().startswith(words)
            )


@contextmanager
def formats(book: Book, wanted: Mapping[str, str]) -> Iterator[None]:
    """Give figures number formats for a while."""
    numbers, locale = book.document.NumberFormats, book.document.CharLocale
    locale.Language, locale.Country = "vi", "VN"
    cells = {id: book.sheet(PAGE).getCellRangeByName(LAYOUT.cell(id)) for id in wanted}
    before = {id: cell.NumberFormat for id, cell in cells.items()}
    for id, cell in cells.items():
        key = numbers.queryKey(wanted[id], locale, False)
        cell.NumberFormat = numbers.addNew(wanted[id], locale) if key == -1 else key
    if wanted:
        book.recalculate()
    yield
    for id, key in before.items():
        cells[id].NumberFormat = key


def agree(book: Book, level: str, found: list[Finding], undecided: Sequence[RuleInstance]) -> None:
    """Compare what an open workbook says with what the checks say of its file."""
    expected = [(one.rule, short(one.cells[0])) for one in found]
    assert len(set(expected)) == len(expected)
    shown = listed(book)
    assert len(set(shown)) == len(shown)
    if len(expected) <= LISTED:
        assert set(shown) == set(expected)
    else:
        assert set(shown) < set(expected)
        assert len(shown) == LISTED
    said = {(one.rule, short(one.cells[0])): one.seen for one in found}
    for key, text in listed_words(book).items():
        if "“" not in said[key]:
            # The program may add, after a semicolon, what a percentage's number is likely to be.
            words, more = plainly(text), plainly(said[key])
            assert more == words or more.startswith(f"{words}; ")
    severities = [one.severity for one in found]
    assert counts(book)[:3] == [severities.count(severity) for severity in SEVERITY_LABELS]
    answered = [one for one in found if one.settled]
    assert book.value(positions.REVIEW_SHEET, "B7") == len(answered)
    assert book.value(positions.REVIEW_SHEET, "D7") == len(undecided)
    marks = book.column(positions.REVIEW_SHEET, f"B{FIRST_FINDING_ROW}:B{FIRST_FINDING_ROW + 99}")
    assert len(expected) > LISTED or marks.count("Đã giải trình") == len(answered)
    open_ones = [one for one in found if not one.settled]
    first = {short(one.cells[0]): SEVERITY_LABELS[one.severity] for one in reversed(open_ones)}
    order = {label: number for number, label in enumerate(LABELS)}
    settled = {short(one.cells[0]) for one in answered}
    unseen = Counter(short(LAYOUT.place(one.shown[0])) for one in undecided)
    texts = book.column(
        PAGE, f"{positions.CHECK}{positions.FIRST_ROW}:{positions.CHECK}{LAYOUT.last_row}"
    )
    for item, text in zip(FORM.indicators, texts, strict=True):
        label = str(text).partition(":")[0]
        cell = LAYOUT.cell(item.id)
        mine = [SEVERITY_LABELS[one.severity] for one in open_ones if short(one.cells[0]) == cell]
        if mine:
            assert label == min(mine, key=lambda one: order[one]) == first[cell], item.id
        elif cell in settled:
            assert text == "Đã giải trình", item.id
        else:
            passed = f"✓ ({unseen[cell]} quy tắc không xét được)" if unseen[cell] else "✓"
            allowed = {"", passed} if item.concerns(level) else {passed, NOT_OWED}
            allowed |= {SEE_PARTS} if item.is_computed else set()
            allowed |= {TO_FILL} if item.is_input and item.concerns(level) else set()
            assert text in (allowed if item.is_figure else {""}), item.id


def short(cell: str) -> str:
    """Return a cell as the sheet of findings shows it."""
    sheet, _, address = cell.rpartition("!")
    return address if sheet == PAGE else f"'{sheet}'!{address}"


# --- H4: what is printed -----------------------------------------------------------------------

A4 = (595.3, 841.9)  # points
MARGINS = (30 / 25.4 * 72, 15 / 25.4 * 72)  # left and right


def printed_columns() -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the left edge and width in points of each printed column: together in the middle."""
    widths = {column: WIDTHS[column] * 0.75 * SCALE / 100 for column in positions.PRINTED}
    left = MARGINS[0] + (A4[0] - sum(MARGINS) - sum(widths.values())) / 2
    for column, width in widths.items():
        yield column, (round(left), round(width))
        left += width


COLUMNS = dict(printed_columns())
BEFORE = 3  # pages, of the guide and the information sheet


def column(pdf: Path, letter: str, page: int) -> str:
    """Return the text that a page of the form shows in a column."""
    left, width = COLUMNS[letter]
    number = BEFORE + page
    area = ["-x", left, "-y", 0, "-W", width, "-H", 842, "-f", number, "-l", number]
    command = ["pdftotext", "-layout", *map(str, area), str(pdf), "-"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def solid(text: str) -> str:
    """Return *text* without white space: fonts in place of others break it anywhere."""
    return "".join(text.split())


@dataclass(frozen=True)
class Printed:
    """A printed workbook: the texts of its pages, what the cells of the form show."""

    pdf: Path
    before: tuple[str, ...]
    pages: tuple[str, ...]
    annexes: tuple[str, ...]
    after: tuple[str, ...]
    shown: Mapping[str, str]


@pytest.fixture(scope="module", params=LEVELS)
def printed(request, clerk_office: Office, tmp_path_factory) -> Printed:
    """A filled workbook of each level, printed."""
    folder = tmp_path_factory.mktemp("printed")
    fill = {**BASELINES[request.param], **TABLES, "6.1.a": 4_860_000, "1.1.b": 9}
    with clerk_office.open(builders.workbook(folder / "a.xlsx", BASELINES[request.param],
                                             request.param)) as book:  # fmt: skip
        book.recalculate()
        type_fill(book, fill)
        book.type(positions.INFO_SHEET, INFO["TT_SO_BAO_CAO"], "66/BC-UBND")
        book.type(positions.INFO_SHEET, INFO["TT_NGAY_BAO_CAO"], serial(date(2022, 6, 14)))
        book.type(positions.INFO_SHEET, INFO["TT_NGUOI_LAP"], "Trần Văn Thử")
        shown = {item.id: book.shown(PAGE, LAYOUT.cell(item.id)) for item in FORM.indicators}
        label = positions.table_label(1)
        book.type("Biểu 06", label, "Đất đai, môi trường, tài nguyên nước và khoáng sản")
        pdf = book.to_pdf(folder / "a.pdf")
    texts = tuple(pdf_text(pdf).split("\f")[:-1])
    annexes = BEFORE + len(page_breaks(FORM)) + 1
    after = annexes + len(FORM.tables)
    return Printed(
        pdf, texts[:BEFORE], texts[BEFORE:annexes], texts[annexes:after], texts[after:], shown
    )


def pages_of_rows() -> list[list[str]]:
    """Return the ids of the rows of each page."""
    pages: list[list[str]] = [[]]
    for id, line in LAYOUT.rows.items():
        if line in page_breaks(FORM):
            pages.append([])
        pages[-1].append(id)
    return pages


def test_pages_are_a4(printed):
    """The form's pages are upright, as many as its breaks give; a page for each other sheet."""
    command = ["pdfinfo", "-l", "99", printed.pdf]
    info = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    sizes = re.findall(r"size: +([\d.]+) x ([\d.]+)", info)
    upright, across = (210, 297), (297, 210)
    assert [tuple(round(float(side) / 72 * 25.4) for side in size) for size in sizes] == [
        across, across, upright, *[upright] * 6, upright, across, upright, across
    ]  # fmt: skip
    assert len(printed.pages) == len(page_breaks(FORM)) + 1 == 6


def test_entire_workbook_is_printed_without_an_empty_page(printed):
    """Guide and information come before the form, the findings after its annexes, on one page."""
    begins = [text.split()[0] for text in (*printed.before, *printed.after)]
    assert begins == ["HƯỚNG", "Các", "THÔNG", "KIỂM"]
    assert all(len(solid(text)) > 100 for text in (*printed.before, *printed.after))
    assert "1.1.b = 9" in printed.after[0]


def test_annexes_are_printed_whole(printed):
    """Each has its title, whose it is and of when, the header, its rows and its totals."""
    whose = "UBNDxãThịnhĐức–6thángđầunăm2022"
    for table, text in zip(FORM.tables, printed.annexes, strict=True):
        shown = solid(text)
        counted = whose + (f".Đơnvịtính:{solid(table.unit)}" if table.unit else "")
        for words in (table.title, counted, table.row_label):
            assert solid(words) in shown
        assert ("Tổngsố" in shown) == (table.has_totals or "Tổng số" in str(table.columns))
        for words in (*table.rows, *(column.number for column in table.columns)):
            assert all(word in shown for word in words.split())
        assert solid(table.note) not in shown
    assert re.search(r"Tổng số +126", printed.annexes[0])
    # As typed: (3) = 6694, (4) = 50, (5) = 6644, (7) = 6692 …; the label wraps, none of it is lost.
    assert re.search(r"Tổng số +6.694 +50 +6.644 +6.692 +6.000 +690 +2", printed.annexes[1])
    assert all(word in printed.annexes[1] for word in ("Đất đai", "tài nguyên", "khoáng sản"))


def test_rows_are_printed_whole_in_order_and_in_their_columns(printed):
    """Number, label, unit and figure of every row, on the page meant for it, with the header."""
    by_id = {line["id"]: line for line in builders.printed_rows()}
    head = {
        positions.STT: ["STT"], positions.LABEL: [FORM.header["label"]],
        positions.NOTE: ["Ghi chú"],
        positions.UNIT: ["Đơn vị tính"], positions.VALUE: ["Số liệu"],
    }  # fmt: skip
    for number, ids in enumerate(pages_of_rows(), start=1):
        texts = {
            positions.STT: [by_id[id]["stt"] for id in ids],
            positions.LABEL: [by_id[id]["label"] for id in ids],
            positions.UNIT: [by_id[id]["unit"] for id in ids],
            positions.VALUE: [printed.shown[id] for id in ids],
            positions.NOTE: [],
        }
        for letter, rows in texts.items():
            found = solid(column(printed.pdf, letter, number))
            wanted = solid("".join((*head[letter], *rows)))
            if letter == positions.LABEL:
                before, _, found = found.partition(solid("Các chỉ tiêu"))
                found = solid("Các chỉ tiêu") + found
                assert before.endswith(str(number)) or number == 1
            else:
                start = found.find(solid(head[letter][0]))
                assert start >= 0, f"page {number}, {letter}: no header in {found}"
                found = found[start:]
            if number == len(printed.pages):
                assert found.startswith(wanted), f"page {number}, {letter}"
            else:
                assert found == wanted, f"page {number}, {letter}"
        assert "Kếtquả" in solid(printed.pages[number - 1])


def test_page_number_stands_above_every_page_but_the_first(printed):
    """Centred alone on the first line from page 2 on."""
    for number, text in enumerate(printed.pages, start=1):
        first = text.strip("\n").splitlines()[0]
        assert first.strip() == ("PHỤ LỤC" if number == 1 else str(number))
        middle = len(first) - len(first.strip()) / 2
        assert 30 < middle < 60


def test_first_page_starts_with_the_title_and_the_last_ends_with_the_signatures(printed):
    """Title lines above the header; place, date and who signs below the last rows."""
    start = "".join(printed.pages[0].split("STT")[0].split())
    assert "BÁOCÁOCÔNGTÁCCẢICÁCHHÀNHCHÍNH6THÁNGĐẦUNĂM2022" in start
    assert "(KèmtheoBáocáosố66/BC-UBNDngày14/6/2022củaUBNDxãThịnhĐức)" in start
    last = solid(printed.pages[-1])
    places = [
        last.index(solid(text))
        for text in (
            FORM.indicators[-1].label.split()[-1],
            "Thịnh Đức, ngày 14 tháng 6 năm 2022",
            "Thủ trưởng đơn vị",
            "TM. UBND XÃ THỊNH ĐỨC",
            "CHỦ TỊCH",
        )
    ]
    assert places == sorted(places)
    assert "Ngườilậpbiểu" in last
    assert last.endswith("CHỦTỊCHTrầnVănThử")
    for text in printed.pages[:-1]:
        assert "CHỦTỊCH" not in solid(text)


def test_nothing_beside_the_form_is_printed(printed):
    """Checks, helpers and guidance stay on the screen."""
    text = solid("".join((*printed.pages, *printed.annexes)))
    for other in ("HƯỚNG DẪN", "THÔNG TIN BÁO CÁO", "Lỗi:", "✓", NOT_OWED, "Tử số", "KIỂM TRA",
                  "Kỳ trước", "Không bắt buộc"):  # fmt: skip
        assert solid(other) not in text


def test_rows_are_high_enough_and_set_as_printed(clerk_office, tmp_path):
    """No row is lower than its text needs; headings are bold, parts of 6.2.4 italic, as printed."""
    bold = {item.id for item in FORM.indicators if item.kind == "section"} | {"6.2"}
    italic = {"6.2.4.a", "6.2.4.b", "6.2.4.c"}
    with clerk_office.open(issued(tmp_path / "a.xlsx", "commune")) as book:
        sheet = book.sheet(PAGE)
        for item in FORM.indicators:
            label = sheet.getCellRangeByName(f"{positions.LABEL}{row(item.id)}")
            assert (label.CharWeight > 100) == (item.id in bold), item.id
            assert (label.CharPosture.value == "ITALIC") == (item.id in italic), item.id
            assert label.CharFontName == "Times New Roman"
            line = sheet.Rows.getByIndex(row(item.id) - 1)
            given = line.Height
            assert abs(given / 2540 * 72 - form_row_height(item)) < 0.5, item.id
            line.OptimalHeight = True
            assert line.Height <= given, f"{item.id} needs {line.Height}, has {given}"
