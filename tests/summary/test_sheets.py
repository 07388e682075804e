"""Requirements of the sheets of the summary.

S1 Sheets, figures, findings, links and log say all that the consolidation knows.
S6 Rows and columns in formulas, charts and names are those that are written.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import COMMUNE, FORM, MINI
from tests.support.communes import (
    CITY,
    COMMUNES,
    FOLDER,
    A,
    B,
    C,
    F,
    cells,
    facts_of,
    formula_cells,
    golden,
    good,
    reconciliation,
    report,
    row_of,
    table,
    workbook,
    written,
)
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.folder import read_files
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.summary.findings_sheet import FINDINGS, OPEN
from xl_automation.summary.log_sheet import LOG
from xl_automation.summary.places import LOWER, MATRIX, ONE_UNIT, OVERVIEW, PAST_FIGURES, TOTALS
from xl_automation.summary.write import CONTENTS

OPTIONAL = (LOWER, ONE_UNIT, PAST_FIGURES)  # only with something to show


def test_sheets(summary):
    """The sheets stand in the order of their table, and panes and filters where they help.

    Those of the supporting tables that have totals stand behind the matrix.
    """
    book = openpyxl.load_workbook(summary)
    before, behind = [name for name in CONTENTS if name not in OPTIONAL], []
    while before[-1] != MATRIX:
        behind.insert(0, before.pop())
    tables = [table.sheet for table in FORM.tables if table.has_totals]
    assert book.sheetnames == [*before, *tables, *behind]
    assert [book[name].freeze_panes for name in (TOTALS, MATRIX, FINDINGS)] == ["C5", "C5", "C5"]
    assert book[MATRIX].auto_filter.ref.startswith("A4:")
    assert len(book[OVERVIEW]._charts) == 4


def test_sheet_added_to_the_table_stands_in_its_place(tmp_path, monkeypatch):
    """A sheet is a function that writes it and a line in the table, and no more."""
    monkeypatch.setitem(CONTENTS, "Ghi thêm", lambda summary, sheet: summary.title(sheet, "THÊM"))
    path = written(consolidate(FORM, []), tmp_path / "th.xlsx")
    assert openpyxl.load_workbook(path).sheetnames[-1] == "Ghi thêm"
    assert cells(path, "Ghi thêm")["A1"] == "THÊM"


def test_overview_counts_the_files(tmp_path):
    """Received, counted, refused and replaced files, and who is missing, by name."""
    files = [
        good(A),
        replace(good(A), path=FOLDER / "lần 2.xlsx", saved=2e9),
        good(CITY, c3_4_2_a=None, c3_4_2_b=None),
        RefusedFile(Path("hỏng.xlsx"), "unreadable", "Tệp bị hỏng."),
    ]
    result = consolidate(FORM, files, (A, B, CITY))
    path = written(result, tmp_path / "a.xlsx")
    assert facts_of(path) == {
        "Kỳ báo cáo": "2022-6T",
        "Biểu mẫu": f"{FORM.id} ({FORM.version})",
        "Số xã, phường phải gửi": 2,
        "Số xã, phường được tính": 1,
        "Sổ của thành phố": 1,
        "Tệp nhận được": 4,
        "Tệp được tính": 2,
        "Tệp bị từ chối": 1,
        "Tệp bị thay bằng bản sau": 1,
        "Đơn vị chưa gửi": 1,
        "Hạn gửi": "Chưa có hạn gửi",
        "Đơn vị gửi đúng hạn": "Chưa có hạn gửi",
        "Đơn vị gửi muộn": "Chưa có hạn gửi",
        "Đơn vị không rõ lúc lưu tệp": "Chưa có hạn gửi",
        "Khóa cả kỳ": "Không",
        "Dấu kiểm tra của các tệp được tính": "chưa kiểm tra: 2",
        "Số lỗi": 2,  # one unit is missing, one sent twice
        "Số cảnh báo": 0,
        "Số lưu ý": 0,
        "Trong đó đã giải trình": 0,
        "Số quy tắc không xét được": sum(result.undecided),
        "Số liệu không tính vào tổng": 0,
        "Đối soát: nhận = tính + từ chối + thay thế": "✓ Khớp",
        "Đối soát: các đơn vị = tổng + không tính": "✓ Khớp",
    }
    texts = set(map(str, cells(path, OVERVIEW).values()))
    assert {B.name, B.code, "hỏng.xlsx", "Tệp bị hỏng."} <= texts
    assert "không đọc được [unreadable]" in texts
    assert "lần 2.xlsx trong: 05431.xlsx, lần 2.xlsx" in texts


def test_reconciliation_adds_the_rows_that_it_names(summary):
    """The formula is over the rows of the files received, counted, refused and replaced."""
    texts, formulas = cells(summary, OVERVIEW), cells(summary, OVERVIEW, cached=False)
    addresses = re.findall(r"E(\d+)", str(formulas[reconciliation(summary)]))
    assert [str(texts[f"A{row}"]).strip() for row in addresses] == [
        "Tệp nhận được", "Tệp được tính", "Tệp bị từ chối", "Tệp bị thay bằng bản sau",
    ]  # fmt: skip


def test_charts_are_over_the_rows_and_columns_that_they_name(summary):
    """Each bar has the label and the number of one line of the table that the chart is of."""
    page = openpyxl.load_workbook(summary, data_only=True)[OVERVIEW]
    heads = []
    for chart in page._charts:
        for series in chart.series:
            labels, numbers = (
                page[area.rpartition("!")[2].replace("$", "")]
                for area in (series.cat.strRef.f, series.val.numRef.f)
            )
            assert [label.value for (label,) in labels] == [
                point.v for point in series.cat.strRef.strCache.pt
            ]
            assert [number.value for (number,) in numbers] == [
                float(point.v) for point in series.val.numRef.numCache.pt
            ]
            columns = (cells[0][0].column for cells in (labels, numbers))
            heads.append(tuple(page.cell(labels[0][0].row - 1, one).value for one in columns))
    assert heads == [
        ("Gửi báo cáo", "Số đơn vị"),
        (None, "Đã điền (%)"),  # whose labels stand short in a column that is hidden
        ("Đơn vị cần xem trước", "Lỗi"),
        ("Đơn vị cần xem trước", "Cảnh báo"),
        (None, "Kỳ này (%)"),
    ]


def test_form_without_rates_has_no_chart_of_them(tmp_path):
    """Where no row is a rate, the chart is left out and the others stand."""
    items = [replace(item, aggregate="sum") for item in MINI.indicators if item.kind == "count"]
    form, year = replace(MINI, indicators=tuple(items), rules=()), MINI.period("2024-N")
    result = consolidate(form, [report(ReportingUnit("1", "Xã Một"), {"I.2": 8}, year, form=form)])
    path = written(result, tmp_path / "th.xlsx")
    charts = openpyxl.load_workbook(path)[OVERVIEW]._charts
    heads = [chart.series[0].cat.strRef.f for chart in charts]
    assert len(heads) == 2  # no unit has anything to see to either


def test_totals_have_formulas_and_values(summary):
    """Each figure row: the printed texts, live formulas and the values they will give."""
    values, formulas = cells(summary, TOTALS), formula_cells(summary, TOTALS)
    for row, item in enumerate(FORM.indicators, start=5):
        assert values.get(f"A{row}", "") == item.stt
        assert values[f"B{row}"] == item.label
        here = {address[0] for address in formulas if address[1:] == str(row)}
        if not item.is_figure:
            assert here == set()
            continue
        total = golden().totals[item.id]
        aggregate = aggregate_of(item)
        added = {"H", *"PQR"} if item.aggregate == "sum" else set()
        added |= {*"PQR"} if item.aggregate == "ratio" else set()
        added |= {"M", "N"} if aggregate.is_rate else set()
        added |= {"O"} if aggregate.is_rate or aggregate.is_weighted else set()
        assert here - {"K"} == {"D", "E", "G", "I", "J", "L"} | added
        assert {values.get(f"H{row}")} == ({"✓"} if "H" in added else {None})
        assert values.get(f"D{row}") == total.value
        assert values.get(f"E{row}") == total.filled
        assert values[f"F{row}"] == (1 if aggregate_of(item).is_city else 6)
        assert values[f"K{row}"] == total.note
        assert values.get(f"L{row}") is None


@pytest.mark.parametrize(
    ("id", "communes", "city", "appendix"),
    [
        ("1.1.a", 22, 20, 20),  # the communes' plans are not the city's
        ("3.1.3.a", 174, 174, 174),
        ("3.4.1", 98.89, 98.89, 98.89),
        ("3.4.2", 99, 97.5, 99),  # a row of the communes only
        ("3.4.2.a", 400, 400, 400),
        ("3.1.1", 24, None, None),
        ("7.5.1", 50, 97, 50),
        ("2.2", None, None, None),
    ],
)
def test_city_appendix_takes_its_own_figures(summary, id, communes, city, appendix):
    """The city's own appendix takes from the communes only what no city has in its books."""
    values, row = cells(summary, TOTALS), row_of(id)
    assert [values.get(f"{column}{row}") for column in "DIJ"] == [communes, city, appendix]


