"""Where everything stands in an issued workbook, and the formulas that read a figure's cell.

The template writes by it, the reader reads by it, nothing else knows a row or a column.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

from xl_automation import expression
from xl_automation.derive import percent_formula
from xl_automation.model import Column, Form, Indicator, ReportingUnit, RuleInstance, SupportTable
from xl_automation.numbers import MAX_DIGITS

INFO_SHEET = "Thông tin"
LIST_SHEET = "Danh mục"
RULE_SHEET = "Quy tắc"
GUIDE_SHEET = "Hướng dẫn"
REVIEW_SHEET = "Kiểm tra"

# Columns of the form's sheet. A:E are printed; F:K stand beside the page; L:P are hidden.
STT, LABEL, UNIT, VALUE, NOTE = "A", "B", "C", "D", "E"
PREVIOUS, CHECK, RETURNED, PART, WHOLE, COMPUTED = "F", "G", "H", "I", "J", "K"
NUMBER, TEXT, SHAPE = "L", "M", "N"
OWED = "O"  # 1 where the unit's level owes the figure
FORMAT = "P"  # how the cell shows a number: P a percentage, D a date, anything else a number
LAST_COLUMN = FORMAT

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
    "TT_NGUOI_LAP": (11, "Người lập biểu"),
    "TT_CHUC_VU": (12, "Chức vụ người ký"),
    "TT_NGUOI_KY": (13, "Người ký"),
    "TT_CAP": (16, "Cấp báo cáo"),
    "TT_BIEU": (17, "Biểu mẫu"),
    "TT_PHIEN_BAN": (18, "Phiên bản biểu mẫu"),
    "TT_KY_TRUOC": (19, "Kỳ trước để so sánh"),
}
INFO_FIXED_ROW = 15  # the line above what nobody changes
INFO_VALUE, INFO_RETURNED = "B", "C"
UNIT_SEPARATOR = " – "  # between code and name of a unit in its cell

# The figures of META, as cells of the information sheet.
META_CELLS = {
    "@from": "TT_TU_NGAY",
    "@to": "TT_DEN_NGAY",
    "@period_from": "TT_KY_TU_NGAY",
    "@period_to": "TT_KY_DEN_NGAY",
    "@report_date": "TT_NGAY_BAO_CAO",
}

# A supporting table: title, note, three header lines, its rows, then the totals.
TABLE_TITLE_ROW, TABLE_NOTE_ROW, TABLE_HEADER_ROW, TABLE_FIRST_ROW = 1, 2, 4, 7
TABLE_NUMBER, TABLE_LABEL, TABLE_FIRST_COLUMN = "A", "B", "C"


def table_cell(table: SupportTable, column: Column, row: int) -> str:
    """Return the address of a cell of a supporting table; row 0 is the totals."""
    letter = chr(ord(TABLE_FIRST_COLUMN) + table.columns.index(column))
    return f"{letter}{TABLE_FIRST_ROW + (row or table.size + 1) - 1}"


def table_returned(table: SupportTable) -> str:
    """Return the column right of a supporting table, for what the city returns."""
    return chr(ord(TABLE_FIRST_COLUMN) + len(table.columns))


def _trimmed(text: str) -> str:
    """Return the formula of a text without white space around it: ``numbers.clean``."""
    for space in ('"\u00a0"', "CHAR(9)", "CHAR(10)", "CHAR(13)"):
        text = f'SUBSTITUTE({text},{space}," ")'
    return f"TRIM({text})"


UNREADABLE = "?"  # what column NUMBER shows for a cell that is no number


def info_cell(name: str) -> str:
    """Return the address of a named cell on the information sheet."""
    return f"{INFO_VALUE}{INFO_ROWS[name][0]}"


def unit_text(unit: ReportingUnit) -> str:
    """Return a unit as its cell shows it: ``05497 – Xã Thịnh Đức``."""
    return f"{unit.code}{UNIT_SEPARATOR}{unit.name}"


def short_period(label: str) -> str:
    """Return a period's label without its year: ``6 tháng đầu năm``, ``Quý I năm``, ``Năm``."""
    return label.replace(" {year}", "")


