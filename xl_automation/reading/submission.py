"""A submission (báo cáo đã nộp): what one workbook says, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from xl_automation.forms.numbers import Reading
from xl_automation.forms.period import Period


@dataclass(frozen=True, slots=True)
class Submission:
    """One workbook as read: figures by id, and who reports what.

    ``readings`` holds what stands in the cells of inputs, of helpers (``.tu``, ``.mau``) and,
    where a clerk typed over them, of computed percentages and headings. A cell whose formula is
    as issued is not in it.
    """

    path: Path
    form_id: str
    form_version: str
    level: str
    unit_code: str | None
    unit_name: str | None
    period: Period | None
    readings: Mapping[str, Reading]
    notes: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    report_number: str | None = None
    sha256: str = ""
    size: int = 0
    previous: tuple[Period, Mapping[str, float]] | None = None  # as issued with the workbook
    saved: float = 0.0  # when the file was last written, seconds since 1970
