"""What is wrong across the files of a city: the checks of ``scope = "city"``, by their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from xl_automation.checks.comparison import earlier_figures
from xl_automation.checks.earlier import PastPeriod
from xl_automation.checks.finding import Finding, named
from xl_automation.checks.settled_by_note import with_reason
from xl_automation.consolidation.evidence import EvidenceOfCity
from xl_automation.consolidation.intake import Duplicate, Intake, sender
from xl_automation.consolidation.suspicions import Suspicion, suspicions
from xl_automation.consolidation.totals import CombinedFigures
from xl_automation.consolidation.unit_findings import UnitFinding, count_severities
from xl_automation.forms.absence import told_counts
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.numbers import show
from xl_automation.forms.rule import Rule
from xl_automation.forms.vocabulary import CityCheck
from xl_automation.reading.refused_file import file_name
from xl_automation.wording import quoted

MOST_CHANGES = 5  # figures in which two files differ that a sentence names
# The share of the city's total from which a suspicious figure is worth asking its unit about.
NOTICEABLE = 0.01


@dataclass(frozen=True)
class CityEvidence:
    """What the checks look at.

    Attributes:
        intake: Which files count.
        combined: Their figures and totals.
        unit_findings: What is wrong with each unit by itself.
        previous: Earlier periods; without any, the figures that the workbooks were issued with.
    """

    intake: Intake
    combined: CombinedFigures
    unit_findings: Sequence[UnitFinding]
    previous: Sequence[PastPeriod] = ()

    @cached_property
    def suspicions(self) -> Sequence[Suspicion]:
        """The figures that look wrong beside the other units', or beside the unit's own past."""
        rows: dict[CityCheck, frozenset[str]] = {}
        for rule in self.intake.form.rules:
            for check in SUSPICIONS:
                if rule.check == check:
                    rows[check] = rows.get(check, frozenset()) | {*rule.each}
        if not rows:
            return ()
        intake, reports = self.intake, self.combined.reports
        pasts = earlier_figures(
            intake.form, intake.period, intake.communes, self.previous, intake.units
        )
        return suspicions(EvidenceOfCity(intake.form, reports, pasts), rows)


SUSPICIONS: tuple[CityCheck, ...] = (
    "outlier",
    "swapped-digits",
    "neighbour-row",
    "swapped-parts",
)


def city_findings(evidence: CityEvidence) -> tuple[UnitFinding, ...]:
    """Return what the rules about the city find, in the order of the form."""
    return tuple(
        unit_finding
        for rule in evidence.intake.form.rules
        if rule.scope == "city"
        for check, findings in CHECKS.items()
        if check == rule.check
        for unit_finding in findings(evidence, rule)
    )


# --- files -------------------------------------------------------------------------------------


def _missing(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    for unit in evidence.intake.missing:
        yield UnitFinding(Finding.of(rule, unit.name), unit=unit.name, code=unit.code)


def _duplicate(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    for duplicate in evidence.intake.duplicates:
        names = ", ".join(map(duplicate.file, duplicate.paths))
        seen = f"{names}; tính {duplicate.file(duplicate.chosen)}{_differences(duplicate)}"
        finding = Finding.of(rule, seen)
        yield UnitFinding(finding, path=duplicate.chosen, unit=duplicate.name, code=duplicate.unit)


def _differences(duplicate: Duplicate) -> str:
    """Return where the last file that was replaced differs from the one that counts."""
    last = duplicate.replaced[-1].path if duplicate.replaced else None
    changes = [change for change in duplicate.changes if change.path == last]
    texts = [f"{id} {show(old)} → {show(new)}" for _, id, old, new in changes[:MOST_CHANGES]]
    more = f" và {len(changes) - MOST_CHANGES} số khác" if len(changes) > MOST_CHANGES else ""
    return f"; khác nhau: {', '.join(texts)}{more}" if texts else ""


def _period(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    return _refused(evidence, rule, "wrong-period")


def _form(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    return _refused(evidence, rule, "wrong-form", "wrong-version", "altered-form")


def _refused(evidence: CityEvidence, rule: Rule, *codes: str) -> Iterator[UnitFinding]:
    for refused in evidence.intake.refused:
        if refused.code in codes:
            yield UnitFinding(Finding.of(rule, file_name(refused.path)), path=refused.path)


# --- figures -----------------------------------------------------------------------------------


def _one_value(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    reports = evidence.combined.reports
    for id in rule.each:
        if reports.differ(id):
            yield UnitFinding(Finding.of(rule, f"{id}: {reports.who_says_what(id)}", (id,)))


def _suspicious(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    form, layout = evidence.intake.form, evidence.combined.figures.layout
    for suspicion in evidence.suspicions:
        if suspicion.check != rule.check or suspicion.indicators[0] not in rule.each:
            continue
        commune = evidence.intake.communes[suspicion.position]
        harm = _harm(evidence.combined, suspicion)
        cells = tuple(map(layout.place, suspicion.indicators))
        finding = replace(
            Finding.of(rule, suspicion.seen, suspicion.indicators),
            severity=rule.severity if harm >= NOTICEABLE else "info",
            cells=cells,
            where=named(form, cells),
            harm=harm,
        )
        yield UnitFinding.about(commune, with_reason(finding, commune))


def _harm(combined: CombinedFigures, suspicion: Suspicion) -> float:
    """Return the share of the city's total that is wrong if a suspicion is right."""
    id = suspicion.indicators[0]
    item, reports = combined.figures.form.by_id[id], combined.reports
    total = combined.totals[id].value
    if total is None:
        return 0.0
    share = 1.0
    if item.weight is not None:
        weights = np.nan_to_num(reports.weights(item))
        share = float(weights[suspicion.position] / max(weights.sum(), 1))
    excess = share * (float(reports.numbers(id)[suspicion.position]) - suspicion.expected)
    largest = max(abs(total), abs(total - excess))
    return min(1.0, abs(excess) / largest) if largest else 0.0


