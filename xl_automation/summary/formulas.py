"""The live formula of each total, over the columns of the matrix and the totals sheet."""

from __future__ import annotations

from collections.abc import Iterable

from xl_automation.consolidation.totals import code_label, part_and_whole
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import PLACES
from xl_automation.summary.places import Places

MAX_FORMULA = 8192  # characters


def total(places: Places, item: Indicator) -> str:
    """Return the formula of the combined figure of a row."""
    cells = _cells(places, item.id)
    match item.aggregate:
        case "sum":
            return f'=IF(COUNT({cells})=0,"",SUM({cells}))'
        case "shared":
            return f'=IF(COUNT({cells})=0,"",IF(MAX({cells})=MIN({cells}),MAX({cells}),""))'
        case "ratio":
            return f"={_ratio(places, item)}"
        case "ratio_shared":
            return _ratio_shared(places, item)
        case "share_units":
            full = f"SUMPRODUCT(ISNUMBER({cells})*({cells}=100))"
            return f'=IF(COUNT({cells})=0,"",ROUND(100*{full}/COUNT({cells}),{PLACES}))'
        case "weighted":
            return _weighted(places, item)
        case "city":
            return city(places, item)
    return '=""'


def city(places: Places, item: Indicator) -> str:
    """Return the formula of what the city's own workbook says."""
    cell = places.city_cell(item.id)
    return f'=IF(ISNUMBER({cell}),{cell},"")'


def filled(places: Places, item: Indicator) -> str:
    """Return the formula of how many units filled a row."""
    cells = _cells(places, item.id)
    if item.aggregate == "city":
        return f"=COUNT({places.city_cell(item.id)})"
    if item.aggregate in ("ratio", "ratio_shared"):
        part, whole = (_cells(places, id) for id in part_and_whole(item))
        return f"=SUMPRODUCT(ISNUMBER({part})*ISNUMBER({whole}))"
    if item.aggregate == "weighted":
        by = places.units_range(places.weight_columns[item.id])
        both = f"SUMPRODUCT(ISNUMBER({cells})*ISNUMBER({by}))"
        return f"=IF({both}>0,{both},COUNT({cells}))"
    return f"=COUNT({cells})"


def code_counts(places: Places, item: Indicator, codes: Iterable[str]) -> str | None:
    """Return the formula of how many units chose each code, None where it would be too long."""
    cells, pieces = _cells(places, item.id), []
    for code in codes:
        label = code_label(item, code).replace('"', '""')
        pieces.append(f'"{label}: "&SUMPRODUCT(ISNUMBER({cells})*({cells}={code}))')
    formula = "=" + '&"; "&'.join(pieces)
    return formula if len(formula) <= MAX_FORMULA else None


def _cells(places: Places, id: str) -> str:
    return places.units_range(places.columns[id])


def _ratio(places: Places, item: Indicator) -> str:
    part, whole = (_cells(places, id) for id in part_and_whole(item))
    both = f"ISNUMBER({part})*ISNUMBER({whole})"
    under = f"SUMPRODUCT({both},{whole})"
    return f'IF({under}=0,"",ROUND(100*SUMPRODUCT({both},{part})/{under},{PLACES}))'


def _ratio_shared(places: Places, item: Indicator) -> str:
    part, whole = (f"$D${places.rows[id]}" for id in part_and_whole(item))
    agreed = f'IF({whole}=0,"",ROUND(100*{part}/{whole},{PLACES}))'
    return f"=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),{agreed},{_ratio(places, item)})"


def _weighted(places: Places, item: Indicator) -> str:
    cells = _cells(places, item.id)
    by = places.units_range(places.weight_columns[item.id])
    both = f"ISNUMBER({cells})*ISNUMBER({by})"
    under = f"SUMPRODUCT({both},{by})"
    mean = f"ROUND(SUMPRODUCT({both},{cells},{by})/{under},{PLACES})"
    simple = f'IF(COUNT({cells})=0,"",ROUND(SUM({cells})/COUNT({cells}),{PLACES}))'
    return f"=IF({under}>0,{mean},{simple})"
