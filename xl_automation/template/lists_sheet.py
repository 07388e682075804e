"""The hidden sheet ``Danh mục``: lists behind the drop-downs, and the texts of the title lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import chain

from xlsxwriter.worksheet import Worksheet

from xl_automation.excel_limits import MAX_CHOICE, length
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import Indicator
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.unit_list import eras
from xl_automation.template import positions
from xl_automation.template.form_workbook import FormWorkbook
from xl_automation.xlsx.address import Address, column_after

CALCULATED_ROW, UNIT_ROW = 3, 16
CODES, CODE_ROW = "I", 3
PERIODS, PERIOD_ROW = "K", 3  # the first of their columns
_LAST_DAY = "TT_KY_DEN_NGAY"  # of the period that is chosen
UNSIGNED = "ngày …… tháng …… năm ……"
DEPUTY = "Phó Chủ tịch (ký thay)"
POSITIONS = ("Chủ tịch", DEPUTY)
UNIT_TYPES = ("Thành phố ", "Thị xã ", "Thị trấn ", "Phường ", "Huyện ", "Xã ")
# What a placeholder of the form's titles stands for.
PLACEHOLDERS = {
    "period": "TT_KY_NHAN",
    "unit": "TT_UBND",
    "number": "TT_SO_NHAN",
    "date": "TT_NGAY_NHAN",
    "place": "TT_DIA_DANH",
    "signed": "TT_NGAY_KY",
}


def write_lists(book: FormWorkbook, sheet: Worksheet) -> None:
    """Write periods, calculated texts, reporting units, and codes that show their meaning."""
    sheet.set_column("A:B", 40)
    sheet.write_string("A1", "Danh mục dùng cho các ô chọn và dòng tiêu đề")
    for row, kind in enumerate(book.form.period_kinds, start=PERIOD_ROW):
        texts = positions.short_period(kind.label), kind.label
        facts = (*texts, kind.start_year, *kind.start, *kind.end)
        for step, fact in enumerate(facts):
            sheet.write(f"{column_after(PERIODS, step)}{row}", fact)
    for row, (name, formula) in enumerate(_calculated(book.form).items(), CALCULATED_ROW):
        sheet.write_string(f"A{row}", name)
        sheet.write_formula(f"B{row}", formula, None, "")
        book.name(name, Address.of(positions.LIST_SHEET, "B", row))
    for row, unit in enumerate(chain(*_eras(book).values()), start=UNIT_ROW):
        sheet.write_string(f"A{row}", positions.unit_text(unit))
    for item, first in _code_rows(book.form):
        for row, (code, label) in enumerate(item.codes.items(), start=first):
            # The list shows this text; what is chosen is stored as the number.
            shown = book.format(num_format=f'0" = {label}"')
            sheet.write_number(f"{CODES}{row}", code, shown)
        for row, absence in enumerate(book.form.codes_in(item), start=first + len(item.codes)):
            sheet.write_string(f"{CODES}{row}", absence)
    sheet.hide()


def _eras(book: FormWorkbook) -> Mapping[date, Sequence[ReportingUnit]]:
    """Return the units that are offered from one day to the next; of a known period all alike."""
    return {date.min: book.units} if book.period else eras(book.units)


def unit_list(book: FormWorkbook) -> str:
    """Return the cells that the drop-down list of units shows, as a formula.

    They are those of the period that is chosen; as long as none is, all of them.
    """
    formula, row, blocks = "", UNIT_ROW, []
    for day, units in _eras(book).items():
        blocks.append((day, _unit_cells(row, row + len(units) - 1)))
        row += len(units)
    everyone = _unit_cells(UNIT_ROW, row - 1)
    *earlier, (_, formula) = blocks
    for (_, cells), (day, _) in reversed(list(zip(earlier, blocks[1:], strict=True))):
        until = f"DATE({day.year},{day.month},{day.day})"
        formula = f"IF({_LAST_DAY}<{until},{cells},{formula})"
    chosen = f"=IF(ISNUMBER({_LAST_DAY}),{formula},{everyone})"
    return chosen if earlier and length(chosen) <= MAX_CHOICE else f"={everyone}"


def _unit_cells(first: int, last: int) -> str:
    return f"'{positions.LIST_SHEET}'!$A${first}:$A${last}"


def _code_rows(form: Form) -> Iterator[tuple[Indicator, int]]:
    """Yield each coded row with the first of the cells that its drop-down list shows."""
    row = CODE_ROW
    for item in form.figures:
        if item.codes:
            yield item, row
            row += len(item.codes) + len(form.codes_in(item))


def code_list(form: Form, item: Indicator) -> str:
    """Return the cells that the drop-down list of a coded row shows, as a formula."""
    first = next(row for other, row in _code_rows(form) if other is item)
    last = first + len(item.codes) + len(form.codes_in(item)) - 1
    return f"='{positions.LIST_SHEET}'!${CODES}${first}:${CODES}${last}"


def period_list(form: Form) -> str:
    """Return the cells that the drop-down list of periods shows, as a formula."""
    return f"='{positions.LIST_SHEET}'!{_period_cells(form, 0)}"


def _period_cells(form: Form, step: int) -> str:
    """Return the cells of one of the facts about the periods."""
    column, last = column_after(PERIODS, step), PERIOD_ROW + len(form.period_kinds) - 1
    return f"${column}${PERIOD_ROW}:${column}${last}"


def _calculated(form: Form) -> dict[str, str]:
    """Return the formulas of the texts that titles are made of, by defined name."""
    match = f"MATCH(TT_KY,{_period_cells(form, 0)},0)"
    label, year, first_month, first_day, last_month, last_day = (
        f"INDEX({_period_cells(form, step)},{match})" for step in range(1, 7)
    )

    between = positions.UNIT_SEPARATOR
    name = f'MID(TT_DON_VI,FIND("{between}",TT_DON_VI)+{len(between)},99)'
    place = "TT_TEN_DON_VI"
    for kind in UNIT_TYPES:
        place = f'SUBSTITUTE({place},"{kind}","")'
    first = f"DATE(TT_NAM+{year},{first_month},{first_day})"
    final = f"DATE(TT_NAM,{last_month},{last_day})"
    day = "TT_NGAY_BAO_CAO"
    # Nghị định 30/2020/NĐ-CP: days below 10 and the months 1 and 2 take a leading zero.
    month = f'IF(MONTH({day})<3,"0","")&MONTH({day})'
    signed = f'"ngày "&TEXT(DAY({day}),"00")&" tháng "&{month}&" năm "&YEAR({day})'
    written = f'DAY({day})&"/"&MONTH({day})&"/"&YEAR({day})'
    # What stands before the first slash, if that is nothing but digits.
    digits = 'TRIM(LEFT(TT_SO_BAO_CAO,FIND("/",TT_SO_BAO_CAO&"/")-1))'
    return {
        "TT_TEN_DON_VI": f'=IFERROR({name},"…")',
        "TT_UBND": '="UBND "&LOWER(LEFT(TT_TEN_DON_VI,1))&MID(TT_TEN_DON_VI,2,99)',
        "TT_DIA_DANH": f"={place}",
        "TT_KY_THAY": f'=TT_CHUC_VU="{DEPUTY}"',
        "TT_KY_NHAN": f'=IFERROR(SUBSTITUTE({label},"{{year}}",TT_NAM),"…")',
        "TT_KY_TU_NGAY": f'=IF(ISNUMBER(TT_NAM),IFERROR({first},""),"")',
        _LAST_DAY: f'=IF(ISNUMBER(TT_NAM),IFERROR({final},""),"")',
        "TT_SO_NHAN": '=IF(TT_SO_BAO_CAO="","……",TT_SO_BAO_CAO)',
        "TT_NGAY_NHAN": f'=IF(ISNUMBER({day}),{written},"……")',
        "TT_SO_DAU_BAO_CAO": (
            f'=IFERROR(IF(AND(LEN({digits})<10,TEXT(VALUE({digits}),LEFT("000000000",LEN({digits})))='
            f'{digits}),VALUE({digits}),""),"")'
        ),
        positions.DECIMAL_MARK: "=MID(1/2,2,1)",
        "TT_NGAY_KY": f'=IF(ISNUMBER({day}),{signed},"{UNSIGNED}")',
    }


def place_name(unit: str) -> str:
    """Return the name of a unit's place, as the formula of the signature line has it."""
    for kind in UNIT_TYPES:
        unit = unit.replace(kind, "")
    return unit


def signed_day(day: date | None) -> str:
    """Return the day of a signature likewise; dots where it is not known."""
    if day is None:
        return UNSIGNED
    month = f"{day.month:02}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02} tháng {month} năm {day.year}"


def text_formula(text: str, upper: bool = False) -> str:
    """Return the formula of a text with placeholders such as ``{unit}``."""
    pieces = []
    for number, piece in enumerate(text.replace("}", "{").split("{")):
        if number % 2:
            pieces.append(f"UPPER({PLACEHOLDERS[piece]})" if upper else PLACEHOLDERS[piece])
        elif piece:
            pieces.append('"' + piece.replace('"', '""') + '"')
    return "=" + "&".join(pieces)
