"""Requirements of the formulas in engines that others wrote.

E1 Over random fills of both levels and a summary, every formula cell has the value in each engine
   that it has in LibreOffice, but for the known differences of `gaps.py`, which the page lists.
E2 LibreOffice, told what ``CELL("format")`` says in Excel, computes what Python does.
E3 An engine that knows ``CELL`` sees every percentage.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.comparing import RESULT, Reference, asking_for_formats, contents, shown_by
from tests.engines.computing import ENGINES, Engine
from tests.engines.filled import EARLIER, LAYOUT, fills, write_all
from tests.engines.gaps import GAPS
from tests.engines.page import NUMBERS
from tests.engines.tally import tally
from tests.support.builders import FORM, PERIOD
from tests.support.communes import golden, written
from tests.support.office import Office
from tests.template.test_office_agreement import same
from xl_automation.checks.rules import violated
from xl_automation.forms import python_face
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions
from xl_automation.template.form_workbook import live_rules

pytestmark = [pytest.mark.office, pytest.mark.xdist_group("engines")]

SEED, COUNT = 3, 2
LETTERS = {"percentage": "P", "date": "D", "number": "G"}  # as in Excel


@pytest.fixture(scope="module")
def paths(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """A filled workbook of each level, one of them with everything odd."""
    return write_all(tmp_path_factory.mktemp("filled"), fills(SEED, COUNT))


@pytest.fixture(scope="module")
def reference(office: Office) -> Iterator[Reference]:
    """LibreOffice, asked once for each workbook."""
    return Reference(office)


@pytest.mark.filterwarnings("default")  # of libraries that are not ours
@pytest.mark.parametrize("engine", [e for e in ENGINES if not e.by_hand], ids=lambda e: e.name)
def test_engine_computes_what_libreoffice_does(
    engine: Engine, reference: Reference, paths: list[Path], tmp_path: Path
) -> None:
    """Each cell that differs does so for a reason that is listed."""
    counts = tally(engine, reference, [*paths, written(golden(), tmp_path / "summary.xlsx")])
    assert [one[1:] for one in counts.unexplained] == []
    assert counts.cells["percentages"] > 20
    assert counts.cells.total() > 10_000
    answers = {answer for (shown, answer) in counts.letters if shown == "percentage"}
    assert answers in ({"percentage"}, {"unknown"})
    if all(gap.in_words for gap in GAPS if gap.name in counts.gaps):
        assert [counts.different[kind] for kind in NUMBERS] == [0] * len(NUMBERS)


def test_reference_computes_what_python_does(reference: Reference, paths: list[Path]) -> None:
    """Each percentage and number that is read, and each rule."""
    assert [_unlike_python(reference, path) for path in paths] == [{}] * len(paths)


def _unlike_python(reference: Reference, path: Path) -> dict[str, tuple[object, object]]:
    """Return what LibreOffice and Python make of each place in which they differ."""
    cells = contents(path)
    letters = {place: LETTERS[shown_by(cells, place)] for place in asking_for_formats(cells)}
    shown = reference.values(path, letters)
    submission = read_submission(path, FORM)
    table = tabulate(FORM, [submission])
    expected = {**_numbers(table), **_results(table, submission.level)}
    return {
        place: (shown[place], value)
        for place, value in expected.items()
        if not (same(shown[place], value) if isinstance(value, float) else shown[place] == value)
    }


def _numbers(table: Figures) -> dict[str, object]:
    """Return what stands in the column of numbers read, by place."""
    numbers = {}
    for item in FORM.indicators:
        number = table.numbers.at[0, item.id]
        instead = [positions.UNREADABLE, *FORM.absence_codes][table.absent.at[0, item.id]]
        readable = math.isfinite(number) or not table.filled.at[0, item.id]
        place = f"{FORM.sheet}!{positions.NUMBER}{LAYOUT.rows[item.id]}"
        numbers[place] = float(number) if readable else instead
    return numbers


def _results(table: Figures, level: str) -> dict[str, object]:
    """Return 1, 0 or "" of each rule of a level, by place; earlier periods are other tests'."""
    rules = live_rules(FORM, level, PERIOD, EARLIER)
    broken = {rule.key: violated(rule, table) for rule in FORM.instances(level)}
    results: dict[str, object] = {}
    for row, rule in enumerate(rules, start=2):
        if rule.key not in broken:
            continue
        decided, open_ = python_face.decided(rule.holds, table), broken[rule.key]
        for cause in FORM.folds.get(rule.key, ()):  # what only follows from another is kept
            open_ = open_ & ~broken.get(cause.key, False)
        results[f"{positions.RULE_SHEET}!{RESULT}{row}"] = float(not open_[0]) if decided[0] else ""
    return results
