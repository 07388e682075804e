"""Requirements of the sheet ``Tổng quan``.

V1 On its first page: the round in a sentence and six numbers, all live; four charts, each with what
   it says in its title and in words for who does not see it. It is one page on paper.
V2 It leads to every other sheet that people see.
V3 The totals stand beside those of the last period that compares; what does not is said.
"""

from __future__ import annotations

import re
import zipfile
from dataclasses import replace
from functools import cache
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

from tests.support.builders import FORM, MINI
from tests.support.communes import (
    CITY,
    FEW_RULES,
    A,
    B,
    C,
    differences,
    facts_of,
    good,
    row_of,
    written,
)
from tests.support.office import Office
from tests.support.summary_pages import printed, squeezed
from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.summary.changes_table import CHANGES, NO_PAST
from xl_automation.summary.facts import FIRST_FACT_ROW
from xl_automation.summary.places import OVERVIEW, PERIOD_NAME, TOTALS
from xl_automation.summary.summary_file import open_summary
from xl_automation.summary.tiles import HEADLINE_ROW, TILE_ROW
from xl_automation.xlsx.address import Address

TITLES = ("chưa gửi", "điền ít nhất", "Xem trước", "Tỷ lệ thấp nhất")


class Values(list[tuple[object, ...]]):
    """The values of the sheet, row by row."""

    def at(self, row: int, column: int) -> object:
        """Return the value of a cell, counted from 1."""
        line = self[row - 1]
        return line[column - 1] if column <= len(line) else None


@cache
def page_of(path: Path) -> Values:
    """Return the values of the sheet; no other one is read."""
    return Values(open_summary(path, [PERIOD_NAME]).workbook[OVERVIEW].iter_rows(values_only=True))


def tiles(path: Path) -> dict[str, tuple[object, object]]:
    """Return the number of each tile by its caption, and what is said below it."""
    page = page_of(path)
    return {
        page.at(TILE_ROW, column): tuple(
            page.at(row, column) for row in (TILE_ROW + 1, TILE_ROW + 2)
        )
        for column in range(1, 13, 2)
    }


# --- the first page ----------------------------------------------------------------------------


def test_tiles_say_the_facts(round_path):
    """The numbers of the facts further down, and what more there is to say of each."""
    facts = facts_of(round_path)
    assert tiles(round_path) == {
        "Phải gửi": (facts["Số xã, phường phải gửi"], "xã, phường"),
        "Đã gửi": (5, 83.3),
        "Đúng hạn": (3, "1 muộn, 1 chưa gửi"),
        "Lỗi": (facts["Số lỗi"], "ở 4 đơn vị"),
        "Cảnh báo": (facts["Số cảnh báo"], "ở 5 đơn vị"),
        "Đối soát": ("✓", "mọi số khớp"),
    }


def test_tiles_without_a_day_that_is_due(summary):
    """Nothing is said of who is late."""
    assert tiles(summary)["Đúng hạn"] == ("–", "chưa có hạn gửi")


def test_round_in_a_sentence(round_path, summary, tmp_path):
    """What came, what is missing, what is wrong, whether the numbers agree."""
    clean = consolidate(replace(FORM, rules=()), [good(A)], (A,))
    paths = (round_path, summary, written(clean, tmp_path / "th.xlsx"))
    said = [str(page_of(path).at(HEADLINE_ROW, 1)) for path in paths]
    assert [re.sub(r"Có \d+ lỗi, \d+ cảnh báo", "Có lỗi", text) for text in said] == [
        "Đã nhận báo cáo của 5/6 đơn vị, 3 đúng hạn, 1 muộn, 1 không rõ lúc gửi; còn 1 đơn vị chưa"
        " gửi. Có lỗi. Đối soát: mọi số khớp.",
        "Đã nhận báo cáo của 5/6 đơn vị (chưa có hạn gửi); còn 1 đơn vị chưa gửi. Có lỗi."
        " Đối soát: mọi số khớp.",
        "Đã nhận báo cáo của 1/1 đơn vị (chưa có hạn gửi). Không có lỗi, cảnh báo nào."
        " Đối soát: mọi số khớp.",
    ]


@pytest.mark.office
def test_first_page_follows_and_is_one_page(office: Office, round_path, tmp_path):
    """A proof that breaks is seen at once; on paper the second page begins with the facts."""
    with office.open(round_path) as book:
        for name in book.sheets():
            book.sheet(name).IsVisible = name == OVERVIEW
        first, second, *_ = printed(book.to_pdf(tmp_path / "th.pdf"))
        assert all(squeezed(title) in first.letters for title in ("TỔNG QUAN", *TITLES))
        assert second.letters.startswith(squeezed("CÁC CON SỐ"))
        book.type(TOTALS, f"D{row_of('2.3')}", 680)
        assert str(book.value(OVERVIEW, f"A{HEADLINE_ROW}")).endswith("Đối soát: có số lệch.")
        assert book.value(OVERVIEW, f"K{TILE_ROW + 1}") == "✗"


def test_charts_say_what_they_show(summary):
    """A title with the message; for who does not see it, that and every bar with its number."""
    with zipfile.ZipFile(summary) as archive:
        drawing = archive.read("xl/drawings/drawing1.xml").decode()
        charts = [archive.read(f"xl/charts/chart{n}.xml").decode() for n in range(1, 5)]
    told = [frame.get("descr", "") for frame in ElementTree.fromstring(drawing).iter()
            if frame.tag.endswith("cNvPr")]  # fmt: skip
    assert len(told) == 4
    for chart, alternative, part in zip(charts, told, TITLES, strict=True):
        title = "".join(re.findall("<a:t>(.*?)</a:t>", chart))
        assert part in title
        assert alternative.startswith(f"{title}. ")
        (labels, *_) = re.findall("<c:cat>.*?</c:cat>", chart)
        for label in re.findall("<c:v>(.*?)</c:v>", labels):
            assert label.removesuffix("…") in alternative
    assert sum("<c:legend>" in chart for chart in charts) == 1  # of the chart of two kinds


