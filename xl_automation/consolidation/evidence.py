"""What the other units, and a unit's own past, lead one to expect of each figure of a city."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from xl_automation.checks.deviation import Expectation, expect, expect_nothing
from xl_automation.forms.aggregate import Reports
from xl_automation.forms.bounds import Bounds
from xl_automation.forms.expression import Ref
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import Floats
from xl_automation.forms.period import Period

# The spread that is assumed of a row in which the units differ by less: on the log scale
# (0.1 is a tenth), and of percentages in points.
LEAST_OF_PEERS, LEAST_OF_QUOTIENTS, LEAST_OF_PAST = 0.1, 0.05, 0.07
LEAST_POINTS = 10.0
_SIGNIFICANT = 3  # digits of an expected figure that a sentence tells


@dataclass(frozen=True, eq=False)
class Evidence:
    """One kind of evidence about one row.

    Attributes:
        expectation: What it expects of each unit.
        beside: The row whose figure the row goes with, by id; empty where it goes with none.
        basis: The figures that it goes with: of the row *beside*, or of the period before.
        period: The period before; None where it is about this one.
    """

    expectation: Expectation
    beside: str = ""
    basis: Floats | None = None
    period: Period | None = None

    def told(self, position: int, is_whole: bool, bounds: Bounds) -> str:
        """Return what it expects of a unit: ``trung vị 10 của 32 đơn vị, thường từ 2 đến 45``.

        Args:
            position: The unit.
            is_whole: Whether the figure is a whole number.
            bounds: What it may be at all.
        """
        expected = float(self.expectation.center[position]), *self.expectation.range(position)
        usual, low, high = (_about(bounds.nearest(number), is_whole) for number in expected)
        count = self.expectation.count
        if self.basis is None:
            return f"trung vị {usual} của {count} đơn vị, thường từ {low} đến {high}"
        basis = show(float(self.basis[position]))
        with_what = f"{self.period.label}: {basis}" if self.period else f"{self.beside} = {basis}"
        return f"{with_what}; theo {count} đơn vị thì khoảng {usual}, thường từ {low} đến {high}"


def _about(number: float, is_whole: bool) -> str:
    """Return a figure rounded to what can be known of it."""
    size = int(np.floor(np.log10(abs(number)))) if number else 0
    places = _SIGNIFICANT - 1 - size
    return show(round(number, min(places, 0) if is_whole else max(places, 0)))


@dataclass(frozen=True, eq=False)
class EvidenceOfCity:
    """All evidence about the communes' figures.

    Attributes:
        form: The form.
        reports: The communes' figures.
        pasts: What the same units reported before, by period: a row per commune.
    """

    form: Form
    reports: Reports
    pasts: Sequence[tuple[Period, pd.DataFrame]]

    @cached_property
    def numbers(self) -> Mapping[str, Floats]:
        """The figures that can be judged, by row: NaN where there is none, or a rule refuses it."""
        return {
            item.id: self._allowed(item.id)
            for item in self.form.inputs
            if item.kind != "code" and item.concerns("commune")
        }

    def _allowed(self, id: str) -> Floats:
        numbers, (_, bounds) = self.reports.numbers(id), self.form.range_rule(id)
        allowed = [bounds.allow(number) for number in numbers.tolist()]
        return np.where(allowed, numbers, np.nan)

    @cached_property
    def own(self) -> Mapping[str, tuple[Evidence, ...]]:
        """The evidence about each row by itself: the other units, and the own past."""
        return {id: tuple(self._own(self.form.by_id[id])) for id in self.numbers}

    def _own(self, item: Indicator) -> Iterator[Evidence]:
        values, is_log = self.numbers[item.id], item.kind != "percent"
        level = np.where(np.isnan(values), np.nan, 1.0) if is_log else np.zeros(len(values))
        peers = expect(values, level, is_log, LEAST_OF_PEERS if is_log else LEAST_POINTS)
        if is_log and peers is None:
            peers = expect_nothing(values)
        pasts = [(period, figures[item.id].to_numpy()) for period, figures in self.pasts]
        if peers:
            # Who had 0 before may well have 0 again, whatever the others have.
            was_zero = np.any(
                [np.zeros(len(values)), *(before == 0 for _, before in pasts)], axis=0
            )
            yield Evidence(peers.only(~(was_zero & (values == 0))))
        for period, before in pasts:
            past = expect(values, before, is_log, LEAST_OF_PAST if is_log else LEAST_POINTS)
            if past:
                yield Evidence(past, basis=before, period=period)

    @cached_property
    def own_strength(self) -> Mapping[str, Floats]:
        """How much its own evidence speaks against each figure: the largest modified z."""
        return {id: strongest(evidence, self.numbers[id]) for id, evidence in self.own.items()}

    @cached_property
    def by_row(self) -> Mapping[str, tuple[Evidence, ...]]:
        """All evidence about each row.

        A quotient that is unusual does not say which of its two figures is wrong: it counts
        against the one that its own evidence speaks against more.
        """
        rows = {id: [*evidence] for id, evidence in self.own.items()}
        for part, whole in self.pairs:
            is_part = self.own_strength[part] >= self.own_strength[whole]
            for id, beside, units in ((part, whole, is_part), (whole, part, ~is_part)):
                if expected := self.quotients[id, beside]:
                    evidence = Evidence(expected.only(units), beside, self.numbers[beside])
                    rows[id].append(evidence)
        return {id: tuple(evidence) for id, evidence in rows.items()}

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Rows that go together from unit to unit: the part, or the row with ``per``; its whole."""
        pairs = [*parts_and_wholes(self.form)]
        pairs += [(item.id, item.per) for item in self.form.figures if item.per]
        return tuple(pair for pair in dict.fromkeys(pairs) if self.numbers.keys() >= {*pair})

    @cached_property
    def quotients(self) -> Mapping[tuple[str, str], Expectation | None]:
        """What is expected of a row by the row that it goes with: by both, either way round."""
        both_ways = (ids for part, whole in self.pairs for ids in ((part, whole), (whole, part)))
        return {
            (id, beside): expect(self.numbers[id], self.numbers[beside], True, LEAST_OF_QUOTIENTS)
            for id, beside in both_ways
        }


def strongest(evidence: Sequence[Evidence], values: Floats) -> Floats:
    """Return the largest modified z, without its sign, of each value; 0 without any evidence."""
    sizes = [np.nan_to_num(np.abs(one.expectation.of_all(values))) for one in evidence]
    largest: Floats = np.max([np.zeros(len(values)), *sizes], axis=0)
    return largest


def parts_and_wholes(form: Form) -> Iterator[tuple[str, str]]:
    """Yield the numerator and the denominator of each percentage that is made of two rows."""
    for item in form.figures:
        if item.is_computed and item.percent:
            match item.percent.part, item.percent.whole:
                case Ref(part, "number"), Ref(whole, "number"):
                    yield part, whole
