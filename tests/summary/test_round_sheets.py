"""Requirements of the sheets about a round.

S10 What is in no total is listed, stands in the matrix as a text, and is counted at the total; a
    line that is computed proves each sum.
S11 Progress: a row for each unit, what is in time with its rate, and no claim without a day.
S12 What changed last stands first; what differs between two files of a unit stands side by side.
S13 Links within the summary land.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pytest

from tests.support.builders import FORM, MINI
from tests.support.communes import (
    CITY,
    A,
    B,
    C,
    D,
    alike,
    cells,
    differences,
    fact_cell,
    facts_of,
    golden,
    row_of,
    table,
    written,
)
from tests.support.office import Office, OfficeError
from tests.support.rounds import EVENTS, EXCLUDED, RECORDS, full_round, small_round
from xl_automation.consolidation.register import LeftOut
from xl_automation.summary.changes_sheet import CHANGES
from xl_automation.summary.events_sheet import COLUMNS as EVENT_COLUMNS
from xl_automation.summary.findings_sheet import ANSWER, FINDINGS, OWNER, SETTLED
from xl_automation.summary.overview_lists import LATEST
from xl_automation.summary.places import EVENTS as EVENTS_SHEET
from xl_automation.summary.places import FIRST_ROW, LEFT_OUT, MATRIX, OVERVIEW, PROGRESS, TOTALS
from xl_automation.summary.progress_tallies import HEADER_ROW as PROGRESS_HEADER
from xl_automation.summary.read_back import read_summary
from xl_automation.xlsx.address import Address

PROVED = "Đối soát: các đơn vị = tổng + không tính"


@pytest.mark.office
def test_recalculation_gives_the_written_values(office: Office, round_path):
    """Tallies, rates, what is left out and its proofs too; no cell of any sheet shows an error."""
    assert differences(office, round_path) == {}
    with office.open(round_path) as book:
        book.recalculate()
        for sheet in book.sheets():
            shown = [value for row in book.values(sheet, "A1:M60") for value in row]
            assert not any(isinstance(value, OfficeError) for value in shown), sheet


# --- what is in no total -----------------------------------------------------------------------


def test_excluded_figure_is_a_text_and_is_counted_at_its_total(round_path):
    """It stays visible, no formula counts it, and the next period has no number there."""
    id, unit, figure = EXCLUDED
    rows = openpyxl.load_workbook(round_path)[MATRIX].iter_rows(min_row=3, values_only=True)
    ids, _, *lines = rows
    (shown,) = (line[ids.index(id)] for line in lines if line[0] == unit.code)
    assert shown == "loại: 12"
    values, row = cells(round_path, TOTALS), row_of(id)
    assert (values[f"D{row}"], values[f"G{row}"], values[f"H{row}"]) == (3, figure, "✓")
    assert f"G{row_of('2.3')}" not in values
    numbers = read_summary(round_path, FORM).numbers
    assert numbers.at[A.code, id] == 3
    assert numbers.loc[unit.code, [id]].isna().all()
    assert facts_of(round_path)["Số liệu không tính vào tổng"] == len(full_round().left_out)


def test_list_of_what_is_left_out(round_path):
    """Each figure with its unit, row, cause and reason, in words."""
    line = table(round_path, LEFT_OUT, FIRST_ROW - 1)[-1]
    id, unit, figure = EXCLUDED
    assert list(line.values()) == [
        unit.code, unit.name, id, FORM.by_id[id].label, figure, "Theo quyết định",
        "Cộng cả năm ngoái",
    ]  # fmt: skip


WRONG = {
    "listed but counted": LeftOut("1", "Xã Một", "I.2", "pair", "thiếu", 8.0),
    "of a unit that sent nothing": LeftOut("2", "Xã Hai", "I.2", "decision", "sai", 5.5),
}


@pytest.mark.office
@pytest.mark.parametrize("left", WRONG.values(), ids=WRONG)
def test_sum_that_does_not_agree_is_seen_by_formula(office: Office, tmp_path, left):
    """What is listed must be what the total lacks: the difference stands in the row's line."""
    path = written(replace(small_round(), left_out=(left,)), tmp_path / "th.xlsx")
    cell = f"H{row_of('I.2', MINI)}"
    assert str(cells(path, TOTALS)[cell]).startswith("✗ lệch ")
    assert facts_of(path)[PROVED] == "✗ 1 dòng lệch"
    with office.open(path) as book:
        book.recalculate()
        assert str(book.value(TOTALS, cell)).startswith("✗ lệch ")
        assert book.value(OVERVIEW, fact_cell(path, PROVED)) == "✗ 1 dòng lệch"


