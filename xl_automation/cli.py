"""The command line ``cchc``: the same verbs for people without Excel.

Exit status: 0 clean; 1 done, with findings or with files refused; 2 nothing could be done.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table

from xl_automation import batch, package
from xl_automation.addin import commands as addin_commands
from xl_automation.addin.home import InstallError
from xl_automation.checks import check_all
from xl_automation.consolidate import Consolidation, RefusedFile, consolidate
from xl_automation.fill import fill, read_entries
from xl_automation.findings import SEVERITY_LABELS, Finding, tally
from xl_automation.form import DEFAULT_FORM, load_form, read_units
from xl_automation.giveback import GivenBack, give_back
from xl_automation.history import PastPeriod, latest, past_periods
from xl_automation.model import Form, FormError, Period, ReportingUnit
from xl_automation.refusal import Refusal
from xl_automation.report import check_report, consolidation_report
from xl_automation.submission import Submission
from xl_automation.summary import is_summary, read_summary, write_summary
from xl_automation.template import build_template
from xl_automation.upgrade import Upgrade, upgrade

CLEAN, FINDINGS, FAILED = 0, 1, 2
MANY_FILES = 64  # from here on, reading in several processes pays
STYLES = {"error": "bold red", "warning": "yellow", "info": "cyan"}


class UsageError(Exception):
    """Something in the call stands in the way; the message says what, in Vietnamese."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    options = _parser().parse_args(arguments)
    try:
        status: int = options.run(options)
        return status
    except FileExistsError as error:
        name = error.filename or error.args[0]
        return _fail(f"{name} đã có. Chọn tên khác; chương trình không ghi đè tệp đã có.")
    except (UsageError, FormError, Refusal, InstallError) as error:
        return _fail(str(error))
    except OSError as error:
        # What could not be put in place is known by its name there, not by a passing one.
        name = error.filename2 or error.filename or ""
        return _fail(f"Không đọc hoặc ghi được {name} ({error.strerror or error}).")


def _fail(message: str) -> int:
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    console.print(f"[bold red]✗[/] {escape(message)}")
    return FAILED


def _note(text: str) -> None:
    """Print beside the output, which may be JSON that another program reads."""
    console = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)
    console.print(escape(text), style="yellow")


def _say(text: str = "", style: str = "") -> None:
    console = Console(highlight=False, soft_wrap=True, emoji=False)
    console.print(escape(text), style=style or None)


# --- the verbs ---------------------------------------------------------------------------------


def _template(options: argparse.Namespace) -> int:
    form = _form(options)
    unit = _unit(form.units, options.unit) if options.unit else None
    level = options.level or (unit.level if unit else "commune")
    if unit and unit.level != level:
        raise UsageError(f"{unit.name} không thuộc cấp “{form.levels[level]}”.")
    period = _period(form, options.period)
    package.write_new(options.out, build_template(form, level, unit, period))
    _say(f"✓ Đã lập biểu mẫu {options.out}")
    return CLEAN


def _issue(options: argparse.Namespace) -> int:
    form = _form(options)
    units, period = _units(options.units), _period(form, options.period)
    assert period is not None
    past = latest(form, period, _previous(options.previous, form))
    if options.previous and past is None:
        raise UsageError(f"Không có số liệu của kỳ nào trước {period.label} trong --previous.")
    with _progress("Phát hành", len(units)) as step:
        paths = batch.issue(form, units, period, options.out, past, step)
    _say(f"✓ Đã phát hành {len(paths)} biểu mẫu, {period.label}, vào {options.out}")
    return CLEAN


def _fill(options: argparse.Namespace) -> int:
    form = _form(options)
    try:
        entries = read_entries(options.values)
    except ValueError as error:
        raise UsageError(str(error)) from error
    report = fill(options.workbook, entries, options.out, form)
    _say(f"✓ Đã ghi {report.placed} ô vào {options.out}")
    if report.unplaced:
        _say(f"Không ghi được {len(report.unplaced)} dòng:", "yellow")
        for line in report.unplaced:
            _say(f"  {line}")
    if report.findings:
        _say(f"{len(report.findings)} tỷ lệ ghi khác tỷ lệ tính từ thành phần:", "yellow")
        for finding in report.findings:
            _say(f"  {finding.sentence}")
    return FINDINGS if report.unplaced or report.findings else CLEAN


