"""The figures of many communes → one total per row, each combined by its own ``aggregate``.

A percentage is never averaged: it is recomputed from combined parts. A total says how many units
filled it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

import numpy as np
import pandas as pd

from xl_automation.consolidation.consolidation import Consolidation, Total
from xl_automation.forms.expression import refs
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain, show
from xl_automation.forms.percentage import percent
from xl_automation.forms.python_face import decided, evaluate

MANY_UNITS = 3  # more than these that say the same are counted, not named


def totals(result: Consolidation) -> dict[str, Total]:
    """Return the combined figure of each row; needs the counts of the codes."""
    return {item.id: _METHODS[item.aggregate](result, item) for item in result.form.figures}


def code_counts(result: Consolidation) -> dict[str, dict[str, int]]:
    """Return how many communes chose each code; a code off the list counts under itself."""
    counts = {}
    for item in result.form.figures:
        if item.aggregate == "code_count":
            found = Counter(plain(float(value)) for value in known(result, item.id))
            listed = {str(code): found.pop(code, 0) for code in item.codes}
            counts[item.id] = listed | {str(code): n for code, n in found.items()}
    return counts


def code_label(item: Indicator, code: str) -> str:
    """Return what a code of a row means, also of one that is not on its list."""
    return next((text for one, text in item.codes.items() if str(one) == code), f"mã {code}")


def known(result: Consolidation, id: str) -> pd.Series:
    """Return the communes' numbers of a row, by place in ``communes``, without the blanks."""
    return result.commune_numbers[id].dropna()


def weights(result: Consolidation, item: Indicator) -> pd.Series:
    """Return the weight that each commune has in a weighted row, NaN where none."""
    assert item.weight is not None
    weight = evaluate(item.weight, result.table)
    usable = decided(item.weight, result.table) & (weight > 0)
    return pd.Series(np.where(usable, weight, np.nan)).iloc[: len(result.communes)]


def part_and_whole(item: Indicator) -> tuple[str, str]:
    """Return the ids of the rows that a percentage is computed from."""
    assert item.percent is not None
    return refs(item.percent.part)[0], refs(item.percent.whole)[0]


def who_says_what(result: Consolidation, id: str) -> str:
    """Return each value with the units that say it, the commonest by their number only."""
    names: dict[float, list[str]] = {}
    for at, value in known(result, id).items():
        names.setdefault(value, []).append(result.communes[int(str(at))].unit_name or "")
    texts = []
    for value, mine in sorted(names.items(), key=lambda one: -len(one[1])):
        who = f"{len(mine)} đơn vị" if len(mine) > MANY_UNITS else ", ".join(mine)
        texts.append(f"{show(value)} ({who})")
    return "; ".join(texts)


# --- a function per aggregate ------------------------------------------------------------------


def _sum(result: Consolidation, item: Indicator) -> Total:
    numbers = known(result, item.id)
    total = _fsum(numbers)
    if math.isnan(total):
        return Total(None, len(numbers), "Không cộng được: có số quá lớn")
    value = plain(round(total, 6)) if len(numbers) else None
    return Total(value, len(numbers), "Cộng các đơn vị có số")


def _ratio(
    result: Consolidation, item: Indicator, note: str = "Tính lại từ tổng các thành phần"
) -> Total:
    both = _filled(result, item)
    part, whole = (_fsum(result.commune_numbers.loc[both, id]) for id in part_and_whole(item))
    return Total(_percent(part, whole), int(both.sum()), note)


def _shared(result: Consolidation, item: Indicator) -> Total:
    numbers = known(result, item.id)
    if numbers.nunique() > 1:
        said = who_says_what(result, item.id)
        return Total(None, len(numbers), f"Không thống nhất: {said}")
    value = plain(float(numbers.iloc[0])) if len(numbers) else None
    return Total(value, len(numbers), "Số chung của các đơn vị")


def _ratio_shared(result: Consolidation, item: Indicator) -> Total:
    assert item.percent is not None
    part, whole = (_shared(result, result.form.by_id[id]) for id in part_and_whole(item))
    if part.value is None or whole.value is None:
        differs = any(known(result, id).nunique() > 1 for id in item.percent.refs)
        mean = "Bình quân các xã (thành phần không thống nhất)"
        return _ratio(result, item, mean if differs else "Chưa đủ thành phần")
    both = int(_filled(result, item).sum())
    return Total(_percent(part.value, whole.value), both, "Tính từ số chung")


def _code_count(result: Consolidation, item: Indicator) -> Total:
    counts = result.code_counts[item.id]
    parts = [f"{code_label(item, code)}: {n}" for code, n in counts.items()]
    return Total(None, len(known(result, item.id)), "; ".join(parts))


def _share_units(result: Consolidation, item: Indicator) -> Total:
    numbers = known(result, item.id)
    share = _percent(float((numbers == 100).sum()), float(len(numbers)))
    return Total(share, len(numbers), "Số đơn vị đạt 100 / số đơn vị có số")


def _weighted(result: Consolidation, item: Indicator) -> Total:
    values, by = result.commune_numbers[item.id], weights(result, item)
    both = values.notna() & by.notna()
    total = _fsum(by[both])
    if total > 0:
        mean = _percent(_fsum(values[both] * by[both]) / 100, total)
        return Total(mean, int(both.sum()), "Bình quân có quyền số")
    numbers = values.dropna()
    mean = _percent(_fsum(numbers) / 100, float(len(numbers)))
    return Total(mean, len(numbers), "Bình quân giản đơn, tham khảo (thiếu quyền số)")


def _city(result: Consolidation, item: Indicator) -> Total:
    if result.city is None:
        return Total(None, 0, "Chờ sổ của thành phố")
    number = float(result.table.numbers[item.id].iloc[-1])
    value = None if math.isnan(number) else plain(number)
    return Total(value, int(value is not None), "Theo sổ của thành phố")


def _no_aggregate(result: Consolidation, item: Indicator) -> Total:
    numbers = known(result, item.id)
    if not len(numbers):
        return Total(None, 0, "Không gộp được")
    low, high = show(float(numbers.min())), show(float(numbers.max()))
    return Total(None, len(numbers), f"Không gộp được; từ {low} đến {high}")


_METHODS: Mapping[str, Callable[[Consolidation, Indicator], Total]] = {
    "sum": _sum,
    "ratio": _ratio,
    "shared": _shared,
    "ratio_shared": _ratio_shared,
    "code_count": _code_count,
    "share_units": _share_units,
    "weighted": _weighted,
    "city": _city,
    "no_aggregate": _no_aggregate,
}


def _filled(result: Consolidation, item: Indicator) -> pd.Series:
    """Return True for the communes that have every part of a percentage."""
    assert item.percent is not None
    return result.commune_numbers[list(item.percent.refs)].notna().all(axis=1)


def _fsum(numbers: Iterable[float]) -> float:
    """Return the exact sum, NaN where no float can hold it."""
    try:
        return math.fsum(numbers)
    except (OverflowError, ValueError):
        return math.nan


def _percent(part: float, whole: float) -> float | int | None:
    value = float(percent(part, whole))
    return plain(value) if math.isfinite(value) else None
