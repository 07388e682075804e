"""The cells of a worksheet's XML, however it is written; what has two meanings is refused.

It knows the whole of what the format says of cells (ECMA-376-1 18.3.1): prefixes, comments, cells
and rows without their addresses, rich text, shared formulas. Where two programs could read two
figures, or a value is not of its type, the file is refused and the cell is named.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from xl_automation.excel_limits import MAX_COLUMNS, MAX_FORMULA, MAX_ROWS
from xl_automation.xlsx.address import Address, column_letters, column_number
from xl_automation.xlsx.refusal import Refusal, damaged
from xl_automation.xlsx.sheet_scan import ScannedCell, ScannedSheet
from xl_automation.xlsx.strict_numbers import count_of, number_of
from xl_automation.xlsx.strict_xml import IGNORED, OTHERS, Grammar, StrictReader, ambiguous
from xl_automation.xlsx.string_parse import RICH_TEXT, RICH_TEXT_ONCE, whole_text
from xl_automation.xlsx.xml_part import MAIN

# Characters of one shared formula, and of all, that are written out for other cells: openpyxl takes
# time by the square of the length. A formula of the form has some 100; the text of any other, which
# is longer than a whole rule, nobody asks for.
MAX_SHARED, MAX_SHIFTED = 400, 100_000
_GRAMMAR = Grammar(
    MAIN,
    children={
        "": {"worksheet": "worksheet"},
        "worksheet": {"sheetData": "sheetData", OTHERS: IGNORED},
        "sheetData": {"row": "row"},
        "row": {"c": "c", "extLst": IGNORED},
        "c": {"f": "f", "v": "v", "is": "is", "extLst": IGNORED},
        "is": RICH_TEXT["si"],
        "r": RICH_TEXT["r"],
    },
    texts=frozenset({"f", "v", "t"}),
    once=frozenset({"sheetData", "f", "v", "is"}) | RICH_TEXT_ONCE,
    nowhere_else=frozenset({"sheetData"}),
)
_ADDRESS = re.compile("([A-Z]{1,3})([1-9][0-9]{0,6})")
_TYPES = frozenset({"n", "s", "b", "e", "str", "inlineStr"})
_AREA = re.compile(f"{_ADDRESS.pattern}(?::{_ADDRESS.pattern})?")
_FORMULA_TYPES = frozenset({"normal", "array", "shared", "dataTable"})


@dataclass(frozen=True, slots=True)
class Area:
    """The cells that are wanted: those up to a column and a row; others are only checked."""

    last_column: int
    last_row: int


def parse_sheet(content: bytes, sheet: str, area: Area) -> ScannedSheet:
    """Return the cells of a worksheet's XML that hold anything.

    Args:
        content: The XML, well-formed and within the limits.
        sheet: The name of the sheet, for a refusal.
        area: The cells that are wanted.

    Raises:
        Refusal: If it is not what the format says, or could be read in two ways.
    """
    return _SheetParser(sheet, area).parsed(content)


class _SheetParser:
    """Follows one worksheet."""

    def __init__(self, sheet: str, area: Area):
        self._sheet, self._area = sheet, area
        self._row = self._column = 0  # where one is
        self._style, self._type = 0, "n"
        self._formula: str | None = None
        self._value = ""
        self._texts: list[str] = []
        self._formula_facts: dict[str, str] = {}
        self._shared: dict[int, tuple[str, str]] = {}  # cell and formula by number
        self._shifted = 0
        self._cells: list[ScannedCell] = []
        self._strings = self._styles = 0

    def parsed(self, content: bytes) -> ScannedSheet:
        StrictReader(_GRAMMAR, self._begin, self._end, self._place).read(content)
        return ScannedSheet(self._cells, self._strings, self._styles)

    def _place(self) -> str:
        if not self._column:
            return f"sheet “{self._sheet}”" + (f", hàng {self._row}" if self._row else "")
        return f"ô {Address.of(self._sheet, self._column, self._row)}"

    def _wrong(self, what: str) -> Refusal:
        return damaged(f"{self._place()} {what}")

    def _begin(self, name: str, attributes: dict[str, str]) -> None:
        match name:
            case "row":
                self._begin_row(attributes.get("r"))
            case "c":
                self._begin_cell(attributes)
            case "f":
                self._formula_facts = attributes

    def _end(self, name: str, text: str) -> None:
        match name:
            case "f":
                if len(text) > MAX_FORMULA:
                    raise self._wrong(f"có công thức dài hơn {MAX_FORMULA} ký tự")
                self._formula = self._formula_of(text)
            case "v":
                self._value = text
            case "t":
                self._texts.append(text)
            case "c":
                self._end_cell()
            case "row":
                self._column = 0

    def _begin_row(self, stated: str | None) -> None:
        row = self._row + 1 if stated is None else count_of(stated)
        if row is None or not 1 <= row <= MAX_ROWS:
            raise damaged(f"sheet “{self._sheet}” có hàng số “{(stated or '')[:20]}”")
        if row <= self._row:
            raise ambiguous(f"hàng {row} ghi hai lần hoặc sai thứ tự ở sheet “{self._sheet}”")
        self._row, self._column = row, 0

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        stated, column = attributes.get("r"), self._column + 1
        if stated is not None:
            match = _ADDRESS.fullmatch(stated)
            column = column_number(match[1]) if match else 0
            if match is None or int(match[2]) != self._row or column > MAX_COLUMNS:
                raise ambiguous(f"ô ghi là “{stated[:20]}” ở {self._row_place()}")
        if column <= self._column:
            raise ambiguous(f"ô {stated} ghi hai lần hoặc sai thứ tự ở {self._row_place()}")
        self._column = column
        self._type = attributes.get("t", "n")
        style = count_of(attributes.get("s", "0"))
        if self._type not in _TYPES:
            raise self._wrong("có kiểu lạ")
        if style is None:
            raise self._wrong("có kiểu ô sai")
        self._style, self._styles = style, max(self._styles, style)
        self._formula, self._value = None, ""
        self._texts.clear()

    def _row_place(self) -> str:
        return f"sheet “{self._sheet}”, hàng {self._row}"

    def _formula_of(self, text: str) -> str:
        """Return the text of the formula in the cell where one is; a shared one written out."""
        type, number = (self._formula_facts.get(name, "normal") for name in ("t", "si"))
        if type not in _FORMULA_TYPES:
            raise self._wrong("có công thức kiểu lạ")
        cell = f"{column_letters(self._column)}{self._row}"
        self._check_area(type, cell, bool(text))
        if type != "shared":
            return text
        shared = count_of(number)
        if shared is None:
            raise self._wrong("có công thức dùng chung không đọc được")
        if text:
            if shared in self._shared:
                raise ambiguous(f"hai công thức dùng chung số {shared}, ở {self._place()}")
            self._shared[shared] = cell, text
            return text
        if shared not in self._shared:
            raise self._wrong("dùng chung một công thức không có")
        return self._moved(*self._shared[shared], cell) if self._is_wanted() else ""

    def _check_area(self, type: str, cell: str, is_first: bool) -> None:
        """Refuse a formula of which programs differ in the cells that show its results."""
        area = self._formula_facts.get("ref", "")
        if type == "dataTable" or (type == "array" and area not in (cell, f"{cell}:{cell}")):
            raise ambiguous(f"công thức cho nhiều ô, ở {self._place()}")
        if type == "shared" and is_first and not self._is_within(area):
            raise ambiguous(f"công thức dùng chung cho những ô khác, ở {self._place()}")
        if type == "normal" and not is_first:
            raise self._wrong("có công thức trống")

    def _is_within(self, area: str) -> bool:
        """Whether an area, such as ``D9`` or ``D9:E12``, has the cell in it."""
        match = _AREA.fullmatch(area)
        if match is None:
            return False
        left, top, right, bottom = match.groups()
        columns = column_number(left), column_number(right or left)
        rows = int(top), int(bottom or top)
        return columns[0] <= self._column <= columns[1] and rows[0] <= self._row <= rows[1]

    def _moved(self, origin: str, text: str, cell: str) -> str:
        """Return the formula of the cell *origin* as it is in another; empty where it is long."""
        if len(text) > MAX_SHARED:
            return ""
        self._shifted += len(text)
        if self._shifted > MAX_SHIFTED:
            raise self._wrong("là một trong quá nhiều ô dùng chung công thức dài")
        from openpyxl.formula.tokenizer import TokenizerError  # seldom
        from openpyxl.formula.translate import Translator, TranslatorError

        try:
            moved = Translator(f"={text}", origin).translate_formula(cell)
        except (TokenizerError, TranslatorError, ValueError, IndexError) as error:
            raise self._wrong("có công thức dùng chung không đọc được") from error
        return str(moved).removeprefix("=")

    def _is_wanted(self) -> bool:
        return self._column <= self._area.last_column and self._row <= self._area.last_row

    def _end_cell(self) -> None:
        value = self._value_of()
        if (value is None and self._formula is None) or not self._is_wanted():
            return
        column = column_letters(self._column)
        self._cells.append(
            ScannedCell(
                address=f"{column}{self._row}",
                column=column,
                place=self._column,
                row=self._row,
                style=self._style,
                type="str" if self._type == "inlineStr" else self._type,
                formula=self._formula,
                value=value,
                strings=0,
                tags="",
                rows=(),
            )
        )

    def _value_of(self) -> float | str | None:
        """Return what the cell holds: a number, the index of a string, a truth, a text."""
        text = whole_text(self._texts, self._place)
        if text if self._type != "inlineStr" else self._value:
            raise ambiguous(f"giá trị không đúng kiểu của ô, ở {self._place()}")
        if self._type == "inlineStr":
            return text or None
        if not self._value:
            return None
        match self._type:
            case "n":
                number = number_of(self._value)
                if number is None:
                    raise self._wrong(f"phải là số nhưng ghi “{self._value[:40]}”")
                return number
            case "s":
                index = count_of(self._value)
                if index is None:
                    raise self._wrong(f"có số thứ tự chữ sai: “{self._value[:40]}”")
                self._strings = max(self._strings, index + 1)
                return index
            case "b":
                if self._value not in ("0", "1"):
                    raise self._wrong(f"phải là đúng hoặc sai nhưng ghi “{self._value[:40]}”")
                return self._value == "1"
            case _:
                return whole_text((self._value,), self._place)
