"""Where everything stands in an issued workbook, and the formulas that read a figure's cell.

The template writes by it, the reader reads by it, nothing else knows a row or a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from xl_automation import expression
from xl_automation.form import Form, Indicator, ReportingUnit, RuleInstance
from xl_automation.numbers import MAX_DIGITS

INFO_SHEET = "Thông tin"
LIST_SHEET = "Danh mục"
RULE_SHEET = "Quy tắc"

# Columns of the form's sheet. A:E are printed; F:K stand beside the page; L:N are hidden.
STT, LABEL, UNIT, VALUE, NOTE = "A", "B", "C", "D", "E"
CHECK, RETURNED, PREVIOUS, PART, WHOLE, COMPUTED = "F", "G", "H", "I", "J", "K"
NUMBER, TEXT, SHAPE = "L", "M", "N"
LAST_COLUMN = SHAPE

TITLE_ROW = 1
HEADER_ROW = 6  # two lines
FIRST_ROW = 8

# Cells of the information sheet: defined name -> (row, label). Values stand in column B.
INFO_ROWS = {
    "TT_DON_VI": (4, "Đơn vị báo cáo"),
    "TT_KY": (5, "Kỳ báo cáo"),
    "TT_NAM": (6, "Năm"),
    "TT_TU_NGAY": (7, "Số liệu từ ngày"),
    "TT_DEN_NGAY": (8, "Số liệu đến ngày"),
    "TT_SO_BAO_CAO": (9, "Số báo cáo"),
    "TT_NGAY_BAO_CAO": (10, "Ngày báo cáo"),
    "TT_CAP": (13, "Cấp báo cáo"),
    "TT_BIEU": (14, "Biểu mẫu"),
    "TT_PHIEN_BAN": (15, "Phiên bản biểu mẫu"),
}
INFO_VALUE = "B"
UNIT_SEPARATOR = " – "  # between code and name of a unit in its cell

# The figures of META, as cells of the information sheet.
META_CELLS = {
    "@from": "TT_TU_NGAY",
    "@to": "TT_DEN_NGAY",
    "@period_from": "TT_KY_TU_NGAY",
    "@period_to": "TT_KY_DEN_NGAY",
    "@report_date": "TT_NGAY_BAO_CAO",
}

UNREADABLE = "?"  # what column NUMBER shows for a cell that is no number


def info_cell(name: str) -> str:
    """Return the absolute address of a named cell of the information sheet."""
    return f"'{INFO_SHEET}'!${INFO_VALUE}${INFO_ROWS[name][0]}"


def unit_text(unit: ReportingUnit) -> str:
    """Return a unit as its cell shows it: ``05497 – Xã Thịnh Đức``."""
    return f"{unit.code}{UNIT_SEPARATOR}{unit.name}"


def short_period(label: str) -> str:
    """Return a period's label without its year: ``6 tháng đầu năm``, ``Quý I năm``, ``Năm``."""
    return label.replace(" {year}", "")


