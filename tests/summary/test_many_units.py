"""Requirements of a summary of many units.

S7 Its totals are the sums of what the units say, and it reads back, however many they are.
S8 What a sheet of Excel cannot hold is said on it.
S9 Work and memory grow with the number of units, and no faster.
"""

from __future__ import annotations

import os
import random
import tracemalloc
import zipfile
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from tests.support.builders import COMMUNE, FORM
from tests.support.communes import CITY, FEW_RULES, cells, facts_of, good, report, row_of, written
from tests.support.counting import calls
from tests.support.office import Office
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.summary import findings_sheet, read_back
from xl_automation.summary.findings_sheet import FINDINGS
from xl_automation.summary.log_sheet import LOG
from xl_automation.summary.places import FIRST_ROW, MATRIX, OVERVIEW, RANKING, TOTALS
from xl_automation.summary.ranking_sheet import FIRST_ROW as FIRST_RANKED
from xl_automation.summary.read_back import is_summary, read_summary
from xl_automation.summary.write import write_summary
from xl_automation.xlsx.limits import FORM_LIMITS, SUMMARY_LIMITS
from xl_automation.xlsx.package import read_parts, sheet_parts, zip_parts
from xl_automation.xlsx.refusal import Refusal

MANY, SILENT = 420, 20  # units, and how many of them send nothing


def units(count):
    """Return invented units."""
    return [ReportingUnit(f"{n:05d}", f"Xã giả định {n:05d}") for n in range(1, count + 1)]


def sent(count):
    """Return a report of each unit; every tenth has a wrong figure, every seventh an unread one."""
    return [
        report(
            unit,
            {
                **COMMUNE,
                "1.1.a": n % 7 + 1,
                "1.1.b": n % 7 + 2 if n % 10 == 0 else n % 7,
                "2.3": "abc" if n % 7 == 0 else n,
                "6.1.a": n / 4,
            },
            path=Path(f"gửi/{unit.code[:3]}/{unit.code}.xlsx"),
            sha256=f"{n:064x}",
        )
        for n, unit in enumerate(units(count))
    ]


def consolidated(count, form=FORM):
    """Return the consolidation of *count* invented units and a city."""
    return consolidate(form, [*sent(count), good(CITY)], [*units(count), CITY])


@pytest.fixture(scope="module")
def result():
    """The consolidation of many units, of which the last send nothing."""
    reports = sent(MANY)[: MANY - SILENT]
    return consolidate(FORM, [*reports, good(CITY)], [*units(MANY), CITY])


@pytest.fixture(scope="module")
def many(result, tmp_path_factory):
    """Its summary."""
    return written(result, tmp_path_factory.mktemp("many") / "th.xlsx")


def test_totals_are_the_sums_of_what_the_units_say(many):
    """In the cells as written; each ratio from the sums of its parts."""
    numbers = np.arange(MANY - SILENT)
    values = cells(many, TOTALS)
    assert values[f"D{row_of('1.1.a')}"] == (numbers % 7 + 1).sum()
    assert values[f"D{row_of('1.1.b')}"] == (numbers % 7 + np.where(numbers % 10, 0, 2)).sum()
    assert values[f"D{row_of('6.1.a')}"] == (numbers / 4).sum()
    assert values[f"D{row_of('2.3')}"] == numbers[numbers % 7 > 0].sum()
    assert values[f"E{row_of('2.3')}"] == (numbers % 7 > 0).sum()
    assert values[f"F{row_of('2.3')}"] == MANY


