"""The figures of many communes → one total per row, each combined by its own aggregate."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from xl_automation.consolidation.intake import Intake
from xl_automation.consolidation.left_out import Excluded, left_out, noted, without
from xl_automation.consolidation.register import LeftOut
from xl_automation.forms.aggregate import Reports, Total
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.code_counts import code_counts
from xl_automation.forms.pairs import pairs
from xl_automation.reading.figures import Figures, tabulate


@dataclass(frozen=True, slots=True)
class CombinedFigures:
    """The figures of a city and what they come to.

    Attributes:
        figures: The figures of the submissions that count: communes, then the city.
        reports: The same, as what is combined: without what the city excluded.
        totals: The combined figure of each row.
        code_counts: How many communes chose each code, of rows that are combined so.
        left_out: The figures that are in no total.
    """

    figures: Figures
    reports: Reports
    totals: Mapping[str, Total]
    code_counts: Mapping[str, Mapping[str, int]]
    left_out: tuple[LeftOut, ...]


def combine(intake: Intake, excluded: Excluded = MappingProxyType({})) -> CombinedFigures:
    """Return the figures of the submissions that count, and their totals.

    Args:
        intake: The submissions that count.
        excluded: What the city takes out of all totals.
    """
    form, figures = intake.form, tabulate(intake.form, intake.counted)
    communes, usable = range(len(intake.communes)), without(figures, excluded)
    reports = Reports(
        communes=usable.subset(communes),
        names=tuple(commune.unit_name or "" for commune in intake.communes),
        city=usable.subset([len(communes)]) if intake.city else None,
        pairs=pairs(form),
        codes=form.absence_codes,
        city_word=form.city,
    )
    rows = [(item, aggregate_of(item)) for item in form.figures]
    not_added = left_out(figures, reports, excluded)
    totals = {item.id: aggregate.combine(reports, item) for item, aggregate in rows}
    return CombinedFigures(
        figures=figures,
        reports=reports,
        totals=noted(form, totals, not_added),
        code_counts={
            item.id: code_counts(reports, item)
            for item, aggregate in rows
            if aggregate.counts_codes
        },
        left_out=not_added,
    )
