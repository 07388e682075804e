"""What may have gone wrong where a percentage is not what its parts give."""

from __future__ import annotations

from collections.abc import Iterator

from xl_automation.excel.functions.form_range import FormRange
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import show

_MANY = 10  # a count from here on is hardly equal to a percentage by chance


def and_then(text: str) -> str:
    """Return a guess as the end of a sentence."""
    return f"; {text}" if text else ""


def count_typed(figures: FormRange, item: Indicator, stated: float) -> str:
    """Return what says that a count was typed where a percentage belongs, or ""."""
    if stated.is_integer() and stated >= _MANY and stated != 100:
        for id, value in counts(figures, item):
            if value == stated:
                return (
                    f"{show(stated)} bằng đúng {figures.named(id)}: "
                    "có thể đã ghi số lượng vào ô tỷ lệ"
                )
    if abs(stated) > 100:
        return "tỷ lệ vượt quá 100: có thể đã ghi số lượng vào ô tỷ lệ"
    return ""


def counts(
    figures: FormRange, item: Indicator, unit: str | None = None
) -> Iterator[tuple[str, float]]:
    """Yield the counts and amounts of the form, those printed nearest to *item* first."""
    place = figures.form.indicators.index(item)
    nearest = sorted(
        enumerate(figures.form.indicators), key=lambda numbered: abs(numbered[0] - place)
    )
    for _, other in nearest:
        value = figures.row.number(other.id) if other.kind in ("count", "amount") else None
        if value and (unit is None or other.unit == unit):
            yield other.id, value
