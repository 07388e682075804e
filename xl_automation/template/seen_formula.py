"""The formula of what a broken rule says: the pieces of its text, filled in from the cells."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

from xl_automation.excel_limits import MAX_LITERAL
from xl_automation.forms.cell_formats import UNFIT, UNTOLD
from xl_automation.forms.compared import (
    BLANK_SAID,
    ERROR_SAID,
    FOLLOWS,
    NOT_COMPUTED,
    Comparison,
    Difference,
    Gap,
    Piece,
    Pieces,
    Recomputed,
    Result,
    Shown,
    Told,
    Unfit,
    told,
    told_aside,
)
from xl_automation.forms.excel_face import excel, excel_decided
from xl_automation.forms.expression import Ref
from xl_automation.forms.rule import DAYS, META, RuleInstance
from xl_automation.forms.words import is_date
from xl_automation.template import positions
from xl_automation.template.layout import Layout
from xl_automation.xlsx.excel_days import FIRST_DAY, LAST_DAY

_LONGEST = 32_000  # of a text that a formula gives
_PLACES = 6  # decimals of a number in a text, as `numbers.show` writes it
BLANK, ERROR = f'"{BLANK_SAID}"', f'"{ERROR_SAID}"'


def seen_formula(
    layout: Layout, instance: RuleInstance, followers: tuple[RuleInstance, ...]
) -> str:
    """Return the formula of what a rule says; it stands on the sheet of rules.

    Args:
        layout: Where the figures stand.
        instance: The rule.
        followers: The rules that are broken only because it is.
    """
    seen = _Seen(replace(layout, outside=True))
    text = seen.said(told(layout.form, instance))
    for follower in followers:
        aside = seen.said(told_aside(layout.form, follower))
        decided = excel_decided(follower.holds, seen.cells)
        broken = f"IF({decided},NOT({excel(follower.holds, seen.cells)}),FALSE)"
        text += f'&IF({broken}," ({FOLLOWS}"&{aside}&")","")'
    return f"={text}"


class _Seen:
    """Fills in the pieces of a text from cells."""

    def __init__(self, cells: Layout):
        self.cells = cells

    def said(self, words: Told) -> str:
        """Return the formula of what a rule says where it is broken."""
        if not words.cases:
            return self.filled_in(words.otherwise)
        if len(words.cases) == 1 and not words.otherwise:
            return self.filled_in(words.head + words.cases[0][1])
        broken = "&".join(self._where_broken(*case) for case in words.cases)
        parts = (self.filled_in(words.head), f"MID({broken},3,{_LONGEST})")
        text = "&".join(filter(None, parts))
        if not words.otherwise:
            return text
        hold = ",".join(excel(comparison.holds, self.cells) for comparison, _ in words.cases)
        return f"IF(AND({hold}),{self.filled_in(words.otherwise)},{text})"

    def _where_broken(self, comparison: Comparison, said: Pieces) -> str:
        text = self.filled_in(("; ", *said))
        return f'IF({excel(comparison.holds, self.cells)},"",{text})'

    def filled_in(self, pieces: Pieces) -> str:
        """Return the formula of the text that *pieces* make."""
        runs = groupby(pieces, key=lambda piece: isinstance(piece, str))
        formulas = [
            _literal("".join(map(str, run))) if is_text else "&".join(map(self._piece, run))
            for is_text, run in runs
        ]
        return "&".join(formulas)

    def _piece(self, piece: Piece) -> str:
        match piece:
            case Shown(figure):
                return self._shown(figure)
            case Result(node):
                return f"IFERROR(ROUND({excel(node, self.cells)},{_PLACES}),{ERROR})"
            case Difference(node):
                return _signed(excel(node, self.cells))
            case Recomputed(id):
                cell = self._computed(id)
                return f'IF({cell}="","{NOT_COMPUTED}",{cell})'
            case Gap(id):
                stated, computed = self._stated(id), self._computed(id)
                gap = _signed(f"{stated}-{computed}")
                return f'IF(AND(ISNUMBER({stated}),ISNUMBER({computed})),"; lệch "&{gap},"")'
            case Unfit(id):
                return self._unfit(id)
        raise AssertionError(piece)

    def _unfit(self, id: str) -> str:
        """Return the formula of what is said of a cell with a format that is not for its row."""
        is_percent = self.cells.form.by_id[id].kind == "percent"
        other = (positions.UNTOLD, UNTOLD) if is_percent else ("P", UNFIT["percent"])
        said = '""'
        for code, words in (other, ("D", UNFIT["date"])):
            said = f'IF({self._beside(id, positions.FORMAT)}="{code}",{_literal(words)},{said})'
        return f'IF(ISNUMBER({self._beside(id, positions.VALUE)}),{said},"")'

    def _shown(self, figure: Ref) -> str:
        """Return the formula of what stands in the cell of a figure."""
        cell = self.cells.take(figure.id, figure.source)
        shown = f"LEFT({cell},100)"  # a cell's whole text may be too long to go on with
        day = f'DAY({cell})&"/"&MONTH({cell})&"/"&YEAR({cell})'
        if figure.id in META:
            return day if figure.id in DAYS else cell
        if is_date(self.cells.form, figure.id):
            is_day = f"AND(ISNUMBER({cell}),{cell}>={FIRST_DAY},{cell}<{LAST_DAY + 1})"
            shown = f"IF({is_day},{day},{shown})"
        if figure.source == "previous":
            shown = cell
        elif figure.id in self.cells.form.by_id:
            cell = self.cells.place(figure.id).link
            form, date = (
                self._beside(figure.id, column) for column in (positions.FORMAT, positions.TEXT)
            )
            number = f'IF({form}="P",100*{cell}&"%",IF({form}="D",{date},LEFT({cell},100)))'
            truth = f'IF({cell},"TRUE","FALSE")'  # to LibreOffice, a number that says so
            shown = f"IF(ISLOGICAL({cell}),{truth},IF(ISNUMBER({cell}),{number},LEFT({cell},100)))"
        return f'IFERROR(IF({cell}="",{BLANK},{shown}),{ERROR})'

    def _computed(self, id: str) -> str:
        is_computed = self.cells.form.by_id[id].is_computed
        return self._beside(id, positions.NUMBER if is_computed else positions.COMPUTED)

    def _stated(self, id: str) -> str:
        is_computed = self.cells.form.by_id[id].is_computed
        return self._beside(id, positions.VALUE if is_computed else positions.NUMBER)

    def _beside(self, id: str, column: str) -> str:
        return f"'{self.cells.form.sheet}'!${column}${self.cells.rows[id]}"


def _signed(formula: str) -> str:
    """Return the formula of a difference with its sign: ``numbers.signed``."""
    rounded = f"ROUND({formula},{_PLACES})"
    return f'IF({rounded}<0,"−",IF({rounded}>0,"+",""))&ABS({rounded})'


def _literal(text: str) -> str:
    """Return *text* as a formula; Excel takes no longer texts within one than it says."""
    pieces = (text[at : at + MAX_LITERAL] for at in range(0, len(text), MAX_LITERAL))
    return "&".join('"' + piece.replace('"', '""') + '"' for piece in pieces)
