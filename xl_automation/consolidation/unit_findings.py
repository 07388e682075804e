"""What is wrong with each unit by itself, also against its earlier periods."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xl_automation.checks.check import own_findings
from xl_automation.checks.comparison import findings_against, findings_against_own_past
from xl_automation.checks.earlier import PastPeriod
from xl_automation.checks.finding import GRAVITY, Finding, sorted_findings
from xl_automation.consolidation.choice import Sender
from xl_automation.consolidation.intake import Intake, sender
from xl_automation.forms.vocabulary import Severity
from xl_automation.reading.figures import Figures
from xl_automation.reading.submission import Submission


@dataclass(frozen=True, slots=True)
class UnitFinding:
    """A finding with whom it is about.

    Attributes:
        finding: The finding.
        submission: The submission it is about; None where it is about none that counts.
        path: The file it is about; None where it is about all of them, or about one that is
            missing.
        unit: The name of the unit it is about, if it is about one.
        code: The code of that unit.
    """

    finding: Finding
    submission: Submission | None = None
    path: Path | None = None
    unit: str = ""
    code: str = ""

    @classmethod
    def about(cls, submission: Submission, finding: Finding) -> UnitFinding:
        """Return a finding about one submission."""
        name, code = submission.unit_name or "", submission.unit_code or ""
        return cls(finding, submission, submission.path, name, code)

    @property
    def stands_as_issued(self) -> bool:
        """Whether the finding's cells stand in the file where the finding says."""
        return self.submission is None or self.submission.is_as_issued


def unit_findings(
    intake: Intake, figures: Figures, previous: Sequence[PastPeriod]
) -> tuple[UnitFinding, ...]:
    """Return what is wrong with each unit by itself, in the order of the list.

    Args:
        intake: The submissions that count.
        figures: Their figures.
        previous: Earlier periods to compare with; without any, each submission is compared with
            the figures that it was issued with.
    """
    if previous and intake.period:
        past = findings_against(figures, intake.period, previous, intake.units)
    else:
        past = findings_against_own_past(figures)
    own = own_findings(figures)
    return tuple(
        UnitFinding.about(submission, finding)
        for submission, noticed, earlier in zip(intake.counted, own, past, strict=True)
        for finding in sorted_findings(intake.form, [*noticed, *earlier])
    )


def most_harmful_first(findings: Iterable[UnitFinding]) -> tuple[UnitFinding, ...]:
    """Return errors, then warnings, then hints; in each what moves a total of the city most.

    What moves none stays in the order in which it came.
    """
    return tuple(
        sorted(findings, key=lambda one: (GRAVITY[one.finding.severity], -one.finding.harm))
    )


def count_severities(findings: Iterable[UnitFinding]) -> Counter[tuple[Sender, Severity]]:
    """Return how many findings of each severity there are about what each unit sent."""
    return Counter(
        (sender(unit_finding.submission), unit_finding.finding.severity)
        for unit_finding in findings
        if unit_finding.submission is not None
    )