def _check(options: argparse.Namespace) -> int:
    form = _form(options)
    gathered = _gather(options.paths)
    with _progress("Kiểm tra", len(gathered.paths)) as step:
        results = batch.read_all(gathered.paths, form, progress=step)
    report = check_report(form, results)
    if options.json:
        _write_json(report, options.json)
    if options.json != "-":
        _print_passed_over(gathered)
        submissions = [one for one in results if isinstance(one, Submission)]
        found = iter(check_all(form, submissions))
        for one in results:
            _print_file(one, [] if isinstance(one, RefusedFile) else next(found))
    clean = all(file["status"] == "clean" for file in report["files"])
    return CLEAN if clean else FINDINGS


def _consolidate(options: argparse.Namespace) -> int:
    form = _form(options)
    units = _units(options.units) if options.units else None
    period = _period(form, options.period)
    previous = _previous(options.previous, form)
    gathered = _gather(options.paths, leave_out=[options.out, *options.previous])
    files = len(gathered.paths)
    with _executor(options, files) as executor, _progress("Đọc tệp", files) as step:
        results = batch.read_all(gathered.paths, form, executor, step)
    try:
        result = consolidate(form, results, units, period, previous)
    except ValueError as error:
        raise UsageError(str(error)) from error
    write_summary(result, options.out)
    if options.report:
        _write_json(consolidation_report(result), options.report)
    if options.report != "-":
        _print_passed_over(gathered)
        print_consolidation(result, options.out)
    clean = not (result.findings or result.refused)
    return CLEAN if clean else FINDINGS


def _return(options: argparse.Namespace) -> int:
    form = _form(options)
    units = _units(options.units) if options.units else None
    period = _period(form, options.period)
    previous = _previous(options.previous, form)
    gathered = _gather(options.paths, [*options.previous, *_below(options.out, options.paths)])
    with _progress("Đọc tệp", len(gathered.paths)) as step:
        results = batch.read_all(gathered.paths, form, progress=step)
    try:
        result = give_back(form, results, options.out, units, period, previous)
    except ValueError as error:
        raise UsageError(str(error)) from error
    _print_passed_over(gathered)
    for one in result.returned:
        _print_given_back(one)
    for path in result.clean:
        _say(f"✓ {path}: không có gì phải trả lại", "green")
    for path in result.superseded:
        _say(f"Bỏ qua {path}: đơn vị đã gửi bản sau", "dim")
    for refused in result.refused:
        _print_file(refused, [])
    _say(f"Trả lại {len(result.returned)} trong {len(gathered.paths)} tệp.", "bold")
    if not (result.returned or result.clean or result.superseded):
        return FAILED
    return FINDINGS if result.returned or result.refused else CLEAN


def _upgrade(options: argparse.Namespace) -> int:
    report = upgrade(options.old, options.new, _form(options))
    _print_upgrade(report, options.new)
    return CLEAN if report.all_carried else FINDINGS


def _addin(options: argparse.Namespace) -> int:
    takes_out = options.task in ("build", "bundle")
    if takes_out != (options.out is not None):
        wanted = "cần tên tệp sẽ lập" if takes_out else "không nhận tên tệp"
        raise UsageError(f"Lệnh “addin {options.task}” {wanted}.")
    task = getattr(addin_commands, options.task)
    status: int = task(options.out) if takes_out else task()
    return status


def _demo(options: argparse.Namespace) -> int:
    from xl_automation.demo import demo

    return demo(options.folder, _progress)


# --- what the options name ---------------------------------------------------------------------


def _form(options: argparse.Namespace) -> Form:
    return load_form(options.form)


def _units(path: Path) -> tuple[ReportingUnit, ...]:
    try:
        return read_units(path)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _unit(units: Sequence[ReportingUnit], code: str) -> ReportingUnit:
    for unit in units:
        if unit.code == code:
            return unit
    raise UsageError(f"Mã đơn vị “{code}” không có trong danh sách đơn vị của biểu mẫu.")


def _period(form: Form, code: str | None) -> Period | None:
    if code is None:
        return None
    try:
        return form.period(code)
    except ValueError as error:
        raise UsageError(str(error)) from error


def _previous(paths: Sequence[Path], form: Form) -> list[PastPeriod]:
    """Return the figures of earlier periods: in summaries, or in old workbooks and folders."""
    found: list[PastPeriod] = []
    for path in paths:
        if path.is_file() and is_summary(path):
            try:
                found.append(read_summary(path, form))
            except Refusal as refusal:
                raise UsageError(f"{path}: {refusal}") from refusal
            continue
        results = batch.read_all(_gather([path]).paths, form)
        for one in results:
            if isinstance(one, RefusedFile):
                _note(f"✗ {one.path}: bị từ chối [{one.code}] {one.message}")
        past = past_periods(form, [one for one in results if isinstance(one, Submission)])
        if not past:
            raise UsageError(f"Không đọc được số liệu kỳ trước nào trong {path}.")
        found += past
    return found


