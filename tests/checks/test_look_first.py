"""Requirements of the cells to look at first. All figures are invented.

L1 Whether inequalities have a solution is decided exactly.
L2 The set found is the smallest: other numbers in its cells can satisfy all broken rules of a web
   and break none that holds, and no smaller set can. Blank cells may be filled.
L3 One slip in a consistent report is found where several rules meet.
L4 Rules that are broken alone are told only where one cell alone can be meant, and nothing is told
   where many sets are as good; what a note or a decision settled is left out.
L5 `check` says it in a line, its JSON in a key, the summary in a column; any form will do.
L6 Work grows with the number of reports, and no faster.
"""

from __future__ import annotations

import json
import random
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, product
from pathlib import Path

import openpyxl
import pytest

from tests.support.builders import (
    BASELINES,
    COMMUNE,
    DISTRICT,
    FORM,
    Fill,
    figures_of,
    submission,
    workbook,
)
from tests.support.communes import SCHOOL, A, good, table, written
from tests.support.counting import calls
from xl_automation.checks.check import check, check_all
from xl_automation.checks.elimination import Inequality, have_solution
from xl_automation.checks.linear_rules import NUMBERS
from xl_automation.checks.look_first import LookFirst, look_first
from xl_automation.cli.main import main
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.summary.findings_sheet import FINDINGS, FIRST

TABLE = {
    "II06.1.c4": 50, "II06.1.c5": 6642, "II06.1.c8": 6000, "II06.1.c9": 690, "II06.1.c10": 2,
}  # fmt: skip

FIELDS = {f"TTHC.{row}.so": count for row, count in enumerate((60, 40, 20, 6), start=1)}


def first(change: Fill, level: str = "commune") -> LookFirst | None:
    """Return where to look first in a consistent report with *change*."""
    figures = figures_of([{**BASELINES[level], **change}], level=level)
    (cells,) = look_first(figures, check_all(figures))
    return cells


def ids(cells: LookFirst | None) -> tuple[str, ...]:
    return cells.ids if cells else ()


# --- exact -------------------------------------------------------------------------------------


def system(numbers: random.Random) -> list[Inequality]:
    """Return a few random inequalities over three unknowns."""
    return [
        Inequality({name: numbers.randint(-3, 3) for name in "xyz"}, numbers.randint(-6, 9))
        for _ in range(numbers.randint(2, 6))
    ]


def holds(one: Inequality, point: dict[str, Fraction]) -> bool:
    return sum(factor * point[name] for name, factor in one.factors.items()) <= one.bound


def test_system_with_a_known_solution_has_one() -> None:
    """L1: whatever is built round a point can be solved."""
    numbers = random.Random(1)
    for _ in range(300):
        point = {name: Fraction(numbers.randint(-20, 20), 4) for name in "xyz"}
        built = [one for one in system(numbers) if holds(one, point)]
        assert have_solution(built)


def test_system_that_contradicts_itself_has_none() -> None:
    """L1: rows whose sum, each times what is not negative, says that 0 is at most −1."""
    numbers = random.Random(2)
    for _ in range(300):
        rows = system(numbers)
        times = [Fraction(numbers.randint(1, 5), 2) for _ in rows]
        factors = {
            name: -sum(by * row.factors[name] for by, row in zip(times, rows, strict=True))
            for name in "xyz"
        }
        bound = -1 - sum(by * row.bound for by, row in zip(times, rows, strict=True))
        assert not have_solution([*rows, Inequality(factors, bound)])


# 6.2 of the form: a total of four groups, one of them a total of three.
GROUPS = ("6.2.1", "6.2.2", "6.2.3", "6.2.4", "6.2.5", "6.2.4.a", "6.2.4.b", "6.2.4.c")


def breaks(values: dict[str, int]) -> int:
    """Return how many of the two rules are broken."""
    total = sum(values[id] for id in GROUPS[1:5]) != values["6.2.1"]
    return total + (sum(values[id] for id in GROUPS[5:]) != values["6.2.4"])


