"""Which findings each file goes back for: also what only the city can see.

Nothing goes back that is settled, by a reason of the unit or by a decision of the city.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_automation.checks.check import check_all
from xl_automation.checks.finding import Finding
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.vocabulary import Severity
from xl_automation.reading.figures import tabulate
from xl_automation.reading.submission import Submission
from xl_automation.template import positions
from xl_automation.xlsx.refusal import NAMES

SEVERITIES: tuple[Severity, ...] = ("error", "warning")
# What the consolidation refuses for its identity is given back too, with these cells open.
IDENTITY = {"wrong-period": ("TT_KY", "TT_NAM"), "unknown-unit": ("TT_DON_VI",)}


@dataclass(frozen=True, slots=True)
class ReturnedFindings:
    """What the units have to correct, and what the city has to settle itself.

    Attributes:
        by_path: The findings of each file that could be read, empty where it is in order.
        unsettled: Shared figures on which the units differ without a majority.
    """

    by_path: Mapping[Path, Sequence[Finding]]
    unsettled: tuple[Finding, ...]


def returned_findings(
    consolidation: Consolidation, submissions: Mapping[Path, Submission]
) -> ReturnedFindings:
    """Return what each file has to correct.

    Args:
        consolidation: What the city has of the period.
        submissions: Every file that could be read, also those that do not count.
    """
    findings = _of_counted(consolidation)
    differing, unsettled = _differing(consolidation)
    for path, finding in differing:
        findings[path].append(finding)
    return ReturnedFindings(findings | _of_others(consolidation, submissions), tuple(unsettled))


def _of_counted(consolidation: Consolidation) -> dict[Path, list[Finding]]:
    """Return what each counted file has to correct that names its cells."""
    by_path: dict[Path, list[Finding]] = {
        submission.path: [] for submission in consolidation.counted
    }
    for located in consolidation.findings:
        finding = located.finding
        has_cells = bool(finding.indicators or finding.cells)
        is_grave = finding.severity in SEVERITIES
        if located.submission and has_cells and is_grave and not finding.settled:
            by_path[located.submission.path].append(finding)
    return by_path


def _differing(
    consolidation: Consolidation,
) -> tuple[list[tuple[Path, Finding]], list[Finding]]:
    """Return, for figures that all communes should share, who differs; and what is unsettled.

    Who states otherwise than most is asked. Where no value has a majority nobody is known to be
    wrong: the city has to settle the figure first.
    """
    checks = {rule.id: rule.check for rule in consolidation.form.rules if not rule.trial}
    communes = consolidation.communes
    asked, unsettled = [], []
    for finding in (located.finding for located in consolidation.findings):
        if finding.settled or checks.get(finding.rule) != "one-value":
            continue
        column = consolidation.figures.numbers[finding.indicators[0]]
        stated = column.iloc[: len(communes)].dropna()
        counts = stated.value_counts()
        if 2 * counts.iloc[0] <= len(stated):
            unsettled.append(finding)
            continue
        for position in stated.index[stated != counts.index[0]]:
            asked.append((communes[position].path, finding))
    return asked, unsettled


def _of_others(
    consolidation: Consolidation, submissions: Mapping[Path, Submission]
) -> dict[Path, list[Finding]]:
    """Return what files have to correct that were read but are of another period or unit."""
    refused = [
        file for file in consolidation.refused if file.path in submissions and file.code in IDENTITY
    ]
    others = [submissions[file.path] for file in refused]
    by_path = {}
    for file, own in zip(refused, check_all(tabulate(consolidation.form, others)), strict=True):
        cells = tuple(positions.info_place(name) for name in IDENTITY[file.code])
        identity = Finding(file.code, "error", (), cells, NAMES[file.code], file.message)
        # What the reader remarks of the same cells, the refusal says already.
        grave = [f for f in own if f.severity in SEVERITIES and not f.settled and f.cells != cells]
        by_path[file.path] = [identity, *grave]
    return by_path
