"""The form's rules applied to what is printed for the city: the totals (A), its appendix (B).

A rule is decided only where each figure that it looks at is one: a row whose total is none though
units filled it (codes, a catalogue on which they differ) leaves it open; so does one in which units
say that the figure is still to come, or in another row. The rows that only a city
knows count as blank in (A), as they are for communes.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from xl_automation.checks.finding import Finding
from xl_automation.checks.rules import find
from xl_automation.consolidation.appendix import AppendixFigure, takes_total
from xl_automation.consolidation.intake import Intake
from xl_automation.consolidation.totals import CombinedFigures
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.aggregate import Reports
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.expression import NOT_ZERO, asks
from xl_automation.forms.form import Form
from xl_automation.forms.python_face import Values, ValueSource, decided, evaluate
from xl_automation.forms.rule import RuleInstance
from xl_automation.forms.vocabulary import Source, UnitLevel
from xl_automation.reading.figures import Figures, tabulate
from xl_automation.reading.submission import Submission
from xl_automation.wording import quoted, sentence

TOTALS = "(A) Tổng hợp"
MOST_NAMES = 10  # units that a sentence names
NO_MORE: Mapping[str, float | None] = {}
# Of a cell that somebody typed into; a total is computed.
_OF_CELLS: tuple[Source, ...] = ("readable", "leading_zero", "agrees")
_Key = tuple[str, tuple[str, ...]]  # a rule and its rows


@dataclass(frozen=True, slots=True)
class _Printed:
    """One column of what is printed for the city.

    Attributes:
        name: What it is called.
        level: Whose rules hold for it.
        figures: Its figures by id, None for a blank; what cannot be told is not in it.
    """

    name: str
    level: UnitLevel
    figures: Mapping[str, float | None]


def total_findings(
    intake: Intake,
    combined: CombinedFigures,
    appendix: Mapping[str, AppendixFigure],
    tables: Mapping[str, float | None] = NO_MORE,
) -> tuple[UnitFinding, ...]:
    """Return where the totals, or the city's own appendix, break a rule of the form.

    Args:
        intake: Which files count.
        combined: Their figures and totals.
        appendix: The figures of the city's own appendix by id.
        tables: The totals of the supporting tables by id (``II06.c7``).
    """
    form, totals = intake.form, _totals(intake.form, combined)
    columns = [_Printed(TOTALS, "commune", {**totals, **tables})]
    if intake.city:
        own = {
            item.id: figure
            for item in form.figures
            if not takes_total(item) and not isinstance(figure := appendix[item.id], str)
        }
        columns.append(_Printed(_appendix(form), "district", {**_taken(form, totals), **own}))
    return tuple(
        UnitFinding(finding)
        for column in columns
        for finding in _findings(intake, combined.reports, column)
    )


def _totals(form: Form, combined: CombinedFigures) -> Mapping[str, float | None]:
    """Return the totals that are known, None for those of rows in which no unit has anything."""
    known: dict[str, float | None] = {}
    communes = combined.reports.communes
    for item in form.figures:
        value = None if aggregate_of(item).is_city else combined.totals[item.id].value
        is_blank = not len(combined.reports.known(item.id)) and not any(
            communes.take(item.id, state).any() for state in NOT_ZERO
        )
        if value is not None or is_blank:
            known[item.id] = value
    return known


def _taken(form: Form, totals: Mapping[str, float | None]) -> Mapping[str, float | None]:
    return {
        id: value
        for id, value in totals.items()
        if id in form.by_id and takes_total(form.by_id[id])
    }


def _findings(intake: Intake, reports: Reports, column: _Printed) -> Iterator[Finding]:
    """Yield what the rules find in one column, with the units behind it."""
    printed = _one_row(intake.form, column.figures)
    broken = {
        _key(intake.form, instance): instance
        for instance in intake.form.instances(None)
        if _concerns(intake.form, instance, column) and _broken(instance, printed).any()
    }
    # As rules of their own, so that they are worded, and fold, as those of a workbook do.
    rules = tuple(
        replace(one.rule, id=one.id, holds=one.holds, each=(), level=None)
        for one in broken.values()
    )
    (found,) = find(replace(printed, form=replace(intake.form, rules=rules)))
    for finding in found:
        instance = broken[finding.rule, finding.indicators]
        where = _where(intake.form, instance, column)
        seen = "; ".join(filter(None, (finding.seen, *_behind(intake, reports, instance, column))))
        yield replace(finding, cells=(), where="", seen=sentence(f"{where}: {seen}"))


def _key(form: Form, instance: RuleInstance) -> _Key:
    return instance.id, tuple(id for id in instance.figures if id in form.by_id)


def _concerns(form: Form, instance: RuleInstance, column: _Printed) -> bool:
    """Return whether a rule holds for a column, can be told there, and is not told elsewhere."""
    rule = instance.rule
    holds = rule.totals or (rule.level == column.level == "district")
    if not holds or rule.level not in (None, column.level):
        return False
    if any(asks(instance.holds, source) for source in _OF_CELLS):
        return False
    if not all(id in column.figures for id in instance.refs):
        return False
    if column.name == TOTALS:
        return True
    # What (B) takes from (A) alone is said of (A), what it takes from the city's own workbook
    # alone is said of that.
    return len({takes_total(form.by_id[id]) for id in instance.refs}) > 1


def _one_row(form: Form, values: Mapping[str, float | None]) -> Figures:
    """Return figures as those of one submission."""
    nobody = Submission(Path(), form.id, form.version, "commune", None, None, None, {})
    blank = tabulate(form, [nobody])
    numbers, filled = blank.numbers.copy(), blank.filled.copy()
    ids = [*values]
    numbers.loc[0, ids] = [math.nan if value is None else value for value in values.values()]
    filled.loc[0, ids] = [value is not None for value in values.values()]
    return replace(blank, numbers=numbers, filled=filled)


def _broken(instance: RuleInstance, figures: ValueSource) -> Values:
    """Return True for each submission that breaks the rule; undecided is not broken."""
    holds = evaluate(instance.holds, figures).astype(bool)
    broken: Values = decided(instance.holds, figures) & ~holds
    return broken


def _appendix(form: Form) -> str:
    return f"(B) Phụ lục {form.city}"


def _where(form: Form, instance: RuleInstance, column: _Printed) -> str:
    """Return where the figures are printed: those of a commune's row stand in both columns."""
    in_both = all(id in form.by_id and takes_total(form.by_id[id]) for id in instance.refs)
    return f"{TOTALS}, {_appendix(form)}" if in_both else column.name