@dataclass(frozen=True)
class Layout:
    """Rows and cells of a form's sheet."""

    form: Form

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each indicator, by id."""
        return {item.id: FIRST_ROW + at for at, item in enumerate(self.form.indicators)}

    @property
    def last_row(self) -> int:
        """Row of the last indicator."""
        return FIRST_ROW + len(self.form.indicators) - 1

    def cell(self, id: str) -> str:
        """Return the address of a figure, or of a helper's numerator or denominator."""
        if helped := self.form.helper_ids.get(id):
            return f"{PART if id.endswith('.tu') else WHOLE}{self.rows[helped.id]}"
        return f"{VALUE}{self.rows[id]}"

    def place(self, id: str) -> str:
        """Return the address with its sheet, as people and findings write it."""
        return f"{self.form.sheet}!{self.cell(id)}"

    def take(self, id: str, source: str) -> str:
        """Return the cell or formula that gives a figure's number or state (``Cells``)."""
        if id in META_CELLS:
            return META_CELLS[id]
        if id in self.form.helper_ids:
            return f"${self.cell(id)[0]}${self.cell(id)[1:]}"
        row = self.rows[id]
        number, text = f"${NUMBER}${row}", f"${TEXT}${row}"
        match source:
            case "number":
                return number
            case "nz":
                return f"N({number})"
            case "previous":
                return f"${PREVIOUS}${row}"
            case "filled":
                return f'({number}<>"")'
            case "readable":
                return f'({number}<>"{UNREADABLE}")'
            case "leading_zero":
                unsigned = f'SUBSTITUTE({text},"-","")'
                return (
                    f'AND(ISNUMBER({number}),LEFT({unsigned},1)="0",LEN({unsigned})>1,'
                    f'ISNUMBER(FIND(MID({unsigned}&" ",2,1),"0123456789")))'
                )
            case "agrees":
                return self._agrees(self.form.by_id[id])
        raise AssertionError(source)

    def _agrees(self, item: Indicator) -> str:
        """Return the formula that is TRUE where a percentage is what its parts give."""
        row = self.rows[item.id]
        # A locked percentage is recomputed in NUMBER; an entered one is read there.
        computed = f"${NUMBER if item.is_computed else COMPUTED}${row}"
        stated = f"${VALUE if item.is_computed else NUMBER}${row}"
        without = "FALSE" if item.is_computed else f"NOT(ISNUMBER({computed}))"
        return (
            f'IF(ISERROR({stated}),FALSE,IF(AND({stated}="",{computed}=""),TRUE,'
            f"IF(AND(ISNUMBER({stated}),ISNUMBER({computed})),"
            f"ABS({stated}-{computed})<={AGREES_WITHIN},{without})))"
        )

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for a figure (``Cells``)."""
        return tuple(self.form.by_id[id].codes)

    # --- reading a cell by native formulas: the rules of numbers.py ---------------------------

    def text_formula(self, row: int) -> str:
        """Return the formula of the cell's text, cleaned; empty where it is not text."""
        cell = text = f"{VALUE}{row}"
        for space in ('"\u00a0"', "CHAR(9)", "CHAR(10)", "CHAR(13)"):
            text = f'SUBSTITUTE({text},{space}," ")'
        return f'=IF(ISTEXT({cell}),TRIM({text}),"")'

    def shape_formula(self, item: Indicator) -> str:
        """Return the formula of the text's shape: no sign, no %, every digit as 0."""
        text = f"{TEXT}{self.rows[item.id]}"
        body = f'IF(LEFT({text},1)="-",MID({text},2,99),{text})'
        if item.kind == "percent":
            body = f'IF(RIGHT({text},1)="%",TRIM(LEFT({body},LEN({body})-1)),{body})'
        for digit in "123456789":
            body = f'SUBSTITUTE({body},"{digit}","0")'
        return f"={body}"

    def number_formula(self, item: Indicator) -> str:
        """Return the formula of the figure as read: a number, "" when blank, else ``?``."""
        row = self.rows[item.id]
        cell, text, shape = f"{VALUE}{row}", f"{TEXT}{row}", f"{SHAPE}{row}"
        whole = f'LEFT({shape},FIND(",",{shape}&",")-1)'
        fraction = f'MID({shape},FIND(",",{shape}&",")+1,99)'
        forms = f'SUBSTITUTE({whole},"0","")=""'
        if item.kind != "percent":
            grouped = f'{whole}=RIGHT("000.000.000.000.000",LEN({whole}))'
            forms = f'OR({forms},AND({grouped},LEFT(SUBSTITUTE({text},"-",""),1)<>"0"))'
        readable = (
            f'AND(LEFT({shape},1)="0",{forms},SUBSTITUTE({fraction},"0","")="",'
            f'RIGHT({shape},1)<>",",LEN(SUBSTITUTE(SUBSTITUTE({shape},",",""),".",""))'
            f"<={MAX_DIGITS})"
        )
        digits = text
        for mark in "-%,. ":
            digits = f'SUBSTITUTE({digits},"{mark}","")'
        value = f'IF(LEFT({text},1)="-",-1,1)*VALUE({digits})/10^LEN({fraction})'
        return (
            f'=IF(ISERROR({cell}),"{UNREADABLE}",IF(ISLOGICAL({cell}),"{UNREADABLE}",'
            f'IF(ISNUMBER({cell}),{cell},IF({text}="","",'
            f'IF({readable},{value},"{UNREADABLE}")))))'
        )

    def holds_formula(self, instance: RuleInstance) -> str:
        """Return the formula of a rule: 1 where it holds, 0 where broken, "" undecided."""
        holds = expression.excel(instance.holds, self)
        guard = expression.excel_decided(instance.holds, self)
        return f'=IF({guard},IF({holds},1,0),"")'


AGREES_WITHIN = 0.5  # percentage points: communes print whole percentages
