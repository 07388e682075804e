"""Requirements of a summary read back.

S5 It gives the figures of each unit, wherever its cells have moved; anything else is refused.
"""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
import xlsxwriter

from tests.support import builders
from tests.support.builders import COMMUNE, FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    SCHOOL,
    A,
    F,
    golden,
    report,
    schools,
    workbook,
    written,
)
from tests.support.office import Office
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.summary.places import (
    CODE_NAME,
    FORM_NAME,
    ID_NAME,
    MATRIX,
    OVERVIEW,
    PERIOD_NAME,
    UNIT_NAME,
)
from xl_automation.summary.read_back import is_summary, read_summary
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.refusal import Refusal


def test_summary_read_back_is_the_figures(summary):
    """Period, names and every figure of every unit come back; text and blank as no number."""
    back = read_summary(summary, FORM)
    assert back.period == PERIOD
    assert back.names == {unit.code: unit.name for unit in (*COMMUNES[:6], CITY)}
    ids = [*(item.id for item in FORM.figures), *FORM.helper_ids, *FORM.table_totals]
    assert list(back.numbers.columns) == ids
    numbers = golden().figures.numbers[ids]
    numbers.index = [submission.unit_code for submission in golden().counted]
    pd.testing.assert_frame_equal(back.numbers.loc[numbers.index], numbers, check_names=False)
    assert back.numbers.loc[F.code].isna().all()


@pytest.mark.office
def test_summary_saved_by_another_program_reads_the_same(office: Office, tmp_path, summary):
    """A summary that an officer opened and saved is still an earlier period, and a summary."""
    path = tmp_path / "saved.xlsx"
    with office.open(summary) as book:
        book.save_as(path)
    assert is_summary(path)
    issued, saved = (read_summary(p, FORM) for p in (summary, path))
    assert issued.numbers.equals(saved.numbers)
    assert (issued.period, issued.names) == (saved.period, saved.names)


@pytest.mark.office
def test_summary_whose_cells_were_moved_reads_the_same(office: Office, tmp_path, summary):
    """Rows and columns that an officer inserts move the names, and what is read with them."""
    path = tmp_path / "moved.xlsx"
    with office.open(summary) as book:
        for name in (OVERVIEW, MATRIX):
            book.sheet(name).Rows.insertByIndex(0, 2)
            book.sheet(name).Columns.insertByIndex(0, 1)
        book.save_as(path)
    assert is_summary(path)
    moved, issued = (read_summary(p, FORM) for p in (path, summary))
    assert moved.numbers.equals(issued.numbers)
    assert (moved.period, moved.names) == (issued.period, issued.names)


def test_summary_of_another_form_reads_back(tmp_path):
    """Rows, units and period of a form of another subject come back too."""
    back = read_summary(written(schools(), tmp_path / "th.xlsx"), SCHOOL)
    assert back.period == schools().period
    assert list(back.names.values()) == [unit.name for unit in SCHOOL.units]
    assert back.numbers["A.1.hs"].tolist()[:3] == [200, 300, 100]


def crafted(path, period="2022-6T", form="cchc-2022 (2022.1)", sheets=(OVERVIEW, MATRIX), ids=()):
    """Write a workbook that has only some of what a summary has."""
    book = xlsxwriter.Workbook(path)
    for name in sheets:
        book.add_worksheet(name)
    if OVERVIEW in sheets:
        page = book.get_worksheet_by_name(OVERVIEW)
        for name, cell, text in ((PERIOD_NAME, "B2", period), (FORM_NAME, "C1", form)):
            page.write_string(cell, text)
            book.define_name(name, f"={Address(f'{OVERVIEW}!{cell}').reference}")
    if MATRIX in sheets:
        book.get_worksheet_by_name(MATRIX).write_row("F3", ids)
        for name, cell in ((ID_NAME, "F3"), (CODE_NAME, "A5"), (UNIT_NAME, "B5")):
            book.define_name(name, f"={Address(f'{MATRIX}!{cell}').reference}")
    book.close()
    return path


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda p: workbook(p, A, COMMUNE), "không phải sổ tổng hợp"),
        (lambda p: crafted(p), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, sheets=(OVERVIEW,)), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, sheets=(MATRIX,)), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, period="2022-Q9", ids=["1.1"]), "không phải sổ tổng hợp"),
        (lambda p: crafted(p, form="khac (1)", ids=["1.1"]), "sổ tổng hợp biểu khac"),
        (lambda p: p.write_bytes(b"abc"), "không phải sổ làm việc Excel"),
        (lambda p: None, "Không tìm thấy tệp"),
    ],
    ids=["template", "empty", "no-matrix", "no-overview", "period", "form", "text", "none"],
)
def test_what_is_no_summary_of_the_form_is_refused(tmp_path, make, message):
    """Anything else given as an earlier period is refused, never a traceback."""
    path = tmp_path / "x.xlsx"
    make(path)
    with pytest.raises(Refusal, match=message):
        read_summary(path, FORM)


def test_summary_of_another_form_is_refused(tmp_path):
    """A summary of another form says which."""
    sent = report(ReportingUnit("1", "Xã Một"), {"I.2": 8}, MINI.period("2024-N"), form=MINI)
    path = written(consolidate(MINI, [sent]), tmp_path / "th.xlsx")
    other = replace(MINI, id="khac")
    with pytest.raises(Refusal, match="sổ tổng hợp biểu nuoc-sach"):
        read_summary(path, other)


def test_template_is_no_summary(tmp_path):
    """A template, filled or not, is not taken for a summary."""
    path = tmp_path / "x.xlsx"
    path.write_bytes(builders.blank())
    assert not is_summary(path)
    assert not is_summary(tmp_path / "none.xlsx")
