"""What clerks do wrong, kind by kind, and where.

A *place* is the row, or the rows, where a mistake is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

from tests.planted import slips
from tests.planted.slips import COUNTS, OTHER_QUOTIENTS, Make, Place
from tests.support.builders import FORM


@dataclass(frozen=True)
class Kind:
    """A kind of mistake.

    Attributes:
        name: What the clerk does.
        places: Where it is made.
        make: What the cells hold afterwards.
        rules: The rules that call it by its name; ``R-`` stands for those of all percentages.
        says: What a finding must say beside that, by place; of most nothing.
        certain: Whether no honest report could hold what comes out, however units differ.
        repeats: Whether the rows repeat those of the last period.
        asks: Whether a finding can ask for the right figure: “có phải 4.000?”.
    """

    name: str
    places: tuple[Place, ...]
    make: Make
    rules: frozenset[str]
    says: Callable[[Place], tuple[str, ...]] = lambda place: ()
    certain: bool = False
    repeats: bool = False
    asks: bool = False


# --- places ------------------------------------------------------------------------------------

COMMUNE_ROWS = [item for item in FORM.inputs if item.concerns("commune")]
SUMMED = tuple(item.id for item in COMMUNE_ROWS if item.aggregate == "sum")
SHARED = tuple(
    item.id for item in COMMUNE_ROWS if item.aggregate == "shared" and item.kind == "count"
)
MONEY = tuple(item.id for item in COMMUNE_ROWS if item.kind == "amount")
RATES = ("3.3.4", "3.3.5", "4.2.5", "7.5.2", "7.5.2.a", "7.5.2.b")
PARTS = (
    *(("1.1.b", "1.1.a"), ("1.2.3.b", "1.2.3.a"), ("2.4.b", "2.4.a"), ("3.2.4.b", "3.2.4.a")),
    *(("3.4.2.b", "3.4.2.a"), ("6.1.b", "6.1.a"), ("4.2.2", "4.2.1"), ("1.3.2", "1.3.1")),
    *(("3.2.1.b", "3.2.1.a"), ("3.2.2.b", "3.2.2.a"), ("3.2.3.b", "3.2.3.a")),
    ("3.2.5.b", "3.2.5.a"),
)
NEIGHBOURS = tuple(pairwise(SUMMED))
BLOCKS = (
    *(("1.1.a", "1.1.b", "1.2.3.a", "1.2.3.b"), ("1.3.1", "1.3.2", "1.3.3", "1.4.1")),
    *(("2.1", "2.3", "2.4.a", "2.4.b"), ("4.2.1", "4.2.2", "4.2.3", "4.2.4")),
    ("3.2.4.a", "3.2.4.b", "3.4.2.a", "3.4.2.b"),
)
SECTIONS = tuple(
    tuple(item.id for item in part if item in COMMUNE_ROWS or item.id in RATES)
    for part in FORM.parts
)
ALL = (tuple(id for section in SECTIONS for id in section),)


# --- all of them -------------------------------------------------------------------------------

ODD = frozenset({"K07", "K05"})  # K05: what all should have alike, and one has not


def _singly(*ids: str) -> tuple[Place, ...]:
    return tuple((id,) for id in ids)


COUNTED = _singly(*SUMMED, *SHARED)
KINDS = (
    Kind("ten times too much", COUNTED, slips.times(10), ODD, asks=True),
    Kind("a hundred times", COUNTED, slips.times(100), ODD, asks=True),
    Kind("a thousand times", COUNTED, slips.times(1000), ODD, asks=True),
    Kind("the last digit lost: a tenth", COUNTED, slips.a_tenth, ODD),
    Kind("another digit lost", COUNTED, slips.lost_digit, ODD),
    Kind("a digit typed twice", COUNTED, slips.doubled_digit, ODD),
    Kind("0 for a figure", COUNTED, slips.nothing, ODD),
    Kind("two digits swapped", COUNTED, slips.swapped, frozenset({"K11", "K05"}), asks=True),
    Kind("exchanged with the row below", NEIGHBOURS, slips.exchanged, frozenset({"K12", "K13"})),
    Kind("rows moved down by one", BLOCKS, slips.moved_down, frozenset({"K12"})),
    Kind(
        "part and whole exchanged",
        PARTS,
        slips.exchanged,
        frozenset({"K12", "K13", "K05"}),
        certain=True,
    ),
    Kind(
        "a section of the last period",
        SECTIONS,
        slips.as_last_time,
        frozenset({"T07"}),
        repeats=True,
    ),
    Kind(
        "the report of the last period", ALL, slips.as_last_time, frozenset({"T07"}), repeats=True
    ),
    Kind(
        "thousand dong for million",
        (MONEY, *_singly(*MONEY)),
        slips.times(1000),
        frozenset({"C-6.1u", "K07"}),
    ),
    Kind(
        "the thousands' point read as a comma",
        _singly(*SUMMED),
        slips.point_as_comma,
        frozenset({"F01", "F10"}),
        certain=True,
    ),
    Kind(
        "a sign before it",
        (*COUNTED, *_singly(*(id for id in RATES if id != "4.2.5"))),  # which may be below 0
        slips.negative,
        frozenset({"F01", "F04", "F09"}),
        certain=True,
    ),
    Kind(
        "another quotient typed",
        tuple(OTHER_QUOTIENTS),
        slips.other_quotient,
        frozenset({"R-", "Q01"}),
        says=lambda place: OTHER_QUOTIENTS[place].says,
        certain=True,
    ),
    Kind(
        "a count in a percentage",
        _singly(*COUNTS),
        slips.count_in_rate,
        frozenset({"F04", "B17", "Q02", "R-"}),
        says=lambda place: ("số lượng vào ô tỷ lệ",),
    ),
    Kind(
        "shares over 100",
        (("7.5.2", "7.5.2.a", "7.5.2.b"),),
        slips.over_100,
        frozenset({"C-7.5s", "C-7.5e", "F04"}),
        certain=True,
    ),
    Kind(
        "the decimal mark lost",
        _singly(*RATES, *MONEY),
        slips.lost_comma,
        frozenset({"F04", "F05", "K07"}),
    ),
    Kind("a fraction for a percentage", _singly(*RATES), slips.as_fraction, ODD),
)
