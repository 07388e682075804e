"""The verbs of the command line."""

from __future__ import annotations

import argparse

from xl_automation.checks.check import check_all
from xl_automation.checks.earlier import figures_of_unit, latest
from xl_automation.cli.console import (
    CLEAN,
    FAILED,
    FINDINGS,
    print_consolidation,
    print_file,
    print_given_back,
    print_passed_over,
    print_upgrade,
    progress,
    say,
    write_json,
)
from xl_automation.cli.demo import demo
from xl_automation.cli.options import (
    earlier_periods,
    executor_for,
    files_below,
    form_of,
    period_of,
    read_with_progress,
    unit_of,
    units_in,
    workbooks_in,
)
from xl_automation.consolidation.consolidate import consolidate
from xl_automation.editing.fill import fill
from xl_automation.editing.issue import issue_workbooks
from xl_automation.editing.return_workbooks import return_workbooks
from xl_automation.editing.upgrade import upgrade
from xl_automation.editing.values_file import read_entries
from xl_automation.errors import UserError
from xl_automation.excel.addin import commands as addin_commands
from xl_automation.outputs.json_report import check_report, consolidation_report
from xl_automation.reading.refused_file import RefusedFile
from xl_automation.reading.submission import Submission
from xl_automation.summary.write import write_summary
from xl_automation.template.build import build_template
from xl_automation.xlsx.files import write_new

# --- the verbs ---------------------------------------------------------------------------------


def _template(options: argparse.Namespace) -> int:
    form = form_of(options)
    unit = unit_of(form.units, options.unit) if options.unit else None
    level = options.level or (unit.level if unit else "commune")
    if unit and unit.level != level:
        raise UserError(f"{unit.name} không thuộc cấp “{form.levels[level]}”.")
    period = period_of(form, options.period)
    write_new(options.out, build_template(form, level, unit, period))
    say(f"✓ Đã lập biểu mẫu {options.out}")
    return CLEAN


def _issue(options: argparse.Namespace) -> int:
    form = form_of(options)
    units, period = units_in(options.units), period_of(form, options.period)
    assert period is not None
    past = latest(form, period, earlier_periods(options.previous, form))
    if options.previous and past is None:
        raise UserError(f"Không có số liệu của kỳ nào trước {period.label} trong --previous.")
    with progress("Phát hành", len(units)) as step:
        paths = issue_workbooks(form, units, period, options.out, past, step)
    say(f"✓ Đã phát hành {len(paths)} biểu mẫu, {period.label}, vào {options.out}")
    if past:
        new = [unit.name for unit in units if figures_of_unit(past, unit) is None]
        if new:
            say(f"Chưa có số liệu {past.period.label}: {', '.join(new)}", "yellow")
    return CLEAN


def _fill(options: argparse.Namespace) -> int:
    form = form_of(options)
    try:
        entries = read_entries(options.values)
    except ValueError as error:
        raise UserError(str(error)) from error
    report = fill(options.workbook, entries, options.out, form)
    say(f"✓ Đã ghi {report.placed} ô vào {options.out}")
    if report.unplaced:
        say(f"Không ghi được {len(report.unplaced)} dòng:", "yellow")
        for line in report.unplaced:
            say(f"  {line}")
    if report.findings:
        say(f"{len(report.findings)} tỷ lệ ghi khác tỷ lệ tính từ thành phần:", "yellow")
        for finding in report.findings:
            say(f"  {finding.sentence}")
    return FINDINGS if report.unplaced or report.findings else CLEAN


def _check(options: argparse.Namespace) -> int:
    form = form_of(options)
    gathered = workbooks_in(options.paths)
    results = read_with_progress(gathered, form, "Kiểm tra")
    report = check_report(form, results)
    if options.json:
        write_json(report, options.json)
    if options.json != "-":
        print_passed_over(gathered)
        submissions = [one for one in results if isinstance(one, Submission)]
        found = iter(check_all(form, submissions))
        for one in results:
            print_file(one, [] if isinstance(one, RefusedFile) else next(found))
    clean = all(file["status"] == "clean" for file in report["files"])
    return CLEAN if clean else FINDINGS


def _consolidate(options: argparse.Namespace) -> int:
    form = form_of(options)
    units = units_in(options.units) if options.units else None
    period = period_of(form, options.period)
    previous = earlier_periods(options.previous, form)
    gathered = workbooks_in(options.paths, leave_out=[options.out, *options.previous])
    with executor_for(options, len(gathered.paths)) as executor:
        results = read_with_progress(gathered, form, "Đọc tệp", executor)
    try:
        result = consolidate(form, results, units, period, previous)
    except ValueError as error:
        raise UserError(str(error)) from error
    write_summary(result, options.out)
    if options.report:
        write_json(consolidation_report(result), options.report)
    if options.report != "-":
        print_passed_over(gathered)
        print_consolidation(result, options.out)
    clean = not (result.findings or result.refused)
    return CLEAN if clean else FINDINGS


def _return(options: argparse.Namespace) -> int:
    form = form_of(options)
    units = units_in(options.units) if options.units else None
    period = period_of(form, options.period)
    previous = earlier_periods(options.previous, form)
    gathered = workbooks_in(
        options.paths, [*options.previous, *files_below(options.out, options.paths)]
    )
    results = read_with_progress(gathered, form, "Đọc tệp")
    try:
        result = return_workbooks(form, results, options.out, units, period, previous)
    except ValueError as error:
        raise UserError(str(error)) from error
    print_passed_over(gathered)
    for one in result.returned:
        print_given_back(one)
    for path in result.clean:
        say(f"✓ {path}: không có gì phải trả lại", "green")
    for path in result.superseded:
        say(f"Bỏ qua {path}: đơn vị đã gửi bản sau", "dim")
    for refused in result.refused:
        print_file(refused, [])
    for finding in result.unsettled:
        say(f"Chưa rõ đơn vị nào ghi sai, thành phố tự thống nhất: {finding.sentence}", "cyan")
    say(f"Trả lại {len(result.returned)} trong {len(gathered.paths)} tệp.", "bold")
    if not (result.returned or result.clean or result.superseded):
        return FAILED
    return FINDINGS if result.returned or result.refused else CLEAN


def _upgrade(options: argparse.Namespace) -> int:
    report = upgrade(options.old, options.new, form_of(options))
    print_upgrade(report, options.new)
    return CLEAN if report.all_carried else FINDINGS


def _addin(options: argparse.Namespace) -> int:
    takes_out = options.task in ("build", "bundle")
    if takes_out != (options.out is not None):
        wanted = "cần tên tệp sẽ lập" if takes_out else "không nhận tên tệp"
        raise UserError(f"Lệnh “addin {options.task}” {wanted}.")
    task = getattr(addin_commands, options.task)
    status: int = task(options.out) if takes_out else task()
    return status


def _demo(options: argparse.Namespace) -> int:
    return demo(options.folder, progress)


VERBS = {
    "template": _template,
    "issue": _issue,
    "fill": _fill,
    "check": _check,
    "consolidate": _consolidate,
    "return": _return,
    "upgrade": _upgrade,
    "addin": _addin,
    "demo": _demo,
}
