"""Lists of reporting units as CSV files: who owes a report, since when, and made of what."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import get_args

from xl_automation.errors import UserError
from xl_automation.forms.csv_rows import csv_rows
from xl_automation.forms.old_letters import ADVICE, old_text
from xl_automation.forms.reporting_unit import Origin, ReportingUnit
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.wording import quoted

PART = "(một phần)"  # behind an older unit of which only a part came into the newer one
_ORIGIN = re.compile(rf"(?P<code>\S+)\s+(?P<name>.+?)(?P<part>\s*{re.escape(PART)})?")
_ByCode = Mapping[str, Sequence[ReportingUnit]]


def read_units(path: Path) -> tuple[ReportingUnit, ...]:
    """Return the reporting units of a CSV, of all times, in its order.

    It has at least ``code,name``; ``level``, ``alias``, ``kind`` (how the name begins),
    ``valid_from``, ``valid_to`` (first and last day, ``2025-07-01``) and ``merged_from`` (code and
    name of each older unit, ``;`` between them, ``(một phần)`` behind one that was split) are
    optional.

    Raises:
        UserError: Where the file cannot be read, a column is missing, a code is that of two units
            at one time, a name is in old letters, or a row says what cannot be.
    """
    rows = csv_rows(path, f"danh sách đơn vị {path.name}")
    if not rows or not {"code", "name"} <= rows[0].keys():
        raise UserError(f"{path.name}: danh sách đơn vị phải có ít nhất hai cột code, name.")
    units: list[ReportingUnit] = []
    by_code: dict[str, list[ReportingUnit]] = {}
    origins: dict[ReportingUnit, str] = {}
    for line, row in enumerate(rows, start=2):
        try:
            unit = _unit(row)
            same = by_code.setdefault(unit.code, [])
            if any(_meet(unit, other) for other in same):
                raise UserError(f"mã đơn vị {quoted(unit.code)} lặp lại.")
            origins[unit] = _cell(row, "merged_from")
            if origins[unit]:
                _check_origins(unit, origins[unit])
        except UserError as error:
            raise UserError(f"{path.name}, dòng {line}: {error}") from error
        same.append(unit)
        units.append(unit)
    return tuple(_with_origins(units, origins))


def eras(units: Sequence[ReportingUnit]) -> Mapping[date, tuple[ReportingUnit, ...]]:
    """Return which of *units* there are from one day to the next in the mapping, in time order.

    The first day stands for all before the second one; when there is none is left out.
    """
    starts = {unit.valid_from for unit in units if unit.valid_from}
    ends = {unit.valid_to + timedelta(days=1) for unit in units if unit.valid_to}
    by_day = {
        day: tuple(unit for unit in units if unit.is_there(day))
        for day in (date.min, *sorted(starts | ends))
    }
    return {day: there for day, there in by_day.items() if there}


def _cell(row: Mapping[str, str], column: str) -> str:
    return unicodedata.normalize("NFC", (row.get(column) or "").strip())


def _unit(row: Mapping[str, str]) -> ReportingUnit:
    """Return the unit of a row, without what it was made of.

    Raises:
        UserError: Where the row says what cannot be.
    """
    code, name, level, alias, kind = (
        _cell(row, column) for column in ("code", "name", "level", "alias", "kind")
    )
    if not code or not name:
        raise UserError("thiếu mã hoặc tên đơn vị.")
    for text in (name, alias):
        if old := old_text(text):
            raise UserError(f"tên đơn vị {old.told}. {ADVICE}")
    allowed: tuple[UnitLevel, ...] = get_args(UnitLevel)
    known = [other for other in allowed if other == (level or "commune")]
    if not known:
        raise UserError(f"level phải là {' hoặc '.join(allowed)}.")
    if not name.casefold().startswith(kind.casefold()):
        raise UserError(
            f"tên đơn vị {quoted(name)} không bắt đầu bằng {quoted(kind)} như cột kind; ghi tên "
            "đầy đủ như được in."
        )
    first, last = _day(row, "valid_from"), _day(row, "valid_to")
    if first and last and last < first:
        raise UserError("valid_to trước valid_from.")
    return ReportingUnit(code, name, known[0], alias, first, last)


def _day(row: Mapping[str, str], column: str) -> date | None:
    text = _cell(row, column)
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UserError(
            f"{column} {quoted(text)} không phải là ngày; ghi như 2025-07-01."
        ) from None


def _meet(one: ReportingUnit, other: ReportingUnit) -> bool:
    """Return whether there is a day on which there are both."""
    first, last = date.min, date.max
    return max(one.valid_from or first, other.valid_from or first) <= min(
        one.valid_to or last, other.valid_to or last
    )


def _check_origins(unit: ReportingUnit, text: str) -> None:
    """Make sure that *text* says what a unit was made of.

    Raises:
        UserError: If it does not.
    """
    if unit.valid_from is None:
        raise UserError("có merged_from thì phải có valid_from, ngày đơn vị mới thành lập.")
    for piece in text.split(";"):
        if not _ORIGIN.fullmatch(piece.strip()):
            raise UserError(
                f"merged_from {quoted(piece.strip())} không rõ; ghi mã và tên đơn vị cũ như “05437 "
                f"Phường Túc Duyên”, cách nhau bằng dấu chấm phẩy; thêm {PART} nếu bị chia."
            )


def _with_origins(
    units: Sequence[ReportingUnit], origins: Mapping[ReportingUnit, str]
) -> list[ReportingUnit]:
    """Return *units*, each with what it was made of: units of the list where they are in it."""
    oldest_first = sorted(units, key=lambda unit: unit.valid_from or date.min)
    by_code: dict[str, list[ReportingUnit]] = {}
    whole: dict[ReportingUnit, ReportingUnit] = {}
    for unit in oldest_first:
        pieces = [piece.strip() for piece in origins[unit].split(";") if origins[unit]]
        made = replace(unit, merged_from=tuple(_origin(unit, piece, by_code) for piece in pieces))
        by_code.setdefault(unit.code, []).append(made)
        whole[unit] = made
    return [whole[unit] for unit in units]


def _origin(unit: ReportingUnit, piece: str, older: _ByCode) -> Origin:
    """Return an older unit that *unit* was made of."""
    match = _ORIGIN.fullmatch(piece)
    assert match, piece  # _check_origins
    code, name = match["code"], match["name"]
    named = [
        other
        for other in older.get(code, ())
        if other.is_named(name) and not (unit.valid_from and other.is_there(unit.valid_from))
    ]
    return Origin(named[-1] if named else ReportingUnit(code, name), not match["part"])
