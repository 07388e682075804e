"""The ways in which a city combines the communes' figures of a row: one record for each.

A percentage is never averaged: it is recomputed from combined parts. A total says how many units
filled it. Adding a way is adding a record to ``AGGREGATES``; the loader, the totals, the summary
and the custom functions know them from there.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from xl_automation.forms.aggregate import (
    Aggregate,
    Reports,
    SummaryCells,
    Total,
    city_figure,
    complete_units,
    count_of_units,
)
from xl_automation.forms.code_counts import code_counts, code_label
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.numbers import plain, show
from xl_automation.forms.percentage import PLACES
from xl_automation.forms.ratios import (
    bare_ratio,
    exact_sum,
    part_and_whole,
    percentage,
    ratio,
    ratio_filled,
    ratio_formula,
    ratio_lacks,
)

HEADING = "none"  # what a row without a figure has for an aggregate


def aggregate_of(item: Indicator) -> Aggregate:
    """Return how a row is combined."""
    return AGGREGATES[item.aggregate]


def _no_figure(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of a row that has no combined figure."""
    return '=""'


# --- sum ---------------------------------------------------------------------------------------


def _sum(reports: Reports, item: Indicator) -> Total:
    added = reports.added(item.id)
    total = exact_sum(added)
    if math.isnan(total):
        return Total(None, len(added), "Không cộng được: có số quá lớn")
    return Total(plain(round(total, 6)) if len(added) else None, len(added))


def _sum_formula(cells: SummaryCells, item: Indicator) -> str:
    units = cells.units(item.id)
    if pair := cells.pair(item.id):
        complete = complete_units(cells, pair)
        return f'=IF(SUMPRODUCT({complete})=0,"",SUMPRODUCT({complete},{units}))'
    return f'=IF(COUNT({units})=0,"",SUM({units}))'


def _sum_filled(cells: SummaryCells, item: Indicator) -> str:
    pair = cells.pair(item.id)
    return f"=SUMPRODUCT({complete_units(cells, pair)})" if pair else count_of_units(cells, item)


# --- shared: one figure for all ----------------------------------------------------------------


def _shared(reports: Reports, item: Indicator) -> Total:
    known = reports.known(item.id)
    if reports.differ(item.id):
        said = reports.who_says_what(item.id)
        return Total(None, len(known), f"Không thống nhất: {said}")
    return Total(plain(float(known[0])) if len(known) else None, len(known))


def _shared_formula(cells: SummaryCells, item: Indicator) -> str:
    units = cells.units(item.id)
    return f'=IF(COUNT({units})=0,"",IF(MAX({units})=MIN({units}),MAX({units}),""))'


def _ratio_shared(reports: Reports, item: Indicator) -> Total:
    ids = part_and_whole(item)
    recomputed = ratio(reports, item)
    known = [reports.known(id) for id in ids]
    if any(reports.differ(id) for id in ids):
        return Total(
            recomputed.value, recomputed.filled, "Bình quân các xã (thành phần không thống nhất)"
        )
    if not all(map(len, known)):
        return Total(recomputed.value, recomputed.filled, "Chưa đủ thành phần")
    part, whole = (float(numbers[0]) for numbers in known)
    return Total(percentage(part, whole), recomputed.filled)


def _ratio_shared_formula(cells: SummaryCells, item: Indicator) -> str:
    part, whole = map(cells.total, part_and_whole(item))
    agreed = f'IF({whole}=0,"",ROUND(100*{part}/{whole},{PLACES}))'
    bare = bare_ratio(cells, item)
    return f"=IF(AND(ISNUMBER({part}),ISNUMBER({whole})),{agreed},{bare})"


def _ratio_shared_lacks(form: Form, item: Indicator) -> str:
    if lacking := ratio_lacks(form, item):
        return lacking
    parts = (form.by_id.get(id) for id in part_and_whole(item))
    # The formula takes the parts' totals, which are the agreed figures of such rows only.
    if not all(part and aggregate_of(part).total is _shared for part in parts):
        return f"{item.aggregate} needs parts that are shared themselves"
    return ""


# --- code_count --------------------------------------------------------------------------------


def _code_count(reports: Reports, item: Indicator) -> Total:
    counts = code_counts(reports, item)
    parts = [f"{code_label(item, code)}: {count}" for code, count in counts.items()]
    return Total(None, len(reports.known(item.id)), "; ".join(parts))


def _code_count_lacks(form: Form, item: Indicator) -> str:
    return "" if item.codes else f"{item.aggregate} needs codes"


# --- share_units -------------------------------------------------------------------------------


def _share_units(reports: Reports, item: Indicator) -> Total:
    known = reports.known(item.id)
    return Total(percentage(float((known == 100).sum()), float(len(known))), len(known))


def _share_units_formula(cells: SummaryCells, item: Indicator) -> str:
    units = cells.units(item.id)
    full = f"SUMPRODUCT(ISNUMBER({units})*({units}=100))"
    return f'=IF(COUNT({units})=0,"",ROUND(100*{full}/COUNT({units}),{PLACES}))'


# --- weighted ----------------------------------------------------------------------------------


def simple_mean(reports: Reports, item: Indicator) -> float | int | None:
    """Return the mean of the communes' percentages, each counted alike: of no use as a total."""
    known = reports.known(item.id)
    return percentage(exact_sum(known) / 100, float(len(known)))