def _behind(
    intake: Intake, reports: Reports, instance: RuleInstance, column: _Printed
) -> Iterator[str]:
    """Yield who is behind a finding: who breaks the rule, who has a part of its figures only."""
    form, communes = intake.form, reports.communes
    breaks = _broken(instance, communes)
    # Of a row that only a city knows no commune lacks anything.
    owed = [id for id in instance.figures if id in form.table_cells or not _is_city(form, id)]
    known = np.array([~np.isnan(reports.numbers(id)) for id in owed])
    lacks = known.any(axis=0) & ~known.all(axis=0) & ~breaks
    for positions, words in ((breaks, "cũng sai quy tắc này"), (lacks, "thiếu số")):
        names = [reports.names[position] for position in np.flatnonzero(positions)]
        if names:
            yield f"đơn vị {words}: {_capped(names)}"
    if column.level == "district" and intake.city:
        own = [id for id in instance.figures if not takes_total(form.by_id[id])]
        yield f"{', '.join(own)} lấy từ sổ của {quoted(intake.city.unit_name or '')}"


def _is_city(form: Form, id: str) -> bool:
    return aggregate_of(form.by_id[id]).is_city


def _capped(names: list[str]) -> str:
    more = f" và {len(names) - MOST_NAMES} đơn vị khác" if len(names) > MOST_NAMES else ""
    return f"{', '.join(map(quoted, names[:MOST_NAMES]))}{more}"
