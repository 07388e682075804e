"""What stands behind a total: its parts, the plain mean, who weighs most and who has no figure.

All but the names of those without a figure is live, over the matrix.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.forms.aggregate import complete_units
from xl_automation.forms.aggregates import aggregate_of, simple_mean, simple_mean_formula
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import Floats
from xl_automation.summary.cell import LiveFormula
from xl_automation.summary.places import SummaryPlaces, TotalsColumn
from xl_automation.wording import capitalized, printable, quoted

NAMED = 3  # units without a figure; of more than these the rest are counted
_LARGEST: tuple[TotalsColumn, ...] = ("largest", "largest_unit", "share")


class RowFacts:
    """What the totals say of each row beside its figure."""

    def __init__(
        self, result: Consolidation, places: SummaryPlaces, names: Mapping[str, str]
    ) -> None:
        """Begin with what the matrix calls each unit, by code."""
        self._result, self._places = result, places
        self._names = [
            names.get(commune.unit_code or "") or commune.unit_name or ""
            for commune in result.communes
        ]

    # --- a ratio -----------------------------------------------------------------------------

    def parts(self, item: Indicator) -> tuple[LiveFormula, LiveFormula] | None:
        """Return the combined numerator and denominator of a ratio; None of another row."""
        ids = self._parts(item)
        if not ids:
            return None
        part, whole = (
            LiveFormula(f"={self._places.total(id)}", self._result.totals[id].value) for id in ids
        )
        return part, whole

    def _parts(self, item: Indicator) -> tuple[str, ...]:
        """Return the rows whose totals a rate is computed from; none of another row."""
        aggregate, by_id = aggregate_of(item), self._result.form.by_id
        ids = aggregate.parts(item) if aggregate.is_rate else ()
        if ids == (item.id,) or not all(id in by_id for id in ids):
            return ()
        parts = (aggregate_of(by_id[id]) for id in ids)
        return ids if not aggregate.pairs_parts or all(part.is_added for part in parts) else ()

    def mean(self, item: Indicator) -> LiveFormula | None:
        """Return the plain mean of the units' percentages; None where there is none to compare."""
        aggregate = aggregate_of(item)
        if not (aggregate.is_rate or aggregate.is_weighted):
            return None
        formula = f"={simple_mean_formula(self._places, item)}"
        return LiveFormula(formula, simple_mean(self._result.reports, item))

    # --- who weighs most ---------------------------------------------------------------------

    def largest(self, item: Indicator) -> tuple[LiveFormula, LiveFormula, LiveFormula] | None:
        """Return the greatest figure that is added in a row, whose it is, its share of the total.

        Of a ratio it is that of its denominator. Where a figure is below 0 or nothing comes
        together no unit has a share.

        Returns:
            None of a row that is not added.
        """
        parts = self._parts(item) if aggregate_of(item).pairs_parts else ()
        row = self._result.form.by_id[parts[1]] if parts else item
        if not aggregate_of(row).is_added:
            return None
        values = self._largest(row)
        if parts:
            cells = (self._places.totals_cell(name, row.id).cell for name in _LARGEST)
            formulas = [f"={cell}" for cell in cells]
        else:
            formulas = self._largest_formulas(item)
        figure, unit, share = map(LiveFormula, formulas, values)
        return figure, unit, share

    def _largest(self, item: Indicator) -> tuple[float | int | None, str | None, float | None]:
        reports, total = self._result.reports, self._result.totals[item.id].value
        numbers: Floats = reports.numbers(item.id)
        counted = reports.complete((item.id, *reports.pair(item.id)))
        if not total or total < 0 or bool((numbers < 0).any()):
            return None, None, None
        most = float(numbers[counted].max())
        with_most = np.flatnonzero(counted & (numbers == most))
        others = f" và {len(with_most) - 1} đơn vị khác" if len(with_most) > 1 else ""
        unit = printable(self._names[int(with_most[-1])]) + others
        return int(most) if most.is_integer() else most, unit, most / total

    def _largest_formulas(self, item: Indicator) -> list[str]:
        places = self._places
        units, total, pair = places.units(item.id), places.total(item.id), places.pair(item.id)
        most = places.totals_cell("largest", item.id).cell
        counted = complete_units(places, pair or (item.id,))
        # A text in the column would make a product an error: it is chosen from, not multiplied.
        chosen = f"IF({counted},{units})" if pair else units
        figure = f'=IF(AND(N({total})>0,COUNTIF({units},"<0")=0),MAX({chosen}),"")'
        whose = f"{counted}*({units}={most})"
        others = f"SUMPRODUCT({whose})-1"
        named = f"LOOKUP(2,1/({whose}),{places.unit_names})"
        unit = f'{named}&IF({others}>0," và "&{others}&" đơn vị khác","")'
        return [
            f"{{{figure}}}" if pair else figure,
            f'=IF({most}="","",{unit})',
            f'=IF({most}="","",{most}/{total})',
        ]

    # --- who has no figure -------------------------------------------------------------------

    def missing(self, item: Indicator) -> str:
        """Return who has neither a figure in a row nor a code that says why; empty for nobody.

        Of a ratio it is who lacks a part of it. Units that sent nothing are counted.
        """
        result, aggregate = self._result, aggregate_of(item)
        if aggregate.is_city:
            total = result.totals[item.id]
            return "" if total.filled or total.absent else capitalized(result.form.city)
        figures, count = result.figures, len(result.communes)
        lacks, is_whole = np.zeros(count, dtype=bool), np.ones(count, dtype=bool)
        for id in aggregate.parts(item):
            first = is_whole & np.isnan(figures.take(id, "number")[:count])
            lacks |= first & (figures.absences(id)[:count] == 0)
            is_whole &= ~first
        names = [quoted(self._names[place]) for place in np.flatnonzero(lacks).tolist()]
        others = f" và {len(names) - NAMED} đơn vị khác" if len(names) > NAMED else ""
        told = [f"{', '.join(names[:NAMED])}{others}"] if names else []
        silent = [f"chưa gửi: {len(result.missing)}"] if result.missing else []
        return "; ".join((*told, *silent))