@pytest.mark.office
def test_proof_follows_the_sheets(office: Office, round_path):
    """A figure typed over, a line of the list deleted or a total replaced breaks the proof."""
    id, unit, _ = EXCLUDED
    row = row_of(id)
    with office.open(round_path) as book:
        assert book.value(TOTALS, f"H{row}") == "✓"
        (line,) = (
            n
            for n, code in enumerate(book.column(MATRIX, "A5:A10"), FIRST_ROW)
            if code == unit.code
        )
        (place,) = (
            cell.column_letter
            for cell in openpyxl.load_workbook(round_path)[MATRIX][3]
            if cell.value == id
        )
        book.type(MATRIX, f"{place}{line}", None)
        assert str(book.value(TOTALS, f"H{row}")).startswith("✗")  # the list says it is there
        book.type(MATRIX, f"{place}{line}", "loại: 12")
        book.type(LEFT_OUT, f"E{FIRST_ROW + len(full_round().left_out) - 1}", None)
        assert str(book.value(TOTALS, f"H{row}")).startswith("✗")
        book.type(TOTALS, f"D{row_of('2.3')}", 680)
        assert book.value(TOTALS, f"H{row_of('2.3')}") == "✗ lệch -2"
        assert book.value(OVERVIEW, fact_cell(round_path, PROVED)) == "✗ 2 dòng lệch"


@pytest.mark.office
def test_city_figure_left_out_is_no_part_of_the_communes_proof(office: Office, tmp_path):
    """The city's own figure of a row that is added is in no sum of the communes."""
    left = LeftOut(CITY.code, CITY.name, "1.1.a", "decision", "sai", 20.0)
    result = replace(golden(), left_out=(*golden().left_out, left))
    path = written(result, tmp_path / "th.xlsx")
    assert cells(path, TOTALS)[f"H{row_of('1.1.a')}"] == "✓"
    assert facts_of(path)[PROVED] == "✓ Khớp"
    with office.open(path) as book:
        book.recalculate()
        assert book.value(TOTALS, f"H{row_of('1.1.a')}") == "✓"


# --- progress ----------------------------------------------------------------------------------


def test_progress_has_a_row_for_each_unit(round_path):
    """State, days, file, when it was saved in Vietnam, whether in time, and what is to be done."""
    lines = table(round_path, PROGRESS, PROGRESS_HEADER)
    assert [line["Mã"] for line in lines] == list(RECORDS)
    one = lines[0]
    assert one == {
        "Mã": A.code,
        "Đơn vị": A.name,
        "Tình trạng": "Nhận lại",
        "Từ ngày": datetime(2022, 6, 12),
        "Lịch sử": "Đã nhận 10/06/2022; Trả lại 12/06/2022",
        "Tệp": f"{A.code}.xlsx",
        "Tệp lưu lúc": datetime(2022, 6, 15, 3, 30),
        "Đúng hạn": "Đúng hạn",
        "Lỗi": 1,
        "Cảnh báo chưa giải trình": 23,
        "Đã giải trình": 2,
        "Không xét được": 0,
        "Phải gửi": "x",
    }
    assert [line["Đúng hạn"] for line in lines[1:]] == [
        "Muộn", "Đúng hạn", "Không rõ", "Đúng hạn", "Chưa gửi", None,
    ]  # fmt: skip
    assert lines[-1]["Phải gửi"] is None  # the city
    assert [lines[-2][caption] for caption in ("Từ ngày", "Tệp lưu lúc", "Lỗi")] == [None] * 3


def test_rates_stand_on_the_overview(round_path, summary):
    """Of all units; without a day that is due nobody is said to be late."""
    facts, values = facts_of(round_path), cells(round_path, OVERVIEW)
    share = values[fact_cell(round_path, "  Đơn vị gửi đúng hạn").replace("E", "G")]
    assert (facts["Đơn vị gửi đúng hạn"], share) == (3, 50)
    assert (facts["Đơn vị gửi muộn"], facts["Đơn vị chưa gửi"]) == (1, 1)
    assert facts["Đơn vị không rõ lúc lưu tệp"] == 1
    assert facts["Hạn gửi"] == datetime(2022, 6, 15)
    assert facts["Khóa cả kỳ"] == "Có"
    assert (facts["Trong đó đã giải trình"], facts["Số quy tắc không xét được"]) == (2, 15)
    assert facts_of(summary)["Đơn vị gửi muộn"] == "Chưa có hạn gửi"


