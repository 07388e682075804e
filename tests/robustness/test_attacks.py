"""Requirements of every hostile file that has a name.

A1 Each ends in its own refusal, in a process with limits, for at most 2 seconds of processor time
   and 200 MB beyond the program itself.
A2 A real form that is hostile in one thing is refused by name too, or read; never without a word,
   never more slowly.
A3 Of those that are read, every figure is the one that LibreOffice shows.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import hostile, hostile_forms
from tests.support.builders import FORM, MINI
from tests.support.limited import MB, Cost, LimitedReader
from tests.support.office import Office
from tests.support.shown_figures import differences_from_office
from xl_automation.reading.reader import read_submission

SECONDS, MEMORY = 2, 200 * MB


@pytest.fixture(scope="module")
def reader() -> Iterator[LimitedReader]:
    """A program that reads each file in a child of its own."""
    with LimitedReader() as reader:
        yield reader


def is_cheap(cost: Cost) -> bool:
    """Whether a file cost no more than any may."""
    return cost.seconds < SECONDS and cost.memory < MEMORY


def test_sound_form_is_read_within_limits(reader: LimitedReader, tmp_path: Path) -> None:
    """What the hostile forms are made of is itself read, in much less."""
    path = tmp_path / "Báo cáo.xlsx"
    path.write_bytes(hostile_forms.good())
    cost = reader.read(MINI.id, path)
    assert (cost.end, cost.values[hostile_forms.FIGURE]) == ("read", 11)
    assert cost.memory < MEMORY / 4


@pytest.mark.parametrize("name", hostile.ATTACKS)
def test_attack_is_refused_by_name_within_limits(
    name: str, reader: LimitedReader, tmp_path: Path
) -> None:
    """Each hostile file ends in the refusal that is meant for it, and costs little."""
    attack, path = hostile.ATTACKS[name], tmp_path / "Báo cáo.xlsx"
    path.write_bytes(attack.build())
    cost = reader.read(FORM.id, path)
    assert cost.end == attack.code, cost
    assert attack.reason in cost.message
    assert is_cheap(cost), cost


@pytest.mark.parametrize("name", hostile_forms.FORMS)
def test_hostile_form_ends_as_it_must_within_limits(
    name: str, reader: LimitedReader, tmp_path: Path
) -> None:
    """A real form that is hostile in one thing is refused by name or read, and costs little."""
    path = tmp_path / "Báo cáo.xlsx"
    form = hostile_forms.FORMS[name]
    path.write_bytes(form.build())
    cost = reader.read(MINI.id, path)
    assert cost.end == form.end, cost
    assert is_cheap(cost), cost


@pytest.mark.office
def test_hostile_form_that_is_read_is_read_as_office_shows(
    clerk_office: Office, tmp_path: Path
) -> None:
    """No hostile form gives a figure that LibreOffice does not show, unless a remark says so."""
    path, wrong = tmp_path / "Báo cáo.xlsx", {}
    for name, form in (hostile_forms.SILENT | hostile_forms.STOPPING).items():
        if form.end != "read":
            continue
        path.write_bytes(form.build())
        submission = read_submission(path, MINI)
        with clerk_office.open(path, Hidden=True) as book:
            wrong[name] = differences_from_office(book, MINI, submission)
    assert not {name: found for name, found in wrong.items() if found}
    assert len(wrong) > 10
