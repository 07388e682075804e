"""Requirements of the formulas in engines that others wrote.

E1 Over random fills of both levels and a summary, every formula cell has the value in each engine
   that it has in LibreOffice, but for the known differences of `gaps.py`, which the page lists.
E2 LibreOffice, told what ``CELL("format")`` says in Excel, computes what Python does.
E3 An engine that knows ``CELL`` sees every percentage.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.engines.comparing import RESULT, Reference, asking_for_formats, contents, shown_by
from tests.engines.computing import ENGINES, Engine
from tests.engines.filled import LAYOUT, fills, write_all
from tests.engines.tally import tally
from tests.support.builders import FORM
from tests.support.communes import golden, written
from tests.support.office import Office
from tests.template.test_office_agreement import same
from xl_automation.checks.rules import violated
from xl_automation.forms import python_face
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.reading.figures import tabulate
from xl_automation.reading.reader import read_submission
from xl_automation.template import positions

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
    assert counts.cells["percentages"] > 50
    assert counts.cells.total() > 10_000
    answers = {answer for (shown, answer) in counts.letters if shown == "percentage"}
    assert answers in ({"percentage"}, {"unknown"})
    if not counts.gaps:
        assert not counts.different


def test_reference_computes_what_python_does(reference: Reference, paths: list[Path]) -> None:
    """Each percentage, each number read and each rule."""
    for path in paths:
        cells = contents(path)
        shown = reference.values(
            path, {place: LETTERS[shown_by(cells, place)] for place in asking_for_formats(cells)}
        )
        submission = read_submission(path, FORM)
        table = tabulate(FORM, [submission])
        wrong = []
        for item in FORM.indicators:
            number = table.numbers.at[0, item.id]
            place = f"{FORM.sheet}!{positions.NUMBER}{LAYOUT.rows[item.id]}"
            is_unreadable = item.id in submission.readings and (
                submission.readings[item.id].number is None
                and not submission.readings[item.id].blank
            )
            right = (
                shown[place] == positions.UNREADABLE
                if is_unreadable
                else same(shown[place], number)
            )
            if not right:
                wrong.append((place, shown[place], number))
        order = list(SEVERITY_LABELS)
        rules = sorted(
            FORM.instances(submission.level), key=lambda one: order.index(one.rule.severity)
        )
        broken = {one.key: violated(one, table) for one in rules}
        for row, rule in enumerate(rules, start=2):
            decided, open_ = python_face.decided(rule.holds, table), broken[rule.key]
            for cause in FORM.folds.get(rule.key, ()):
                open_ = open_ & ~broken.get(cause.key, False)
            expected = float(not open_[0]) if decided[0] else ""
            got = shown[f"{positions.RULE_SHEET}!{RESULT}{row}"]
            if got != expected:
                wrong.append((rule.id, rule.target, got, expected))
        assert wrong == []
