"""How many units came in time, how many late, how many not: live, at the top of ``Tiến độ``."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import NamedTuple

from xl_automation.consolidation.consolidation import Consolidation
from xl_automation.consolidation.register import (
    STATE_LABELS,
    TIMELINESS_LABELS,
    Timeliness,
    UnitRecord,
)
from xl_automation.summary.cell import LiveFormula
from xl_automation.summary.places import PROGRESS
from xl_automation.xlsx.address import Address

LOCKED_WORDS: Mapping[bool, str] = {True: "Có", False: "Không"}
NOT_DUE = "Chưa có hạn gửi"
DUE_CELL, LOCKED_CELL = Address(f"{PROGRESS}!C4"), Address(f"{PROGRESS}!C5")
TALLY_ROWS: Mapping[Timeliness, int] = {"on-time": 6, "late": 7, "missing": 8, "unknown": 9}
HEADER_ROW = 11
FIRST_ROW = HEADER_ROW + 1
OWES = "x"  # stands in the rows of those who owe a report: not of the city itself
_STATE, _TIMELINESS, _OWING = "C", "H", "M"  # columns of the list
_COUNT, _RATE = "C", "D"  # columns of the tallies


class TallyRow(NamedTuple):
    """One line: what is counted, how many there are, and what part of all units in per cent."""

    label: str
    number: LiveFormula
    rate: LiveFormula


def tally_cell(timeliness: Timeliness, *, rate: bool = False) -> Address:
    """Return where a number of units stands, or which part of all units that is."""
    return Address.of(PROGRESS, _RATE if rate else _COUNT, TALLY_ROWS[timeliness])


def tallies(result: Consolidation) -> Mapping[int, TallyRow]:
    """Return the lines by their rows. What did not come is known without a day that is due."""
    return {row: tally(result, kind) for kind, row in TALLY_ROWS.items()}


def unit_count(result: Consolidation) -> LiveFormula:
    """Return of how many units the tallies are, in words."""
    count = len(_owing(result))
    return LiveFormula(f'="trên "&{_all_units(result)}&" đơn vị"', f"trên {count} đơn vị")


def owing_codes(result: Consolidation) -> Set[str | None]:
    """Return who owes a report: the list, or without one who sent one."""
    listed = {unit.code for unit in result.units}
    return listed or {commune.unit_code for commune in result.communes}


def _owing(result: Consolidation) -> list[UnitRecord]:
    codes = owing_codes(result)
    return [record for record in result.records.values() if record.code in codes]


def _all_units(result: Consolidation) -> str:
    return f'COUNTIF({_cells(result, _OWING)},"{OWES}")'


def _cells(result: Consolidation, column: str) -> str:
    last = FIRST_ROW + max(1, len(result.records)) - 1
    return f"${column}${FIRST_ROW}:${column}${last}"


def tally(result: Consolidation, kind: Timeliness) -> TallyRow:
    """Return the line of one kind; what no unit claims is said as such."""
    records, label = _owing(result), TIMELINESS_LABELS[kind]
    all_units, claims = _all_units(result), _cells(result, _TIMELINESS)
    if kind == "missing":
        is_known, number = True, sum(record.state == "missing" for record in records)
        label, states = STATE_LABELS["missing"], _cells(result, _STATE)
        counted = f'COUNTIFS({states},"{label}",{_cells(result, _OWING)},"{OWES}")'
    else:
        is_known = any(record.timeliness for record in records)
        number = sum(record.timeliness == kind for record in records)
        counted = f'IF(COUNTA({claims})=0,"{NOT_DUE}",COUNTIF({claims},"{label}"))'
    count = f"${_COUNT}${TALLY_ROWS[kind]}"
    rate = f'=IF(AND(ISNUMBER({count}),{all_units}>0),ROUND(100*{count}/{all_units},1),"")'
    return TallyRow(
        "Không rõ lúc lưu tệp" if kind == "unknown" else label,
        LiveFormula(f"={counted}", number if is_known else NOT_DUE),
        LiveFormula(rate, share(number, len(records)) if is_known and records else None),
    )


def share(number: int, whole: int) -> float:
    """Return *number* of *whole* in per cent as ``ROUND`` gives it: ties away from zero."""
    return (2000 * number + whole) // (2 * whole) / 10