def smallest_by_trying(values: dict[str, int]) -> int:
    """Return how many cells must change, by trying every number in every set of cells."""
    for size in (1, 2):
        for cells in combinations(GROUPS, size):
            for tried in product(range(16), repeat=size):
                if not breaks({**values, **dict(zip(cells, tried, strict=True))}):
                    return size
    return 3


def test_set_is_as_small_as_by_trying_all() -> None:
    """L2: as many cells as trying every number in every set finds, in random reports."""
    numbers = random.Random(3)
    reports = [{id: numbers.randint(0, 3) for id in GROUPS} for _ in range(40)]
    figures = figures_of([{**DISTRICT, **report} for report in reports], level="district")
    compared = 0
    for report, cells in zip(reports, look_first(figures, check_all(figures)), strict=True):
        if cells and breaks(report) == 2:
            assert len(cells.ids) == smallest_by_trying(report), report
            compared += 1
    assert compared > 10


# --- found -------------------------------------------------------------------------------------


def test_slip_is_found_where_rules_meet() -> None:
    """L3: of a slip that breaks two rules or more, its cell is named nearly always."""
    web, named = 0, 0
    for level, fill in BASELINES.items():
        counts = (item for item in FORM.inputs if item.kind == "count" and item.concerns(level))
        slips = [
            (item.id, wrong)
            for item in counts
            if (value := fill.get(item.id))
            for wrong in (10 * value, value // 10)
        ]
        figures = figures_of([{**fill, id: wrong} for id, wrong in slips], level=level)
        for (id, _), cells in zip(slips, look_first(figures, check_all(figures)), strict=True):
            if cells and len(cells.findings) > 1:
                web += 1
                named += cells.ids == (id,)
    assert web >= 20
    assert named / web >= 0.9


@pytest.mark.parametrize(
    ("change", "level", "found", "settles"),
    [
        ({"3.1.3": 12}, "commune", ("3.1.3",), 8),
        ({"3.4.2.a": 66, **TABLE}, "commune", ("3.4.2.a",), 2),
        ({**TABLE, "II06.1.c8": 600}, "commune", ("II06.1.c8",), 2),
        ({"3.1.3": 12, "7.5.2": 12}, "commune", ("3.1.3", "7.5.2"), 9),
        ({"7.5.2.b": 3500}, "commune", ("7.5.2.b",), 3),
        ({"6.2.4": None, "6.2.1": 39}, "district", (), 0),  # undecided, so nothing is broken
        ({"3.4.2.a": None}, "commune", ("3.4.2.a",), 1),  # blank, and to be filled
        ({"3.2.1.b": 3}, "commune", ("3.2.1.b",), 2),
    ],
)
def test_cells_that_settle_a_web(
    change: Fill, level: str, found: tuple[str, ...], settles: int
) -> None:
    """L2, L3: the cell that several rules point to, a blank one, one of a table, one a web."""
    cells = first(change, level)
    assert ids(cells) == found
    assert len(cells.findings if cells else ()) == settles


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"1.1.b": 9}, ()),  # the part or the whole
        ({"3.2.5.a": 134}, ("3.2.5.a",)),  # 3.1.3 is held by others
        ({"1.1": 99}, ()),  # one cell is named already
        ({"1.1.b": -2, "2.2": 3}, ()),
        ({"3.2.5.a": 134, "3.2.5.b": 134, "3.3.3": 356, **FIELDS}, ()),
    ],
    ids=["either", "one", "named", "alone", "many-sets"],
)
def test_what_findings_say_by_themselves_is_not_said_again(
    change: Fill, found: tuple[str, ...]
) -> None:
    """L4: a rule alone, or a web that many sets would settle."""
    assert ids(first(change)) == found


def test_what_is_settled_asks_for_nothing() -> None:
    """L4: a warning that was answered is no reason to look, and none to hold a figure."""
    sent = submission({**COMMUNE, "3.3.3": 356, "3.2.5.a": 134})
    noted = replace(sent, notes={"3.3.3": "Tính cả TTHC của các cơ quan ngành dọc đóng trên xã."})
    for one, expected in ((sent, 2), (noted, 1)):
        found = check(FORM, one)
        (cells,) = look_first(tabulate(FORM, [one]), [found])
        assert len([finding for finding in found if finding.settled]) == 2 - expected
        assert cells is None or len(cells.findings) <= expected


