"""The cells of a form in its workbook, and the formulas that read a figure's cell.

The template writes by it, the reader reads by it, nothing else knows a row or a column.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from xl_automation.forms.absence import codes_of
from xl_automation.forms.asked import asked
from xl_automation.forms.cell_formats import NO_DATE
from xl_automation.forms.excel_face import ALWAYS, NEVER, excel, excel_decided
from xl_automation.forms.form import Form
from xl_automation.forms.indicator import PART_END, Indicator
from xl_automation.forms.numbers import MAX_DIGITS
from xl_automation.forms.percentage import AGREES_BELOW, percent_formula
from xl_automation.forms.reason import reason_formula
from xl_automation.forms.rule import META, RuleInstance
from xl_automation.forms.vocabulary import Source, UnitLevel
from xl_automation.template import positions
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.excel_days import LAST_DAY


def _trimmed(text: str) -> str:
    """Return the formula of a text without white space around it: ``numbers.clean``."""
    for space in ('"\u00a0"', "CHAR(9)", "CHAR(10)", "CHAR(13)"):
        text = f'SUBSTITUTE({text},{space}," ")'
    return f"TRIM({text})"


def _date(cell: str) -> str:
    """Return the formula of a cell's date, or its time, as ``numbers`` writes it."""
    day = f'TEXT(DAY({cell}),"00")&"/"&TEXT(MONTH({cell}),"00")&"/"&YEAR({cell})'
    time = '&":"&'.join(f'TEXT({part}({cell}),"00")' for part in ("HOUR", "MINUTE", "SECOND"))
    return f'IF(OR({cell}<0,{cell}>{LAST_DAY}),"{NO_DATE}",IF({cell}<1,{time},{day}))'


def _any(conditions: Iterable[str]) -> str:
    """Return the formula that is TRUE where one of *conditions* is."""
    some = list(conditions)
    return f"OR({','.join(some)})" if len(some) > 1 else some[0] if some else NEVER