@pytest.mark.office
def test_tallies_follow_the_list(office: Office, round_path):
    """A state chosen anew and a claim taken back change the numbers and the overview."""
    with office.open(round_path) as book:
        book.type(PROGRESS, "C12", "Chưa gửi")
        book.type(PROGRESS, "H13", None)
        assert [book.value(PROGRESS, f"C{row}") for row in (6, 7, 8, 9)] == [3, 0, 2, 1]
        assert alike(book.value(PROGRESS, "D8"), 33.3)
        assert book.value(PROGRESS, "E6") == "trên 6 đơn vị"
        assert book.value(OVERVIEW, fact_cell(round_path, "  Đơn vị gửi muộn")) == 0
        for row in range(12, 18):
            book.type(PROGRESS, f"H{row}", None)
        assert book.value(PROGRESS, "C7") == "Chưa có hạn gửi"
        assert book.value(PROGRESS, "D7") == ""


# --- what changed ------------------------------------------------------------------------------


def test_what_changed_last_stands_first(round_path):
    """Twelve lines on the first sheet with a link to all of them."""
    values = cells(round_path, OVERVIEW)
    (head,) = (Address(cell).row for cell, text in values.items() if text == "Thay đổi")
    shown = [
        (values.get(f"A{row}", ""), values[f"E{row}"], values[f"G{row}"])
        for row in range(head + 1, head + 1 + LATEST)
    ]
    assert shown == [(event.unit, event.time, event.what) for event in EVENTS[:LATEST]]
    assert values[f"A{head + 1 + LATEST}"] == f"Xem đủ {len(EVENTS)} thay đổi ở sheet Diễn biến"
    lines = table(round_path, EVENTS_SHEET, FIRST_ROW - 1)
    assert [tuple(line.values()) for line in lines] == [
        (event.time, event.unit, event.what) for event in EVENTS
    ]
    assert list(lines[0]) == list(EVENT_COLUMNS)


def test_old_and_new_figures_stand_side_by_side(round_path):
    """Each figure in which a replaced file differs, and the overview says how many."""
    lines = table(round_path, CHANGES, FIRST_ROW - 1)
    assert [
        (line["Mã"], line["Chỉ tiêu"], line["Bản cũ"], line["Bản được tính"], line["Tệp bản cũ"])
        for line in lines
    ] == [(A.code, "1.1.a", 7, 8, "lần 1.xlsx"), (A.code, "2.4.a", None, "abc", "lần 1.xlsx")]
    told = "05431.xlsx trong: lần 1.xlsx, 05431.xlsx; khác nhau 2 chỉ tiêu, xem sheet Bản thay thế"
    assert told in cells(round_path, OVERVIEW).values()


def test_findings_say_who_looks_after_them(round_path):
    """What is settled with its reason, and what was answered before, in cells for more."""
    lines = table(round_path, FINDINGS, FIRST_ROW - 1)
    settled = [line[SETTLED] for line in lines if line[SETTLED]]
    assert settled == [
        one.finding.settled.reason for one in full_round().findings if one.finding.settled
    ]
    assert len(settled) == 2
    assert (lines[0][OWNER], lines[0][ANSWER]) == ("Ông Hùng", "Đã gọi điện")
    assert (lines[-1][OWNER], lines[-1][ANSWER]) == ("=HYPERLINK(1)", "Chờ\nđơn vị")


# --- links -------------------------------------------------------------------------------------


def test_links_within_the_summary_land(round_path):
    """Each leads where it says: to a unit, a row, a column of figures, a list."""
    book = openpyxl.load_workbook(round_path)
    landed = {}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink and not cell.hyperlink.target:
                    name, _, place = cell.hyperlink.location.rpartition("!")
                    target = book[name.strip("'").replace("''", "'")][place]
                    landed[sheet.title, cell.coordinate] = (target.parent.title, target)
                    assert target.row <= target.parent.max_row
                    assert target.column <= target.parent.max_column
    last = FIRST_ROW + len(full_round().left_out) - 1
    id, unit, _ = EXCLUDED
    assert landed[LEFT_OUT, f"B{last}"][1].value == unit.name
    assert landed[LEFT_OUT, f"C{last}"][1].row == row_of(id)
    ids = {cell.column: cell.value for cell in book[MATRIX][3]}
    for item in FORM.figures:
        name, target = landed[TOTALS, f"E{row_of(item.id)}"]
        assert (name, ids[target.column]) == (MATRIX, item.id)
        assert target.row in (4, 5 + 6 + 1)  # the column's head, or the city's own figure
    assert any(name == EVENTS_SHEET for name, _ in landed.values())


def test_days_are_those_of_vietnam(round_path):
    """A file saved after five in the afternoon in UTC is of the next day there."""
    lines = table(round_path, PROGRESS, PROGRESS_HEADER)
    saved = {line["Mã"]: line["Tệp lưu lúc"] for line in lines}
    assert saved[C.code] == datetime(2022, 6, 9, 6, 59, 59)
    assert saved[D.code] is None
    assert saved[B.code].date() == date(2022, 6, 18)