def _recomputed(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    """Yield the percentages that the city states otherwise than the communes' sums give."""
    city = evidence.intake.city
    for id in rule.each if city else ():
        stated = evidence.combined.reports.city_number(id)
        computed = evidence.combined.totals[id].value
        if city and stated is not None and stated != computed:
            seen = f"{id} = {show(stated)}; tính lại {show(computed)}"
            yield UnitFinding.about(city, Finding.of(rule, seen, (id,)))


def _unit_errors(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    open_findings = (found for found in evidence.unit_findings if not found.finding.settled)
    severities = count_severities(open_findings)
    for submission in evidence.intake.counted:
        if count := severities[sender(submission), "error"]:
            finding = Finding.of(rule, f"{quoted(submission.unit_name or '')}: {count} lỗi")
            yield UnitFinding.about(submission, finding)


def _incomplete(evidence: CityEvidence, rule: Rule) -> Iterator[UnitFinding]:
    form, communes = evidence.intake.form, len(evidence.intake.communes)
    totals = evidence.combined.totals
    short = {
        item.id: totals[item.id]
        for item in form.figures
        if not aggregate_of(item).is_city
        and not form.is_whole(totals[item.id].filled, totals[item.id].absent, communes)
    }
    if short:
        seen = ", ".join(
            " · ".join(filter(None, (f"{id} {total.filled}/{communes}", told_counts(total.absent))))
            for id, total in short.items()
        )
        yield UnitFinding(Finding.of(rule, seen, tuple(short)))


CHECKS: Mapping[CityCheck, Callable[[CityEvidence, Rule], Iterator[UnitFinding]]] = {
    "missing": _missing,
    "duplicate": _duplicate,
    "period": _period,
    "form": _form,
    "one-value": _one_value,
    **dict.fromkeys(SUSPICIONS, _suspicious),
    "recomputed": _recomputed,
    "unit-errors": _unit_errors,
    "incomplete": _incomplete,
}
