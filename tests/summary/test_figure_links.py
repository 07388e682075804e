"""Requirements of the links and sections of the sheets of totals and of units.

T4 A figure of a unit leads to its own file and to the cell that it was read from, a column of
   figures to its row of the totals, and a total back to its column.
T5 Where a sheet has no room for all links, what matters most has them, and the sheet says so.
T6 Rows and columns fold by section; a section begins on a page of its own and is named on each.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise

import openpyxl

from tests.consolidation.test_tables import SENT
from tests.support.builders import FORM, MINI, PERIOD
from tests.support.communes import (
    CITY,
    COMMUNES,
    FEW_RULES,
    A,
    B,
    C,
    golden,
    good,
    report,
    row_of,
    written,
)
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.remark import Remark
from xl_automation.summary import figure_links
from xl_automation.summary.figure_links import HINT
from xl_automation.summary.places import FIRST_ROW, HEADER_ROW, ID_ROW, MATRIX, TOTALS
from xl_automation.template.layout import Layout


@cache
def matrix_of(path):
    """Return the matrix of a summary, and its columns by the id above them."""
    sheet = openpyxl.load_workbook(path)[MATRIX]
    return sheet, {
        cell.value: cell.column for cell in sheet[ID_ROW] if cell.column > 5 and cell.value
    }


def linked(path, row):
    """Return where each linked figure of a row of the matrix leads, by id."""
    sheet, columns = matrix_of(path)
    cells = {id: sheet.cell(row, column) for id, column in columns.items()}
    return {
        id: (cell.hyperlink.target, cell.hyperlink.location)
        for id, cell in cells.items()
        if cell.hyperlink
    }


def test_figures_lead_to_their_files_and_cells(summary):
    """T4: each that is there, numbers, codes and what is no number, the city's too; no blank."""
    sheet, columns = matrix_of(summary)
    layout = Layout(FORM)
    files = {cell.value: cell.hyperlink.target for cell in sheet["B"][4:] if cell.hyperlink}
    rows = {sheet.cell(row, 1).value: row for row in range(FIRST_ROW, sheet.max_row + 1)}
    assert len(files) == len(golden().counted)
    for submission in golden().counted:
        row = rows[submission.unit_code]
        filled = {id for id, column in columns.items() if sheet.cell(row, column).value is not None}
        assert len(filled) > 4
        assert linked(summary, row) == {
            id: (files[submission.unit_name], layout.place(id).link) for id in filled
        }
    assert {cell.data_type for cell in sheet[rows[A.code]]} == {"n", "s"}
    assert linked(summary, rows[A.code]).keys() >= {"2.4.a", "1.4.1", "7.5.2.tu"}  # "abc", "03"
    assert sheet["C1"].value == HINT


def test_totals_of_tables_lead_to_their_sheets(tmp_path):
    """T4: to the cell of the total in the unit's own file."""
    city = consolidate(FORM, SENT, (*COMMUNES[:5], CITY), PERIOD)
    links = linked(written(city, tmp_path / "th.xlsx"), FIRST_ROW)
    places = {id: place for id, (_, place) in links.items() if id in FORM.table_totals}
    assert places == {id: Layout(FORM).place(id).link for id in places}
    assert "'Biểu 06'" in " ".join(places.values())


def test_columns_and_totals_lead_to_each_other(summary):
    """T4: from the id to the row, from a total to the column, from a section to its columns."""
    book = openpyxl.load_workbook(summary)
    matrix, totals = book[MATRIX], book[TOTALS]
    _, columns = matrix_of(summary)
    for id, column in columns.items():
        link = matrix.cell(ID_ROW, column).hyperlink
        row = FORM.row_of(id)
        assert (link and link.location) == (row and f"'{TOTALS}'!D{row_of(row.id)}")
    for item in FORM.figures:
        total, filled = totals[f"D{row_of(item.id)}"], totals[f"E{row_of(item.id)}"]
        assert matrix[filled.hyperlink.location.rpartition("!")[2]].column == columns[item.id]
        has_total = golden().totals[item.id].value is not None
        assert (total.hyperlink and total.hyperlink.location) == (
            filled.hyperlink.location if has_total else None
        )
    for part in FORM.parts:
        first = columns[next(item.id for item in part if item.is_figure)]
        to_units = totals[f"C{row_of(part[0].id)}"]
        assert matrix[to_units.hyperlink.location.rpartition("!")[2]].column == first
        heading = matrix.cell(2, first)
        assert heading.value == f"{part[0].stt} {part[0].label}"
        assert heading.hyperlink.location == f"'{TOTALS}'!B{row_of(part[0].id)}"