def _gather(paths: Sequence[Path], leave_out: Sequence[Path] = ()) -> batch.Gathered:
    if not any(path.exists() for path in paths):
        raise UsageError(f"Không tìm thấy {', '.join(map(str, paths))}. Kiểm tra lại đường dẫn.")
    gathered = batch.gather(paths, leave_out)
    if not gathered.paths:
        raise UsageError(f"Không có sổ làm việc Excel nào trong {', '.join(map(str, paths))}.")
    return gathered


def _below(folder: Path, paths: Sequence[Path]) -> list[Path]:
    """Return the files in *folder* that *paths* name only by a folder around it."""
    inside = any(path.resolve().is_relative_to(folder.resolve()) for path in paths)
    return [] if inside else [path for path in folder.rglob("*") if path.is_file()]


@contextmanager
def _executor(options: argparse.Namespace, files: int) -> Iterator[Executor | None]:
    """Give what reads the files: a Dask cluster, several processes, or this one (None)."""
    if options.dask:
        try:
            from dask.distributed import Client
        except ImportError as error:
            raise UsageError("Chưa cài Dask. Cài bằng: pip install distributed") from error
        try:
            client = Client(options.dask)
        except (OSError, ValueError) as error:
            reason = f"Không nối được cụm Dask ở {options.dask} ({error})."
            raise UsageError(reason) from error
        with client:
            yield client.get_executor()
        return
    if options.workers is not None and options.workers < 1:
        raise UsageError("Số tiến trình (--workers) phải từ 1 trở lên.")
    workers = options.workers or (os.cpu_count() or 1 if files >= MANY_FILES else 1)
    if workers == 1:
        yield None
        return
    # A new process, not a copy of this one with its threads (the progress bar has one).
    with ProcessPoolExecutor(workers, get_context("spawn")) as executor:
        yield executor


