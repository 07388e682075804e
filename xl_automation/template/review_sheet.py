"""The sheet ``Kiểm tra``: counts and progress, every open finding in words, every blank."""

from __future__ import annotations

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.template import positions
from xl_automation.template.blank_list import (
    blank_list_link,
    write_blank_list,
)
from xl_automation.template.blanks import TO_FILL, blanks
from xl_automation.template.form_workbook import (
    ASIDE,
    BLUE,
    GREEN,
    GREY,
    PALE,
    RED,
    FormWorkbook,
    print_beside_form,
)
from xl_automation.template.longest_text import longest_seen
from xl_automation.template.progress import next_blank, write_bar
from xl_automation.template.rules_sheet import (
    ANSWERED,
    CAPTIONS,
    FIX,
    HOLDS,
    INDICATOR,
    IS_SETTLED,
    IS_UNDECIDED,
    IS_WAITING,
    MESSAGE,
    NAME,
    ORDER,
    ORDINAL,
    PLACE,
    ROW_SEPARATOR,
    RULE,
    SEEN,
    SEVERITY,
    place_of,
    row_shown,
    rule_column,
)
from xl_automation.xlsx.row_height import Text, row_height, text_width

# What formulas say.
NO_BLANK, NEXT_BLANK = "Không còn ô nào phải điền", "Ô trống tiếp theo: "
SAY_DONE, SAID_DONE = "Điền xong thì ghi ở đây", "Đã ghi là điền xong"
NO_UNIT, NO_PERIOD, WHOLE = "Chưa chọn đơn vị", "Chưa chọn kỳ báo cáo", "Đủ"
CLEAN = "Không có điểm nào phải xem lại"
MORE = "Còn nữa: sửa các điểm trên rồi xem tiếp."
LISTED = 100  # findings shown on the sheet Kiểm tra
PRINTED = 8  # of these, so that they can be read on one page
FIRST_FINDING_ROW = 10
LAST_COLUMN = "H"  # the last one that is printed
BLANK_LIST_ROW = FIRST_FINDING_ROW + LISTED + 2  # where the list of blanks begins
SIZE, LINE, PADDING = 11, 14.5, 4.0  # points, of what is listed
# Widths in pixels: the longest texts of each column take as many lines as those of the others.
WIDTHS = {"A": 92, "B": 108, "C": 230, "E": 540, "F": 216, "G": 192, "H": 80}
LINK_WIDTH = 120  # at least, of column D
GAP = 6  # pixels, of an empty row above a block
INDEX = "I"  # hidden: which rule, or which row of the form, a line shows


