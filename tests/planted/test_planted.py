"""Requirements of the search for suspicious figures, on mistakes planted in invented cities.

P1 An invented city is without a mistake: no rule about one workbook is broken, nor any about
   earlier periods but those that a few people more or less break.
P2 Of planted mistakes that can be seen at all, at least 95 of 100 are found, with earlier periods
   and in the first one; most are called by their name.
P3 Of clean figures at most 2 of 100 are flagged, also where others in the city are wrong.
P4 What can be seen at all is what no honest unit could have reported.
P5 Each mistake is what it says.
"""

from __future__ import annotations

import numpy as np
import pytest

from tests.planted.city import LAST, NOW, invented
from tests.planted.kinds import KINDS, SUMMED
from tests.planted.page import counted, visible
from tests.planted.rounds import measured
from tests.planted.slips import Desk
from tests.planted.visible import is_repeated, is_visible
from tests.support.builders import FORM, PERIOD
from tests.support.communes import COMMUNES
from xl_automation.checks.check import own_findings
from xl_automation.checks.comparison import findings_against
from xl_automation.reading.figures import tabulate

pytestmark = pytest.mark.xdist_group("planted")  # the round is measured once

SEED = 20
SHORT = {True: 96, False: 48}  # mistakes, of some 420 in a whole round: with a past, without
FOUND, FLAGGED = 0.95, 0.02
NAMED = 0.8
PEOPLE = {"4.2.1", "4.2.2", "4.2.3"}  # of few, one more is over a fifth


@pytest.fixture(scope="module")
def city():
    """An invented city."""
    return invented(SEED)


@pytest.fixture(scope="module", params=[True, False], ids=["with-past", "first-period"])
def short_round(request):
    """What a short round comes to."""
    return measured(SEED, SHORT[request.param], with_past=request.param)


@pytest.mark.parametrize("seed", [SEED, SEED + 1, SEED + 2])
def test_city_is_without_a_mistake(seed):
    """Whatever the seed."""
    city = invented(seed)
    figures = tabulate(FORM, city.submissions())
    own = own_findings(figures)
    past = findings_against(figures, PERIOD, city.earlier, COMMUNES)
    found = [finding for findings in (*own, *past) for finding in findings]
    assert not [one.sentence for one in found if one.rule != "T05"]
    assert {one.indicators[0] for one in found} <= PEOPLE


def test_city_is_the_same_for_the_same_seed(city):
    """And another one for another seed."""
    assert invented(SEED).fills == city.fills
    assert invented(SEED + 1).now != city.now


def test_planted_mistakes_are_found(short_round):
    """Of those that can be seen at all."""
    seen = visible(short_round.outcomes)
    missed = [(one.planted.kind.name, one.planted.place) for one in seen if not one.findings]
    assert len(short_round.outcomes) in SHORT.values()
    assert len(seen) > 0.75 * len(short_round.outcomes)
    assert len(missed) <= (1 - FOUND) * len(seen), missed


def test_planted_mistakes_are_called_by_their_name(short_round):
    """By the rule that is about them, or in its words."""
    seen = visible(short_round.outcomes)
    assert counted(seen, lambda one: one.is_named) >= NAMED * len(seen)


def test_clean_figures_are_left_alone(short_round):
    """In a city without a mistake, and in the reports beside wrong ones."""
    for tally in (short_round.clean, short_round.beside):
        assert tally.figures > 1000
        assert tally.flagged.total() <= FLAGGED * tally.figures, tally.flagged


def test_clean_figures_of_few_units_are_left_alone():
    """Where one of eight has 0 in a row, the figures of the others are not unusual."""
    clean = measured(108, 0, city=invented(108, 8)).clean
    assert clean.flagged.total() <= FLAGGED * clean.figures, clean.flagged


# --- what can be seen --------------------------------------------------------------------------


def _largest(city, id):
    """Return the code of the unit with the largest figure in a row."""
    return max(city.now, key=lambda code: city.now[code][id])


@pytest.mark.parametrize(
    ("id", "factor", "expected"),
    [
        ("3.2.4.a", 100, True),
        ("3.2.4.a", 1.02, False),  # somewhat more than the largest, and than a year ago
        ("1.3.1", 100, True),
        ("5.4", 10, False),  # a small count
        ("5.4", 100, True),
    ],
)
def test_what_no_honest_unit_reports_can_be_seen(city, id, factor, expected):
    """Of a figure that is too large."""
    code = _largest(city, id)
    made = {id: round(city.now[code][id] * factor)}
    assert made[id] > 0
    assert is_visible(city, code, {**city.now[code], **made}, made) is expected