def test_matrix_has_every_unit_in_its_row(many, result):
    """Figures as sent, units that sent nothing, and the city apart below them."""
    sheet = openpyxl.load_workbook(many)[MATRIX]
    column = {cell.value: cell.column for cell in sheet[3] if cell.value}
    lines = [
        (row[0].value, row[2].value, row[column["2.3"] - 1].value, row[column["6.1.a"] - 1].value)
        for row in sheet.iter_rows(min_row=FIRST_ROW, max_row=FIRST_ROW + MANY - 1)
    ]
    assert lines == [
        (unit.code, "Đã gửi", "abc" if n % 7 == 0 else n, n / 4)
        if n < MANY - SILENT
        else (unit.code, "Chưa có", None, None)
        for n, unit in enumerate(units(MANY))
    ]
    assert sheet.cell(FIRST_ROW + MANY + 1, 1).value == CITY.code
    assert sheet.max_row == FIRST_ROW + MANY + 1
    last = sheet.cell(FIRST_ROW + MANY - SILENT - 1, 2).hyperlink
    assert last.target.endswith(f"{MANY - SILENT:05d}.xlsx")


def test_lists_have_every_finding_and_file(many, result):
    """A row each."""
    book = openpyxl.load_workbook(many, read_only=True)
    assert len(list(book[FINDINGS].rows)) == FIRST_ROW - 1 + len(result.findings)
    assert len(list(book[LOG].rows)) == FIRST_ROW - 1 + len(result.counted)
    assert len(result.findings) > MANY / 10 + MANY / 7


def test_reads_back_as_the_figures(many, result):
    """Every figure of every unit, and that it is a summary."""
    assert is_summary(many)
    back = read_summary(many, FORM)
    assert len(back.names) == MANY + 1
    numbers = result.figures.numbers[back.numbers.columns]
    numbers.index = pd.Index([submission.unit_code for submission in result.counted])
    pd.testing.assert_frame_equal(back.numbers.loc[numbers.index], numbers)
    assert back.numbers.loc[units(MANY)[-1].code].isna().all()


@pytest.mark.office
def test_opens_and_recalculates_to_what_was_written(office: Office, many):
    """LibreOffice, calculating anew, finds the sums over all the rows."""
    values = cells(many, TOTALS)
    with office.open(many) as book:
        for id in ("1.1.a", "1.1", "2.3", "6.1.a", "3.3.4"):
            cell = f"D{row_of(id)}"
            assert book.value(TOTALS, cell) == pytest.approx(values[cell], rel=1e-12), id
        assert book.value(MATRIX, f"A{FIRST_ROW + MANY - 1}") == units(MANY)[-1].code


# --- what has no room --------------------------------------------------------------------------


def test_charts_of_many_units_show_those_to_see_first(many, result, summary):
    """Four charts, as of few units; that of the units has the ten that need it most."""
    assert len(openpyxl.load_workbook(summary)[OVERVIEW]._charts) == 4
    charts = openpyxl.load_workbook(many)[OVERVIEW]._charts
    assert len(charts) == 4
    bars = max(len(series.val.numRef.numCache.pt) for chart in charts for series in chart.series)
    assert bars <= 10
    assert facts_of(many)["Số xã, phường phải gửi"] == MANY


def test_ranking_has_every_unit(many, result):
    """Those that sent something in their order, the others behind them without a place."""
    rows = openpyxl.load_workbook(many)[RANKING].iter_rows(
        min_row=FIRST_RANKED, max_row=FIRST_RANKED + MANY - 1, max_col=4, values_only=True
    )
    ranks, codes, _, sent = zip(*rows, strict=True)
    assert sorted(codes) == [unit.code for unit in units(MANY)]
    assert list(ranks[: MANY - SILENT]) == sorted(ranks[: MANY - SILENT])
    assert set(ranks[MANY - SILENT :]) == {"–"}
    assert set(sent[MANY - SILENT :]) == {"Chưa gửi"}


def test_findings_without_room_or_links_are_said(tmp_path, monkeypatch):
    """Past what a sheet holds neither is dropped in silence."""
    monkeypatch.setattr(findings_sheet, "MAX_LINKED", 3)
    monkeypatch.setattr(findings_sheet, "MAX_FINDINGS", 5)
    result = consolidated(90, FEW_RULES)
    assert len(result.findings) > 5
    path = written(result, tmp_path / "th.xlsx")
    sheet = openpyxl.load_workbook(path)[FINDINGS]
    rows = range(FIRST_ROW, FIRST_ROW + 5)
    assert sheet.max_row == rows[-1]
    assert [sheet.cell(row, 9).value is not None for row in rows] == [
        located.path is not None for located in result.findings[:5]
    ]
    assert any(sheet.cell(row, 5).hyperlink for row in rows[:3])
    assert not any(sheet.cell(row, 5).hyperlink for row in rows[3:])
    note = str(sheet["A3"].value)
    assert f"5 trong {len(result.findings)} điểm" in note
    assert "3 dòng đầu có liên kết" in note


