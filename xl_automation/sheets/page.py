"""The form itself, as printed (A:E), and beside it what helps to fill it."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation import expression, typography
from xl_automation import layout as at
from xl_automation.form_checks import MAX_PROMPT
from xl_automation.layout import Layout
from xl_automation.model import HELPER, Form, Indicator, Rule
from xl_automation.sheets.draft import (
    ASIDE,
    GREEN,
    GREY,
    MAX_COUNT,
    PALE,
    PURPLE,
    RED,
    WHITE,
    Draft,
    validate,
)
from xl_automation.sheets.lists import code_list, text_formula
from xl_automation.sheets.rules import NOT_OWED, live_check_formula
from xl_automation.typography import FONT, Text

# Widths in pixels: A:E fill A4 between margins of 30 and 15 mm at 100 %.
WIDTHS = {
    at.STT: 74,
    at.LABEL: 282,
    at.UNIT: 112,
    at.VALUE: 78,
    at.NOTE: 74,
    at.PREVIOUS: 100,
    at.CHECK: 420,
    at.RETURNED: 260,
    at.PART: 110,
    at.WHOLE: 110,
    at.COMPUTED: 80,
}
CAPTIONS = {
    at.PREVIOUS: "Kỳ trước",
    at.CHECK: "Kiểm tra",
    at.RETURNED: "Thành phố trả lại",
    at.PART: "Tử số (nếu có)",
    at.WHOLE: "Mẫu số (nếu có)",
    at.COMPUTED: "Tính được",
}
LINE, PADDING = 15.75, 3.0  # points, for Times New Roman 12
PAGE_HEIGHT = (297 - 40) / 25.4 * 72  # points between the margins of an A4 page
TITLE_HEIGHTS = (20, 36, 36, 10, 6)
HEADER_HEIGHTS = (20, 48)
SIGNATURE_HEIGHTS = (20, 20, 36, 20, 20, 24, 24, 20)
NUMBER_FORMATS = {"count": "#,##0", "amount": "#,##0", "percent": "General", "code": "0"}

# The rule that says what a cell of a kind may hold, for the message of its validation.
RANGE_RULES = ("F01", "F05", "F04", "F06", "F09")


def write_page(draft: Draft, sheet: Worksheet) -> None:
    """Write the form's sheet."""
    _set_up(draft, sheet)
    _write_titles(draft, sheet)
    _write_header(draft, sheet)
    for item in draft.form.indicators:
        _write_row(draft, sheet, item)
    _write_signatures(draft, sheet, draft.layout.last_row + 2)
    checks = f"{at.CHECK}{at.FIRST_ROW}:{at.CHECK}{draft.layout.last_row}"
    for text, color in (("✓", GREEN), (NOT_OWED, ASIDE)):
        look = draft.book.add_format({"font_color": color})
        rule = {"type": "cell", "criteria": "==", "value": f'"{text}"', "format": look}
        sheet.conditional_format(checks, rule)
    sheet.set_h_pagebreaks([row - 1 for row in page_breaks(draft.form)])


def _set_up(draft: Draft, sheet: Worksheet) -> None:
    # Columns that say nothing are hidden; returning a workbook shows the one for its reasons.
    hidden = {at.RETURNED} if draft.previous else {at.RETURNED, at.PREVIOUS}
    for column, width in WIDTHS.items():
        options = {"hidden": column in hidden}
        sheet.set_column_pixels(f"{column}:{column}", width, None, options)
    sheet.set_column(f"{at.NUMBER}:{at.LAST_COLUMN}", None, None, {"hidden": True})
    sheet.set_paper(9)
    sheet.set_portrait()
    # Nghị định 30/2020/NĐ-CP, Phụ lục I: 20–25 mm above and below, 30–35 left, 15–20 right.
    sheet.set_margins(left=30 / 25.4, right=15 / 25.4, top=20 / 25.4, bottom=20 / 25.4)
    # The page number stands centred in the top margin; template.py takes it off the first page.
    sheet.set_header(f'&C&"{FONT}"&13&P', {"margin": 10 / 25.4})
    sheet.center_horizontally()
    sheet.print_black_and_white()
    sheet.repeat_rows(at.HEADER_ROW - 1, at.HEADER_ROW)
    sheet.freeze_panes(at.HEADER_ROW + 1, 0)