# --- output ------------------------------------------------------------------------------------


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """Show a progress bar on standard error; give the function that moves it on."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=False) as bar:
        task = bar.add_task(label, total=total)
        yield lambda: bar.advance(task)


def _write_json(data: dict[str, object], target: str) -> None:
    text = json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if target == "-":
        sys.stdout.write(text)
    else:
        # A file name that is no text on disk stays what it is, as a JSON escape.
        package.write_whole(Path(target), text.encode("utf-8", "backslashreplace"))


def _print_passed_over(gathered: batch.Gathered) -> None:
    if gathered.locks:
        _say(f"Bỏ qua {gathered.locks} tệp khoá tạm của Excel (~$…).", "dim")
    if gathered.others:
        names = ", ".join(path.name for path in gathered.others[:5])
        more = "…" if len(gathered.others) > 5 else ""
        _say(f"Bỏ qua {len(gathered.others)} tệp không phải Excel: {names}{more}", "dim")


def _print_file(one: Submission | RefusedFile, findings: Sequence[Finding]) -> None:
    if isinstance(one, RefusedFile):
        _say(f"✗ {one.path}: bị từ chối [{one.code}]", "bold red")
        _say(f"  {one.message}")
        return
    who = one.unit_name or "chưa chọn đơn vị ở sheet Thông tin"
    when = one.period.label if one.period else "chưa chọn kỳ báo cáo"
    if not findings:
        _say(f"✓ {one.path} – {who}, {when}: không có điểm cần xem lại", "green")
        return
    _say(f"! {one.path} – {who}, {when}: {tally(findings)}", "bold")
    for finding in findings:
        _say(f"  {SEVERITY_LABELS[finding.severity]}: {finding.sentence}", STYLES[finding.severity])


def _print_given_back(one: GivenBack) -> None:
    _say(f"↩ {one.path} → {one.copy}: {tally(one.findings)}, mở {len(one.opened)} ô", "bold")
    for finding in one.findings:
        _say(f"  {SEVERITY_LABELS[finding.severity]}: {finding.sentence}", STYLES[finding.severity])


def _print_upgrade(report: Upgrade, out: Path) -> None:
    versions = f"{report.old_form} phiên bản {report.old_version}"
    if report.is_same_version:
        _say(f"Tệp đã là phiên bản {report.old_version}; vẫn chuyển sang sổ mới.", "yellow")
    for title, lines in report.sections():
        if lines:
            _say(f"{title} ({len(lines)}):", "yellow")
            for line in lines:
                _say(f"  {line}")
    _say(f"✓ Đã chuyển {report.carried} ô từ {versions} vào {out}", "bold green")


def print_consolidation(result: Consolidation, out: Path) -> None:
    """Print what a consolidation found, and where the summary is."""
    console = Console(highlight=False)
    period = result.period.label if result.period else "chưa rõ kỳ"
    table = Table(title=f"Tổng hợp {period}", show_header=False, title_justify="left")
    severities = [one.finding.severity for one in result.findings]
    rows: list[tuple[str, object]] = [
        ("Xã, phường phải gửi", len(result.units)),
        ("Tệp nhận được", result.received),
        ("  được tính", len(result.counted)),
        ("  bị từ chối", len(result.refused)),
        ("  bị thay bằng bản sau", result.superseded),
        ("Đơn vị chưa có báo cáo", len(result.missing)),
        *((SEVERITY_LABELS[one], severities.count(one)) for one in SEVERITY_LABELS),
    ]
    for label, value in rows:
        table.add_row(label, str(value))
    console.print(table)
    for refused in result.refused:
        _say(f"✗ {refused.path.name} [{refused.code}]: {refused.message}", "red")
    if result.missing:
        _say("Chưa có: " + ", ".join(unit.name for unit in result.missing), "yellow")
    _say(f"✓ Sổ tổng hợp: {out}", "bold green")


# --- the grammar of the command line -----------------------------------------------------------


class _Help(argparse.RawDescriptionHelpFormatter):
    """Help with its fixed words in Vietnamese."""

    def add_usage(self, usage, actions, groups, prefix=None):  # type: ignore[no-untyped-def]
        super().add_usage(usage, actions, groups, "Cách dùng: " if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser whose fixed words are Vietnamese."""

    def __init__(self, **options: object):
        super().__init__(add_help=False, formatter_class=_Help, **options)  # type: ignore[arg-type]
        self._positionals.title = "Tham số"
        self._optionals.title = "Tuỳ chọn"
        self.add_argument("-h", "--help", action="help", help="xem hướng dẫn này rồi thoát")

    def error(self, message: str):  # type: ignore[no-untyped-def]
        self.print_usage(sys.stderr)
        for english, vietnamese in _ARGPARSE_WORDS.items():
            message = message.replace(english, vietnamese)
        self.exit(FAILED, f"✗ {message}\n")


