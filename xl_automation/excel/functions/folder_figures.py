"""Figures of all the reports in a folder, for custom functions: consolidated once per change."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import pandas as pd

from xl_automation.consolidation.consolidate import consolidate
from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.intake import common_period
from xl_automation.errors import UserError
from xl_automation.excel.functions.folder_content import (
    MAX_FOLDERS,
    FolderContent,
    content_of,
    kept_content,
)
from xl_automation.excel.functions.report_files import PassingRefusal, Version
from xl_automation.forms.aggregates import aggregate_of
from xl_automation.forms.form import Form
from xl_automation.forms.period import Period
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.reading.submission import Submission

Units = tuple[ReportingUnit, ...] | None
METHODS: Mapping[str, str] = {
    "": "form",
    "bieu mau": "form",
    "theo bieu mau": "form",
    "tong": "sum",
    "trung binh": "mean",
    "trung vi": "median",
    "nho nhat": "min",
    "lon nhat": "max",
    "so don vi": "count",
}


def consolidation(
    versions: tuple[Version, ...], expected: Form, units: Units = None
) -> Consolidation:
    """Return the consolidation of workbooks, of the period that most are for.

    Args:
        versions: The workbooks.
        expected: The form that they are likely to be of.
        units: Who owes a report; the form's own list by default.

    Raises:
        UserError: If the files do not settle the period.
    """
    try:
        return _kept_consolidation(versions, expected.id, units)
    except PassingRefusal:
        return _consolidated(content_of(versions, expected), units)


@lru_cache(MAX_FOLDERS)
def _kept_consolidation(
    versions: tuple[Version, ...], expected_id: str, units: Units
) -> Consolidation:
    return _consolidated(kept_content(versions, expected_id), units)


def _consolidated(content: FolderContent, units: Units) -> Consolidation:
    return consolidate(content.form, content.results, units, period_of(content))


def period_of(content: FolderContent) -> Period | None:
    """Return the period that most workbooks are for, None where none says one.

    Raises:
        UserError: If the files do not settle it.
    """
    try:
        return common_period(
            [result for result in content.results if isinstance(result, Submission)]
        )
    except UserError:
        raise UserError(
            "các tệp trong thư mục thuộc nhiều kỳ, không kỳ nào nhiều hơn; "
            "để mỗi kỳ trong một thư mục riêng."
        ) from None


def combined(result: Consolidation, id: str, method: str) -> float | str:
    """Return one figure of all the communes, combined by a method of ``METHODS``.

    Where the form gives no single number, the sentence says what there is instead.

    Raises:
        UserError: If no report counts, or the figure is none to combine so.
    """
    if not result.counted:
        raise UserError(_why_none(result))
    item = result.form.by_id[id]
    if method == "form":
        total, aggregate = result.totals[id], aggregate_of(item)
        if total.value is not None:
            return float(total.value)
        says_nothing = not total.filled and not aggregate.is_city
        return "" if aggregate.blank_is_answer or says_nothing else total.note
    known = pd.Series(result.reports.known(id))
    if method == "count":
        return float(len(known))
    if item.kind == "code" or (item.kind == "percent" and method in ("sum", "mean")):
        what = "mã" if item.kind == "code" else "tỷ lệ"
        raise UserError(
            f"{id} là {what}, không cộng, không lấy bình quân được; "
            "bỏ trống cách tổng hợp để tính theo biểu mẫu."
        )
    if known.empty:
        return ""
    return round(float(getattr(known, method)()), 6)


def _why_none(result: Consolidation) -> str:
    if not result.refused:
        return "thư mục không có tệp báo cáo nào."
    first = result.refused[0]
    return (
        f"cả {len(result.refused)} tệp trong thư mục đều không nhận được; "
        f"{first.path.name}: {first.message}"
    )