def _write_titles(draft: Draft, sheet: Worksheet) -> None:
    styles: list[dict[str, Any]] = [
        {"bold": True, "font_size": 14},
        {"bold": True, "font_size": 13},
        {"italic": True, "font_size": 13},
    ]
    texts = (*draft.form.title, draft.form.attached)
    for row, (text, style) in enumerate(zip(texts, styles, strict=True), start=at.TITLE_ROW):
        look = draft.format(align="center", text_wrap=True, **style)
        sheet.merge_range(f"A{row}:E{row}", "", look)
        is_title = row == at.TITLE_ROW + 1
        sheet.write_formula(f"A{row}", text_formula(text, upper=is_title), look, "")
    for row, height in enumerate(TITLE_HEIGHTS):
        sheet.set_row(row, height)


def _write_header(draft: Draft, sheet: Worksheet) -> None:
    head = draft.format(bold=True, align="center", text_wrap=True, border=1, bg_color=PALE)
    row, labels = at.HEADER_ROW, draft.form.header
    for column, key in ((at.STT, "stt"), (at.LABEL, "label"), (at.NOTE, "note")):
        sheet.merge_range(f"{column}{row}:{column}{row + 1}", labels[key], head)
    sheet.merge_range(f"{at.UNIT}{row}:{at.VALUE}{row}", labels["result"], head)
    sheet.write_string(f"{at.UNIT}{row + 1}", labels["unit"], head)
    sheet.write_string(f"{at.VALUE}{row + 1}", labels["value"], head)
    for line, height in enumerate(HEADER_HEIGHTS, start=row - 1):
        sheet.set_row(line, height)
    beside = draft.format(
        bold=True, align="center", text_wrap=True, bottom=1, font_color=ASIDE, font_size=10
    )
    for column, caption in CAPTIONS.items():
        if column == at.PREVIOUS and draft.previous:
            caption = f"{caption}: {draft.previous.label}"
        sheet.write_string(f"{column}{row + 1}", caption, beside)


def _write_row(draft: Draft, sheet: Worksheet, item: Indicator) -> None:
    row = draft.layout.rows[item.id]
    style: dict[str, Any] = {"border": 1, "text_wrap": True}
    if item.kind == "section" or item.style == "bold":
        style["bold"] = True
    if item.style == "italic":
        style["italic"] = True
    if item.is_figure and not item.concerns(draft.level):
        style["bg_color"] = GREY
    sheet.set_row(row - 1, row_height(item))
    sheet.write_string(f"{at.STT}{row}", item.stt, draft.format(**style, align="center"))
    sheet.write_string(f"{at.LABEL}{row}", item.label, draft.format(**style))
    sheet.write_string(f"{at.UNIT}{row}", item.unit, draft.format(**style, align="center"))
    _write_figure(draft, sheet, item, style)
    # Smaller: a long note makes its row grow, and rows beyond the page break onto a page of theirs.
    note = draft.format(**style, locked=not item.is_figure, font_size=10)
    sheet.write_blank(f"{at.NOTE}{row}", None, note)
    _write_reading(draft, sheet, item)
    if item.is_figure:
        _write_beside(draft, sheet, item)
    if item.helper:
        _write_helper(draft, sheet, item)


def _write_figure(draft: Draft, sheet: Worksheet, item: Indicator, style: dict[str, Any]) -> None:
    cell = draft.layout.cell(item.id)
    fill = PALE if item.is_computed else WHITE
    look = draft.format(
        **{"bg_color": fill, **style},
        align="center",
        locked=not item.is_input,
        num_format=NUMBER_FORMATS.get(item.kind, "General"),
    )
    if formula := draft.layout.formulas(item).get(cell):
        sheet.write_formula(cell, formula, look, "")
    else:
        sheet.write_blank(cell, None, look)
    if item.is_figure:
        draft.name(item.name, draft.form.sheet, cell)
    if item.kind == "amount":
        broken = f"=IF(ISNUMBER({cell}),{cell}<>INT({cell}),FALSE)"
        decimals = draft.book.add_format({"num_format": "#,##0.00"})
        sheet.conditional_format(cell, {"type": "formula", "criteria": broken, "format": decimals})
    if item.is_input:
        _validate_figure(draft, sheet, item, cell)
    elif item.percent:
        part, whole = (expression.spell(node) for node in (item.percent.part, item.percent.whole))
        how = f"Ô này tự tính, không ghi: 100 × {part} / {whole}."
        validate(sheet, cell, f"Chỉ tiêu {item.id}", how, how, validate="any")


