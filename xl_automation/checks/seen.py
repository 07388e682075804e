"""What a finding says of the figures of a submission: the pieces of a rule's text, filled in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import timedelta

import numpy as np

from xl_automation.forms.cell_formats import UNFIT
from xl_automation.forms.compared import (
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
)
from xl_automation.forms.expression import Node, Ref
from xl_automation.forms.numbers import Reading, show, signed
from xl_automation.forms.python_face import evaluate
from xl_automation.forms.rule import DAYS, META
from xl_automation.forms.words import is_date
from xl_automation.reading.figures import Figures
from xl_automation.xlsx.excel_days import EXCEL_EPOCH, FIRST_DAY, LAST_DAY


def seen(words: Told, figures: Figures, positions: Sequence[int]) -> list[str]:
    """Return what a rule says of each of the submissions at *positions*, which break it."""
    texts = [""] * len(positions)
    for comparison, said in words.cases:
        broken = ~evaluate(comparison.holds, figures).astype(bool)
        at = [place for place, position in enumerate(positions) if broken[position]]
        for place, text in zip(
            at, _filled_in(said, figures, [positions[p] for p in at]), strict=True
        ):
            texts[place] += f"; {text}" if texts[place] else text
    heads = _filled_in(words.head, figures, positions)
    states = _filled_in(words.otherwise, figures, positions)
    return [
        head + text if text else state
        for head, text, state in zip(heads, texts, states, strict=True)
    ]


def _filled_in(pieces: Pieces, figures: Figures, positions: Sequence[int]) -> list[str]:
    """Return the text that *pieces* make for each submission."""
    if not pieces:
        return [""] * len(positions)
    columns = (_column(piece, figures, positions) for piece in pieces)
    return list(map("".join, zip(*columns, strict=True)))


def _column(piece: Piece, figures: Figures, positions: Sequence[int]) -> list[str]:
    match piece:
        case str():
            return [piece] * len(positions)
        case Shown(Ref(id, source)):
            if source == "previous":
                return list(map(_shown, figures.take(id, "previous")[positions].tolist()))
            return _stated(figures, id, positions)
        case Result(node):
            return list(map(_shown, _results(node, figures, positions)))
        case Difference(node):
            return list(map(signed, _results(node, figures, positions)))
        case Recomputed(id):
            values = figures.recomputed(id)[positions].tolist()
            return [NOT_COMPUTED if math.isnan(value) else show(value) for value in values]
        case Gap(id):
            gaps = figures.stated[id].to_numpy() - figures.recomputed(id)
            return ["" if math.isnan(gap) else f"; lệch {signed(gap)}" for gap in gaps[positions]]
        case Unfit(id):
            readings = (figures.submissions[position].readings.get(id) for position in positions)
            return [UNFIT[one.shown_as] if one and one.shown_as else "" for one in readings]
    raise AssertionError(piece)


def _results(node: Node, figures: Figures, positions: Sequence[int]) -> Iterator[float]:
    results = np.broadcast_to(evaluate(node, figures), len(figures.submissions))
    return map(float, results[positions])


def _stated(figures: Figures, id: str, positions: Sequence[int]) -> list[str]:
    """Return what stands in a figure's cells, as typed where it is not a plain number."""
    numbers = figures.take(id, "number")[positions].tolist()
    if id in META:
        return list(map(_day if id in DAYS else show, numbers))
    readings = (figures.submissions[position].readings.get(id) for position in positions)
    shows_day = is_date(figures.form, id)
    return [
        _day(number)
        if shows_day and FIRST_DAY <= number <= LAST_DAY
        else (_shown(number) if reading is None else _shown_reading(reading))
        for number, reading in zip(numbers, readings, strict=True)
    ]


def _day(serial: float) -> str:
    day = EXCEL_EPOCH + timedelta(serial)
    return f"{day.day}/{day.month}/{day.year}"


def _shown_reading(reading: Reading) -> str:
    return show(reading.number if reading.text is None else reading.text)


def _shown(number: float) -> str:
    return show(None if math.isnan(number) else number)
