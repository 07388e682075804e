"""The verbs about forms that are still to be filled: made, issued, filled.

What a verb works with is imported within it: help does not wait for pandas.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

from xl_automation.cli.console import CLEAN, FAILED, FINDINGS, progress, say
from xl_automation.cli.inputs import form_file, read_due, read_earlier_periods, read_form
from xl_automation.cli.parameters import DUE, PERIOD
from xl_automation.cli.verb import argument, option, verb
from xl_automation.errors import UserError
from xl_automation.forms.unit_list import read_units
from xl_automation.forms.vocabulary import UnitLevel
from xl_automation.xlsx.files import keep_apart, write_new


@verb(
    "template",
    "Lập biểu mẫu trống, đã khoá.",
    argument("out", "tệp sẽ lập", type=Path, metavar="OUT.xlsx"),
    option(
        "--level",
        "cấp báo cáo: commune (xã, phường) hoặc district (thành phố)",
        choices=get_args(UnitLevel),
    ),
    option("--unit", "điền sẵn đơn vị, ví dụ 05497", metavar="MÃ"),
    PERIOD,
)
def template(options: argparse.Namespace) -> int:
    """Write a blank form, for any unit or for one of the form's list."""
    from xl_automation.editing.blank_workbook import blank_workbook

    form = read_form(options.form)
    period = form.period(options.period) if options.period else None
    unit = form.unit(options.unit, period) if options.unit else None
    level = options.level or (unit.level if unit else "commune")
    if unit and unit.level != level:
        raise UserError(f"{unit.name} không thuộc cấp “{form.levels[level]}”.")
    write_new(options.out, blank_workbook(form, level, unit, period))
    say(f"✓ Đã lập biểu mẫu {options.out}")
    return CLEAN


@verb(
    "issue",
    "Phát hành mỗi đơn vị một biểu mẫu đã điền tên và kỳ báo cáo.",
    option(
        "--units",
        "danh sách đơn vị, có cột code,name",
        type=Path,
        required=True,
        metavar="UNITS.csv",
    ),
    PERIOD.required(),
    DUE,
    option("--out", "thư mục nhận tệp", type=Path, required=True, metavar="DIR"),
    option(
        "--previous",
        "sổ tổng hợp kỳ trước, hoặc thư mục biểu mẫu kỳ trước, để hiện bên cạnh",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
    ),
)
def issue(options: argparse.Namespace) -> int:
    """Write one prefilled form per unit of a list."""
    from xl_automation.checks.earlier import latest, unit_pasts
    from xl_automation.editing.issue import issue_workbooks

    form = read_form(options.form)
    period = form.period(options.period)
    units = form.units_at(period, read_units(options.units))
    if not units:
        raise UserError(f"{options.units}: không có đơn vị nào của {period.label}.")
    due = read_due(options.due)
    past = latest(period, read_earlier_periods(options.previous, form))
    if options.previous and past is None:
        raise UserError(f"Không có số liệu của kỳ nào trước {period.label} trong --previous.")
    with progress("Phát hành", len(units)) as step:
        issued = issue_workbooks(form, units, period, options.out, past, step, due)
    say(f"✓ Đã phát hành {issued.count} biểu mẫu, {period.label}, vào {options.out}")
    if issued.there:
        say(f"  trong đó {len(issued.there)} tệp đã có từ lần chạy trước, giống hệt nên giữ nguyên")
    if past:
        pasts = unit_pasts(form, period, units, past)
        known = pasts.numbers.notna().any(axis=1)
        new = [unit for unit in units if unit.code not in pasts.gaps and not known[unit.code]]
        if new:
            names = ", ".join(unit.name for unit in new)
            say(f"Chưa có số liệu {past.period.label}: {names}", "yellow")
        if pasts.merged:
            count = len(pasts.merged)
            say(f"Số {past.period.label} của {count} đơn vị là của các đơn vị cũ gộp lại")
        named = {unit.code: unit.name for unit in units}
        gaps = [f"{named[code]}: {gap}" for code, gap in pasts.gaps.items()]
        _print_lines(f"Không so được với {past.period.label}: {{}} đơn vị", gaps)
    _print_lines(
        "Giữ nguyên {} tệp đã có vì khác bản phát hành lần này, có thể đơn vị đã điền; muốn phát "
        "hành lại thì dời chúng đi rồi chạy lại:",
        [str(path) for path in issued.taken],
    )
    if not issued.count:
        return FAILED
    return FINDINGS if issued.taken else CLEAN


@verb(
    "fill",
    "Ghi các dòng id,value[,note] vào một biểu mẫu.",
    argument("workbook", "biểu mẫu đã phát hành", type=Path, metavar="WORKBOOK"),
    argument("values", "số liệu, cột id,value[,note]", type=Path, metavar="VALUES.csv"),
    option("--out", "tệp sẽ ghi", type=Path, required=True, metavar="OUT.xlsx"),
)
def fill_form(options: argparse.Namespace) -> int:
    """Type the rows of a values file into a form, and say what needs a second look."""
    from xl_automation.editing.fill import fill
    from xl_automation.editing.values_file import read_entries

    keep_apart([options.out], [options.workbook, options.values, *form_file(options.form)])
    form = read_form(options.form, [options.workbook])
    report = fill(options.workbook, read_entries(options.values), options.out, form)
    say(f"✓ Đã ghi {report.placed} ô vào {options.out}")
    differing = [finding.sentence for finding in report.findings]
    _print_lines("Không ghi được {} dòng:", report.unplaced)
    _print_lines("{} giá trị không đọc được chắc chắn:", report.doubtful)
    _print_lines("{} tỷ lệ ghi khác tỷ lệ tính từ thành phần:", differing)
    return FINDINGS if report.unplaced or report.doubtful or differing else CLEAN


def _print_lines(title: str, lines: Sequence[str]) -> None:
    """Print *lines*, if any, under a title that counts them."""
    if lines:
        say(title.format(len(lines)), "yellow")
    for line in lines:
        say(f"  {line}")
