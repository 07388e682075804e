"""Requirements of the live workbook: what it shows is what the program finds.

O1 In a spreadsheet program, every percentage, every reading of a cell and every rule has the
   value that Python computes, for hundreds of random fills at both levels.
O2 The check beside a cell shows what the checks say, and the text of the finding.
O3 A program with a clerk's stock settings, which recalculates nothing on its own, shows them too.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterator
from typing import Any

import builders
import pytest
from builders import BASELINES, FORM, LEVELS
from office import Book

from xl_automation import expression
from xl_automation import layout as at
from xl_automation.findings import SEVERITY_LABELS, violated
from xl_automation.layout import UNREADABLE, Layout
from xl_automation.submission import Figures

pytestmark = pytest.mark.office

LAYOUT = Layout(FORM)
FILLS = 120  # at each level
SEED = 20220614

NEAR = [0, 1, 2, 3, 5, 7, 8, 20, 31, 36, 67, 100, 101, 126, 134, 6690, 6692]
NUMBERS = [-1, -100, -101, 0.5, 33.333, 50.5, 99.995, 1e-7, 1e6, 4.86e6, 999999999999, 1e12, 0.005]
TEXTS = [
    "03", "007", "-5", "-05", "58,85", "0,5", "00,5", "4.860", "4.860.000", "1.234,5", "1.23",
    "0.500", "12%", "12 %", "58,85 %", "-2,5%", "% 5", "12%%", "-", "–", "−5", "--5", "5-", "+5",
    "- 5", "abc", "năm", "1.2.3,4", "1,234.5", "1,2,3", ",5", "5,", "5.", ".5", "1e5", "1 234",
    "1\u00a0234", " 12 ", "\u00a07\u00a0", "12\n", "31\n36", "31\t36", "\t", "   ", "\u00a0", "?",
    "TRUE", "#DIV/0!", "14/6/2022", "999999999999999", "9999999999999999", "0000000000000001",
    "999.999.999.999.999", "0,12345678901234", "0,123456789012345", "=1+1", "'5", '"5"', "½",
    "5\u200b", "\u200b", "5\u007f", "5\u0085", "\u00ad5", "\u0665", "-0", "-0,0", "0", "00",
    "1" * 120, "-" + "1" * 120, "0" + ",0" * 60, "x" * 300,
]  # fmt: skip


def any_content(rng: random.Random) -> float | str | None:
    """Return a figure of the form's size, a number, a text in some notation, or nothing."""
    kind = rng.random()
    if kind < 0.15:
        return None
    if kind < 0.55:
        return rng.choice(NEAR)
    if kind < 0.65:
        return rng.choice(NUMBERS)
    if kind < 0.75:
        return round(rng.uniform(-200, 200), rng.randrange(4))
    if kind < 0.8:
        return rng.randrange(10 ** rng.randrange(1, 13))
    return rng.choice(TEXTS)


def random_fills(level: str, count: int) -> Iterator[dict[str, float | str | None]]:
    """Yield fills: half are a consistent report with a few changes, half are anything."""
    rng = random.Random(f"{SEED} {level}")
    open_ids = [item.id for item in FORM.inputs]
    extra = [*FORM.helper_ids, *rng.sample(list(FORM.table_inputs), 40)]
    for number in range(count):
        base = dict.fromkeys(open_ids) | (BASELINES[level] if number % 2 else {})
        changed = rng.sample(open_ids, 8) if number % 2 else open_ids
        fill = {**base, **{id: any_content(rng) for id in changed}}
        # An untouched cell of an entered percentage keeps its formula: leave it out.
        for item in FORM.inputs:
            if item.helper and fill[item.id] is None:
                del fill[item.id]
        fill |= {id: any_content(rng) for id in extra if rng.random() < 0.3}
        yield fill | near_agreement(rng)


def near_agreement(rng: random.Random) -> dict[str, float | str | None]:
    """Return an entered percentage that is just within, or just beyond, what its parts give."""
    item = rng.choice([item for item in FORM.inputs if item.helper])
    part, whole = rng.randrange(2000), rng.randrange(1, 2000)
    stated = round(100 * part / whole, 2) + rng.choice([-0.51, -0.5, -0.49, 0, 0.49, 0.5, 0.51])
    return {item.id: round(stated, 2), f"{item.id}.tu": part, f"{item.id}.mau": whole}


