"""Requirement of what is written about a workbook whose rows, columns or names were moved or lost.

W1 Nothing is written into its cells: a fresh workbook gets all that was typed, then what is meant.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from tests.support import builders
from tests.support.builders import COMMUNE, FORM
from tests.support.cells import typed
from tests.support.writers import by_pandas
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.fill import fill
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.values_file import Entry
from xl_automation.forms.numbers import Reading
from xl_automation.reading.reader import read_submission
from xl_automation.reading.submission import Submission
from xl_automation.summary.write import write_summary
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.package import read_parts

LAYOUT = Layout(FORM)
TTHC, II06, *_ = (table.sheet for table in FORM.tables)
INFO = positions.INFO_SHEET
CELLS = {
    f"{II06}!B7": "Tư pháp",
    f"{II06}!D7": 5,
    f"{TTHC}!C8": 3,
    f"{INFO}!B11": "Nguyễn Văn A",
    f"{INFO}!B9": "66/BC-UBND",
    f"{INFO}!B10": 44726,
    LAYOUT.place("1.4.2"): "1 cuộc",
}


@pytest.fixture
def report(tmp_path) -> Path:
    """A report in which something stands in every kind of cell, one figure as a word."""
    path = builders.workbook(tmp_path / "a.xlsx", COMMUNE, notes={"3.3.4": "103/126"})
    return typed(path, CELLS, path.read_bytes())


def without_a_row(report: Path, id: str) -> Path:
    """Delete the row of a figure."""
    path = report.with_name("b.xlsx")
    book = openpyxl.load_workbook(report)
    book[FORM.sheet].delete_rows(LAYOUT.rows[id])
    book.save(path)
    return path


def said(submission: Submission, **others: Reading) -> Submission:
    """Return what a workbook says, wherever it lies, but for some readings."""
    readings = {**submission.readings, **others}
    whose = replace(submission, path=Path(), sha256="", size=0, saved=0.0, remarks=())
    return replace(whose, readings=readings)


def test_rescued_workbook_goes_back_whole(report) -> None:
    """The copy has every figure where it was issued, the lost row open, the reason beside it."""
    path = without_a_row(report, "4.2.1")
    back = return_workbooks(FORM, [read_submission(path, FORM)], report.parent / "out")
    (returned,) = back.returned
    assert f"{FORM.sheet}!{LAYOUT.cell('4.2.1')}" in returned.opened
    copy = read_submission(returned.copy, FORM)
    assert copy.remarks == ()
    assert said(copy) == said(read_submission(report, FORM), **{"4.2.1": Reading()})
    assert copy.dates["@report_date"] == date(2022, 6, 14)
    book = openpyxl.load_workbook(returned.copy)
    reason = book[FORM.sheet][f"{positions.RETURNED}{LAYOUT.rows['4.2.1']}"].value
    assert "[rows-missing]" in reason
    assert book[INFO]["B11"].value == "Nguyễn Văn A"
    assert book[II06]["B7"].value == "Tư pháp"


def test_values_fill_a_fresh_workbook(report) -> None:
    """What is typed goes to its own row, beside all that stood in a file without names."""
    path, out = report.with_name("b.xlsx"), report.with_name("c.xlsx")
    by_pandas(report, path)
    assert fill(path, [Entry(1, "1.1.a", "9", "")], out, FORM).placed == 1
    filled = read_submission(out, FORM)
    assert filled.remarks == ()
    assert said(filled) == said(read_submission(report, FORM), **{"1.1.a": Reading(9.0)})


def test_summary_links_to_no_cell_that_moved(report) -> None:
    """A finding about a rescued workbook names its cell and leads to the file alone."""
    rescued, sound = without_a_row(report, "4.2.1"), report
    cell = f"'{FORM.sheet}'!{LAYOUT.cell('1.4.2')}\"".encode()
    for path, is_linked in ((sound, True), (rescued, False)):
        out = path.with_name(f"summary-{path.name}")
        write_summary(consolidate(FORM, [read_submission(path, FORM)]), out)
        sheets = [part for name, part in read_parts(out.read_bytes()).items() if "/sheet" in name]
        assert any(path.name.encode() in sheet for sheet in sheets)
        assert any(cell in sheet for sheet in sheets) == is_linked