def _validate_figure(draft: Draft, sheet: Worksheet, item: Indicator, cell: str) -> None:
    rule = _range_rule(draft.form, item)
    allowed: dict[str, Any] = {
        "validate": "integer" if item.kind == "count" else "decimal",
        "criteria": "between",
        "minimum": _lowest(draft.form, item),
        "maximum": 100 if item.kind == "percent" else MAX_COUNT,
    }
    if item.kind == "code":
        allowed = {"validate": "list", "source": code_list(draft.form, item)}
    message = prompt(draft, item)
    error = _sentence(f"{rule.message} {rule.fix}") if rule else message
    validate(sheet, cell, f"Chỉ tiêu {item.id}", message, error, **allowed)


def _lowest(form: Form, item: Indicator) -> int:
    """Return the lowest figure of a row: changes in per cent may be negative."""
    rule = _range_rule(form, item)
    return -100 if rule and rule.id == "F05" else 0


def _range_rule(form: Form, item: Indicator) -> Rule | None:
    for id in RANGE_RULES:
        for rule in form.rules:
            if rule.id == id and item.id in rule.each:
                return rule
    return None


def _write_reading(draft: Draft, sheet: Worksheet, item: Indicator) -> None:
    """Write what the workbook understands of the cell, and its live check."""
    row = draft.layout.rows[item.id]
    for cell, formula in draft.layout.formulas(item).items():
        if cell[0] in (at.TEXT, at.SHAPE, at.NUMBER, at.FORMAT):
            sheet.write_formula(cell, formula, None, "")
    if item.is_input and item.concerns(draft.level):
        sheet.write_number(f"{at.OWED}{row}", 1)
    check = f"{at.CHECK}{row}"
    look = draft.format(font_size=11, font_color=RED)
    sheet.write_formula(check, live_check_formula(draft, item), look, "")


def _write_beside(draft: Draft, sheet: Worksheet, item: Indicator) -> None:
    """Write the locked cells for what the city returns and for the earlier period."""
    row = draft.layout.rows[item.id]
    returned = draft.format(font_size=11, font_color=PURPLE)
    sheet.write_blank(f"{at.RETURNED}{row}", None, returned)
    number_format = NUMBER_FORMATS[item.kind]
    earlier = draft.format(align="center", font_color=ASIDE, num_format=number_format)
    if item.id in draft.numbers:
        sheet.write_number(f"{at.PREVIOUS}{row}", draft.numbers[item.id], earlier)
    else:
        sheet.write_blank(f"{at.PREVIOUS}{row}", None, earlier)


def _write_helper(draft: Draft, sheet: Worksheet, item: Indicator) -> None:
    assert item.helper is not None
    look = draft.format(border=1, locked=False, align="center", num_format="#,##0")
    for end, label in ((".tu", item.helper.part), (".mau", item.helper.whole)):
        cell = draft.layout.cell(item.id + end)
        sheet.write_blank(cell, None, look)
        draft.name(f"{HELPER}{item.id}{end}", draft.form.sheet, cell)
        text = f"{label}. Không bắt buộc: ghi đủ tử số và mẫu số thì tỷ lệ {item.id} tự tính."
        validate(
            sheet,
            cell,
            "Tử số" if end == ".tu" else "Mẫu số",
            text,
            "Ghi số không âm.",
            validate="decimal",
            criteria="between",
            minimum=0,
            maximum=MAX_COUNT,
        )
    computed = f"{at.COMPUTED}{draft.layout.rows[item.id]}"
    aside = draft.format(align="center", font_color=ASIDE)
    sheet.write_formula(computed, draft.layout.formulas(item)[computed], aside, "")