def test_altered_file_has_the_link_of_its_name_only(tmp_path):
    """T4: where its cells stand is not known."""
    moved = replace(good(A), remarks=(Remark("rows-moved"),))
    assert not moved.is_as_issued
    path = written(consolidate(FEW_RULES, [moved, good(B)], (A, B)), tmp_path / "th.xlsx")
    sheet, _ = matrix_of(path)
    assert sheet.cell(FIRST_ROW, 2).hyperlink.target.endswith(f"{A.code}.xlsx")
    assert linked(path, FIRST_ROW) == {}
    assert linked(path, FIRST_ROW + 1)


def test_what_matters_most_is_linked_first(tmp_path, monkeypatch):
    """T5: the city's, then what findings are about, then units from the top; and it is said."""
    bad = good(C, c1_1_a=4, c1_1_b=9)  # 1.1.b above 1.1.a: C-1.1, with both cells
    result = consolidate(FEW_RULES, [good(A), good(B), bad, good(CITY)], (A, B, C, CITY))
    whole = written(result, tmp_path / "a.xlsx")
    figures = len(matrix_of(whole)[1])
    some = figures + 2 + len(linked(whole, FIRST_ROW)) + 10  # of the city, of C, of A, of B
    monkeypatch.setattr(figure_links, "MAX_FIGURE_LINKS", some)
    few = written(result, tmp_path / "b.xlsx")
    rows = {code: FIRST_ROW + n for n, code in enumerate((A.code, B.code, C.code))}
    city = FIRST_ROW + 4
    assert linked(few, city) == linked(whole, city)
    assert linked(few, rows[A.code]) == linked(whole, rows[A.code])
    assert linked(few, rows[C.code]).keys() == {"1.1.a", "1.1.b"}
    assert len(linked(few, rows[B.code])) == 10 < len(linked(whole, rows[B.code]))
    count = sum(len(linked(few, row)) for row in (*rows.values(), city))
    assert count <= some
    said = matrix_of(few)[0]["C1"].value
    assert said.startswith(HINT)
    assert f"chỉ giữ {some} liên kết" in said
    assert "trước hết là số của thành phố, số có điểm cần xem lại, rồi" in said
    assert matrix_of(few)[0].cell(rows[B.code], 2).hyperlink


def test_rows_and_columns_fold_by_section(summary):
    """T6: a section's heading and its first column stay, the others are one level below."""
    book = openpyxl.load_workbook(summary)
    levels = {row: book[TOTALS].row_dimensions[row].outlineLevel for row in map(row_of, FORM.by_id)}
    headings = {row_of(item.id) for item in FORM.indicators if item.kind == "section"}
    assert levels == {row: 0 if row in headings else 1 for row in levels}
    assert not book[TOTALS].sheet_properties.outlinePr.summaryBelow
    _, columns = matrix_of(summary)
    matrix = book[MATRIX]
    assert not matrix.sheet_properties.outlinePr.summaryRight
    folded = {
        column
        for one in matrix.column_dimensions.values()
        for column in range(one.min, one.max + 1)
        if one.outlineLevel
    }
    firsts = {columns[next(i.id for i in part if i.is_figure)] for part in FORM.parts}
    figures = {columns[item.id] for item in FORM.figures}
    assert figures - folded == firsts


def test_each_printed_page_names_its_section_and_repeats_the_units(summary):
    """T6: pages of whole sections, of figures that fit; codes, names and heads on each of them."""
    sheet, columns = matrix_of(summary)
    assert sheet.print_title_cols == "$A:$B"
    assert sheet.print_title_rows == f"$2:${HEADER_ROW}"
    starts = [1, *(one.id + 1 for one in sheet.col_breaks.brk), sheet.max_column + 1]
    by_column = {
        columns[item.id]: part[0] for part in FORM.parts for item in part if item.is_figure
    }
    for first, after in pairwise(starts):
        figures = range(max(first, 6), after)
        assert len(figures) <= 12
        name = sheet.cell(2, figures[0]).value
        on_page = {by_column[column].label for column in figures if column in by_column}
        assert len(on_page) <= 1
        assert all(label in name for label in on_page)
        begins = figures[0] - 1 not in by_column or by_column[figures[0] - 1].label not in on_page
        assert on_page == set() or name.endswith(" (tiếp)") != begins


def test_form_of_one_section_has_no_other_to_go_to(tmp_path):
    """T6: its only section is named; what stands beside the form has places of its own."""
    year = MINI.period("2024-N")
    sent = [report(ReportingUnit("1", "Xã Một"), {"I.2": 8, "I.3": 4}, year, form=MINI)]
    sheet, columns = matrix_of(written(consolidate(MINI, sent), tmp_path / "th.xlsx"))
    assert sheet.cell(2, columns["I.1"]).value == "I Cấp nước"
    assert sheet.cell(2, columns["I.4.tu"]).value == "Tử số, mẫu số của tỷ lệ"
    ways = [cell.value for cell in sheet[1] if cell.hyperlink]
    assert ways == ["Tử, mẫu số ►", "◄ Mục I"]
