"""What the reader noticed in a workbook beside its figures; each becomes a finding."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from xl_automation.forms.old_letters import ADVICE
from xl_automation.forms.vocabulary import Severity
from xl_automation.xlsx.address import Address


class Kind(NamedTuple):
    """One kind of remark.

    Attributes:
        severity: How bad it is.
        message: What is allowed and what to do.
    """

    severity: Severity
    message: str


# rule -> what is said of it. They are no rules of a form: they hold for workbooks of any.
REMARKS: Mapping[str, Kind] = {
    "no-unit": Kind("error", "chưa chọn đơn vị báo cáo. Chọn đơn vị trong danh sách."),
    "no-period": Kind("error", "chưa chọn kỳ báo cáo. Chọn kỳ và năm trong danh sách."),
    "old-letters": Kind(
        "warning",
        f"gõ bằng phông cũ, máy không có phông ấy thì không đọc được. {ADVICE}",
    ),
}


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that the reader noticed.

    Attributes:
        rule: Which kind, one of ``REMARKS``.
        indicators: The rows that it is about, by id.
        cells: Where to look, under the names that the sheets were issued with.
        seen: What stands there, in words.
    """

    rule: str
    indicators: tuple[str, ...] = ()
    cells: tuple[Address, ...] = ()
    seen: str = ""