def test_findings_with_room_say_nothing(summary):
    """There is a line only where something is missing."""
    assert openpyxl.load_workbook(summary)[FINDINGS]["A3"].value is None


# --- read back within limits -------------------------------------------------------------------


def with_part(path, made, sheet, content):
    """Write to *made* the summary at *path* with another part for one of its sheets."""
    parts = read_parts(path.read_bytes())
    parts[sheet_parts(parts)[sheet]] = content
    made.write_bytes(zip_parts(parts))
    return made


def test_long_list_of_findings_does_not_hinder_reading(tmp_path, summary):
    """What is not read is not unpacked: 70 MB of findings are nothing to the next period."""
    some = random.Random(1)
    pieces = (some.randbytes(16).hex() * 64 for _ in range(36_000))  # no bomb, by their ratio
    long = f"<worksheet>{''.join(pieces)}</worksheet>".encode()
    assert len(long) > FORM_LIMITS.unpacked
    path = with_part(summary, tmp_path / "th.xlsx", FINDINGS, long)
    assert is_summary(path)
    assert read_summary(path, FORM).numbers.equals(read_summary(summary, FORM).numbers)
    write_summary(consolidated(2), path)  # and it may be replaced
    assert read_summary(path, FORM).names.keys() == {"00001", "00002", CITY.code}


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (replace(SUMMARY_LIMITS, file=1000), "too-large"),
        (replace(SUMMARY_LIMITS, unpacked=1000), "zip-bomb"),
        (replace(SUMMARY_LIMITS, part=1000), "zip-bomb"),
        (replace(SUMMARY_LIMITS, nodes=500), "unsafe-xml"),
    ],
)
def test_summary_beyond_its_limits_is_refused(monkeypatch, summary, limits, code):
    """A summary may hold much, but not everything."""
    monkeypatch.setattr(read_back, "SUMMARY_LIMITS", limits)
    with pytest.raises(Refusal) as refusal:
        read_summary(summary, FORM)
    assert refusal.value.code == code


def test_unsafe_sheet_of_a_summary_is_refused(tmp_path, summary):
    """The sheets that are read are looked at as those of any file."""
    bad = b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    path = with_part(summary, tmp_path / "th.xlsx", MATRIX, bad)
    with pytest.raises(Refusal) as refusal:
        read_summary(path, FORM)
    assert refusal.value.code == "unsafe-xml"


# --- how it grows ------------------------------------------------------------------------------


def test_folders_are_resolved_once(tmp_path, monkeypatch):
    """The way to a folder serves all of its files."""
    result = consolidated(150, FEW_RULES)
    folders = {submission.path.parent for submission in result.counted}
    ways = calls(monkeypatch, os.path, "relpath")
    written(result, tmp_path / "th.xlsx")
    assert len(ways) == len(folders) < 5


def test_memory_grows_little_with_the_units(tmp_path):
    """Cells are not kept until the end: those of a unit would be more than 14,000 bytes."""

    def peak(count):
        result = consolidated(count, replace(FORM, rules=()))
        tracemalloc.start()
        written(result, tmp_path / f"{count}.xlsx")
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    peak(10)  # what is loaded and kept once
    few, more = peak(50), peak(650)  # so many that a table that grows meanwhile weighs little
    assert (more - few) / 600 < 8_000


def test_package_is_sound(many):
    """Every part has the sum that the directory says."""
    with zipfile.ZipFile(many) as archive:
        assert archive.testzip() is None
