"""Figures that are those of an earlier period: a whole report, or a whole part of the form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from xl_automation.checks.finding import Finding, named
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import Floats
from xl_automation.forms.rule import Rule
from xl_automation.reading.figures import Figures

COPIED_SHARE = 0.9
MIN_COPIED = 10  # figures both periods must have before they can look copied
# Figures of what happens, repeated: how many bits they must have together. A figure of 5 is
# repeated by chance more easily (2.6 bits) than one of 5.210 (12.3 bits).
MIN_BITS = 12.0
_HAPPENS = ("flow", "cumulative")  # natures of figures that another period changes


def copied_figures(figures: Figures, rules: Sequence[Rule]) -> dict[int, list[Finding]]:
    """Return, by submission, what looks copied from the earlier period.

    Nearly all figures of a report; else each part of the form in which everything that happens
    (dossiers, tasks, money spent) happened exactly as often as before.

    Returns:
        Positions of submissions; those that copied nothing are not in it.
    """
    rule = next((rule for rule in rules if rule.check == "copied"), None)
    if rule is None or figures.previous is None:
        return {}
    whole = _whole_reports(figures, rule)
    found = dict(whole)
    for part in figures.form.parts:
        for position, finding in _parts(figures, rule, part):
            if position not in whole:
                found.setdefault(position, []).append(finding)
    return found


def _whole_reports(figures: Figures, rule: Rule) -> dict[int, list[Finding]]:
    ids = [item.id for item in figures.form.inputs if item.kind != "code"]
    now, then = _both(figures, ids)
    both = np.sum(~np.isnan(now) & ~np.isnan(then), axis=1)
    same = np.sum(now == then, axis=1)
    copies = np.flatnonzero((both >= MIN_COPIED) & (same > COPIED_SHARE * both)).tolist()
    return {
        position: [Finding.of(rule, f"{same[position]}/{both[position]} số liệu giống kỳ trước")]
        for position in copies
    }


def _parts(
    figures: Figures, rule: Rule, part: Sequence[Indicator]
) -> Iterator[tuple[int, Finding]]:
    """Yield who repeats one part of the form: the position of the submission, and the finding."""
    rows = [
        item for item in part if item.is_input and item.kind != "code" and item.nature in _HAPPENS
    ]
    now, then = _both(figures, [item.id for item in rows])
    known = (now > 0) | (then > 0)  # nothing twice says nothing
    same = known & (now == then)
    for position in np.flatnonzero((known == same).all(axis=1)).tolist():
        repeated = [
            (item.id, number)
            for item, number, is_same in zip(
                rows, now[position].tolist(), same[position].tolist(), strict=True
            )
            if is_same
        ]
        if sum(_bits(figures.form.by_id[id], number) for id, number in repeated) < MIN_BITS:
            continue
        ids = tuple(id for id, _ in repeated)
        stated = ", ".join(f"{id} = {show(number)}" for id, number in repeated)
        cells = tuple(map(figures.layout.place, ids))
        seen = f"{stated}: {len(ids)}/{len(ids)} số phát sinh của phần {part[0].id} giống kỳ trước"
        finding = replace(
            Finding.of(rule, seen, ids), cells=cells, where=named(figures.form, cells)
        )
        yield position, finding


def _bits(item: Indicator, number: float) -> float:
    """Return how much it says that a figure is repeated: of 2.000 little, of 5.213 much.

    A percentage without decimals says nothing: it may well be an estimate, as before.
    """
    if item.kind == "percent" and number.is_integer():
        return 0.0
    digits = f"{number:.6f}".replace(".", "").strip("0")
    return math.log2(int(digits) + 1)


def _both(figures: Figures, ids: Sequence[str]) -> tuple[Floats, Floats]:
    """Return the figures of now and before, a row per submission, a column per id."""
    assert figures.previous is not None
    return figures.numbers[ids].to_numpy(), figures.previous[ids].to_numpy()
