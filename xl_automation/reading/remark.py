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
        as_issued: Whether the cells of the file still stand where they were issued.
    """

    severity: Severity
    message: str
    as_issued: bool = True


_FOUND = (
    "số liệu đã được tìm lại theo mã và tên từng dòng; các điểm khác của tệp này nêu ô theo chỗ "
    "lúc phát hành. Đối chiếu lại; lần sau không bỏ khoá sheet."
)
# rule -> what is said of it. They are no rules of a form: they hold for workbooks of any.
REMARKS: Mapping[str, Kind] = {
    "no-unit": Kind("error", "chưa chọn đơn vị báo cáo. Chọn đơn vị trong danh sách."),
    "no-period": Kind("error", "chưa chọn kỳ báo cáo. Chọn kỳ và năm trong danh sách."),
    "rows-moved": Kind("warning", f"dòng bị chèn, xoá hoặc sắp xếp lại; {_FOUND}", False),
    "rows-added": Kind(
        "warning",
        "dòng chèn thêm không thuộc biểu mẫu nên số ở đó (ô như hiện nay trong tệp) không được "
        "tính. Nếu là số liệu báo cáo, ghi vào đúng dòng của biểu mẫu.",
        False,
    ),
    "rows-missing": Kind(
        "error",
        "dòng của biểu mẫu đã bị xoá, số liệu ở đó coi như chưa ghi. Chép số liệu sang biểu mẫu "
        "được phát hành, ghi đủ các dòng này rồi gửi lại.",
        False,
    ),
    "headings-missing": Kind(
        "warning",
        "dòng tiêu đề, dòng tổng của biểu mẫu đã bị xoá; không mất số liệu. Lần sau không bỏ khoá "
        "sheet.",
        False,
    ),
    "columns-moved": Kind("warning", f"cột bị chèn, xoá hoặc đổi chỗ; {_FOUND}", False),
    "columns-missing": Kind(
        "error",
        "cột của biểu mẫu đã bị xoá, những gì ghi ở đó không còn. Chép số liệu sang biểu mẫu được "
        "phát hành, ghi lại các cột này rồi gửi lại.",
        False,
    ),
    "names-lost": Kind(
        "warning",
        "tên của ô đã mất, thường do một chương trình hay trang web lưu lại tệp; số liệu đã được "
        "tìm lại theo mã và tên từng dòng. Đối chiếu lại; kỳ sau dùng biểu mẫu được phát hành.",
        False,
    ),
    "sheet-copied": Kind("info", "số liệu lấy ở sheet gốc. Nên xoá bản sao trước khi gửi."),
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
