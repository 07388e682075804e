"""What a search of folders passes over, and why: each is told, none is counted as received."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Literal

from xl_automation.reading.refused_file import file_name

# Files of a folder that are meant as workbooks; those that are not .xlsx are refused by name.
WORKBOOK_ENDINGS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".xltx", ".xltm", ".ods", ".et")
MOST_NAMES = 5  # of files that hold no report for sure
_APPLE = "._"  # what macOS writes beside a file for disks of other systems

Reason = Literal[
    "no-right",
    "link-outside",
    "link-inside",
    "link-broken",
    "link-loop",
    "same-file",
    "special",
    "long-path",
    "gone",
    "unlisted",
    "folder",
    "hidden",
    "other",
    "lock",
]
REASONS: Mapping[Reason, str] = {
    "no-right": "không có quyền đọc thư mục",
    "link-outside": "liên kết ra ngoài thư mục",
    "link-inside": "liên kết tới thư mục khác ở trong; tệp tìm ở chỗ thật",
    "link-broken": "liên kết hỏng, không có gì ở đầu kia",
    "link-loop": "liên kết vòng",
    "same-file": "liên kết tới tệp đã có, chỉ tính một lần",
    "special": "ống, cổng hoặc thiết bị, không phải tệp",
    "long-path": "đường dẫn quá dài",
    "gone": "vừa bị xoá hoặc đổi tên",
    "unlisted": "hệ thống không đọc được thư mục",
    "folder": "thư mục mang tên tệp Excel; tệp bên trong vẫn được tìm",
    "hidden": "tệp, thư mục ẩn",
    "other": "tệp không phải Excel",
    "lock": "tệp khoá tạm của Excel",
}
_HOLD_NONE: tuple[Reason, ...] = ("hidden", "other", "lock")


@dataclass(frozen=True, slots=True)
class PassedOver:
    """One thing in a folder that is not read.

    Attributes:
        path: Where it is.
        reason: Why, one of ``REASONS``.
    """

    path: Path
    reason: Reason

    @property
    def words(self) -> str:
        """The reason as the user reads it."""
        return REASONS[self.reason]

    @property
    def may_hold_report(self) -> bool:
        """Whether a report might be lost by it: it is named, however many there are."""
        if self.reason == "hidden":
            return is_workbook_name(self.path.name) and not self.path.name.startswith(_APPLE)
        return self.reason not in _HOLD_NONE


def is_workbook_name(name: str) -> bool:
    """Whether a file of this name is meant as a workbook."""
    return name.lower().endswith(WORKBOOK_ENDINGS)


def unread(passed_over: Sequence[PassedOver]) -> Iterator[str]:
    """Yield a line for each thing that may hold a report."""
    for passed in passed_over:
        if passed.may_hold_report:
            yield f"Không đọc {passed.path}: {passed.words}"


def counted(passed_over: Sequence[PassedOver]) -> Iterator[str]:
    """Yield for each reason how many things there are that hold no report, and the first names."""
    rest = [passed for passed in passed_over if not passed.may_hold_report]
    for reason, count in Counter(passed.reason for passed in rest).items():
        names = (file_name(passed.path) for passed in rest if passed.reason == reason)
        more = "…" if count > MOST_NAMES else ""
        yield f"Bỏ qua {count} {REASONS[reason]}: {', '.join(islice(names, MOST_NAMES))}{more}"