def write_review(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write the sheet ``Kiểm tra``: counts, every open finding with a link, every blank."""
    for column, width in WIDTHS.items():
        sheet.set_column_pixels(f"{column}:{column}", width)
    sheet.set_column_pixels("D:D", _link_width(book))
    sheet.set_column(f"{INDEX}:{INDEX}", None, None, {"hidden": True})
    sheet.write_string("A1", "KIỂM TRA", book.format(bold=True, font_size=14))
    hint = (
        "Bấm vào địa chỉ ở cột “Ô” để đến ô cần sửa. Sửa xong, dòng tự mất; cảnh báo đã giải trình "
        "thì còn dòng, chữ xám."
    )
    sheet.write_string("A2", hint, book.format(italic=True, font_color=ASIDE))
    _write_counts(book, sheet)
    _write_links(book, sheet)
    head = book.format(bold=True, bg_color=PALE, border=1, align="center")
    shown = (ORDINAL, SEVERITY, INDICATOR, PLACE, SEEN, MESSAGE, FIX, RULE)
    for column, of in zip("ABCDEFGH", shown, strict=True):
        sheet.write_string(f"{column}{FIRST_FINDING_ROW - 1}", CAPTIONS[of], head)
    height = _finding_height(book)
    for number in range(1, LISTED + 1):
        sheet.set_row(FIRST_FINDING_ROW + number - 2, height)
        _write_finding(book, sheet, FIRST_FINDING_ROW + number - 1, number)
    for row in (3, FIRST_FINDING_ROW - 2):
        sheet.set_row_pixels(row - 1, GAP)
    last = FIRST_FINDING_ROW + LISTED
    more = f'=IF($B$4+$B$5+$B$6>{LISTED},"{MORE}","")'
    sheet.write_formula(f"A{last}", more, None, "")
    listed = f"A{FIRST_FINDING_ROW}:H{last - 1}"
    answered = f'=$B{FIRST_FINDING_ROW}="{ANSWERED}"'
    aside = book.target.add_format({"font_color": ASIDE})
    sheet.conditional_format(listed, {"type": "formula", "criteria": answered, "format": aside})
    line = book.target.add_format({"bottom": 1, "bottom_color": GREY})
    is_listed = f'=${INDEX}{FIRST_FINDING_ROW}<>""'
    sheet.conditional_format(listed, {"type": "formula", "criteria": is_listed, "format": line})
    write_blank_list(book, sheet, BLANK_LIST_ROW)
    sheet.freeze_panes(FIRST_FINDING_ROW - 1, 0)
    # One page, and never an empty one: rows without a finding would be printed too.
    print_beside_form(book, sheet, LAST_COLUMN, FIRST_FINDING_ROW + PRINTED - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 1)
    said = f"Bản in có không quá {PRINTED} điểm đầu; xem đủ ở sheet &A"
    sheet.set_footer(f"&C{said}", {"margin": 10 / 25.4})


def _link_width(book: FormWorkbook) -> int:
    """Return the width of the column that shows every address in one line."""
    places = (place_of(book, instance) for instance in book.rules)
    shown = {place.link for place in places if place.sheet != book.form.sheet}
    return max([LINK_WIDTH, *(text_width(Text(text, 0, size=SIZE)) for text in shown)])


def _finding_height(book: FormWorkbook) -> float:
    """Return the height of a row that shows whichever finding whole."""
    texts: set[Text] = set()
    for instance in book.rules:
        followers = book.followers.get(instance.key, ())
        for text in longest_seen(book.form, instance, followers):
            texts.add(Text(text, WIDTHS["E"], size=SIZE))
        texts.add(Text(row_shown(book, instance), WIDTHS["C"], size=SIZE))
        texts.add(Text(instance.rule.message, WIDTHS["F"], size=SIZE))
        texts.add(Text(instance.rule.advice, WIDTHS["G"], size=SIZE))
        texts.add(Text(instance.id, WIDTHS["H"], size=SIZE))
    return row_height(texts, LINE, PADDING)


def _write_counts(book: FormWorkbook, sheet: Worksheet) -> None:
    label, number = book.format(border=1), book.format(border=1, bold=True, align="center")
    severity = rule_column(book, SEVERITY)
    for row, caption in enumerate(SEVERITY_LABELS.values(), start=4):
        broken, waiting = (
            f'COUNTIFS({rule_column(book, column)},{state},{severity},"{caption}")'
            for column, state in ((HOLDS, 0), (IS_WAITING, 1))
        )
        sheet.write_string(f"A{row}", caption, label)
        sheet.write_formula(f"B{row}", f"={broken}-{waiting}", number, "")
    sheet.write_string("A7", ANSWERED, label)
    sheet.write_formula("B7", f"=SUM({rule_column(book, IS_SETTLED)})", number, "")
    facts = {
        5: (TO_FILL, f"={blanks(book)}"),
        6: (
            "Thông tin chung",
            f'=IF(TT_DON_VI="","{NO_UNIT}",IF(OR(TT_KY="",TT_NAM=""),"{NO_PERIOD}","{WHOLE}"))',
        ),
        7: (CAPTIONS[IS_UNDECIDED], f"=SUM({rule_column(book, IS_UNDECIDED)})"),
    }
    sheet.write_string("C4", "Ô đã điền", label)
    write_bar(book, sheet, "D4", border=1, bold=True, align="center")
    for row, (caption, formula) in facts.items():
        sheet.write_string(f"C{row}", caption, label)
        sheet.write_formula(f"D{row}", formula, number, "")


def _write_links(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write links to the next blank, to the list of blanks, and to the cell that says: done."""
    link = book.format(font_color=BLUE, underline=1)
    done = positions.info_place(positions.DONE_CELL)
    said = f'IF({positions.DONE_CELL}="","{SAY_DONE}","{SAID_DONE}")'
    links = {
        4: f'=IF({blanks(book)}=0,"{NO_BLANK}",{next_blank(book, NEXT_BLANK)})',
        5: f'=IF({blanks(book)}=0,"",{blank_list_link(book, BLANK_LIST_ROW)})',
        6: f'=HYPERLINK("#{done.link}",{said})',
    }
    for row, formula in links.items():
        sheet.write_formula(f"E{row}", formula, link, "")
    clean = f'=IF($B$4+$B$5+$B$6=0,"{CLEAN}","")'
    sheet.write_formula("E7", clean, book.format(font_color=GREEN), "")


def _write_finding(book: FormWorkbook, sheet: Worksheet, row: int, number: int) -> None:
    text = book.format(text_wrap=True, valign="top", font_size=SIZE)
    strong = book.format(bold=True, valign="top", font_size=SIZE, font_color=RED)
    link = book.format(valign="top", font_size=SIZE, font_color=BLUE, underline=1)
    index = f'=IFERROR(MATCH({number},{rule_column(book, ORDER)},0),"")'
    sheet.write_formula(f"{INDEX}{row}", index, None, "")

    def of(column: str) -> str:
        return f"INDEX({rule_column(book, column)},${INDEX}{row})"

    place = of(PLACE)
    short = f'SUBSTITUTE({place},"\'{book.form.sheet}\'!","")'
    id, name = of(INDICATOR), of(NAME)
    cells = {
        "A": (str(number), book.format(align="center", valign="top", font_size=SIZE)),
        "B": (f'IF({of(IS_SETTLED)}=1,"{ANSWERED}",{of(SEVERITY)})', strong),
        "C": (f'{id}&IF(OR({id}="",{name}=""),"","{ROW_SEPARATOR}")&{name}', text),
        "D": (f'HYPERLINK("#"&{place},{short})', link),
        "E": (f'{of(SEEN)}&""', text),  # a blank cell would be 0
        "F": (f"UPPER(LEFT({of(MESSAGE)}))&MID({of(MESSAGE)},2,32000)", text),
        "G": (f'{of(FIX)}&""', text),
        "H": (of(RULE), text),
    }
    for column, (formula, look) in cells.items():
        sheet.write_formula(f"{column}{row}", f'=IF(${INDEX}{row}="","",{formula})', look, "")
