"""The sheet ``Hướng dẫn``: what a clerk reads once."""

from __future__ import annotations

from typing import NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.form import Form
from xl_automation.forms.reason import MIN_REASON
from xl_automation.forms.words import UNDECIDED
from xl_automation.template import positions
from xl_automation.template.blanks import TO_FILL
from xl_automation.template.form_workbook import (
    ASIDE,
    BLACK,
    BLUE,
    GREEN,
    GREY,
    MARK,
    NOTHING,
    PALE,
    RED,
    WHITE,
    FormWorkbook,
    print_beside_form,
)
from xl_automation.template.guide_picture import LABEL, SAID, STT, UNIT, WIDTHS, write_picture
from xl_automation.template.pagination import ROW_SIZE
from xl_automation.template.rules_sheet import ANSWERED, NOT_OWED, NOT_WHOLLY, PASSED
from xl_automation.xlsx.row_height import Text, row_height

DECIMALS = "Số lẻ dùng dấu phẩy: 58,85. Máy đặt kiểu số tiếng Anh thì dùng dấu chấm: 58.85."
TEXT_WIDTH = sum(width for column, width in WIDTHS.items() if column != STT)  # pixels
MEANING_WIDTH = TEXT_WIDTH - WIDTHS[LABEL]


class _Look(NamedTuple):
    """What a cell of the form may look like: its fill, a sample, its letters, what it means."""

    fill: str
    sample: str
    color: str
    means: str