def test_state_of_a_figure_is_found_out_once_for_all_reports(monkeypatch) -> None:
    """L6: of a column as long as there are reports, not anew for each of them."""

    def columns(count: int) -> int:
        wrong = {**BASELINES["commune"], "6.2.1": 8, "3.2.1.b": 9}
        figures = figures_of([wrong] * count)
        found = check_all(figures)
        taken = calls(monkeypatch, Figures, "take")
        assert look_first(figures, found) == look_first(figures_of([wrong]), found[:1]) * count
        return len([source for _, _, source in taken if source not in NUMBERS])

    assert columns(1) > 0
    assert columns(20) == columns(1)


def test_another_form_will_do() -> None:
    """L5: nothing of the form is known to the search."""
    fill = {"A.1.hs": 50, "A.1.len": 480, "A.2": 12, "A.3": 30}
    figures = figures_of([fill], SCHOOL)
    (cells,) = look_first(figures, check_all(figures))
    assert cells is None or set(cells.ids) <= set(fill)


# --- told --------------------------------------------------------------------------------------


def test_sentence_counts_cells_and_findings() -> None:
    """L5: where, how many, and what that can settle."""
    one, two = first({"3.1.3": 12}), first({"3.1.3": 12, "7.5.2": 12})
    assert one is not None
    assert two is not None
    assert one.sentence(FORM) == ("Xem trước 1 ô: D37: sửa đúng ô này có thể hết 2 lỗi, 6 cảnh báo")
    assert two.sentence(FORM) == (
        "Xem trước 2 ô: D37, D124: sửa đúng hai ô này có thể hết 3 lỗi, 6 cảnh báo"
    )


def test_check_says_it_in_a_line_and_a_key(tmp_path: Path, capsys) -> None:
    """L5: above the findings, and in the JSON; null where there is nothing to say."""
    web = workbook(tmp_path / "a.xlsx", {**COMMUNE, "3.1.3": 12})
    workbook(tmp_path / "b.xlsx", {**COMMUNE, "1.1.b": 9})
    target = tmp_path / "c.json"
    main(["check", str(web.parent), "--json", str(target)])
    lines = [line.strip() for line in capsys.readouterr().out.splitlines()]
    said = [line for line in lines if line.startswith("Xem trước")]
    assert said == ["Xem trước 1 ô: D37: sửa đúng ô này có thể hết 2 lỗi, 6 cảnh báo"]
    one, other = (file["look_first"] for file in json.loads(target.read_text())["files"])
    assert (one["indicators"], one["cells"]) == (["3.1.3"], ["Phụ lục!D37"])
    assert one["findings"][0] == {
        "rule": "C-3.1.3", "indicators": ["3.1.3", "3.1.3.a", "3.1.3.b"],
    }  # fmt: skip
    assert len(one["findings"]) == 8
    assert other is None


def test_summary_marks_the_findings(tmp_path: Path) -> None:
    """L5: beside each finding that the cell can settle, the cell; beside no other."""
    result = consolidate(FORM, [good(A, c3_1_3=12, c1_1_b=9)], (A,))
    path = written(result, tmp_path / "s.xlsx")
    marks = {line["Quy tắc"]: line[FIRST] for line in table(path, FINDINGS, 4)}
    assert {rule for rule, mark in marks.items() if mark == "● D37"} == {
        "C-3.1.3", "C-3.2.5w", "C-3.1.1", "C-3.2.1w", "C-3.2w", "C-3.2.2w", "C-3.3", "C-3.3.3",
    }  # fmt: skip
    assert marks["C-1.1"] is None
    assert openpyxl.load_workbook(path)[FINDINGS]["A1"].value == "ĐIỂM CẦN XEM LẠI"