def _write_signatures(draft: Draft, sheet: Worksheet, row: int) -> None:
    bold = draft.format(bold=True, font_size=13, text_wrap=True, align="center")
    dated = draft.format(italic=True, font_size=13, align="right")
    sheet.merge_range(f"B{row}:E{row}", "", dated)
    sheet.write_formula(f"B{row}", text_formula("{place}, {signed}"), dated, "")
    sheet.merge_range(f"A{row + 1}:B{row + 1}", "Người lập biểu", bold)
    sheet.merge_range(f"C{row + 1}:E{row + 1}", "Thủ trưởng đơn vị", bold)
    sheet.merge_range(f"C{row + 2}:E{row + 2}", "", bold)
    sheet.write_formula(f"C{row + 2}", text_formula("TM. {unit}", upper=True), bold, "")
    last = row + len(SIGNATURE_HEIGHTS) - 1
    signatures = {
        f"C{row + 3}:E{row + 3}": '=IF(TT_KY_THAY,"KT. CHỦ TỊCH","CHỦ TỊCH")',
        f"C{row + 4}:E{row + 4}": '=IF(TT_KY_THAY,"PHÓ CHỦ TỊCH","")',
        f"A{last}:B{last}": '=TT_NGUOI_LAP&""',
        f"C{last}:E{last}": '=TT_NGUOI_KY&""',
    }
    for area, formula in signatures.items():
        sheet.merge_range(area, "", bold)
        sheet.write_formula(area.partition(":")[0], formula, bold, "")
    for below, height in enumerate(SIGNATURE_HEIGHTS, start=row - 1):
        sheet.set_row(below, height)
    sheet.print_area(0, 0, last - 1, 4)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def prompt(draft: Draft, item: Indicator) -> str:
    """Return the input message of a cell: what is entered, in which unit, with an example.

    What does not fit is left out from the end, a sentence at a time.
    """
    unit = item.unit_means or item.unit
    codes = "; ".join(f"{code} = {text}" for code, text in item.codes.items())
    kinds = {
        "count": f"Số nguyên, đơn vị: {unit}. Không phát sinh ghi 0.",
        "amount": f"Số tiền, đơn vị: {unit}, ví dụ 4860.",
        "percent": f"Tỷ lệ từ {_lowest(draft.form, item)} đến 100, ví dụ 58,85.",
        "code": f"Chọn mã: {codes}.",
    }
    sentences = [
        "" if item.concerns(draft.level) else f"{NOT_OWED}.",
        kinds[item.kind] if item.concerns(draft.level) else "",
        item.help,
        "Không ghi số lượng." if item.kind == "percent" else "",
        f"Chưa có tỷ lệ: ghi tử số, mẫu số ở cột {at.PART}, {at.WHOLE}." if item.helper else "",
    ]
    text = ""
    for sentence in filter(None, sentences):
        longer = f"{text} {sentence}".strip()
        text = longer if len(longer) <= MAX_PROMPT else text
    return text


def row_height(item: Indicator) -> float:
    """Return the height in points that shows all texts of a row whole."""
    bold = item.kind == "section" or item.style == "bold"
    texts = ((at.STT, item.stt), (at.LABEL, item.label), (at.UNIT, item.unit))
    wrapped = (Text(text, WIDTHS[column], bold) for column, text in texts)
    return typography.row_height(wrapped, LINE, PADDING)


def page_breaks(form: Form) -> list[int]:
    """Return the rows that start a new page.

    A row stays with its “Trong đó” rows, a heading with the row after it, and the signatures
    with the last rows.
    """
    rows = Layout(form).rows
    breaks: list[int] = []
    used: float = sum(TITLE_HEIGHTS) + sum(HEADER_HEIGHTS)
    groups = _groups(form)
    for group in groups:
        height = sum(row_height(item) for item in group)
        ending = sum(SIGNATURE_HEIGHTS) + LINE if group is groups[-1] else 0
        if used + height + ending > PAGE_HEIGHT:
            breaks.append(rows[group[0].id])
            used = sum(HEADER_HEIGHTS)
        used += height
    return breaks


def _groups(form: Form) -> list[list[Indicator]]:
    groups: list[list[Indicator]] = []
    for item in form.indicators:
        last = groups[-1] if groups else []
        is_part = bool(last) and item.stt in ("", "Trong đó")
        after_heading = bool(last) and not last[-1].is_figure
        if is_part or after_heading:
            last.append(item)
        else:
            groups.append([item])
    return groups
