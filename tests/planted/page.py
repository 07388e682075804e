"""The page that says how many planted mistakes are found, from what rounds came to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from tests.planted.city import EARLIER, NOW
from tests.planted.kinds import KINDS, MONEY, RATES, SHARED, SUMMED
from tests.planted.rounds import AT_ONCE, Measured, Outcome
from tests.planted.visible import MIN_REPEATED, SMALL, WIDER
from tests.support.communes import COMMUNES
from tests.support.paths import DOCS

PAGE = DOCS / "suspicion.md"
HEAD = """# Planted mistakes, and how many are found

Generated: `pip install -e .[test]`, `python -m tests.planted.report`. Every run of the tests does
the same with one short round (`tests/planted/`) and holds the limits. What the program looks for,
for officers and in Vietnamese: [Số khác thường](so-khac-thuong.md).

**Every figure is invented**, and so is how figures spread. A round is a city of {units} communes
that make no mistake, over {periods} periods that fit together ({now} and, before it, {earlier}):
log-normal sizes, ratios with noise, rare things that are mostly 0, small counts, a campaign now
and then. Into the reports for {now} each kind of mistake is planted at each of its places, one
of {at_once} units wrong at a time, and the city is consolidated as any other. {rounds} rounds,
seeds {seeds}. The program's thresholds were settled on other rounds of the same generator (seeds
from 100), so figures that spread otherwise than these do may be judged worse.

- A mistake is *found* when a finding about that unit names a row that the mistake changed, and was
  not there before. It is *called by its name* when that finding is of the rule for such mistakes
  (a wrong quotient: names what was divided by what). It is *answered* when the finding asks for
  the right figure: “có phải 4.000?”.
