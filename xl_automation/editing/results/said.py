"""What a rule's row says, in the workbook's own notation: the pieces of its text, filled in."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal
from math import isnan

from xl_automation.editing.results.readings import figure_value
from xl_automation.editing.results.state import WorkbookState, as_text
from xl_automation.forms.cell_formats import UNFIT
from xl_automation.forms.compared import (
    BLANK_SAID,
    ERROR_SAID,
    FOLLOWS,
    NOT_COMPUTED,
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
from xl_automation.forms.expression import Node, Ref
from xl_automation.forms.numbers import CellError, Share
from xl_automation.forms.python_face import decided, evaluate
from xl_automation.forms.rule import META, RuleInstance
from xl_automation.forms.words import is_date
from xl_automation.xlsx.excel_days import EXCEL_EPOCH, FIRST_DAY, LAST_DAY

_PLACES = Decimal("1e-6")
_LONGEST = 100  # characters of a cell that are shown


def said(state: WorkbookState, instance: RuleInstance, followers: tuple[RuleInstance, ...]) -> str:
    """Return what a rule says that is broken: ``seen_formula``.

    Args:
        state: The workbook.
        instance: The rule.
        followers: The rules that are broken only because it is.
    """
    text = _said(state, told(state.form, instance))
    for follower in followers:
        if is_decided(state, follower.holds) and not is_true(state, follower.holds):
            text += f" ({FOLLOWS}{_said(state, told_aside(state.form, follower))})"
    return text


def is_decided(state: WorkbookState, node: Node) -> bool:
    """Whether a condition has a result."""
    return bool(decided(node, state.figures)[0])


def is_true(state: WorkbookState, node: Node) -> bool:
    """Whether a condition that has a result is met."""
    return bool(_value(state, node))


def _value(state: WorkbookState, node: Node) -> float:
    result = evaluate(node, state.figures)
    return float(result[0] if result.ndim else result)


def _said(state: WorkbookState, words: Told) -> str:
    """Return what is said of the comparisons that are broken, or of the state of the cells."""
    broken = [pieces for case, pieces in words.cases if not is_true(state, case.holds)]
    if words.cases and (broken or not words.otherwise):
        texts = [_filled_in(state, pieces) for pieces in broken]
        return _filled_in(state, words.head) + "; ".join(texts)
    return _filled_in(state, words.otherwise)


def _filled_in(state: WorkbookState, pieces: Pieces) -> str:
    return "".join(_piece(state, piece) for piece in pieces)


def _piece(state: WorkbookState, piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Shown(figure):
            return _shown(state, figure)
        case Result(node):
            return as_text(_rounded(_value(state, node)))
        case Difference(node):
            return _signed(_value(state, node))
        case Recomputed(id):
            return as_text(state.percentage(id)) or NOT_COMPUTED
        case Gap(id):
            computed, stated = state.percentage(id), float(state.figures.stated[id].iloc[0])
            return (
                "" if computed is None or isnan(stated) else f"; lệch {_signed(stated - computed)}"
            )
        case Unfit(id):
            item = state.form.by_id[id]
            is_share = isinstance(figure_value(state, item), Share)
            return UNFIT["percent"] if is_share and item.kind != "percent" else ""
    raise AssertionError(piece)


def _shown(state: WorkbookState, figure: Ref) -> str:
    """Return what stands in the cell of a figure: the start of it, were it long."""
    id = figure.id
    number = float(state.figures.take(id, "number")[0])
    if is_date(state.form, id) and FIRST_DAY <= number <= LAST_DAY:
        day = EXCEL_EPOCH + timedelta(number)
        return f"{day.day}/{day.month}/{day.year}"
    if id in META:
        return as_text(number)
    if figure.source == "previous":
        earlier = float(state.figures.take(id, "previous")[0])
        return BLANK_SAID if isnan(earlier) else as_text(earlier)
    value = (
        figure_value(state, state.form.by_id[id]) if id in state.form.by_id else state.beside(id)
    )
    match value:
        case CellError():
            return ERROR_SAID
        case bool():
            return "TRUE" if value else "FALSE"
        case Share(number):
            return f"{as_text(100 * number)}%"
    return as_text(value)[:_LONGEST] or BLANK_SAID


def _rounded(value: float) -> float:
    return float(Decimal(repr(value)).quantize(_PLACES, ROUND_HALF_UP))


def _signed(value: float) -> str:
    """Return a difference with its sign."""
    rounded = _rounded(value)
    return f"{'−' if rounded < 0 else '+' if rounded > 0 else ''}{as_text(abs(rounded))}"
