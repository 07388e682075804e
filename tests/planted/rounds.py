"""Mistakes planted in invented cities, and what the program says of them.

In each round every kind of mistake is made at each of its places by one unit that can make it. As
in a real city several units are wrong at once: one mistake each, so that it is known whose it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.planted.city import City, invented
from tests.planted.kinds import KINDS, Kind
from tests.planted.slips import Desk, Place
from tests.planted.visible import is_repeated, is_visible
from tests.support.builders import FORM, PERIOD, Fill
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.numbers import show

AT_ONCE = 4  # one of so many units of a city is wrong at a time
_IN_BRACKETS = re.compile(r"\(([^)]*)\)")
Key = tuple[str, str, tuple[str, ...], str]  # whose, which rule, which rows, in which words


@dataclass(frozen=True, slots=True)
class Planted:
    """One mistake of one unit.

    Attributes:
        kind: Its kind.
        place: Where it is made.
        code: The unit.
        made: What the changed cells hold, by row.
        right: What they should hold.
        visible: Whether it can be seen at all.
    """

    kind: Kind
    place: Place
    code: str
    made: Fill
    right: Mapping[str, float | int | str | None]
    visible: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What was said of a planted mistake.

    Attributes:
        planted: The mistake.
        findings: What was found of it: of that unit, naming a changed row, and not said
            so before.
    """

    planted: Planted
    findings: tuple[Finding, ...]

    @property
    def is_named(self) -> bool:
        """Whether one of them calls it by its name."""
        kind, words = self.planted.kind, self.planted.kind.says(self.planted.place)
        return any(
            not kind.rules.isdisjoint((finding.rule, finding.rule[:2]))
            and all(word in f"{finding.seen} {finding.message}" for word in words)
            for finding in self.findings
        )

    @property
    def is_answered(self) -> bool:
        """Whether one of them asks for the figure that was right."""
        asked = [f"có phải {show(value)}?" for value in self.planted.right.values()]
        return any(question in finding.seen for finding in self.findings for question in asked)


@dataclass
class Tally:
    """Clean figures, and which of them a finding is about first.

    Attributes:
        figures: How many there are.
        flagged: How many of them are flagged, by the rule.
    """

    figures: int = 0
    flagged: Counter[str] = field(default_factory=Counter)

    def __iadd__(self, other: Tally) -> Tally:
        self.figures += other.figures
        self.flagged += other.flagged
        return self


@dataclass
class Measured:
    """What rounds came to.

    Attributes:
        outcomes: Of each planted mistake.
        clean: Figures of cities without any mistake.
        beside: Figures of units without a mistake, while others of their city make one.
        around: Figures of reports with a mistake that it did not change; flagged is what was not
            before.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    clean: Tally = field(default_factory=Tally)
    beside: Tally = field(default_factory=Tally)
    around: Tally = field(default_factory=Tally)

    def __iadd__(self, other: Measured) -> Measured:
        self.outcomes += other.outcomes
        self.clean += other.clean
        self.beside += other.beside
        self.around += other.around
        return self


def measured(
    seed: int, most: int | None = None, with_past: bool = True, city: City | None = None
) -> Measured:
    """Return what one round comes to.

    Args:
        seed: Which city, and which of its units is wrong where.
        most: How many mistakes are planted at most, chosen at random; None for all.
        with_past: Whether the city has the summaries of its earlier periods.
        city: Another city than the usual one of the seed.
    """
    city, chance = city or invented(seed), np.random.default_rng([seed, 1])
    planted = list(_planted(city, chance))
    order = chance.permutation(len(planted)).tolist()[:most]
    result = Measured()
    clean = list(_of_units(city, _consolidated(city, with_past)))
    known = {_key(finding, code) for finding, code in clean}
    rows = {code: set(fill) for code, fill in city.now.items()}
    result = Measured(clean=_flagged(rows, clean))
    for batch in _batches([planted[position] for position in order], len(city.units) // AT_ONCE):
        wrong = {one.code: {**city.now[one.code], **one.made} for one in batch}
        said = list(_of_units(city, _consolidated(city, with_past, wrong)))
        new = [(finding, code) for finding, code in said if _key(finding, code) not in known]
        for one in batch:
            about = (finding for finding, code in new if code == one.code)
            found = tuple(finding for finding in about if _is_about(finding, one))
            result.outcomes.append(Outcome(one, found))
        result.beside += _flagged({code: rows[code] for code in rows if code not in wrong}, said)
        result.around += _flagged({one.code: rows[one.code] - set(one.made) for one in batch}, new)
    return result


def _planted(city: City, chance: np.random.Generator) -> Iterator[Planted]:
    """Yield a mistake of each kind at each of its places, by a unit that can make it there."""
    for kind in KINDS:
        for place in kind.places:
            for position in chance.permutation(len(city.units)).tolist():
                code = city.units[position].code
                made = kind.make(Desk.of(city, code, chance), place)
                if made is not None:
                    visible = _is_visible(city, code, kind, place, made)
                    right = {id: city.now[code].get(id) for id in made}
                    yield Planted(kind, place, code, made, right, visible)
                    break


def _is_visible(city: City, code: str, kind: Kind, place: Place, made: Fill) -> bool:
    if kind.repeats:
        return is_repeated(city, code, place)
    return kind.certain or is_visible(city, code, {**city.now[code], **made}, made)


def _batches(planted: Sequence[Planted], most: int) -> Iterator[list[Planted]]:
    """Yield *planted* in lots of *most* at most, no unit twice in one."""
    waiting = list(planted)
    while waiting:
        batch: dict[str, Planted] = {}
        for one in waiting:
            if len(batch) < most:
                batch.setdefault(one.code, one)
        yield list(batch.values())
        waiting = [one for one in waiting if batch.get(one.code) is not one]


def _consolidated(
    city: City, with_past: bool, wrong: Mapping[str, Fill] | None = None
) -> Consolidation:
    earlier = city.earlier if with_past else ()
    return consolidate(FORM, city.submissions(wrong), city.units, PERIOD, earlier)


# --- what is said ------------------------------------------------------------------------------


def _of_units(city: City, said: Consolidation) -> Iterator[tuple[Finding, str]]:
    """Yield each finding about a unit with the unit's code; what a city says names its units."""
    for one in said.findings:
        if one.code:
            yield one.finding, one.code
        elif one.finding.rule == "K05":
            named = {
                name for text in _IN_BRACKETS.findall(one.finding.seen) for name in text.split(", ")
            }
            yield from ((one.finding, unit.code) for unit in city.units if unit.name in named)


def _key(finding: Finding, code: str) -> Key:
    return code, finding.rule, finding.indicators, finding.seen


def _is_about(finding: Finding, planted: Planted) -> bool:
    """Return whether a finding names a changed row, or says that the whole report is copied."""
    whole = finding.rule == "T07" and not finding.indicators and "T07" in planted.kind.rules
    return whole or not planted.made.keys().isdisjoint(finding.indicators)


def _flagged(rows: Mapping[str, set[str]], said: Sequence[tuple[Finding, str]]) -> Tally:
    """Return how many figures stand in the *rows* of units, and those that are flagged."""
    first: dict[tuple[str, str], str] = {}
    for finding, code in said:
        row = finding.indicators[0] if finding.indicators else ""
        if row in rows.get(code, ()):
            first.setdefault((code, row), finding.rule)
    return Tally(sum(map(len, rows.values())), Counter(first.values()))
