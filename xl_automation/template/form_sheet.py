"""The form itself, as printed (A:E), and beside it what helps to fill it."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.template import positions
from xl_automation.template.blanks import TO_FILL
from xl_automation.template.form_row import write_row
from xl_automation.template.form_workbook import (
    ASIDE,
    BLUE,
    GREEN,
    PALE,
    RED,
    FormWorkbook,
    due_formula,
    print_on_a4,
    write_codes,
)
from xl_automation.template.issued_sheet import issued_page
from xl_automation.template.lists_sheet import text_formula
from xl_automation.template.pagination import (
    BESIDE_SIZE,
    ROW_SIZE,
    SCALE,
    SIGNATURE_HEIGHTS,
    TITLE_HEIGHTS,
    WIDTHS,
    header_heights,
    page_breaks,
)
from xl_automation.template.progress import write_progress
from xl_automation.template.rules_sheet import ANSWERED, NOT_OWED, NOT_WHOLLY, PASSED

ZOOM = 90  # per cent: sixteen rows are seen in a window of 1366 × 768 pixels

DATED, SIGNING_UNIT = "{place}, {signed}", "TM. {unit}"  # texts above the signatures
SIGNED_AS = '=IF(TT_KY_THAY,"KT. CHỦ TỊCH","CHỦ TỊCH")'
SIGNED_FOR = '=IF(TT_KY_THAY,"PHÓ CHỦ TỊCH","")'
DRAWN_UP_BY, SIGNED_BY = '=TT_NGUOI_LAP&""', '=TT_NGUOI_KY&""'


def write_page(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write the form's sheet."""
    _set_up(book, sheet)
    _write_titles(book, sheet)
    _write_header(book, sheet)
    for item in book.form.indicators:
        write_row(book, sheet, item)
    _write_signatures(book, sheet, book.layout.last_row + 2)
    write_codes(sheet, issued_page(book.layout))
    checks = f"{positions.CHECK}{positions.FIRST_ROW}:{positions.CHECK}{book.layout.last_row}"
    green, aside, calm = (
        book.target.add_format({"font_color": color}) for color in (GREEN, ASIDE, BLUE)
    )
    for text, look in ((PASSED, green), (ANSWERED, aside), (NOT_OWED, aside), (TO_FILL, calm)):
        rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": look}
        sheet.conditional_format(checks, rule)
    begins = {"type": "text", "criteria": "begins with", "value": NOT_WHOLLY, "format": aside}
    sheet.conditional_format(checks, begins)
    sheet.set_h_pagebreaks([row - 1 for row in page_breaks(book.form, book.origin.notes)])


def _set_up(book: FormWorkbook, sheet: Worksheet) -> None:
    # Columns that say nothing are hidden; returning a workbook shows the one for its reasons.
    hidden = {positions.RETURNED} if book.previous else {positions.RETURNED, positions.PREVIOUS}
    for column, width in WIDTHS.items():
        options = {"hidden": column in hidden}
        sheet.set_column_pixels(f"{column}:{column}", width, None, options)
    sheet.set_column(f"{positions.NUMBER}:{positions.LAST_COLUMN}", None, None, {"hidden": True})
    print_on_a4(book, sheet)
    sheet.set_portrait()
    sheet.set_print_scale(SCALE)
    # The page number stands centred in the top margin; build.py takes it off the first page.
    sheet.set_header("&C&13&P", {"margin": 10 / 25.4})
    sheet.set_start_page(1)  # also where other sheets are printed before it
    sheet.repeat_rows(positions.HEADER_ROW - 1, positions.HEADER_ROW)
    _set_up_window(book, sheet)


def _set_up_window(book: FormWorkbook, sheet: Worksheet) -> None:
    """Let the window open below the titles, its two header lines fixed, at the first input."""
    sheet.set_zoom(ZOOM)
    sheet.set_top_left_cell(f"{positions.STT}{positions.HEADER_ROW}")
    sheet.freeze_panes(positions.FIRST_ROW - positions.HEADER_ROW, 0, positions.FIRST_ROW - 1, 0)
    sheet.set_selection(book.layout.cell(book.form.inputs[0].id))