- Some mistakes nobody can see: ten times 0, or a slip from 12 tasks to 21 where others have 5 to
  40. A mistake is *visible* when what comes of it is outside of what the honest units of the city
  report, their span widened by {wider:.0%} of its width on either side (its size, its ratio to the
  row that it is part of, or to the unit's own figure of {last} or of a year ago); a figure up to
  {small} is a small count, of which chance makes anything. A repeated section is visible where at
  least {repeated} of its figures should have grown, and no honest unit's all stay. What no honest
  report can hold (below 0, a part over its whole, a quotient that is not the form's) is always
  visible. The program's own way to judge has no part in this. What is not visible is planted all
  the same, and counted apart.
"""
KINDS_HEAD = """
## By kind

| mistake | places | visible | found | | by name | answered | not visible | of these found |
| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |
"""
PLACES_HEAD = """
## By place

| rows | visible | found | | by name |
| --- | ---: | ---: | ---: | ---: |
"""
PAST_HEAD = """
## With earlier periods and without

In its first period a city has nothing to compare with but its own units.

| | visible | found | | by name |
| --- | ---: | ---: | ---: | ---: |
"""
OTHERS_HEAD = """
## Other cities

One round each, of some mistakes chosen at random: cities of other sizes, and one whose units vary
twice as much from quarter to quarter and from year to year. One fault that the smallest showed in
an earlier run (a row in which one of eight units has 0) was mended, looking at other cities as
small; nothing else was tuned on these.

| city | visible | found | | by name | clean figures flagged |
| --- | ---: | ---: | ---: | ---: | ---: |
"""
CLEAN_HEAD = """
## Clean figures that are flagged

A finding is about the row that it names first. *Beside mistakes*: figures of units that make none,
while others of their city do; they are counted anew with each lot of mistakes. *Around a mistake*:
the other figures of the report that it is in, where rules about several rows cannot know which of
them is wrong; only what is new is counted.

| | clean figures | flagged | | by rule |
| --- | ---: | ---: | ---: | --- |
"""
MISSED_HEAD = """
## Visible and not found

| mistake | row | times |
| --- | --- | ---: |
"""


def text_of_page(
    seeds: Sequence[int], with_past: Measured, without: Measured, others: Mapping[str, Measured]
) -> str:
    """Return the page.

    Args:
        seeds: The rounds.
        with_past: What they came to, with earlier periods to compare with.
        without: The same without.
        others: What rounds in other cities came to, by what is said of them.
    """
    head = HEAD.format(
        units=len(COMMUNES),
        periods=1 + len(EARLIER),
        now=NOW,
        earlier=", ".join(EARLIER),
        last=EARLIER[-1],
        at_once=AT_ONCE,
        rounds=len(seeds),
        seeds=", ".join(map(str, seeds)),
        wider=WIDER,
        small=SMALL,
        repeated=MIN_REPEATED,
    )
    sections = (
        (KINDS_HEAD, _by_kind(with_past.outcomes)),
        (PLACES_HEAD, _by_place(with_past.outcomes)),
        (PAST_HEAD, _by_past(with_past, without)),
        (CLEAN_HEAD, _clean(with_past, without)),
        (OTHERS_HEAD, _others(others)),
        (MISSED_HEAD, _missed(with_past.outcomes)),
    )
    return head + "".join(title + "".join(map(_line, lines)) for title, lines in sections)


def _line(cells: Iterable[object]) -> str:
    texts = (f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells)
    return f"| {' | '.join(texts)} |\n"


def share(part: int, whole: int, places: int = 1) -> str:
    """Return a percentage as the page has it; of nothing nothing."""
    return f"{part / whole:.{places}%}" if whole else ""


def counted(outcomes: Sequence[Outcome], what: Callable[[Outcome], object]) -> int:
    """Return of how many outcomes something is so."""
    return sum(1 for outcome in outcomes if what(outcome))


def visible(outcomes: Iterable[Outcome]) -> list[Outcome]:
    """Return the outcomes of the mistakes that can be seen."""
    return [outcome for outcome in outcomes if outcome.planted.visible]


def _found(outcomes: Sequence[Outcome]) -> tuple[object, ...]:
    """Return how many were planted, found, which share of them, and which share by name."""
    found = counted(outcomes, lambda one: one.findings)
    named = counted(outcomes, lambda one: one.is_named)
    return len(outcomes), found, share(found, len(outcomes)), share(named, len(outcomes))


def _by_kind(outcomes: Sequence[Outcome]) -> Iterable[Sequence[object]]:
    for kind in KINDS:
        alike = [one for one in outcomes if one.planted.kind is kind]
        yield _row_of_kind(kind.name, alike, kind.asks)
    yield _row_of_kind("**all**", outcomes, False)


def _row_of_kind(name: str, alike: Sequence[Outcome], asks: bool) -> Sequence[object]:
    seen = visible(alike)
    apart = [one for one in alike if not one.planted.visible]
    # K05 names who differs in what all should have alike: it asks for nothing.
    own = [one for one in seen if one.planted.place[0] not in SHARED]
    answered = share(counted(own, lambda one: one.is_answered), len(own)) if asks else ""
    places = len({(one.planted.kind.name, one.planted.place) for one in alike})
    found_apart = counted(apart, lambda one: one.findings)
    return (name, places, *_found(seen), answered, len(apart), found_apart)


GROUPS = {
    "counts that a city adds up": lambda id: id in SUMMED and id not in MONEY,
    "money": lambda id: id in MONEY,
    "typed percentages": lambda id: id in RATES,
    "percentages of the form, typed over": lambda id: id not in (*SUMMED, *SHARED, *RATES),
    "the catalogue, alike for all communes": lambda id: id in SHARED,
}


def _by_place(outcomes: Sequence[Outcome]) -> Iterable[Sequence[object]]:
    """Yield a row for each group of rows, by the first that a mistake changes."""
    for name, is_of in GROUPS.items():
        seen = visible(one for one in outcomes if is_of(next(iter(one.planted.made))))
        yield name, *_found(seen)


def _by_past(with_past: Measured, without: Measured) -> Iterable[Sequence[object]]:
    yield "with earlier periods", *_found(visible(with_past.outcomes))
    yield "in the first period", *_found(visible(without.outcomes))


def _clean(with_past: Measured, without: Measured) -> Iterable[Sequence[object]]:
    for past, measured in (("", with_past), (", first period", without)):
        for where, tally in (
            ("cities without mistakes", measured.clean),
            ("beside mistakes", measured.beside),
            ("around a mistake", measured.around),
        ):
            rules = ", ".join(f"{rule} {times:,}" for rule, times in tally.flagged.most_common(6))
            total = tally.flagged.total()
            yield f"{where}{past}", tally.figures, total, share(total, tally.figures, 2), rules


def _others(others: Mapping[str, Measured]) -> Iterable[Sequence[object]]:
    for name, measured in others.items():
        clean = measured.clean
        flagged = share(clean.flagged.total(), clean.figures, 2)
        yield name, *_found(visible(measured.outcomes)), flagged


def _missed(outcomes: Sequence[Outcome]) -> Iterable[Sequence[object]]:
    missed = Counter(
        (KINDS.index(one.planted.kind), ", ".join(one.planted.place))
        for one in visible(outcomes)
        if not one.findings
    )
    for (number, place), times in sorted(missed.items()):
        yield KINDS[number].name, place, times