@dataclass(frozen=True)
class Layout:
    """Rows and cells of a form's sheet; ``outside`` for formulas that stand on another sheet."""

    form: Form
    outside: bool = False

    @cached_property
    def rows(self) -> dict[str, int]:
        """Row of each indicator, by id."""
        return {
            item.id: positions.FIRST_ROW + position
            for position, item in enumerate(self.form.indicators)
        }

    @property
    def last_row(self) -> int:
        """Row of the last indicator."""
        return positions.FIRST_ROW + len(self.form.indicators) - 1

    def cell(self, id: str) -> str:
        """Return the address of a figure, of a helper's part, or of a supporting cell."""
        if cell := self.form.table_cells.get(id):
            return positions.table_cell(*cell)
        if helped := self.form.helper_ids.get(id):
            column = positions.PART if id.endswith(PART_END) else positions.WHOLE
            return f"{column}{self.rows[helped.id]}"
        return f"{positions.VALUE}{self.rows[id]}"

    def place(self, id: str) -> Address:
        """Return the address with its sheet, also of a date of the information sheet."""
        if id in META:
            return positions.info_place(positions.META_CELLS[id])
        table = self.form.table_cells.get(id)
        return Address(f"{table[0].sheet if table else self.form.sheet}!{self.cell(id)}")

    def take(self, id: str, source: Source) -> str:
        """Return the cell or formula that gives a figure's number or state (``CellSource``).

        Which sources there are of which id, :mod:`sources` says.
        """
        if id in META:
            cell = positions.META_CELLS[id]
            return f'({cell}<>"")' if source == "filled" else cell
        if id in self.form.helper_ids or id in self.form.table_cells:
            return self._take_plain(id, source)
        row = self.rows[id]
        number, text = self._absolute(positions.NUMBER, row), self._absolute(positions.TEXT, row)
        match source:
            case "number":
                return number
            case "nz":
                return f"N({number})"
            case "previous":
                return self._absolute(positions.PREVIOUS, row)
            case "filled":
                return f'({number}<>"")'
            case "readable":
                return f'({number}<>"{positions.UNREADABLE}")'
            case "leading_zero":
                unsigned = f'SUBSTITUTE({text},"-","")'
                return (
                    f'AND(ISNUMBER({number}),LEFT({unsigned},1)="0",LEN({unsigned})>1,'
                    f'ISNUMBER(FIND(MID({unsigned}&" ",2,1),"0123456789")))'
                )
            case "agrees":
                return self._agrees(self.form.by_id[id])
            case "codes":
                codes = self.form.by_id[id].codes
                return _any(f"{number}={code}" for code in codes)
            case "absent":
                return self._is_one_of(number, self.form.absence_codes)
            case "later" | "elsewhere":
                return self._is_one_of(number, codes_of(self.form.absences, source))
        raise AssertionError(source)

    @staticmethod
    def _is_one_of(number: str, codes: Sequence[str]) -> str:
        """Return the formula that is TRUE where a figure is read as one of *codes*."""
        return _any(f'{number}="{code}"' for code in codes)

    def _absolute(self, column: str, row: int) -> str:
        return f"{self._sheet}${column}${row}"

    @property
    def _sheet(self) -> str:
        return f"'{self.form.sheet}'!" if self.outside else ""

    def _take_plain(self, id: str, source: Source) -> str:
        """As :meth:`take` for helpers and supporting tables, where only numbers count."""
        place = self.place(id)
        beside = place.sheet == self.form.sheet and not self.outside
        cell = Address(place.cell).reference if beside else place.reference
        match source:
            case "number":
                return cell
            case "previous":
                return '""'  # of a table, no earlier figure stands in the workbook
            case "nz":
                return f"N({cell})"
            case "filled":
                return f'IF(ISERROR({cell}),TRUE,{_trimmed(cell)}<>"")'
            case "readable":
                return f'IF(ISERROR({cell}),FALSE,OR({_trimmed(cell)}="",ISNUMBER({cell})))'
            case "later" | "elsewhere":
                return NEVER
        raise AssertionError(source)

    def _agrees(self, item: Indicator) -> str:
        """Return the formula that is TRUE where a percentage is what its parts give."""
        row = self.rows[item.id]
        # A locked percentage is recomputed in column NUMBER; an entered one is read there.
        computed = self._absolute(positions.NUMBER if item.is_computed else positions.COMPUTED, row)
        stated = self._absolute(positions.VALUE if item.is_computed else positions.NUMBER, row)
        without = "FALSE" if item.is_computed else f"NOT(ISNUMBER({computed}))"
        return (
            f'IF(ISERROR({stated}),FALSE,IF(AND({stated}="",{computed}=""),TRUE,'
            f"IF(AND(ISNUMBER({stated}),ISNUMBER({computed})),"
            f"ABS({stated}-{computed})<{AGREES_BELOW},{without})))"
        )

    # --- formulas of a row ------------------------------------------------------------------------

    def formulas(self, item: Indicator) -> dict[str, str]:
        """Return the formulas that compute and read a row's figure, by address."""
        row, cell = self.rows[item.id], self.cell(item.id)
        if item.is_computed:
            assert item.percent is not None
            computed = percent_formula(item.percent, self)
            return {cell: computed, f"{positions.NUMBER}{row}": computed}
        formulas = {
            f"{positions.TEXT}{row}": self.text_formula(row),
            f"{positions.SHAPE}{row}": self.shape_formula(item),
            f"{positions.NUMBER}{row}": self.number_formula(item),
            f"{positions.FORMAT}{row}": self.format_formula(row),
        }
        if item.helper:
            assert item.percent is not None
            formulas[cell] = f'=IF({positions.COMPUTED}{row}="","",{positions.COMPUTED}{row})'
            formulas[f"{positions.COMPUTED}{row}"] = percent_formula(item.percent, self)
        return formulas

    # Reading a cell by native formulas: the rules of numbers.py.

    def format_formula(self, row: int) -> str:
        """Return the formula of how the cell shows a number."""
        return f'=IFERROR(LEFT(CELL("format",{positions.VALUE}{row})),"{positions.UNTOLD}")'

    def text_formula(self, row: int) -> str:
        """Return the formula of the cell's text, cleaned, or of its date; else it is empty."""
        cell = f"{positions.VALUE}{row}"
        is_date = f'AND(ISNUMBER({cell}),{positions.FORMAT}{row}="D")'
        return f'=IF(ISTEXT({cell}),{_trimmed(cell)},IF({is_date},{_date(cell)},""))'

    def shape_formula(self, item: Indicator) -> str:
        """Return the formula of the text's shape: no sign, no %, every digit as 0."""
        text = f"{positions.TEXT}{self.rows[item.id]}"
        body = f'IF(LEFT({text},1)="-",MID({text},2,99),{text})'
        if item.kind == "percent":
            body = f'IF(RIGHT({text},1)="%",TRIM(LEFT({body},LEN({body})-1)),{body})'
        for digit in "123456789":
            body = f'SUBSTITUTE({body},"{digit}","0")'
        return f"={body}"

    def number_formula(self, item: Indicator) -> str:
        """Return the formula of the figure as read: a number, "" when blank, a code, else ``?``."""
        row = self.rows[item.id]
        cell, text, shape = (
            f"{positions.VALUE}{row}",
            f"{positions.TEXT}{row}",
            f"{positions.SHAPE}{row}",
        )
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
        form, share, shown = f"{positions.FORMAT}{row}", f'"{positions.UNREADABLE}"', cell
        if item.kind == "percent":
            share = f"ROUND(100*{cell},10)"
            may_be_share = f'AND({form}="{positions.UNTOLD}",{cell}<>0,ABS({cell})<=1)'
            shown = f'IF({may_be_share},"{positions.UNREADABLE}",{cell})'
        number = f'IF({form}="P",{share},IF({form}="D","{positions.UNREADABLE}",{shown}))'
        return (
            f'=IF(ISERROR({cell}),"{positions.UNREADABLE}",IF(ISLOGICAL({cell}),"{positions.UNREADABLE}",'
            f'IF(ISNUMBER({cell}),{number},IF({text}="","",'
            f"IF({readable},{value},{self._absence(item)})))))"
        )

    def _absence(self, item: Indicator) -> str:
        """Return the formula of the code in a cell that holds no number, ``?`` where it is none."""
        text = f"UPPER({positions.TEXT}{self.rows[item.id]})"
        codes = self.form.codes_in(item)
        if not codes:
            return f'"{positions.UNREADABLE}"'
        is_code = _any(f'EXACT({text},"{code}")' for code in codes)
        return f'IF({is_code},{text},"{positions.UNREADABLE}")'

    def holds_formula(self, instance: RuleInstance, causes: Sequence[str] = ()) -> str:
        """Return the formula of a rule: 1 where it holds, 0 where broken, "" undecided.

        It stands on the sheet of rules. Where it only follows from others, it counts as kept.

        Args:
            instance: The rule.
            causes: The cells that say whether those others hold.
        """
        cells = replace(self, outside=True)
        holds = excel(instance.holds, cells)
        if causes:
            holds = f"OR({','.join((holds, *(f'{cause}=0' for cause in causes)))})"
        guard = excel_decided(instance.holds, cells)
        return f'=IF({guard},IF({holds},1,0),"")'

    def undecided_formula(self, instance: RuleInstance, level: UnitLevel) -> str:
        """Return the formula of a rule that is 1 where it asks something and is not decided.

        It stands on the sheet of rules; empty of a rule that is always decided.
        """
        cells = replace(self, outside=True)
        guard = excel_decided(instance.holds, cells)
        if guard == ALWAYS:
            return ""
        return f"=IF({guard},0,IF({excel(asked(self.form, instance, level), cells)},1,0))"

    def reason_formula(self, id: str) -> str:
        """Return the formula of a row that is 1 where its note is a reason.

        It stands on the sheet of rules.
        """
        note = f"'{self.form.sheet}'!${positions.NOTE}${self.rows[id]}"
        return f"=IFERROR(IF({reason_formula(_trimmed(note))},1,0),0)"