@pytest.mark.parametrize(
    ("missing", "list_"), [(18, "Đơn vị gửi nhiều tệp"), (20, "Tệp bị từ chối")]
)
def test_head_of_a_list_is_not_the_last_on_a_page(tmp_path, missing, list_):
    """As long as the list before it is, the head that would be starts a page."""
    units = [ReportingUnit(f"{n:03}", f"Xã {n}") for n in range(missing)]
    result = consolidate(MINI, [], units, MINI.period("2024-N"))
    page = openpyxl.load_workbook(written(result, tmp_path / "th.xlsx"))[OVERVIEW]
    last_break = page.row_breaks.brk[-1].id
    assert page.cell(last_break + 1, 1).value == list_


# --- links -------------------------------------------------------------------------------------


def test_leads_to_every_sheet(round_path):
    """By its name, with what is there."""
    book = openpyxl.load_workbook(round_path)
    page = book[OVERVIEW]
    linked = {
        cell.value: (cell.hyperlink.location, page.cell(cell.row, 11).value)
        for (cell,) in page.iter_rows(min_row=FIRST_FACT_ROW, min_col=9, max_col=9)
        if cell.hyperlink
    }
    visible = [sheet.title for sheet in book if sheet.sheet_state == "visible"]
    assert [OVERVIEW, *linked] == visible
    assert all(location == Address.of(name, "A", 1).link for name, (location, _) in linked.items())
    assert all(what for _, what in linked.values())


# --- what changed ------------------------------------------------------------------------------

NOW = [good(A, c1_1_a=20, c1_1_b=9, c3_2_4_a=700), good(B, c1_1_a=20, c1_1_b=15, c3_2_4_a=300)]
THEN = [
    good(A, c1_1_a=20, c1_1_b=4, c3_2_4_a=500),
    good(B, c1_1_a=20, c1_1_b=6, c3_2_4_a=300),
    good(C, c1_1_a=None, c1_1_b=None, c3_2_4_a=300),
]


def earlier(code: str) -> PastPeriod:
    """Return the reports of then as of a period."""
    (period,) = past_periods(FORM, [replace(one, period=FORM.period(code)) for one in THEN])
    return period


def changes(path: Path) -> tuple[str, dict[str, list[object]]]:
    """Return what is said of all changes, and each line by the id of its row."""
    page = page_of(path)
    (head,) = (row for row in range(1, len(page)) if page.at(row, 8) == "Kỳ trước")
    lines = {}
    for row in range(head + 1, len(page)):
        if page.at(row, 1) is None:
            break
        own = [page.at(row, span.first) for span in CHANGES.values()]
        lines[str(own[0]).partition(" ")[0]] = own[1:]
    return str(page.at(head - 1, 1)), lines


def test_what_changed_since_the_last_period(tmp_path):
    """Rates in points, stocks, what adds up in one year; a flow of another length is not, and why.

    Then three units reported, now two: how many had a figure stands beside both.
    """
    path = written(
        consolidate(FEW_RULES, NOW, (A, B, C, CITY), previous=[earlier("2022-Q1")]),
        tmp_path / "th.xlsx",
    )
    said, lines = changes(path)
    assert lines["1.1"] == [60, 25, 35, None, "2 / 2", "2022-Q1"]
    assert lines["1.1.b"] == [24, 10, 14, 140, "2 / 2", "2022-Q1"]
    assert "1.1.a" not in lines  # the same as then
    assert "3.2.4.a" not in lines
    assert "không so" in said
    assert next(iter(lines)) == "1.1"  # the greatest change of a rate
    chart = openpyxl.load_workbook(path)[OVERVIEW]._charts[-1]
    title = "".join(run.t for p in chart.title.tx.rich.p for run in p.r or ())
    assert title.startswith("So với kỳ trước: ")
    shown = [float(point.v) for point in chart.series[0].val.numRef.numCache.pt]
    assert shown[0] == 35
    assert shown == sorted(shown, key=abs, reverse=True)


@pytest.mark.office
def test_each_row_is_compared_with_the_last_period_that_says_the_same(office: Office, tmp_path):
    """Given the same months of the year before too, flows have a past; recalculated it agrees."""
    periods = [earlier("2021-6T"), earlier("2022-Q1")]
    path = written(
        consolidate(FEW_RULES, NOW, (A, B, C, CITY), previous=periods), tmp_path / "th.xlsx"
    )
    said, lines = changes(path)
    assert lines["3.2.4.a"] == [1000, 1100, -100, -9.09, "2 / 3", "2021-6T"]
    assert lines["1.1.b"][-1] == "2022-Q1"
    assert "không so" not in said
    assert differences(office, path, [OVERVIEW]) == {}


def test_without_an_earlier_period_it_says_how_to_get_one(summary):
    """And shows the rates as they are, the lowest first."""
    assert NO_PAST in (line[0] for line in page_of(summary))
    chart = openpyxl.load_workbook(summary)[OVERVIEW]._charts[-1]
    shown = [float(point.v) for point in chart.series[0].val.numRef.numCache.pt]
    assert shown == sorted(shown)
    assert shown