def test_matrix_has_a_row_per_unit_and_a_column_per_figure(summary):
    """Figures as read, unreadable text as text, blank as blank, and who has not sent."""
    rows = openpyxl.load_workbook(summary)[MATRIX].iter_rows(min_row=3, values_only=True)
    ids, _, *lines = rows
    by_code = {line[0]: dict(zip(ids, line, strict=True)) for line in lines if line[0]}
    assert list(by_code) == [unit.code for unit in COMMUNES[:6]] + [CITY.code]
    figures = [item.id for item in FORM.figures]
    assert [id for id in ids if id] == [*figures, *FORM.helper_ids, *FORM.table_totals]
    one = by_code[A.code]
    assert [one[id] for id in ("1.1.a", "1.1", "1.4.1", "2.4.a", "7.5.2", "7.5.2.mau")] == [
        8, 50, 3, "abc", 90, 100,
    ]  # fmt: skip
    assert by_code[B.code]["6.1.a"] == 1200.5
    assert by_code[C.code]["2.4.a"] == "-"
    assert {by_code[F.code][id] for id in figures} == {None}
    assert [line[2] for line in lines if line[0]] == ["Đã gửi"] * 5 + ["Chưa có", "Đã gửi"]
    assert by_code[CITY.code]["2.2"] == "-"


