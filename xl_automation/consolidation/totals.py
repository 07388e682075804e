"""The figures of many communes → one total per row, each combined by its own aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from xl_automation.consolidation.intake import Intake
from xl_automation.forms.aggregate import Reports, Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_counts
from xl_automation.reading.figures import Figures, tabulate


@dataclass(frozen=True, slots=True)
class CombinedFigures:
    """The figures of a city and what they come to.

    Attributes:
        figures: The figures of the submissions that count: communes, then the city.
        reports: The same, as what is combined.
        totals: The combined figure of each row.
        code_counts: How many communes chose each code, of rows that are combined so.
    """

    figures: Figures
    reports: Reports
    totals: Mapping[str, Total]
    code_counts: Mapping[str, Mapping[str, int]]


def combine(intake: Intake) -> CombinedFigures:
    """Return the figures of the submissions that count, and their totals."""
    figures = tabulate(intake.form, intake.counted)
    communes = range(len(intake.communes))
    reports = Reports(
        communes=figures.subset(communes),
        names=tuple(commune.unit_name or "" for commune in intake.communes),
        city=figures.subset([len(communes)]) if intake.city else None,
    )
    rows = [(item, aggregate_of(item)) for item in intake.form.figures]
    return CombinedFigures(
        figures=figures,
        reports=reports,
        totals={item.id: aggregate.combine(reports, item) for item, aggregate in rows},
        code_counts={
            item.id: code_counts(reports, item)
            for item, aggregate in rows
            if aggregate.counts_codes
        },
    )