def write_guide(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write a picture of the form, the steps, what the colours mean, and how figures are typed."""
    for column, width in WIDTHS.items():
        sheet.set_column_pixels(f"{column}:{column}", width)
    title = book.format(bold=True, font_size=16, align="center")
    sheet.merge_range(f"A1:{SAID}1", "HƯỚNG DẪN", title)
    if said := " · ".join(filter(None, [book.form.notice, book.due_words])):
        sheet.merge_range(f"A2:{SAID}2", said, book.format(bold=True, align="center"))
    caption = book.format(bold=True, font_size=13)
    sheet.write_string("A3", f"Sheet “{book.form.sheet}” trông như thế này", caption)
    row = write_picture(book, sheet, 4) + 1
    steps, typing = _steps(book), _typing(book)
    row = _write_list(book, sheet, row, "Các bước", steps)
    sheet.set_h_pagebreaks([row - 1])
    sheet.write_string(f"A{row}", "Các ô nghĩa là gì", caption)
    for look in _looks(book.form):
        row += 1
        picture = book.format(
            border=1, bg_color=look.fill, align="center", font_color=look.color, font_size=ROW_SIZE
        )
        sheet.write_string(f"{LABEL}{row}", look.sample, picture)
        text = book.format(indent=1)
        sheet.merge_range(f"{UNIT}{row}:{SAID}{row}", look.means, text)
        sheet.set_row(row - 1, row_height([Text(look.means, MEANING_WIDTH)], 16.0, 4.0))
    row = _write_list(book, sheet, row + 2, "Cách ghi", typing)
    print_beside_form(book, sheet, SAID, row - 2)
    sheet.set_landscape()


def _write_list(
    book: FormWorkbook, sheet: Worksheet, row: int, caption: str, lines: list[str]
) -> int:
    """Write numbered lines below a caption; return the row for the next caption."""
    sheet.write_string(f"A{row}", caption, book.format(bold=True, font_size=13))
    for number, text in enumerate(lines, start=1):
        row += 1
        sheet.write_number(f"A{row}", number, book.format(align="center", valign="top"))
        look = book.format(text_wrap=True, valign="top")
        sheet.merge_range(f"{LABEL}{row}:{SAID}{row}", text, look)
        if text == DECIMALS:
            sheet.write_formula(f"{LABEL}{row}", decimals_formula(), look, text)
        sheet.set_row(row - 1, row_height([Text(text, TEXT_WIDTH)], 16.0, 4.0))
    return row + 2


def _looks(form: Form) -> tuple[_Look, ...]:
    """Return the looks of cells, as they are met from left to right."""
    return (
        _Look(
            WHITE, "123", BLACK, "Ô trắng, hai cạnh đậm: ghi số liệu. Bấm vào ô sẽ hiện cách ghi."
        ),
        _Look(PALE, "58,85", BLACK, "Ô có nền: in sẵn hoặc tự tính; không ghi."),
        _Look(GREY, "", BLACK, "Dòng xám: không thuộc cấp của đơn vị; để trống (hoặc 0)."),
        _Look(WHITE, PASSED, GREEN, f"Cột Kiểm tra: {PASSED} là không có gì phải sửa."),
        _Look(
            WHITE,
            f"{NOT_WHOLLY}1 quy tắc {UNDECIDED})",
            ASIDE,
            f"Cột Kiểm tra: có quy tắc {UNDECIDED} vì ô khác còn trống hoặc không đọc được.",
        ),
        _Look(
            WHITE,
            TO_FILL,
            BLUE,
            "Cột Kiểm tra: ô chưa ghi; đầu cột có liên kết đến ô trống tiếp theo.",
        ),
        _Look(WHITE, ANSWERED, ASIDE, "Cột Kiểm tra: cảnh báo đã có giải trình ở Ghi chú."),
        _Look(
            WHITE,
            "Lỗi: …",
            RED,
            f"Cột Kiểm tra: nói điều chưa đúng; xem đủ ở sheet {positions.REVIEW_SHEET}.",
        ),
        _Look(WHITE, NOT_OWED, ASIDE, "Cột Kiểm tra: dòng không phải ghi."),
        _Look(
            MARK,
            "19",
            BLACK,
            f"Ô tím: {form.city} trả lại để sửa; "
            f"lý do ở cột {positions.captions(form)[positions.RETURNED]}.",
        ),
    )


def decimals_formula() -> str:
    """Return the formula of how fractions are typed on this computer."""
    mark = positions.DECIMAL_MARK
    other = (
        f'"Số lẻ ở máy này dùng dấu “"&{mark}&"”: ghi 58"&{mark}&"85, không ghi 58,85; '
        'không tách hàng nghìn: ghi 4860, không ghi 4.860."'
    )
    return f'=IF({mark}=",","{DECIMALS}",{other})'


def _steps(book: FormWorkbook) -> list[str]:
    """Return what a clerk does, in order."""
    form = book.form
    # Nobody fills the tables of what is made of other workbooks: there they are hidden.
    shown = form.tables if book.origin is NOTHING else ()
    tables = ", ".join(f"“{table.sheet}”" for table in shown)
    annexes = "; biểu nào đã điền thì in kèm" if tables else ""
    sent = f", gửi {form.city}" if book.level == "commune" else ""
    if book.due:
        sent += f" chậm nhất ngày {book.due:%d/%m/%Y}"
    return [
        f"Mở sheet “{positions.INFO_SHEET}”: chọn đơn vị, kỳ báo cáo nếu còn là ô trắng; ghi số, "
        "ngày báo cáo và người ký. Khoảng thời gian số liệu tự điền theo kỳ.",
        f"Mở sheet “{form.sheet}”: ghi số liệu vào các ô trắng của cột “{form.header['value']}”. "
        "Phím Tab đưa đến ô ghi tiếp theo. Giải trình ghi ở cột Ghi chú.",
        "Tỷ lệ không có dòng “Trong đó”: ghi tỷ lệ, hoặc ghi tử số và mẫu số ở các cột bên phải "
        "để tỷ lệ tự tính.",
        *([f"Nếu có, điền thêm {tables}; các sheet này không bắt buộc."] if tables else []),
        f"Ghi hết thì chọn “{positions.DONE}” ở sheet “{positions.INFO_SHEET}”: từ đó ô bắt buộc "
        "còn trống là cảnh báo.",
        "Mở sheet “Kiểm tra”: sửa hết các điểm là Lỗi; Cảnh báo nếu đúng thực tế thì giải trình ở "
        f"Ghi chú của dòng được nêu, ít nhất {MIN_REASON} ký tự.",
        f"Lưu tệp, không đổi dạng tệp (.xlsx){sent}. In sheet “{form.sheet}” để ký, đóng dấu"
        f"{annexes}.",
    ]


def _typing(book: FormWorkbook) -> list[str]:
    """Return how figures are typed."""
    return [
        "Các câu kiểm tra gọi dòng “Trong đó” bằng mã của dòng trên nó: 1.1.a, 1.1.b là dòng thứ "
        "nhất, thứ hai dưới 1.1.",
        "Không phát sinh thì ghi 0. Không ghi dấu “-”. Dòng không thuộc cấp của đơn vị thì để "
        "trống.",
        *(
            f"Không có số vì {absence.words}: ghi {absence.code} vào ô số liệu. {absence.help}"
            for absence in book.form.absences
        ),
        "Ghi số, không ghi chữ: 3 chứ không ghi 03.",
        DECIMALS,
        "Ô tỷ lệ ghi phần trăm từ 0 đến 100, không ghi số lượng.",
        "Số tiền ghi theo đơn vị tính in ở dòng đó (triệu đồng).",
        "Ô hiện ngày tháng, giờ hoặc % sau khi gõ 1/2, 50%: chọn ô, Home > Number > General "
        "(Ctrl+Shift+~), rồi ghi lại số.",
        "Dán số liệu: dùng Dán đặc biệt – Giá trị (Paste Special – Values).",
    ]
