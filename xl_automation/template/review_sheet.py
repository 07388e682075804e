"""The sheet ``Kiểm tra``: counts, and every open finding in words."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.template import positions
from xl_automation.template.form_workbook import (
    ASIDE,
    BLUE,
    PALE,
    RED,
    FormWorkbook,
    print_beside_form,
)
from xl_automation.template.rules_sheet import (
    ANSWERED,
    CAPTIONS,
    FIX,
    HOLDS,
    INDICATOR,
    IS_SETTLED,
    IS_UNDECIDED,
    MESSAGE,
    ORDER,
    ORDINAL,
    PLACE,
    RULE,
    SEEN,
    SEVERITY,
    rule_column,
)

LISTED = 100  # findings shown on the sheet Kiểm tra
PRINTED = 8  # of these, so that they can be read on one page
FIRST_FINDING_ROW = 10
LAST_COLUMN = "H"  # the last one that is printed


def write_review(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write the sheet ``Kiểm tra``: counts, then every open finding with a link to its cell."""
    widths = {"A": 15, "B": 14, "C": 17, "D": 12, "E": 34, "F": 52, "G": 52, "H": 11}
    for column, width in widths.items():
        sheet.set_column(f"{column}:{column}", width)
    sheet.set_column("I:I", None, None, {"hidden": True})
    sheet.write_string("A1", "KIỂM TRA", book.format(bold=True, font_size=14))
    hint = (
        "Bấm vào địa chỉ ở cột “Ô” để đến ô cần sửa. Sửa xong, dòng tự mất; cảnh báo đã giải trình "
        "thì còn dòng, chữ xám."
    )
    sheet.write_string("A2", hint, book.format(italic=True, font_color=ASIDE))
    _write_counts(book, sheet)
    head = book.format(bold=True, bg_color=PALE, border=1, align="center")
    shown = (ORDINAL, SEVERITY, INDICATOR, PLACE, SEEN, MESSAGE, FIX, RULE)
    for column, of in zip("ABCDEFGH", shown, strict=True):
        sheet.write_string(f"{column}{FIRST_FINDING_ROW - 1}", CAPTIONS[of], head)
    for number in range(1, LISTED + 1):
        _write_finding(book, sheet, FIRST_FINDING_ROW + number - 1, number)
    more = f'=IF($B$4+$B$5+$B$6>{LISTED},"Còn nữa: sửa các điểm trên rồi xem tiếp.","")'
    sheet.write_formula(f"A{FIRST_FINDING_ROW + LISTED}", more, None, "")
    listed = f"A{FIRST_FINDING_ROW}:H{FIRST_FINDING_ROW + LISTED - 1}"
    answered = f'=$B{FIRST_FINDING_ROW}="{ANSWERED}"'
    aside = book.target.add_format({"font_color": ASIDE})
    sheet.conditional_format(listed, {"type": "formula", "criteria": answered, "format": aside})
    sheet.freeze_panes(FIRST_FINDING_ROW - 1, 0)
    # One page, and never an empty one: rows without a finding would be printed too.
    print_beside_form(sheet, LAST_COLUMN, FIRST_FINDING_ROW + PRINTED - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    said = f"Bản in có không quá {PRINTED} điểm đầu; xem đủ ở sheet &A"
    sheet.set_footer(f"&C{said}", {"margin": 10 / 25.4})


def _write_counts(book: FormWorkbook, sheet: Worksheet) -> None:
    label, number = book.format(border=1), book.format(border=1, bold=True, align="center")
    for row, caption in enumerate(SEVERITY_LABELS.values(), start=4):
        count = f'=COUNTIFS({rule_column(book, HOLDS)},0,{rule_column(book, SEVERITY)},"{caption}")'
        sheet.write_string(f"A{row}", caption, label)
        sheet.write_formula(f"B{row}", count, number, "")
    sheet.write_string("A7", ANSWERED, label)
    sheet.write_formula("B7", f"=SUM({rule_column(book, IS_SETTLED)})", number, "")
    rows = (positions.FIRST_ROW, book.layout.last_row)
    owed, read = (
        f"'{book.form.sheet}'!${column}${rows[0]}:${column}${rows[1]}"
        for column in (positions.OWED, positions.NUMBER)
    )
    filled = f'SUMPRODUCT({owed}*({read}<>""))'
    facts = {
        4: ("Ô đã điền", f'={filled}&"/"&SUM({owed})'),
        5: ("Ô còn trống", f"=SUM({owed})-{filled}"),
        6: (
            "Thông tin chung",
            '=IF(TT_DON_VI="","Chưa chọn đơn vị",IF(OR(TT_KY="",TT_NAM=""),'
            '"Chưa chọn kỳ báo cáo","Đủ"))',
        ),
        7: (CAPTIONS[IS_UNDECIDED], f"=SUM({rule_column(book, IS_UNDECIDED)})"),
    }
    for row, (caption, formula) in facts.items():
        sheet.write_string(f"C{row}", caption, label)
        sheet.write_formula(f"D{row}", formula, number, "")


def _write_finding(book: FormWorkbook, sheet: Worksheet, row: int, number: int) -> None:
    text = book.format(text_wrap=True, valign="top", font_size=11)
    strong = book.format(bold=True, valign="top", font_size=11, font_color=RED)
    link = book.format(valign="top", font_size=11, font_color=BLUE, underline=1)
    sheet.set_row(row - 1, 46)  # three lines
    sheet.write_formula(
        f"I{row}", f'=IFERROR(MATCH({number},{rule_column(book, ORDER)},0),"")', None, ""
    )

    def of(column: str) -> str:
        return f"INDEX({rule_column(book, column)},$I{row})"

    place = of(PLACE)
    short = f'SUBSTITUTE({place},"\'{book.form.sheet}\'!","")'
    cells = {
        "A": (str(number), book.format(align="center", valign="top", font_size=11)),
        "B": (f'IF(N({of(IS_SETTLED)})=1,"{ANSWERED}",{of(SEVERITY)})', strong),
        "C": (f'{of(INDICATOR)}&""', text),  # a blank cell would be 0
        "D": (f'HYPERLINK("#"&{place},{short})', link),
        "E": (f'{of(SEEN)}&""', text),
        "F": (f"UPPER(LEFT({of(MESSAGE)}))&MID({of(MESSAGE)},2,32000)", text),
        "G": (f'{of(FIX)}&""', text),
        "H": (of(RULE), text),
    }
    for column, (formula, look) in cells.items():
        sheet.write_formula(f"{column}{row}", f'=IF($I{row}="","",{formula})', look, "")
