"""The sheet ``Thông tin``: who reports, for which period, and which form this is."""

from __future__ import annotations

from datetime import date
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.rule import SHOWN_META
from xl_automation.template import positions
from xl_automation.template.form_workbook import (
    ASIDE,
    DAY,
    PALE,
    RED,
    WHITE,
    FormWorkbook,
    print_beside_form,
    validate,
    write_codes,
)
from xl_automation.template.issued_sheet import issued_info
from xl_automation.template.lists_sheet import POSITIONS, period_list, unit_list
from xl_automation.template.rules_sheet import date_check_formula
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.row_height import Text, row_height

WIDTHS = {positions.INFO_LABEL: 220, positions.INFO_VALUE: 340, positions.INFO_RETURNED: 420}
PAGE_WIDTH = WIDTHS[positions.INFO_LABEL] + WIDTHS[positions.INFO_VALUE]  # pixels
SEAL_HEIGHT = 100  # pixels: a seal is five lines long
CHECK_WIDTH = 420  # pixels
NUMBER_FORMATS = {"TT_NGAY_BAO_CAO": DAY, "TT_SO_BAO_CAO": "@"}


def write_info(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write the information sheet."""
    for column, width in WIDTHS.items():
        sheet.set_column_pixels(f"{column}:{column}", width)
    title = book.format(bold=True, font_size=14, align="center")
    sheet.merge_range("A1:B1", "THÔNG TIN BÁO CÁO", title)
    hint = "Điền các ô trắng; ô có nền đã điền sẵn hoặc tự tính."
    told = " · ".join(filter(None, [book.due_words, hint]))
    look = {"italic": True, "align": "center"}
    if book.form.notice:  # on a line of its own
        told, look = f"{book.form.notice}\n{told}", {**look, "text_wrap": True}
        sheet.set_row(1, row_height([Text(told, PAGE_WIDTH)], 16.0, 4.0))
    sheet.merge_range("A2:B2", told, book.format(**look))
    sheet.write_string(
        f"A{positions.INFO_FIXED_ROW}", "Không sửa phần dưới đây", book.format(font_color=ASIDE)
    )
    for name, (row, label) in positions.INFO_ROWS.items():
        cell = positions.info_cell(name)
        sheet.write_string(f"A{row}", label, book.format(border=1, bg_color=PALE))
        book.name(name, positions.info_place(name))
        _write_value(book, sheet, name, cell)
    _write_seal(book, sheet)
    _write_checks(book, sheet)
    last, _ = positions.INFO_ROWS[positions.DUE_CELL]
    if book.origin.told:
        place = Address(f"{positions.INFO_SHEET}!{positions.APPENDIX_CELL}")
        told, look = book.origin.told, book.format(italic=True, text_wrap=True)
        last = int(place.cell.removeprefix(positions.INFO_LABEL))
        sheet.merge_range(f"{place.cell}:{positions.INFO_VALUE}{last}", told, look)
        sheet.set_row(last - 1, row_height([Text(told, PAGE_WIDTH)], 16.0, 4.0))
        book.name(positions.APPENDIX_NAME, place)
    write_codes(sheet, issued_info())
    print_beside_form(book, sheet, positions.INFO_VALUE, last)


def _write_checks(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write beside each date what is found about it."""
    sheet.set_column_pixels(f"{positions.INFO_CHECK}:{positions.INFO_CHECK}", CHECK_WIDTH)
    look = book.format(font_size=11, font_color=RED)
    for id in SHOWN_META:
        row, _ = positions.INFO_ROWS[positions.META_CELLS[id]]
        cell = f"{positions.INFO_CHECK}{row}"
        sheet.write_formula(cell, date_check_formula(book, id), look, "")


def _write_seal(book: FormWorkbook, sheet: Worksheet) -> None:
    """Make room for the seal, blank as yet, and say what it is worth."""
    row, _ = positions.INFO_ROWS[positions.SEAL_CELL]
    sheet.set_row_pixels(row - 1, SEAL_HEIGHT)
    look = book.format(border=1, bg_color=PALE, align="left", valign="top", text_wrap=True)
    sheet.write_blank(positions.info_cell(positions.SEAL_CELL), None, look)
    hint = (
        "Sửa số liệu sau khi kiểm tra thì phải kiểm tra lại; "
        f"{book.form.city} thấy dấu cũ không còn đúng."
    )
    look = book.format(italic=True, font_size=10, font_color=ASIDE)
    sheet.write_string(f"A{row + 1}", hint, look)


def _write_value(book: FormWorkbook, sheet: Worksheet, name: str, cell: str) -> None:
    locked = {"border": 1, "bg_color": PALE, "align": "left"}
    if name in positions.INFO_COMPUTED:
        _write_window_day(book, sheet, name, cell)
        return
    given = _known(book).get(name)
    if isinstance(given, date):
        sheet.write_datetime(cell, given, book.format(**locked, num_format=DAY))
    elif isinstance(given, int):
        sheet.write_number(cell, given, book.format(**locked))
    elif given is not None:
        sheet.write_string(cell, given, book.format(**locked))
    elif name in _validations(book):
        number_format = NUMBER_FORMATS.get(name, "General")
        look = book.format(
            border=1, bg_color=WHITE, align="left", locked=False, num_format=number_format
        )
        sheet.write_blank(cell, None, look)
        rule = _validations(book)[name]
        prompt, label = rule.pop("prompt"), positions.INFO_ROWS[name][1]
        if rule:
            validate(sheet, cell, label, prompt, prompt, **rule)
    else:
        sheet.write_blank(cell, None, book.format(**locked))


def _write_window_day(book: FormWorkbook, sheet: Worksheet, name: str, cell: str) -> None:
    """Write a day of the window of the data: that of the period, over which a clerk may type."""
    look = book.format(border=1, bg_color=WHITE, align="left", locked=False, num_format=DAY)
    sheet.write_formula(cell, f"={positions.INFO_COMPUTED[name]}", look, "")
    first, last = book.form.years
    prompt = "Tự điền theo kỳ. Chỉ ghi đè khi số liệu thật sự chốt ngày khác, ví dụ 30/9/2022."
    label = positions.INFO_ROWS[name][1]
    # Its own formula gives a text as long as no period is chosen.
    is_day = f"AND(ISNUMBER({cell}),{cell}>=DATE({first - 2},1,1),{cell}<=DATE({last + 1},12,31))"
    allowed = f'=OR({cell}="",{is_day})'
    validate(sheet, cell, label, prompt, prompt, validate="custom", value=allowed)


def _known(book: FormWorkbook) -> dict[str, str | int | date]:
    """Return what is known when the workbook is built."""
    form = book.form
    known: dict[str, str | int | date] = {
        "TT_CAP": form.levels[book.level],
        positions.FORM_CELL: form.id,
        "TT_PHIEN_BAN": form.version,
    }
    if book.unit:
        known["TT_DON_VI"] = positions.unit_text(book.unit)
    if book.period:
        known["TT_KY"] = positions.short_period(book.period.kind.label)
        known["TT_NAM"] = book.period.year
    if book.due:
        known[positions.DUE_CELL] = book.due
    if book.previous:
        known["TT_KY_TRUOC"] = book.previous.code
    return known


def _validations(book: FormWorkbook) -> dict[str, dict[str, Any]]:
    """Return what each open cell accepts, and the prompt that says so."""
    first, last = book.form.years
    unit: dict[str, Any] = {"prompt": "Ghi mã và tên đơn vị."}
    if book.units:
        unit = {
            "prompt": "Chọn đơn vị báo cáo trong danh sách.",
            "validate": "list",
            "source": unit_list(book),
        }
    name = {"validate": "length", "criteria": "<=", "value": 60}
    printed = "in ở cuối phụ lục. Không bắt buộc."
    return {
        "TT_DON_VI": unit,
        "TT_KY": {
            "prompt": "Chọn kỳ báo cáo trong danh sách.",
            "validate": "list",
            "source": period_list(book.form),
        },
        "TT_NAM": {
            "prompt": f"Năm báo cáo, từ {first} đến {last}.",
            "validate": "list",
            "source": [str(year) for year in range(first, last + 1)],
        },
        "TT_SO_BAO_CAO": {
            "prompt": "Số, ký hiệu báo cáo, ví dụ 66/BC-UBND.",
            **name,
        },
        "TT_NGAY_BAO_CAO": {
            "prompt": "Ngày ký báo cáo, ví dụ 14/6/2022.",
            "validate": "date",
            "criteria": "between",
            "minimum": date(first - 1, 1, 1),
            "maximum": date(last + 1, 12, 31),
        },
        "TT_NGUOI_LAP": {"prompt": f"Họ và tên người lập biểu, {printed}", **name},
        "TT_CHUC_VU": {
            "prompt": f"Người ký là Chủ tịch hay Phó Chủ tịch ký thay, {printed}",
            "validate": "list",
            "source": list(POSITIONS),
        },
        "TT_NGUOI_KY": {"prompt": f"Họ và tên người ký, {printed}", **name},
        positions.DONE_CELL: {
            "prompt": f"Ghi hết số liệu thì chọn “{positions.DONE}”: từ đó ô bắt buộc còn trống là "
            "cảnh báo.",
            "validate": "list",
            "source": [positions.DONE],
        },
    }
