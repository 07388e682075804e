"""Requirements of the sheet ``Xếp hạng``.

H1 Every unit has a row: those that do as well as each other share a place, the next one is further
   down; who sent nothing has none.
H2 What a unit filled in and what it must see to is counted by section, and in all.
H3 The numbers stand in colored cells; wide forms are printed measure by measure.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import FORM, MINI, PERIOD
from tests.support.communes import CITY, A, B, C, D, F, good, report, written
from tests.support.rounds import full_round
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.summary.places import FIRST_ROW as FIRST_MATRIX_ROW
from xl_automation.summary.places import MATRIX, RANKING
from xl_automation.summary.ranking_sheet import CAPTION_ROW, FIRST_ROW, WHOLE, ranking_column
from xl_automation.summary.standings import Standings, Tally

SECTIONS = len(FORM.parts)


def standings(result):
    """Return how the units of a consolidation stand, by code."""
    units = [(unit.code, unit.name) for unit in result.units]
    return {standing.code: standing for standing in Standings(result, units).ranked}


# --- places ------------------------------------------------------------------------------------


def test_equals_share_a_place_and_the_next_is_further_down():
    """One error is worse than any warning, one warning worse than what is not filled in."""
    units = (A, B, C, D, F)
    sent = [
        good(A, c1_1_b=9),  # one error: more done than planned
        good(B),
        good(C),
        good(D, c1_3_1=None),
    ]
    ranked = standings(consolidate(FORM, sent, units))
    ranks = {code: standing.rank for code, standing in ranked.items()}
    assert ranks == {B.code: 1, C.code: 1, D.code: 3, A.code: 4, F.code: None}
    assert [*ranked][-1] == F.code
    assert ranked[A.code].whole.errors > 0
    assert ranked[D.code].whole.errors == 0


def test_nobody_is_ranked_where_nothing_came():
    """All are there, in the order of the list."""
    ranked = standings(consolidate(FORM, [], (A, B, CITY), PERIOD))
    assert {code: standing.rank for code, standing in ranked.items()} == {
        A.code: None,
        B.code: None,
    }
    assert Standings(consolidate(FORM, [], (A, B), PERIOD), ()).city.whole is None


def test_round_without_units_has_a_sheet_without_rows(tmp_path):
    """A refused file and no list: there is nobody to rank, and nobody to count together."""
    refused = RefusedFile(Path("hỏng.xlsx"), "unreadable", "Tệp bị hỏng.")
    path = written(consolidate(MINI, [refused], ()), tmp_path / "th.xlsx")
    assert openpyxl.load_workbook(path)[RANKING].max_row == CAPTION_ROW
    listed = written(consolidate(MINI, [], (ReportingUnit("1", "Một"),)), tmp_path / "một.xlsx")
    _, _, last = openpyxl.load_workbook(listed)[RANKING].iter_rows(FIRST_ROW, values_only=True)
    assert set(last) == {None, "Các đơn vị đã gửi"}


# --- what is counted ---------------------------------------------------------------------------


def test_counts_are_those_of_the_figures_and_findings():
    """Of each unit and section, counted again one by one; what is settled is to be seen no more."""
    result = full_round()
    owed = {item.id for item in FORM.owed("commune")}
    for commune, figures in zip(result.communes, result.commune_rows, strict=True):
        values = figures.values()
        standing = standings(result)[commune.unit_code]
        findings = [
            one.finding
            for one in result.findings
            if one.code == commune.unit_code and one.submission and one.finding.cells
            and not one.finding.settled
        ]  # fmt: skip
        open_ones = Counter(finding.severity for finding in findings)
        whole = standing.whole
        assert (whole.errors, whole.warnings) == (open_ones["error"], open_ones["warning"])
        for part, tally in zip(FORM.parts, standing.sections, strict=True):
            ids = [item.id for item in part if item.id in owed]
            assert tally.owed == len(ids)
            assert tally.filled == sum(values[id] is not None for id in ids)
            rows = {f"{item.id}{end}" for item in part for end in ("", ".tu", ".mau")}
            here = [one for one in findings if one.indicators[:1] and one.indicators[0] in rows]
            assert tally.errors == sum(one.severity == "error" for one in here)
    city = Standings(result, [(unit.code, unit.name) for unit in result.units]).city
    assert city.whole.owed == len(owed) * len(result.communes)


@pytest.mark.parametrize(
    ("filled", "owed", "share"),
    [(0, 3, 0), (1, 3, 33.3), (2, 3, 66.6), (3, 3, 100), (1999, 2000, 99.9)],
)
def test_share_says_100_of_all_alone(filled, owed, share):
    """It is rounded down."""
    assert Tally(owed, filled, 0, 0).share == share
    assert Tally(0, 0, 0, 0).share is None


# --- the sheet ---------------------------------------------------------------------------------


def test_sheet_says_how_the_units_stand(round_path):
    """Place, unit with the way to its figures, whether in time, and the measures by section."""
    book = openpyxl.load_workbook(round_path)
    page, expected = book[RANKING], list(standings(full_round()).values())
    codes = [book[MATRIX].cell(FIRST_MATRIX_ROW + n, 1).value for n in range(len(expected))]
    for row, standing in enumerate(expected, start=FIRST_ROW):
        rank, code, unit, sent = (page.cell(row, column) for column in range(1, 5))
        assert (rank.value, code.value, unit.value) == (
            standing.rank or "–",
            standing.code,
            standing.name,
        )
        assert (
            unit.hyperlink.location == f"'{MATRIX}'!B{FIRST_MATRIX_ROW + codes.index(code.value)}"
        )
        assert sent.value == standing.sent
        tallies = {None: standing.whole, **dict(enumerate(standing.sections))}
        for section, tally in tallies.items():
            cells = [
                page.cell(row, ranking_column(measure, section, SECTIONS)).value
                for measure in ("share", "errors", "warnings")
            ]
            assert cells == ([tally.share, tally.errors, tally.warnings] if tally else [None] * 3)
    assert {standing.sent for standing in expected} == {"Đúng hạn", "Muộn", "Không rõ", "Chưa gửi"}
    captions = [cell.value for cell in page[CAPTION_ROW]][4:]
    assert captions == [WHOLE, *(part[0].stt for part in FORM.parts)] * 3
    assert page.freeze_panes == f"D{FIRST_ROW}"
    assert page.auto_filter.ref.startswith(f"A{CAPTION_ROW}:")


def test_cells_are_colored_by_what_is_in_them(round_path):
    """Each measure by a scale of its own: white is all filled in, and nothing to see to."""
    page = openpyxl.load_workbook(round_path)[RANKING]
    scales = {
        str(area.sqref): rule.colorScale.color
        for area in page.conditional_formatting
        for rule in area.rules
    }
    last = FIRST_ROW + len(full_round().units) - 1
    first, end = (ranking_column("share", section, SECTIONS) for section in (0, SECTIONS - 1))
    letters = [page.cell(1, column).column_letter for column in (first, end)]
    low, high = scales[f"{letters[0]}{FIRST_ROW}:{letters[1]}{last}"]
    assert (low.rgb, high.rgb) == ("FFFBE3B5", "FFFFFFFF")
    assert len(scales) == 6


def test_form_of_many_sections_is_printed_measure_by_measure(tmp_path):
    """Its columns have no room on one page: each measure gets its own, with the units beside it."""
    sections = [
        replace(item, id=f"{letter}{item.id}", stt=letter)
        for letter in "ABCDEFGHIJKLMNOPQRST"
        for item in MINI.indicators
        if item.kind == "section"
    ]
    count = [item for item in MINI.indicators if item.id == "I.2"]
    form = replace(MINI, indicators=(*sections, *count), rules=())
    year = MINI.period("2024-N")
    sent = report(ReportingUnit("1", "Xã Một"), {"I.2": 8}, year, form=form)
    page = openpyxl.load_workbook(written(consolidate(form, [sent]), tmp_path / "th.xlsx"))[RANKING]
    assert page.print_title_cols == "$A:$D"
    breaks = [one.id for one in page.col_breaks.brk]
    assert breaks == [ranking_column(m, None, len(form.parts)) - 1 for m in ("errors", "warnings")]
