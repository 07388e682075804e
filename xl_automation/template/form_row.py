"""One row of the form's sheet: what is printed, the figure's cell, and what helps to fill it."""

from __future__ import annotations

from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.expression import spell
from xl_automation.forms.indicator import PART_END, WHOLE_END, Indicator
from xl_automation.forms.support_table import HELPER
from xl_automation.template import positions
from xl_automation.template.form_workbook import (
    ASIDE,
    GREY,
    MAX_COUNT,
    PALE,
    PURPLE,
    RED,
    WHITE,
    FormWorkbook,
    validate,
)
from xl_automation.template.input_message import accepted, prompt, refusal
from xl_automation.template.lists_sheet import code_list
from xl_automation.template.pagination import NOTE_SIZE, ROW_SIZE, form_row_height
from xl_automation.template.rules_sheet import live_check_formula
from xl_automation.xlsx.address import Address

# What the unit answers for: white, and on paper, which shows no fills, between two thick lines.
OWN = {"bg_color": WHITE, "left": 2, "right": 2}
NUMBER_FORMATS = {"count": "#,##0", "amount": "#,##0", "percent": "General", "code": "0"}


def write_row(book: FormWorkbook, sheet: Worksheet, item: Indicator) -> None:
    """Write a row of the form."""
    row = book.layout.rows[item.id]
    style: dict[str, Any] = {
        "border": 1,
        "text_wrap": True,
        "font_size": ROW_SIZE,
        "bg_color": PALE,
    }
    if item.kind == "section" or item.style == "bold":
        style["bold"] = True
    if item.style == "italic":
        style["italic"] = True
    is_closed = item.is_figure and not item.concerns(book.level)
    if is_closed and item.id not in book.origin.figures:
        style["bg_color"] = GREY
    note = book.origin.notes.get(item.id, "")
    sheet.set_row(row - 1, form_row_height(item, note))
    sheet.write_string(f"{positions.STT}{row}", item.stt, book.format(**style, align="center"))
    sheet.write_string(f"{positions.LABEL}{row}", item.label, book.format(**style))
    sheet.write_string(f"{positions.UNIT}{row}", item.unit, book.format(**style, align="center"))
    _write_figure(book, sheet, item, style)
    # Smaller: a long note makes its row grow, and rows beyond the page break onto a page of theirs.
    fill = style["bg_color"] if is_closed or not item.is_figure else WHITE
    looks = {**style, "bg_color": fill, "font_size": NOTE_SIZE}
    look = book.format(**looks, locked=not item.is_figure)
    if note:
        sheet.write_string(f"{positions.NOTE}{row}", note, look)
    else:
        sheet.write_blank(f"{positions.NOTE}{row}", None, look)
    _write_reading(book, sheet, item)
    if item.is_figure:
        _write_beside(book, sheet, item)
    if item.helper:
        _write_helper(book, sheet, item)


def _write_figure(
    book: FormWorkbook, sheet: Worksheet, item: Indicator, style: dict[str, Any]
) -> None:
    cell = book.layout.cell(item.id)
    if item.is_input and item.concerns(book.level):
        style = {**style, **OWN}
    look = book.format(
        **style,
        align="center",
        locked=not item.is_input,
        num_format=NUMBER_FORMATS.get(item.kind, "General"),
    )
    if link := book.origin.links.get(item.id):  # first: it would stand in the cell as a text
        sheet.write_url(cell, f"external:{link.target}#{link.location}", look, tip=link.content)
    value = book.origin.figures.get(item.id) if item.is_input else None
    if isinstance(value, str):
        sheet.write_string(cell, value, look)
    elif value is not None:
        sheet.write_number(cell, value, look)
    elif formula := book.layout.formulas(item).get(cell):
        sheet.write_formula(cell, formula, look, "")
    else:
        sheet.write_blank(cell, None, look)
    if item.is_figure:
        book.name(item.name, book.layout.place(item.id))
    if item.kind == "amount":
        broken = f"=IF(ISNUMBER({cell}),{cell}<>INT({cell}),FALSE)"
        decimals = book.target.add_format({"num_format": "#,##0.00"})
        sheet.conditional_format(cell, {"type": "formula", "criteria": broken, "format": decimals})
    if item.is_input:
        _validate_figure(book, sheet, item, cell)
    elif item.percent:
        part, whole = (spell(node) for node in (item.percent.part, item.percent.whole))
        how = f"Ô này tự tính, không ghi: 100 × {part} / {whole}."
        validate(sheet, cell, item.title, how, how, validate="any")


def _validate_figure(book: FormWorkbook, sheet: Worksheet, item: Indicator, cell: str) -> None:
    allowed: dict[str, Any] = {"validate": "custom", "value": accepted(book, item)}
    if item.kind == "code":
        allowed = {"validate": "list", "source": code_list(book.form, item)}
    validate(sheet, cell, item.title, prompt(book, item), refusal(book, item), **allowed)


def _write_reading(book: FormWorkbook, sheet: Worksheet, item: Indicator) -> None:
    """Write what the workbook understands of the cell, and its live check."""
    row = book.layout.rows[item.id]
    hidden = (positions.TEXT, positions.SHAPE, positions.NUMBER, positions.FORMAT)
    for cell, formula in book.layout.formulas(item).items():
        if Address(cell).column in hidden:
            sheet.write_formula(cell, formula, None, "")
    if item.is_input and item.concerns(book.level):
        sheet.write_number(f"{positions.OWED}{row}", 1)
    check = f"{positions.CHECK}{row}"
    look = book.format(font_size=11, font_color=RED)
    sheet.write_formula(check, live_check_formula(book, item), look, "")


def _write_beside(book: FormWorkbook, sheet: Worksheet, item: Indicator) -> None:
    """Write the locked cells for what the city returns and for the earlier period."""
    row = book.layout.rows[item.id]
    returned = book.format(font_size=11, font_color=PURPLE)
    sheet.write_blank(f"{positions.RETURNED}{row}", None, returned)
    number_format = NUMBER_FORMATS[item.kind]
    earlier = book.format(
        align="center", font_color=ASIDE, font_size=ROW_SIZE, num_format=number_format
    )
    if item.id in book.numbers:
        sheet.write_number(f"{positions.PREVIOUS}{row}", book.numbers[item.id], earlier)
    else:
        sheet.write_blank(f"{positions.PREVIOUS}{row}", None, earlier)


def _write_helper(book: FormWorkbook, sheet: Worksheet, item: Indicator) -> None:
    assert item.helper is not None
    look = book.format(border=1, locked=False, align="center", num_format="#,##0")
    for end, title in ((PART_END, "Tử số"), (WHOLE_END, "Mẫu số")):
        id = f"{item.id}{end}"
        cell, label = book.layout.cell(id), item.helper.label(id)
        sheet.write_blank(cell, None, look)
        book.name(f"{HELPER}{id}", book.layout.place(id))
        text = f"{label}. Không bắt buộc: ghi đủ tử số và mẫu số thì tỷ lệ {item.id} tự tính."
        validate(
            sheet,
            cell,
            title,
            text,
            "Ghi số không âm.",
            validate="decimal",
            criteria="between",
            minimum=0,
            maximum=MAX_COUNT,
        )
    computed = f"{positions.COMPUTED}{book.layout.rows[item.id]}"
    aside = book.format(align="center", font_color=ASIDE)
    sheet.write_formula(computed, book.layout.formulas(item)[computed], aside, "")
