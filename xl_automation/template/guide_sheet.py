"""The sheet ``Hướng dẫn``: one page that a clerk reads once."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.reason import MIN_REASON
from xl_automation.forms.words import UNDECIDED
from xl_automation.template import positions
from xl_automation.template.form_workbook import (
    ASIDE,
    GREEN,
    GREY,
    MARK,
    PALE,
    RED,
    WHITE,
    FormWorkbook,
    not_for_printing,
)
from xl_automation.template.rules_sheet import ANSWERED, NOT_OWED, NOT_WHOLLY, PASSED
from xl_automation.xlsx.row_height import Text, row_height

DECIMALS = "Số lẻ dùng dấu phẩy: 58,85. Máy đặt kiểu số tiếng Anh thì dùng dấu chấm: 58.85."
TEXT_WIDTH = 890  # pixels of B:C


def write_guide(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write the steps, what the colours mean, and what to do when something is wrong."""
    sheet.set_column("A:A", 5)
    sheet.set_column("B:B", 20)
    sheet.set_column("C:C", 92)
    sheet.merge_range("A1:C1", "HƯỚNG DẪN", book.format(bold=True, font_size=16, align="center"))
    if book.due:
        sheet.merge_range("A2:C2", book.due_words, book.format(bold=True, align="center"))
    row = 3
    for caption, lines in _sections(book):
        sheet.write_string(f"A{row}", caption, book.format(bold=True, font_size=13))
        for number, text in enumerate(lines, start=1):
            row += 1
            sheet.write_number(f"A{row}", number, book.format(align="center", valign="top"))
            look = book.format(text_wrap=True, valign="top")
            sheet.merge_range(f"B{row}:C{row}", text, look)
            if text == DECIMALS:
                sheet.write_formula(f"B{row}", decimals_formula(), look, text)
            sheet.set_row(row - 1, row_height([Text(text, TEXT_WIDTH)], 16.0, 4.0))
        row += 2
    sheet.write_string(f"A{row}", "Các ô nghĩa là gì", book.format(bold=True, font_size=13))
    looks = (
        (WHITE, "123", "#000000", "Ô trắng: ghi số liệu. Bấm vào ô sẽ hiện cách ghi."),
        (PALE, "58,85", "#000000", "Ô xám nhạt: tỷ lệ tự tính từ các dòng “Trong đó”; không ghi."),
        (GREY, "", "#000000", "Dòng xám: không thuộc cấp của đơn vị; để trống (hoặc 0)."),
        (WHITE, PASSED, GREEN, f"Cột Kiểm tra: {PASSED} là không có gì phải sửa."),
        (
            WHITE,
            f"{NOT_WHOLLY}1 quy tắc…",
            ASIDE,
            f"Cột Kiểm tra: có quy tắc {UNDECIDED} vì ô khác còn trống hoặc không đọc được.",
        ),
        (WHITE, ANSWERED, ASIDE, "Cột Kiểm tra: cảnh báo đã có giải trình ở Ghi chú."),
        (WHITE, "Lỗi: …", RED, "Cột Kiểm tra: nói điều chưa đúng; xem đủ ở sheet Kiểm tra."),
        (WHITE, f"{NOT_OWED[:14]}…", ASIDE, "Cột Kiểm tra, chữ xám: dòng không phải ghi."),
        (MARK, "19", "#000000", "Ô tím: thành phố trả lại để sửa; lý do ở cột Thành phố trả lại."),
    )
    for fill, sample, color, text in looks:
        row += 1
        picture = book.format(border=1, bg_color=fill, align="center", font_color=color)
        sheet.write_string(f"B{row}", sample, picture)
        sheet.write_string(f"C{row}", text, book.format(indent=1))
    not_for_printing(sheet)


def decimals_formula() -> str:
    """Return the formula of how fractions are typed on this computer."""
    mark = positions.DECIMAL_MARK
    other = (
        f'"Số lẻ ở máy này dùng dấu “"&{mark}&"”: ghi 58"&{mark}&"85, không ghi 58,85; '
        'không tách hàng nghìn: ghi 4860, không ghi 4.860."'
    )
    return f'=IF({mark}=",","{DECIMALS}",{other})'


def _sections(book: FormWorkbook) -> list[tuple[str, list[str]]]:
    form = book.form
    tables = ", ".join(f"“{table.sheet}”" for table in form.tables)
    annexes = "; biểu nào đã điền thì in kèm" if tables else ""
    sent = ", gửi thành phố" if book.level == "commune" else ""
    if book.due:
        sent += f" chậm nhất ngày {book.due:%d/%m/%Y}"
    steps = [
        f"Mở sheet “{positions.INFO_SHEET}”: chọn đơn vị, kỳ báo cáo nếu còn là ô trắng; ghi số, "
        "ngày báo cáo và người ký. Khoảng thời gian số liệu tự điền theo kỳ.",
        f"Mở sheet “{form.sheet}”: ghi số liệu vào các ô trắng của cột “{form.header['value']}”. "
        "Phím Tab đưa đến ô ghi tiếp theo. Giải trình ghi ở cột Ghi chú.",
        "Tỷ lệ không có dòng “Trong đó”: ghi tỷ lệ, hoặc ghi tử số và mẫu số ở các cột bên phải "
        "để tỷ lệ tự tính.",
        *([f"Nếu có, điền thêm {tables}; các sheet này không bắt buộc."] if tables else []),
        "Mở sheet “Kiểm tra”: sửa hết các điểm là Lỗi; Cảnh báo nếu đúng thực tế thì giải trình ở "
        f"Ghi chú của dòng được nêu, ít nhất {MIN_REASON} ký tự.",
        f"Lưu tệp, không đổi dạng tệp (.xlsx){sent}. In sheet “{form.sheet}” để ký, đóng dấu"
        f"{annexes}.",
    ]
    rules = [
        "Các câu kiểm tra gọi dòng “Trong đó” bằng mã của dòng trên nó: 1.1.a, 1.1.b là dòng thứ "
        "nhất, thứ hai dưới 1.1.",
        "Không phát sinh thì ghi 0. Không ghi dấu “-”. Dòng không thuộc cấp của đơn vị thì để "
        "trống.",
        *(
            f"Không có số vì {absence.words}: ghi {absence.code} vào ô số liệu. {absence.help}"
            for absence in form.absences
        ),
        "Ghi số, không ghi chữ: 3 chứ không ghi 03.",
        DECIMALS,
        "Ô tỷ lệ ghi phần trăm từ 0 đến 100, không ghi số lượng.",
        "Số tiền ghi theo đơn vị tính in ở dòng đó (triệu đồng).",
        "Dán số liệu: dùng Dán đặc biệt – Giá trị (Paste Special – Values).",
    ]
    return [("Các bước", steps), ("Cách ghi", rules)]
