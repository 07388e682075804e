"""The picture in the guide: a few rows of the form, made of real cells that look as they do there.

The figures are invented and one of them is wrong, so that the check beside it speaks.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from xlsxwriter.worksheet import Worksheet

from xl_automation.forms.expression import Ref
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.percentage import percent
from xl_automation.forms.words import SEVERITY_LABELS
from xl_automation.template import pagination, positions
from xl_automation.template.form_row import NUMBER_FORMATS, OWN
from xl_automation.template.form_workbook import (
    ASIDE,
    GREEN,
    GREY,
    PALE,
    RED,
    WHITE,
    FormWorkbook,
)
from xl_automation.template.pagination import LINE, NOTE_SIZE, PADDING, ROW_SIZE
from xl_automation.template.rules_sheet import NOT_OWED, PASSED, SEE_PARTS
from xl_automation.xlsx.row_height import Text, row_height

# Columns of the guide, in pixels: those of the form, its check, and what is said of the row.
STT, LABEL, UNIT, VALUE, NOTE, CHECK, SAID = "ABCDEFG"
_PRINTED = {column: pagination.WIDTHS[column] for column in (STT, LABEL, UNIT, VALUE)}
WIDTHS = {**_PRINTED, NOTE: 96, CHECK: 216, SAID: 216}
CHECK_SIZE = 11  # points
WHOLE, PART = 8, 9  # of a percentage: more than all of it


class _Row(NamedTuple):
    """A row of the picture: what stands in the figure's cell, the check, and what is said of it."""

    item: Indicator
    figure: float | None = None
    check: str = ""
    color: str = ASIDE
    said: str = ""
    note: str = ""


def write_picture(book: FormWorkbook, sheet: Worksheet, row: int) -> int:
    """Write the picture from *row* on; return the row after it."""
    _write_header(book, sheet, row)
    rows = list(_rows(book))
    for line, shown in enumerate(rows, start=row + 1):
        _write_row(book, sheet, line, shown)
    return row + 1 + len(rows)


def _rows(book: FormWorkbook) -> Iterator[_Row]:
    """Yield the rows: a heading, a percentage with its parts, a row of another level."""
    headings = [item for item in book.form.indicators if not item.is_figure]
    for item in headings[:1]:
        yield _Row(item)
    for item, part, whole in list(_percentages(book))[:1]:
        computed = float(percent(PART, WHOLE))
        yield _Row(item, computed, SEE_PARTS, said="Tự tính từ các dòng dưới: không ghi.")
        said = "Ô trắng: ghi số. Muốn giải trình thì ghi ở cột bên cạnh."
        yield _Row(whole, WHOLE, PASSED, GREEN, said, "Giao thêm 2")
        over = f"{part.id} = {PART}; tối đa {whole.id} = {WHOLE}; lệch +{PART - WHOLE}."
        said = "Chữ đỏ: điều chưa đúng. Sửa xong, chữ tự mất."
        yield _Row(part, PART, f"{SEVERITY_LABELS['error']}: {over}", RED, said)
    for item in [other for other in book.form.figures if not other.concerns(book.level)][:1]:
        yield _Row(item, check=NOT_OWED, said="Dòng xám: không thuộc cấp của đơn vị.")


def _percentages(book: FormWorkbook) -> Iterator[tuple[Indicator, Indicator, Indicator]]:
    """Yield each percentage of the level that is one figure of another, with these two."""
    for item in book.form.figures:
        if item.is_computed and item.percent and item.concerns(book.level):
            nodes = (item.percent.part, item.percent.whole)
            parts = [book.form.by_id[node.id] for node in nodes if isinstance(node, Ref)]
            if len(parts) == 2 and all(part.is_input for part in parts):
                yield item, parts[0], parts[1]


def _write_header(book: FormWorkbook, sheet: Worksheet, row: int) -> None:
    head = book.format(
        bold=True, align="center", text_wrap=True, border=1, bg_color=PALE, font_size=ROW_SIZE
    )
    labels = book.form.header
    texts = [(STT, labels["stt"]), (LABEL, labels["label"]), (UNIT, labels["unit"])]
    texts += [(VALUE, labels["value"]), (NOTE, labels["note"])]
    for column, text in texts:
        sheet.write_string(f"{column}{row}", text, head)
    beside = book.format(bold=True, align="center", font_color=ASIDE, font_size=NOTE_SIZE)
    sheet.write_string(f"{CHECK}{row}", positions.CAPTIONS[positions.CHECK], beside)
    wrapped = (Text(text, WIDTHS[column], True, ROW_SIZE) for column, text in texts)
    sheet.set_row(row - 1, row_height(wrapped, LINE, PADDING))


def _write_row(book: FormWorkbook, sheet: Worksheet, row: int, shown: _Row) -> None:
    item = shown.item
    is_closed = item.is_figure and not item.concerns(book.level)
    style: dict[str, Any] = {"border": 1, "text_wrap": True, "font_size": ROW_SIZE}
    style |= {"bg_color": GREY if is_closed else PALE, "bold": not item.is_figure}
    middle = book.format(**style, align="center")
    sheet.write_string(f"{STT}{row}", item.stt, middle)
    sheet.write_string(f"{LABEL}{row}", item.label, book.format(**style))
    sheet.write_string(f"{UNIT}{row}", item.unit, middle)
    own = OWN if item.is_input and not is_closed else {}
    number_format = NUMBER_FORMATS.get(item.kind, "General")
    look = book.format(**style | own, align="center", num_format=number_format)
    sheet.write(f"{VALUE}{row}", shown.figure, look)
    if item.is_figure and not is_closed:
        style["bg_color"] = WHITE
    sheet.write_string(f"{NOTE}{row}", shown.note, book.format(**style | {"font_size": NOTE_SIZE}))
    beside = {"font_size": CHECK_SIZE, "text_wrap": True}
    sheet.write_string(f"{CHECK}{row}", shown.check, book.format(**beside, font_color=shown.color))
    said = f"◄ {shown.said}" if shown.said else ""
    sheet.write_string(f"{SAID}{row}", said, book.format(**beside, italic=True))
    texts = [(STT, item.stt), (LABEL, item.label), (UNIT, item.unit)]
    wrapped = [Text(text, WIDTHS[column], size=ROW_SIZE) for column, text in texts]
    texts = [(CHECK, shown.check), (SAID, said)]
    wrapped += [Text(text, WIDTHS[column], size=CHECK_SIZE) for column, text in texts]
    sheet.set_row(row - 1, row_height(wrapped, LINE, PADDING))
