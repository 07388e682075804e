"""A submission (báo cáo đã nộp): what one workbook says, as plain data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from xl_automation.forms.numbers import Reading
from xl_automation.forms.period import Period
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.reading.remark import REMARKS, Remark


@dataclass(frozen=True, slots=True)
class Way:
    """How a report came that is no file of its own: in the summary of a lower level.

    Attributes:
        summary: That summary.
        row: The row of the unit's figures in its matrix.
        names: The names of the summaries that it came through, this one first.
    """

    summary: Path
    row: int
    names: tuple[str, ...]


def came_as(file: str, names: Sequence[str]) -> str:
    """Return the name of a file with the way that it came: ``05497.xlsx (qua thành phố.xlsx)``."""
    return f"{file} (qua {', '.join(names)})" if names else file


@dataclass(frozen=True, slots=True)
class Submission:
    """One workbook as read: figures by id, and who reports what.

    Attributes:
        path: The file.
        form_id: The form that it names.
        form_version: Its version.
        level: Whose workbook it is.
        unit_code: The reporting unit's code, None while none is chosen.
        unit_name: Its name, likewise.
        period: The period, None while it is not chosen.
        readings: What stands in the cells of inputs, of helpers (``.tu``, ``.mau``) and, where a
            clerk typed over them, of computed percentages and headings, by id. A cell whose
            formula is as issued is not in it.
        notes: What the column *Ghi chú* says, by id.
        row_labels: What the clerk calls the open rows of the supporting tables, by id of the row.
        dates: The dates of the information sheet, by their ids (``@from`` …).
        report_number: Number and symbol of the report.
        remarks: What else the reader noticed.
        seal: What stands in the cell for the seal of a check, None where nothing does.
        sha256: The hash of the file.
        size: Its length in bytes.
        previous: The earlier period that the workbook was issued with, and its figures by id.
        due: The day by which the report is due, None where it was issued without one.
        is_city_appendix: Whether the program made it of a summary: it reports nothing of its own.
        saved: When the disk says that the file was last written, seconds since 1970.
        written: When the file says so itself, aware, in UTC; None where it says nothing. A copy
            keeps it.
        way: How it came in the summary of a lower level, None for a file of its own. The path is
            then a name for it that no other report has.
    """

    path: Path
    form_id: str
    form_version: str
    level: UnitLevel
    unit_code: str | None
    unit_name: str | None
    period: Period | None
    readings: Mapping[str, Reading]
    notes: Mapping[str, str] = field(default_factory=dict)
    row_labels: Mapping[str, str] = field(default_factory=dict)
    dates: Mapping[str, date] = field(default_factory=dict)
    report_number: str | None = None
    remarks: tuple[Remark, ...] = ()
    seal: str | None = None
    sha256: str = ""
    size: int = 0
    previous: tuple[Period, Mapping[str, float]] | None = None
    due: date | None = None
    is_city_appendix: bool = False
    saved: float = 0.0
    written: datetime | None = None
    way: Way | None = None

    @property
    def saving(self) -> tuple[datetime, float, str]:
        """By which the files of one unit are put in order; of the last saved it is the greatest.

        Of files that say nothing, which come before all others, the disk decides.
        """
        return self.written or datetime.min.replace(tzinfo=UTC), self.saved, str(self.path)

    @property
    def is_as_issued(self) -> bool:
        """Whether the cells of the file stand where they were issued, and may be written into."""
        return all(REMARKS[remark.rule].as_issued for remark in self.remarks)
