"""Mistakes planted in invented cities, and what the program says of them.

In each round every kind of mistake is made at each of its places by one unit that can make it. As
in a real city several units are wrong at once: one mistake each, so that it is known whose it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from tests.planted.city import City, invented
from tests.planted.kinds import KINDS, Kind
from tests.planted.slips import Desk, Place
from tests.planted.visible import is_repeated, is_visible
from tests.support.builders import FORM, PERIOD, Fill
from tests.support.communes import COMMUNES
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.numbers import show

AT_ONCE = 8  # units that are wrong in one city, of 32
Key = tuple[str, str, tuple[str, ...]]  # whose, which rule, which rows
NAMES = {unit.code: unit.name for unit in COMMUNES}


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
        findings: What was found of it: of that unit, naming a changed row, and not said before.
    """

    planted: Planted
    findings: tuple[Finding, ...]

    @property
    def is_named(self) -> bool:
        """Whether one of them calls it by its name."""
        kind, words = self.planted.kind, self.planted.kind.says(self.planted.place)
        return any(
            not kind.rules.isdisjoint((finding.rule, finding.rule[:2]))
            and all(word in finding.seen for word in words)
            for finding in self.findings
        )

    @property
    def is_answered(self) -> bool:
        """Whether one of them asks for the figure that was right."""
        asked = [f"có phải {show(value)}?" for value in self.planted.right.values()]
        return any(question in finding.seen for finding in self.findings for question in asked)


@dataclass
class Measured:
    """What rounds came to.

    Attributes:
        outcomes: Of each planted mistake.
        figures: How many clean figures stood in cities without any mistake.
        flagged: How many of them a finding is about first, by its rule.
        beside: How many clean figures stood beside mistakes of other units.
        flagged_beside: How many of those a finding is about first, by its rule.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    figures: int = 0
    flagged: Counter[str] = field(default_factory=Counter)
    beside: int = 0
    flagged_beside: Counter[str] = field(default_factory=Counter)

    def add(self, other: Measured) -> None:
        """Take in what another round came to."""
        self.outcomes += other.outcomes
        self.figures += other.figures
        self.flagged += other.flagged
        self.beside += other.beside
        self.flagged_beside += other.flagged_beside


def measured(seed: int, most: int | None = None, with_past: bool = True) -> Measured:
    """Return what one round comes to.

    Args:
        seed: Which city, and which of its units is wrong where.
        most: How many mistakes are planted at most, chosen at random; None for all.
        with_past: Whether the city has the summaries of its earlier periods.
    """
    city, chance = invented(seed), np.random.default_rng([seed, 1])
    planted = list(_planted(city, chance))
    order = chance.permutation(len(planted)).tolist()[:most]
    result = Measured()
    clean = _consolidated(city, with_past)
    known = {_key(finding, code) for finding, code in _of_units(clean)}
    result.figures, result.flagged = _flagged(city, clean, set())
    for batch in _batches([planted[position] for position in order]):
        wrong = {one.code: {**city.now[one.code], **one.made} for one in batch}
        said = _consolidated(city, with_past, wrong)
        found = _by_unit(said, known)
        result.outcomes += [
            Outcome(one, tuple(f for f in found.get(one.code, ()) if _is_about(f, one)))
            for one in batch
        ]
        figures, flagged = _flagged(city, said, set(wrong))
        result.beside += figures
        result.flagged_beside += flagged
    return result


def _planted(city: City, chance: np.random.Generator) -> Iterator[Planted]:
    """Yield a mistake of each kind at each of its places, by a unit that can make it there."""
    for kind in KINDS:
        for place in kind.places:
            for position in chance.permutation(len(COMMUNES)).tolist():
                code = COMMUNES[position].code
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


def _batches(planted: Sequence[Planted]) -> Iterator[list[Planted]]:
    """Yield *planted* in lots of a few, no unit twice in one."""
    waiting = list(planted)
    while waiting:
        batch: dict[str, Planted] = {}
        for one in waiting:
            if len(batch) < AT_ONCE:
                batch.setdefault(one.code, one)
        yield list(batch.values())
        waiting = [one for one in waiting if batch.get(one.code) is not one]


def _consolidated(
    city: City, with_past: bool, wrong: Mapping[str, Fill] | None = None
) -> Consolidation:
    earlier = city.earlier if with_past else ()
    return consolidate(FORM, city.submissions(wrong), COMMUNES, PERIOD, earlier)


# --- what is said ------------------------------------------------------------------------------


def _of_units(said: Consolidation) -> Iterator[tuple[Finding, str]]:
    """Yield each finding about a unit with the unit's code; what a city says names its units."""
    for one in said.findings:
        if one.code:
            yield one.finding, one.code
        elif one.finding.rule == "K05":
            yield from ((one.finding, code) for code in NAMES if NAMES[code] in one.finding.seen)


def _key(finding: Finding, code: str) -> Key:
    return code, finding.rule, finding.indicators


def _by_unit(said: Consolidation, known: set[Key]) -> dict[str, list[Finding]]:
    """Return the findings of each unit that were not there before the mistakes."""
    found: dict[str, list[Finding]] = {}
    for finding, code in _of_units(said):
        if _key(finding, code) not in known:
            found.setdefault(code, []).append(finding)
    return found


def _is_about(finding: Finding, planted: Planted) -> bool:
    """Return whether a finding names a changed row, or says that the whole report is copied."""
    whole = finding.rule == "T07" and not finding.indicators and "T07" in planted.kind.rules
    return whole or not planted.made.keys().isdisjoint(finding.indicators)


def _flagged(city: City, said: Consolidation, wrong: set[str]) -> tuple[int, Counter[str]]:
    """Return how many figures the right units have, and those that are flagged, by rule."""
    figures = sum(len(fill) for code, fill in city.now.items() if code not in wrong)
    first: dict[tuple[str, str], str] = {}
    for finding, code in _of_units(said):
        if code not in wrong and finding.indicators and finding.rule != "K10":
            first.setdefault((code, finding.indicators[0]), finding.rule)
    return figures, Counter(first.values())
