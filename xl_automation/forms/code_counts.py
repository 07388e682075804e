"""How many units chose each code of a row, in both faces."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from xl_automation.forms.aggregate import Reports, SummaryCells
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain

MAX_FORMULA = 8192  # characters


def code_counts(reports: Reports, item: Indicator) -> dict[str, int]:
    """Return how many communes chose each code; a code off the list counts under itself."""
    chosen = Counter(map(plain, reports.known(item.id).tolist()))
    listed = {str(code): chosen.pop(code, 0) for code in item.codes}
    return listed | {str(code): count for code, count in chosen.items()}


def code_label(item: Indicator, code: str) -> str:
    """Return what a code of a row means, also of one that is not on its list."""
    labels = {str(listed): label for listed, label in item.codes.items()}
    return labels.get(code, f"mã {code}")


def code_counts_formula(cells: SummaryCells, item: Indicator, codes: Iterable[str]) -> str | None:
    """Return the formula of how many units chose each code, None where it would be too long."""
    units, pieces = cells.units(item.id), []
    for code in codes:
        label = code_label(item, code).replace('"', '""')
        pieces.append(f'"{label}: "&SUMPRODUCT(ISNUMBER({units})*({units}={code}))')
    formula = "=" + '&"; "&'.join(pieces)
    return formula if len(formula) <= MAX_FORMULA else None