def test_matrix_counts_what_is_wrong_with_the_cells_of_each_unit(tmp_path, summary):
    """Errors and warnings about its cells, whichever copy of the submission they name."""
    counts = Counter(
        (located.submission.unit_code, located.finding.severity)
        for located in golden().findings
        if located.submission and located.finding.cells
    )
    copies = tuple(
        replace(located, submission=located.submission and replace(located.submission))
        for located in golden().findings
    )
    other = written(replace(golden(), findings=copies), tmp_path / "th.xlsx")
    for path in (summary, other):
        lines = [line for line in table(path, MATRIX, 4) if line["Tình trạng"] == "Đã gửi"]
        assert {(line["Mã"], line["Lỗi"], line["Cảnh báo"]) for line in lines} == {
            (one.unit_code, counts[one.unit_code, "error"], counts[one.unit_code, "warning"])
            for one in golden().counted
        }


def test_every_finding_is_listed_with_links(summary):
    """Each finding: severity, unit, row, what was seen, what to do, and a link to file and cell."""
    lines = table(summary, FINDINGS, 4)
    assert [(line["Quy tắc"], line["Thấy"], line["Việc cần làm"])
            for line in lines] == [
        (one.finding.rule, one.finding.seen or None, one.finding.message)
        for one in golden().findings
    ]  # fmt: skip
    page = openpyxl.load_workbook(summary)[FINDINGS]
    for row, one in enumerate(golden().findings, start=5):
        cell, file = page.cell(row, 5), lines[row - 5]["Tệp"]
        assert (cell.hyperlink is not None) == (one.path is not None)
        assert (file or None) == (one.path.name if one.path else None)
        if one.finding.cells:
            place = one.finding.cells[0]
            location = f"'{place.sheet}'!{place.cell}"
            assert (cell.value, cell.hyperlink.location) == (place.cell, location)
        elif one.path:
            assert (cell.value, cell.hyperlink.location) == (OPEN, None)


def test_log_lists_every_file_received(tmp_path):
    """The log has each file with its hash and size, or why it is not counted."""
    one = workbook(tmp_path / "một.xlsx", A, COMMUNE)
    two = workbook(tmp_path / "hai.xlsx", A, COMMUNE)
    os.utime(two, (1, 1))
    broken = tmp_path / "hỏng.xlsx"
    broken.write_bytes(b"abc")
    result = consolidate(FORM, read_files([one, two, broken], FORM), (A,))
    lines = table(written(result, tmp_path / "th.xlsx"), LOG, 4)
    assert [line["Tệp"] for line in lines] == [str(one), str(broken), str(two)]
    assert [line["Tình trạng"] for line in lines] == [
        "Được tính", "Từ chối: không phải sổ Excel [not-a-workbook]", "Bị thay bằng bản sau",
    ]  # fmt: skip
    assert lines[0]["SHA-256"] == hashlib.sha256(one.read_bytes()).hexdigest()
    assert lines[0]["Cỡ (byte)"] == one.stat().st_size
    assert (lines[0]["Biểu mẫu"], lines[0]["Phiên bản"]) == (FORM.id, FORM.version)
    assert abs(lines[0]["Lưu lúc"].timestamp() - one.stat().st_mtime) < 2


@pytest.mark.parametrize("files", [[], [RefusedFile(Path("x.xlsx"), "unreadable", "hỏng")]])
def test_summary_without_any_figures(tmp_path, files):
    """Nothing counted still gives a summary that says who is missing."""
    path = written(consolidate(FORM, files), tmp_path / "th.xlsx")
    owed = [unit for unit in FORM.units_at(None) if unit.level == "commune"]  # of no known period
    assert facts_of(path)["Đơn vị chưa gửi"] == len(owed)
    assert cells(path, TOTALS)[f"E{row_of('1.1.a')}"] == 0
