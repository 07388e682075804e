"""Requirements of the sheet of trends.

V1 Each known period has a column in order of time; this one's figures are those of the totals.
V2 A missing period has a blank column, is named there and on the first sheet; no line goes through.
V3 The change is against the last period that compares; the year so far adds what tiles it.
V4 A total that only grows, and is less than before in its year, is said in words.
V5 From three periods on there are charts, each with a message of its own and words for the blind.
V6 All of it is live: LibreOffice recalculates it to what was written.
V7 One unit's figures of each period are shown, of the unit that is chosen, or why they cannot be
   compared; not of too many units.
V8 An earlier period of another area is in no total, and is not said to be missing.
V9 However many periods: the charts stand on one page, none is cut or lies over another.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.utils import get_column_letter, range_boundaries

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import A, B, differences, good, report, written
from tests.support.office import Office
from xl_automation.checks.earlier import PastPeriod, past_periods
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.summary import unit_trends
from xl_automation.summary.places import (
    FIRST_ROW,
    HEADER_ROW,
    ONE_UNIT,
    OVERVIEW,
    PAST_FIGURES,
    TRENDS,
)
from xl_automation.summary.print_setup import MAX_PRINTED

NOW = FORM.period("2022-Q3")
Line = dict[str, object]


def past(code: str, **changes: object) -> PastPeriod:
    """Return an earlier period in which both units reported alike."""
    figures = {**COMMUNE, **changes}
    submissions = [report(unit, figures, FORM.period(code)) for unit in (A, B)]
    (known,) = past_periods(FORM, submissions)
    return known


def summary_of(path: Path, *previous: PastPeriod, **changes: object) -> Path:
    """Return a summary of two units with earlier periods."""
    reports = [report(unit, {**COMMUNE, **changes}, NOW) for unit in (A, B)]
    return written(consolidate(FORM, reports, (A, B), NOW, previous), path)


def lines(path: Path) -> dict[str, Line]:
    """Return the rows of the sheet by their id, each by the captions of its columns."""
    sheet = openpyxl.load_workbook(path, data_only=True)[TRENDS]
    rows = list(sheet.iter_rows(min_row=HEADER_ROW, values_only=True))
    items = [item for item in FORM.indicators if item.kind == "section" or item.is_figure]
    return {
        item.id: dict(zip(map(str, rows[0]), row, strict=True))
        for item, row in zip(items, rows[1:], strict=False)
    }


def said(path: Path, sheet: str) -> str:
    """Return all the words of a sheet."""
    rows = openpyxl.load_workbook(path, data_only=True)[sheet].iter_rows(values_only=True)
    return "\n".join(str(cell) for row in rows for cell in row if isinstance(cell, str))


@pytest.fixture(scope="module")
def tiled(tmp_path_factory) -> Path:
    """The third quarter behind half a year, and the same quarter of the year before."""
    previous = [
        past("2022-6T", **{"2.3": 100, "1.1.b": 4, "3.2.4.a": 40, "3.4.2.a": 100, "3.4.2.b": 50}),
        past("2021-Q3", **{"2.3": 3, "3.2.4.a": 30}),
    ]
    path = tmp_path_factory.mktemp("xu hướng") / "th.xlsx"
    now = {"2.3": 7, "1.1.b": 3, "3.2.4.a": 50, "3.4.2.a": 300, "3.4.2.b": 290}
    return summary_of(path, *previous, **now)


def test_periods_stand_in_order_of_time(tiled: Path) -> None:
    """V1, V2: with the missing one in its place."""
    captions = list(lines(tiled)["2.3"])
    assert captions[3:7] == [
        "Quý III năm 2021",
        "Quý IV năm 2021\n(chưa có sổ)",
        "6 tháng đầu năm 2022",
        "Quý III năm 2022",
    ]
    row = lines(tiled)["2.3"]
    assert [row[caption] for caption in captions[3:7]] == [6, None, 200, 14]
    assert "Thiếu quý IV năm 2021" in said(tiled, TRENDS)
    assert "Thiếu sổ của quý IV năm 2021" in said(tiled, OVERVIEW)


def test_change_and_year_to_date(tiled: Path) -> None:
    """V3: what comes about compares with a period as long, and is added; stocks are taken."""
    row = lines(tiled)["2.3"]
    assert (row["Tăng, giảm"], row["So với"], row["Từ đầu năm 2022"]) == (8, "2021-Q3", 214)
    stock = lines(tiled)["4.2.1"]
    assert stock["So với"] == "2022-6T"
    assert stock["Từ đầu năm 2022"] == stock["Quý III năm 2022"]


def test_rate_of_the_year_so_far_is_that_of_its_parts(tiled: Path) -> None:
    """V3: of 100 and 300 dossiers of each unit 50 and 290, not the mean of 50 and 96.67."""
    row = lines(tiled)["3.4.2"]
    assert (row["6 tháng đầu năm 2022"], row["Quý III năm 2022"]) == (50, 96.67)
    assert row["Từ đầu năm 2022"] == 85
    row = lines(tiled)["1.1"]  # of what is counted from the year's beginning
    assert row["Từ đầu năm 2022"] == row["Quý III năm 2022"] is not None
    for id in ("3.2.1", "3.3.4", "3.4.1"):  # of shared figures, weighted, of the city alone
        assert lines(tiled)[id]["Từ đầu năm 2022"] is None


def test_total_that_may_only_grow_and_fell_is_said(tiled: Path) -> None:
    """V4: from eight to six, of two units each."""
    words = lines(tiled)["1.1.b"]["Chú ý"]
    assert words == (
        "Lũy kế giảm: 8 (6 tháng đầu năm 2022, 2 đơn vị) còn 6 (Quý III năm 2022, 2 đơn vị)."
    )
    assert lines(tiled)["2.3"]["Chú ý"] is None


def test_year_to_date_with_a_gap_stays_blank(tmp_path: Path) -> None:
    """V3: and the sheet says which period is missing."""
    path = summary_of(tmp_path / "th.xlsx", past("2022-Q1"))
    assert lines(path)["2.3"]["Từ đầu năm 2022"] is None
    assert lines(path)["3.4.2"]["Từ đầu năm 2022"] is None
    assert lines(path)["4.2.1"]["Từ đầu năm 2022"] is not None
    assert "Thiếu quý II năm 2022: chưa cộng được số phát sinh từ đầu năm" in said(path, TRENDS)


def test_charts_from_three_periods_on(tiled: Path, tmp_path: Path) -> None:
    """V2, V5: lines with gaps, over the periods' cells; with two periods there are none."""
    with zipfile.ZipFile(tiled) as package:
        parts = {name: package.read(name).decode() for name in package.namelist() if "xml" in name}
    charts = [text for text in parts.values() if "<c:lineChart>" in text]
    assert charts
    assert not any("c:dispBlanksAs" in text for text in charts)  # what is not said is a gap
    assert all(f"$D${HEADER_ROW}:$G${HEADER_ROW}" in text for text in charts)
    described = [text for name, text in parts.items() if "drawings/drawing" in name]
    assert any("Quý IV năm 2021: không có; 6 tháng đầu năm 2022:" in text for text in described)
    two = summary_of(tmp_path / "hai.xlsx", past("2022-6T"))
    with zipfile.ZipFile(two) as package:
        assert not any(b"<c:lineChart>" in package.read(name) for name in package.namelist())


