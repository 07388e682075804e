"""Requirements of a summary read whole.

S12 It gives the reports that it was made of; consolidated again they come to the same, to the
    digit. A figure changed by hand is told and not used; a damaged report is refused.
"""

from __future__ import annotations

import openpyxl
import pytest

from tests.support.builders import FORM
from tests.support.communes import CITY, COMMUNES, A, golden
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.lower import ChangedFigure
from xl_automation.consolidation.tables import table_totals
from xl_automation.summary.places import ID_ROW, MATRIX
from xl_automation.summary.read_round import read_round
from xl_automation.summary.record_sheet import RECORD
from xl_automation.xlsx.refusal import Refusal


def totals(result: Consolidation) -> dict[str, object]:
    """Return everything that is added up."""
    return {
        "totals": result.totals,
        "codes": result.code_counts,
        "tables": table_totals(result.tables),
        "left out": result.left_out,
        "appendix": result.appendix,
        "missing": [unit.code for unit in result.missing],
    }


def test_a_round_read_whole_comes_to_the_same(summary):
    """Reports, units, and all totals of the consolidation that the summary was written from."""
    back, now = read_round(summary, FORM), golden()
    assert [one.readings for one in back.submissions] == [one.readings for one in now.counted]
    assert [one.notes for one in back.submissions] == [one.notes for one in now.counted]
    assert [unit.code for unit in back.units] == [unit.code for unit in (*COMMUNES[:6], CITY)]
    assert back.changed == ()
    assert totals(back.consolidated()) == totals(now)


def test_a_figure_changed_by_hand_is_told(tmp_path, summary):
    """The matrix says another number than the report: both are told, the report's counts."""
    book = openpyxl.load_workbook(summary)
    sheet = book[MATRIX]
    column = next(cell.column for cell in sheet[ID_ROW] if cell.value == "3.4.2.a")
    row = next(cells[0].row for cells in sheet.iter_rows() if cells[0].value == A.code)
    sheet.cell(row, column).value = 7
    book.save(tmp_path / "th.xlsx")
    back = read_round(tmp_path / "th.xlsx", FORM)
    kept = golden().figures.numbers["3.4.2.a"].iloc[0]
    assert back.changed == (ChangedFigure(A.code, "3.4.2.a", kept, 7.0),)
    assert totals(back.consolidated()) == totals(golden())


def test_a_damaged_report_is_refused_by_name(tmp_path, summary):
    """A record that is not whole is named with its unit: no total is made without it."""
    book = openpyxl.load_workbook(summary)
    sheet = book[RECORD]
    cell = next(row[1] for row in sheet.iter_rows() if A.code in str(row[0].value))
    cell.value = cell.value.replace(f'\\"{A.code}\\"', "null", 1)
    book.save(tmp_path / "th.xlsx")
    with pytest.raises(Refusal, match=f"{A.code} – {A.name}"):
        read_round(tmp_path / "th.xlsx", FORM)