@dataclass(frozen=True)
class Layout:
    """Rows and cells of a form's sheet; ``outside`` for formulas that stand on another sheet."""

    form: Form
    outside: bool = False

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each indicator, by id."""
        return {item.id: FIRST_ROW + at for at, item in enumerate(self.form.indicators)}

    @property
    def last_row(self) -> int:
        """Row of the last indicator."""
        return FIRST_ROW + len(self.form.indicators) - 1

    def cell(self, id: str) -> str:
        """Return the address of a figure, of a helper's part, or of a supporting cell."""
        if found := self.form.table_cells.get(id):
            return table_cell(*found)
        if helped := self.form.helper_ids.get(id):
            return f"{PART if id.endswith('.tu') else WHOLE}{self.rows[helped.id]}"
        return f"{VALUE}{self.rows[id]}"

    def place(self, id: str) -> str:
        """Return the address with its sheet, as people and findings write it."""
        found = self.form.table_cells.get(id)
        return f"{found[0].sheet if found else self.form.sheet}!{self.cell(id)}"

    def take(self, id: str, source: str) -> str:
        """Return the cell or formula that gives a figure's number or state (``Cells``)."""
        if id in META_CELLS:
            return META_CELLS[id]
        if id in self.form.helper_ids:
            return self._absolute(self.cell(id)[0], int(self.cell(id)[1:]))
        if id in self.form.table_cells:
            return self._take_table(id, source)
        row = self.rows[id]
        number, text = self._absolute(NUMBER, row), self._absolute(TEXT, row)
        match source:
            case "number":
                return number
            case "nz":
                return f"N({number})"
            case "previous":
                return self._absolute(PREVIOUS, row)
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

    def _absolute(self, column: str, row: int) -> str:
        return f"{self._sheet}${column}${row}"

    @property
    def _sheet(self) -> str:
        return f"'{self.form.sheet}'!" if self.outside else ""

    def _take_table(self, id: str, source: str) -> str:
        """As :meth:`take` for a cell of a supporting table, where only numbers count."""
        sheet, _, cell = self.place(id).rpartition("!")
        cell = f"'{sheet}'!${cell[0]}${cell[1:]}"
        match source:
            case "number":
                return cell
            case "nz":
                return f"N({cell})"
            case "filled":
                return f'({cell}<>"")'
            case "readable":
                return f'IF(ISERROR({cell}),FALSE,OR({_trimmed(cell)}="",ISNUMBER({cell})))'
        raise AssertionError(source)

    def _agrees(self, item: Indicator) -> str:
        """Return the formula that is TRUE where a percentage is what its parts give."""
        row = self.rows[item.id]
        # A locked percentage is recomputed in NUMBER; an entered one is read there.
        computed = self._absolute(NUMBER if item.is_computed else COMPUTED, row)
        stated = self._absolute(VALUE if item.is_computed else NUMBER, row)
        without = "FALSE" if item.is_computed else f"NOT(ISNUMBER({computed}))"
        return (
            f'IF(ISERROR({stated}),FALSE,IF(AND({stated}="",{computed}=""),TRUE,'
            f"IF(AND(ISNUMBER({stated}),ISNUMBER({computed})),"
            f"ABS({stated}-{computed})<{AGREES_BELOW},{without})))"
        )

    def codes(self, id: str) -> tuple[int, ...]:
        """Return the codes allowed for a figure (``Cells``)."""
        return tuple(self.form.by_id[id].codes)

    # --- formulas of a row ------------------------------------------------------------------------

    def formulas(self, item: Indicator) -> dict[str, str]:
        """Return the formulas that compute and read a row's figure, by address."""
        row, cell = self.rows[item.id], self.cell(item.id)
        if item.is_computed:
            assert item.percent is not None
            computed = percent_formula(item.percent, self)
            return {cell: computed, f"{NUMBER}{row}": computed}
        found = {
            f"{TEXT}{row}": self.text_formula(row),
            f"{SHAPE}{row}": self.shape_formula(item),
            f"{NUMBER}{row}": self.number_formula(item),
            f"{FORMAT}{row}": f'=IFERROR(LEFT(CELL("format",{cell})),"")',
        }
        if item.helper:
            assert item.percent is not None
            found[cell] = f'=IF({COMPUTED}{row}="","",{COMPUTED}{row})'
            found[f"{COMPUTED}{row}"] = percent_formula(item.percent, self)
        return found

    # Reading a cell by native formulas: the rules of numbers.py.

    def text_formula(self, row: int) -> str:
        """Return the formula of the cell's text, cleaned; empty where it is not text."""
        cell = f"{VALUE}{row}"
        return f'=IF(ISTEXT({cell}),{_trimmed(cell)},"")'

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
        shown = f'IF({FORMAT}{row}="D","{UNREADABLE}",{cell})'
        share = f"ROUND(100*{cell},10)" if item.kind == "percent" else f'"{UNREADABLE}"'
        number = f'IF({FORMAT}{row}="P",{share},{shown})'
        return (
            f'=IF(ISERROR({cell}),"{UNREADABLE}",IF(ISLOGICAL({cell}),"{UNREADABLE}",'
            f'IF(ISNUMBER({cell}),{number},IF({text}="","",'
            f'IF({readable},{value},"{UNREADABLE}")))))'
        )

    def holds_formula(self, instance: RuleInstance) -> str:
        """Return the formula of a rule: 1 where it holds, 0 where broken, "" undecided.

        It stands on the sheet of rules.
        """
        cells = replace(self, outside=True)
        holds = expression.excel(instance.holds, cells)
        guard = expression.excel_decided(instance.holds, cells)
        return f'=IF({guard},IF({holds},1,0),"")'


AGREES_WITHIN = 0.5  # percentage points: communes print whole percentages
AGREES_BELOW = AGREES_WITHIN + expression.EPSILON  # what a difference is compared with