_ARGPARSE_WORDS = {
    "the following arguments are required": "thiếu tham số",
    "unrecognized arguments": "tham số không có",
    "expected one argument": "cần một giá trị",
    "expected at least one argument": "cần ít nhất một giá trị",
    "invalid choice": "không có lựa chọn",
    "choose from": "chọn một trong",
    "invalid int value": "phải là số nguyên",
    "argument": "tham số",
}


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="cchc",
        description="Biểu mẫu Excel và tổng hợp báo cáo cải cách hành chính (CCHC).",
        epilog="Mã thoát: 0 không có gì phải xem lại; 1 đã làm xong, có điểm cần xem lại hoặc "
        "tệp bị từ chối; 2 không làm được.",
    )
    verbs = parser.add_subparsers(title="Lệnh", metavar="LỆNH", required=True)

    def verb(name: str, run: Callable[[argparse.Namespace], int], help: str) -> _Parser:
        sub: _Parser = verbs.add_parser(name, help=help, description=help)
        sub.set_defaults(run=run)
        sub.add_argument(
            "--form",
            default=DEFAULT_FORM,
            metavar="ID",
            help=f"biểu mẫu: mã hoặc tệp TOML (mặc định {DEFAULT_FORM})",
        )
        return sub

    sub = verb("template", _template, "Lập biểu mẫu trống, đã khoá.")
    sub.add_argument("out", type=Path, metavar="OUT.xlsx", help="tệp sẽ lập")
    sub.add_argument(
        "--level",
        choices=("commune", "district"),
        help="cấp báo cáo: commune (xã, phường) hoặc district (thành phố)",
    )
    sub.add_argument("--unit", metavar="MÃ", help="điền sẵn đơn vị, ví dụ 05497")
    _period_option(sub, required=False)

    sub = verb("issue", _issue, "Phát hành mỗi đơn vị một biểu mẫu đã điền tên và kỳ báo cáo.")
    sub.add_argument(
        "--units",
        type=Path,
        required=True,
        metavar="UNITS.csv",
        help="danh sách đơn vị, có cột code,name",
    )
    _period_option(sub, required=True)
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục nhận tệp")
    sub.add_argument(
        "--previous",
        type=Path,
        action="append",
        default=[],
        metavar="PATH",
        help="sổ tổng hợp kỳ trước, hoặc thư mục biểu mẫu kỳ trước, để hiện bên cạnh",
    )

    sub = verb("fill", _fill, "Ghi các dòng id,value[,note] vào một biểu mẫu.")
    sub.add_argument("workbook", type=Path, metavar="WORKBOOK", help="biểu mẫu đã phát hành")
    sub.add_argument("values", type=Path, metavar="VALUES.csv", help="số liệu, cột id,value[,note]")
    sub.add_argument("--out", type=Path, required=True, metavar="OUT.xlsx", help="tệp sẽ ghi")

    sub = verb("check", _check, "Kiểm tra biểu mẫu đã điền.")
    _paths_argument(sub)
    sub.add_argument("--json", metavar="FILE", help="ghi kết quả dạng JSON; - là màn hình")

    sub = verb("consolidate", _consolidate, "Tổng hợp các biểu mẫu thành một sổ tổng hợp.")
    _paths_argument(sub)
    sub.add_argument(
        "--out", type=Path, required=True, metavar="SUMMARY.xlsx", help="sổ tổng hợp sẽ lập"
    )
    _units_option(sub)
    _period_option(sub, required=False)
    _previous_option(sub)
    sub.add_argument("--report", metavar="FILE.json", help="ghi kết quả dạng JSON; - là màn hình")
    sub.add_argument("--workers", type=int, metavar="N", help="số tiến trình đọc tệp")
    sub.add_argument("--dask", metavar="ADDRESS", help="đọc tệp trên cụm Dask ở địa chỉ này")

    sub = verb("return", _return, "Trả lại đơn vị: đánh dấu ô sai, ghi lý do, chỉ mở ô phải sửa.")
    _paths_argument(sub)
    sub.add_argument("--out", type=Path, required=True, metavar="DIR", help="thư mục nhận bản trả")
    _units_option(sub)
    _period_option(sub, required=False)
    _previous_option(sub)

    sub = verb("upgrade", _upgrade, "Chuyển số liệu sang phiên bản khác của biểu mẫu.")
    sub.add_argument("old", type=Path, metavar="OLD.xlsx", help="biểu mẫu cũ đã điền")
    sub.add_argument("new", type=Path, metavar="NEW.xlsx", help="tệp mới sẽ lập")

    sub = verb("addin", _addin, "Tiện ích (add-in) cho Excel: lập, cài, gỡ, chẩn đoán, đóng gói.")
    sub.add_argument(
        "task",
        choices=("build", "install", "uninstall", "doctor", "bundle"),
        help="build: lập CCHC.xlam; install: cài; uninstall: gỡ; doctor: chẩn đoán; "
        "bundle: tệp zip cho máy không có mạng",
    )
    sub.add_argument("out", type=Path, nargs="?", metavar="OUT", help="tệp sẽ lập (build, bundle)")

    sub = verb("demo", _demo, "Làm thử trọn vẹn trên số liệu ví dụ.")
    sub.add_argument(
        "folder",
        type=Path,
        nargs="?",
        default=Path("demo"),
        metavar="DIR",
        help="thư mục kết quả (mặc định: demo)",
    )
    return parser


def _paths_argument(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "paths", type=Path, nargs="+", metavar="PATH", help="tệp, hoặc thư mục (tìm cả thư mục con)"
    )


def _units_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--units",
        type=Path,
        metavar="UNITS.csv",
        help="danh sách đơn vị phải gửi (mặc định: của biểu mẫu)",
    )


def _previous_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--previous",
        type=Path,
        action="append",
        default=[],
        metavar="SUMMARY.xlsx",
        help="sổ tổng hợp kỳ trước để so sánh; ghi được nhiều lần",
    )


def _period_option(parser: argparse.ArgumentParser, required: bool) -> None:
    parser.add_argument(
        "--period",
        required=required,
        metavar="KỲ",
        help="kỳ báo cáo: 2022-Q1, 2022-6T, 2022-Q3, 2022-N",
    )
