"""What a city has of one period, as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import chain
from pathlib import Path

from xl_automation.checks.earlier import PastPeriod
from xl_automation.checks.finding import Finding
from xl_automation.checks.look_first import LookFirst, look_first
from xl_automation.checks.seal import SEAL_WORDS, JudgedSeal, SealState, judge_seal
from xl_automation.consolidation.appendix import AppendixFigure
from xl_automation.consolidation.decisions import Decision, JudgedDecision
from xl_automation.consolidation.intake import Intake
from xl_automation.consolidation.lower import LowerSummary
from xl_automation.consolidation.past_totals import PastTotals
from xl_automation.consolidation.register import Event, FindingKey, LeftOut, UnitRecord
from xl_automation.consolidation.tables import CombinedTable
from xl_automation.consolidation.unit_findings import UnitFinding
from xl_automation.forms.aggregate import Reports, Total
from xl_automation.reading.figures import FigureRow, Figures
from xl_automation.reading.passed_over import PassedOver


@dataclass(frozen=True)
class Consolidation(Intake):
    """What a city has of one period: the files that came, and what they come to.

    Attributes:
        figures: The figures of the submissions that count: communes, then the city.
        reports: The same, as what the totals combine.
        totals: The combined figure of each row.
        code_counts: How many communes chose each code, of rows that are combined so.
        findings: What is wrong: first with all files together, then with each unit.
        passed_over: What lay beside the files received and was not read.
        appendix: The figures of the city's own appendix (B) by id.
        left_out: The figures that are in no total, by unit in the order of the list.
        decisions: What became of each decision.
        records: Where each unit stands now, by code, in the order of the list.
        due: The day by which reports are due.
        is_locked: Whether the whole round is frozen.
        answers: Who looks after a finding and what came of it, by the finding's key.
        events: What changed from run to run, the latest first.
        tables: The supporting tables of the communes together, by id.
        undecided: How many rules could not be decided for each submission that counts.
        past: The totals of earlier periods, the latest first.
        unit_past: What the communes reported in these, by the units of now, the latest first.
        lower: The summaries of lower levels that reports came in.
        inherited: What lower levels decided of their units.
    """

    figures: Figures
    reports: Reports
    totals: Mapping[str, Total]
    code_counts: Mapping[str, Mapping[str, int]]
    findings: tuple[UnitFinding, ...]
    passed_over: tuple[PassedOver, ...] = ()
    appendix: Mapping[str, AppendixFigure] = field(default_factory=dict)
    left_out: tuple[LeftOut, ...] = ()
    decisions: tuple[JudgedDecision, ...] = ()
    records: Mapping[str, UnitRecord] = field(default_factory=dict)
    due: date | None = None
    is_locked: bool = False
    answers: Mapping[FindingKey, tuple[str, str]] = field(default_factory=dict)
    events: tuple[Event, ...] = ()
    undecided: tuple[int, ...] = ()
    tables: Mapping[str, CombinedTable] = field(default_factory=dict)
    past: tuple[PastTotals, ...] = ()
    unit_past: tuple[PastPeriod, ...] = ()
    lower: tuple[LowerSummary, ...] = ()
    inherited: tuple[Decision, ...] = ()

    @property
    def settled(self) -> int:
        """How many findings nobody has to act on any more."""
        return sum(located.finding.settled is not None for located in self.findings)

    @property
    def on_time(self) -> int | None:
        """How many communes reported in time; None where no day is due."""
        if self.due is None:
            return None
        return sum(record.timeliness == "on-time" for record in self.records.values())

    @property
    def late(self) -> tuple[UnitRecord, ...]:
        """The communes whose report came late."""
        return tuple(one for one in self.records.values() if one.timeliness == "late")

    @property
    def commune_rows(self) -> tuple[FigureRow, ...]:
        """The figures of each commune, in the order of ``communes``."""
        return tuple(map(self.figures.row, range(len(self.communes))))

    @property
    def city_row(self) -> FigureRow | None:
        """The figures of the city's own workbook, None without it."""
        return self.figures.row(len(self.communes)) if self.city else None

    @cached_property
    def seals(self) -> Mapping[Path, JudgedSeal]:
        """What the seal of each file of the period is worth, those replaced by later ones too."""
        replaced = (duplicate.replaced for duplicate in self.duplicates)
        files = chain(self.counted, *replaced)
        return {submission.path: judge_seal(self.form, submission) for submission in files}

    @cached_property
    def look_first(self) -> Mapping[Path, LookFirst]:
        """The cells of a file to look at before all others, where its findings do not say it all.

        By the file; files without such cells are not in it.
        """
        by_file: dict[Path, list[Finding]] = {}
        for located in self.findings:
            if located.submission is not None:
                by_file.setdefault(located.submission.path, []).append(located.finding)
        files = [submission.path for submission in self.figures.submissions]
        first = look_first(self.figures, [by_file.get(path, []) for path in files])
        return {path: cells for path, cells in zip(files, first, strict=True) if cells}

    @property
    def seal_counts(self) -> Mapping[SealState, int]:
        """How many of the files that count have a seal of each state; those of none left out."""
        states = Counter(self.seals[submission.path].state for submission in self.counted)
        return {state: states[state] for state in SEAL_WORDS if states[state]}
