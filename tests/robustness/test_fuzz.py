"""Requirements of whatever arrives.

F1 Nothing but a submission or a refusal that blames the file comes of a mutant, within seconds.
F2 A figure that is read is the one that LibreOffice shows, unless a remark says otherwise.
F3 The fuzzer itself sees a figure that differs, and one that is only written in another way not.

CI tries some mutants; many more by hand (``python -m tests.robustness.fuzz``).
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from random import Random

import pytest

from tests.robustness.fuzz import WRITERS_THAT_KEEP_NAMES, Fuzzer, by_office, fuzz
from tests.support.builders import FORM, MINI
from tests.support.cells import filled
from tests.support.mutants import bases
from tests.support.office import Office
from tests.support.second_form import SCHOOL
from tests.support.shown_figures import differences_from_office, may_differ
from xl_automation.reading.reader import read_submission

SEED, COUNT, SHARE = 9, 600, 0.02


@pytest.mark.office
def test_mutants_are_refused_or_read_as_office_shows(
    clerk_office: Office, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """However a workbook is broken, it is refused by name or its figures are those shown."""
    savers = {**WRITERS_THAT_KEEP_NAMES, "LibreOffice": partial(by_office, clerk_office)}
    some = [*bases(tmp_path, (MINI,), savers), *bases(tmp_path, (SCHOOL, FORM), {})]
    fuzzer = Fuzzer(tmp_path, clerk_office, SHARE, Random(SEED))
    fuzz(fuzzer, some, Random(SEED), COUNT)
    with capsys.disabled():
        print(f" [seed {SEED}: {dict(fuzzer.ends)}]", end="")
    assert [fault._replace(mutant=fault.mutant.mutations) for fault in fuzzer.faults] == []
    assert fuzzer.ends["read: as LibreOffice"] > 5
    assert fuzzer.ends["refused: unreadable"] > COUNT / 10


@pytest.mark.office
def test_figure_that_differs_is_seen(clerk_office: Office, tmp_path: Path) -> None:
    """What one workbook says is held against what another shows: only the figure that differs."""
    figures = {"I.2": 8000, "I.3": "4.000", "I.4": 58.85, "I.5": 1}
    one = filled(tmp_path / "one.xlsx", MINI, figures)
    other = filled(tmp_path / "other.xlsx", MINI, figures | {"I.2": 8001, "I.3": 4000})
    submission = read_submission(one, MINI)
    with clerk_office.open(other, Hidden=True) as book:
        found = differences_from_office(book, MINI, submission)
    assert [(one.id, one.read.number, one.shown) for one in found] == [("I.2", 8000, 8001)]
    assert may_differ(MINI, submission, other.read_bytes())
    assert not may_differ(MINI, submission, one.read_bytes())