def simple_mean_formula(cells: SummaryCells, item: Indicator) -> str:
    """Return the formula of :func:`simple_mean`, without ``=``."""
    units = cells.units(item.id)
    return f'IF(COUNT({units})=0,"",ROUND(SUM({units})/COUNT({units}),{PLACES}))'


def _weighted(reports: Reports, item: Indicator) -> Total:
    values, weights = reports.numbers(item.id), reports.weights(item)
    both = ~np.isnan(values) & ~np.isnan(weights)
    total = exact_sum(weights[both])
    if total > 0:
        with np.errstate(over="ignore"):  # beyond any float there is no mean, and it says so
            weighted = values[both] * weights[both]
        return Total(percentage(exact_sum(weighted) / 100, total), int(both.sum()))
    filled = len(reports.known(item.id))
    mean = simple_mean(reports, item)
    return Total(mean, filled, "Bình quân giản đơn, tham khảo (thiếu quyền số)")


def _weighted_formula(cells: SummaryCells, item: Indicator) -> str:
    units, weights = cells.units(item.id), cells.weights(item.id)
    both = f"ISNUMBER({units})*ISNUMBER({weights})"
    under = f"SUMPRODUCT({both},{weights})"
    mean = f"ROUND(SUMPRODUCT({both},{units},{weights})/{under},{PLACES})"
    return f"=IF({under}>0,{mean},{simple_mean_formula(cells, item)})"


def _weighted_filled(cells: SummaryCells, item: Indicator) -> str:
    units, weights = cells.units(item.id), cells.weights(item.id)
    both = f"SUMPRODUCT(ISNUMBER({units})*ISNUMBER({weights}))"
    return f"=IF({both}>0,{both},COUNT({units}))"


def _weighted_lacks(form: Form, item: Indicator) -> str:
    return "" if item.weight else f"{item.aggregate} needs a weight"


# --- city, no_aggregate, none ------------------------------------------------------------------


def _city(reports: Reports, item: Indicator) -> Total:
    if reports.city is None:
        return Total(None, 0, f"Chờ sổ của {reports.city_word}")
    number = reports.city_number(item.id)
    return Total(None, 0) if number is None else Total(plain(number), 1)


def _city_filled(cells: SummaryCells, item: Indicator) -> str:
    return f"=COUNT({cells.city(item.id)})"


def _range(reports: Reports, item: Indicator) -> Total:
    known = reports.known(item.id)
    if not len(known):
        return Total(None, 0)
    low, high = show(float(known.min())), show(float(known.max()))
    return Total(None, len(known), f"Không gộp được; từ {low} đến {high}")


def _nothing(reports: Reports, item: Indicator) -> Total:
    return Total(None, 0)


# --- the records -------------------------------------------------------------------------------

_RECORDS = (
    Aggregate(
        name="sum",
        words="cộng các đơn vị",
        note="Cộng các đơn vị có số",
        total=_sum,
        formula=_sum_formula,
        filled=_sum_filled,
        is_added=True,
    ),
    Aggregate(
        name="ratio",
        words="tính lại từ tổng tử số và tổng mẫu số, không lấy bình quân tỷ lệ",
        note="Tính lại từ tổng các thành phần",
        total=ratio,
        formula=ratio_formula,
        filled=ratio_filled,
        lacks=ratio_lacks,
        parts=part_and_whole,
        pairs_parts=True,
        is_rate=True,
        blank_is_answer=True,
    ),
    Aggregate(
        name="shared",
        words="số chung của mọi đơn vị: lấy một số, không cộng",
        note="Số chung của các đơn vị",
        total=_shared,
        formula=_shared_formula,
    ),
    Aggregate(
        name="ratio_shared",
        words="tính từ hai số chung của mọi đơn vị",
        note="Tính từ số chung",
        total=_ratio_shared,
        formula=_ratio_shared_formula,
        filled=ratio_filled,
        lacks=_ratio_shared_lacks,
        parts=part_and_whole,
        is_rate=True,
        blank_is_answer=True,
    ),
    Aggregate(
        name="code_count",
        words="đếm số đơn vị chọn mỗi mã",
        total=_code_count,
        formula=_no_figure,
        lacks=_code_count_lacks,
        counts_codes=True,
    ),
    Aggregate(
        name="share_units",
        words="tỷ lệ đơn vị đạt 100",
        note="Số đơn vị đạt 100 / số đơn vị có số",
        total=_share_units,
        formula=_share_units_formula,
        appendix_takes_it=True,
        blank_is_answer=True,
    ),
    Aggregate(
        name="weighted",
        words="bình quân có quyền số",
        note="Bình quân có quyền số",
        total=_weighted,
        formula=_weighted_formula,
        filled=_weighted_filled,
        lacks=_weighted_lacks,
        is_weighted=True,
        blank_is_answer=True,
    ),
    Aggregate(
        name="city",
        words="chỉ sổ của {city} có số này",
        note="Theo sổ của {city}",
        total=_city,
        formula=city_figure,
        filled=_city_filled,
        is_city=True,
    ),
    Aggregate(
        name="no_aggregate",
        words="không gộp được",
        note="Không gộp được",
        total=_range,
        formula=_no_figure,
    ),
    Aggregate(
        name=HEADING,
        words="dòng tiêu đề, không có số liệu",
        total=_nothing,
        formula=_no_figure,
    ),
)
AGGREGATES: Mapping[str, Aggregate] = {aggregate.name: aggregate for aggregate in _RECORDS}
