"""What is wrong across the files of a city: the checks of ``scope = "city"``, by their names."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping

from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidation import Consolidation, UnitFinding
from xl_automation.consolidation.totals import known, who_says_what
from xl_automation.forms.numbers import show
from xl_automation.forms.rule import Rule
from xl_automation.reading.refused_file import file_name
from xl_automation.reading.submission import Submission

OUTLIER_TIMES = 20
MIN_PEERS = 3  # fewer figures than this have no median worth comparing with


def city_findings(result: Consolidation) -> list[UnitFinding]:
    """Return what the rules about the city find; *result* has the findings of each unit."""
    rules = [rule for rule in result.form.rules if rule.scope == "city" and rule.check]
    return [located for rule in rules for located in _CHECKS[rule.check or ""](result, rule)]


def _finding(rule: Rule, seen: str, ids: tuple[str, ...] = ()) -> Finding:
    return Finding(rule.id, rule.severity, ids, (), seen, f"{rule.message} {rule.fix}")


def _located(finding: Finding, one: Submission) -> UnitFinding:
    return UnitFinding(finding, one, one.path, one.unit_name or "")


# --- files -------------------------------------------------------------------------------------


def _missing(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    for unit in result.missing:
        yield UnitFinding(_finding(rule, unit.name), unit=unit.name)


def _duplicate(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    for one in result.duplicates:
        seen = f"{', '.join(map(file_name, one.paths))}; tính {file_name(one.chosen)}"
        yield UnitFinding(_finding(rule, seen), path=one.chosen, unit=one.name)


def _period(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    return _refused(result, rule, "wrong-period")


def _form(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    return _refused(result, rule, "wrong-form", "wrong-version", "altered-form")


def _refused(result: Consolidation, rule: Rule, *codes: str) -> Iterator[UnitFinding]:
    for one in result.refused:
        if one.code in codes:
            yield UnitFinding(_finding(rule, file_name(one.path)), path=one.path)


# --- figures -----------------------------------------------------------------------------------


def _one_value(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    for id in rule.each:
        if known(result, id).nunique() > 1:
            yield UnitFinding(_finding(rule, f"{id}: {who_says_what(result, id)}", (id,)))


def _outlier(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    for id in rule.each:
        numbers = known(result, id)
        median = float(numbers.median()) if len(numbers) >= MIN_PEERS else 0.0
        for at in numbers.index[numbers > OUTLIER_TIMES * median] if median > 0 else ():
            seen = f"{id} = {show(float(numbers[at]))}; trung vị {show(median)}"
            yield _located(_finding(rule, seen, (id,)), result.communes[at])


def _recomputed(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    """Yield the percentages that the city states otherwise than the communes' sums give."""
    if result.city is None:
        return
    for id in rule.each:
        stated = float(result.table.numbers[id].iloc[-1])
        computed = result.totals[id].value
        if not math.isnan(stated) and stated != computed:
            seen = f"{id} = {show(stated)}; tính lại {show(computed)}"
            yield _located(_finding(rule, seen, (id,)), result.city)


def _unit_errors(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    errors = Counter(
        id(located.submission) for located in result.findings if located.finding.severity == "error"
    )
    for one in result.counted:
        if count := errors[id(one)]:
            yield _located(_finding(rule, f"{one.unit_name}: {count} lỗi"), one)


def _incomplete(result: Consolidation, rule: Rule) -> Iterator[UnitFinding]:
    n = len(result.communes)
    short = [
        item.id
        for item in result.form.figures
        if item.aggregate != "city" and result.totals[item.id].filled < n
    ]
    if short:
        seen = ", ".join(f"{id} {result.totals[id].filled}/{n}" for id in short)
        yield UnitFinding(_finding(rule, seen, tuple(short)))


_CHECKS: Mapping[str, Callable[[Consolidation, Rule], Iterator[UnitFinding]]] = {
    "missing": _missing,
    "duplicate": _duplicate,
    "period": _period,
    "form": _form,
    "one-value": _one_value,
    "outlier": _outlier,
    "recomputed": _recomputed,
    "unit-errors": _unit_errors,
    "incomplete": _incomplete,
}
