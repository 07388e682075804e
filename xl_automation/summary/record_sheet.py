"""The sheet that only the program reads: the register, but for what officers write in cells.

Each row has a key, and JSON, which goes on in the next row where a cell cannot hold it. The key is
the code of a unit, null for the round, and in how many rows the JSON stands.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import astuple, replace
from datetime import date, datetime
from itertools import chain
from typing import Any

from xlsxwriter.worksheet import Worksheet

from xl_automation.consolidation.decisions import Decision
from xl_automation.consolidation.register import Event, LeftOut, Register, UnitRecord
from xl_automation.summary.hidden_data import from_hidden, to_hidden
from xl_automation.summary.places import RECORD_NAME
from xl_automation.summary.summary_workbook import SummaryWorkbook
from xl_automation.xlsx.address import Address
from xl_automation.xlsx.limits import MAX_TEXT
from xl_automation.xlsx.long_rows import LongRow, OwnText

RECORD = "Sổ ghi"
HEAD = ("Khóa", "Nội dung")


def write_record(summary: SummaryWorkbook, sheet: Worksheet) -> None:
    """Write the register, out of sight."""
    look = summary.format()
    summary.head(sheet, HEAD, 1)
    summary.name(RECORD_NAME, Address.of(RECORD, 1, 1))
    count = sum(1 for _ in _pieces(summary.register))
    rows = (
        LongRow([(OwnText(key), look), (OwnText(piece), look)])
        for key, piece in _pieces(summary.register)
    )
    summary.rows(sheet, count, rows, first=2)
    sheet.very_hidden()


def _pieces(register: Register) -> Iterator[tuple[str, str]]:
    """Yield the key and the text of each row."""
    entries = chain([(None, _round(register))], map(_unit_entry, register.units.values()))
    for key, data in entries:
        text = to_hidden(data)
        starts = range(0, len(text), MAX_TEXT)
        for start in starts:
            yield to_hidden([key, len(starts)]), text[start : start + MAX_TEXT]


def _round(register: Register) -> dict[str, object]:
    return {
        "city": register.city,
        "expected": register.expected,
        "totals": dict(register.totals),
        "filled": dict(register.filled),
        "absent": {id: dict(counts) for id, counts in register.absent.items()},
        "appendix": dict(register.appendix),
        "left_out": [
            [left.unit, left.name, left.indicator, left.cause, left.reason, left.value]
            for left in register.left_out
        ],
        "events": [[event.time.isoformat(), event.unit, event.what] for event in register.events],
        "owed": register.owed,
        "inherited": [astuple(decision) for decision in register.inherited],
        "past": [[code, dict(values)] for code, values in register.past.items()],
    }


def _unit_entry(record: UnitRecord) -> tuple[str, dict[str, object]]:
    return record.code, {
        "name": record.name,
        "state": record.state,
        "history": [[state, day.isoformat()] for state, day in record.history],
        "file": record.file,
        "sha256": record.sha256,
        "written": record.written and record.written.isoformat(),
        "timeliness": record.timeliness,
        "snapshot": record.snapshot,
        "via": record.via,
    }


def register_from(rows: Iterator[tuple[int, Sequence[object]]]) -> Register:
    """Return the register that the rows of the sheet hold.

    Raises:
        ValueError, TypeError, KeyError: If they are not what was written.
    """
    next(rows, None)  # captions
    texts: dict[object, list[str]] = {}
    for _, (key, piece, *_rest) in rows:
        if key is not None:
            texts.setdefault(key, []).append(str(piece))
    found = {}
    for key, pieces in texts.items():
        code, count = from_hidden(key)
        if len(pieces) != count:
            raise ValueError(f"{len(pieces)} rows of {code!r} instead of {count}")
        found[code] = from_hidden("".join(pieces))
    register = _round_from(found.pop(None))
    return replace(register, units={code: _unit_from(code, data) for code, data in found.items()})


def _round_from(data: dict[str, Any]) -> Register:
    return Register(
        city=data["city"] and tuple(data["city"]),
        expected=data["expected"],
        totals=data["totals"],
        filled=data["filled"],
        absent=data.get("absent", {}),  # summaries from before there were codes say none
        appendix=data["appendix"],
        left_out=tuple(LeftOut(*left) for left in data["left_out"]),
        events=tuple(
            Event(datetime.fromisoformat(time), unit, what) for time, unit, what in data["events"]
        ),
        inherited=tuple(Decision(*fields) for fields in data.get("inherited", ())),
        owed=None if data.get("owed") is None else tuple(data["owed"]),
        past={
            code: {id: (value, filled) for id, (value, filled) in values.items()}
            for code, values in data.get("past", ())  # earlier summaries do not say
        },
    )


def _unit_from(code: str, data: dict[str, Any]) -> UnitRecord:
    written = data["written"]
    return UnitRecord(
        code=code,
        name=data["name"],
        state=data["state"],
        history=tuple((state, date.fromisoformat(day)) for state, day in data["history"]),
        file=data["file"],
        sha256=data["sha256"],
        written=written and datetime.fromisoformat(written),
        timeliness=data["timeliness"],
        snapshot=data["snapshot"],
        via=tuple(data.get("via", ())),
    )