class Live:
    """An issued workbook, open: typed into and read as a whole."""

    def __init__(self, book: Book, level: str):
        self.book, self.level = book, level
        order = list(SEVERITY_LABELS)
        self.rules = sorted(FORM.instances(level), key=lambda one: order.index(one.rule.severity))
        ids = [item.id for item in FORM.inputs] + [*FORM.helper_ids, *FORM.table_inputs]
        # Asking for a cell costs more than typing into it: ask once.
        self.cells = {id: self._cell(id) for id in ids}
        self.issued = {
            item.id: book.formula(FORM.sheet, LAYOUT.cell(item.id))
            for item in FORM.inputs
            if item.helper
        }
        self.typed: builders.Fill = {}

    def _cell(self, id: str) -> Any:
        sheet, _, cell = LAYOUT.place(id).rpartition("!")
        return self.book.sheet(sheet).getCellRangeByName(cell).getCellByPosition(0, 0)

    def type(self, fill: builders.Fill) -> None:
        """Put what was typed before back to what was issued, then type *fill*."""
        document = self.book.document
        document.enableAutomaticCalculation(False)
        for id in self.typed.keys() - fill.keys():
            self.cells[id].setFormula(self.issued.get(id, ""))
        for id, value in fill.items():
            if isinstance(value, str | None):
                self.cells[id].setString(value or "")
            else:
                self.cells[id].setValue(float(value))
        document.enableAutomaticCalculation(True)
        document.calculate()
        self.typed = fill

    def column(self, column: str) -> dict[str, object]:
        """Return what a column shows, by id of its row."""
        area = f"{column}{at.FIRST_ROW}:{column}{LAYOUT.last_row}"
        return dict(zip(LAYOUT.rows, self.book.column(FORM.sheet, area), strict=True))

    def rule_column(self, column: str) -> tuple[object, ...]:
        """Return what a column of the rules shows, in their order."""
        return self.book.column(at.RULE_SHEET, f"{column}2:{column}{len(self.rules) + 1}")


@pytest.fixture(scope="module", params=LEVELS)
def live(request, office, tmp_path_factory) -> Iterator[Live]:
    """An issued workbook of each level, open in LibreOffice."""
    path = builders.workbook(tmp_path_factory.mktemp("live") / "a.xlsx", level=request.param)
    with office.open(path) as book:
        yield Live(book, request.param)


def same(shown: object, number: float) -> bool:
    """Whether a cell shows a number, or nothing for NaN."""
    if math.isnan(number):
        return shown == ""
    return isinstance(shown, float) and math.isclose(shown, number, rel_tol=1e-15, abs_tol=0)


def expected_results(live: Live, table: Figures) -> list[list[object]]:
    """Return 1, 0 or "" of each rule, in their order, for each fill."""
    columns = []
    for one in live.rules:
        decided, broken = expression.decided(one.holds, table), violated(one, table)
        columns.append([float(not b) if d else "" for d, b in zip(decided, broken, strict=True)])
    return [list(row) for row in zip(*columns, strict=True)]


def differences(
    live: Live, fill: builders.Fill, table: Figures, row: int, results: list[object]
) -> list[str]:
    """Return where the workbook and Python differ over one fill."""
    found = []
    values, numbers = live.column(at.VALUE), live.column(at.NUMBER)
    for item in FORM.indicators:
        number, shown = table.numbers.at[row, item.id], numbers[item.id]
        readable = math.isfinite(number) or not table.filled.at[row, item.id]
        if not (same(shown, number) if readable else shown == UNREADABLE):
            found.append(f"{item.id}: {fill.get(item.id)!r} is {shown!r}, read as {number!r}")
        if item.is_computed and not same(values[item.id], number):
            found.append(f"{item.id} shows {values[item.id]!r}, computed {number!r}")
    for one, shown, expected in zip(live.rules, live.rule_column("F"), results, strict=True):
        if shown != expected:
            typed = {id: fill.get(id) for id in one.refs}
            found.append(f"{one.id} {one.target} of {typed}: {shown!r}, expected {expected!r}")
    return found


def test_rules_stand_in_their_order(live):
    """The rows of the hidden sheet are the rules of the level, worst first."""
    assert live.rule_column("B") == tuple(one.id for one in live.rules)


def test_workbook_and_program_agree(live):
    """Over random fills, every percentage, reading and rule is the same in both."""
    fills = list(random_fills(live.level, FILLS))
    table = builders.figures_of(fills, level=live.level)
    results = expected_results(live, table)
    wrong = []
    for row, fill in enumerate(fills):
        live.type(fill)
        here = differences(live, fill, table, row, results[row])
        wrong += [f"fill {row}: {text}" for text in here]
    assert not wrong, "\n".join(wrong[:40])
