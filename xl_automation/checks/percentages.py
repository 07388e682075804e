"""What the stated percentages of a workbook show by themselves, beside its rules.

A finding about one also says what the number may be. Two checks of ``scope = "workbook"`` look
where no rule finds anything: ``other-quotient`` at a percentage near enough to what its parts
give, but exactly another quotient; ``count-typed`` at one that is a count of its section.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

import numpy as np

from xl_automation.checks.finding import Finding, named
from xl_automation.checks.quotients import MANY, StatedPercentage, is_shortened
from xl_automation.checks.settled_by_note import with_reason
from xl_automation.forms.expression import EPSILON, asks
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show
from xl_automation.forms.percentage import AGREES_BELOW
from xl_automation.reading.figures import FigureRow, Figures
from xl_automation.wording import sentence


def with_percentages(figures: Figures, found: Sequence[Sequence[Finding]]) -> list[list[Finding]]:
    """Return the findings of each submission with what its percentages show.

    Args:
        figures: The figures of the submissions.
        found: What the rules find in each of them.
    """
    by_submission = [
        _explained(figures.row(position), findings) for position, findings in enumerate(found)
    ]
    for rule in figures.form.rules:
        look = _CHECKS.get(rule.check or "")
        for item, position, seen in look(figures) if look else ():
            findings = by_submission[position]
            if not any(item.id in finding.indicators for finding in findings):
                cells = (figures.layout.place(item.id),)
                where = named(figures.form, cells)
                facts = (rule.id, rule.severity, (item.id,), cells, sentence(seen))
                finding = Finding(*facts, rule.words, where)
                findings.append(with_reason(finding, figures.submissions[position]))
    return by_submission


# --- what a finding says more ------------------------------------------------------------------


def _explained(row: FigureRow, findings: Sequence[Finding]) -> list[Finding]:
    """Return *findings*; the first about each stated percentage says what that may be."""
    explained: list[Finding] = []
    done: set[str] = set()
    for finding in findings:
        item = _stated_row(row.form, finding)
        reading = row.reading(item.id) if item and item.id not in done else None
        if item and reading and reading.number is not None:
            done.add(item.id)
            finding = with_guess(row, item, reading.number, finding)
        explained.append(finding)
    return explained


def _stated_row(form: Form, finding: Finding) -> Indicator | None:
    """Return the percentage whose cell a finding is about, None where it is about none."""
    item = form.by_id.get(finding.indicators[0]) if finding.indicators else None
    if item is None or item.kind != "percent":
        return None
    # Of a computed one, other rules than those of agreement look at what its parts give.
    return item if item.is_input or finding.rule in _rules_of_agreement(form) else None


@lru_cache(8)
def _rules_of_agreement(form: Form) -> frozenset[str]:
    return frozenset(
        instance.id for instance in form.instances(None) if asks(instance.holds, "agrees")
    )


def with_guess(row: FigureRow, item: Indicator, stated: float, finding: Finding) -> Finding:
    """Return a finding about a percentage that also says what the number in its cell may be."""
    guess = next(StatedPercentage(row, item, stated).guesses(finding.indicators[1:]), None)
    return replace(finding, seen=sentence(f"{finding.seen}; {guess}")) if guess else finding


# --- where no rule finds anything --------------------------------------------------------------

Seen = Iterator[tuple[Indicator, int, str]]  # a percentage, whose it is, what is seen


def _other_quotients(figures: Figures) -> Seen:
    for item in figures.form.in_order_of_computation:
        stated, computed = figures.stated[item.id].to_numpy(), figures.recomputed(item.id)
        gaps = np.abs(stated - computed)
        for position in np.flatnonzero((gaps >= EPSILON) & (gaps < AGREES_BELOW)).tolist():
            number, right = float(stated[position]), float(computed[position])
            if is_shortened(right, number):
                continue
            guess = next(
                StatedPercentage(figures.row(position), item, number).other_quotients(), ""
            )
            if not guess and number > 100 >= right:
                guess = "vượt quá 100"
            if guess:
                yield (
                    item,
                    position,
                    f"{item.id} = {show(number)}; tính lại: {show(right)}; {guess}",
                )


def _counts_typed(figures: Figures) -> Seen:
    for part in figures.form.parts:
        counts = [figures.take(item.id, "number") for item in part if item.kind == "count"]
        for item in part:
            if item.kind != "percent" or not item.is_input or not counts:
                continue
            numbers = figures.take(item.id, "number")
            equal = np.any([numbers == count for count in counts], axis=0)
            telling = (numbers >= MANY) & (numbers < 100) & (numbers % MANY != 0)  # 60 is chance
            for position in np.flatnonzero(equal & telling).tolist():
                number = float(numbers[position])
                stated = StatedPercentage(figures.row(position), item, number)
                for amount in stated.equal_counts():
                    yield item, position, f"{item.id} = {show(number)}, bằng đúng {amount.name}"
                    break


_CHECKS: Mapping[str, Callable[[Figures], Seen]] = {  # a ``WorkbookCheck`` each
    "other-quotient": _other_quotients,
    "count-typed": _counts_typed,
}