def test_of_two_that_end_together_the_longer_one_is_later(tmp_path: Path) -> None:
    """V1: this period stands last, also behind its own second quarter."""
    half = FORM.period("2022-6T")
    previous = [past(code) for code in ("2022-Q1", "2022-Q2")]
    result = consolidate(FORM, [good(unit) for unit in (A, B)], (A, B), half, previous)
    captions = list(lines(written(result, tmp_path / "th.xlsx"))["2.3"])
    assert captions[3:6] == ["Quý I năm 2022", "Quý II năm 2022", "6 tháng đầu năm 2022"]
    assert [one.period.code for one in result.past] == ["2022-Q2", "2022-Q1"]
    later = consolidate(FORM, [], (A, B), NOW, [past(code) for code in ("2022-6T", "2022-Q2")])
    assert [one.period.code for one in later.past] == ["2022-6T", "2022-Q2"]
    assert [one.period.code for one in later.unit_past] == ["2022-6T", "2022-Q2"]


def test_another_area_is_no_missing_period(tmp_path: Path) -> None:
    """V8: the summary was given; its column is blank and says why, and so does a unit's sheet."""
    now = FORM.period("2025-Q3")
    merged = [unit for unit in FORM.units_at(now) if unit.level == "commune"][:2]
    previous = [
        known
        for code in ("2025-Q1", "2025-6T")
        for known in past_periods(FORM, [report(A, COMMUNE, FORM.period(code))])
    ]
    reports = [report(unit, COMMUNE, now) for unit in merged]
    path = written(consolidate(FORM, reports, merged, now, previous), tmp_path / "th.xlsx")
    captions = list(lines(path)["2.3"])
    assert captions[3:5] == [
        "Quý I năm 2025\n(địa bàn khác)",
        "6 tháng đầu năm 2025\n(địa bàn khác)",
    ]
    words = said(path, TRENDS)
    assert "Sổ của quý I năm 2025, 6 tháng đầu năm 2025 là của địa bàn khác" in words
    assert "Chưa có kỳ trước" not in words
    assert "Không có tổng của 6 tháng đầu năm 2025: chưa cộng được" in words
    assert "thiếu số liệu của" in said(path, ONE_UNIT)


