"""Who owes a report and has sent none, for custom functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import (
    Grid,
    fold,
    is_blank,
    pass_error,
    quote,
    read_path,
    the_form,
)
from xl_automation.excel.functions.report_files import Units, consolidation, stamp
from xl_automation.forms.numbers import plain
from xl_automation.forms.reporting_unit import ReportingUnit, read_units
from xl_automation.forms.words import plain_text
from xl_automation.template import positions

# --- who owes a report -------------------------------------------------------------------------


def missing(folders: Sequence[Path], listed: Grid) -> Grid:
    """Return code and name of each unit that has sent nothing valid, or one line that all have."""
    result = consolidation(folders, read_unit_list(listed))
    if not result.units:
        raise UserError("danh sách không có xã, phường nào.")
    rows = [[unit.code, unit.name] for unit in result.missing]
    return rows or [[f"Đủ {len(result.units)} đơn vị đã gửi báo cáo."]]


def read_unit_list(cells: Grid) -> Units:
    """Return the units in a range (code and name, or either), or in a CSV; None if it is blank."""
    rows = [row[:2] for row in cells if not all(map(is_blank, row[:2]))]
    if not rows:
        return None
    for row in rows:
        for cell in row:
            pass_error(cell)
    first = rows[0][0]
    if len(rows) == 1 and isinstance(first, str) and fold(first).rstrip('"”').endswith(".csv"):
        path = read_path(first)
        stamp(path)  # a file that does not exist is refused by name
        try:
            return read_units(path)
        except ValueError as error:
            raise UserError(str(error)) from None
    units: dict[str, ReportingUnit] = {}
    for at_row, row in enumerate(rows):
        code, name = (None if is_blank(cell) else cell for cell in (*row, None)[:2])
        if at_row == 0 and len(rows) > 1 and fold(code).startswith(("ma", "code", "ten", "don vi")):
            continue  # a heading
        unit = _unit(code, name)
        if unit.code in units:
            raise UserError(f"mã đơn vị {unit.code} lặp lại trong danh sách.")
        units[unit.code] = unit
    return tuple(units.values())


def _unit(code: Any, name: Any) -> ReportingUnit:
    """Return a unit from what stands in one row of a list."""
    known = the_form().units
    if isinstance(code, float):  # Excel took the leading zeros
        number = str(plain(code))
        code = next((unit.code for unit in known if unit.code.lstrip("0") == number), number)
    if isinstance(code, str) and name is None:
        code, _, name = code.partition(positions.UNIT_SEPARATOR.strip())
        name = name or None
    text = plain_text(code if code is not None else name)
    for unit in known:
        if unit.code == text or (name is None and unit.is_named(text)):
            same = name is None or unit.is_named(plain_text(name))
            return unit if same else ReportingUnit(unit.code, plain_text(name))
    if code is None or name is None:
        raise UserError(f"không biết đơn vị {quote(text)}; danh sách cần hai cột mã và tên.")
    return ReportingUnit(text, plain_text(name))