def _write_titles(book: FormWorkbook, sheet: Worksheet) -> None:
    styles: list[dict[str, Any]] = [
        {"bold": True, "font_size": 14},
        {"bold": True, "font_size": 13},
        {"italic": True, "font_size": 13},
    ]
    texts = (*book.form.title, book.form.attached)
    for row, (text, style) in enumerate(zip(texts, styles, strict=True), start=positions.TITLE_ROW):
        look = book.format(align="center", text_wrap=True, **style)
        sheet.merge_range(f"A{row}:E{row}", "", look)
        is_title = row == positions.TITLE_ROW + 1
        sheet.write_formula(f"A{row}", text_formula(text, upper=is_title), look, "")
    for row, height in enumerate(TITLE_HEIGHTS):
        sheet.set_row(row, height)


def _notice_formula(book: FormWorkbook) -> str:
    """Return the formula of when the report is due, and of what is typed otherwise here."""
    mark = positions.DECIMAL_MARK
    first = f"{positions.FORMAT}{book.layout.rows[book.form.inputs[0].id]}"
    decimals = (
        f'" Số lẻ ở máy này dùng dấu “"&{mark}&"”: 58"&{mark}&"85; không tách hàng nghìn: 4860."'
    )
    formats = '" Ở đây không kiểm tra được dạng ô (%, ngày): mở bằng Excel trên máy tính."'
    typed = f'IF({mark}=",","",{decimals})&IF({first}="{positions.UNTOLD}",{formats},"")'
    return f"=TRIM({due_formula()}&{typed})"


def _write_header(book: FormWorkbook, sheet: Worksheet) -> None:
    head = book.format(
        bold=True, align="center", text_wrap=True, border=1, bg_color=PALE, font_size=ROW_SIZE
    )
    row, labels = positions.HEADER_ROW, book.form.header
    for column, key in (
        (positions.STT, "stt"),
        (positions.LABEL, "label"),
        (positions.NOTE, "note"),
    ):
        sheet.merge_range(f"{column}{row}:{column}{row + 1}", labels[key], head)
    sheet.merge_range(f"{positions.UNIT}{row}:{positions.VALUE}{row}", labels["result"], head)
    sheet.write_string(f"{positions.UNIT}{row + 1}", labels["unit"], head)
    sheet.write_string(f"{positions.VALUE}{row + 1}", labels["value"], head)
    for line, height in enumerate(header_heights(book.form), start=row - 1):
        sheet.set_row(line, height)
    beside = book.format(
        bold=True, align="center", text_wrap=True, bottom=1, font_color=ASIDE, font_size=BESIDE_SIZE
    )
    for column, caption in positions.captions(book.form).items():
        if column == positions.CHECK:
            write_progress(book, sheet, beside)
            continue
        if column == positions.PREVIOUS and book.previous:
            caption = f"{caption}{positions.CAPTION_END} {book.previous.label}"
        sheet.write_string(f"{column}{row + 1}", caption, beside)
    told = book.format(bold=True, font_size=BESIDE_SIZE, font_color=RED)
    sheet.write_formula(positions.NOTICE_CELL, _notice_formula(book), told, book.due_words)


def _write_signatures(book: FormWorkbook, sheet: Worksheet, row: int) -> None:
    bold = book.format(bold=True, font_size=13, text_wrap=True, align="center")
    dated = book.format(italic=True, font_size=13, align="right")
    sheet.merge_range(f"B{row}:E{row}", "", dated)
    sheet.write_formula(f"B{row}", text_formula(DATED), dated, "")
    sheet.merge_range(f"A{row + 1}:B{row + 1}", "Người lập biểu", bold)
    sheet.merge_range(f"C{row + 1}:E{row + 1}", "Thủ trưởng đơn vị", bold)
    sheet.merge_range(f"C{row + 2}:E{row + 2}", "", bold)
    sheet.write_formula(f"C{row + 2}", text_formula(SIGNING_UNIT, upper=True), bold, "")
    last = row + len(SIGNATURE_HEIGHTS) - 1
    signatures = {
        f"C{row + 3}:E{row + 3}": SIGNED_AS,
        f"C{row + 4}:E{row + 4}": SIGNED_FOR,
        f"A{last}:B{last}": DRAWN_UP_BY,
        f"C{last}:E{last}": SIGNED_BY,
    }
    for area, formula in signatures.items():
        sheet.merge_range(area, "", bold)
        sheet.write_formula(area.partition(":")[0], formula, bold, "")
    for below, height in enumerate(SIGNATURE_HEIGHTS, start=row - 1):
        sheet.set_row(below, height)
    sheet.print_area(0, 0, last - 1, 4)
