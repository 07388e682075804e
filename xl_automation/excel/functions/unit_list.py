"""Who owes a report and has sent none, for custom functions."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from xl_automation.errors import UserError
from xl_automation.excel.functions.arguments import fold, quote, read_path
from xl_automation.excel.functions.folder_content import content_of, versions_in
from xl_automation.excel.functions.folder_figures import Units, consolidation, period_of
from xl_automation.excel.functions.grid import Grid, is_blank, pass_error
from xl_automation.excel.functions.report_files import version_of
from xl_automation.forms.form import Form
from xl_automation.forms.numbers import plain
from xl_automation.forms.reporting_unit import ReportingUnit
from xl_automation.forms.unit_list import read_units
from xl_automation.forms.words import plain_text
from xl_automation.template import positions
from xl_automation.wording import quoted

HEADINGS = ("ma", "code", "ten", "don vi")  # how the first row of a list begins that is no unit


def missing(folders: Sequence[Path], listed: Grid, expected: Form) -> Grid:
    """Return code and name of each unit that has sent nothing valid, or one line that all have.

    Args:
        folders: Where the reports are.
        listed: Who owes one, in cells; blank for the form's own list.
        expected: The form that the reports are likely to be of.

    Raises:
        UserError: If the list or a folder is none, or the files do not settle the period.
    """
    versions = versions_in(folders)
    content = content_of(versions, expected)
    units = read_unit_list(listed, content.form.units_at(period_of(content)))
    result = consolidation(versions, expected, units)
    if not result.units:
        raise UserError("danh sách không có xã, phường nào.")
    lines = [[quoted(unit.code), quoted(unit.name)] for unit in result.missing]
    return lines or [[f"Đủ {len(result.units)} đơn vị đã gửi báo cáo."]]


def read_unit_list(cells: Grid, known: Sequence[ReportingUnit]) -> Units:
    """Return the units in a range (code and name, or either), or in a CSV; None if it is blank.

    Args:
        cells: The range, or one cell with the path of the CSV.
        known: The units of the form's list for the period.

    Raises:
        UserError: If a unit is listed twice or is not known, or the CSV is none.
    """
    rows = [row[:2] for row in cells if not all(map(is_blank, row[:2]))]
    if not rows:
        return None
    for row in rows:
        for cell in row:
            pass_error(cell)
    first = rows[0][0]
    if len(rows) == 1 and isinstance(first, str) and fold(first).rstrip('"”').endswith(".csv"):
        path = read_path(first)
        version_of(path)  # a file that does not exist is refused by name
        return read_units(path)
    units: dict[str, ReportingUnit] = {}
    for position, row in enumerate(rows):
        code, name = (None if is_blank(cell) else cell for cell in (*row, None)[:2])
        if (
            position == 0
            and len(rows) > 1
            and fold(code).startswith(("ma", "code", "ten", "don vi"))
        ):
            continue  # a heading
        unit = _unit(code, name, known)
        if unit.code in units:
            raise UserError(f"mã đơn vị {quoted(unit.code)} lặp lại trong danh sách.")
        units[unit.code] = unit
    return tuple(units.values())


def _unit(code: Any, name: Any, known: Sequence[ReportingUnit]) -> ReportingUnit:
    """Return a unit from what stands in one row of a list."""
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