def test_repeated_figures_can_be_seen_only_where_they_should_grow(city):
    """The dossiers of a quarter are not those of a half-year; a staff may well be."""
    code = _largest(city, "3.2.4.a")
    assert is_repeated(city, code, ("3.2.4.a", "3.2.4.b", "3.4.2.a"))
    assert not is_repeated(city, code, ("4.2.1", "4.2.2", "4.2.3", "3.2.4.a"))


# --- what is planted ---------------------------------------------------------------------------

MADE = {
    # kind, place, what stands there → what may stand there with the mistake
    ("ten times too much", ("2.3",), (40,)): [(400,)],
    ("the last digit lost: a tenth", ("2.3",), (318,)): [(31,)],
    ("the last digit lost: a tenth", ("2.3",), (8,)): [None],
    ("another digit lost", ("2.3",), (3108,)): [(318,), (308,), (310,)],
    ("a digit typed twice", ("2.3",), (31,)): [(331,), (311,)],
    ("0 for a figure", ("2.3",), (0,)): [None],
    ("two digits swapped", ("2.3",), (3178,)): [(1378,), (3718,), (3187,)],
    ("two digits swapped", ("2.3",), (50,)): [None],
    ("two digits swapped", ("6.1.a",), (4860.5,)): [(8460.5,), (4680.5,), (4806.5,)],
    ("exchanged with the row below", ("2.1", "2.3"), (3, 8)): [(8, 3)],
    ("exchanged with the row below", ("2.1", "2.3"), (3, 3)): [None],
    ("rows moved down by one", ("2.1", "2.3", "2.4.a", "2.4.b"), (1, 2, 3, 4)): [(1, 1, 2, 3)],
    ("the thousands' point read as a comma", ("6.1.a",), (4860,)): [(4.86,)],
    ("a sign before it", ("2.3",), (4,)): [(-4,)],
    ("the decimal mark lost", ("3.3.4",), (58.85,)): [(5885,)],
    ("the decimal mark lost", ("3.3.4",), (90.0,)): [None],
    ("a fraction for a percentage", ("3.3.4",), (58.85,)): [(0.5885,)],
    ("another quotient typed", ("3.4.2", "on time by received"), ()): [(90.0,)],
    ("another quotient typed", ("3.4.2", "on time by due"), ()): [(97.06,)],
    ("another quotient typed", ("3.2.4", "online by solved"), ()): [(110.0,)],
    ("another quotient typed", ("2.4", "settled by reviewed"), ()): [None],
    ("a count in a percentage", ("3.4.2",), ()): [(990,)],
}
DESK = {
    "3.2.4.a": 1100, "3.2.4.b": 1100, "3.4.2.a": 1000, "3.4.2.b": 990,
    "II06.1.c13": 15, "II06.2.c13": 5,
}  # fmt: skip


@pytest.mark.parametrize(("case", "expected"), MADE.items(), ids=lambda case: str(case[0]))
def test_mistake_is_what_it_says(case, expected):
    """By hand, for each way in which a figure goes wrong."""
    name, place, values = case
    (kind,) = (kind for kind in KINDS if kind.name == name)
    fill = {**DESK, **dict(zip(place, values, strict=False))}
    expected = [tuple(one) if one else None for one in expected]
    for seed in range(6):
        made = kind.make(Desk(fill, {}, np.random.default_rng(seed)), place)
        there = None if made is None else {**fill, **made}
        assert (there and tuple(there[id] for id in place[: len(values) or 1])) in expected


def test_kinds_have_distinct_names_and_known_places():
    """A hundred kinds × places and more."""
    assert len({kind.name for kind in KINDS}) == len(KINDS)
    assert sum(len(kind.places) for kind in KINDS) > 100
    assert all(id in FORM.by_id for kind in KINDS for place in kind.places for id in place[:1])
    assert {place for kind in KINDS for place in kind.places} >= {(id,) for id in SUMMED}


def test_report_of_the_last_period_is_that(city):
    """A figure that differs is taken from it."""
    (kind,) = (kind for kind in KINDS if kind.name == "the report of the last period")
    code = COMMUNES[0].code
    made = kind.make(Desk.of(city, code, np.random.default_rng(0)), kind.places[0])
    last, now = city.fills[LAST][code], city.fills[NOW][code]
    assert {id: now[id] for id in made} != made
    assert all(last.get(id) == value for id, value in made.items())
