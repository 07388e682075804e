"""The longest text that each column of ``Kiểm tra`` may have to show, so that it shows it whole."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from xl_automation.forms.compared import (
    FOLLOWS,
    Difference,
    Gap,
    Piece,
    Pieces,
    Told,
    told,
    told_aside,
)
from xl_automation.forms.form import Form
from xl_automation.forms.rule import RuleInstance
from xl_automation.template.form_workbook import MAX_COUNT

_FIGURE, _SIGNED = f"{MAX_COUNT}", f"−{MAX_COUNT}"


def longest_seen(
    form: Form, instance: RuleInstance, followers: Sequence[RuleInstance]
) -> Iterator[str]:
    """Yield what a rule says where all is broken, with the longest figures that a cell takes.

    Args:
        form: The form.
        instance: The rule.
        followers: The rules that may be broken only because it is.
    """
    asides = (max(_said(told_aside(form, one)), key=len) for one in followers)
    followed = "".join(f" ({FOLLOWS}{aside})" for aside in asides)
    for text in _said(told(form, instance)):
        yield text + followed


def _said(words: Told) -> Iterator[str]:
    if words.cases:
        yield _filled(words.head) + "; ".join(_filled(said) for _, said in words.cases)
    yield _filled(words.otherwise)


def _filled(pieces: Pieces) -> str:
    return "".join(map(_piece, pieces))


def _piece(piece: Piece) -> str:
    match piece:
        case str():
            return piece
        case Difference():
            return _SIGNED
        case Gap():
            return f"; lệch {_SIGNED}"
    return _FIGURE