def test_charts_of_a_year_of_months_stand_on_one_page(tmp_path: Path) -> None:
    """V9: the table goes on over two pages across, the charts do not."""
    now = FORM.period("2022-T12")
    previous = [past(f"2022-T{month:02}") for month in range(1, 12)]
    result = consolidate(FORM, [report(A, COMMUNE, now)], (A, B), now, previous)
    sheet = openpyxl.load_workbook(written(result, tmp_path / "th.xlsx"))[TRENDS]
    printed = sheet.print_area.replace("$", "").split(",")
    areas = [range_boundaries(area.rpartition("!")[2]) for area in printed]
    (*_, all_columns, last_row), (left, top, right, bottom) = areas
    assert (left, top) == (1, last_row + 1)
    assert right < all_columns
    widths = [sheet.column_dimensions[get_column_letter(n + 1)].width * 7 for n in range(right)]
    assert sum(widths) <= MAX_PRINTED
    places = [(chart.anchor._from, chart.anchor.to) for chart in sheet._charts]
    assert len(places) == 6
    for first, last in places:
        assert first.row >= last_row
        assert last.row < bottom
        assert last.col < right
    unlabelled = [len(chart.series[0].dLbls.dLbl) for chart in sheet._charts]
    assert unlabelled == [len(previous) - 1] * 6  # all but the first and this one
    boxes = {(first.col, first.colOff, first.row) for first, _ in places}
    assert len(boxes) == len(places)


def test_without_earlier_periods_the_sheet_says_how(tmp_path: Path) -> None:
    """V1: this period alone, and what to do."""
    path = written(consolidate(FORM, [good(A)], (A, B)), tmp_path / "th.xlsx")
    assert "--previous" in said(path, TRENDS)
    assert len(list(lines(path)["2.3"])) == 8


@pytest.mark.office
def test_one_unit_is_chosen(tmp_path: Path, office: Office) -> None:
    """V7: its own figures and changes; of no unit of the summary, none."""
    then = FORM.period("2022-6T")
    earlier = [
        report(unit, {**COMMUNE, "4.2.3": n}, then) for n, unit in enumerate((A, B), start=3)
    ]
    reports = [report(A, {**COMMUNE, "4.2.3": 9}, NOW), report(B, {**COMMUNE, "4.2.3": "x"}, NOW)]
    result = consolidate(FORM, reports, (A, B), NOW, past_periods(FORM, earlier))
    path = written(result, tmp_path / "th.xlsx")
    assert differences(office, path, (ONE_UNIT,)) == {}
    items = [item for item in FORM.figures if item.concerns("commune")]
    row = FIRST_ROW + [item.id for item in items].index("4.2.3")
    with office.open(path) as book:
        cell = book.sheet(ONE_UNIT).getCellRangeByName("B3")
        shown = {}
        for chosen in (cell.getString(), f"{B.code} – {B.name}", "không có"):
            cell.setString(chosen)
            book.recalculate()
            shown[chosen] = book.values(ONE_UNIT, f"D{row}:G{row}")[0]
    assert list(shown.values()) == [
        (3, 9, 6, "2022-6T"),
        (4, "", "", ""),  # what is no number is not shown, and compares with nothing
        ("", "", "", ""),
    ]


def test_earlier_figures_of_too_many_units_are_left_out(tmp_path: Path, monkeypatch) -> None:
    """V7: the sheet of trends says so."""
    monkeypatch.setattr(unit_trends, "MOST_CELLS", 10)
    path = summary_of(tmp_path / "th.xlsx", past("2022-6T"))
    assert not {ONE_UNIT, PAST_FIGURES} & set(openpyxl.load_workbook(path).sheetnames)
    assert f"không có sheet {ONE_UNIT}" in said(path, TRENDS)


@pytest.mark.office
def test_recalculates_to_what_was_written(tiled: Path, office: Office) -> None:
    """V6: every formula of the sheet."""
    assert differences(office, tiled, (TRENDS,)) == {}
    sheet = openpyxl.load_workbook(tiled)[TRENDS]
    formulas = [
        cell.value
        for row in sheet.iter_rows(min_row=FIRST_ROW)
        for cell in row
        if str(cell.value).startswith("=")
    ]
    assert any("ROUND(" in text for text in formulas)
    assert any(text.count(",") for text in formulas if "SUM(" in text)
