"""Refusals: files that cannot be read or trusted.

A blank or wrong figure is a finding, never a refusal. Anything else that goes wrong is a bug and
is left to crash.
"""

from __future__ import annotations

from functools import partial

from xl_automation.errors import UserError
from xl_automation.wording import quoted

# code -> what the user reads: what was found, what is allowed, what to do.
MESSAGES: dict[str, str] = {
    "not-found": "Không tìm thấy tệp hoặc thư mục. Kiểm tra lại đường dẫn.",
    "unreadable": "Không đọc được tệp ({reason}). Đóng tệp nếu đang mở, kiểm tra quyền đọc; "
    "nếu tệp hỏng, mở trong Excel, lưu lại hoặc xin đơn vị gửi lại.",
    "not-a-workbook": "Tệp không phải sổ làm việc Excel .xlsx ({reason}). "
    "Mở trong Excel, chọn Lưu thành (Save As) dạng “Excel Workbook (*.xlsx)” rồi gửi lại.",
    "old-format": "Tệp ở định dạng Excel 97–2003 (.xls). "
    "Mở trong Excel, chọn Lưu thành dạng “Excel Workbook (*.xlsx)” rồi gửi lại.",
    "encrypted": "Tệp đặt mật khẩu mở nên không đọc được. Bỏ mật khẩu mở tệp rồi gửi lại.",
    "has-macros": "Tệp có chứa macro; biểu mẫu phát hành không có macro nào. "
    "Lưu lại dạng “Excel Workbook (*.xlsx)” rồi gửi lại.",
    "too-large": "Tệp nặng {size} MB; biểu mẫu chỉ được tối đa {limit} MB. "
    "Xoá hình ảnh, sheet chèn thêm rồi gửi lại.",
    "zip-bomb": "Tệp giải nén ra lớn bất thường ({reason}) nên không được mở. "
    "Xin đơn vị điền lại vào biểu mẫu được phát hành.",
    "unsafe-xml": "Tệp có nội dung XML không an toàn ({reason}) nên không được mở. "
    "Xin đơn vị điền lại vào biểu mẫu được phát hành.",
    "ambiguous": "Tệp có {what}: hai chương trình có thể đọc ra hai số khác nhau nên không được "
    "tính. Mở trong Excel, xem lại chỗ đó, lưu lại rồi gửi; nếu Excel báo tệp hỏng, xin đơn vị "
    "điền lại vào biểu mẫu được phát hành.",
    "program-fault": "Chương trình gặp sự cố ({kind}) khi đọc tệp này: lỗi của chương trình, "
    "không phải của bạn, các tệp khác vẫn làm tiếp. Gửi tệp nhật ký cho người phụ trách.",
    "wrong-form": "Đây không phải biểu mẫu “{expected}”: {reason}. "
    "Dùng đúng tệp biểu mẫu được phát hành.",
    "wrong-version": "Tệp là phiên bản {found} của biểu mẫu; đang nhận phiên bản {expected}. "
    "Chuyển số liệu sang mẫu mới bằng lệnh “cchc upgrade” rồi gửi lại.",
    "altered-form": "Biểu mẫu đã bị sửa: {where} phải là “{expected}” nhưng đang là “{found}”. "
    "Chép số liệu sang biểu mẫu được phát hành rồi gửi lại.",
    "ambiguous-form": "Không rõ số liệu nào là số liệu báo cáo: {reason}. "
    "Giữ lại một bản đúng, xoá phần thừa rồi gửi lại.",
    "wrong-period": "Tệp thuộc kỳ “{found}”; đang tổng hợp kỳ “{expected}”. "
    "Chọn lại kỳ ở sheet Thông tin hoặc gửi đúng tệp.",
    "second-city": "Tệp là sổ của “{found}”; đang tổng hợp cùng sổ của “{expected}”. "
    "Mỗi lần tổng hợp chỉ nhận sổ của một thành phố, huyện.",
    "city-appendix": "Tệp là phụ lục thành phố do chương trình lập từ sổ tổng hợp, không phải "
    "báo cáo: số trong đó đã có trong các báo cáo. Để tệp ở thư mục khác.",
    "own-summary": "Sổ tổng hợp này lập từ chính các tệp đang được tổng hợp, nên không tính thêm. "
    "Để sổ tổng hợp cũ ở thư mục khác.",
    "bad-template": "Tệp không dùng làm mẫu báo cáo Word được: {reason}. "
    "Sửa mẫu, hoặc bắt đầu lại từ mẫu phát hành kèm chương trình.",
    "locked-round": "Đơn vị đã khóa số liệu nên tệp đến sau không được tính. "
    "Mở khóa ở sheet Tiến độ của sổ tổng hợp nếu muốn nhận.",
    "unknown-unit": "Đơn vị “{found}” không có trong danh sách đơn vị báo cáo. "
    "Chọn lại đơn vị ở sheet Thông tin.",
}

# code -> what people call it.
NAMES: dict[str, str] = {
    "not-found": "không tìm thấy",
    "unreadable": "không đọc được",
    "not-a-workbook": "không phải sổ Excel",
    "old-format": "định dạng Excel cũ",
    "encrypted": "có mật khẩu mở",
    "has-macros": "có macro",
    "too-large": "quá nặng",
    "zip-bomb": "giải nén bất thường",
    "unsafe-xml": "nội dung không an toàn",
    "ambiguous": "đọc được hai cách",
    "program-fault": "sự cố chương trình",
    "wrong-form": "khác biểu mẫu",
    "wrong-version": "khác phiên bản",
    "altered-form": "biểu mẫu bị sửa",
    "ambiguous-form": "hai bản số liệu",
    "wrong-period": "khác kỳ báo cáo",
    "second-city": "sổ thành phố thứ hai",
    "city-appendix": "phụ lục thành phố",
    "own-summary": "sổ tổng hợp của chính các tệp này",
    "bad-template": "mẫu Word không dùng được",
    "locked-round": "kỳ đã khóa",
    "unknown-unit": "đơn vị ngoài danh sách",
}


class Refusal(UserError):
    """A file that is not read further.

    ``str(refusal)`` is the sentence that the user reads.

    Attributes:
        code: The cause.
        facts: Its particulars, which the sentence names; of texts no more than it quotes.
        is_passing: Whether it may go away without the file being saved again: a lock, a missing
            right. Such a refusal is never remembered.
    """

    def __init__(self, code: str, *, is_passing: bool = False, **facts: object):
        self.facts = {
            name: quoted(fact) if isinstance(fact, str) else fact for name, fact in facts.items()
        }
        super().__init__(MESSAGES[code].format(**self.facts))
        self.code = code
        self.is_passing = is_passing

    def __reduce__(self) -> tuple[object, ...]:
        # An exception is otherwise rebuilt from its message alone: a worker process of the
        # consolidation could not hand its refusal back.
        return partial(type(self), self.code, is_passing=self.is_passing, **self.facts), ()


def damaged(reason: str) -> Refusal:
    """Return the refusal of a file that is broken inside."""
    return Refusal("unreadable", reason=f"tệp bị hỏng: {reason}")
